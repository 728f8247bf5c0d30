// SPDX-License-Identifier: Apache-2.0
/* Prefix: the batch driver on the first k bars gives the first k rows of the batch driver on all bars.
 * Prefixes end at events and at even distances; each is computed anew, on all threads, and every row of it is
 * compared: block by block where rows do not wait for later bars, several prefixes side by side, so that the
 * bars and the rows of all bars are read from memory once for them all. */
#include "audit/audit.h"

#include <math.h>
#include <pthread.h>
#include <stdlib.h>
#include "base/error.h"
#include "base/mem.h"
#include "events/scan.h"
#include "indicators/frame.h"

enum {
    N_AT_EVENTS = 200,
    N_EVEN = 200,
    N_PREFIXES = N_AT_EVENTS + N_EVEN,
    TAIL =
        512, /* bars at a prefix' end whose events and signals are found again; they follow from the rows */
    EVENTS = PX_N_FEATURES,
    SIGNALS,
    N_SERIES,
    SIDE_BY_SIDE = 8,                            /* prefixes; their states fit the second-level cache */
    BEHIND = TAIL + PX_EVENT_MIN_BAR,            /* rows behind which events of the tail do not look */
    KEPT = (BEHIND / PXI_BLOCK + 2) * PXI_BLOCK, /* rows of the blocks that these lie in, at most */
    APART = 8, /* doubles between columns, lest they fight for the same cache sets */
};

typedef struct prefix {
    size_t n;               /* bars */
    size_t first[N_SERIES]; /* bar of the first difference; SIZE_MAX = none */
} prefix;

/* A prefix on its way, block by block. */
typedef struct walker {
    prefix *p;
    pxi_frame_walk walk;
    size_t tail_at; /* bar from which on rows are kept */
    double tail[PX_N_FEATURES][KEPT + APART];
} walker;

/* What a thread keeps. */
typedef struct place {
    px_feature_frame frame; /* of the prefix before: its memory is used again */
    walker *walkers;        /* SIDE_BY_SIDE; NULL where frames are computed as a whole */
} place;

/* What the jobs share: each is a group of prefixes. */
typedef struct comparing {
    const pxi_audit *audit;
    prefix *prefixes;
    size_t n, n_groups;
    bool by_blocks;
    pthread_mutex_t model; /* it predicts for one thread at a time */
    place *places;
} comparing;

static const char *series_name(size_t series) {
    return series < PX_N_FEATURES ? px_feature_name(series) : series == EVENTS ? "events" : "signals";
}

/* ---- comparing one ------------------------------------------------------------------------------------ */

/* Bars [begin, end) of the whole; those of the part are counted from bar `first`. */
static size_t compare_events(const px_event_list *whole, const px_event_list *part, size_t first,
                             size_t begin, size_t end) {
    size_t i = 0, k = 0;
    while (i < whole->n && whole->items[i].bar < begin)
        i++;
    for (; i < whole->n && whole->items[i].bar < end; i++, k++)
        if (k == part->n || !pxi_audit_same_event(&whole->items[i], &part->items[k]))
            return whole->items[i].bar;
    return k < part->n ? first + part->items[k].bar : SIZE_MAX;
}

static size_t compare_signals(const px_signal_list *whole, const px_signal_list *part, size_t first,
                              size_t begin, size_t end) {
    size_t i = 0, k = 0;
    while (i < whole->n && whole->items[i].bar < begin)
        i++;
    for (; i < whole->n && whole->items[i].bar < end; i++, k++)
        if (k == part->n || !pxi_audit_same_signal(&whole->items[i], &part->items[k]))
            return whole->items[i].bar;
    return k < part->n ? first + part->items[k].bar : SIZE_MAX;
}

static void compare_features(const pxi_audit *audit, const px_feature_frame *frame, prefix *p) {
    for (size_t f = 0; f < PX_N_FEATURES; f++) {
        const size_t at =
            pxi_audit_first_difference(audit->run.found.frame.column[f], frame->column[f], 0, p->n);
        p->first[f] = at < p->n ? at : SIZE_MAX;
    }
}

/* data: the last bars of the prefix, with their rows in pass->found.frame. */
static px_status compare_tail(comparing *c, px_dataset *data, pxi_audit_pass *pass, prefix *p,
                              px_error *err) {
    const pxi_audit *audit = c->audit;
    const size_t first = p->n - data->bars.n;
    const size_t tail = p->n > TAIL ? p->n - TAIL - first : 0;
    data->begin = data->begin > tail ? data->begin : tail;
    if (data->begin >= data->end)
        return PX_OK;
    const size_t begin = first + data->begin, end = first + data->end;
    px_status status = audit->drivers->stages.events(&data->bars, &pass->found.frame, data->calendar,
                                                     &audit->config, data->timeframe_minutes, data->begin,
                                                     data->end, &pass->found.events, err);
    if (status)
        return status;
    p->first[EVENTS] = compare_events(&audit->run.found.events, &pass->found.events, first, begin, end);
    pthread_mutex_lock(&c->model);
    status = pxi_audit_find_signals(audit, data, pass, err);
    pthread_mutex_unlock(&c->model);
    if (!status)
        p->first[SIGNALS] = compare_signals(&audit->run.signals, &pass->signals, first, begin, end);
    return status;
}

static px_status compare_whole(comparing *c, place *own, prefix *p, px_error *err) {
    const pxi_audit *audit = c->audit;
    px_dataset data = pxi_audit_view(&audit->data, 0, p->n);
    pxi_audit_pass pass = {.found.frame = own->frame};
    px_status status =
        audit->drivers->stages.features(&data.bars, data.calendar, &audit->config, &pass.found.frame, err);
    if (!status) {
        compare_features(audit, &pass.found.frame, p);
        status = compare_tail(c, &data, &pass, p, err);
    }
    own->frame = pass.found.frame;
    pass.found.frame = (px_feature_frame){0};
    pxi_audit_pass_free(&pass);
    return status;
}

/* ---- side by side ------------------------------------------------------------------------------------- */

/* Where the program's own drivers make rows and events that only the bars so far decide, and events need
 * the rows of the last bars only. Any other driver is given whole prefixes. */
static bool goes_by_blocks(const pxi_audit *audit) {
    return audit->drivers->stages.features == px_features_compute &&
           audit->drivers->stages.events == px_events_find &&
           pxi_frame_is_causal(pxi_frame_columns, audit->data.bars.n, &audit->config) &&
           pxi_events_of_features(&audit->config);
}

static px_status open_walker(walker *one, const pxi_audit *audit, prefix *p, px_error *err) {
    const px_bars bars = px_bars_slice(&audit->data.bars, 0, p->n);
    one->p = p;
    one->tail_at = p->n > BEHIND ? (p->n - BEHIND) / PXI_BLOCK * PXI_BLOCK : 0;
    const pxi_columns_setup setup = pxi_frame_setup(&bars, audit->data.calendar, &audit->config);
    return pxi_frame_walk_open(&one->walk, &bars, pxi_frame_columns, &setup, err);
}

/* The next block of a prefix; false past its end. */
static bool advance(walker *one, const pxi_audit *audit, double passing[][PXI_BLOCK + APART]) {
    const size_t at = one->walk.at;
    double *out[PX_N_FEATURES];
    for (size_t f = 0; f < PX_N_FEATURES; f++)
        out[f] = at < one->tail_at ? passing[f] : &one->tail[f][at - one->tail_at];
    const size_t n = pxi_frame_walk_next(&one->walk, out);
    for (size_t f = 0; f < PX_N_FEATURES && n; f++) {
        size_t *first = &one->p->first[f];
        const size_t i = pxi_audit_first_difference(audit->run.found.frame.column[f] + at, out[f], 0, n);
        if (i < n && *first == SIZE_MAX)
            *first = at + i;
    }
    return n > 0;
}

static px_status compare_kept(comparing *c, walker *one, px_error *err) {
    px_dataset data = pxi_audit_view(&c->audit->data, one->tail_at, one->p->n);
    double *column[PX_N_FEATURES];
    pxi_audit_pass pass = {.found.frame = {.n = data.bars.n, .n_columns = PX_N_FEATURES, .column = column}};
    for (size_t f = 0; f < PX_N_FEATURES; f++)
        column[f] = one->tail[f];
    px_status status = compare_tail(c, &data, &pass, one->p, err);
    pass.found.frame = (px_feature_frame){0};
    pxi_audit_pass_free(&pass);
    return status;
}

/* How a job's prefixes are gone through. */
typedef struct group {
    prefix *prefixes;
    size_t n;
} group;

static px_status compare_side_by_side(comparing *c, walker *walkers, group g, const px_work *work,
                                      px_error *err) {
    double passing[PX_N_FEATURES][PXI_BLOCK + APART];
    px_status status = PX_OK;
    bool any = true;
    size_t n_open = 0;
    for (; n_open < g.n && !status; n_open++)
        status = open_walker(&walkers[n_open], c->audit, &g.prefixes[n_open], err);
    while (any && !status) {
        any = false;
        for (size_t i = 0; i < g.n; i++)
            any |= advance(&walkers[i], c->audit, passing);
        status = pxi_work_ask(work, err);
    }
    for (size_t i = 0; i < g.n && !status; i++)
        status = compare_kept(c, &walkers[i], err);
    for (size_t i = 0; i < n_open; i++)
        pxi_frame_walk_close(&walkers[i].walk);
    return status;
}

/* From the last group on, which has the longest: the others fit into its memory. */
static px_status compare_group(void *user, const pxi_job *job, px_error *err) {
    comparing *c = user;
    place *own = &c->places[job->thread];
    const size_t begin = (c->n_groups - 1 - job->index) * SIDE_BY_SIDE;
    const group g = {&c->prefixes[begin], c->n - begin < SIDE_BY_SIDE ? c->n - begin : SIDE_BY_SIDE};
    px_status status = PX_OK;
    if (c->by_blocks && !own->walkers && !(own->walkers = pxi_new_array(SIDE_BY_SIDE, sizeof *own->walkers)))
        return pxi_fail_memory(err);
    if (c->by_blocks)
        return compare_side_by_side(c, own->walkers, g, &job->work, err);
    for (size_t i = g.n; i-- > 0 && !status;)
        if (!(status = pxi_work_ask(&job->work, err)))
            status = compare_whole(c, own, &g.prefixes[i], err);
    return status;
}

/* ---- all of them -------------------------------------------------------------------------------------- */

static void add_prefix(prefix *prefixes, size_t *n, size_t n_bars) {
    prefix *p = &prefixes[(*n)++];
    p->n = n_bars;
    for (size_t s = 0; s < N_SERIES; s++)
        p->first[s] = SIZE_MAX;
}

/* Longer ones than a first event needs: `reference` has rules of its own for data shorter than an average. */
static size_t choose_prefixes(const pxi_audit *audit, prefix prefixes[N_PREFIXES]) {
    const px_event_list *events = &audit->run.found.events;
    const size_t n_events = events->n < N_AT_EVENTS ? events->n : N_AT_EVENTS;
    const size_t longer = audit->data.bars.n - PX_EVENT_MIN_BAR;
    const size_t n_even = longer < N_EVEN ? longer : N_EVEN;
    size_t n = 0;
    for (size_t k = 0; k < n_events; k++)
        add_prefix(prefixes, &n, events->items[k * events->n / n_events].bar + 1);
    for (size_t k = 0; k < n_even; k++)
        add_prefix(prefixes, &n, PX_EVENT_MIN_BAR + k * longer / n_even);
    return n;
}

static px_status compare_all(const pxi_audit *audit, prefix *prefixes, size_t n, px_error *err) {
    const size_t n_groups = (n + SIDE_BY_SIDE - 1) / SIDE_BY_SIDE;
    const size_t n_threads = (size_t)pxi_parallel_threads(audit->work, n_groups);
    comparing c = {.audit = audit,
                   .prefixes = prefixes,
                   .n = n,
                   .n_groups = n_groups,
                   .by_blocks = goes_by_blocks(audit),
                   .model = PTHREAD_MUTEX_INITIALIZER,
                   .places = pxi_new_array(n_threads, sizeof *c.places)};
    if (!c.places)
        return pxi_fail_memory(err);
    px_status status =
        pxi_parallel_run(&(pxi_parallel){n_groups, compare_group, &c, audit->work, audit->phase}, err);
    for (size_t t = 0; t < n_threads; t++) {
        px_feature_frame_free(&c.places[t].frame);
        free(c.places[t].walkers);
    }
    free(c.places);
    pthread_mutex_destroy(&c.model);
    return status;
}

/* ---- saying it ---------------------------------------------------------------------------------------- */

static void count(const pxi_audit *audit, const prefix *prefixes, size_t n, pxi_audit_tally *tally) {
    const size_t n_series = audit->strategy->find_signals ? N_SERIES : SIGNALS;
    for (size_t i = 0; i < n; i++)
        for (size_t s = 0; s < n_series; s++) {
            const size_t at = prefixes[i].first[s];
            const bool same = at == SIZE_MAX;
            pxi_audit_count(tally, audit, same, series_name(s), audit->data.bars.ts_us[same ? 0 : at], NAN,
                            NAN);
        }
}

/* A row that changes with bar n looks at least as far ahead as it lies before that. */
static void tell_distances(px_audit_check *check, const prefix *prefixes, size_t n) {
    for (size_t f = 0; f < PX_N_FEATURES; f++) {
        size_t ahead = 0;
        for (size_t i = 0; i < n; i++)
            if (prefixes[i].first[f] != SIZE_MAX && prefixes[i].n - prefixes[i].first[f] > ahead)
                ahead = prefixes[i].n - prefixes[i].first[f];
        if (ahead)
            pxi_audit_detail(check, "%s looks %zu bar%s ahead.", px_feature_name(f), ahead,
                             ahead == 1 ? "" : "s");
    }
}

/* Events of `a` that `b` has not, or otherwise. */
static size_t count_only(const px_event_list *a, const px_event_list *b) {
    size_t n = 0;
    for (size_t i = 0, k = 0; i < a->n; i++) {
        bool found = false;
        while (k < b->n && b->items[k].bar < a->items[i].bar)
            k++;
        for (size_t c = k; c < b->n && b->items[c].bar == a->items[i].bar && !found; c++)
            found = pxi_audit_same_event(&a->items[i], &b->items[c]);
        n += !found;
    }
    return n;
}

/* Looking ahead makes candidates, and does away with those that would fail. */
static px_status tell_dependent(const pxi_audit *audit, px_audit_check *check, px_error *err) {
    char settings[PXI_AUDIT_SETTINGS_SIZE];
    const px_config causal = pxi_audit_causal(&audit->config);
    const px_dataset *data = &audit->data;
    px_feature_frame frame = {0};
    px_event_list events = {0};
    if (!px_config_looks_ahead(&audit->config))
        return PX_OK;
    px_status status = audit->drivers->stages.features(&data->bars, data->calendar, &causal, &frame, err);
    if (!status)
        status = audit->drivers->stages.events(&data->bars, &frame, data->calendar, &causal,
                                               data->timeframe_minutes, data->begin, data->end, &events, err);
    if (!status)
        pxi_audit_detail(
            check, "%s: %zu of %zu candidates exist only with it, and %zu of %zu only without it.",
            pxi_audit_ahead(&audit->config, settings), count_only(&audit->run.found.events, &events),
            audit->run.found.events.n, count_only(&events, &audit->run.found.events), events.n);
    px_event_list_free(&events);
    px_feature_frame_free(&frame);
    return status;
}

static px_status run(pxi_audit *audit, px_audit_check *check, px_error *err) {
    prefix *prefixes = pxi_new_array(N_PREFIXES, sizeof *prefixes);
    pxi_audit_tally tally = pxi_audit_tally_make();
    if (!prefixes)
        return pxi_fail_memory(err);
    const size_t n = choose_prefixes(audit, prefixes);
    px_status status = compare_all(audit, prefixes, n, err);
    if (!status) {
        count(audit, prefixes, n, &tally);
        pxi_audit_conclude(check, &tally);
        pxi_audit_compared(check, "features, events%s of %zu prefixes with those of all %zu bars",
                           audit->strategy->find_signals ? " and signals" : "", n, audit->data.bars.n);
    }
    if (!status && tally.mismatches) {
        pxi_audit_detail(check, "The first: %s changes with later bars.", tally.first);
        tell_distances(check, prefixes, n);
        status = tell_dependent(audit, check, err);
    }
    free(prefixes);
    return status;
}

const pxi_audit_kind pxi_audit_prefix = {
    .name = "prefix",
    .proves = "no feature, event or signal changes with bars that come after it",
    .holds = "Nothing that is known at a bar depends on later ones.",
    .fails = "Something knows the future: what it earns cannot be earned.",
    .run = run,
};
