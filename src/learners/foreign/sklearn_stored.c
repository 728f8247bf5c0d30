// SPDX-License-Identifier: Apache-2.0
/* Learner sklearn_forest: forests of scikit-learn as they were kept before learner sklearn, as trees of
 * XGBoost whose leaves are floats. Such models are read and mean what they meant; none is made any more. */
#include "learners/trees.h"

const px_learner pxi_sklearn_forest = {
    .name = "sklearn_forest",
    .summary = "a random forest that scikit-learn grew",
    .ending = PXI_TREES_ENDING,
    .importance = "share of gain",
    .predict = pxi_trees_predict,
    .exchange = pxi_trees_exchange,
    .serialize = pxi_trees_serialize,
    .deserialize = pxi_trees_deserialize,
    .spread = pxi_trees_spread,
    .measure = pxi_trees_gain,
    .free = pxi_trees_free,
};
