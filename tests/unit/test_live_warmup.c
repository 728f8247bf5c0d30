// SPDX-License-Identifier: Apache-2.0
/* Where the series of a stream begin: so many calendar days before the first bar that comes in. */
#include "store_fixture.h"

#include "pixity/live.h"
#include "pixity/synth.h"

typedef struct said {
    char *text; /* lines of type feature */
    size_t length;
} said;

static bool remember_features(void *user, const char *text, size_t length) {
    said *s = user;
    for (const char *line = text, *end; line < text + length; line = end) {
        end = (const char *)memchr(line, '\n', (size_t)(text + length - line)) + 1;
        if (!memmem(line, (size_t)(end - line), "\"type\":\"feature\"", 16))
            continue;
        s->text = realloc(s->text, s->length + (size_t)(end - line) + 1);
        assert_non_null(s->text);
        memcpy(s->text + s->length, line, (size_t)(end - line));
        s->length += (size_t)(end - line);
        s->text[s->length] = '\0';
    }
    return true;
}

/* The features of bars [begin, end), streamed with this warm-up. */
static said stream(px_home *home, int warmup_days, const px_bars *bars, size_t begin, size_t end) {
    const px_live_request request = {.symbol = "TEST", .timeframe_minutes = 5};
    px_config config = px_config_default();
    px_live *live = NULL;
    said s = {0};
    config.warmup_days = warmup_days;
    config.skip_meta_model = true;
    assert_ok(px_live_open(home, &request, &config, remember_features, &s, &live, err));
    for (size_t i = begin; i < end; i++) {
        const px_bar minute = px_bars_at(bars, i);
        assert_ok(px_live_bar(live, &minute, err));
    }
    assert_ok(px_live_end(live, err));
    px_live_close(&live);
    assert_non_null(s.text);
    return s;
}

/* As the stream that is given those days says it, and no other. */
static void test_series_begin_so_many_days_back(void **state) {
    (void)state;
    px_home *home = open_home();
    px_calendar *calendar = NULL;
    px_bars bars = {0};
    const int32_t monday = px_date_from_civil((px_civil){2025, 1, 6}), friday = monday + 4;
    assert_ok(px_calendar_open("NSE", &calendar, err));
    assert_ok(px_synth_bars(PX_SYNTH_WALK, 3, 5, monday, calendar, &bars, err));
    const size_t last = px_bars_lower_bound(&bars, px_calendar_session(calendar, friday).midnight_us);
    const px_bars stored = px_bars_slice(&bars, 0, last);
    const px_instrument instrument = instrument_of(home, "TEST");
    assert_ok(px_candles_merge(home, &instrument, 1, &stored, PX_CONFLICT_ERROR, NULL, err));

    said before = stream(home, 0, &bars, last, bars.n);
    for (int days = 1; days <= 4; days++) {
        const int64_t first_us = px_calendar_session(calendar, friday - days).midnight_us;
        said given = stream(NULL, 0, &bars, px_bars_lower_bound(&bars, first_us), bars.n);
        said warm = stream(home, days, &bars, last, bars.n);
        assert_true(given.length > warm.length);
        assert_string_equal(given.text + given.length - warm.length, warm.text);
        assert_string_not_equal(warm.text, before.text); /* each day shows */
        free(given.text);
        free(before.text);
        before = warm;
    }
    said all = stream(home, PX_WARMUP_ALL, &bars, last, bars.n);
    assert_string_equal(all.text, before.text); /* there are four days */
    free(all.text);
    free(before.text);
    px_bars_free(&bars);
    px_calendar_close(&calendar);
    px_home_close(&home);
}

int main(void) {
    const struct CMUnitTest tests[] = {STORE_TEST(test_series_begin_so_many_days_back)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
