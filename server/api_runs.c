// SPDX-License-Identifier: Apache-2.0
#include "server.h"

const server_route runs_routes[] = {
    {0},
};
