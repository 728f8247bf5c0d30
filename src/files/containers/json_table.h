// SPDX-License-Identifier: Apache-2.0
/* Where in a JSON document its tables are, and their rows as lines of text (pulled_text.h). */
#ifndef PXI_JSON_TABLE_H
#define PXI_JSON_TABLE_H

#include "base/text.h"

#include <jansson.h>

typedef enum pxi_json_form {
    PXI_JSON_RECORDS, /* [{"close": 1}, ...] */
    PXI_JSON_VALUES,  /* [[1, 2], ...], with `names` or without */
    PXI_JSON_LISTS,   /* {"close": [1, ...], ...} */
    PXI_JSON_COLUMNS, /* {"close": {"2024-01-01": 1, ...}, ...} */
    PXI_JSON_INDEX,   /* {"2024-01-01": {"close": 1}, ...} */
} pxi_json_form;

/* One table; everything is borrowed from the document. */
typedef struct pxi_json_table {
    pxi_json_form form;
    const json_t *rows;
    const json_t *names; /* of VALUES: the columns; NULL = they have none */
    const json_t
        *times; /* of VALUES and LISTS: a list that stands beside the rows, a value for each; or NULL */
    const char *symbol; /* that the document names for all rows, or NULL */
} pxi_json_table;

typedef struct pxi_json_tables {
    size_t n, capacity;
    pxi_json_table *items;
    bool failed; /* out of memory */
} pxi_json_tables;

/* The tables of a document, in its order. Several are the values of one object, whose keys name their
 * instruments. Zero `out`; free its items. */
void pxi_json_find(const json_t *document, pxi_json_tables *out);
/* The header, where the table names its columns, and all rows. */
void pxi_json_write(const pxi_json_table *table, pxi_text *out);

/* The same for records one by one: adds the keys of a record that `keys`, an array of strings, lacks; the
 * header of them; and a row. False if out of memory. */
bool pxi_json_add_keys(const json_t *record, json_t *keys);
void pxi_json_write_keys(const json_t *keys, pxi_text *out);
void pxi_json_write_record(const json_t *record, const json_t *keys, pxi_text *out);
void pxi_json_write_values(const json_t *row, pxi_text *out);

#endif
