// SPDX-License-Identifier: Apache-2.0
/* Continuous futures: the contracts of one underlying, one after the other, as one series.
 *
 * Which contract is held on a session is known before it begins: `front` is the contract that expires next,
 * held until its day of expiry ends, `next` the one behind it. Rolled by open interest, the contract behind
 * takes over with the session after the first close at which more of it was open than of the front.
 *
 * Two contracts differ in price by what it costs to carry. Back-adjusting takes that step out: at each roll
 * the two closes of the last bar that both have, in the old contract's last session, are set beside each
 * other, and everything before is moved by their difference, or multiplied by their ratio. The last contract
 * keeps its prices; those before it are changed by what came later. */
#ifndef PX_CONTINUOUS_H
#define PX_CONTINUOUS_H

#include "pixity/bars.h"
#include "pixity/calendar.h"

#ifdef __cplusplus
extern "C" {
#endif

typedef enum px_continuous_rank {
    PX_CONTINUOUS_NONE, /* no continuous series: bars of one instrument */
    PX_CONTINUOUS_FRONT,
    PX_CONTINUOUS_NEXT,
} px_continuous_rank;

typedef enum px_roll_rule {
    PX_ROLL_USUAL, /* not said: by expiry */
    PX_ROLL_EXPIRY,
    PX_ROLL_OPEN_INTEREST,
} px_roll_rule;

typedef enum px_back_adjust {
    PX_BACK_ADJUST_USUAL, /* not said: by difference */
    PX_BACK_ADJUST_DIFFERENCE,
    PX_BACK_ADJUST_RATIO,
    PX_BACK_ADJUST_NONE,
} px_back_adjust;

typedef struct px_continuous_config {
    px_continuous_rank rank;
    px_roll_rule roll;
    px_back_adjust adjust;
} px_continuous_config;

/* "front", "expiry", "ratio", of what is not said the usual. */
PX_API const char *px_continuous_rank_name(px_continuous_rank rank);
PX_API const char *px_roll_rule_name(px_roll_rule rule);
PX_API const char *px_back_adjust_name(px_back_adjust adjust);
/* The other way, in any case; nobody names what is not said. Errors: PX_EINPUT with the names that there are.
 */
PX_API PX_MUST_CHECK px_status px_continuous_rank_parse(const char *text, px_continuous_rank *out,
                                                        px_error *err);
PX_API PX_MUST_CHECK px_status px_roll_rule_parse(const char *text, px_roll_rule *out, px_error *err);
PX_API PX_MUST_CHECK px_status px_back_adjust_parse(const char *text, px_back_adjust *out, px_error *err);

/* One contract of the chain. */
typedef struct px_chain_link {
    int32_t expiry;
    px_bars bars;                /* inside sessions; n 0: it is known that there was one, but not its bars */
    const double *open_interest; /* at each bar, NaN = not known; NULL = of none */
} px_chain_link;

/* Where the series goes from one contract to another. */
typedef struct px_roll {
    size_t from, to;   /* links of the chain; those between have no bars */
    int32_t date;      /* the last session of the old contract in the series */
    int64_t first_us;  /* the time of the first bar of the new one in the series */
    int64_t joined_us; /* the bar whose closes stand beside each other; meaningless where there is none: */
    double from_close, to_close; /* as the links have them, before back-adjusting; NaN: no bar at one time */
} px_roll;

typedef struct px_continuous {
    px_bars bars;
    size_t first;        /* the link whose bars begin the series */
    int32_t *held_until; /* of each link the last session that belongs to it, whether it has bars or not */
    size_t n_rolls;
    px_roll *rolls;
} px_continuous;

/* Joins a chain whose days of expiry ascend. A session whose contract has no bars has none in the series.
 * Prices are changed at rolls that have two closes only. Adjusted by difference they are rounded to twelve
 * digits of the highest price, so that sums of decimals stay the decimals that they are. *out from a zeroed
 * struct; free with px_continuous_free. Errors: PX_EINPUT for days of expiry that do not ascend, for a roll
 * by open interest of bars without it, and for a price that a difference leaves not above zero; PX_ENOMEM. */
PX_API PX_MUST_CHECK px_status px_continuous_join(const px_continuous_config *config,
                                                  const px_calendar *calendar, const px_chain_link *links,
                                                  size_t n, px_continuous *out, px_error *err);
PX_API void px_continuous_free(px_continuous *series); /* zeroes; NULL is fine */

#ifdef __cplusplus
}
#endif
#endif
