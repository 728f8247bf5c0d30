// SPDX-License-Identifier: Apache-2.0
#ifndef FAIL_H
#define FAIL_H

#include "pixity/pixity.h"

/* Fills the error and gives its code back. */
px_status server_fail(px_error *err, px_status code, const char *format, ...) PX_PRINTF(3, 4);

#endif
