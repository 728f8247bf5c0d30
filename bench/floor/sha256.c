// SPDX-License-Identifier: Apache-2.0
/* SHA-256 over the columns of bars, by the library that has the processor's instructions: `floor_sha256
 * BARS`. */
#include "floor.h"

#include <openssl/evp.h>

int main(int argc, char **argv) {
    if (argc != 2)
        return 2;
    size_t size;
    const void *data = floor_read(argv[1], &size);
    unsigned char digest[EVP_MAX_MD_SIZE];
    unsigned length = 0;
    floor_clock clock = floor_start();
    if (!EVP_Digest(data, size, digest, &length, EVP_sha256(), NULL))
        return 1;
    floor_stop(&clock);
    floor_print(&clock, "sha256_bars", size / 48, &(double){digest[0] * 256.0 + digest[1]}, 1);
    return 0;
}
