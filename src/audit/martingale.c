// SPDX-License-Identifier: Apache-2.0
#include "audit/martingale.h"

#include "base/error.h"
#include "base/mem.h"
#include "pixity/synth.h"

#include <math.h>
#include <pthread.h>
#include <stdlib.h>

/* From here on a walk is made on the bars themselves. */
#define LONG_TIMEFRAME 240
#define LONG_STEPS     1024
#define LONG_SESSIONS  2000

pxi_martingale_limits pxi_martingale_limits_default(void) {
    return (pxi_martingale_limits){40, 400, 20000, 250, 2000, 4.0};
}

/* What one seed gives each cell. */
typedef struct sums {
    size_t n[PXI_N_CELLS];
    double stop_first[PXI_N_CELLS], target_first[PXI_N_CELLS];
    size_t n_bars;
} sums;

typedef struct job {
    const px_config *config;
    int timeframe_minutes;
    const pxi_stages *stages;
    const pxi_martingale_limits *limits;
    px_calendar *calendar;
} job;

/* ---- one seed ----------------------------------------------------------------------------------------- */

static px_status make_bars(const job *j, uint64_t seed, px_dataset *data, px_error *err) {
    const int32_t start = px_date_from_civil((px_civil){2010, 1, 4});
    px_bars minutes = {0};
    if (j->timeframe_minutes >= LONG_TIMEFRAME)
        return px_synth_walk(seed, LONG_SESSIONS, start, j->calendar, j->timeframe_minutes, LONG_STEPS,
                             &data->bars, err);
    px_status status =
        px_synth_bars(PX_SYNTH_WALK, seed, j->limits->sessions, start, j->calendar, &minutes, err);
    if (status || j->timeframe_minutes == 1) {
        data->bars = minutes;
        return status;
    }
    status = px_bars_resample(&minutes, j->calendar, j->config->resample_anchor, 1, j->timeframe_minutes,
                              &data->bars, err);
    if (!status && j->config->detail == PX_DETAIL_1M)
        status = px_detail_make(&minutes, 1, &data->bars, &data->detail, err);
    px_bars_free(&minutes);
    return status;
}

/* R of the target, where the label took the stop of a bar that had both inside. */
static double target_r(const px_dataset *data, const px_config *config, const px_event *event,
                       const px_label *label) {
    const double risk = config->sl_mult * event->atr;
    const px_level stop = {PX_LEVEL_DISTANCE, risk},
                   target = {PX_LEVEL_DISTANCE, config->tp_mult * event->atr};
    const double tick = config->profile == PX_PROFILE_REFERENCE ? 0.0 : data->instrument.tick;
    const px_levels levels = px_barrier_levels(event->side, label->entry_price, stop, target, tick);
    return event->side * (levels.target - label->entry_price) / risk;
}

static void add(const job *j, const px_dataset *data, const px_event *event, const px_label *label,
                sums *out) {
    const int cell = 1 + 2 * event->type + (event->side == PX_SHORT);
    const double r = label->realized_r;
    const double other = label->ambiguous ? target_r(data, j->config, event, label) : r;
    const int cells[] = {0, cell};
    for (int k = 0; k < 2; k++) {
        out->n[cells[k]]++;
        out->stop_first[cells[k]] += r;
        out->target_first[cells[k]] += other;
    }
}

static px_status run_seed(const job *j, uint64_t seed, sums *out, px_error *err) {
    px_dataset data = {.calendar = j->calendar,
                       .instrument = {.tick = PX_SYNTH_TICK, .lot_size = 1},
                       .timeframe_minutes = j->timeframe_minutes};
    pxi_labelled_events found = {0};
    px_status status = make_bars(j, seed, &data, err);
    data.end = data.bars.n;
    if (!status)
        status = pxi_labelled_find(j->stages, &data, j->config, &found, err);
    const px_label_list *labels = &found.labels;
    for (size_t i = 0; i < labels->n && !status; i++)
        if (labels->items[i].complete && labels->items[i].label != PX_LABEL_UNRESOLVED)
            add(j, &data, &found.events.items[labels->items[i].event], &labels->items[i], out);
    out->n_bars = data.bars.n;
    pxi_labelled_free(&found);
    px_bars_free(&data.bars);
    px_detail_free(&data.detail);
    return status;
}

/* ---- many --------------------------------------------------------------------------------------------- */

/* Every `step`-th seed of [first, end), from first + offset on. */
typedef struct share {
    const job *j;
    int first, end, offset, step;
    sums *sums; /* one a seed, from `first` on */
    px_status status;
    px_error err;
} share;

static void *run_share(void *argument) {
    share *s = argument;
    for (int i = s->offset; s->first + i < s->end && !s->status; i += s->step)
        s->status = run_seed(s->j, (uint64_t)(s->first + i), &s->sums[i], &s->err);
    return NULL;
}

#define MOST_THREADS 8

/* Seeds [first, end), shared out; where a thread cannot be had its share is done here. */
static px_status run_seeds(const job *j, int first, int end, int threads, sums *out, px_error *err) {
    share shares[MOST_THREADS];
    pthread_t ids[MOST_THREADS];
    bool started[MOST_THREADS] = {false};
    for (int t = 0; t < threads; t++)
        shares[t] = (share){.j = j, .first = first, .end = end, .offset = t, .step = threads, .sums = out};
    for (int t = 1; t < threads; t++)
        started[t] = pthread_create(&ids[t], NULL, run_share, &shares[t]) == 0;
    for (int t = 0; t < threads; t++)
        if (!started[t])
            run_share(&shares[t]);
    px_status status = PX_OK;
    for (int t = 0; t < threads; t++) {
        if (started[t])
            pthread_join(ids[t], NULL);
        if (shares[t].status && !status)
            status = pxi_fail(err, shares[t].status, "%s", shares[t].err.message);
    }
    return status;
}

/* Standard error of a ratio of sums, clustered by seed (Cameron and Miller, A Practitioner's Guide to
 * Cluster-Robust Inference, 2015): residuals summed within each seed. */
static double clustered_se(const sums *all, int n_seeds, int cell, bool target_first, double mean, size_t n) {
    double squares = 0;
    for (int s = 0; s < n_seeds; s++) {
        const double sum = (target_first ? all[s].target_first : all[s].stop_first)[cell];
        const double residual = sum - mean * (double)all[s].n[cell];
        squares += residual * residual;
    }
    const double correction = (double)n_seeds / (n_seeds - 1);
    return n_seeds < 2 || n == 0 ? NAN : sqrt(correction * squares) / (double)n;
}

static pxi_cell judge(const sums *all, int n_seeds, int cell, const pxi_martingale_limits *limits) {
    pxi_cell c = {.type = cell ? (cell - 1) / 2 : -1, .side = cell == 0 ? 0 : cell % 2 ? PX_LONG : PX_SHORT};
    double stop_first = 0, target_first = 0;
    for (int s = 0; s < n_seeds; s++) {
        c.n += all[s].n[cell];
        stop_first += all[s].stop_first[cell];
        target_first += all[s].target_first[cell];
    }
    c.mean_stop_first = stop_first / (double)c.n;
    c.mean_target_first = target_first / (double)c.n;
    c.se_stop_first = clustered_se(all, n_seeds, cell, false, c.mean_stop_first, c.n);
    c.se_target_first = clustered_se(all, n_seeds, cell, true, c.mean_target_first, c.n);
    c.judged = c.n >= limits->least_judged;
    c.failed = c.judged && (c.mean_stop_first > limits->most_se * c.se_stop_first ||
                            c.mean_target_first < -limits->most_se * c.se_target_first);
    return c;
}

static void summarise(const sums *all, int n_seeds, const pxi_martingale_limits *limits,
                      pxi_martingale *out) {
    *out = (pxi_martingale){.n_seeds = n_seeds};
    for (int s = 0; s < n_seeds; s++)
        out->n_bars += all[s].n_bars;
    for (int cell = 0; cell < PXI_N_CELLS; cell++)
        out->cells[cell] = judge(all, n_seeds, cell, limits);
    out->n_events = out->cells[0].n;
    out->detectable_r = limits->most_se * out->cells[0].se_stop_first;
}

/* Seeds go in rounds; how many count is decided in their order, so that threads change nothing. */
static bool is_enough(const sums *all, int n, const pxi_martingale_limits *limits, int *n_counted) {
    size_t n_events = 0;
    for (int s = 0; s < n; s++) {
        n_events += all[s].n[0];
        *n_counted = s + 1;
        if (*n_counted >= limits->least_seeds && n_events >= limits->enough_events)
            return true;
    }
    return n >= limits->most_seeds;
}

px_status pxi_martingale_run(const px_config *config, int timeframe_minutes, const pxi_stages *stages,
                             const pxi_martingale_limits *limits, int threads, px_progress_fn progress,
                             void *user, pxi_martingale *out, px_error *err) {
    job j = {config, timeframe_minutes, stages, limits, NULL};
    sums *all = pxi_new_array((size_t)limits->most_seeds, sizeof *all);
    px_status status = all ? px_calendar_open("NSE", &j.calendar, err) : pxi_fail_memory(err);
    int n = 0, n_counted = 0;
    const int round = 8, used = threads < 1 ? 1 : threads > MOST_THREADS ? MOST_THREADS : threads;
    while (!status && !is_enough(all, n, limits, &n_counted)) {
        const int end = n + round < limits->most_seeds ? n + round : limits->most_seeds;
        if (progress)
            progress(user, "martingale", (size_t)n, (size_t)limits->most_seeds);
        status = run_seeds(&j, n + 1, end + 1, used, all + n, err);
        n = end;
    }
    if (!status)
        summarise(all, n_counted, limits, out);
    px_calendar_close(&j.calendar);
    free(all);
    return status;
}
