// SPDX-License-Identifier: Apache-2.0
/* The table of what can be asked. */
#ifndef PXI_REQUEST_TABLE_H
#define PXI_REQUEST_TABLE_H

#include "pixity/requests.h"

extern const px_field pxi_fields[];
extern const size_t pxi_n_fields;
/* The requests of the API, "backtest"; NULL past the end. */
const char *pxi_request_at(size_t i);

#endif
