// SPDX-License-Identifier: Apache-2.0
#include <string.h>
#include "base/error.h"
#include "base/parameter.h"
#include "base/text.h"
#include "pixity/strategy.h"

/* The strategies, one file and one line each. */
#define STRATEGIES(X)                                                                                        \
    X(pxi_pixityai_meta)                                                                                     \
    X(pxi_ehma_pivot)                                                                                        \
    X(pxi_ema_cross)                                                                                         \
    X(pxi_premium_tp_sl)                                                                                     \
    X(pxi_confluence)                                                                                        \
    X(pxi_precomputed)

#define DECLARE(name) extern const px_strategy name;
STRATEGIES(DECLARE)

#define ADDRESS(name) &name,
static const px_strategy *const strategies[] = {STRATEGIES(ADDRESS)};
enum { N_STRATEGIES = sizeof strategies / sizeof strategies[0] };

const px_strategy *px_strategy_at(size_t i) {
    return i < N_STRATEGIES ? strategies[i] : NULL;
}

px_status px_strategy_find(const char *id, const px_strategy **out, px_error *err) {
    const char *ids[N_STRATEGIES];
    pxi_text known = {0};
    for (size_t i = 0; i < N_STRATEGIES; i++) {
        ids[i] = strategies[i]->id;
        if (strcmp(id, ids[i]) == 0) {
            *out = strategies[i];
            pxi_text_free(&known);
            return PX_OK;
        }
        pxi_text_printf(&known, "%s%s", i ? ", " : "", ids[i]);
    }
    char hint[PX_NAME_SIZE];
    pxi_did_you_mean(id, ids, N_STRATEGIES, hint, sizeof hint);
    px_status status = pxi_fail(err, PX_EINPUT, "unknown strategy \"%.64s\"%s (known: %s)", id, hint,
                                known.failed ? "" : known.data);
    pxi_text_free(&known);
    return status;
}

px_parameters px_strategy_parameters(const px_strategy *strategy) {
    return (px_parameters){"strategy", strategy->id, strategy->parameters, strategy->n_parameters};
}

px_status px_strategy_config_read(const char *id, const char *text, px_strategy_config *out, px_error *err) {
    px_strategy_config config = {0};
    px_status status = px_strategy_find(id, &config.strategy, err);
    if (status)
        return status;
    const px_parameters parameters = px_strategy_parameters(config.strategy);
    px_parameters_usual(&parameters, config.values);
    if (text)
        status = px_parameters_read(&parameters, text, config.values, err);
    if (!status && config.strategy->check)
        status = config.strategy->check(config.values, err);
    if (!status)
        *out = config;
    return status;
}

static json_t *strategy_json(const px_strategy *strategy) {
    const px_parameters parameters = px_strategy_parameters(strategy);
    bool failed = false;
    json_t *object = json_object();
    pxi_json_put(object, "id", json_string(strategy->id), &failed);
    pxi_json_put(object, "summary", json_string(strategy->summary), &failed);
    pxi_json_put(object, "uses_model", json_boolean(strategy->uses_model), &failed);
    pxi_json_put(object, "reads_signals", json_boolean(strategy->reads_signals), &failed);
    pxi_json_put(object, "parameters", pxi_parameters_json(&parameters), &failed);
    return pxi_json_built(object, failed);
}

px_status px_strategies_document(char **out, px_error *err) {
    json_t *list = json_array();
    bool failed = !list;
    for (size_t i = 0; i < N_STRATEGIES; i++)
        failed |= json_array_append_new(list, strategy_json(strategies[i])) != 0;
    list = pxi_json_built(list, failed);
    px_status status = list ? pxi_json_dump(list, out, err) : pxi_fail_memory(err);
    json_decref(list);
    return status;
}
