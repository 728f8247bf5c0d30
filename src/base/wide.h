// SPDX-License-Identifier: Apache-2.0
/* PXI_WIDE marks a function whose arithmetic counts: it is compiled a second time for AVX2, and the loader
 * takes the version that the processor has. Elementwise IEEE arithmetic without contraction gives the
 * same bits at any vector width. Clang (which would export the resolvers), sanitizers and other processors
 * have the plain version. */
#ifndef PXI_WIDE_H
#define PXI_WIDE_H

#if defined(__x86_64__) && defined(__gnu_linux__) && !defined(__clang__) &&                                  \
    !defined(__SANITIZE_ADDRESS__) && !defined(__SANITIZE_THREAD__)
#define PXI_WIDE __attribute__((target_clones("avx2", "default")))
#else
#define PXI_WIDE
#endif

#endif
