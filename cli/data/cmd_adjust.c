// SPDX-License-Identifier: Apache-2.0
/* pixity data adjust: splits and bonuses of an instrument, added, removed and listed; what they do to its
 * bars.
 */
#include "cli/frame/cli.h"

#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

typedef struct adjust_options {
    const char *symbol, *exchange, *file;
    bool dated;
    px_adjustment one; /* --ex-date, --factor, --note */
    bool list, remove, replace;
    px_source_limits limits; /* of the file */
} adjust_options;

static px_status parse_ex_date(const char *text, void *field, px_error *err) {
    adjust_options *own = field;
    own->dated = true;
    return px_date_parse(text, &own->one.ex_date, err);
}

static px_status parse_factor(const char *text, void *field, px_error *err) {
    return px_adjustment_factor_parse(text, field, err);
}

static px_status parse_note(const char *text, void *field, px_error *err) {
    if (strlen(text) >= PX_ADJUSTMENT_NOTE_SIZE)
        return cli_fail(err, PX_EINPUT, "the note is longer than %d bytes", PX_ADJUSTMENT_NOTE_SIZE - 1);
    memcpy(field, text, strlen(text) + 1);
    return PX_OK;
}

#define FIELD(name) offsetof(adjust_options, name)
static const cli_place adjust_places[] = {
    {"symbol", .offset = FIELD(symbol)},
    {"exchange", .offset = FIELD(exchange)},
    {"ex-date", 0, parse_ex_date},
    {"factor", FIELD(one.factor), parse_factor},
    {"note", FIELD(one.note), parse_note},
    {"file", .offset = FIELD(file)},
    {"replace", .offset = FIELD(replace)},
    {"remove", .offset = FIELD(remove)},
    {"list", .offset = FIELD(list)},
    CLI_LIMIT_PLACES(FIELD(limits)),
    {0},
};

static px_status check_options(cli_call *call, adjust_options *own, px_error *err) {
    const bool one = own->dated || own->one.factor > 0, adds = one || own->file;
    if (own->list && (adds || own->remove))
        return cli_fail_usage(call, err,
                              "--list changes nothing: no --ex-date, --factor, --file or --remove");
    if (own->file && (one || *own->one.note || own->remove))
        return cli_fail_usage(call, err,
                              "a file has its own dates, factors and notes: no --ex-date, --factor, "
                              "--note or --remove");
    if (own->remove && !own->dated)
        return cli_fail_usage(call, err, "--ex-date is missing: which one to remove");
    if (own->remove && (own->one.factor > 0 || *own->one.note || own->replace))
        return cli_fail_usage(call, err, "--remove takes --ex-date alone");
    if (!own->dated && (own->one.factor > 0 || *own->one.note))
        return cli_fail_usage(call, err, "--ex-date is missing");
    if (own->dated && !own->remove && !(own->one.factor > 0))
        return cli_fail_usage(call, err, "--factor is missing");
    if ((own->limits.rows || own->limits.bytes || own->limits.memory) && !own->file)
        return cli_fail_usage(call, err, "--max-rows, --max-bytes and --max-memory go with --file");
    if (own->replace && !adds)
        return cli_fail_usage(call, err, "--replace goes with --factor or --file");
    if (!own->symbol && (adds || own->remove))
        return cli_fail_usage(call, err, "--symbol is missing: whose shares they were");
    return PX_OK;
}

/* ---- listing ------------------------------------------------------------------------------------------ */

static px_status set_adjustment(px_table *table, size_t column, const px_adjustment *item, px_error *err) {
    char date[PX_TIME_TEXT_SIZE];
    px_status status = px_table_set_text(table, column, px_date_format(item->ex_date, date), err);
    px_table_set_f64(table, column + 1, item->factor);
    return status ? status : px_table_set_text(table, column + 2, *item->note ? item->note : NULL, err);
}

/* As a file that --file takes. */
static px_status print_list(cli_call *call, const px_instrument *instrument, px_error *err) {
    static const px_column_def defs[] = {
        {"ex_date", PX_COLUMN_TEXT}, {"factor", PX_COLUMN_F64}, {"note", PX_COLUMN_TEXT}};
    px_adjustments list = {0};
    px_table table = {0};
    px_status status = px_adjustments_read(call->home, instrument, &list, err);
    if (!status)
        status = px_table_init(&table, defs, 3, err);
    for (size_t i = 0; !status && i < list.n; i++) {
        status = px_table_add_row(&table, err);
        if (!status)
            status = set_adjustment(&table, 0, &list.items[i], err);
    }
    if (!status)
        status = cli_print_table(call, &table, PX_TABLE_TEXT, NULL, err);
    px_table_free(&table);
    px_adjustments_free(&list);
    return status;
}

static px_status print_all(cli_call *call, px_error *err) {
    px_table table = {0};
    px_status status = px_adjustments_list(call->home, &table, err);
    if (!status)
        status = cli_print_table(call, &table, PX_TABLE_TEXT, NULL, err);
    px_table_free(&table);
    return status;
}

/* ---- adding ------------------------------------------------------------------------------------------- */

enum {
    EFFECT_DATE,
    EFFECT_FACTOR,
    EFFECT_NOTE,
    EFFECT_BEFORE,
    EFFECT_CLOSE,
    EFFECT_AFTER,
    EFFECT_OPEN,
    EFFECT_RAW,
    EFFECT_ADJUSTED,
    EFFECT_VERDICT,
    N_EFFECT_COLUMNS
};

static px_status add_effect(px_table *table, const px_adjustment *item, const px_adjustment_effect *effect,
                            px_error *err) {
    px_status status = px_table_add_row(table, err);
    if (!status)
        status = set_adjustment(table, EFFECT_DATE, item, err);
    if (!status)
        status = px_table_set_text(table, EFFECT_VERDICT, px_adjustment_verdict_name(effect->verdict), err);
    if (status)
        return status;
    px_table_set_i64(table, EFFECT_BEFORE, effect->before_us);
    px_table_set_f64(table, EFFECT_CLOSE, effect->close_before);
    px_table_set_i64(table, EFFECT_AFTER, effect->after_us);
    px_table_set_f64(table, EFFECT_OPEN, effect->open_after);
    px_table_set_f64(table, EFFECT_RAW, effect->ratio_raw);
    px_table_set_f64(table, EFFECT_ADJUSTED, effect->ratio_adjusted);
    return PX_OK;
}

static void warn_effect(const cli_call *call, const px_instrument *instrument, const px_adjustment *item,
                        const px_adjustment_effect *effect) {
    char date[PX_TIME_TEXT_SIZE], factor[PX_DOUBLE_TEXT_SIZE];
    px_date_format(item->ex_date, date);
    px_double_format(item->factor, factor);
    if (effect->verdict == PX_ADJUSTMENT_INVERTED)
        cli_log(
            call, CLI_LOG_WARNING,
            "%s %s: the price goes to %.4g times what it was, and factor %s makes that %.4g times: it looks "
            "the wrong way round; try --factor %.6g --replace",
            instrument->symbol, date, effect->ratio_raw, factor, effect->ratio_adjusted, 1 / item->factor);
    else if (effect->verdict == PX_ADJUSTMENT_NO_JUMP)
        cli_log(call, CLI_LOG_WARNING,
                "%s %s: the price goes to %.4g times what it was, not to about %.4g: are the bars adjusted "
                "already, or is it another date or factor? With factor %s they jump to %.4g times",
                instrument->symbol, date, effect->ratio_raw, 1 / item->factor, factor,
                effect->ratio_adjusted);
}

static void print_note(const px_adjustment *item, const px_adjustment_effect *effect) {
    char date[PX_TIME_TEXT_SIZE], factor[PX_DOUBLE_TEXT_SIZE];
    px_date_format(item->ex_date, date);
    px_double_format(item->factor, factor);
    bool before = effect->before_us != PX_NULL_I64, after = effect->after_us != PX_NULL_I64;
    if (!before && !after)
        printf("note: %s: no bars are stored yet\n", date);
    else if (!before)
        printf("note: %s lies before the stored bars: it changes none of them\n", date);
    else if (!after)
        printf("note: %s lies after the stored bars: all of them are divided by %s\n", date, factor);
}

static px_status print_effects(cli_call *call, const px_instrument *instrument, const px_zone *zone,
                               const px_adjustments *list, px_error *err) {
    static const px_column_def defs[N_EFFECT_COLUMNS] = {
        [EFFECT_DATE] = {"ex_date", PX_COLUMN_TEXT},
        [EFFECT_FACTOR] = {"factor", PX_COLUMN_F64},
        [EFFECT_NOTE] = {"note", PX_COLUMN_TEXT},
        [EFFECT_BEFORE] = {"bar_before", PX_COLUMN_TIME},
        [EFFECT_CLOSE] = {"close_before", PX_COLUMN_F64},
        [EFFECT_AFTER] = {"bar_after", PX_COLUMN_TIME},
        [EFFECT_OPEN] = {"open_after", PX_COLUMN_F64},
        [EFFECT_RAW] = {"ratio_raw", PX_COLUMN_F64},
        [EFFECT_ADJUSTED] = {"ratio_adjusted", PX_COLUMN_F64},
        [EFFECT_VERDICT] = {"verdict", PX_COLUMN_TEXT},
    };
    px_table table = {0};
    px_adjustment_effect *effects = calloc(list->n, sizeof *effects);
    px_status status = effects ? px_table_init(&table, defs, N_EFFECT_COLUMNS, err)
                               : cli_fail(err, PX_ENOMEM, "out of memory");
    for (size_t i = 0; !status && i < list->n; i++) {
        status = px_adjustment_look(call->home, instrument, list->items[i].ex_date, &effects[i], err);
        if (!status)
            status = add_effect(&table, &list->items[i], &effects[i], err);
    }
    if (!status)
        status = cli_print_table(call, &table, PX_TABLE_TEXT, zone, err);
    for (size_t i = 0; !status && i < list->n; i++) {
        warn_effect(call, instrument, &list->items[i], &effects[i]);
        if (call->format == CLI_FORMAT_DEFAULT)
            print_note(&list->items[i], &effects[i]);
    }
    px_table_free(&table);
    free(effects);
    return status;
}

static px_status add(cli_call *call, const px_instrument *instrument, const adjust_options *own,
                     px_error *err) {
    px_adjustments given = {0};
    px_adjust_report report = {0};
    px_calendar *calendar = NULL;
    px_status status = cli_open_calendar(instrument->exchange, &calendar, err);
    if (!status)
        status = own->file ? px_adjustments_load(own->file, &own->limits, &given, err)
                           : px_adjustments_put(&given, &own->one, false, NULL, err);
    if (!status && given.n == 0)
        status = cli_fail(err, PX_EINPUT, "%s: a header line but no rows", own->file);
    if (!status)
        status = px_adjustments_add(call->home, instrument, &given, own->replace, &report, err);
    if (status == PX_EEXISTS)
        cli_fail_prefix(err, status, "nothing stored (--replace takes the new one)");
    if (!status && call->format == CLI_FORMAT_DEFAULT)
        printf("%s (%s): %zu added, %zu replaced, %zu there already\n", instrument->symbol, instrument->key,
               report.n_added, report.n_replaced, report.n_same);
    if (!status)
        status = print_effects(call, instrument, px_calendar_zone(calendar), &given, err);
    px_calendar_close(&calendar);
    px_adjustments_free(&given);
    return status;
}

/* ---- verb --------------------------------------------------------------------------------------------- */

static px_status run(cli_call *call, px_error *err) {
    adjust_options *own = call->own;
    px_instrument instrument;
    if (call->arguments.n && !own->file)
        own->file = call->arguments.items[0];
    else if (call->arguments.n)
        return cli_fail_usage(call, err, "one file: FILE or --file FILE");
    px_status status = check_options(call, own, err);
    if (!status)
        status = own->symbol ? cli_open_home_to_read(call, err) : cli_open_home(call, err);
    if (!status && !own->symbol)
        return print_all(call, err);
    if (!status)
        status = px_instrument_find(call->home, own->symbol, own->exchange, PX_NO_DATE, &instrument, err);
    if (!status && own->remove)
        status = px_adjustments_remove(call->home, &instrument, own->one.ex_date, err);
    if (status)
        return status;
    return own->file || own->one.factor > 0 ? add(call, &instrument, own, err)
                                            : print_list(call, &instrument, err);
}

const cli_verb cli_data_adjust = {
    .name = "data adjust",
    .arguments = "[FILE]",
    .max_arguments = 1,
    .summary = "List, add or remove splits and bonuses; they are applied whenever stored bars are read",
    .details =
        "Prices before the ex date are divided by the factor, volumes multiplied: a bonus of A:B has factor "
        "(A+B)/B, a split old by new face value, so 2 for a 1:1 bonus or a split from 2 to 1, and 0.1 where "
        "ten shares became one. The stored bars stay as they were traded (`data export`; with --adjusted as "
        "everything else sees them). After adding, the bars around the ex date are shown, raw and adjusted; "
        "verdict fits, inverted (the factor looks the wrong way round), no_jump (adjusted already, or "
        "another "
        "date), small (cannot be told from a day's move) or no_bars.\n"
        "FILE, or --file FILE, is a CSV file with a header: ex_date,factor and, if there is one, note. "
        "Without "
        "--symbol those of all instruments are listed.",
    .groups = PX_GROUP_OUTPUT,
    .places = adjust_places,
    .own_size = sizeof(adjust_options),
    .run = run,
};
