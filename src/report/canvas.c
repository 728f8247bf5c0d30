// SPDX-License-Identifier: Apache-2.0
/* The only file that sees cairo. */
#include "report/canvas.h"

#include "base/error.h"
#include "base/text.h"
#include "report/cairo_library.h"
#include "report/embed.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

PXI_LIBRARY(cairo, PXI_CAIRO_FILE, PXI_CAIRO_FUNCTIONS)

enum { USUAL_WIDTH = 1600, USUAL_HEIGHT = 900 };

const char *px_cairo_version(void) {
    return open_library(NULL) ? NULL : cairo_version_string();
}

/* ---- drawing ------------------------------------------------------------------------------------------ */

void pxi_set_colour(const pxi_canvas *to, pxi_colour c) {
    cairo_set_source_rgb(to->cr, c.red, c.green, c.blue);
}

void pxi_set_font(const pxi_canvas *to, double size, bool bold) {
    cairo_select_font_face(to->cr, "DejaVu Sans", CAIRO_FONT_SLANT_NORMAL,
                           bold ? CAIRO_FONT_WEIGHT_BOLD : CAIRO_FONT_WEIGHT_NORMAL);
    cairo_set_font_size(to->cr, size);
}

double pxi_text_width(const pxi_canvas *to, const char *text) {
    cairo_text_extents_t extents;
    cairo_text_extents(to->cr, text, &extents);
    return extents.x_advance;
}

double pxi_draw_text(const pxi_canvas *to, double x, double y, double align, const char *text) {
    double width = pxi_text_width(to, text);
    cairo_move_to(to->cr, x - align * width, y);
    cairo_show_text(to->cr, text);
    return width;
}

void pxi_fill_box(const pxi_canvas *to, double x, double y, double width, double height) {
    cairo_rectangle(to->cr, x, y, width, height);
    cairo_fill(to->cr);
}

void pxi_path_to(const pxi_canvas *to, double x, double y) {
    cairo_line_to(to->cr, x, y);
}

void pxi_path_stroke(const pxi_canvas *to, double width) {
    cairo_set_line_width(to->cr, width);
    cairo_stroke(to->cr);
}

void pxi_path_fill(const pxi_canvas *to, pxi_colour c, double opacity) {
    cairo_close_path(to->cr);
    cairo_set_source_rgba(to->cr, c.red, c.green, c.blue, opacity);
    cairo_fill(to->cr);
}

void pxi_set_dashes(const pxi_canvas *to, double dash, double gap) {
    const double dashes[] = {dash, gap};
    cairo_set_dash(to->cr, dashes, dash > 0 ? 2 : 0, 0);
}

void pxi_draw_line(const pxi_canvas *to, double x0, double y0, double x1, double y1, double width) {
    cairo_set_line_width(to->cr, width);
    cairo_move_to(to->cr, x0, y0);
    cairo_line_to(to->cr, x1, y1);
    cairo_stroke(to->cr);
}

void pxi_fit_text(const pxi_canvas *to, char *text, double room) {
    size_t length = strlen(text);
    while (length > 4 && pxi_text_width(to, text) > room) {
        do /* no half character */
            length--;
        while (length > 4 && ((unsigned char)text[length] & 0xc0) == 0x80);
        memcpy(text + length, "...", 4);
    }
}

/* ---- panels ------------------------------------------------------------------------------------------- */

double pxi_panel_y(const pxi_panel *at, double value) {
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

double pxi_panel_range(pxi_panel *at, double low, double high, int most) {
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

void pxi_draw_values(const pxi_canvas *to, const pxi_panel *at, double step, const char *unit) {
    char buf[PXI_GROUPED_SIZE], text[PXI_GROUPED_SIZE + 8];
    int n = (int)lround((at->high - at->low) / step);
    pxi_set_font(to, 17, false);
    for (int i = 0; i <= n; i++) {
        double value = at->low + i * step, y = pxi_panel_y(at, value);
        pxi_set_colour(to, pxi_grid);
        pxi_draw_line(to, at->left, y, at->right, y, 1);
        pxi_set_colour(to, pxi_faint);
        snprintf(text, sizeof text, "%s%s", pxi_group_indian(value, decimals_of(step), buf), unit);
        pxi_draw_text(to, at->left - 12, y + 6, 1, text);
    }
}

void pxi_draw_label(const pxi_canvas *to, const pxi_panel *at, const char *text) {
    pxi_set_font(to, 17, false);
    pxi_set_colour(to, pxi_faint);
    pxi_draw_text(to, at->left, at->top - 12, 0, text);
}

/* ---- marks of time ------------------------------------------------------------------------------------ */

enum { SECONDS_A_DAY = 86400, MINUTES_A_DAY = 1440 };
static const pxi_spacing spacings[] = {{5, false},
                                       {15, false},
                                       {30, false},
                                       {60, false},
                                       {120, false},
                                       {240, false},
                                       {MINUTES_A_DAY, false},
                                       {7 * MINUTES_A_DAY, false},
                                       {14 * MINUTES_A_DAY, false},
                                       {1, true},
                                       {2, true},
                                       {3, true},
                                       {6, true},
                                       {12, true},
                                       {24, true},
                                       {60, true},
                                       {120, true}};
#define N_SPACINGS (sizeof spacings / sizeof *spacings)

int64_t pxi_mark_of(int64_t wall_s, pxi_spacing s) {
    int64_t day = wall_s / SECONDS_A_DAY - (wall_s % SECONDS_A_DAY < 0);
    if (s.months) {
        px_civil civil = px_civil_from_date((int32_t)day);
        return ((int64_t)civil.year * 12 + civil.month - 1) / s.n;
    }
    if (s.n < MINUTES_A_DAY)
        return (wall_s - wall_s % 60) / 60 / s.n;
    return (day + INT64_C(700003)) / (s.n / MINUTES_A_DAY);
}

pxi_spacing pxi_choose_spacing(int64_t first_s, int64_t last_s, int most, int finest_minutes) {
    for (size_t i = 0; i < N_SPACINGS; i++)
        if ((spacings[i].months || spacings[i].n >= finest_minutes) &&
            pxi_mark_of(last_s, spacings[i]) - pxi_mark_of(first_s, spacings[i]) <= most)
            return spacings[i];
    return spacings[N_SPACINGS - 1];
}

/* ---- as a file ---------------------------------------------------------------------------------------- */

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

px_status pxi_picture_size(const px_picture_config *config, px_picture_config *out, px_error *err) {
    *out = config ? *config : (px_picture_config){0};
    if (!out->width && !out->height) {
        out->width = USUAL_WIDTH;
        out->height = USUAL_HEIGHT;
    }
    if (out->width < 320 || out->height < 240 || out->width > 8192 || out->height > 8192)
        return pxi_fail(err, PX_EINPUT, "a picture has 320 x 240 to 8192 x 8192 pixels, not %d x %d",
                        out->width, out->height);
    return PX_OK;
}

static cairo_surface_t *open_surface(const px_picture_config *config, sink *out) {
    if (!config->svg)
        return cairo_image_surface_create(CAIRO_FORMAT_RGB24, config->width, config->height);
    cairo_surface_t *surface =
        cairo_svg_surface_create_for_stream(pass_on, out, config->width, config->height);
    cairo_svg_surface_set_document_unit(surface, CAIRO_SVG_UNIT_PX);
    return surface;
}

static void draw_on(cairo_surface_t *surface, const pxi_drawing *drawing) {
    const px_picture_config *config = &drawing->config;
    double scale = fmin((double)config->width / USUAL_WIDTH, (double)config->height / USUAL_HEIGHT);
    pxi_canvas canvas = {cairo_create(surface), config->width / scale, config->height / scale};
    cairo_scale(canvas.cr, scale, scale);
    cairo_set_source_rgb(canvas.cr, 1, 1, 1);
    cairo_paint(canvas.cr);
    cairo_set_line_join(canvas.cr, CAIRO_LINE_JOIN_ROUND);
    drawing->draw(&canvas, drawing->what);
    cairo_destroy(canvas.cr); /* its error is the surface's from here on */
}

px_status pxi_draw(const pxi_drawing *drawing, px_write_fn write, void *user, px_error *err) {
    sink out = {.write = write, .user = user};
    px_status status = open_library(err);
    if (status)
        return status;
    cairo_surface_t *surface = open_surface(&drawing->config, &out);
    draw_on(surface, drawing);
    cairo_status_t problem = cairo_surface_status(surface);
    if (!problem && !drawing->config.svg)
        problem = cairo_surface_write_to_png_stream(surface, pass_on, &out);
    cairo_surface_finish(surface); /* an SVG is written now */
    if (!problem)
        problem = cairo_surface_status(surface);
    cairo_surface_destroy(surface);
    return problem ? fail_drawing(problem, &out, err) : PX_OK;
}
