// SPDX-License-Identifier: Apache-2.0
#include "market/quality/quality.h"

#include "base/mem.h"

#include <stdarg.h>
#include <stdio.h>

void pxi_finding_add(pxi_findings *to, int64_t ts_us, size_t n_bars, const char *format, ...) {
    if (to->failed || !pxi_grow(&to->items, &to->capacity, to->n + 1, sizeof *to->items)) {
        to->failed = true;
        return;
    }
    px_quality_place *finding = &to->items[to->n++];
    *finding = (px_quality_place){.check = to->check, .ts_us = ts_us, .n_bars = n_bars};
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(finding->detail, sizeof finding->detail, format, arguments);
    va_end(arguments);
}
