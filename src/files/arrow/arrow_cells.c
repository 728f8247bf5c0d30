// SPDX-License-Identifier: Apache-2.0
/* Buffers of Arrow → cells. */
#include "base/error.h"
#include "base/mem.h"
#include "base/text.h"
#include "files/arrow/arrow.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { US = 1000000 };

px_status pxi_arrow_cells_reserve(pxi_arrow_cells *cells, pxi_kind kind, size_t n, px_error *err) {
    size_t a = cells->capacity, b = cells->capacity, words = (cells->capacity + 63) / 64;
    const bool is_text = kind == PXI_TEXT;
    if (n <= cells->capacity)
        return PX_OK;
    if (!pxi_grow(&cells->valid, &words, (n + 63) / 64, sizeof *cells->valid) ||
        (is_text && !pxi_grow(&cells->texts, &a, n, sizeof *cells->texts)) ||
        (kind == PXI_F32 && !pxi_grow(&cells->floats, &a, n, sizeof *cells->floats)) ||
        (!is_text && kind != PXI_F32 && !pxi_grow(&cells->values, &b, n, sizeof *cells->values)))
        return pxi_fail_memory(err);
    cells->capacity = n;
    return PX_OK;
}

void pxi_arrow_cells_free(pxi_arrow_cells *cells) {
    free(cells->values);
    free(cells->floats);
    free(cells->texts);
    free(cells->valid);
    memset(cells, 0, sizeof *cells);
}

static bool is_valid(const pxi_arrow_array *array, size_t i) {
    return !array->valid.data || (array->valid.data[i / 8] >> i % 8 & 1);
}

static void mark(uint64_t *valid, size_t i, bool is) {
    const uint64_t bit = (uint64_t)1 << i % 64;
    valid[i / 64] = is ? valid[i / 64] | bit : valid[i / 64] & ~bit;
}

/* ---- whole numbers ------------------------------------------------------------------------------------- */

static int64_t whole_at(const pxi_arrow_type *type, const unsigned char *data, size_t i) {
    const size_t bytes = (size_t)type->bits / 8;
    uint64_t value = 0;
    memcpy(&value, data + i * bytes, bytes);
    const unsigned shift = 64 - 8 * (unsigned)bytes;
    return type->is_signed || type->id != ARROW_INT ? (int64_t)(value << shift) >> shift : (int64_t)value;
}

static int64_t floor_divide(int64_t value, int64_t by) {
    return value / by - (value % by < 0);
}

/* Units to microseconds, those that are shorter rounded down. False where no microsecond can say it. */
static bool to_us(int64_t value, int64_t per_second, int64_t *out) {
    if (per_second >= US) {
        *out = floor_divide(value, per_second / US);
        return true;
    }
    return !__builtin_mul_overflow(value, US / per_second, out);
}

static bool whole_cell(const pxi_arrow_type *type, const unsigned char *data, size_t i, uint64_t *to) {
    enum { MS_A_DAY = 86400000 };
    const int64_t value = whole_at(type, data, i);
    int64_t out = value;
    bool is = true;
    if (type->id == ARROW_INT && type->period_us)
        is = !__builtin_mul_overflow(value, type->period_us, &out);
    else if (type->id == ARROW_INT && type->bits == 64 && !type->is_signed) {
        const double wide = (double)(uint64_t)value;
        memcpy(&out, &wide, sizeof out);
    } else if (type->id == ARROW_DATE && type->per_second)
        out = floor_divide(value, MS_A_DAY);
    else if (type->id == ARROW_TIME || type->id == ARROW_TIMESTAMP)
        is = to_us(value, type->per_second, &out);
    *to = (uint64_t)out;
    return is;
}

/* ---- decimals ------------------------------------------------------------------------------------------ */

/* A whole number of up to 256 bits over a power of ten, as the double that is nearest to it: its digits are
 * written down and read as any number is. */
static double decimal_at(const pxi_arrow_type *type, const unsigned char *data, size_t i) {
    enum { LIMBS = 8, MOST_DIGITS = 80 };
    const size_t bytes = (size_t)type->bits / 8;
    uint32_t limbs[LIMBS] = {0};
    char digits[MOST_DIGITS], text[MOST_DIGITS + 16];
    size_t at = MOST_DIGITS, n = bytes / 4;
    double value = 0;
    memcpy(limbs, data + i * bytes, bytes);
    const bool negative = limbs[n - 1] >> 31;
    uint64_t carry = 1;
    for (size_t k = 0; negative && k < n; k++) {
        carry += (uint32_t)~limbs[k];
        limbs[k] = (uint32_t)carry;
        carry >>= 32;
    }
    for (bool more = true; more;) {
        uint64_t rest = 0;
        more = false;
        for (size_t k = n; k-- > 0;) {
            rest = rest << 32 | limbs[k];
            limbs[k] = (uint32_t)(rest / 10);
            rest %= 10;
            more |= limbs[k] != 0;
        }
        digits[--at] = (char)('0' + rest);
    }
    const int length = snprintf(text, sizeof text, "%s%.*se%d", negative ? "-" : "", (int)(MOST_DIGITS - at),
                                digits + at, -type->scale);
    pxi_parse_double(text, (size_t)length, &value);
    return value;
}

/* ---- texts --------------------------------------------------------------------------------------------- */

static bool offset_text(const pxi_arrow_array *array, size_t i, bool is_large, pxi_cell_text *to) {
    uint64_t begin = 0, end = 0;
    const size_t bytes = is_large ? 8 : 4;
    memcpy(&begin, array->values.data + i * bytes, bytes);
    memcpy(&end, array->values.data + (i + 1) * bytes, bytes);
    if (begin > end || end > array->texts.size)
        return false;
    *to = (pxi_cell_text){end > begin ? (const char *)array->texts.data + begin : "", (size_t)(end - begin)};
    return true;
}

/* Up to twelve bytes stand in the view itself, others in a buffer that it names. */
static bool view_text(const pxi_arrow_array *array, size_t i, pxi_cell_text *to) {
    enum { VIEW = 16, INSIDE = 12 };
    uint32_t parts[4]; /* length, first bytes, buffer, offset */
    memcpy(parts, array->values.data + i * VIEW, VIEW);
    const size_t length = parts[0];
    if (length <= INSIDE)
        *to = (pxi_cell_text){(const char *)array->values.data + i * VIEW + 4, length};
    else if (parts[2] >= array->n_shared || parts[3] > array->shared[parts[2]].size ||
             length > array->shared[parts[2]].size - parts[3])
        return false;
    else
        *to = (pxi_cell_text){(const char *)array->shared[parts[2]].data + parts[3], length};
    return true;
}

static bool text_cell(const pxi_arrow_type *type, const pxi_arrow_array *array, size_t i, pxi_cell_text *to) {
    return type->id == ARROW_UTF8_VIEW ? view_text(array, i, to)
                                       : offset_text(array, i, type->id == ARROW_LARGE_UTF8, to);
}

/* ---- cells --------------------------------------------------------------------------------------------- */

/* Bytes that n values take. */
static uint64_t bytes_of(const pxi_arrow_type *type, uint64_t n) {
    switch (type->id) {
    case ARROW_UTF8:
        return n ? 4 * (n + 1) : 0;
    case ARROW_LARGE_UTF8:
        return n ? 8 * (n + 1) : 0;
    case ARROW_UTF8_VIEW:
        return 16 * n;
    default:
        return (uint64_t)type->bits / 8 * n;
    }
}

bool pxi_arrow_convert(const pxi_arrow_type *type, const pxi_arrow_array *array, size_t begin, size_t n,
                       pxi_arrow_cells *cells, size_t at) {
    if (type->id != ARROW_NULL && (array->n > SIZE_MAX / 64 || array->values.size < bytes_of(type, array->n)))
        return false;
    for (size_t i = 0; i < n; i++) {
        bool is = type->id != ARROW_NULL && is_valid(array, begin + i), whole = true;
        if (cells->texts) {
            cells->texts[at + i] = (pxi_cell_text){"", 0};
            whole = !is || text_cell(type, array, begin + i, &cells->texts[at + i]);
        } else if (!is)
            ;
        else if (cells->floats)
            memcpy(&cells->floats[at + i], array->values.data + (begin + i) * sizeof(float), sizeof(float));
        else if (type->id == ARROW_FLOAT)
            memcpy(&cells->values[at + i], array->values.data + (begin + i) * sizeof(double), sizeof(double));
        else if (type->id == ARROW_DECIMAL || type->bits == 128) {
            const double value = decimal_at(type, array->values.data, begin + i);
            memcpy(&cells->values[at + i], &value, sizeof value);
        } else
            is = whole_cell(type, array->values.data, begin + i, &cells->values[at + i]);
        if (!whole)
            return false;
        mark(cells->valid, at + i, is);
    }
    return true;
}

bool pxi_arrow_look_up(const pxi_arrow_type *places, const pxi_arrow_array *array, size_t begin, size_t n,
                       const pxi_arrow_cells *dictionary, size_t n_dictionary, pxi_kind kind,
                       pxi_arrow_cells *cells) {
    if (array->n > SIZE_MAX / 64 || array->values.size < bytes_of(places, array->n))
        return false;
    for (size_t i = 0; i < n; i++) {
        size_t place = 0;
        bool is = is_valid(array, begin + i);
        if (is) {
            place = (size_t)whole_at(places, array->values.data, begin + i);
            if (place >= n_dictionary)
                return false;
            is = dictionary->valid[place / 64] >> place % 64 & 1;
        }
        mark(cells->valid, i, is);
        if (kind == PXI_TEXT)
            cells->texts[i] = is ? dictionary->texts[place] : (pxi_cell_text){"", 0};
        else if (is && kind == PXI_F32)
            cells->floats[i] = dictionary->floats[place];
        else if (is)
            cells->values[i] = dictionary->values[place];
    }
    return true;
}
