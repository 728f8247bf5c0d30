// SPDX-License-Identifier: Apache-2.0
/* What stands between the digits of a file's numbers: points or commas, for decimals or thousands. */
#include "base/error.h"
#include "base/text.h"
#include "files/meaning/meaning.h"

#include <ctype.h>
#include <math.h>
#include <string.h>
#include <strings.h>

typedef struct votes {
    size_t point, comma;   /* for the decimal sign */
    size_t comma_of_three; /* one comma with three digits behind: either */
    size_t point_of_three;
} votes;

/* What stands before the first digit or behind the last is a sign of a currency or a unit ("Rs.", "M"). */
static void vote(const char *text, votes *v) {
    const char *const first = text + strcspn(text, "0123456789"), *comma = NULL, *point = NULL;
    size_t n_commas = 0, n_points = 0, behind = 0; /* digits behind the last mark */
    for (const char *p = first; *p; p++)
        if ((*p == ',' || *p == '.') && isdigit((unsigned char)p[1])) {
            *(*p == ',' ? &comma : &point) = p;
            *(*p == ',' ? &n_commas : &n_points) += 1;
            behind = strspn(p + 1, "0123456789");
        }
    if (comma && point)
        *(comma > point ? &v->comma : &v->point) += 1;
    else if (n_commas + n_points > 1) /* between thousands */
        *(comma ? &v->point : &v->comma) += 1;
    else if (comma)
        *(behind == 3 ? &v->comma_of_three : &v->comma) += 1;
    else if (point)
        *(behind == 3 ? &v->point_of_three : &v->point) += 1;
}

px_status pxi_numbers_find(const pxi_rows *rows, const pxi_sample *sample, pxi_meaning *out, px_source *notes,
                           px_error *err) {
    votes v = {0};
    out->numbers = (pxi_number_form){'.', ','};
    for (size_t role = PXI_ROLE_OPEN; role <= PXI_ROLE_VOLUME; role++) {
        const size_t at = out->at[role];
        if (at == PXI_NO_COLUMN || rows->columns[at].kind != PXI_TEXT)
            continue;
        for (size_t row = 0; row < sample->n; row++)
            vote(pxi_sample_text(sample, row, at), &v);
    }
    if (v.comma && v.point)
        return pxi_fail(
            err, PX_EINPUT,
            "some of its numbers have a decimal comma and some a decimal point: write them in one way");
    const bool by_separator = !v.point && !v.comma && v.comma_of_three && !v.point_of_three &&
                              (rows->separator == ';' || rows->separator == '\t');
    if (v.comma || by_separator) {
        out->numbers = (pxi_number_form){',', '.'};
        pxi_source_note(notes, "numbers have a decimal comma");
    } else if (v.comma_of_three)
        pxi_source_note(notes, "commas in numbers stand between thousands");
    return PX_OK;
}
