// SPDX-License-Identifier: Apache-2.0
/* The port that the server listens on. */
#include "server/http/http_socket.h"

#include "server/answers/fail.h"

#include <errno.h>
#include <netdb.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

px_status http_socket_open(const http_config *config, int *out, int *port, bool *v6, px_error *err) {
    struct addrinfo hints = {.ai_flags = AI_NUMERICHOST | AI_PASSIVE, .ai_socktype = SOCK_STREAM},
                    *found = NULL;
    struct sockaddr_storage bound = {0};
    socklen_t size = sizeof bound;
    char service[16];
    int on = 1;
    snprintf(service, sizeof service, "%d", config->port);
    if (getaddrinfo(config->bind, service, &hints, &found))
        return server_fail(err, PX_EINPUT, "--bind %s: an IP address is wanted, such as 127.0.0.1",
                           config->bind);
    int fd = socket(found->ai_family, SOCK_STREAM | SOCK_CLOEXEC, 0);
    *v6 = found->ai_family == AF_INET6;
    bool good = fd >= 0 && !setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on) &&
                !setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on) &&
                !bind(fd, found->ai_addr, found->ai_addrlen) && !listen(fd, SOMAXCONN) &&
                !getsockname(fd, (struct sockaddr *)&bound, &size);
    int why = errno;
    freeaddrinfo(found);
    if (good) {
        *out = fd;
        *port = ntohs(*v6 ? ((struct sockaddr_in6 *)&bound)->sin6_port
                          : ((struct sockaddr_in *)&bound)->sin_port);
        return PX_OK;
    }
    if (fd >= 0)
        close(fd);
    if (why == EADDRINUSE)
        return server_fail(
            err, PX_EINPUT,
            "port %d of %s is in use, perhaps by another pixity serve; choose another with --port, or any "
            "free one with --port 0",
            config->port, config->bind);
    return server_fail(err, why == EACCES || why == EADDRNOTAVAIL ? PX_EINPUT : PX_EIO,
                       "cannot listen on port %d of %s: %s", config->port, config->bind, strerror(why));
}
