// SPDX-License-Identifier: Apache-2.0
/* Bar files in CSV and CSV.gz: every bar that is taken is one, no row is lost uncounted, and bars written and
 * read again are the same. */
#include "fuzz.h"

#include "pixity/dataset.h"

static px_zone *zone;

int LLVMFuzzerInitialize(int *argc, char ***argv);
int LLVMFuzzerInitialize(int *argc, char ***argv) {
    (void)argc, (void)argv;
    fuzz_check(px_zone_open("Asia/Kolkata", &zone, NULL) == PX_OK);
    return 0;
}

static bool read_source(const void *bytes, size_t length, px_source *out) {
    fuzz_file file = fuzz_file_open(bytes, length);
    px_error err;
    px_source_config config = {.path = file.path, .zone = zone, .timeframe_minutes = 1};
    px_status status = px_source_read(&config, out, &err);
    fuzz_file_close(&file);
    return fuzz_accepted(status, &err);
}

static void check_bars(const px_bars *bars) {
    for (size_t i = 0; i < bars->n; i++) {
        const px_bar bar = px_bars_at(bars, i);
        fuzz_check(px_bar_defect(&bar) == NULL);
        fuzz_check(bar.ts_us >= PX_TIME_MIN_US && bar.ts_us < PX_TIME_MAX_US);
    }
}

static void check_round_trip(const px_source_series *series) {
    char path[64];
    px_source again = {0};
    snprintf(path, sizeof path, "/dev/shm/pixity-fuzz-%ld.csv", (long)getpid());
    fuzz_check(px_bars_export(&series->bars, series->symbol, zone, path, NULL) == PX_OK);
    px_source_config config = {.path = path, .zone = zone, .timeframe_minutes = 1};
    fuzz_check(px_source_read(&config, &again, NULL) == PX_OK);
    unlink(path);
    fuzz_check(again.n_series == 1 && again.n_rejected == 0);
    fuzz_check(strcmp(again.series[0].symbol, series->symbol) == 0);
    const px_bars *a = &series->bars, *b = &again.series[0].bars;
    fuzz_check(a->n == b->n);
    for (size_t i = 0; i < a->n; i++) {
        const px_bar x = px_bars_at(a, i), y = px_bars_at(b, i);
        fuzz_check(memcmp(&x, &y, sizeof x) == 0);
    }
    px_source_free(&again);
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t length) {
    px_source source = {0};
    size_t n_bars = 0;
    if (fuzz_is_duckdbs(bytes, length))
        return 0;
    if (!read_source(bytes, length, &source)) {
        fuzz_check(source.n_series == 0 && source.n_read == 0);
        return 0;
    }
    for (size_t s = 0; s < source.n_series; s++) {
        px_source_series *series = &source.series[s];
        check_bars(&series->bars);
        n_bars += series->bars.n;
        fuzz_check(px_bars_normalize(&series->bars, NULL, NULL, NULL, NULL) == PX_OK);
        for (size_t i = 1; i < series->bars.n; i++)
            fuzz_check(series->bars.ts_us[i - 1] < series->bars.ts_us[i]);
        check_round_trip(series);
    }
    fuzz_check(n_bars + source.n_rejected == source.n_read);
    px_source_free(&source);
    return 0;
}
