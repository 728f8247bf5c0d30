// SPDX-License-Identifier: Apache-2.0
/* Triple-barrier labels (Lopez de Prado, Advances in Financial Machine Learning, 2018, ch. 3): the only stage
 * that looks forward, and only training and research use it. */
#ifndef PX_LABELS_H
#define PX_LABELS_H

#include "pixity/events.h"
#include "pixity/exits.h"
#include "pixity/dataset.h"

#ifdef __cplusplus
extern "C" {
#endif

#define PX_LABEL_UNRESOLVED 99

typedef struct px_label {
    size_t event;       /* index into the event list */
    double entry_price; /* NaN without an entry bar */
    int label;          /* +1 target, -1 stop, 0 time, square-off or data hole, or PX_LABEL_UNRESOLVED */
    px_exit_reason hit; /* PX_EXIT_NONE: unresolved */
    bool ambiguous;     /* stop and target both lay inside the exit bar; it counts as the stop */
    bool complete;      /* the whole horizon lies inside the window and crosses no hole, whatever the outcome:
                           usable for training */
    size_t exit_bar, end_bar; /* SIZE_MAX = none; end_bar is the last bar of the horizon */
    double exit_price;
    double realized_r, mae, mfe; /* in R; NaN where unresolved */
} px_label;

typedef struct px_label_list {
    size_t n, capacity;
    px_label *items;
} px_label_list;
PX_API void px_label_list_free(px_label_list *list);

/* "tp", "sl", "time", "square_off", "data_hole", "unresolved". */
PX_API const char *px_label_hit_name(px_exit_reason hit);

/* Labels events of bars [0, data->end); no bar at or after that is looked at. The instrument gives the tick
 * of each entry's date; where the data hold the bars inside its bars, exits are looked for in those. In
 * `reference` an event without a watched bar has no row. *out from a zeroed struct. Errors: PX_ENOMEM. */
PX_API PX_MUST_CHECK px_status px_labels_compute(const px_dataset *data, const px_event_list *events,
                                                 const px_config *config, px_label_list *out, px_error *err);

#ifdef __cplusplus
}
#endif
#endif
