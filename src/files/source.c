// SPDX-License-Identifier: Apache-2.0
/* Bar files of any format: which reader takes which. */
#include "files/containers/containers.h"

#include "base/error.h"
#include "base/parallel.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>

static px_status take_rows(pxi_rows *rows, void *context, px_error *err) {
    const pxi_opening *o = context;
    return o->n_partitions ? pxi_labelled_read(rows, o, err) : pxi_rows_read(rows, o->config, o->out, err);
}

static bool has_series(px_source *source) {
    for (size_t f = 0; f < px_source_n_files(source); f++)
        if (px_source_file(source, f)->n_series)
            return true;
    return false;
}

static px_status read_source(const px_source_config *config, px_source *out, px_error *err) {
    struct stat info;
    px_source source = {0};
    pxi_opening opening = {.config = config,
                           .file = config->path,
                           .out = &source,
                           .take = take_rows,
                           .context = &opening,
                           .open = pxi_open_file};
    if (stat(config->path, &info) != 0)
        return errno == ENOENT || errno == ENOTDIR
                   ? pxi_fail(err, PX_ENOTFOUND, "no such file: %s", config->path)
                   : pxi_fail_errno(err, "open", config->path);
    px_status status = S_ISDIR(info.st_mode) ? pxi_folder_open(&opening, err) : pxi_open_file(&opening, err);
    if (!status && !S_ISDIR(info.st_mode))
        status = pxi_source_end_file(&source, err);
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
    if (!status && !has_series(out)) { /* none is called so */
        px_source_free(out);
        status = PX_ENOTFOUND;
    }
    return status == PX_ENOTFOUND ? read_source(config, out, err) : status;
}

static px_status read_in_zone(const px_source_config *config, px_source *out, px_error *err) {
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

/* But for what other files decide. */
static px_status read_alone(const px_source_config *config, px_source *out, px_error *err) {
    px_error why = {0};
    px_status status = read_in_zone(config, out, &why);
    struct stat info;
    if (status && config->keep_others && stat(config->path, &info) == 0 && !S_ISDIR(info.st_mode))
        return pxi_source_failed(out, config->path, status, &why, err);
    if (status && err)
        *err = why;
    return status;
}

px_status px_source_read(const px_source_config *config, px_source *out, px_error *err) {
    px_status status = read_alone(config, out, err);
    if (!status)
        status = pxi_sources_settle(config, out, 1, err);
    if (status)
        px_source_free(out);
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
    return read_alone(&config, &r->out[job->index], err);
}

px_status px_sources_read(const px_source_config *configs, size_t n, px_source *out, px_error *err) {
    reading r = {configs, out};
    struct stat info;
    if (n == 1 && stat(configs->path, &info) == 0 && S_ISDIR(info.st_mode))
        return px_source_read(configs, out, err);
    px_status status =
        pxi_parallel_run(&(pxi_parallel){n, read_job, &r, n ? &configs->work : NULL, "read"}, err);
    if (!status && n)
        status = pxi_sources_settle(configs, out, n, err);
    for (size_t i = 0; i < n && status; i++)
        px_source_free(&out[i]);
    return status;
}
