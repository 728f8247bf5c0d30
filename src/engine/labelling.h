// SPDX-License-Identifier: Apache-2.0
/* Labelled events of a data set: features, events and, looking forward, what became of them. Training, audits
 * and their walks are callers. Nothing that trades includes this. */
#ifndef PXI_LABELLING_H
#define PXI_LABELLING_H

#include "pixity/labels.h"

/* The stages, or what a test puts in their place. */
typedef struct pxi_stages {
    px_status (*features)(const px_bars *bars, const px_calendar *calendar, const px_config *config,
                          px_feature_frame *out, px_error *err);
    px_status (*events)(const px_bars *bars, const px_feature_frame *frame, const px_calendar *calendar,
                        const px_config *config, int timeframe_minutes, size_t begin, size_t end,
                        px_event_list *out, px_error *err);
    px_status (*labels)(const px_dataset *data, const px_event_list *events, const px_config *config,
                        px_label_list *out, px_error *err);
} pxi_stages;
extern const pxi_stages pxi_real_stages;

typedef struct pxi_labelled_events {
    px_feature_frame frame; /* of all bars */
    px_event_list events;   /* of the window */
    px_label_list labels;   /* of the events */
} pxi_labelled_events;

/* *out from a zeroed struct; free it also after a failure. Errors: those of the stages. */
px_status pxi_labelled_find(const pxi_stages *stages, const px_dataset *data, const px_config *config,
                            pxi_labelled_events *out, px_error *err);
void pxi_labelled_free(pxi_labelled_events *found);

#endif
