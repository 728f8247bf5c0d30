// SPDX-License-Identifier: Apache-2.0
/* Status codes and error messages.
 *
 * Every function that can fail returns a px_status (0 is success) and, if the caller passes a px_error,
 * fills it with what was tried, on what, and what to do. NULL is fine wherever a px_error * is taken.
 * On failure outputs are untouched and nothing is half-saved. */
#ifndef PX_STATUS_H
#define PX_STATUS_H

#include <stdbool.h>
#include <stddef.h>

#if defined(_WIN32)
#error "pixity supports POSIX systems only"
#endif
#define PX_API               __attribute__((visibility("default")))
#define PX_MUST_CHECK        __attribute__((warn_unused_result))
#define PX_PRINTF(fmt, args) __attribute__((format(printf, fmt, args)))

#ifdef __cplusplus
extern "C" {
#endif

typedef enum px_status {
    PX_OK = 0,
    PX_EINPUT,       /* bad input or usage: a wrong file, key, date, name, value */
    PX_ENOTFOUND,    /* something named by the caller does not exist */
    PX_EEXISTS,      /* something to be made exists already, or stored data conflict */
    PX_EMISMATCH,    /* a model, card, home folder or run does not fit what it is used with */
    PX_EIO,          /* reading or writing failed: disk full, read-only, truncated */
    PX_ECORRUPT,     /* our own stored file is damaged */
    PX_ENOMEM,       /* out of memory, or a size that does not fit */
    PX_ELIBRARY,     /* a third-party library failed */
    PX_EINTERRUPTED, /* the caller asked to stop */
    PX_EFAILED,      /* the work is done and its answer is no: a proof failed */
} px_status;

/* A message for people. `message` is always NUL-terminated UTF-8. Caller-owned. */
typedef struct px_error {
    px_status code;
    char message[1024];
} px_error;

/* True if the failure is the request's fault (exit status 2 of the program), false if the work failed. */
PX_API int px_status_is_usage(px_status status);

/* PX_VERSION of the library that is running. */
PX_API const char *px_version(void);

/* Version of the libcrypto that is running. */
PX_API const char *px_crypto_version(void);

/* Short English name of a status ("not found"). Never NULL. */
PX_API const char *px_status_name(px_status status);

/* The name nearest to a word, ignoring case, for messages; NULL if none is near (more than half its length
 * differs). */
PX_API const char *px_name_nearest(const char *word, const char *const *names, size_t n);

/* Whether something new may be called so; `what` it is ("symbol") stands in the message. Errors: PX_EINPUT
 * for a name that a spreadsheet would take for a formula: it starts with =, +, -, @, a tab or a carriage
 * return. */
PX_API PX_MUST_CHECK px_status px_name_check(const char *what, const char *name, px_error *err);

/* Called by long work, always by the thread that asked for the work: what it is doing, and how much of that
 * is done (0 of 0 = not counted). A phase of "" says nothing new. False asks the work to stop: it ends with
 * PX_EINTERRUPTED as soon as it can and leaves nothing half-written. */
typedef bool (*px_progress_fn)(void *user, const char *phase, size_t done, size_t total);

/* How long work is done. Zeroed: nobody follows it, nothing stops it, and it takes every processor. */
typedef struct px_work {
    px_progress_fn progress; /* or NULL */
    void *user;
    int threads; /* at most; 0 = one a processor. No result depends on it. */
} px_work;

#ifdef __cplusplus
}
#endif
#endif
