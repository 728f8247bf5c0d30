// SPDX-License-Identifier: Apache-2.0
#include "files/meaning/line_reader.h"

#include "base/text.h"

px_status pxi_line_header(char *line, size_t length, const px_zone *zone, pxi_line_reader *out,
                          px_error *err) {
    const char *names[PXI_CSV_MAX_COLUMNS];
    pxi_rows_column columns[PXI_CSV_MAX_COLUMNS];
    px_status status = pxi_csv_names(line, length, &out->separator, names, &out->n_columns, err);
    if (status)
        return status;
    for (size_t i = 0; i < out->n_columns; i++)
        columns[i] = (pxi_rows_column){names[i], PXI_TEXT, NULL};
    const pxi_rows rows = {.n_columns = out->n_columns, .columns = columns, .name = "the stream"};
    pxi_meaning meaning;
    status = pxi_meaning_of_names(&rows, &meaning, err);
    return status ? status
                  : pxi_bar_reader_make(&rows, &meaning, &(px_source_config){0}, zone, &out->bars, err);
}

bool pxi_line_read(pxi_line_reader *reader, char *line, size_t length, px_bar *bar,
                   char reason[PXI_REASON_SIZE]) {
    pxi_field fields[PXI_CSV_MAX_COLUMNS];
    pxi_cell_text texts[PXI_N_SLOTS];
    pxi_cells cells[PXI_N_SLOTS];
    const size_t number = 1;
    size_t n = pxi_csv_split(line, length, reader->separator, fields, reader->n_columns);
    if (!pxi_csv_row_fits(n, reader->n_columns, reason, PXI_REASON_SIZE))
        return false;
    for (size_t i = 0; i < reader->bars.n_wanted; i++) {
        const pxi_field *f = &fields[reader->bars.wanted[i]];
        texts[i] = (pxi_cell_text){f->text, f->length};
        cells[i] = (pxi_cells){.u.text = &texts[i]};
    }
    pxi_copy(reason, PXI_REASON_SIZE, "it has no prices");
    return pxi_bar_read(&reader->bars, &(pxi_batch){1, cells, &number, NULL, 0}, 0, bar, reason) ==
           PXI_ROW_BAR;
}
