// SPDX-License-Identifier: Apache-2.0
#include "server.h"

const server_route models_routes[] = {
    {0},
};
