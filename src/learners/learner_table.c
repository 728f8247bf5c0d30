// SPDX-License-Identifier: Apache-2.0
/* The learners, one file and one line each. */
#include "learners/learner.h"

#include "base/error.h"
#include "base/text.h"

#include <string.h>

/* Those that are trained here stand first. */
static const px_learner *const learners[] = {&pxi_rf, &pxi_gbt, &pxi_logistic, &pxi_sklearn};
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
        if (strcmp(name ? name : pxi_rf.name, names[i]) == 0) {
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
