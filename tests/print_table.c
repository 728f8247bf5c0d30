// SPDX-License-Identifier: Apache-2.0
/* For script tests that look into a stored run: `print_table HOME RUN TABLE` prints all columns as CSV. */
#include <stdio.h>
#include <stdlib.h>
#include "pixity/pixity.h"

static px_status print_table(char **arguments, px_error *err) {
    px_home *home = NULL;
    px_calendar *calendar = NULL;
    px_table table = {0};
    char *text = NULL;
    size_t length;
    px_status status = px_home_open(arguments[1], &home, err);
    if (!status)
        status = px_calendar_open("NSE", &calendar, err);
    if (!status)
        status = px_run_read_table(home, arguments[2], arguments[3], &table, err);
    if (!status)
        status = px_table_render(&table, PX_TABLE_CSV, px_calendar_zone(calendar), &text, &length, err);
    if (!status)
        fputs(text, stdout);
    free(text);
    px_table_free(&table);
    px_calendar_close(&calendar);
    px_home_close(&home);
    return status;
}

int main(int n_arguments, char **arguments) {
    px_error err = {0};
    if (n_arguments == 4 && print_table(arguments, &err) == PX_OK)
        return 0;
    fprintf(stderr, "print_table: %s\n", n_arguments == 4 ? err.message : "HOME RUN TABLE");
    return 1;
}
