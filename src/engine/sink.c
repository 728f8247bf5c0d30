// SPDX-License-Identifier: Apache-2.0
#include "engine/sink.h"

#include "base/error.h"

/* Calls a function of every sink that has it, until one fails. */
#define TELL(sinks, status, function, ...)                                                                   \
    for (size_t s_ = 0; s_ < (sinks)->n && !(status); s_++)                                                  \
        if ((sinks)->items[s_].kind->function)                                                               \
    (status) = (sinks)->items[s_].kind->function((sinks)->items[s_].user, __VA_ARGS__)

px_status pxi_sinks_warm(const pxi_sinks *sinks, const pxi_seen_bar *seen, px_error *err) {
    px_status status = PX_OK;
    TELL(sinks, status, warm, seen, err);
    return status;
}

px_status pxi_sinks_seen(const pxi_sinks *sinks, const pxi_seen_bar *seen, px_error *err) {
    px_status status = PX_OK;
    TELL(sinks, status, seen, seen, err);
    return status;
}

px_status pxi_sinks_candidate(const pxi_sinks *sinks, size_t desk, const px_candidate *candidate,
                              px_error *err) {
    px_status status = PX_OK;
    TELL(sinks, status, candidate, desk, candidate, err);
    return status;
}

px_status pxi_sinks_record(const pxi_sinks *sinks, const pxi_journal *step, size_t first_order,
                           px_error *err) {
    px_status status = step->failed ? pxi_fail_memory(err) : PX_OK;
    size_t placed = 0;
    for (; placed < step->n_orders && step->orders[placed].number < first_order; placed++)
        TELL(sinks, status, done, &step->orders[placed], err);
    for (size_t i = 0; i < step->n_fills; i++)
        TELL(sinks, status, fill, &step->fills[i], err);
    for (size_t i = 0; i < step->n_trades; i++)
        TELL(sinks, status, trade, &step->trades[i], err);
    for (size_t i = placed; i < step->n_orders; i++)
        TELL(sinks, status, order, &step->orders[i], err);
    for (size_t i = 0; i < step->n_states; i++)
        TELL(sinks, status, state, &step->states[i], err);
    return status;
}

bool pxi_sinks_want_moments(const pxi_sinks *sinks) {
    bool wanted = false;
    for (size_t s = 0; s < sinks->n; s++)
        wanted |= sinks->items[s].kind->moment != NULL;
    return wanted;
}

px_status pxi_sinks_moment(const pxi_sinks *sinks, const pxi_moment *moment, px_error *err) {
    px_status status = PX_OK;
    TELL(sinks, status, moment, moment, err);
    return status;
}

px_status pxi_sinks_end(const pxi_sinks *sinks, const pxi_account *account, px_error *err) {
    px_status status = PX_OK;
    TELL(sinks, status, end, account, err);
    return status;
}
