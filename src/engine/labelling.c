// SPDX-License-Identifier: Apache-2.0
#include "engine/labelling.h"

const pxi_stages pxi_real_stages = {px_features_compute, px_events_find, px_labels_compute};

px_status pxi_labelled_find(const pxi_stages *stages, const px_dataset *data, const px_config *config,
                            pxi_labelled_events *out, px_error *err) {
    px_status status = stages->features(&data->bars, data->calendar, config, &out->frame, err);
    if (!status)
        status = stages->events(&data->bars, &out->frame, data->calendar, config, data->timeframe_minutes,
                                data->begin, data->end, &out->events, err);
    return status ? status : stages->labels(data, &out->events, config, &out->labels, err);
}

void pxi_labelled_free(pxi_labelled_events *found) {
    px_feature_frame_free(&found->frame);
    px_event_list_free(&found->events);
    px_label_list_free(&found->labels);
}
