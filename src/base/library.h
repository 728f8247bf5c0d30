// SPDX-License-Identifier: Apache-2.0
/* Libraries that are opened when first used: large ones that most commands do not need, and which would take
 * longer to load than those commands to run.
 *
 * A header per library lists the functions that are called, and makes a call by the usual name go through a
 * table:
 *
 *     #define PXI_ZMQ_FUNCTIONS(X) X(zmq_bind) X(zmq_close)
 *     extern struct pxi_library_zmq {
 *         PXI_ZMQ_FUNCTIONS(PXI_LIBRARY_FIELD)
 *     } pxi_library_zmq;
 *     #define zmq_bind  pxi_library_zmq.zmq_bind
 *     #define zmq_close pxi_library_zmq.zmq_close
 *
 * Whoever makes the library's first object opens the library before. It is never closed: such libraries
 * leave threads and exit handlers behind. Its symbols are its own, so that another copy of it, which the
 * program that uses Pixity has loaded, is not mixed up with it. */
#ifndef PXI_LIBRARY_H
#define PXI_LIBRARY_H

#include "pixity/status.h"

#define PXI_LIBRARY_FIELD(name) __typeof__(&(name)) name;
#define PXI_LIBRARY_NAME(name)  #name,

/* In one file of those that see the header: the table, and px_status open_library(px_error *). */
#define PXI_LIBRARY(library, file, functions)                                                                \
    struct pxi_library_##library pxi_library_##library;                                                      \
    static px_status open_library(px_error *err) {                                                           \
        static const char *const names[] = {functions(PXI_LIBRARY_NAME)};                                    \
        return pxi_library_open(                                                                             \
            &(pxi_library){file, names, &pxi_library_##library, sizeof names / sizeof *names}, err);         \
    }

typedef struct pxi_library {
    const char *file; /* as the loader knows it */
    const char *const *names;
    void *table; /* a pointer for each name; written once */
    size_t n;
} pxi_library;

/* Fills the table if that has not been done. Errors: PX_ELIBRARY. */
px_status pxi_library_open(const pxi_library *library, px_error *err);

#endif
