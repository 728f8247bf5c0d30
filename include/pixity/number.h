// SPDX-License-Identifier: Apache-2.0
/* Numbers as text. */
#ifndef PX_NUMBER_H
#define PX_NUMBER_H

#include "pixity/status.h"

#include <stddef.h>

#ifdef __cplusplus
extern "C" {
#endif

/* The shortest decimal text that reads back as exactly `value`; "" for NaN. Returns the length.
 * C locale, never exponent form for |value| in [1e-5, 1e15). */
#define PX_DOUBLE_TEXT_SIZE 40
PX_API size_t px_double_format(double value, char buf[PX_DOUBLE_TEXT_SIZE]);

#ifdef __cplusplus
}
#endif
#endif
