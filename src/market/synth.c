// SPDX-License-Identifier: Apache-2.0
/* Synthetic bars: a price on an integer tick lattice that takes one-tick steps. High and low are those of the
 * path itself, so barriers inside a bar are hit as often as they should be. */
#include "market/synth.h"

#include "base/error.h"
#include "base/rng.h"

#include <math.h>
#include <string.h>

#define TICKS_PER_RUPEE 20.0 /* a quotient of whole numbers prints short; a product with 0.05 does not */

/* What eight steps do, by the byte whose bits choose their directions. */
typedef struct eight_steps {
    int8_t sum, lowest, highest; /* ticks from the start */
} eight_steps;

static void make_steps(eight_steps table[256]) {
    for (int byte = 0; byte < 256; byte++) {
        int level = 0, lowest = 0, highest = 0;
        for (int bit = 0; bit < 8; bit++) {
            level += (byte >> bit) & 1 ? 1 : -1;
            lowest = level < lowest ? level : lowest;
            highest = level > highest ? level : highest;
        }
        table[byte] = (eight_steps){(int8_t)level, (int8_t)lowest, (int8_t)highest};
    }
}

typedef struct market {
    px_synth_kind kind;
    pxi_rng rng, volume_rng;
    eight_steps steps[256];
    int64_t start, level; /* ticks */
    int words;            /* 64 steps each, a bar */
    int64_t bar_us;
    int drift;          /* `trend`: the chance of a step up in every eight, per mille */
    int regime_minutes; /* left of the present drift */
} market;

/* A walk of n days has a standard deviation of about 160 sqrt(n) ticks: it starts ten of them above zero, so
 * that no reflection ever bends the martingale. */
static int64_t start_level(px_synth_kind kind, int days) {
    if (kind == PX_SYNTH_TREND)
        return 20000;
    int64_t safe = (int64_t)(10 * 320 * sqrt((double)days));
    int64_t usual = kind == PX_SYNTH_INDEX ? 200000 : 40000;
    return safe > usual ? safe : usual;
}

static void market_init(market *m, px_synth_kind kind, uint64_t seed, int days) {
    memset(m, 0, sizeof *m);
    m->kind = kind;
    m->bar_us = PX_US_PER_MINUTE;
    pxi_rng_seed(&m->rng, seed);
    pxi_rng_seed(&m->volume_rng, seed ^ UINT64_C(0x766f6c756d65)); /* "volume" */
    make_steps(m->steps);
    m->start = m->level = start_level(kind, days);
    m->words = kind == PX_SYNTH_TREND ? 4 : kind == PX_SYNTH_INDEX ? 2 : 1;
}

/* `trend`: one regime in two drifts, for half a session to three; the others are fair walks, so that there is
 * something to tell apart. Far from the start the drift leads back. */
static void next_regime(market *m) {
    m->regime_minutes = 180 + (int)pxi_rng_below(&m->rng, 940);
    int64_t side = (int64_t)pxi_rng_below(&m->rng, 2) * 2 - 1;
    bool drifts = pxi_rng_below(&m->rng, 2) == 0;
    if (m->level < m->start / 2)
        side = 1;
    if (m->level > m->start * 2)
        side = -1;
    m->drift = drifts ? (int)side * (30 + (int)pxi_rng_below(&m->rng, 50)) : 0;
}

/* Eight fair steps, and in a drift now and then one more. */
static void step_byte(market *m, unsigned byte, int64_t *high, int64_t *low) {
    eight_steps s = m->steps[byte];
    int64_t top = m->level + s.highest, bottom = m->level + s.lowest;
    m->level += s.sum;
    if (m->drift && (int)pxi_rng_below(&m->rng, 1000) < (m->drift < 0 ? -m->drift : m->drift))
        m->level += m->drift < 0 ? -1 : 1;
    top = m->level > top ? m->level : top;
    bottom = m->level < bottom ? m->level : bottom;
    *high = top > *high ? top : *high;
    *low = bottom < *low ? bottom : *low;
}

/* More at the open and the close, more in a drift; never zero, except for an index. */
static double minute_volume(market *m, double part_of_day) {
    if (m->kind == PX_SYNTH_INDEX)
        return 0;
    double edge = 2 * part_of_day - 1;
    double level = (1 + 2 * edge * edge) * (m->drift ? 1.5 : 1.0);
    double noise = 0.25 - log(1 - pxi_rng_uniform(&m->volume_rng));
    return floor(1 + 4000 * level * noise);
}

static px_bar make_bar(market *m, int64_t ts_us, double part_of_day) {
    int64_t open = m->level, high = open, low = open;
    if (m->kind == PX_SYNTH_TREND && m->regime_minutes-- <= 0)
        next_regime(m);
    for (int word = 0; word < m->words; word++) {
        uint64_t bits = pxi_rng_next(&m->rng);
        for (int byte = 0; byte < 8; byte++)
            step_byte(m, (unsigned)(bits >> (8 * byte)) & 255, &high, &low);
    }
    px_bar bar = {.ts_us = ts_us,
                  .open = (double)open / TICKS_PER_RUPEE,
                  .high = (double)high / TICKS_PER_RUPEE,
                  .low = (double)low / TICKS_PER_RUPEE,
                  .close = (double)m->level / TICKS_PER_RUPEE,
                  .volume = minute_volume(m, part_of_day)};
    return bar;
}

/* Symmetric whole ticks: 10 times a centred binomial, standard deviation 80. */
static void overnight_gap(market *m) {
    int heads = 0;
    for (int i = 0; i < 4; i++)
        heads += __builtin_popcountll(pxi_rng_next(&m->rng));
    m->level += 10 * (heads - 128);
}

static px_status add_session(market *m, const px_session *session, px_bars *out, px_error *err) {
    int64_t length = session->close_us - session->open_us;
    px_status status = PX_OK;
    for (int i = 0; i < session->n_intervals; i++)
        for (int64_t ts = session->intervals[i].begin_us; !status && ts < session->intervals[i].end_us;
             ts += m->bar_us) {
            px_bar bar = make_bar(m, ts, (double)(ts - session->open_us) / (double)length);
            status = px_bars_append(out, &bar, err);
        }
    return status;
}

/* A weekday of usual hours: a Muhurat evening falls on a holiday, a Saturday session is an exception. */
static bool is_ordinary(const px_session *session) {
    return px_date_weekday(session->date) < 5 && session->n_intervals == 1 &&
           session->intervals[0].begin_us == session->open_us;
}

static px_status make_sessions(market *m, int days, int32_t start_date, const px_calendar *calendar,
                               px_bars *out, px_error *err) {
    px_bars bars = {0};
    px_status status = PX_OK;
    for (int32_t date = start_date; !status && days > 0; date++) {
        px_session session = px_calendar_session(calendar, date);
        if (!is_ordinary(&session))
            continue;
        if (bars.n)
            overnight_gap(m);
        status = session.next_midnight_us < PX_TIME_MAX_US
                     ? add_session(m, &session, &bars, err)
                     : pxi_fail(err, PX_EINPUT, "synthetic bars would run past the year 2199; begin earlier");
        days--;
    }
    if (status)
        px_bars_free(&bars);
    else
        *out = bars;
    return status;
}

static px_status check_days(int days, px_error *err) {
    return days >= 1 && days <= 100000
               ? PX_OK
               : pxi_fail(err, PX_EINPUT, "%d days of synthetic bars; give 1 to 100000", days);
}

px_status px_synth_bars(px_synth_kind kind, uint64_t seed, int days, int32_t start_date,
                        const px_calendar *calendar, px_bars *out, px_error *err) {
    market m;
    px_status status = check_days(days, err);
    if (status)
        return status;
    market_init(&m, kind, seed, days);
    return make_sessions(&m, days, start_date, calendar, out, err);
}

px_status pxi_synth_walk(uint64_t seed, int days, int32_t start_date, const px_calendar *calendar,
                         int timeframe_minutes, int steps, px_bars *out, px_error *err) {
    market m;
    px_status status = check_days(days, err);
    if (!status && (timeframe_minutes < 1 || steps < 64 || steps % 64 != 0))
        status = pxi_fail(err, PX_EINPUT, "a walk has bars of a minute or more, and whole 64s of steps");
    if (status)
        return status;
    market_init(&m, PX_SYNTH_WALK, seed, days);
    m.words = steps / 64;
    m.bar_us = timeframe_minutes * PX_US_PER_MINUTE;
    return make_sessions(&m, days, start_date, calendar, out, err);
}
