// SPDX-License-Identifier: Apache-2.0
/* The documents of a run, from what is read of it already. */
#ifndef PXI_DOCUMENTS_H
#define PXI_DOCUMENTS_H

#include "report/equity.h"
#include "report/stored.h"

/* As px_run_months and px_run_distributions. */
px_status pxi_months_document(const pxi_stored_run *run, const char *run_id, const pxi_equity *equity,
                              const px_table *trades, char **json, px_error *err);
px_status pxi_distributions_document(const px_table *trades, const char *run_id, char **json, px_error *err);

#endif
