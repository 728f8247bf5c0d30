// SPDX-License-Identifier: Apache-2.0
#include "base/decimal.h"

#include <dragonbox/dragonbox.h>

pxi_decimal pxi_shortest_decimal(double size) {
    auto decimal = jkj::dragonbox::to_decimal(size, jkj::dragonbox::policy::sign::ignore);
    return {decimal.significand, decimal.exponent};
}
