// SPDX-License-Identifier: Apache-2.0
#include "pixity/pixity.h"

const char *px_version(void) {
    return PX_VERSION;
}
