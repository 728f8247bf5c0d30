// SPDX-License-Identifier: Apache-2.0
/* Splits, bonuses and consolidations: what one share before a date became on that date.
 *
 * The factor is the exchange's adjustment factor: for a bonus of A:B (A new shares for B held) it is (A+B)/B,
 * for a split A/B with A the old and B the new face value (NSE, circulars on the adjustment of futures and
 * options, such as NSE/FAOP/30699 of 2015-09-07; BSE, notice 20220907-27). So 2 for a 1:1 bonus or a split
 * from face value 2 to 1, 10 for a split of 10:1, 0.1 where ten shares are made one. Prices of bars before
 * the ex date are divided by it, their volumes multiplied; nothing is rounded. docs/data.md. */
#ifndef PX_ADJUST_H
#define PX_ADJUST_H

#include "pixity/bars.h"
#include "pixity/calendar.h"

#ifdef __cplusplus
extern "C" {
#endif

#define PX_ADJUSTMENT_NOTE_SIZE  128
#define PX_ADJUSTMENT_FACTOR_MAX 10000.0 /* and at least one over it */
typedef struct px_adjustment {
    int32_t ex_date; /* exchange-local: the first date in the new shares */
    double factor;
    char note[PX_ADJUSTMENT_NOTE_SIZE]; /* for people: "bonus 1:1"; "" = none */
} px_adjustment;

/* Those of one instrument, by date, each date once. Zero it first; free with px_adjustments_free. */
typedef struct px_adjustments {
    size_t n, capacity;
    px_adjustment *items;
} px_adjustments;
PX_API void px_adjustments_free(px_adjustments *list); /* zeroes; NULL is fine */

/* Reads a factor: a number ("2", "0.1") or a fraction ("4/3"). Errors: PX_EINPUT if it is none, not above
 * zero, not between 1/PX_ADJUSTMENT_FACTOR_MAX and PX_ADJUSTMENT_FACTOR_MAX, or 1, which changes nothing. */
PX_API PX_MUST_CHECK px_status px_adjustment_factor_parse(const char *text, double *out, px_error *err);
/* What is wrong with an adjustment. Errors: PX_EINPUT for such a factor, and for a note that is not one line
 * of UTF-8. */
PX_API PX_MUST_CHECK px_status px_adjustment_check(const px_adjustment *adjustment, px_error *err);

typedef enum px_adjustment_change {
    PX_ADJUSTMENT_ADDED,
    PX_ADJUSTMENT_SAME,     /* its date had this factor already */
    PX_ADJUSTMENT_REPLACED, /* its date had another one */
} px_adjustment_change;
/* Puts an adjustment in its place. A date that has one keeps its note, unless it has none or `replace` is
 * true and another note is given. *change may be NULL. Errors: PX_EEXISTS if its date has another factor and
 * `replace` is false; PX_EINPUT as px_adjustment_check, and where all factors together leave the range of
 * prices; PX_ENOMEM. On failure the list is as before. */
PX_API PX_MUST_CHECK px_status px_adjustments_put(px_adjustments *list, const px_adjustment *adjustment,
                                                  bool replace, px_adjustment_change *change, px_error *err);
/* False if the date has none. */
PX_API bool px_adjustments_take(px_adjustments *list, int32_t ex_date);

/* What prices of an exchange-local date are divided by: the product of the factors of all later ex dates, the
 * latest first. 1 where there are none. */
PX_API double px_adjustments_divisor(const px_adjustments *list, int32_t date);
/* Adjusts bars in place, each by its exchange-local date: open, high, low and close are divided by that
 * divisor, the volume is multiplied. Bars of divisor 1 keep their bits. */
PX_API void px_adjustments_apply(const px_adjustments *list, const px_calendar *calendar, px_bars *bars);

#ifdef __cplusplus
}
#endif
#endif
