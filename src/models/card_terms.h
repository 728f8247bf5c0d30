// SPDX-License-Identifier: Apache-2.0
/* The words of a card: the inputs that a model is of, in its order, and the event types that it was trained
 * on, each with the columns that it is made of. A model is used by what its card says, whatever this
 * program's tables have beside that. */
#ifndef PXI_CARD_TERMS_H
#define PXI_CARD_TERMS_H

#include "base/json.h"
#include "learners/learner.h"
#include "pixity/config.h"
#include "pixity/events.h"

/* The same by number. */
typedef struct pxi_card_terms {
    size_t n_inputs;
    int input_of[PX_N_INPUTS]; /* of each of its inputs the place in PX_INPUTS */
    uint32_t event_types;      /* a bit a type */
} pxi_card_terms;

/* Those of a model, and those of this program: [{"name", "columns"}], [{"name", "columns", "parameters"}].
 * NULL on out of memory.
 */
json_t *pxi_card_inputs(const pxi_columns *columns);
json_t *pxi_card_event_types(const px_config *config);
/* Brings a card of a version that had names of inputs only, and no types, to these. False on out of memory.
 */
bool pxi_card_upgrade_terms(json_t *card);

/* `name` is the model's, for messages. Errors: PX_EMISMATCH for what this program does not have, with the
 * nearest name, or makes of other columns; PX_ECORRUPT where the lists are none. */
px_status pxi_card_terms_read(const json_t *card, const char *name, const px_config *config,
                              pxi_card_terms *out, px_error *err);

#endif
