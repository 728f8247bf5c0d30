// SPDX-License-Identifier: Apache-2.0
/* Zones: spans of constant offset. Those of the exchanges are built in; others are read by tzif.c. */
#include "time/zone.h"

#include "base/error.h"
#include "base/mem.h"
#include "base/text.h"

#include <assert.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

struct px_zone {
    char name[64];
    size_t n_spans; /* at least 1 */
    pxi_span *spans;
};

#define MINUTE_US PX_US_PER_MINUTE

/* A yearly rule in force from a year on, as a TZ text of POSIX. */
typedef struct era {
    int32_t from_year;
    const char *rule;
} era;

/* New York: city law to 1966, then the Uniform Time Act of 1966, the Emergency Daylight Saving Time Act of
 * 1973 and its amendment of 1974, Public Law 99-359 (1986) and the Energy Policy Act of 2005. Before 1946
 * only standard time is known here. */
static const era new_york[] = {
    {1946, "EST5EDT,M4.5.0,M9.5.0"},  {1955, "EST5EDT,M4.5.0,M10.5.0"},
    {1974, "EST5EDT,M1.1.0,M10.5.0"}, {1975, "EST5EDT,M2.4.0,M10.5.0"},
    {1976, "EST5EDT,M4.5.0,M10.5.0"}, {1987, "EST5EDT,M4.1.0,M10.5.0"},
    {2007, "EST5EDT,M3.2.0,M11.1.0"}, {0},
};

/* What the calendars need does not depend on the system's files: not on whether they are installed, nor on
 * their age. India has kept +05:30 since 1945-10-15. */
static const struct {
    const char *name, *canonical;
    int64_t offset_us; /* at first */
    const era *eras;   /* NULL: always */
} built_in[] = {
    {"UTC", "UTC", 0, NULL},
    {"Z", "UTC", 0, NULL},
    {"GMT", "UTC", 0, NULL},
    {"Asia/Kolkata", "Asia/Kolkata", 330 * MINUTE_US, NULL},
    {"Asia/Calcutta", "Asia/Kolkata", 330 * MINUTE_US, NULL},
    {"America/New_York", "America/New_York", -300 * MINUTE_US, new_york},
    {"US/Eastern", "America/New_York", -300 * MINUTE_US, new_york},
};

static bool two_digits(const char *text, int *out) {
    if ((unsigned)(text[0] - '0') > 9 || (unsigned)(text[1] - '0') > 9)
        return false;
    *out = (text[0] - '0') * 10 + text[1] - '0';
    return true;
}

/* +05:30, +0530, +05. */
static bool parse_fixed(const char *name, int64_t *offset_us) {
    int hours, minutes = 0;
    if ((name[0] != '+' && name[0] != '-') || !two_digits(name + 1, &hours))
        return false;
    const char *rest = name + 3;
    if (*rest) {
        rest += *rest == ':';
        if (!two_digits(rest, &minutes) || rest[2])
            return false;
    }
    if (hours > 23 || minutes > 59)
        return false;
    *offset_us = (hours * 60 + minutes) * (name[0] == '-' ? -MINUTE_US : MINUTE_US);
    return true;
}

/* What is known without files: name, first offset and later rules. */
static bool find_known(const char *name, const char **canonical, int64_t *offset_us, const era **eras) {
    *eras = NULL;
    for (size_t i = 0; i < sizeof built_in / sizeof *built_in; i++) {
        if (strcasecmp(name, built_in[i].name) == 0) {
            *canonical = built_in[i].canonical;
            *offset_us = built_in[i].offset_us;
            *eras = built_in[i].eras;
            return true;
        }
    }
    *canonical = name;
    return parse_fixed(name, offset_us);
}

static px_status make_spans(int64_t offset_us, const era *eras, px_zone *zone, px_error *err) {
    zone->spans = pxi_new_array(eras ? 1 + PXI_ZONE_RULE_SPANS : 1, sizeof *zone->spans);
    if (!zone->spans)
        return pxi_fail_memory(err);
    zone->spans[zone->n_spans++] = (pxi_span){INT64_MIN, offset_us};
    for (; eras && eras->rule; eras++) {
        pxi_zone_rule rule;
        int32_t last_year = eras[1].rule ? eras[1].from_year - 1 : PXI_ZONE_LAST_YEAR;
        bool reads = pxi_zone_rule_parse(eras->rule, &rule);
        assert(reads);
        (void)reads;
        pxi_zone_rule_add(&rule, eras->from_year, last_year, INT64_MIN, zone->spans, &zone->n_spans);
    }
    return PX_OK;
}

px_status px_zone_open(const char *name, px_zone **out, px_error *err) {
    const char *canonical;
    const era *eras;
    int64_t offset_us = 0;
    px_zone *zone = pxi_new_array(1, sizeof *zone);
    if (!zone)
        return pxi_fail_memory(err);
    px_status status = find_known(name, &canonical, &offset_us, &eras)
                           ? make_spans(offset_us, eras, zone, err)
                           : pxi_tzif_load(name, &zone->spans, &zone->n_spans, err);
    if (status) {
        px_zone_close(&zone);
        return status;
    }
    pxi_copy(zone->name, sizeof zone->name, canonical);
    *out = zone;
    return PX_OK;
}

void px_zone_close(px_zone **zone) {
    if (!zone || !*zone)
        return;
    free((*zone)->spans);
    free(*zone);
    *zone = NULL;
}

const char *px_zone_name(const px_zone *zone) {
    return zone ? zone->name : "UTC";
}

/* The span that holds an instant. */
static size_t span_at(const px_zone *zone, int64_t ts_us) {
    size_t begin = 0, end = zone->n_spans; /* spans[begin].begin_us <= ts_us < spans[end].begin_us */
    while (end - begin > 1) {
        size_t middle = begin + (end - begin) / 2;
        if (zone->spans[middle].begin_us <= ts_us)
            begin = middle;
        else
            end = middle;
    }
    return begin;
}

int64_t px_zone_offset_us(const px_zone *zone, int64_t ts_us) {
    return zone ? zone->spans[span_at(zone, ts_us)].offset_us : 0;
}

void pxi_zone_span_at(const px_zone *zone, int64_t ts_us, int64_t *begin_us, int64_t *end_us) {
    size_t i = zone ? span_at(zone, ts_us) : 0;
    *begin_us = zone ? zone->spans[i].begin_us : INT64_MIN;
    *end_us = zone && i + 1 < zone->n_spans ? zone->spans[i + 1].begin_us : INT64_MAX;
}

int64_t px_zone_to_utc(const px_zone *zone, int64_t local_us) {
    if (!zone)
        return local_us;
    if (zone->n_spans == 1)
        return local_us - zone->spans[0].offset_us;
    /* No offset exceeds a day, so spans that end two days earlier cannot hold this wall time. */
    size_t i = span_at(zone, local_us - 2 * PX_US_PER_DAY);
    while (i + 1 < zone->n_spans && local_us - zone->spans[i].offset_us >= zone->spans[i + 1].begin_us)
        i++;
    /* The first span that has not ended: the first occurrence. If it has not begun either, the wall time was
     * skipped, and the offset before the change moves it forward. */
    int64_t ts_us = local_us - zone->spans[i].offset_us;
    if (i > 0 && ts_us < zone->spans[i].begin_us)
        ts_us = local_us - zone->spans[i - 1].offset_us;
    return ts_us;
}
