// SPDX-License-Identifier: Apache-2.0
/* Fee tables: one that is read, written and read again is the same. */
#include "fuzz.h"

#include "pixity/risk.h"

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t length) {
    px_fee_table *table = NULL, *again = NULL;
    char *json = NULL, *same = NULL;
    px_error err;
    if (!fuzz_accepted(px_fee_table_read((const char *)bytes, length, "fees.json", &table, &err), &err)) {
        fuzz_check(!table);
        return 0;
    }
    fuzz_check(px_fee_table_to_json(table, &json, NULL) == PX_OK);
    fuzz_check(fuzz_accepted(px_fee_table_read(json, strlen(json), "again", &again, &err), &err));
    fuzz_check(px_fee_table_to_json(again, &same, NULL) == PX_OK);
    fuzz_check(strcmp(json, same) == 0);
    free(json);
    free(same);
    px_fee_table_free(&table);
    px_fee_table_free(&again);
    return 0;
}
