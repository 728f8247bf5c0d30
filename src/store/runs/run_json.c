// SPDX-License-Identifier: Apache-2.0
/* The codec of runs: one table of members for each object of run.json, by which it is written, read and
 * freed. No other file knows the names. */
#include "store/runs/run_json.h"

#include "base/error.h"
#include "base/json.h"
#include "base/mem.h"
#include "config/keys.h"
#include "findings/findings.h"

#include <math.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#define TRIALS_BASIS                                                                                         \
    "computed on reading, not stored: distinct fingerprints in this store with the same strategy, symbol "   \
    "and timeframe and an overlapping window, this run included; Sharpe ratios per session, net of fees"

/* ---- the members -------------------------------------------------------------------------------------- */

typedef enum kind {
    TEXT,        /* char *, NULL is null */
    COUNT,       /* int64_t */
    KNOWN_COUNT, /* int64_t, negative is null */
    REAL,        /* double, NaN is null */
    TEXTS,
    NUMBERS,
    OBJECT,
    OPTIONAL, /* an object that is null where its first text is */
    ADJUSTMENTS,
    CONTRACTS,
    REJECTIONS,
    FINDINGS,
    CONFIG,
} kind;

/* When a member is written. */
typedef enum when {
    ALWAYS,
    STORED, /* once the run has an id */
    DONE,   /* unless the run failed */
    GIVEN,  /* unless it is empty */
} when;

typedef struct shape shape;
typedef struct member {
    const char *name;
    kind kind;
    size_t at; /* in the struct */
    when when;
    const shape *shape; /* of an object, or of each of a list */
} member;

struct shape {
    const member *members;
    size_t n;
};
#define SHAPE(list)                                                                                          \
    { list, sizeof list / sizeof *list }

#define AT(field) offsetof(px_run_request, field)
static const member request_members[] = {
    {"strategy", TEXT, AT(strategy), ALWAYS, NULL},
    {"parameters", NUMBERS, AT(parameters), GIVEN, NULL},
    {"symbol", TEXT, AT(symbol), ALWAYS, NULL},
    {"exchange", TEXT, AT(exchange), ALWAYS, NULL},
    {"timeframe", TEXT, AT(timeframe), ALWAYS, NULL},
    {"start", TEXT, AT(start), ALWAYS, NULL},
    {"end", TEXT, AT(end), ALWAYS, NULL},
    {"continuous", TEXT, AT(continuous), GIVEN, NULL},
    {"roll", TEXT, AT(roll), GIVEN, NULL},
    {"back_adjust", TEXT, AT(back_adjust), GIVEN, NULL},
    {"input", TEXT, AT(input), ALWAYS, NULL},
    {"data_dir", TEXT, AT(data_dir), ALWAYS, NULL},
    {"input_timeframe", TEXT, AT(input_timeframe), ALWAYS, NULL},
    {"stamp", TEXT, AT(stamp), ALWAYS, NULL},
    {"input_adjustments", TEXT, AT(input_adjustments), ALWAYS, NULL},
    {"tz", TEXT, AT(tz), GIVEN, NULL},
    {"columns", TEXT, AT(columns), GIVEN, NULL},
    {"header", TEXT, AT(header), GIVEN, NULL},
    {"date_format", TEXT, AT(date_format), GIVEN, NULL},
    {"source", TEXT, AT(profile_of_source), GIVEN, NULL},
    {"table", TEXT, AT(table), GIVEN, NULL},
    {"sheet", TEXT, AT(sheet), GIVEN, NULL},
    {"volume", TEXT, AT(volume), GIVEN, NULL},
    {"as_is", TEXT, AT(as_is), GIVEN, NULL},
    {"keep_good", TEXT, AT(keep_good), GIVEN, NULL},
    {"accept", TEXT, AT(accept), GIVEN, NULL},
    {"model", TEXT, AT(model), ALWAYS, NULL},
    {"signals", TEXT, AT(signals), ALWAYS, NULL},
};
static const shape request_shape = SHAPE(request_members);
#undef AT

#define AT(field) offsetof(px_run_fees, field)
static const member fee_members[] = {
    {"table", TEXT, AT(table), ALWAYS, NULL},
    {"sha256", TEXT, AT(sha256), ALWAYS, NULL},
    {"segment", TEXT, AT(segment), ALWAYS, NULL},
    {"segment_overnight", TEXT, AT(segment_overnight), ALWAYS, NULL},
};
static const shape fee_shape = SHAPE(fee_members);
#undef AT

static const member adjustment_members[] = {
    {"ex_date", TEXT, offsetof(px_run_adjustment, ex_date), ALWAYS, NULL},
    {"factor", REAL, offsetof(px_run_adjustment, factor), ALWAYS, NULL},
};
static const shape adjustment_shape = SHAPE(adjustment_members);

#define AT(field) offsetof(px_run_contract, field)
static const member contract_members[] = {
    {"symbol", TEXT, AT(symbol), ALWAYS, NULL}, {"instrument_key", TEXT, AT(instrument_key), ALWAYS, NULL},
    {"expiry", TEXT, AT(expiry), ALWAYS, NULL}, {"first", TEXT, AT(first), ALWAYS, NULL},
    {"last", TEXT, AT(last), ALWAYS, NULL},     {"bars", COUNT, AT(bars), ALWAYS, NULL},
    {"sha256", TEXT, AT(sha256), ALWAYS, NULL}, {"entry", KNOWN_COUNT, AT(entry), ALWAYS, NULL},
};
static const shape contract_shape = SHAPE(contract_members);
#undef AT

#define AT(field) offsetof(px_run_data, field)
static const member data_members[] = {
    {"source", TEXT, AT(source), ALWAYS, NULL},
    {"instrument_key", TEXT, AT(instrument_key), ALWAYS, NULL},
    {"tick", REAL, AT(tick), ALWAYS, NULL},
    {"lot_size", REAL, AT(lot_size), ALWAYS, NULL},
    {"fingerprint", TEXT, AT(fingerprint), ALWAYS, NULL},
    {"adjustments", ADJUSTMENTS, 0, ALWAYS, &adjustment_shape},
    {"contracts", CONTRACTS, AT(contracts), GIVEN, &contract_shape},
    {"entry", KNOWN_COUNT, AT(entry), ALWAYS, NULL},
    {"source_bars", COUNT, AT(source_bars), ALWAYS, NULL},
    {"excluded_bars", COUNT, AT(excluded_bars), ALWAYS, NULL},
    {"warmup_bars", COUNT, AT(warmup_bars), ALWAYS, NULL},
    {"bars", COUNT, AT(bars), ALWAYS, NULL},
    {"first_bar", TEXT, AT(first_bar), ALWAYS, NULL},
    {"last_bar", TEXT, AT(last_bar), ALWAYS, NULL},
};
static const shape data_shape = SHAPE(data_members);
#undef AT

#define AT(field) offsetof(px_run_model, field)
static const member model_members[] = {
    {"name", TEXT, AT(name), ALWAYS, NULL},
    {"sha256", TEXT, AT(sha256), ALWAYS, NULL},
    {"train_begin", TEXT, AT(train_begin), ALWAYS, NULL},
    {"train_end", TEXT, AT(train_end), ALWAYS, NULL},
};
static const shape model_shape = SHAPE(model_members);
#undef AT

static const member rejection_members[] = {
    {"line", COUNT, offsetof(px_run_rejection, line), ALWAYS, NULL},
    {"reason", TEXT, offsetof(px_run_rejection, reason), ALWAYS, NULL},
};
static const shape rejection_shape = SHAPE(rejection_members);

#define AT(field) offsetof(px_run_signals, field)
static const member signal_members[] = {
    {"path", TEXT, AT(path), ALWAYS, NULL},
    {"sha256", TEXT, AT(sha256), ALWAYS, NULL},
    {"rows", COUNT, AT(rows), ALWAYS, NULL},
    {"used", COUNT, AT(used), ALWAYS, NULL},
    {"rejected", COUNT, AT(rejected), ALWAYS, NULL},
    {"outside_window", COUNT, AT(outside_window), ALWAYS, NULL},
    {"other_symbols", COUNT, AT(other_symbols), ALWAYS, NULL},
    {"rejections", REJECTIONS, 0, ALWAYS, &rejection_shape},
};
static const shape signal_shape = SHAPE(signal_members);
#undef AT

#define AT(field) offsetof(px_run, field)
static const member run_members[] = {
    {"run_id", TEXT, AT(run_id), STORED, NULL},
    {"status", TEXT, AT(status), STORED, NULL},
    {"message", TEXT, AT(message), STORED, NULL},
    {"created", TEXT, AT(created), STORED, NULL},
    {"fingerprint", TEXT, AT(fingerprint), DONE, NULL},
    {"strategy", TEXT, AT(strategy), ALWAYS, NULL},
    {"symbol", TEXT, AT(symbol), ALWAYS, NULL},
    {"timeframe", TEXT, AT(timeframe), ALWAYS, NULL},
    {"profile", TEXT, AT(profile), ALWAYS, NULL},
    {"start", TEXT, AT(start), ALWAYS, NULL},
    {"end", TEXT, AT(end), ALWAYS, NULL},
    {"metrics", NUMBERS, AT(metrics), DONE, NULL},
    {"metrics_basis", TEXT, AT(metrics_basis), DONE, NULL},
    {"not_annualised", TEXT, AT(not_annualised), DONE, NULL},
    {"events", NUMBERS, AT(events), DONE, NULL},
    {"in_sample_trades", KNOWN_COUNT, AT(in_sample_trades), DONE, NULL},
    {"findings", FINDINGS, AT(findings), DONE, NULL},
    {"warnings", TEXTS, AT(warnings), DONE, NULL},
    {"request", OBJECT, AT(request), ALWAYS, &request_shape},
    {"config", CONFIG, 0, ALWAYS, NULL},
    {"fees", OBJECT, AT(fees), DONE, &fee_shape},
    {"data", OBJECT, AT(data), DONE, &data_shape},
    {"model", OPTIONAL, AT(model), DONE, &model_shape},
    {"signals", OPTIONAL, AT(signals), DONE, &signal_shape},
    {"version", TEXT, AT(version), DONE, NULL},
};
static const shape run_shape = SHAPE(run_members);
#undef AT

/* ---- writing ------------------------------------------------------------------------------------------ */

/* Of the run that is written, what decides which members it has. */
static bool is_written(const member *m, const void *field, const px_run *run) {
    switch (m->when) {
    case STORED:
        return run->run_id != NULL;
    case DONE:
        return !px_run_failed(run);
    case GIVEN:
        return m->kind == TEXT        ? *(char *const *)field != NULL
               : m->kind == CONTRACTS ? ((const px_run_contracts *)field)->n > 0
                                      : ((const px_run_numbers *)field)->n > 0;
    case ALWAYS:
        break;
    }
    return true;
}

json_t *pxi_run_number_json(const px_run_number *number) {
    return number->whole && isfinite(number->value) ? json_integer((json_int_t)number->value)
                                                    : pxi_json_real(number->value);
}

json_t *pxi_run_numbers_json(const px_run_numbers *numbers) {
    bool failed = false;
    json_t *object = json_object();
    for (size_t i = 0; i < numbers->n; i++)
        pxi_json_put(object, numbers->items[i].name, pxi_run_number_json(&numbers->items[i]), &failed);
    return pxi_json_built(object, failed);
}

static json_t *texts_json(const px_run_texts *texts) {
    bool failed = false;
    json_t *list = json_array();
    for (size_t i = 0; i < texts->n; i++)
        failed |= json_array_append_new(list, pxi_json_text(texts->items[i])) != 0;
    return pxi_json_built(list, failed);
}

json_t *pxi_run_config_json(const px_run *run) {
    if (run->config_error && !run->config_json)
        return json_object();
    return run->config_json ? json_loads(run->config_json, 0, NULL) : pxi_config_object(&run->config);
}

static json_t *encode(const shape *s, const void *object, const px_run *run);

static json_t *list_json(const shape *s, const void *items, size_t n, size_t size, const px_run *run) {
    bool failed = false;
    json_t *list = json_array();
    for (size_t i = 0; i < n; i++)
        failed |= json_array_append_new(list, encode(s, (const char *)items + i * size, run)) != 0;
    return pxi_json_built(list, failed);
}

static json_t *member_json(const member *m, const void *field, const px_run *run) {
    switch (m->kind) {
    case TEXT:
        return pxi_json_text(*(char *const *)field);
    case COUNT:
        return json_integer(*(const int64_t *)field);
    case KNOWN_COUNT:
        return *(const int64_t *)field < 0 ? json_null() : json_integer(*(const int64_t *)field);
    case REAL:
        return pxi_json_real(*(const double *)field);
    case TEXTS:
        return texts_json(field);
    case NUMBERS:
        return pxi_run_numbers_json(field);
    case OBJECT:
        return encode(m->shape, field, run);
    case OPTIONAL:
        return *(char *const *)field ? encode(m->shape, field, run) : json_null();
    case ADJUSTMENTS:
        return list_json(m->shape, run->data.adjustments, run->data.n_adjustments, sizeof(px_run_adjustment),
                         run);
    case CONTRACTS:
        return list_json(m->shape, run->data.contracts.items, run->data.contracts.n, sizeof(px_run_contract),
                         run);
    case REJECTIONS:
        return list_json(m->shape, run->signals.rejections, run->signals.n_rejections,
                         sizeof(px_run_rejection), run);
    case FINDINGS:
        return pxi_findings_json(field);
    case CONFIG:
        break;
    }
    return pxi_run_config_json(run);
}

static json_t *encode(const shape *s, const void *object, const px_run *run) {
    bool failed = false;
    json_t *json = json_object();
    for (size_t i = 0; i < s->n; i++) {
        const void *field = (const char *)object + s->members[i].at;
        if (is_written(&s->members[i], field, run))
            pxi_json_put(json, s->members[i].name, member_json(&s->members[i], field, run), &failed);
    }
    return pxi_json_built(json, failed);
}

json_t *pxi_run_trials_json(const px_trials *trials) {
    bool failed = false;
    json_t *object = json_object();
    pxi_json_put(object, "n", json_integer(trials->n), &failed);
    pxi_json_put(object, "sharpe_variance", pxi_json_real(trials->sharpe_variance), &failed);
    pxi_json_put(object, "best_sharpe", pxi_json_real(trials->best_sharpe), &failed);
    pxi_json_put(object, "deflated_sharpe", pxi_json_real(trials->deflated_sharpe), &failed);
    pxi_json_put(object, "basis", json_string(TRIALS_BASIS), &failed);
    return pxi_json_built(object, failed);
}

void pxi_run_put_computed(json_t *document, const px_run *run, bool *failed) {
    if (run->trials.n > 0)
        pxi_json_put(document, "trials", pxi_run_trials_json(&run->trials), failed);
    if (run->data_changed)
        pxi_json_put(document, "data_changed", json_string(run->data_changed), failed);
}

json_t *pxi_run_encode(const px_run *run) {
    bool failed = false;
    json_t *document = encode(&run_shape, run, run);
    if (document)
        pxi_run_put_computed(document, run, &failed);
    return pxi_json_built(document, failed);
}

px_status px_run_to_json(const px_run *run, char **json, px_error *err) {
    json_t *document = pxi_run_encode(run);
    px_status status = document ? pxi_json_dump(document, json, err) : pxi_fail_memory(err);
    json_decref(document);
    return status;
}

/* ---- reading ------------------------------------------------------------------------------------------ */

static void read_numbers(const json_t *object, px_run_numbers *out, bool *failed) {
    const char *name;
    json_t *value;
    json_object_foreach((json_t *)(uintptr_t)object, name, value) {
        if (json_is_number(value) || json_is_null(value))
            pxi_run_add_number(out, name, json_is_number(value) ? json_number_value(value) : (double)NAN,
                               json_is_integer(value), failed);
    }
}

static void read_texts(const json_t *list, px_run_texts *out, bool *failed) {
    for (size_t i = 0; i < json_array_size(list); i++)
        if (json_is_string(json_array_get(list, i)))
            pxi_run_add_text(out, json_string_value(json_array_get(list, i)), failed);
}

static void decode(const shape *s, const json_t *json, void *object, px_run *run, bool *failed);

/* Room for what a list holds, each zeroed and read; *n counts what is there to be freed. */
static void *read_list(const shape *s, const json_t *list, size_t size, size_t *n, bool *failed) {
    px_run nobody = {0};
    const size_t found = json_array_size(list);
    char *items = found ? calloc(found, size) : NULL;
    *failed |= found && !items;
    *n = items ? found : 0;
    for (size_t i = 0; i < *n; i++)
        decode(s, json_array_get(list, i), items + i * size, &nobody, failed);
    return items;
}

static void read_config(const json_t *config, px_run *run, bool *failed) {
    px_error why = {0};
    char *text = NULL;
    run->config = px_config_default();
    if (!json_is_object(config)) {
        pxi_run_set(&run->config_error, "its run.json has none", failed);
        return;
    }
    if (pxi_config_assign(&run->config, config, "config", &why)) {
        pxi_run_set(&run->config_error, why.message, failed);
        run->config = px_config_default();
    }
    *failed |= pxi_json_dump(config, &text, NULL) != PX_OK;
    run->config_json = text;
}

static void read_member(const member *m, const json_t *value, void *field, px_run *run, bool *failed) {
    switch (m->kind) {
    case TEXT:
        pxi_run_set(field, json_string_value(value), failed);
        break;
    case COUNT:
        *(int64_t *)field = json_integer_value(value);
        break;
    case KNOWN_COUNT:
        *(int64_t *)field = json_is_integer(value) ? json_integer_value(value) : -1;
        break;
    case REAL:
        *(double *)field = json_is_number(value) ? json_number_value(value) : (double)NAN;
        break;
    case TEXTS:
        read_texts(value, field, failed);
        break;
    case NUMBERS:
        read_numbers(value, field, failed);
        break;
    case OBJECT:
    case OPTIONAL:
        decode(m->shape, value, field, run, failed);
        break;
    case ADJUSTMENTS:
        run->data.adjustments =
            read_list(m->shape, value, sizeof(px_run_adjustment), &run->data.n_adjustments, failed);
        break;
    case CONTRACTS:
        run->data.contracts.items =
            read_list(m->shape, value, sizeof(px_run_contract), &run->data.contracts.n, failed);
        break;
    case REJECTIONS:
        run->signals.rejections =
            read_list(m->shape, value, sizeof(px_run_rejection), &run->signals.n_rejections, failed);
        break;
    case FINDINGS:
        pxi_findings_read(value, field, failed);
        break;
    case CONFIG:
        read_config(value, run, failed);
    }
}

static void decode(const shape *s, const json_t *json, void *object, px_run *run, bool *failed) {
    for (size_t i = 0; i < s->n; i++)
        read_member(&s->members[i], json_object_get(json, s->members[i].name),
                    (char *)object + s->members[i].at, run, failed);
}

px_status pxi_run_decode(const json_t *document, px_run *out, px_error *err) {
    bool failed = false;
    decode(&run_shape, document, out, out, &failed);
    return failed ? pxi_fail_memory(err) : PX_OK;
}

px_status pxi_run_parse(const char *id, const char *text, px_run *out, json_t **document, px_error *err) {
    json_t *read = NULL;
    px_error reason = {0};
    px_status status = pxi_json_parse(text, strlen(text), "run.json", &read, &reason);
    if (status == PX_ENOMEM)
        return pxi_fail_memory(err);
    if (status || !json_is_object(read))
        status = pxi_fail(err, PX_ECORRUPT, "run %s is damaged: %s", id,
                          status ? reason.message : "its run.json is no object");
    else
        status = pxi_run_decode(read, out, err);
    if (document && !status)
        *document = json_incref(read);
    json_decref(read);
    return status;
}

/* ---- freeing ------------------------------------------------------------------------------------------ */

static void free_members(const shape *s, void *object, px_run *run);

static void free_list(const shape *s, void *items, size_t n, size_t size) {
    for (size_t i = 0; i < n; i++)
        free_members(s, (char *)items + i * size, NULL);
    free(items);
}

static void free_member(const member *m, void *field, px_run *run) {
    px_run_numbers *numbers = field;
    px_run_texts *texts = field;
    switch (m->kind) {
    case TEXT:
        free(*(char **)field);
        break;
    case TEXTS:
        for (size_t i = 0; i < texts->n; i++)
            free(texts->items[i]);
        free(texts->items);
        break;
    case NUMBERS:
        for (size_t i = 0; i < numbers->n; i++)
            free(numbers->items[i].name);
        free(numbers->items);
        break;
    case OBJECT:
    case OPTIONAL:
        free_members(m->shape, field, run);
        break;
    case ADJUSTMENTS:
        free_list(m->shape, run->data.adjustments, run->data.n_adjustments, sizeof(px_run_adjustment));
        break;
    case CONTRACTS:
        free_list(m->shape, run->data.contracts.items, run->data.contracts.n, sizeof(px_run_contract));
        break;
    case REJECTIONS:
        free_list(m->shape, run->signals.rejections, run->signals.n_rejections, sizeof(px_run_rejection));
        break;
    case FINDINGS:
        pxi_findings_free(field);
        break;
    case CONFIG:
        free(run->config_error);
        free(run->config_json);
        break;
    case COUNT:
    case KNOWN_COUNT:
    case REAL:
        break;
    }
}

static void free_members(const shape *s, void *object, px_run *run) {
    for (size_t i = 0; i < s->n; i++)
        free_member(&s->members[i], (char *)object + s->members[i].at, run);
}

void px_run_free(px_run *run) {
    if (!run)
        return;
    free(run->data_changed);
    free_members(&run_shape, run, run);
    *run = (px_run){0};
}
