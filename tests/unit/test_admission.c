// SPDX-License-Identifier: Apache-2.0
/* Bars on their way into the store: what each check must notice, and that clean bars pass it. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "pixity/admission.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define MINUTE PX_US_PER_MINUTE

static px_calendar *nse, *xnys, *always;

static int32_t date(int year, int month, int day) {
    return px_date_from_civil((px_civil){year, month, day});
}

static void append(px_bars *bars, int64_t ts_us) {
    const size_t i = bars->n;
    const px_bar bar = {ts_us, 100, 101, 99, 100.5, 100.0 + (double)(i * 7919 % 1000)};
    assert_int_equal(px_bars_append(bars, &bar, NULL), PX_OK);
}

/* Whole sessions, from a date on; daily bars at local midnight. */
static px_bars clean_bars(const px_calendar *calendar, int32_t from, int n_days, int minutes) {
    px_bars bars = {0};
    for (int32_t day = from; n_days > 0; day++) {
        const px_session session = px_calendar_session(calendar, day);
        if (!session.n_intervals)
            continue;
        n_days--;
        if (minutes == PX_TIMEFRAME_DAY)
            append(&bars, session.midnight_us);
        else
            for (int64_t ts = session.open_us; ts < session.close_us; ts += minutes * MINUTE)
                append(&bars, ts);
    }
    return bars;
}

static px_admission_config usual(const px_calendar *calendar, int minutes) {
    return (px_admission_config){
        .calendar = calendar, .timeframe_minutes = minutes, .now_us = INT64_MAX, .file_us = INT64_MAX};
}

static px_admission admit(const px_admission_config *config, px_bars *bars) {
    px_admission out = {0};
    assert_int_equal(px_bars_admit(config, bars, &out, NULL), PX_OK);
    return out;
}

static void assert_quiet(const px_admission_config *config, px_bars *bars) {
    const px_admission out = admit(config, bars);
    if (out.n)
        fail_msg("%s, %d minutes: %s: %s", px_calendar_name(config->calendar), config->timeframe_minutes,
                 px_admission_name(out.notes[0].check), out.notes[0].text);
}

static px_admission_note only_note(const px_admission_config *config, px_bars *bars, px_admission_check check,
                                   px_admission_verdict verdict) {
    const px_admission out = admit(config, bars);
    assert_int_equal(out.n, 1);
    if (out.notes[0].check != check || out.notes[0].verdict != verdict)
        fail_msg("%s: %s", px_admission_name(out.notes[0].check), out.notes[0].text);
    assert_int_equal(out.is_refused, verdict == PX_ADMISSION_REFUSED);
    if (*out.notes[0].option)
        assert_non_null(strstr(out.notes[0].text, out.notes[0].option));
    return out.notes[0];
}

static void test_clean_bars_pass(void **state) {
    static const int timeframes[] = {1, 2, 3, 5, 10, 15, 30, 60, 120, 240, 1440};
    const px_calendar *calendars[] = {nse, xnys, always};
    (void)state;
    for (size_t c = 0; c < 3; c++)
        for (size_t t = 0; t < sizeof timeframes / sizeof *timeframes; t++)
            for (int n_days = 1; n_days < 8; n_days += 3) {
                px_bars bars = clean_bars(calendars[c], date(2024, 3, 4), n_days, timeframes[t]);
                const px_admission_config config = usual(calendars[c], timeframes[t]);
                assert_quiet(&config, &bars);
                if (bars.n > 3) { /* an excerpt */
                    px_bars part = px_bars_slice(&bars, 1, bars.n - 1);
                    assert_quiet(&config, &part);
                }
                px_bars_free(&bars);
            }
}

/* An evening of a holiday that the calendar does not know, and trading before and after hours. */
static void test_trading_at_other_times_passes(void **state) {
    px_bars bars = {0};
    const px_session sunday = px_calendar_session(nse, date(2035, 11, 11));
    (void)state;
    for (int i = 0; i < 60; i++)
        append(&bars, sunday.midnight_us + (18 * 60 + i) * MINUTE);
    const px_admission_config evening = usual(nse, 1), us = usual(xnys, 5);
    assert_quiet(&evening, &bars);
    px_bars_free(&bars);
    for (int32_t day = date(2024, 3, 4); day < date(2024, 3, 9); day++)
        for (int minute = 4 * 60; minute < 20 * 60; minute += 5)
            append(&bars, px_calendar_session(xnys, day).midnight_us + minute * MINUTE);
    assert_quiet(&us, &bars);
    px_bars_free(&bars);
}

/* Wall times of one zone, taken for those of the calendar's. */
static void misread(px_bars *bars, const px_calendar *calendar, const px_zone *written_in) {
    for (size_t i = 0; i < bars->n; i++)
        bars->ts_us[i] = px_zone_to_utc(px_calendar_zone(calendar),
                                        bars->ts_us[i] + px_zone_offset_us(written_in, bars->ts_us[i]));
}

static void test_another_zone_is_named(void **state) {
    static const char *const zones[] = {
        "UTC",        "America/New_York", "Asia/Kolkata", "Europe/Berlin", "Asia/Singapore",
        "Asia/Tokyo", "Australia/Sydney", "-05:30"};
    const px_calendar *calendars[] = {nse, xnys};
    static const int timeframes[] = {1, 5, 15, 60};
    (void)state;
    for (size_t c = 0; c < 2; c++)
        for (size_t z = 0; z < sizeof zones / sizeof *zones; z++)
            for (size_t t = 0; t < 4; t++) {
                px_zone *zone = NULL;
                assert_int_equal(px_zone_open(zones[z], &zone, NULL), PX_OK);
                px_bars bars = clean_bars(calendars[c], date(2024, 6, 3), 5, timeframes[t]);
                const int64_t first_us = bars.ts_us[0];
                if (px_zone_offset_us(zone, first_us) !=
                    px_zone_offset_us(px_calendar_zone(calendars[c]), first_us)) {
                    const px_admission_config config = usual(calendars[c], timeframes[t]);
                    misread(&bars, calendars[c], zone);
                    const int64_t read_us = bars.ts_us[0];
                    const px_admission out = admit(&config, &bars);
                    /* of zones that are an hour or two off, half the day fits: nothing is said */
                    if (out.n && out.notes[0].check == PX_ADMISSION_ZONE) {
                        px_zone *named = NULL;
                        assert_int_equal(px_zone_open(out.notes[0].option + 5, &named, NULL), PX_OK);
                        const int64_t again = px_zone_to_utc(
                            named, read_us + px_zone_offset_us(px_calendar_zone(calendars[c]), read_us));
                        if (timeframes[t] < 60 && again != first_us)
                            fail_msg("%s as %s: %s", zones[z], px_calendar_name(calendars[c]),
                                     out.notes[0].text);
                        px_zone_close(&named);
                    } else {
                        const int64_t off =
                            llabs(px_zone_offset_us(zone, first_us) -
                                  px_zone_offset_us(px_calendar_zone(calendars[c]), first_us));
                        if (off >= 240 * MINUTE && off <= 1440 * MINUTE - 240 * MINUTE)
                            fail_msg("%s as %s, %dm: not noticed", zones[z], px_calendar_name(calendars[c]),
                                     timeframes[t]);
                    }
                }
                px_bars_free(&bars);
                px_zone_close(&zone);
            }
}

static void test_utc_is_named_first(void **state) {
    px_bars bars = clean_bars(nse, date(2024, 1, 8), 3, 1);
    px_admission_config config = usual(nse, 1);
    (void)state;
    misread(&bars, nse, NULL);
    const px_admission_note note = only_note(&config, &bars, PX_ADMISSION_ZONE, PX_ADMISSION_REFUSED);
    assert_string_equal(note.option, "--tz UTC");
    assert_int_equal(note.n_bars, bars.n);
    px_bars_free(&bars);
}

/* Hours of a day's own tell zones and ends as ordinary ones do; bars that lie in none of them are those of an
 * ordinary day. */
static void test_days_with_hours_of_their_own(void **state) {
    const px_session muhurat = px_calendar_session(nse, date(2017, 10, 19));
    const px_session sunday = px_calendar_session(nse, date(2024, 3, 10));
    const px_admission_config config = usual(nse, 1);
    const int64_t ordinary_us = muhurat.midnight_us + (9 * 60 + 15) * MINUTE;
    const struct {
        int64_t first_us;
        int n;
    } days[] = {{muhurat.intervals[0].begin_us, 60},
                {ordinary_us, 375},
                {sunday.midnight_us + (9 * 60 + 15) * MINUTE, 375}};
    (void)state;
    for (size_t d = 0; d < 3; d++) {
        px_bars bars = {0};
        for (int i = 0; i < days[d].n; i++)
            append(&bars, days[d].first_us + i * MINUTE);
        assert_quiet(&config, &bars);
        misread(&bars, nse, NULL);
        px_admission_note note = only_note(&config, &bars, PX_ADMISSION_ZONE, PX_ADMISSION_REFUSED);
        assert_string_equal(note.option, "--tz UTC");
        for (size_t i = 0; i < bars.n; i++)
            bars.ts_us[i] = days[d].first_us + ((int64_t)i + 1) * MINUTE;
        note = only_note(&config, &bars, PX_ADMISSION_STAMP, PX_ADMISSION_REFUSED);
        assert_string_equal(note.option, "--stamp close");
        px_bars_free(&bars);
    }
}

/* An hour or two off, a day of an evening session among others has its bars outside either way. */
static void test_an_evening_among_days_of_a_near_zone(void **state) {
    const px_admission_config config = usual(nse, 5);
    px_zone *dubai = NULL;
    px_bars bars = {0};
    (void)state;
    assert_int_equal(px_zone_open("Asia/Dubai", &dubai, NULL), PX_OK);
    for (int32_t day = date(2017, 10, 18); day <= date(2017, 10, 20); day++)
        for (int i = 0; i < 75; i++)
            append(&bars, px_calendar_session(nse, day).midnight_us + (9 * 60 + 15 + 5 * i) * MINUTE);
    assert_quiet(&config, &bars);
    misread(&bars, nse, dubai);
    const px_admission_note note = only_note(&config, &bars, PX_ADMISSION_ZONE, PX_ADMISSION_REFUSED);
    assert_string_equal(note.option, "--tz Asia/Dubai");
    px_bars_free(&bars);
    px_zone_close(&dubai);
}

/* The bars of a morning so far have no hour of another zone to lie in but UTC's. */
static void test_bars_of_an_hour(void **state) {
    const px_session monday = px_calendar_session(nse, date(2024, 1, 8));
    const px_admission_config config = usual(nse, 1);
    px_bars bars = {0};
    (void)state;
    for (int i = 0; i < 90; i++)
        append(&bars, monday.open_us + i * MINUTE);
    misread(&bars, nse, NULL);
    const px_admission_note note = only_note(&config, &bars, PX_ADMISSION_ZONE, PX_ADMISSION_REFUSED);
    assert_string_equal(note.option, "--tz UTC");
    for (size_t i = 0; i < bars.n; i++)
        bars.ts_us[i] = monday.close_us + ((int64_t)i + 10) * MINUTE;
    assert_quiet(&config, &bars);
    px_bars_free(&bars);
}

/* Epochs of wall time as if it were UTC. */
static void test_instants_of_wall_time(void **state) {
    px_bars bars = clean_bars(nse, date(2024, 1, 8), 3, 5);
    px_admission_config config = usual(nse, 5);
    (void)state;
    for (size_t i = 0; i < bars.n; i++)
        bars.ts_us[i] += 330 * MINUTE;
    config.are_instants = true;
    const px_admission_note note = only_note(&config, &bars, PX_ADMISSION_ZONE, PX_ADMISSION_REFUSED);
    assert_non_null(strstr(note.text, "5:30 earlier"));
    px_bars_free(&bars);
}

static void test_times_of_ends(void **state) {
    static const int timeframes[] = {1, 3, 5, 15, 30, 60, 240};
    const px_calendar *calendars[] = {nse, xnys};
    (void)state;
    for (size_t c = 0; c < 2; c++)
        for (size_t t = 0; t < sizeof timeframes / sizeof *timeframes; t++)
            for (int64_t less = 0; less <= PX_US_PER_SECOND; less += PX_US_PER_SECOND) {
                px_admission_config config = usual(calendars[c], timeframes[t]);
                px_bars bars = clean_bars(calendars[c], date(2024, 6, 3), 4, timeframes[t]);
                for (size_t i = 0; i < bars.n; i++) {
                    px_session session =
                        px_calendar_session(calendars[c], px_calendar_date(calendars[c], bars.ts_us[i]));
                    bars.ts_us[i] = px_session_bar_end(&session, bars.ts_us[i], timeframes[t]) - less;
                }
                const px_admission_note note =
                    only_note(&config, &bars, PX_ADMISSION_STAMP, PX_ADMISSION_REFUSED);
                assert_string_equal(note.option, "--stamp close");
                px_bars_free(&bars);
            }
}

static void test_two_timeframes_in_one_series(void **state) {
    const px_admission_config config = usual(nse, 1);
    px_bars bars = clean_bars(nse, date(2024, 6, 3), 3, 1), five = clean_bars(nse, date(2024, 6, 10), 3, 5);
    (void)state;
    for (size_t i = 0; i < five.n; i++)
        append(&bars, five.ts_us[i]);
    const px_admission_note note = only_note(&config, &bars, PX_ADMISSION_MIXED, PX_ADMISSION_REFUSED);
    assert_int_equal(note.n_bars, five.n);
    assert_non_null(strstr(note.text, "2024-06-10"));
    px_bars_free(&bars);
    px_bars_free(&five);
}

static void test_a_grid_of_the_clock(void **state) {
    px_bars bars = {0};
    const px_admission_config config = usual(nse, 30);
    (void)state;
    for (int32_t day = date(2024, 6, 3); day < date(2024, 6, 6); day++)
        for (int minute = 9 * 60; minute < 15 * 60 + 30; minute += 30)
            append(&bars, px_calendar_session(nse, day).midnight_us + minute * MINUTE);
    const px_admission_note note = only_note(&config, &bars, PX_ADMISSION_GRID, PX_ADMISSION_SAID);
    assert_int_equal(note.n_bars, bars.n);
    assert_non_null(strstr(note.text, "09:00"));
    px_bars_free(&bars);
}

static void test_days_of_other_zones(void **state) {
    static const struct {
        bool us;
        int64_t shift_us;
    } cases[] = {
        {false, -330 * MINUTE},   /* 18:30 of the day before, as if it were local */
        {false, -PX_US_PER_DAY},  /* one date early */
        {false, PX_US_PER_DAY},   /* one date late */
        {true, -5 * 60 * MINUTE}, /* midnight of UTC */
    };
    (void)state;
    for (size_t c = 0; c < sizeof cases / sizeof *cases; c++) {
        const px_calendar *calendar = cases[c].us ? xnys : nse;
        px_bars right = clean_bars(calendar, date(2024, 1, 8), 15, 1440);
        px_bars bars = clean_bars(calendar, date(2024, 1, 8), 15, 1440);
        const px_admission_config config = usual(calendar, 1440);
        for (size_t i = 0; i < bars.n; i++)
            bars.ts_us[i] += cases[c].shift_us;
        only_note(&config, &bars, PX_ADMISSION_DAYS, PX_ADMISSION_CHANGED);
        for (size_t i = 0; i < bars.n; i++)
            assert_int_equal(bars.ts_us[i], right.ts_us[i]);
        px_bars_free(&bars);
        px_bars_free(&right);
    }
}

static void test_days_of_another_market_are_refused(void **state) {
    px_bars bars = clean_bars(always, date(2024, 1, 8), 30, 1440);
    const px_admission_config config = usual(nse, 1440);
    (void)state;
    const px_admission_note note = only_note(&config, &bars, PX_ADMISSION_DAYS, PX_ADMISSION_REFUSED);
    assert_int_equal(note.n_bars, 7); /* 20 January was a Saturday of trading */
    px_bars_free(&bars);
}

static void make_cumulative(px_bars *bars, const px_calendar *calendar) {
    for (size_t i = 1; i < bars->n; i++)
        if (px_calendar_date(calendar, bars->ts_us[i]) == px_calendar_date(calendar, bars->ts_us[i - 1]))
            bars->volume[i] += bars->volume[i - 1];
}

static void test_volume_of_the_day_so_far(void **state) {
    const px_calendar *calendars[] = {nse, xnys, always};
    (void)state;
    for (size_t c = 0; c < 3; c++) {
        px_bars right = clean_bars(calendars[c], date(2024, 1, 8), 3, 5);
        px_bars bars = clean_bars(calendars[c], date(2024, 1, 8), 3, 5);
        px_admission_config config = usual(calendars[c], 5);
        make_cumulative(&bars, calendars[c]);
        config.volume = PX_VOLUME_TRADED;
        assert_quiet(&config, &bars);
        config.volume = PX_VOLUME_SEEN;
        only_note(&config, &bars, PX_ADMISSION_VOLUME, PX_ADMISSION_CHANGED);
        assert_memory_equal(bars.volume, right.volume, bars.n * sizeof *bars.volume);
        config.volume = PX_VOLUME_CUMULATIVE;
        make_cumulative(&bars, calendars[c]);
        only_note(&config, &bars, PX_ADMISSION_VOLUME, PX_ADMISSION_CHANGED);
        assert_memory_equal(bars.volume, right.volume, bars.n * sizeof *bars.volume);
        memset(bars.volume, 0, bars.n * sizeof *bars.volume); /* an index */
        config.volume = PX_VOLUME_SEEN;
        assert_quiet(&config, &bars);
        px_bars_free(&bars);
        px_bars_free(&right);
    }
}

static void test_a_bar_that_goes_on(void **state) {
    static const int timeframes[] = {1, 15, 1440};
    (void)state;
    for (size_t t = 0; t < 3; t++)
        for (int by_file = 0; by_file < 2; by_file++) {
            px_admission_config config = usual(nse, timeframes[t]);
            int64_t *clock = by_file ? &config.file_us : &config.now_us;
            px_bars bars = clean_bars(nse, date(2024, 1, 8), 3, timeframes[t]);
            const size_t n = bars.n;
            const px_session session = px_calendar_session(nse, date(2024, 1, 10));
            *clock = session.close_us; /* it has just ended */
            assert_quiet(&config, &bars);
            *clock = session.close_us - 1;
            only_note(&config, &bars, PX_ADMISSION_UNFINISHED, PX_ADMISSION_CHANGED);
            assert_int_equal(bars.n, n - 1);
            *clock = date(2001, 1, 1) * PX_US_PER_DAY; /* a clock that says nothing of these bars */
            assert_quiet(&config, &bars);
            px_bars_free(&bars);
        }
}

static int open_calendars(void **state) {
    (void)state;
    return px_calendar_open("NSE", &nse, NULL) || px_calendar_open("XNYS", &xnys, NULL) ||
           px_calendar_open("24x7", &always, NULL);
}

static int close_calendars(void **state) {
    (void)state;
    px_calendar_close(&nse);
    px_calendar_close(&xnys);
    px_calendar_close(&always);
    return 0;
}

/* ---- rejected rows --------------------------------------------------------------------------------------
 */

/* The verdict on n rejected of n_rows of a file that is one series, with such a stretch; -1 = no word. */
static int verdict_on(px_rejected rejected, bool keep_good, bool as_is) {
    px_admission_config config = usual(nse, 1);
    px_bars bars = clean_bars(nse, date(2022, 8, 1), 1, 1);
    rejected.first = (px_rejection){.line = 7, .reason = "high below low"};
    config.of_file = config.of_series = rejected;
    config.keep_good = keep_good;
    config.as_is = as_is;
    const px_admission out = admit(&config, &bars);
    assert_int_equal(bars.n, 375);
    px_bars_free(&bars);
    assert_true(out.n <= 1);
    if (!out.n)
        return -1;
    assert_string_equal(px_admission_name(out.notes[0].check), "rejected_row");
    assert_non_null(strstr(out.notes[0].text, "the first is line 7: high below low"));
    assert_int_equal(out.is_refused, out.notes[0].verdict == PX_ADMISSION_REFUSED);
    assert_string_equal(out.notes[0].option, out.is_refused ? "--keep-good" : "");
    return out.notes[0].verdict;
}

static void test_rejected_rows(void **state) {
    (void)state;
    static const struct {
        px_rejected rejected;
        int verdict;
    } cases[] = {
        {{.n_rows = 1000}, -1},
        {{.n_rows = 1000, .n = 10, .longest = 1}, PX_ADMISSION_SAID},
        {{.n_rows = 1000, .n = 11, .longest = 1}, PX_ADMISSION_REFUSED},
        {{.n_rows = 100000, .n = 10, .longest = 10}, PX_ADMISSION_SAID},
        {{.n_rows = 100000, .n = 11, .longest = 11}, PX_ADMISSION_REFUSED},
        {{.n_rows = 20, .n = 1, .longest = 1}, PX_ADMISSION_REFUSED},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        assert_int_equal(verdict_on(cases[i].rejected, false, false), cases[i].verdict);
        assert_int_equal(verdict_on(cases[i].rejected, false, true), cases[i].verdict);
        assert_int_equal(verdict_on(cases[i].rejected, true, false),
                         cases[i].verdict == PX_ADMISSION_REFUSED ? PX_ADMISSION_SAID : cases[i].verdict);
    }
}

/* A short series of a large file may lose a row, a long one not its tenth part. */
static void test_rejected_rows_of_a_series(void **state) {
    (void)state;
    px_admission_config config = usual(nse, 1);
    px_bars bars = clean_bars(nse, date(2022, 8, 1), 1, 1);
    config.of_file = (px_rejected){.n_rows = 100000, .n = 40, .longest = 1};
    config.of_series = (px_rejected){.n_rows = 3, .n = 1, .longest = 1};
    assert_false(admit(&config, &bars).is_refused);
    config.of_series = (px_rejected){.n_rows = 400, .n = 40, .longest = 1};
    assert_true(admit(&config, &bars).is_refused);
    px_bars_free(&bars);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_rejected_rows),
        cmocka_unit_test(test_rejected_rows_of_a_series),
        cmocka_unit_test(test_clean_bars_pass),
        cmocka_unit_test(test_trading_at_other_times_passes),
        cmocka_unit_test(test_another_zone_is_named),
        cmocka_unit_test(test_utc_is_named_first),
        cmocka_unit_test(test_days_with_hours_of_their_own),
        cmocka_unit_test(test_an_evening_among_days_of_a_near_zone),
        cmocka_unit_test(test_bars_of_an_hour),
        cmocka_unit_test(test_instants_of_wall_time),
        cmocka_unit_test(test_times_of_ends),
        cmocka_unit_test(test_two_timeframes_in_one_series),
        cmocka_unit_test(test_a_grid_of_the_clock),
        cmocka_unit_test(test_days_of_other_zones),
        cmocka_unit_test(test_days_of_another_market_are_refused),
        cmocka_unit_test(test_volume_of_the_day_so_far),
        cmocka_unit_test(test_a_bar_that_goes_on),
    };
    return cmocka_run_group_tests(tests, open_calendars, close_calendars);
}
