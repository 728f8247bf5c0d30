// SPDX-License-Identifier: Apache-2.0
/* Parameters as JSON. */
#ifndef PXI_PARAMETER_H
#define PXI_PARAMETER_H

#include "base/json.h"
#include "pixity/parameter.h"

/* [{"name", "alias", "title", "unit", "help", "minimum", "maximum", "step", "usual", "whole"}]; NULL when out
 * of memory. */
json_t *pxi_parameters_json(const px_parameters *parameters);
/* {"stop_atrs": 2}: every value, or only those that differ from the usual ones. NULL when out of memory. */
json_t *pxi_values_json(const px_parameters *parameters, const double *values, bool only_different);

/* Whether values that came another way are within their ranges. Errors: PX_EINPUT naming the first that is
 * not.
 */
px_status pxi_parameters_check(const px_parameters *parameters, const double *values, px_error *err);

#endif
