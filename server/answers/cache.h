// SPDX-License-Identifier: Apache-2.0
/* Answers that are asked for again and again, kept whole while what they tell is of one version. */
#ifndef CACHE_H
#define CACHE_H

#include "server/server.h"

/* Gives the kept answer of this path and query, else makes it with `make` and keeps it. An answer of another
 * version is never given. Bounded in number and bytes: those unused for longest go. */
px_status respond_cached(server_call *call, uint64_t version, px_status (*make)(server_call *, px_error *),
                         px_error *err);
void cache_free(void); /* once nothing is answered any more */

#endif
