// SPDX-License-Identifier: Apache-2.0
#ifndef SERVER_UTF8_H
#define SERVER_UTF8_H

#include <stdbool.h>
#include <stddef.h>

/* Bytes of the character that `text` begins with; 0 where that is none (overlong, a surrogate, cut off) or
 * the end. */
size_t utf8_size(const char *text);
bool utf8_valid(const char *text);
/* Puts '?' in place of each byte that belongs to no character, as where a text was cut off. */
void utf8_repair(char *text);

#endif
