// SPDX-License-Identifier: Apache-2.0
#include "data/series_choice.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "base/error.h"
#include "store/candles/candles.h"

/* How many days of the window each stored timeframe has bars on. One alone is not counted: it is chosen
 * whatever it covers, and reading it tells. */
static px_status count_days(px_home *home, const char *key, const pxi_series_choice *choice, int wanted,
                            const int64_t window[2], size_t *days, px_error *err) {
    size_t n_candidates = 0;
    px_status status = PX_OK;
    for (size_t i = 0; i < choice->n_stored; i++)
        n_candidates += wanted % choice->stored[i] == 0;
    for (size_t i = 0; i < choice->n_stored && !status; i++) {
        if (wanted % choice->stored[i] != 0)
            continue;
        if (n_candidates == 1)
            days[i] = 1;
        else
            status =
                pxi_candles_count_days(home, key, choice->stored[i], window[0], window[1], &days[i], err);
    }
    return status;
}

void pxi_series_take(const size_t *days, pxi_series_choice *choice) {
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

px_status pxi_series_choose(px_home *home, const char *key, int timeframe_minutes, int64_t begin_us,
                            int64_t end_us, pxi_series_choice *out, px_error *err) {
    const int64_t window[] = {begin_us, end_us};
    pxi_series_choice choice = {0};
    size_t *days = NULL;
    px_status status = px_candles_timeframes(home, key, &choice.stored, &choice.n_stored, err);
    if (!status && !(days = pxi_new_array(choice.n_stored, sizeof *days)))
        status = pxi_fail_memory(err);
    if (!status)
        status = count_days(home, key, &choice, timeframe_minutes, window, days, err);
    if (!status)
        pxi_series_take(days, &choice);
    free(days);
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
