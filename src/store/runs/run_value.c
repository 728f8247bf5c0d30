// SPDX-License-Identifier: Apache-2.0
/* A run in memory: built piece by piece, looked at, freed. */
#include "store/runs/run_json.h"

#include "base/mem.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

void pxi_run_set(char **text, const char *value, bool *failed) {
    free(*text);
    *text = value ? strdup(value) : NULL;
    *failed |= value && !*text;
}

void pxi_run_add_number(px_run_numbers *numbers, const char *name, double value, bool whole, bool *failed) {
    char *copy = strdup(name);
    if (!copy || !pxi_grow(&numbers->items, &numbers->capacity, numbers->n + 1, sizeof *numbers->items)) {
        free(copy);
        *failed = true;
        return;
    }
    numbers->items[numbers->n++] = (px_run_number){copy, value, whole};
}

void pxi_run_add_text(px_run_texts *texts, const char *text, bool *failed) {
    char *copy = strdup(text);
    if (!copy || !pxi_grow(&texts->items, &texts->capacity, texts->n + 1, sizeof *texts->items)) {
        free(copy);
        *failed = true;
        return;
    }
    texts->items[texts->n++] = copy;
}

double px_run_number_of(const px_run_numbers *numbers, const char *name) {
    for (size_t i = 0; i < numbers->n; i++)
        if (strcmp(numbers->items[i].name, name) == 0)
            return numbers->items[i].value;
    return NAN;
}

bool px_run_failed(const px_run *run) {
    return run->status && strcmp(run->status, "failed") == 0;
}
