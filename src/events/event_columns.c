// SPDX-License-Identifier: Apache-2.0
#include "events/event_columns.h"

#include "indicators/frame.h"

#include <assert.h>
#include <string.h>

typedef struct search {
    const px_config *config;
    pxi_event_columns *out;
    pxi_column_spec specs[PXI_MAX_EVENT_COLUMNS]; /* of those found so far */
} search;

/* The number of a column, which is a new one unless it is there already. */
static px_status place(search *s, const char *text, unsigned char *out, px_error *err) {
    pxi_event_columns *columns = s->out;
    pxi_column_spec spec;
    px_status status = pxi_column_spec_parse(text, s->config, &spec, err);
    if (status)
        return status;
    size_t c = 0;
    while (c < columns->n && !pxi_column_spec_same(&s->specs[c], &spec))
        c++;
    if (c == columns->n) {
        s->specs[c] = spec;
        columns->specs[columns->n++] = text;
    }
    *out = (unsigned char)c;
    return PX_OK;
}

static px_status place_all(search *s, const char *const *named, unsigned char *out, px_error *err) {
    px_status status = PX_OK;
    for (size_t c = 0; named[c] && !status; c++) {
        assert(c < PXI_NAMED_COLUMNS);
        status = place(s, named[c], &out[c], err);
    }
    return status;
}

static void find_unread(pxi_event_columns *columns) {
    bool read[PXI_MAX_EVENT_COLUMNS] = {false}, wanted[PXI_MAX_EVENT_COLUMNS] = {false};
    const pxi_event_kind *kind;
    for (int type = 0; (kind = pxi_event_kind_at(type)); type++)
        for (size_t c = 0; kind->columns[c]; c++)
            read[columns->of_type[type][c]] = true;
    for (size_t k = 0; k < PX_N_INPUTS; k++)
        for (size_t c = 0; pxi_inputs[k].columns[c]; c++)
            wanted[columns->of_input[k][c]] = true;
    for (size_t c = 0; c < columns->n; c++)
        if (wanted[c] && !read[c])
            columns->unread[columns->n_unread++] = (unsigned char)c;
}

px_status pxi_event_columns_find(const px_config *config, pxi_event_columns *out, px_error *err) {
    search s = {.config = config, .out = out};
    unsigned char feature;
    px_status status = PX_OK;
    const pxi_event_kind *kind;
    memset(out, 0, sizeof *out);
    for (size_t k = 0; k < PX_N_FEATURES && !status; k++)
        status = place(&s, pxi_frame_columns[k], &feature, err);
    for (int type = 0; (kind = pxi_event_kind_at(type)) && !status; type++)
        status = place_all(&s, kind->columns, out->of_type[type], err);
    for (size_t k = 0; k < PX_N_INPUTS && !status; k++)
        status = place_all(&s, pxi_inputs[k].columns, out->of_input[k], err);
    if (!status)
        find_unread(out);
    return status;
}

void pxi_event_views_make(const pxi_event_columns *columns, const double *close, const double *const *at,
                          pxi_event_views *out) {
    out->close = out->inputs.close = close;
    out->atr = at[PX_ATR];
    for (int type = 0; pxi_event_kind_at(type); type++) {
        out->type[type].close = close;
        for (size_t c = 0; c < PXI_NAMED_COLUMNS; c++)
            out->type[type].column[c] = at[columns->of_type[type][c]];
    }
    for (size_t k = 0; k < PX_N_INPUTS; k++)
        for (size_t c = 0; c < PXI_NAMED_COLUMNS; c++)
            out->inputs.column[k][c] = at[columns->of_input[k][c]];
    out->n_unread = columns->n_unread;
    for (size_t u = 0; u < columns->n_unread; u++)
        out->unread[u] = at[columns->unread[u]];
}
