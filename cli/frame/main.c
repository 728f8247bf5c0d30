// SPDX-License-Identifier: Apache-2.0
/* pixity: one command line to one verb, and one exit status: 0 done, 1 the work failed, 2 wrong usage or bad
 * input, 130 interrupted. */
#include "cli/frame/cli.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { EXIT_DONE, EXIT_FAILED, EXIT_USAGE };

static int exit_status(px_status status) {
    if (status == PX_OK)
        return EXIT_DONE;
    if (status == PX_EINTERRUPTED)
        return CLI_EXIT_INTERRUPTED;
    return px_status_is_usage(status) ? EXIT_USAGE : EXIT_FAILED;
}

/* Names from files and arguments may hold anything: one line, and nothing that a terminal obeys. */
static void make_printable(char *text) {
    for (; *text; text++)
        if ((unsigned char)*text < ' ' || *text == 0x7f)
            *text = '?';
}

static void print_error(const cli_call *call, const char *family, px_error *err) {
    const char *verb = call->verb ? call->verb->name : NULL;
    make_printable(err->message);
    cli_progress_end();
    cli_interrupt_told();
    fprintf(stderr, "pixity: %s%s%s\n", verb ? verb : "", verb ? ": " : "", err->message);
    if (call->bad_usage && (verb || family))
        fprintf(stderr, "Try 'pixity %s --help'\n", verb ? verb : family);
    else if (call->bad_usage)
        fputs("Try 'pixity --help'\n", stderr);
}

/* The program's own options and the verb; *used words of argv are read. */
static px_status choose_verb(cli_call *call, int argc, char **argv, const cli_verb **verb, int *used,
                             px_error *err) {
    size_t n_words = 0;
    px_status status = cli_parse(call, NULL, argc, argv, used, err);
    if (status || call->help || call->version)
        return status;
    if (*used >= argc)
        return cli_fail_usage(call, err, "say what to do: import, train, backtest, ...");
    status = cli_verb_find(argv + *used, (size_t)(argc - *used), verb, &n_words, err);
    if (!status)
        *used += (int)n_words - 1; /* the last word stands for the program's name in the rest */
    else
        call->bad_usage = true;
    return status;
}

static px_status run_verb(cli_call *call, const cli_verb *verb, int argc, char **argv, px_error *err) {
    int next;
    call->verb = verb;
    call->data.work.progress = cli_progress_show;
    call->data.work.user = call;
    call->own = calloc(1, verb->own_size ? verb->own_size : 1);
    px_status status =
        call->own ? cli_parse(call, verb, argc, argv, &next, err) : cli_fail(err, PX_ENOMEM, "out of memory");
    if (!status && call->help)
        cli_help_verb(verb);
    else if (!status && call->version)
        printf("pixity %s\n", px_version());
    else if (!status && !(status = cli_resolve_symbols(call, err)))
        status = verb->run(call, err);
    cli_interrupt_end();
    if (!status && !call->help && !call->version)
        status = cli_check_table_saved(call, err);
    return status;
}

static void free_call(cli_call *call) {
    px_home_close(&call->home);
    cli_symbols_free(&call->symbols);
    free(call->own);
    free(call->arguments.items);
    free(call->settings.items);
}

/* `pixity --help`, `pixity runs --help`. */
static bool print_general(const cli_call *call, const char *word, const char *after) {
    bool family = word && cli_verb_is_family(word) && after;
    if (call->help || (family && !strcmp(after, "--help")))
        cli_help_program(family ? word : NULL);
    else if (call->version || (family && !strcmp(after, "--version")))
        printf("pixity %s\n", px_version());
    else
        return false;
    return true;
}

int main(int argc, char **argv) {
    px_error err = {0};
    int used = argc;
    const cli_verb *verb = NULL;
    cli_call call = {
        .home_path = cli_usual_home(),
        .log_level = CLI_LOG_WARNING,
        .data = {.start_date = PX_NO_DATE, .end_date = PX_NO_DATE},
    };
    cli_interrupt_listen();
    cli_open_output();
    px_status status = choose_verb(&call, argc, argv, &verb, &used, &err);
    const char *word = used < argc ? argv[used] : NULL, *after = used + 1 < argc ? argv[used + 1] : NULL;
    if (!verb && print_general(&call, word, after))
        status = PX_OK;
    else if (!status)
        status = run_verb(&call, verb, argc - used, argv + used, &err);
    if (status)
        print_error(&call, word && cli_verb_is_family(word) ? word : NULL, &err);
    free_call(&call);
    px_status written = cli_close_output(&err);
    if (written && !status && *err.message)
        print_error(&call, NULL, &err);
    return exit_status(status ? status : written);
}
