// SPDX-License-Identifier: Apache-2.0
/* Streams and the clock: when a bar is complete though no further minute comes; and minutes made of trades.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "live/ticks.h"
#include "pixity/live.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static px_error err;

#define assert_ok(call)                                                                                      \
    do {                                                                                                     \
        if ((call) != PX_OK)                                                                                 \
            fail_msg("%s", err.message);                                                                     \
    } while (0)

/* What a stream has said. */
typedef struct said {
    char text[1 << 14];
    size_t length;
} said;

static bool remember(void *user, const char *text, size_t length) {
    said *s = user;
    assert_true(s->length + length < sizeof s->text);
    memcpy(s->text + s->length, text, length);
    s->length += length;
    s->text[s->length] = '\0';
    return true;
}

static size_t count(const said *s, const char *word) {
    size_t n = 0;
    for (const char *at = s->text; (at = strstr(at, word)); at++)
        n++;
    return n;
}

static px_live *open_stream(said *s) {
    px_config config = px_config_default();
    px_live *live = NULL;
    const px_live_request request = {.symbol = "TEST", .timeframe_minutes = 15};
    config.warmup_days = 0;
    config.skip_meta_model = true;
    config.slippage_bps = 1; /* else a stream begins with a finding */
    assert_ok(px_live_open(NULL, &request, &config, remember, s, &live, &err));
    return live;
}

/* Monday 2025-01-06, minutes after midnight in India. */
static int64_t at(int minute) {
    const int32_t monday = px_date_from_civil((px_civil){2025, 1, 6});
    return monday * PX_US_PER_DAY + (minute - 330) * PX_US_PER_MINUTE;
}

static void feed(px_live *live, int begin, int end) {
    for (int minute = begin; minute < end; minute++) {
        const px_bar bar = {at(minute), 100, 101, 99, 100, 10};
        assert_ok(px_live_bar(live, &bar, &err));
    }
    assert_ok(px_live_flush(live, &err));
}

enum { OPEN = 555, CLOSE = 930 };

static void test_the_close_completes_the_last_bar_by_the_clock(void **state) {
    said s = {0};
    px_live *live = open_stream(&s);
    (void)state;
    feed(live, OPEN, CLOSE - 3); /* the last three minutes never come */
    const size_t before = count(&s, "\"type\":\"bar\"");
    assert_ok(px_live_clock(live, at(CLOSE) - 1, &err));
    assert_int_equal(count(&s, "\"type\":\"bar\""), before);
    assert_ok(px_live_clock(live, at(CLOSE), &err));
    assert_int_equal(count(&s, "\"type\":\"bar\""), before + 1);
    assert_non_null(strstr(s.text, "\"timestamp\":\"2025-01-06T15:15:00+05:30\""));
    assert_ok(px_live_clock(live, at(CLOSE) + 1, &err)); /* once */
    assert_ok(px_live_end(live, &err));
    assert_int_equal(count(&s, "\"type\":\"bar\""), before + 1);
    px_live_close(&live);
}

static void test_history_never_meets_todays_clock(void **state) {
    said s = {0};
    px_live *live = open_stream(&s);
    (void)state;
    feed(live, OPEN, OPEN + 20);
    assert_int_equal(count(&s, "\"type\":\"bar\""), 1);
    assert_ok(px_live_clock(live, at(CLOSE) + PX_US_PER_DAY, &err)); /* the next day */
    assert_ok(px_live_clock(live, at(CLOSE) + 500 * PX_US_PER_DAY, &err));
    assert_int_equal(count(&s, "\"type\":\"bar\""), 1);
    feed(live, OPEN + 20, OPEN + 30);
    assert_int_equal(count(&s, "\"type\":\"bar\""), 2); /* whole, not cut in two */
    px_live_close(&live);
}

static void test_a_minute_of_trades_ends_by_the_clock(void **state) {
    said s = {0};
    px_live *live = open_stream(&s);
    (void)state;
    feed(live, OPEN, OPEN + 14);
    assert_ok(px_live_tick(live, at(OPEN + 14) + 1000, 105, 7, &err));
    assert_ok(px_live_clock(live, at(OPEN + 15) - 1, &err));
    assert_int_equal(count(&s, "\"type\":\"bar\""), 0);
    assert_ok(px_live_clock(live, at(OPEN + 15), &err));
    assert_int_equal(count(&s, "\"type\":\"bar\""), 1);
    assert_non_null(strstr(s.text, "\"high\":105,\"low\":99,\"close\":105,\"volume\":147"));
    assert_ok(px_live_tick(live, at(OPEN + 14) + 2000, 90, 1, &err)); /* of a minute that is over */
    assert_ok(px_live_flush(live, &err));
    assert_int_equal(count(&s, "\"kind\":\"late\""), 1);
    px_live_close(&live);
}

static void test_trades_make_minutes(void **state) {
    pxi_tick_minute minute = {0};
    px_bar done = {0};
    (void)state;
    assert_int_equal(pxi_tick_add(&minute, at(600) + 5, 10, 1, &done), PXI_TICK_ADDED);
    assert_int_equal(pxi_tick_add(&minute, at(600) + 4, 12, 2, &done), PXI_TICK_ADDED); /* in its minute */
    assert_int_equal(pxi_tick_add(&minute, at(600) + 59, 9, 3, &done), PXI_TICK_ADDED);
    assert_int_equal(pxi_tick_add(&minute, at(602), 11, 4, &done), PXI_TICK_FINISHED);
    assert_true(done.ts_us == at(600) && done.open == 10 && done.high == 12 && done.low == 9 &&
                done.close == 9 && done.volume == 6);
    assert_int_equal(pxi_tick_add(&minute, at(601), 1, 1, &done), PXI_TICK_LATE);
    assert_true(minute.open && minute.bar.ts_us == at(602) && minute.bar.volume == 4);
}

/* ---- lines -------------------------------------------------------------------------------------------- */

enum { BAR_LINE, BAR_OBJECT, TRADE_LINE, TRADE_TURNED };

/* A minute from 9:15 on as a line of input; minute -1 is the header. */
static void write_line(char out[160], int form, int minute, const char *end) {
    static const char *const headers[] = {"timestamp,open,high,low,close,volume", "", "ts,price,volume",
                                          "volume,price,symbol,ts"};
    const int hour = 9 + (15 + minute) / 60, past = (15 + minute) % 60;
    if (minute < 0)
        snprintf(out, 160, "%s%s", headers[form], end);
    else if (form == BAR_LINE)
        snprintf(out, 160, "2025-01-06 %02d:%02d:00,100,102,99,%d,10%s", hour, past, 100 + minute % 3, end);
    else if (form == BAR_OBJECT)
        snprintf(
            out, 160,
            "  {\"timestamp\": \"2025-01-06T%02d:%02d:00+05:30\", \"open\": 100, \"high\": 102, \"low\": 99,"
            " \"close\": %d, \"volume\": 10}%s",
            hour, past, 100 + minute % 3, end);
    else if (form == TRADE_LINE)
        snprintf(out, 160, "2025-01-06 %02d:%02d:10,%d,7%s", hour, past, 100 + minute % 3, end);
    else
        snprintf(out, 160, "7,%d,TEST,2025-01-06 %02d:%02d:10%s", 100 + minute % 3, hour, past, end);
}

static void stream_lines(said *s, int form, const char *end) {
    px_live *live = open_stream(s);
    char line[160];
    s->length = 0;
    for (int minute = -1; minute < 40; minute++) {
        write_line(line, form, minute, end);
        assert_ok(px_live_line(live, line, strlen(line), &err));
    }
    assert_ok(px_live_end(live, &err));
    px_live_close(&live);
    assert_int_equal(count(s, "\"type\":\"bar\""), 3);
    assert_int_equal(count(s, "\"type\":\"warning\""), 0);
}

static void test_lines_of_any_form_are_the_same_minutes(void **state) {
    said plain = {0}, other = {0};
    (void)state;
    stream_lines(&plain, BAR_LINE, "");
    stream_lines(&other, BAR_LINE, "\r"); /* of a file with CR LF */
    assert_string_equal(other.text, plain.text);
    stream_lines(&other, BAR_OBJECT, "");
    assert_string_equal(other.text, plain.text);
    stream_lines(&other, BAR_OBJECT, "\r"); /* the first line is empty then */
    assert_string_equal(other.text, plain.text);
    stream_lines(&plain, TRADE_LINE, "");
    stream_lines(&other, TRADE_TURNED, "\r");
    assert_string_equal(other.text, plain.text);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_lines_of_any_form_are_the_same_minutes),
        cmocka_unit_test(test_the_close_completes_the_last_bar_by_the_clock),
        cmocka_unit_test(test_history_never_meets_todays_clock),
        cmocka_unit_test(test_a_minute_of_trades_ends_by_the_clock),
        cmocka_unit_test(test_trades_make_minutes),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
