// SPDX-License-Identifier: Apache-2.0
/* A run to run.json and back. */
#ifndef PXI_RUN_JSON_H
#define PXI_RUN_JSON_H

#include <jansson.h>
#include "pixity/run.h"

/* As px_run_to_json, not yet a text; NULL when out of memory. */
json_t *pxi_run_encode(const px_run *run);
/* The run of an object; *out from a zeroed struct, to be freed in any case. PX_ENOMEM. */
px_status pxi_run_decode(const json_t *document, px_run *out, px_error *err);
/* Text of run.json -> the run, and, unless NULL, the object itself. PX_ECORRUPT naming the id. */
px_status pxi_run_parse(const char *id, const char *text, px_run *out, json_t **document, px_error *err);
/* Puts what is computed on reading, where it is known, into a run's document. */
void pxi_run_put_computed(json_t *document, const px_run *run, bool *failed);

/* Parts of it for other documents; NULL when out of memory. */
json_t *pxi_run_number_json(const px_run_number *number);
json_t *pxi_run_numbers_json(const px_run_numbers *numbers);
json_t *pxi_run_trials_json(const px_trials *trials);
json_t *pxi_run_config_json(const px_run *run);

/* Building a run: what does not fit into memory sets *failed. A NULL text is absent. */
void pxi_run_set(char **text, const char *value, bool *failed);
void pxi_run_add_number(px_run_numbers *numbers, const char *name, double value, bool whole, bool *failed);
void pxi_run_add_text(px_run_texts *texts, const char *text, bool *failed);

#endif
