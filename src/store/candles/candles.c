// SPDX-License-Identifier: Apache-2.0
/* Stored candles: reading, coverage, the list. How they change: changes.c. */
#include "base/error.h"
#include "base/file.h"
#include "base/mem.h"
#include "base/text.h"
#include "store/candles/candles.h"
#include "store/candles/series.h"
#include "store/home/sql.h"

#include <dirent.h>
#include <errno.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* ---- reading ------------------------------------------------------------------------------------------- */

static int64_t clamp_time(int64_t ts_us) {
    return ts_us < PX_TIME_MIN_US ? PX_TIME_MIN_US : ts_us > PX_TIME_MAX_US ? PX_TIME_MAX_US : ts_us;
}

/* Keeps the bars [begin, end). */
static void trim(px_bars *bars, size_t begin, size_t end) {
    size_t n = end > begin ? end - begin : 0;
    double *columns[] = {bars->open, bars->high, bars->low, bars->close, bars->volume};
    if (begin > 0 && n > 0) {
        memmove(bars->ts_us, bars->ts_us + begin, n * sizeof *bars->ts_us);
        for (size_t c = 0; c < sizeof columns / sizeof *columns; c++)
            memmove(columns[c], columns[c] + begin, n * sizeof(double));
    }
    bars->n = n;
}

px_status px_candles_read(px_home *home, const px_instrument *instrument, int timeframe_minutes,
                          int64_t begin_us, int64_t end_us, px_bars *out, px_error *err) {
    char timeframe[PX_TIMEFRAME_TEXT_SIZE];
    pxi_year_files files = {0};
    px_bars bars = {0};
    pxi_duck *duck = NULL;
    begin_us = clamp_time(begin_us);
    end_us = clamp_time(end_us);
    char *folder = pxi_series_folder(home, instrument->key, timeframe_minutes);
    px_status status =
        folder ? pxi_year_files_open(folder, pxi_year_of(begin_us), pxi_year_of(end_us - 1), &files, err)
               : pxi_fail_memory(err);
    if (!status && files.n_stored == 0)
        status = pxi_fail(err, PX_ENOTFOUND, "no %s bars of %s are stored in %s: import some",
                          px_timeframe_format(timeframe_minutes, timeframe), instrument->symbol, home->path);
    if (!status && files.n > 0 && begin_us < end_us) {
        status = pxi_home_duck(home, &duck, err);
        if (!status)
            status = pxi_year_files_read(&files, folder, duck, &bars, err);
        if (!status)
            trim(&bars, px_bars_lower_bound(&bars, begin_us), px_bars_lower_bound(&bars, end_us));
    }
    pxi_year_files_close(&files);
    free(folder);
    if (status)
        px_bars_free(&bars);
    else
        *out = bars;
    return status;
}

/* ---- coverage ------------------------------------------------------------------------------------------ */

/* The paths of files [begin, end) as SQL has a list; NULL on out of memory. */
static char *list_paths(const pxi_year_files *files, size_t begin, size_t end) {
    sqlite3_str *text = sqlite3_str_new(NULL);
    for (size_t i = begin; i < end; i++)
        sqlite3_str_appendf(text, "%s%Q", i > begin ? "," : "", files->items[i].file.path);
    return sqlite3_str_finish(text);
}

/* Of files [begin, end), from their footers. */
static px_status query_coverage(const pxi_year_files *files, size_t begin, size_t end, pxi_duck *duck,
                                pxi_coverage *out, px_error *err) {
    pxi_duck_rows *rows = NULL;
    char *list = list_paths(files, begin, end);
    if (!list)
        return pxi_fail_memory(err);
    px_status status = pxi_duck_query(duck, &rows, err,
                                      "SELECT sum(row_group_num_rows)::BIGINT, min(stats_min), max(stats_max)"
                                      " FROM parquet_metadata([%s]) WHERE path_in_schema = 'ts'",
                                      list);
    sqlite3_free(list);
    if (status)
        return status;
    if (pxi_duck_fetch(rows) == 1 && !pxi_duck_is_null(rows, 1, 0) && !pxi_duck_is_null(rows, 2, 0)) {
        size_t first_length, last_length;
        const char *first = pxi_duck_text(rows, 1, 0, &first_length);
        const char *last = pxi_duck_text(rows, 2, 0, &last_length);
        out->n = (size_t)pxi_duck_i64(rows, 0)[0];
        status = px_time_parse(first, first_length, NULL, &out->first_us, err);
        if (!status)
            status = px_time_parse(last, last_length, NULL, &out->last_us, err);
    } else
        status = pxi_fail(err, PX_ECORRUPT, "no statistics of its times");
    pxi_duck_rows_free(&rows);
    return status;
}

px_status pxi_candles_coverage(px_home *home, const char *key, int timeframe_minutes, pxi_coverage *out,
                               px_error *err) {
    pxi_year_files files = {0};
    pxi_duck *duck = NULL;
    pxi_coverage coverage = {0}, one;
    char *folder = pxi_series_folder(home, key, timeframe_minutes);
    px_status status =
        folder ? pxi_year_files_open(folder, INT_MIN, INT_MAX, &files, err) : pxi_fail_memory(err);
    if (!status && files.n > 0)
        status = pxi_home_duck(home, &duck, err);
    if (!status && files.n > 0)
        status = pxi_year_files_check(&files, folder, false, err);
    if (!status && files.n > 0 && query_coverage(&files, 0, files.n, duck, &coverage, err) != PX_OK) {
        for (size_t i = 0; !status && i < files.n; i++)
            if (query_coverage(&files, i, i + 1, duck, &one, err) != PX_OK)
                status = pxi_fail_prefix(err, PX_ECORRUPT, "%s/%04d.parquet is damaged", folder,
                                         files.items[i].year);
    }
    pxi_year_files_close(&files);
    free(folder);
    if (!status)
        *out = coverage;
    return status;
}

static px_status query_days(const pxi_year_files *files, pxi_duck *duck, int64_t begin_us, int64_t end_us,
                            size_t *out, px_error *err) {
    pxi_duck_rows *rows = NULL;
    char *list = list_paths(files, 0, files->n);
    if (!list)
        return pxi_fail_memory(err);
    px_status status = pxi_duck_query(
        duck, &rows, err,
        "SELECT count(DISTINCT us // %lld) FROM (SELECT epoch_us(ts) AS us FROM read_parquet([%s]))"
        " WHERE us >= %lld AND us < %lld",
        (long long)PX_US_PER_DAY, list, (long long)begin_us, (long long)end_us);
    sqlite3_free(list);
    if (!status && pxi_duck_fetch(rows) == 1)
        *out = (size_t)pxi_duck_i64(rows, 0)[0];
    pxi_duck_rows_free(&rows);
    return status;
}

px_status pxi_candles_count_days(px_home *home, const char *key, int timeframe_minutes, int64_t begin_us,
                                 int64_t end_us, size_t *out, px_error *err) {
    pxi_year_files files = {0};
    pxi_duck *duck = NULL;
    size_t days = 0;
    begin_us = clamp_time(begin_us);
    end_us = clamp_time(end_us);
    char *folder = pxi_series_folder(home, key, timeframe_minutes);
    px_status status =
        folder ? pxi_year_files_open(folder, pxi_year_of(begin_us), pxi_year_of(end_us - 1), &files, err)
               : pxi_fail_memory(err);
    if (!status && files.n > 0)
        status = pxi_home_duck(home, &duck, err);
    if (!status && files.n > 0 && query_days(&files, duck, begin_us, end_us, &days, err) != PX_OK)
        days = SIZE_MAX; /* a file is damaged: chosen, so that reading it says which */
    pxi_year_files_close(&files);
    free(folder);
    if (!status)
        *out = days;
    return status;
}

/* ---- the list ------------------------------------------------------------------------------------------ */

px_status pxi_candles_find_key(px_home *home, const char *key, px_instrument *out, px_error *err) {
    px_instrument instrument = {0};
    px_status status = px_instrument_find(home, key, NULL, PX_NO_DATE, &instrument, err);
    if (status == PX_ENOTFOUND) { /* a folder that is named after no key */
        const char *bar = strchr(key, '|');
        pxi_copy(instrument.key, sizeof instrument.key, key);
        pxi_copy(instrument.symbol, sizeof instrument.symbol, bar ? bar + 1 : key);
        status = PX_OK;
    }
    if (!status)
        *out = instrument;
    return status;
}

/* One that is damaged is reported, and does not keep the others from the list. */
static px_status list_series(px_home *home, const px_instrument *instrument, int timeframe_minutes,
                             px_table *table, px_error *err) {
    char text[PX_TIMEFRAME_TEXT_SIZE];
    pxi_coverage coverage = {0};
    px_error damage = {0};
    px_status status = pxi_candles_coverage(home, instrument->key, timeframe_minutes, &coverage, &damage);
    if (status && status != PX_ECORRUPT)
        return pxi_fail(err, status, "%s", damage.message);
    bool damaged = status != PX_OK;
    if (!damaged && coverage.n == 0)
        return PX_OK;
    const char *texts[] = {instrument->symbol, instrument->key,
                           *instrument->exchange ? instrument->exchange : NULL,
                           px_timeframe_format(timeframe_minutes, text)};
    status = px_table_add_row(table, err);
    for (size_t c = 0; c < 4 && !status; c++)
        status = px_table_set_text(table, c, texts[c], err);
    if (!status && !damaged) {
        px_table_set_i64(table, 4, coverage.first_us);
        px_table_set_i64(table, 5, coverage.last_us);
        px_table_set_i64(table, 6, (int64_t)coverage.n);
    }
    return status ? status : px_table_set_text(table, 7, damaged ? damage.message : "ok", err);
}

px_status pxi_candles_each_series(px_home *home, const char *key, pxi_series_fn visit, px_table *table,
                                  px_error *err) {
    px_instrument instrument = {0};
    int *timeframes = NULL;
    size_t n = 0;
    px_status status = pxi_candles_find_key(home, key, &instrument, err);
    if (!status)
        status = px_candles_timeframes(home, key, &timeframes, &n, err);
    for (size_t i = 0; i < n && !status; i++)
        status = visit(home, &instrument, timeframes[i], table, err);
    free(timeframes);
    return status;
}

static px_status list_key(px_home *home, const char *key, px_table *table, px_error *err) {
    return pxi_candles_each_series(home, key, list_series, table, err);
}

px_status pxi_candles_each_key(px_home *home, pxi_key_fn visit, px_table *table, px_error *err) {
    struct dirent **entries = NULL;
    char key[PX_NAME_SIZE];
    char *path = pxi_path_join(home->path, "candles");
    px_status status = path ? PX_OK : pxi_fail_memory(err);
    int n = status ? 0 : scandir(path, &entries, NULL, alphasort);
    if (n < 0 && errno != ENOENT)
        status = pxi_fail_errno(err, "read folder", path);
    for (int i = 0; i < n; i++) {
        if (!status && pxi_percent_decode(entries[i]->d_name, key, sizeof key) &&
            entries[i]->d_name[0] != '.')
            status = visit(home, key, table, err);
        free(entries[i]);
    }
    free(entries);
    free(path);
    return status;
}

px_status px_candles_list(px_home *home, px_table *out, px_error *err) {
    static const px_column_def columns[] = {
        {"symbol", PX_COLUMN_TEXT},    {"instrument_key", PX_COLUMN_TEXT}, {"exchange", PX_COLUMN_TEXT},
        {"timeframe", PX_COLUMN_TEXT}, {"first", PX_COLUMN_TIME},          {"last", PX_COLUMN_TIME},
        {"bars", PX_COLUMN_I64},       {"status", PX_COLUMN_TEXT},
    };
    px_table table = {0};
    px_status status = px_table_init(&table, columns, sizeof columns / sizeof *columns, err);
    if (!status)
        status = pxi_candles_each_key(home, list_key, &table, err);
    if (status)
        px_table_free(&table);
    else
        *out = table;
    return status;
}
