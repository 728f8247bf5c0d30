// SPDX-License-Identifier: Apache-2.0
/* The one table of metrics, in the order of run.json. What shows, sorts or documents a metric takes it from a
 * row. */
#include "metrics/metrics.h"

#include <stddef.h>
#include <stdlib.h>
#include <string.h>
#include "base/error.h"
#include "base/json.h"
#include "base/mem.h"
#include "base/text.h"

/* ---- values that follow from others ------------------------------------------------------------------- */

static double calmar(const px_metrics *metrics, const px_equity_metrics *equity) {
    (void)metrics;
    return pxi_ratio(equity->cagr_pct, -equity->max_drawdown_pct);
}

static double recovery(const px_metrics *metrics, const px_equity_metrics *equity) {
    (void)metrics;
    return pxi_ratio(equity->return_pct, -equity->max_drawdown_pct);
}

/* ---- the table ---------------------------------------------------------------------------------------- */

#define IS_COUNT(member) _Generic(((px_metrics *)0)->member, int64_t : true, double : false)
#define READ(member)     .offset = offsetof(px_metrics, member), .is_count = IS_COUNT(member)
#define TEXTS(title_, unit_, decimals_, headline_, gain_, formula_, meaning_, undefined_)                    \
    .title = (title_), .unit = (unit_), .formula = (formula_), .meaning = (meaning_),                        \
    .undefined = (undefined_), .decimals = (decimals_), .headline = (headline_), .gain = (gain_)

/* A line of the table makes a metric of each basis that it has: of the run as a whole none; of the equity, by
 * a member or a function of it, gross and net; of trades all of them and by side; of their results gross and
 * net of all, net by side. */
#define METRIC(key_, basis_, ...)                                                                            \
    { .key = (key_), .basis = (basis_), __VA_ARGS__ }
#define OF_RUN(key_, member, ...) METRIC(key_, PX_METRIC_NO_BASIS, READ(member), TEXTS(__VA_ARGS__))
#define OF_EQUITY(key_, member, ...)                                                                         \
    METRIC(key_ PX_METRIC_GROSS_SUFFIX, PX_METRIC_GROSS, READ(gross.member), TEXTS(__VA_ARGS__)),            \
        METRIC(key_, PX_METRIC_NET, READ(net.member), TEXTS(__VA_ARGS__))
#define OF_EQUITY_BY(key_, function, ...)                                                                    \
    METRIC(key_ PX_METRIC_GROSS_SUFFIX, PX_METRIC_GROSS, .value = function, TEXTS(__VA_ARGS__)),             \
        METRIC(key_, PX_METRIC_NET, .value = function, TEXTS(__VA_ARGS__))
#define BY_SIDE(key_, member, ...)                                                                           \
    METRIC(key_ PX_METRIC_LONG_SUFFIX, PX_METRIC_LONG, READ(longs.member), TEXTS(__VA_ARGS__)),              \
        METRIC(key_ PX_METRIC_SHORT_SUFFIX, PX_METRIC_SHORT, READ(shorts.member), TEXTS(__VA_ARGS__))
#define OF_TRADES(key_, member, ...)                                                                         \
    METRIC(key_, PX_METRIC_NO_BASIS, READ(trades.member), TEXTS(__VA_ARGS__)),                               \
        BY_SIDE(key_, member, __VA_ARGS__)
#define OF_RESULTS(key_, member, ...)                                                                        \
    METRIC(key_ PX_METRIC_GROSS_SUFFIX, PX_METRIC_GROSS, READ(trades.gross.member), TEXTS(__VA_ARGS__)),     \
        METRIC(key_, PX_METRIC_NET, READ(trades.net.member), TEXTS(__VA_ARGS__)),                            \
        BY_SIDE(key_, net.member, __VA_ARGS__)

/* Keys are Backtesting.py's where it has the figure. Behind the key: where the value stands, title, unit,
 * decimals, place among the headlines, formula, meaning, when it is undefined. */
/* clang-format off */
static const px_metric metrics[] = {
    OF_TRADES("# Trades", n, "Trades", "trades", 0, 6, false,
         "closed trades",
         "How many trades were made and closed",
         ""),
    OF_RESULTS("# Wins", n_wins, "Wins", "trades", 0, 0, false,
         "trades with a result above 0",
         "How many trades gained",
         ""),
    OF_RESULTS("Win Rate [%]", win_rate_pct, "Win rate", "% of trades", 2, 13, false,
         "wins / trades × 100",
         "Share of the trades that gained",
         "no trades"),
    OF_RESULTS("Profit Factor", profit_factor, "Profit factor", "", 3, 14, false,
         "sum of the wins / sum of the losses' absolute values; 0 without a win",
         "What was won for each rupee lost; above 1 is a gain",
         "no loss, or losses of 0 only"),
    OF_RESULTS("Expectancy [Rs]", expectancy, "Expectancy", "rupees a trade", 2, 15, true,
         "mean result",
         "What a trade brought on average",
         "no trades"),
    OF_RESULTS("Expectancy [%]", expectancy_pct, "Expectancy, %", "% of a trade's value at entry", 3, 0, true,
         "mean of result / value at entry, × 100",
         "What a trade brought on average, relative to what was bought or sold",
         "no trades"),
    OF_RESULTS("Avg. R", average_r, "Average R", "R a trade", 3, 16, true,
         "mean of result / (quantity × risk of a share as sized): the expectancy in R",
         "What a trade brought on average, in multiples of what its stop would have lost",
         "no trade has a stop"),
    OF_RESULTS("Best Trade [Rs]", best_trade, "Best trade", "rupees", 2, 0, true,
         "largest result",
         "The best trade",
         "no trades"),
    OF_RESULTS("Worst Trade [Rs]", worst_trade, "Worst trade", "rupees", 2, 0, true,
         "smallest result",
         "The worst trade",
         "no trades"),
    OF_RESULTS("Best Trade [%]", best_trade_pct, "Best trade, %", "% of its value at entry", 2, 0, true,
         "largest result / value at entry, × 100",
         "The best trade, relative to what was bought or sold",
         "no trades"),
    OF_RESULTS("Worst Trade [%]", worst_trade_pct, "Worst trade, %", "% of its value at entry", 2, 0, true,
         "smallest result / value at entry, × 100",
         "The worst trade, relative to what was bought or sold",
         "no trades"),
    OF_RESULTS("Avg. Trade [%]", average_trade_pct, "Average trade, %", "% of a trade's value at entry", 3, 0, true,
         "(geometric mean of 1 + result / value at entry, less 1) × 100",
         "What a trade brought on average where gains and losses compound",
         "no trades; one lost more than its value at entry"),
    OF_RESULTS("SQN", sqn, "SQN", "", 2, 17, true,
         "√trades × mean result / standard deviation of the results (ddof 1); Van Tharp's system "
         "quality number, of rupees",
         "Van Tharp's system quality number: how large the mean result is beside its spread",
         "fewer than two trades, or all alike"),
    OF_RESULTS("Kelly Criterion", kelly, "Kelly", "share of equity", 3, 18, true,
         "p - (1 - p) × mean loss / mean win, p = wins / trades; a share of the equity, negative "
         "where nothing should be risked",
         "Share of the equity whose risk would grow it fastest; negative where nothing should be "
         "risked",
         "no win or no loss"),
    OF_RESULTS("Avg. Win [Rs]", average_win, "Mean win", "rupees", 2, 0, true,
         "mean result of the wins",
         "What a trade that gained brought on average",
         "no win"),
    OF_RESULTS("Avg. Loss [Rs]", average_loss, "Mean loss", "rupees", 2, 0, true,
         "mean result of the losses; 0 or negative",
         "What a trade that did not gain cost on average",
         "no loss"),
    OF_RESULTS("Payoff Ratio", payoff_ratio, "Payoff", "", 3, 0, false,
         "mean win / -mean loss",
         "How large a win is beside a loss",
         "no win; no loss, or losses of 0 only"),
    OF_RESULTS("Max. Consecutive Wins", max_consecutive_wins, "Wins in a row", "trades", 0, 0, false,
         "longest row of wins",
         "How many trades in a row gained",
         ""),
    OF_RESULTS("Max. Consecutive Losses", max_consecutive_losses, "Losses in a row", "trades", 0, 0, false,
         "longest row of trades without a win",
         "How many trades in a row did not gain",
         ""),
    OF_TRADES("Avg. MAE [R]", average_mae_r, "MAE", "R", 2, 0, false,
         "mean maximum adverse excursion, over trades with a stop; positive",
         "How far trades went against the position on average before they ended; positive",
         "no trade has a stop"),
    OF_TRADES("Avg. MFE [R]", average_mfe_r, "MFE", "R", 2, 0, false,
         "mean maximum favourable excursion, over trades with a stop",
         "How far trades went with the position on average before they ended",
         "no trade has a stop"),
    OF_TRADES("Avg. Bars Held", average_bars_held, "Bars held", "bars", 1, 21, false,
         "mean of the watched bars to the exit, inclusive",
         "How long a trade lasted on average",
         "no trades"),
    OF_TRADES("Median Bars Held", median_bars_held, "Median bars held", "bars", 1, 0, false,
         "median of the watched bars to the exit, inclusive; of an even number the mean of the "
         "middle two",
         "Half of the trades lasted longer",
         "no trades"),
    OF_TRADES("Max. Bars Held", max_bars_held, "Most bars held", "bars", 1, 0, false,
         "most watched bars to the exit, inclusive",
         "The longest trade",
         "no trades"),
    OF_TRADES("Avg. Trade Duration [hours]", average_trade_hours, "Hours held", "hours", 1, 0, false,
         "mean of exit time - entry time, starts of bars, nights included",
         "How long a trade lasted on average by the clock",
         "no trades"),
    OF_TRADES("Max. Trade Duration [hours]", max_trade_hours, "Most hours held", "hours", 1, 0, false,
         "longest exit time - entry time, starts of bars, nights included",
         "The longest trade by the clock",
         "no trades"),
    OF_TRADES("# Ambiguous Bars", n_ambiguous, "Ambiguous exits", "trades", 0, 0, false,
         "trades whose exit bar held both stop and target; counted as stopped",
         "Bars do not tell which came first: these trades count as stopped",
         ""),
    OF_RUN("In-Sample Trades [%]", in_sample_pct, "In sample", "% of trades", 2, 0, false,
         "trades that enter inside the model's training window / trades × 100",
         "Share of the trades that the model had seen in training: their results prove nothing",
         "no model, its window is unknown, or no trades"),
    OF_TRADES("# Exits stop_loss", n_exits[PX_EXIT_STOP_LOSS], "Exits by stop loss", "trades", 0, 0, false,
         "trades that left at their stop",
         "Stopped out",
         ""),
    OF_TRADES("# Exits take_profit", n_exits[PX_EXIT_TAKE_PROFIT], "Exits by take profit", "trades", 0, 0, false,
         "trades that left at their target",
         "Reached the target",
         ""),
    OF_TRADES("# Exits time_stop", n_exits[PX_EXIT_TIME_STOP], "Exits by time stop", "trades", 0, 0, false,
         "trades that left because their time was over",
         "Held for the longest time allowed",
         ""),
    OF_TRADES("# Exits square_off", n_exits[PX_EXIT_SQUARE_OFF], "Exits by square off", "trades", 0, 0, false,
         "trades that left at the square-off time",
         "Closed before the session's end",
         ""),
    OF_TRADES("# Exits exit_signal", n_exits[PX_EXIT_SIGNAL], "Exits by exit signal", "trades", 0, 0, false,
         "trades that left because the strategy said so",
         "Closed by a signal",
         ""),
    OF_TRADES("# Exits kill_switch", n_exits[PX_EXIT_KILL_SWITCH], "Exits by kill switch", "trades", 0, 0, false,
         "trades that left because the drawdown limit was reached",
         "Closed by the drawdown guard",
         ""),
    OF_TRADES("# Exits data_hole", n_exits[PX_EXIT_DATA_HOLE], "Exits at a data hole", "trades", 0, 0, false,
         "trades that were open where more than five sessions have no bars",
         "Closed before a hole in the data",
         ""),
    OF_TRADES("# Exits end_of_data", n_exits[PX_EXIT_END_OF_DATA], "Exits by end of data", "trades", 0, 0, false,
         "trades that were open on the last bar",
         "Closed at the last bar's close",
         ""),
    OF_RESULTS("PnL [Rs]", pnl, "Profit", "rupees", 2, 1, true,
         "sum of the results",
         "What all trades brought",
         ""),
    OF_TRADES("Commissions [Rs]", fees, "Fees", "rupees", 2, 2, false,
         "sum of both sides' fees, carries included",
         "What trading cost",
         ""),
    OF_EQUITY("Equity Final [Rs]", final_equity, "Final equity", "rupees", 2, 0, false,
         "equity at the last close",
         "What the account held in the end",
         ""),
    OF_EQUITY("Equity Peak [Rs]", peak_equity, "Peak equity", "rupees", 2, 0, false,
         "highest equity at a close, at least the capital",
         "The most that the account held",
         ""),
    OF_EQUITY("Return [%]", return_pct, "Return", "% of capital", 2, 3, true,
         "(last equity / capital - 1) × 100",
         "What the whole run brought",
         ""),
    OF_RUN("Buy & Hold Return [%]", buy_hold_pct, "Buy and hold", "% of the first price", 2, 22, true,
         "(last close / first close of the window - 1) × 100, before costs",
         "What holding the instrument all the time would have brought",
         ""),
    OF_EQUITY("CAGR [%]", cagr_pct, "CAGR", "% a year", 2, 7, true,
         "((last equity / capital)^(1 / years) - 1) × 100, years = (date of the last bar - date of "
         "the first + 1) / 365.25",
         "The yearly rate that compounds to the return",
         "not annualised, ruin; beyond a double"),
    OF_EQUITY("Volatility (Ann.) [%]", volatility_pct, "Volatility", "% a year", 2, 8, false,
         "s × √N × 100, s the deviation (ddof 1) of session returns",
         "How much the returns spread",
         "not annualised, ruin"),
    OF_EQUITY("Sharpe Ratio", sharpe, "Sharpe", "annualised", 2, 4, true,
         "m / s × √N, m and s mean and deviation of session returns",
         "Return for the spread of returns, annualised, risk-free rate 0",
         "not annualised, ruin, s = 0"),
    OF_EQUITY("Sortino Ratio", sortino, "Sortino", "annualised", 2, 9, true,
         "m / √(mean of min(r, 0)²) × √N; over all n returns, target 0",
         "Return for the spread of losses, annualised, target 0",
         "not annualised, ruin, no return below 0"),
    OF_EQUITY_BY("Calmar Ratio", calmar, "Calmar", "", 2, 10, true,
         "CAGR [%] / -Max. Drawdown [%]",
         "Yearly return for the deepest drawdown",
         "not annualised, ruin, no drawdown"),
    OF_EQUITY("Max. Drawdown [%]", max_drawdown_pct, "Max drawdown", "% of peak equity", 2, 5, false,
         "smallest equity / highest equity so far - 1, × 100, at bar closes: depth of the deepest "
         "drawdown; 0 or negative",
         "The deepest fall from a peak; 0 or negative",
         ""),
    OF_EQUITY("Avg. Drawdown [%]", average_drawdown_pct, "Average drawdown", "% of peak equity", 2, 0, false,
         "mean depth of the drawdowns × 100",
         "How deep a fall from a peak was on average",
         "no drawdown"),
    OF_EQUITY("Max. Drawdown Duration [days]", max_drawdown_days, "Longest drawdown, days", "calendar days", 1, 0, false,
         "longest time from a peak back to it; the longest drawdown need not be the deepest; 0 "
         "without one",
         "The longest wait for a new peak",
         ""),
    OF_EQUITY("Avg. Drawdown Duration [days]", average_drawdown_days, "Average drawdown, days", "calendar days", 1, 0, false,
         "mean time from a peak back to it",
         "The wait for a new peak on average",
         "no drawdown"),
    OF_EQUITY("Max. Drawdown Duration [sessions]", max_drawdown_sessions, "Longest drawdown", "sessions", 0, 12, false,
         "most sessions from a peak back to it: the number of its last session less that of its "
         "peak's; 0 without one, or where none outlasts its session",
         "The longest wait for a new peak, in trading days",
         ""),
    OF_EQUITY("Avg. Drawdown Duration [sessions]", average_drawdown_sessions, "Average drawdown, sessions", "sessions", 1, 0, false,
         "mean number of sessions from a peak back to it",
         "The wait for a new peak on average, in trading days",
         "no drawdown"),
    OF_EQUITY("Time Under Water [%]", underwater_pct, "Under water", "% of bars", 1, 0, false,
         "bar closes below the highest equity so far / bars × 100",
         "How much of the time a former peak had not been reached again",
         "no bars"),
    OF_EQUITY_BY("Recovery Factor", recovery, "Recovery", "", 2, 0, true,
         "Return [%] / -Max. Drawdown [%]; negative where the return is",
         "What was gained for the deepest drawdown",
         "no drawdown"),
    OF_EQUITY("Ulcer Index [%]", ulcer_pct, "Ulcer index", "% of peak equity", 2, 0, false,
         "√(mean of d²) × 100, d the distance of a session's last equity to the highest one so far, the "
         "capital included (P. Martin)",
         "How deep and how long the account was below its peaks",
         "ruin"),
    OF_EQUITY("Martin Ratio", martin, "Martin", "", 2, 0, true,
         "CAGR [%] / Ulcer Index [%]",
         "Yearly return for depth and length of the drawdowns",
         "not annualised, ruin, no session below a peak"),
    OF_EQUITY("Omega Ratio", omega, "Omega", "", 3, 0, false,
         "sum of the session returns above 0 / sum of those below, without sign; threshold 0",
         "What sessions gained for what they lost; above 1 is a gain",
         "ruin, no return below 0"),
    OF_EQUITY("VaR 95% [%]", var_pct, "Value at risk", "% of equity a session", 2, 0, true,
         "5 % quantile of session returns × 100, historical, between two returns in proportion",
         "Of twenty sessions, one is worse than this",
         "ruin, n < 20"),
    OF_EQUITY("CVaR 95% [%]", cvar_pct, "Expected shortfall", "% of equity a session", 2, 0, true,
         "mean of the 1 + ⌊(n - 1) / 20⌋ smallest session returns × 100",
         "What the worst sessions come to on average",
         "ruin, n < 20"),
    OF_EQUITY("Tail Ratio", tail_ratio, "Tail ratio", "", 2, 0, false,
         "95 % quantile of session returns / -(5 % quantile)",
         "How large the best sessions are beside the worst",
         "ruin, n < 20, 5 % quantile not below 0"),
    OF_EQUITY("Gain to Pain Ratio", gain_to_pain, "Gain to pain", "", 2, 0, true,
         "sum of the monthly returns / sum of those below 0, without sign (J. Schwager)",
         "What months gained for what they lost",
         "ruin, no month below 0"),
    OF_EQUITY("Best Day [%]", best_day_pct, "Best day", "% of equity", 2, 0, true,
         "largest session return × 100",
         "The best session",
         "ruin"),
    OF_EQUITY("Worst Day [%]", worst_day_pct, "Worst day", "% of equity", 2, 0, true,
         "smallest session return × 100",
         "The worst session",
         "ruin"),
    OF_EQUITY("Best Month [%]", best_month_pct, "Best month", "% of equity", 2, 0, true,
         "largest return of a calendar month with bars × 100, first and last as they stand",
         "The best month",
         "ruin"),
    OF_EQUITY("Worst Month [%]", worst_month_pct, "Worst month", "% of equity", 2, 0, true,
         "smallest return of a calendar month with bars × 100, first and last as they stand",
         "The worst month",
         "ruin"),
    OF_EQUITY("Best Year [%]", best_year_pct, "Best year", "% of equity", 2, 0, true,
         "largest return of a calendar year × 100, first and last as they stand",
         "The best calendar year",
         "ruin"),
    OF_EQUITY("Worst Year [%]", worst_year_pct, "Worst year", "% of equity", 2, 0, true,
         "smallest return of a calendar year × 100, first and last as they stand",
         "The worst calendar year",
         "ruin"),
    OF_EQUITY("Winning Months [%]", winning_months_pct, "Winning months", "% of months", 1, 0, false,
         "calendar months with a return above 0 / months with bars × 100",
         "How many of the months gained",
         "ruin"),
    OF_EQUITY("Alpha [%]", alpha_pct, "Alpha", "% a year", 2, 0, true,
         "(m - Beta × b) × N × 100, b the mean of the instrument's session returns (Jensen's, rf 0)",
         "Yearly return that the instrument's own moves do not explain",
         "not annualised, ruin, the instrument did not move"),
    OF_EQUITY("Beta", beta, "Beta", "", 3, 0, false,
         "covariance of session returns with the instrument's / variance of the instrument's",
         "How far the account moves where the instrument moves by 1",
         "ruin, the instrument did not move"),
    OF_EQUITY("Information Ratio", information_ratio, "Information ratio", "annualised", 2, 0, true,
         "mean / deviation (ddof 1) of (session return - the instrument's) × √N",
         "What was gained over buy and hold for the distance from it",
         "not annualised, ruin, no distance"),
    OF_EQUITY("Correlation to Buy & Hold", correlation, "Correlation", "", 3, 0, false,
         "correlation of session returns with the instrument's",
         "Whether the account moves with the instrument: 1 with it, 0 apart, -1 against it",
         "ruin, one of them did not move"),
    OF_EQUITY("Session Sharpe Ratio", session_sharpe, "Sharpe of sessions", "", 3, 0, true,
         "m / s of session returns, not annualised: what PSR and DSR work on",
         "What the probabilistic Sharpe ratio works on",
         "ruin, n < 2, s = 0"),
    OF_EQUITY("Session Skewness", skewness, "Skewness", "", 3, 0, false,
         "M₃ / M₂^1.5 of session returns",
         "Whether large returns are gains (above 0) or losses (below)",
         "ruin, M_2 = 0"),
    OF_EQUITY("Session Kurtosis", kurtosis, "Kurtosis", "", 3, 0, false,
         "M₄ / M₂² of session returns, raw: 3 for a normal distribution",
         "How often returns are extreme; 3 for a normal distribution",
         "ruin, M_2 = 0"),
    OF_EQUITY("Probabilistic Sharpe Ratio", probabilistic_sharpe, "PSR", "probability", 3, 11, false,
         "Φ(SR √(n - 1) / √(1 - g₃ SR + (g₄ - 1)/4 SR²)), per session; 0 to 1",
         "How likely the true Sharpe ratio lies above 0, given so few and such returns",
         "as Session Sharpe Ratio"),
    OF_RUN("Exposure Time [%]", exposure_pct, "Exposure", "% of bars", 1, 19, false,
         "bars from an entry to its exit, each once / bars × 100; the bars of entry and exit are "
         "included",
         "How much of the time a position was held",
         ""),
    OF_TRADES("Turnover [Rs]", turnover, "Turnover, rupees", "rupees", 2, 0, false,
         "sum of quantity × (entry price + exit price): what was bought and sold",
         "What was bought and sold",
         ""),
    OF_RUN("Turnover (Ann.)", turnover_annual, "Turnover", "times mean equity a year", 1, 20, false,
         "Turnover [Rs] / mean equity × N / n; of the sessions' last equity: how often a year the "
         "equity is turned over",
         "How often a year the equity was turned over",
         "not annualised; that mean is not above 0"),
    OF_RUN("# Sessions", n_sessions, "Sessions", "sessions", 0, 23, false,
         "trading dates in the window that have bars: n above",
         "Trading days of the run",
         ""),
    OF_RUN("Duration [days]", duration_days, "Duration", "calendar days", 1, 0, false,
         "from the first bar's start to the last one's",
         "Length of the run",
         ""),
};
/* clang-format on */
enum { N_METRICS = sizeof metrics / sizeof metrics[0] };

const px_metric *px_metric_at(size_t i) {
    return i < N_METRICS ? &metrics[i] : NULL;
}

const px_metric *px_metric_find(const char *key) {
    for (size_t i = 0; i < N_METRICS; i++)
        if (strcmp(metrics[i].key, key) == 0)
            return &metrics[i];
    return NULL;
}

const px_metric *px_metric_headline(int place, px_metric_basis basis) {
    const px_metric_basis or_else = basis == PX_METRIC_NET ? PX_METRIC_NO_BASIS : basis;
    for (size_t i = 0; i < N_METRICS; i++)
        if (metrics[i].headline == place && (metrics[i].basis == basis || metrics[i].basis == or_else))
            return &metrics[i];
    return NULL;
}

const px_metric *px_metric_of(size_t offset) {
    for (size_t i = 0; i < N_METRICS; i++)
        if (!metrics[i].value && metrics[i].offset == offset)
            return &metrics[i];
    return NULL;
}

static px_status find_named(const char *key, const px_metric **metric, px_error *err) {
    const char *keys[N_METRICS];
    char hint[128];
    const px_metric *found = px_metric_find(key);
    if (found) {
        *metric = found;
        return PX_OK;
    }
    for (size_t i = 0; i < N_METRICS; i++)
        keys[i] = metrics[i].key;
    return pxi_fail(err, PX_EINPUT, "no metric is named \"%.64s\"%s; `pixity metrics` lists them", key,
                    pxi_did_you_mean(key, keys, N_METRICS, hint, sizeof hint));
}

static void add_column(const px_metric *metric, px_column_def *columns, size_t *n) {
    for (size_t i = 0; i < *n; i++)
        if (strcmp(columns[i].name, metric->key) == 0)
            return;
    columns[(*n)++] = (px_column_def){metric->key, metric->is_count ? PX_COLUMN_I64 : PX_COLUMN_F64};
}

px_status px_metric_columns(int headlines, const char *const *keys, size_t n_keys, px_column_def **out,
                            size_t *n, px_error *err) {
    const px_metric *metric = NULL;
    size_t used = 0;
    px_status status = PX_OK;
    px_column_def *columns = pxi_new_array(N_METRICS, sizeof *columns);
    if (!columns)
        return pxi_fail_memory(err);
    for (int place = 1; place <= headlines && (metric = px_metric_headline(place, PX_METRIC_NET)); place++)
        add_column(metric, columns, &used);
    for (size_t i = 0; i < n_keys && !(status = find_named(keys[i], &metric, err)); i++)
        add_column(metric, columns, &used);
    if (status) {
        free(columns);
        return status;
    }
    *out = columns;
    *n = used;
    return PX_OK;
}

/* ---- values ------------------------------------------------------------------------------------------- */

static int64_t count_of(const px_metrics *all, const px_metric *metric) {
    return *(const int64_t *)(const void *)((const char *)all + metric->offset);
}

double px_metric_value(const px_metrics *all, const px_metric *metric) {
    if (metric->value)
        return metric->value(all, metric->basis == PX_METRIC_GROSS ? &all->gross : &all->net);
    if (metric->is_count)
        return (double)count_of(all, metric);
    return *(const double *)(const void *)((const char *)all + metric->offset);
}

/* ---- what each is ------------------------------------------------------------------------------------- */

const char *px_metric_basis_name(px_metric_basis basis) {
    static const char *const names[] = {"none", "gross", "net", "long", "short"};
    return names[basis];
}

static json_t *metric_json(const px_metric *metric) {
    bool failed = false;
    json_t *object = json_object();
    pxi_json_put(object, "key", json_string(metric->key), &failed);
    pxi_json_put(object, "title", json_string(metric->title), &failed);
    pxi_json_put(object, "unit", json_string(metric->unit), &failed);
    pxi_json_put(object, "basis", json_string(px_metric_basis_name(metric->basis)), &failed);
    pxi_json_put(object, "formula", json_string(metric->formula), &failed);
    pxi_json_put(object, "meaning", json_string(metric->meaning), &failed);
    pxi_json_put(object, "undefined", json_string(metric->undefined), &failed);
    pxi_json_put(object, "decimals", json_integer(metric->decimals), &failed);
    pxi_json_put(object, "headline", json_integer(metric->headline), &failed);
    pxi_json_put(object, "gain", json_boolean(metric->gain), &failed);
    return pxi_json_built(object, failed);
}

px_status px_metrics_document(char **json, px_error *err) {
    bool failed = false;
    json_t *list = json_array();
    for (size_t i = 0; i < N_METRICS; i++)
        failed |= json_array_append_new(list, metric_json(&metrics[i])) != 0;
    list = pxi_json_built(list, failed);
    px_status status = list ? pxi_json_dump(list, json, err) : pxi_fail_memory(err);
    json_decref(list);
    return status;
}
