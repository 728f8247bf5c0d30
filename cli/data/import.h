// SPDX-License-Identifier: Apache-2.0
/* pixity import, of which the files are the steps: cmd_import.c reads and stores, import_parts.c knows what
 * is stored together, import_contracts.c futures and options, import_admit.c holds bars against what would
 * explain them better, import_report.c tells what was stored, import_preview.c what would be. */
#ifndef IMPORT_H
#define IMPORT_H

#include "cli/frame/cli.h"
#include "pixity/contracts.h"

typedef struct import_options {
    const char *exchange, *symbol;
    int timeframe_minutes;
    bool stamped_at_close, preview, strict;
    px_source_reading reading;
    px_on_conflict on_conflict;
    px_source_limits limits;
} import_options;

/* A preview looks at so many rows of a file and takes no more memory than this, however large the file. */
#define IMPORT_PREVIEW_ROWS   ((uint64_t)250000)
#define IMPORT_PREVIEW_MEMORY ((uint64_t)128 << 20)

/* One series of one file: what is held against all that could be wrong with it. */
typedef struct import_piece {
    size_t argument; /* that names the file, or its folder */
    px_source *file;
    px_source_series *series; /* from import_make_piece on sorted, repeats dropped */
    size_t first, next; /* pieces of this part: the first of them, and the one after this; SIZE_MAX = none */
    size_t part;
} import_piece;

/* One series of one argument, on its way: the pieces of its files. */
typedef struct import_part {
    size_t file;  /* the argument */
    size_t piece; /* the first */
    const char *symbol;
    size_t first, next; /* parts of this series: the first of them, and the one after this; SIZE_MAX = none */
    int timeframe_minutes;
    px_bars *bars; /* of all pieces, from import_join_part on */
    px_bars joined;
    px_instrument instrument; /* of the symbol, if it is known, from import_link_parts on */
    bool is_asked, is_known;
    size_t n_repeats; /* dropped: equal, or under skip and replace also other values at one time */
    size_t n_skipped,
        n_replaced;          /* rows of one time and other values: all but the first, or all but the last */
    px_admission admission;  /* under --as-is of rejected rows only */
    px_contract contract;    /* that the symbol means */
    char name[PX_NAME_SIZE]; /* of a contract that has another spelling in the file */
    int32_t first_date, last_date;
    char refusal[sizeof(((px_error *)0)->message)]; /* why not to be stored under this symbol; "" = it can */
    px_import_report stored;
} import_part;

/* A file, or a series of one, that is not stored, while the others are. */
typedef struct import_problem {
    size_t file;
    px_error why;
} import_problem;

/* A stored series of a contract whose day of expiry was moved, and its name from now on. */
typedef struct import_rename {
    px_instrument from;
    char to[PX_NAME_SIZE];
} import_rename;

typedef struct import {
    cli_call *call;
    const import_options *own;
    cli_symbols symbols;   /* of --symbol */
    int timeframe_minutes; /* 0 = as the bars of each series show */
    px_calendar *calendar;
    px_zone *tz; /* NULL: the calendar's */
    size_t n_files;
    px_source *sources;
    size_t n_pieces, n_parts;
    import_piece *pieces; /* file by file */
    import_part *parts;
    struct {
        const px_source *file;
        px_rejected rejected;
        int64_t written_us;
    } facts; /* of the file whose pieces are looked at */
    size_t n_renames, renames_capacity;
    import_rename *renames; /* that are made when all is known to be stored */
    size_t n_problems, problems_capacity;
    import_problem *problems; /* what is not stored, of several files */
    size_t digest_of;         /* 1 + the file that `digest` is of */
    char digest[65];          /* "" = it could not be read */
} import;

static inline const char *import_path(const import *im, size_t file) {
    return im->call->arguments.items[file];
}
/* That times are printed in. */
static inline const px_zone *import_zone(const import *im) {
    return px_calendar_zone(im->calendar);
}
/* As the calendar spells it. */
static inline const char *import_exchange(const import *im) {
    return px_calendar_name(im->calendar);
}

/* A file by its own path, where it is one of a folder. */
static inline const char *import_path_of(const import *im, const import_piece *piece) {
    return piece->file->path ? piece->file->path : import_path(im, piece->argument);
}

/* Of a file that could not be read, named. */
px_status import_failure(const px_source_failure *failure, px_error *why);
/* Whether what is wrong with one file leaves the others: these are several, or a folder. */
bool import_keeps_others(const import *im, size_t argument);
/* Of a file that was read and holds no bar at all, or nothing wrong: PX_OK. */
px_status import_check_file(const import *im, size_t argument, const px_source *file, px_error *err);
bool import_has_bars(px_source *source);
/* What the symbols of parts mean, and which of them are one contract; a part whose symbol has two meanings
 * has its refusal. What is stored gets other names later: */
px_status import_contracts(import *im, px_error *err);
px_status import_rename_stored(import *im, px_error *err);

/* A piece for each series of each file that has bars, as it was read, and the parts that they make. Errors:
 * PX_ENOMEM. */
px_status import_list_parts(import *im, px_error *err);
/* Sorts a piece; the first of several bars at one time stays, under replace the last. Errors:
 * PX_EINPUT for what cannot be stored; it is sorted then too. */
px_status import_make_piece(import *im, const import_piece *piece, px_error *err);
/* Forgets parts that have no bars left. */
void import_drop_empty(import *im);
/* Parts of one symbol know of each other, once they have their names. */
px_status import_link_parts(import *im, px_error *err);
/* Whether bars of the parts, and stored ones, have one time and other values. Errors: PX_EINPUT naming the
 * files and the time. */
px_status import_check_conflicts(import *im, px_error *err);
/* The same for a bar of a part that is known to disagree with the part itself, one before it or a stored one.
 */
px_status import_fail_conflict(const import *im, const import_part *part, int64_t ts_us, px_error *err);
/* Makes the bars of a part out of its pieces, which are freed but for a preview. Those that have other values
 * than one of another piece are counted here; NULL counts them as skipped or replaced. */
px_status import_join_part(const import *im, import_part *part, size_t *n_different, px_error *err);
void import_free_parts(import *im);
/* Adds the stored bars that a part could meet, also those that will have its name; none where instrument or
 * series is new. */
px_status import_append_stored(const import *im, const import_part *part, px_bars *to, px_error *err);

/* Holds a sorted piece against what could explain it better (px_bars_admit). Errors: PX_EINPUT for what is
 * refused, with the option that mends it. */
px_status import_admit(import *im, const import_piece *piece, px_error *err);
/* {"check", "verdict", "bars", "option", "text"} of each thing that was noticed; and for people. */
json_t *import_admission_json(const import_part *part);
void import_print_admission(json_t *series);

/* {"line", "reason"} of the first rows that were rejected. */
json_t *import_rejections_json(const px_source *source);
void import_print_rejections(json_t *file); /* of an object with "rejected" and "rejections" */
/* Text of a file, which need not be UTF-8: bytes that are none become '?'. */
json_t *import_text_json(const char *text);

/* The members of a part's entry in the journal, as JSON; malloc'ed. */
px_status import_note(import *im, const import_part *part, char **out, px_error *err);

json_t *import_problems_json(const import *im);
px_status import_report(const import *im, px_error *err);
/* Prints what the import would do and stores nothing. */
px_status import_preview(import *im, px_error *err);

#endif
