// SPDX-License-Identifier: Apache-2.0
/* The messages of Arrow data. A file says at its end where its dictionaries and batches lie; a stream has one
 * message after the other. What a message holds is described by its metadata, whose buffers lie in its body,
 * alone or compressed. Nothing is believed before it is held against the size of the file. */
#include "base/error.h"
#include "base/mem.h"
#include "files/arrow/arrow.h"
#include "files/source.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <lz4frame.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>
#include <zstd.h>

enum { MOST_METADATA = 1 << 26, PADDING = 16, VERSION_4 = 3 };
static const uint32_t CONTINUATION = 0xffffffff;
static const char magic[] = "ARROW1";

/* Members of the tables of Message.fbs and File.fbs. */
enum { MESSAGE_VERSION, MESSAGE_KIND, MESSAGE_HEADER, MESSAGE_BODY_LENGTH, MESSAGE_METADATA };
enum { FOOTER_VERSION, FOOTER_SCHEMA, FOOTER_DICTIONARIES, FOOTER_BATCHES };
enum { BLOCK_SIZE = 24 };
enum { BATCH_LENGTH, BATCH_NODES, BATCH_BUFFERS, BATCH_COMPRESSION, BATCH_VIEWS };

px_status pxi_arrow_damaged(const pxi_arrow_file *file, const char *what, px_error *err) {
    return pxi_fail(err, PX_EINPUT, "%s is damaged: %s", file->config->path, what);
}

static px_status read_at(const pxi_arrow_file *file, uint64_t at, void *to, size_t n, px_error *err) {
    size_t done = 0;
    if (at > file->size || n > file->size - at)
        return pxi_arrow_damaged(file, "it ends too early", err);
    while (done < n) {
        ssize_t got = pread(file->fd, (char *)to + done, n - done, (off_t)(at + done));
        if (got < 0 && errno == EINTR)
            continue;
        if (got < 0)
            return pxi_fail_errno(err, "read", file->config->path);
        if (got == 0)
            return pxi_arrow_damaged(file, "it ends too early", err);
        done += (size_t)got;
    }
    return PX_OK;
}

/* ---- messages ------------------------------------------------------------------------------------------ */

/* In 2020, pyarrow described compression in a way of its own. */
static bool is_experimental(const pxi_fb_table *message) {
    static const char key[] = "ARROW:experimental_compression";
    const pxi_fb_list list = pxi_fb_vector(message, MESSAGE_METADATA, 4);
    for (size_t i = 0; i < list.n; i++) {
        size_t length;
        const pxi_fb_table pair = pxi_fb_item_table(&list, i);
        const char *found = pxi_fb_text(&pair, 0, &length);
        if (found && length == sizeof key - 1 && memcmp(found, key, length) == 0)
            return true;
    }
    return false;
}

static px_status read_metadata(pxi_arrow_file *file, uint64_t at, uint32_t length, px_error *err) {
    if (length > MOST_METADATA)
        return pxi_arrow_damaged(file, "a message has more metadata than any real one", err);
    if (!pxi_grow(&file->bytes, &file->capacity, length, 1))
        return pxi_fail_memory(err);
    px_status status = read_at(file, at, file->bytes, length, err);
    if (status)
        return status;
    file->flat = (pxi_fb){.data = file->bytes, .size = length};
    const pxi_fb_table message = pxi_fb_root(&file->flat);
    const int64_t body_size = pxi_fb_int(&message, MESSAGE_BODY_LENGTH, 8, 0);
    file->kind = (pxi_arrow_kind)pxi_fb_int(&message, MESSAGE_KIND, 1, 0);
    file->header = pxi_fb_child(&message, MESSAGE_HEADER);
    file->body = at + length;
    if (file->flat.damaged || !file->header.at || body_size < 0 ||
        (uint64_t)body_size > file->size - file->body)
        return pxi_arrow_damaged(file, "a message reaches beyond its end, or is none", err);
    file->body_size = (uint64_t)body_size;
    if (pxi_fb_int(&message, MESSAGE_VERSION, 2, 0) < VERSION_4 || is_experimental(&message))
        return pxi_fail(
            err, PX_EINPUT,
            "%s was written by a library of 2020 or before, whose form is not read: read and write it "
            "with a present one",
            file->config->path);
    return PX_OK;
}

/* A message at a place: its length stands in front, since 2019 behind four bytes of ones. Length 0 ends a
 * stream, as nothing does. */
static px_status read_message(pxi_arrow_file *file, uint64_t at, bool *more, px_error *err) {
    uint32_t words[2] = {0};
    *more = !file->is_stream || at != file->size;
    if (!*more)
        return PX_OK;
    px_status status = read_at(file, at, words, sizeof *words, err);
    const bool is_old = *words != CONTINUATION;
    if (!status && !is_old)
        status = read_at(file, at + 4, words + 1, sizeof *words, err);
    const uint32_t length = words[!is_old];
    *more = length != 0;
    if (status || !*more)
        return status || file->is_stream ? status : pxi_arrow_damaged(file, "a message of it is empty", err);
    return read_metadata(file, at + (is_old ? 4 : 8), length, err);
}

void pxi_arrow_rewind(pxi_arrow_file *file) {
    file->at = file->begin;
    file->at_list = file->at_block = 0;
}

px_status pxi_arrow_next(pxi_arrow_file *file, bool *more, px_error *err) {
    uint64_t at = file->at;
    while (!file->is_stream && file->at_list < 2 && file->at_block == file->blocks[file->at_list].n) {
        file->at_list++;
        file->at_block = 0;
    }
    *more = file->is_stream || file->at_list < 2;
    if (!*more)
        return PX_OK;
    if (!file->is_stream) {
        at = (uint64_t)pxi_fb_item_int(&file->blocks[file->at_list], file->at_block, 0, 8);
        file->at_block++;
    }
    px_status status = read_message(file, at, more, err);
    if (!status && *more && file->kind != ARROW_BATCH && file->kind != ARROW_DICTIONARY)
        status = pxi_arrow_damaged(file, "a message holds no rows", err);
    file->at = file->body + file->body_size;
    return status;
}

/* ---- opening ------------------------------------------------------------------------------------------- */

/* The last bytes are the footer, its length and the magic word. */
static px_status read_footer(pxi_arrow_file *file, pxi_fb_table *schema, px_error *err) {
    struct {
        uint32_t length;
        char word[6];
    } tail;
    const size_t n_tail = 10;
    px_status status = file->size < 2 * n_tail ? pxi_arrow_damaged(file, "it ends too early", err)
                                               : read_at(file, file->size - n_tail, &tail, n_tail, err);
    if (status)
        return status;
    if (memcmp(tail.word, magic, sizeof tail.word) != 0)
        return pxi_arrow_damaged(file, "its end is missing; it was not written, or not copied, to the end",
                                 err);
    if (tail.length > MOST_METADATA || tail.length > file->size - n_tail)
        return pxi_arrow_damaged(file, "its footer is longer than the file", err);
    if (!(file->footer_bytes = malloc((size_t)tail.length + 1)))
        return pxi_fail_memory(err);
    status = read_at(file, file->size - n_tail - tail.length, file->footer_bytes, tail.length, err);
    if (status)
        return status;
    file->footer = (pxi_fb){.data = file->footer_bytes, .size = tail.length};
    const pxi_fb_table footer = pxi_fb_root(&file->footer);
    file->blocks[0] = pxi_fb_vector(&footer, FOOTER_DICTIONARIES, BLOCK_SIZE);
    file->blocks[1] = pxi_fb_vector(&footer, FOOTER_BATCHES, BLOCK_SIZE);
    *schema = pxi_fb_child(&footer, FOOTER_SCHEMA);
    return file->footer.damaged ? pxi_arrow_damaged(file, "its footer points outside of it", err) : PX_OK;
}

static px_status read_schema(pxi_arrow_file *file, pxi_fb_table *schema, px_error *err) {
    bool more = false;
    px_status status = read_message(file, 0, &more, err);
    if (!status && (!more || file->kind != ARROW_SCHEMA))
        status = pxi_arrow_damaged(file, "it does not begin with a schema", err);
    *schema = file->header;
    file->begin = file->body + file->body_size;
    return status;
}

px_status pxi_arrow_open_file(const pxi_opening *o, pxi_arrow_file *file, pxi_arrow_schema *schema,
                              px_error *err) {
    char head[sizeof magic - 1] = {0};
    struct stat info;
    pxi_fb_table described = {0};
    *file = (pxi_arrow_file){.config = o->config, .fd = open(o->file, O_RDONLY | O_CLOEXEC)};
    if (file->fd < 0 || fstat(file->fd, &info) != 0)
        return pxi_fail_errno(err, "open", o->config->path);
    file->size = (uint64_t)info.st_size;
    px_status status = read_at(file, 0, head, sizeof head, err);
    file->is_stream = memcmp(head, magic, sizeof head) != 0;
    if (!status && file->is_stream && memcmp(head, &CONTINUATION, sizeof CONTINUATION) != 0)
        status = pxi_fail(err, PX_EINPUT,
                          "%s is an Arrow file that is compressed as a whole: unpack it and import that",
                          o->config->path);
    if (!status)
        status = file->is_stream ? read_schema(file, &described, err) : read_footer(file, &described, err);
    if (!status) {
        status = pxi_arrow_schema_read(&described, schema, err);
        status = status ? pxi_fail_prefix(err, status, "%s", o->config->path) : PX_OK;
    }
    pxi_arrow_rewind(file);
    return status;
}

void pxi_arrow_close_file(pxi_arrow_file *file) {
    if (file->fd >= 0)
        close(file->fd);
    free(file->footer_bytes);
    free(file->bytes);
    memset(file, 0, sizeof *file);
    file->fd = -1;
}

/* ---- buffers ------------------------------------------------------------------------------------------- */

static px_status take_memory(pxi_arrow_file *file, uint64_t n, pxi_arrow_buffer *out, px_error *err) {
    if (n > pxi_limits_memory(&file->config->limits) - file->memory)
        return pxi_limits_fail_memory(&file->config->limits, file->config->path, err);
    if (!(out->data = malloc((size_t)n + PADDING)))
        return pxi_fail_memory(err);
    memset(out->data + n, 0, PADDING);
    out->size = (size_t)n;
    file->memory += n;
    return PX_OK;
}

px_status pxi_arrow_check_memory(const pxi_arrow_file *file, uint64_t n, px_error *err) {
    enum { CELL = 16 };
    const uint64_t left = pxi_limits_memory(&file->config->limits) - file->memory;
    return n > left / CELL ? pxi_limits_fail_memory(&file->config->limits, file->config->path, err) : PX_OK;
}

static void free_buffer(pxi_arrow_file *file, pxi_arrow_buffer *buffer) {
    free(buffer->data);
    file->memory -= buffer->size;
    *buffer = (pxi_arrow_buffer){0};
}

static bool unpack_lz4(const unsigned char *from, size_t n, pxi_arrow_buffer *to) {
    LZ4F_dctx *context = NULL;
    size_t done = 0, left = 1;
    if (LZ4F_isError(LZ4F_createDecompressionContext(&context, LZ4F_VERSION)))
        return false;
    for (size_t at = 0, got = 1; left && got && !LZ4F_isError(left);) {
        size_t made = to->size - done;
        got = n - at;
        left = LZ4F_decompress(context, to->data + done, &made, from + at, &got, NULL);
        at += got;
        done += made;
        got += made;
    }
    LZ4F_freeDecompressionContext(context);
    return left == 0 && done == to->size;
}

/* Eight bytes say how long it is, or that it is not compressed. */
static px_status unpack(pxi_arrow_file *file, int64_t codec, pxi_arrow_buffer *buffer, px_error *err) {
    enum { LZ4, ZSTD, PREFIX = 8 };
    int64_t length;
    pxi_arrow_buffer packed = *buffer;
    bool done = packed.size >= PREFIX;
    px_status status = PX_OK;
    if (done)
        memcpy(&length, packed.data, PREFIX);
    if (done && length == -1) { /* it would not have become shorter */
        memmove(buffer->data, buffer->data + PREFIX, buffer->size - PREFIX + PADDING);
        buffer->size -= PREFIX;
        file->memory -= PREFIX;
        return PX_OK;
    }
    *buffer = (pxi_arrow_buffer){0};
    done = done && length >= 0;
    if (done)
        status = take_memory(file, (uint64_t)length, buffer, err);
    const size_t n = packed.size - (done ? PREFIX : 0);
    if (done && !status)
        done = codec == ZSTD
                   ? ZSTD_decompress(buffer->data, buffer->size, packed.data + PREFIX, n) == buffer->size
                   : unpack_lz4(packed.data + PREFIX, n, buffer);
    free_buffer(file, &packed);
    return status || done ? status : pxi_arrow_damaged(file, "a compressed buffer does not unfold", err);
}

static px_status load_buffer(pxi_arrow_file *file, const pxi_fb_table *batch, size_t at,
                             pxi_arrow_buffer *out, px_error *err) {
    const pxi_fb_list buffers = pxi_fb_vector(batch, BATCH_BUFFERS, 16);
    const pxi_fb_table compression = pxi_fb_child(batch, BATCH_COMPRESSION);
    const int64_t codec = pxi_fb_int(&compression, 0, 1, 0);
    if (at >= buffers.n)
        return pxi_arrow_damaged(file, "a batch has too few buffers", err);
    const uint64_t offset = (uint64_t)pxi_fb_item_int(&buffers, at, 0, 8),
                   length = (uint64_t)pxi_fb_item_int(&buffers, at, 8, 8);
    if (offset > file->body_size || length > file->body_size - offset)
        return pxi_arrow_damaged(file, "a buffer lies outside of its message", err);
    if (length == 0)
        return PX_OK;
    px_status status = take_memory(file, length, out, err);
    if (!status)
        status = read_at(file, file->body + offset, out->data, (size_t)length, err);
    return status || !compression.at ? status : unpack(file, codec, out, err);
}

/* ---- columns ------------------------------------------------------------------------------------------- */

px_status pxi_arrow_check_batch(pxi_arrow_file *file, const pxi_fb_table *batch,
                                const pxi_arrow_schema *schema, px_error *err) {
    const pxi_fb_list nodes = pxi_fb_vector(batch, BATCH_NODES, 16),
                      views = pxi_fb_vector(batch, BATCH_VIEWS, 8);
    const pxi_fb_table compression = pxi_fb_child(batch, BATCH_COMPRESSION);
    uint64_t n_buffers = schema->n_buffers;
    const int64_t codec = pxi_fb_int(&compression, 0, 1, 0);
    for (size_t i = 0; i < views.n && n_buffers < SIZE_MAX / 2; i++)
        n_buffers += (uint64_t)pxi_fb_item_int(&views, i, 0, 8);
    if (batch->flat->damaged || nodes.n != schema->n_nodes || views.n != schema->n_views ||
        pxi_fb_vector(batch, BATCH_BUFFERS, 16).n != n_buffers)
        return pxi_arrow_damaged(file, "a batch has other columns than the schema", err);
    if (compression.at && (codec < 0 || codec > 1 || pxi_fb_int(&compression, 1, 1, 0) != 0))
        return pxi_fail(err, PX_EINPUT, "%s is compressed in a way that is not read: lz4 and zstd are",
                        file->config->path);
    return PX_OK;
}

/* Buffers of views before this one come in front of its own. */
static size_t shared_before(const pxi_fb_list *views, size_t n) {
    size_t sum = 0;
    for (size_t i = 0; i < n && i < views->n; i++)
        sum += (size_t)pxi_fb_item_int(views, i, 0, 8);
    return sum;
}

static px_status load_shared(pxi_arrow_file *file, const pxi_fb_table *batch, size_t at, size_t n,
                             pxi_arrow_array *out, px_error *err) {
    px_status status = PX_OK;
    if (n > pxi_fb_vector(batch, BATCH_BUFFERS, 16).n)
        return pxi_arrow_damaged(file, "a batch has too few buffers", err);
    if (!(out->shared = pxi_new_array(n, sizeof *out->shared)))
        return pxi_fail_memory(err);
    for (size_t i = 0; i < n && !status; i++) {
        out->n_shared++;
        status = load_buffer(file, batch, at + i, &out->shared[i], err);
    }
    return status;
}

px_status pxi_arrow_load(pxi_arrow_file *file, const pxi_fb_table *batch, const pxi_arrow_type *type,
                         pxi_arrow_place place, pxi_arrow_array *out, px_error *err) {
    const pxi_fb_list nodes = pxi_fb_vector(batch, BATCH_NODES, 16),
                      views = pxi_fb_vector(batch, BATCH_VIEWS, 8);
    const size_t at = place.buffer + shared_before(&views, place.views);
    if (place.node >= nodes.n)
        return pxi_arrow_damaged(file, "a batch has too few columns", err);
    const int64_t n = pxi_fb_item_int(&nodes, place.node, 0, 8);
    const bool has_nulls = pxi_fb_item_int(&nodes, place.node, 8, 8) != 0;
    if (n < 0 || n != pxi_fb_int(batch, BATCH_LENGTH, 8, 0))
        return pxi_arrow_damaged(file, "a column of a batch is of another length", err);
    out->n = (size_t)n;
    if (type->id == ARROW_NULL)
        return PX_OK;
    px_status status = has_nulls ? load_buffer(file, batch, at, &out->valid, err) : PX_OK;
    if (!status)
        status = load_buffer(file, batch, at + 1, &out->values, err);
    if (!status && (type->id == ARROW_UTF8 || type->id == ARROW_LARGE_UTF8))
        status = load_buffer(file, batch, at + 2, &out->texts, err);
    if (!status && type->id == ARROW_UTF8_VIEW && place.views < views.n)
        status =
            load_shared(file, batch, at + 2, (size_t)pxi_fb_item_int(&views, place.views, 0, 8), out, err);
    if (!status && has_nulls && out->valid.size < out->n / 8 + (out->n % 8 != 0))
        status = pxi_arrow_damaged(file, "a column has too few marks of what is missing", err);
    return status;
}

void pxi_arrow_array_free(pxi_arrow_file *file, pxi_arrow_array *array) {
    free_buffer(file, &array->valid);
    free_buffer(file, &array->values);
    free_buffer(file, &array->texts);
    for (size_t i = 0; i < array->n_shared; i++)
        free_buffer(file, &array->shared[i]);
    free(array->shared);
    memset(array, 0, sizeof *array);
}
