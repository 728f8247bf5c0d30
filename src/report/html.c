// SPDX-License-Identifier: Apache-2.0
/* Filling the template: title, policy, plain HTML, data. */
#include "report/html.h"

#include "base/error.h"
#include "base/hash.h"
#include "report/embed.h"

#include <stdlib.h>
#include <string.h>

/* ---- policy ------------------------------------------------------------------------------------------- */

static unsigned nibble(char digit) {
    return (unsigned)(digit <= '9' ? digit - '0' : digit - 'a' + 10);
}

/* " 'sha256-...'" of a script's text. */
static void put_script_hash(pxi_text *policy, const char *text, size_t length) {
    char hex[PXI_HASH_TEXT_SIZE];
    unsigned char bytes[32];
    pxi_hash hash;
    pxi_hash_init(&hash);
    pxi_hash_bytes(&hash, text, length);
    pxi_hash_hex(&hash, hex);
    for (size_t i = 0; i < sizeof bytes; i++)
        bytes[i] = (unsigned char)(nibble(hex[2 * i]) << 4 | nibble(hex[2 * i + 1]));
    pxi_text_puts(policy, " 'sha256-");
    pxi_embed_base64(policy, bytes, sizeof bytes);
    pxi_text_puts(policy, "'");
}

static const char *find(const char *from, const char *end, const char *text) {
    return from ? memmem(from, (size_t)(end - from), text, strlen(text)) : NULL;
}

/* Only the scripts that stand in the template may run; nothing may be loaded from anywhere. */
static void put_policy(pxi_text *policy, const char *page, const char *end) {
    const char *at = page;
    pxi_text_puts(policy,
                  "<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; script-src");
    while ((at = find(at, end, "<script"))) {
        const char *text = find(at, end, ">"), *close = find(text, end, "</script");
        if (!close)
            break;
        if (!memmem(at, (size_t)(text - at), "application/json", 16))
            put_script_hash(policy, text + 1, (size_t)(close - text - 1));
        at = close + 1;
    }
    pxi_text_puts(policy,
                  "; style-src 'unsafe-inline'; img-src data: blob:; base-uri 'none'; form-action 'none'\">");
}

/* ---- filling ------------------------------------------------------------------------------------------ */

/* A piece of the template is replaced from `begin` to `end` by `text`. */
typedef struct place {
    const char *begin, *end;
    const char *text;
} place;

/* From behind `open` to `close` (NULL: nothing is replaced). */
static bool find_place(const char *page, const char *end, const char *open, const char *close,
                       const char *text, place *out) {
    const char *begin = find(page, end, open);
    if (!begin)
        return false;
    begin += strlen(open);
    out->begin = begin;
    out->end = close ? find(begin, end, close) : begin;
    out->text = text;
    return out->end != NULL;
}

static bool put(px_write_fn write, void *user, const char *bytes, size_t length) {
    return length == 0 || write(user, bytes, length);
}

/* Places ascend. */
static bool write_filled(const char *page, const char *end, const place *places, size_t n, px_write_fn write,
                         void *user) {
    const char *at = page;
    for (size_t i = 0; i < n; i++) {
        if (!put(write, user, at, (size_t)(places[i].begin - at)) ||
            !put(write, user, places[i].text, strlen(places[i].text)))
            return false;
        at = places[i].end;
    }
    return put(write, user, at, (size_t)(end - at));
}

static px_status fill(const char *page, const char *end, const pxi_report_parts *parts, const char *policy,
                      const char *title, px_write_fn write, void *user, px_error *err) {
    place places[4];
    bool good = find_place(page, end, "<head>", NULL, policy, &places[0]) &&
                find_place(page, end, "<title>", "</title>", title, &places[1]) &&
                find_place(page, end, "<div id=\"static\">", NULL, parts->plain, &places[2]) &&
                find_place(page, end, "<script type=\"application/json\" id=\"pixity-data\">", "</script>",
                           parts->data, &places[3]);
    for (size_t i = 1; good && i < 4; i++)
        good = places[i].begin >= places[i - 1].end;
    if (!good)
        return pxi_fail(err, PX_ELIBRARY,
                        "the page of reports that was built in lacks head, title, static or "
                        "pixity-data, in this order: build it anew from web/");
    return write_filled(page, end, places, 4, write, user)
               ? PX_OK
               : pxi_fail(err, PX_EIO, "the report was refused by what it is written to");
}

px_status pxi_report_fill(const char *page, size_t length, const pxi_report_parts *parts, px_write_fn write,
                          void *user, px_error *err) {
    pxi_text policy = {0}, title = {0};
    put_policy(&policy, page, page + length);
    pxi_embed_html(&title, parts->title);
    px_status status = policy.failed || title.failed ? pxi_fail_memory(err)
                                                     : fill(page, page + length, parts, policy.data,
                                                            title.data ? title.data : "", write, user, err);
    pxi_text_free(&policy);
    pxi_text_free(&title);
    return status;
}
