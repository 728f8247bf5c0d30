// SPDX-License-Identifier: Apache-2.0
#include <fcntl.h>
#include <unistd.h>

#include "base/error.h"
#include "base/hash.h"
#include "pixity/store.h"

px_status px_file_digest(const char *path, char out[65], px_error *err) {
    unsigned char piece[1 << 16];
    pxi_hash hash;
    ssize_t n;
    const int fd = open(path, O_RDONLY | O_CLOEXEC);
    if (fd < 0)
        return pxi_fail_errno(err, "open", path);
    pxi_hash_init(&hash);
    while ((n = read(fd, piece, sizeof piece)) > 0)
        pxi_hash_bytes(&hash, piece, (size_t)n);
    pxi_hash_hex(&hash, out);
    const px_status status = n < 0 ? pxi_fail_errno(err, "read", path) : PX_OK;
    close(fd);
    return status;
}
