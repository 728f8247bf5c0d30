// SPDX-License-Identifier: Apache-2.0
/* What the journal of a series keeps of an import: which file, of what bytes, how it was read, what was
 * found. */
#include "cli/data/import.h"

#include <stdlib.h>

static void put_text(json_t *options, const char *name, const char *text) {
    if (text)
        json_object_set_new(options, name, import_text_json(text));
}

/* Those that decide what the bars are, where they were given. */
static json_t *options_json(const import *im) {
    static const char *const ways[] = {"error", "skip", "replace"};
    static const char *const volumes[] = {"seen", "traded", "cumulative"};
    char timeframe[PX_TIMEFRAME_TEXT_SIZE];
    const px_source_reading *reading = &im->own->reading;
    json_t *options =
        json_pack("{s:s, s:s, s:s, s:s, s:s}", "exchange", import_exchange(im), "timeframe",
                  im->timeframe_minutes ? px_timeframe_format(im->timeframe_minutes, timeframe) : "seen",
                  "stamp", im->own->stamped_at_close ? "close" : "open", "volume", volumes[reading->volume],
                  "on_conflict", ways[im->own->on_conflict]);
    put_text(options, "symbol", im->own->symbol);
    put_text(options, "tz", reading->tz);
    put_text(options, "columns", reading->columns);
    put_text(options, "date_format", reading->date_format);
    put_text(options, "source", reading->source);
    put_text(options, "table", reading->table);
    put_text(options, "sheet", reading->sheet);
    if (reading->no_header)
        json_object_set_new(options, "no_header", json_true());
    if (reading->as_is)
        json_object_set_new(options, "as_is", json_true());
    if (reading->keep_good)
        json_object_set_new(options, "keep_good", json_true());
    return options;
}

px_status import_note(import *im, const import_part *part, char **out, px_error *err) {
    const px_source *source = &im->sources[part->file];
    if (im->digest_of != part->file + 1) { /* parts stand file by file */
        if (px_file_digest(import_path(im, part->file), im->digest, NULL))
            *im->digest = '\0';
        im->digest_of = part->file + 1;
    }
    json_t *note = json_pack(
        "{s:o, s:s?, s:o, s:I, s:I, s:o}", "file", import_text_json(import_path(im, part->file)), "sha256",
        *im->digest ? im->digest : NULL, "options", options_json(im), "rows", (json_int_t)source->n_read,
        "rejected", (json_int_t)source->n_rejected, "findings", import_admission_json(part));
    *out = note ? json_dumps(note, JSON_COMPACT) : NULL;
    json_decref(note);
    return *out ? PX_OK : cli_fail(err, PX_ENOMEM, "out of memory");
}
