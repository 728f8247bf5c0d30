// SPDX-License-Identifier: Apache-2.0
#include "backtest/run_findings.h"

#include <inttypes.h>
#include <math.h>
#include <stdbool.h>
#include <string.h>
#include "base/text.h"
#include "config/products.h"
#include "findings/findings.h"

/* Fewer trades than this say little about a strategy, whatever their average. */
#define FEW_TRADES 30

/* Each writes what it finds, or nothing where it does not apply, and gives how many trades, bars or rows it
 * is about. */
typedef int64_t find_fn(const pxi_run_finding_input *in, pxi_text *text);

static int64_t looks_ahead(const pxi_run_finding_input *in, pxi_text *text) {
    const px_config *config = in->config;
    if (!px_config_looks_ahead(config))
        return 0;
    pxi_text_puts(text, "look-ahead settings:");
    if (config->swing == PX_SWING_CENTERED)
        pxi_text_puts(text, " swing=centered");
    if (config->vwap_fallback == PX_VWAP_DATASET)
        pxi_text_puts(text, " vwap_fallback=dataset");
    if (in->strategy->reads_signals)
        pxi_text_puts(text, "; the signals of the file do not depend on them");
    else if (in->strategy->find_signals)
        pxi_text_puts(text, "; signals use bars that were not known yet, results cannot be traded");
    else
        pxi_text_puts(text, "; this strategy's own columns stay causal");
    return 0;
}

static int64_t foreign_signals(const pxi_run_finding_input *in, pxi_text *text) {
    if (in->signals)
        pxi_text_puts(text, "signals are read from a file: whether they look ahead cannot be told from here");
    return 0;
}

static int64_t rejected_signals(const pxi_run_finding_input *in, pxi_text *text) {
    const px_signal_rows *signals = in->signals;
    if (signals && signals->n_rejected)
        pxi_text_printf(text, "%zu of %zu rows of signals were rejected, the first at line %zu: %s",
                        signals->n_rejected, signals->n_read, signals->rejections[0].line,
                        signals->rejections[0].reason);
    return signals ? (int64_t)signals->n_rejected : 0;
}

static int64_t unread_columns(const pxi_run_finding_input *in, pxi_text *text) {
    if (in->signals && *in->signals->unread)
        pxi_text_printf(text, "columns of the signals that mean nothing here were not read: %s",
                        in->signals->unread);
    return 0;
}

static int64_t in_sample(const pxi_run_finding_input *in, pxi_text *text) {
    if (in->model && !px_model_knows_window(in->model))
        pxi_text_printf(text,
                        "in sample: unknown; model %s does not tell which bars it was trained on, any of the "
                        "%" PRId64 " trades may lie among them",
                        in->model->name, in->metrics->trades.n);
    else if (in->n_in_sample > 0)
        pxi_text_printf(
            text, "in sample: %" PRId64 " of %" PRId64 " trades lie inside the training window of model %s",
            in->n_in_sample, in->metrics->trades.n, in->model->name);
    return in->n_in_sample > 0 ? in->n_in_sample : 0;
}

static int64_t other_model(const pxi_run_finding_input *in, pxi_text *text) {
    if (in->model)
        pxi_text_puts(text, in->model->warning);
    return 0;
}

static int64_t trained_over_error(const pxi_run_finding_input *in, pxi_text *text) {
    if (in->model && *in->model->trained_over)
        pxi_text_printf(text, "model %s was trained over errors that were accepted: %s", in->model->name,
                        in->model->trained_over);
    return 0;
}

static int64_t no_fees(const pxi_run_finding_input *in, pxi_text *text) {
    const char *notice = pxi_product_of(in->config)->notice;
    if (notice)
        pxi_text_puts(text, notice);
    else if (in->config->fees == PX_FEES_NONE)
        pxi_text_puts(text, "fees are switched off");
    return 0;
}

static int64_t index_as_stock(const pxi_run_finding_input *in, pxi_text *text) {
    const char *traded_as = pxi_product_of(in->config)->index_traded_as;
    if (traded_as && strstr(in->dataset->instrument.key, "_INDEX|"))
        pxi_text_printf(text, "%s is an index, traded and charged here as if it were %s; see product",
                        in->dataset->instrument.symbol, traded_as);
    return 0;
}

static int64_t crossed_sessions(const pxi_run_finding_input *in, pxi_text *text) {
    const char *crossed = pxi_product_of(in->config)->crossed;
    size_t n = 0;
    for (size_t i = 0; i < in->journal->n_trades; i++)
        n += in->journal->trades[i].overnight;
    if (n && crossed)
        pxi_text_printf(text, "%zu %s", n, crossed);
    return (int64_t)n;
}

/* What only borrowed money or borrowed shares hold overnight. */
static int64_t overnight_leverage(const pxi_run_finding_input *in, pxi_text *text) {
    size_t n_short = 0, n_long = 0;
    double largest = 0.0;
    if (!pxi_product_of(in->config)->levered_overnight)
        return 0;
    for (size_t i = 0; i < in->journal->n_trades; i++) {
        const pxi_trade *trade = &in->journal->trades[i];
        const bool sold = trade->overnight && trade->side == PX_SHORT;
        const bool levered = trade->overnight && !sold && trade->overnight_leverage > 1.0;
        n_short += sold;
        n_long += levered;
        if ((sold || levered) && trade->overnight_leverage > largest)
            largest = trade->overnight_leverage;
    }
    if (n_short)
        pxi_text_printf(text, "%zu short trades%s", n_short, n_long ? " and " : "");
    if (n_long)
        pxi_text_printf(text, "%zu long trades worth more than the equity", n_long);
    if (n_short + n_long && isfinite(largest))
        pxi_text_printf(text, " were held overnight, up to %.2f times the equity", largest);
    else if (n_short + n_long)
        pxi_text_puts(text, " were held overnight, where no equity was left");
    if (n_short + n_long)
        pxi_text_puts(text, "; the cash segment cannot carry them");
    return (int64_t)(n_short + n_long);
}

/* Each cap that cut, and how often. */
static int64_t quantity_cut(const pxi_run_finding_input *in, pxi_text *text) {
    size_t n = 0, n_by[PX_N_CAPS] = {0}, n_sized = 0;
    for (size_t i = 0; i < in->candidates->n; i++) {
        const px_candidate *candidate = &in->candidates->items[i];
        n_sized += candidate->quantity >= 0.0; /* NaN: was not sized */
        n += candidate->capped_by != PX_CAP_NONE;
        n_by[candidate->capped_by]++;
    }
    if (n)
        pxi_text_printf(text, "%zu of %zu quantities were cut:", n, n_sized);
    const char *between = " ";
    for (int cap = PX_CAP_NONE + 1; cap < PX_N_CAPS; cap++) {
        if (n_by[cap] == 0)
            continue;
        pxi_text_printf(text, "%s%zu by %s", between, n_by[cap], px_cap_name((px_cap)cap));
        between = ", ";
    }
    return (int64_t)n;
}

/* Where a lot is recorded: of a continuous series with its contracts. */
static const char *traded_symbol(const px_dataset *data) {
    for (size_t i = 0; i < data->chain.n; i++)
        if (data->chain.contracts[i].n_bars)
            return data->chain.contracts[i].symbol;
    return data->instrument.symbol;
}

static int64_t without_lot(const pxi_run_finding_input *in, pxi_text *text) {
    const px_instrument *instrument = &in->dataset->instrument;
    bool known = px_config_lot(in->config, instrument->lot_size) != 1.0 || in->config->lot_size == 1.0;
    for (size_t i = 0; i < instrument->n_changes; i++)
        known |= instrument->changes[i].lot_size != 1.0;
    if (pxi_product_of(in->config)->needs_lot && !known)
        pxi_text_printf(text, "the lot of %s is not known: sized here in lots of 1; see %s",
                        traded_symbol(in->dataset),
                        px_dataset_is_in_place(in->dataset) ? "lot_size" : "data instruments --lot");
    return 0;
}

/* Where most of what was sized came to nothing. */
static int64_t below_one_lot(const pxi_run_finding_input *in, pxi_text *text) {
    size_t n = 0, n_sized = 0;
    char lot[PX_DOUBLE_TEXT_SIZE];
    for (size_t i = 0; i < in->candidates->n; i++) {
        n_sized += in->candidates->items[i].quantity >= 0.0; /* NaN: was not sized */
        n += in->candidates->items[i].outcome == PX_OUTCOME_BELOW_ONE_LOT;
    }
    if (2 * n <= n_sized)
        return 0;
    if (isnan(in->config->lot_size) && in->dataset->instrument.n_changes > 0) {
        pxi_text_printf(text, "%zu of %zu quantities came to less than one lot of %s on its day", n, n_sized,
                        in->dataset->instrument.symbol);
        return (int64_t)n;
    }
    px_double_format(px_config_lot(in->config, in->dataset->instrument.lot_size), lot);
    pxi_text_printf(text, "%zu of %zu quantities came to less than one lot of %s, which is %s", n, n_sized,
                    in->dataset->instrument.symbol, lot);
    return (int64_t)n;
}

static int64_t rates_outside(const pxi_run_finding_input *in, pxi_text *text) {
    char known[PX_TIME_TEXT_SIZE];
    const int32_t from = in->journal->rates_known_from;
    if (from == INT32_MIN)
        return 0;
    if (from == INT32_MAX)
        pxi_text_puts(text, "fees use rates that their table calls approximate");
    else if (px_fee_rates_on(in->fee_table, px_fee_segment(in->config), from - 1, NULL)->approximate)
        pxi_text_printf(text, "fees before %s use rates of which some were not in force then",
                        px_date_format(from, known));
    else
        pxi_text_printf(text, "fees before %s use the rates of that date, the oldest known",
                        px_date_format(from, known));
    return 0;
}

/* From this date on no broker has said when it closes intraday positions: continuous trading then ends at
 * another time. The time before goes on. */
static int64_t square_off_unknown(const pxi_run_finding_input *in, pxi_text *text) {
    const int32_t unknown_from = px_date_from_civil((px_civil){2026, 12, 7});
    const px_dataset *data = in->dataset;
    char from[PX_TIME_TEXT_SIZE];
    const int minute = px_config_square_off(in->config);
    const bool is_own = in->config->square_off == PX_TIME_BY_PRODUCT && minute != PX_NO_TIME;
    if (!is_own || strcmp(px_calendar_name(data->calendar), "NSE") != 0 || data->begin >= data->end ||
        px_calendar_date(data->calendar, data->bars.ts_us[data->end - 1]) < unknown_from)
        return 0;
    int64_t n = 0;
    for (size_t i = 0; i < in->journal->n_trades; i++)
        n += in->journal->trades[i].reason == PX_EXIT_SQUARE_OFF &&
             px_calendar_date(data->calendar, in->journal->trades[i].exit_us) >= unknown_from;
    pxi_text_printf(text,
                    "square-off times from %s on are not announced: %02d:%02d goes on, %" PRId64
                    " trades were closed by it",
                    px_date_format(unknown_from, from), minute / 60, minute % 60, n);
    return n;
}

/* The built-in rates are those of one exchange. */
static int64_t rates_of_elsewhere(const pxi_run_finding_input *in, pxi_text *text) {
    const char *exchange = px_calendar_name(in->dataset->calendar);
    if (!in->fee_table && px_fee_segment(in->config) != PX_SEGMENT_NONE && strcmp(exchange, "NSE") != 0)
        pxi_text_printf(text, "fees are those of NSE, the bars are of %s; see fee_table", exchange);
    return 0;
}

static int64_t ambiguous_bars(const pxi_run_finding_input *in, pxi_text *text) {
    if (in->metrics->trades.n_ambiguous)
        pxi_text_printf(text,
                        "%" PRId64 " of %" PRId64
                        " trades had stop and target inside one %s and were counted as stopped%s",
                        in->metrics->trades.n_ambiguous, in->metrics->trades.n,
                        px_detail_is_present(&in->dataset->detail) ? "minute" : "bar",
                        px_detail_is_present(&in->dataset->detail) || in->dataset->timeframe_minutes == 1
                            ? ""
                            : "; detail=1m looks inside the bar");
    return in->metrics->trades.n_ambiguous;
}

static int64_t killed(const pxi_run_finding_input *in, pxi_text *text) {
    if (in->journal->killed)
        pxi_text_printf(text, "the kill switch fired: equity fell %g %% from its peak, no entries followed",
                        100.0 * in->config->max_drawdown_limit);
    return 0;
}

static int64_t without_vwap(const pxi_run_finding_input *in, pxi_text *text) {
    if (in->n_without_vwap)
        pxi_text_printf(
            text, "%zu of %zu bars have no VWAP for lack of volume, and so no events; see vwap_fallback",
            in->n_without_vwap, in->dataset->end - in->dataset->begin);
    return (int64_t)in->n_without_vwap;
}

static int64_t few_trades(const pxi_run_finding_input *in, pxi_text *text) {
    if (in->metrics->trades.n == 0)
        pxi_text_puts(text, "no trades");
    else if (in->metrics->trades.n < FEW_TRADES)
        pxi_text_printf(text, "only %" PRId64 " trades: too few to judge the strategy by",
                        in->metrics->trades.n);
    return in->metrics->trades.n;
}

static int64_t no_slippage(const pxi_run_finding_input *in, pxi_text *text) {
    const bool none = px_config_slippage(in->config).amount == 0.0;
    const int64_t n_trades = in->journal ? in->metrics->trades.n : 0;
    if (none && (n_trades > 0 || !in->journal))
        pxi_text_puts(text, "no slippage: every market order fills at the very price that the bar shows");
    else if (!none && in->journal && in->journal->n_unslipped)
        pxi_text_printf(text,
                        "no slippage of %zu market fills: the range, ATR or volume before them is not known",
                        in->journal->n_unslipped);
    return none || !in->journal ? n_trades : (int64_t)in->journal->n_unslipped;
}

static const struct {
    px_finding_code code;
    find_fn *find;
    bool known_first; /* before there is a bar */
} finders[] = {
    {PX_FINDING_LOOK_AHEAD, looks_ahead, false},
    {PX_FINDING_FEES_OUTSIDE_DATES, rates_outside, false},
    {PX_FINDING_OVERNIGHT_LEVERAGE, overnight_leverage, false},
    {PX_FINDING_QUANTITY_CUT, quantity_cut, false},
    {PX_FINDING_CROSSED_SESSION, crossed_sessions, false},
    {PX_FINDING_IN_SAMPLE, in_sample, false},
    {PX_FINDING_SQUARE_OFF_UNKNOWN, square_off_unknown, false},
    {PX_FINDING_FEW_TRADES, few_trades, false},
    {PX_FINDING_NO_SLIPPAGE, no_slippage, true},
    {PX_FINDING_OTHER_MODEL, other_model, true},
    {PX_FINDING_TRAINED_OVER_ERROR, trained_over_error, true},
    {PX_FINDING_FOREIGN_SIGNALS, foreign_signals, false},
    {PX_FINDING_REJECTED_SIGNAL, rejected_signals, false},
    {PX_FINDING_UNREAD_COLUMN, unread_columns, false},
    {PX_FINDING_NO_FEES, no_fees, true},
    {PX_FINDING_FEES_ELSEWHERE, rates_of_elsewhere, true},
    {PX_FINDING_INDEX_AS_STOCK, index_as_stock, true},
    {PX_FINDING_UNKNOWN_LOT, without_lot, true},
    {PX_FINDING_BELOW_ONE_LOT, below_one_lot, false},
    {PX_FINDING_NO_VWAP, without_vwap, false},
    {PX_FINDING_AMBIGUOUS_BAR, ambiguous_bars, false},
    {PX_FINDING_KILL_SWITCH, killed, false},
};

static void find_one(const pxi_run_finding_input *input, size_t i, px_findings *out, bool *failed) {
    pxi_text text = {0};
    const int64_t count = finders[i].find(input, &text);
    *failed |= text.failed;
    if (text.length && !text.failed)
        pxi_findings_put(out, finders[i].code, count, NULL, text.data, failed);
    pxi_text_free(&text);
}

void pxi_run_findings_add_first(const pxi_run_finding_input *input, px_findings *out, bool *failed) {
    for (size_t i = 0; i < sizeof finders / sizeof finders[0]; i++)
        if (finders[i].known_first)
            find_one(input, i, out, failed);
}

void pxi_run_findings_add(const pxi_run_finding_input *input, px_findings *out, bool *failed) {
    for (size_t i = 0; i < sizeof finders / sizeof finders[0]; i++)
        find_one(input, i, out, failed);
}
