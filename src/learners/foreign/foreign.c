// SPDX-License-Identifier: Apache-2.0
/* A file of another library, whichever it is: its document where it is JSON, and one that was kept read
 * again. */
#include "learners/foreign/foreign.h"

#include "base/error.h"

#include <ctype.h>
#include <string.h>

/* Whether the text begins as JSON does; UBJSON's objects begin with the mark of a length. */
static bool looks_like_json(const char *bytes, size_t length) {
    size_t i = 0, second;
    while (i < length && isspace((unsigned char)bytes[i]))
        i++;
    for (second = i + 1; second < length && isspace((unsigned char)bytes[second]);)
        second++;
    if (second >= length)
        return i < length && (bytes[i] == '{' || bytes[i] == '[');
    return (bytes[i] == '{' && (bytes[second] == '"' || bytes[second] == '}')) ||
           (bytes[i] == '[' && strchr("{[]\"-0123456789", bytes[second]));
}

px_status pxi_foreign_parse(const char *bytes, size_t length, const char *origin, json_t **out,
                            px_error *err) {
    *out = NULL;
    return looks_like_json(bytes, length) ? pxi_json_parse(bytes, length, origin, out, err) : PX_OK;
}

void pxi_foreign_free(pxi_foreign *foreign) {
    px_predictor_free(&foreign->predictor);
    json_decref(foreign->facts);
    *foreign = (pxi_foreign){0};
}

/* A file that was kept is read as it was; columns are those of the card. */
px_status pxi_foreign_reopen(const pxi_foreign_format *format, const pxi_model_bytes *bytes,
                             px_predictor **out, px_error *err) {
    pxi_columns columns = {.n = bytes->n_inputs};
    px_error reason;
    pxi_foreign made = {0};
    json_t *document = NULL;
    memcpy(columns.input_of, bytes->input_of, bytes->n_inputs * sizeof *columns.input_of);
    pxi_foreign_file file = {bytes->bytes, bytes->length, "the model file", NULL, &columns, NULL};
    px_status status = pxi_foreign_parse(bytes->bytes, bytes->length, file.origin, &document, &reason);
    file.document = document;
    if (!status && !format->recognise(&file))
        status = pxi_foreign_fail(&file, &reason, "it is of another kind than its card says");
    if (!status)
        status = format->read(&file, &made, &reason);
    json_decref(document);
    if (!status) {
        *out = made.predictor;
        made.predictor = NULL;
    }
    pxi_foreign_free(&made);
    return status ? pxi_fail(err, status == PX_EINPUT ? PX_ECORRUPT : status, "%s", reason.message) : PX_OK;
}
