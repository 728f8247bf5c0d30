// SPDX-License-Identifier: Apache-2.0
/* Futures joined to one series. Read px_continuous_join at the end first. */
#include "market/contracts/continuous.h"

#include "base/error.h"
#include "base/mem.h"
#include "base/text.h"
#include "market/bars.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

/* ---- names ----------------------------------------------------------------------------------------------
 */

/* By number, from 1 on; 0 is what is not said. */
static const char *const ranks[] = {NULL, "front", "next"};
static const char *const rolls[] = {NULL, "expiry", "oi"};
static const char *const adjusts[] = {NULL, "difference", "ratio", "none"};

#define COUNT(names) (sizeof(names) / sizeof *(names))

const char *px_continuous_rank_name(px_continuous_rank rank) {
    return ranks[rank ? rank : PX_CONTINUOUS_FRONT];
}

const char *px_roll_rule_name(px_roll_rule rule) {
    return rolls[rule ? rule : PX_ROLL_EXPIRY];
}

const char *px_back_adjust_name(px_back_adjust adjust) {
    return adjusts[adjust ? adjust : PX_BACK_ADJUST_DIFFERENCE];
}

static px_status parse(const char *what, const char *text, const char *const *names, size_t n, size_t *out,
                       px_error *err) {
    char hint[96], known[96] = "";
    for (size_t i = 1; i < n; i++) {
        const size_t used = strlen(known);
        if (strcasecmp(text, names[i]) == 0) {
            *out = i;
            return PX_OK;
        }
        snprintf(known + used, sizeof known - used, "%s%s", i > 1 ? ", " : "", names[i]);
    }
    return pxi_fail(err, PX_EINPUT, "unknown %s \"%.40s\"%s (known: %s)", what, text,
                    pxi_did_you_mean(text, names + 1, n - 1, hint, sizeof hint), known);
}

px_status px_continuous_rank_parse(const char *text, px_continuous_rank *out, px_error *err) {
    size_t i = 0;
    px_status status = parse("series of futures", text, ranks, COUNT(ranks), &i, err);
    if (!status)
        *out = (px_continuous_rank)i;
    return status;
}

px_status px_roll_rule_parse(const char *text, px_roll_rule *out, px_error *err) {
    size_t i = 0;
    px_status status = parse("roll", text, rolls, COUNT(rolls), &i, err);
    if (!status)
        *out = (px_roll_rule)i;
    return status;
}

px_status px_back_adjust_parse(const char *text, px_back_adjust *out, px_error *err) {
    size_t i = 0;
    px_status status = parse("way to back-adjust", text, adjusts, COUNT(adjusts), &i, err);
    if (!status)
        *out = (px_back_adjust)i;
    return status;
}

size_t pxi_continuous_ahead(const px_continuous_config *config) {
    return config->rank == PX_CONTINUOUS_NEXT ? 1 : 0;
}

/* ---- which contract is the front ------------------------------------------------------------------------
 */

/* The first bar after a date's midnight. */
static size_t bars_until(const px_bars *bars, const px_calendar *calendar, int32_t date) {
    return px_bars_lower_bound(bars, px_calendar_session(calendar, date).next_midnight_us);
}

/* The last that is known of a session's open interest, NaN = none. */
static double interest_on(const px_chain_link *link, const px_calendar *calendar, int32_t date) {
    const size_t begin = bars_until(&link->bars, calendar, date - 1);
    size_t i = bars_until(&link->bars, calendar, date);
    while (i > begin && isnan(link->open_interest[i - 1]))
        i--;
    return i > begin ? link->open_interest[i - 1] : NAN;
}

/* The session from `begin` on at whose close more of the next contract is open; that of expiry if none. */
static int32_t overtaken_on(const px_chain_link *link, const px_chain_link *next, const px_calendar *calendar,
                            int32_t begin) {
    for (size_t i = bars_until(&link->bars, calendar, begin - 1); i < link->bars.n;) {
        const int32_t date = px_calendar_date(calendar, link->bars.ts_us[i]);
        if (date >= link->expiry)
            break;
        if (interest_on(next, calendar, date) > interest_on(link, calendar, date))
            return date;
        i = bars_until(&link->bars, calendar, date);
    }
    return link->expiry;
}

/* What is joined. */
typedef struct chain {
    const px_continuous_config *config;
    const px_calendar *calendar;
    const px_chain_link *links;
    size_t n;
    int32_t *ends; /* the last session on which each link is the front */
} chain;

static px_status check_chain(const chain *c, px_error *err) {
    char text[PX_TIME_TEXT_SIZE];
    for (size_t i = 1; i < c->n; i++)
        if (c->links[i].expiry <= c->links[i - 1].expiry)
            return pxi_fail(err, PX_EINPUT,
                            "the contract behind the one that expires on %s does not expire after it",
                            px_date_format(c->links[i - 1].expiry, text));
    for (size_t i = 0; c->config->roll == PX_ROLL_OPEN_INTEREST && i < c->n; i++)
        if (c->links[i].bars.n && !c->links[i].open_interest)
            return pxi_fail(err, PX_EINPUT,
                            "a roll by open interest needs it: none is known of the contract that expires on "
                            "%s",
                            px_date_format(c->links[i].expiry, text));
    return PX_OK;
}

static void find_ends(const chain *c) {
    for (size_t i = 0; i < c->n; i++) {
        const px_chain_link *link = &c->links[i];
        const bool by_interest =
            c->config->roll == PX_ROLL_OPEN_INTEREST && i + 1 < c->n && link->bars.n && link[1].bars.n;
        const int32_t begin = i ? c->ends[i - 1] + 1 : px_calendar_date(c->calendar, PX_TIME_MIN_US);
        c->ends[i] = by_interest ? overtaken_on(link, link + 1, c->calendar, begin) : link->expiry;
    }
}

/* ---- bars and rolls -------------------------------------------------------------------------------------
 */

/* The last bar that two have in the session, in which the old one has one. */
static void join_closes(const px_calendar *calendar, const px_bars *from, const px_bars *to, px_roll *roll) {
    const size_t begin = bars_until(from, calendar, roll->date - 1);
    roll->from_close = roll->to_close = NAN;
    for (size_t i = bars_until(from, calendar, roll->date); i > begin; i--) {
        const size_t k = px_bars_lower_bound(to, from->ts_us[i - 1]);
        if (k == to->n || to->ts_us[k] != from->ts_us[i - 1])
            continue;
        roll->joined_us = from->ts_us[i - 1];
        roll->from_close = from->close[i - 1];
        roll->to_close = to->close[k];
        return;
    }
}

/* Appends the bars of a link in the sessions in which the series has it. */
static px_status append(const chain *c, size_t link, px_bars *out, px_error *err) {
    const px_bars *bars = &c->links[link].bars;
    const size_t end = bars_until(bars, c->calendar, c->ends[link - pxi_continuous_ahead(c->config)]);
    const size_t begin =
        link > pxi_continuous_ahead(c->config)
            ? bars_until(bars, c->calendar, c->ends[link - pxi_continuous_ahead(c->config) - 1])
            : 0;
    return begin < end ? px_bars_append_range(out, bars, begin, end, err) : PX_OK;
}

/* The links one after the other; `last` is the one whose bars came before. */
static px_status join(const chain *c, px_continuous *out, px_error *err) {
    px_status status = PX_OK;
    size_t last = c->n;
    for (size_t i = pxi_continuous_ahead(c->config); i < c->n && !status; i++) {
        const size_t before = out->bars.n;
        status = append(c, i, &out->bars, err);
        if (status || out->bars.n == before)
            continue;
        if (last == c->n)
            out->first = i;
        else {
            px_roll *roll = &out->rolls[out->n_rolls++];
            *roll = (px_roll){.from = last, .to = i, .first_us = out->bars.ts_us[before]};
            roll->date = px_calendar_date(c->calendar, out->bars.ts_us[before - 1]);
            join_closes(c->calendar, &c->links[last].bars, &c->links[i].bars, roll);
        }
        last = i;
    }
    return status;
}

/* ---- adjusting ------------------------------------------------------------------------------------------
 */

static bool is_joined(const px_roll *roll) {
    return !isnan(roll->from_close);
}

/* Ten to the number of decimals that leave twelve digits of the highest price; 0 = of prices too high. */
static double decimal_scale(const px_bars *bars) {
    double highest = 0, scale = 1e12;
    for (size_t i = 0; i < bars->n; i++)
        highest = bars->high[i] > highest ? bars->high[i] : highest;
    for (; highest >= 1; highest /= 10)
        scale /= 10;
    return scale >= 1 ? scale : 0;
}

static double shift(double price, double by, double scale) {
    const double shifted = price + by;
    return scale > 0 ? floor(shifted * scale + 0.5) / scale : shifted;
}

/* The first bar that a link behind `n_rolls` rolls has in the series. */
static size_t first_bar(const px_continuous *series, size_t n_rolls) {
    return n_rolls ? px_bars_lower_bound(&series->bars, series->rolls[n_rolls - 1].first_us) : 0;
}

static size_t adjust_by_difference(px_continuous *series) {
    const double scale = decimal_scale(&series->bars);
    double *columns[] = {series->bars.open, series->bars.high, series->bars.low, series->bars.close};
    double by = 0;
    size_t bad = SIZE_MAX;
    for (size_t r = series->n_rolls; r-- > 0;) {
        const px_roll *roll = &series->rolls[r];
        const size_t end = first_bar(series, r + 1);
        by += is_joined(roll) ? roll->to_close - roll->from_close : 0;
        for (size_t i = first_bar(series, r); by != 0 && i < end; i++) {
            for (size_t c = 0; c < 4; c++)
                columns[c][i] = shift(columns[c][i], by, scale);
            if (!(series->bars.low[i] > 0) && (bad == SIZE_MAX || i > bad))
                bad = i;
        }
    }
    return bad;
}

static void adjust_by_ratio(px_continuous *series) {
    double *columns[] = {series->bars.open, series->bars.high, series->bars.low, series->bars.close};
    double by = 1;
    for (size_t r = series->n_rolls; r-- > 0;) {
        const px_roll *roll = &series->rolls[r];
        const size_t end = first_bar(series, r + 1);
        by *= is_joined(roll) ? roll->to_close / roll->from_close : 1;
        for (size_t i = first_bar(series, r); by != 1 && i < end; i++)
            for (size_t c = 0; c < 4; c++)
                columns[c][i] *= by;
    }
}

size_t pxi_continuous_adjust(px_back_adjust adjust, px_continuous *series) {
    if (adjust == PX_BACK_ADJUST_RATIO)
        adjust_by_ratio(series);
    else if (adjust != PX_BACK_ADJUST_NONE)
        return adjust_by_difference(series);
    return SIZE_MAX;
}

px_status pxi_continuous_fail_price(const px_calendar *calendar, const px_bars *bars, size_t bar,
                                    px_error *err) {
    char text[PX_TIME_TEXT_SIZE];
    return pxi_fail(err, PX_EINPUT,
                    "back-adjusted by difference, the low of %s is %g, which is no price: begin later, "
                    "or adjust by ratio",
                    px_time_format_iso(bars->ts_us[bar], px_calendar_zone(calendar), text), bars->low[bar]);
}

/* ---- the whole ------------------------------------------------------------------------------------------
 */

px_status px_continuous_join(const px_continuous_config *config, const px_calendar *calendar,
                             const px_chain_link *links, size_t n, px_continuous *out, px_error *err) {
    chain c = {config, calendar, links, n, NULL};
    px_continuous made = {0};
    px_status status = check_chain(&c, err);
    if (status)
        return status;
    c.ends = pxi_new_array(n, sizeof *c.ends);
    made.held_until = pxi_new_array(n, sizeof *made.held_until);
    made.rolls = pxi_new_array(n, sizeof *made.rolls);
    if (!c.ends || !made.held_until || !made.rolls)
        status = pxi_fail_memory(err);
    if (!status) {
        find_ends(&c);
        for (size_t i = 0; i < n; i++) /* the first of the series `next` belongs to nobody */
            made.held_until[i] =
                i < pxi_continuous_ahead(config) ? INT32_MIN : c.ends[i - pxi_continuous_ahead(config)];
        status = join(&c, &made, err);
    }
    const size_t bad = status ? SIZE_MAX : pxi_continuous_adjust(config->adjust, &made);
    if (bad != SIZE_MAX)
        status = pxi_continuous_fail_price(calendar, &made.bars, bad, err);
    free(c.ends);
    if (status)
        px_continuous_free(&made);
    else
        *out = made;
    return status;
}

void px_continuous_free(px_continuous *series) {
    if (!series)
        return;
    px_bars_free(&series->bars);
    free(series->held_until);
    free(series->rolls);
    *series = (px_continuous){0};
}
