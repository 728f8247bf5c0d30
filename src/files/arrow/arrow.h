// SPDX-License-Identifier: Apache-2.0
/* What the files that read Arrow share.
 *
 *   flatbuffers.c     the metadata of messages
 *   arrow_schema.c    columns, their types, and where each begins in a batch
 *   arrow_messages.c  the messages of a file (by its footer) or of a stream, and the buffers in their bodies
 *   arrow_cells.c     buffers → cells
 *   arrow_rows.c      all of this → pxi_rows
 *
 * The format: arrow.apache.org/docs/format/Columnar.html, its schema format/Schema.fbs and
 * format/Message.fbs. */
#ifndef PXI_ARROW_H
#define PXI_ARROW_H

#include "files/arrow/flatbuffers.h"
#include "files/table_rows.h"

/* ---- schema -------------------------------------------------------------------------------------------- */

/* As Schema.fbs numbers them. */
typedef enum pxi_arrow_type_id {
    ARROW_NONE,
    ARROW_NULL,
    ARROW_INT,
    ARROW_FLOAT,
    ARROW_BINARY,
    ARROW_UTF8,
    ARROW_BOOL,
    ARROW_DECIMAL,
    ARROW_DATE,
    ARROW_TIME,
    ARROW_TIMESTAMP,
    ARROW_INTERVAL,
    ARROW_LIST,
    ARROW_STRUCT,
    ARROW_UNION,
    ARROW_FIXED_BINARY,
    ARROW_FIXED_LIST,
    ARROW_MAP,
    ARROW_DURATION,
    ARROW_LARGE_BINARY,
    ARROW_LARGE_UTF8,
    ARROW_LARGE_LIST,
    ARROW_RUN_END,
    ARROW_BINARY_VIEW,
    ARROW_UTF8_VIEW,
    ARROW_LIST_VIEW,
    ARROW_LARGE_LIST_VIEW,
    ARROW_N_TYPES,
} pxi_arrow_type_id;

typedef struct pxi_arrow_type {
    pxi_arrow_type_id id;
    int bits; /* of a whole number, a decimal, a date or a time */
    bool is_signed;
    bool has_zone;      /* of a time */
    int64_t per_second; /* units of a time; 0 = days */
    int scale;          /* of a decimal */
    int64_t period_us;  /* of a whole number that counts periods since 1970; else 0 */
} pxi_arrow_type;

typedef struct pxi_arrow_field {
    char *name;
    pxi_arrow_type type; /* of the values, in a dictionary too */
    bool in_dictionary;
    int64_t dictionary;         /* its id */
    pxi_arrow_type places;      /* of the whole numbers that are places in it */
    size_t node, buffer, views; /* of its own in a batch: nodes, buffers and lists of texts before it */
} pxi_arrow_field;

typedef struct pxi_arrow_schema {
    size_t n, capacity;
    pxi_arrow_field *fields;
    size_t n_nodes, n_buffers, n_views; /* of a batch; buffers of texts that are shared not counted */
} pxi_arrow_schema;

/* *out from a zeroed struct. Errors: PX_EINPUT (damaged, or a form that is not read), PX_ENOMEM. */
px_status pxi_arrow_schema_read(const pxi_fb_table *schema, pxi_arrow_schema *out, px_error *err);
void pxi_arrow_schema_free(pxi_arrow_schema *schema);
bool pxi_arrow_same_type(const pxi_arrow_type *a, const pxi_arrow_type *b);
/* How its cells come. */
pxi_rows_column pxi_arrow_describe(const pxi_arrow_field *field);

/* ---- messages ------------------------------------------------------------------------------------------ */

typedef enum pxi_arrow_kind { ARROW_SCHEMA = 1, ARROW_DICTIONARY, ARROW_BATCH } pxi_arrow_kind;

typedef struct pxi_arrow_file {
    const px_source_config *config;
    int fd;
    uint64_t size;
    bool is_stream;
    unsigned char *footer_bytes; /* of a file */
    pxi_fb footer;
    pxi_fb_list blocks[2]; /* of a file: its dictionaries, its batches */
    size_t at_list, at_block;
    uint64_t begin, at;   /* of a stream: the message behind the schema, the next one */
    unsigned char *bytes; /* of the message's metadata */
    size_t capacity;
    pxi_fb flat;
    pxi_arrow_kind kind;
    pxi_fb_table header; /* of the message: a DictionaryBatch or a RecordBatch */
    uint64_t body, body_size;
    uint64_t memory; /* that buffers take */
} pxi_arrow_file;

/* The buffers of a column. */
typedef struct pxi_arrow_buffer {
    unsigned char *data; /* of malloc, with some zeroes behind; NULL where there are no bytes */
    size_t size;
} pxi_arrow_buffer;

typedef struct pxi_arrow_array {
    size_t n;
    pxi_arrow_buffer valid, values, texts; /* values: also offsets and views */
    pxi_arrow_buffer *shared;              /* of views: the texts that they point into */
    size_t n_shared;
} pxi_arrow_array;

/* Opens o->file and reads its schema. Both are closed also after an error. */
px_status pxi_arrow_open_file(const pxi_opening *o, pxi_arrow_file *file, pxi_arrow_schema *schema,
                              px_error *err);
void pxi_arrow_close_file(pxi_arrow_file *file);
void pxi_arrow_rewind(pxi_arrow_file *file);
/* The next dictionary or batch; *more is false at the end. */
px_status pxi_arrow_next(pxi_arrow_file *file, bool *more, px_error *err);
px_status pxi_arrow_damaged(const pxi_arrow_file *file, const char *what, px_error *err);
/* Where a column begins in a batch. */
typedef struct pxi_arrow_place {
    size_t node, buffer, views;
} pxi_arrow_place;
/* Checks that a RecordBatch of the message has the nodes and buffers of `schema`. */
px_status pxi_arrow_check_batch(pxi_arrow_file *file, const pxi_fb_table *batch,
                                const pxi_arrow_schema *schema, px_error *err);
/* Loads a column. *out from a zeroed struct; pxi_arrow_array_free also after an error. */
px_status pxi_arrow_load(pxi_arrow_file *file, const pxi_fb_table *batch, const pxi_arrow_type *type,
                         pxi_arrow_place place, pxi_arrow_array *out, px_error *err);
/* Whether n values of a dictionary may be kept beside what there is. Errors: as of pxi_limits_fail_memory. */
px_status pxi_arrow_check_memory(const pxi_arrow_file *file, uint64_t n, px_error *err);
void pxi_arrow_array_free(pxi_arrow_file *file, pxi_arrow_array *array);

/* ---- cells --------------------------------------------------------------------------------------------- */

/* Cells as pxi_cells has them, made from buffers. Zero it, make room, free it. */
typedef struct pxi_arrow_cells {
    size_t capacity;
    uint64_t *values; /* whole numbers and doubles */
    float *floats;
    pxi_cell_text *texts;
    uint64_t *valid;
} pxi_arrow_cells;

px_status pxi_arrow_cells_reserve(pxi_arrow_cells *cells, pxi_kind kind, size_t n, px_error *err);
void pxi_arrow_cells_free(pxi_arrow_cells *cells);
/* Cells [begin, begin + n) of an array, to `at` of the cells. False: what the array holds points outside of
 * it. */
bool pxi_arrow_convert(const pxi_arrow_type *type, const pxi_arrow_array *array, size_t begin, size_t n,
                       pxi_arrow_cells *cells, size_t at);
/* The same of places in a dictionary whose values are cells of this kind. */
bool pxi_arrow_look_up(const pxi_arrow_type *places, const pxi_arrow_array *array, size_t begin, size_t n,
                       const pxi_arrow_cells *dictionary, size_t n_dictionary, pxi_kind kind,
                       pxi_arrow_cells *cells);

#endif
