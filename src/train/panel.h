// SPDX-License-Identifier: Apache-2.0
/* The instruments of one training, each from its bars to its labels, and their labels in one order of time.
 */
#ifndef PXI_PANEL_H
#define PXI_PANEL_H

#include "models/card.h"
#include "pixity/train.h"

typedef struct pxi_member {
    px_dataset data; /* of its bars only the times are left once they are labelled */
    px_event_list events;
    px_label_list labels;
    size_t n_complete; /* labels that can be trained on */
} pxi_member;

/* One label of the panel. */
typedef struct pxi_labelled {
    int64_t ts_us; /* of its event */
    size_t member, label;
} pxi_labelled;

/* An instrument that was asked for and gives nothing to train on. */
typedef struct pxi_left_out {
    char symbol[PX_NAME_SIZE];
    px_error reason;
} pxi_left_out;

typedef struct pxi_panel {
    size_t n, n_left_out;
    pxi_member *members; /* by instrument key: the order in which they are named changes nothing */
    pxi_left_out *left_out;
    size_t n_labels;
    pxi_labelled *labels; /* by time, then member, then event */
    size_t n_times;
    int64_t *times; /* at which any member has a bar: bars are counted on these */
} pxi_panel;

/* Loads and labels what the request names. With one instrument every failure is an error; of several, those
 * without bars or labels are left out, and only if all are it is an error. Instruments are
 * shared out to the threads of the request; bars are dropped as soon as they are labelled: the peak is one
 * instrument's a thread. *out from a zeroed struct. Errors: PX_EINPUT, PX_ENOTFOUND (a
 * name that is not known, before anything is loaded), as px_dataset_load. */
px_status pxi_panel_load(px_home *home, const px_train_request *request, const px_config *config,
                         pxi_panel *out, px_error *err);
void pxi_panel_free(pxi_panel *panel);

static inline const px_label *pxi_panel_label(const pxi_panel *panel, size_t i) {
    return &panel->members[panel->labels[i].member].labels.items[panel->labels[i].label];
}
static inline const px_event *pxi_panel_event(const pxi_panel *panel, size_t i) {
    return &panel->members[panel->labels[i].member].events.items[pxi_panel_label(panel, i)->event];
}
/* How many of the panel's bar times lie before ts_us. With one instrument it is the index of its bar. */
size_t pxi_panel_bar(const pxi_panel *panel, int64_t ts_us);
/* Of all members; bars are those of their windows. */
size_t pxi_panel_count_bars(const pxi_panel *panel);
size_t pxi_panel_count_events(const pxi_panel *panel);
/* SHA-256 over the data of all: with one instrument that of its data. */
void pxi_panel_fingerprint(const pxi_panel *panel, char out[65]);
pxi_window pxi_member_window(const pxi_member *member);
pxi_window pxi_panel_window(const pxi_panel *panel);
/* What a message calls the data: the source of one, "3 instruments". Returns buf. */
char *pxi_panel_name(const pxi_panel *panel, char *buf, size_t size);
/* True if a label can be trained on: its whole horizon lies inside the window, and it has an outcome. */
bool pxi_label_complete(const px_label *label);

#endif
