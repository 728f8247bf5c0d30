// SPDX-License-Identifier: Apache-2.0
/* Bars are stored as they were read only if nothing explains them better. */
#include "cli/data/import.h"

#include <stdio.h>
#include <sys/stat.h>

/* When a file was written last; of a folder nothing is known. */
static int64_t written_us(const char *path) {
    struct stat info;
    if (stat(path, &info) != 0 || !S_ISREG(info.st_mode))
        return INT64_MAX;
    return (int64_t)info.st_mtim.tv_sec * PX_US_PER_SECOND + info.st_mtim.tv_nsec / 1000;
}

/* What goes for all pieces of a file, which stand one after the other. */
static void find_facts(import *im, const import_piece *piece) {
    if (im->facts.file == piece->file)
        return;
    const int64_t own_us = written_us(import_path_of(im, piece)); /* a member of an archive has none */
    im->facts.file = piece->file;
    im->facts.rejected = px_source_rejected(piece->file, NULL);
    im->facts.written_us = own_us < INT64_MAX ? own_us : written_us(import_path(im, piece->argument));
}

static px_admission_config config_of(const import *im, const import_piece *piece) {
    return (px_admission_config){
        .calendar = im->calendar,
        .zone = im->tz,
        .zone_is_named = im->tz || piece->file->zone_is_known,
        .are_instants = piece->file->time_form != PX_TIME_LOCAL,
        .stamped_at_close = piece->file->stamped_at_close,
        .timeframe_minutes = piece->series->timeframe_minutes,
        .volume = im->own->reading.volume,
        .now_us = cli_clock_us(),
        .file_us = im->facts.written_us,
        .of_series = piece->series->tally.rejected,
        .of_file = im->facts.rejected,
        .keep_good = im->own->reading.keep_good,
        .as_is = im->own->reading.as_is,
    };
}

px_status import_admit(import *im, const import_piece *piece, px_error *err) {
    import_part *part = &im->parts[piece->part];
    px_admission admission = {0};
    find_facts(im, piece);
    const px_admission_config config = config_of(im, piece);
    px_status status = px_bars_admit(&config, &piece->series->bars, &admission, err);
    if (!status && (im->own->preview || !admission.is_refused))
        px_admission_add(&part->admission, &admission);
    if (status || !admission.is_refused)
        return status;
    const px_admission_note *note = &admission.notes[admission.n - 1];
    return cli_fail(err, PX_EINPUT, "%s: %s: %s; nothing stored%s", import_path_of(im, piece), part->symbol,
                    note->text,
                    note->check == PX_ADMISSION_REJECTED ? "" : " (--as-is stores bars as they are)");
}

json_t *import_admission_json(const import_part *part) {
    static const char *const verdicts[] = {"said", "changed", "refused"};
    json_t *list = json_array();
    for (size_t i = 0; i < part->admission.n; i++) {
        const px_admission_note *note = &part->admission.notes[i];
        json_array_append_new(list,
                              json_pack("{s:s, s:s, s:I, s:s?, s:s}", "check", px_admission_name(note->check),
                                        "verdict", verdicts[note->verdict], "bars", (json_int_t)note->n_bars,
                                        "option", *note->option ? note->option : NULL, "text", note->text));
    }
    return list;
}

void import_print_admission(json_t *series) {
    json_t *note;
    size_t i;
    json_array_foreach(json_object_get(series, "admission"), i, note)
        printf("    %s (%s): %s\n", cli_text_at(note, "check"), cli_text_at(note, "verdict"),
               cli_text_at(note, "text"));
}
