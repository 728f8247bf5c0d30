// SPDX-License-Identifier: Apache-2.0
#include <string.h>
#include "base/error.h"
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
