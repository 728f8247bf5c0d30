// SPDX-License-Identifier: Apache-2.0
/* Candles in a terminal: a character across for each slot, two steps of price to a character down. */
#include "base/error.h"
#include "base/text.h"
#include "report/slots.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

enum { AXIS = 12 }; /* characters left of the candles */

typedef struct page {
    const px_columns *columns;
    pxi_candle_slots slots;
    double low, high;
    int height; /* lines of prices */
    pxi_text text;
} page;

/* Which of the 2 * height steps a price lies in, the lowest is 0. */
static int step_of(const page *p, double price) {
    const double share = p->high > p->low ? (price - p->low) / (p->high - p->low) : 0.5;
    const int n = 2 * p->height, step = (int)floor(share * n);
    return step < 0 ? 0 : step >= n ? n - 1 : step;
}

enum { NOTHING, WICK, BODY };

static int mark_at(const page *p, const pxi_candle *c, int step) {
    const int top = step_of(p, fmax(c->open, c->close)), bottom = step_of(p, fmin(c->open, c->close));
    if (step >= bottom && step <= top)
        return BODY;
    return step >= step_of(p, c->low) && step <= step_of(p, c->high) ? WICK : NOTHING;
}

/* Bodies of rising candles are light, of falling ones solid. */
static const char *character_at(const page *p, size_t row, int line) {
    const pxi_candle c = pxi_candle_at(p->columns, row);
    const int upper = mark_at(p, &c, 2 * line + 1), lower = mark_at(p, &c, 2 * line);
    const bool up = c.close >= c.open;
    if (upper == BODY && lower == BODY)
        return up ? "░" : "█";
    if (upper == BODY || lower == BODY) {
        if (up)
            return "░";
        return upper == BODY ? "▀" : "▄";
    }
    if (upper == WICK && lower == WICK)
        return "│";
    return upper == WICK ? "╵" : lower == WICK ? "╷" : " ";
}

static int decimals_of(const page *p) {
    const double step = (p->high - p->low) / p->height;
    return !(step > 0) || step >= 10 ? 2 : (int)fmin(fmax(2, ceil(-log10(step)) + 1), 6);
}

static void put_prices(page *p) {
    const int decimals = decimals_of(p);
    for (int line = p->height - 1; line >= 0; line--) {
        const double middle = p->low + (line + 0.5) / p->height * (p->high - p->low);
        if ((p->height - 1 - line) % 4 == 0)
            pxi_text_printf(&p->text, "%*.*f ┤", AXIS - 2, decimals, middle);
        else
            pxi_text_printf(&p->text, "%*s │", AXIS - 2, "");
        for (size_t slot = 0; slot < p->slots.n; slot++)
            pxi_text_puts(&p->text,
                          p->slots.rows[slot] == PXI_HOLE ? "┊" : character_at(p, p->slots.rows[slot], line));
        pxi_text_puts(&p->text, "\n");
    }
}

/* Eighths of one line: the share of the most. */
static void put_volumes(page *p) {
    static const char *const eighths[] = {" ", "▁", "▂", "▃", "▄", "▅", "▆", "▇", "█"};
    const double most = pxi_candles_volume(p->columns);
    if (!(most > 0))
        return;
    pxi_text_printf(&p->text, "%*s │", AXIS - 2, "volume");
    for (size_t slot = 0; slot < p->slots.n; slot++) {
        const size_t row = p->slots.rows[slot];
        const double volume = row == PXI_HOLE ? 0 : pxi_candle_at(p->columns, row).volume;
        pxi_text_puts(&p->text, row == PXI_HOLE ? "┊" : eighths[(int)ceil(8 * fmax(volume, 0) / most)]);
    }
    pxi_text_puts(&p->text, "\n");
}

/* Dates where one begins, else times: each where there is room, below its candle's left edge. */
static void put_times(page *p) {
    char date[PX_TIME_TEXT_SIZE], word[PX_TIME_TEXT_SIZE];
    size_t at = 0;
    int64_t day = INT64_MIN;
    pxi_text_printf(&p->text, "%*s └", AXIS - 2, "");
    for (size_t slot = 0; slot < p->slots.n; slot++) {
        const size_t row = p->slots.rows[slot];
        if (row == PXI_HOLE)
            continue;
        const int64_t time_s = p->columns->time_s[row], date_here = time_s / 86400;
        px_date_format((int32_t)date_here, date);
        const bool clock = date_here == day;
        if (clock && (slot < at + 8 || time_s % 900))
            continue;
        if (!clock && slot && slot < at + 2)
            continue;
        snprintf(word, sizeof word, "%02d:%02d", (int)(time_s / 3600 % 24), (int)(time_s / 60 % 60));
        const char *said = clock ? word : date;
        if (slot + strlen(said) > p->slots.n && slot)
            continue;
        pxi_text_printf(&p->text, "%*s%s", (int)(slot - at), "", said);
        at = slot + strlen(said);
        day = date_here;
    }
    pxi_text_puts(&p->text, "\n");
}

px_status px_candles_text(const px_columns *columns, const char *title, int height, char **out,
                          px_error *err) {
    char words[400];
    page p = {.columns = columns, .height = height < 4 ? 4 : height > 200 ? 200 : height};
    px_status status = pxi_candle_slots_make(columns, &p.slots, err);
    if (status)
        return status;
    pxi_candles_range(columns, &p.low, &p.high);
    pxi_candles_describe(columns, words, sizeof words);
    pxi_text_printf(&p.text, "%s: %s\n", title, words);
    put_prices(&p);
    put_volumes(&p);
    put_times(&p);
    pxi_candle_slots_free(&p.slots);
    return pxi_text_take(&p.text, out, err);
}
