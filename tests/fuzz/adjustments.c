// SPDX-License-Identifier: Apache-2.0
/* Files of splits and bonuses, and factors as an option gives them: what is read is in order and within
 * range, and the same once it is stored. */
#include "fuzz.h"

#include "base/file.h"
#include "pixity/dataset.h"

#include <math.h>

static char folder[64], candles[80];
static px_home *home;
static px_instrument instrument;

static void remove_home(void) {
    px_home_close(&home);
    fuzz_check(pxi_remove_tree(folder, NULL) == PX_OK);
}

int LLVMFuzzerInitialize(int *argc, char ***argv);
int LLVMFuzzerInitialize(int *argc, char ***argv) {
    (void)argc, (void)argv;
    snprintf(folder, sizeof folder, "/dev/shm/pixity-fuzz-%ld", (long)getpid());
    snprintf(candles, sizeof candles, "%s/candles", folder);
    fuzz_check(px_home_open(folder, &home, NULL) == PX_OK);
    fuzz_check(px_instrument_ensure(home, "AAA", "NSE", &instrument, NULL) == PX_OK);
    atexit(remove_home);
    return 0;
}

static void check_factor(const char *text) {
    double factor = -1;
    px_error err;
    if (fuzz_accepted(px_adjustment_factor_parse(text, &factor, &err), &err))
        fuzz_check(factor >= 1 / PX_ADJUSTMENT_FACTOR_MAX && factor <= PX_ADJUSTMENT_FACTOR_MAX &&
                   factor != 1);
    else
        fuzz_check(factor == -1);
}

static void check_list(const px_adjustments *list) {
    double divisor = px_adjustments_divisor(list, INT32_MIN);
    fuzz_check(isfinite(divisor) && divisor > 0);
    for (size_t i = 0; i < list->n; i++) {
        fuzz_check(px_adjustment_check(&list->items[i], NULL) == PX_OK);
        fuzz_check(i == 0 || list->items[i - 1].ex_date < list->items[i].ex_date);
    }
}

static void check_stored(const px_adjustments *list) {
    px_adjustments again = {0};
    px_adjust_report report;
    px_error err;
    fuzz_check(px_adjustments_add(home, &instrument, list, false, &report, NULL) == PX_OK);
    fuzz_check(report.n_added == list->n && report.n_same == 0 && report.n_replaced == 0);
    fuzz_check(fuzz_accepted(px_adjustments_read(home, &instrument, &again, &err), &err));
    fuzz_check(again.n == list->n);
    for (size_t i = 0; i < list->n; i++) {
        const px_adjustment *a = &list->items[i], *b = &again.items[i];
        fuzz_check(a->ex_date == b->ex_date && a->factor == b->factor && strcmp(a->note, b->note) == 0);
    }
    px_adjustments_free(&again);
    fuzz_check(pxi_remove_tree(candles, NULL) == PX_OK);
}

static void check_file(const uint8_t *bytes, size_t length) {
    px_adjustments list = {0};
    px_error err;
    fuzz_file file = fuzz_file_open(bytes, length);
    px_status status = px_adjustments_load(file.path, &(px_source_limits){0}, &list, &err);
    fuzz_file_close(&file);
    if (!fuzz_accepted(status, &err)) {
        fuzz_check(list.n == 0 && !list.items);
        return;
    }
    check_list(&list);
    if (list.n > 0)
        check_stored(&list);
    px_adjustments_free(&list);
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t length) {
    char *text = fuzz_text(bytes, length);
    check_factor(text);
    if (!fuzz_is_duckdbs(bytes, length))
        check_file(bytes, length);
    free(text);
    return 0;
}
