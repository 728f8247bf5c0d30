// SPDX-License-Identifier: Apache-2.0
/* Reads every stored one-minute bar of a symbol: `read_candles HOME SYMBOL`. bench/run measures the whole
 * process. */
#include "pixity/store.h"

#include <stdio.h>

int main(int argc, char **argv) {
    px_home *home = NULL;
    px_instrument instrument;
    px_bars bars = {0};
    px_error err = {0};
    if (argc != 3)
        return 2;
    px_status status = px_home_open(argv[1], &home, &err);
    if (!status)
        status = px_instrument_find(home, argv[2], NULL, PX_NO_DATE, &instrument, &err);
    if (!status)
        status = px_candles_read(home, &instrument, 1, INT64_MIN, INT64_MAX, &bars, &err);
    if (status)
        fprintf(stderr, "read_candles: %s\n", err.message);
    else
        printf("%zu bars, last close %.2f\n", bars.n, bars.close[bars.n - 1]);
    px_bars_free(&bars);
    px_home_close(&home);
    return status ? 1 : 0;
}
