// SPDX-License-Identifier: Apache-2.0
/* pixity completion bash|zsh: the script for a shell. It asks `pixity complete` at each press of the key, so
 * that it never differs from the program. Neither stands in the list of verbs. */
#include "cli/frame/cli.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const char bash[] =
    "# SPDX-License-Identifier: Apache-2.0\n"
    "# Completion of pixity for bash. Made by `pixity completion bash`.\n"
    "_pixity() {\n"
    "    local line current=${COMP_WORDS[COMP_CWORD]#=}\n"
    "    local -a found\n"
    "    COMPREPLY=()\n"
    "    while IFS= read -r line; do\n"
    "        case $line in\n"
    "        :files) mapfile -t found < <(compgen -f -- \"$current\") ;;\n"
    "        :folders) mapfile -t found < <(compgen -d -- \"$current\") ;;\n"
    "        *) printf -v line %q \"${line%%$'\\t'*}\"; COMPREPLY+=(\"$line\"); continue ;;\n"
    "        esac\n"
    "        compopt -o filenames 2>/dev/null\n"
    "        COMPREPLY+=(\"${found[@]}\")\n"
    "    done < <(\"$1\" complete -- \"${COMP_WORDS[@]:1:COMP_CWORD}\" 2>/dev/null)\n"
    "    [[ ${#COMPREPLY[@]} -ne 1 || ${COMPREPLY[0]} != *= ]] || compopt -o nospace 2>/dev/null\n"
    "}\n"
    "complete -F _pixity pixity\n";

static const char zsh[] =
    "#compdef pixity\n"
    "# SPDX-License-Identifier: Apache-2.0\n"
    "# Completion of pixity for zsh. Made by `pixity completion zsh`.\n"
    "_pixity() {\n"
    "    local line\n"
    "    local -a words_found shown open_words open_shown\n"
    "    while IFS= read -r line; do\n"
    "        case $line in\n"
    "        :files) compset -P '--*='; _files; return ;;\n"
    "        :folders) compset -P '--*='; _files -/; return ;;\n"
    "        *=$'\\t'*|*=) open_words+=(\"${line%%$'\\t'*}\"); open_shown+=(\"${line/$'\\t'/  }\") ;;\n"
    "        *) words_found+=(\"${line%%$'\\t'*}\"); shown+=(\"${line/$'\\t'/  }\") ;;\n"
    "        esac\n"
    "    done < <(\"${words[1]}\" complete -- \"${(@)words[2,CURRENT]}\" 2>/dev/null)\n"
    "    (( ${#words_found} )) && compadd -l -d shown -a words_found\n"
    "    (( ${#open_words} )) && compadd -S '' -l -d open_shown -a open_words\n"
    "}\n"
    "if [[ ${funcstack[1]} == _pixity ]]; then _pixity \"$@\"; else compdef _pixity pixity; fi\n";

static px_status run_completion(cli_call *call, px_error *err) {
    static const char *const shells[] = {"bash", "zsh"}, *const scripts[] = {bash, zsh};
    size_t shell;
    px_status status = cli_parse_choice("shell", call->arguments.items[0], shells, 2, &shell, err);
    if (!status)
        cli_print_text(scripts[shell]);
    return status;
}

const cli_verb cli_completion = {
    .name = "completion",
    .arguments = "bash|zsh",
    .min_arguments = 1,
    .max_arguments = 1,
    .run = run_completion,
};

/* bash hands over "--home=x" and "rf:x" as three words: puts such together. *skip is what of the last one the
 * shell has already. */
static px_status join_words(const cli_texts *given, cli_texts *out, cli_texts *made, size_t *skip,
                            px_error *err) {
    px_status status = PX_OK;
    for (size_t i = 0; i < given->n && !status; i++) {
        const char *between = given->items[i];
        bool joins = (!strcmp(between, "=") || !strcmp(between, ":")) && out->n > 0;
        if (!joins) {
            status = cli_parse_texts(given->items[i], out, err);
            *skip = 0;
            continue;
        }
        const char *left = out->items[out->n - 1], *right = i + 1 < given->n ? given->items[++i] : "";
        size_t size = strlen(left) + strlen(right) + 2;
        char *whole = malloc(size);
        if (!whole)
            return cli_fail(err, PX_ENOMEM, "out of memory");
        snprintf(whole, size, "%s%s%s", left, between, right);
        out->items[out->n - 1] = whole;
        status = cli_parse_texts(whole, made, err);
        *skip = strlen(left) + 1;
    }
    return status;
}

static px_status run_complete(cli_call *call, px_error *err) {
    cli_texts words = {0}, made = {0};
    size_t skip = 0;
    px_status status = join_words(&call->arguments, &words, &made, &skip, err);
    if (!status)
        cli_complete(words.items, words.n, skip);
    for (size_t i = 0; i < made.n; i++)
        free((char *)(uintptr_t)made.items[i]);
    free(made.items);
    free(words.items);
    return status;
}

const cli_verb cli_complete_words = {
    .name = "complete",
    .arguments = "-- WORD...",
    .min_arguments = 1,
    .max_arguments = SIZE_MAX,
    .run = run_complete,
};
