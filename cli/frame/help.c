// SPDX-License-Identifier: Apache-2.0
/* Help and the manual page, both from the tables that parsing reads. */
#include "cli/frame/cli.h"

#include <ctype.h>
#include <stdio.h>
#include <string.h>

enum { WIDTH = 100, COLUMN = 27 };

/* Words from column `indent` on, the first line being there already. */
static void print_wrapped(const char *text, int indent) {
    int at = indent;
    while (*text) {
        int length = (int)strcspn(text, " ");
        if (at > indent && at + 1 + length > WIDTH) {
            printf("\n%*s", indent, "");
            at = indent;
        }
        at += printf("%s%.*s", at > indent ? " " : "", length, text);
        text += length;
        text += strspn(text, " ");
    }
    putchar('\n');
}

static void print_entry(const char *name, const char *help) {
    int used = printf("  %s", name);
    if (used > COLUMN - 2) {
        putchar('\n');
        used = 0;
    }
    printf("%*s", COLUMN - used, "");
    print_wrapped(help, COLUMN);
}

static void option_text(const px_field *option, char *buf, size_t size) {
    char letter[8] = "";
    if (option->letter)
        snprintf(letter, sizeof letter, "-%c, ", option->letter);
    snprintf(buf, size, "%s--%s%s%s", letter, option->name, option->value ? " " : "",
             option->value ? option->value : "");
}

/* Each group under its title. */
static void print_options(const cli_verb *verb) {
    cli_option options[CLI_MAX_OPTIONS];
    char name[80], help[PX_FIELD_TEXT_SIZE];
    const size_t n = cli_verb_options(verb, options);
    for (size_t i = 0; i < n; i++) {
        if (i == 0 || options[i].group != options[i - 1].group)
            printf("\n%s:\n", cli_group_title(options[i].group));
        option_text(options[i].field, name, sizeof name);
        print_entry(name, px_field_help(options[i].field, help));
    }
}

static void print_paragraphs(const char *text) {
    while (*text) {
        size_t length = strcspn(text, "\n");
        char line[1200];
        snprintf(line, sizeof line, "%.*s", (int)length, text);
        print_wrapped(line, 0);
        text += length + (text[length] == '\n');
    }
}

void cli_help_verb(const cli_verb *verb) {
    printf("Usage: pixity %s%s%s [OPTION...]\n", verb->name, *verb->arguments ? " " : "", verb->arguments);
    print_wrapped(verb->summary ? verb->summary : "", 0);
    if (verb->details) {
        putchar('\n');
        print_paragraphs(verb->details);
    }
    print_options(verb);
}

static bool begins_with_word(const char *name, const char *word) {
    size_t length = strlen(word);
    return !strncmp(name, word, length) && (name[length] == ' ' || name[length] == '\0');
}

void cli_help_program(const char *word) {
    char name[80];
    const cli_verb *verb;
    printf("Usage: pixity %s%sVERB ... [OPTION...]\n", word ? word : "", word ? " " : "");
    if (!word)
        puts("Candles in, trained meta-model out, and a backtest that agrees with it.");
    puts("\nVerbs:");
    for (size_t i = 0; (verb = cli_verb_at(i)); i++) {
        if (!verb->summary || (word && !begins_with_word(verb->name, word)))
            continue;
        snprintf(name, sizeof name, "%s%s%s", verb->name, *verb->arguments ? " " : "", verb->arguments);
        print_entry(name, verb->summary);
    }
    print_options(NULL);
    puts(
        "\n'pixity VERB --help' tells the rest. Exit status: 0 done, 1 the work failed, 2 wrong usage or bad "
        "input,\n130 interrupted.");
}

/* ---- manual page -------------------------------------------------------------------------------------- */

/* Text for roff: backslashes and hyphens escaped, no line that begins with a control character. */
static void roff(const char *text) {
    bool line_start = true;
    for (; *text; text++) {
        if (line_start && (*text == '.' || *text == '\''))
            fputs("\\&", stdout);
        if (*text == '\\')
            fputs("\\e", stdout);
        else if (*text == '-')
            fputs("\\-", stdout);
        else
            putchar(*text);
        line_start = *text == '\n';
    }
}

static void roff_option(const px_field *option) {
    char help[PX_FIELD_TEXT_SIZE];
    puts(".TP");
    fputs("\\fB", stdout);
    if (option->letter)
        printf("\\-%c\\fR, \\fB", option->letter);
    fputs("\\-\\-", stdout);
    roff(option->name);
    fputs("\\fR", stdout);
    if (option->value) {
        fputs(" \\fI", stdout);
        roff(option->value);
        fputs("\\fR", stdout);
    }
    putchar('\n');
    roff(px_field_help(option, help));
    putchar('\n');
}

static void roff_section(const char *title) {
    fputs(".SH ", stdout);
    for (; *title; title++)
        putchar(toupper((unsigned char)*title));
    putchar('\n');
}

static void roff_verb(const cli_verb *verb) {
    cli_option options[CLI_MAX_OPTIONS];
    const size_t n = cli_verb_options(verb, options);
    printf(".SS pixity %s %s\n", verb->name, verb->arguments);
    roff(verb->summary);
    puts(".");
    if (verb->alias)
        printf("Also \\fBpixity %s\\fR.\n", verb->alias);
    for (const char *text = verb->details; text && *text;) { /* a paragraph a line */
        char line[1200];
        size_t length = strcspn(text, "\n");
        snprintf(line, sizeof line, "%.*s", (int)length, text);
        puts(".PP");
        roff(line);
        putchar('\n');
        text += length + (text[length] == '\n');
    }
    for (size_t i = 0; i < n && options[i].group != PX_GROUP_PROGRAM; i++) /* the program's own stand once */
        if (options[i].group == PX_GROUP_OWN)
            roff_option(options[i].field);
        else if (i == 0 || options[i].group != options[i - 1].group)
            printf(".PP\nTakes the options of \\fI%s\\fR below.\n", cli_group_title(options[i].group));
}

static const char manual_end[] =
    ".SH EXIT STATUS\n"
    "0 done, 1 the work failed, 2 wrong usage or bad input, 130 interrupted.\n"
    ".SH ENVIRONMENT\n"
    ".TP\n\\fBPIXITY_HOME\\fR\nThe data folder where \\fB\\-\\-home\\fR names none.\n"
    ".SH FILES\n"
    "In the data folder: \\fIcandles/\\fR instrument, timeframe and year as Parquet; \\fImodels/\\fR model,\n"
    "card and configuration of each name; \\fIruns/\\fR one folder a run; \\fIpixity.db\\fR instruments and "
    "the\n"
    "index of runs.\n"
    ".SH FORMATS\n"
    "CSV: a header and rows; doubles read back exactly; undefined is empty; times are exchange\\-local\n"
    "YYYY\\-MM\\-DD HH:MM:SS, always the start of the bar. JSON: undefined is null; times are ISO 8601 with\n"
    "offset. Dates are exchange\\-local.\n";

static px_status run_manual(cli_call *call, px_error *err) {
    const cli_verb *verb;
    cli_option options[CLI_MAX_OPTIONS];
    const cli_verb all = {.name = "",
                          .groups = PX_GROUP_BARS | PX_GROUP_CONTINUOUS | PX_GROUP_INPUT | PX_GROUP_SETTINGS |
                                    PX_GROUP_OUTPUT};
    (void)call, (void)err;
    printf(".\\\" SPDX-License-Identifier: Apache-2.0\n.\\\" Made by `pixity manual`.\n.TH PIXITY 1 \"\" "
           "\"pixity %s\"\n",
           px_version());
    fputs(".SH NAME\npixity \\- backtests, meta\\-models and market data for traders\n"
          ".SH SYNOPSIS\n\\fBpixity\\fR \\fIVERB\\fR [\\fIARGUMENT\\fR...] [\\fIOPTION\\fR...]\n"
          ".SH DESCRIPTION\nCandles in, trained meta\\-model out, and a backtest that agrees with it: one "
          "definition of every\ncomputation, used by training and backtest alike.\n.SH VERBS\n",
          stdout);
    for (size_t i = 0; (verb = cli_verb_at(i)); i++)
        if (verb->summary)
            roff_verb(verb);
    const size_t n = cli_verb_options(&all, options);
    for (size_t i = 0; i < n; i++) {
        if (i == 0 || options[i].group != options[i - 1].group)
            roff_section(cli_group_title(options[i].group));
        roff_option(options[i].field);
    }
    fputs(manual_end, stdout);
    return PX_OK;
}

/* Without a summary it stands in no list. */
const cli_verb cli_manual = {.name = "manual", .arguments = "", .run = run_manual};

/* ---- pixity help VERB ---------------------------------------------------------------------------------- */

static px_status run_help(cli_call *call, px_error *err) {
    const cli_texts *words = &call->arguments;
    const cli_verb *verb = NULL;
    size_t used = 0;
    if (!words->n || (words->n == 1 && cli_verb_is_family(words->items[0]))) {
        cli_help_program(words->n ? words->items[0] : NULL);
        return PX_OK;
    }
    px_status status = cli_verb_find((char *const *)(uintptr_t)words->items, words->n, &verb, &used, err);
    if (status) {
        call->bad_usage = true;
        return status;
    }
    if (used < words->n)
        return cli_fail_usage(call, err, "%s is followed by no verb \"%s\"", verb->name, words->items[used]);
    cli_help_verb(verb);
    return PX_OK;
}

const cli_verb cli_help = {
    .name = "help",
    .arguments = "[VERB]",
    .max_arguments = 2,
    .summary = "Tell what a verb does, as VERB --help",
    .run = run_help,
};
