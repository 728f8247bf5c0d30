// SPDX-License-Identifier: Apache-2.0
/* Parts of a file of tools/sklearn_to_json.py; docs/model.md has the format. */
#ifndef PXI_SKLEARN_H
#define PXI_SKLEARN_H

#include "learners/foreign/committee.h"

typedef struct pxi_json_member {
    const char *name;
    json_type type;
    bool optional;
} pxi_json_member;
/* An object has the members of the table, each of its type, and no others. `where` goes before a message:
 * "tree 3: ", or "". */
px_status pxi_sklearn_members(const pxi_foreign_file *file, const char *where, const json_t *object,
                              const pxi_json_member *members, size_t n, px_error *err);
/* A number that is finite. */
bool pxi_sklearn_number(const json_t *value, double *out);

/* The trees of a forest: their mean. */
px_status pxi_sklearn_trees(const pxi_foreign_file *file, const json_t *list, size_t n_columns,
                            pxi_member *member, px_error *err);

#endif
