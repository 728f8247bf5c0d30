// SPDX-License-Identifier: Apache-2.0
#include "base/hash.h"
#include "pixity/status.h"

#include <assert.h>
#include <endian.h>
#include <sodium.h>
#include <string.h>

static_assert(sizeof(crypto_hash_sha256_state) <= sizeof(pxi_hash), "room for libsodium's state");

static crypto_hash_sha256_state *state_of(pxi_hash *hash) {
    return (crypto_hash_sha256_state *)(void *)hash->opaque;
}

void pxi_hash_init(pxi_hash *hash) {
    crypto_hash_sha256_init(state_of(hash));
}

void pxi_hash_bytes(pxi_hash *hash, const void *bytes, size_t length) {
    crypto_hash_sha256_update(state_of(hash), bytes, length);
}

void pxi_hash_text(pxi_hash *hash, const char *text) {
    pxi_hash_bytes(hash, text, strlen(text) + 1);
}

void pxi_hash_i64(pxi_hash *hash, int64_t value) {
    uint64_t little = htole64((uint64_t)value);
    pxi_hash_bytes(hash, &little, sizeof little);
}

void pxi_hash_hex(pxi_hash *hash, char out[PXI_HASH_TEXT_SIZE]) {
    unsigned char digest[crypto_hash_sha256_BYTES];
    crypto_hash_sha256_final(state_of(hash), digest);
    sodium_bin2hex(out, PXI_HASH_TEXT_SIZE, digest, sizeof digest);
}

const char *px_sodium_version(void) {
    return sodium_version_string();
}
