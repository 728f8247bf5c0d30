// SPDX-License-Identifier: Apache-2.0
#ifndef HTTP_SOCKET_H
#define HTTP_SOCKET_H

#include "server/http/http.h"

/* Listens on config's address and port; *port is the one that it got. Errors: PX_EINPUT (no address, in use,
 * not allowed), PX_EIO. */
px_status http_socket_open(const http_config *config, int *out, int *port, bool *v6, px_error *err);

#endif
