// SPDX-License-Identifier: Apache-2.0
/* Runs side by side, from their run.json: results, what differs in how they were made, and whether the
 * numbers may be compared at all. */
#include "base/error.h"
#include "base/json.h"
#include "base/mem.h"
#include "base/parameter.h"
#include "findings/findings.h"
#include "pixity/backtest.h"
#include "store/runs/run_json.h"

#include <stdlib.h>
#include <string.h>

typedef struct comparison {
    size_t n;
    const char *const *ids;
    px_run *runs;
    json_t **basis; /* of each: what its numbers rest on, flat */
} comparison;

/* A table of values is an object of objects: name -> run id -> value. */
static json_t *values_of(const comparison *c, const char *name, json_t *const *objects) {
    bool failed = false;
    json_t *values = json_object();
    for (size_t i = 0; i < c->n; i++) {
        json_t *value = json_object_get(objects[i], name);
        pxi_json_put(values, c->ids[i], value ? json_incref(value) : json_null(), &failed);
    }
    return pxi_json_built(values, failed);
}

static bool all_equal(json_t *values) {
    const char *id;
    json_t *value, *first = json_object_iter_value(json_object_iter(values));
    json_object_foreach(values, id, value) {
        if (!json_equal(value, first))
            return false;
    }
    return true;
}

/* All names of the objects, in the order of their first appearance, but with only_different those on which
 * all agree. */
static json_t *table_of(const comparison *c, json_t *const *objects, bool only_different) {
    bool failed = false;
    json_t *table = json_object(), *value;
    const char *name;
    for (size_t i = 0; i < c->n; i++)
        json_object_foreach(objects[i], name, value) {
            json_t *values = json_object_get(table, name) ? NULL : values_of(c, name, objects);
            if (values && !(only_different && all_equal(values)))
                pxi_json_put(table, name, json_incref(values), &failed);
            failed |= !values && !json_object_get(table, name);
            json_decref(values);
        }
    return pxi_json_built(table, failed);
}

/* ---- what numbers rest on ------------------------------------------------------------------------------ */

/* The strategy's parameters: a run says which differ from their usual values. */
static void put_parameters(json_t *basis, const px_run *run, bool *failed) {
    const px_run_numbers *own = &run->request.parameters;
    px_strategy_config usual;
    if (run->strategy && px_strategy_config_read(run->strategy, NULL, &usual, NULL) == PX_OK) {
        const px_parameters parameters = px_strategy_parameters(usual.strategy);
        json_t *values = pxi_values_json(&parameters, usual.values, false);
        *failed |= json_object_update_missing(basis, values) != 0;
        json_decref(values);
    }
    for (size_t i = 0; i < own->n; i++)
        pxi_json_put(basis, own->items[i].name, pxi_run_number_json(&own->items[i]), failed);
}

/* A name of the configuration that stands here too means the run's own value. */
static json_t *basis_of(const px_run *run) {
    const struct {
        const char *name, *value;
    } facts[] = {
        {"strategy", run->strategy},
        {"symbol", run->symbol},
        {"timeframe", run->timeframe},
        {"start", run->start},
        {"end", run->end},
        {"instrument_key", run->data.instrument_key},
        {"data_fingerprint", run->data.fingerprint},
        {"profile", run->profile},
        {"model", run->model.name},
        {"model_sha256", run->model.sha256},
        {"version", run->version},
    };
    bool failed = false;
    json_t *basis = json_object();
    for (size_t i = 0; i < sizeof facts / sizeof *facts; i++)
        pxi_json_put(basis, facts[i].name, pxi_json_text(facts[i].value), &failed);
    put_parameters(basis, run, &failed);
    json_t *config = pxi_run_config_json(run);
    failed |= !config || json_object_update_missing(basis, config) != 0;
    json_decref(config);
    return pxi_json_built(basis, failed);
}

static const char *text_of(json_t *object, const char *key) {
    const char *text = json_string_value(json_object_get(object, key));
    return text ? text : "-";
}

static json_t *window_of(json_t *basis) {
    return json_sprintf("%s .. %s", text_of(basis, "start"), text_of(basis, "end"));
}

static json_t *windows(const comparison *c) {
    bool failed = false;
    json_t *values = json_object();
    for (size_t i = 0; i < c->n; i++)
        pxi_json_put(values, c->ids[i], window_of(c->basis[i]), &failed);
    return pxi_json_built(values, failed);
}

/* Takes `values`; true if they were put because they differ. */
static bool put_different(json_t *object, const char *name, json_t *values, bool *failed) {
    bool differ = values && !all_equal(values);
    *failed |= !values;
    if (differ)
        pxi_json_put(object, name, json_incref(values), failed);
    json_decref(values);
    return differ;
}

/* Why numbers must not be held against each other: other instruments, windows, rules; and, where all of that
 * and the timeframe agree, other bars nevertheless. */
static json_t *obstacles_of(const comparison *c) {
    bool failed = false, differ = false, other_bars = false;
    json_t *object = json_object(), *timeframes = values_of(c, "timeframe", c->basis);
    differ |= put_different(object, "symbol", values_of(c, "symbol", c->basis), &failed);
    if (!differ)
        differ |= put_different(object, "instrument_key", values_of(c, "instrument_key", c->basis), &failed);
    differ |= put_different(object, "window", windows(c), &failed);
    differ |= put_different(object, "profile", values_of(c, "profile", c->basis), &failed);
    other_bars = timeframes && !differ && all_equal(timeframes);
    if (other_bars)
        put_different(object, "data_fingerprint", values_of(c, "data_fingerprint", c->basis), &failed);
    failed |= !timeframes;
    json_decref(timeframes);
    return pxi_json_built(object, failed);
}

/* ---- the document -------------------------------------------------------------------------------------- */

static json_t *run_line(const px_run *run) {
    bool failed = false;
    json_t *line = json_object(), *warnings = px_run_failed(run) ? json_null() : json_array();
    for (size_t i = 0; i < run->warnings.n; i++)
        failed |= json_array_append_new(warnings, pxi_json_text(run->warnings.items[i])) != 0;
    pxi_json_put(line, "run_id", pxi_json_text(run->run_id), &failed);
    pxi_json_put(line, "status", pxi_json_text(run->status), &failed);
    pxi_json_put(line, "message", pxi_json_text(run->message), &failed);
    pxi_json_put(line, "created", pxi_json_text(run->created), &failed);
    pxi_json_put(line, "fingerprint", pxi_json_text(run->fingerprint), &failed);
    pxi_json_put(line, "strategy", pxi_json_text(run->strategy), &failed);
    pxi_json_put(line, "symbol", pxi_json_text(run->symbol), &failed);
    pxi_json_put(line, "timeframe", pxi_json_text(run->timeframe), &failed);
    pxi_json_put(line, "profile", pxi_json_text(run->profile), &failed);
    pxi_json_put(line, "start", pxi_json_text(run->start), &failed);
    pxi_json_put(line, "end", pxi_json_text(run->end), &failed);
    pxi_json_put(line, "in_sample_trades",
                 run->in_sample_trades < 0 ? json_null() : json_integer(run->in_sample_trades), &failed);
    pxi_json_put(line, "not_annualised", pxi_json_text(run->not_annualised), &failed);
    pxi_json_put(line, "findings", px_run_failed(run) ? json_null() : pxi_findings_json(&run->findings),
                 &failed);
    pxi_json_put(line, "warnings", warnings, &failed);
    return pxi_json_built(line, failed);
}

static json_t *run_lines(const comparison *c) {
    bool failed = false;
    json_t *list = json_array();
    for (size_t i = 0; i < c->n; i++)
        failed |= json_array_append_new(list, run_line(&c->runs[i])) != 0;
    return pxi_json_built(list, failed);
}

/* Lists of ids with one fingerprint. */
static json_t *identical(const comparison *c) {
    bool failed = false;
    json_t *groups = json_array();
    for (size_t i = 0; i < c->n; i++) {
        const char *mine = c->runs[i].fingerprint;
        json_t *group = json_array();
        bool first = mine != NULL;
        for (size_t k = 0; k < c->n && first; k++) {
            bool same = c->runs[k].fingerprint && strcmp(mine, c->runs[k].fingerprint) == 0;
            first = !same || k >= i;
            if (same)
                failed |= json_array_append_new(group, json_string(c->ids[k])) != 0;
        }
        if (first && json_array_size(group) > 1)
            failed |= json_array_append(groups, group) != 0;
        json_decref(group);
    }
    return pxi_json_built(groups, failed);
}

/* One object of each run, as a table; those of runs without metrics are left out. */
static json_t *table_of_each(const comparison *c, json_t *(*make)(const px_run *run)) {
    bool failed = false;
    json_t *table = NULL, **objects = pxi_new_array(c->n, sizeof *objects);
    if (!objects)
        return NULL;
    for (size_t i = 0; i < c->n; i++)
        if (c->runs[i].metrics.n)
            failed |= !(objects[i] = make(&c->runs[i]));
    table = table_of(c, objects, false);
    for (size_t i = 0; i < c->n; i++)
        json_decref(objects[i]);
    free(objects);
    return pxi_json_built(table, failed);
}

static json_t *metrics_of(const px_run *run) {
    return pxi_run_numbers_json(&run->metrics);
}

/* What the store says of each: how many it was chosen from, and what that leaves of its Sharpe ratio. */
static json_t *trials_of(const px_run *run) {
    bool failed = false;
    json_t *object = json_object();
    if (run->trials.n) {
        pxi_json_put(object, "n", json_integer(run->trials.n), &failed);
        pxi_json_put(object, "deflated_sharpe", pxi_json_real(run->trials.deflated_sharpe), &failed);
    }
    return pxi_json_built(object, failed);
}

static px_status write_document(const comparison *c, char **json, px_error *err) {
    bool failed = false;
    json_t *document = json_object();
    for (size_t i = 0; i < c->n && !failed; i++)
        failed = !(c->basis[i] = basis_of(&c->runs[i]));
    pxi_json_put(document, "runs", run_lines(c), &failed);
    pxi_json_put(document, "identical", identical(c), &failed);
    pxi_json_put(document, "not_comparable", obstacles_of(c), &failed);
    pxi_json_put(document, "metrics_basis", pxi_json_text(c->runs[0].metrics_basis), &failed);
    pxi_json_put(document, "metrics", table_of_each(c, metrics_of), &failed);
    pxi_json_put(document, "trials", table_of_each(c, trials_of), &failed);
    pxi_json_put(document, "config", table_of(c, c->basis, true), &failed);
    document = pxi_json_built(document, failed);
    px_status status = document ? pxi_json_dump(document, json, err) : pxi_fail_memory(err);
    json_decref(document);
    return status;
}

static px_status check_ids(const char *const *ids, size_t n, px_error *err) {
    if (n < 2)
        return pxi_fail(err, PX_EINPUT, "name at least two runs to compare");
    for (size_t i = 1; i < n; i++)
        for (size_t k = 0; k < i; k++)
            if (strcmp(ids[i], ids[k]) == 0)
                return pxi_fail(err, PX_EINPUT, "run %s is named twice", ids[i]);
    return PX_OK;
}

px_status px_runs_compare(px_home *home, const char *const *ids, size_t n, char **json, px_error *err) {
    px_status status = check_ids(ids, n, err);
    if (status)
        return status;
    comparison c = {.n = n, .ids = ids};
    c.runs = pxi_new_array(n, sizeof *c.runs);
    c.basis = pxi_new_array(n, sizeof *c.basis);
    if (!c.runs || !c.basis)
        status = pxi_fail_memory(err);
    for (size_t i = 0; i < n && !status; i++)
        status = px_backtest_load(home, ids[i], &c.runs[i], NULL, err);
    if (!status)
        status = write_document(&c, json, err);
    for (size_t i = 0; i < n && c.runs && c.basis; i++) {
        px_run_free(&c.runs[i]);
        json_decref(c.basis[i]);
    }
    free(c.runs);
    free(c.basis);
    return status;
}
