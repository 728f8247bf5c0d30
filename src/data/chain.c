// SPDX-License-Identifier: Apache-2.0
/* A continuous series as the bars of a request. Read pxi_chain_read at the end first. */
#include "data/chain.h"

#include "base/error.h"
#include "base/mem.h"
#include "base/text.h"
#include "base/work.h"
#include "market/bars.h"
#include "market/contracts/continuous.h"
#include "store/candles/candles.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* The plan, the bars of its contracts, and what they make. */
typedef struct making {
    pxi_chain_plan plan;
    px_chain_link *links;        /* as the plan's contracts */
    px_adjustments *adjustments; /* of each, all that there are */
    px_continuous series;
    size_t n_outside, outside_capacity;
    int64_t *outside_us;      /* bars outside the session, of contracts in their place */
    pxi_series_choice choice; /* of the contracts' timeframes */
    const char *cut;          /* why the series begins later than its bars; NULL = it does not */
} making;

static void free_making(making *m) {
    for (size_t i = 0; m->links && i < m->plan.n; i++)
        px_bars_free(&m->links[i].bars);
    for (size_t i = 0; m->adjustments && i < m->plan.n; i++)
        px_adjustments_free(&m->adjustments[i]);
    free(m->links);
    free(m->adjustments);
    free(m->outside_us);
    free(m->plan.contracts);
    pxi_series_choice_free(&m->choice);
    px_continuous_free(&m->series);
}

/* ---- bars -----------------------------------------------------------------------------------------------
 */

static px_status fail_no_bars(const making *m, px_error *err) {
    char window[100], name[PX_TIMEFRAME_TEXT_SIZE];
    const pxi_chain_plan *plan = &m->plan;
    const int minutes = pxi_wants_minutes(plan->request) ? 1 : plan->request->timeframe_minutes;
    pxi_text words = {0};
    size_t n = 0;
    pxi_format_window(plan->request, window, sizeof window);
    pxi_text_printf(&words,
                    "no stored future of %s has bars that make %s bars of the %s one from %s; there are",
                    plan->root, minutes ? px_timeframe_format(minutes, name) : "any",
                    px_continuous_rank_name(plan->request->continuous.rank), window);
    for (size_t i = 0; i < plan->n; i++)
        if (*plan->contracts[i].key && n++ < 12)
            pxi_text_printf(&words, "%s %s", n > 1 ? "," : "", plan->contracts[i].symbol);
    if (n > 12)
        pxi_text_printf(&words, " and %zu more", n - 12);
    for (size_t i = 0; i < m->choice.n_stored; i++)
        pxi_text_printf(&words, "%s%s", i ? ", " : "; bars of them are ",
                        px_timeframe_format(m->choice.stored[i], name));
    px_status status = words.failed ? pxi_fail_memory(err) : pxi_fail(err, PX_EINPUT, "%s", words.data);
    pxi_text_free(&words);
    return status;
}

/* A print behind the close must not decide what two contracts differ by. Counted are those of the series. */
static px_status drop_outside(making *m, size_t i, px_error *err) {
    px_bars *bars = &m->links[i].bars, inside = {0};
    int64_t begin_us, end_us;
    size_t n_outside = 0, k = 0;
    px_status status =
        px_bars_in_session(bars, m->plan.calendar, m->choice.timeframe_minutes, &inside, &n_outside, err);
    if (status)
        return status;
    const size_t needed = m->n_outside + n_outside;
    if (n_outside && !pxi_grow(&m->outside_us, &m->outside_capacity, needed, sizeof *m->outside_us))
        status = pxi_fail_memory(err);
    if (n_outside && !status && pxi_chain_needs(&m->plan, i, &begin_us, &end_us))
        for (size_t at = 0; at < bars->n; at++) {
            if (k < inside.n && inside.ts_us[k] == bars->ts_us[at])
                k++;
            else if (bars->ts_us[at] >= begin_us && bars->ts_us[at] < end_us)
                m->outside_us[m->n_outside++] = bars->ts_us[at];
        }
    px_bars_free(bars);
    *bars = inside;
    return status;
}

static px_status read_link(making *m, size_t i, px_error *err) {
    px_chain_contract *contract = &m->plan.contracts[i];
    px_bars *bars = &m->links[i].bars;
    px_instrument instrument = {0};
    pxi_copy(instrument.key, sizeof instrument.key, contract->key);
    pxi_copy(instrument.symbol, sizeof instrument.symbol, contract->symbol);
    px_status status = pxi_candles_last_entry(m->plan.home, contract->key, &contract->entry, err);
    if (!status)
        status = px_candles_read(m->plan.home, &instrument, m->choice.timeframe_minutes,
                                 m->plan.wanted->series_us, m->plan.wanted->end_us, bars, err);
    if (status == PX_ENOTFOUND) /* in other timeframes only */
        status = PX_OK;
    if (!status)
        status = drop_outside(m, i, err);
    if (!status)
        status = px_adjustments_read(m->plan.home, &instrument, &m->adjustments[i], err);
    if (!status) /* splits and bonuses change contracts too */
        px_adjustments_apply(&m->adjustments[i], m->plan.calendar, bars);
    return status;
}

static px_status read_links(making *m, px_error *err) {
    int64_t begin_us, end_us;
    px_status status = PX_OK;
    m->links = pxi_new_array(m->plan.n, sizeof *m->links);
    m->adjustments = pxi_new_array(m->plan.n, sizeof *m->adjustments);
    if (!m->links || !m->adjustments)
        return pxi_fail_memory(err);
    for (size_t i = 0; i < m->plan.n && !status; i++) {
        m->links[i].expiry = m->plan.contracts[i].expiry;
        if (*m->plan.contracts[i].key && pxi_chain_needs(&m->plan, i, &begin_us, &end_us))
            status = read_link(m, i, err);
        if (!status)
            status = pxi_work_ask(&m->plan.request->work, err);
    }
    return status;
}

/* ---- rolls that cannot be adjusted ----------------------------------------------------------------------
 */

static px_status fail_apart(const making *m, const px_roll *roll, px_error *err) {
    char last[PX_TIME_TEXT_SIZE], first[PX_TIME_TEXT_SIZE];
    px_date_format(roll->date, last);
    px_date_format(px_calendar_date(m->plan.calendar, roll->first_us), first);
    return pxi_fail(err, PX_EINPUT,
                    "%s and %s have no bar at one time on %s, so that what they differ by at the roll is not "
                    "known: import bars of both, begin on %s or later, or do not back-adjust "
                    "(--back-adjust none)",
                    m->plan.contracts[roll->from].symbol, m->plan.contracts[roll->to].symbol, last, first);
}

/* Leaves out what lies before a bar: warm-up that cannot be made. */
static px_status begin_at(making *m, size_t bar, const char *why, px_error *err) {
    px_continuous *series = &m->series;
    const int64_t begin_us = bar < series->bars.n ? series->bars.ts_us[bar] : INT64_MAX;
    size_t behind = 0;
    while (behind < series->n_rolls && series->rolls[behind].first_us <= begin_us)
        behind++;
    if (behind)
        series->first = series->rolls[behind - 1].to;
    series->n_rolls -= behind;
    memmove(series->rolls, series->rolls + behind, series->n_rolls * sizeof *series->rolls);
    m->cut = why;
    return pxi_bars_cut(&series->bars, begin_us, INT64_MAX, err);
}

/* Warm-up begins behind the last roll that has no closes; a window that holds one is refused. */
static px_status settle_rolls(making *m, px_error *err) {
    const px_continuous *series = &m->series;
    size_t behind = 0;
    if (m->plan.request->continuous.adjust == PX_BACK_ADJUST_NONE)
        return PX_OK;
    for (size_t r = 0; r < series->n_rolls; r++) {
        if (!isnan(series->rolls[r].from_close))
            continue;
        behind = px_bars_lower_bound(&series->bars, series->rolls[r].first_us);
        if (series->bars.ts_us[behind - 1] >= m->plan.wanted->begin_us)
            return fail_apart(m, &series->rolls[r], err);
    }
    return behind ? begin_at(m, behind, "no closes join it to what was before", err) : PX_OK;
}

/* Warm-up begins with the session behind the last bar that has no price; a window that holds one is refused.
 */
static px_status back_adjust(making *m, px_error *err) {
    const px_calendar *calendar = m->plan.calendar;
    const size_t bad = pxi_continuous_adjust(m->plan.request->continuous.adjust, &m->series);
    const px_bars *bars = &m->series.bars;
    if (bad == SIZE_MAX)
        return PX_OK;
    if (bars->ts_us[bad] >= m->plan.wanted->begin_us)
        return pxi_continuous_fail_price(calendar, bars, bad, err);
    const px_session session = px_calendar_session(calendar, px_calendar_date(calendar, bars->ts_us[bad]));
    return begin_at(m, px_bars_lower_bound(bars, session.next_midnight_us),
                    "the difference leaves no price above zero before", err);
}

static px_status join(making *m, px_error *err) {
    px_continuous_config raw = m->plan.request->continuous;
    raw.adjust = PX_BACK_ADJUST_NONE;
    px_status status = px_continuous_join(&raw, m->plan.calendar, m->links, m->plan.n, &m->series, err);
    if (!status)
        status = settle_rolls(m, err);
    return status ? status : back_adjust(m, err);
}

/* ---- what it is made of ---------------------------------------------------------------------------------
 */

/* The bars of the series between two instants, as the contract has them. */
static void describe_link(making *m, size_t i, int64_t begin_us, int64_t end_us) {
    px_chain_contract *contract = &m->plan.contracts[i];
    const px_bars *all = &m->links[i].bars;
    const px_bars bars =
        px_bars_slice(all, px_bars_lower_bound(all, begin_us), px_bars_lower_bound(all, end_us));
    pxi_hash hash;
    contract->n_bars = bars.n;
    contract->first_date = px_calendar_date(m->plan.calendar, bars.ts_us[0]);
    contract->last_date = px_calendar_date(m->plan.calendar, bars.ts_us[bars.n - 1]);
    pxi_hash_init(&hash);
    pxi_hash_bars(&hash, m->choice.timeframe_minutes, &bars);
    pxi_hash_hex(&hash, contract->sha256);
}

static void describe_links(making *m) {
    const px_continuous *series = &m->series;
    size_t link = series->first;
    int64_t begin_us = series->bars.ts_us[0];
    for (size_t r = 0; r < series->n_rolls; r++) {
        const px_roll *roll = &series->rolls[r];
        const int64_t end_us = px_calendar_session(m->plan.calendar, roll->date).next_midnight_us;
        describe_link(m, link, begin_us, end_us);
        link = roll->to;
        begin_us = roll->first_us;
    }
    describe_link(m, link, begin_us, series->bars.ts_us[series->bars.n - 1] + 1);
}

/* The splits and bonuses that change bars of the series: those behind the first bar that it has of a
 * contract, or behind the one that is set beside the contract before. */
static px_status list_adjustments(const making *m, px_adjustments *out, px_error *err) {
    const bool joins = m->plan.request->continuous.adjust != PX_BACK_ADJUST_NONE;
    int32_t before = PX_NO_DATE; /* the last session of the contract before */
    px_status status = PX_OK;
    for (size_t i = 0; i < m->plan.n && !status; i++) {
        const px_chain_contract *contract = &m->plan.contracts[i];
        const px_adjustments *list = &m->adjustments[i];
        if (contract->n_bars == 0)
            continue;
        const int32_t first = joins && before != PX_NO_DATE ? before : contract->first_date;
        for (size_t k = 0; k < list->n && !status; k++)
            if (list->items[k].ex_date > first &&
                (status = px_adjustments_put(out, &list->items[k], false, NULL, err)))
                pxi_fail_prefix(err, status, "splits and bonuses of %s and of other contracts",
                                contract->symbol);
        before = contract->last_date;
    }
    return status;
}

static bool is_traded(const making *m, int32_t date) {
    const px_session session = px_calendar_session(m->plan.calendar, date);
    for (size_t i = 0; i < m->plan.n; i++) {
        const px_bars *bars = &m->links[i].bars;
        const size_t at = px_bars_lower_bound(bars, session.midnight_us);
        if (at < bars->n && bars->ts_us[at] < session.next_midnight_us)
            return true;
    }
    return false;
}

/* A hole of the series: the days between two bars. */
typedef struct hole {
    int32_t begin, end;
} hole;

/* So many sessions in a row on which no contract trades are no holiday that a table lacks. */
#define SESSIONS_OF_HALT 3

/* How many sessions in a row, counted from a date in steps of one day back or forth, no contract trades on; a
 * hole has a bar at both ends. */
static int count_untraded(const making *m, hole days, int32_t date, int step) {
    int n = 0;
    for (; date >= days.begin && date < days.end && n < SESSIONS_OF_HALT; date += step)
        if (pxi_calendar_is_session(m->plan.calendar, date)) {
            if (is_traded(m, date))
                break;
            n++;
        }
    return n;
}

static bool may_be_holiday(const making *m, hole days, int32_t date) {
    return !is_traded(m, date) &&
           count_untraded(m, days, date, -1) + count_untraded(m, days, date + 1, 1) < SESSIONS_OF_HALT;
}

/* Counts the sessions of the window, between the first bar and the last, whose contract has no bars. */
static void count_missing(making *m) {
    const px_bars *bars = &m->series.bars;
    const px_calendar *calendar = m->plan.calendar;
    size_t at = px_bars_lower_bound(bars, m->plan.wanted->begin_us), link = 0;
    for (; at + 1 < bars->n; at++) {
        if (bars->ts_us[at + 1] - bars->ts_us[at] < PX_US_PER_DAY)
            continue;
        const hole days = {px_calendar_date(calendar, bars->ts_us[at]) + 1,
                           px_calendar_date(calendar, bars->ts_us[at + 1])};
        for (int32_t date = days.begin; date < days.end; date++) {
            while (link + 1 < m->plan.n && m->series.held_until[link] < date)
                link++;
            px_chain_contract *contract = &m->plan.contracts[link];
            if (!pxi_calendar_is_session(calendar, date) ||
                (m->links[link].bars.n && may_be_holiday(m, days, date)))
                continue;
            if (contract->n_missing++ == 0)
                contract->first_missing = date;
        }
    }
}

/* ---- the instrument -------------------------------------------------------------------------------------
 */

static px_status add_unit(px_instrument *to, px_trading_unit unit, px_error *err) {
    const px_trading_unit before = px_instrument_unit(to, unit.from_date);
    if (before.tick == unit.tick && before.lot_size == unit.lot_size)
        return PX_OK;
    if (to->n_changes == PX_MAX_UNIT_CHANGES)
        return pxi_fail(err, PX_EINPUT, "%s changes its tick or lot more than %d times in the window",
                        to->symbol, PX_MAX_UNIT_CHANGES);
    to->changes[to->n_changes++] = unit;
    return PX_OK;
}

/* Tick and lot of whichever contract the series has, from a date on. */
static px_status find_units(const making *m, int32_t from, px_instrument *to, px_error *err) {
    px_status status = PX_OK;
    bool any = false;
    for (size_t i = 0; i < m->plan.n && !status; i++) {
        const px_chain_contract *contract = &m->plan.contracts[i];
        px_instrument its;
        if (contract->n_bars == 0 || contract->last_date < from)
            continue;
        const int32_t first = contract->first_date > from ? contract->first_date : from;
        status = px_instrument_find(m->plan.home, contract->key, NULL, first, &its, err);
        if (!status && !any) {
            to->tick = its.tick;
            to->lot_size = its.lot_size;
        } else if (!status)
            status = add_unit(to, (px_trading_unit){first, its.tick, its.lot_size}, err);
        for (size_t k = 0; !status && k < its.n_changes && its.changes[k].from_date <= contract->last_date;
             k++)
            status = add_unit(to, its.changes[k], err);
        any = true;
    }
    return status;
}

/* "NIFTY-I": the key tells other rules apart, since prices are others under them. */
static px_status name_instrument(const making *m, px_instrument *out, px_error *err) {
    const px_continuous_config *config = &m->plan.request->continuous;
    *out = (px_instrument){.lot_size = 1.0};
    pxi_copy(out->exchange, sizeof out->exchange, px_calendar_name(m->plan.calendar));
    if (snprintf(out->symbol, sizeof out->symbol, "%s-%s", m->plan.root,
                 config->rank == PX_CONTINUOUS_NEXT ? "II" : "I") >= (int)sizeof out->symbol ||
        snprintf(out->key, sizeof out->key, "%s_FUT|%s %s %s", out->exchange, out->symbol,
                 px_roll_rule_name(config->roll),
                 px_back_adjust_name(config->adjust)) >= (int)sizeof out->key)
        return pxi_fail(err, PX_EINPUT, "the name \"%.40s...\" is too long", m->plan.root);
    return PX_OK;
}

/* ---- the whole ------------------------------------------------------------------------------------------
 */

static px_status describe(making *m, px_dataset *out, px_error *err) {
    char name[PX_TIMEFRAME_TEXT_SIZE], date[PX_TIME_TEXT_SIZE];
    const px_continuous *series = &m->series;
    const px_continuous_config *config = &m->plan.request->continuous;
    const size_t last = series->n_rolls ? series->rolls[series->n_rolls - 1].to : series->first;
    describe_links(m);
    count_missing(m);
    px_status status = list_adjustments(m, &out->adjustments, err);
    snprintf(out->source, sizeof out->source,
             "%s bars of the %s futures of %s in %s, %s to %s, rolled by %s, %s%s",
             px_timeframe_format(m->choice.timeframe_minutes, name), px_continuous_rank_name(config->rank),
             m->plan.root, px_home_path(m->plan.home), m->plan.contracts[series->first].symbol,
             m->plan.contracts[last].symbol, px_roll_rule_name(config->roll),
             config->adjust == PX_BACK_ADJUST_NONE ? "not back-adjusted" : "back-adjusted by ",
             config->adjust == PX_BACK_ADJUST_NONE ? "" : px_back_adjust_name(config->adjust));
    const size_t used = strlen(out->source);
    if (m->cut)
        snprintf(out->source + used, sizeof out->source - used, ", from %s on: %s",
                 px_date_format(px_calendar_date(m->plan.calendar, series->bars.ts_us[0]), date), m->cut);
    pxi_name_adjustments(&out->adjustments, out->source, sizeof out->source);
    return status;
}

/* Hands over what the dataset keeps. */
static void give(making *m, px_dataset *out) {
    const int32_t first = px_calendar_date(m->plan.calendar, m->series.bars.ts_us[0]);
    for (size_t i = 0; i < m->n_outside; i++)
        out->n_excluded += !m->cut || px_calendar_date(m->plan.calendar, m->outside_us[i]) >= first;
    out->bars = m->series.bars;
    out->chain = (px_chain){m->plan.n, m->series.n_rolls, m->plan.contracts, m->series.rolls};
    m->series.bars = (px_bars){0};
    m->series.rolls = NULL;
    m->plan.contracts = NULL;
}

static px_status choose_minutes(making *m, px_dataset *out, px_error *err) {
    const px_data_request *request = m->plan.request;
    px_status status = pxi_chain_choose(&m->plan, pxi_wants_minutes(request) ? 1 : request->timeframe_minutes,
                                        &m->choice, err);
    if (!status && m->choice.timeframe_minutes == 0)
        status = fail_no_bars(m, err);
    if (!status)
        pxi_copy(out->passed_over, sizeof out->passed_over, m->choice.passed_over);
    return status;
}

static px_status check_interest(const px_data_request *request, px_error *err) {
    return request->continuous.roll != PX_ROLL_OPEN_INTEREST
               ? PX_OK
               : pxi_fail(err, PX_EINPUT,
                          "a roll by open interest needs it, and stored bars have none: roll by expiry");
}

px_status pxi_chain_read(px_home *home, const px_data_request *request, const pxi_span *wanted,
                         px_dataset *out, int *input_minutes, px_error *err) {
    making m = {.plan = {.home = home, .request = request, .wanted = wanted, .calendar = out->calendar}};
    px_status status = check_interest(request, err);
    if (!status)
        status = pxi_chain_find(&m.plan, err);
    if (!status)
        status = choose_minutes(&m, out, err);
    if (!status)
        status = read_links(&m, err);
    if (!status)
        status = join(&m, err);
    const size_t begin = px_bars_lower_bound(&m.series.bars, wanted->begin_us);
    if (!status && begin == m.series.bars.n)
        status = fail_no_bars(&m, err);
    if (!status)
        status = name_instrument(&m, &out->instrument, err);
    if (!status)
        status = describe(&m, out, err);
    if (!status)
        status = find_units(&m, px_calendar_date(out->calendar, m.series.bars.ts_us[begin]), &out->instrument,
                            err);
    if (!status) {
        *input_minutes = m.choice.timeframe_minutes;
        give(&m, out);
    }
    free_making(&m);
    return status;
}
