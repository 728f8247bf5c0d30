// SPDX-License-Identifier: Apache-2.0
/* Trades, outcomes and equity against the project's own pinned cases (both profiles, no model), made by
 * oracle.py from the specification: bars from the file, warm-up, events, replay, tables, as a backtest does
 * it. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "engine/replay.h"
#include "engine/signal_source.h"
#include "backtest/tables.h"
#include "base/file.h"
#include "base/json.h"
#include "golden/csv.h"

#include <dirent.h>
#include <stdio.h>
#include <unistd.h>

#define MAX_TESTS 200
#define PATH_SIZE 1024

/* One timeframe of one profile of one case. */
typedef struct spec {
    char name[160];
    char bars[PATH_SIZE], trades[PATH_SIZE], outcomes[PATH_SIZE];
    const char *timeframe;
    double tick, lot;
    px_config config;
} spec;

typedef struct result {
    px_dataset data;
    px_candidate_list candidates;
    pxi_journal journal;
    px_table trades;
} result;

static void format(char *buf, size_t size, const char *pattern, ...) PX_PRINTF(3, 4);
static void format(char *buf, size_t size, const char *pattern, ...) {
    va_list args;
    va_start(args, pattern);
    int length = vsnprintf(buf, size, pattern, args);
    va_end(args);
    assert_true(length >= 0 && (size_t)length < size);
}

/* ---- computing ----------------------------------------------------------------------------------------- */

static void load(const spec *s, px_dataset *out) {
    px_data_request request = {.start_date = PX_NO_DATE, .end_date = PX_NO_DATE, .input = s->bars};
    px_error err = {0};
    assert_int_equal(px_timeframe_parse(s->timeframe, &request.timeframe_minutes, NULL), PX_OK);
    if (px_dataset_load(NULL, &request, s->config.resample_anchor, px_config_warmup_backtest(&s->config), out,
                        &err))
        fail_msg("%s: %s", s->name, err.message);
    out->instrument.tick = s->tick;
    out->instrument.lot_size = s->lot;
}

static void compute(const spec *s, result *r) {
    const px_strategy *strategy;
    px_feature_frame frame = {0};
    px_signal_list signals = {0};
    load(s, &r->data);
    px_batch_input batch = {.dataset = &r->data, .frame = &frame, .config = &s->config};
    pxi_listed_signals listed = {&signals, 0};
    const pxi_sink journal = {&pxi_journal_sink, &r->journal};
    const pxi_replay_desk desk = {&r->data, pxi_signals_listed(&listed), &r->candidates};
    const pxi_replay_setup setup = {.desks = &desk, .n = 1, .config = &s->config, .sinks = {&journal, 1}};
    assert_int_equal(px_features_compute(&r->data.bars, r->data.calendar, &s->config, &frame, NULL), PX_OK);
    assert_int_equal(px_strategy_find("pixityAI_meta", &strategy, NULL), PX_OK);
    assert_int_equal(strategy->find_signals(&batch, &r->candidates, &signals, NULL), PX_OK);
    assert_int_equal(pxi_replay_run(&setup, NULL), PX_OK);
    assert_int_equal(pxi_trades_table(&r->journal, NULL, &r->trades, NULL), PX_OK);
    px_feature_frame_free(&frame);
    px_signal_list_free(&signals);
}

/* ---- comparing ----------------------------------------------------------------------------------------- */

static bool near(double got, double want) {
    return fabs(got - want) <= 1e-9 * fmax(1.0, fabs(want));
}

/* One cell as the pinned file writes it, or as a number where it is one. */
static void check_cell(const spec *s, const csv *want, size_t row, size_t column, const px_table *got,
                       const px_zone *zone) {
    const char *pinned = csv_text(want, row, column);
    size_t c = px_table_find(got, want->names[column]);
    char text[PX_TIME_TEXT_SIZE] = "";
    if (c == SIZE_MAX)
        fail_msg("%s: no column %s", s->name, want->names[column]);
    const px_column *cells = &got->columns[c];
    bool equal;
    if (cells->type == PX_COLUMN_TEXT)
        equal = strcmp(px_table_text(got, c, row), pinned) == 0;
    else if (cells->type == PX_COLUMN_TIME)
        equal = strcmp(px_time_format_local(cells->u.i64[row], zone, text), pinned) == 0;
    else
        equal = near(px_column_is_real(cells->type) ? cells->u.f64[row] : (double)cells->u.i64[row],
                     csv_number(want, row, column));
    if (!equal)
        fail_msg("%s: %s of trade %zu (%s) is not %s", s->name, want->names[column], row,
                 csv_text(want, row, 0), pinned);
}

static void check_trades(const spec *s, const result *r) {
    csv want;
    if (!csv_read(s->trades, &want))
        fail_msg("%s: cannot read %s", s->name, s->trades);
    if (want.n_rows != r->trades.n_rows)
        fail_msg("%s: %zu trades, pinned are %zu", s->name, r->trades.n_rows, want.n_rows);
    for (size_t row = 0; row < want.n_rows; row++)
        for (size_t column = 0; column < want.n_columns; column++)
            check_cell(s, &want, row, column, &r->trades, px_calendar_zone(r->data.calendar));
    csv_free(&want);
}

static void check_fates(const spec *s, const result *r) {
    char *text = NULL;
    size_t length;
    json_t *want = NULL;
    assert_int_equal(pxi_file_read(s->outcomes, &text, &length, NULL), PX_OK);
    assert_int_equal(pxi_json_parse(text, length, s->outcomes, &want, NULL), PX_OK);
    const json_t *outcomes = json_object_get(want, "of_each_event");
    assert_int_equal(json_array_size(outcomes), r->candidates.n);
    for (size_t i = 0; i < r->candidates.n; i++)
        if (strcmp(json_string_value(json_array_get(outcomes, i)),
                   px_outcome_name(r->candidates.items[i].outcome)) != 0)
            fail_msg("%s: fate of event %zu is %s, pinned is %s", s->name, i,
                     px_outcome_name(r->candidates.items[i].outcome),
                     json_string_value(json_array_get(outcomes, i)));
    double equity = json_number_value(json_object_get(want, "final_equity"));
    assert_true(near(r->journal.states[r->journal.n_states - 1].cash, equity));
    json_decref(want);
    free(text);
}

static void test_case(void **state) {
    const spec *s = *state;
    result r = {0};
    compute(s, &r);
    check_fates(s, &r);
    check_trades(s, &r);
    px_table_free(&r.trades);
    pxi_journal_free(&r.journal);
    px_candidate_list_free(&r.candidates);
    px_dataset_free(&r.data);
}

/* ---- finding the cases --------------------------------------------------------------------------------- */

static spec specs[MAX_TESTS];
static struct CMUnitTest tests[MAX_TESTS];
static size_t n_tests;

static void add_test(const char *cases, const char *name, const char *profile, const char *timeframe,
                     const json_t *about) {
    assert_true(n_tests < MAX_TESTS);
    spec *s = &specs[n_tests];
    char *overrides = json_dumps(json_object_get(about, "config"), 0);
    px_profile parsed;
    assert_int_equal(px_profile_parse(profile, &parsed, NULL), PX_OK);
    s->config = px_config_default();
    px_config_set_profile(&s->config, parsed);
    assert_int_equal(px_config_read(&s->config, overrides, strlen(overrides), name, NULL), PX_OK);
    s->config.capital = json_number_value(json_object_get(about, "capital"));
    assert_int_equal(
        px_config_set(&s->config, "product", json_string_value(json_object_get(about, "product")), NULL),
        PX_OK);
    s->tick = json_number_value(json_object_get(about, "tick"));
    s->lot = json_number_value(json_object_get(about, "lot_size"));
    s->timeframe = timeframe;
    format(s->name, sizeof s->name, "%s %s %s", name, profile, timeframe);
    format(s->bars, sizeof s->bars, "%s/%s/bars_1m.csv", cases,
           json_string_value(json_object_get(about, "bars")));
    format(s->trades, sizeof s->trades, "%s/%s/%s/trades_%s.csv", cases, name, profile, timeframe);
    format(s->outcomes, sizeof s->outcomes, "%s/%s/%s/fates_%s.json", cases, name, profile, timeframe);
    tests[n_tests++] = (struct CMUnitTest){s->name, test_case, NULL, NULL, s};
    free(overrides);
}

/* Every timeframe of a folder with a case.json, in both profiles. The document stays: names live in it. */
static void add_case(const char *cases, const char *name, json_t **about) {
    char path[PATH_SIZE], *text = NULL;
    size_t length, t;
    json_t *timeframe;
    format(path, sizeof path, "%s/%s/case.json", cases, name);
    if (pxi_file_read(path, &text, &length, NULL) != PX_OK)
        return;
    if (pxi_json_parse(text, length, path, about, NULL) == PX_OK)
        json_array_foreach(json_object_get(*about, "timeframes"), t, timeframe) {
            add_test(cases, name, "honest", json_string_value(timeframe), *about);
            add_test(cases, name, "reference", json_string_value(timeframe), *about);
        }
    free(text);
}

int main(void) {
    const char *source = getenv("PIXITY_SOURCE");
    char cases[PATH_SIZE];
    struct dirent **entries = NULL;
    json_t *about[MAX_TESTS] = {0};
    format(cases, sizeof cases, "%s/tests/golden/cases", source ? source : ".");
    int n = scandir(cases, &entries, NULL, alphasort);
    for (int i = 0; i < n; i++) {
        if (entries[i]->d_name[0] != '.' && i < MAX_TESTS)
            add_case(cases, entries[i]->d_name, &about[i]);
        free(entries[i]);
    }
    free(entries);
    int failed = n_tests == 0 || _cmocka_run_group_tests("golden trades", tests, n_tests, NULL, NULL) != 0;
    for (int i = 0; i < MAX_TESTS; i++)
        json_decref(about[i]);
    return failed;
}
