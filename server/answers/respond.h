// SPDX-License-Identifier: Apache-2.0
/* How answers are finished; for routes.c. */
#ifndef SERVER_RESPOND_H
#define SERVER_RESPOND_H

#include "server/server.h"

/* A failed handler: the error document of its status, in place of what it had filled in. */
void respond_failure(http_response *response, px_status status, const px_error *err);
/* An entity tag: the same bytes have the same. */
#define RESPOND_TAG_SIZE 40
void respond_tag(const void *bytes, size_t length, char tag[RESPOND_TAG_SIZE]);
/* The last step of every answer: 304 where the client has it (If-None-Match), gzip where that is worth it. */
void respond_finish(const http_request *request, http_response *response);

#endif
