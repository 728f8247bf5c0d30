// SPDX-License-Identifier: Apache-2.0
/* A death at a chosen moment: the process ends by SIGKILL in place of call number `n`, counted from 0, of
 * those that change files (mkdir, rename, unlink, rmdir, ftruncate, write, pwrite, fsync, fdatasync). A test
 * that tries 0, 1, 2, ... until the work ends by itself has met every state that a crash can leave between
 * two of them, however fast the machine is.
 *
 * A program under test is started with LD_PRELOAD=libkill_at.so and PIXITY_KILL_AT=n. */
#ifndef KILL_AT_H
#define KILL_AT_H

#include <stdbool.h>

#define KILL_AT_API __attribute__((visibility("default")))

KILL_AT_API void kill_at(long n);

/* Does the work in a child that dies at its n-th call; true if it did, false if the work ended before. The
 * child ends with status 1 where the work says that it failed, which ends the test. */
KILL_AT_API bool killed_at(long n, bool (*work)(long round), long round);

#endif
