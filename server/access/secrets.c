// SPDX-License-Identifier: Apache-2.0
#include "server/access/secrets.h"

#include "server/server.h"

#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <sodium.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

enum { N_LINKS = 16, NAME_BYTES = 16, LEAST_PASSWORD = 10 };

struct secrets {
    char *home_path;
    pthread_mutex_t lock, password_lock; /* of key and links; of the memory that a password takes */
    unsigned char key[crypto_auth_KEYBYTES];
    struct stat key_seen; /* of its file, when it was read; another file ends the sessions of this one */
    char links[N_LINKS][SECRETS_TEXT_SIZE]; /* "" = used */
    size_t next_link;
};

/* ---- files -------------------------------------------------------------------------------------------- */

static char *path_of(const char *home_path, const char *name) {
    char *path;
    return asprintf(&path, "%s/%s", home_path, name) < 0 ? NULL : path;
}

/* Writes a file that only its owner reads: beside, flushed, then in place. Without `replace` one that is
 * there stays, which is PX_EEXISTS. */
static px_status write_private(const char *path, const void *bytes, size_t length, bool replace,
                               px_error *err) {
    char *beside;
    if (asprintf(&beside, "%s.XXXXXX", path) < 0)
        return server_fail(err, PX_ENOMEM, "out of memory");
    int fd = mkostemp(beside, O_CLOEXEC); /* mode 0600 */
    bool good = fd >= 0 && write(fd, bytes, length) == (ssize_t)length && !fsync(fd) &&
                !(replace ? rename(beside, path) : link(beside, path));
    int why = errno;
    if (fd >= 0)
        close(fd);
    if (!good || !replace)
        unlink(beside);
    free(beside);
    if (good)
        return PX_OK;
    return server_fail(err, why == EEXIST ? PX_EEXISTS : PX_EIO, "cannot write %s: %s", path, strerror(why));
}

/* Up to `capacity` bytes of a file; -1 where it cannot be read. */
static ssize_t read_private(const char *home_path, const char *name, void *bytes, size_t capacity) {
    char *path = path_of(home_path, name);
    int fd = path ? open(path, O_RDONLY | O_CLOEXEC) : -1;
    ssize_t n = fd >= 0 ? read(fd, bytes, capacity) : -1;
    if (fd >= 0)
        close(fd);
    free(path);
    return n;
}

static px_status read_key(secrets *own, const char *path, px_error *err) {
    ssize_t n = read_private(own->home_path, "server.key", own->key, sizeof own->key);
    if (n == sizeof own->key)
        return PX_OK;
    return server_fail(err, n < 0 ? PX_EIO : PX_ECORRUPT,
                       "%s cannot be read as a key of %zu bytes; remove it, and sign in again", path,
                       sizeof own->key);
}

static bool is_same_file(const struct stat *a, const struct stat *b) {
    return a->st_ino == b->st_ino && a->st_mtim.tv_sec == b->st_mtim.tv_sec &&
           a->st_mtim.tv_nsec == b->st_mtim.tv_nsec;
}

/* Takes the key that another process has put in place since. One that cannot be read, or is gone, changes
 * nothing. The lock is held. */
static void refresh_key(secrets *own) {
    unsigned char made[crypto_auth_KEYBYTES];
    struct stat now;
    char *path = path_of(own->home_path, "server.key");
    bool there = path && !stat(path, &now);
    free(path);
    if (!there || is_same_file(&now, &own->key_seen) ||
        read_private(own->home_path, "server.key", made, sizeof made) != sizeof made)
        return;
    if (memcmp(own->key, made, sizeof made)) { /* links were for those who could sign in before */
        memcpy(own->key, made, sizeof made);
        sodium_memzero(own->links, sizeof own->links);
    }
    own->key_seen = now;
    sodium_memzero(made, sizeof made);
}

static px_status load_key(secrets *own, px_error *err) {
    char *path = path_of(own->home_path, "server.key");
    if (!path)
        return server_fail(err, PX_ENOMEM, "out of memory");
    px_status status = PX_EEXISTS;
    if (access(path, F_OK)) { /* one that is there is kept, on a full disk too */
        crypto_auth_keygen(own->key);
        status = write_private(path, own->key, sizeof own->key, false, NULL);
    }
    status = status == PX_EEXISTS ? read_key(own, path, err) : PX_OK; /* unwritable: for this server only */
    free(path);
    return status;
}

px_status secrets_open(const char *home_path, secrets **out, px_error *err) {
    if (sodium_init() < 0)
        return server_fail(err, PX_ELIBRARY, "libsodium could not be started");
    secrets *own = calloc(1, sizeof *own);
    if (!own || !(own->home_path = strdup(home_path))) {
        free(own);
        return server_fail(err, PX_ENOMEM, "out of memory");
    }
    pthread_mutex_init(&own->lock, NULL);
    pthread_mutex_init(&own->password_lock, NULL);
    px_status status = load_key(own, err);
    if (status)
        secrets_close(&own);
    else
        *out = own;
    return status;
}

void secrets_close(secrets **handle) {
    secrets *own = *handle;
    *handle = NULL;
    if (!own)
        return;
    pthread_mutex_destroy(&own->lock);
    pthread_mutex_destroy(&own->password_lock);
    free(own->home_path);
    sodium_memzero(own, sizeof *own);
    free(own);
}

px_status secrets_revoke(const char *home_path, px_error *err) {
    unsigned char made[crypto_auth_KEYBYTES];
    char *path = path_of(home_path, "server.key");
    if (!path || sodium_init() < 0) {
        free(path);
        return server_fail(err, PX_ENOMEM, "out of memory");
    }
    crypto_auth_keygen(made);
    px_status status = write_private(path, made, sizeof made, true, err);
    sodium_memzero(made, sizeof made);
    free(path);
    return status;
}

/* ---- sessions ----------------------------------------------------------------------------------------- */

static void encode(const unsigned char *bytes, size_t length, char *text) {
    sodium_bin2base64(text, SECRETS_TEXT_SIZE / 2, bytes, length, sodium_base64_VARIANT_URLSAFE_NO_PADDING);
}

/* The key of now. */
static void copy_key(secrets *own, unsigned char key[crypto_auth_KEYBYTES]) {
    pthread_mutex_lock(&own->lock);
    refresh_key(own);
    memcpy(key, own->key, crypto_auth_KEYBYTES);
    pthread_mutex_unlock(&own->lock);
}

/* The MAC of "<purpose>:<text>", as text. */
static void sign_with(const unsigned char key[crypto_auth_KEYBYTES], const char *purpose, const char *text,
                      size_t length, char *out) {
    unsigned char mac[crypto_auth_BYTES];
    crypto_auth_hmacsha512256_state state;
    crypto_auth_hmacsha512256_init(&state, key, crypto_auth_KEYBYTES);
    crypto_auth_hmacsha512256_update(&state, (const unsigned char *)purpose, strlen(purpose) + 1);
    crypto_auth_hmacsha512256_update(&state, (const unsigned char *)text, length);
    crypto_auth_hmacsha512256_final(&state, mac);
    encode(mac, sizeof mac, out);
}

static void sign(secrets *own, const char *purpose, const char *text, size_t length, char *out) {
    unsigned char key[crypto_auth_KEYBYTES];
    copy_key(own, key);
    sign_with(key, purpose, text, length, out);
    sodium_memzero(key, sizeof key);
}

static bool same_text(const char *a, const char *b) {
    size_t length = strlen(a);
    return strlen(b) == length && !sodium_memcmp(a, b, length);
}

/* "<name>.<expiry in hex>.<MAC>" */
static void make_session(const unsigned char key[crypto_auth_KEYBYTES], int64_t now_s,
                         char session[SECRETS_TEXT_SIZE]) {
    unsigned char name[NAME_BYTES];
    char encoded[SECRETS_TEXT_SIZE / 2], mac[SECRETS_TEXT_SIZE / 2];
    randombytes_buf(name, sizeof name);
    encode(name, sizeof name, encoded);
    int used = snprintf(session, SECRETS_TEXT_SIZE, "%.30s.%llx", encoded,
                        (unsigned long long)(now_s + SECRETS_SESSION_S));
    sign_with(key, "session", session, (size_t)used, mac);
    snprintf(session + used, SECRETS_TEXT_SIZE - (size_t)used, ".%.60s", mac);
}

void secrets_make_session(secrets *own, int64_t now_s, char session[SECRETS_TEXT_SIZE]) {
    unsigned char key[crypto_auth_KEYBYTES];
    copy_key(own, key);
    make_session(key, now_s, session);
    sodium_memzero(key, sizeof key);
}

bool secrets_check_session(secrets *own, int64_t now_s, const char *session) {
    char mac[SECRETS_TEXT_SIZE / 2];
    const char *expiry = session ? strchr(session, '.') : NULL,
               *signature = expiry ? strchr(expiry + 1, '.') : NULL;
    if (!signature || strlen(session) >= SECRETS_TEXT_SIZE)
        return false;
    sign(own, "session", session, (size_t)(signature - session), mac);
    return same_text(mac, signature + 1) && (int64_t)strtoll(expiry + 1, NULL, 16) > now_s;
}

void secrets_make_token(secrets *own, const char *session, char token[SECRETS_TEXT_SIZE]) {
    sign(own, "token", session, strlen(session), token);
}

bool secrets_check_token(secrets *own, const char *session, const char *token) {
    char wanted[SECRETS_TEXT_SIZE];
    if (!token)
        return false;
    secrets_make_token(own, session, wanted);
    return same_text(wanted, token);
}

/* ---- links -------------------------------------------------------------------------------------------- */

void secrets_make_link(secrets *own, char token[SECRETS_TEXT_SIZE]) {
    unsigned char bytes[2 * NAME_BYTES];
    randombytes_buf(bytes, sizeof bytes);
    encode(bytes, sizeof bytes, token);
    pthread_mutex_lock(&own->lock);
    snprintf(own->links[own->next_link++ % N_LINKS], SECRETS_TEXT_SIZE, "%s", token);
    pthread_mutex_unlock(&own->lock);
}

bool secrets_use_link(secrets *own, const char *token) {
    bool found = false;
    pthread_mutex_lock(&own->lock);
    refresh_key(own);
    for (size_t i = 0; i < N_LINKS; i++)
        if (*own->links[i] && same_text(own->links[i], token)) {
            sodium_memzero(own->links[i], sizeof own->links[i]);
            found = true;
        }
    pthread_mutex_unlock(&own->lock);
    return found;
}

/* ---- the password ------------------------------------------------------------------------------------- */

px_status secrets_set_password(const char *home_path, const char *password, px_error *err) {
    char hash[crypto_pwhash_STRBYTES];
    char *path = path_of(home_path, "server.password");
    px_status status = PX_OK;
    if (!path || sodium_init() < 0)
        status = server_fail(err, PX_ENOMEM, "out of memory");
    else if (strlen(password) < LEAST_PASSWORD)
        status = server_fail(err, PX_EINPUT, "the password must have at least %d characters", LEAST_PASSWORD);
    else if (crypto_pwhash_str_alg(hash, password, strlen(password), crypto_pwhash_OPSLIMIT_INTERACTIVE,
                                   crypto_pwhash_MEMLIMIT_INTERACTIVE, crypto_pwhash_ALG_ARGON2ID13))
        status = server_fail(err, PX_ENOMEM, "too little memory to hash the password");
    if (!status)
        status = write_private(path, hash, strlen(hash), true, err);
    free(path);
    if (!status && (status = secrets_revoke(home_path, err)))
        server_fail(err, status,
                    "the password is set, but sessions that are open go on; end them with pixity serve "
                    "--end-sessions");
    return status;
}

bool secrets_has_password(const char *home_path) {
    char hash[crypto_pwhash_STRBYTES];
    return read_private(home_path, "server.password", hash, sizeof hash) > 0;
}

/* The key is taken before the password is looked at: a new password is written before the new key is, so
 * that whoever was let in by the old one has a session of the old key. */
bool secrets_sign_in(secrets *own, const char *password, int64_t now_s, char session[SECRETS_TEXT_SIZE]) {
    char hash[crypto_pwhash_STRBYTES] = "";
    unsigned char key[crypto_auth_KEYBYTES];
    copy_key(own, key);
    ssize_t n = read_private(own->home_path, "server.password", hash, sizeof hash - 1);
    pthread_mutex_lock(&own->password_lock);
    bool good = n > 0 && !crypto_pwhash_str_verify(hash, password, strlen(password));
    pthread_mutex_unlock(&own->password_lock);
    if (good)
        make_session(key, now_s, session);
    sodium_memzero(key, sizeof key);
    return good;
}

const char *secrets_library_version(void) {
    return sodium_version_string();
}
