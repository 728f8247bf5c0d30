// SPDX-License-Identifier: Apache-2.0
/* What a word of the command line may be: verbs and options from the tables that parsing reads, values from
 * what is stored. The shells' scripts (cmd_completion.c) only hand over the words. */
#include "cli/frame/cli.h"

#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <unistd.h>

/* The word to complete, and where from its candidates are printed: a shell that splits at "=" wants what
 * comes behind it only. */
typedef struct completion {
    const char *word;
    size_t skip;
    const char *before; /* what stands before the value in a whole word ("--set="), or "" */
    const char *home_path;
    const char *strategy; /* that the words before name; NULL = none */
} completion;

/* Prints a candidate if it begins with what is there, with one line about it. */
static void offer(const completion *c, const char *candidate, const char *about) {
    char whole[600];
    snprintf(whole, sizeof whole, "%s%s", c->before, candidate);
    if (strncasecmp(whole, c->word, strlen(c->word)) != 0)
        return;
    fputs(&whole[c->skip < strlen(whole) ? c->skip : 0], stdout);
    if (about && *about)
        printf("\t%s", about);
    putchar('\n');
}

/* Words parted by `separator`. */
static void offer_list(const completion *c, const char *list, char separator) {
    char word[64];
    const char stop[] = {separator, '\0'};
    while (*list) {
        size_t length = strcspn(list, stop);
        snprintf(word, sizeof word, "%.*s", (int)length, list);
        offer(c, word, NULL);
        list += length + (list[length] != '\0');
    }
}

/* ---- what is stored ------------------------------------------------------------------------------------ */

/* Opens the home only if that changes nothing. */
static px_home *open_as_it_is(const completion *c) {
    px_home *home = NULL;
    int version = 0;
    if (px_home_read_version(c->home_path, &version, NULL) != PX_OK || version != px_home_schema_version())
        return NULL;
    return px_home_open(c->home_path, &home, NULL) == PX_OK ? home : NULL;
}

static void offer_column(const completion *c, px_status (*list)(px_home *, px_table *, px_error *),
                         const char *column, const char *about) {
    px_table table = {0};
    px_home *home = open_as_it_is(c);
    if (home && list(home, &table, NULL) == PX_OK) {
        size_t at = px_table_find(&table, column), note = px_table_find(&table, about);
        const char *before = "";
        for (size_t row = 0; at != SIZE_MAX && row < table.n_rows; row++) {
            const char *name = px_table_text(&table, at, row);
            if (name && strcmp(name, before) != 0) /* instruments have a row for each tick */
                offer(c, name, note == SIZE_MAX ? NULL : px_table_text(&table, note, row));
            before = name ? name : "";
        }
    }
    px_table_free(&table);
    px_home_close(&home);
}

static void offer_runs(const completion *c) {
    offer_column(c, px_runs_list, "run_id", "strategy");
}

static void offer_models(const completion *c) {
    offer_column(c, px_models_list, "name", "learner");
}

static void offer_accounts(const completion *c) {
    offer_column(c, px_accounts_list, "account", "strategy");
}

static void offer_symbols(const completion *c) {
    offer_column(c, px_instruments_list, "symbol", "key");
}

static void offer_strategies(const completion *c) {
    const px_strategy *strategy;
    for (size_t i = 0; (strategy = px_strategy_at(i)); i++)
        offer(c, strategy->id, strategy->summary);
}

/* "stop_atrs=", with meaning and range. */
static void offer_parameters(const completion *c, const px_parameters *parameters) {
    char text[128], about[PX_PARAMETER_RANGE_SIZE + 100], range[PX_PARAMETER_RANGE_SIZE];
    for (size_t i = 0; i < parameters->n; i++) {
        const px_parameter *parameter = &parameters->items[i];
        snprintf(text, sizeof text, "%s=", parameter->name);
        snprintf(about, sizeof about, "%s: %s", parameter->help, px_parameter_range(parameter, range));
        offer(c, text, about);
    }
}

/* Of the strategy that the words name, else of every strategy. */
static void offer_strategy_parameters(const completion *c) {
    const px_strategy *strategy;
    for (size_t i = 0; (strategy = px_strategy_at(i)); i++) {
        const px_parameters parameters = px_strategy_parameters(strategy);
        if (!c->strategy || !strcmp(c->strategy, strategy->id))
            offer_parameters(c, &parameters);
    }
}

static void offer_exchanges(const completion *c) {
    const char *name;
    for (size_t i = 0; (name = px_exchange_name(i)); i++)
        offer(c, name, NULL);
}

static void offer_sources(const completion *c) {
    const char *name;
    for (size_t i = 0; (name = px_source_program(i)); i++)
        offer(c, name, NULL);
}

/* A name, or behind a colon and each comma the parameters of the one that is named. */
static void offer_learners(const completion *c) {
    const char *value = c->word + strlen(c->before), *colon = strchr(value, ':');
    const px_learner *learner;
    if (colon) {
        const char *comma = strrchr(colon, ','), *last = comma ? comma : colon;
        char text[600], name[64];
        snprintf(name, sizeof name, "%.*s", (int)(colon - value), value);
        snprintf(text, sizeof text, "%s%.*s", c->before, (int)(last + 1 - value), value);
        completion inner = *c;
        inner.before = text;
        if (px_learner_find(name, &learner, NULL) == PX_OK) {
            const px_parameters parameters = px_learner_parameters(learner);
            offer_parameters(&inner, &parameters);
        }
        return;
    }
    for (size_t i = 0; (learner = px_learner_at(i)); i++)
        offer(c, px_learner_name(learner), px_learner_summary(learner));
}

/* What only the shell knows is said with a colon. */
static void offer_files(const completion *c) {
    (void)c;
    puts(":files");
}

static void offer_folders(const completion *c) {
    (void)c;
    puts(":folders");
}

/* ---- settings ------------------------------------------------------------------------------------------ */

/* The words that a key may be, from the schema of config files. */
static void offer_key_values(const completion *c, const char *key) {
    char *text = NULL;
    json_t *schema = NULL, *choice;
    size_t i;
    if (px_config_schema(&text, NULL) == PX_OK)
        schema = json_loads(text, 0, NULL);
    json_t *property = json_object_get(json_object_get(schema, "properties"), key);
    json_array_foreach(json_object_get(property, "enum"), i, choice) {
        if (json_is_string(choice))
            offer(c, json_string_value(choice), NULL);
    }
    json_decref(schema);
    free(text);
}

/* "key=value". */
static void offer_settings(const completion *c) {
    const char *value = c->word + strlen(c->before), *equals = strchr(value, '=');
    char text[128];
    if (equals) {
        completion inner = *c;
        snprintf(text, sizeof text, "%s%.*s=", c->before, (int)(equals - value), value);
        inner.before = text;
        char key[64];
        snprintf(key, sizeof key, "%.*s", (int)(equals - value), value);
        offer_key_values(&inner, key);
        return;
    }
    for (size_t i = 0; px_config_key_name(i); i++) {
        snprintf(text, sizeof text, "%s=", px_config_key_name(i));
        offer(c, text, px_config_key_help(i));
    }
}

static void offer_findings(const completion *c) {
    const px_finding_kind *kind;
    for (size_t i = 0; (kind = px_finding_kind_at(i)); i++)
        if (kind->severity == PX_SEVERITY_ERROR)
            offer(c, kind->code, kind->meaning);
}

/* ---- values of options and arguments ------------------------------------------------------------------- */

static void offer_value(const completion *c, const px_field *field) {
    static void (*const offers[PX_FIELD_TYPES])(const completion *c) = {
        [PX_FIELD_FILE] = offer_files,          [PX_FIELD_FOLDER] = offer_folders,
        [PX_FIELD_SYMBOL] = offer_symbols,      [PX_FIELD_NEW_SYMBOL] = offer_symbols,
        [PX_FIELD_STRATEGY] = offer_strategies, [PX_FIELD_STRATEGY_PARAMETERS] = offer_strategy_parameters,
        [PX_FIELD_LEARNER] = offer_learners,    [PX_FIELD_MODEL] = offer_models,
        [PX_FIELD_NEW_MODEL] = offer_models,    [PX_FIELD_ACCOUNT] = offer_accounts,
        [PX_FIELD_FINDINGS] = offer_findings,   [PX_FIELD_SETTINGS] = offer_settings,
        [PX_FIELD_EXCHANGE] = offer_exchanges,  [PX_FIELD_SOURCE] = offer_sources,
    };
    if (offers[field->type])
        offers[field->type](c);
    else if (field->type == PX_FIELD_SETTING)
        offer_key_values(c, field->name);
    else if (field->choices)
        offer_list(c, field->choices, '|');
}

static void offer_argument(const completion *c, const cli_verb *verb) {
    static const struct {
        const char *family;
        void (*offer)(const completion *c);
    } named[] = {{"models ", offer_models},
                 {"account ", offer_accounts},
                 {"runs ", offer_runs},
                 {"report", offer_runs}};
    if (verb->max_arguments == 0)
        return;
    if (strstr(verb->arguments, "FILE")) {
        offer_files(c);
        return;
    }
    for (size_t i = 0; i < sizeof named / sizeof *named; i++)
        if (!strncmp(verb->name, named[i].family, strlen(named[i].family))) {
            named[i].offer(c);
            return;
        }
    offer_symbols(c);
}

/* ---- options and verbs --------------------------------------------------------------------------------- */

/* NULL for a word that is no option of the verb (NULL: of the program), or one with its value in it. */
static const px_field *find_option(const cli_verb *verb, const char *word, size_t length) {
    cli_option options[CLI_MAX_OPTIONS];
    const size_t n = cli_verb_options(verb, options);
    for (size_t i = 0; i < n && length > 2 && !strncmp(word, "--", 2); i++)
        if (strlen(options[i].field->name) == length - 2 &&
            !strncmp(options[i].field->name, word + 2, length - 2))
            return options[i].field;
    return NULL;
}

static void offer_options(const completion *c, const cli_verb *verb) {
    cli_option options[CLI_MAX_OPTIONS];
    char text[80], help[PX_FIELD_TEXT_SIZE];
    const size_t n = cli_verb_options(verb, options);
    for (size_t i = 0; i < n; i++) {
        snprintf(text, sizeof text, "--%s", options[i].field->name);
        offer(c, text, px_field_help(options[i].field, help));
    }
}

/* The first words of all verbs, or with `family` the second words of its verbs. */
static void offer_verbs(const completion *c, const char *family) {
    const cli_verb *verb;
    char first[40], before[40] = "";
    size_t skip = family ? strlen(family) + 1 : 0;
    for (size_t i = 0; (verb = cli_verb_at(i)); i++) {
        bool inside = !family || (!strncmp(verb->name, family, skip - 1) && verb->name[skip - 1] == ' ');
        if (!verb->summary || !inside)
            continue;
        snprintf(first, sizeof first, "%.*s", (int)strcspn(verb->name + skip, " "), verb->name + skip);
        if (strcmp(first, before) != 0)
            offer(c, first, strchr(verb->name + skip, ' ') ? NULL : verb->summary);
        snprintf(before, sizeof before, "%s", first);
        if (!family && verb->alias)
            offer(c, verb->alias, verb->summary);
    }
}

/* The last word, after words that are whole; the verb (NULL: still to come) and its arguments stand before
 * it. */
static void complete_in(const completion *c, const cli_verb *verb, const char *previous) {
    const px_field *option = previous ? find_option(verb, previous, strlen(previous)) : NULL;
    size_t length = strcspn(c->word, "=");
    char before[80];
    if (option && option->value) {
        offer_value(c, option);
        return;
    }
    option = c->word[length] == '=' ? find_option(verb, c->word, length) : NULL;
    if (option && option->value) {
        completion inner = *c;
        snprintf(before, sizeof before, "%.*s=", (int)length, c->word);
        inner.before = before;
        offer_value(&inner, option);
    } else if (*c->word == '-')
        offer_options(c, verb);
    else if (verb)
        offer_argument(c, verb);
    else
        offer_verbs(c, NULL);
}

/* Steps over the program's own options; where the verb begins. */
static size_t find_verb(const char *const *words, size_t n) {
    size_t i = 0;
    while (i < n && words[i][0] == '-') {
        const px_field *option = find_option(NULL, words[i], strlen(words[i]));
        i += option && option->value ? 2 : 1;
    }
    return i;
}

/* The last value of an option ("--home") among whole words; `otherwise` where there is none. */
static const char *find_value(const char *const *words, size_t n, const char *option, const char *otherwise) {
    const size_t length = strlen(option);
    const char *value = otherwise;
    for (size_t i = 0; i < n; i++) {
        if (!strncmp(words[i], option, length) && words[i][length] == '=' && words[i][length + 1])
            value = words[i] + length + 1;
        else if (!strcmp(words[i], option) && i + 1 < n)
            value = words[i + 1];
    }
    return value;
}

void cli_complete(const char *const *words, size_t n, size_t skip) {
    completion c = {.word = words[n - 1], .skip = skip, .before = ""};
    const cli_verb *verb = NULL;
    size_t at = find_verb(words, n - 1), n_words = 0, n_whole = n - 1;
    c.home_path = find_value(words, n_whole, "--home", cli_usual_home());
    c.strategy = find_value(words, n_whole, "--strategy", NULL);
    if (at >= n_whole) {
        complete_in(&c, NULL, n_whole ? words[n_whole - 1] : NULL);
        return;
    }
    if (cli_verb_find((char *const *)(uintptr_t)(words + at), n_whole - at, &verb, &n_words, NULL) == PX_OK)
        complete_in(&c, verb, at + n_words < n_whole ? words[n_whole - 1] : NULL);
    else if (at + 1 == n_whole && cli_verb_is_family(words[at]))
        offer_verbs(&c, words[at]);
}
