// SPDX-License-Identifier: Apache-2.0
/* Small text helpers: a growing buffer, bounded copies, and the nearest known name. */
#ifndef PXI_TEXT_H
#define PXI_TEXT_H

#include <stdbool.h>
#include <stddef.h>
#include "pixity/status.h"

/* A growing NUL-terminated text. Zero it, append, check `failed` once at the end; free `data`. */
typedef struct pxi_text {
    char *data;
    size_t length, capacity;
    bool failed; /* out of memory: the text is incomplete */
} pxi_text;

void pxi_text_add(pxi_text *text, const char *bytes, size_t length);
void pxi_text_puts(pxi_text *text, const char *string);
void pxi_text_printf(pxi_text *text, const char *format, ...) PX_PRINTF(2, 3);
/* Room for `more` bytes at the end of the text, NULL if out of memory. What is written there counts once
 * pxi_text_end is given where it ends. */
char *pxi_text_room(pxi_text *text, size_t more);
static inline void pxi_text_end(pxi_text *text, const char *end) {
    text->length = (size_t)(end - text->data);
}
/* Hands over the text (malloc'ed, never NULL on success); PX_ENOMEM if any append failed. */
px_status pxi_text_take(pxi_text *text, char **out, px_error *err);
void pxi_text_free(pxi_text *text);

/* Copies at most size-1 bytes and terminates; false if cut. */
bool pxi_copy(char *buf, size_t size, const char *text);
/* strdup that reports. */
px_status pxi_duplicate(const char *text, char **out, px_error *err);
/* Parses the whole text as a finite double, or an int64. False if it is anything else. C locale. */
bool pxi_parse_double(const char *text, size_t length, double *out);
bool pxi_parse_i64(const char *text, size_t length, long long *out);
/* True if a spreadsheet would take the text for a formula: it starts with =, +, -, @, a tab or a carriage
 * return. */
bool pxi_starts_formula(const char *text);
/* What CSV says with an apostrophe in front: formulas, and formulas behind apostrophes, so that the one that
 * is put there is distinguished from those that were there. */
bool pxi_csv_is_escaped(const char *text);
/* The text without the apostrophe that CSV has put there, where it has. */
const char *pxi_csv_unescape(const char *text);
/* True if a NUL-terminated text is UTF-8. */
bool pxi_is_utf8(const char *text);

/* Fills `buf` with `; did you mean "X"?` or "". Returns buf. */
const char *pxi_did_you_mean(const char *word, const char *const *names, size_t n, char *buf, size_t size);

#endif
