// SPDX-License-Identifier: Apache-2.0
/* What the sheets of an XLSX workbook share: their names, the texts of all cells, which number formats are
 * dates. */
#ifndef PXI_WORKBOOK_H
#define PXI_WORKBOOK_H

#include "files/containers/zip_members.h"

typedef struct pxi_sheet {
    char *name, *id, *member; /* member: of the archive */
} pxi_sheet;

typedef struct pxi_workbook {
    bool from_1904; /* days are counted from 1904 on */
    size_t n_sheets, n_texts, n_formats, n_styles;
    size_t sheet_capacity, text_capacity, format_capacity, style_capacity;
    pxi_sheet *sheets;
    char **texts; /* the shared ones */
    struct pxi_format {
        int id;
        bool is_date;
    } * formats;
    bool *styles; /* of each style of cells: its number is a date or time */
    uint64_t memory;
} pxi_workbook;

/* Errors: PX_EINPUT, PX_ENOMEM. */
px_status pxi_workbook_read(pxi_zip *zip, const char *path, const px_source_limits *limits, pxi_workbook *out,
                            px_error *err);
void pxi_workbook_free(pxi_workbook *book);
/* Whether a number with this format is a date or a time ("dd/mm/yyyy", not "0.00" or "[Red]0"). */
bool pxi_format_is_date(const char *code);

#endif
