// SPDX-License-Identifier: Apache-2.0
#include "engine/guards.h"

#include "strategies/signal_levels.h"

#include <stdint.h>

static bool is_duplicate(const pxi_guard_input *in) {
    return in->duplicate;
}

static bool is_held(const pxi_guard_input *in) {
    return in->held;
}

static bool is_short_without(const pxi_guard_input *in) {
    return in->signal->side == PX_SHORT && !px_config_allows_short(in->config);
}

static bool is_killed(const pxi_guard_input *in) {
    return in->killed;
}

static bool is_in_position(const pxi_guard_input *in) {
    return in->in_position;
}

static bool is_without_room(const pxi_guard_input *in) {
    return in->full;
}

static bool is_cooling_down(const pxi_guard_input *in) {
    return in->exit_bar != SIZE_MAX && in->signal->bar - in->exit_bar < (size_t)in->config->cooldown_bars;
}

static bool is_day_full(const pxi_guard_input *in) {
    return in->session_entries >= in->config->max_daily_trades;
}

static bool lacks_atr(const pxi_guard_input *in) {
    return in->signal->event_type >= 0 && !(in->signal->atr > 0.0);
}

static bool lacks_horizon(const pxi_guard_input *in) {
    return in->signal->h_bars < (in->signal->event_type >= 0 ? 1 : 0);
}

static bool has_passed_levels(const pxi_guard_input *in) {
    return !pxi_signal_levels_valid(in->signal, in->close);
}

static const struct {
    px_outcome outcome;
    bool (*stops)(const pxi_guard_input *in);
} guards[] = {
    {PX_OUTCOME_DUPLICATE, is_duplicate},
    {PX_OUTCOME_STALE_HISTORY, is_held},
    {PX_OUTCOME_PRODUCT_NO_SHORT, is_short_without},
    {PX_OUTCOME_COOLDOWN, is_cooling_down},
    {PX_OUTCOME_DAILY_LIMIT, is_day_full},
    {PX_OUTCOME_IN_POSITION, is_in_position},
    {PX_OUTCOME_KILL_SWITCH, is_killed},
    {PX_OUTCOME_MAX_POSITIONS, is_without_room},
    {PX_OUTCOME_NO_ATR, lacks_atr},
    {PX_OUTCOME_BAD_HORIZON, lacks_horizon},
    {PX_OUTCOME_BAD_LEVELS, has_passed_levels},
};

px_outcome pxi_guards_check(const pxi_guard_input *input) {
    for (size_t i = 0; i < sizeof guards / sizeof guards[0]; i++)
        if (guards[i].stops(input))
            return guards[i].outcome;
    return PX_OUTCOME_EXECUTED;
}
