// SPDX-License-Identifier: Apache-2.0
/* Which shorter bars make up a longer one. Bins never overlap and are named by their start, so the parts of a
 * bar are those from its name up to the next one's. */
#include "pixity/resample.h"

#include "base/error.h"
#include "base/mem.h"

#include <stdlib.h>
#include <string.h>

px_status px_detail_make(px_bars *parts, int minutes, const px_bars *bars, px_detail *out, px_error *err) {
    size_t *first = bars->n < SIZE_MAX ? pxi_new_array(bars->n + 1, sizeof *first) : NULL;
    if (!first)
        return pxi_fail_memory(err);
    size_t at = 0;
    for (size_t i = 0; i < bars->n; i++) {
        first[i] = at;
        while (at < parts->n && (i + 1 == bars->n || parts->ts_us[at] < bars->ts_us[i + 1]))
            at++;
    }
    first[bars->n] = at;
    *out = (px_detail){*parts, first, minutes};
    memset(parts, 0, sizeof *parts);
    return PX_OK;
}

void px_detail_free(px_detail *detail) {
    if (!detail)
        return;
    px_bars_free(&detail->bars);
    free(detail->first);
    *detail = (px_detail){0};
}
