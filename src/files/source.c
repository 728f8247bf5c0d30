// SPDX-License-Identifier: Apache-2.0
/* Bar files of any format: which reader takes which. */
#include "files/table_rows.h"

#include "base/error.h"
#include "base/parallel.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <strings.h>
#include <sys/stat.h>

typedef px_status (*opener)(const pxi_opening *o, px_error *err);

static bool ends_with(const char *path, const char *ending) {
    size_t length = strlen(path), cut = strlen(ending);
    return length > cut && strcasecmp(path + length - cut, ending) == 0;
}

px_status pxi_file_kind_of(const char *path, pxi_file_kind *out, px_error *err) {
    char head[12] = "";
    struct stat info;
    FILE *file = fopen(path, "rb");
    if (!file && (errno == ENOENT || errno == ENOTDIR))
        return pxi_fail(err, PX_ENOTFOUND, "no such file: %s", path);
    if (!file)
        return pxi_fail_errno(err, "open", path);
    if (fstat(fileno(file), &info) == 0 && S_ISDIR(info.st_mode)) {
        fclose(file);
        return pxi_fail(err, PX_EINPUT, "%s is a folder, not a file", path);
    }
    size_t n = fread(head, 1, sizeof head, file);
    bool failed = ferror(file) != 0;
    fclose(file);
    if (failed)
        return pxi_fail_errno(err, "read", path);
    if (n == sizeof head && memcmp(head, "PAR1", 4) == 0)
        *out = PXI_FILE_PARQUET;
    else if (n == sizeof head && memcmp(head + 8, "DUCK", 4) == 0)
        *out = PXI_FILE_DUCKDB;
    else if (ends_with(path, ".parquet") || ends_with(path, ".pq"))
        return pxi_fail(err, PX_EINPUT, "%s is no Parquet file, though its name says so", path);
    else if (ends_with(path, ".duckdb"))
        return pxi_fail(err, PX_EINPUT, "%s is no DuckDB file, though its name says so", path);
    else
        *out = PXI_FILE_CSV;
    return PX_OK;
}

static px_status choose_opener(const char *path, opener *out, px_error *err) {
    static const opener openers[] = {
        [PXI_FILE_CSV] = pxi_text_open,
        [PXI_FILE_PARQUET] = pxi_parquet_open,
        [PXI_FILE_DUCKDB] = pxi_duckdb_open,
    };
    pxi_file_kind kind;
    px_status status = pxi_file_kind_of(path, &kind, err);
    if (!status)
        *out = openers[kind];
    return status;
}

static void name_by_start(const px_source_config *config, px_bars *bars) {
    px_session_cursor cursor = px_session_cursor_make(config->calendar);
    for (size_t i = 0; i < bars->n; i++)
        bars->ts_us[i] = px_session_bar_start(&cursor, bars->ts_us[i], config->timeframe_minutes);
}

static px_status take_rows(pxi_rows *rows, void *context, px_error *err) {
    const pxi_opening *o = context;
    return pxi_rows_read(rows, o->config, o->out, err);
}

static px_status read_source(const px_source_config *config, px_source *out, px_error *err) {
    struct stat info;
    px_source source = {0};
    opener open = pxi_folder_open;
    pxi_opening opening = {config, &source, take_rows, &opening};
    px_status status = PX_OK;
    if (stat(config->path, &info) != 0)
        return errno == ENOENT || errno == ENOTDIR
                   ? pxi_fail(err, PX_ENOTFOUND, "no such file: %s", config->path)
                   : pxi_fail_errno(err, "open", config->path);
    if (!S_ISDIR(info.st_mode))
        status = choose_opener(config->path, &open, err);
    if (!status)
        status = open(&opening, err);
    for (size_t i = 0; !status && config->stamped_at_close && i < source.n_series; i++)
        name_by_start(config, &source.series[i].bars);
    if (status)
        px_source_free(&source);
    else
        *out = source;
    return status;
}

/* A folder holds files of many days with many symbols each: only those of the one that is wanted are read, if
 * it is there by this name. */
static px_status read_wanted(const px_source_config *config, px_source *out, px_error *err) {
    px_source_config narrow = *config;
    struct stat info;
    bool folder = config->default_symbol && stat(config->path, &info) == 0 && S_ISDIR(info.st_mode);
    narrow.symbol = narrow.as_symbol = config->default_symbol;
    px_status status = folder ? read_source(&narrow, out, err) : PX_ENOTFOUND;
    return status == PX_ENOTFOUND ? read_source(config, out, err) : status;
}

px_status px_source_read(const px_source_config *config, px_source *out, px_error *err) {
    px_source_config in_zone = *config;
    px_zone *zone = NULL;
    px_status status = config->reading.tz ? px_zone_open(config->reading.tz, &zone, err) : PX_OK;
    if (zone)
        in_zone.zone = zone;
    if (!status)
        status = read_wanted(&in_zone, out, err);
    px_zone_close(&zone);
    return status;
}

typedef struct reading {
    const px_source_config *configs;
    px_source *out;
} reading;

static px_status read_job(void *user, const pxi_job *job, px_error *err) {
    const reading *r = user;
    px_source_config config = r->configs[job->index];
    config.work = job->work;
    return px_source_read(&config, &r->out[job->index], err);
}

px_status px_sources_read(const px_source_config *configs, size_t n, px_source *out, px_error *err) {
    reading r = {configs, out};
    px_status status =
        pxi_parallel_run(&(pxi_parallel){n, read_job, &r, n ? &configs->work : NULL, "read"}, err);
    for (size_t i = 0; i < n && status; i++)
        px_source_free(&out[i]);
    return status;
}
