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

static void vote(const char *text, votes *v) {
    const char *comma = strchr(text, ','), *point = strchr(text, '.');
    const char *last_comma = strrchr(text, ','), *last_point = strrchr(text, '.');
    if (!comma && !point)
        return;
    if (comma && point) {
        *(last_comma > last_point ? &v->comma : &v->point) += 1;
        return;
    }
    const char *first = comma ? comma : point, *last = comma ? last_comma : last_point;
    size_t behind = 0;
    while (isdigit((unsigned char)last[1 + behind]))
        behind++;
    if (first != last) /* between thousands */
        *(comma ? &v->point : &v->comma) += 1;
    else if (behind == 3)
        *(comma ? &v->comma_of_three : &v->point_of_three) += 1;
    else
        *(comma ? &v->comma : &v->point) += 1;
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
