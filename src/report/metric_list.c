// SPDX-License-Identifier: Apache-2.0
/* What each metric is, for the page: docs/metrics.md has the edge cases. */
#include "pixity/report.h"

#include "base/error.h"
#include "base/json.h"

#include <string.h>

typedef struct metric {
    const char *name, *unit, *formula, *meaning;
} metric;

/* By plain name; `<name> (gross)` is the same before fees. */
static const metric metrics[] = {
    {"# Trades", "trades", "closed trades", "How many trades were made and closed"},
    {"# Wins", "trades", "trades with a result above 0", "How many trades gained"},
    {"Win Rate [%]", "% of trades", "wins / trades × 100", "Share of the trades that gained"},
    {"Profit Factor", "", "sum of the wins / sum of the losses' absolute values",
     "What was won for each rupee lost; above 1 is a gain"},
    {"Expectancy [Rs]", "rupees a trade", "mean result", "What a trade brought on average"},
    {"Expectancy [%]", "% of a trade's value at entry", "mean of result / value at entry, × 100",
     "What a trade brought on average, relative to what was bought or sold"},
    {"Avg. R", "R", "mean of result / (quantity × risk of a share as sized)",
     "What a trade brought on average, in multiples of what its stop would have lost"},
    {"Best Trade [Rs]", "rupees", "largest result", "The best trade"},
    {"Worst Trade [Rs]", "rupees", "smallest result", "The worst trade"},
    {"Best Trade [%]", "% of its value at entry", "largest result / value at entry, × 100",
     "The best trade, relative to what was bought or sold"},
    {"Worst Trade [%]", "% of its value at entry", "smallest result / value at entry, × 100",
     "The worst trade, relative to what was bought or sold"},
    {"Avg. Trade [%]", "% of a trade's value at entry",
     "(geometric mean of 1 + result / value at entry, less 1) × 100",
     "What a trade brought on average where gains and losses compound"},
    {"SQN", "", "√trades × mean result / standard deviation of the results (ddof 1)",
     "Van Tharp's system quality number: how large the mean result is beside its spread"},
    {"Kelly Criterion", "share of equity", "p - (1 - p) × mean loss / mean win, p = wins / trades",
     "Share of the equity whose risk would grow it fastest; negative where nothing should be risked"},
    {"Max. Consecutive Losses", "trades", "longest row of trades without a win",
     "How many trades in a row did not gain"},
    {"Avg. MAE [R]", "R", "mean maximum adverse excursion, over trades with a stop",
     "How far trades went against the position on average before they ended; positive"},
    {"Avg. MFE [R]", "R", "mean maximum favourable excursion, over trades with a stop",
     "How far trades went with the position on average before they ended"},
    {"Avg. Bars Held", "bars", "mean of the watched bars to the exit, inclusive",
     "How long a trade lasted on average"},
    {"Median Bars Held", "bars", "median of the watched bars to the exit, inclusive",
     "Half of the trades lasted longer"},
    {"Max. Bars Held", "bars", "most watched bars to the exit, inclusive", "The longest trade"},
    {"Avg. Trade Duration [hours]", "hours",
     "mean of exit time - entry time, starts of bars, nights included",
     "How long a trade lasted on average by the clock"},
    {"Max. Trade Duration [hours]", "hours",
     "longest exit time - entry time, starts of bars, nights included", "The longest trade by the clock"},
    {"# Ambiguous Bars", "trades", "trades whose exit bar held both stop and target",
     "Bars do not tell which came first: these trades count as stopped"},
    {"In-Sample Trades [%]", "% of trades",
     "trades that enter inside the model's training window / trades × 100",
     "Share of the trades that the model had seen in training: their results prove nothing"},
    {"# Exits stop_loss", "trades", "trades that left at their stop", "Stopped out"},
    {"# Exits take_profit", "trades", "trades that left at their target", "Reached the target"},
    {"# Exits time_stop", "trades", "trades that left because their time was over",
     "Held for the longest time allowed"},
    {"# Exits square_off", "trades", "trades that left at the square-off time",
     "Closed before the session's end"},
    {"# Exits exit_signal", "trades", "trades that left because the strategy said so", "Closed by a signal"},
    {"# Exits kill_switch", "trades", "trades that left because the drawdown limit was reached",
     "Closed by the drawdown guard"},
    {"# Exits end_of_data", "trades", "trades that were open on the last bar",
     "Closed at the last bar's close"},
    {"PnL [Rs]", "rupees", "sum of the results", "What all trades brought"},
    {"Commissions [Rs]", "rupees", "sum of both sides' fees, carries included", "What trading cost"},
    {"Equity Final [Rs]", "rupees", "equity at the last close", "What the account held in the end"},
    {"Equity Peak [Rs]", "rupees", "highest equity at a close, at least the capital",
     "The most that the account held"},
    {"Return [%]", "% of capital", "(last equity / capital - 1) × 100", "What the whole run brought"},
    {"Buy & Hold Return [%]", "% of the first price",
     "(last close / first close of the window - 1) × 100, before costs",
     "What holding the instrument all the time would have brought"},
    {"CAGR [%]", "% a year", "((last equity / capital)^(N / n) - 1) × 100, n sessions of N a year",
     "The yearly rate that compounds to the return"},
    {"Volatility (Ann.) [%]", "% a year", "s × √N × 100, s the deviation (ddof 1) of session returns",
     "How much the returns spread"},
    {"Sharpe Ratio", "", "m / s × √N, m and s mean and deviation of session returns",
     "Return for the spread of returns, annualised, risk-free rate 0"},
    {"Sortino Ratio", "", "m / √(mean of min(r, 0)²) × √N",
     "Return for the spread of losses, annualised, target 0"},
    {"Calmar Ratio", "", "CAGR [%] / -Max. Drawdown [%]", "Yearly return for the deepest drawdown"},
    {"Max. Drawdown [%]", "% of peak equity",
     "smallest equity / highest equity so far - 1, × 100, at bar closes",
     "The deepest fall from a peak; 0 or negative"},
    {"Avg. Drawdown [%]", "% of peak equity", "mean depth of the drawdowns × 100",
     "How deep a fall from a peak was on average"},
    {"Max. Drawdown Duration [days]", "calendar days", "longest time from a peak back to it",
     "The longest wait for a new peak"},
    {"Avg. Drawdown Duration [days]", "calendar days", "mean time from a peak back to it",
     "The wait for a new peak on average"},
    {"Max. Drawdown Duration [sessions]", "sessions", "most sessions from a peak back to it",
     "The longest wait for a new peak, in trading days"},
    {"Avg. Drawdown Duration [sessions]", "sessions", "mean number of sessions from a peak back to it",
     "The wait for a new peak on average, in trading days"},
    {"Session Sharpe Ratio", "", "m / s of session returns, not annualised",
     "What the probabilistic Sharpe ratio works on"},
    {"Session Skewness", "", "M₃ / M₂^1.5 of session returns",
     "Whether large returns are gains (above 0) or losses (below)"},
    {"Session Kurtosis", "", "M₄ / M₂² of session returns, raw",
     "How often returns are extreme; 3 for a normal distribution"},
    {"Probabilistic Sharpe Ratio", "probability",
     "Φ(SR √(n - 1) / √(1 - g₃ SR + (g₄ - 1)/4 SR²)), per session",
     "How likely the true Sharpe ratio lies above 0, given so few and such returns"},
    {"Exposure Time [%]", "% of bars", "bars from an entry to its exit, each once / bars × 100",
     "How much of the time a position was held"},
    {"Turnover [Rs]", "rupees", "sum of quantity × (entry price + exit price)", "What was bought and sold"},
    {"Turnover (Ann.)", "times mean equity a year", "Turnover [Rs] / mean equity × N / n",
     "How often a year the equity was turned over"},
    {"# Sessions", "sessions", "trading dates in the window that have bars", "Trading days of the run"},
    {"Duration [days]", "calendar days", "from the first bar's start to the last one's", "Length of the run"},
};
#define N_PLAIN     (sizeof metrics / sizeof *metrics)
#define GROSS       " (gross)"
#define GROSS_BYTES (sizeof GROSS - 1)

static bool is_gross(const char *name) {
    size_t length = strlen(name);
    return length > GROSS_BYTES && strcmp(name + length - GROSS_BYTES, GROSS) == 0;
}

/* NULL for a name that has no row: a metric that was added without one. */
static const metric *find_metric(const char *name) {
    size_t length = strlen(name) - (is_gross(name) ? GROSS_BYTES : 0);
    for (size_t i = 0; i < N_PLAIN; i++)
        if (strlen(metrics[i].name) == length && memcmp(metrics[i].name, name, length) == 0)
            return &metrics[i];
    return NULL;
}

/* A plain name is net of fees where the same is told before fees. */
static bool has_gross(const char *name) {
    const char *other;
    size_t length = strlen(name);
    for (size_t i = 0; (other = px_metric_name(i)); i++)
        if (is_gross(other) && strlen(other) == length + GROSS_BYTES && memcmp(other, name, length) == 0)
            return true;
    return false;
}

static json_t *metric_json(const char *name) {
    const metric *found = find_metric(name);
    bool failed = false;
    json_t *object = json_object();
    pxi_json_put(object, "name", json_string(name), &failed);
    pxi_json_put(object, "unit", json_string(found ? found->unit : ""), &failed);
    pxi_json_put(object, "basis",
                 json_string(is_gross(name)    ? "gross"
                             : has_gross(name) ? "net"
                                               : "none"),
                 &failed);
    pxi_json_put(object, "formula", json_string(found ? found->formula : ""), &failed);
    pxi_json_put(object, "meaning", json_string(found ? found->meaning : ""), &failed);
    return pxi_json_built(object, failed);
}

px_status px_metrics_document(char **json, px_error *err) {
    const char *name;
    bool failed = false;
    json_t *list = json_array();
    for (size_t i = 0; (name = px_metric_name(i)); i++)
        failed |= json_array_append_new(list, metric_json(name)) != 0;
    list = pxi_json_built(list, failed);
    px_status status = list ? pxi_json_dump(list, json, err) : pxi_fail_memory(err);
    json_decref(list);
    return status;
}
