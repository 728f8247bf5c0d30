// SPDX-License-Identifier: Apache-2.0
#include "indicators/kernel.h"

#include "base/mem.h"

#include <stdlib.h>

bool pxi_kernel_set_init(pxi_kernel_set *set, const pxi_kernel *const *kernels, size_t n,
                         const pxi_kernel_setup *setup) {
    set->kernels = kernels;
    set->n = n;
    set->states = pxi_new_array(n, sizeof *set->states);
    for (size_t k = 0; k < n && set->states; k++) {
        const pxi_kernel *kernel = kernels[k];
        size_t extra = kernel->extra_size ? kernel->extra_size(setup->config) : 0;
        set->states[k] = pxi_new_array(1, kernel->state_size + extra);
        if (!set->states[k])
            return false;
        if (kernel->init)
            kernel->init(set->states[k], setup);
    }
    return set->states != NULL;
}

void pxi_kernel_set_free(pxi_kernel_set *set) {
    for (size_t k = 0; k < set->n && set->states; k++)
        free(set->states[k]);
    free(set->states);
    *set = (pxi_kernel_set){0};
}

void pxi_kernel_set_run(pxi_kernel_set *set, const px_bars *block, double *const *out) {
    for (size_t k = 0; k < set->n; k++) {
        set->kernels[k]->run(set->states[k], block, out);
        out += set->kernels[k]->n_outputs;
    }
}
