// SPDX-License-Identifier: Apache-2.0
/* A folder, or an archive, is its files, and what is said of it is said of them. */
#include "base/error.h"
#include "base/mem.h"
#include "base/text.h"
#include "files/containers/containers.h"

#include <stdio.h>
#include <string.h>

px_status pxi_source_failed(px_source *source, const char *file, px_status status, const px_error *why,
                            px_error *err) {
    if (status == PX_ENOMEM || status == PX_EINTERRUPTED)
        return pxi_fail(err, status, "%s", why->message);
    if (!pxi_grow(&source->failures, &source->failures_capacity, source->n_failures + 1,
                  sizeof *source->failures))
        return pxi_fail_memory(err);
    px_source_failure *failure = &source->failures[source->n_failures];
    failure->why = *why;
    px_status kept = pxi_duplicate(file, &failure->file, err);
    source->n_failures += !kept;
    return kept;
}

static px_status merge_failures(px_source *to, const px_source *from, px_error *err) {
    px_status status = PX_OK;
    for (size_t i = 0; i < from->n_failures && !status; i++)
        status = pxi_source_failed(to, from->failures[i].file, from->failures[i].why.code,
                                   &from->failures[i].why, err);
    return status;
}

/* What is known of all files of a folder: of them together, or of the first. */
static void merge_facts(px_source *to, px_source *from, bool is_first) {
    to->zone_is_known = from->zone_is_known && (is_first || to->zone_is_known);
    to->stamped_at_close |= from->stamped_at_close;
    if (is_first) {
        to->exchange = from->exchange;
        to->program = from->program;
    } else if (!from->exchange || !to->exchange || strcmp(to->exchange, from->exchange) != 0)
        to->exchange = NULL;
    if (!to->columns) {
        to->columns = from->columns;
        to->n_columns = from->n_columns;
        from->columns = NULL;
        from->n_columns = 0;
    }
    pxi_source_note_time(to, from->time_text, strlen(from->time_text), from->time_form, from->time_us);
    for (size_t i = 0; i < from->n_notes; i++)
        pxi_source_note(to, "%s", from->notes[i]);
}

/* Reasons stand with the name of their file. */
static void merge_rejections(px_source *to, const px_source *from) {
    const char *slash = from->path ? strrchr(from->path, '/') : NULL;
    for (size_t i = 0; i < PX_MAX_REJECTIONS && i < from->n_rejected; i++) {
        const size_t at = to->n_rejected + i;
        if (at >= PX_MAX_REJECTIONS)
            break;
        to->rejections[at].line = from->rejections[i].line;
        snprintf(to->rejections[at].reason, sizeof to->rejections[at].reason, "%s%s%s",
                 slash ? slash + 1 : "", slash ? ": " : "", from->rejections[i].reason);
    }
    to->n_rejected += from->n_rejected;
}

static px_status merge_said(px_source *to, px_source *from, px_error *err) {
    const bool is_first = !to->n_read;
    if (from->n_read)
        merge_facts(to, from, is_first);
    merge_rejections(to, from);
    to->n_read += from->n_read;
    to->n_bytes += from->n_bytes;
    to->n_empty += from->n_empty;
    to->is_cut |= from->is_cut;
    return merge_failures(to, from, err);
}

px_status pxi_source_take(px_source *to, px_source *from, px_error *err) {
    px_source *inner = from->n_files ? from->files : from;
    const size_t n = px_source_n_files(from);
    px_status status = merge_said(to, from, err);
    if (!status && !pxi_grow(&to->files, &to->files_capacity, to->n_files + n, sizeof *to->files))
        status = pxi_fail_memory(err);
    if (status)
        return status;
    memcpy(to->files + to->n_files, inner, n * sizeof *inner);
    memset(inner, 0, n * sizeof *inner);
    to->n_files += n;
    px_source_free(from);
    return PX_OK;
}

px_status pxi_source_read_part(const pxi_opening *o, const char *path, pxi_read_part read, void *context,
                               px_error *err) {
    px_source file = {.spent = o->out->spent};
    px_source_config config = *o->config;
    pxi_opening inner = *o;
    const uint64_t before = o->out->n_read;
    if (config.first_rows)
        config.first_rows = config.first_rows > before ? config.first_rows - before : 1;
    inner.config = &config;
    inner.out = &file;
    inner.context = &inner;
    px_status status = pxi_duplicate(path, &file.path, err);
    if (!status)
        status = read(&inner, context, err);
    if (!status)
        status = pxi_source_end_file(&file, err);
    file.spent = NULL;
    if (!status)
        status = pxi_source_take(o->out, &file, err);
    px_source_free(&file);
    return status;
}
