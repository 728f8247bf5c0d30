// SPDX-License-Identifier: Apache-2.0
/* Purged walk-forward folds (Lopez de Prado, Advances in Financial Machine Learning, 2018, ch. 7). */
#include "pixity/train.h"

#include <assert.h>
#include <string.h>

void px_fold_split(const size_t *begin_bar, const size_t *end_bar, size_t n, int embargo_bars, int fold,
                   px_fold *out, uint8_t *train_mask) {
    assert(fold >= 0 && fold < PX_N_FOLDS);
    size_t block = n / (PX_N_FOLDS + 1);
    size_t test_begin = n - (size_t)(PX_N_FOLDS - fold) * block;
    px_fold result = {.test_begin = test_begin, .test_end = test_begin + block};
    memset(train_mask, 0, n);
    for (size_t i = 0; i < test_begin; i++) {
        bool keep =
            embargo_bars < 0 || (block > 0 && end_bar[i] + (size_t)embargo_bars < begin_bar[test_begin]);
        train_mask[i] = keep;
        result.n_train += keep;
    }
    result.n_purged = test_begin - result.n_train;
    *out = result;
}
