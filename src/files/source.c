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
    if (!status) {
        pxi_source_count_lost(&source);
        status = pxi_source_name_series(&source, err);
    }
    for (size_t i = 0; !status && i < source.n_series; i++)
        if (!source.series[i].timeframe_minutes)
            status = pxi_source_see_timeframe(&source, &source.series[i], err);
    if (!status && source.stamped_at_close)
        status = pxi_source_name_starts(config, &source, err);
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
    if (!status && out->n_series == 0) { /* none is called so */
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

px_status px_source_read(const px_source_config *config, px_source *out, px_error *err) {
    px_error why = {0};
    px_status status = read_in_zone(config, out, &why);
    struct stat info;
    if (status && config->keep_others && stat(config->path, &info) == 0 && !S_ISDIR(info.st_mode))
        return pxi_source_failed(out, config->path, status, &why, err);
    if (status && err)
        *err = why;
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
    struct stat info;
    if (n == 1 && stat(configs->path, &info) == 0 && S_ISDIR(info.st_mode))
        return px_source_read(configs, out, err);
    px_status status =
        pxi_parallel_run(&(pxi_parallel){n, read_job, &r, n ? &configs->work : NULL, "read"}, err);
    for (size_t i = 0; i < n && status; i++)
        px_source_free(&out[i]);
    return status;
}
