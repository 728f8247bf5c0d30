// SPDX-License-Identifier: Apache-2.0
/* The table of what can be asked: each row is whole, and means one thing to a verb and to a request. */
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>

#include <stdlib.h>
#include <string.h>
#include "pixity/config.h"
#include "pixity/requests.h"
#include "requests/request_table.h"

static const px_field *find(const char *name, const char *verb) {
    const px_field *field;
    for (size_t i = 0; (field = px_field_at(i)); i++)
        if (!strcmp(field->name, name) && px_field_is_option(field, verb, 0))
            return field;
    return NULL;
}

/* The words of "a, b!, c d", one after the other. */
static bool next_word(const char **list, char word[64]) {
    *list += strspn(*list, ", ");
    const size_t length = strcspn(*list, ",");
    if (!length)
        return false;
    assert_true(length < 64);
    memcpy(word, *list, length);
    word[length] = '\0';
    if (word[length - 1] == '!')
        word[length - 1] = '\0';
    *list += length;
    return true;
}

static void every_row_is_whole(void **state) {
    (void)state;
    const px_field *field;
    size_t n = 0;
    for (; (field = px_field_at(n)); n++) {
        const bool is_option = field->verbs || field->group;
        assert_non_null(field->name);
        assert_true(field->type < PX_FIELD_TYPES);
        assert_true(is_option || field->jobs); /* somebody has it */
        assert_true(!is_option || field->help);
        assert_true(!is_option || (field->value == NULL) == (field->type == PX_FIELD_FLAG));
        assert_true(field->type != PX_FIELD_CHOICE || field->choices);
    }
    assert_true(n > 80);
    assert_null(px_field_at(n + 1));
}

static void a_name_means_one_thing(void **state) {
    (void)state;
    const px_field *one, *other;
    char word[64], member[PX_FIELD_NAME_SIZE], same[PX_FIELD_NAME_SIZE];
    for (size_t i = 0; (one = px_field_at(i)); i++)
        for (size_t j = i + 1; (other = px_field_at(j)); j++) {
            const char *verbs = one->verbs, *jobs = one->jobs;
            while (verbs && !strcmp(one->name, other->name) && next_word(&verbs, word))
                assert_false(px_field_is_option(other, word, 0));
            assert_true(strcmp(one->name, other->name) || !(one->group & other->group) || one->verbs ||
                        other->verbs);
            if (strcmp(px_field_member(one, member), px_field_member(other, same)) != 0)
                continue;
            while (jobs && next_word(&jobs, word))
                assert_false(px_field_is_member(other, word, NULL));
        }
}

static void settings_are_keys_and_usual_values_are_choices(void **state) {
    (void)state;
    const px_field *field;
    px_error err;
    size_t chosen;
    char name[PX_FIELD_NAME_SIZE];
    for (size_t i = 0; (field = px_field_at(i)); i++) {
        bool is_key = false;
        for (size_t k = 0; px_config_key_name(k); k++)
            is_key |= !strcmp(px_config_key_name(k), px_field_member(field, name));
        assert_true(field->type != PX_FIELD_SETTING || is_key);
        if (field->type == PX_FIELD_CHOICE && field->usual)
            assert_int_equal(px_field_choose(field, field->usual, &chosen, &err), PX_OK);
    }
}

static void who_has_a_field(void **state) {
    (void)state;
    bool required = true;
    const px_field *strategy = find("strategy", "backtest"), *rows = find("max-rows", "data adjust");
    assert_non_null(strategy);
    assert_false(px_field_is_option(strategy, "back", 0));
    assert_false(px_field_is_option(strategy, "backtests", 0));
    assert_false(px_field_is_option(strategy, "", PX_GROUP_BARS | PX_GROUP_PROGRAM));
    assert_true(px_field_is_member(strategy, "backtest", &required) && required);
    assert_false(px_field_is_member(strategy, "audit", &required) || required);
    assert_true(px_field_is_member(find("strategy", "audit"), "audit", &required) && !required);
    assert_non_null(rows); /* of a group, and a verb's own */
    assert_true(px_field_is_option(rows, "features", PX_GROUP_INPUT));
    assert_false(px_field_is_option(rows, "features", PX_GROUP_BARS));
    assert_null(find("full", "runs"));
    assert_non_null(find("full", "runs events"));
}

static bool is_request(const char *name) {
    const char *known;
    for (size_t i = 0; (known = pxi_request_at(i)); i++)
        if (!strcmp(known, name))
            return true;
    return false;
}

static void requests_are_known(void **state) {
    (void)state;
    const px_field *field;
    char word[64], *schema = NULL;
    for (size_t i = 0; (field = px_field_at(i)); i++)
        for (const char *jobs = field->jobs; jobs && next_word(&jobs, word);)
            assert_true(is_request(word));
    assert_int_equal(px_requests_schema(&schema, NULL), PX_OK);
    assert_non_null(strstr(schema, "\"BacktestRequest\": {"));
    assert_non_null(strstr(schema, "\"on_conflict\": {"));
    free(schema);
}

static void texts_of_a_field(void **state) {
    (void)state;
    char help[PX_FIELD_TEXT_SIZE], name[PX_FIELD_NAME_SIZE];
    assert_string_equal(px_field_help(find("capital", "backtest"), help), "Initial capital, rupees");
    assert_string_equal(px_field_help(find("days", "synth"), help), "Sessions to make");
    assert_string_equal(px_field_help(find("stamp", "import"), help),
                        "Which end of the bar its time names (default: open)");
    assert_string_equal(px_field_member(find("run-id", "backtest"), name), "run_id");
    assert_string_equal(px_field_member(find("model-out", "train"), name), "name");
}

static void choices(void **state) {
    (void)state;
    const px_field *way = find("on-conflict", "import");
    px_error err = {0};
    size_t chosen = 9;
    assert_int_equal(px_field_choose(way, "Replace", &chosen, &err), PX_OK);
    assert_int_equal(chosen, 2);
    assert_int_equal(px_field_choose(way, "skp", &chosen, &err), PX_EINPUT);
    assert_int_equal(chosen, 2);
    assert_string_equal(err.message, "\"skp\" is none of error, skip, replace; did you mean \"skip\"?");
    assert_int_equal(px_field_choose(way, "", &chosen, NULL), PX_EINPUT);
    assert_int_equal(px_field_choose(find("days", "synth"), "x", &chosen, NULL), PX_EINPUT);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_row_is_whole),
        cmocka_unit_test(a_name_means_one_thing),
        cmocka_unit_test(settings_are_keys_and_usual_values_are_choices),
        cmocka_unit_test(who_has_a_field),
        cmocka_unit_test(requests_are_known),
        cmocka_unit_test(texts_of_a_field),
        cmocka_unit_test(choices),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
