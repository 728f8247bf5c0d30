// SPDX-License-Identifier: Apache-2.0
/* A stream of a million one-minute bars as CSV lines, without a model and at 15 minutes: lines read to lines
 * written in one go; then line by line, each handed over at once, with the times from a line read to its
 * lines written. */
#include "bench.h"

#include "pixity/live.h"

static bool discard(void *user, const char *text, size_t length) {
    (void)text;
    *(size_t *)user += length;
    return true;
}

/* The bars as a CSV text. */
static char *make_text(const px_bars *bars, const px_zone *zone) {
    const size_t most = 120;
    char *text = malloc((bars->n + 1) * most), *at = text, when[PX_TIME_TEXT_SIZE];
    if (!text)
        exit(1);
    at += sprintf(at, "timestamp,open,high,low,close,volume\n");
    for (size_t i = 0; i < bars->n; i++)
        at += sprintf(at, "%s,%.2f,%.2f,%.2f,%.2f,%.0f\n", px_time_format_local(bars->ts_us[i], zone, when),
                      bars->open[i], bars->high[i], bars->low[i], bars->close[i], bars->volume[i]);
    return text;
}

/* Streams the text; with `seconds` each line is flushed and timed. */
static void stream(const char *text, double *seconds) {
    px_config config = px_config_default();
    px_error err;
    px_live *live = NULL;
    size_t written = 0, i = 0;
    char line[256];
    config.warmup_days = 0;
    config.skip_meta_model = true;
    const px_live_request request = {.symbol = "BENCH", .timeframe_minutes = 15};
    bench_check(px_live_open(NULL, &request, &config, discard, &written, &live, &err), &err);
    for (const char *end; (end = strchr(text, '\n')); text = end + 1, i++) {
        const size_t length = (size_t)(end - text);
        double begin = seconds ? bench_clock(CLOCK_MONOTONIC) : 0;
        memcpy(line, text, length);
        line[length] = '\0';
        bench_check(px_live_line(live, line, length, &err), &err);
        if (!seconds)
            continue;
        bench_check(px_live_flush(live, &err), &err);
        seconds[i] = bench_clock(CLOCK_MONOTONIC) - begin;
    }
    bench_check(px_live_end(live, &err), &err);
    px_live_close(&live);
}

static void bench_lines(const char *text, size_t n) {
    bench b = bench_start();
    stream(text, NULL);
    bench_done(&b, "stream", n, 0);
}

static int by_size(const void *a, const void *b) {
    double x = *(const double *)a, y = *(const double *)b;
    return x < y ? -1 : x > y;
}

static void bench_latency(const char *text, size_t n) {
    static const struct {
        const char *name;
        double share;
    } percentiles[] = {
        {"stream_latency_p50", 0.5}, {"stream_latency_p99", 0.99}, {"stream_latency_p99_9", 0.999}};
    double *seconds = calloc(n + 1, sizeof *seconds);
    if (!seconds)
        exit(1);
    stream(text, seconds);
    qsort(seconds + 1, n, sizeof *seconds, by_size); /* the first line is the header */
    for (size_t k = 0; k < 3; k++) {
        double at = seconds[1 + (size_t)((double)(n - 1) * percentiles[k].share)];
        bench_print(&(bench){at, at}, percentiles[k].name, 1, NULL, 0);
    }
    free(seconds);
}

int main(void) {
    px_calendar *calendar = bench_calendar();
    px_bars bars = bench_minutes(calendar);
    char *text = make_text(&bars, px_calendar_zone(calendar));
    bench_lines(text, bars.n);
    bench_latency(text, bars.n);
    free(text);
    px_bars_free(&bars);
    px_calendar_close(&calendar);
    return 0;
}
