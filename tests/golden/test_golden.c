// SPDX-License-Identifier: Apache-2.0
/* Bars, features, events and labels against pinned numbers: those of the original Python code (profile
 * `reference`, in the shared data) and the project's own cases (both profiles, made by oracle.py from the
 * specification). */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "base/file.h"
#include "base/json.h"
#include "golden/csv.h"
#include "pixity/labels.h"
#include "pixity/resample.h"

#include <dirent.h>
#include <stdio.h>
#include <unistd.h>

#define MAX_TESTS  200
#define PATH_SIZE  1024
#define TIMEFRAMES 6

static px_calendar *nse;
static const px_zone *zone;
static const char *const timeframes[TIMEFRAMES] = {"5m", "15m", "30m", "1h", "2h", "1d"};

/* One timeframe of one case. */
typedef struct spec {
    char name[160];
    char folder[PATH_SIZE]; /* of the expected files */
    char bars[PATH_SIZE];   /* one-minute bars */
    const char *timeframe;
    int64_t begin_us, end_us; /* part of the bars that the case has */
    double tick;
    px_config config;
} spec;

/* What is computed, stage by stage. */
typedef struct result {
    px_bars bars;
    px_feature_frame frame;
    px_event_list events;
    px_label_list labels;
    int minutes;
} result;

/* Formats where it is known to fit. */
static void format(char *buf, size_t size, const char *pattern, ...) PX_PRINTF(3, 4);
static void format(char *buf, size_t size, const char *pattern, ...) {
    va_list args;
    va_start(args, pattern);
    int length = vsnprintf(buf, size, pattern, args);
    va_end(args);
    assert_true(length >= 0 && (size_t)length < size);
}

/* ---- comparing ----------------------------------------------------------------------------------------- */

static bool equal_numbers(double got, double want) {
    if (isnan(got) || isnan(want))
        return isnan(got) && isnan(want);
    return fabs(got - want) <= 1e-9 * fabs(want) || fabs(got - want) <= 1e-12;
}

static void check_number(const spec *s, const csv *want, size_t row, size_t column, double got) {
    if (!equal_numbers(got, csv_number(want, row, column)))
        fail_msg("%s: %s of %s is %.17g, pinned is %s", s->name, want->names[column], csv_text(want, row, 0),
                 got, csv_text(want, row, column));
}

static void check_text(const spec *s, const csv *want, size_t row, size_t column, const char *got) {
    if (strcmp(got, csv_text(want, row, column)) != 0)
        fail_msg("%s: %s of %s is \"%s\", pinned is \"%s\"", s->name, want->names[column],
                 csv_text(want, row, 0), got, csv_text(want, row, column));
}

static void check_time(const spec *s, const csv *want, size_t row, size_t column, const px_bars *bars,
                       size_t bar) {
    char text[PX_TIME_TEXT_SIZE] = "";
    if (bar != SIZE_MAX)
        px_time_format_local(bars->ts_us[bar], zone, text);
    check_text(s, want, row, column, text);
}

/* Opens the pinned file of one stage; false if the case has none. */
static bool open_pinned(const spec *s, const char *stage, size_t n_rows, csv *out) {
    char path[2 * PATH_SIZE];
    format(path, sizeof path, "%s/%s_%s.csv", s->folder, stage, s->timeframe);
    if (access(path, F_OK) != 0)
        return false;
    if (!csv_read(path, out))
        fail_msg("%s: cannot read %s", s->name, path);
    if (out->n_rows != n_rows)
        fail_msg("%s: %zu rows of %s, pinned are %zu", s->name, n_rows, stage, out->n_rows);
    return true;
}

static void check_bars(const spec *s, const result *r) {
    const double *const columns[] = {r->bars.open, r->bars.high, r->bars.low, r->bars.close, r->bars.volume};
    csv want;
    if (!open_pinned(s, "bars", r->bars.n, &want))
        return;
    for (size_t i = 0; i < want.n_rows; i++) {
        check_time(s, &want, i, 0, &r->bars, i);
        for (size_t k = 0; k < 5; k++)
            if (columns[k][i] != csv_number(&want, i, k + 1))
                fail_msg("%s: %s of %s is %.17g, pinned is %s", s->name, want.names[k + 1],
                         csv_text(&want, i, 0), columns[k][i], csv_text(&want, i, k + 1));
    }
    csv_free(&want);
}

static void check_features(const spec *s, const result *r) {
    csv want;
    if (!open_pinned(s, "features", r->bars.n, &want))
        return;
    assert_int_equal(want.n_columns, PX_N_FEATURES + 1);
    for (size_t k = 0; k < PX_N_FEATURES; k++)
        assert_string_equal(want.names[k + 1], px_feature_name(k));
    for (size_t i = 0; i < want.n_rows; i++) {
        check_time(s, &want, i, 0, &r->bars, i);
        for (size_t k = 0; k < PX_N_FEATURES; k++)
            check_number(s, &want, i, k + 1, r->frame.column[k][i]);
    }
    csv_free(&want);
}

static void check_events(const spec *s, const result *r) {
    csv want;
    if (!open_pinned(s, "events", r->events.n, &want))
        return;
    for (size_t i = 0; i < want.n_rows; i++) {
        const px_event *event = &r->events.items[i];
        check_time(s, &want, i, 0, &r->bars, event->bar);
        check_text(s, &want, i, 1, px_side_name(event->side));
        check_text(s, &want, i, 2, px_event_type_name(event->type));
        for (size_t k = 0; k < PX_N_INPUTS; k++)
            check_number(s, &want, i, 3 + k, event->inputs[k]);
        check_number(s, &want, i, 3 + PX_N_INPUTS, event->close);
        check_number(s, &want, i, 4 + PX_N_INPUTS, event->atr);
        assert_int_equal(event->ts_us, r->bars.ts_us[event->bar]);
        assert_int_equal(event->bar_minutes, r->minutes);
    }
    csv_free(&want);
}

static void check_labels(const spec *s, const result *r) {
    csv want;
    if (!open_pinned(s, "labels", r->labels.n, &want))
        return;
    for (size_t i = 0; i < want.n_rows; i++) {
        const px_label *label = &r->labels.items[i];
        const px_event *event = &r->events.items[label->event];
        const bool resolved = label->label != PX_LABEL_UNRESOLVED;
        check_time(s, &want, i, 0, &r->bars, event->bar);
        check_text(s, &want, i, 1, px_side_name(event->side));
        check_text(s, &want, i, 2, px_event_type_name(event->type));
        check_number(s, &want, i, 3, label->entry_price);
        check_number(s, &want, i, 4, resolved ? label->label : (double)NAN);
        check_text(s, &want, i, 5, px_label_hit_name(label->hit));
        check_time(s, &want, i, 6, &r->bars, label->exit_bar);
        check_number(s, &want, i, 7, label->exit_price);
        check_number(s, &want, i, 8, label->realized_r);
        check_number(s, &want, i, 9, label->mae);
        check_number(s, &want, i, 10, label->mfe);
        check_time(s, &want, i, 11, &r->bars, label->end_bar);
    }
    csv_free(&want);
}

/* ---- computing ----------------------------------------------------------------------------------------- */

static void load_bars(const spec *s, px_bars *out) {
    px_bars bars = {0};
    csv rows;
    size_t n_excluded;
    if (!csv_read(s->bars, &rows))
        fail_msg("%s: cannot read %s", s->name, s->bars);
    for (size_t i = 0; i < rows.n_rows; i++) {
        const px_bar bar = {csv_time(&rows, i, 0, zone), csv_number(&rows, i, 1), csv_number(&rows, i, 2),
                            csv_number(&rows, i, 3),     csv_number(&rows, i, 4), csv_number(&rows, i, 5)};
        if (bar.ts_us >= s->begin_us && bar.ts_us < s->end_us)
            assert_int_equal(px_bars_append(&bars, &bar, NULL), PX_OK);
    }
    assert_int_equal(px_bars_in_session(&bars, nse, 1, out, &n_excluded, NULL), PX_OK);
    px_bars_free(&bars);
    csv_free(&rows);
}

static void compute(const spec *s, result *r) {
    px_bars one_minute = {0};
    load_bars(s, &one_minute);
    assert_int_equal(px_timeframe_parse(s->timeframe, &r->minutes, NULL), PX_OK);
    assert_int_equal(
        px_bars_resample(&one_minute, nse, s->config.resample_anchor, 1, r->minutes, &r->bars, NULL), PX_OK);
    assert_int_equal(px_features_compute(&r->bars, nse, &s->config, &r->frame, NULL), PX_OK);
    assert_int_equal(
        px_events_find(&r->bars, &r->frame, nse, &s->config, r->minutes, 0, r->bars.n, &r->events, NULL),
        PX_OK);
    const px_dataset data = {.calendar = nse,
                             .instrument = {.tick = s->tick, .lot_size = 1},
                             .timeframe_minutes = r->minutes,
                             .bars = r->bars,
                             .end = r->bars.n};
    assert_int_equal(px_labels_compute(&data, &r->events, &s->config, &r->labels, NULL), PX_OK);
    px_bars_free(&one_minute);
}

static void test_case(void **state) {
    const spec *s = *state;
    result r = {0};
    compute(s, &r);
    check_bars(s, &r);
    check_features(s, &r);
    check_events(s, &r);
    check_labels(s, &r);
    px_label_list_free(&r.labels);
    px_event_list_free(&r.events);
    px_feature_frame_free(&r.frame);
    px_bars_free(&r.bars);
}

static void test_nothing_shared(void **state) {
    (void)state;
    print_message("no golden folder in the shared data (PIXITY_SHARED)\n");
    skip();
}

/* ---- finding the cases --------------------------------------------------------------------------------- */

static spec specs[MAX_TESTS];
static struct CMUnitTest tests[MAX_TESTS];
static size_t n_tests;

/* A case that cannot be read must not look like one that passed. */
static void refuse(const char *what, const px_error *err) {
    fprintf(stderr, "golden: %s: %s\n", what, err->message);
    exit(1);
}

/* Adds a test for each timeframe that has a pinned file. */
static void add_tests(const spec *base) {
    static const char *const stages[] = {"bars", "features", "events", "labels"};
    char path[2 * PATH_SIZE];
    for (size_t t = 0; t < TIMEFRAMES; t++) {
        bool pinned = false;
        for (size_t k = 0; k < 4; k++) {
            format(path, sizeof path, "%s/%s_%s.csv", base->folder, stages[k], timeframes[t]);
            pinned |= access(path, F_OK) == 0;
        }
        if (!pinned)
            continue;
        if (n_tests == MAX_TESTS)
            refuse(base->name, &(px_error){.message = "more cases than MAX_TESTS"});
        spec *s = &specs[n_tests];
        *s = *base;
        s->timeframe = timeframes[t];
        format(s->name, sizeof s->name, "%s %s", base->name, timeframes[t]);
        tests[n_tests++] = (struct CMUnitTest){s->name, test_case, NULL, NULL, s};
    }
}

/* `reference`, by the original Python code. */
static void add_shared(const char *shared) {
    static const char *const cases[] = {"synthetic", "synthetic_no_volume", "reliance_2022", "nifty_2017h1"};
    for (size_t k = 0; k < 4; k++) {
        spec s = {.begin_us = INT64_MIN, .end_us = INT64_MAX};
        format(s.name, sizeof s.name, "original %s", cases[k]);
        format(s.folder, sizeof s.folder, "%s/golden/%s", shared, cases[k]);
        format(s.bars, sizeof s.bars, "%s/bars_1m.csv", s.folder);
        if (strcmp(cases[k], "nifty_2017h1") == 0) {
            format(s.bars, sizeof s.bars, "%s/data/nse_1m/NIFTY50_2012_2021.csv.gz", shared);
            assert_int_equal(px_time_parse("2017-01-01 00:00", 16, zone, &s.begin_us, NULL), PX_OK);
            assert_int_equal(px_time_parse("2017-07-01 00:00", 16, zone, &s.end_us, NULL), PX_OK);
        }
        s.config = px_config_default();
        px_config_set_profile(&s.config, PX_PROFILE_REFERENCE);
        add_tests(&s);
    }
}

static void add_own_case(const char *cases, const char *name) {
    static const char *const profiles[] = {"honest", "reference"};
    char path[PATH_SIZE], *text = NULL;
    size_t length;
    json_t *about = NULL;
    px_error err;
    format(path, sizeof path, "%s/%s/case.json", cases, name);
    if (pxi_file_read(path, &text, &length, &err) != PX_OK ||
        pxi_json_parse(text, length, path, &about, &err) != PX_OK)
        refuse(name, &err);
    char *overrides = json_dumps(json_object_get(about, "config"), 0);
    for (int p = 0; p < 2; p++) {
        spec s = {.begin_us = INT64_MIN, .end_us = INT64_MAX, .config = px_config_default()};
        format(s.name, sizeof s.name, "own %s %s", name, profiles[p]);
        format(s.folder, sizeof s.folder, "%s/%s/%s", cases, name, profiles[p]);
        format(s.bars, sizeof s.bars, "%s/%s/bars_1m.csv", cases,
               json_string_value(json_object_get(about, "bars")));
        s.tick = json_number_value(json_object_get(about, "tick"));
        px_config_set_profile(&s.config, p ? PX_PROFILE_REFERENCE : PX_PROFILE_HONEST);
        if (px_config_read(&s.config, overrides, strlen(overrides), path, &err) != PX_OK ||
            px_config_set(&s.config, "product", json_string_value(json_object_get(about, "product")), &err) !=
                PX_OK)
            refuse(name, &err);
        add_tests(&s);
    }
    free(overrides);
    json_decref(about);
    free(text);
}

/* Every folder with a case.json. */
static void add_own(const char *cases) {
    struct dirent **entries;
    int n = scandir(cases, &entries, NULL, alphasort);
    for (int i = 0; i < n; i++) {
        if (entries[i]->d_name[0] != '.')
            add_own_case(cases, entries[i]->d_name);
        free(entries[i]);
    }
    if (n >= 0)
        free(entries);
}

int main(void) {
    const char *source = getenv("PIXITY_SOURCE"), *set = getenv("PIXITY_SHARED");
    char shared[PATH_SIZE], cases[PATH_SIZE];
    if (set)
        format(shared, sizeof shared, "%s", set);
    else
        format(shared, sizeof shared, "%s/../shared", source ? source : ".");
    format(cases, sizeof cases, "%s/tests/golden/cases", source ? source : ".");
    if (px_calendar_open("NSE", &nse, NULL) != PX_OK)
        return 1;
    zone = px_calendar_zone(nse);
    add_shared(shared);
    if (n_tests == 0)
        tests[n_tests++] = (struct CMUnitTest){"original", test_nothing_shared, NULL, NULL, NULL};
    add_own(cases);
    int failed = _cmocka_run_group_tests("golden", tests, n_tests, NULL, NULL);
    px_calendar_close(&nse);
    return failed;
}
