// SPDX-License-Identifier: Apache-2.0
/* The one table of products. It stands with the settings because exits and labels, which know nothing of
 * costs, ask it for the square-off. */
#ifndef PXI_PRODUCTS_H
#define PXI_PRODUCTS_H

#include "pixity/config.h"

typedef struct pxi_product {
    px_segment segment, overnight; /* charged as, and once it has crossed into a later session */
    int square_off;                /* minute of the local day, or PX_NO_TIME */
    bool allows_short;
    double max_leverage; /* INFINITY = what the settings say */
    bool pays_cash;      /* in full, at the fill */
    bool needs_lot;      /* trades in nothing but lots: a run says where the lot is not known */
    /* What a run says; NULL = nothing. */
    const char *notice;          /* in any case */
    const char *crossed;         /* "%zu ...", of trades that crossed into a later session */
    bool levered_overnight;      /* of shorts held overnight, and of longs worth more than the equity */
    const char *index_traded_as; /* "... is an index, traded and charged as if it were ..." */
} pxi_product;

extern const pxi_product pxi_products[PX_N_PRODUCTS];

static inline const pxi_product *pxi_product_of(const px_config *config) {
    return &pxi_products[config->product];
}

/* px_config_square_off is this function, inlined for labels. */
static inline int pxi_config_square_off(const px_config *config) {
    return config->square_off == PX_TIME_BY_PRODUCT ? pxi_product_of(config)->square_off : config->square_off;
}

#endif
