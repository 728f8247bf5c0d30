// SPDX-License-Identifier: Apache-2.0
/* The files of the page, as tools/embed writes them into the program. */
#ifndef SERVER_PAGE_H
#define SERVER_PAGE_H

#include <stddef.h>

typedef struct server_page_file {
    const char *path; /* "/index.html" */
    const char *content_type;
    const unsigned char *bytes; /* a NUL stands behind them */
    size_t length;
} server_page_file;

extern const server_page_file server_page_files[];
extern const size_t server_page_files_count;

void page_free(void); /* what was compressed; when no server is left */

#endif
