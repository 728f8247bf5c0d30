// SPDX-License-Identifier: Apache-2.0
/* Candles as a picture: a slot for each, one more for each hole. Time runs in bars, so that nights take no
 * room. */
#include "base/error.h"
#include "report/canvas.h"
#include "report/slots.h"

#include <math.h>
#include <stdio.h>

#define TOP          140.0
#define TIMES_HEIGHT 76.0
#define GAP          40.0 /* between prices and volume */

static const pxi_colour up_colour = {0.05, 0.45, 0.40}, down_colour = {0.72, 0.11, 0.11},
                        volume_colour = {0.66, 0.70, 0.76}, hole_colour = {0.955, 0.945, 0.90};

typedef struct picture {
    const pxi_canvas *canvas;
    const px_candles_picture *asked;
    pxi_candle_slots slots;
    double slot; /* width of one */
    pxi_panel prices, volumes;
    bool has_volume;
} picture;

/* The middle of a slot. */
static double x_of(const picture *p, size_t slot) {
    return p->prices.left + ((double)slot + 0.5) * p->slot;
}

/* ---- words -------------------------------------------------------------------------------------------- */

static void draw_title(const picture *p) {
    const double room = p->canvas->width - 2 * PXI_CANVAS_MARGIN;
    char text[400];
    snprintf(text, sizeof text, "%s", p->asked->title);
    pxi_set_font(p->canvas, 30, true);
    pxi_set_colour(p->canvas, pxi_ink);
    pxi_fit_text(p->canvas, text, room);
    pxi_draw_text(p->canvas, PXI_CANVAS_MARGIN, 64, 0, text);
    pxi_candles_describe(p->asked->columns, text, sizeof text);
    pxi_set_font(p->canvas, 18, false);
    pxi_set_colour(p->canvas, pxi_faint);
    pxi_fit_text(p->canvas, text, room);
    pxi_draw_text(p->canvas, PXI_CANVAS_MARGIN, 98, 0, text);
}

/* ---- times -------------------------------------------------------------------------------------------- */

/* "09:15", with the date below where it is another; "2022-08-16", "2022-08". Returns the right end. */
static double draw_mark(const picture *p, size_t slot, int64_t wall_s, pxi_spacing s, bool new_date) {
    const double x = x_of(p, slot), y = p->has_volume ? p->volumes.bottom : p->prices.bottom;
    char date[PX_TIME_TEXT_SIZE], clock[8];
    px_date_format((int32_t)(wall_s / 86400), date);
    if (s.months) /* "2022-03", or "2022" */
        date[s.n % 12 == 0 ? 4 : 7] = '\0';
    snprintf(clock, sizeof clock, "%02d:%02d", (int)(wall_s / 3600 % 24) & 31, (int)(wall_s / 60 % 60) & 63);
    pxi_set_colour(p->canvas, pxi_grid);
    pxi_draw_line(p->canvas, x, p->prices.top, x, y + 8, 1);
    pxi_set_colour(p->canvas, pxi_faint);
    const bool in_day = !s.months && s.n < 1440;
    const double half = pxi_text_width(p->canvas, date) / 2;
    const double most = p->canvas->width - PXI_CANVAS_MARGIN / 2 - half;
    const double middle = x < most ? x : most;
    if (in_day)
        pxi_draw_text(p->canvas, x, y + 28, 0.5, clock);
    if (!in_day || new_date)
        pxi_draw_text(p->canvas, middle, y + (in_day ? 54 : 28), 0.5, date);
    return middle + half;
}

/* A mark where one is due and the one before leaves room. */
static void draw_times(const picture *p) {
    const px_columns *columns = p->asked->columns;
    const int64_t *time_s = columns->time_s;
    const pxi_spacing s = pxi_choose_spacing(time_s[0], time_s[columns->n_rows - 1], 11, 1);
    double taken = 0;
    int64_t dated = INT64_MIN;
    pxi_set_font(p->canvas, 17, false);
    for (size_t slot = 0, before = SIZE_MAX; slot < p->slots.n; slot++) {
        const size_t row = p->slots.rows[slot];
        if (row == PXI_HOLE)
            continue;
        const bool due = before == SIZE_MAX || pxi_mark_of(time_s[row], s) != pxi_mark_of(time_s[before], s);
        const int64_t date = time_s[row] / 86400;
        before = row;
        if (!due || x_of(p, slot) - 64 < taken)
            continue;
        taken = draw_mark(p, slot, time_s[row], s, date != dated);
        dated = date;
    }
}

/* ---- bars --------------------------------------------------------------------------------------------- */

static void draw_candle(const picture *p, size_t slot, size_t row) {
    const pxi_candle c = pxi_candle_at(p->asked->columns, row);
    const bool up = c.close >= c.open;
    const double x = x_of(p, slot), width = fmax(0.72 * p->slot, 1.0);
    const double high = pxi_panel_y(&p->prices, fmax(c.open, c.close)),
                 low = pxi_panel_y(&p->prices, fmin(c.open, c.close));
    pxi_set_colour(p->canvas, up ? up_colour : down_colour);
    pxi_draw_line(p->canvas, x, pxi_panel_y(&p->prices, c.high), x, pxi_panel_y(&p->prices, c.low),
                  fmin(fmax(0.12 * p->slot, 1.0), 2.0));
    pxi_fill_box(p->canvas, x - width / 2, high, width, fmax(low - high, 1.5));
    if (up && width >= 6 && low - high >= 4) { /* hollow: seen without colour too */
        pxi_set_colour(p->canvas, pxi_white);
        pxi_fill_box(p->canvas, x - width / 2 + 1.5, high + 1.5, width - 3, low - high - 3);
    }
    if (p->has_volume && c.volume > 0) {
        const double top = pxi_panel_y(&p->volumes, c.volume);
        pxi_set_colour(p->canvas, volume_colour);
        pxi_fill_box(p->canvas, x - width / 2, top, width, p->volumes.bottom - top);
    }
}

static void draw_hole(const picture *p, size_t slot) {
    const double x = x_of(p, slot), bottom = p->has_volume ? p->volumes.bottom : p->prices.bottom;
    pxi_set_colour(p->canvas, hole_colour);
    pxi_fill_box(p->canvas, x - p->slot / 2, p->prices.top, p->slot, bottom - p->prices.top);
    pxi_set_colour(p->canvas, pxi_faint);
    pxi_set_dashes(p->canvas, 6, 5);
    pxi_draw_line(p->canvas, x, p->prices.top, x, bottom, 1);
    pxi_set_dashes(p->canvas, 0, 0);
}

static void draw_bars(const picture *p) {
    for (size_t slot = 0; slot < p->slots.n; slot++)
        if (p->slots.rows[slot] == PXI_HOLE)
            draw_hole(p, slot);
        else
            draw_candle(p, slot, p->slots.rows[slot]);
}

/* ---- the whole ---------------------------------------------------------------------------------------- */

static void place_panels(picture *p) {
    const px_columns *columns = p->asked->columns;
    const double most_volume = pxi_candles_volume(columns);
    p->has_volume = most_volume > 0;
    p->prices =
        (pxi_panel){.left = PXI_CANVAS_AXIS, .right = p->canvas->width - PXI_CANVAS_MARGIN, .top = TOP};
    p->volumes = p->prices;
    const double bottom = p->canvas->height - TIMES_HEIGHT, room = bottom - TOP;
    p->prices.bottom = p->has_volume ? TOP + 0.78 * (room - GAP) : bottom;
    p->volumes.top = p->prices.bottom + GAP;
    p->volumes.bottom = bottom;
    p->slot = (p->prices.right - p->prices.left) / (double)p->slots.n;
}

static void draw(const pxi_canvas *to, const void *what) {
    picture p = *(const picture *)what;
    double low, high;
    p.canvas = to;
    place_panels(&p);
    pxi_candles_range(p.asked->columns, &low, &high);
    const double price_step = pxi_panel_range(&p.prices, low, high, 8);
    pxi_draw_values(to, &p.prices, price_step, "");
    if (p.has_volume) {
        const double step = pxi_panel_range(&p.volumes, 0, pxi_candles_volume(p.asked->columns), 3);
        pxi_draw_values(to, &p.volumes, step, "");
        pxi_draw_label(to, &p.volumes, "Volume");
    }
    draw_times(&p);
    draw_bars(&p);
    draw_title(&p);
}

px_status pxi_candles_draw(const px_candles_picture *asked, px_write_fn write, void *user, px_error *err) {
    pxi_drawing drawing = {.draw = draw};
    picture p = {.asked = asked};
    px_status status = pxi_picture_size(&asked->size, &drawing.config, err);
    if (!status)
        status = pxi_candle_slots_make(asked->columns, &p.slots, err);
    drawing.what = &p;
    if (!status)
        status = pxi_draw(&drawing, write, user, err);
    pxi_candle_slots_free(&p.slots);
    return status;
}
