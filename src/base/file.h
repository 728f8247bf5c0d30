// SPDX-License-Identifier: Apache-2.0
/* Files that are whole or not there. */
#ifndef PXI_FILE_H
#define PXI_FILE_H

#include <stdbool.h>
#include <stddef.h>
#include <sys/types.h>
#include "pixity/status.h"

/* Reads a whole file, NUL-terminated, malloc'ed. Errors: PX_ENOTFOUND, PX_EIO, PX_ENOMEM. */
px_status pxi_file_read(const char *path, char **out, size_t *length, px_error *err);
/* Writes beside, flushes, renames. On failure nothing is left. Errors: PX_EIO. */
px_status pxi_file_write(const char *path, const void *bytes, size_t length, px_error *err);
/* The same piece by piece. A write that fails is reported by pxi_new_file_end, which also puts the file into
 * its place or, where `status` says that something else failed, removes it; it returns what came first and
 * accepts a file whose begin failed. */
typedef struct pxi_new_file {
    char *path, *beside;
    int fd, problem; /* errno of the first write that failed */
} pxi_new_file;
px_status pxi_new_file_begin(const char *path, pxi_new_file *out, px_error *err);
bool pxi_new_file_write(void *file, const char *bytes, size_t length);
px_status pxi_new_file_end(pxi_new_file *file, px_status status, px_error *err);
/* Flushes a file that is already written (open, fsync, close), or a folder's entries. */
px_status pxi_sync_path(const char *path, px_error *err);
/* Makes a folder and its parents; there already is fine. */
px_status pxi_make_folder(const char *path, px_error *err);
/* The same, for its user alone: mode 0700 where it is made. */
px_status pxi_make_private_folder(const char *path, px_error *err);
/* The mode of a new folder: as its parent's, so that a private home stays private and a shared one shared. */
mode_t pxi_folder_mode(const char *path);
/* Removes a file or a folder with all that is in it; absent is fine. */
px_status pxi_remove_tree(const char *path, px_error *err);
bool pxi_path_exists(const char *path);
/* Joins with '/', malloc'ed, NULL on out of memory. */
char *pxi_path_join(const char *folder, const char *name);

#endif
