// SPDX-License-Identifier: Apache-2.0
/* Arrow files and streams: whatever they say of themselves, only what they hold is read, and every bar that
 * is taken is one. */
#include "fuzz.h"

#include "pixity/dataset.h"

static px_zone *zone;

int LLVMFuzzerInitialize(int *argc, char ***argv);
int LLVMFuzzerInitialize(int *argc, char ***argv) {
    (void)argc, (void)argv;
    fuzz_check(px_zone_open("Asia/Kolkata", &zone, NULL) == PX_OK);
    return 0;
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t length) {
    static const unsigned char stream[] = {0xff, 0xff, 0xff, 0xff};
    px_source source = {0};
    px_error err;
    size_t n_bars = 0;
    if (length < 8 || (memcmp(bytes, "ARROW1", 6) != 0 && memcmp(bytes, stream, sizeof stream) != 0))
        return 0;
    fuzz_file file = fuzz_file_open(bytes, length);
    px_source_config config = {.path = file.path,
                               .zone = zone,
                               .timeframe_minutes = 1,
                               .limits = {.rows = 10000, .bytes = 1 << 22, .memory = 1 << 22}};
    px_status status = px_source_read(&config, &source, &err);
    fuzz_file_close(&file);
    if (!fuzz_accepted(status, &err)) {
        fuzz_check(source.n_series == 0 && source.n_read == 0);
        return 0;
    }
    for (size_t s = 0; s < source.n_series; s++) {
        const px_bars *bars = &source.series[s].bars;
        n_bars += bars->n;
        for (size_t i = 0; i < bars->n; i++) {
            const px_bar bar = px_bars_at(bars, i);
            fuzz_check(px_bar_defect(&bar) == NULL);
        }
    }
    fuzz_check(n_bars + source.n_rejected <= source.n_read);
    px_source_free(&source);
    return 0;
}
