// SPDX-License-Identifier: Apache-2.0
/* Runs side by side, from their run.json: results, what differs in how they were made, and whether the
 * numbers may be compared at all. */
#include "base/error.h"
#include "base/json.h"
#include "base/mem.h"
#include "base/parameter.h"
#include "pixity/backtest.h"

#include <stdlib.h>
#include <string.h>

typedef struct comparison {
    size_t n;
    const char *const *ids;
    json_t **runs;
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

/* Where run.json has it; a name of the configuration that stands here too means the run's own value. */
static const struct {
    const char *name, *object, *key;
} facts[] = {
    {"strategy", NULL, "strategy"},
    {"symbol", NULL, "symbol"},
    {"timeframe", NULL, "timeframe"},
    {"start", NULL, "start"},
    {"end", NULL, "end"},
    {"instrument_key", "data", "instrument_key"},
    {"data_fingerprint", "data", "fingerprint"},
    {"profile", NULL, "profile"},
    {"model", "model", "name"},
    {"model_sha256", "model", "sha256"},
    {"version", NULL, "version"},
};
#define N_FACTS (sizeof facts / sizeof *facts)

/* The strategy's parameters: a run says which differ from their usual values. */
static void put_parameters(json_t *basis, json_t *run, bool *failed) {
    const char *id = json_string_value(json_object_get(run, "strategy")), *name;
    json_t *told = json_object_get(json_object_get(run, "request"), "parameters"), *value;
    px_strategy_config usual;
    if (id && px_strategy_config_read(id, NULL, &usual, NULL) == PX_OK) {
        const px_parameters parameters = px_strategy_parameters(usual.strategy);
        json_t *values = pxi_values_json(&parameters, usual.values, false);
        *failed |= json_object_update_missing(basis, values) != 0;
        json_decref(values);
    }
    json_object_foreach(told, name, value) pxi_json_put(basis, name, json_incref(value), failed);
}

static json_t *basis_of(json_t *run) {
    bool failed = false;
    json_t *basis = json_object();
    for (size_t i = 0; i < N_FACTS; i++) {
        json_t *object = facts[i].object ? json_object_get(run, facts[i].object) : run;
        json_t *value = json_object_get(object, facts[i].key);
        pxi_json_put(basis, facts[i].name, value ? json_incref(value) : json_null(), &failed);
    }
    put_parameters(basis, run, &failed);
    json_t *config = json_object_get(run, "config");
    failed |= json_is_object(config) && json_object_update_missing(basis, config) != 0;
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

static json_t *run_lines(const comparison *c) {
    static const char *const keys[] = {"run_id",   "status",           "message",   "created", "fingerprint",
                                       "strategy", "symbol",           "timeframe", "profile", "start",
                                       "end",      "in_sample_trades", "warnings"};
    bool failed = false;
    json_t *list = json_array();
    for (size_t i = 0; i < c->n; i++) {
        json_t *line = json_object();
        for (size_t k = 0; k < sizeof keys / sizeof *keys; k++) {
            json_t *value = json_object_get(c->runs[i], keys[k]);
            pxi_json_put(line, keys[k], value ? json_incref(value) : json_null(), &failed);
        }
        failed |= json_array_append_new(list, line) != 0;
    }
    return pxi_json_built(list, failed);
}

/* Lists of ids with one fingerprint. */
static json_t *identical(const comparison *c) {
    bool failed = false;
    json_t *groups = json_array();
    for (size_t i = 0; i < c->n; i++) {
        json_t *mine = json_object_get(c->runs[i], "fingerprint"), *group = json_array();
        bool first = json_is_string(mine);
        for (size_t k = 0; k < c->n && first; k++) {
            bool same = json_equal(mine, json_object_get(c->runs[k], "fingerprint"));
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

/* All of a member that is an object in every run. */
static json_t *member_table(const comparison *c, const char *member) {
    json_t **objects = pxi_new_array(c->n, sizeof *objects);
    if (!objects)
        return NULL;
    for (size_t i = 0; i < c->n; i++)
        objects[i] = json_object_get(c->runs[i], member);
    json_t *table = table_of(c, objects, false);
    free(objects);
    return table;
}

/* What the store says of each: how many it was chosen from, and what that leaves of its Sharpe ratio. */
static json_t *trials_table(const comparison *c) {
    static const char *const kept[] = {"n", "deflated_sharpe"};
    bool failed = false;
    json_t *all = member_table(c, "trials"), *table = json_object();
    for (size_t i = 0; i < sizeof kept / sizeof *kept; i++) {
        json_t *values = json_object_get(all, kept[i]);
        if (values)
            pxi_json_put(table, kept[i], json_incref(values), &failed);
    }
    failed |= !all;
    json_decref(all);
    return pxi_json_built(table, failed);
}

static px_status write_document(const comparison *c, char **json, px_error *err) {
    bool failed = false;
    json_t *document = json_object(), *basis;
    for (size_t i = 0; i < c->n && !failed; i++)
        failed = !(c->basis[i] = basis_of(c->runs[i]));
    pxi_json_put(document, "runs", run_lines(c), &failed);
    pxi_json_put(document, "identical", identical(c), &failed);
    pxi_json_put(document, "not_comparable", obstacles_of(c), &failed);
    basis = json_object_get(c->runs[0], "metrics_basis");
    pxi_json_put(document, "metrics_basis", basis ? json_incref(basis) : json_null(), &failed);
    pxi_json_put(document, "metrics", member_table(c, "metrics"), &failed);
    pxi_json_put(document, "trials", trials_table(c), &failed);
    pxi_json_put(document, "config", table_of(c, c->basis, true), &failed);
    document = pxi_json_built(document, failed);
    px_status status = document ? pxi_json_dump(document, json, err) : pxi_fail_memory(err);
    json_decref(document);
    return status;
}

static px_status read_run(px_home *home, const char *id, json_t **out, px_error *err) {
    char *text = NULL;
    px_error reason = {0};
    px_status status = px_backtest_read(home, id, &text, err);
    if (status)
        return status;
    status = pxi_json_parse(text, strlen(text), "run.json", out, &reason);
    free(text);
    if (status == PX_ENOMEM)
        return pxi_fail_memory(err);
    return status || !json_is_object(*out) ? pxi_fail(err, PX_ECORRUPT, "run %s is damaged: %s", id,
                                                      status ? reason.message : "its run.json is no object")
                                           : PX_OK;
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
        status = read_run(home, ids[i], &c.runs[i], err);
    if (!status)
        status = write_document(&c, json, err);
    for (size_t i = 0; i < n && c.runs && c.basis; i++) {
        json_decref(c.runs[i]);
        json_decref(c.basis[i]);
    }
    free(c.runs);
    free(c.basis);
    return status;
}
