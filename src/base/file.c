// SPDX-License-Identifier: Apache-2.0
#include "base/file.h"

#include "base/error.h"
#include "base/mem.h"

#include <errno.h>
#include <fcntl.h>
#include <ftw.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

px_status pxi_file_read(const char *path, char **out, size_t *length, px_error *err) {
    px_status status = PX_OK;
    char *bytes = NULL;
    size_t used = 0, capacity = 0;
    int fd = open(path, O_RDONLY | O_CLOEXEC);
    if (fd < 0 && (errno == ENOENT || errno == ENOTDIR))
        return pxi_fail(err, PX_ENOTFOUND, "no such file: %s", path);
    if (fd < 0)
        return pxi_fail_errno(err, "open", path);
    for (;;) {
        if (!pxi_grow(&bytes, &capacity, used + 65536, 1)) {
            status = pxi_fail_memory(err);
            goto fail;
        }
        ssize_t got = read(fd, bytes + used, capacity - used - 1);
        if (got < 0 && errno == EINTR)
            continue;
        if (got < 0) {
            status = pxi_fail_errno(err, "read", path);
            goto fail;
        }
        if (got == 0)
            break;
        used += (size_t)got;
    }
    close(fd);
    bytes[used] = '\0';
    *out = bytes;
    *length = used;
    return PX_OK;
fail:
    close(fd);
    free(bytes);
    return status;
}

static bool write_all(int fd, const char *bytes, size_t length) {
    while (length > 0) {
        ssize_t put = write(fd, bytes, length);
        if (put < 0 && errno == EINTR)
            continue;
        if (put < 0)
            return false;
        bytes += put;
        length -= (size_t)put;
    }
    return true;
}

/* The folder that holds `path`, malloc'ed. */
static char *parent_of(const char *path) {
    const char *slash = strrchr(path, '/');
    if (!slash)
        return strdup(".");
    return slash == path ? strdup("/") : strndup(path, (size_t)(slash - path));
}

static px_status sync_parent(const char *path, px_error *err) {
    char *parent = parent_of(path);
    if (!parent)
        return pxi_fail_memory(err);
    px_status status = pxi_sync_path(parent, err);
    free(parent);
    return status;
}

px_status pxi_new_file_begin(const char *path, pxi_new_file *out, px_error *err) {
    pxi_new_file file = {.fd = -1};
    memset(out, 0, sizeof *out);
    out->fd = -1;
    file.path = strdup(path);
    if (!file.path || asprintf(&file.beside, "%s.%ld.tmp", path, (long)getpid()) < 0) {
        free(file.path);
        return pxi_fail_memory(err);
    }
    file.fd = open(file.beside, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0666);
    px_status status = PX_OK;
    if (file.fd < 0)
        status = errno == ENOENT ? pxi_fail(err, PX_EINPUT, "cannot write %s: its folder is not there", path)
                                 : pxi_fail_errno(err, "create", file.beside);
    if (!status)
        *out = file;
    else {
        free(file.path);
        free(file.beside);
    }
    return status;
}

bool pxi_new_file_write(void *file, const char *bytes, size_t length) {
    pxi_new_file *new = file;
    if (!new->problem && !write_all(new->fd, bytes, length))
        new->problem = errno;
    return !new->problem;
}

px_status pxi_new_file_end(pxi_new_file *file, px_status status, px_error *err) {
    if (file->fd < 0)
        return status;
    if (!status && !file->problem && fsync(file->fd) != 0)
        file->problem = errno;
    if (close(file->fd) != 0 && !file->problem)
        file->problem = errno;
    errno = file->problem;
    if (file->problem)
        status = pxi_fail_errno(err, "write", file->beside);
    else if (!status && rename(file->beside, file->path) != 0)
        status = pxi_fail_errno(err, "rename to", file->path);
    if (status)
        unlink(file->beside);
    else
        status = sync_parent(file->path, err);
    free(file->beside);
    free(file->path);
    memset(file, 0, sizeof *file);
    file->fd = -1;
    return status;
}

px_status pxi_file_write(const char *path, const void *bytes, size_t length, px_error *err) {
    pxi_new_file file;
    px_status status = pxi_new_file_begin(path, &file, err);
    if (!status)
        (void)pxi_new_file_write(&file, bytes, length);
    return pxi_new_file_end(&file, status, err);
}

px_status pxi_sync_path(const char *path, px_error *err) {
    int fd = open(path, O_RDONLY | O_CLOEXEC);
    if (fd < 0)
        return pxi_fail_errno(err, "open", path);
    bool done = fsync(fd) == 0;
    int saved = errno;
    close(fd);
    errno = saved;
    return done ? PX_OK : pxi_fail_errno(err, "flush", path);
}

mode_t pxi_folder_mode(const char *path) {
    struct stat about;
    char *parent = parent_of(path);
    mode_t mode = parent && stat(parent, &about) == 0 ? (about.st_mode & 0777) | S_IRWXU : S_IRWXU;
    free(parent);
    return mode;
}

static px_status make_folder(const char *path, bool private, px_error *err) {
    if (mkdir(path, private ? S_IRWXU : pxi_folder_mode(path)) == 0)
        return PX_OK;
    if (errno == EEXIST) {
        struct stat info;
        if (stat(path, &info) == 0 && S_ISDIR(info.st_mode))
            return PX_OK;
        errno = ENOTDIR;
    }
    if (errno != ENOENT)
        return pxi_fail_errno(err, "make folder", path);
    char *parent = parent_of(path);
    if (!parent)
        return pxi_fail_memory(err);
    px_status status =
        strcmp(parent, path) ? make_folder(parent, false, err) : pxi_fail_errno(err, "make folder", path);
    free(parent);
    if (status)
        return status;
    bool made = mkdir(path, private ? S_IRWXU : pxi_folder_mode(path)) == 0 || errno == EEXIST;
    return made ? PX_OK : pxi_fail_errno(err, "make folder", path);
}

px_status pxi_make_folder(const char *path, px_error *err) {
    return make_folder(path, false, err);
}

px_status pxi_make_private_folder(const char *path, px_error *err) {
    return make_folder(path, true, err);
}

static int remove_entry(const char *path, const struct stat *info, int type, struct FTW *walk) {
    (void)info;
    (void)type;
    (void)walk;
    return remove(path) == 0 || errno == ENOENT ? 0 : -1;
}

px_status pxi_remove_tree(const char *path, px_error *err) {
    if (nftw(path, remove_entry, 16, FTW_DEPTH | FTW_PHYS) != 0 && errno != ENOENT)
        return pxi_fail_errno(err, "remove", path);
    return PX_OK;
}

bool pxi_path_exists(const char *path) {
    struct stat info;
    return lstat(path, &info) == 0;
}

char *pxi_path_join(const char *folder, const char *name) {
    char *joined;
    return asprintf(&joined, "%s/%s", folder, name) < 0 ? NULL : joined;
}
