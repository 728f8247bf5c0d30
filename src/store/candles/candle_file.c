// SPDX-License-Identifier: Apache-2.0
#include "store/candles/candle_file.h"

#include <endian.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define XXH_INLINE_ALL
#include <xxhash.h>

#include "base/error.h"
#include "base/file.h"
#include "base/mem.h"
#include "files/duck/table_parquet.h"

#define KEY         "pixity_checksum"
#define BEGINNING   "xxh3 bars "
#define DIGITS      16
#define TAIL_BYTES  8 /* of a Parquet file: the footer's length, "PAR1" */
#define MOST_FOOTER (64u << 20)
#define SMALL_FILE  (1 << 20)    /* up to here the pages are checked whenever a file is read */
#define PIECE_BYTES (128u << 10) /* fits the second-level cache */
#define N_COLUMNS   6

/* ---- bars ---------------------------------------------------------------------------------------------- */

struct pxi_bars_digest {
    XXH3_state_t columns[N_COLUMNS];
};

static void begin_anew(pxi_bars_digest *digest) {
    for (int c = 0; c < N_COLUMNS; c++)
        XXH3_64bits_reset(&digest->columns[c]);
}

pxi_bars_digest *pxi_bars_digest_new(void) {
    pxi_bars_digest *digest = aligned_alloc(64, sizeof *digest);
    if (digest) {
        for (int c = 0; c < N_COLUMNS; c++)
            XXH3_INITSTATE(&digest->columns[c]);
        begin_anew(digest);
    }
    return digest;
}

void pxi_bars_digest_free(pxi_bars_digest **digest) {
    free(*digest);
    *digest = NULL;
}

void pxi_bars_digest_add(pxi_bars_digest *digest, const px_bars *bars, size_t begin, size_t end) {
    const void *columns[N_COLUMNS] = {bars->ts_us + begin, bars->open + begin,  bars->high + begin,
                                      bars->low + begin,   bars->close + begin, bars->volume + begin};
    for (int c = 0; c < N_COLUMNS; c++)
        XXH3_64bits_update(&digest->columns[c], columns[c], (end - begin) * sizeof(double));
}

uint64_t pxi_bars_digest_end(pxi_bars_digest *digest) {
    uint64_t parts[N_COLUMNS];
    for (int c = 0; c < N_COLUMNS; c++)
        parts[c] = htole64(XXH3_64bits_digest(&digest->columns[c]));
    begin_anew(digest);
    return XXH3_64bits(parts, sizeof parts);
}

/* As the file will have them: a zero has no sign there. */
static px_status digest_stored(const px_bars *bars, uint64_t *out, px_error *err) {
    enum { BLOCK = 2048 };
    double copies[5][BLOCK];
    pxi_bars_digest *digest = pxi_bars_digest_new();
    if (!digest)
        return pxi_fail_memory(err);
    for (size_t begin = 0; begin < bars->n; begin += BLOCK) {
        const size_t n = bars->n - begin < BLOCK ? bars->n - begin : BLOCK;
        const double *columns[] = {bars->open, bars->high, bars->low, bars->close, bars->volume};
        for (size_t c = 0; c < 5; c++)
            for (size_t i = 0; i < n; i++)
                copies[c][i] = columns[c][begin + i] + 0.0;
        const px_bars block = {.n = n,
                               .ts_us = bars->ts_us + begin,
                               .open = copies[0],
                               .high = copies[1],
                               .low = copies[2],
                               .close = copies[3],
                               .volume = copies[4]};
        pxi_bars_digest_add(digest, &block, 0, n);
    }
    *out = pxi_bars_digest_end(digest);
    pxi_bars_digest_free(&digest);
    return PX_OK;
}

/* ---- the file ------------------------------------------------------------------------------------------ */

typedef struct footer {
    unsigned char *bytes; /* from the end of the pages to the file's end */
    size_t n;
    off_t begin;
} footer;

static px_status fail_damaged(const char *what, px_error *err) {
    return pxi_fail(err, PX_ECORRUPT, "%s", what);
}

static px_status read_at(int fd, void *to, size_t n, off_t at, px_error *err) {
    const ssize_t got = pread(fd, to, n, at);
    if (got < 0)
        return pxi_fail_errno(err, "read", "a candle file");
    return (size_t)got == n ? PX_OK : fail_damaged("it ends too early", err);
}

static px_status footer_read(int fd, footer *out, px_error *err) {
    struct stat info;
    unsigned char tail[TAIL_BYTES];
    if (fstat(fd, &info) != 0)
        return pxi_fail_errno(err, "read", "a candle file");
    if (info.st_size < 2 * TAIL_BYTES)
        return fail_damaged("it is no Parquet file", err);
    px_status status = read_at(fd, tail, sizeof tail, info.st_size - TAIL_BYTES, err);
    if (status)
        return status;
    const uint64_t length =
        (uint64_t)tail[0] | (uint64_t)tail[1] << 8 | (uint64_t)tail[2] << 16 | (uint64_t)tail[3] << 24;
    if (memcmp(tail + 4, "PAR1", 4) != 0 || length > MOST_FOOTER ||
        (off_t)length + 2 * TAIL_BYTES > info.st_size + 4)
        return fail_damaged("it is no Parquet file", err);
    out->n = (size_t)length + TAIL_BYTES;
    out->begin = info.st_size - (off_t)out->n;
    out->bytes = malloc(out->n);
    return out->bytes ? read_at(fd, out->bytes, out->n, out->begin, err) : pxi_fail_memory(err);
}

static px_status digest_pages(int fd, off_t end, uint64_t *out, px_error *err) {
    XXH3_state_t *state = XXH3_createState();
    unsigned char *piece = malloc(PIECE_BYTES);
    px_status status = state && piece ? PX_OK : pxi_fail_memory(err);
    if (!status)
        XXH3_64bits_reset(state);
    for (off_t at = 0; !status && at < end; at += PIECE_BYTES) {
        const size_t n = end - at < (off_t)PIECE_BYTES ? (size_t)(end - at) : PIECE_BYTES;
        status = read_at(fd, piece, n, at, err);
        if (!status)
            XXH3_64bits_update(state, piece, n);
    }
    if (!status)
        *out = XXH3_64bits_digest(state);
    free(piece);
    XXH3_freeState(state);
    return status;
}

/* Where a checksum's text has its three numbers. */
#define TEXT_LENGTH                                                                                          \
    (sizeof BEGINNING - 1 + DIGITS + sizeof " pages " - 1 + DIGITS + sizeof " footer " - 1 + DIGITS)

static void format_checksum(uint64_t bars, uint64_t pages, uint64_t all, char out[TEXT_LENGTH + 1]) {
    snprintf(out, TEXT_LENGTH + 1, BEGINNING "%016" PRIx64 " pages %016" PRIx64 " footer %016" PRIx64, bars,
             pages, all);
}

/* The text in a footer; NULL where there is none. Half of one is damage. */
static px_status find_text(const footer *f, unsigned char **out, px_error *err) {
    unsigned char *text = memmem(f->bytes, f->n, BEGINNING, sizeof BEGINNING - 1);
    const bool has_key = memmem(f->bytes, f->n, KEY, sizeof KEY - 1) != NULL;
    if (has_key != (text != NULL) || (text && (size_t)(f->bytes + f->n - text) < TEXT_LENGTH))
        return fail_damaged("its checksum cannot be read", err);
    *out = text;
    return PX_OK;
}

/* Of the footer as it was before its own digest stood in it. */
static uint64_t digest_footer(const footer *f, unsigned char *text) {
    memset(text + TEXT_LENGTH - DIGITS, '0', DIGITS);
    return XXH3_64bits(f->bytes, f->n);
}

static px_status sign(int fd, uint64_t bars, px_error *err) {
    footer f = {0};
    unsigned char *text = NULL;
    char checksum[TEXT_LENGTH + 1];
    uint64_t pages = 0;
    px_status status = footer_read(fd, &f, err);
    if (!status)
        status = find_text(&f, &text, err);
    if (!status && !text)
        status = pxi_fail(err, PX_ELIBRARY, "DuckDB left out the metadata");
    if (!status)
        status = digest_pages(fd, f.begin, &pages, err);
    if (!status) {
        format_checksum(bars, pages, 0, checksum);
        memcpy(text, checksum, TEXT_LENGTH);
        format_checksum(bars, pages, digest_footer(&f, text), checksum);
        const off_t at = f.begin + (text - f.bytes);
        if (pwrite(fd, checksum, TEXT_LENGTH, at) != (ssize_t)TEXT_LENGTH || fsync(fd) != 0)
            status = pxi_fail_errno(err, "write", "a candle file");
    }
    free(f.bytes);
    return status;
}

px_status pxi_candle_file_write(pxi_duck *duck, const px_bars *bars, const char *path, px_error *err) {
    char checksum[TEXT_LENGTH + 1], metadata[TEXT_LENGTH + 64];
    uint64_t digest = 0;
    px_status status = digest_stored(bars, &digest, err);
    if (status)
        return status;
    format_checksum(digest, 0, 0, checksum);
    snprintf(metadata, sizeof metadata, "{" KEY ": '%s'}", checksum);
    status = pxi_bars_write(duck, bars, metadata, path, err);
    if (status)
        return status;
    const int fd = open(path, O_RDWR | O_CLOEXEC);
    if (fd < 0)
        return pxi_fail_errno(err, "open", path);
    status = sign(fd, digest, err);
    close(fd);
    return status ? pxi_fail_prefix(err, status, "%s", path) : PX_OK;
}

static bool parse_digits(const unsigned char *text, uint64_t *out) {
    char digits[DIGITS + 1] = {0}, *end;
    memcpy(digits, text, DIGITS);
    *out = strtoull(digits, &end, 16);
    return strspn(digits, "0123456789abcdef") == DIGITS && *end == '\0';
}

/* The numbers of a text that is of one piece. */
static bool parse_checksum(const unsigned char *text, uint64_t numbers[3]) {
    char again[TEXT_LENGTH + 1];
    const unsigned char *bars = text + sizeof BEGINNING - 1, *pages = bars + DIGITS + sizeof " pages " - 1;
    if (!parse_digits(bars, &numbers[0]) || !parse_digits(pages, &numbers[1]) ||
        !parse_digits(text + TEXT_LENGTH - DIGITS, &numbers[2]))
        return false;
    format_checksum(numbers[0], numbers[1], numbers[2], again);
    return memcmp(again, text, TEXT_LENGTH) == 0;
}

px_status pxi_checksum_read(int fd, bool whole, pxi_checksum *out, px_error *err) {
    footer f = {0};
    unsigned char *text = NULL;
    uint64_t numbers[3] = {0}, pages = 0;
    px_status status = footer_read(fd, &f, err);
    if (!status)
        status = find_text(&f, &text, err);
    if (!status && text) {
        if (!parse_checksum(text, numbers) || digest_footer(&f, text) != numbers[2])
            status = fail_damaged("its footer is not the one that was written (checksum)", err);
        else if (whole || f.begin <= SMALL_FILE) {
            status = digest_pages(fd, f.begin, &pages, err);
            if (!status && pages != numbers[1])
                status = fail_damaged("its bytes are not those that were written (checksum)", err);
        }
    }
    if (!status)
        *out = (pxi_checksum){text != NULL, numbers[0], numbers[1]};
    free(f.bytes);
    return status;
}
