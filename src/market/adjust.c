// SPDX-License-Identifier: Apache-2.0
#include "pixity/adjust.h"

#include "base/error.h"
#include "base/mem.h"
#include "base/text.h"
#include "pixity/table.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* Prices and volumes stay far from the ends of what a double holds. */
#define MOST_COMPOUND 1e12

void px_adjustments_free(px_adjustments *list) {
    if (!list)
        return;
    free(list->items);
    *list = (px_adjustments){0};
}

/* ---- one ---------------------------------------------------------------------------------------------- */

static px_status check_factor(double factor, const char *text, px_error *err) {
    const char *reason = NULL;
    if (!(factor > 0) || !isfinite(factor))
        reason = "it is a number above 0";
    else if (factor == 1)
        reason = "1 changes nothing, and a bonus of 1:1 is 2";
    else if (factor > PX_ADJUSTMENT_FACTOR_MAX || factor < 1 / PX_ADJUSTMENT_FACTOR_MAX)
        reason = "no share becomes that many";
    return reason ? pxi_fail(err, PX_EINPUT,
                             "\"%.40s\" is no factor: %s (bonus A:B is (A+B)/B, a split old/new face value, "
                             "like 2, 4/3 or 0.1)",
                             text, reason)
                  : PX_OK;
}

px_status px_adjustment_factor_parse(const char *text, double *out, px_error *err) {
    const char *slash = strchr(text, '/');
    size_t length = slash ? (size_t)(slash - text) : strlen(text);
    double factor = NAN, below = 1;
    if (!pxi_parse_double(text, length, &factor) ||
        (slash && !pxi_parse_double(slash + 1, strlen(slash + 1), &below)) || !(below > 0))
        factor = NAN;
    px_status status = check_factor(factor / below, text, err);
    if (!status)
        *out = factor / below;
    return status;
}

px_status px_adjustment_check(const px_adjustment *adjustment, px_error *err) {
    char text[32];
    snprintf(text, sizeof text, "%.17g", adjustment->factor);
    px_status status = check_factor(adjustment->factor, text, err);
    if (status)
        return status;
    bool plain = pxi_is_utf8(adjustment->note);
    for (const char *p = adjustment->note; *p && plain; p++)
        plain = (unsigned char)*p >= ' ' && *p != 0x7f;
    return plain ? PX_OK : pxi_fail(err, PX_EINPUT, "the note is not one line of UTF-8 text");
}

/* ---- the list ----------------------------------------------------------------------------------------- */

/* The first one at or after a date. */
static size_t find(const px_adjustments *list, int32_t ex_date) {
    size_t i = 0;
    while (i < list->n && list->items[i].ex_date < ex_date)
        i++;
    return i;
}

static bool has_date(const px_adjustments *list, size_t i, int32_t ex_date) {
    return i < list->n && list->items[i].ex_date == ex_date;
}

static px_status check_compound(const px_adjustments *list, double factor, double instead_of, px_error *err) {
    double product = px_adjustments_divisor(list, INT32_MIN) * factor / instead_of;
    return product <= MOST_COMPOUND && product >= 1 / MOST_COMPOUND
               ? PX_OK
               : pxi_fail(err, PX_EINPUT, "all factors together would be %g: some of them are wrong",
                          product);
}

static px_status insert(px_adjustments *list, size_t i, const px_adjustment *adjustment, px_error *err) {
    px_status status = check_compound(list, adjustment->factor, 1, err);
    if (status)
        return status;
    if (!pxi_grow(&list->items, &list->capacity, list->n + 1, sizeof *list->items))
        return pxi_fail_memory(err);
    memmove(&list->items[i + 1], &list->items[i], (list->n - i) * sizeof *list->items);
    list->items[i] = *adjustment;
    list->n++;
    return PX_OK;
}

static px_status fail_exists(const px_adjustment *stored, const px_adjustment *given, px_error *err) {
    char date[PX_TIME_TEXT_SIZE], old[PX_DOUBLE_TEXT_SIZE], new[PX_DOUBLE_TEXT_SIZE];
    px_double_format(stored->factor, old);
    px_double_format(given->factor, new);
    return pxi_fail(err, PX_EEXISTS,
                    "%s has the factor %s already, not %s: replace it, or give both as one factor",
                    px_date_format(stored->ex_date, date), old, new);
}

px_status px_adjustments_put(px_adjustments *list, const px_adjustment *adjustment, bool replace,
                             px_adjustment_change *change, px_error *err) {
    px_adjustment_change made = PX_ADJUSTMENT_ADDED;
    px_status status = px_adjustment_check(adjustment, err);
    if (status)
        return status;
    size_t i = find(list, adjustment->ex_date);
    px_adjustment *old = has_date(list, i, adjustment->ex_date) ? &list->items[i] : NULL;
    if (!old)
        status = insert(list, i, adjustment, err);
    else if (old->factor == adjustment->factor)
        made = PX_ADJUSTMENT_SAME;
    else if (!replace)
        status = fail_exists(old, adjustment, err);
    else {
        made = PX_ADJUSTMENT_REPLACED;
        status = check_compound(list, adjustment->factor, old->factor, err);
    }
    if (!status && old) {
        old->factor = adjustment->factor;
        if (*adjustment->note && (replace || !*old->note))
            memcpy(old->note, adjustment->note, sizeof old->note);
    }
    if (!status && change)
        *change = made;
    return status;
}

bool px_adjustments_take(px_adjustments *list, int32_t ex_date) {
    size_t i = find(list, ex_date);
    if (!has_date(list, i, ex_date))
        return false;
    memmove(&list->items[i], &list->items[i + 1], (list->n - i - 1) * sizeof *list->items);
    list->n--;
    return true;
}

/* ---- applying ----------------------------------------------------------------------------------------- */

double px_adjustments_divisor(const px_adjustments *list, int32_t date) {
    double divisor = 1;
    for (size_t i = list->n; i-- > 0 && list->items[i].ex_date > date;)
        divisor *= list->items[i].factor;
    return divisor;
}

static void adjust(px_bars *bars, size_t begin, size_t end, double divisor) {
    double *prices[] = {bars->open, bars->high, bars->low, bars->close};
    if (divisor == 1)
        return;
    for (size_t c = 0; c < sizeof prices / sizeof *prices; c++)
        for (size_t i = begin; i < end; i++)
            prices[c][i] /= divisor;
    for (size_t i = begin; i < end; i++)
        bars->volume[i] *= divisor;
}

void px_adjustments_apply(const px_adjustments *list, const px_calendar *calendar, px_bars *bars) {
    size_t end = bars->n;
    for (size_t i = list->n; i-- > 0;) {
        int32_t ex_date = list->items[i].ex_date;
        size_t begin = px_bars_lower_bound(bars, px_calendar_session(calendar, ex_date).midnight_us);
        adjust(bars, begin, end, px_adjustments_divisor(list, ex_date));
        end = begin;
    }
    adjust(bars, 0, end, px_adjustments_divisor(list, INT32_MIN));
}
