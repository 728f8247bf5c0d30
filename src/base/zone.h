// SPDX-License-Identifier: Apache-2.0
/* Spans of constant offset, and the system's zone files (RFC 8536, "TZif"). */
#ifndef PXI_ZONE_H
#define PXI_ZONE_H

#include <stddef.h>
#include <stdint.h>
#include "pixity/time.h"

typedef struct pxi_span {
    int64_t begin_us; /* INT64_MIN for the first; increasing */
    int64_t offset_us;
} pxi_span;

/* Reads the spans of an IANA name, to the end of 2199; malloc'ed, the caller frees. Errors: PX_EINPUT for a
 * name without a file, PX_EIO for a file that is no zone, PX_ENOMEM. */
px_status pxi_tzif_load(const char *name, pxi_span **spans, size_t *n_spans, px_error *err);

/* The same from the bytes of a file; `name` is for messages. */
px_status pxi_tzif_parse(const unsigned char *bytes, size_t length, const char *name, pxi_span **spans,
                         size_t *n_spans, px_error *err);

#endif
