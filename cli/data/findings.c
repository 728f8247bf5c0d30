// SPDX-License-Identifier: Apache-2.0
/* What the checks of data quality found, as documents and for people. */
#include "cli/frame/cli.h"

#include <stdio.h>
#include <string.h>

enum { DATES_SHOWN = 5 };

/* The first dates, each once: a finding is a place, and several may lie in one session. */
static json_t *dates_json(const px_quality_place *findings, size_t n, const px_zone *zone) {
    json_t *dates = json_array();
    char text[PX_TIME_TEXT_SIZE], last[PX_TIME_TEXT_SIZE] = "";
    for (size_t i = 0; i < n && json_array_size(dates) < DATES_SHOWN; i++) {
        if (findings[i].ts_us == PX_FINDING_NO_TIME)
            continue;
        px_time_format_local(findings[i].ts_us, zone, text);
        text[10] = '\0';
        if (strcmp(text, last) != 0)
            json_array_append_new(dates, json_string(text));
        memcpy(last, text, sizeof last);
    }
    return dates;
}

/* What the places of a split would be recorded as, in the order of the dates. */
static json_t *adjustments_json(const px_quality_place *findings, size_t n, const px_zone *zone) {
    json_t *list = json_array();
    char date[PX_TIME_TEXT_SIZE];
    for (size_t i = 0; i < n; i++) {
        px_time_format_local(findings[i].ts_us, zone, date);
        date[10] = '\0';
        json_array_append_new(list, json_pack("{s:s, s:s}", "ex_date", date, "factor", findings[i].factor));
    }
    return list;
}

static json_t *check_json(const px_quality *quality, px_quality_check check, const px_zone *zone) {
    px_quality_sum sum = px_quality_of(quality, check);
    px_quality_info info = px_quality_describe(check);
    const px_quality_place *findings = quality->n ? &quality->findings[sum.begin] : NULL;
    size_t n = sum.end - sum.begin;
    char first[PX_TIME_TEXT_SIZE];
    bool dated = n && findings->ts_us != PX_FINDING_NO_TIME;
    if (dated)
        px_time_format_iso(findings->ts_us, zone, first);
    json_t *object = json_pack("{s:s, s:I, s:I, s:s, s:s?}", "severity", px_severity_name(info.severity),
                               "count", (json_int_t)sum.n_bars, "places", (json_int_t)n, "unit", info.unit,
                               "first", dated ? first : NULL);
    json_object_set_new(object, "dates", dates_json(findings, n, zone));
    json_object_set_new(object, "detail", n ? json_string(findings->detail) : json_null());
    if (n && *findings->factor)
        json_object_set_new(object, "adjustments", adjustments_json(findings, n, zone));
    return object;
}

json_t *cli_quality_json(const px_quality *quality, const px_zone *zone) {
    json_t *object = json_pack("{s:I}", "sessions", (json_int_t)quality->n_sessions);
    for (int check = 0; check < PX_N_QUALITY_CHECKS; check++)
        json_object_set_new(object, px_quality_describe((px_quality_check)check).name,
                            check_json(quality, (px_quality_check)check, zone));
    return object;
}

/* "664 bars in 2 places, 2015-03-30, 2015-06-24"; a single place with what is known of it. */
static void print_places(json_t *found, const px_quality_info *info) {
    json_t *dates = json_object_get(found, "dates");
    long long count = cli_count_at(found, "count"), places = cli_count_at(found, "places");
    size_t shown = json_array_size(dates);
    printf("%lld %s%s", count, info->unit, count == 1 ? "" : "s");
    if (places > 1 && places < count)
        printf(" in %lld places", places);
    for (size_t i = 0; i < shown; i++)
        printf("%s%s", i ? ", " : ": ", json_string_value(json_array_get(dates, i)));
    if ((size_t)places > shown && shown == DATES_SHOWN)
        fputs(", ...", stdout);
    if (places == 1 || !shown)
        printf(" (%s)", cli_text_at(found, "detail"));
    putchar('\n');
}

void cli_print_quality(json_t *quality, const char *indent) {
    size_t n = 0;
    for (int check = 0; check < PX_N_QUALITY_CHECKS; check++) {
        px_quality_info info = px_quality_describe((px_quality_check)check);
        json_t *found = json_object_get(quality, info.name);
        if (!cli_count_at(found, "count"))
            continue;
        n++;
        printf("%s%-8s %-16s", indent, px_severity_name(info.severity), info.name);
        print_places(found, &info);
        printf("%s%-8s %s %s\n", indent, "", info.help, info.advice);
    }
    if (!n)
        printf("%snothing found\n", indent);
}
