// SPDX-License-Identifier: Apache-2.0
/* JSON through jansson, with two differences: doubles are written as the shortest text that reads back, and
 * NaN is null. */
#ifndef PXI_JSON_H
#define PXI_JSON_H

#include <jansson.h>
#include <stdbool.h>
#include "base/text.h"
#include "pixity/status.h"

/* A string, null for NULL. Where it is not UTF-8 (a file's name may be anything) it is ASCII with '?'. */
json_t *pxi_json_text(const char *text);
/* A number, or null where it is undefined or infinite. */
json_t *pxi_json_real(double value);
/* Appends a quoted, escaped JSON string; not UTF-8 marks the text failed. */
void pxi_json_quote(pxi_text *text, const char *string);
/* Two-space indented document with a final newline, keys in insertion order; malloc'ed, the caller frees. */
px_status pxi_json_dump(const json_t *value, char **out, px_error *err);
/* Parses one whole document; `origin` names it in the message ("config.json"), with line and column.
 * Duplicate keys are errors. Errors: PX_EINPUT, PX_ENOMEM. */
px_status pxi_json_parse(const char *text, size_t length, const char *origin, json_t **out, px_error *err);
/* The same of a text that begins with that line of its file. */
px_status pxi_json_parse_line(const char *text, size_t length, const char *origin, size_t line, json_t **out,
                              px_error *err);

/* Building objects straight down: a value that could not be made (NULL) or put sets *failed, which is looked
 * at once, in pxi_json_built: the object, or NULL after freeing it. */
static inline void pxi_json_put(json_t *object, const char *key, json_t *value, bool *failed) {
    *failed |= json_object_set_new(object, key, value) != 0;
}
static inline json_t *pxi_json_built(json_t *object, bool failed) {
    if (!failed)
        return object;
    json_decref(object);
    return NULL;
}

#endif
