// SPDX-License-Identifier: Apache-2.0
/* Files on their way into the store: HOME/uploads/<id>/<name>, one a folder. */
#ifndef SERVER_UPLOADS_H
#define SERVER_UPLOADS_H

#include "server/server.h"

/* The path of an upload's file, malloc'ed; NULL: no such upload, or no memory. Whatever is no id has none. */
char *upload_find(const char *home_path, const char *id);
/* Removes an upload. False: there was none. */
bool upload_remove(const char *home_path, const char *id);
/* Removes what is older than a day, and bodies that were never finished. */
void uploads_sweep(const char *home_path, int64_t now_s);

/* Handlers of api_jobs.c. */
px_status upload_add(server_call *call, px_error *err);
px_status upload_delete(server_call *call, px_error *err);

#endif
