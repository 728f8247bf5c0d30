// SPDX-License-Identifier: Apache-2.0
/* What comes in, and what of it becomes part of the series: valid minutes, each once, in order, inside their
 * session. The rule of sessions is that of px_bars_drop_outside; a bar before the open of a date that may or
 * may not have regular trading is held until that is known. Everything left out is reported. */
#ifndef PXI_INTAKE_H
#define PXI_INTAKE_H

#include "pixity/calendar.h"

typedef enum pxi_anomaly {
    PXI_REJECTED,       /* no bar, or no line of one */
    PXI_LATE,           /* older than what was taken: the bars after it are computed */
    PXI_REPEATED,       /* the last one once more */
    PXI_CONFLICT,       /* the last one with other values: the first stays */
    PXI_OUT_OF_SESSION, /* outside its day's intervals */
    PXI_MISSING,        /* minutes between two of one interval, before the first or after the last */
    PXI_N_ODDITIES
} pxi_anomaly;
/* "rejected", "late", ... */
const char *pxi_anomaly_name(pxi_anomaly anomaly);

/* Whom bars and anomalies go to. `n`: how many minutes it is about, from ts_us on; `detail` may be NULL. */
typedef struct pxi_intake_sink {
    void *user;
    px_status (*take)(void *user, const px_bar *minute, px_error *err);
    px_status (*tell)(void *user, pxi_anomaly anomaly, int64_t ts_us, size_t n, const char *detail,
                      px_error *err);
} pxi_intake_sink;

typedef struct pxi_intake {
    pxi_intake_sink sink;
    px_session_cursor cursor;
    px_bar last;  /* taken */
    bool started; /* there is one */
    bool regular; /* a bar of the cursor's date lay inside its intervals */
    px_bars held; /* of that date, in order */
} pxi_intake;

pxi_intake pxi_intake_make(const px_calendar *calendar, const pxi_intake_sink *sink);
void pxi_intake_free(pxi_intake *intake);
/* What was taken last, elsewhere: bars up to it come too late, and one of its date was regular or not. */
void pxi_intake_resume(pxi_intake *intake, const px_bar *last);
/* Errors: PX_ENOMEM, and those of the sink. */
px_status pxi_intake_bar(pxi_intake *intake, const px_bar *minute, px_error *err);
/* No more bars of the present date will come. */
px_status pxi_intake_end_date(pxi_intake *intake, px_error *err);

#endif
