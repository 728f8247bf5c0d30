// SPDX-License-Identifier: Apache-2.0
/* Which series of a key are stored: its folders. */
#include <dirent.h>
#include <errno.h>
#include <stdlib.h>

#include "base/error.h"
#include "base/file.h"
#include "base/mem.h"
#include "store/candles/candles.h"
#include "store/candles/series.h"

static int compare_ints(const void *a, const void *b) {
    int left = *(const int *)a, right = *(const int *)b;
    return (left > right) - (left < right);
}

px_status pxi_candles_timeframes(const px_home *home, const char *key, int **out, size_t *n, px_error *err) {
    px_status status = PX_OK;
    int *list = NULL;
    size_t used = 0, capacity = 0;
    char *path = pxi_key_folder(home, key);
    if (!path)
        return pxi_fail_memory(err);
    DIR *folder = opendir(path);
    if (!folder && errno != ENOENT)
        status = pxi_fail_errno(err, "read folder", path);
    for (struct dirent *entry; !status && folder && (entry = readdir(folder));) {
        int minutes;
        if (px_timeframe_parse(entry->d_name, &minutes, NULL) != PX_OK)
            continue;
        if (pxi_grow(&list, &capacity, used + 1, sizeof *list))
            list[used++] = minutes;
        else
            status = pxi_fail_memory(err);
    }
    if (folder)
        closedir(folder);
    free(path);
    if (status) {
        free(list);
        return status;
    }
    if (used > 0)
        qsort(list, used, sizeof *list, compare_ints);
    *out = list;
    *n = used;
    return PX_OK;
}

px_status pxi_candles_any(const px_home *home, const char *key, bool *out, px_error *err) {
    int *timeframes = NULL;
    size_t n = 0, n_stored = 0;
    px_status status = pxi_candles_timeframes(home, key, &timeframes, &n, err);
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
