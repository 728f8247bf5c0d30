// SPDX-License-Identifier: Apache-2.0
/* The pieces of a report's file. */
#ifndef PXI_REPORT_HTML_H
#define PXI_REPORT_HTML_H

#include "base/text.h"
#include "report/stored.h"

/* The built page (web/report.html with its script and style inside); the build writes it. */
extern const unsigned char pxi_report_template[];
extern const size_t pxi_report_template_size;

/* What goes into the template. */
typedef struct pxi_report_parts {
    const char *title; /* text */
    const char *plain; /* HTML */
    const char *data;  /* JSON that was embedded */
} pxi_report_parts;
/* The template with its parts and a policy that lets nothing be loaded and no other script run. Errors:
 * PX_EIO
 * (`write` refused), PX_ELIBRARY (the template lacks a place), PX_ENOMEM. */
px_status pxi_report_fill(const char *page, size_t length, const pxi_report_parts *parts, px_write_fn write,
                          void *user, px_error *err);

/* Headline numbers, warnings and trades (as px_run_trade_rows). */
void pxi_plain_html(pxi_text *out, const px_run *run, const px_table *trades, const px_zone *zone);

#endif
