// SPDX-License-Identifier: Apache-2.0
/* Which stored series a request is made of. */
#ifndef PXI_SERIES_CHOICE_H
#define PXI_SERIES_CHOICE_H

#include "pixity/store.h"

typedef struct pxi_series_choice {
    int timeframe_minutes; /* 0 = none has bars in the window */
    char passed_over[256]; /* of finer series that cover less, for people; "" = none */
    int *stored;           /* every timeframe of the instrument that is stored, ascending */
    size_t n_stored;
} pxi_series_choice;

/* Among the stored timeframes that divide `timeframe_minutes`: the one with bars on most days of [begin_us,
 * end_us); of several with as many, the finest. *out from a zeroed struct. Errors: PX_ECORRUPT, PX_EIO. */
px_status pxi_series_choose(px_home *home, const char *key, int timeframe_minutes, int64_t begin_us,
                            int64_t end_us, pxi_series_choice *out, px_error *err);
/* The same among the timeframes that the choice lists, by days that the caller counts. One alone is not
 * counted: it is chosen whatever it covers, and reading it tells. */
typedef px_status (*pxi_count_days)(const void *context, int minutes, size_t *days, px_error *err);
px_status pxi_series_take(int timeframe_minutes, pxi_count_days count, const void *context,
                          pxi_series_choice *choice, px_error *err);
void pxi_series_choice_free(pxi_series_choice *choice);

#endif
