// SPDX-License-Identifier: Apache-2.0
/* Names of files and locks of the home folder, and the guard of one that cannot be written. */
#include "store/home/home.h"

#include "base/error.h"
#include "base/text.h"
#include "store/home/sql.h"

#include <ctype.h>
#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/file.h>
#include <unistd.h>

px_status pxi_home_protect(px_home *home, bool protect, px_error *err) {
    return home->read_only
               ? pxi_sql_run(home->db, err, protect ? "PRAGMA query_only = 1" : "PRAGMA query_only = 0", "")
               : PX_OK;
}

px_status pxi_home_protect_again(px_home *home, px_status status, px_error *err) {
    px_status again = pxi_home_protect(home, true, status ? NULL : err);
    return status ? status : again;
}

char *pxi_percent_encode(const char *text, const char *keep) {
    pxi_text encoded = {0};
    char *out = NULL;
    for (const char *p = text; *p; p++) {
        bool plain =
            isalnum((unsigned char)*p) || strchr("_-", *p) || strchr(keep, *p) || (*p == '.' && p > text);
        if (plain)
            pxi_text_add(&encoded, p, 1);
        else
            pxi_text_printf(&encoded, "%%%02X", (unsigned char)*p);
    }
    return pxi_text_take(&encoded, &out, NULL) == PX_OK ? out : NULL;
}

static int hex_digit(char c) {
    return c >= '0' && c <= '9' ? c - '0' : c >= 'A' && c <= 'F' ? c - 'A' + 10 : -1;
}

bool pxi_percent_decode(const char *text, char *buf, size_t size) {
    size_t used = 0;
    for (const char *p = text; *p; p++) {
        int value = (unsigned char)*p;
        if (*p == '%') {
            int high = hex_digit(p[1]), low = high < 0 ? -1 : hex_digit(p[2]);
            if (low < 0 || high + low == 0)
                return false;
            value = 16 * high + low;
            p += 2;
        }
        if (used + 1 >= size)
            return false;
        buf[used++] = (char)value;
    }
    buf[used] = '\0';
    return used > 0;
}

px_status pxi_lock_take(const char *path, int how, int *fd, px_error *err) {
    int opened = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0666);
    if (opened < 0)
        return pxi_fail_errno(err, "open", path);
    int code;
    do {
        code = flock(opened, how);
    } while (code != 0 && errno == EINTR);
    if (code != 0 && errno != EWOULDBLOCK) {
        px_status status = pxi_fail_errno(err, "lock", path);
        close(opened);
        return status;
    }
    if (code != 0) {
        close(opened);
        opened = -1;
    }
    *fd = opened;
    return PX_OK;
}

void pxi_lock_drop(int *fd) {
    if (*fd >= 0)
        close(*fd);
    *fd = -1;
}
