// SPDX-License-Identifier: Apache-2.0
/* Comparing results bit for bit, counting, and saying in words where they differ first. */
#include "audit/audit.h"

#include <math.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include "base/text.h"

bool pxi_audit_same(double a, double b) {
    uint64_t bits_a, bits_b;
    memcpy(&bits_a, &a, sizeof a);
    memcpy(&bits_b, &b, sizeof b);
    return bits_a == bits_b || (isnan(a) && isnan(b));
}

size_t pxi_audit_first_difference(const double *a, const double *b, size_t begin, size_t end) {
    if (begin < end && !memcmp(a + begin, b + begin, (end - begin) * sizeof *a))
        return end;
    while (begin < end && pxi_audit_same(a[begin], b[begin]))
        begin++;
    return begin;
}

bool pxi_audit_same_bar(const px_bar *a, const px_bar *b) {
    return a->ts_us == b->ts_us && pxi_audit_same(a->open, b->open) && pxi_audit_same(a->high, b->high) &&
           pxi_audit_same(a->low, b->low) && pxi_audit_same(a->close, b->close) &&
           pxi_audit_same(a->volume, b->volume);
}

bool pxi_audit_same_event(const px_event *a, const px_event *b) {
    return a->ts_us == b->ts_us && a->type == b->type && a->side == b->side &&
           pxi_audit_first_difference(a->inputs, b->inputs, 0, PX_N_INPUTS) == PX_N_INPUTS &&
           pxi_audit_same(a->close, b->close) && pxi_audit_same(a->atr, b->atr) && a->h_bars == b->h_bars &&
           a->bar_minutes == b->bar_minutes;
}

bool pxi_audit_same_label(const px_label *a, const px_label *b) {
    return a->label == b->label && a->hit == b->hit && a->complete == b->complete &&
           pxi_audit_same(a->entry_price, b->entry_price) && pxi_audit_same(a->exit_price, b->exit_price) &&
           pxi_audit_same(a->realized_r, b->realized_r) && pxi_audit_same(a->mae, b->mae) &&
           pxi_audit_same(a->mfe, b->mfe);
}

static bool same_level(const px_level *a, const px_level *b) {
    return a->kind == b->kind && pxi_audit_same(a->value, b->value);
}

bool pxi_audit_same_signal(const px_signal *a, const px_signal *b) {
    return a->ts_us == b->ts_us && a->action == b->action && a->side == b->side &&
           a->event_type == b->event_type && same_level(&a->stop, &b->stop) &&
           same_level(&a->target, &b->target) && pxi_audit_same(a->atr, b->atr) && a->h_bars == b->h_bars &&
           pxi_audit_same(a->probability, b->probability) && pxi_audit_same(a->quantity, b->quantity);
}

bool pxi_audit_same_trade(const pxi_trade *a, const pxi_trade *b) {
    return a->side == b->side && pxi_audit_same(a->quantity, b->quantity) && a->entry_us == b->entry_us &&
           a->exit_us == b->exit_us && pxi_audit_same(a->entry_price, b->entry_price) &&
           pxi_audit_same(a->exit_price, b->exit_price) && a->reason == b->reason &&
           a->bars_held == b->bars_held && pxi_audit_same(a->pnl, b->pnl) && pxi_audit_same(a->fees, b->fees);
}

/* ---- counting ----------------------------------------------------------------------------------------- */

pxi_audit_tally pxi_audit_tally_make(void) {
    return (pxi_audit_tally){.first_us = INT64_MAX};
}

static const char *format_value(double value, char buf[PX_DOUBLE_TEXT_SIZE]) {
    px_double_format(value, buf);
    return *buf ? buf : "undefined";
}

static void keep_first(pxi_audit_tally *tally, const pxi_audit *audit, const char *series, int64_t ts_us,
                       double a, double b) {
    char time[PX_TIME_TEXT_SIZE], left[PX_DOUBLE_TEXT_SIZE], right[PX_DOUBLE_TEXT_SIZE];
    if (ts_us >= tally->first_us)
        return;
    tally->first_us = ts_us;
    pxi_copy(tally->series, sizeof tally->series, series);
    px_time_format_local(ts_us, px_calendar_zone(audit->all.calendar), time);
    if (isnan(a) && isnan(b))
        snprintf(tally->first, sizeof tally->first, "%s at %s", series, time);
    else
        snprintf(tally->first, sizeof tally->first, "%s at %s: %s and %s", series, time,
                 format_value(a, left), format_value(b, right));
}

void pxi_audit_count(pxi_audit_tally *tally, const pxi_audit *audit, bool same, const char *series,
                     int64_t ts_us, double a, double b) {
    tally->cases++;
    if (same)
        return;
    tally->mismatches++;
    keep_first(tally, audit, series, ts_us, a, b);
}

void pxi_audit_count_missing(pxi_audit_tally *tally, const pxi_audit *audit, const char *series, size_t n_a,
                             size_t n_b, int64_t ts_us) {
    const int64_t n = (int64_t)(n_a > n_b ? n_a - n_b : n_b - n_a);
    tally->cases += n;
    tally->mismatches += n;
    if (n)
        keep_first(tally, audit, series, ts_us, (double)n_a, (double)n_b);
}

void pxi_audit_add(pxi_audit_tally *total, const pxi_audit_tally *part) {
    const int64_t cases = total->cases + part->cases, mismatches = total->mismatches + part->mismatches;
    if (part->first_us < total->first_us)
        *total = *part;
    total->cases = cases;
    total->mismatches = mismatches;
}

/* ---- saying ------------------------------------------------------------------------------------------- */

void pxi_audit_conclude(px_audit_check *check, const pxi_audit_tally *tally) {
    check->cases = tally->cases;
    check->mismatches = tally->mismatches;
    check->verdict = tally->mismatches ? PX_AUDIT_FAIL : PX_AUDIT_PASS;
    check->first_us = tally->mismatches ? tally->first_us : PX_NULL_I64;
    pxi_copy(check->series, sizeof check->series, tally->series);
}

void pxi_audit_compared(px_audit_check *check, const char *format, ...) {
    va_list args;
    va_start(args, format);
    vsnprintf(check->compared, sizeof check->compared, format, args);
    va_end(args);
}

static void add_detail(px_audit_check *check, const char *format, va_list args) PX_PRINTF(2, 0);
static void add_detail(px_audit_check *check, const char *format, va_list args) {
    const size_t length = strlen(check->detail), space = length > 0;
    if (length + 2 >= sizeof check->detail)
        return;
    if (space)
        check->detail[length] = ' ';
    vsnprintf(check->detail + length + space, sizeof check->detail - length - space, format, args);
}

void pxi_audit_detail(px_audit_check *check, const char *format, ...) {
    va_list args;
    va_start(args, format);
    add_detail(check, format, args);
    va_end(args);
}

void pxi_audit_skip(px_audit_check *check, const char *format, ...) {
    va_list args;
    va_start(args, format);
    add_detail(check, format, args);
    va_end(args);
    check->verdict = PX_AUDIT_SKIPPED;
}
