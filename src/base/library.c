// SPDX-License-Identifier: Apache-2.0
#include "base/library.h"

#include <dlfcn.h>
#include <pthread.h>
#include <stdio.h>
#include <string.h>

static pthread_mutex_t pxi_library_lock = PTHREAD_MUTEX_INITIALIZER; /* of all tables */

static px_status fail(const pxi_library *library, px_error *err) {
    const char *reason = dlerror();
    if (err) {
        err->code = PX_ELIBRARY;
        snprintf(err->message, sizeof err->message,
                 "cannot load %s: %s; install the package that has it, or Pixity, again", library->file,
                 reason ? reason : "unknown reason");
    }
    return PX_ELIBRARY;
}

/* The first name is entered last: with it the table is complete. */
static px_status fill(const pxi_library *library, px_error *err) {
    void **slots = library->table;
    void *handle = dlopen(library->file, RTLD_LAZY | RTLD_LOCAL);
    if (!handle)
        return fail(library, err);
    for (size_t i = library->n; i-- > 0;) {
        void *function = dlsym(handle, library->names[i]);
        if (!function)
            return fail(library, err);
        memcpy(&slots[i], &function, sizeof function);
    }
    return PX_OK;
}

px_status pxi_library_open(const pxi_library *library, px_error *err) {
    px_status status = PX_OK;
    void *first;
    pthread_mutex_lock(&pxi_library_lock);
    memcpy(&first, library->table, sizeof first);
    if (!first)
        status = fill(library, err);
    pthread_mutex_unlock(&pxi_library_lock);
    return status;
}
