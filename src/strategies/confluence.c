// SPDX-License-Identifier: Apache-2.0
/* Enters where trend and momentum agree; held until they agree on the opposite. */
#include "strategies/alignment.h"

static int on_bar(void *state, const px_bar *bar, const double *columns, px_signal *out) {
    return pxi_alignment_step(state, bar, columns, out);
}

static const px_parameter parameters[] = {PXI_ALIGNMENT_PARAMETERS};
static const char *const columns[] = {PXI_ALIGNMENT_COLUMNS, NULL};

const px_strategy pxi_confluence = {
    .id = "confluence",
    .summary = "long or short where UT Bot, MACD, RSI, VWAP and ADX agree, held until the opposite signal",
    .parameters = parameters,
    .n_parameters = sizeof parameters / sizeof *parameters,
    .check = pxi_alignment_check,
    .state_size = sizeof(pxi_alignment),
    .columns = columns,
    .init = pxi_alignment_init,
    .on_bar = on_bar,
};
