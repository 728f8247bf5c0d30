// SPDX-License-Identifier: Apache-2.0
/* Reading UBJSON, draft 12: what a document says, and that a damaged one says nothing. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "learners/ubjson.h"

#include <stdlib.h>
#include <string.h>

/* The bytes on their own, so that a sanitizer sees a read past them; until the next document. */
static char *kept;

static pxi_ubj read_bytes(const char *bytes, size_t n) {
    free(kept);
    kept = malloc(n ? n : 1);
    assert_non_null(kept);
    memcpy(kept, bytes, n);
    return pxi_ubj_read(kept, n);
}

static int forget(void **state) {
    (void)state;
    free(kept);
    kept = NULL;
    return 0;
}

#define READ(literal) read_bytes(literal, sizeof(literal) - 1)
#define assert_refused(literal)                                                                              \
    do {                                                                                                     \
        const pxi_ubj read_ = READ(literal);                                                                 \
        assert_int_equal(read_.type, 0);                                                                     \
    } while (0)

static void assert_integer(pxi_ubj value, int64_t wanted) {
    int64_t whole = 77;
    double number = 77;
    assert_true(pxi_ubj_integer(&value, &whole) && whole == wanted);
    assert_true(pxi_ubj_number(&value, &number) && number == (double)wanted);
}

static void assert_number(pxi_ubj value, double wanted) {
    int64_t whole;
    double number = 77;
    assert_false(pxi_ubj_integer(&value, &whole));
    assert_true(pxi_ubj_number(&value, &number) && number == wanted);
}

static void assert_no_number(pxi_ubj value) {
    int64_t whole;
    double number;
    assert_int_not_equal(value.type, 0);
    assert_false(pxi_ubj_integer(&value, &whole));
    assert_false(pxi_ubj_number(&value, &number));
}

static void assert_text(pxi_ubj value, const char *wanted) {
    char buf[16] = "?";
    assert_true(pxi_ubj_text(&value, buf, strlen(wanted) + 1));
    assert_string_equal(buf, wanted);
    assert_false(pxi_ubj_text(&value, buf, strlen(wanted))); /* no room for its end */
}

/* ---- scalars ------------------------------------------------------------------------------------------ */

static void test_scalars(void **state) {
    (void)state;
    assert_integer(READ("T"), 1);
    assert_integer(READ("F"), 0);
    assert_integer(READ("U\xff"), 255);
    assert_integer(READ("i\xff"), -1);
    assert_integer(READ("i\x7f"), 127);
    assert_integer(READ("I\xff\xfe"), -2);
    assert_integer(READ("I\x01\x02"), 258);
    assert_integer(READ("l\x80\x00\x00\x00"), INT32_MIN);
    assert_integer(READ("l\x01\x02\x03\x04"), 0x01020304);
    assert_integer(READ("L\x80\x00\x00\x00\x00\x00\x00\x00"), INT64_MIN);
    assert_integer(READ("L\x00\x00\x00\x01\x00\x00\x00\x02"), (1LL << 32) + 2);
    assert_number(READ("d\x3f\xc0\x00\x00"), 1.5);
    assert_number(READ("D\x3f\xb9\x99\x99\x99\x99\x99\x9a"), 0.1);
    assert_no_number(READ("Z"));
    assert_no_number(READ("CA"));
    assert_no_number(READ("SU\x01"
                          "7"));
    assert_text(READ("SU\x03"
                     "abc"),
                "abc");
    assert_text(READ("SU\x00"), "");

    char buf[16];
    const pxi_ubj number = READ("U\x01");
    assert_false(pxi_ubj_text(&number, buf, sizeof buf));
    const pxi_ubj text = READ("SU\x03"
                              "a\0c");
    assert_int_equal(text.type, 'S');
    assert_false(pxi_ubj_text(&text, buf, sizeof buf)); /* a text of C would end at the NUL */

    assert_refused("");
    assert_refused("H");
    assert_refused("N");
    assert_refused("]");
    assert_refused("}");
    assert_refused("\x00");
}

static void test_a_length_is_an_integer_that_fits(void **state) {
    (void)state;
    assert_text(READ("Si\x02"
                     "ab"),
                "ab");
    assert_text(READ("SI\x00\x02"
                     "ab"),
                "ab");
    assert_text(READ("Sl\x00\x00\x00\x02"
                     "ab"),
                "ab");
    assert_text(READ("SL\x00\x00\x00\x00\x00\x00\x00\x02"
                     "ab"),
                "ab");
    assert_refused("S");
    assert_refused("SI\x00");
    assert_refused("Si\xff");
    assert_refused("Si\xff"
                   "ab");
    assert_refused("ST"
                   "a"); /* booleans are values, no lengths */
    assert_refused("SF");
    assert_refused("SC\x01"
                   "a");
    assert_refused("Sd\x3f\x80\x00\x00"
                   "a");
    assert_refused("SZ");
    assert_refused("SSU\x01"
                   "a");
    assert_refused("SU\x03"
                   "ab");
    assert_refused("SL\x7f\xff\xff\xff\xff\xff\xff\xff"
                   "ab");
    assert_refused("SL\x80\x00\x00\x00\x00\x00\x00\x00"
                   "ab");
    assert_refused("[#i\xff]");
    assert_refused("[#T]");
    assert_refused("[#Z]");
    assert_refused("[[#T]");
    assert_refused("[$U#d\x3f\x80\x00\x00"
                   "a");
}

/* ---- containers --------------------------------------------------------------------------------------- */

/* {"a": [1, "b", []], "ab": {"a": -1}, "t": typed [1, 2], "n": counted [true], "o": counted {"x": 3}, "z": 9}
 */
#define DOCUMENT                                                                                             \
    "{U\x01"                                                                                                 \
    "a[U\x01SU\x01"                                                                                          \
    "b[]]"                                                                                                   \
    "i\x02"                                                                                                  \
    "ab{U\x01"                                                                                               \
    "ai\xff}"                                                                                                \
    "U\x01"                                                                                                  \
    "t[$I#U\x02\x00\x01\x00\x02"                                                                             \
    "U\x01"                                                                                                  \
    "n[#U\x01T"                                                                                              \
    "U\x01"                                                                                                  \
    "o{#U\x01U\x01"                                                                                          \
    "xU\x03"                                                                                                 \
    "U\x01"                                                                                                  \
    "zU\x09}"

static void test_what_a_document_holds(void **state) {
    const pxi_ubj document = READ(DOCUMENT);
    const struct {
        const char *name;
        int64_t n, first;
    } arrays[] = {{"a", 3, 1}, {"t", 2, 1}, {"n", 1, 1}};
    pxi_ubj value, none;
    (void)state;
    assert_int_equal(document.type, '{');
    for (size_t i = 0; i < sizeof arrays / sizeof *arrays; i++) {
        const pxi_ubj array = pxi_ubj_member(&document, arrays[i].name);
        pxi_ubj_walk walk = pxi_ubj_begin(&array);
        assert_int_equal(pxi_ubj_count(&array), arrays[i].n);
        for (int64_t k = 0; k < arrays[i].n; k++) {
            assert_true(pxi_ubj_next(&walk, &value));
            if (k == 0)
                assert_integer(value, arrays[i].first);
        }
        assert_false(pxi_ubj_next(&walk, &none));
    }
    const pxi_ubj typed = pxi_ubj_member(&document, "t");
    pxi_ubj_walk walk = pxi_ubj_begin(&typed);
    assert_true(pxi_ubj_next(&walk, &value) && pxi_ubj_next(&walk, &value));
    assert_integer(value, 2);

    assert_integer(pxi_ubj_find(&document, "ab/a"), -1);
    assert_integer(pxi_ubj_find(&document, "o/x"), 3);
    assert_integer(pxi_ubj_find(&document, "z"), 9);
    const char *const missing[] = {"b", "abc", "", "ab/b", "z/a", "t/a", "a/a", "ab/a/a", "/z", "o/z"};
    for (size_t i = 0; i < sizeof missing / sizeof *missing; i++) {
        const pxi_ubj found = pxi_ubj_find(&document, missing[i]);
        if (*missing[i])
            assert_int_equal(found.type, 0);
        else
            assert_int_equal(found.type, '{'); /* the document itself */
    }
    const pxi_ubj object = pxi_ubj_member(&document, "ab");
    assert_int_equal(pxi_ubj_count(&object), -1);
    walk = pxi_ubj_begin(&object);
    assert_false(pxi_ubj_next(&walk, &value));
}

static void test_a_name_of_a_path_has_up_to_63_bytes(void **state) {
    char bytes[80] = "{U", path[80];
    (void)state;
    for (size_t length = 63; length <= 64; length++) {
        bytes[2] = (char)length;
        memset(bytes + 3, 'a', length);
        memcpy(bytes + 3 + length, "T}", 2);
        memset(path, 'a', length);
        path[length] = '\0';
        const pxi_ubj document = read_bytes(bytes, length + 5), value = pxi_ubj_find(&document, path);
        assert_int_equal(document.type, '{');
        assert_int_equal(value.type, length == 63 ? 'T' : 0);
    }
}

static void test_a_document_that_is_cut_or_goes_on_is_none(void **state) {
    const char whole[] = DOCUMENT "T";
    (void)state;
    for (size_t n = 0; n < sizeof whole - 2; n++)
        assert_int_equal(read_bytes(whole, n).type, 0);
    assert_int_equal(read_bytes(whole, sizeof whole - 2).type, '{');
    assert_int_equal(read_bytes(whole, sizeof whole - 1).type, 0);
}

static void test_containers_end_where_they_say(void **state) {
    (void)state;
    assert_int_equal(READ("[]").type, '[');
    assert_int_equal(READ("{}").type, '{');
    assert_int_equal(READ("[#U\x00").type, '[');
    assert_int_equal(READ("[[#U\x00]").type, '['); /* the bracket is of the outer one */
    assert_int_equal(READ("[#U\x02TT").type, '[');
    assert_int_equal(READ("[$U#U\x00").type, '[');
    assert_int_equal(READ("[$l#U\x02\x00\x00\x00\x01\x00\x00\x00\x02").type, '[');
    assert_refused("[}");
    assert_refused("{]");
    assert_refused("[T}");
    assert_refused("[#U\x01]");
    assert_refused("[#U\x02"
                   "TT]");
    assert_refused("[#U\x02"
                   "T");
    assert_refused("[$l#U\x02\x00\x00\x00\x01\x00\x00\x00");
    assert_refused("[$l#U\x02\x00\x00\x00\x01\x00\x00\x00\x02\x03");
    assert_refused(
        "[$l#L\x40\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x01"); /* 4 times that is 0 in 64 bits */
    assert_refused("[#L\x7f\xff\xff\xff\xff\xff\xff\xff");
    assert_refused("[$U]"); /* a type without a count */
    assert_refused("[$U");
    assert_refused("[$");
    assert_refused("[$Z#U\x03"); /* values of no bytes: a count that nothing bounds */
    assert_refused("[$S#U\x01U\x01"
                   "a");
    assert_refused("[$[#U\x01]");
    assert_refused("[$[]");
    assert_refused("[$SU");
    assert_refused("{$U#U\x01U\x01"
                   "a\x05");
    assert_refused("{SU\x01"
                   "aT}"); /* names have no mark */
    assert_refused("{U\x01"
                   "a}");
}

/* What nests without an end would be read without an end of the stack. */
static void test_nesting_has_a_bound(void **state) {
    char bytes[2 * 64];
    (void)state;
    for (size_t deep = 1; deep <= sizeof bytes / 2; deep++) {
        memset(bytes, '[', deep);
        memset(bytes + deep, ']', deep);
        assert_int_equal(read_bytes(bytes, 2 * deep).type, deep <= 33 ? '[' : 0);
        assert_int_equal(read_bytes(bytes, 2 * deep - 1).type, 0);
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_teardown(test_scalars, forget),
        cmocka_unit_test_teardown(test_a_length_is_an_integer_that_fits, forget),
        cmocka_unit_test_teardown(test_what_a_document_holds, forget),
        cmocka_unit_test_teardown(test_a_name_of_a_path_has_up_to_63_bytes, forget),
        cmocka_unit_test_teardown(test_a_document_that_is_cut_or_goes_on_is_none, forget),
        cmocka_unit_test_teardown(test_containers_end_where_they_say, forget),
        cmocka_unit_test_teardown(test_nesting_has_a_bound, forget),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
