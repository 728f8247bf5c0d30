// SPDX-License-Identifier: Apache-2.0
/* What pictures share: text, lines, panels with a scale, marks of time, and the way into a PNG or an SVG. */
#ifndef PXI_CANVAS_H
#define PXI_CANVAS_H

#include "pixity/report.h"

/* Lengths are those of a picture of 1600 x 900; another size is scaled. */
#define PXI_CANVAS_MARGIN 48.0
#define PXI_CANVAS_AXIS   150.0 /* room for the numbers, left of the curves */

typedef struct pxi_canvas {
    struct _cairo *cr;
    double width, height;
} pxi_canvas;

typedef struct pxi_colour {
    double red, green, blue;
} pxi_colour;
static const pxi_colour pxi_ink = {0.10, 0.11, 0.13}, pxi_faint = {0.42, 0.44, 0.48},
                        pxi_grid = {0.88, 0.89, 0.91}, pxi_alarm = {0.72, 0.11, 0.11}, pxi_white = {1, 1, 1};

void pxi_set_colour(const pxi_canvas *to, pxi_colour colour);
void pxi_set_font(const pxi_canvas *to, double size, bool bold);
double pxi_text_width(const pxi_canvas *to, const char *text);
/* `align` 0 = begins at x, 0.5 = centred on it, 1 = ends there. Returns the width. */
double pxi_draw_text(const pxi_canvas *to, double x, double y, double align, const char *text);
void pxi_fill_box(const pxi_canvas *to, double x, double y, double width, double height);
/* A path: points one after the other, then stroked, or closed and filled. */
void pxi_path_to(const pxi_canvas *to, double x, double y);
void pxi_path_stroke(const pxi_canvas *to, double width);
void pxi_path_fill(const pxi_canvas *to, pxi_colour colour, double opacity);
void pxi_set_dashes(const pxi_canvas *to, double dash, double gap); /* 0 and 0 = none */
void pxi_draw_line(const pxi_canvas *to, double x0, double y0, double x1, double y1, double width);
/* Cuts a text that is wider than there is room for. */
void pxi_fit_text(const pxi_canvas *to, char *text, double room);

/* A rectangle with values from low (bottom) to high (top). */
typedef struct pxi_panel {
    double left, right, top, bottom;
    double low, high;
} pxi_panel;
double pxi_panel_y(const pxi_panel *at, double value);
/* Widens the range of values to whole steps, at most `most` of them: returns the step. A flat curve gets room
 * above and below. */
double pxi_panel_range(pxi_panel *at, double low, double high, int most);
void pxi_draw_values(const pxi_canvas *to, const pxi_panel *at, double step, const char *unit);
void pxi_draw_label(const pxi_canvas *to, const pxi_panel *at, const char *text);

/* How far apart the marks of a time axis lie: n minutes or n months. */
typedef struct pxi_spacing {
    int n;
    bool months;
} pxi_spacing;
/* Changes where a mark of the axis is due, for seconds since 1970 on a wall clock; weeks begin on Monday. */
int64_t pxi_mark_of(int64_t wall_s, pxi_spacing spacing);
/* The closest of which at most `most` lie between two times; `finest_minutes` is a day or less. */
pxi_spacing pxi_choose_spacing(int64_t first_s, int64_t last_s, int most, int finest_minutes);

/* Draws `draw(canvas, what)` on white and hands the picture over. Errors: PX_EINPUT for a size that no
 * picture has, PX_EIO (refused), PX_ELIBRARY, PX_ENOMEM. */
typedef struct pxi_drawing {
    void (*draw)(const pxi_canvas *to, const void *what);
    const void *what;
    px_picture_config config;
} pxi_drawing;
px_status pxi_draw(const pxi_drawing *drawing, px_write_fn write, void *user, px_error *err);
/* The usual size where none is named. Errors: PX_EINPUT. */
px_status pxi_picture_size(const px_picture_config *config, px_picture_config *out, px_error *err);

#endif
