// SPDX-License-Identifier: Apache-2.0
#include "learners/learner.h"

#include "base/error.h"
#include "base/parameter.h"
#include "base/text.h"
#include "pixity/requests.h"

#include <stdio.h>
#include <string.h>

/* The learners, one file and one line each. Those that are trained here stand first. */
#define LEARNERS(X)                                                                                          \
    X(pxi_rf)                                                                                                \
    X(pxi_gbt)                                                                                               \
    X(pxi_logistic)                                                                                          \
    X(pxi_sklearn)                                                                                           \
    X(pxi_sklearn_forest)                                                                                    \
    X(pxi_xgboost)                                                                                           \
    X(pxi_lightgbm)                                                                                          \
    X(pxi_onnx)

#define DECLARE(name) extern const px_learner name;
LEARNERS(DECLARE)

#define ADDRESS(name) &name,
static const px_learner *const learners[] = {LEARNERS(ADDRESS)};
enum { N_LEARNERS = sizeof learners / sizeof *learners };

const px_learner *px_learner_at(size_t i) {
    return i < N_LEARNERS && learners[i]->train ? learners[i] : NULL;
}

const px_learner *pxi_learner_stored(const char *name) {
    for (size_t i = 0; i < N_LEARNERS; i++)
        if (strcmp(learners[i]->name, name) == 0)
            return learners[i];
    return NULL;
}

const char *pxi_learner_ending(size_t i) {
    return i < N_LEARNERS ? learners[i]->ending : NULL;
}

px_status px_learner_find(const char *name, const px_learner **out, px_error *err) {
    const char *names[N_LEARNERS];
    char hint[128];
    pxi_text known = {0};
    size_t i = 0;
    for (const px_learner *learner; (learner = px_learner_at(i)); i++) {
        names[i] = learner->name;
        if (strcmp(name ? name : PX_USUAL_LEARNER, names[i]) == 0) {
            *out = learner;
            pxi_text_free(&known);
            return PX_OK;
        }
        pxi_text_printf(&known, "%s%s", i ? ", " : "", names[i]);
    }
    pxi_did_you_mean(name, names, i, hint, sizeof hint);
    px_status status = pxi_fail(err, PX_EINPUT, "unknown learner \"%.40s\"%s (known: %s)", name, hint,
                                known.data ? known.data : "");
    pxi_text_free(&known);
    return status;
}

px_status px_learner_config_read(const char *text, px_learner_config *out, px_error *err) {
    const px_learner *learner = NULL;
    const char *colon = text ? strchr(text, ':') : NULL;
    char name[64];
    if (colon)
        snprintf(name, sizeof name, "%.*s", (int)(colon - text < 63 ? colon - text : 63), text);
    px_status status = px_learner_find(colon ? name : text, &learner, err);
    if (status)
        return status;
    px_learner_config config = px_learner_config_default(learner);
    const px_parameters parameters = px_learner_parameters(learner);
    if (colon)
        status = px_parameters_read(&parameters, colon + 1, config.values, err);
    if (!status)
        *out = config;
    return status;
}

px_status px_learners_document(char **out, px_error *err) {
    bool failed = false;
    json_t *list = json_array();
    const px_learner *learner;
    for (size_t i = 0; (learner = px_learner_at(i)); i++) {
        const px_parameters parameters = px_learner_parameters(learner);
        bool incomplete = false;
        json_t *object = json_object();
        pxi_json_put(object, "name", json_string(learner->name), &incomplete);
        pxi_json_put(object, "summary", json_string(learner->summary), &incomplete);
        pxi_json_put(object, "parameters", pxi_parameters_json(&parameters), &incomplete);
        failed |= json_array_append_new(list, pxi_json_built(object, incomplete)) != 0;
    }
    list = pxi_json_built(list, failed);
    px_status status = list ? pxi_json_dump(list, out, err) : pxi_fail_memory(err);
    json_decref(list);
    return status;
}
