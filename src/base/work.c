// SPDX-License-Identifier: Apache-2.0
#include "base/work.h"

#include "base/error.h"

px_status pxi_work_tell(const px_work *work, const char *phase, size_t done, size_t total, px_error *err) {
    if (!work || !work->progress || work->progress(work->user, phase, done, total))
        return PX_OK;
    return pxi_fail(err, PX_EINTERRUPTED, "interrupted");
}

px_status pxi_work_ask(const px_work *work, px_error *err) {
    return pxi_work_tell(work, "", 0, 0, err);
}
