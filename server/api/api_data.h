// SPDX-License-Identifier: Apache-2.0
#ifndef API_DATA_H
#define API_DATA_H

#include "server/server.h"

/* px_candles_list with times as text, ISO 8601 with the offset of each series' exchange. */
px_status api_stored_series(px_home *home, px_table *out, px_error *err);
/* api_symbols.c: instruments by what their names hold. */
px_status api_symbols(server_call *call, px_error *err);

#endif
