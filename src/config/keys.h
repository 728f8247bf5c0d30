// SPDX-License-Identifier: Apache-2.0
/* The one table of settings. A new key is one line in keys.c. */
#ifndef PXI_KEYS_H
#define PXI_KEYS_H

#include "base/json.h"
#include "pixity/config.h"

typedef enum pxi_key_type {
    PXI_KEY_CHOICE, /* an enum field; `choices` names its values in order */
    PXI_KEY_BOOL,
    PXI_KEY_INT,
    PXI_KEY_REAL,
    PXI_KEY_TEXT,   /* a char array of `size` bytes */
    PXI_KEY_TIME,   /* minute of the local day as "HH:MM", PX_NO_TIME as "none", PX_TIME_BY_PRODUCT as null */
    PXI_KEY_WARMUP, /* days, "all" or "split" */
    PXI_KEY_SLIPPAGE, /* a px_slippage as "none" or "kind:amount" */
    PXI_KEY_IGNORED,  /* accepted and unused */
} pxi_key_type;

typedef struct pxi_key {
    const char *name;
    pxi_key_type type;
    size_t offset, size;
    double min, max;            /* INT and REAL, inclusive */
    double least;               /* REAL: the smallest above 0, which is allowed too; 0 = any */
    bool nullable;              /* REAL: null is NaN, "none" */
    bool only_set;              /* of those: null is not written, as there was no such key once, and accounts
                                   and fingerprints of that time go on */
    const char *const *choices; /* NULL-terminated */
    const char *unit;           /* of its numbers, NULL = none */
    const char *help;           /* one line, with the unit */
} pxi_key;

/* What a lot may be, other than 0 (any fraction). */
#define PXI_SMALLEST_LOT 1e-9
#define PXI_LARGEST_LOT  1e9

extern const pxi_key pxi_keys[];
extern const size_t pxi_n_keys;

/* The key of this name, or NULL with PX_EINPUT and the nearest known name. */
const pxi_key *pxi_key_find(const char *name, px_error *err);
/* Sets a field from JSON; `origin` names the source in messages. */
px_status pxi_key_assign(px_config *config, const pxi_key *key, const json_t *value, const char *origin,
                         px_error *err);
/* Sets the fields that an object names, a profile first; on failure some may be set. Errors: PX_EINPUT. */
px_status pxi_config_assign(px_config *config, const json_t *object, const char *origin, px_error *err);
/* Every field as an object; NULL when out of memory. */
json_t *pxi_config_object(const px_config *config);
/* A field as JSON; null where it has no value. A new reference, NULL on out of memory. */
json_t *pxi_key_value(const px_config *config, const pxi_key *key);

#endif
