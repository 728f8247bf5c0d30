// SPDX-License-Identifier: Apache-2.0
/* The table of verbs, in the order of help. A verb of two words is a row like any other. */
#include "cli/frame/cli.h"

#include <assert.h>
#include <stdio.h>
#include <string.h>

/* One file and one line each. */
#define VERBS(X)                                                                                             \
    X(cli_import)                                                                                            \
    X(cli_data_list)                                                                                         \
    X(cli_data_check)                                                                                        \
    X(cli_data_export)                                                                                       \
    X(cli_data_adjust)                                                                                       \
    X(cli_data_instruments)                                                                                  \
    X(cli_data_log)                                                                                          \
    X(cli_data_undo)                                                                                         \
    X(cli_data_delete)                                                                                       \
    X(cli_data_rename)                                                                                       \
    X(cli_data_verify)                                                                                       \
    X(cli_data_candles)                                                                                      \
    X(cli_synth)                                                                                             \
    X(cli_resample)                                                                                          \
    X(cli_features)                                                                                          \
    X(cli_events)                                                                                            \
    X(cli_labels)                                                                                            \
    X(cli_train)                                                                                             \
    X(cli_backtest)                                                                                          \
    X(cli_audit)                                                                                             \
    X(cli_stream)                                                                                            \
    X(cli_account_list)                                                                                      \
    X(cli_account_show)                                                                                      \
    X(cli_account_trades)                                                                                    \
    X(cli_account_signals)                                                                                   \
    X(cli_account_orders)                                                                                    \
    X(cli_account_fills)                                                                                     \
    X(cli_account_equity)                                                                                    \
    X(cli_account_halt)                                                                                      \
    X(cli_account_resume)                                                                                    \
    X(cli_account_reset)                                                                                     \
    X(cli_runs_list)                                                                                         \
    X(cli_runs_show)                                                                                         \
    X(cli_runs_trades)                                                                                       \
    X(cli_runs_events)                                                                                       \
    X(cli_runs_compare)                                                                                      \
    X(cli_runs_export)                                                                                       \
    X(cli_runs_sql)                                                                                          \
    X(cli_runs_delete)                                                                                       \
    X(cli_report)                                                                                            \
    X(cli_serve)                                                                                             \
    X(cli_strategies)                                                                                        \
    X(cli_metrics)                                                                                           \
    X(cli_findings)                                                                                          \
    X(cli_models_list)                                                                                       \
    X(cli_models_show)                                                                                       \
    X(cli_models_delete)                                                                                     \
    X(cli_models_import)                                                                                     \
    X(cli_models_import_sklearn)                                                                             \
    X(cli_config_show)                                                                                       \
    X(cli_config_keys)                                                                                       \
    X(cli_config_schema)                                                                                     \
    X(cli_fees)                                                                                              \
    X(cli_doctor)                                                                                            \
    X(cli_help)                                                                                              \
    X(cli_manual)                                                                                            \
    X(cli_completion)                                                                                        \
    X(cli_complete_words)                                                                                    \
    X(cli_requests)                                                                                          \
    X(cli_run_job)

#define DECLARE(name) extern const cli_verb name;
VERBS(DECLARE)

#define ADDRESS(name) &name,
static const cli_verb *const verbs[] = {VERBS(ADDRESS)};
enum { N_VERBS = sizeof verbs / sizeof *verbs };

const cli_verb *cli_verb_at(size_t i) {
    return i < N_VERBS ? verbs[i] : NULL;
}

static const struct {
    px_field_group group;
    const char *title;
    const cli_place *places; /* NULL = the verb's own */
} groups[] = {
    {PX_GROUP_OWN, "Options", NULL},
    {PX_GROUP_BARS, "Bars", cli_data_places},
    {PX_GROUP_CONTINUOUS, "Continuous futures", cli_continuous_places},
    {PX_GROUP_INPUT, "Bars read in place", cli_input_places},
    {PX_GROUP_SETTINGS, "Settings", cli_config_places},
    {PX_GROUP_FINDINGS, "Findings", cli_finding_places},
    {PX_GROUP_OUTPUT, "Output", cli_output_places},
    {PX_GROUP_PROGRAM, "Program", cli_global_places},
};
enum { N_GROUPS = sizeof groups / sizeof *groups };

const char *cli_group_title(px_field_group group) {
    size_t i = 0;
    while (i + 1 < N_GROUPS && groups[i].group != group)
        i++;
    return groups[i].title;
}

static const cli_place *find_place(const cli_place *places, const char *name) {
    while (places && places->name && strcmp(places->name, name) != 0)
        places++;
    return places && places->name ? places : NULL;
}

/* Own options have their places with the verb, so that a field of a group may be one. */
size_t cli_verb_options(const cli_verb *verb, cli_option out[CLI_MAX_OPTIONS]) {
    const char *name = verb ? verb->name : "";
    const unsigned taken = (verb ? verb->groups : 0U) | PX_GROUP_PROGRAM;
    const px_field *field;
    size_t n = 0;
    for (size_t g = 0; g < N_GROUPS; g++)
        for (size_t i = 0; (field = px_field_at(i)); i++) {
            const bool own = px_field_is_option(field, name, 0);
            if (own != (groups[g].group == PX_GROUP_OWN) ||
                (!own && !px_field_is_option(field, name, groups[g].group & taken)))
                continue;
            const cli_place *places = own ? verb->places : groups[g].places;
            out[n++] = (cli_option){field, find_place(places, field->name), groups[g].group};
            assert(out[n - 1].place && n < CLI_MAX_OPTIONS);
        }
    return n;
}

/* What follows "<word> " in a verb's name, or NULL. */
static const char *second_word(const cli_verb *verb, const char *word) {
    size_t length = strlen(word);
    bool begins = !strncmp(verb->name, word, length) && verb->name[length] == ' ';
    return begins ? verb->name + length + 1 : NULL;
}

bool cli_verb_is_family(const char *word) {
    for (size_t i = 0; i < N_VERBS; i++)
        if (second_word(verbs[i], word))
            return true;
    return false;
}

static px_status fail_second(const char *first, const char *second, px_error *err) {
    const char *names[N_VERBS];
    char hint[CLI_HINT_SIZE], known[200] = "";
    size_t n = 0;
    for (size_t i = 0; i < N_VERBS; i++) {
        size_t used = strlen(known);
        if (!(names[n] = second_word(verbs[i], first)))
            continue;
        snprintf(known + used, sizeof known - used, "%s%s", n ? ", " : "", names[n]);
        n++;
    }
    if (!second)
        return cli_fail(err, PX_EINPUT, "%s: say what: %s", first, known);
    return cli_fail(err, PX_EINPUT, "%s: unknown verb \"%s\"%s (known: %s)", first, second,
                    cli_hint(second, names, n, hint), known);
}

static px_status fail_first(const char *word, px_error *err) {
    const char *names[2 * N_VERBS];
    char first[N_VERBS][24], hint[CLI_HINT_SIZE];
    size_t n = 0;
    for (size_t i = 0; i < N_VERBS; i++) {
        if (!verbs[i]->summary)
            continue;
        snprintf(first[i], sizeof first[i], "%.*s", (int)strcspn(verbs[i]->name, " "), verbs[i]->name);
        names[n++] = first[i];
        if (verbs[i]->alias)
            names[n++] = verbs[i]->alias;
    }
    return cli_fail(err, PX_EINPUT, "unknown verb \"%s\"%s", word, cli_hint(word, names, n, hint));
}

px_status cli_verb_find(char *const *words, size_t n, const cli_verb **out, size_t *n_words, px_error *err) {
    for (size_t i = 0; i < N_VERBS; i++) {
        const char *second = second_word(verbs[i], words[0]);
        bool one =
            !strcmp(verbs[i]->name, words[0]) || (verbs[i]->alias && !strcmp(verbs[i]->alias, words[0]));
        if (!one && !(second && n > 1 && !strcmp(second, words[1])))
            continue;
        *out = verbs[i];
        *n_words = one ? 1 : 2;
        return PX_OK;
    }
    if (cli_verb_is_family(words[0]))
        return fail_second(words[0], n > 1 && words[1][0] != '-' ? words[1] : NULL, err);
    return fail_first(words[0], err);
}
