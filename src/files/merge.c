// SPDX-License-Identifier: Apache-2.0
/* Files of a folder, each read by itself, become one source, in the order of their names. */
#include "base/error.h"
#include "base/mem.h"
#include "base/text.h"
#include "files/source.h"

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

px_status pxi_source_merge(px_source *to, px_source *from, px_error *err) {
    const bool is_first = !to->n_read;
    if (from->n_read)
        merge_facts(to, from, is_first);
    for (size_t i = 0; i < PX_MAX_REJECTIONS && i < from->n_rejected; i++)
        if (to->n_rejected + i < PX_MAX_REJECTIONS)
            to->rejections[to->n_rejected + i] = from->rejections[i];
    to->n_read += from->n_read;
    to->n_bytes += from->n_bytes;
    to->n_empty += from->n_empty;
    to->n_rejected += from->n_rejected;
    to->is_cut |= from->is_cut;
    pxi_tally_add(&to->unnamed.rejected, &from->unnamed.rejected);
    px_status status = pxi_source_merge_series(to, from, err);
    return status ? status : merge_failures(to, from, err);
}
