// SPDX-License-Identifier: Apache-2.0
/* How many trials a stored run was one of, and what that leaves of its Sharpe ratio. Other runs change the
 * answer, so it is computed when somebody reads and never stored. docs/metrics.md has the formulas. */
#include <math.h>
#include <stdlib.h>
#include <string.h>
#include "metrics/sharpe.h"
#include "base/error.h"
#include "base/json.h"
#include "pixity/backtest.h"
#include "store/runs/run_data.h"
#include "store/runs/run_json.h"
#include "store/runs/run_trials.h"

/* What a run says of one of its metrics. */
#define METRIC(run, member) px_run_number_of(&(run)->metrics, PX_METRIC_OF(member)->key)

/* Sample variance (ddof 1) of those that are defined. */
static double variance_of(const double *values, size_t n) {
    double sum = 0.0, squares = 0.0, count = 0.0;
    for (size_t i = 0; i < n; i++)
        if (!isnan(values[i])) {
            sum += values[i];
            count++;
        }
    for (size_t i = 0; i < n; i++)
        if (!isnan(values[i]))
            squares += (values[i] - sum / count) * (values[i] - sum / count);
    return count > 1.0 ? squares / (count - 1.0) : NAN;
}

static px_trials judge(const pxi_sharpe *own, const double *sharpes, size_t n) {
    px_trials trials = {.n = (int64_t)n, .sharpe_variance = variance_of(sharpes, n)};
    trials.best_sharpe = pxi_sharpe_best_of(trials.n, trials.sharpe_variance);
    trials.deflated_sharpe = pxi_sharpe_probability(own, trials.best_sharpe);
    return trials;
}

/* False for a run that is not finished: it was no trial. */
static bool describe(const px_run *run, pxi_trial *trial, pxi_sharpe *sharpe) {
    *trial = (pxi_trial){
        .strategy = run->strategy,
        .symbol = run->symbol,
        .timeframe = run->timeframe,
        .start = run->start,
        .end = run->end,
        .fingerprint = run->fingerprint,
        .sharpe_key = PX_METRIC_OF(net.session_sharpe)->key,
        .session_sharpe = METRIC(run, net.session_sharpe),
    };
    const double n_sessions = METRIC(run, n_sessions);
    *sharpe = (pxi_sharpe){
        .ratio = trial->session_sharpe,
        .skewness = METRIC(run, net.skewness),
        .kurtosis = METRIC(run, net.kurtosis),
        .n = isnan(n_sessions) ? 0 : (int64_t)n_sessions,
    };
    return run->status && !strcmp(run->status, "done") && trial->strategy && trial->symbol &&
           trial->timeframe && trial->start && trial->end && trial->fingerprint;
}

px_status px_run_find_trials(px_home *home, const px_run *run, px_trials *out, px_error *err) {
    pxi_trial trial;
    pxi_sharpe sharpe;
    double *sharpes = NULL;
    size_t n = 0;
    *out = (px_trials){0, NAN, NAN, NAN};
    if (!describe(run, &trial, &sharpe))
        return PX_OK;
    px_status status = pxi_trial_sharpes(home, &trial, &sharpes, &n, err);
    if (!status)
        *out = judge(&sharpe, sharpes, n);
    free(sharpes);
    return status;
}

px_status px_run_trials(px_home *home, const char *id, px_trials *out, px_error *err) {
    px_run run = {0};
    px_status status = px_run_load(home, id, &run, err);
    if (!status)
        status = px_run_find_trials(home, &run, out, err);
    px_run_free(&run);
    return status;
}

/* Takes `text`: gives it with what is computed behind it, or as it is where there are none. */
static px_status write_computed(char *text, json_t *document, const px_run *run, char **json, px_error *err) {
    bool failed = false;
    px_status status = PX_OK;
    if (run->trials.n == 0 && !run->data_changed) {
        *json = text;
        return PX_OK;
    }
    pxi_run_put_computed(document, run, &failed);
    status = failed ? pxi_fail_memory(err) : pxi_json_dump(document, json, err);
    free(text);
    return status;
}

px_status px_backtest_load(px_home *home, const char *id, px_run *run, char **json, px_error *err) {
    char *text = NULL;
    json_t *document = NULL;
    px_run read = {0};
    pxi_data_watch watch = {0};
    px_status status = px_run_read(home, id, &text, err);
    if (!status)
        status = pxi_run_parse(id, text, &read, &document, err);
    if (!status)
        status = px_run_find_trials(home, &read, &read.trials, err);
    if (!status)
        status = pxi_run_data_changed(home, &read, &watch, &read.data_changed, err);
    pxi_data_watch_free(&watch);
    if (!status && json)
        status = write_computed(text, document, &read, json, err);
    else
        free(text);
    json_decref(document);
    if (status)
        px_run_free(&read);
    else
        *run = read;
    return status;
}

/* Whoever reads a document that is no run's says what is wrong with it. */
px_status px_backtest_read(px_home *home, const char *id, char **json, px_error *err) {
    px_run run = {0};
    px_error why = {0};
    px_status status = px_backtest_load(home, id, &run, json, &why);
    px_run_free(&run);
    if (status == PX_ECORRUPT)
        return px_run_read(home, id, json, err);
    if (status && err)
        *err = why;
    return status;
}
