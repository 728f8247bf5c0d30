// SPDX-License-Identifier: Apache-2.0
/* What holds in every replay, on thousands of random series (property/series.h) under random rules. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "backtest/tables.h"
#include "pixity/labels.h"
#include "pixity/train.h"
#include "property/series.h"
#include "depth.h"
#include "replay_kit.h"

#include <float.h>

#define N_SERIES (uint64_t) rounds(3000)

/* ---- random series and settings ----------------------------------------------------------------------- */

#define PICK(rng, ...)                                                                                       \
    series_pick(rng, (const double[]){__VA_ARGS__}, sizeof((const double[]){__VA_ARGS__}) / sizeof(double))

static void set_random_rules(px_config *config, pxi_rng *rng) {
    config->entry = pxi_rng_below(rng, 2) ? PX_ENTRY_NEXT_OPEN : PX_ENTRY_SIGNAL_CLOSE;
    config->stop_fill = pxi_rng_below(rng, 4) ? PX_STOP_FILL_MARKET : PX_STOP_FILL_LEVEL;
    config->on_opposite = (px_on_opposite)pxi_rng_below(rng, 3);
    config->fees = (px_fees)pxi_rng_below(rng, 3);
    config->cooldown_bars = (int)pxi_rng_below(rng, 5);
    config->max_daily_trades = 1 + (int)pxi_rng_below(rng, 4);
    config->time_stop_bars = 1 + (int)pxi_rng_below(rng, 20);
    config->sl_mult = PICK(rng, 0.1, 0.5, 1, 3);
    config->tp_mult = PICK(rng, 0.1, 1, 2, 5);
    config->reversion_k = PICK(rng, 0.5, 1, 2);
    config->max_drawdown_limit = PICK(rng, 0.001, 0.05, 0.99);
    config->slippage_bps = PICK(rng, 0, 0, 10);
    config->square_off = pxi_rng_below(rng, 3) ? PX_TIME_BY_PRODUCT : 15 * 60;
    config->product = (px_product)pxi_rng_below(rng, PX_N_PRODUCTS);
    config->risk_per_trade = PICK(rng, 50, 500, 5000);
    config->swing_period = 1 + (int)pxi_rng_below(rng, 5);
    config->lot_size = PICK(rng, NAN, 1, 25, 0.1, 0.001, 0);
}

/* Bars of the timeframe, a third of them made of one-minute bars in which exits are looked for. */
static void make_bars(kit *k, uint64_t seed) {
    if (seed % 3) {
        k->data.bars =
            series_make_with(seed, k->data.calendar, (series_options){k->data.timeframe_minutes, 700});
        return;
    }
    px_bars minutes = series_make_with(seed, k->data.calendar, (series_options){1, 6000});
    assert_int_equal(px_bars_resample(&minutes, k->data.calendar, PX_ANCHOR_OPEN, 1,
                                      k->data.timeframe_minutes, &k->data.bars, NULL),
                     PX_OK);
    assert_int_equal(px_detail_make(&minutes, 1, &k->data.bars, &k->data.detail, NULL), PX_OK);
    k->config.detail = PX_DETAIL_1M;
}

static kit make_series(uint64_t seed, pxi_rng *rng) {
    kit k = kit_make();
    pxi_rng_seed(rng, seed);
    k.data.timeframe_minutes = (int)PICK(rng, 5, 15, 60);
    k.data.instrument.tick = PICK(rng, 0, 0.05, 1);
    make_bars(&k, seed);
    k.data.end = k.data.bars.n;
    k.data.begin = pxi_rng_below(rng, k.data.end / 3 + 1);
    set_random_rules(&k.config, rng);
    return k;
}

/* Signals of the meta strategy without a model, then the replay. */
static void run(kit *k) {
    const px_strategy *strategy;
    px_feature_frame frame = {0};
    px_batch_input input = {.dataset = &k->data, .frame = &frame, .config = &k->config};
    px_candidate_list_free(&k->candidates);
    px_signal_list_free(&k->signals);
    assert_int_equal(px_strategy_find("pixityAI_meta", &strategy, NULL), PX_OK);
    assert_int_equal(px_features_compute(&k->data.bars, k->data.calendar, &k->config, &frame, NULL), PX_OK);
    assert_int_equal(strategy->find_signals(&input, &k->candidates, &k->signals, NULL), PX_OK);
    px_feature_frame_free(&frame);
    kit_run(k);
}

/* ---- invariants --------------------------------------------------------------------------------------- */

/* A market fill lies in its bar's range, give or take the slippage; a level of `level` need not. */
static void check_price(const kit *k, double price, size_t bar) {
    double high = k->data.bars.high[bar], low = k->data.bars.low[bar];
    double slack = high * k->config.slippage_bps / 10000 + 1e-9 * high;
    assert_true(price <= high + slack && price >= low - slack);
}

/* With square-off only a session that breaks off before it is crossed, and left at the next bar there is. */
static bool leaves_at_once_next_day(const kit *k, const pxi_trade *trade) {
    return px_calendar_date(k->data.calendar, k->data.bars.ts_us[trade->exit_bar - 1]) ==
           px_calendar_date(k->data.calendar, trade->entry_us);
}

/* So many lots, each a decimal; sized so that the stop loses no more than was asked, to the last bit. */
static void check_quantity(const kit *k, const pxi_trade *trade) {
    const double lot = px_config_lot(&k->config, k->data.instrument.lot_size), quantity = trade->quantity;
    assert_true(quantity > 0 && quantity >= lot);
    if (lot >= 1)
        assert_true(fmod(quantity, lot) == 0);
    else if (lot > 0)
        assert_true(quantity == round(quantity * round(1 / lot)) / round(1 / lot));
    if (!isnan(trade->risk))
        assert_true(trade->risk <= k->config.risk_per_trade * (1 + 4 * DBL_EPSILON));
}

static void check_trade(const kit *k, const pxi_trade *trade) {
    assert_true(trade->signal.bar >= k->data.begin && trade->exit_bar < k->data.end);
    assert_true(trade->entry_bar <= trade->exit_bar);
    assert_true(trade->bars_held <= k->config.time_stop_bars);
    check_price(k, trade->entry_price, trade->entry_bar);
    if (k->config.stop_fill == PX_STOP_FILL_MARKET)
        check_price(k, trade->exit_price, trade->exit_bar);
    assert_true(trade->side * (trade->entry_price - trade->levels.stop) > 0);
    assert_true(trade->side * (trade->levels.target - trade->entry_price) > 0);
    check_quantity(k, trade);
    assert_true(trade->side == PX_LONG || k->config.product != PX_PRODUCT_DELIVERY);
    if (trade->overnight && px_config_square_off(&k->config) != PX_NO_TIME)
        assert_true(leaves_at_once_next_day(k, trade));
}

static void check_order(const kit *k, const pxi_trade *before, const pxi_trade *trade) {
    bool reversed = k->config.on_opposite == PX_OPPOSITE_REVERSE && before->reason == PX_EXIT_SIGNAL &&
                    trade->entry_bar == before->exit_bar;
    assert_true(trade->entry_bar >= before->exit_bar);
    assert_true(reversed || trade->signal.bar - before->exit_bar >= (size_t)k->config.cooldown_bars);
    assert_true(before->reason != PX_EXIT_KILL_SWITCH && before->reason != PX_EXIT_END_OF_DATA);
}

static void check_daily_limit(const kit *k) {
    int entries = 0;
    int32_t date = INT32_MIN;
    for (size_t i = 0; i < k->journal.n_trades; i++) {
        int32_t day = px_calendar_date(k->data.calendar, k->journal.trades[i].entry_us);
        entries = day == date ? entries + 1 : 1;
        date = day;
        assert_true(entries <= k->config.max_daily_trades);
    }
}

/* A drawdown is held against the highest equity of the rows so far, the capital being the first. */
static void check_drawdowns(const kit *k) {
    px_table equity = kit_equity(&k->data, &k->journal);
    double peak = k->config.capital;
    for (size_t i = 0; i < equity.n_rows; i++) {
        const double net = equity.columns[PXI_EQUITY_NET].u.f64[i];
        peak = fmax(peak, net);
        assert_true(equity.columns[PXI_EQUITY_DRAWDOWN].u.f64[i] == 100.0 * (net / peak - 1.0));
    }
    px_table_free(&equity);
}

/* No entry is decided at or after the close at which equity had fallen too far. */
static void check_kill_switch(const kit *k) {
    const pxi_journal *journal = &k->journal;
    size_t bar = k->data.end;
    px_table equity = kit_equity(&k->data, journal);
    for (size_t i = equity.n_rows; i-- > 0;)
        if (-equity.columns[PXI_EQUITY_DRAWDOWN].u.f64[i] > 100.0 * (k->config.max_drawdown_limit + 1e-12))
            bar = k->data.begin + i;
    px_table_free(&equity);
    for (size_t i = 0; i < journal->n_trades; i++)
        assert_true(journal->trades[i].signal.bar <= bar);
    assert_true(bar == k->data.end || journal->killed);
}

static void test_invariants(void **state) {
    (void)state;
    size_t n_trades = 0, n_outcomes[PX_N_OUTCOMES] = {0}, n_exits[PX_EXIT_END_OF_DATA + 1] = {0};
    for (uint64_t seed = 1; seed <= N_SERIES; seed++) {
        pxi_rng rng;
        kit k = make_series(seed, &rng);
        run(&k); /* checks the account at every bar, candidates = sum of outcomes */
        for (size_t i = 0; i < k.journal.n_trades; i++) {
            check_trade(&k, &k.journal.trades[i]);
            if (i > 0)
                check_order(&k, &k.journal.trades[i - 1], &k.journal.trades[i]);
            n_exits[k.journal.trades[i].reason]++;
        }
        check_daily_limit(&k);
        check_drawdowns(&k);
        check_kill_switch(&k);
        n_trades += k.journal.n_trades;
        for (size_t i = 0; i < k.candidates.n; i++)
            n_outcomes[k.candidates.items[i].outcome]++;
        kit_free(&k);
    }
    assert_true(n_trades > N_SERIES); /* the series do trade, in every way */
    const px_outcome outcomes[] = {
        PX_OUTCOME_SUPERSEDED,  PX_OUTCOME_COOLDOWN,        PX_OUTCOME_DAILY_LIMIT, PX_OUTCOME_IN_POSITION,
        PX_OUTCOME_KILL_SWITCH, PX_OUTCOME_STOP_BELOW_TICK, PX_OUTCOME_NO_NEXT_BAR, PX_OUTCOME_BELOW_ONE_LOT,
        PX_OUTCOME_SESSION_END, PX_OUTCOME_PRODUCT_NO_SHORT};
    for (size_t i = 0; i < sizeof outcomes / sizeof outcomes[0]; i++)
        assert_true(n_outcomes[outcomes[i]] > 0);
    for (int reason = PX_EXIT_STOP_LOSS; reason <= PX_EXIT_END_OF_DATA; reason++)
        assert_true(n_exits[reason] > 0);
}

/* Standard strategies, with and without levels: positions of any length, turned by their own signals. */
static void hash_run(const kit *k, char out[PXI_HASH_TEXT_SIZE]);

static pxi_flow flow_of(kit *k, const px_strategy_config *chosen) {
    return (pxi_flow){
        .data = &k->data, .config = &k->config, .strategy = chosen->strategy, .parameters = chosen->values};
}

/* By blocks and only with what the strategy names it makes of the bars what it makes of them one by one. */
static void check_blocks(kit *k, const px_strategy_config *chosen) {
    char one_by_one[PXI_HASH_TEXT_SIZE], by_blocks[PXI_HASH_TEXT_SIZE];
    pxi_bar_signals shown;
    hash_run(k, one_by_one);
    k->candidates.n = 0;
    const pxi_flow flow = flow_of(k, chosen);
    assert_int_equal(pxi_bar_signals_batch(&shown, &flow, NULL), PX_OK);
    kit_replay(k, pxi_signals_of_bars(&shown));
    hash_run(k, by_blocks);
    assert_string_equal(by_blocks, one_by_one);
    pxi_bar_signals_free(&shown);
}

static void test_invariants_of_standard_strategies(void **state) {
    (void)state;
    const char *const ids[] = {"ema_cross", "ehma_pivot", "premium_tp_sl", "confluence"};
    size_t n_trades = 0, n_turned = 0;
    for (uint64_t seed = 1; seed <= N_SERIES / 3; seed++) {
        pxi_rng rng;
        kit k = make_series(seed, &rng);
        px_strategy_config chosen;
        pxi_bar_signals live;
        k.config.allow_short = pxi_rng_below(&rng, 2);
        assert_int_equal(px_strategy_config_read(ids[seed % 4], NULL, &chosen, NULL), PX_OK);
        const pxi_flow flow = flow_of(&k, &chosen);
        assert_int_equal(pxi_bar_signals_stream(&live, &flow, NULL), PX_OK);
        kit_replay(&k, pxi_signals_of_bars(
                           &live)); /* checks the account at every bar, candidates = sum of outcomes */
        for (size_t i = 0; i < k.journal.n_trades; i++) {
            const pxi_trade *trade = &k.journal.trades[i];
            assert_true(trade->signal.bar >= k.data.begin && trade->exit_bar < k.data.end);
            bool may_short = k.config.allow_short || seed % 4 >= 2;
            assert_true(trade->side == PX_LONG || (may_short && k.config.product != PX_PRODUCT_DELIVERY));
            check_price(&k, trade->entry_price, trade->entry_bar);
            if (k.config.stop_fill == PX_STOP_FILL_MARKET || isnan(trade->levels.stop))
                check_price(&k, trade->exit_price, trade->exit_bar);
            assert_true(isnan(trade->levels.stop) == (seed % 4 != 2));
            n_turned += i > 0 && trade->entry_bar == k.journal.trades[i - 1].exit_bar;
        }
        n_trades += k.journal.n_trades;
        check_daily_limit(&k);
        check_drawdowns(&k);
        check_kill_switch(&k);
        check_blocks(&k, &chosen);
        pxi_bar_signals_free(&live);
        kit_free(&k);
    }
    assert_true(n_trades > N_SERIES / 3 && n_turned > 0);
}

/* ---- label = exit ------------------------------------------------------------------------------------- */

/* Profile honest, no costs, capital that no loss exhausts; what labels depend on stays random. */
static void set_free_of_cost(px_config *config) {
    config->slippage = (px_slippage){PX_SLIPPAGE_NONE, 0};
    config->entry = PX_ENTRY_NEXT_OPEN;
    config->stop_fill = PX_STOP_FILL_MARKET;
    config->on_opposite = PX_OPPOSITE_IGNORE;
    config->fees = PX_FEES_NONE;
    config->slippage_bps = 0;
    config->capital = config->risk_per_trade = 1e15;
    config->max_position_size = 10;
    config->lot_size = NAN;
    config->max_drawdown_limit = 0.99;
    config->max_daily_trades = 1000;
}

static void compare(const kit *k, const pxi_trade *trade, const px_label *label) {
    double risk = k->config.sl_mult * trade->signal.atr;
    assert_true(trade->entry_price == label->entry_price);
    if (trade->reason == PX_EXIT_END_OF_DATA) {
        assert_int_equal(label->label, PX_LABEL_UNRESOLVED);
        return;
    }
    int outcome = trade->reason == PX_EXIT_TAKE_PROFIT ? 1 : trade->reason == PX_EXIT_STOP_LOSS ? -1 : 0;
    assert_int_equal(label->hit, trade->reason);
    assert_int_equal(label->label, outcome);
    assert_int_equal(label->exit_bar, trade->exit_bar);
    assert_true(trade->exit_price == label->exit_price);
    assert_true(trade->mae / risk == label->mae && trade->mfe / risk == label->mfe);
    assert_true(fabs(trade->pnl / trade->risk - label->realized_r) <= 1e-9 * (1 + fabs(label->realized_r)));
}

static void test_label_is_exit(void **state) {
    (void)state;
    size_t n_compared = 0, n_by_product[PX_N_PRODUCTS] = {0}, n_squared_off[PX_N_PRODUCTS] = {0};
    for (uint64_t seed = 1; seed <= N_SERIES; seed++) {
        pxi_rng rng;
        kit k = make_series(seed, &rng);
        set_free_of_cost(&k.config);
        run(&k);
        px_event_list events = {k.candidates.n, 0, calloc(k.candidates.n + 1, sizeof(px_event))};
        px_label_list labels = {0};
        for (size_t i = 0; i < events.n; i++)
            events.items[i] = k.candidates.items[i].event;
        assert_int_equal(px_labels_compute(&k.data, &events, &k.config, &labels, NULL), PX_OK);
        for (size_t i = 0, at = 0; i < k.journal.n_trades; i++, n_compared++) {
            while (at < labels.n && labels.items[at].event < k.journal.trades[i].signal.candidate)
                at++;
            assert_true(at < labels.n && labels.items[at].event == k.journal.trades[i].signal.candidate);
            compare(&k, &k.journal.trades[i], &labels.items[at]);
            n_by_product[k.config.product]++;
            n_squared_off[k.config.product] += k.journal.trades[i].reason == PX_EXIT_SQUARE_OFF;
        }
        free(events.items);
        px_label_list_free(&labels);
        kit_free(&k);
    }
    assert_true(n_compared > N_SERIES);
    for (int product = 0; product < PX_N_PRODUCTS; product++)
        assert_true(n_by_product[product] > N_SERIES / 10);
    assert_true(n_squared_off[PX_PRODUCT_INTRADAY] > n_squared_off[PX_PRODUCT_ANY]);
}

/* ---- sameness ----------------------------------------------------------------------------------------- */

static void hash_run(const kit *k, char out[PXI_HASH_TEXT_SIZE]) {
    px_table tables[5] = {0};
    pxi_hash hash;
    pxi_hash_init(&hash);
    assert_int_equal(pxi_trades_table(&k->journal, NULL, &tables[0], NULL), PX_OK);
    assert_int_equal(pxi_signals_table(&k->candidates, &tables[1], NULL), PX_OK);
    assert_int_equal(pxi_orders_table(&k->journal, &tables[2], NULL), PX_OK);
    assert_int_equal(pxi_fills_table(&k->journal, &tables[3], NULL), PX_OK);
    tables[4] = kit_equity(&k->data, &k->journal);
    for (size_t i = 0; i < 5; i++) {
        pxi_hash_table(&hash, &tables[i]);
        px_table_free(&tables[i]);
    }
    pxi_hash_hex(&hash, out);
}

static void test_same_request_same_bytes(void **state) {
    (void)state;
    char before[PXI_HASH_TEXT_SIZE] = "";
    for (uint64_t seed = 1; seed <= 200; seed++) {
        char first[PXI_HASH_TEXT_SIZE], second[PXI_HASH_TEXT_SIZE];
        pxi_rng rng;
        kit k = make_series(seed, &rng);
        run(&k);
        hash_run(&k, first);
        run(&k);
        hash_run(&k, second);
        assert_string_equal(first, second);
        assert_string_not_equal(first, before);
        strcpy(before, first);
        kit_free(&k);
    }
}

/* The window decides what is traded, not what is seen: a later start finds the same events from there on. */
static void test_window_start_changes_no_event(void **state) {
    (void)state;
    size_t n_compared = 0;
    for (uint64_t seed = 1; seed <= 300; seed++) {
        pxi_rng rng;
        kit early = make_series(seed, &rng), late = make_series(seed, &rng);
        late.data.begin = early.data.begin + pxi_rng_below(&rng, (early.data.end - early.data.begin) / 2);
        run(&early);
        run(&late);
        size_t skipped = early.candidates.n - late.candidates.n;
        for (size_t i = 0; i < late.candidates.n; i++, n_compared++) {
            const px_event *a = &early.candidates.items[skipped + i].event,
                           *b = &late.candidates.items[i].event;
            assert_true(a->ts_us == b->ts_us && a->type == b->type && a->side == b->side && a->atr == b->atr);
            assert_memory_equal(a->inputs, b->inputs, sizeof a->inputs);
            assert_true(b->bar >= late.data.begin);
        }
        for (size_t i = 0; i < skipped; i++)
            assert_true(early.candidates.items[i].event.bar < late.data.begin);
        kit_free(&early);
        kit_free(&late);
    }
    assert_true(n_compared > 300);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_invariants),
        cmocka_unit_test(test_invariants_of_standard_strategies),
        cmocka_unit_test(test_label_is_exit),
        cmocka_unit_test(test_same_request_same_bytes),
        cmocka_unit_test(test_window_start_changes_no_event),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
