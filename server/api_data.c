// SPDX-License-Identifier: Apache-2.0
#include "server.h"

const server_route data_routes[] = {
    {0},
};
