// SPDX-License-Identifier: Apache-2.0
/* Parameters: numbers under a name and within a range, which a strategy or a learner leaves to its user. One
 * table of them gives the command line, the API, forms, documents and messages. */
#ifndef PX_PARAMETER_H
#define PX_PARAMETER_H

#include <stdbool.h>
#include <stddef.h>
#include "pixity/status.h"

#ifdef __cplusplus
extern "C" {
#endif

typedef struct px_parameter {
    const char
        *name; /* "stop_atrs"; of a strategy it is no key of px_config, so that a name means one thing */
    const char *alias; /* a shorter name that is read too; NULL = none */
    const char *title; /* "Stop", for forms */
    const char *unit;  /* "ATRs"; "" = a plain number */
    const char *help;  /* one line, without range and unit */
    double minimum, maximum;
    double step;  /* between two values that are worth a try: what forms and searches go by. Any is taken */
    double usual; /* where nothing is said. Never changed: what is stored says only what differs from it */
    bool whole;   /* whole numbers only */
} px_parameter;

/* The parameters of one strategy or learner; a value stands at its parameter's index. */
#define PX_MAX_PARAMETERS 16
typedef struct px_parameters {
    const char *kind, *owner; /* "strategy", "premium_tp_sl": for messages */
    const px_parameter *items;
    size_t n;
} px_parameters;

PX_API void px_parameters_usual(const px_parameters *parameters, double values[PX_MAX_PARAMETERS]);
/* Reads "stop_atrs=2,hold_bars=30" over the values. Errors: PX_EINPUT with the nearest name, with the range
 * and unit of a value outside, for a parameter named twice and for what is no NAME=VALUE; the values then
 * stay. */
PX_API PX_MUST_CHECK px_status px_parameters_read(const px_parameters *parameters, const char *text,
                                                  double values[PX_MAX_PARAMETERS], px_error *err);
/* One value. Errors as of px_parameters_read. */
PX_API PX_MUST_CHECK px_status px_parameters_set(const px_parameters *parameters, const char *name,
                                                 double value, double values[PX_MAX_PARAMETERS],
                                                 px_error *err);
/* What differs from the usual values, as px_parameters_read takes it, in the order of the table; "" =
 * nothing. Malloc'ed; the caller frees. Errors: PX_ENOMEM. */
PX_API PX_MUST_CHECK px_status px_parameters_text(const px_parameters *parameters, const double *values,
                                                  char **out, px_error *err);
/* "a whole number from 1 to 1000 bars (step 1), usually 20". Returns buf. */
#define PX_PARAMETER_RANGE_SIZE 256
PX_API char *px_parameter_range(const px_parameter *parameter, char buf[PX_PARAMETER_RANGE_SIZE]);

#ifdef __cplusplus
}
#endif
#endif
