// SPDX-License-Identifier: Apache-2.0
/* JSON documents, which runs, cards and reports are: what is written reads back as the same, numbers to the
 * last bit. */
#include "fuzz.h"

#include "base/json.h"

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t length) {
    json_t *value = NULL, *again = NULL;
    char *text = NULL;
    px_error err;
    if (!fuzz_accepted(pxi_json_parse((const char *)bytes, length, "document", &value, &err), &err)) {
        fuzz_check(!value);
        return 0;
    }
    fuzz_check(pxi_json_dump(value, &text, NULL) == PX_OK);
    fuzz_check(fuzz_accepted(pxi_json_parse(text, strlen(text), "again", &again, &err), &err));
    fuzz_check(json_equal(value, again));
    json_decref(value);
    json_decref(again);
    free(text);
    return 0;
}
