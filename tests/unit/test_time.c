// SPDX-License-Identifier: Apache-2.0
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "base/rng.h"
#include "time/zone.h"
#include "pixity/time.h"

#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static px_zone *zone_of(const char *name) {
    px_zone *zone = NULL;
    px_error err = {0};
    if (px_zone_open(name, &zone, &err) != PX_OK)
        fail_msg("%s", err.message);
    return zone;
}

static bool has_zone_files(void) {
    px_zone *zone = NULL;
    bool there = px_zone_open("Europe/London", &zone, NULL) == PX_OK;
    px_zone_close(&zone);
    return there;
}

#define SKIP_WITHOUT_ZONE_FILES()                                                                            \
    if (!has_zone_files()) {                                                                                 \
        print_message("# no zone files on this system\n");                                                   \
        skip();                                                                                              \
    }

/* ---- dates ----------------------------------------------------------------------------------------------
 */

static void test_dates_count_days(void **state) {
    (void)state;
    static const struct {
        px_civil civil;
        int32_t date;
        int weekday;
    } cases[] = {
        {{1970, 1, 1}, 0, 3},      {{1969, 12, 31}, -1, 2},   {{2000, 2, 29}, 11016, 1},
        {{1900, 3, 1}, -25508, 3}, {{2022, 8, 16}, 19220, 1}, {{2199, 12, 31}, 84005, 1},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        px_civil back = px_civil_from_date(cases[i].date);
        assert_int_equal(px_date_from_civil(cases[i].civil), cases[i].date);
        assert_memory_equal(&back, &cases[i].civil, sizeof back);
        assert_int_equal(px_date_weekday(cases[i].date), cases[i].weekday);
    }
}

/* Every day of five centuries is the day after the one before. */
static void test_dates_follow_each_other(void **state) {
    (void)state;
    static const int lengths[] = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
    int32_t date = px_date_from_civil((px_civil){1800, 1, 1});
    for (int32_t year = 1800; year < 2300; year++)
        for (int32_t month = 1; month <= 12; month++) {
            bool leap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
            for (int32_t day = 1; day <= lengths[month - 1] + (month == 2 && leap); day++, date++) {
                px_civil civil = px_civil_from_date(date);
                assert_true(civil.year == year && civil.month == month && civil.day == day);
                assert_int_equal(px_date_from_civil(civil), date);
            }
        }
}

static void test_date_parse(void **state) {
    (void)state;
    static const char *const wrong[] = {
        "",           "2022",        "2022-13-01",  "2022-00-10", "2022-02-30", "2023-02-29",
        "2022-04-31", "2022-1-1",    "20220816",    "2022/08/16", "0001-01-01", "2200-01-01",
        "22-08-16",   "2022-08-16 ", "2022-08-16x", "today",      "-2022-08-16"};
    int32_t date = 7;
    assert_int_equal(px_date_parse("2022-08-16", &date, NULL), PX_OK);
    assert_int_equal(date, 19220);
    for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++) {
        px_error err = {0};
        if (px_date_parse(wrong[i], &date, &err) != PX_EINPUT)
            fail_msg("\"%s\" was taken for a date", wrong[i]);
        assert_non_null(strstr(err.message, wrong[i]));
        assert_int_equal(date, 19220);
    }
}

/* ---- forms of times -------------------------------------------------------------------------------------
 */

/* 2022-08-16 09:15:00 in Kolkata. */
#define OPEN_US INT64_C(1660621500000000)

static void test_time_forms(void **state) {
    (void)state;
    static const struct {
        const char *text;
        int64_t ts_us;
    } cases[] = {
        {"2022-08-16 09:15:00", OPEN_US},
        {"2022-08-16T09:15:00", OPEN_US},
        {"2022-08-16 09:15", OPEN_US},
        {"2022-08-16T09:15", OPEN_US},
        {"20220816T091500", OPEN_US},
        {"20220816 09:15", OPEN_US},
        {"20220816 0915", OPEN_US},
        {"2022-08-16T09:15:00+0530", OPEN_US},
        {"2022-08-16T09:15:00+05:30", OPEN_US},
        {"2022-08-16 09:15:00 +05:30", OPEN_US},
        {"2022-08-16T03:45:00Z", OPEN_US},
        {"2022-08-16T03:45:00z", OPEN_US},
        {"2022-08-16T03:45+00", OPEN_US},
        {"2022-08-15T22:45:00-05", OPEN_US},
        {"2022-08-15T22:15:00-05:30", OPEN_US},
        {"2022-08-16T04:04:32+00:19:32", OPEN_US}, /* as local mean times are written */
        {"2022-08-16 09:15:00.5", OPEN_US + 500000},
        {"2022-08-16 09:15:00,25", OPEN_US + 250000},
        {"2022-08-16 09:15:00.123456789", OPEN_US + 123456},
        {"2022-08-16T03:45:00.000001Z", OPEN_US + 1},
        {"2022-08-16", OPEN_US - 555 * PX_US_PER_MINUTE},
        {"20220816", OPEN_US - 555 * PX_US_PER_MINUTE},
        {"1660621500", OPEN_US},
        {"1660621500000", OPEN_US},
        {"1660621500000000", OPEN_US},
        {"1660621500000000000", OPEN_US},
        {"1660621500.25", OPEN_US + 250000},
        {"1660621500000.5", OPEN_US + 500},
        {"1660621500000000999", OPEN_US},
        {"0", 0},
        {"-86400", -PX_US_PER_DAY},
        {"-86400.5", -PX_US_PER_DAY - 500000},
        {"8000000000", 8000000000000}, /* milliseconds of April 1970: as seconds it would be the year 2223 */
        {"2199-12-31T23:59:59.999999Z", PX_TIME_MAX_US - 1},
        {"1900-01-01T00:00:00Z", PX_TIME_MIN_US},
    };
    px_zone *kolkata = zone_of("Asia/Kolkata");
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        int64_t ts_us = 0;
        px_error err = {0};
        if (px_time_parse(cases[i].text, strlen(cases[i].text), kolkata, &ts_us, &err) != PX_OK)
            fail_msg("%s", err.message);
        if (ts_us != cases[i].ts_us)
            fail_msg("\"%s\" gave %lld", cases[i].text, (long long)ts_us);
    }
    px_zone_close(&kolkata);
}

static void test_forms_of_times(void **state) {
    (void)state;
    static const struct {
        const char *text, *name;
    } cases[] = {
        {"2022-08-16 09:15:00", "local"},
        {"2022-08-16", "local"},
        {"20220816", "local"},
        {"2022-08-16T09:15:00+05:30", "offset"},
        {"2022-08-16T03:45Z", "offset"},
        {"1660621500", "seconds"},
        {"1660621500.25", "seconds"},
        {"0", "seconds"},
        {"8000000000", "milliseconds"},
        {"1660621500000", "milliseconds"},
        {"1660621500000000", "microseconds"},
        {"1660621500000000000", "nanoseconds"},
        {"noon", NULL},
        {"", NULL},
        {"2022-02-30", NULL},
        {"2200-01-01", NULL},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        const char *name = px_time_form_name(px_time_form_of(cases[i].text, strlen(cases[i].text)));
        if (!cases[i].name)
            assert_null(name);
        else
            assert_string_equal(name, cases[i].name);
    }
}

static void test_no_times(void **state) {
    (void)state;
    static const char *const wrong[] = {
        "",
        " ",
        "-",
        "x",
        "nan",
        "2022-13-16 09:15:00",
        "2022-00-16 09:15:00",
        "2022-02-30 09:15:00",
        "2022-08-00 09:15:00",
        "2022-08-16 24:00:00",
        "2022-08-16 09:60:00",
        "2022-08-16 09:15:60",
        "2022-08-16 9:15:00",
        "2022-08-16 09:15:0",
        "2022-08-16 09:15:",
        "2022-08-16 09",
        "2022-08-16 ",
        "2022-08-16T",
        "2022-08-16  09:15:00",
        "2022-08-16 09:15.5",
        "2022-08-16 09:15:00.",
        "2022-08-16 09:15:00 ",
        "2022-08-16 09:15:00+",
        "2022-08-16 09:15:00+5",
        "2022-08-16 09:15:00+05:3",
        "2022-08-16 09:15:00+24:00",
        "2022-08-16 09:15:00+05:60",
        "2022-08-16 09:15:00Zulu",
        "2022-08-16 09:15:00 IST",
        "2022-8-16 09:15:00",
        "2022-0816",
        "202208-16",
        "16-08-2022 09:15:00",
        "08/16/2022 09:15",
        "1660621500x",
        "1660621500.",
        "1.6606215e9",
        "99999999999999999999",
        "7258118400000000000",
        "-2208988801",
        "1899-12-31 23:59:59",
        "2200-01-01 00:00:00",
        "0000-00-00 00:00:00",
        "\xd9\xa1\xd9\xa2\xd9\xa3\xd9\xa4-01-01",
    };
    for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++) {
        int64_t ts_us = 7;
        px_error err = {0};
        if (px_time_parse(wrong[i], strlen(wrong[i]), NULL, &ts_us, &err) != PX_EINPUT)
            fail_msg("\"%s\" was taken for a time: %lld", wrong[i], (long long)ts_us);
        assert_non_null(strstr(err.message, "is no time: "));
        assert_int_equal(ts_us, 7);
    }
}

static void test_time_reasons_are_precise(void **state) {
    (void)state;
    px_error err;
    int64_t ts_us;
    assert_int_equal(px_time_parse("2022-13-16 09:15:00", 19, NULL, &ts_us, &err), PX_EINPUT);
    assert_string_equal(err.message, "\"2022-13-16 09:15:00\" is no time: the month is not 01 to 12");
    assert_int_equal(px_time_parse("2022-02-30 09:15:00", 19, NULL, &ts_us, &err), PX_EINPUT);
    assert_string_equal(err.message, "\"2022-02-30 09:15:00\" is no time: the month has no such day");
}

/* The text is bounded by its length, not by a terminator. */
static void test_time_ends_where_it_ends(void **state) {
    (void)state;
    int64_t ts_us = 0;
    char *tight = malloc(16);
    memcpy(tight, "2022-08-16 09:15", 16);
    assert_int_equal(px_time_parse(tight, 16, NULL, &ts_us, NULL), PX_OK);
    for (size_t length = 5; length < 10; length++)
        assert_int_equal(px_time_parse(tight, length, NULL, &ts_us, NULL), PX_EINPUT);
    free(tight);
}

/* What is written reads back, fractions and offsets included. */
static void test_times_round_trip(void **state) {
    (void)state;
    static const char *const zones[] = {"UTC", "Asia/Kolkata", "-03:30", "America/New_York"};
    pxi_rng rng;
    pxi_rng_seed(&rng, 1);
    for (size_t z = 0; z < 4; z++) {
        px_zone *zone = zone_of(zones[z]);
        for (int i = 0; i < 20000; i++) {
            int64_t ts_us = PX_TIME_MIN_US + (int64_t)pxi_rng_below(&rng, PX_TIME_MAX_US - PX_TIME_MIN_US);
            if (i % 2)
                ts_us -= ts_us % PX_US_PER_SECOND;
            if (ts_us < PX_TIME_MIN_US + PX_US_PER_DAY || ts_us > PX_TIME_MAX_US - PX_US_PER_DAY)
                continue;
            char text[PX_TIME_TEXT_SIZE], offset[PX_TIME_TEXT_SIZE];
            int64_t back = 0;
            px_time_format_iso(ts_us, zone, text);
            assert_int_equal(px_time_parse(text, strlen(text), NULL, &back, NULL), PX_OK);
            assert_true(back == ts_us);
            px_time_format_local(ts_us, zone, offset);
            assert_memory_equal(text, offset, 10);
            assert_memory_equal(text + 11, offset + 11, strlen(offset) - 11);
        }
        px_zone_close(&zone);
    }
}

static void test_format(void **state) {
    (void)state;
    char buf[PX_TIME_TEXT_SIZE];
    px_zone *kolkata = zone_of("Asia/Kolkata");
    assert_string_equal(px_time_format_local(OPEN_US, kolkata, buf), "2022-08-16 09:15:00");
    assert_string_equal(px_time_format_iso(OPEN_US, kolkata, buf), "2022-08-16T09:15:00+05:30");
    assert_string_equal(px_time_format_iso(OPEN_US, NULL, buf), "2022-08-16T03:45:00+00:00");
    assert_string_equal(px_time_format_local(-1, NULL, buf), "1969-12-31 23:59:59.999999");
    assert_string_equal(px_date_format(19220, buf), "2022-08-16");
    const int64_t ends[] = {INT64_MIN, INT64_MAX};
    for (size_t i = 0; i < 2; i++)
        assert_true(strlen(px_time_format_iso(ends[i], kolkata, buf)) < PX_TIME_TEXT_SIZE);
    px_zone_close(&kolkata);
}

/* ---- zones ----------------------------------------------------------------------------------------------
 */

static void test_fixed_zones(void **state) {
    (void)state;
    static const struct {
        const char *name, *shown;
        int minutes;
    } cases[] = {
        {"UTC", "UTC", 0},
        {"utc", "UTC", 0},
        {"Z", "UTC", 0},
        {"+05:30", "+05:30", 330},
        {"+0530", "+0530", 330},
        {"-05", "-05", -300},
        {"+00:00", "+00:00", 0},
        {"Asia/Kolkata", "Asia/Kolkata", 330},
        {"-23:59", "-23:59", -1439},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        px_zone *zone = zone_of(cases[i].name);
        assert_string_equal(px_zone_name(zone), cases[i].shown);
        assert_true(px_zone_offset_us(zone, 0) == cases[i].minutes * PX_US_PER_MINUTE);
        assert_true(px_zone_to_utc(zone, 0) == -cases[i].minutes * PX_US_PER_MINUTE);
        px_zone_close(&zone);
        assert_null(zone);
        px_zone_close(&zone);
    }
    assert_string_equal(px_zone_name(NULL), "UTC");
    assert_true(px_zone_to_utc(NULL, 5) == 5);
}

static void test_unknown_zones(void **state) {
    (void)state;
    static const char *const wrong[] = {
        "",
        "+",
        "+5",
        "+24:00",
        "+05:60",
        "+05:3",
        "+05300",
        "Mars",
        "../UTC",
        "/etc",
        "Asia/../../etc/passwd",
        "America",
        "Asia/Kolkatta",
        "zone.tab",
        "EST 5",
        "/usr/share/zoneinfo/UTC",
        "tzdata.zi",
    };
    for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++) {
        px_zone *zone = NULL;
        px_error err = {0};
        if (px_zone_open(wrong[i], &zone, &err) != PX_EINPUT)
            fail_msg("\"%s\" was taken for a zone", wrong[i]);
        assert_null(zone);
        assert_non_null(strstr(err.message, wrong[i]));
    }
}

/* The United States changed on 2022-03-13 and 2022-11-06 at 2:00 local. */
static void test_new_york_changes(void **state) {
    (void)state;
    static const struct {
        const char *local, *utc;
    } cases[] = {
        {"2022-03-13 01:59:59", "2022-03-13T06:59:59+00:00"},
        {"2022-03-13 02:30:00", "2022-03-13T07:30:00+00:00"}, /* skipped: 03:30 by the new clock */
        {"2022-03-13 03:00:00", "2022-03-13T07:00:00+00:00"},
        {"2022-11-06 00:59:59", "2022-11-06T04:59:59+00:00"},
        {"2022-11-06 01:30:00", "2022-11-06T05:30:00+00:00"}, /* twice: the first one */
        {"2022-11-06 02:00:00", "2022-11-06T07:00:00+00:00"},
        {"2022-07-01 09:30:00", "2022-07-01T13:30:00+00:00"},
        {"2022-12-01 09:30:00", "2022-12-01T14:30:00+00:00"},
        {"2005-04-01 09:30:00", "2005-04-01T14:30:00+00:00"}, /* before 2007 summer began in April */
        {"2150-07-01 09:30:00", "2150-07-01T13:30:00+00:00"}, /* by the rule in the footer */
        {"2150-12-01 09:30:00", "2150-12-01T14:30:00+00:00"},
    };
    px_zone *zone = zone_of("America/New_York");
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        int64_t ts_us = 0;
        char text[PX_TIME_TEXT_SIZE];
        assert_int_equal(px_time_parse(cases[i].local, 19, zone, &ts_us, NULL), PX_OK);
        assert_string_equal(px_time_format_iso(ts_us, NULL, text), cases[i].utc);
    }
    px_zone_close(&zone);
}

/* What is built in agrees with the system's file, on both sides of every change of either and in between. */
static void test_new_york_is_built_in(void **state) {
    (void)state;
    SKIP_WITHOUT_ZONE_FILES();
    pxi_span *spans = NULL;
    size_t n = 0;
    px_zone *zone = zone_of("america/new_york"), *alias = zone_of("US/Eastern");
    const int64_t from_us = px_date_from_civil((px_civil){1946, 1, 1}) * PX_US_PER_DAY;
    assert_string_equal(px_zone_name(zone), "America/New_York");
    assert_string_equal(px_zone_name(alias), "America/New_York");
    assert_int_equal(pxi_tzif_load("America/New_York", &spans, &n, NULL), PX_OK);
    size_t at = 0, n_changes = 0;
    for (int64_t ts_us = from_us; ts_us < PX_TIME_MAX_US; ts_us += PX_US_PER_DAY / 24) {
        while (at + 1 < n && spans[at + 1].begin_us <= ts_us)
            at++;
        n_changes += ts_us == spans[at].begin_us;
        if (px_zone_offset_us(zone, ts_us) != spans[at].offset_us ||
            (ts_us == spans[at].begin_us && px_zone_offset_us(zone, ts_us - 1) != spans[at - 1].offset_us))
            fail_msg("another offset at %lld", (long long)ts_us);
    }
    assert_true(n_changes == 2 * (2200 - 1946)); /* two a year */
    free(spans);
    px_zone_close(&zone);
    px_zone_close(&alias);
}

static void test_southern_summer(void **state) {
    (void)state;
    SKIP_WITHOUT_ZONE_FILES();
    char text[PX_TIME_TEXT_SIZE];
    px_zone *zone = zone_of("Australia/Sydney");
    int32_t january = px_date_from_civil((px_civil){2150, 1, 15});
    int32_t july = px_date_from_civil((px_civil){2150, 7, 15});
    assert_string_equal(px_time_format_iso(january * PX_US_PER_DAY, zone, text), "2150-01-15T11:00:00+11:00");
    assert_string_equal(px_time_format_iso(july * PX_US_PER_DAY, zone, text), "2150-07-15T10:00:00+10:00");
    px_zone_close(&zone);
}

/* A wall time that exists comes back from its instant. */
static void test_wall_times_come_back(void **state) {
    (void)state;
    SKIP_WITHOUT_ZONE_FILES();
    static const char *const names[] = {"America/New_York",  "Europe/London", "Australia/Lord_Howe",
                                        "Africa/Casablanca", "Pacific/Apia",  "America/St_Johns"};
    pxi_rng rng;
    pxi_rng_seed(&rng, 2);
    for (size_t z = 0; z < sizeof names / sizeof *names; z++) {
        px_zone *zone = zone_of(names[z]);
        for (int i = 0; i < 20000; i++) {
            int64_t ts_us = (int64_t)pxi_rng_below(&rng, (uint64_t)PX_TIME_MAX_US);
            int64_t local_us = ts_us + px_zone_offset_us(zone, ts_us);
            int64_t back = px_zone_to_utc(zone, local_us);
            assert_true(back <= ts_us); /* the first of two */
            assert_true(back + px_zone_offset_us(zone, back) == local_us);
        }
        px_zone_close(&zone);
    }
}

static px_status parse_zone_bytes(const unsigned char *bytes, size_t length) {
    pxi_span *spans = NULL;
    size_t n = 0;
    unsigned char *tight = malloc(length ? length : 1);
    memcpy(tight, bytes, length);
    px_status status = pxi_tzif_parse(tight, length, "test", &spans, &n, NULL);
    if (status == PX_OK)
        assert_true(n > 0 && spans[0].begin_us == INT64_MIN);
    free(spans);
    free(tight);
    return status;
}

/* A zone file of one type of time, from 1970 on of a second one, with what a case changes. */
typedef struct zone_file {
    const char *what;
    int32_t first_s, second_s; /* offsets */
    unsigned char type;        /* of the change */
    const char *footer;
    px_status status;
} zone_file;

static size_t put_big_endian(unsigned char *at, uint64_t value, size_t size) {
    for (size_t i = 0; i < size; i++)
        at[i] = (unsigned char)(value >> 8 * (size - 1 - i));
    return size;
}

static size_t make_zone_file(const zone_file *z, unsigned char bytes[256]) {
    size_t n = 0;
    for (int block = 0; block < 2; block++) {
        const uint32_t counts[] = {0, 0, 0, block ? 1 : 0, block ? 2 : 1, 4}; /* the old block is empty */
        memcpy(bytes + n, "TZif2", 5);
        memset(bytes + n + 5, 0, 15);
        n += 20;
        for (size_t i = 0; i < 6; i++)
            n += put_big_endian(bytes + n, counts[i], 4);
        if (block) {
            n += put_big_endian(bytes + n, 0, 8);
            n += put_big_endian(bytes + n, z->type, 1);
        }
        for (uint32_t i = 0; i < counts[4]; i++) {
            n += put_big_endian(bytes + n, (uint32_t)(i ? z->second_s : z->first_s), 4);
            n += put_big_endian(bytes + n, 0, 2);
        }
        n += put_big_endian(bytes + n, 0, 4);
    }
    memcpy(bytes + n, z->footer, strlen(z->footer));
    return n + strlen(z->footer);
}

static void test_zone_files_by_hand(void **state) {
    (void)state;
    static const zone_file files[] = {
        {"sound", -3600, 19800, 1, "\nIST-5:30\n", PX_OK},
        {"nothing after the last change", -3600, 19800, 1, "\n\n", PX_OK},
        {"just under a day", -86399, 86399, 1, "\n\n", PX_OK},
        {"a day behind at first", -86400, 19800, 1, "\n\n", PX_EINPUT},
        {"a day ahead later", -3600, 86400, 1, "\n\n", PX_EINPUT},
        {"a type that is not there", -3600, 19800, 2, "\n\n", PX_EINPUT},
        {"a footer that is no rule", -3600, 19800, 1, "\n?\n", PX_EINPUT},
        {"a footer without its end", -3600, 19800, 1, "\nIST-5:30", PX_EINPUT},
        {"no footer", -3600, 19800, 1, "", PX_EINPUT},
    };
    for (size_t i = 0; i < sizeof files / sizeof *files; i++) {
        unsigned char bytes[256];
        pxi_span *spans = NULL;
        size_t n = 0, length = make_zone_file(&files[i], bytes);
        const px_status status = pxi_tzif_parse(bytes, length, "test", &spans, &n, NULL);
        if (status != files[i].status)
            fail_msg("%s: status %d", files[i].what, status);
        if (status == PX_OK) {
            assert_true(n >= 2 && spans[0].begin_us == INT64_MIN && spans[1].begin_us == 0);
            assert_true(spans[0].offset_us == files[i].first_s * PX_US_PER_SECOND);
            assert_true(spans[n - 1].offset_us == files[i].second_s * PX_US_PER_SECOND);
        } else
            assert_true(spans == NULL && n == 0);
        free(spans);
    }
}

/* Cut anywhere it is refused; with bytes changed it never reads outside or makes no span. */
static void test_damaged_zone_files(void **state) {
    (void)state;
    unsigned char bytes[8192];
    FILE *file = fopen("/usr/share/zoneinfo/America/New_York", "rb");
    if (!file) {
        print_message("# no zone files on this system\n");
        skip();
    }
    size_t length = fread(bytes, 1, sizeof bytes, file);
    fclose(file);
    assert_int_equal(parse_zone_bytes(bytes, length), PX_OK);
    for (size_t cut = 0; cut < length; cut++)
        assert_int_equal(parse_zone_bytes(bytes, cut), PX_EINPUT);
    pxi_rng rng;
    pxi_rng_seed(&rng, 3);
    for (int i = 0; i < 20000; i++) {
        unsigned char broken[sizeof bytes];
        memcpy(broken, bytes, length);
        for (int k = 0; k < 4; k++)
            broken[pxi_rng_below(&rng, k % 2 ? 100 : length)] = (unsigned char)pxi_rng_next(&rng);
        px_status status = parse_zone_bytes(broken, length);
        assert_true(status == PX_OK || status == PX_EINPUT);
    }
}

/* ---- rules of summer time ------------------------------------------------------------------------------ */

/* The dates on which a rule's summer begins and ends in a year. */
static void check_rule(const char *text, int year, px_civil begin, px_civil end) {
    pxi_zone_rule rule;
    pxi_span spans[2];
    size_t n = 0;
    assert_true(pxi_zone_rule_parse(text, &rule));
    pxi_zone_rule_add(&rule, year, year, INT64_MIN, spans, &n);
    assert_int_equal(n, 2);
    const int64_t hour_us = 60 * PX_US_PER_MINUTE,
                  two_us = 2 * hour_us; /* on clocks that show an hour more when summer ends */
    if (spans[0].begin_us != px_date_from_civil(begin) * PX_US_PER_DAY + two_us ||
        spans[1].begin_us != px_date_from_civil(end) * PX_US_PER_DAY + two_us - hour_us)
        fail_msg("%s in %d", text, year);
    assert_true(spans[0].offset_us == hour_us && spans[1].offset_us == 0);
}

/* Day J60 is 1 March whatever the year, day 59 counted from 0 is 29 February in leap years. */
static void test_days_of_rules_in_leap_years(void **state) {
    (void)state;
    check_rule("AAA0BBB,J59,J60", 2023, (px_civil){2023, 2, 28}, (px_civil){2023, 3, 1});
    check_rule("AAA0BBB,J59,J60", 2024, (px_civil){2024, 2, 28}, (px_civil){2024, 3, 1});
    check_rule("AAA0BBB,J1,J365", 2024, (px_civil){2024, 1, 1}, (px_civil){2024, 12, 31});
    check_rule("AAA0BBB,58,59", 2023, (px_civil){2023, 2, 28}, (px_civil){2023, 3, 1});
    check_rule("AAA0BBB,59,60", 2024, (px_civil){2024, 2, 29}, (px_civil){2024, 3, 1});
    check_rule("AAA0BBB,M2.5.4,M12.5.0", 2024, (px_civil){2024, 2, 29}, (px_civil){2024, 12, 29});
    check_rule("AAA0BBB,M2.5.4,M12.1.0", 2023, (px_civil){2023, 2, 23}, (px_civil){2023, 12, 3});
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_dates_count_days),
        cmocka_unit_test(test_dates_follow_each_other),
        cmocka_unit_test(test_date_parse),
        cmocka_unit_test(test_time_forms),
        cmocka_unit_test(test_forms_of_times),
        cmocka_unit_test(test_no_times),
        cmocka_unit_test(test_time_reasons_are_precise),
        cmocka_unit_test(test_time_ends_where_it_ends),
        cmocka_unit_test(test_times_round_trip),
        cmocka_unit_test(test_format),
        cmocka_unit_test(test_fixed_zones),
        cmocka_unit_test(test_unknown_zones),
        cmocka_unit_test(test_new_york_changes),
        cmocka_unit_test(test_new_york_is_built_in),
        cmocka_unit_test(test_southern_summer),
        cmocka_unit_test(test_wall_times_come_back),
        cmocka_unit_test(test_zone_files_by_hand),
        cmocka_unit_test(test_damaged_zone_files),
        cmocka_unit_test(test_days_of_rules_in_leap_years),
    };
    return cmocka_run_group_tests_name("time", tests, NULL, NULL);
}
