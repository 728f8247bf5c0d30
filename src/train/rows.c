// SPDX-License-Identifier: Apache-2.0
#include "train/rows.h"

#include "base/error.h"
#include "base/mem.h"
#include "models/check.h"

#include <stdlib.h>
#include <string.h>

void pxi_rows_free(pxi_rows *rows) {
    free(rows->x);
    free(rows->y);
    free(rows->r);
    free(rows->side);
    free(rows->label);
    free(rows->begin_bar);
    free(rows->end_bar);
    *rows = (pxi_rows){0};
}

static bool allocate(pxi_rows *rows, size_t n) {
    if (n > SIZE_MAX / PX_N_INPUTS)
        return false;
    rows->x = pxi_new_array(n * PX_N_INPUTS, sizeof *rows->x);
    rows->y = pxi_new_array(n, sizeof *rows->y);
    rows->r = pxi_new_array(n, sizeof *rows->r);
    rows->side = pxi_new_array(n, sizeof *rows->side);
    rows->label = pxi_new_array(n, sizeof *rows->label);
    rows->begin_bar = pxi_new_array(n, sizeof *rows->begin_bar);
    rows->end_bar = pxi_new_array(n, sizeof *rows->end_bar);
    return rows->x && rows->y && rows->r && rows->side && rows->label && rows->begin_bar && rows->end_bar;
}

px_status pxi_rows_build(const pxi_panel *panel, pxi_rows *out, px_error *err) {
    pxi_rows rows = {0};
    if (!allocate(&rows, panel->n_labels)) {
        pxi_rows_free(&rows);
        return pxi_fail_memory(err);
    }
    for (size_t i = 0; i < panel->n_labels; i++) {
        const px_label *label = pxi_panel_label(panel, i);
        const px_event *event = pxi_panel_event(panel, i);
        const pxi_labelled *at = &panel->labels[i];
        if (!pxi_label_complete(label))
            continue;
        size_t row = rows.n++;
        pxi_inputs_to_floats(event->inputs, &rows.x[row * PX_N_INPUTS]);
        rows.y[row] = label->label == 1;
        rows.r[row] = label->realized_r;
        rows.side[row] = event->side;
        rows.label[row] = i;
        rows.begin_bar[row] = pxi_panel_bar(panel, at->ts_us);
        rows.end_bar[row] = pxi_panel_bar(panel, panel->members[at->member].data.bars.ts_us[label->end_bar]);
    }
    *out = rows;
    return PX_OK;
}

size_t pxi_rows_select(const pxi_rows *rows, const uint8_t *mask, float *x, uint8_t *y) {
    size_t n = 0;
    for (size_t i = 0; i < rows->n; i++) {
        if (mask && !mask[i])
            continue;
        memcpy(&x[n * PX_N_INPUTS], &rows->x[i * PX_N_INPUTS], PX_N_INPUTS * sizeof *x);
        y[n++] = rows->y[i];
    }
    return n;
}
