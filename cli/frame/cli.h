// SPDX-License-Identifier: Apache-2.0
/* The program's frame. A verb is a row of the table in verbs.c: its options are those
 * fields of px_field_at that name it, so that parsing, help, completion and the manual page cannot differ. A
 * verb gets a filled cli_call and gives a status and a message; only main.c turns that into an exit status.
 */
#ifndef CLI_H
#define CLI_H

#include "pixity/pixity.h"

#include <jansson.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* ---- options ------------------------------------------------------------------------------------------ */

/* Reads an option's value into its place; `text` is NULL for an option without a value. */
typedef px_status (*cli_parse_fn)(const char *text, void *place, px_error *err);

/* Where the program keeps what an option says; its px_field tells the rest. A table of them ends with a row
 * without name. */
typedef struct cli_place {
    const char *name;   /* of the option */
    size_t offset;      /* in cli_call, or in the verb's own options */
    cli_parse_fn parse; /* NULL = as the field's type is read */
} cli_place;

/* Values (values.c). As the type of the field is read; a choice into an enum, as its index. */
px_status cli_parse_value(const px_field *field, const char *text, void *place, px_error *err);
px_status cli_parse_text(const char *text, void *field, px_error *err);      /* const char *, not empty */
px_status cli_parse_flag(const char *text, void *field, px_error *err);      /* bool */
px_status cli_parse_count(const char *text, void *field, px_error *err);     /* int64_t >= 1 */
px_status cli_parse_seed(const char *text, void *field, px_error *err);      /* uint64_t */
px_status cli_parse_positive(const char *text, void *field, px_error *err);  /* double > 0 */
px_status cli_parse_date(const char *text, void *field, px_error *err);      /* int32_t */
px_status cli_parse_timeframe(const char *text, void *field, px_error *err); /* int, minutes */
px_status cli_parse_pixels(const char *text, void *field, px_error *err);    /* "1600x900", of a picture */
/* Whether a path ends with this, in any case, and with something before it. */
bool cli_has_ending(const char *path, const char *ending);
px_status cli_parse_size(const char *text, void *field, px_error *err);    /* uint64_t: 512M, 4G */
px_status cli_parse_threads(const char *text, void *field, px_error *err); /* int >= 1 */
px_status cli_parse_stamp(const char *text, void *field, px_error *err);   /* bool: close */
px_status cli_parse_rows(const char *text, void *field, px_error *err);    /* uint64_t >= 1 */
/* --param NAME=VALUE, repeatable: collects them as px_parameters_read takes them. */
typedef struct cli_parameters {
    char text[1200];
} cli_parameters;
px_status cli_parse_parameter(const char *text, void *field, px_error *err); /* cli_parameters */
const char *cli_parameters_text(const cli_parameters *parameters);           /* NULL = none was given */
/* Rows of a table: what a file may unfold to, into a px_source_limits at this offset. */
#define CLI_LIMIT_PLACES(at)                                                                                 \
    {"max-rows", (at) + offsetof(px_source_limits, rows), cli_parse_rows},                                   \
        {"max-bytes", .offset = (at) + offsetof(px_source_limits, bytes)}, {                                 \
        "max-memory", .offset = (at) + offsetof(px_source_limits, memory)                                    \
    }

/* How a file is read. */
#define CLI_READING_PLACES(at)                                                                               \
    {"tz", .offset = (at) + offsetof(px_source_reading, tz)},                                                \
        {"columns", .offset = (at) + offsetof(px_source_reading, columns)},                                  \
        {"no-header", .offset = (at) + offsetof(px_source_reading, no_header)},                              \
        {"date-format", .offset = (at) + offsetof(px_source_reading, date_format)},                          \
        {"source", .offset = (at) + offsetof(px_source_reading, source)},                                    \
        {"table", .offset = (at) + offsetof(px_source_reading, table)},                                      \
        {"sheet", .offset = (at) + offsetof(px_source_reading, sheet)},                                      \
        {"volume", .offset = (at) + offsetof(px_source_reading, volume)},                                    \
        {"as-is", .offset = (at) + offsetof(px_source_reading, as_is)}, {                                    \
        "keep-good", .offset = (at) + offsetof(px_source_reading, keep_good)                                 \
    }

/* The index of `text` among names; PX_EINPUT lists them and names the nearest. `what` is for the message. */
px_status cli_parse_choice(const char *what, const char *text, const char *const *names, size_t n,
                           size_t *out, px_error *err);

/* A growing list of borrowed texts. */
typedef struct cli_texts {
    size_t n, capacity;
    const char **items;
} cli_texts;
px_status cli_parse_texts(const char *text, void *field, px_error *err); /* appends */

/* The symbols of --symbol. */
typedef struct cli_symbols {
    size_t n;
    char **items;
} cli_symbols;

/* Of the groups of fields that verbs share: places in cli_call, one file each. */
extern const cli_place cli_global_places[], cli_data_places[], cli_continuous_places[], cli_input_places[],
    cli_config_places[], cli_finding_places[], cli_output_places[];

/* ---- a call ------------------------------------------------------------------------------------------- */

typedef enum cli_format { CLI_FORMAT_DEFAULT, CLI_FORMAT_CSV, CLI_FORMAT_JSON } cli_format;
typedef enum cli_log_level { CLI_LOG_ERROR, CLI_LOG_WARNING, CLI_LOG_INFO, CLI_LOG_DEBUG } cli_log_level;
typedef enum cli_progress_mode { CLI_PROGRESS_AUTO, CLI_PROGRESS_JSON, CLI_PROGRESS_NONE } cli_progress_mode;

typedef struct cli_progress {
    char phase[64];
    int64_t begin_us, shown_us; /* of the phase, of the last line */
} cli_progress;

typedef struct cli_call {
    const struct cli_verb *verb; /* NULL until it is known */
    bool help, version;
    bool bad_usage; /* the error is in how the command was written: point to --help */

    const char *home_path;
    cli_log_level log_level;
    cli_progress_mode progress_mode;
    cli_progress progress; /* what was shown last */

    cli_texts arguments;
    cli_format format;
    bool keep_formulas; /* in CSV */
    const char *file;   /* the table goes to this file: what --csv prints */
    px_file_format file_format;
    px_data_request data;
    bool reads_file;       /* besides bars: data.input_limits are for it too */
    cli_parameters accept; /* codes, which cli_resolve_data hands to data */
    cli_symbols symbols;   /* of --symbol; data.symbol is the only one, NULL where there are several */
    const char *config_path, *profile, *product;
    cli_texts settings; /* key=value, in order */
    void *own;          /* the verb's own options */

    px_config config; /* after cli_resolve_config */
    px_home *home;    /* after cli_open_home */
} cli_call;

typedef struct cli_verb {
    const char *name;      /* "train", or "runs list" */
    const char *alias;     /* another name, or NULL */
    const char *arguments; /* "FILE...", or "" */
    size_t min_arguments, max_arguments;
    const char *summary;     /* one line */
    const char *details;     /* paragraphs for --help and the manual, or NULL */
    unsigned groups;         /* PX_GROUP_BARS | ... */
    bool several_symbols;    /* --symbol may name more than one */
    const cli_place *places; /* of its own options, or NULL */
    size_t own_size;         /* of the struct that they fill; zeroed before */
    px_status (*run)(cli_call *call, px_error *err);
} cli_verb;

/* verbs.c. NULL past the end. */
const cli_verb *cli_verb_at(size_t i);
/* An option of a verb. */
typedef struct cli_option {
    const px_field *field;
    const cli_place *place;
    px_field_group group; /* under which it stands: PX_GROUP_OWN has its places in call->own */
} cli_option;
/* The options of a verb (NULL: of the program) in the order of help. Returns how many. */
#define CLI_MAX_OPTIONS 64
size_t cli_verb_options(const cli_verb *verb, cli_option out[CLI_MAX_OPTIONS]);
const char *cli_group_title(px_field_group group); /* "Bars" */
/* Finds the verb that the words begin with; *n_words is how many name it. Errors: PX_EINPUT with the nearest.
 */
px_status cli_verb_find(char *const *words, size_t n, const cli_verb **out, size_t *n_words, px_error *err);
/* True if `word` begins verbs of two words ("runs"). */
bool cli_verb_is_family(const char *word);

/* parse.c. Fills the call from argv[1..]. With verb NULL it reads the program's own options and stops at the
 * first word, whose index goes to *next. Errors: PX_EINPUT, with call->bad_usage set. */
px_status cli_parse(cli_call *call, const cli_verb *verb, int argc, char **argv, int *next, px_error *err);

/* help.c: help of a verb, or of the program (`word` NULL) or of the verbs that begin with a word. */
void cli_help_verb(const cli_verb *verb);
void cli_help_program(const char *word);

/* options_config.c: fills call->config: defaults, --config, --profile, --set, --product. Errors: PX_EINPUT,
 * PX_EIO. */
px_status cli_resolve_config(cli_call *call, px_error *err);
/* options_data.c: whether --roll and --back-adjust stand with --continuous, and that with stored bars.
 * Errors: PX_EINPUT. */
px_status cli_check_continuous(cli_call *call, px_error *err);
/* options_data.c: completes call->data from the configuration and checks that it names bars. */
px_status cli_resolve_data(cli_call *call, px_error *err);
/* Both, then loads the bars with the warm-up of research. Opens the home folder only if it is read. */
px_status cli_load_dataset(cli_call *call, px_dataset *out, px_error *err);
bool cli_reading_is_said(const px_source_reading *reading);
bool cli_data_direct(const cli_call *call); /* --input or --data-dir */
/* [begin, end) in UTC of --start and --end. Errors: PX_EINPUT if they are in the wrong order. */
px_status cli_find_window(const cli_call *call, const px_calendar *calendar, int64_t *begin_us,
                          int64_t *end_us, px_error *err);
/* Adjusts bars of the home folder for the splits and bonuses that are recorded there. */
px_status cli_adjust_stored(cli_call *call, const px_calendar *calendar, const px_instrument *instrument,
                            px_bars *bars, px_error *err);

/* symbols.c. Reads "A", "A,B" or "@FILE": one symbol a line, # begins a comment, blank lines are ignored.
 * *out from a zeroed struct. Errors: PX_EINPUT for a file that cannot be read, an empty list, an empty name,
 * a symbol that is named twice. */
px_status cli_symbols_read(const char *text, cli_symbols *out, px_error *err);
void cli_symbols_free(cli_symbols *symbols);
/* Fills call->symbols from --symbol, and refuses several where the verb takes one. main.c does it before the
 * verb runs. */
px_status cli_resolve_symbols(cli_call *call, px_error *err);
/* The instruments of call->symbols, in their order; free(*out). The home folder is open. Errors: PX_ENOTFOUND
 * with the nearest name; PX_EINPUT where two names mean one instrument. */
px_status cli_find_instruments(cli_call *call, px_instrument **out, px_error *err);

/* options_global.c. Where the data are if --home says nothing. */
const char *cli_usual_home(void);
/* Reading wants a folder that exists; writing makes it. */
px_status cli_open_home(cli_call *call, px_error *err);
px_status cli_open_home_to_read(cli_call *call, px_error *err);
/* Leaves call->home NULL where there is none yet: what may turn out to be wrong makes no folder. */
px_status cli_open_home_if_there(cli_call *call, px_error *err);

/* ---- messages (messages.c) ---------------------------------------------------------------------------- */

px_status cli_fail(px_error *err, px_status code, const char *format, ...) PX_PRINTF(3, 4);
/* Puts text before a message that is already there. */
px_status cli_fail_prefix(px_error *err, px_status code, const char *format, ...) PX_PRINTF(3, 4);
/* As cli_fail with PX_EINPUT, and marks the call as wrongly written. */
px_status cli_fail_usage(cli_call *call, px_error *err, const char *format, ...) PX_PRINTF(3, 4);
/* `; did you mean "X"?`, or "". Returns buf. */
#define CLI_HINT_SIZE 200
const char *cli_hint(const char *word, const char *const *names, size_t n, char buf[CLI_HINT_SIZE]);
/* One line on standard error, if the level is wanted. */
void cli_log(const cli_call *call, cli_log_level level, const char *format, ...) PX_PRINTF(3, 4);
void cli_warn_look_ahead(const cli_call *call);

/* ---- output (output.c) -------------------------------------------------------------------------------- */

/* Prints a table in the call's format; `fallback` is what "default" means for the verb. */
px_status cli_print_table(const cli_call *call, const px_table *table, px_table_style fallback,
                          const px_zone *zone, px_error *err);
/* Errors: PX_EINPUT if --parquet names a file and no table came. */
px_status cli_check_table_saved(const cli_call *call, px_error *err);
/* A table: for people these columns (none: all), --csv and --json every one. */
px_status cli_print_narrow(const cli_call *call, const px_table *table, const char *const *narrow, size_t n,
                           const px_zone *zone, px_error *err);
/* The same of a table that needs no data folder. */
px_status cli_print_made(const cli_call *call, px_status (*make)(px_table *, px_error *),
                         const char *const *narrow, size_t n, px_error *err);
/* What the data folder holds of a kind: for people these columns (none: all), --csv and --json every one. */
px_status cli_print_list(cli_call *call, px_status (*list)(px_home *, px_table *, px_error *),
                         const char *const *narrow, size_t n, px_error *err);
/* A table of the run that the first argument names, these columns (none: all) of it; times in the zone of the
 * exchange that it was run on (cmd_runs.c). */
px_status cli_print_run_table(cli_call *call, const char *part, const char *const *names, size_t n,
                              px_table_style fallback, px_error *err);
/* Whether files can be put where nothing is yet, all or none; a NULL among them is none. Errors: PX_EEXISTS.
 */
px_status cli_check_free(const char *const *paths, size_t n, bool force, px_error *err);
/* timestamp,open,high,low,close,volume. */
px_status cli_print_bars(const cli_call *call, const px_bars *bars, const px_zone *zone, px_error *err);
/* Only these columns of a table, in this order; the view borrows them and is freed with free(columns).
 * Columns that the table lacks are left out. */
px_status cli_select_columns(const px_table *table, const char *const *names, size_t n, px_table *view,
                             px_error *err);
void cli_print_text(const char *text);
bool cli_write_output(void *unused, const char *text, size_t length); /* a px_write_fn */
void cli_open_output(void);
/* Errors: PX_EIO if anything written did not arrive; with an empty message where the reader went away. */
px_status cli_close_output(px_error *err);
/* NULL = NSE. For the zone that times are printed in. */
px_status cli_open_calendar(const char *exchange, px_calendar **out, px_error *err);

/* ---- documents (document.c) --------------------------------------------------------------------------- */

/* Parses a document of the data folder; `what` and `name` are for the message ("run", "r1"). */
px_status cli_read_json(const char *text, const char *what, const char *name, json_t **out, px_error *err);
/* A member of an object: its text, "-" if it has none; its whole number, 0 if it has none. */
const char *cli_text_at(json_t *object, const char *key);
long long cli_count_at(json_t *object, const char *key);
/* Prints a document: as it is under --json, as key,value rows under --csv, else through print_text. `text`
 * is its JSON as the library wrote it, or NULL. A NULL document is PX_ENOMEM. */
px_status cli_print_document(const cli_call *call, const char *text, json_t *document,
                             void (*print_text)(json_t *document), px_error *err);
/* Any JSON as indented "name value" lines: a print_text. */
void cli_print_outline(json_t *document);
px_status cli_print_deleted(const cli_call *call, const char *name, px_error *err);
/* summary.c: a run, in one screen, as its document under --json (NULL = made of the run), its rows under
 * --csv. */
px_status cli_print_run(const cli_call *call, const px_run *run, const char *json, px_error *err);
/* training.c: a training, without and with all there is of every fold; each a print_text. */
void cli_print_training(json_t *report);
void cli_print_training_by_fold(json_t *report);

/* ---- commands to go on with (suggest.c); nothing under --json and --csv ----------------------------------
 */

void cli_suggest_run(const cli_call *call, const px_run *run);
void cli_suggest_backtest(const cli_call *call, const char *model, const char *symbol);
/* Of an array of stored series with symbol and quality: how to record what looks like splits. */
void cli_suggest_adjustments(const cli_call *call, json_t *series);

/* ---- completion (completion.c) ------------------------------------------------------------------------- */

/* Prints what the last of the words (at least one) may become, after the others: a candidate a line, a tab
 * and a few words about it; ":files" and ":folders" are for the shell to find. The first `skip` bytes of
 * candidates are left out. */
void cli_complete(const char *const *words, size_t n, size_t skip);

/* ---- progress (progress.c) ---------------------------------------------------------------------------- */

/* The progress of every verb, with the call as user: false once the program was asked to stop. */
bool cli_progress_show(void *call, const char *phase, size_t done, size_t total);
/* The same for steps of a verb itself. */
px_status cli_progress_step(cli_call *call, const char *phase, size_t done, size_t total, px_error *err);
void cli_progress_end(void);         /* takes the bar away */
void cli_progress_interrupted(void); /* async-signal-safe: leaves the line of a bar */
int64_t cli_clock_us(void);

/* ---- being stopped (interrupt.c) ----------------------------------------------------------------------- */

enum { CLI_EXIT_INTERRUPTED = 130 };
void cli_interrupt_listen(void);
/* The work is over and what it made stays, whatever signal came last: what is left is to print it, for which
 * the next signal leaves the time that the work had. */
void cli_interrupt_end(void);
bool cli_is_interrupted(void);
void cli_interrupt_told(void); /* the user knows: a program that ends says nothing more */

/* ---- findings (findings.c) ---------------------------------------------------------------------------- */

/* {"sessions": 31, "gap": {"severity", "count", "places", "unit", "first", "dates", "detail"}, ...}: of each
 * check how many bars it concerns, in how many places, and the first of them. */
json_t *cli_quality_json(const px_quality *quality, const px_zone *zone);
void cli_print_quality(json_t *quality, const char *indent);

/* ---- what is known to be wrong with a result (warnings.c) ------------------------------------------------
 */

/* Each text with a word before it, then an empty line; nothing without texts. They are those of the findings,
 * one each; of results of older versions there are texts only. */
void cli_print_warnings(const px_findings *findings, const char *const *texts, size_t n);
/* The word: "ACCEPTED", "WARNING" or "NOTE"; of NULL, a text without a finding, "WARNING". */
const char *cli_warning_word(json_t *finding);
/* The same of a document with `findings` and `warnings`. */
void cli_print_document_warnings(json_t *document);

#endif
