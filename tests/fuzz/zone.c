// SPDX-License-Identifier: Apache-2.0
/* Zone files (TZif): the spans of what is read ascend, begin before everything, and stay within a day. */
#include "fuzz.h"

#include "time/zone.h"

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t length) {
    pxi_span *spans = NULL;
    size_t n = 0;
    px_error err;
    if (!fuzz_accepted(pxi_tzif_parse(bytes, length, "fuzz", &spans, &n, &err), &err)) {
        fuzz_check(!spans && n == 0);
        return 0;
    }
    fuzz_check(n > 0 && spans[0].begin_us == INT64_MIN);
    for (size_t i = 0; i < n; i++) {
        fuzz_check(i == 0 || spans[i - 1].begin_us < spans[i].begin_us);
        fuzz_check(llabs(spans[i].offset_us) < PX_US_PER_DAY);
    }
    free(spans);
    return 0;
}
