// SPDX-License-Identifier: Apache-2.0
/* The functions of cairo that are called. */
#ifndef PXI_CAIRO_LIBRARY_H
#define PXI_CAIRO_LIBRARY_H

#include "base/library.h"

#include <cairo-svg.h>
#include <cairo.h>

/* clang-format off */
#define PXI_CAIRO_FUNCTIONS(X) \
    X(cairo_close_path) X(cairo_create) X(cairo_destroy) X(cairo_fill) \
    X(cairo_image_surface_create) X(cairo_line_to) X(cairo_move_to) X(cairo_paint) \
    X(cairo_rectangle) X(cairo_scale) X(cairo_select_font_face) X(cairo_set_dash) \
    X(cairo_set_font_size) X(cairo_set_line_join) X(cairo_set_line_width) X(cairo_set_source_rgb) \
    X(cairo_set_source_rgba) X(cairo_show_text) X(cairo_status) X(cairo_status_to_string) \
    X(cairo_stroke) X(cairo_surface_destroy) X(cairo_surface_finish) X(cairo_surface_status) \
    X(cairo_surface_write_to_png_stream) X(cairo_svg_surface_create_for_stream) \
    X(cairo_svg_surface_set_document_unit) \
    X(cairo_text_extents) X(cairo_version_string)
/* clang-format on */

extern struct pxi_library_cairo { PXI_CAIRO_FUNCTIONS(PXI_LIBRARY_FIELD) } pxi_library_cairo;

#define cairo_close_path                    pxi_library_cairo.cairo_close_path
#define cairo_create                        pxi_library_cairo.cairo_create
#define cairo_destroy                       pxi_library_cairo.cairo_destroy
#define cairo_fill                          pxi_library_cairo.cairo_fill
#define cairo_image_surface_create          pxi_library_cairo.cairo_image_surface_create
#define cairo_line_to                       pxi_library_cairo.cairo_line_to
#define cairo_move_to                       pxi_library_cairo.cairo_move_to
#define cairo_paint                         pxi_library_cairo.cairo_paint
#define cairo_rectangle                     pxi_library_cairo.cairo_rectangle
#define cairo_scale                         pxi_library_cairo.cairo_scale
#define cairo_select_font_face              pxi_library_cairo.cairo_select_font_face
#define cairo_set_dash                      pxi_library_cairo.cairo_set_dash
#define cairo_set_font_size                 pxi_library_cairo.cairo_set_font_size
#define cairo_set_line_join                 pxi_library_cairo.cairo_set_line_join
#define cairo_set_line_width                pxi_library_cairo.cairo_set_line_width
#define cairo_set_source_rgb                pxi_library_cairo.cairo_set_source_rgb
#define cairo_set_source_rgba               pxi_library_cairo.cairo_set_source_rgba
#define cairo_show_text                     pxi_library_cairo.cairo_show_text
#define cairo_status                        pxi_library_cairo.cairo_status
#define cairo_status_to_string              pxi_library_cairo.cairo_status_to_string
#define cairo_stroke                        pxi_library_cairo.cairo_stroke
#define cairo_surface_destroy               pxi_library_cairo.cairo_surface_destroy
#define cairo_surface_finish                pxi_library_cairo.cairo_surface_finish
#define cairo_surface_status                pxi_library_cairo.cairo_surface_status
#define cairo_surface_write_to_png_stream   pxi_library_cairo.cairo_surface_write_to_png_stream
#define cairo_svg_surface_create_for_stream pxi_library_cairo.cairo_svg_surface_create_for_stream
#define cairo_svg_surface_set_document_unit pxi_library_cairo.cairo_svg_surface_set_document_unit
#define cairo_text_extents                  pxi_library_cairo.cairo_text_extents
#define cairo_version_string                pxi_library_cairo.cairo_version_string

#endif
