// SPDX-License-Identifier: Apache-2.0
/* Reading UBJSON (Universal Binary JSON, draft 12) in place: a value is a view into the bytes, which must
 * outlive it. Nothing is trusted: whatever is cut, too deep or of an unknown type is refused by the first
 * function that meets it. Arrays and objects of one type are read where the type has a size. */
#ifndef PXI_UBJSON_H
#define PXI_UBJSON_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

typedef struct pxi_ubj {
    char type;          /* the mark in the bytes: '{', '[', 'S', 'd', 'l', ...; 0 = no value */
    char of;            /* of a container: the type of all its values; 0 = each has a mark of its own */
    int64_t n;          /* of a container: its values, -1 = they end with a bracket; of a text: its bytes */
    const uint8_t *at;  /* what it holds */
    const uint8_t *end; /* of the document */
} pxi_ubj;

/* The one value of the whole document; type 0 if it is none. */
pxi_ubj pxi_ubj_read(const char *bytes, size_t length);
/* Of an object, by name; type 0 if it has none or is no object. */
pxi_ubj pxi_ubj_member(const pxi_ubj *object, const char *name);
/* The same, downwards: "learner/objective/name". */
pxi_ubj pxi_ubj_find(const pxi_ubj *object, const char *path);

/* Steps through the values of an array. */
typedef struct pxi_ubj_walk {
    pxi_ubj array;
    int64_t n_met;
} pxi_ubj_walk;
pxi_ubj_walk pxi_ubj_begin(const pxi_ubj *array);
/* False past the last value and where there is none that can be read. */
bool pxi_ubj_next(pxi_ubj_walk *walk, pxi_ubj *out);
/* How many values; -1 if it is no array, or they cannot all be read. */
int64_t pxi_ubj_count(const pxi_ubj *array);

/* False where the value is of another type. Booleans are the integers 0 and 1. */
bool pxi_ubj_integer(const pxi_ubj *value, int64_t *out);
bool pxi_ubj_number(const pxi_ubj *value, double *out);
/* Copies a text that fits and has no NUL. */
bool pxi_ubj_text(const pxi_ubj *value, char *buf, size_t size);

#endif
