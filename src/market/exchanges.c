// SPDX-License-Identifier: Apache-2.0
/* The exchanges. A new one is its rows and one line in the table at the end; holidays need no row, because a
 * date without bars has no session. */
#include "market/exchanges.h"

#define AT(hour, minute) ((hour)*60 + (minute))

/* ---- NSE, cash segment -------------------------------------------------------------------------------- */

static const pxi_hours_row nse_hours[] = {
    /* NSE circular 2009-12 on market timings: 9:00 to 15:30 from 2010-01-04, of which 9:00-9:15 became the
     * pre-open call auction on 2010-10-18. */
    {19000101, {{AT(9, 15), AT(15, 30)}}},
    /* SEBI's closing auction session, 15:15-15:35: continuous trading ends as it begins. */
    {20260803, {{AT(9, 15), AT(15, 15)}}},
};

/* Special Saturdays, 11:15 to 12:45 with a call auction before; their bars have always been kept whole. */
static const int32_t nse_kept[] = {20120107, 20120303, 20120908, 20130511, 0};

/* The call auction before the open, and the session at the closing price. */
static const pxi_interval nse_around[] = {{AT(9, 0), AT(9, 15)}, {AT(15, 40), AT(16, 0)}, {0, 0}};

/* Muhurat evenings: the exchange's yearly circular for Diwali Laxmi Pujan, normal market. Weekends: circulars
 * on live trading on the day of the Union Budget, on new trading systems, and on switching to the disaster
 * recovery site (two sessions). A weekend or an evening that is missing here costs nothing: where no bar lies
 * inside regular hours, all are kept. */
static const pxi_date_row nse_dates[] = {
    {20101105, {{AT(18, 0), AT(19, 0)}}},   /* Muhurat */
    {20111026, {{AT(16, 45), AT(18, 0)}}},  /* Muhurat */
    {20120428, {{AT(11, 15), AT(12, 45)}}}, /* new trading system */
    {20121113, {{AT(15, 45), AT(17, 0)}}},  /* Muhurat */
    {20131103, {{AT(18, 15), AT(19, 30)}}}, /* Muhurat */
    {20140322, {{AT(11, 15), AT(12, 45)}}}, /* disaster recovery site */
    {20141023, {{AT(18, 15), AT(19, 30)}}}, /* Muhurat */
    {20150228, {{AT(9, 15), AT(15, 30)}}},  /* Budget */
    {20151111, {{AT(17, 45), AT(18, 45)}}}, /* Muhurat */
    {20161030, {{AT(18, 30), AT(19, 30)}}}, /* Muhurat */
    {20171019, {{AT(18, 30), AT(19, 30)}}}, /* Muhurat */
    {20181107, {{AT(17, 30), AT(18, 30)}}}, /* Muhurat */
    {20191027, {{AT(18, 15), AT(19, 15)}}}, /* Muhurat */
    {20200201, {{AT(9, 15), AT(15, 30)}}},  /* Budget */
    {20201114, {{AT(18, 15), AT(19, 15)}}}, /* Muhurat */
    /* No connections from 11:40 on; SEBI's statement of that day on the extension. */
    {20210224, {{AT(9, 15), AT(15, 30)}, {AT(15, 45), AT(17, 0)}}},
    {20211104, {{AT(18, 15), AT(19, 15)}}},                         /* Muhurat */
    {20221024, {{AT(18, 15), AT(19, 15)}}},                         /* Muhurat */
    {20231112, {{AT(18, 15), AT(19, 15)}}},                         /* Muhurat */
    {20240120, {{AT(9, 15), AT(15, 30)}}},                          /* full Saturday before a holiday */
    {20240302, {{AT(9, 15), AT(10, 0)}, {AT(11, 30), AT(12, 30)}}}, /* disaster recovery site */
    {20240518, {{AT(9, 15), AT(10, 0)}, {AT(11, 30), AT(12, 30)}}}, /* disaster recovery site */
    {20241101, {{AT(18, 0), AT(19, 0)}}},                           /* Muhurat */
    {20250201, {{AT(9, 15), AT(15, 30)}}},                          /* Budget */
    {20251021, {{AT(13, 45), AT(14, 45)}}},                         /* Muhurat, in the afternoon for once */
    {20260201, {{AT(9, 15), AT(15, 30)}}},                          /* Budget, a Sunday */
};

/* ---- NYSE (XNYS) -------------------------------------------------------------------------------------- */

static const pxi_hours_row xnys_hours[] = {
    {19850930, {{AT(9, 30), AT(16, 0)}}}, /* NYSE, timeline of trading hours: 10:00 before */
};

/* Extended hours. */
static const pxi_interval xnys_around[] = {{AT(4, 0), AT(9, 30)}, {AT(13, 0), AT(20, 0)}, {0, 0}};

/* Closings at 13:00, 2000 to 2030: to 2028 as announced (NYSE Group's yearly "Holiday and Early Closings
 * Calendar" of the three years to come, its list "Special closings" for those past), 2029 and 2030 by the
 * same rule. The Friday after Thanksgiving; 24 December unless it is a Friday (then Christmas is observed on
 * it) or a weekend; the day before Independence Day where that is a weekday of its own, that is where 4 July
 * is a Tuesday, Wednesday, Thursday or Friday, but the Friday after it where 4 July was a Thursday before
 * 2013. And 2003-12-26. On 2002-09-11 trading began after the memorial. */
#define BELL  AT(9, 30)
#define EARLY AT(13, 0)
static const pxi_date_row xnys_dates[] = {
    {20000703, {{BELL, EARLY}}},          {20001124, {{BELL, EARLY}}}, {20010703, {{BELL, EARLY}}},
    {20011123, {{BELL, EARLY}}},          {20011224, {{BELL, EARLY}}}, {20020705, {{BELL, EARLY}}},
    {20020911, {{AT(12, 0), AT(16, 0)}}}, {20021129, {{BELL, EARLY}}}, {20021224, {{BELL, EARLY}}},
    {20030703, {{BELL, EARLY}}},          {20031128, {{BELL, EARLY}}}, {20031224, {{BELL, EARLY}}},
    {20031226, {{BELL, EARLY}}},          {20041126, {{BELL, EARLY}}}, {20051125, {{BELL, EARLY}}},
    {20060703, {{BELL, EARLY}}},          {20061124, {{BELL, EARLY}}}, {20070703, {{BELL, EARLY}}},
    {20071123, {{BELL, EARLY}}},          {20071224, {{BELL, EARLY}}}, {20080703, {{BELL, EARLY}}},
    {20081128, {{BELL, EARLY}}},          {20081224, {{BELL, EARLY}}}, {20091127, {{BELL, EARLY}}},
    {20091224, {{BELL, EARLY}}},          {20101126, {{BELL, EARLY}}}, {20111125, {{BELL, EARLY}}},
    {20120703, {{BELL, EARLY}}},          {20121123, {{BELL, EARLY}}}, {20121224, {{BELL, EARLY}}},
    {20130703, {{BELL, EARLY}}},          {20131129, {{BELL, EARLY}}}, {20131224, {{BELL, EARLY}}},
    {20140703, {{BELL, EARLY}}},          {20141128, {{BELL, EARLY}}}, {20141224, {{BELL, EARLY}}},
    {20151127, {{BELL, EARLY}}},          {20151224, {{BELL, EARLY}}}, {20161125, {{BELL, EARLY}}},
    {20170703, {{BELL, EARLY}}},          {20171124, {{BELL, EARLY}}}, {20180703, {{BELL, EARLY}}},
    {20181123, {{BELL, EARLY}}},          {20181224, {{BELL, EARLY}}}, {20190703, {{BELL, EARLY}}},
    {20191129, {{BELL, EARLY}}},          {20191224, {{BELL, EARLY}}}, {20201127, {{BELL, EARLY}}},
    {20201224, {{BELL, EARLY}}},          {20211126, {{BELL, EARLY}}}, {20221125, {{BELL, EARLY}}},
    {20230703, {{BELL, EARLY}}},          {20231124, {{BELL, EARLY}}}, {20240703, {{BELL, EARLY}}},
    {20241129, {{BELL, EARLY}}},          {20241224, {{BELL, EARLY}}}, {20250703, {{BELL, EARLY}}},
    {20251128, {{BELL, EARLY}}},          {20251224, {{BELL, EARLY}}}, {20261127, {{BELL, EARLY}}},
    {20261224, {{BELL, EARLY}}},          {20271126, {{BELL, EARLY}}}, {20280703, {{BELL, EARLY}}},
    {20281124, {{BELL, EARLY}}},          {20290703, {{BELL, EARLY}}}, {20291123, {{BELL, EARLY}}},
    {20291224, {{BELL, EARLY}}},          {20300703, {{BELL, EARLY}}}, {20301129, {{BELL, EARLY}}},
    {20301224, {{BELL, EARLY}}},
};

/* ---- markets that never close (24x7) ------------------------------------------------------------------ */

static const pxi_hours_row always_hours[] = {
    {19000101, {{AT(0, 0), AT(24, 0)}}},
};

/* ---- the table ---------------------------------------------------------------------------------------- */

#define COUNT(array)     (sizeof(array) / sizeof *(array))
#define MONDAY_TO_FRIDAY 0x1f
#define EVERY_DAY        0x7f

static const pxi_exchange exchanges[] = {
    {"NSE", "Asia/Kolkata", 248, MONDAY_TO_FRIDAY, nse_hours, COUNT(nse_hours), nse_dates, COUNT(nse_dates),
     pxi_day_of_india, nse_kept, nse_around, true},
    {"XNYS", "America/New_York", 252, MONDAY_TO_FRIDAY, xnys_hours, COUNT(xnys_hours), xnys_dates,
     COUNT(xnys_dates), NULL, NULL, xnys_around, false},
    {"24x7", "UTC", 365, EVERY_DAY, always_hours, COUNT(always_hours), NULL, 0, NULL, NULL, NULL, false},
};
_Static_assert(COUNT(exchanges) <= PXI_MAX_EXCHANGES, "those that list them have room");

const pxi_exchange *pxi_exchange_at(size_t i) {
    return i < COUNT(exchanges) ? &exchanges[i] : NULL;
}
