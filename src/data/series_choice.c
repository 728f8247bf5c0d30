// SPDX-License-Identifier: Apache-2.0
#include "data/series_choice.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "base/error.h"
#include "store/candles/candles.h"

static void pick(const size_t *days, pxi_series_choice *choice) {
    char name[PX_TIMEFRAME_TEXT_SIZE], taken[PX_TIMEFRAME_TEXT_SIZE];
    size_t best = 0, used = 0;
    for (size_t i = 1; i < choice->n_stored; i++)
        if (days[i] > days[best])
            best = i;
    if (choice->n_stored == 0 || days[best] == 0)
        return;
    choice->timeframe_minutes = choice->stored[best];
    px_timeframe_format(choice->stored[best], taken);
    for (size_t i = 0; i < best && used < sizeof choice->passed_over; i++)
        if (days[i] > 0)
            used +=
                (size_t)snprintf(choice->passed_over + used, sizeof choice->passed_over - used,
                                 "%s%s bars cover %zu of the %zu days that %s bars cover", used ? "; " : "",
                                 px_timeframe_format(choice->stored[i], name), days[i], days[best], taken);
}

px_status pxi_series_take(int timeframe_minutes, pxi_count_days count, const void *context,
                          pxi_series_choice *choice, px_error *err) {
    size_t *days = pxi_new_array(choice->n_stored, sizeof *days), n = 0;
    px_status status = days ? PX_OK : pxi_fail_memory(err);
    for (size_t i = 0; i < choice->n_stored && !status; i++)
        if (timeframe_minutes % choice->stored[i] == 0)
            days[i] = ++n > 0;
    for (size_t i = 0; n > 1 && i < choice->n_stored && !status; i++)
        if (days[i])
            status = count(context, choice->stored[i], &days[i], err);
    if (!status)
        pick(days, choice);
    free(days);
    return status;
}

/* One series in a window. */
typedef struct windowed {
    px_home *home;
    const char *key;
    int64_t begin_us, end_us;
} windowed;

static px_status count_days(const void *context, int minutes, size_t *days, px_error *err) {
    const windowed *w = context;
    return pxi_candles_count_days(w->home, w->key, minutes, w->begin_us, w->end_us, days, err);
}

px_status pxi_series_choose(px_home *home, const char *key, int timeframe_minutes, int64_t begin_us,
                            int64_t end_us, pxi_series_choice *out, px_error *err) {
    pxi_series_choice choice = {0};
    px_status status = px_candles_timeframes(home, key, &choice.stored, &choice.n_stored, err);
    const windowed window = {home, key, begin_us, end_us};
    if (!status)
        status = pxi_series_take(timeframe_minutes, count_days, &window, &choice, err);
    if (status)
        pxi_series_choice_free(&choice);
    else
        *out = choice;
    return status;
}

void pxi_series_choice_free(pxi_series_choice *choice) {
    free(choice->stored);
    memset(choice, 0, sizeof *choice);
}
