// SPDX-License-Identifier: Apache-2.0
/* Who may talk to the server. A session is a random name and an expiry under a MAC whose key lies in the home
 * folder: it outlives the server, and nothing is stored for each. The header token is a second MAC over the
 * session, which a page of another origin can neither read nor make. Comparisons take the same time whatever
 * differs. */
#ifndef SERVER_SECRETS_H
#define SERVER_SECRETS_H

#include "pixity/pixity.h"

#include <stdbool.h>
#include <stdint.h>

#define SECRETS_TEXT_SIZE 128
typedef struct secrets secrets; /* any number of threads */

/* Reads HOME/server.key, made with mode 0600 where it is absent; in a folder that cannot be written the key
 * is for this server only. The folder must exist. Errors: PX_EIO, PX_ECORRUPT, PX_ENOMEM. */
px_status secrets_open(const char *home_path, secrets **out, px_error *err);
void secrets_close(secrets **handle);
/* A new key in the home folder: every session has ended, and every link that was not used, of servers too
 * that run now. Errors: PX_EIO. */
px_status secrets_revoke(const char *home_path, px_error *err);

/* Seconds that a session lasts. */
enum { SECRETS_SESSION_S = 30 * 24 * 3600 };
void secrets_make_session(secrets *own, int64_t now_s, char session[SECRETS_TEXT_SIZE]);
bool secrets_check_session(secrets *own, int64_t now_s, const char *session); /* NULL is false */
void secrets_make_token(secrets *own, const char *session, char token[SECRETS_TEXT_SIZE]);
bool secrets_check_token(secrets *own, const char *session, const char *token); /* NULL is false */

/* Links work once. The last 16 that were made and not used are known. */
void secrets_make_link(secrets *own, char token[SECRETS_TEXT_SIZE]);
bool secrets_use_link(secrets *own, const char *token);

/* Keeps an Argon2id hash of the password in HOME/server.password, mode 0600, and ends every session. Errors:
 * PX_EINPUT for one of under 10 characters, PX_EIO, PX_ENOMEM. */
px_status secrets_set_password(const char *home_path, const char *password, px_error *err);
bool secrets_has_password(const char *home_path);
/* Makes a session for who knows the password. One at a time, as each takes 64 MiB and a moment on purpose. A
 * password that is changed meanwhile ends this session too. */
bool secrets_sign_in(secrets *own, const char *password, int64_t now_s, char session[SECRETS_TEXT_SIZE]);

const char *secrets_library_version(void); /* of libsodium */

#endif
