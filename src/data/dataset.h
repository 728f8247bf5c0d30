// SPDX-License-Identifier: Apache-2.0
#ifndef PXI_DATASET_H
#define PXI_DATASET_H

#include "base/hash.h"
#include "pixity/dataset.h"

/* What is to be loaded, in instants. */
typedef struct pxi_span {
    int64_t series_us; /* where the series begins: warm-up */
    int64_t begin_us, end_us;
} pxi_span;

/* Whether the one-minute bars that exits are looked for in have to be there; those of the timeframe are then
 * made of them. */
bool pxi_wants_minutes(const px_data_request *request);
/* "2022-08-16 to 2022-09-28", "the beginning to 2022-09-28". */
void pxi_format_window(const px_data_request *request, char *buf, size_t size);
/* Keeps the bars of [begin_us, end_us). PX_ENOMEM. */
px_status pxi_bars_cut(px_bars *bars, int64_t begin_us, int64_t end_us, px_error *err);
/* Appends ", adjusted: 2024-01-31 by 2, ..." */
void pxi_name_adjustments(const px_adjustments *list, char *source, size_t size);
void pxi_hash_bars(pxi_hash *hash, int timeframe_minutes, const px_bars *bars);
void pxi_hash_adjustments(pxi_hash *hash, const px_adjustments *list);

/* How the bars of a request are read in place. */
px_source_config pxi_source_config_of(const px_data_request *request, const px_calendar *calendar);

#endif
