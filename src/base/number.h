// SPDX-License-Identifier: Apache-2.0
/* Numbers as text, without a terminator and without a look at the locale. px_double_format is the same for
 * callers who want a C string. */
#ifndef PXI_NUMBER_H
#define PXI_NUMBER_H

#include <stddef.h>
#include <stdint.h>

/* Room that either takes. */
#define PXI_NUMBER_ROOM 32

/* Both return the end of what they wrote. NaN is written as nothing. */
char *pxi_put_double(char *to, double value);
char *pxi_put_i64(char *to, int64_t value);

#endif
