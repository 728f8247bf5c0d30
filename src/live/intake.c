// SPDX-License-Identifier: Apache-2.0
#include "live/intake.h"

const char *pxi_anomaly_name(pxi_anomaly anomaly) {
    static const char *const names[PXI_N_ODDITIES] = {
        [PXI_REJECTED] = "rejected",
        [PXI_LATE] = "late",
        [PXI_REPEATED] = "repeated",
        [PXI_CONFLICT] = "conflict",
        [PXI_OUT_OF_SESSION] = "out_of_session",
        [PXI_MISSING] = "missing",
    };
    return names[anomaly];
}

pxi_intake pxi_intake_make(const px_calendar *calendar, const pxi_intake_sink *sink) {
    return (pxi_intake){.sink = *sink, .cursor = px_session_cursor_make(calendar)};
}

void pxi_intake_free(pxi_intake *intake) {
    px_bars_free(&intake->held);
}

static px_status tell(pxi_intake *in, pxi_anomaly anomaly, int64_t ts_us, size_t n, px_error *err) {
    return in->sink.tell(in->sink.user, anomaly, ts_us, n, NULL, err);
}

/* The interval a minute starts in, or -1. */
static int interval_at(const px_session *session, int64_t ts_us) {
    for (int i = 0; i < session->n_intervals; i++)
        if (ts_us >= session->intervals[i].begin_us && ts_us < session->intervals[i].end_us)
            return i;
    return -1;
}

void pxi_intake_resume(pxi_intake *in, const px_bar *last) {
    px_session_advance(&in->cursor, last->ts_us);
    in->last = *last;
    in->started = true;
    in->regular = interval_at(&in->cursor.session, last->ts_us) >= 0;
}

/* ---- missing minutes ---------------------------------------------------------------------------------- */

static px_status tell_gap(pxi_intake *in, int64_t begin_us, int64_t end_us, px_error *err) {
    int64_t n = (end_us - begin_us) / PX_US_PER_MINUTE;
    return n > 0 ? tell(in, PXI_MISSING, begin_us, (size_t)n, err) : PX_OK;
}

/* Between the last bar and the next one of its date, or, with INT64_MAX, the close: of the interval that the
 * last one lies in. */
static px_status tell_missing_after(pxi_intake *in, int64_t next_us, px_error *err) {
    int at = in->started ? interval_at(&in->cursor.session, in->last.ts_us) : -1;
    if (at < 0)
        return PX_OK;
    int64_t end_us = in->cursor.session.intervals[at].end_us;
    return tell_gap(in, in->last.ts_us + PX_US_PER_MINUTE, next_us < end_us ? next_us : end_us, err);
}

/* Before the first bar of an interval; not before the very first bar, where a series may begin. */
static px_status tell_missing_before(pxi_intake *in, int64_t ts_us, px_error *err) {
    const px_session *session = &in->cursor.session;
    int at = interval_at(session, ts_us);
    if (at < 0 || !in->started || in->last.ts_us >= session->intervals[at].begin_us)
        return PX_OK;
    return tell_gap(in, session->intervals[at].begin_us, ts_us, err);
}

/* ---- taking ------------------------------------------------------------------------------------------- */

static px_status take(pxi_intake *in, const px_bar *minute, px_error *err) {
    px_status status = tell_missing_before(in, minute->ts_us, err);
    if (!status && in->started && in->last.ts_us >= in->cursor.session.midnight_us)
        status = tell_missing_after(in, minute->ts_us, err);
    in->last = *minute;
    in->started = true;
    return status ? status : in->sink.take(in->sink.user, minute, err);
}

static px_status hold(pxi_intake *in, const px_bar *minute, px_error *err) {
    return px_bars_append(&in->held, minute, err);
}

/* The date has no regular trading: its bars count. */
static px_status release(pxi_intake *in, px_error *err) {
    px_status status = PX_OK;
    for (size_t i = 0; i < in->held.n && !status; i++) {
        px_bar minute = px_bars_at(&in->held, i);
        status = take(in, &minute, err);
    }
    in->held.n = 0;
    return status;
}

/* It has: they do not. */
static px_status drop_held(pxi_intake *in, px_error *err) {
    size_t n = in->held.n;
    in->held.n = 0;
    return n ? tell(in, PXI_OUT_OF_SESSION, in->held.ts_us[0], n, err) : PX_OK;
}

static px_status place(pxi_intake *in, const px_bar *minute, px_error *err) {
    const px_session *session = &in->cursor.session;
    px_status status = PX_OK;
    if (interval_at(session, minute->ts_us) >= 0) {
        in->regular = true;
        status = drop_held(in, err);
        return status ? status : take(in, minute, err);
    }
    if (in->regular)
        return tell(in, PXI_OUT_OF_SESSION, minute->ts_us, 1, err);
    if (session->n_intervals > 0 && minute->ts_us < session->close_us)
        return hold(in, minute, err);
    status = release(in, err);
    return status ? status : take(in, minute, err);
}

/* ---- what comes in ------------------------------------------------------------------------------------ */

static bool same_values(const px_bar *a, const px_bar *b) {
    return a->open == b->open && a->high == b->high && a->low == b->low && a->close == b->close &&
           a->volume == b->volume;
}

/* The last bar that came, taken or held. */
static const px_bar *newest(const pxi_intake *in, px_bar *buf) {
    if (in->held.n == 0)
        return in->started ? &in->last : NULL;
    *buf = px_bars_at(&in->held, in->held.n - 1);
    return buf;
}

px_status pxi_intake_end_date(pxi_intake *in, px_error *err) {
    px_status status = release(in, err);
    if (!status && in->regular)
        status = tell_missing_after(in, INT64_MAX, err);
    in->regular = false;
    return status;
}

px_status pxi_intake_bar(pxi_intake *in, const px_bar *minute, px_error *err) {
    const char *defect = px_bar_defect(minute);
    px_bar buf;
    const px_bar *before = newest(in, &buf);
    if (defect)
        return in->sink.tell(in->sink.user, PXI_REJECTED, minute->ts_us, 1, defect, err);
    if (before && minute->ts_us < before->ts_us)
        return tell(in, PXI_LATE, minute->ts_us, 1, err);
    if (before && minute->ts_us == before->ts_us)
        return tell(in, same_values(before, minute) ? PXI_REPEATED : PXI_CONFLICT, minute->ts_us, 1, err);
    if (in->cursor.started && minute->ts_us >= in->cursor.session.next_midnight_us) {
        px_status status = pxi_intake_end_date(in, err);
        if (status)
            return status;
    }
    px_session_advance(&in->cursor, minute->ts_us);
    return place(in, minute, err);
}
