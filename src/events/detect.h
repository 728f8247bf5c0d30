// SPDX-License-Identifier: Apache-2.0
/* Event types: each looks at columns around one bar, elementwise, and marks sides in a mask. The batch driver
 * calls it on blocks, the stream driver on one bar with the one before it: one definition. */
#ifndef PXI_DETECT_H
#define PXI_DETECT_H

#include "pixity/events.h"

/* Element 0 stands before the first bar looked at. */
typedef struct pxi_event_columns {
    const double *close;
    const double *feature[PX_N_FEATURES];
} pxi_event_columns;

/* A mask word has two bits a type, in the order of events on a bar: long, then short. As wide as a double, so
 * that comparisons become masks without narrowing. */
typedef int64_t pxi_event_mask;
#define PXI_LONG_BIT(type)  (INT64_C(1) << (2 * (type)))
#define PXI_SHORT_BIT(type) (INT64_C(2) << (2 * (type)))

typedef struct pxi_event_kind {
    const char *name;
    /* ORs `long_bit` and `short_bit` into mask[i], i in [0, n), for bar begin + i. */
    void (*detect)(const pxi_event_columns *columns, const px_config *config, size_t begin, size_t n,
                   pxi_event_mask long_bit, pxi_event_mask short_bit, pxi_event_mask *mask);
} pxi_event_kind;

extern const pxi_event_kind pxi_trend;     /* trend.c */
extern const pxi_event_kind pxi_reversion; /* reversion.c */
extern const pxi_event_kind *const pxi_event_kinds[PX_N_EVENT_TYPES];

/* Model inputs of one bar; previous_ema20 is that of the bar before. */
void pxi_inputs_compute(const px_calendar *calendar, int64_t ts_us, double close, double previous_ema20,
                        const double row[PX_N_FEATURES], double out[PX_N_INPUTS]);

#endif
