// SPDX-License-Identifier: Apache-2.0
/* Weekdays on which NSE and BSE had no trading at all, as month and day: the exchanges' yearly circulars on
 * trading holidays, and what was added to them later (elections, days of mourning, moved festivals). Evenings
 * of Muhurat trading are no closed days. A later year is its row. */
#include "market/closed_days.h"

#include "pixity/time.h"

enum { FIRST_YEAR = 2010, MOST_DAYS = 20 };
static const short closed[][MOST_DAYS] = {
    {101, 126, 212, 301, 324, 402, 414, 910, 1117, 1217},                        /* 2010 */
    {126, 302, 412, 414, 422, 815, 831, 901, 1006, 1027, 1107, 1110, 1206},      /* 2011 */
    {126, 220, 308, 405, 406, 501, 815, 820, 919, 1002, 1024, 1114, 1128, 1225}, /* 2012 */
    {327, 329, 419, 424, 501, 809, 815, 909, 1002, 1016, 1104, 1115, 1225},      /* 2013 */
    {227, 317, 408, 414, 418, 424, 501, 729, 815, 829, 1002, 1003, 1006, 1015, 1024, 1104, 1106,
     1225},                                                                                      /* 2014 */
    {126, 217, 306, 402, 403, 414, 501, 917, 925, 1002, 1022, 1112, 1125, 1225},                 /* 2015 */
    {126, 307, 324, 325, 414, 415, 419, 706, 815, 905, 913, 1011, 1012, 1031, 1114},             /* 2016 */
    {126, 224, 313, 404, 414, 501, 626, 815, 825, 1002, 1020, 1225},                             /* 2017 */
    {126, 213, 302, 329, 330, 501, 815, 822, 913, 920, 1002, 1018, 1108, 1123, 1225},            /* 2018 */
    {304, 321, 417, 419, 429, 501, 605, 812, 815, 902, 910, 1002, 1008, 1021, 1028, 1112, 1225}, /* 2019 */
    {221, 310, 402, 406, 410, 414, 501, 525, 1002, 1116, 1130, 1225},                            /* 2020 */
    {126, 311, 329, 402, 414, 421, 513, 721, 819, 910, 1015, 1105, 1119},                        /* 2021 */
    {126, 301, 318, 414, 415, 503, 809, 815, 831, 1005, 1026, 1108},                             /* 2022 */
    {126, 307, 330, 404, 407, 414, 501, 629, 815, 919, 1002, 1024, 1114, 1127, 1225},            /* 2023 */
    {122, 126, 308, 325, 329, 411, 417, 501, 520, 617, 717, 815, 1002, 1115, 1120, 1225},        /* 2024 */
    {226, 314, 331, 410, 414, 418, 501, 815, 827, 1002, 1022, 1105, 1225},                       /* 2025 */
    {115, 126, 303, 326, 331, 403, 414, 501, 528, 626, 914, 1002, 1020, 1110, 1124, 1225},       /* 2026 */
};
enum { N_YEARS = sizeof closed / sizeof *closed };

pxi_day pxi_day_of_india(int32_t date) {
    const px_civil day = px_civil_from_date(date);
    if (px_date_weekday(date) >= 5)
        return PXI_DAY_CLOSED;
    if (day.year < FIRST_YEAR || day.year >= FIRST_YEAR + N_YEARS)
        return PXI_DAY_UNKNOWN;
    for (size_t i = 0; i < MOST_DAYS && closed[day.year - FIRST_YEAR][i]; i++)
        if (closed[day.year - FIRST_YEAR][i] == day.month * 100 + day.day)
            return PXI_DAY_CLOSED;
    return PXI_DAY_OPEN;
}
