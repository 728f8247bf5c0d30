// SPDX-License-Identifier: Apache-2.0
// Text as plain loops around the shortest-double printer and the parser of the C++ library:
//
//     floor_text frame BARS    the feature frame as CSV on standard output
//     floor_text parse CSV     bars of a CSV file into columns: a time of 19 characters, then five numbers
#include "frame.h"

#include <charconv>
#include <vector>

static char *put(char *at, double x) {
    return std::isnan(x) ? at : std::to_chars(at, at + 32, x).ptr;
}

// 2012-11-01T09:15:00+05:30
static char *put_time(char *at, int64_t ts_us) {
    const time_t local = static_cast<time_t>(ts_us / 1000000 + 19800);
    struct tm t;
    gmtime_r(&local, &t);
    return at + strftime(at, 32, "%Y-%m-%dT%H:%M:%S+05:30", &t);
}

static void frame(const char *path) {
    const floor_bars bars = floor_read_bars(path);
    const floor_frame f = floor_features(&bars);
    std::vector<char> text(bars.n * 250);
    char *at = text.data();
    for (size_t i = 0; i < bars.n; i++) {
        at = put_time(at, bars.ts_us[i]);
        for (int k = 0; k < COLUMNS; k++) {
            *at++ = ',';
            at = put(at, f.column[k][i]);
        }
        *at++ = '\n';
    }
    fwrite(text.data(), 1, static_cast<size_t>(at - text.data()), stdout);
}

static int64_t time_of(const char *at) {
    auto number = [&](int from, int n) {
        int x = 0;
        for (int i = from; i < from + n; i++)
            x = 10 * x + at[i] - '0';
        return x;
    };
    struct tm t = {};
    t.tm_year = number(0, 4) - 1900;
    t.tm_mon = number(5, 2) - 1;
    t.tm_mday = number(8, 2);
    return (timegm(&t) + 3600 * number(11, 2) + 60 * number(14, 2) + number(17, 2)) * INT64_C(1000000);
}

static void parse(const char *path) {
    size_t size;
    const char *at = static_cast<const char *>(floor_read(path, &size)), *end = at + size;
    std::vector<int64_t> ts;
    std::vector<double> column[5];
    at = strchr(at, '\n') + 1;
    while (at < end) {
        ts.push_back(time_of(at));
        at = strchr(at, ',');
        for (auto &values : column) {
            double x = 0;
            at = std::from_chars(at + 1, end, x).ptr;
            values.push_back(x);
        }
        while (at < end && *at++ != '\n')
            ;
    }
    printf("%zu bars, last close %.2f\n", ts.size(), column[3].back());
}

int main(int argc, char **argv) {
    if (argc != 3)
        return 2;
    if (strcmp(argv[1], "frame") == 0)
        frame(argv[2]);
    else if (strcmp(argv[1], "parse") == 0)
        parse(argv[2]);
    else
        return 2;
    return 0;
}
