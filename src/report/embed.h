// SPDX-License-Identifier: Apache-2.0
/* Texts of a run inside an HTML file: nothing of them can end what they stand in. */
#ifndef PXI_EMBED_H
#define PXI_EMBED_H

#include "base/text.h"
#include "pixity/table.h"

/* JSON inside a script element: without the white space between its parts, and with <, >, &, U+2028 and
 * U+2029 of its strings as \uXXXX. */
void pxi_embed_json(pxi_text *out, const char *json, size_t length);
/* Text between tags or in a quoted attribute. NULL is nothing. */
void pxi_embed_html(pxi_text *out, const char *text);
void pxi_embed_base64(pxi_text *out, const unsigned char *bytes, size_t length);

/* "1,23,45,678.90": thousands, lakhs, crores; "-" for NaN. Returns buf. */
#define PXI_GROUPED_SIZE 64
char *pxi_group_indian(double value, int decimals, char buf[PXI_GROUPED_SIZE]);

#endif
