// SPDX-License-Identifier: Apache-2.0
/* Features by hand: first values, gaps, ties, sessions, rules of `reference`, streams, the definition
 * hash. (Random series and pinned numbers: tests/property,
 * tests/golden.) */
#include "bars_kit.h"

#include "base/rng.h"
#include "indicators/recurrence.h"
#include "pixity/features.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

static px_calendar *nse;

static px_bars flat_bars(size_t n, double price, double volume) {
    px_bars bars = {0};
    for (size_t i = 0; i < n; i++)
        add(&bars, price, price, price, price, volume);
    return bars;
}

static px_feature_frame compute(const px_bars *bars, const px_config *config) {
    px_feature_frame frame = {0};
    px_error err = {0};
    if (px_features_compute(bars, nse, config, &frame, &err) != PX_OK)
        fail_msg("%s", err.message);
    return frame;
}

static void assert_close(double got, double want) {
    if (isnan(want) ? !isnan(got) : !(fabs(got - want) <= 1e-12 * fabs(want)))
        fail_msg("%.17g is not %.17g", got, want);
}

/* ---- frame --------------------------------------------------------------------------------------------- */

static void test_no_bars(void **state) {
    (void)state;
    px_bars bars = {0};
    px_config config = px_config_default();
    for (int k = 0; k < 2; k++) {
        px_feature_frame frame = compute(&bars, &config);
        assert_int_equal(frame.n, 0);
        px_feature_frame_free(&frame);
        px_config_set_profile(&config, PX_PROFILE_REFERENCE);
    }
    px_feature_frame empty = {0};
    px_feature_frame_free(&empty);
    px_feature_frame_free(NULL);
}

static void test_out_of_memory(void **state) {
    (void)state;
    px_bars bars = {.n = SIZE_MAX / 16};
    px_config config = px_config_default();
    px_feature_frame frame = {0};
    px_error err = {0};
    assert_int_equal(px_features_compute(&bars, nse, &config, &frame, &err), PX_ENOMEM);
    assert_true(frame.n == 0 && frame.column == NULL && err.message[0]);
}

/* A standstill: averages stay exactly on the price, ranges are 0, movement is undefined. */
static void test_flat_bars(void **state) {
    (void)state;
    px_bars bars = flat_bars(1000, 123.45, 0);
    px_config config = px_config_default();
    px_feature_frame frame = compute(&bars, &config);
    for (size_t i = 0; i < bars.n; i++) {
        assert_true(frame.column[PX_EMA20][i] == 123.45 && frame.column[PX_EMA50][i] == 123.45);
        assert_true(i < 13 ? isnan(frame.column[PX_ATR][i]) : frame.column[PX_ATR][i] == 0.0);
        assert_true(isnan(frame.column[PX_ADX][i]));
        assert_true(frame.column[PX_VWAP][i] == 123.45);
        assert_true(frame.column[PX_VOL_Z][i] == 0.0);
        assert_true(i < 10 ? isnan(frame.column[PX_SWING_HIGH][i])
                           : frame.column[PX_SWING_HIGH][i] == 123.45);
        assert_true(i < 10 ? isnan(frame.column[PX_SWING_LOW][i]) : frame.column[PX_SWING_LOW][i] == 123.45);
    }
    px_feature_frame_free(&frame);
    px_bars_free(&bars);
}

static void test_first_values(void **state) {
    (void)state;
    px_bars bars = {0};
    px_config config = px_config_default();
    add(&bars, 10, 12, 9, 11, 5);
    add(&bars, 11, 12, 9, 10, 5);  /* inside: no movement, so DX is 0/0 */
    add(&bars, 10, 15, 10, 14, 5); /* up 3, down none: DX 100 */
    add(&bars, 14, 14, 8, 9, 10);  /* up none, down 2 */
    px_feature_frame frame = compute(&bars, &config);
    assert_true(frame.column[PX_EMA20][0] == 11);
    assert_close(frame.column[PX_EMA20][1], 11 + 2.0 / 21 * (10 - 11));
    assert_true(isnan(frame.column[PX_ADX][0]) && isnan(frame.column[PX_ADX][1]));
    assert_close(frame.column[PX_ADX][2], 100);
    const double up = 3.0 / 14 * (13.0 / 14), down = 2.0 / 14;
    assert_close(frame.column[PX_ADX][3], 100 + 1.0 / 14 * (100 * (up - down) / (up + down) - 100));
    assert_close(frame.column[PX_VWAP][0], 32.0 / 3);
    assert_close(frame.column[PX_VWAP][3], (5 * (32.0 + 31 + 39) + 10 * 31.0) / 3 / 25);
    px_feature_frame_free(&frame);
    px_bars_free(&bars);
}

/* Equal movements up and down both count: the outside bar below ties at 2, so DX is 0. */
static void test_a_tie_of_movements_keeps_both(void **state) {
    (void)state;
    px_bars bars = {0};
    px_config config = px_config_default();
    add(&bars, 10, 12, 9, 11, 5);
    add(&bars, 11, 14, 7, 10, 5);
    px_feature_frame frame = compute(&bars, &config);
    assert_true(frame.column[PX_ADX][1] == 0.0);
    px_feature_frame_free(&frame);
    px_bars_free(&bars);
}

/* 0.15 up and 0.15 down, whose doubles differ by the last bit, tie too; in `reference` the larger one counts.
 */
static void test_a_tie_in_ticks_is_a_tie(void **state) {
    (void)state;
    px_bars bars = {0};
    px_config config = px_config_default();
    add(&bars, 928.2, 928.3, 928.1, 928.2, 5);
    add(&bars, 928.2, 928.45, 927.95, 928.2, 5);
    const double rise = bars.high[1] - bars.high[0], fall = bars.low[0] - bars.low[1];
    assert_true(rise != fall && fabs(rise - fall) < 1e-12);
    px_feature_frame frame = compute(&bars, &config);
    assert_true(frame.column[PX_ADX][1] < 1e-9);
    px_feature_frame_free(&frame);
    while (bars.n < 30) /* below 28 bars it has zeros */
        add(&bars, 928.2, 928.45, 927.95, 928.2, 5);
    px_config_set_profile(&config, PX_PROFILE_REFERENCE);
    frame = compute(&bars, &config);
    assert_true(frame.column[PX_ADX][1] == 100.0);
    px_feature_frame_free(&frame);
    px_bars_free(&bars);
}

/* A session of one price, whatever the volumes: the close is the average, not above or below it. And the bars
 * of a session in another order have the same average, to the last bit. */
static void test_vwap_ties_whatever_the_order(void **state) {
    (void)state;
    pxi_rng rng;
    pxi_rng_seed(&rng, 5);
    for (int round = 0; round < 300; round++) {
        const bool flat = round % 2, index = round % 3 == 0;
        double price = 0.05 * (double)(1 + pxi_rng_below(&rng, 2000000));
        px_bars bars = {0}, turned = {0};
        px_config config = px_config_default();
        for (int i = 0; i < 375; i++) {
            if (!flat)
                price = 0.05 * (double)(1000 + pxi_rng_below(&rng, 100000));
            add(&bars, price, price + 0.05 * !flat, price, price,
                index ? 0 : (double)pxi_rng_below(&rng, 1 << 20));
        }
        for (size_t i = bars.n; i-- > 0;)
            add(&turned, bars.open[i], bars.high[i], bars.low[i], bars.close[i], bars.volume[i]);
        px_feature_frame frame = compute(&bars, &config), other = compute(&turned, &config);
        for (size_t i = 0; flat && i < bars.n; i++)
            assert_true(frame.column[PX_VWAP][i] == bars.close[i]);
        assert_true(frame.column[PX_VWAP][bars.n - 1] == other.column[PX_VWAP][bars.n - 1]);
        px_feature_frame_free(&frame);
        px_feature_frame_free(&other);
        px_bars_free(&bars);
        px_bars_free(&turned);
    }
}

/* y = (w y + a x) / (w + a), w = (1-a)^(k+1), after k missing inputs. */
static void test_smoothing_with_gaps(void **state) {
    (void)state;
    const double a = 0.25, w = 0.75 * 0.75 * 0.75;
    pxi_gap_ema ema = PXI_GAP_EMA_START;
    assert_true(isnan(pxi_gap_ema_step(&ema, a, NAN)));
    assert_true(pxi_gap_ema_step(&ema, a, 8) == 8);
    assert_true(pxi_gap_ema_step(&ema, a, 4) == 7);
    assert_true(pxi_gap_ema_step(&ema, a, NAN) == 7);
    assert_true(pxi_gap_ema_step(&ema, a, NAN) == 7);
    assert_close(pxi_gap_ema_step(&ema, a, 3), (w * 7 + a * 3) / (w + a));
    const double y = ema.y;
    assert_close(pxi_gap_ema_step(&ema, a, 3), y + a * (3 - y));
}

static void test_vwap_by_session(void **state) {
    (void)state;
    px_bars bars = flat_bars(375, 100, 10);
    px_config config = px_config_default();
    add(&bars, 50, 50, 50, 50, 0); /* the next session, nothing traded yet: time-weighted */
    add(&bars, 60, 60, 60, 60, 0);
    add(&bars, 80, 80, 80, 80, 1); /* from the first trade on: volume-weighted */
    add(&bars, 20, 20, 20, 20, 3);
    px_feature_frame frame = compute(&bars, &config);
    const double *vwap = frame.column[PX_VWAP] + 374;
    assert_close(vwap[0], 100);
    assert_close(vwap[1], 50);
    assert_close(vwap[2], 55);
    assert_close(vwap[3], 80);
    assert_close(vwap[4], 35);
    px_feature_frame_free(&frame);
    config.vwap_fallback = PX_VWAP_DATASET; /* other bars have volume: undefined until this session has */
    bars.volume[0] = 0;                     /* not all of them */
    frame = compute(&bars, &config);
    vwap = frame.column[PX_VWAP] + 374;
    assert_true(isnan(vwap[1]) && isnan(vwap[2]));
    assert_close(vwap[3], 80);
    px_feature_frame_free(&frame);
    px_bars_free(&bars);
    bars = flat_bars(3, 70, 0); /* no bar has */
    frame = compute(&bars, &config);
    assert_close(frame.column[PX_VWAP][2], 70);
    px_feature_frame_free(&frame);
    px_bars_free(&bars);
}

static void test_vol_z_warms_up(void **state) {
    (void)state;
    px_bars bars = flat_bars(19, 10, 100);
    px_config config = px_config_default();
    add(&bars, 10, 10, 10, 10, 300); /* bar 19 is the twentieth */
    bars.volume[3] = 500;
    px_feature_frame frame = compute(&bars, &config);
    for (size_t i = 0; i < 19; i++)
        assert_true(frame.column[PX_VOL_Z][i] == 0.0);
    const double mean = (18 * 100.0 + 500 + 300) / 20;
    const double square =
        18 * (100 - mean) * (100 - mean) + (500 - mean) * (500 - mean) + (300 - mean) * (300 - mean);
    assert_close(frame.column[PX_VOL_Z][19], (300 - mean) / sqrt(square / 19));
    px_feature_frame_free(&frame);
    px_bars_free(&bars);
}

/* 1e15 shares leave the window, and leave nothing behind. */
static void test_vol_z_forgets(void **state) {
    (void)state;
    px_bars with = flat_bars(500, 10, 0), without = flat_bars(500, 10, 0);
    px_config config = px_config_default();
    for (size_t i = 0; i < 500; i++)
        with.volume[i] = without.volume[i] = (double)(i * 37 % 101);
    with.volume[250] = 1e15;
    px_feature_frame a = compute(&with, &config), b = compute(&without, &config);
    for (size_t i = 0; i < 500; i++) {
        const bool inside = i >= 250 && i < 350;
        if (inside)
            assert_true(a.column[PX_VOL_Z][i] != b.column[PX_VOL_Z][i]);
        else
            assert_close(a.column[PX_VOL_Z][i], b.column[PX_VOL_Z][i]);
    }
    px_feature_frame_free(&a);
    px_feature_frame_free(&b);
    px_bars_free(&with);
    px_bars_free(&without);
}

static void test_reference_on_short_data(void **state) {
    (void)state;
    static const size_t lengths[] = {1, 14, 15, 27, 28, 100};
    px_config config = px_config_default();
    px_config_set_profile(&config, PX_PROFILE_REFERENCE);
    for (size_t k = 0; k < sizeof lengths / sizeof *lengths; k++) {
        px_bars bars = zigzag(lengths[k]);
        px_feature_frame frame = compute(&bars, &config);
        for (size_t i = 0; i < bars.n; i++) {
            const double atr = frame.column[PX_ATR][i], adx = frame.column[PX_ADX][i];
            assert_true(bars.n < 15 ? atr == 0.0 : i < 13 ? isnan(atr) : atr > 0.0);
            assert_true(bars.n < 28 ? adx == 0.0 : i == 0 ? isnan(adx) : adx > 0.0);
        }
        px_feature_frame_free(&frame);
        px_bars_free(&bars);
    }
}

static void test_names_and_lookback(void **state) {
    (void)state;
    px_config config = px_config_default();
    static const char *const names[] = {"ema20", "ema50", "atr",        "adx",
                                        "vwap",  "vol_z", "swing_high", "swing_low"};
    px_bars bars = zigzag(200);
    for (int swing = 0; swing < 2; swing++) {
        config.swing = swing ? PX_SWING_CENTERED : PX_SWING_CONFIRMED;
        px_feature_frame frame = compute(&bars, &config);
        for (size_t k = 0; k < PX_N_FEATURES; k++) {
            size_t first = 0;
            assert_string_equal(px_feature_name(k), names[k]);
            while (isnan(frame.column[k][first]))
                first++;
            assert_true(first >= px_feature_lookback(k, &config));
            if (k < PX_SWING_HIGH) /* a swing may take longer to come */
                assert_int_equal(first, px_feature_lookback(k, &config));
        }
        px_feature_frame_free(&frame);
    }
    assert_null(px_feature_name(PX_N_FEATURES));
    px_bars_free(&bars);
}

/* ---- definition ---------------------------------------------------------------------------------------- */

static void test_definition_hash(void **state) {
    (void)state;
    px_config config = px_config_default(), other = config;
    char one[65], two[65];
    px_feature_definition_hash(&config, one);
    assert_int_equal(strlen(one), 64);
    other.reversion_k = 3, other.capital = 1, other.time_stop_bars = 5, other.entry = PX_ENTRY_SIGNAL_CLOSE;
    other.resample_anchor = PX_ANCHOR_MIDNIGHT_15;
    px_feature_definition_hash(&other, two);
    assert_string_equal(one, two); /* none of these is part of it */
    for (int k = 0; k < 4; k++) {
        other = config;
        if (k == 0)
            other.swing = PX_SWING_CENTERED;
        else if (k == 1)
            other.swing_period = 6;
        else if (k == 2)
            other.vwap_fallback = PX_VWAP_DATASET;
        else
            other.profile = PX_PROFILE_REFERENCE;
        px_feature_definition_hash(&other, two);
        assert_string_not_equal(one, two);
    }
}

/* ---- streams ------------------------------------------------------------------------------------------- */

static void test_streams_refuse_to_look_ahead(void **state) {
    (void)state;
    px_config config = px_config_default();
    px_feature_stream *stream = NULL;
    px_error err = {0};
    config.swing = PX_SWING_CENTERED;
    assert_int_equal(px_feature_stream_new(nse, &config, &stream, &err), PX_EINPUT);
    assert_non_null(strstr(err.message, "swing=centered"));
    config = px_config_default();
    config.vwap_fallback = PX_VWAP_DATASET;
    assert_int_equal(px_feature_stream_new(nse, &config, &stream, &err), PX_EINPUT);
    assert_non_null(strstr(err.message, "vwap_fallback=dataset"));
    assert_null(stream);
    px_feature_stream_free(&stream);
    px_feature_stream_free(NULL);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_no_bars),
        cmocka_unit_test(test_out_of_memory),
        cmocka_unit_test(test_flat_bars),
        cmocka_unit_test(test_first_values),
        cmocka_unit_test(test_a_tie_of_movements_keeps_both),
        cmocka_unit_test(test_a_tie_in_ticks_is_a_tie),
        cmocka_unit_test(test_vwap_ties_whatever_the_order),
        cmocka_unit_test(test_smoothing_with_gaps),
        cmocka_unit_test(test_vwap_by_session),
        cmocka_unit_test(test_vol_z_warms_up),
        cmocka_unit_test(test_vol_z_forgets),
        cmocka_unit_test(test_reference_on_short_data),
        cmocka_unit_test(test_names_and_lookback),
        cmocka_unit_test(test_definition_hash),
        cmocka_unit_test(test_streams_refuse_to_look_ahead),
    };
    if (px_calendar_open("NSE", &nse, NULL) != PX_OK)
        return 1;
    int failed = cmocka_run_group_tests(tests, NULL, NULL);
    px_calendar_close(&nse);
    return failed;
}
