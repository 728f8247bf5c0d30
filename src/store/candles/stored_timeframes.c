// SPDX-License-Identifier: Apache-2.0
/* Which series of a key are stored: its folders. */
#include <stdlib.h>

#include "base/error.h"
#include "store/candles/candles.h"
#include "store/candles/series.h"

static bool parse_timeframe(const char *name, int *minutes) {
    return px_timeframe_parse(name, minutes, NULL) == PX_OK;
}

px_status px_candles_timeframes(const px_home *home, const char *key, int **out, size_t *n, px_error *err) {
    pxi_numbers list = {0};
    char *path = pxi_key_folder(home, key);
    px_status status = path ? pxi_numbers_list(path, parse_timeframe, &list, err) : pxi_fail_memory(err);
    free(path);
    if (status) {
        free(list.items);
        return status;
    }
    pxi_numbers_sort(&list);
    *out = list.items;
    *n = list.n;
    return PX_OK;
}

px_status pxi_candles_any(const px_home *home, const char *key, bool *out, px_error *err) {
    int *timeframes = NULL;
    size_t n = 0, n_stored = 0;
    px_status status = px_candles_timeframes(home, key, &timeframes, &n, err);
    for (size_t i = 0; !status && i < n && n_stored == 0; i++) {
        char *folder = pxi_series_folder(home, key, timeframes[i]);
        status = folder ? pxi_series_count_years(folder, &n_stored, err) : pxi_fail_memory(err);
        free(folder);
    }
    free(timeframes);
    if (!status)
        *out = n_stored > 0;
    return status;
}
