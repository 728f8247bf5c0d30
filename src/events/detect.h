// SPDX-License-Identifier: Apache-2.0
/* Event types: a table of rows that name the columns that they look at. A type looks at columns around one
 * bar, elementwise, and marks sides in a mask: the batch driver calls it on blocks, the stream driver on one
 * bar with the one before it, one definition. */
#ifndef PXI_DETECT_H
#define PXI_DETECT_H

#include "pixity/events.h"

/* Most columns that a type or an input names. */
#define PXI_NAMED_COLUMNS 6

/* Element 0 stands before the first bar looked at. */
typedef struct pxi_event_view {
    const double *close;
    const double *column[PXI_NAMED_COLUMNS]; /* those that the type names, in its order */
} pxi_event_view;

/* A mask word has two bits a type, in the order of events on a bar: long, then short. As wide as a double, so
 * that comparisons become masks without narrowing. */
typedef int64_t pxi_event_mask;
#define PXI_LONG_BIT(type)  (INT64_C(1) << (2 * (type)))
#define PXI_SHORT_BIT(type) (INT64_C(2) << (2 * (type)))

typedef struct pxi_event_kind {
    const char *name;
    const char *const *columns;  /* specs, ended by NULL; PXI_NAMED_COLUMNS at most */
    const char *const *settings; /* keys of the settings that it depends on, ended by NULL; NULL = none */
    /* ORs `long_bit` and `short_bit` into mask[i], i in [0, n), for bar begin + i. */
    void (*detect)(const pxi_event_view *view, const px_config *config, size_t begin, size_t n,
                   pxi_event_mask long_bit, pxi_event_mask short_bit, pxi_event_mask *mask);
} pxi_event_kind;

const pxi_event_kind *pxi_event_kind_at(int type); /* NULL past the end */
/* -1 where there is none of the name; `hint` then takes the nearest one. */
int pxi_event_kind_find(const char *name, char *hint, size_t size);

#endif
