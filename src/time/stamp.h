// SPDX-License-Identifier: Apache-2.0
/* Times as text, one after the other. */
#ifndef PXI_STAMP_H
#define PXI_STAMP_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include "pixity/time.h"

/* Set zone and form; the rest is what is known of the day of the last time, from zero. */
typedef struct pxi_stamp {
    const px_zone *zone;
    bool iso;                 /* as px_time_format_iso writes it, else as px_time_format_local */
    int64_t begin_us, end_us; /* where the date and the offset hold */
    int64_t midnight_us;      /* when this day began, or would have with this offset */
    uint8_t date_length, offset_length;
    char date[20], offset[12];
} pxi_stamp;

/* Writes up to PX_TIME_TEXT_SIZE bytes without a terminator; returns their end. */
char *pxi_put_stamp(char *to, pxi_stamp *stamp, int64_t ts_us);

#endif
