// SPDX-License-Identifier: Apache-2.0
/* The equity curve of a run as a picture. */
#include "base/error.h"
#include "base/text.h"
#include "report/canvas.h"
#include "report/columns.h"
#include "report/embed.h"
#include "report/equity.h"

#include <inttypes.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define EQUITY_TOP   196.0
#define DATES_HEIGHT 62.0
#define GAP          52.0 /* between equity and drawdown */

static const pxi_colour net_colour = {0.03, 0.36, 0.66}, gross_colour = {0.85, 0.50, 0.05};

typedef struct picture {
    const pxi_canvas *canvas;
    const pxi_stored_run *run;
    const pxi_equity *equity; /* its points are drawn */
} picture;

/* ---- curves ------------------------------------------------------------------------------------------- */

static double x_of(const picture *p, const pxi_panel *at, size_t row) {
    double share = p->equity->n > 1 ? (double)row / (double)(p->equity->n - 1) : 0.5;
    return at->left + share * (at->right - at->left);
}

static void trace_curve(const picture *p, const pxi_panel *at, size_t curve) {
    for (size_t i = 0; i < p->equity->n_points; i++) {
        const pxi_point *point = &p->equity->points[i];
        pxi_path_to(p->canvas, x_of(p, at, point->row), pxi_panel_y(at, point->values[curve]));
    }
}

static void draw_curve(const picture *p, const pxi_panel *at, size_t curve, pxi_colour c, double width) {
    pxi_set_colour(p->canvas, c);
    trace_curve(p, at, curve);
    pxi_path_stroke(p->canvas, width);
}

/* ---- dates -------------------------------------------------------------------------------------------- */

enum { MINUTES_A_DAY = 1440 };

static int64_t wall_of(const pxi_equity_day *day) {
    return (int64_t)day->date * 60 * MINUTES_A_DAY;
}

static void draw_date(const picture *p, const pxi_panel *upper, const pxi_panel *lower,
                      const pxi_equity_day *day, pxi_spacing s) {
    char text[PX_TIME_TEXT_SIZE];
    double x = x_of(p, lower, day->row);
    px_date_format(day->date, text);
    if (s.months) /* "2022-03", or "2022" */
        text[s.n % 12 == 0 ? 4 : 7] = '\0';
    pxi_set_colour(p->canvas, pxi_grid);
    pxi_draw_line(p->canvas, x, upper->top, x, upper->bottom, 1);
    pxi_draw_line(p->canvas, x, lower->top, x, lower->bottom + 8, 1);
    pxi_set_colour(p->canvas, pxi_faint);
    double half = pxi_text_width(p->canvas, text) / 2, most = p->canvas->width - PXI_CANVAS_MARGIN / 2 - half;
    pxi_draw_text(p->canvas, x < most ? x : most, lower->bottom + 28, 0.5, text);
}

static void draw_dates(const picture *p, const pxi_panel *upper, const pxi_panel *lower) {
    const pxi_equity_day *days = p->equity->days;
    const size_t n = p->equity->n_days;
    char text[160];
    pxi_set_font(p->canvas, 17, false);
    if (n > 0) {
        pxi_spacing s = pxi_choose_spacing(wall_of(&days[0]), wall_of(&days[n - 1]), 11, MINUTES_A_DAY);
        bool each_day = !s.months && s.n == MINUTES_A_DAY;
        if (each_day)
            draw_date(p, upper, lower, &days[0], s);
        for (size_t i = 1; i < n; i++)
            if (pxi_mark_of(wall_of(&days[i]), s) != pxi_mark_of(wall_of(&days[i - 1]), s))
                draw_date(p, upper, lower, &days[i], s);
    }
    pxi_set_colour(p->canvas, pxi_faint);
    snprintf(text, sizeof text, "bar closes, dates of %s", px_zone_name(px_calendar_zone(p->run->calendar)));
    pxi_draw_text(p->canvas, lower->right, lower->bottom + 54, 1, text);
}

/* ---- words -------------------------------------------------------------------------------------------- */

static const char *or_dash(const char *text) {
    return text && *text ? text : "-";
}

/* Red, at the right: what the model had seen in training proves nothing. Returns the room that it takes. */
static double draw_in_sample(const picture *p) {
    const px_run *run = &p->run->facts;
    char text[100];
    if (run->in_sample_trades <= 0)
        return 0;
    snprintf(text, sizeof text, "IN SAMPLE: %" PRId64 " of %.0f trades", run->in_sample_trades,
             px_run_number_of(&run->metrics, PX_METRIC_OF(trades.n)->key));
    pxi_set_font(p->canvas, 22, true);
    double width = pxi_text_width(p->canvas, text) + 32, x = p->canvas->width - PXI_CANVAS_MARGIN - width;
    pxi_set_colour(p->canvas, pxi_alarm);
    pxi_fill_box(p->canvas, x, 32, width, 40);
    pxi_set_colour(p->canvas, pxi_white);
    pxi_draw_text(p->canvas, x + 16, 60, 0, text);
    return width + 24;
}

static void draw_title(const picture *p) {
    const px_run *run = &p->run->facts;
    char text[700], capital[PXI_GROUPED_SIZE], product[32];
    double taken = draw_in_sample(p);
    if (px_config_get(&run->config, "product", product, sizeof product, NULL))
        *product = '\0';
    snprintf(text, sizeof text, "%s on %s, %s", or_dash(run->strategy), or_dash(run->symbol),
             or_dash(run->timeframe));
    pxi_set_font(p->canvas, 30, true);
    pxi_fit_text(p->canvas, text, p->canvas->width - 2 * PXI_CANVAS_MARGIN - taken);
    pxi_set_colour(p->canvas, pxi_ink);
    pxi_draw_text(p->canvas, PXI_CANVAS_MARGIN, 64, 0, text);
    snprintf(text, sizeof text, "%s to %s; profile %s; product %s; capital %s rupees; run %s",
             or_dash(run->start), or_dash(run->end), or_dash(run->profile), or_dash(product),
             pxi_group_indian(run->config.capital, 0, capital), or_dash(run->run_id));
    pxi_set_font(p->canvas, 18, false);
    pxi_fit_text(p->canvas, text, p->canvas->width - 2 * PXI_CANVAS_MARGIN);
    pxi_set_colour(p->canvas, pxi_faint);
    pxi_draw_text(p->canvas, PXI_CANVAS_MARGIN, 98, 0, text);
}

/* "net of fees  1,12,345 rupees, +12.35 %" behind a stroke of the curve's colour. */
static double draw_key(const picture *p, double x, const char *name, size_t curve, const px_metric *metric,
                       pxi_colour c) {
    const size_t n = p->equity->n_points;
    char text[200], rupees[PXI_GROUPED_SIZE], change[PXI_GROUPED_SIZE];
    double share = px_run_number_of(&p->run->facts.metrics, metric->key);
    snprintf(text, sizeof text, "%s: %s rupees, %s%s %%", name,
             pxi_group_indian(n ? p->equity->points[n - 1].values[curve] : (double)NAN, 0, rupees),
             share > 0 ? "+" : "", pxi_group_indian(share, 2, change));
    pxi_set_colour(p->canvas, c);
    pxi_draw_line(p->canvas, x, 134, x + 36, 134, 4);
    pxi_set_colour(p->canvas, pxi_ink);
    pxi_set_font(p->canvas, 19, false);
    return x + 36 + 12 + pxi_draw_text(p->canvas, x + 48, 141, 0, text) + 44;
}

static void draw_keys(const picture *p) {
    double x = draw_key(p, PXI_CANVAS_MARGIN, "Equity net of fees", PXI_NET, PX_METRIC_OF(net.return_pct),
                        net_colour);
    draw_key(p, x, "gross", PXI_GROSS, PX_METRIC_OF(gross.return_pct), gross_colour);
}

/* ---- the whole ---------------------------------------------------------------------------------------- */

static void draw_equity(const picture *p, const pxi_panel *place) {
    pxi_panel at = *place;
    double capital = p->run->config.capital, low = capital, high = capital;
    for (size_t i = 0; i < p->equity->n_points; i++) {
        const double *values = p->equity->points[i].values;
        low = fmin(low, fmin(values[PXI_NET], values[PXI_GROSS]));
        high = fmax(high, fmax(values[PXI_NET], values[PXI_GROSS]));
    }
    double step = pxi_panel_range(&at, low, high, 7);
    pxi_draw_values(p->canvas, &at, step, "");
    pxi_set_colour(p->canvas, pxi_faint);
    pxi_set_dashes(p->canvas, 8, 6);
    pxi_draw_line(p->canvas, at.left, pxi_panel_y(&at, capital), at.right, pxi_panel_y(&at, capital), 1.5);
    pxi_set_dashes(p->canvas, 0, 0);
    draw_curve(p, &at, PXI_GROSS, gross_colour, 2);
    draw_curve(p, &at, PXI_NET, net_colour, 2.5);
    pxi_draw_label(p->canvas, &at, "Equity, rupees (dashed: capital)");
}

static void draw_drawdown(const picture *p, const pxi_panel *place) {
    pxi_panel at = *place;
    const size_t n = p->equity->n_points;
    double low = 0;
    for (size_t i = 0; i < n; i++)
        low = fmin(low, p->equity->points[i].values[PXI_DRAWDOWN]);
    double step = pxi_panel_range(&at, fmin(low, -0.1), 0, 4);
    pxi_draw_values(p->canvas, &at, step, " %");
    trace_curve(p, &at, PXI_DRAWDOWN);
    if (n) {
        pxi_path_to(p->canvas, x_of(p, &at, p->equity->points[n - 1].row), pxi_panel_y(&at, 0));
        pxi_path_to(p->canvas, x_of(p, &at, p->equity->points[0].row), pxi_panel_y(&at, 0));
    }
    pxi_path_fill(p->canvas, pxi_alarm, 0.25);
    draw_curve(p, &at, PXI_DRAWDOWN, pxi_alarm, 1.5);
    pxi_draw_label(p->canvas, &at, "Drawdown net of fees, % of peak equity");
}

static void draw(const pxi_canvas *to, const void *what) {
    picture made = *(const picture *)what;
    const picture *p = &made;
    made.canvas = to;
    double room = p->canvas->height - EQUITY_TOP - DATES_HEIGHT - GAP;
    pxi_panel upper = {
        .left = PXI_CANVAS_AXIS, .right = p->canvas->width - PXI_CANVAS_MARGIN, .top = EQUITY_TOP};
    pxi_panel lower = upper;
    upper.bottom = upper.top + 0.72 * room;
    lower.top = upper.bottom + GAP;
    lower.bottom = p->canvas->height - DATES_HEIGHT;
    draw_title(p);
    draw_keys(p);
    draw_dates(p, &upper, &lower);
    draw_equity(p, &upper);
    draw_drawdown(p, &lower);
}

/* ---- as a picture ------------------------------------------------------------------------------------- */

px_status px_report_picture(px_home *home, const char *run_id, const px_picture_config *config,
                            px_write_fn write, void *user, px_error *err) {
    pxi_stored_run run = {0};
    pxi_equity equity = {0};
    px_picture_config size;
    px_status status = pxi_picture_size(config, &size, err);
    if (!status)
        status = pxi_stored_run_open(home, run_id, &run, err);
    if (!status)
        status = pxi_equity_read(home, &run, run_id, 7 * (size_t)size.width, &equity, err); /* some a pixel */
    if (!status) {
        const picture p = {.run = &run, .equity = &equity};
        const pxi_drawing drawing = {draw, &p, size};
        status = pxi_draw(&drawing, write, user, err);
    }
    pxi_equity_free(&equity);
    pxi_stored_run_close(&run);
    return status;
}
