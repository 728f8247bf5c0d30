// SPDX-License-Identifier: Apache-2.0
/* Reports as files: whole or not there. */
#include "pixity/report.h"

#include "base/error.h"
#include "base/file.h"
#include "report/slots.h"

static px_status begin(const char *path, bool replace, pxi_new_file *file, px_error *err) {
    if (!replace && pxi_path_exists(path))
        return pxi_fail(err, PX_EEXISTS,
                        "%s is there already: nothing is overwritten unless that is asked for", path);
    return pxi_new_file_begin(path, file, err);
}

px_status px_report_save(px_home *home, const char *run_id, const px_report_config *config, const char *path,
                         bool replace, px_error *err) {
    pxi_new_file file = {.fd = -1};
    px_status status = begin(path, replace, &file, err);
    if (status)
        return status;
    status = px_report_write(home, run_id, config, pxi_new_file_write, &file, err);
    return pxi_new_file_end(&file, status, err);
}

px_status px_report_save_picture(px_home *home, const char *run_id, const px_picture_config *config,
                                 const char *path, bool replace, px_error *err) {
    pxi_new_file file = {.fd = -1};
    px_status status = begin(path, replace, &file, err);
    if (status)
        return status;
    status = px_report_picture(home, run_id, config, pxi_new_file_write, &file, err);
    return pxi_new_file_end(&file, status, err);
}

px_status px_candles_draw_file(const px_candles_picture *picture, const char *path, bool replace,
                               px_error *err) {
    pxi_new_file file = {.fd = -1};
    px_status status = begin(path, replace, &file, err);
    if (status)
        return status;
    status = pxi_candles_draw(picture, pxi_new_file_write, &file, err);
    return pxi_new_file_end(&file, status, err);
}
