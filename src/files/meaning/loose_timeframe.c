// SPDX-License-Identifier: Apache-2.0
/* A timeframe as files write it: "5min", "1 hour", "D". */
#include "files/meaning/meaning.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

int pxi_timeframe_loose(const char *text) {
    static const struct {
        const char *unit;
        int minutes;
    } units[] = {{"", 1},
                 {"m", 1},
                 {"min", 1},
                 {"mins", 1},
                 {"minute", 1},
                 {"minutes", 1},
                 {"h", 60},
                 {"hr", 60},
                 {"hour", 60},
                 {"hours", 60},
                 {"d", PX_TIMEFRAME_DAY},
                 {"day", PX_TIMEFRAME_DAY},
                 {"days", PX_TIMEFRAME_DAY},
                 {"t", 1},
                 {"daily", PX_TIMEFRAME_DAY}};
    char *unit;
    long count = strtol(text, &unit, 10);
    if (unit == text)
        count = *text ? 1 : 0;
    if (strcmp(unit, "M") == 0 && count == 1) /* a month, as Binance and TradingView write it */
        return 0;
    if (count < 1)
        return 0;
    for (size_t i = 0; i < sizeof units / sizeof *units; i++)
        if (strcasecmp(unit, units[i].unit) == 0 && count <= PX_TIMEFRAME_DAY / units[i].minutes)
            return (int)count * units[i].minutes;
    return 0;
}
