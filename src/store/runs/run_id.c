// SPDX-License-Identifier: Apache-2.0
#include "store/runs/run_index.h"

#include <string.h>

bool px_run_id_valid(const char *id) {
    size_t length = strlen(id);
    return length >= 1 && length <= PXI_RUN_ID_LENGTH && strspn(id, PXI_RUN_LETTERS "._-") == length &&
           strspn(id, PXI_RUN_LETTERS) > 0;
}
