// SPDX-License-Identifier: Apache-2.0
/* The equity curve of a run as a PNG. The only file that sees cairo. */
#include "base/error.h"
#include "base/text.h"
#include "report/cairo_library.h"
#include "report/columns.h"
#include "report/embed.h"
#include "report/equity.h"

#include <inttypes.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

PXI_LIBRARY(cairo, PXI_CAIRO_FILE, PXI_CAIRO_FUNCTIONS)

/* Lengths are those of a picture of 1600 x 900; another size is scaled. */
#define USUAL_WIDTH  1600
#define USUAL_HEIGHT 900
#define MARGIN       48.0
#define AXIS_WIDTH   150.0 /* room for the numbers, left of the curves */
#define EQUITY_TOP   196.0
#define DATES_HEIGHT 62.0
#define GAP          52.0 /* between equity and drawdown */

typedef struct colour {
    double red, green, blue;
} colour;
static const colour ink = {0.10, 0.11, 0.13}, faint = {0.42, 0.44, 0.48}, grid = {0.88, 0.89, 0.91};
static const colour net_colour = {0.03, 0.36, 0.66}, gross_colour = {0.85, 0.50, 0.05};
static const colour alarm_colour = {0.72, 0.11, 0.11};

static const px_picture_config usual = {USUAL_WIDTH, USUAL_HEIGHT};

const char *px_cairo_version(void) {
    return open_library(NULL) ? NULL : cairo_version_string();
}

/* ---- drawing ------------------------------------------------------------------------------------------ */

typedef struct picture {
    cairo_t *cr;
    double width, height;
    const pxi_stored_run *run;
    const pxi_equity *equity; /* its points are drawn */
} picture;

static void set_colour(const picture *p, colour c) {
    cairo_set_source_rgb(p->cr, c.red, c.green, c.blue);
}

static void set_font(const picture *p, double size, bool bold) {
    cairo_select_font_face(p->cr, "DejaVu Sans", CAIRO_FONT_SLANT_NORMAL,
                           bold ? CAIRO_FONT_WEIGHT_BOLD : CAIRO_FONT_WEIGHT_NORMAL);
    cairo_set_font_size(p->cr, size);
}

static double text_width(const picture *p, const char *text) {
    cairo_text_extents_t extents;
    cairo_text_extents(p->cr, text, &extents);
    return extents.x_advance;
}

/* `align` 0 = begins at x, 0.5 = centred on it, 1 = ends there. Returns the width. */
static double draw_text(const picture *p, double x, double y, double align, const char *text) {
    double width = text_width(p, text);
    cairo_move_to(p->cr, x - align * width, y);
    cairo_show_text(p->cr, text);
    return width;
}

static void draw_line(const picture *p, double x0, double y0, double x1, double y1, double width) {
    cairo_set_line_width(p->cr, width);
    cairo_move_to(p->cr, x0, y0);
    cairo_line_to(p->cr, x1, y1);
    cairo_stroke(p->cr);
}

/* ---- panels ------------------------------------------------------------------------------------------- */

/* A rectangle with values from low (bottom) to high (top), and rows from left to right. */
typedef struct panel {
    double left, right, top, bottom;
    double low, high;
} panel;

static double x_of(const picture *p, const panel *at, size_t row) {
    double share = p->equity->n > 1 ? (double)row / (double)(p->equity->n - 1) : 0.5;
    return at->left + share * (at->right - at->left);
}

static double y_of(const panel *at, double value) {
    return at->bottom - (value - at->low) / (at->high - at->low) * (at->bottom - at->top);
}

/* 1, 2 or 5 times a power of ten: at most `most` of them lie in the range. */
static double step_of(double range, int most) {
    double power = pow(10.0, floor(log10(range / most)));
    static const double steps[] = {1, 2, 5, 10};
    for (size_t i = 0; i < 3; i++)
        if (range / (steps[i] * power) <= most)
            return steps[i] * power;
    return 10 * power;
}

/* Widens the range of values to whole steps; a flat curve gets room above and below. */
static double set_range(panel *at, double low, double high, int most) {
    if (high - low < 1e-9 * fmax(fabs(high), 1.0)) {
        double room = fmax(fabs(high) * 0.01, 1.0);
        low -= room;
        high += room;
    }
    double step = step_of(high - low, most);
    at->low = floor(low / step) * step;
    at->high = ceil(high / step) * step;
    return step;
}

static int decimals_of(double step) {
    return step >= 1 ? 0 : (int)fmin(ceil(-log10(step)), 6);
}

static void draw_values(const picture *p, const panel *at, double step, const char *unit) {
    char buf[PXI_GROUPED_SIZE], text[PXI_GROUPED_SIZE + 8];
    int n = (int)lround((at->high - at->low) / step);
    set_font(p, 17, false);
    for (int i = 0; i <= n; i++) {
        double value = at->low + i * step, y = y_of(at, value);
        set_colour(p, grid);
        draw_line(p, at->left, y, at->right, y, 1);
        set_colour(p, faint);
        snprintf(text, sizeof text, "%s%s", pxi_group_indian(value, decimals_of(step), buf), unit);
        draw_text(p, at->left - 12, y + 6, 1, text);
    }
}

static void trace_curve(const picture *p, const panel *at, size_t curve) {
    for (size_t i = 0; i < p->equity->n_points; i++) {
        const pxi_point *point = &p->equity->points[i];
        cairo_line_to(p->cr, x_of(p, at, point->row), y_of(at, point->values[curve]));
    }
}

static void draw_curve(const picture *p, const panel *at, size_t curve, colour c, double width) {
    set_colour(p, c);
    cairo_set_line_width(p->cr, width);
    trace_curve(p, at, curve);
    cairo_stroke(p->cr);
}

/* ---- dates -------------------------------------------------------------------------------------------- */

/* How far apart the dates of the axis lie: n days, else n months. */
typedef struct spacing {
    int n;
    bool months;
} spacing;
static const spacing spacings[] = {{1, false}, {7, false}, {14, false}, {1, true},  {2, true},  {3, true},
                                   {6, true},  {12, true}, {24, true},  {60, true}, {120, true}};
#define N_SPACINGS (sizeof spacings / sizeof *spacings)

/* Changes where a date of the axis is due; days count from a Monday. */
static int64_t mark_of(int32_t date, spacing s) {
    px_civil civil = px_civil_from_date(date);
    return s.months ? ((int64_t)civil.year * 12 + civil.month - 1) / s.n : (date + INT64_C(700003)) / s.n;
}

static spacing choose_spacing(int32_t first, int32_t last, int most) {
    for (size_t i = 0; i < N_SPACINGS; i++)
        if (mark_of(last, spacings[i]) - mark_of(first, spacings[i]) <= most)
            return spacings[i];
    return spacings[N_SPACINGS - 1];
}

static void draw_date(const picture *p, const panel *upper, const panel *lower, const pxi_equity_day *day,
                      spacing s) {
    char text[PX_TIME_TEXT_SIZE];
    double x = x_of(p, lower, day->row);
    px_date_format(day->date, text);
    if (s.months) /* "2022-03", or "2022" */
        text[s.n % 12 == 0 ? 4 : 7] = '\0';
    set_colour(p, grid);
    draw_line(p, x, upper->top, x, upper->bottom, 1);
    draw_line(p, x, lower->top, x, lower->bottom + 8, 1);
    set_colour(p, faint);
    double half = text_width(p, text) / 2, most = p->width - MARGIN / 2 - half;
    draw_text(p, x < most ? x : most, lower->bottom + 28, 0.5, text);
}

static void draw_dates(const picture *p, const panel *upper, const panel *lower) {
    const pxi_equity_day *days = p->equity->days;
    const size_t n = p->equity->n_days;
    char text[160];
    set_font(p, 17, false);
    if (n > 0) {
        spacing s = choose_spacing(days[0].date, days[n - 1].date, 11);
        bool each_day = !s.months && s.n == 1;
        if (each_day)
            draw_date(p, upper, lower, &days[0], s);
        for (size_t i = 1; i < n; i++)
            if (mark_of(days[i].date, s) != mark_of(days[i - 1].date, s))
                draw_date(p, upper, lower, &days[i], s);
    }
    set_colour(p, faint);
    snprintf(text, sizeof text, "bar closes, dates of %s", px_zone_name(px_calendar_zone(p->run->calendar)));
    draw_text(p, lower->right, lower->bottom + 54, 1, text);
}

/* ---- words -------------------------------------------------------------------------------------------- */

static const char *or_dash(const char *text) {
    return text && *text ? text : "-";
}

/* Cuts a text that is wider than there is room for. */
static void fit(const picture *p, char *text, double room) {
    size_t length = strlen(text);
    while (length > 4 && text_width(p, text) > room) {
        do /* no half character */
            length--;
        while (length > 4 && ((unsigned char)text[length] & 0xc0) == 0x80);
        memcpy(text + length, "...", 4);
    }
}

/* Red, at the right: what the model had seen in training proves nothing. Returns the room that it takes. */
static double draw_in_sample(const picture *p) {
    const px_run *run = &p->run->facts;
    char text[100];
    if (run->in_sample_trades <= 0)
        return 0;
    snprintf(text, sizeof text, "IN SAMPLE: %" PRId64 " of %.0f trades", run->in_sample_trades,
             px_run_number_of(&run->metrics, PX_METRIC_OF(n_trades)->key));
    set_font(p, 22, true);
    double width = text_width(p, text) + 32, x = p->width - MARGIN - width;
    set_colour(p, alarm_colour);
    cairo_rectangle(p->cr, x, 32, width, 40);
    cairo_fill(p->cr);
    cairo_set_source_rgb(p->cr, 1, 1, 1);
    draw_text(p, x + 16, 60, 0, text);
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
    set_font(p, 30, true);
    fit(p, text, p->width - 2 * MARGIN - taken);
    set_colour(p, ink);
    draw_text(p, MARGIN, 64, 0, text);
    snprintf(text, sizeof text, "%s to %s; profile %s; product %s; capital %s rupees; run %s",
             or_dash(run->start), or_dash(run->end), or_dash(run->profile), or_dash(product),
             pxi_group_indian(run->config.capital, 0, capital), or_dash(run->run_id));
    set_font(p, 18, false);
    fit(p, text, p->width - 2 * MARGIN);
    set_colour(p, faint);
    draw_text(p, MARGIN, 98, 0, text);
}

/* "net of fees  1,12,345 rupees, +12.35 %" behind a stroke of the curve's colour. */
static double draw_key(const picture *p, double x, const char *name, size_t curve, const px_metric *metric,
                       colour c) {
    const size_t n = p->equity->n_points;
    char text[200], rupees[PXI_GROUPED_SIZE], change[PXI_GROUPED_SIZE];
    double share = px_run_number_of(&p->run->facts.metrics, metric->key);
    snprintf(text, sizeof text, "%s: %s rupees, %s%s %%", name,
             pxi_group_indian(n ? p->equity->points[n - 1].values[curve] : (double)NAN, 0, rupees),
             share > 0 ? "+" : "", pxi_group_indian(share, 2, change));
    set_colour(p, c);
    draw_line(p, x, 134, x + 36, 134, 4);
    set_colour(p, ink);
    set_font(p, 19, false);
    return x + 36 + 12 + draw_text(p, x + 48, 141, 0, text) + 44;
}

static void draw_keys(const picture *p) {
    double x = draw_key(p, MARGIN, "Equity net of fees", PXI_NET, PX_METRIC_OF(net.return_pct), net_colour);
    draw_key(p, x, "gross", PXI_GROSS, PX_METRIC_OF(gross.return_pct), gross_colour);
}

static void draw_label(const picture *p, const panel *at, const char *text) {
    set_font(p, 17, false);
    set_colour(p, faint);
    draw_text(p, at->left, at->top - 12, 0, text);
}

/* ---- the whole ---------------------------------------------------------------------------------------- */

static void draw_equity(const picture *p, const panel *place) {
    panel at = *place;
    double capital = p->run->config.capital, low = capital, high = capital;
    static const double dashes[] = {8, 6};
    for (size_t i = 0; i < p->equity->n_points; i++) {
        const double *values = p->equity->points[i].values;
        low = fmin(low, fmin(values[PXI_NET], values[PXI_GROSS]));
        high = fmax(high, fmax(values[PXI_NET], values[PXI_GROSS]));
    }
    double step = set_range(&at, low, high, 7);
    draw_values(p, &at, step, "");
    set_colour(p, faint);
    cairo_set_dash(p->cr, dashes, 2, 0);
    draw_line(p, at.left, y_of(&at, capital), at.right, y_of(&at, capital), 1.5);
    cairo_set_dash(p->cr, NULL, 0, 0);
    draw_curve(p, &at, PXI_GROSS, gross_colour, 2);
    draw_curve(p, &at, PXI_NET, net_colour, 2.5);
    draw_label(p, &at, "Equity, rupees (dashed: capital)");
}

static void draw_drawdown(const picture *p, const panel *place) {
    panel at = *place;
    const size_t n = p->equity->n_points;
    double low = 0;
    for (size_t i = 0; i < n; i++)
        low = fmin(low, p->equity->points[i].values[PXI_DRAWDOWN]);
    double step = set_range(&at, fmin(low, -0.1), 0, 4);
    draw_values(p, &at, step, " %");
    trace_curve(p, &at, PXI_DRAWDOWN);
    if (n) {
        cairo_line_to(p->cr, x_of(p, &at, p->equity->points[n - 1].row), y_of(&at, 0));
        cairo_line_to(p->cr, x_of(p, &at, p->equity->points[0].row), y_of(&at, 0));
        cairo_close_path(p->cr);
    }
    cairo_set_source_rgba(p->cr, alarm_colour.red, alarm_colour.green, alarm_colour.blue, 0.25);
    cairo_fill(p->cr);
    draw_curve(p, &at, PXI_DRAWDOWN, alarm_colour, 1.5);
    draw_label(p, &at, "Drawdown net of fees, % of peak equity");
}

static void draw(const picture *p) {
    double room = p->height - EQUITY_TOP - DATES_HEIGHT - GAP;
    panel upper = {.left = AXIS_WIDTH, .right = p->width - MARGIN, .top = EQUITY_TOP};
    panel lower = upper;
    upper.bottom = upper.top + 0.72 * room;
    lower.top = upper.bottom + GAP;
    lower.bottom = p->height - DATES_HEIGHT;
    cairo_set_source_rgb(p->cr, 1, 1, 1);
    cairo_paint(p->cr);
    cairo_set_line_join(p->cr, CAIRO_LINE_JOIN_ROUND);
    draw_title(p);
    draw_keys(p);
    draw_dates(p, &upper, &lower);
    draw_equity(p, &upper);
    draw_drawdown(p, &lower);
}

/* ---- as a PNG ------------------------------------------------------------------------------------------ */

typedef struct sink {
    px_write_fn write;
    void *user;
    bool refused;
} sink;

static cairo_status_t pass_on(void *to, const unsigned char *bytes, unsigned length) {
    sink *out = to;
    out->refused = out->refused || !out->write(out->user, (const char *)bytes, length);
    return out->refused ? CAIRO_STATUS_WRITE_ERROR : CAIRO_STATUS_SUCCESS;
}

static px_status fail_drawing(cairo_status_t problem, const sink *out, px_error *err) {
    if (out->refused)
        return pxi_fail(err, PX_EIO, "the picture was refused by what it is written to");
    if (problem == CAIRO_STATUS_NO_MEMORY)
        return pxi_fail_memory(err);
    return pxi_fail(err, PX_ELIBRARY, "cairo could not draw the picture: %s",
                    cairo_status_to_string(problem));
}

static px_status write_picture(picture *p, const px_picture_config *config, px_write_fn write, void *user,
                               px_error *err) {
    double scale = fmin((double)config->width / USUAL_WIDTH, (double)config->height / USUAL_HEIGHT);
    cairo_surface_t *surface = cairo_image_surface_create(CAIRO_FORMAT_RGB24, config->width, config->height);
    sink out = {.write = write, .user = user};
    p->cr = cairo_create(surface);
    p->width = config->width / scale;
    p->height = config->height / scale;
    cairo_scale(p->cr, scale, scale);
    draw(p);
    cairo_status_t problem = cairo_status(p->cr);
    cairo_destroy(p->cr);
    if (!problem)
        problem = cairo_surface_write_to_png_stream(surface, pass_on, &out);
    cairo_surface_destroy(surface);
    return problem ? fail_drawing(problem, &out, err) : PX_OK;
}

px_status px_report_picture(px_home *home, const char *run_id, const px_picture_config *config,
                            px_write_fn write, void *user, px_error *err) {
    const px_picture_config *size = config ? config : &usual;
    pxi_stored_run run = {0};
    pxi_equity equity = {0};
    if (size->width < 320 || size->height < 240 || size->width > 8192 || size->height > 8192)
        return pxi_fail(err, PX_EINPUT, "a picture has 320 x 240 to 8192 x 8192 pixels, not %d x %d",
                        size->width, size->height);
    px_status status = open_library(err);
    if (!status)
        status = pxi_stored_run_open(home, run_id, &run, err);
    if (!status)
        status =
            pxi_equity_read(home, &run, run_id, 7 * (size_t)size->width, &equity, err); /* some a pixel */
    if (!status) {
        picture p = {.run = &run, .equity = &equity};
        status = write_picture(&p, size, write, user, err);
    }
    pxi_equity_free(&equity);
    pxi_stored_run_close(&run);
    return status;
}
