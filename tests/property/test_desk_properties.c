// SPDX-License-Identifier: Apache-2.0
/* What holds of three instruments on one account, on random series under random rules: the order that they
 * are named in changes nothing, a stream makes what a batch makes, the account is the sum of its fills, and a
 * tally, of one instrument too, comes to what its journal comes to.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "desk_kit.h"
#include "depth.h"
#include "market/bars.h"
#include "metrics/run_tally.h"
#include "property/series.h"

#define N_SERIES (uint64_t) rounds(300)

/* ---- random desks ------------------------------------------------------------------------------------- */

typedef struct world {
    kit desks[N_DESKS];
    px_config config;
    px_strategy_config chosen;
    pxi_account_rules rules;
} world;

/* Bars of one series leave gaps that those of others fill, and windows begin where they like. */
static void make_desk(kit *k, const char *symbol, uint64_t seed, pxi_rng *rng) {
    *k = kit_make();
    k->data.timeframe_minutes = 15;
    strcpy(k->data.instrument.symbol, symbol);
    k->data.bars = series_make_with(seed, k->data.calendar, (series_options){15, 500});
    k->data.end = k->data.bars.n;
    k->data.begin = pxi_rng_below(rng, k->data.end / 3 + 1);
}

static world make_world(uint64_t seed, pxi_rng *rng) {
    static const char *const symbols[] = {"AAA", "BBB", "CCC"};
    world w = {.config = px_config_default()};
    px_config *config = &w.config;
    pxi_rng_seed(rng, seed);
    assert_int_equal(px_strategy_config_read(seed % 2 ? "pixityAI_meta" : "ema_cross", NULL, &w.chosen, NULL),
                     PX_OK);
    config->entry = pxi_rng_below(rng, 2) ? PX_ENTRY_NEXT_OPEN : PX_ENTRY_SIGNAL_CLOSE;
    config->on_opposite = (px_on_opposite)pxi_rng_below(rng, 3);
    config->fees = (px_fees)pxi_rng_below(rng, 3);
    config->cooldown_bars = (int)pxi_rng_below(rng, 4);
    config->max_daily_trades = 1 + (int)pxi_rng_below(rng, 6);
    config->time_stop_bars = 1 + (int)pxi_rng_below(rng, 20);
    config->max_drawdown_limit = pxi_rng_below(rng, 3) ? 0.99 : 0.02;
    config->square_off = pxi_rng_below(rng, 3) ? PX_TIME_BY_PRODUCT : 15 * 60;
    config->allow_short = true;
    config->slippage.kind = (px_slippage_kind)pxi_rng_below(rng, PX_N_SLIPPAGES);
    config->slippage.amount = config->slippage.kind == PX_SLIPPAGE_NONE ? 0 : 0.3;
    w.rules.max_positions = pxi_rng_below(rng, 4);
    w.rules.max_gross = (double)pxi_rng_below(rng, 4);
    w.rules.allocation = (pxi_allocation)pxi_rng_below(rng, 3);
    for (size_t k = 0; k < N_DESKS; k++)
        make_desk(&w.desks[k], symbols[k], seed * N_DESKS + k, rng);
    return w;
}

static void free_world(world *w) {
    for (size_t k = 0; k < N_DESKS; k++)
        kit_free(&w->desks[k]);
}

static pxi_flow flow_of(const world *w, size_t desk) {
    return (pxi_flow){
        .data = &w->desks[desk].data,
        .config = &w->config,
        .strategy = w->chosen.strategy,
        .parameters = w->chosen.values,
    };
}

/* ---- runs --------------------------------------------------------------------------------------------- */

typedef struct moments {
    size_t n;
    pxi_moment items[N_DESKS * 512];
} moments;

static px_status keep_moment(void *user, const pxi_moment *moment, px_error *err) {
    moments *m = user;
    (void)err;
    m->items[m->n++] = *moment;
    return PX_OK;
}

static const pxi_sink_kind keeping_moments = {.moment = keep_moment};

static const size_t orders[][N_DESKS] = {{0, 1, 2}, {0, 2, 1}, {1, 0, 2}, {1, 2, 0}, {2, 0, 1}, {2, 1, 0}};

static void run_desks(const world *w, const size_t *order, size_t n, pxi_sinks sinks) {
    pxi_found found[N_DESKS] = {0};
    pxi_flow flows[N_DESKS];
    for (size_t k = 0; k < n; k++)
        flows[k] = flow_of(w, order[k]);
    const pxi_desks desks = {.flows = flows, .n = n, .rules = w->rules, .sinks = sinks};
    assert_int_equal(pxi_batch_run(&desks, found, NULL), PX_OK);
    for (size_t k = 0; k < n; k++) {
        assert_ptr_equal(flows[k].data, &w->desks[k].data);
        pxi_found_free(&found[k]);
    }
}

static void run_batch(const world *w, const size_t order[N_DESKS], pxi_sinks sinks) {
    run_desks(w, order, N_DESKS, sinks);
}

static void run_stream(const world *w, pxi_sinks sinks) {
    pxi_flow flows[N_DESKS];
    pxi_stream stream;
    for (size_t k = 0; k < N_DESKS; k++)
        flows[k] = flow_of(w, N_DESKS - 1 - k);
    const pxi_desks desks = {.flows = flows, .n = N_DESKS, .rules = w->rules, .sinks = sinks};
    assert_int_equal(pxi_stream_open(&stream, &desks, w->desks[0].data.begin % 2, NULL), PX_OK);
    assert_int_equal(pxi_stream_run(&stream, NULL), PX_OK);
    pxi_stream_close(&stream);
}

/* ---- properties --------------------------------------------------------------------------------------- */

static void test_order_of_series_and_way_of_driving_change_nothing(void **state) {
    size_t n_trades = 0, n_shared = 0;
    (void)state;
    for (uint64_t seed = 0; seed < N_SERIES; seed++) {
        pxi_rng rng;
        world w = make_world(seed, &rng);
        pxi_journal first = {0}, other = {0}, streamed = {0};
        const pxi_sink to_first = {&pxi_journal_sink, &first}, to_other = {&pxi_journal_sink, &other},
                       to_streamed = {&pxi_journal_sink, &streamed};
        run_batch(&w, orders[0], (pxi_sinks){&to_first, 1});
        run_batch(&w, orders[1 + seed % 5], (pxi_sinks){&to_other, 1});
        run_stream(&w, (pxi_sinks){&to_streamed, 1});
        assert_same_journal(&first, &other);
        /* A stream takes every bar of a desk, a batch those on which something can happen. */
        assert_same_journal(&first, &streamed);
        n_trades += first.n_trades;
        for (size_t i = 1; i < first.n_trades; i++)
            n_shared += first.trades[i].desk != first.trades[i - 1].desk;
        pxi_journal_free(&first);
        pxi_journal_free(&other);
        pxi_journal_free(&streamed);
        free_world(&w);
    }
    assert_true(n_trades > 2 * N_SERIES && n_shared > N_SERIES / 4);
}

/* What of a desk hangs on nothing shared is what it does alone. */
static void test_desks_that_share_nothing_trade_as_if_alone(void **state) {
    size_t n_trades = 0;
    (void)state;
    for (uint64_t seed = 0; seed < N_SERIES; seed++) {
        pxi_rng rng;
        world w = make_world(seed, &rng);
        pxi_journal together = {0};
        const pxi_sink sink = {&pxi_journal_sink, &together};
        w.rules = (pxi_account_rules){0};
        w.config.capital = 1e15;
        w.config.leverage = 1000;
        w.config.max_daily_trades = 1000;
        w.config.max_drawdown_limit = 0.99;
        w.config.max_position_size = 100; /* of whatever part of the equity */
        run_batch(&w, orders[seed % 6], (pxi_sinks){&sink, 1});
        for (size_t k = 0; k < N_DESKS; k++) {
            pxi_journal alone = {0};
            const pxi_sink own = {&pxi_journal_sink, &alone};
            pxi_flow flow = flow_of(&w, k);
            pxi_found found = {0};
            const pxi_desks desks = {.flows = &flow, .n = 1, .sinks = {&own, 1}};
            assert_int_equal(pxi_batch_run(&desks, &found, NULL), PX_OK);
            size_t at = 0;
            for (size_t i = 0; i < together.n_trades; i++) {
                const pxi_trade *a = &together.trades[i];
                if (a->desk != k)
                    continue;
                assert_true(at < alone.n_trades);
                const pxi_trade *b = &alone.trades[at++];
                assert_true(a->entry_us == b->entry_us && a->exit_us == b->exit_us && a->side == b->side &&
                            a->quantity == b->quantity && a->entry_price == b->entry_price &&
                            a->exit_price == b->exit_price && a->fees == b->fees && a->pnl == b->pnl &&
                            a->reason == b->reason && a->bars_held == b->bars_held);
            }
            assert_int_equal(at, alone.n_trades);
            n_trades += at;
            pxi_found_free(&found);
            pxi_journal_free(&alone);
        }
        pxi_journal_free(&together);
        free_world(&w);
    }
    assert_true(n_trades > 2 * N_SERIES);
}

/* The last close of a desk at or before a time; 0 before its first. */
static double close_at(const px_dataset *data, int64_t ts_us) {
    const size_t n = px_bars_lower_bound(&data->bars, ts_us + 1);
    return n > 0 ? data->bars.close[n - 1] : 0.0;
}

/* The moment that shows a fill: of one that a hole ends, the desk's first bar behind it. */
static int64_t shown_us(const px_dataset *data, px_exit_reason reason, int64_t ts_us) {
    return reason == PX_EXIT_DATA_HOLE ? data->bars.ts_us[px_bars_lower_bound(&data->bars, ts_us + 1)]
                                       : ts_us;
}

/* From fills and bars alone: cash, equity and what is held at each moment that was told, and the caps. */
static void check_moments(const world *w, const pxi_journal *journal, const moments *m) {
    double cash = w->config.capital, fees = 0.0, held[N_DESKS] = {0}, peak = cash;
    size_t fill = 0;
    for (size_t i = 0; i < m->n; i++) {
        const pxi_moment *moment = &m->items[i];
        for (; fill < journal->n_fills; fill++) {
            const pxi_fill *f = &journal->fills[fill];
            if (shown_us(&w->desks[f->desk].data, f->reason, f->ts_us) > moment->ts_us)
                break;
            cash -= f->side * f->quantity * f->price + f->fees;
            fees += f->fees;
            held[f->desk] += f->side * f->quantity;
        }
        double equity = cash, gross = 0.0, net = 0.0;
        size_t n_held = 0;
        for (size_t k = 0; k < N_DESKS; k++) {
            const double value = held[k] * close_at(&w->desks[k].data, moment->ts_us);
            equity += value;
            net += value;
            gross += fabs(value);
            n_held += held[k] != 0.0;
        }
        const double tolerance = 1e-9 * (fabs(cash) + gross + w->config.capital);
        assert_true(i == 0 || moment->ts_us > m->items[i - 1].ts_us);
        assert_true(fabs(moment->cash - cash) <= tolerance && fabs(moment->fees_paid - fees) <= tolerance);
        assert_true(fabs(moment->equity - equity) <= tolerance);
        assert_true(fabs(moment->gross_value - gross) <= tolerance &&
                    fabs(moment->net_value - net) <= tolerance);
        assert_true(moment->peak == fmax(peak, moment->equity));
        assert_true(w->rules.max_positions == 0 || n_held <= w->rules.max_positions);
        peak = moment->peak;
    }
    assert_int_equal(fill, journal->n_fills);
}

static void test_the_account_is_the_sum_of_its_fills(void **state) {
    static moments m;
    (void)state;
    for (uint64_t seed = 0; seed < N_SERIES; seed++) {
        pxi_rng rng;
        world w = make_world(seed, &rng);
        pxi_journal journal = {0};
        const pxi_sink sinks[] = {{&pxi_journal_sink, &journal}, {&keeping_moments, &m}};
        m.n = 0;
        run_batch(&w, orders[0], (pxi_sinks){sinks, 2});
        check_moments(&w, &journal, &m);
        m.n = 0;
        pxi_journal_free(&journal);
        run_stream(&w, (pxi_sinks){sinks, 2});
        check_moments(&w, &journal, &m);
        pxi_journal_free(&journal);
        free_world(&w);
    }
}

/* ---- a tally and a journal ---------------------------------------------------------------------------- */

/* Every moment of the first n desks' windows. */
typedef struct timeline {
    int64_t ts_us[N_DESKS * 512];
    double market[N_DESKS * 512];
    int32_t dates[N_DESKS * 512];
    size_t *ends;
    pxi_timeline of;
} timeline;

static int by_time(const void *left, const void *right) {
    const int64_t a = *(const int64_t *)left, b = *(const int64_t *)right;
    return (a > b) - (a < b);
}

static void make_timeline(const world *w, size_t n, timeline *t) {
    size_t n_all = 0, n_kept = 0;
    for (size_t k = 0; k < n; k++)
        for (size_t i = w->desks[k].data.begin; i < w->desks[k].data.end; i++)
            t->ts_us[n_all++] = w->desks[k].data.bars.ts_us[i];
    qsort(t->ts_us, n_all, sizeof *t->ts_us, by_time);
    for (size_t i = 0; i < n_all; i++)
        if (n_kept == 0 || t->ts_us[i] != t->ts_us[n_kept - 1])
            t->ts_us[n_kept++] = t->ts_us[i];
    for (size_t i = 0; i < n_kept; i++)
        t->market[i] = close_at(&w->desks[0].data, t->ts_us[i]) + 1.0;
    const px_calendar *calendar = w->desks[0].data.calendar;
    t->of = (pxi_timeline){.ts_us = t->ts_us,
                           .market = t->market,
                           .n = n_kept,
                           .session_dates = t->dates,
                           .days_per_year = px_calendar_days_per_year(calendar)};
    assert_int_equal(pxi_session_ends(&(px_bars){.n = n_kept, .ts_us = t->ts_us}, calendar, 0, n_kept,
                                      &t->ends, &t->of.n_sessions),
                     PX_OK);
    t->of.session_ends = t->ends;
    for (size_t k = 0; k < t->of.n_sessions; k++)
        t->dates[k] = px_calendar_date(calendar, t->ts_us[t->ends[k] - 1]);
}

static int64_t trade_shown_us(const world *w, const pxi_trade *trade) {
    return shown_us(&w->desks[trade->desk].data, trade->reason, trade->exit_us);
}

/* The account at each moment, whether anything happens then or not, from what the journal says of changes. */
static void tell_journal(const world *w, size_t n, const pxi_journal *journal, pxi_tally *tally) {
    double held[N_DESKS] = {0};
    size_t state = 0, trade = 0;
    pxi_moment moment = {0};
    for (size_t i = 0; i < tally->timeline.n; i++) {
        moment.ts_us = tally->timeline.ts_us[i];
        for (; state < journal->n_states; state++) {
            const pxi_account_state *now = &journal->states[state];
            if (w->desks[now->desk].data.bars.ts_us[now->bar] > moment.ts_us)
                break;
            held[now->desk] = now->position;
            moment.cash = now->cash;
            moment.fees_paid = now->fees_paid;
        }
        moment.equity = moment.cash;
        for (size_t k = 0; k < n; k++)
            moment.equity += held[k] * close_at(&w->desks[k].data, moment.ts_us);
        for (size_t f = 0; f < journal->n_fills; f++)
            if (journal->fills[f].ts_us == moment.ts_us)
                assert_int_equal(pxi_tally_sink.fill(tally, &journal->fills[f], NULL), PX_OK);
        for (; trade < journal->n_trades && trade_shown_us(w, &journal->trades[trade]) == moment.ts_us;
             trade++)
            assert_int_equal(pxi_tally_sink.trade(tally, &journal->trades[trade], NULL), PX_OK);
        assert_int_equal(pxi_tally_sink.moment(tally, &moment, NULL), PX_OK);
    }
    assert_true(state == journal->n_states && trade == journal->n_trades);
}

/* Moments from an entry to its exit, both included, each once; an exit before a hole is not known until it is
 * shown, other desks go on. */
static size_t count_exposed(const world *w, const pxi_timeline *times, const pxi_journal *journal) {
    size_t n = 0;
    for (size_t i = 0; i < times->n; i++) {
        bool exposed = false;
        for (size_t k = 0; k < journal->n_trades; k++) {
            const pxi_trade *trade = &journal->trades[k];
            const int64_t end_us = trade_shown_us(w, trade) - (trade->reason == PX_EXIT_DATA_HOLE);
            exposed |= trade->entry_us <= times->ts_us[i] && end_us >= times->ts_us[i];
        }
        n += exposed;
    }
    return n;
}

static void assert_same_metrics(const px_metrics *a, const px_metrics *b) {
    const px_metric *metric;
    for (size_t i = 0; (metric = px_metric_at(i)); i++) {
        const double x = px_metric_value(a, metric), y = px_metric_value(b, metric);
        if (!(x == y || (isnan(x) && isnan(y))))
            fail_msg("%s: %.17g, not %.17g", metric->key, x, y);
    }
    assert_string_equal(a->not_annualised, b->not_annualised);
}

static void check_tally(const world *w, size_t n, size_t *n_trades) {
    static timeline t;
    pxi_journal journal = {0};
    pxi_tally tally = {0}, counted = {0}, lone = {0};
    px_metrics metrics, of_journal;
    const pxi_sink sinks[] = {
        {&pxi_journal_sink, &journal}, {&pxi_tally_sink, &tally}, {&pxi_tally_sink, &lone}};
    make_timeline(w, n, &t);
    const double capital = w->config.capital;
    assert_int_equal(pxi_tally_begin(&tally, &t.of, capital, NULL, NULL), PX_OK);
    assert_int_equal(pxi_tally_begin(&counted, &t.of, capital, NULL, NULL), PX_OK);
    assert_int_equal(pxi_tally_begin(&lone, &t.of, capital, NULL, NULL), PX_OK);
    run_desks(w, orders[0], n, (pxi_sinks){sinks, 2});
    run_desks(w, orders[0], n, (pxi_sinks){&sinks[2], 1});
    tell_journal(w, n, &journal, &counted);
    assert_int_equal(pxi_tally_end(&tally, &metrics, NULL), PX_OK);
    assert_int_equal(pxi_tally_end(&counted, &of_journal, NULL), PX_OK);
    assert_same_metrics(&metrics, &of_journal);
    assert_int_equal(pxi_tally_end(&lone, &of_journal, NULL), PX_OK);
    assert_same_metrics(&metrics, &of_journal);
    assert_true(metrics.exposure_pct == 100.0 * ((double)count_exposed(w, &t.of, &journal) / (double)t.of.n));
    *n_trades += journal.n_trades;
    pxi_tally_free(&tally);
    pxi_tally_free(&counted);
    pxi_tally_free(&lone);
    pxi_journal_free(&journal);
    free(t.ends);
}

/* Bit for bit, whatever moments the engine leaves out. */
static void test_a_tally_comes_to_what_its_journal_does(void **state) {
    size_t n_alone = 0, n_together = 0;
    (void)state;
    for (uint64_t seed = 0; seed < N_SERIES; seed++) {
        pxi_rng rng;
        world w = make_world(seed, &rng);
        check_tally(&w, 1, &n_alone);
        check_tally(&w, N_DESKS, &n_together);
        free_world(&w);
    }
    assert_true(n_alone > N_SERIES && n_together > 2 * N_SERIES);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_a_tally_comes_to_what_its_journal_does),
        cmocka_unit_test(test_order_of_series_and_way_of_driving_change_nothing),
        cmocka_unit_test(test_desks_that_share_nothing_trade_as_if_alone),
        cmocka_unit_test(test_the_account_is_the_sum_of_its_fills),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
