// SPDX-License-Identifier: Apache-2.0
#ifndef SERVER_GZIP_H
#define SERVER_GZIP_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Compresses into a malloc'ed text that the caller frees; level 1 (fast) to 9. NULL: no memory, or it is not
 * smaller. Same bytes, same result: the header holds no time. */
char *gzip_compress(const void *bytes, size_t length, int level, size_t *out_length);
/* Whether an Accept-Encoding header (NULL = absent) takes gzip. */
bool gzip_accepted(const char *header);

#endif
