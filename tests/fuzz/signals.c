// SPDX-License-Identifier: Apache-2.0
/* Files of signals: every row is a signal or is counted with its reason, a file says what its text says, and
 * what is placed lies on its bar. */
#include "fuzz.h"

#include "files/source.h"
#include "pixity/signals.h"

#include <math.h>

enum { N_BARS = 50, FIRST_BAR = 10 };

static px_dataset data;

int LLVMFuzzerInitialize(int *argc, char ***argv);
int LLVMFuzzerInitialize(int *argc, char ***argv) {
    (void)argc, (void)argv;
    const int64_t open_us = INT64_C(1660621500000000); /* 2022-08-16 09:15 IST */
    data = (px_dataset){.timeframe_minutes = 15, .begin = FIRST_BAR, .end = N_BARS};
    data.instrument = (px_instrument){.key = "NSE_EQ|AAA", .symbol = "AAA", .exchange = "NSE", .lot_size = 1};
    fuzz_check(px_calendar_open("NSE", &data.calendar, NULL) == PX_OK);
    for (int i = 0; i < N_BARS; i++) {
        const px_bar bar = {open_us + i / 25 * PX_US_PER_DAY + i % 25 * 15 * PX_US_PER_MINUTE, 1, 1, 1, 1, 1};
        fuzz_check(px_bars_append(&data.bars, &bar, NULL) == PX_OK);
    }
    return 0;
}

static void check_level(px_level level) {
    fuzz_check(level.kind == PX_LEVEL_NONE || (isfinite(level.value) && level.value > 0));
}

static void check_signal(const px_signal *signal) {
    fuzz_check(signal->side == PX_LONG || signal->side == PX_SHORT);
    fuzz_check(signal->h_bars >= 0 && !(signal->quantity <= 0) && !isinf(signal->quantity));
    fuzz_check(isnan(signal->probability) || (signal->probability >= 0 && signal->probability <= 1));
    fuzz_check(!signal->tag || strlen(signal->tag) < SIZE_MAX);
    check_level(signal->stop);
    check_level(signal->target);
}

static void check_rows(const px_signal_rows *rows) {
    fuzz_check(rows->n > 0);
    fuzz_check(rows->n + rows->n_other_symbols + rows->n_outside + rows->n_rejected == rows->n_read);
    for (size_t i = 0; i < rows->n; i++) {
        check_signal(&rows->items[i].signal);
        fuzz_check(i == 0 || rows->items[i - 1].signal.ts_us <= rows->items[i].signal.ts_us);
    }
}

static void check_placed(px_signal_rows *rows) {
    px_error err;
    if (!fuzz_accepted(px_signals_place(rows, &data, "signals.csv", &err), &err))
        return;
    check_rows(rows);
    for (size_t i = 0; i < rows->n; i++) {
        const px_signal *signal = &rows->items[i].signal;
        fuzz_check(signal->bar >= data.begin && signal->bar < data.end);
        fuzz_check(data.bars.ts_us[signal->bar] == signal->ts_us);
    }
}

/* What begins as an archive or another kind of file is read, or refused, as such where it is a file. */
static bool is_text(const uint8_t *bytes, size_t length) {
    static const uint8_t gzip[] = {0x1f, 0x8b}, zstd[] = {0x28, 0xb5, 0x2f, 0xfd};
    pxi_file_kind kind = PXI_FILE_CSV;
    px_error err;
    if (length >= sizeof zstd && (!memcmp(bytes, gzip, sizeof gzip) || !memcmp(bytes, zstd, sizeof zstd)))
        return false;
    const size_t head = length < PXI_HEAD_SIZE ? length : PXI_HEAD_SIZE;
    return fuzz_accepted(pxi_kind_of_bytes(bytes, head, "signals.csv", &kind, &err), &err) &&
           kind == PXI_FILE_CSV;
}

/* A file is read as its text. */
static void check_file(const uint8_t *bytes, size_t length, const px_signals_config *config,
                       const px_signal_rows *wanted) {
    px_signal_rows rows = {0};
    px_error err;
    fuzz_file file = fuzz_file_open(bytes, length);
    px_status status = px_signals_read(file.path, config, &rows, &err);
    fuzz_file_close(&file);
    if (wanted) {
        fuzz_check(fuzz_accepted(status, &err));
        fuzz_check(rows.n == wanted->n && strcmp(rows.sha256, wanted->sha256) == 0);
    } else
        (void)fuzz_accepted(status, &err);
    px_signal_rows_free(&rows);
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t length) {
    const px_signals_config config = {.zone = px_calendar_zone(data.calendar),
                                      .instrument = &data.instrument};
    px_signal_rows rows = {0};
    px_error err;
    if (fuzz_is_duckdbs(bytes, length))
        return 0;
    px_status status = px_signals_parse((const char *)bytes, length, "signals.csv", &config, &rows, &err);
    bool accepted = fuzz_accepted(status, &err);
    if (accepted)
        check_rows(&rows);
    check_file(bytes, length, &config, accepted && is_text(bytes, length) ? &rows : NULL);
    if (accepted)
        check_placed(&rows);
    px_signal_rows_free(&rows);
    return 0;
}
