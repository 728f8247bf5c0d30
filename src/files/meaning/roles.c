// SPDX-License-Identifier: Apache-2.0
/* Which column is what. */
#include "files/meaning/meaning.h"

#include "base/error.h"

#include <string.h>
#include <strings.h>

/* A `date` and a `time` beside each other are one moment. */
static void find_clock(const pxi_rows *rows, pxi_meaning *out) {
    size_t date = PXI_NO_COLUMN, time = PXI_NO_COLUMN;
    for (size_t i = 0; i < rows->n_columns; i++) {
        date = strcasecmp(rows->columns[i].name, "date") == 0 ? i : date;
        time = strcasecmp(rows->columns[i].name, "time") == 0 ? i : time;
    }
    if (date != PXI_NO_COLUMN && time != PXI_NO_COLUMN)
        out->clock = time;
}

px_status pxi_columns_choose(const pxi_rows *rows, const px_source_config *config, pxi_meaning *out,
                             px_error *err) {
    static const char *const wanted[] = {"time (date, datetime, timestamp, ts or time)", "open", "high",
                                         "low", "close"};
    int ranks[PXI_N_ROLES];
    (void)config;
    out->clock = PXI_NO_COLUMN;
    for (size_t role = 0; role < PXI_N_ROLES; role++)
        out->at[role] = PXI_NO_COLUMN;
    find_clock(rows, out);
    for (size_t i = 0; i < rows->n_columns; i++) {
        pxi_bar_role role;
        int rank;
        if (i == out->clock || !pxi_name_role(rows->columns[i].name, &role, &rank))
            continue;
        if (out->at[role] != PXI_NO_COLUMN && rank == ranks[role] && role != PXI_ROLE_TIME)
            return pxi_fail(err, PX_EINPUT, "columns \"%s\" and \"%s\" both give the %s; rename or drop one",
                            rows->columns[out->at[role]].name, rows->columns[i].name, pxi_role_name(role));
        if (out->at[role] != PXI_NO_COLUMN && rank >= ranks[role])
            continue;
        out->at[role] = i;
        ranks[role] = rank;
    }
    for (size_t role = 0; role <= PXI_ROLE_CLOSE; role++)
        if (out->at[role] == PXI_NO_COLUMN)
            return pxi_fail(err, PX_EINPUT,
                            "no column for the %s; bars need columns for time, open, high, low, close and, "
                            "where there is any, volume",
                            wanted[role]);
    return PX_OK;
}
