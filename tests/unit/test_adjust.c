// SPDX-License-Identifier: Apache-2.0
/* Splits and bonuses: the list, the files, and what requests for bars make of them. */
#include "store_fixture.h"

#include <sys/wait.h>

static int32_t on(const char *text) {
    int32_t date = 0;
    assert_ok(px_date_parse(text, &date, err));
    return date;
}

static px_adjustment adjustment(const char *ex_date, double factor, const char *note) {
    px_adjustment made = {on(ex_date), factor, ""};
    snprintf(made.note, sizeof made.note, "%s", note);
    return made;
}

static void put(px_adjustments *list, const char *ex_date, double factor) {
    px_adjustment one = adjustment(ex_date, factor, "");
    assert_ok(px_adjustments_put(list, &one, false, NULL, err));
}

/* ---- the list ----------------------------------------------------------------------------------------- */

static void test_factors_from_text(void **state) {
    (void)state;
    static const struct {
        const char *text;
        double factor;
    } good[] = {{"2", 2},     {"10", 10},       {"0.1", 0.1},       {"1.5", 1.5},
                {"3/2", 1.5}, {"4/3", 4.0 / 3}, {"1/10", 1.0 / 10}, {"1e-4", 1e-4}};
    static const char *const bad[] = {"",    "0",   "-2",    "1",    "2/2",   "nan", "inf",    "two",
                                      "1:1", "2x",  "1/0",   "/2",   "2/",    "0/2", "-2/-1",  "1/2/3",
                                      "0x2", "1e9", "10001", "1e-5", "1e999", " ",   "1e300/1"};
    for (size_t i = 0; i < sizeof good / sizeof *good; i++) {
        double factor = 0;
        assert_ok(px_adjustment_factor_parse(good[i].text, &factor, err));
        assert_true(factor == good[i].factor);
    }
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
        double factor = 7;
        assert_fails(px_adjustment_factor_parse(bad[i], &factor, err), PX_EINPUT, "is no factor");
        assert_true(factor == 7);
    }
    double factor;
    assert_fails(px_adjustment_factor_parse("1", &factor, err), PX_EINPUT, "a bonus of 1:1 is 2");
}

static void test_one_a_date(void **state) {
    (void)state;
    px_adjustments list = {0};
    px_adjustment_change change;
    px_adjustment one = adjustment("2017-09-07", 2, "bonus 1:1"), same = adjustment("2017-09-07", 2, "");
    px_adjustment other = adjustment("2017-09-07", 3, ""), early = adjustment("2009-11-26", 2, "");
    assert_ok(px_adjustments_put(&list, &one, false, &change, err));
    assert_int_equal(change, PX_ADJUSTMENT_ADDED);
    assert_ok(px_adjustments_put(&list, &early, false, &change, err));
    assert_int_equal(list.n, 2);
    assert_int_equal(list.items[0].ex_date, early.ex_date); /* by date */
    assert_ok(px_adjustments_put(&list, &same, false, &change, err));
    assert_int_equal(change, PX_ADJUSTMENT_SAME);
    assert_fails(px_adjustments_put(&list, &other, false, &change, err), PX_EEXISTS,
                 "2017-09-07 has the factor 2 already, not 3");
    assert_true(list.n == 2 && list.items[1].factor == 2);
    assert_ok(px_adjustments_put(&list, &other, true, &change, err));
    assert_int_equal(change, PX_ADJUSTMENT_REPLACED);
    assert_true(list.n == 2 && list.items[1].factor == 3);
    assert_string_equal(list.items[1].note, "bonus 1:1"); /* nothing else was said */
    assert_false(px_adjustments_take(&list, on("2017-09-08")));
    assert_true(px_adjustments_take(&list, on("2009-11-26")));
    assert_int_equal(list.n, 1);
    px_adjustments_free(&list);
    px_adjustments_free(&list);
    px_adjustments_free(NULL);
}

static void test_what_cannot_be_one(void **state) {
    (void)state;
    px_adjustments list = {0};
    const double factors[] = {0, -1, NAN, INFINITY, 1, 1e5, 1e-5};
    for (size_t i = 0; i < sizeof factors / sizeof *factors; i++) {
        px_adjustment one = adjustment("2017-09-07", factors[i], "");
        assert_fails(px_adjustments_put(&list, &one, false, NULL, err), PX_EINPUT, "is no factor");
    }
    px_adjustment lines = adjustment("2017-09-07", 2, "a\nb"), bytes = adjustment("2017-09-07", 2, "\xff");
    assert_fails(px_adjustments_put(&list, &lines, false, NULL, err), PX_EINPUT, "one line of UTF-8");
    assert_fails(px_adjustments_put(&list, &bytes, false, NULL, err), PX_EINPUT, "one line of UTF-8");
    assert_int_equal(list.n, 0);
    put(&list, "2017-01-01", 10000);
    put(&list, "2018-01-01", 10000);
    put(&list, "2019-01-01", 10000);
    px_adjustment last = adjustment("2020-01-01", 10, "");
    assert_fails(px_adjustments_put(&list, &last, false, NULL, err), PX_EINPUT, "all factors together");
    px_adjustments_free(&list);
}

static void test_applied_by_hand(void **state) {
    (void)state;
    static const struct {
        const char *time; /* UTC */
        double divisor;
    } cases[] = {
        {"2022-08-30 10:00", 20}, {"2022-08-31 18:29", 20}, /* the last minute of 31 August in India */
        {"2022-08-31 18:30", 10}, {"2022-09-01 03:45", 10}, {"2022-09-04 18:29", 10},
        {"2022-09-04 18:30", 1},  {"2022-09-05 03:45", 1},
    };
    px_calendar *calendar = NULL;
    px_adjustments list = {0}, none = {0};
    px_bars bars = {0}, raw = {0};
    assert_ok(px_calendar_open("NSE", &calendar, err));
    put(&list, "2022-09-05", 10);
    put(&list, "2022-09-01", 2);
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        px_bar bar = {0, 100.1, 101.3, 99.7, 100.3, 7};
        assert_ok(px_time_parse(cases[i].time, strlen(cases[i].time), NULL, &bar.ts_us, err));
        assert_ok(px_bars_append(&bars, &bar, err));
        assert_ok(px_bars_append(&raw, &bar, err));
        assert_true(px_adjustments_divisor(&list, px_calendar_date(calendar, bar.ts_us)) == cases[i].divisor);
    }
    px_adjustments_apply(&none, calendar, &bars);
    assert_same_bars(&raw, &bars);
    px_adjustments_apply(&list, calendar, &bars);
    for (size_t i = 0; i < bars.n; i++) {
        double d = cases[i].divisor;
        assert_true(bars.open[i] == 100.1 / d && bars.high[i] == 101.3 / d && bars.low[i] == 99.7 / d &&
                    bars.close[i] == 100.3 / d && bars.volume[i] == 7 * d);
        assert_true(bars.ts_us[i] == raw.ts_us[i]);
    }
    px_bars_free(&bars);
    px_bars_free(&raw);
    px_adjustments_free(&list);
    px_calendar_close(&calendar);
}

/* ---- files -------------------------------------------------------------------------------------------- */

static void test_files(void **state) {
    (void)state;
    px_adjustments list = {0};
    write_text(in_folder("a.csv"), "\xef\xbb\xbf"
                                   "Note;x;FACTOR;Ex_Date\r\n\"bonus; \"\"1:1\"\"\";9;2;2017-09-07\r\n\r\n"
                                   ";9;3/2;2009-11-26\r\n");
    assert_ok(px_adjustments_load(in_folder("a.csv"), &(px_source_limits){0}, &list, err));
    assert_int_equal(list.n, 2);
    assert_true(list.items[0].ex_date == on("2009-11-26") && list.items[0].factor == 1.5);
    assert_true(list.items[1].ex_date == on("2017-09-07") && list.items[1].factor == 2);
    assert_string_equal(list.items[1].note, "bonus; \"1:1\"");
    px_adjustments_free(&list);
    write_text(in_folder("b.csv"), "ex_date,factor\n");
    assert_ok(px_adjustments_load(in_folder("b.csv"), &(px_source_limits){0}, &list, err));
    assert_int_equal(list.n, 0);
}

static void test_files_that_are_none(void **state) {
    (void)state;
    static const struct {
        const char *text, *words;
    } cases[] = {
        {"", "is empty"},
        {"date,factor\n2017-09-07,2\n", "line 1: the header does not name"},
        {"ex_date,factor,symbol\n", "line 1: a column symbol"},
        {"ex_date,factor\n2017-09-07\n", "line 2: 1 fields, the header has 2"},
        {"ex_date,factor\n2017-09-31,2\n", "line 2: \"2017-09-31\" is no date"},
        {"ex_date,factor\n\n2017-09-07,0\n", "line 3: \"0\" is no factor"},
        {"ex_date,factor\n2017-09-07,2\n2017-09-07,2\n", "line 3: 2017-09-07 is there twice"},
        {"ex_date,factor\n2017-09-07,2\n2017-09-07,3\n", "line 3: 2017-09-07 is there twice"},
        {"ex_date,factor,note\n2017-09-07,2,\"x\n", "line 2: unbalanced quotes"},
        {"ex_date,factor,note\n2017-09-07,2,\x01\n", "line 2: the note"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        px_adjustments list = {0};
        write_text(in_folder("bad.csv"), cases[i].text);
        assert_fails(px_adjustments_load(in_folder("bad.csv"), &(px_source_limits){0}, &list, err), PX_EINPUT,
                     cases[i].words);
        assert_fails(px_adjustments_load(in_folder("bad.csv"), &(px_source_limits){0}, &list, err), PX_EINPUT,
                     "bad.csv");
        assert_null(list.items);
    }
    px_adjustments list = {0};
    assert_fails(px_adjustments_load(in_folder("none.csv"), &(px_source_limits){0}, &list, err), PX_ENOTFOUND,
                 "none.csv");
}

/* ---- stored ------------------------------------------------------------------------------------------- */

static const char *stored_path(void) {
    return in_folder("home/candles/NSE_EQ%%7CACME/adjustments.csv");
}

static void add(px_home *home, const px_instrument *instrument, const char *ex_date, double factor) {
    px_adjustments given = {0};
    put(&given, ex_date, factor);
    assert_ok(px_adjustments_add(home, instrument, &given, false, NULL, err));
    px_adjustments_free(&given);
}

static void test_stored_and_read_back(void **state) {
    (void)state;
    px_home *home = open_home();
    px_instrument acme = instrument_of(home, "ACME"), other = instrument_of(home, "OTHER");
    px_adjustments given = {0}, list = {0};
    px_adjust_report report;
    px_table table = {0};
    assert_ok(px_adjustments_read(home, &acme, &list, err));
    assert_int_equal(list.n, 0);
    assert_ok(px_adjustments_list(home, &table, err));
    assert_int_equal(table.n_rows, 0);
    px_table_free(&table);
    px_adjustment one = adjustment("2017-09-07", 4.0 / 3, " one, \"1:3\" "),
                  two = adjustment("2018-01-01", 2, "");
    assert_ok(px_adjustments_put(&given, &one, false, NULL, err));
    assert_ok(px_adjustments_put(&given, &two, false, NULL, err));
    assert_ok(px_adjustments_add(home, &acme, &given, false, &report, err));
    assert_true(report.n_added == 2 && report.n_same == 0 && report.n_replaced == 0);
    assert_ok(px_adjustments_read(home, &acme, &list, err));
    assert_int_equal(list.n, 2);
    for (size_t i = 0; i < 2; i++) {
        assert_int_equal(list.items[i].ex_date, given.items[i].ex_date);
        assert_true(list.items[i].factor == given.items[i].factor); /* every bit */
        assert_string_equal(list.items[i].note, i ? "" : " one, \"1:3\" ");
    }
    px_adjustments_free(&list);
    assert_ok(px_adjustments_read(home, &other, &list, err));
    assert_int_equal(list.n, 0);
    assert_ok(px_adjustments_list(home, &table, err));
    assert_int_equal(table.n_rows, 2);
    assert_string_equal(px_table_text(&table, 1, 1), "NSE_EQ|ACME");
    assert_string_equal(px_table_text(&table, 2, 1), "2018-01-01");
    px_table_free(&table);
    px_table candles = {0};
    assert_ok(px_candles_list(home, &candles, err)); /* the file is no timeframe */
    assert_int_equal(candles.n_rows, 0);
    px_table_free(&candles);
    px_adjustments_free(&given);
    px_home_close(&home);
}

static void test_added_all_or_none(void **state) {
    (void)state;
    px_home *home = open_home();
    px_instrument acme = instrument_of(home, "ACME");
    px_adjustments given = {0}, list = {0};
    px_adjust_report report;
    add(home, &acme, "2017-09-07", 2);
    put(&given, "2010-01-01", 5);
    put(&given, "2017-09-07", 3);
    assert_fails(px_adjustments_add(home, &acme, &given, false, &report, err), PX_EEXISTS,
                 "ACME: 2017-09-07");
    assert_ok(px_adjustments_read(home, &acme, &list, err));
    assert_true(list.n == 1 && list.items[0].factor == 2);
    px_adjustments_free(&list);
    assert_ok(px_adjustments_add(home, &acme, &given, true, &report, err));
    assert_true(report.n_added == 1 && report.n_same == 0 && report.n_replaced == 1);
    assert_ok(px_adjustments_add(home, &acme, &given, true, &report, err));
    assert_true(report.n_added == 0 && report.n_same == 2 && report.n_replaced == 0);
    assert_fails(px_adjustments_remove(home, &acme, on("2017-09-08"), err), PX_ENOTFOUND,
                 "there are: 2010-01-01, 2017-09-07");
    assert_ok(px_adjustments_remove(home, &acme, on("2017-09-07"), err));
    assert_ok(px_adjustments_remove(home, &acme, on("2010-01-01"), err));
    assert_fails(px_adjustments_remove(home, &acme, on("2010-01-01"), err), PX_ENOTFOUND, "there are: none");
    assert_ok(px_adjustments_read(home, &acme, &list, err));
    assert_int_equal(list.n, 0);
    px_adjustments_free(&given);
    px_home_close(&home);
}

static void test_a_damaged_file_is_named(void **state) {
    (void)state;
    px_home *home = open_home();
    px_instrument acme = instrument_of(home, "ACME");
    px_adjustments list = {0}, given = {0};
    px_table table = {0};
    px_bars bars = make_bars(FIRST_US, 100, 1);
    px_dataset data = {0};
    px_data_request request = {
        .symbol = "ACME", .timeframe_minutes = 5, .start_date = PX_NO_DATE, .end_date = PX_NO_DATE};
    assert_ok(px_candles_merge(home, &acme, 1, &bars, PX_CONFLICT_ERROR, NULL, err));
    add(home, &acme, "2017-09-07", 2);
    write_text(stored_path(), "ex_date,factor,note\n2017-09-07,2,\n2018-09-07,x,\n");
    assert_fails(px_adjustments_read(home, &acme, &list, err), PX_ECORRUPT, "adjustments.csv: line 3");
    assert_fails(px_adjustments_list(home, &table, err), PX_ECORRUPT, "adjustments.csv: line 3");
    put(&given, "2019-01-01", 2);
    assert_fails(px_adjustments_add(home, &acme, &given, true, NULL, err), PX_ECORRUPT, "line 3");
    assert_fails(px_adjustments_remove(home, &acme, on("2017-09-07"), err), PX_ECORRUPT, "line 3");
    assert_fails(px_dataset_load(home, &request, PX_ANCHOR_OPEN, 0, &data, err), PX_ECORRUPT, "line 3");
    px_adjustments_free(&given);
    px_bars_free(&bars);
    px_home_close(&home);
}

/* Processes that add at the same time lose nothing of each other. */
static void test_concurrent_writers(void **state) {
    (void)state;
    enum { N_WRITERS = 4, N_EACH = 25 };
    px_home *home = open_home();
    px_instrument acme = instrument_of(home, "ACME");
    px_home_close(&home);
    for (int w = 0; w < N_WRITERS; w++) {
        pid_t child = fork();
        assert_true(child >= 0);
        if (child)
            continue;
        int code = px_home_open(in_folder("home"), &home, NULL);
        for (int i = 0; !code && i < N_EACH; i++) {
            px_adjustments given = {0};
            px_adjustment one = {18000 + i * N_WRITERS + w, i % 2 ? 2 : 0.5, ""};
            code = px_adjustments_put(&given, &one, false, NULL, NULL);
            if (!code)
                code = px_adjustments_add(home, &acme, &given, false, NULL, NULL);
            px_adjustments_free(&given);
        }
        _exit(code);
    }
    for (int w = 0; w < N_WRITERS; w++) {
        int exit_status = 1;
        assert_true(wait(&exit_status) > 0);
        assert_int_equal(exit_status, 0);
    }
    px_adjustments list = {0};
    home = open_home();
    assert_ok(px_adjustments_read(home, &acme, &list, err));
    assert_int_equal(list.n, N_WRITERS * N_EACH);
    px_adjustments_free(&list);
    px_home_close(&home);
}

/* ---- what the bars say -------------------------------------------------------------------------------- */

/* One-minute bars of two sessions, 2022-08-16 at 1000 and 2022-08-17 at `price`. */
static px_bars two_days(double price) {
    px_bars bars = {0};
    for (int i = 0; i < 20; i++) {
        double at = i < 10 ? 1000 : price;
        px_bar bar = {FIRST_US + (i < 10 ? 0 : PX_US_PER_DAY) + i % 10 * PX_US_PER_MINUTE, at, at, at, at, 5};
        assert_ok(px_bars_append(&bars, &bar, err));
    }
    /* a trade before the open, which tells nothing */
    px_bar stray = {FIRST_US + PX_US_PER_DAY - PX_US_PER_MINUTE, 77, 77, 77, 77, 1};
    assert_ok(px_bars_append(&bars, &stray, err));
    assert_ok(px_bars_normalize(&bars, NULL, NULL, NULL, err));
    return bars;
}

static void test_verdicts(void **state) {
    (void)state;
    static const struct {
        double price, factor;
        px_adjustment_verdict verdict;
    } cases[] = {
        {500, 2, PX_ADJUSTMENT_FITS},       {500, 0.5, PX_ADJUSTMENT_INVERTED},
        {560, 2, PX_ADJUSTMENT_FITS},       {1000, 2, PX_ADJUSTMENT_NO_JUMP},
        {1000, 0.1, PX_ADJUSTMENT_NO_JUMP}, {10200, 0.1, PX_ADJUSTMENT_FITS},
        {9900, 10, PX_ADJUSTMENT_INVERTED}, {950, 1.1, PX_ADJUSTMENT_SMALL},
        {1100, 1.1, PX_ADJUSTMENT_SMALL},   {740, 4.0 / 3, PX_ADJUSTMENT_FITS},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        char name[32];
        px_home *home = open_home();
        snprintf(name, sizeof name, "S%zu", i);
        px_instrument instrument = instrument_of(home, name);
        px_bars bars = two_days(cases[i].price);
        px_adjustment_effect effect;
        assert_ok(px_candles_merge(home, &instrument, 1, &bars, PX_CONFLICT_ERROR, NULL, err));
        add(home, &instrument, "2022-08-17", cases[i].factor);
        add(home, &instrument, "2023-08-17", 3); /* both sides alike */
        assert_ok(px_adjustment_look(home, &instrument, on("2022-08-17"), &effect, err));
        assert_int_equal(effect.verdict, cases[i].verdict);
        assert_true(effect.before_us == FIRST_US + 9 * PX_US_PER_MINUTE &&
                    effect.after_us == FIRST_US + PX_US_PER_DAY);
        assert_true(effect.close_before == 1000 && effect.open_after == cases[i].price);
        assert_true(effect.ratio_raw == cases[i].price / 1000);
        assert_true(fabs(effect.ratio_adjusted / (effect.ratio_raw * cases[i].factor) - 1) < 1e-12);
        px_bars_free(&bars);
        px_home_close(&home);
    }
}

static void test_ex_dates_outside_the_bars(void **state) {
    (void)state;
    px_home *home = open_home();
    px_instrument acme = instrument_of(home, "ACME"), empty = instrument_of(home, "EMPTY");
    px_bars bars = two_days(500);
    px_adjustment_effect effect;
    assert_ok(px_candles_merge(home, &acme, 1, &bars, PX_CONFLICT_ERROR, NULL, err));
    add(home, &acme, "2020-01-01", 2);
    add(home, &acme, "2024-01-01", 2);
    add(home, &empty, "2024-01-01", 2);
    assert_ok(px_adjustment_look(home, &acme, on("2020-01-01"), &effect, err));
    assert_true(effect.verdict == PX_ADJUSTMENT_NO_BARS && effect.before_us == PX_NULL_I64 &&
                effect.after_us == FIRST_US && isnan(effect.ratio_raw));
    assert_ok(px_adjustment_look(home, &acme, on("2024-01-01"), &effect, err));
    assert_true(effect.verdict == PX_ADJUSTMENT_NO_BARS && effect.after_us == PX_NULL_I64 &&
                effect.close_before == 500);
    assert_ok(px_adjustment_look(home, &empty, on("2024-01-01"), &effect, err));
    assert_true(effect.before_us == PX_NULL_I64 && effect.after_us == PX_NULL_I64);
    assert_fails(px_adjustment_look(home, &acme, on("2024-01-02"), &effect, err), PX_ENOTFOUND, "2024-01-02");
    px_bars_free(&bars);
    px_home_close(&home);
}

/* ---- requests for bars -------------------------------------------------------------------------------- */

static px_dataset load(px_home *home, const char *symbol, int32_t end_date) {
    px_dataset data = {0};
    px_data_request request = {
        .symbol = symbol, .timeframe_minutes = 5, .start_date = PX_NO_DATE, .end_date = end_date};
    assert_ok(px_dataset_load(home, &request, PX_ANCHOR_OPEN, 0, &data, err));
    return data;
}

static void test_datasets_are_adjusted(void **state) {
    (void)state;
    px_home *home = open_home();
    px_instrument acme = instrument_of(home, "ACME");
    px_bars bars = two_days(500);
    assert_ok(px_candles_merge(home, &acme, 1, &bars, PX_CONFLICT_ERROR, NULL, err));
    px_dataset raw = load(home, "ACME", PX_NO_DATE);
    add(home, &acme, "2020-01-01", 7); /* before all bars: nothing of it */
    px_dataset same = load(home, "ACME", PX_NO_DATE);
    assert_same_bars(&raw.bars, &same.bars);
    assert_string_equal(raw.fingerprint, same.fingerprint);
    assert_int_equal(same.adjustments.n, 0);
    add(home, &acme, "2022-08-17", 2);
    px_dataset data = load(home, "ACME", PX_NO_DATE);
    assert_string_not_equal(raw.fingerprint, data.fingerprint);
    assert_int_equal(data.adjustments.n, 1);
    assert_non_null(strstr(data.source, ", adjusted: 2022-08-17 by 2"));
    assert_int_equal(data.bars.n, 4);
    for (size_t i = 0; i < 4; i++)
        assert_true(data.bars.close[i] == 500 && data.bars.volume[i] == (i < 2 ? 50 : 25));
    px_dataset first = load(home, "ACME", on("2022-08-16")); /* the first rows of the whole */
    assert_int_equal(first.bars.n, 2);
    assert_memory_equal(first.bars.close, data.bars.close, 2 * sizeof(double));
    assert_memory_equal(first.bars.volume, data.bars.volume, 2 * sizeof(double));
    px_bars stored = read_all(home, &acme, 1);
    assert_same_bars(&bars, &stored); /* as they were traded */
    assert_ok(px_adjustments_remove(home, &acme, on("2022-08-17"), err));
    px_dataset again = load(home, "ACME", PX_NO_DATE);
    assert_string_equal(raw.fingerprint, again.fingerprint);
    px_dataset *all[] = {&raw, &same, &data, &first, &again};
    for (size_t i = 0; i < sizeof all / sizeof *all; i++)
        px_dataset_free(all[i]);
    px_bars_free(&stored);
    px_bars_free(&bars);
    px_home_close(&home);
}

/* Bars that were adjusted by hand are the same bars, but not the same data. */
static void test_the_list_is_in_the_fingerprint(void **state) {
    (void)state;
    px_home *home = open_home();
    px_bars raw = two_days(500), halved = two_days(500);
    for (size_t i = 0; i < halved.n && halved.ts_us[i] < FIRST_US + PX_US_PER_DAY - PX_US_PER_DAY / 4; i++) {
        double *prices[] = {halved.open, halved.high, halved.low, halved.close};
        for (size_t c = 0; c < 4; c++)
            prices[c][i] /= 2;
        halved.volume[i] *= 2;
    }
    px_instrument acme = instrument_of(home, "ACME");
    assert_ok(px_candles_merge(home, &acme, 1, &halved, PX_CONFLICT_ERROR, NULL, err));
    px_dataset by_hand = load(home, "ACME", PX_NO_DATE);
    assert_ok(px_candles_merge(home, &acme, 1, &raw, PX_CONFLICT_REPLACE, NULL, err));
    add(home, &acme, "2022-08-17", 2);
    px_dataset data = load(home, "ACME", PX_NO_DATE);
    assert_same_bars(&by_hand.bars, &data.bars);
    assert_string_not_equal(by_hand.fingerprint, data.fingerprint);
    px_dataset_free(&by_hand);
    px_dataset_free(&data);
    px_bars_free(&raw);
    px_bars_free(&halved);
    px_home_close(&home);
}

static void test_bars_in_place(void **state) {
    (void)state;
    px_dataset data = {0};
    px_bars bars = two_days(500);
    char input[400], list[400];
    snprintf(input, sizeof input, "%s", in_folder("ACME.csv"));
    snprintf(list, sizeof list, "%s", in_folder("list.csv"));
    px_data_request request = {.input = input,
                               .timeframe_minutes = 5,
                               .start_date = PX_NO_DATE,
                               .end_date = PX_NO_DATE,
                               .input_adjustments = list};
    assert_ok(px_bars_export(&bars, NULL, NULL, input, err));
    write_text(list, "ex_date,factor\n2022-08-17,2\n");
    request.exchange = "24x7"; /* the file's times are UTC */
    assert_ok(px_dataset_load(NULL, &request, PX_ANCHOR_OPEN, 0, &data, err));
    assert_true(data.bars.close[0] == 500 && data.bars.close[data.bars.n - 1] == 500);
    px_dataset_free(&data);
    write_text(list, "ex_date,factor\n2022-08-17,two\n");
    assert_fails(px_dataset_load(NULL, &request, PX_ANCHOR_OPEN, 0, &data, err), PX_EINPUT,
                 "list.csv: line 2");
    px_home *home = open_home();
    request.input = NULL;
    request.symbol = "ACME";
    assert_fails(px_dataset_load(home, &request, PX_ANCHOR_OPEN, 0, &data, err), PX_EINPUT, "read in place");
    px_home_close(&home);
    px_bars_free(&bars);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_factors_from_text),
        cmocka_unit_test(test_one_a_date),
        cmocka_unit_test(test_what_cannot_be_one),
        cmocka_unit_test(test_applied_by_hand),
        STORE_TEST(test_files),
        STORE_TEST(test_files_that_are_none),
        STORE_TEST(test_stored_and_read_back),
        STORE_TEST(test_added_all_or_none),
        STORE_TEST(test_a_damaged_file_is_named),
        STORE_TEST(test_concurrent_writers),
        STORE_TEST(test_verdicts),
        STORE_TEST(test_ex_dates_outside_the_bars),
        STORE_TEST(test_datasets_are_adjusted),
        STORE_TEST(test_the_list_is_in_the_fingerprint),
        STORE_TEST(test_bars_in_place),
    };
    return cmocka_run_group_tests_name("adjustments", tests, NULL, NULL);
}
