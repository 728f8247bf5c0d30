// SPDX-License-Identifier: Apache-2.0
/* What the checks of data quality share: the series as they see it, and where they put what they find. */
#ifndef PXI_QUALITY_H
#define PXI_QUALITY_H

#include "pixity/quality.h"

/* A session that has bars. */
typedef struct pxi_day {
    size_t begin, end; /* its bars */
    px_session session;
    size_t n_inside; /* bars inside the intervals */
} pxi_day;

/* Bars [begin, end) whose prices are at a level of their own. */
typedef struct pxi_run {
    size_t begin, end;
} pxi_run;

typedef struct pxi_series_view {
    const px_quality_config *config;
    const px_zone *zone;
    int64_t step_us;
    const px_bars *given; /* as the caller has them */
    const size_t *order;  /* their places by time; NULL where they are in order, each once */
    const px_bars *bars;  /* in order, each once */
    size_t n_days;
    pxi_day *days;
    double few_ticks;     /* prices so near to each other are at one level */
    double usual_jump;    /* what prices of one session may move between two bars, as a logarithm */
    unsigned char *marks; /* of each block of bars, see pxi_screen_next */
    size_t n_runs, run_capacity;
    pxi_run *runs;
} pxi_series_view;

/* What a block of bars may hold. */
enum { PXI_UNPLAIN = 1, PXI_STILL = 2, PXI_MOVED = 4, PXI_SPIKED = 8 };
#define PXI_SCREEN_BLOCK ((size_t)128)

/* Marks the blocks, once usual_jump is known. False when out of memory. */
bool pxi_screen(pxi_series_view *view);
/* The first bar from `i` on that may be so; at or behind the last bar there is none. */
static inline size_t pxi_screen_next(const pxi_series_view *view, int mark, size_t i) {
    while (i < view->bars->n && !(view->marks[i / PXI_SCREEN_BLOCK] & mark))
        i = (i / PXI_SCREEN_BLOCK + 1) * PXI_SCREEN_BLOCK;
    return i;
}

typedef struct pxi_findings {
    px_quality_check check; /* that is being made */
    size_t n, capacity;
    px_quality_place *items;
    bool failed; /* out of memory: some are missing */
} pxi_findings;

void pxi_finding_add(pxi_findings *to, int64_t ts_us, size_t n_bars, const char *format, ...) PX_PRINTF(4, 5);

/* A check: a function and a line of the table in quality.c. */
typedef void (*pxi_check_fn)(const pxi_series_view *view, pxi_findings *to);

/* quality_coverage.c: which bars there are. */
void pxi_find_unreadable(const pxi_series_view *view, pxi_findings *to);
void pxi_find_rejected_rows(const pxi_series_view *view, pxi_findings *to);
void pxi_find_conflicts(const pxi_series_view *view, pxi_findings *to);
void pxi_find_duplicates(const pxi_series_view *view, pxi_findings *to);
void pxi_find_timeframe(const pxi_series_view *view, pxi_findings *to);
void pxi_find_future(const pxi_series_view *view, pxi_findings *to);
void pxi_find_missing_days(const pxi_series_view *view, pxi_findings *to);
void pxi_find_partial_sessions(const pxi_series_view *view, pxi_findings *to);
void pxi_find_gaps(const pxi_series_view *view, pxi_findings *to);
void pxi_find_out_of_session(const pxi_series_view *view, pxi_findings *to);
void pxi_find_no_volume(const pxi_series_view *view, pxi_findings *to);
void pxi_find_zero_volume(const pxi_series_view *view, pxi_findings *to);

/* quality_times.c: which of them are at times without trading. */
void pxi_find_zone(const pxi_series_view *view, pxi_findings *to);
void pxi_find_hours(const pxi_series_view *view, pxi_findings *to);
void pxi_find_holidays(const pxi_series_view *view, pxi_findings *to);

/* quality_prices.c: what they say. */
px_status pxi_find_runs(pxi_series_view *view, px_error *err); /* fills usual_jump, marks and runs */
void pxi_find_impossible_bars(const pxi_series_view *view, pxi_findings *to);
void pxi_find_bad_prices(const pxi_series_view *view, pxi_findings *to);
void pxi_find_splits(const pxi_series_view *view, pxi_findings *to);
void pxi_find_jumps(const pxi_series_view *view, pxi_findings *to);
void pxi_find_spikes(const pxi_series_view *view, pxi_findings *to);

/* quality_frozen.c */
void pxi_find_frozen(const pxi_series_view *view, pxi_findings *to);

#endif
