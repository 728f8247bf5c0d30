// SPDX-License-Identifier: Apache-2.0
/* Lines of a live stream, bars or trades in CSV or JSON: whatever comes in, what goes out is JSON, a line at
 * a time, and the same when it comes in again. */
#include "fuzz.h"

#include "pixity/live.h"

typedef struct output {
    size_t n_lines, n_bytes;
    uint64_t sum; /* of the bytes, each by its place */
} output;

static px_config config;

int LLVMFuzzerInitialize(int *argc, char ***argv);
int LLVMFuzzerInitialize(int *argc, char ***argv) {
    (void)argc, (void)argv;
    config = px_config_default();
    config.skip_meta_model = true;
    config.warmup_days = 0;
    return 0;
}

static void check_line(const char *line, size_t length) {
    json_t *object = json_loadb(line, length, JSON_REJECT_DUPLICATES, NULL);
    fuzz_check(json_is_object(object));
    fuzz_check(json_is_string(json_object_get(object, "type")));
    json_decref(object);
}

static bool take(void *user, const char *text, size_t length) {
    output *out = user;
    fuzz_check(length > 0 && text[length - 1] == '\n');
    for (const char *line = text, *end = text + length; line < end;) {
        const char *feed = memchr(line, '\n', (size_t)(end - line));
        check_line(line, (size_t)(feed - line));
        out->n_lines++;
        line = feed + 1;
    }
    for (size_t i = 0; i < length; i++)
        out->sum += (uint64_t)(unsigned char)text[i] * (2 * (out->n_bytes + i) + 1);
    out->n_bytes += length;
    return true;
}

static output play(const uint8_t *bytes, size_t length) {
    const px_live_request request = {.symbol = "AAA", .timeframe_minutes = 5};
    output out = {0};
    px_live *live = NULL;
    px_error err;
    char *text = fuzz_text(bytes, length), *rest = text;
    fuzz_check(px_live_open(NULL, &request, &config, take, &out, &live, NULL) == PX_OK);
    bool goes_on = true;
    for (char *line; goes_on && (line = strsep(&rest, "\n"));)
        goes_on = fuzz_accepted(px_live_line(live, line, strlen(line), &err), &err);
    if (goes_on)
        goes_on = fuzz_accepted(px_live_end(live, &err), &err);
    if (goes_on)
        (void)fuzz_accepted(px_live_flush(live, &err), &err);
    px_live_close(&live);
    free(text);
    return out;
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t length) {
    const output once = play(bytes, length), again = play(bytes, length);
    fuzz_check(memcmp(&once, &again, sizeof once) == 0);
    return 0;
}
