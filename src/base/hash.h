// SPDX-License-Identifier: Apache-2.0
/* SHA-256 (FIPS 180-4) through libcrypto. Numbers are hashed little-endian. */
#ifndef PXI_HASH_H
#define PXI_HASH_H

#include <stddef.h>
#include <stdint.h>

#define PXI_HASH_TEXT_SIZE 65 /* 64 hex digits and NUL */

typedef struct pxi_hash {
    uint64_t opaque[16];
} pxi_hash;

void pxi_hash_init(pxi_hash *hash);
void pxi_hash_bytes(pxi_hash *hash, const void *bytes, size_t length);
void pxi_hash_text(pxi_hash *hash, const char *text); /* with its NUL, so that texts do not run together */
void pxi_hash_i64(pxi_hash *hash, int64_t value);
void pxi_hash_hex(pxi_hash *hash, char out[PXI_HASH_TEXT_SIZE]); /* ends the hash */

#endif
