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

static px_admission_config config_of(const import *im, const import_part *part) {
    const size_t file = part->file;
    return (px_admission_config){
        .calendar = im->calendar,
        .zone = im->tz,
        .zone_is_named = im->tz || im->sources[file].zone_is_known,
        .are_instants = im->sources[file].time_form != PX_TIME_LOCAL,
        .stamped_at_close = im->sources[file].stamped_at_close,
        .timeframe_minutes = part->timeframe_minutes,
        .volume = im->own->reading.volume,
        .now_us = cli_clock_us(),
        .file_us = written_us(import_path(im, file)),
        .of_series = part->tally->rejected,
        .of_file = px_source_rejected(&im->sources[file], NULL),
        .keep_good = im->own->reading.keep_good,
        .as_is = im->own->reading.as_is,
    };
}

px_status import_admit(const import *im, import_part *part, px_error *err) {
    const px_admission_config config = config_of(im, part);
    px_status status = px_bars_admit(&config, part->bars, &part->admission, err);
    if (status || !part->admission.is_refused)
        return status;
    const px_admission_note *note = &part->admission.notes[part->admission.n - 1];
    return cli_fail(err, PX_EINPUT, "%s: %s: %s; nothing stored%s", import_path(im, part->file), part->symbol,
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
