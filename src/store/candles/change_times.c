// SPDX-License-Identifier: Apache-2.0
/* When stored bars last changed, as folders tell it: a few looks at the disk, no file is read. */
#include "base/error.h"
#include "base/file.h"
#include "base/mem.h"
#include "base/text.h"
#include "store/candles/candles.h"
#include "store/candles/series.h"

#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/stat.h>

typedef struct pxi_data_time {
    char symbol[PX_NAME_SIZE];
    int64_t changed_us;
} pxi_data_time;

void pxi_data_times_free(pxi_data_times *times) {
    free(times->items);
    *times = (pxi_data_times){0};
}

static void look_at(const char *folder, const char *name, int64_t *latest_us) {
    struct stat info;
    char *path = pxi_path_join(folder, name);
    if (path && stat(path, &info) == 0) {
        const int64_t us = info.st_mtim.tv_sec * PX_US_PER_SECOND + info.st_mtim.tv_nsec / 1000 + 1;
        *latest_us = us > *latest_us ? us : *latest_us;
    }
    free(path);
}

/* An entry of a journal comes into its folder by a rename, and so does a file of adjustments. */
static px_status find_latest(px_home *home, const char *key, int64_t *latest_us, px_error *err) {
    int *timeframes = NULL;
    size_t n = 0;
    char *folder = pxi_key_folder(home, key);
    px_status status = folder ? px_candles_timeframes(home, key, &timeframes, &n, err) : pxi_fail_memory(err);
    if (!status)
        look_at(folder, "adjustments.csv", latest_us);
    for (size_t i = 0; i < n && !status; i++) {
        char *series = pxi_series_folder(home, key, timeframes[i]);
        if (series) {
            look_at(series, ".commit", latest_us); /* before the other: entries move there */
            look_at(series, "journal", latest_us);
        } else
            status = pxi_fail_memory(err);
        free(series);
    }
    free(timeframes);
    free(folder);
    return status;
}

typedef struct visit {
    px_table table; /* first: pxi_candles_each_key hands it on */
    pxi_data_times *times;
} visit;

static px_status add_key(px_home *home, const char *key, px_table *table, px_error *err) {
    pxi_data_times *times = ((visit *)table)->times;
    px_instrument instrument = {0};
    px_status status = pxi_candles_find_key(home, key, &instrument, err);
    if (!status && !pxi_grow(&times->items, &times->capacity, times->n + 1, sizeof *times->items))
        status = pxi_fail_memory(err);
    if (status)
        return status;
    pxi_data_time *made = &times->items[times->n++];
    *made = (pxi_data_time){.changed_us = INT64_MIN};
    pxi_copy(made->symbol, sizeof made->symbol, instrument.symbol);
    return find_latest(home, key, &made->changed_us, err);
}

px_status pxi_candles_times(px_home *home, pxi_data_times *out, px_error *err) {
    pxi_data_times times = {0};
    visit to = {.times = &times};
    px_status status = pxi_candles_each_key(home, add_key, &to.table, err);
    if (status)
        pxi_data_times_free(&times);
    else
        *out = times;
    return status;
}

int64_t pxi_data_times_of(const pxi_data_times *times, const char *symbol) {
    int64_t latest_us = INT64_MIN;
    bool known = false;
    for (size_t i = 0; symbol && i < times->n; i++)
        if (strcasecmp(times->items[i].symbol, symbol) == 0) {
            known = true;
            if (times->items[i].changed_us > latest_us)
                latest_us = times->items[i].changed_us;
        }
    return known ? latest_us : INT64_MAX;
}

px_status px_candles_version(px_home *home, uint64_t *version, px_error *err) {
    pxi_data_times times = {0};
    px_status status = pxi_candles_times(home, &times, err);
    uint64_t hash = 14695981039346656037u; /* FNV-1a */
    for (size_t i = 0; i < times.n; i++) {
        const unsigned char *bytes = (const unsigned char *)&times.items[i];
        for (size_t k = 0; k < sizeof times.items[i]; k++)
            hash = (hash ^ bytes[k]) * 1099511628211u;
    }
    pxi_data_times_free(&times);
    if (!status)
        *version = hash;
    return status;
}
