// SPDX-License-Identifier: Apache-2.0
/* Models that other libraries made. A file is recognised by what it holds, whatever its name; what is no
 * model that can be brought in is named for what it is. Files are untrusted: every count and every place in
 * them is held against the bytes that are there. docs/model.md. */
#ifndef PXI_FOREIGN_H
#define PXI_FOREIGN_H

#include "base/json.h"
#include "learners/learner.h"

/* Whatever is larger is refused before it is read. */
#define PXI_FOREIGN_MOST_BYTES (64L << 20)
enum { PXI_FOREIGN_MOST_TREES = 100000, PXI_FOREIGN_MOST_NODES = 1 << 24 };

/* A file, in memory. */
typedef struct pxi_foreign_file {
    const char *bytes;
    size_t length;
    const char *origin;         /* names it in messages */
    const char *inputs;         /* what its columns are, with commas between; NULL = as the file says */
    const pxi_columns *columns; /* the same as a card has them, or NULL */
    const json_t *document;     /* of a file that is JSON, else NULL */
} pxi_foreign_file;

/* What comes of it. */
typedef struct pxi_foreign {
    px_predictor *predictor;
    json_t *facts;      /* what a card says of the learner */
    pxi_columns inputs; /* as a card lists them */
} pxi_foreign;
void pxi_foreign_free(pxi_foreign *foreign);
/* The document of a file that begins as JSON does, else NULL. Errors: as pxi_json_parse. */
px_status pxi_foreign_parse(const char *bytes, size_t length, const char *origin, json_t **out,
                            px_error *err);

/* *out from a zeroed struct. Errors: PX_EINPUT with what the file is and what is taken, PX_ENOMEM. */
px_status pxi_foreign_read(const char *bytes, size_t length, const char *origin, const char *inputs,
                           pxi_foreign *out, px_error *err);

/* A file of tools/sklearn_to_json.py alone. */
px_status pxi_sklearn_read(const char *text, size_t length, const char *origin, pxi_foreign *out,
                           px_error *err);

/* A format: how it is known, and how it is read. */
typedef struct pxi_foreign_format {
    const char *taken; /* "XGBoost (JSON or UBJSON ...)": what a refusal says of it */
    bool (*recognise)(const pxi_foreign_file *file);
    px_status (*read)(const pxi_foreign_file *file, pxi_foreign *out, px_error *err);
} pxi_foreign_format;
extern const pxi_foreign_format pxi_xgboost_format, pxi_lightgbm_format;
extern const pxi_foreign_format pxi_onnx_format, pxi_sklearn_format;

/* Reads a file that was kept as it came, with the columns of its card. Errors: PX_ECORRUPT. */
px_status pxi_foreign_reopen(const pxi_foreign_format *format, const pxi_model_bytes *bytes,
                             px_predictor **out, px_error *err);

/* "FILE: what is wrong": PX_EINPUT. */
px_status pxi_foreign_fail(const pxi_foreign_file *file, px_error *err, const char *format, ...)
    PX_PRINTF(3, 4);

/* The columns of a file by the names that it gives them, by `file->inputs`, or, where there are neither, in
 * the order of PX_INPUTS. `names`: n texts, NULL where it gives none. */
px_status pxi_foreign_columns(const pxi_foreign_file *file, const json_t *names, size_t n, pxi_columns *out,
                              px_error *err);

#endif
