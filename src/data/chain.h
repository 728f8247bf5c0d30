// SPDX-License-Identifier: Apache-2.0
/* Continuous series of the home folder.
 *
 *   chain_contracts.c    which contracts there are and were, which of them a window needs, in which timeframe
 *   chain.c              their bars, joined; what the series is made of */
#ifndef PXI_CHAIN_H
#define PXI_CHAIN_H

#include "data/dataset.h"
#include "data/series_choice.h"

/* The contracts of a root, stored or known to have been, by day of expiry. */
typedef struct pxi_chain_plan {
    px_home *home;
    const px_data_request *request;
    const pxi_span *wanted;
    const px_calendar *calendar;
    char root[PX_NAME_SIZE]; /* in capitals */
    size_t n, capacity;
    px_chain_contract *contracts;
} pxi_chain_plan;

/* Fills root and contracts. Errors: PX_ENOTFOUND with the roots that there are where none is stored,
 * PX_EINPUT for a symbol that is one contract, a day of expiry that is not known, two contracts of one day.
 */
px_status pxi_chain_find(pxi_chain_plan *plan, px_error *err);
/* The instants in which the window has a contract rolled by expiry; false where it has it never. */
bool pxi_chain_needs(const pxi_chain_plan *plan, size_t i, int64_t *begin_us, int64_t *end_us);
/* As pxi_series_choose, for the contracts that the window needs; those that are too coarse are no choice. */
px_status pxi_chain_choose(const pxi_chain_plan *plan, int timeframe_minutes, pxi_series_choice *out,
                           px_error *err);

/* Reads, adjusts and joins; fills all of the dataset but what is made of its bars. Errors: as
 * px_dataset_load. */
px_status pxi_chain_read(px_home *home, const px_data_request *request, const pxi_span *wanted,
                         px_dataset *out, int *input_minutes, px_error *err);

#endif
