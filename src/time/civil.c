// SPDX-License-Identifier: Apache-2.0
/* The proleptic Gregorian calendar: Howard Hinnant, chrono-Compatible Low-Level Date Algorithms. */
#include "pixity/time.h"

px_civil px_civil_from_date(int32_t date) {
    int64_t z = (int64_t)date + 719468; /* days since 0000-03-01 */
    int64_t era = (z >= 0 ? z : z - 146096) / 146097;
    int64_t day_of_era = z - era * 146097;
    int64_t year_of_era = (day_of_era - day_of_era / 1460 + day_of_era / 36524 - day_of_era / 146096) / 365;
    int64_t day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    int64_t month = (5 * day_of_year + 2) / 153; /* from March */
    px_civil civil = {
        .month = (int32_t)(month < 10 ? month + 3 : month - 9),
        .day = (int32_t)(day_of_year - (153 * month + 2) / 5 + 1),
    };
    civil.year = (int32_t)(year_of_era + era * 400 + (civil.month <= 2));
    return civil;
}

int32_t px_date_from_civil(px_civil civil) {
    int64_t year = (int64_t)civil.year - (civil.month <= 2);
    int64_t era = (year >= 0 ? year : year - 399) / 400;
    int64_t year_of_era = year - era * 400;
    int64_t month = civil.month > 2 ? civil.month - 3 : civil.month + 9;
    int64_t day_of_era =
        year_of_era * 365 + year_of_era / 4 - year_of_era / 100 + (153 * month + 2) / 5 + civil.day - 1;
    return (int32_t)(era * 146097 + day_of_era - 719468);
}

int px_date_weekday(int32_t date) {
    int64_t from_monday = ((int64_t)date + 3) % 7; /* 1970-01-01 was a Thursday */
    return (int)(from_monday < 0 ? from_monday + 7 : from_monday);
}
