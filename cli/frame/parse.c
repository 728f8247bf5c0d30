// SPDX-License-Identifier: Apache-2.0
/* Parsing through argp. argp stays silent (it would
 * print in its own form and exit with a status of its own); what it did not like is found again and explained
 * here. */
#include "cli/frame/cli.h"

#include <argp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { FIRST_KEY = 1000 };

typedef struct option_parser {
    cli_call *call;
    const cli_verb *verb;
    px_error *err;
    px_status status;
    int first_word; /* of the program's own options: where they end */

    size_t n_options;
    cli_option options[CLI_MAX_OPTIONS];
    struct argp_option argp_options[CLI_MAX_OPTIONS + 1]; /* a row of zeros ends them */
} option_parser;

/* ---- what argp refused -------------------------------------------------------------------------------- */

/* Options that a word stands for: the one of that name, else all that begin with it. */
static size_t find_meant(const option_parser *parser, const char *word, size_t length,
                         const px_field *meant[CLI_MAX_OPTIONS]) {
    size_t n = 0;
    for (size_t i = 0; i < parser->n_options; i++) {
        const px_field *option = parser->options[i].field;
        if (strncmp(option->name, word, length) != 0)
            continue;
        if (option->name[length] == '\0') {
            meant[0] = option;
            return 1;
        }
        meant[n++] = option;
    }
    return n;
}

static px_status fail_ambiguous(const option_parser *parser, const char *word, const px_field *const *meant,
                                size_t n) {
    char list[300] = "";
    for (size_t i = 0; i < n; i++) {
        size_t used = strlen(list);
        snprintf(list + used, sizeof list - used, "%s--%s", i ? ", " : "", meant[i]->name);
    }
    return cli_fail_usage(parser->call, parser->err, "option %s could be any of %s", word, list);
}

static px_status fail_unknown(const option_parser *parser, const char *name, size_t length) {
    const char *names[CLI_MAX_OPTIONS];
    char bare[64], hint[CLI_HINT_SIZE] = "";
    for (size_t i = 0; i < parser->n_options; i++)
        names[i] = parser->options[i].field->name;
    snprintf(bare, sizeof bare, "%.*s", (int)length, name);
    const char *nearest = px_name_nearest(bare, names, parser->n_options);
    if (nearest)
        snprintf(hint, sizeof hint, "; did you mean --%s?", nearest);
    return cli_fail_usage(parser->call, parser->err, "unknown option --%s%s", bare, hint);
}

static px_status explain_long(const option_parser *parser, const char *word) {
    const px_field *meant[CLI_MAX_OPTIONS], *option;
    size_t length = strcspn(word + 2, "="), n = find_meant(parser, word + 2, length, meant);
    cli_call *call = parser->call;
    if (n == 0)
        return fail_unknown(parser, word + 2, length);
    if (n > 1)
        return fail_ambiguous(parser, word, meant, n);
    option = meant[0];
    if (option->value)
        return cli_fail_usage(call, parser->err, "--%s needs a value: --%s %s", option->name, option->name,
                              option->value);
    return cli_fail_usage(call, parser->err, "--%s takes no value", option->name);
}

/* The first letter of a bundle ("-vx") that is no option, or 0. */
static char unknown_letter(const option_parser *parser, const char *word) {
    if (word[0] != '-' || word[1] == '-')
        return 0;
    for (word++; *word; word++) {
        bool known = false;
        for (size_t i = 0; i < parser->n_options; i++)
            known = known || parser->options[i].field->letter == *word;
        if (!known)
            return *word;
    }
    return 0;
}

/* getopt has moved past a long option that it refused, but stands on a bundle of letters until its last. */
static px_status explain(const option_parser *parser, const struct argp_state *state) {
    const char *past = state->next > 0 ? state->argv[state->next - 1] : "";
    const char *at = state->next < state->argc ? state->argv[state->next] : "";
    if (!strncmp(past, "--", 2) && past[2])
        return explain_long(parser, past);
    char letter = unknown_letter(parser, past) ? unknown_letter(parser, past) : unknown_letter(parser, at);
    return cli_fail_usage(parser->call, parser->err, "unknown option -%c", letter);
}

/* ---- parsing ------------------------------------------------------------------------------------------ */

static px_status take_option(option_parser *parser, const cli_option *option, const char *text) {
    cli_call *call = parser->call;
    char *base = option->group == PX_GROUP_OWN ? call->own : (char *)call;
    void *place = base + option->place->offset;
    px_status status = option->place->parse ? option->place->parse(text, place, parser->err)
                                            : cli_parse_value(option->field, text, place, parser->err);
    if (status && text)
        cli_fail_prefix(parser->err, status, "--%s", option->field->name);
    if (status)
        call->bad_usage = true;
    return status;
}

static error_t parse_word(option_parser *parser, const char *word, struct argp_state *state) {
    cli_call *call = parser->call;
    if (!parser->verb) {
        parser->first_word = state->next - 1;
        state->next = state->argc;
        return 0;
    }
    if (call->arguments.n >= parser->verb->max_arguments)
        parser->status = cli_fail_usage(call, parser->err, "unexpected argument \"%s\"", word);
    else
        parser->status = cli_parse_texts(word, &call->arguments, parser->err);
    return parser->status ? EINVAL : 0;
}

static error_t parse_any(int key, char *text, struct argp_state *state) {
    option_parser *parser = state->input;
    if (key == ARGP_KEY_ARG)
        return parse_word(parser, text, state);
    if (key == ARGP_KEY_ERROR && !parser->status)
        parser->status = explain(parser, state);
    if (key == ARGP_KEY_ERROR)
        return 0;
    for (size_t i = 0; i < parser->n_options; i++) {
        if (parser->argp_options[i].key != key)
            continue;
        parser->status = take_option(parser, &parser->options[i], text);
        return parser->status ? EINVAL : 0;
    }
    return ARGP_ERR_UNKNOWN;
}

static void add_options(option_parser *parser) {
    parser->n_options = cli_verb_options(parser->verb, parser->options);
    for (size_t i = 0; i < parser->n_options; i++) {
        const px_field *field = parser->options[i].field;
        parser->argp_options[i] = (struct argp_option){
            .name = field->name,
            .key = field->letter ? field->letter : FIRST_KEY + (int)i,
            .arg = field->value,
        };
    }
}

static px_status check_arguments(cli_call *call, const cli_verb *verb, px_error *err) {
    if (!verb || call->arguments.n >= verb->min_arguments || call->help || call->version)
        return PX_OK;
    return cli_fail_usage(call, err, "%s is missing", verb->arguments);
}

px_status cli_parse(cli_call *call, const cli_verb *verb, int argc, char **argv, int *next, px_error *err) {
    option_parser *parser = calloc(1, sizeof *parser);
    if (!parser)
        return cli_fail(err, PX_ENOMEM, "out of memory");
    parser->call = call;
    parser->verb = verb;
    parser->err = err;
    parser->first_word = argc;
    add_options(parser);
    struct argp root = {.options = parser->argp_options, .parser = parse_any};
    unsigned flags = ARGP_NO_ERRS | ARGP_NO_HELP | ARGP_NO_EXIT | (verb ? 0 : ARGP_IN_ORDER);
    error_t failed = argp_parse(&root, argc, argv, flags, NULL, parser);
    px_status status = parser->status;
    if (failed && !status)
        status = cli_fail(err, PX_ENOMEM, "cannot read the command line: %s", strerror(failed));
    if (status && call->help)
        status = PX_OK; /* help was asked for: it is the answer to any mistake */
    *next = parser->first_word;
    free(parser);
    return status ? status : check_arguments(call, verb, err);
}
