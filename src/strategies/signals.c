// SPDX-License-Identifier: Apache-2.0
#include <math.h>
#include <stdlib.h>
#include "base/error.h"
#include "base/mem.h"
#include "strategies/signal_levels.h"

static const char *const outcome_names[PX_N_OUTCOMES] = {
    [PX_OUTCOME_EXECUTED] = "executed",
    [PX_OUTCOME_SUPERSEDED] = "superseded",
    [PX_OUTCOME_REJECTED_MODEL] = "rejected_model",
    [PX_OUTCOME_COOLDOWN] = "cooldown",
    [PX_OUTCOME_DAILY_LIMIT] = "daily_limit",
    [PX_OUTCOME_IN_POSITION] = "in_position",
    [PX_OUTCOME_KILL_SWITCH] = "kill_switch",
    [PX_OUTCOME_NO_ATR] = "no_atr",
    [PX_OUTCOME_BAD_HORIZON] = "bad_horizon",
    [PX_OUTCOME_BAD_LEVELS] = "bad_levels",
    [PX_OUTCOME_STOP_BELOW_TICK] = "stop_below_tick",
    [PX_OUTCOME_BELOW_ONE_LOT] = "below_one_lot",
    [PX_OUTCOME_NO_NEXT_BAR] = "no_next_bar",
    [PX_OUTCOME_SESSION_END] = "session_end",
    [PX_OUTCOME_DUPLICATE] = "duplicate",
    [PX_OUTCOME_PRODUCT_NO_SHORT] = "product_no_short",
    [PX_OUTCOME_MAX_POSITIONS] = "max_positions",
    [PX_OUTCOME_STALE_HISTORY] = "stale_history",
};

const char *px_outcome_name(px_outcome outcome) {
    return outcome_names[outcome];
}

px_signal px_signal_make(px_action action, px_side side) {
    px_signal signal = {.action = action, .side = side, .event_type = -1, .candidate = SIZE_MAX};
    signal.atr = signal.probability = signal.quantity = signal.stop.value = signal.target.value = NAN;
    return signal;
}

/* Of a level behind the close where `ahead` is -1, ahead of it where it is 1; NaN without the level. */
static double distance(px_level level, double close, int ahead) {
    if (level.kind == PX_LEVEL_NONE)
        return NAN;
    return level.kind == PX_LEVEL_PRICE ? ahead * (level.value - close) : level.value;
}

double pxi_signal_risk(const px_signal *signal, double close) {
    return distance(signal->stop, close, -signal->side);
}

/* A distance so small that adding it changes nothing is none. */
static bool is_valid(px_level level, double close, int ahead) {
    double d = distance(level, close, ahead);
    return level.kind == PX_LEVEL_NONE || (d > 0.0 && isfinite(d) && close + d > close);
}

bool pxi_signal_levels_valid(const px_signal *signal, double close) {
    return is_valid(signal->stop, close, -signal->side) && is_valid(signal->target, close, signal->side);
}

px_status px_signal_list_add(px_signal_list *list, const px_signal *signal, px_error *err) {
    if (!pxi_grow(&list->items, &list->capacity, list->n + 1, sizeof *list->items))
        return pxi_fail_memory(err);
    list->items[list->n++] = *signal;
    return PX_OK;
}

void px_signal_list_free(px_signal_list *list) {
    if (!list)
        return;
    free(list->items);
    *list = (px_signal_list){0};
}

px_status px_candidate_list_add(px_candidate_list *list, const px_candidate *candidate, px_error *err) {
    if (!pxi_grow(&list->items, &list->capacity, list->n + 1, sizeof *list->items))
        return pxi_fail_memory(err);
    list->items[list->n++] = *candidate;
    return PX_OK;
}

void px_candidate_list_free(px_candidate_list *list) {
    if (!list)
        return;
    free(list->items);
    *list = (px_candidate_list){0};
}
