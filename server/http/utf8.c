// SPDX-License-Identifier: Apache-2.0
#include "server/http/utf8.h"

#include <stdint.h>

size_t utf8_size(const char *text) {
    static const uint32_t least[] = {1, 0x80, 0x800, 0x10000};
    const unsigned char *bytes = (const unsigned char *)text;
    size_t more = *bytes < 0x80 ? 0 : *bytes < 0xc0 ? 4 : *bytes < 0xe0 ? 1 : *bytes < 0xf0 ? 2 : 3;
    if (more == 4 || *bytes >= 0xf8)
        return 0;
    uint32_t code = more ? *bytes & (0x3fu >> more) : *bytes;
    for (size_t i = 1; i <= more; i++) {
        if ((bytes[i] & 0xc0) != 0x80)
            return 0;
        code = code << 6 | (bytes[i] & 0x3fu);
    }
    bool surrogate = code >= 0xd800 && code < 0xe000;
    return code >= least[more] && code <= 0x10ffff && !surrogate ? more + 1 : 0;
}

bool utf8_valid(const char *text) {
    size_t n;
    while ((n = utf8_size(text)))
        text += n;
    return !*text;
}

void utf8_repair(char *text) {
    while (*text) {
        size_t n = utf8_size(text);
        if (!n)
            *text = '?';
        text += n ? n : 1;
    }
}
