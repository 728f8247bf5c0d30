// SPDX-License-Identifier: Apache-2.0
/* Indicators and columns: each against its definition and at several parameters, by blocks of any length,
 * alone and in company; specs that are right and wrong. */
#include "bars_kit.h"

#include "engine/signal_source.h"
#include "indicators/frame.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static px_calendar *nse;

#define MOST 16 /* columns at a time */

/* Columns by blocks of some length: n values each, one column after the other. The caller frees. */
static double *compute(const px_bars *bars, const char *const *names, size_t block) {
    const px_config config = px_config_default();
    const pxi_columns_setup setup = {.config = &config, .calendar = nse, .twap = true};
    pxi_column_set set = {0};
    px_error err = {0};
    if (pxi_columns_open(&set, names, &setup, &err) != PX_OK)
        fail_msg("%s", err.message);
    assert_true(set.n <= MOST);
    double *values = calloc(set.n * bars->n + 1, sizeof *values);
    assert_non_null(values);
    for (size_t begin = 0; begin < bars->n; begin += block) {
        const px_bars part = px_bars_slice(bars, begin, bars->n - begin < block ? bars->n : begin + block);
        double *out[MOST];
        for (size_t c = 0; c < set.n; c++)
            out[c] = values + c * bars->n + begin;
        pxi_columns_run(&set, &part, out);
    }
    pxi_columns_close(&set);
    return values;
}

static double *compute_one(const px_bars *bars, const char *name, size_t block) {
    const char *const names[] = {name, NULL};
    return compute(bars, names, block);
}

/* Bit for bit; all NaNs are one value. */
static void assert_same(const double *got, const double *want, size_t n, const char *name) {
    for (size_t i = 0; i < n; i++)
        if (memcmp(&got[i], &want[i], sizeof *got) != 0 && !(isnan(got[i]) && isnan(want[i])))
            fail_msg("%s of bar %zu is %.17g, not %.17g", name, i, got[i], want[i]);
}

static void assert_near(double got, double want) {
    if (isnan(want) ? !isnan(got) : !(fabs(got - want) <= 1e-9 * fabs(want) + 1e-10))
        fail_msg("%.17g is not %.17g", got, want);
}

/* ---- against definitions ------------------------------------------------------------------------------ */

/* y over x[0..i] from its start, as a sum of weights: nothing shared with the kernels' recursion. */
static double average(const double *x, size_t i, double a) {
    double y = 0, left = 1;
    for (size_t k = i; k > 0; k--) {
        y += left * a * x[k];
        left *= 1 - a;
    }
    return y + left * x[0];
}

#define N 800

typedef struct textbook {
    double gain[N], loss[N], fast[N], slow[N], macd[N], half[N], full[N], hull[N], range[N], atr10[N];
} textbook;

static textbook *textbook_new(const px_bars *bars) {
    textbook *t = calloc(1, sizeof *t);
    assert_non_null(t);
    const double *c = bars->close;
    for (size_t i = 0; i < bars->n; i++) {
        const double change = i ? c[i] - c[i - 1] : 0;
        if (i)
            t->gain[i - 1] = fmax(change, 0), t->loss[i - 1] = fmax(-change, 0);
        t->range[i] = i ? fmax(bars->high[i] - bars->low[i],
                               fmax(fabs(bars->high[i] - c[i - 1]), fabs(bars->low[i] - c[i - 1])))
                        : bars->high[0] - bars->low[0];
        t->fast[i] = average(c, i, 2.0 / 13);
        t->slow[i] = average(c, i, 2.0 / 27);
        t->macd[i] = t->fast[i] - t->slow[i];
        t->hull[i] = 2 * average(c, i, 2.0 / 9) - average(c, i, 2.0 / 17);
        t->atr10[i] = average(t->range, i, 0.1);
    }
    return t;
}

static double textbook_rsi(const textbook *t, size_t i) {
    if (i < 14)
        return NAN;
    const double rs = average(t->gain, i - 1, 1.0 / 14) / average(t->loss, i - 1, 1.0 / 14);
    return 100 - 100 / (1 + rs);
}

static double textbook_ut_stop(const textbook *t, const double *close, size_t i, double before) {
    const double distance = 2 * t->atr10[i], below = close[i] - distance, above = close[i] + distance;
    if (i == 0)
        return below;
    if (close[i] > before && close[i - 1] > before)
        return fmax(before, below);
    if (close[i] < before && close[i - 1] < before)
        return fmin(before, above);
    return close[i] > before ? below : above;
}

static double textbook_pivot(const px_bars *bars, size_t i) {
    const size_t session = i / 375;
    double high = -INFINITY, low = INFINITY;
    if (session == 0)
        return NAN;
    for (size_t k = (session - 1) * 375; k < session * 375; k++) {
        high = fmax(high, bars->high[k]);
        low = fmin(low, bars->low[k]);
    }
    return (high + low + bars->close[session * 375 - 1]) / 3;
}

static void test_columns_by_the_book(void **state) {
    (void)state;
    static const char *const names[] = {"rsi14",  "macd",    "macd_signal", "macd_histogram",
                                        "ehma16", "ut_stop", "pivot",       NULL};
    px_bars bars = zigzag(N);
    textbook *t = textbook_new(&bars);
    double ut_stop = NAN, *got = compute(&bars, names, PXI_BLOCK);
    for (size_t i = 0; i < N; i++) {
        ut_stop = textbook_ut_stop(t, bars.close, i, ut_stop);
        assert_near(got[i], textbook_rsi(t, i));
        assert_near(got[N + i], t->macd[i]);
        assert_near(got[2 * N + i], average(t->macd, i, 0.2));
        assert_near(got[3 * N + i], t->macd[i] - average(t->macd, i, 0.2));
        assert_near(got[4 * N + i], average(t->hull, i, 0.4));
        assert_near(got[5 * N + i], ut_stop);
        assert_near(got[6 * N + i], textbook_pivot(&bars, i));
    }
    free(got);
    free(t);
    px_bars_free(&bars);
}

/* The recurrences of docs/features.md written out, bit for bit. */
static void recur_ema(const px_bars *bars, double n, double *y) {
    for (size_t i = 0; i < bars->n; i++)
        y[i] = i ? y[i - 1] + 2.0 / (n + 1) * (bars->close[i] - y[i - 1]) : bars->close[0];
}

static double range_of(const px_bars *bars, size_t i) {
    const double range = bars->high[i] - bars->low[i];
    if (i == 0)
        return range;
    return fmax(range,
                fmax(fabs(bars->high[i] - bars->close[i - 1]), fabs(bars->low[i] - bars->close[i - 1])));
}

static void recur_atr(const px_bars *bars, double n, double *atr) {
    double y = range_of(bars, 0);
    for (size_t i = 0; i < bars->n; i++) {
        if (i)
            y += 1.0 / n * (range_of(bars, i) - y);
        atr[i] = (double)i < n - 1 ? NAN : y;
    }
}

static void recur_rsi(const px_bars *bars, double n, double *rsi) {
    double gain = 0, loss = 0;
    for (size_t i = 0; i < bars->n; i++) {
        const double change = i ? bars->close[i] - bars->close[i - 1] : 0;
        const double up = fmax(change, 0), down = fmax(-change, 0);
        gain = i > 1 ? gain + 1.0 / n * (up - gain) : up;
        loss = i > 1 ? loss + 1.0 / n * (down - loss) : down;
        rsi[i] = i > 0 && (double)i >= n ? 100.0 * gain / (gain + loss) : NAN;
    }
}

/* A bar that leaves nothing in either average has no DX: y stays, and the next one weighs more. */
static double smooth_with_gaps(double y, double x, double a, double *weight) {
    *weight *= 1.0 - a;
    if (isnan(x))
        return y;
    const double w = *weight;
    const bool gap = w != 1.0 - a;
    *weight = 1.0;
    return isnan(y) ? x : gap ? (w * y + a * x) / (w + a) : y + a * (x - y);
}

static void recur_adx(const px_bars *bars, double n, double *adx) {
    double up = 0, down = 0, weight = 1;
    adx[0] = NAN;
    for (size_t i = 1; i < bars->n; i++) {
        const double rise = bars->high[i] - bars->high[i - 1], fall = bars->low[i - 1] - bars->low[i];
        const double plus = rise > 0 && rise >= fall ? rise : 0, minus = fall > 0 && fall >= plus ? fall : 0;
        up = i > 1 ? up + 1.0 / n * (plus - up) : plus;
        down = i > 1 ? down + 1.0 / n * (minus - down) : minus;
        adx[i] = smooth_with_gaps(adx[i - 1], 100.0 * fabs(up - down) / (up + down), 1.0 / n, &weight);
    }
}

static void test_recurrences_at_any_period(void **state) {
    (void)state;
    static const struct {
        const char *name;
        void (*recur)(const px_bars *bars, double n, double *out);
    } rows[] = {{"ema", recur_ema}, {"atr", recur_atr}, {"rsi", recur_rsi}, {"adx", recur_adx}};
    static const int periods[] = {1, 2, 3, 7, 14, 20, 50, 200, 2000};
    px_bars bars = zigzag(N);
    double want[N];
    for (size_t r = 0; r < 4; r++)
        for (size_t p = 0; p < sizeof periods / sizeof *periods; p++) {
            char name[32];
            snprintf(name, sizeof name, "%s(%d)", rows[r].name, periods[p]);
            double *got = compute_one(&bars, name, PXI_BLOCK);
            rows[r].recur(&bars, periods[p], want);
            assert_same(got, want, N, name);
            free(got);
        }
    px_bars_free(&bars);
}

/* ---- blocks, company, names --------------------------------------------------------------------------- */

/* Every indicator of the table, as its row is and at other parameters. */
static void test_blocks_of_any_length_give_the_same_bits(void **state) {
    (void)state;
    static const size_t blocks[] = {1, 2, 7, 100, 511};
    px_bars bars = zigzag(1100);
    for (size_t k = 0; pxi_indicator_at(k); k++)
        for (int variant = 0; variant < 4; variant++) {
            const pxi_indicator *indicator = pxi_indicator_at(k);
            for (size_t output = 0; output < indicator->n_outputs; output++) {
                char name[96];
                size_t length = (size_t)snprintf(name, sizeof name, "%s", indicator->name);
                for (size_t p = 0; p < indicator->n_parameters; p++) {
                    const px_parameter *parameter = &indicator->parameters[p];
                    const double values[] = {parameter->usual, parameter->minimum, parameter->usual * 2 + 1,
                                             333};
                    length += (size_t)snprintf(name + length, sizeof name - length, "%s%.12g", p ? "," : "(",
                                               values[variant]);
                }
                snprintf(name + length, sizeof name - length, "%s.%s", indicator->n_parameters ? ")" : "",
                         indicator->outputs[output]);
                double *whole = compute_one(&bars, name, PXI_BLOCK);
                size_t n_defined = 0;
                for (size_t i = 0; i < bars.n; i++)
                    n_defined += !isnan(whole[i]);
                assert_true(n_defined > 100);
                for (size_t b = 0; b < sizeof blocks / sizeof *blocks; b++) {
                    double *part = compute_one(&bars, name, blocks[b]);
                    assert_same(part, whole, bars.n, name);
                    free(part);
                }
                free(whole);
            }
        }
    px_bars_free(&bars);
}

/* In whatever company a column is asked for, and how often, it is the column that it is alone. */
static void test_columns_do_not_depend_on_their_company(void **state) {
    (void)state;
    static const char *const companies[][MOST] = {
        {"ema20", "ema50", "atr", "adx", "vwap", "vol_z", "swing_high", "swing_low", NULL},
        {"ema20", "ema50", NULL},
        {"adx(14)", "atr(14)", "adx(15)", NULL},
        {"ema(20)", "pivot", NULL},
        {"macd.histogram", "macd", "macd(12,26,9).signal", "macd(3,7,2)", NULL},
        {"ema(20)", "ema20", "ema(20)", "ema(50)", "ema50", NULL},
        {"swing(3).low", "swing_low", "swing_high", "swing", NULL},
        {"ut_bot(10,2)", "ut_bot(10, 2.5)", "ut_stop", "ehma(9)", "ehma", NULL},
        {NULL},
    };
    px_bars bars = zigzag(N);
    for (size_t k = 0; k < sizeof companies / sizeof *companies; k++) {
        double *together = compute(&bars, companies[k], 100);
        for (size_t c = 0; companies[k][c]; c++) {
            double *alone = compute_one(&bars, companies[k][c], PXI_BLOCK);
            assert_same(together + c * N, alone, N, companies[k][c]);
            free(alone);
        }
        free(together);
    }
    px_bars_free(&bars);
}

static size_t count_runs(const char *const *names) {
    const px_config config = px_config_default();
    const pxi_columns_setup setup = {.config = &config, .calendar = nse, .twap = true};
    pxi_column_set set = {0};
    assert_int_equal(pxi_columns_open(&set, names, &setup, NULL), PX_OK);
    const size_t n = set.n_makers;
    pxi_columns_close(&set);
    return n;
}

static void test_each_indicator_runs_once(void **state) {
    (void)state;
    static const char *const outputs[] = {"macd", "macd.signal", "macd(12,26,9).histogram", "macd_signal",
                                          NULL};
    static const char *const smoothed[] = {"ema20", "ema(50)", "adx", "atr(14)", NULL};
    static const char *const others[] = {"ema20", "ema(21)", "ema(20)", "rsi", NULL};
    assert_int_equal(count_runs(outputs), 1);
    assert_int_equal(count_runs(smoothed), 1);
    assert_int_equal(count_runs(others), 3);
}

static void test_names_of_columns_are_specs(void **state) {
    (void)state;
    static const char *const pairs[][2] = {
        {"ema20", "ema(20)"},
        {"ema50", " ema ( 50 ) "},
        {"atr", "atr(14)"},
        {"adx", "adx(14)"},
        {"rsi14", "rsi(14)"},
        {"macd", "macd(12, 26, 9).macd"},
        {"macd_signal", "macd.signal"},
        {"macd_histogram", "macd(12,26,9) . histogram"},
        {"ut_stop", "ut_bot(10,2.0)"},
        {"ehma16", "ehma(16)"},
        {"swing_high", "swing(5).high"},
        {"swing_low", "swing(swing_period).low"},
        {"vwap", "vwap()"},
        {"vol_z", "vol_z.vol_z"},
    };
    px_config config = px_config_default();
    for (size_t k = 0; k < sizeof pairs / sizeof *pairs; k++) {
        pxi_column_spec a, b;
        assert_int_equal(pxi_column_spec_parse(pairs[k][0], &config, &a, NULL), PX_OK);
        assert_int_equal(pxi_column_spec_parse(pairs[k][1], &config, &b, NULL), PX_OK);
        assert_true(pxi_column_spec_same_run(&a, &b) && a.output == b.output);
    }
    pxi_column_spec high;
    config.swing_period = 9;
    assert_int_equal(pxi_column_spec_parse("swing_high", &config, &high, NULL), PX_OK);
    assert_true(high.values[0] == 9 && high.output == 0);
    for (size_t i = 0; pxi_column_alias_at(i); i++) { /* every name is one, and hides no indicator */
        assert_int_equal(pxi_column_spec_parse(pxi_column_alias_at(i), &config, &high, NULL), PX_OK);
        for (size_t k = 0; pxi_indicator_at(k); k++)
            assert_string_not_equal(pxi_column_alias_at(i), pxi_indicator_at(k)->name);
    }
}

/* A strategy's own parameters come before keys of the settings. */
static void test_words_of_a_strategy(void **state) {
    (void)state;
    static const px_parameter items[] = {{.name = "fast"}, {.name = "swing_period"}};
    static const double values[] = {7, 11};
    const px_config config = px_config_default();
    const pxi_column_words words = {&config, {"strategy", "made up", items, 2}, values};
    pxi_column_spec spec;
    px_error err = {0};
    assert_int_equal(pxi_column_spec_read("macd(fast,time_stop_bars,3).signal", &words, &spec, NULL), PX_OK);
    assert_true(spec.values[0] == 7 && spec.values[1] == 12 && spec.values[2] == 3 && spec.output == 1);
    assert_int_equal(pxi_column_spec_read("swing_high", &words, &spec, NULL), PX_OK);
    assert_true(spec.values[0] == 11);
    assert_int_equal(pxi_column_spec_read("ema(fsat)", &words, &spec, &err), PX_EINPUT);
    assert_non_null(strstr(err.message, "did you mean \"fast\"?"));
}

static void test_the_table_is_sound(void **state) {
    (void)state;
    for (size_t k = 0; pxi_indicator_at(k); k++) {
        const pxi_indicator *row = pxi_indicator_at(k);
        assert_true(row->name && row->title && row->unit && row->run && row->n_outputs > 0);
        assert_true(row->n_parameters <= PXI_MAX_PARAMETERS);
        for (size_t p = 0; p < row->n_parameters; p++) {
            const px_parameter *parameter = &row->parameters[p];
            assert_true(parameter->minimum <= parameter->usual && parameter->usual <= parameter->maximum);
        }
        for (size_t other = 0; other < k; other++)
            assert_string_not_equal(row->name, pxi_indicator_at(other)->name);
    }
}

static void test_lookbacks(void **state) {
    (void)state;
    static const char *const specs[] = {"ema(5)", "atr(1)", "atr(9)", "adx(3)", "rsi(6)",
                                        "macd",   "ehma",   "vwap",   "vol_z"};
    px_bars bars = zigzag(N);
    const px_config config = px_config_default();
    for (size_t k = 0; k < sizeof specs / sizeof *specs; k++) {
        pxi_column_spec spec;
        size_t first = 0;
        double *values = compute_one(&bars, specs[k], PXI_BLOCK);
        assert_int_equal(pxi_column_spec_parse(specs[k], &config, &spec, NULL), PX_OK);
        while (isnan(values[first]))
            first++;
        assert_int_equal(first, spec.indicator->lookback ? spec.indicator->lookback(spec.values) : 0);
        free(values);
    }
    px_bars_free(&bars);
}

/* ---- wrong specs -------------------------------------------------------------------------------------- */

static void test_wrong_specs_say_what_is_wrong(void **state) {
    (void)state;
    static const struct {
        const char *text, *said;
    } cases[] = {
        {"emma(20)", "no indicator is named \"emma\"; did you mean \"ema\"?"},
        {"ema21", "did you mean \"ema20\"?"},
        {"macd_signla", "did you mean \"macd_signal\"?"},
        {"", "no indicator is named \"\""},
        {"(20)", "no indicator is named \"\""},
        {"EMA(20)", "no indicator is named \"EMA\""},
        {"ema(0)", "period of indicator ema is 0; it takes a whole number from 1 to 10000"},
        {"ema(10001)", "period of indicator ema is 10001; it takes a whole number from 1 to 10000"},
        {"ema(2.5)", "period of indicator ema is 2.5; it takes a whole number"},
        {"ema(-3)", "period of indicator ema is -3; it takes"},
        {"ehma(1)", "period of indicator ehma is 1; it takes a whole number from 2 to 10000"},
        {"ut_bot(10,0)", "multiple of indicator ut_bot is 0; it takes a number from 0.01 to 1000"},
        {"ema()", "ema takes 1 parameter (period), not 0"},
        {"ema(10,20)", "ema takes 1 parameter (period), not 2"},
        {"macd(12,26)", "macd takes 3 parameters (fast, slow, signal), not 2"},
        {"macd(1,2,3,4,5,6)", "macd takes 3 parameters (fast, slow, signal), not 6"},
        {"pivot(3)", "pivot takes 0 parameters, not 1"},
        {"ema(nan)", "\"nan\" is no number"},
        {"ema(1e400)", "is no number"},
        {"ema(0x10)", "is no number"},
        {"ema(,)", "\"\" is no number"},
        {"ema(swing_perod)", "did you mean \"swing_period\"?"},
        {"ema(profile)", "\"profile\" is no number and no number of the settings"},
        {"ema(20", "a closing parenthesis is missing"},
        {"ema(20))", "something stands behind its end"},
        {"ema(20)x", "something stands behind its end"},
        {"macd.signl", "no output of macd is named \"signl\"; did you mean \"signal\"?"},
        {"macd.", "no output of macd is named \"\""},
        {"macd.signal.x", "no output of macd is named \"signal.x\""},
        {"ema20(3)", "no indicator is named \"ema20\""},
    };
    const px_config config = px_config_default();
    for (size_t k = 0; k < sizeof cases / sizeof *cases; k++) {
        pxi_column_spec spec = {.output = 77};
        px_error err = {0};
        char quoted[80];
        snprintf(quoted, sizeof quoted, "column \"%s\": ", cases[k].text);
        if (pxi_column_spec_parse(cases[k].text, &config, &spec, &err) != PX_EINPUT ||
            !strstr(err.message, quoted) || !strstr(err.message, cases[k].said))
            fail_msg("\"%s\": %s", cases[k].text, err.message);
        assert_int_equal(spec.output, 77);
        assert_int_equal(pxi_column_spec_parse(cases[k].text, &config, &spec, NULL), PX_EINPUT);
    }
}

static void test_long_specs_are_refused(void **state) {
    (void)state;
    const px_config config = px_config_default();
    char text[5000];
    pxi_column_spec spec;
    px_error err = {0};
    memset(text, 'a', sizeof text - 1);
    text[sizeof text - 1] = '\0';
    assert_int_equal(pxi_column_spec_parse(text, &config, &spec, &err), PX_EINPUT);
    memcpy(text, "ema(", 4);
    assert_int_equal(pxi_column_spec_parse(text, &config, &spec, &err), PX_EINPUT);
    for (size_t i = 4; i < sizeof text - 1; i++)
        text[i] = i % 2 ? ',' : '9';
    assert_int_equal(pxi_column_spec_parse(text, &config, &spec, &err), PX_EINPUT);
}

static void test_a_set_with_a_wrong_column_is_refused(void **state) {
    (void)state;
    static const char *const names[] = {"ema20", "macd(3,4,5)", "rsi(0)", NULL};
    const px_config config = px_config_default();
    const pxi_columns_setup setup = {.config = &config, .calendar = nse, .twap = true};
    pxi_column_set set = {0};
    px_error err = {0};
    assert_int_equal(pxi_columns_open(&set, names, &setup, &err), PX_EINPUT);
    assert_non_null(strstr(err.message, "\"rsi(0)\""));
    pxi_columns_close(&set);
}

/* ---- what strategies see ------------------------------------------------------------------------------ */

/* Whatever the profile, columns of standard strategies are those of the honest one. */
static void test_strategies_see_causal_columns(void **state) {
    (void)state;
    px_bars bars = zigzag(N);
    px_config honest = px_config_default(), reference = honest;
    px_config_set_profile(&reference, PX_PROFILE_REFERENCE);
    const px_dataset data = {.bars = bars, .calendar = nse, .end = N};
    px_strategy_config chosen;
    pxi_bar_signals signals;
    px_feature_frame frame = {0};
    assert_int_equal(px_strategy_config_read("ema_cross", NULL, &chosen, NULL), PX_OK);
    const pxi_flow flow = {
        .data = &data, .config = &reference, .strategy = chosen.strategy, .parameters = chosen.values};
    assert_int_equal(px_features_compute(&bars, nse, &honest, &frame, NULL), PX_OK);
    assert_int_equal(pxi_bar_signals_stream(&signals, &flow, NULL), PX_OK);
    for (size_t i = 0; i < N; i++) {
        const px_bars one = px_bars_slice(&bars, i, i + 1);
        pxi_bar_signals_show(&signals, &one);
        for (size_t k = 0; k < PX_N_FEATURES; k++)
            assert_same(&signals.features[k], &frame.column[k][i], 1, px_feature_name(k));
        assert_same(&signals.present[0], &frame.column[PX_EMA20][i], 1, "fast");
        assert_same(&signals.present[1], &frame.column[PX_EMA50][i], 1, "slow");
    }
    pxi_bar_signals_free(&signals);
    px_feature_frame_free(&frame);
    px_bars_free(&bars);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_columns_by_the_book),
        cmocka_unit_test(test_recurrences_at_any_period),
        cmocka_unit_test(test_blocks_of_any_length_give_the_same_bits),
        cmocka_unit_test(test_columns_do_not_depend_on_their_company),
        cmocka_unit_test(test_each_indicator_runs_once),
        cmocka_unit_test(test_names_of_columns_are_specs),
        cmocka_unit_test(test_words_of_a_strategy),
        cmocka_unit_test(test_the_table_is_sound),
        cmocka_unit_test(test_lookbacks),
        cmocka_unit_test(test_wrong_specs_say_what_is_wrong),
        cmocka_unit_test(test_long_specs_are_refused),
        cmocka_unit_test(test_a_set_with_a_wrong_column_is_refused),
        cmocka_unit_test(test_strategies_see_causal_columns),
    };
    if (px_calendar_open("NSE", &nse, NULL) != PX_OK)
        return 1;
    int failed = cmocka_run_group_tests(tests, NULL, NULL);
    px_calendar_close(&nse);
    return failed;
}
