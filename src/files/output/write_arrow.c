// SPDX-License-Identifier: Apache-2.0
/* Arrow: a file that is Feather of version 2 too. Its buffers are not compressed, so that readers map them
 * and the same table gives the same bytes. Times are microseconds in UTC of the exchange's zone.
 *
 * Metadata is written front to back: a table, whose offsets are filled in when what they point to is there.
 * Every member of a table has eight bytes, of which readers take as many as its type has. */
#include "files/arrow/flatbuffers.h"
#include "files/output/output.h"

#include "base/error.h"
#include "base/file.h"
#include "base/text.h"
#include "files/arrow/arrow.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

enum { BATCH_ROWS = 65536, ALIGNED = 64, VERSION_5 = 4, BLOCK = 24 };
static const char magic[8] = "ARROW1";

/* ---- metadata ------------------------------------------------------------------------------------------ */

static void pad(pxi_text *b, size_t to, size_t before) {
    static const char zeroes[ALIGNED] = {0};
    pxi_text_add(b, zeroes, (to - (b->length + before) % to) % to);
}

static void put(pxi_text *b, const void *bytes, size_t n) {
    pxi_text_add(b, bytes, n);
}

static void put_u32(pxi_text *b, uint32_t value) {
    put(b, &value, sizeof value);
}

static void put_i64(pxi_text *b, int64_t value) {
    put(b, &value, sizeof value);
}

/* A table of `n` members, all zero; those whose bit is not in `present` are absent. Returns its place. */
static size_t put_table(pxi_text *b, unsigned n, unsigned present) {
    enum { MEMBER = 8 };
    pad(b, MEMBER, 0);
    const size_t slots = b->length;
    const uint16_t sizes[2] = {(uint16_t)(4 + 2 * n), (uint16_t)(MEMBER + MEMBER * n)};
    put(b, sizes, sizeof sizes);
    for (unsigned i = 0; i < n; i++) {
        const uint16_t at = present >> i & 1 ? (uint16_t)(MEMBER + MEMBER * i) : 0;
        put(b, &at, sizeof at);
    }
    pad(b, MEMBER, 0);
    const size_t table = b->length;
    put_u32(b, (uint32_t)(table - slots));
    put_u32(b, 0);
    for (unsigned i = 0; i < n; i++)
        put_i64(b, 0);
    return table;
}

static void set_i64(pxi_text *b, size_t at, int64_t value, size_t n) {
    if (!b->failed)
        memcpy(b->data + at, &value, n);
}

static size_t member(size_t table, unsigned slot) {
    return table + 8 + 8 * (size_t)slot;
}

static void set(pxi_text *b, size_t table, unsigned slot, int64_t value) {
    set_i64(b, member(table, slot), value, sizeof value);
}

/* Lets the offset at a place point to what comes next. */
static void point(pxi_text *b, size_t at) {
    set_i64(b, at, (int64_t)(b->length - at), sizeof(uint32_t));
}

static void put_string(pxi_text *b, size_t at, const char *text) {
    pad(b, 4, 0);
    point(b, at);
    put_u32(b, (uint32_t)strlen(text));
    put(b, text, strlen(text) + 1);
}

/* Room for n offsets; returns the place of the first. */
static size_t put_offsets(pxi_text *b, size_t at, size_t n) {
    pad(b, 4, 0);
    point(b, at);
    put_u32(b, (uint32_t)n);
    const size_t first = b->length;
    for (size_t i = 0; i < n; i++)
        put_u32(b, 0);
    return first;
}

/* The head of a vector of structs, whose first element lies at a multiple of eight. */
static void put_structs(pxi_text *b, size_t at, size_t n) {
    pad(b, 8, 4);
    point(b, at);
    put_u32(b, (uint32_t)n);
}

/* ---- schema -------------------------------------------------------------------------------------------- */

static pxi_arrow_type_id type_of(px_column_type type) {
    switch (type) {
    case PX_COLUMN_I64:
        return ARROW_INT;
    case PX_COLUMN_F64:
    case PX_COLUMN_QUANTITY:
        return ARROW_FLOAT;
    case PX_COLUMN_TIME:
        return ARROW_TIMESTAMP;
    case PX_COLUMN_TEXT:
        return ARROW_LARGE_UTF8;
    default:
        return ARROW_BOOL;
    }
}

static void put_type(pxi_text *b, size_t at, pxi_arrow_type_id id, const char *zone) {
    enum { DOUBLE = 2, MICROSECONDS = 2 };
    const size_t type = put_table(b, 2,
                                  id == ARROW_INT || id == ARROW_TIMESTAMP ? 3
                                  : id == ARROW_FLOAT                      ? 1
                                                                           : 0);
    set_i64(b, at, (int64_t)(type - at), sizeof(uint32_t));
    if (id == ARROW_INT) {
        set(b, type, 0, 64);
        set(b, type, 1, 1);
    } else if (id == ARROW_FLOAT)
        set(b, type, 0, DOUBLE);
    else if (id == ARROW_TIMESTAMP) {
        set(b, type, 0, MICROSECONDS);
        put_string(b, member(type, 1), zone);
    }
}

static void put_field(pxi_text *b, size_t at, const px_column *column, const char *zone) {
    enum { NAME, NULLABLE, TYPE_ID, TYPE, CHILDREN = 5, N = 6 };
    const size_t field =
        put_table(b, N, 1 << NAME | 1 << NULLABLE | 1 << TYPE_ID | 1 << TYPE | 1 << CHILDREN);
    set_i64(b, at, (int64_t)(field - at), sizeof(uint32_t));
    set(b, field, NULLABLE, 1);
    set(b, field, TYPE_ID, type_of(column->type));
    put_string(b, member(field, NAME), column->name);
    put_type(b, member(field, TYPE), type_of(column->type), zone);
    put_offsets(b, member(field, CHILDREN), 0);
}

static void put_pair(pxi_text *b, size_t at, const char *key, const char *value) {
    const size_t pair = put_table(b, 2, 3);
    set_i64(b, at, (int64_t)(pair - at), sizeof(uint32_t));
    put_string(b, member(pair, 0), key);
    put_string(b, member(pair, 1), value);
}

/* Where the offset at `at` points to; its metadata say what Parquet's do. */
static void put_schema(pxi_text *b, size_t at, const px_table *table, const char *zone) {
    enum { FIELDS = 1, METADATA, N };
    char writer[64];
    const size_t schema = put_table(b, N, 1 << FIELDS | 1 << METADATA);
    set_i64(b, at, (int64_t)(schema - at), sizeof(uint32_t));
    const size_t fields = put_offsets(b, member(schema, FIELDS), table->n_columns);
    for (size_t c = 0; c < table->n_columns; c++)
        put_field(b, fields + 4 * c, &table->columns[c], zone);
    const size_t pairs = put_offsets(b, member(schema, METADATA), 2);
    put_pair(b, pairs, "timezone", zone);
    pxi_copy(writer, sizeof writer, "pixity ");
    pxi_copy(writer + strlen(writer), sizeof writer - strlen(writer), px_version());
    put_pair(b, pairs + 4, "writer", writer);
}

/* ---- the file ------------------------------------------------------------------------------------------ */

typedef struct writing {
    const px_table *table;
    const char *zone;
    pxi_new_file *file;
    uint64_t at;     /* bytes that are written */
    pxi_text blocks; /* of the footer: where each batch lies */
    size_t n_blocks;
} writing;

static void send(writing *w, const void *bytes, size_t n) {
    pxi_new_file_write(w->file, bytes, n); /* what fails is reported at the end */
    w->at += n;
}

/* A message: its metadata begin with an offset to their root. Returns how many bytes it takes without its
 * body. */
static size_t send_message(writing *w, pxi_text *b) {
    const uint32_t continuation = 0xffffffff;
    pad(b, 8, 0);
    const uint32_t length = (uint32_t)b->length;
    send(w, &continuation, sizeof continuation);
    send(w, &length, sizeof length);
    send(w, b->data, b->length);
    return 8 + b->length;
}

/* Returns the place of its header's offset. */
static size_t begin_message(pxi_text *b, pxi_arrow_kind kind, int64_t body_length) {
    enum { VERSION, KIND, HEADER, BODY_LENGTH, N };
    put_i64(b, 0);
    pad(b, 8, 0);
    const size_t message = put_table(b, N, (1 << N) - 1);
    set_i64(b, 0, (int64_t)message, sizeof(uint32_t));
    set(b, message, VERSION, VERSION_5);
    set(b, message, KIND, kind);
    set(b, message, BODY_LENGTH, body_length);
    return member(message, HEADER);
}

static void put_schema_message(pxi_text *b, const px_table *table, const char *zone) {
    put_schema(b, begin_message(b, ARROW_SCHEMA, 0), table, zone);
    pad(b, 8, 0);
}

static px_status send_schema(writing *w, px_error *err) {
    pxi_text b = {0};
    put_schema_message(&b, w->table, w->zone);
    if (!b.failed)
        send_message(w, &b);
    px_status status = b.failed ? pxi_fail_memory(err) : PX_OK;
    pxi_text_free(&b);
    return status;
}

static void put_base64(pxi_text *out, const unsigned char *bytes, size_t n) {
    static const char digits[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    for (size_t i = 0; i < n; i += 3) {
        const uint32_t word = (uint32_t)bytes[i] << 16 | (i + 1 < n ? (uint32_t)bytes[i + 1] << 8 : 0) |
                              (i + 2 < n ? bytes[i + 2] : 0);
        const char four[4] = {digits[word >> 18], digits[word >> 12 & 63],
                              i + 1 < n ? digits[word >> 6 & 63] : '=', i + 2 < n ? digits[word & 63] : '='};
        pxi_text_add(out, four, sizeof four);
    }
}

px_status pxi_arrow_schema_text(const px_table *table, const char *zone, pxi_text *out, px_error *err) {
    pxi_text b = {0}, whole = {0};
    put_schema_message(&b, table, zone);
    put_u32(&whole, 0xffffffff);
    put_u32(&whole, (uint32_t)b.length);
    if (!b.failed)
        put(&whole, b.data, b.length);
    const bool failed = b.failed || whole.failed;
    if (!failed)
        put_base64(out, (const unsigned char *)whole.data, whole.length);
    pxi_text_free(&b);
    pxi_text_free(&whole);
    return failed || out->failed ? pxi_fail_memory(err) : PX_OK;
}

/* ---- batches ------------------------------------------------------------------------------------------- */

static bool is_undefined(const px_column *column, size_t row) {
    return px_column_is_real(column->type) ? isnan(column->u.f64[row]) : column->u.i64[row] == PX_NULL_I64;
}

/* Marks of those that are there; nothing where all are. */
static int64_t put_validity(pxi_text *body, const px_column *column, size_t begin, size_t n) {
    const size_t before = body->length;
    int64_t n_missing = 0;
    unsigned char bits = 0;
    for (size_t i = 0; i < n; i++) {
        const bool missing = is_undefined(column, begin + i);
        n_missing += missing;
        bits = (unsigned char)(bits | (unsigned)!missing << i % 8);
        if (i % 8 == 7 || i + 1 == n) {
            put(body, &bits, 1);
            bits = 0;
        }
    }
    if (!n_missing)
        body->length = before;
    return n_missing;
}

static void put_flags(pxi_text *body, const px_column *column, size_t begin, size_t n) {
    unsigned char bits = 0;
    for (size_t i = 0; i < n; i++) {
        bits = (unsigned char)(bits | (unsigned)(column->u.i64[begin + i] == 1) << i % 8);
        if (i % 8 == 7 || i + 1 == n) {
            put(body, &bits, 1);
            bits = 0;
        }
    }
}

static void put_numbers(pxi_text *body, const px_column *column, size_t begin, size_t n) {
    for (size_t i = begin; i < begin + n; i++) {
        const bool real = px_column_is_real(column->type);
        const double value = real ? column->u.f64[i] + 0.0 : 0; /* -0.0 is 0 */
        if (real)
            put(body, &value, sizeof value);
        else
            put_i64(body, column->u.i64[i]);
    }
}

/* The places of the texts; the texts themselves go to `texts`. */
static px_status put_texts(pxi_text *body, pxi_text *texts, const px_table *table, size_t c, size_t begin,
                           size_t n, px_error *err) {
    put_i64(body, 0);
    for (size_t i = begin; i < begin + n; i++) {
        const char *text = px_table_text(table, c, i);
        if (text && !pxi_is_utf8(text))
            return pxi_fail(err, PX_EINPUT, "row %zu of column \"%s\" is not UTF-8", i + 1,
                            table->columns[c].name);
        if (text)
            pxi_text_puts(texts, text);
        put_i64(body, (int64_t)texts->length);
    }
    return PX_OK;
}

typedef struct batch {
    pxi_text body, nodes, buffers; /* structs of RecordBatch */
    size_t n_buffers, begin;       /* of the buffer that is made, in the body */
} batch;

static void end_buffer(batch *b) {
    put_i64(&b->buffers, (int64_t)b->begin);
    put_i64(&b->buffers, (int64_t)(b->body.length - b->begin));
    b->n_buffers++;
    pad(&b->body, ALIGNED, 0);
    b->begin = b->body.length;
}

static px_status add_column(batch *b, const px_table *table, size_t c, size_t begin, size_t n,
                            px_error *err) {
    const px_column *column = &table->columns[c];
    pxi_text texts = {0};
    px_status status = PX_OK;
    put_i64(&b->nodes, (int64_t)n);
    put_i64(&b->nodes, put_validity(&b->body, column, begin, n));
    end_buffer(b);
    if (column->type == PX_COLUMN_FLAG || column->type == PX_COLUMN_BOOL)
        put_flags(&b->body, column, begin, n);
    else if (column->type == PX_COLUMN_TEXT)
        status = put_texts(&b->body, &texts, table, c, begin, n, err);
    else
        put_numbers(&b->body, column, begin, n);
    end_buffer(b);
    if (column->type == PX_COLUMN_TEXT) {
        if (texts.length)
            put(&b->body, texts.data, texts.length);
        end_buffer(b);
    }
    b->body.failed |= texts.failed;
    pxi_text_free(&texts);
    return status;
}

static void send_batch(writing *w, const batch *b, size_t n) {
    enum { LENGTH, NODES, BUFFERS, N };
    pxi_text m = {0};
    const uint64_t at = w->at;
    const size_t header = begin_message(&m, ARROW_BATCH, (int64_t)b->body.length);
    const size_t record = put_table(&m, N, (1 << N) - 1);
    set_i64(&m, header, (int64_t)(record - header), sizeof(uint32_t));
    set(&m, record, LENGTH, (int64_t)n);
    put_structs(&m, member(record, NODES), w->table->n_columns);
    put(&m, b->nodes.data, b->nodes.length);
    put_structs(&m, member(record, BUFFERS), b->n_buffers);
    put(&m, b->buffers.data, b->buffers.length);
    w->blocks.failed |= m.failed;
    if (!m.failed) {
        put_i64(&w->blocks, (int64_t)at);
        put_i64(&w->blocks, (int64_t)send_message(w, &m));
        put_i64(&w->blocks, (int64_t)b->body.length);
        w->n_blocks++;
        send(w, b->body.data, b->body.length);
    }
    pxi_text_free(&m);
}

static px_status write_batch(writing *w, size_t begin, size_t n, px_error *err) {
    batch b = {0};
    px_status status = PX_OK;
    for (size_t c = 0; c < w->table->n_columns && !status; c++)
        status = add_column(&b, w->table, c, begin, n, err);
    if (!status && (b.body.failed || b.nodes.failed || b.buffers.failed))
        status = pxi_fail_memory(err);
    if (!status)
        send_batch(w, &b, n);
    if (!status && w->blocks.failed)
        status = pxi_fail_memory(err);
    pxi_text_free(&b.body);
    pxi_text_free(&b.nodes);
    pxi_text_free(&b.buffers);
    return status;
}

static px_status send_footer(writing *w, px_error *err) {
    enum { VERSION, SCHEMA, DICTIONARIES, BATCHES, N };
    static const uint32_t end[2] = {0xffffffff, 0};
    pxi_text b = {0};
    put_i64(&b, 0);
    const size_t footer = put_table(&b, N, (1 << N) - 1);
    set_i64(&b, 0, (int64_t)footer, sizeof(uint32_t));
    set(&b, footer, VERSION, VERSION_5);
    put_schema(&b, member(footer, SCHEMA), w->table, w->zone);
    put_structs(&b, member(footer, DICTIONARIES), 0);
    put_structs(&b, member(footer, BATCHES), w->n_blocks);
    if (w->n_blocks)
        put(&b, w->blocks.data, w->blocks.length);
    px_status status = b.failed ? pxi_fail_memory(err) : PX_OK;
    if (!status) {
        const uint32_t length = (uint32_t)b.length;
        send(w, end, sizeof end);
        send(w, b.data, b.length);
        send(w, &length, sizeof length);
        send(w, magic, strlen(magic));
    }
    pxi_text_free(&b);
    return status;
}

px_status pxi_write_arrow(const px_table *table, const pxi_output *output, px_error *err) {
    pxi_new_file file;
    writing w = {.table = table, .zone = px_zone_name(output->zone), .file = &file};
    px_status status = pxi_new_file_begin(output->path, &file, err);
    if (!status) {
        send(&w, magic, sizeof magic);
        status = send_schema(&w, err);
    }
    for (size_t at = 0; !status && at < table->n_rows; at += BATCH_ROWS)
        status = write_batch(&w, at, table->n_rows - at < BATCH_ROWS ? table->n_rows - at : BATCH_ROWS, err);
    if (!status)
        status = send_footer(&w, err);
    pxi_text_free(&w.blocks);
    return pxi_new_file_end(&file, status, err);
}
