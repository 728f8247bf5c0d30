// SPDX-License-Identifier: Apache-2.0
#include "audit/martingale.h"

#include "base/error.h"
#include "base/mem.h"
#include "base/parallel.h"
#include "market/synth.h"

#include <math.h>
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
    size_t n[PXI_MAX_CELLS];
    double stop_first[PXI_MAX_CELLS], target_first[PXI_MAX_CELLS];
    size_t n_bars;
} sums;

typedef struct experiment {
    const px_config *config;
    int timeframe_minutes;
    const pxi_stages *stages;
    const pxi_martingale_limits *limits;
    px_calendar *calendar;
    sums *sums; /* one a seed; of seed 1 first */
    int n;      /* seeds that are done */
} experiment;

/* ---- one seed ----------------------------------------------------------------------------------------- */

static px_status make_bars(const experiment *x, uint64_t seed, px_dataset *data, px_error *err) {
    const int32_t start = px_date_from_civil((px_civil){2010, 1, 4});
    px_bars minutes = {0};
    if (x->timeframe_minutes >= LONG_TIMEFRAME)
        return pxi_synth_walk(seed, LONG_SESSIONS, start, x->calendar, x->timeframe_minutes, LONG_STEPS,
                              &data->bars, err);
    px_status status =
        px_synth_bars(PX_SYNTH_WALK, seed, x->limits->sessions, start, x->calendar, &minutes, err);
    if (status || x->timeframe_minutes == 1) {
        data->bars = minutes;
        return status;
    }
    status = px_bars_resample(&minutes, x->calendar, x->config->resample_anchor, 1, x->timeframe_minutes,
                              &data->bars, err);
    if (!status && x->config->detail == PX_DETAIL_1M)
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

static void add(const experiment *x, const px_dataset *data, const px_event *event, const px_label *label,
                sums *out) {
    const int cell = 1 + 2 * event->type + (event->side == PX_SHORT);
    const double r = label->realized_r;
    const double other = label->ambiguous ? target_r(data, x->config, event, label) : r;
    const int cells[] = {0, cell};
    for (int k = 0; k < 2; k++) {
        out->n[cells[k]]++;
        out->stop_first[cells[k]] += r;
        out->target_first[cells[k]] += other;
    }
}

static px_status run_seed(const experiment *x, uint64_t seed, const px_work *work, sums *out, px_error *err) {
    px_dataset data = {.calendar = x->calendar,
                       .instrument = {.tick = PX_SYNTH_TICK, .lot_size = 1},
                       .timeframe_minutes = x->timeframe_minutes};
    pxi_labelled_events found = {0};
    px_status status = make_bars(x, seed, &data, err);
    data.end = data.bars.n;
    if (!status)
        status = pxi_work_ask(work, err);
    if (!status)
        status = pxi_labelled_find(x->stages, &data, x->config, &found, err);
    const px_label_list *labels = &found.labels;
    for (size_t i = 0; i < labels->n && !status; i++)
        if (labels->items[i].complete && labels->items[i].label != PX_LABEL_UNRESOLVED)
            add(x, &data, &found.events.items[labels->items[i].event], &labels->items[i], out);
    out->n_bars = data.bars.n;
    pxi_labelled_free(&found);
    px_bars_free(&data.bars);
    px_detail_free(&data.detail);
    return status;
}

/* ---- many --------------------------------------------------------------------------------------------- */

/* Seeds count from 1; those of a round follow the ones that are done. */
static px_status run_job(void *user, const pxi_job *job, px_error *err) {
    const experiment *x = user;
    const size_t at = (size_t)x->n + job->index;
    return run_seed(x, at + 1, &job->work, &x->sums[at], err);
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
    *out = (pxi_martingale){.n_seeds = n_seeds, .n_cells = 1};
    for (int type = 0; px_event_type_name(type); type++)
        out->n_cells += 2;
    for (int s = 0; s < n_seeds; s++)
        out->n_bars += all[s].n_bars;
    for (int cell = 0; cell < out->n_cells; cell++)
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
                             const pxi_martingale_limits *limits, const px_work *work, pxi_martingale *out,
                             px_error *err) {
    enum { ROUND = 8 };
    experiment x = {config, timeframe_minutes, stages, limits, NULL, NULL, 0};
    int n_counted = 0;
    x.sums = pxi_new_array((size_t)limits->most_seeds, sizeof *x.sums);
    px_status status = x.sums ? px_calendar_open(NULL, &x.calendar, err) : pxi_fail_memory(err);
    while (!status && !is_enough(x.sums, x.n, limits, &n_counted)) {
        const int left = limits->most_seeds - x.n, n = left < ROUND ? left : ROUND;
        status = pxi_work_tell(work, "martingale", (size_t)x.n, (size_t)limits->most_seeds, err);
        if (!status)
            status = pxi_parallel_run(&(pxi_parallel){(size_t)n, run_job, &x, work, ""}, err);
        x.n += n;
    }
    if (!status)
        summarise(x.sums, n_counted, limits, out);
    px_calendar_close(&x.calendar);
    free(x.sums);
    return status;
}
