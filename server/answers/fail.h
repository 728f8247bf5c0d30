// SPDX-License-Identifier: Apache-2.0
#ifndef FAIL_H
#define FAIL_H

#include "pixity/pixity.h"

/* Fills the error and gives its code back. */
px_status server_fail(px_error *err, px_status code, const char *format, ...) PX_PRINTF(3, 4);
/* PX_EINPUT: what it is and the word, with the name of these that is nearest: `unknown member "timefrme"; did
 * you mean "timeframe"?`. */
px_status server_fail_unknown(const char *what, const char *word, const char *const *names, size_t n,
                              px_error *err);

#endif
