// SPDX-License-Identifier: Apache-2.0
/* What is reported of stored series: their journals, and how their files are. */
#include <limits.h>
#include <stdlib.h>
#include <string.h>

#include "base/error.h"
#include "base/json.h"
#include "base/work.h"
#include "store/candles/candles.h"
#include "store/candles/series_log.h"

/* ---- the journal --------------------------------------------------------------------------------------- */

enum { LOG_SYMBOL, LOG_KEY, LOG_ENTRY, LOG_TIMEFRAME };
static const px_column_def log_columns[] = {
    {"symbol", PX_COLUMN_TEXT},   {"instrument_key", PX_COLUMN_TEXT},
    {"entry", PX_COLUMN_I64},     {"timeframe", PX_COLUMN_TEXT},
    {"at", PX_COLUMN_TIME},       {"kind", PX_COLUMN_TEXT},
    {"file", PX_COLUMN_TEXT},     {"sha256", PX_COLUMN_TEXT},
    {"rows", PX_COLUMN_I64},      {"stored", PX_COLUMN_I64},
    {"replaced", PX_COLUMN_I64},  {"skipped", PX_COLUMN_I64},
    {"duplicate", PX_COLUMN_I64}, {"rejected", PX_COLUMN_I64},
    {"removed", PX_COLUMN_I64},   {"first", PX_COLUMN_TIME},
    {"last", PX_COLUMN_TIME},     {"undoes", PX_COLUMN_I64},
    {"undone", PX_COLUMN_BOOL},   {"from", PX_COLUMN_TEXT},
    {"to", PX_COLUMN_TEXT},       {"options", PX_COLUMN_TEXT},
    {"findings", PX_COLUMN_TEXT},
};

/* A member of an entry into the column of its name. */
static px_status set_member(px_table *table, size_t c, const json_t *value, px_error *err) {
    const px_column_type type = table->columns[c].type;
    const char *text = json_string_value(value);
    int64_t ts_us;
    if (type == PX_COLUMN_I64 && json_is_integer(value))
        px_table_set_i64(table, c, json_integer_value(value));
    else if (type == PX_COLUMN_TIME && text) {
        if (px_time_parse(text, strlen(text), NULL, &ts_us, NULL) == PX_OK)
            px_table_set_i64(table, c, ts_us);
    } else if (type == PX_COLUMN_TEXT && text)
        return px_table_set_text(table, c, text, err);
    else if (type == PX_COLUMN_TEXT && (json_is_object(value) || json_is_array(value))) {
        char *dump = json_dumps(value, JSON_COMPACT);
        px_status status = dump ? px_table_set_text(table, c, dump, err) : pxi_fail_memory(err);
        free(dump);
        return status;
    }
    return PX_OK;
}

static px_status add_entry(const pxi_entry *entry, px_table *table, px_error *err) {
    px_status status = px_table_add_row(table, err);
    for (size_t c = LOG_ENTRY; !status && c < table->n_columns; c++)
        status = set_member(table, c, json_object_get(entry->document, log_columns[c].name), err);
    if (!status)
        px_table_set_i64(table, px_table_find(table, "undone"), entry->undone);
    return status;
}

static px_status log_series(px_home *home, const px_instrument *instrument, int timeframe_minutes,
                            px_table *table, px_error *err) {
    char name[PX_TIMEFRAME_TEXT_SIZE];
    pxi_series_log log = {0};
    px_timeframe_format(timeframe_minutes, name);
    char *folder = pxi_series_folder(home, instrument->key, timeframe_minutes);
    px_status status =
        folder ? pxi_series_log_read(folder, instrument->key, &log, err) : pxi_fail_memory(err);
    for (size_t i = 0; !status && i < log.n; i++) {
        status = add_entry(&log.items[i], table, err);
        if (!status)
            status = px_table_set_text(table, LOG_SYMBOL, instrument->symbol, err);
        if (!status)
            status = px_table_set_text(table, LOG_KEY, instrument->key, err);
        if (!status)
            status = px_table_set_text(table, LOG_TIMEFRAME, name, err);
    }
    pxi_series_log_free(&log);
    free(folder);
    return status;
}

static px_status log_key(px_home *home, const char *key, px_table *table, px_error *err) {
    return pxi_candles_each_series(home, key, log_series, table, err);
}

px_status px_candles_log(px_home *home, const px_instrument *instrument, px_table *out, px_error *err) {
    px_table table = {0};
    px_status status = px_table_init(&table, log_columns, sizeof log_columns / sizeof *log_columns, err);
    if (!status)
        status = instrument ? log_key(home, instrument->key, &table, err)
                            : pxi_candles_each_key(home, log_key, &table, err);
    if (status)
        px_table_free(&table);
    else
        *out = table;
    return status;
}

/* ---- files --------------------------------------------------------------------------------------------- */

enum {
    VERIFY_SYMBOL,
    VERIFY_KEY,
    VERIFY_TIMEFRAME,
    VERIFY_YEAR,
    VERIFY_BARS,
    VERIFY_BYTES,
    VERIFY_SUM,
    VERIFY_STATUS
};

/* A table on its way, and how far it is. */
typedef struct verifying {
    px_table table; /* first: pxi_candles_each_key hands it on */
    size_t done, total;
} verifying;

static px_status count_series(px_home *home, const px_instrument *instrument, int timeframe_minutes,
                              px_table *table, px_error *err) {
    size_t n = 0;
    char *folder = pxi_series_folder(home, instrument->key, timeframe_minutes);
    px_status status = folder ? pxi_series_count_years(folder, &n, err) : pxi_fail_memory(err);
    ((verifying *)table)->total += n;
    free(folder);
    return status;
}

static px_status count_key(px_home *home, const char *key, px_table *table, px_error *err) {
    return pxi_candles_each_series(home, key, count_series, table, err);
}

/* One year's file: every byte, then its bars. */
static px_status look_at_file(pxi_year_file *file, const char *folder, pxi_duck *duck, size_t *n,
                              px_error *err) {
    pxi_year_files one = {.n_stored = 1, .n = 1, .items = file};
    px_bars bars = {0};
    px_status status = pxi_year_files_check(&one, folder, true, err);
    if (!status)
        status = pxi_year_files_read(&one, folder, duck, &bars, err);
    *n = bars.n;
    px_bars_free(&bars);
    return status;
}

static px_status add_file(const px_instrument *instrument, int timeframe_minutes, pxi_year_file *file,
                          const char *folder, pxi_duck *duck, px_table *table, px_error *err) {
    char name[PX_TIMEFRAME_TEXT_SIZE];
    px_error damage = {0};
    size_t n = 0;
    px_status status = look_at_file(file, folder, duck, &n, &damage);
    const bool damaged = status == PX_ECORRUPT;
    if (status && !damaged)
        return pxi_fail(err, status, "%s", damage.message);
    const char *sum = damaged ? "wrong" : file->checksum.present ? "ok" : "none";
    status = px_table_add_row(table, err);
    if (!status)
        status = px_table_set_text(table, VERIFY_SYMBOL, instrument->symbol, err);
    if (!status)
        status = px_table_set_text(table, VERIFY_KEY, instrument->key, err);
    if (!status)
        status =
            px_table_set_text(table, VERIFY_TIMEFRAME, px_timeframe_format(timeframe_minutes, name), err);
    if (!status)
        status = px_table_set_text(table, VERIFY_SUM, sum, err);
    if (!status)
        status = px_table_set_text(table, VERIFY_STATUS, damaged ? damage.message : "ok", err);
    if (status)
        return status;
    px_table_set_i64(table, VERIFY_YEAR, file->year);
    px_table_set_i64(table, VERIFY_BYTES, (int64_t)file->bytes);
    if (!damaged)
        px_table_set_i64(table, VERIFY_BARS, (int64_t)n);
    return PX_OK;
}

static px_status verify_series(px_home *home, const px_instrument *instrument, int timeframe_minutes,
                               px_table *table, px_error *err) {
    verifying *own = (verifying *)table;
    pxi_year_files files = {0};
    pxi_duck *duck = NULL;
    char *folder = pxi_series_folder(home, instrument->key, timeframe_minutes);
    px_status status =
        folder ? pxi_year_files_open(folder, INT_MIN, INT_MAX, &files, err) : pxi_fail_memory(err);
    if (!status)
        status = pxi_home_duck(home, &duck, err);
    for (size_t i = 0; !status && i < files.n; i++) {
        if (own->total < ++own->done) /* it came in since they were counted */
            own->total = own->done;
        status = pxi_work_tell(&home->work, "verify", own->done - 1, own->total, err);
        if (!status)
            status = add_file(instrument, timeframe_minutes, &files.items[i], folder, duck, table, err);
    }
    pxi_year_files_close(&files);
    free(folder);
    return status;
}

static px_status verify_key(px_home *home, const char *key, px_table *table, px_error *err) {
    return pxi_candles_each_series(home, key, verify_series, table, err);
}

px_status px_candles_verify(px_home *home, const px_instrument *instrument, px_table *out, px_error *err) {
    static const px_column_def columns[] = {
        {"symbol", PX_COLUMN_TEXT},    {"instrument_key", PX_COLUMN_TEXT},
        {"timeframe", PX_COLUMN_TEXT}, {"year", PX_COLUMN_I64},
        {"bars", PX_COLUMN_I64},       {"bytes", PX_COLUMN_I64},
        {"checksum", PX_COLUMN_TEXT},  {"status", PX_COLUMN_TEXT},
    };
    verifying own = {0};
    px_status status = px_table_init(&own.table, columns, sizeof columns / sizeof *columns, err);
    if (!status)
        status = instrument ? count_key(home, instrument->key, &own.table, err)
                            : pxi_candles_each_key(home, count_key, &own.table, err);
    if (!status)
        status = instrument ? verify_key(home, instrument->key, &own.table, err)
                            : pxi_candles_each_key(home, verify_key, &own.table, err);
    if (status)
        px_table_free(&own.table);
    else
        *out = own.table;
    return status;
}
