// SPDX-License-Identifier: Apache-2.0
/* A run as an HTML file and as a picture. */
#include "report_kit.h"

#include <pthread.h>
#include <zlib.h>

#include "report/embed.h"
#include "report/html.h"

/* ---- texts in a file ---------------------------------------------------------------------------------- */

static void assert_embedded(const char *json, const char *wanted) {
    pxi_text text = {0};
    pxi_embed_json(&text, json, strlen(json));
    assert_string_equal(text.data ? text.data : "", wanted);
    pxi_text_free(&text);
}

static void test_embedded_json(void **state) {
    (void)state;
    assert_embedded("{\n  \"a b\": [1, 2.5, null],\n  \"c\": \"x  y\"\n}\n",
                    "{\"a b\":[1,2.5,null],\"c\":\"x  y\"}");
    assert_embedded("\"</script><!-- & \\\" \\\\\"", "\"\\u003c/script\\u003e\\u003c!-- \\u0026 \\\" \\\\\"");
    assert_embedded("[\"\xe2\x80\xa8|\xe2\x80\xa9|\xe2\x80\xaa|\xe2\x82\xb9\"]",
                    "[\"\\u2028|\\u2029|\xe2\x80\xaa|\xe2\x82\xb9\"]");
    assert_embedded("[\"\\\\\", \"<\"]", "[\"\\\\\",\"\\u003c\"]"); /* an escaped backslash ends no escape */
    assert_embedded("", "");
    assert_embedded("\"cut", "\"cut");
}

static void test_embedded_html(void **state) {
    (void)state;
    pxi_text text = {0};
    pxi_embed_html(&text, "a<b>&\"c'd");
    pxi_embed_html(&text, NULL);
    assert_string_equal(text.data, "a&lt;b&gt;&amp;&quot;c&#39;d");
    pxi_text_free(&text);
}

static void test_base64(void **state) {
    (void)state;
    /* RFC 4648, section 10 */
    static const char *const cases[][2] = {{"", ""},
                                           {"f", "Zg=="},
                                           {"fo", "Zm8="},
                                           {"foo", "Zm9v"},
                                           {"foob", "Zm9vYg=="},
                                           {"fooba", "Zm9vYmE="},
                                           {"foobar", "Zm9vYmFy"},
                                           {"\xff\xfe\xfd", "//79"}};
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        pxi_text text = {0};
        pxi_embed_base64(&text, (const unsigned char *)cases[i][0], strlen(cases[i][0]));
        assert_string_equal(text.data ? text.data : "", cases[i][1]);
        pxi_text_free(&text);
    }
}

static void test_indian_grouping(void **state) {
    (void)state;
    static const struct {
        double value;
        int decimals;
        const char *text;
    } cases[] = {{0, 0, "0"},
                 {-0.001, 2, "0.00"},
                 {999, 0, "999"},
                 {1000, 0, "1,000"},
                 {-99999.5, 1, "-99,999.5"},
                 {100000, 2, "1,00,000.00"},
                 {12345678.9, 2, "1,23,45,678.90"},
                 {1234567890, 0, "1,23,45,67,890"},
                 {NAN, 2, "-"}};
    char buf[PXI_GROUPED_SIZE];
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
        assert_string_equal(pxi_group_indian(cases[i].value, cases[i].decimals, buf), cases[i].text);
}

/* What was written, and where it stops being taken. */
typedef struct taker {
    pxi_text text;
    size_t most;
} taker;

static bool take(void *user, const char *bytes, size_t length) {
    taker *t = user;
    pxi_text_add(&t->text, bytes, length);
    return t->text.length <= t->most;
}

static void test_filled_template(void **state) {
    (void)state;
    static const char page[] =
        "<html><head><title>x</title><style>a</style></head><body><div id=\"static\"></div>"
        "<script type=\"application/json\" id=\"pixity-data\"></script>"
        "<script>abc</script></body></html>";
    const pxi_report_parts parts = {"a<b", "<p>plain", "{\"a\":1}"};
    taker t = {.most = SIZE_MAX};
    assert_ok(pxi_report_fill(page, strlen(page), &parts, take, &t, err));
    /* SHA-256 of "abc", FIPS 180-4 */
    assert_string_equal(
        t.text.data, "<html><head><meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; "
                     "script-src 'sha256-ungWv48Bz+pBQUDeXa4iI7ADYaOWF3qctBD/YfIAFa0='; style-src "
                     "'unsafe-inline'; img-src data: blob:; base-uri 'none'; form-action 'none'\">"
                     "<title>a&lt;b</title><style>a</style></head><body><div id=\"static\"><p>plain</div>"
                     "<script type=\"application/json\" id=\"pixity-data\">{\"a\":1}</script>"
                     "<script>abc</script></body></html>");
    assert_fails(pxi_report_fill("<head><title></title>", 21, &parts, take, &t, err), PX_ELIBRARY, "web/");
    t.most = t.text.length + 100;
    assert_fails(pxi_report_fill(page, strlen(page), &parts, take, &t, err), PX_EIO, "refused");
    pxi_text_free(&t.text);
}

/* ---- files -------------------------------------------------------------------------------------------- */

static void test_a_report_is_the_same_each_time(void **state) {
    (void)state;
    px_home *home = home_with_run();
    taker first = {.most = SIZE_MAX}, second = first, small = first;
    const px_report_config tiny = {.points = 100, .max_bytes = 1000};
    assert_ok(px_report_write(home, "r", NULL, take, &first, err));
    assert_ok(px_report_write(home, "r", NULL, take, &second, err));
    assert_ok(px_report_write(home, "r", &tiny, take, &small, err));
    assert_string_equal(first.text.data, second.text.data);
    assert_non_null(strstr(first.text.data, "\"/api/v1/runs/r/candles\":\""));
    assert_non_null(strstr(first.text.data, "\"left_out\":[]"));
    assert_non_null(strstr(small.text.data, "\"left_out\":[\"bars around single trades"));
    assert_non_null(
        strstr(small.text.data, "\"/api/v1/runs/r/trades\":{\"total\":")); /* trades are always there */
    first.most = 10;
    assert_fails(px_report_write(home, "r", NULL, take, &first, err), PX_EIO, "refused");
    pxi_text_free(&first.text);
    pxi_text_free(&second.text);
    pxi_text_free(&small.text);
    px_home_close(&home);
}

static void test_a_picture(void **state) {
    (void)state;
    px_home *home = home_with_run();
    taker first = {.most = SIZE_MAX}, second = first, small = first;
    const px_picture_config size = {.width = 640, .height = 480}, wrong = {.width = 100, .height = 900};
    assert_ok(px_report_picture(home, "r", NULL, take, &first, err));
    assert_ok(px_report_picture(home, "r", NULL, take, &second, err));
    assert_ok(px_report_picture(home, "r", &size, take, &small, err));
    assert_memory_equal(first.text.data, "\x89PNG\r\n\x1a\n\0\0\0\rIHDR\0\0\x06\x40\0\0\x03\x84", 24);
    assert_memory_equal(small.text.data + 16, "\0\0\x02\x80\0\0\x01\xe0", 8);
    assert_int_equal(first.text.length, second.text.length);
    assert_memory_equal(first.text.data, second.text.data, first.text.length);
    assert_fails(px_report_picture(home, "r", &wrong, take, &first, err), PX_EINPUT, "100 x 900");
    first.most = 0;
    assert_fails(px_report_picture(home, "r", NULL, take, &first, err), PX_EIO, "refused");
    pxi_text_free(&first.text);
    pxi_text_free(&second.text);
    pxi_text_free(&small.text);
    px_home_close(&home);
}

/* ---- what a picture shows ----------------------------------------------------------------------------- */

enum { WIDE = 1600, HIGH = 900, LINE = 1 + 3 * WIDE };

static int paeth(int left, int up, int corner) {
    const int p = left + up - corner, a = abs(p - left), b = abs(p - up), c = abs(p - corner);
    return a <= b && a <= c ? left : b <= c ? up : corner;
}

/* Rows of red, green, blue after a byte of a PNG of 1600 x 900 without alpha (ISO/IEC 15948); freed. */
static unsigned char *pixels_of(const pxi_text *png) {
    const unsigned char *bytes = (const unsigned char *)png->data;
    unsigned char *packed = malloc(png->length), *rows = calloc(HIGH, LINE);
    uLong n = 0, size = (uLong)HIGH * LINE;
    assert_non_null(packed);
    assert_non_null(rows);
    for (size_t at = 8, length; at + 12 <= png->length; at += 12 + length) {
        length = (size_t)bytes[at] << 24 | (size_t)bytes[at + 1] << 16 | (size_t)bytes[at + 2] << 8 |
                 bytes[at + 3];
        if (memcmp(bytes + at + 4, "IDAT", 4) == 0) {
            memcpy(packed + n, bytes + at + 8, length);
            n += length;
        }
    }
    assert_int_equal(uncompress(rows, &size, packed, n), Z_OK);
    assert_int_equal(size, (uLong)HIGH * LINE);
    for (int y = 0; y < HIGH; y++) {
        unsigned char *row = rows + y * LINE;
        for (int x = 1; x < LINE; x++) {
            const int left = x > 3 ? row[x - 3] : 0, up = y ? row[x - LINE] : 0,
                      corner = x > 3 && y ? row[x - 3 - LINE] : 0;
            const int guesses[] = {0, left, up, (left + up) / 2, paeth(left, up, corner)};
            assert_true(row[0] < 5);
            row[x] = (unsigned char)(row[x] + guesses[row[0]]);
        }
    }
    free(packed);
    return rows;
}

typedef struct colour {
    int red, green, blue;
} colour;
static const colour white = {255, 255, 255}, net_colour = {8, 92, 168};

static bool is(const unsigned char *rows, int x, int y, colour c) {
    const unsigned char *at = rows + y * LINE + 1 + 3 * x;
    return abs(at[0] - c.red) + abs(at[1] - c.green) + abs(at[2] - c.blue) < 12;
}

static bool is_blank(const unsigned char *rows, int x, int from_y, int to_y) {
    while (from_y < to_y && is(rows, x, from_y, white))
        from_y++;
    return from_y == to_y;
}

static void test_a_picture_shows_the_curve_over_its_dates(void **state) {
    (void)state;
    enum { LEFT = 150, RIGHT = 1552, TOP = 196, UPPER_BOTTOM = 619, BOTTOM = 838, MARGIN = 24 };
    px_home *home = home_with_run();
    taker t = {.most = SIZE_MAX};
    assert_ok(px_report_picture(home, "r", NULL, take, &t, err));
    unsigned char *rows = pixels_of(&t.text);
    for (int x = 0; x < MARGIN; x++) /* nothing is cut off at a border */
        assert_true(is_blank(rows, x, 0, HIGH) && is_blank(rows, WIDE - 1 - x, 0, HIGH));
    int n_curve = 0, highest = HIGH, lowest = 0;
    for (int x = LEFT; x < RIGHT; x++) {
        bool met = false;
        for (int y = TOP; y < UPPER_BOTTOM; y++)
            if (is(rows, x, y, net_colour)) {
                met = true;
                highest = y < highest ? y : highest;
                lowest = y > lowest ? y : lowest;
            }
        n_curve += met;
    }
    assert_true(n_curve > (RIGHT - LEFT) * 9 / 10);
    assert_true(lowest - highest > (UPPER_BOTTOM - TOP) / 4); /* the scale is that of the curve */
    /* Each date stands under its mark, but where the picture ends. */
    for (int x = 0, begin = 0, end = 0; x < RIGHT - 100; x++) {
        if (!is_blank(rows, x, BOTTOM + 12, BOTTOM + 34)) {
            begin = end && x - end < 14 ? begin : x;
            end = x + 1;
        } else if (end && x - end == 14) {
            const int middle = (begin + end) / 2;
            bool marked = false;
            for (int at = middle - 5; at <= middle + 5; at++)
                marked |= !is(rows, at, BOTTOM + 4, white);
            if (!marked)
                fail_msg("a date from %d to %d has no mark", begin, end);
        }
    }
    free(rows);
    pxi_text_free(&t.text);
    px_home_close(&home);
}

static void test_files_are_whole_or_not_there(void **state) {
    (void)state;
    px_home *home = home_with_run();
    char path[1024];
    snprintf(path, sizeof path, "%s", in_folder("r.html"));
    assert_ok(px_report_save(home, "r", NULL, path, false, err));
    assert_fails(px_report_save(home, "r", NULL, path, false, err), PX_EEXISTS, "there already");
    assert_ok(px_report_save(home, "r", NULL, path, true, err));
    assert_fails(px_report_save(home, "none", NULL, in_folder("n.html"), false, err), PX_ENOTFOUND, "none");
    assert_false(pxi_path_exists(in_folder("n.html")));
    assert_fails(px_report_save_picture(home, "r", NULL, in_folder("no/n.png"), false, err), PX_EINPUT,
                 "n.png");
    assert_ok(px_report_save_picture(home, "r", NULL, in_folder("r.png"), false, err));
    px_home_close(&home);
}

/* What one of several threads makes, with a home of its own. */
typedef struct maker {
    pthread_t thread;
    taker file, picture;
    px_status status;
    const char *home;
} maker;

static void *make(void *user) {
    maker *m = user;
    px_home *home = NULL;
    m->status = px_home_open(m->home, &home, NULL);
    for (int i = 0; i < 3 && !m->status; i++) {
        m->file.text.length = m->picture.text.length = 0;
        m->status = px_report_write(home, "r", NULL, take, &m->file, NULL);
        if (!m->status)
            m->status = px_report_picture(home, "r", NULL, take, &m->picture, NULL);
    }
    px_home_close(&home);
    return NULL;
}

static void test_threads_make_the_same(void **state) {
    (void)state;
    px_home *home = home_with_run();
    maker makers[4] = {0};
    const char *path = in_folder("home");
    px_home_close(&home);
    for (size_t i = 0; i < 4; i++) {
        makers[i].home = path;
        makers[i].file.most = makers[i].picture.most = SIZE_MAX;
        assert_int_equal(pthread_create(&makers[i].thread, NULL, make, &makers[i]), 0);
    }
    for (size_t i = 0; i < 4; i++) {
        assert_int_equal(pthread_join(makers[i].thread, NULL), 0);
        assert_int_equal(makers[i].status, PX_OK);
        assert_int_equal(makers[i].file.text.length, makers[0].file.text.length);
        assert_int_equal(makers[i].picture.text.length, makers[0].picture.text.length);
        assert_memory_equal(makers[i].file.text.data, makers[0].file.text.data, makers[0].file.text.length);
        assert_memory_equal(makers[i].picture.text.data, makers[0].picture.text.data,
                            makers[0].picture.text.length);
    }
    for (size_t i = 0; i < 4; i++) {
        pxi_text_free(&makers[i].file.text);
        pxi_text_free(&makers[i].picture.text);
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_embedded_json),
        cmocka_unit_test(test_embedded_html),
        cmocka_unit_test(test_base64),
        cmocka_unit_test(test_indian_grouping),
        cmocka_unit_test(test_filled_template),
        STORE_TEST(test_a_report_is_the_same_each_time),
        STORE_TEST(test_a_picture),
        STORE_TEST(test_a_picture_shows_the_curve_over_its_dates),
        STORE_TEST(test_files_are_whole_or_not_there),
        STORE_TEST(test_threads_make_the_same),
    };
    return cmocka_run_group_tests_name("report files", tests, NULL, NULL);
}
