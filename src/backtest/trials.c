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
#include "store/runs/run_trials.h"

#define SESSION_SHARPE "Session Sharpe Ratio"
#define BASIS                                                                                                \
    "computed on reading, not stored: distinct fingerprints in this store with the same strategy, symbol "   \
    "and timeframe and an overlapping window, this run included; Sharpe ratios per session, net of fees"

static const char *text_of(const json_t *run, const char *key) {
    return json_string_value(json_object_get(run, key));
}

static double number_of(const json_t *metrics, const char *name) {
    const json_t *value = json_object_get(metrics, name);
    return json_is_number(value) ? json_number_value(value) : NAN;
}

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

/* False for a document of no finished run: it was no trial. */
static bool describe(const json_t *run, pxi_trial *trial, pxi_sharpe *sharpe) {
    const json_t *metrics = json_object_get(run, "metrics");
    const char *status = text_of(run, "status");
    *trial = (pxi_trial){
        .strategy = text_of(run, "strategy"),
        .symbol = text_of(run, "symbol"),
        .timeframe = text_of(run, "timeframe"),
        .start = text_of(run, "start"),
        .end = text_of(run, "end"),
        .fingerprint = text_of(run, "fingerprint"),
        .sharpe_key = SESSION_SHARPE,
        .session_sharpe = number_of(metrics, SESSION_SHARPE),
    };
    *sharpe = (pxi_sharpe){
        .ratio = trial->session_sharpe,
        .skewness = number_of(metrics, "Session Skewness"),
        .kurtosis = number_of(metrics, "Session Kurtosis"),
        .n = json_integer_value(json_object_get(metrics, "# Sessions")),
    };
    return status && !strcmp(status, "done") && trial->strategy && trial->symbol && trial->timeframe &&
           trial->start && trial->end && trial->fingerprint;
}

static px_status find_trials(px_home *home, const json_t *run, px_trials *out, px_error *err) {
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

static json_t *trials_json(const px_trials *trials) {
    bool failed = false;
    json_t *object = json_object();
    pxi_json_put(object, "n", json_integer(trials->n), &failed);
    pxi_json_put(object, "sharpe_variance", pxi_json_real(trials->sharpe_variance), &failed);
    pxi_json_put(object, "best_sharpe", pxi_json_real(trials->best_sharpe), &failed);
    pxi_json_put(object, "deflated_sharpe", pxi_json_real(trials->deflated_sharpe), &failed);
    pxi_json_put(object, "basis", json_string(BASIS), &failed);
    return pxi_json_built(object, failed);
}

/* PX_OK with *run NULL where the document is none: whoever reads it says what is wrong with it. */
static px_status read_run(px_home *home, const char *id, char **text, json_t **run, px_error *err) {
    px_status status = px_run_read(home, id, text, err);
    if (!status && pxi_json_parse(*text, strlen(*text), "run.json", run, NULL) == PX_ENOMEM)
        status = pxi_fail_memory(err);
    return status;
}

px_status px_run_trials(px_home *home, const char *id, px_trials *out, px_error *err) {
    char *text = NULL;
    json_t *run = NULL;
    px_status status = read_run(home, id, &text, &run, err);
    if (!status && !run)
        status = pxi_fail(err, PX_ECORRUPT, "the run %s is damaged: its run.json is no JSON; delete it", id);
    if (!status)
        status = find_trials(home, run, out, err);
    json_decref(run);
    free(text);
    return status;
}

px_status px_backtest_read(px_home *home, const char *id, char **json, px_error *err) {
    char *text = NULL, *merged = NULL;
    json_t *run = NULL;
    px_trials trials = {0};
    bool failed = false;
    px_status status = read_run(home, id, &text, &run, err);
    if (!status)
        status = find_trials(home, run, &trials, err);
    if (!status && trials.n > 0) {
        pxi_json_put(run, "trials", trials_json(&trials), &failed);
        status = failed ? pxi_fail_memory(err) : pxi_json_dump(run, &merged, err);
    }
    json_decref(run);
    if (!status)
        *json = merged ? merged : text;
    if (status || merged)
        free(text);
    return status;
}
