// SPDX-License-Identifier: Apache-2.0
/* Times, dates, timeframes and zones as data files and options write them: what is understood is written and
 * understood again as the same. */
#include "fuzz.h"

#include "pixity/bars.h"
#include "pixity/time.h"

static px_zone *kolkata, *new_york, *amsterdam; /* the last at +00:19:32 until 1937 */

int LLVMFuzzerInitialize(int *argc, char ***argv);
int LLVMFuzzerInitialize(int *argc, char ***argv) {
    (void)argc, (void)argv;
    fuzz_check(px_zone_open("Asia/Kolkata", &kolkata, NULL) == PX_OK);
    fuzz_check(px_zone_open("America/New_York", &new_york, NULL) == PX_OK);
    fuzz_check(px_zone_open("Europe/Amsterdam", &amsterdam, NULL) == PX_OK);
    return 0;
}

static void check_same(const char *text, const px_zone *zone, int64_t wanted_us) {
    int64_t ts_us;
    fuzz_check(px_time_parse(text, strlen(text), zone, &ts_us, NULL) == PX_OK);
    fuzz_check(ts_us == wanted_us);
}

/* Not NUL-terminated: a parser that reads on leaves the memory. */
static void check_time(const uint8_t *bytes, size_t length, const px_zone *zone) {
    char *exact = malloc(length ? length : 1), text[PX_TIME_TEXT_SIZE];
    int64_t ts_us = 1;
    px_error err;
    fuzz_check(exact);
    if (length)
        memcpy(exact, bytes, length);
    if (fuzz_accepted(px_time_parse(exact, length, zone, &ts_us, &err), &err)) {
        fuzz_check(ts_us >= PX_TIME_MIN_US && ts_us < PX_TIME_MAX_US);
        check_same(px_time_format_iso(ts_us, NULL, text), zone, ts_us);
        int64_t local_us = ts_us + px_zone_offset_us(zone, ts_us);
        bool in_years = local_us >= PX_TIME_MIN_US && local_us < PX_TIME_MAX_US;
        if (in_years)
            check_same(px_time_format_iso(ts_us, zone, text), zone, ts_us);
        if (in_years && px_zone_to_utc(zone, local_us) == ts_us) /* else the clock was put back */
            check_same(px_time_format_local(ts_us, zone, text), zone, ts_us);
    } else
        fuzz_check(ts_us == 1);
    free(exact);
}

static void check_date(const char *text) {
    char again[PX_TIME_TEXT_SIZE];
    int32_t date = 1;
    px_error err;
    if (!fuzz_accepted(px_date_parse(text, &date, &err), &err)) {
        fuzz_check(date == 1);
        return;
    }
    fuzz_check(strcmp(px_date_format(date, again), text) == 0);
    fuzz_check(px_date_from_civil(px_civil_from_date(date)) == date);
}

static void check_timeframe(const char *text) {
    char again[PX_TIMEFRAME_TEXT_SIZE];
    int minutes = -1, same = 0;
    px_error err;
    if (!fuzz_accepted(px_timeframe_parse(text, &minutes, &err), &err)) {
        fuzz_check(minutes == -1);
        return;
    }
    fuzz_check(minutes >= 1 && minutes <= PX_TIMEFRAME_DAY);
    fuzz_check(px_timeframe_parse(px_timeframe_format(minutes, again), &same, NULL) == PX_OK);
    fuzz_check(same == minutes);
}

static void check_zone(const char *text) {
    px_zone *zone = NULL, *same = NULL;
    px_error err;
    if (!fuzz_accepted(px_zone_open(text, &zone, &err), &err)) {
        fuzz_check(!zone);
        return;
    }
    fuzz_check(px_zone_open(px_zone_name(zone), &same, NULL) == PX_OK);
    for (int64_t ts_us = PX_TIME_MIN_US; ts_us < PX_TIME_MAX_US; ts_us += 1000 * PX_US_PER_DAY)
        fuzz_check(px_zone_offset_us(zone, ts_us) == px_zone_offset_us(same, ts_us));
    px_zone_close(&zone);
    px_zone_close(&same);
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t length) {
    char *text = fuzz_text(bytes, length);
    check_time(bytes, length, NULL);
    check_time(bytes, length, kolkata);
    check_time(bytes, length, new_york);
    check_time(bytes, length, amsterdam);
    check_date(text);
    check_timeframe(text);
    check_zone(text);
    free(text);
    return 0;
}
