// SPDX-License-Identifier: Apache-2.0
/* Lists of symbols, in an option or a file: names without blanks around, none twice, and the same when
 * written and read again. */
#include "fuzz.h"

#include "cli/frame/cli.h"

/* Messages of the program are made printable where they are printed. */
static bool accepted(px_status status, const px_error *err) {
    fuzz_check(status == PX_OK || (status == PX_EINPUT && *err->message));
    return status == PX_OK;
}

static void write_list(const cli_symbols *symbols, const char *head, const char *separator, char **out,
                       size_t *length) {
    FILE *stream = open_memstream(out, length);
    fputs(head, stream);
    for (size_t i = 0; i < symbols->n; i++)
        fprintf(stream, "%s%s", i ? separator : "", symbols->items[i]);
    fclose(stream);
}

static void check_names(const cli_symbols *symbols) {
    fuzz_check(symbols->n > 0);
    for (size_t i = 0; i < symbols->n; i++) {
        const char *name = symbols->items[i];
        size_t length = strlen(name);
        fuzz_check(length > 0 && length < PX_NAME_SIZE && !strchr(" \t", name[0]) &&
                   !strchr(" \t", name[length - 1]));
        for (size_t j = 0; j < i; j++)
            fuzz_check(!px_symbol_same(name, symbols->items[j]));
    }
}

static void check_same(const cli_symbols *a, const cli_symbols *b) {
    fuzz_check(a->n == b->n);
    for (size_t i = 0; i < a->n; i++)
        fuzz_check(strcmp(a->items[i], b->items[i]) == 0);
}

static void check_option(const char *text) {
    cli_symbols symbols = {0}, again = {0};
    char *written = NULL;
    size_t length;
    px_error err;
    if (*text == '@' || !*text || !accepted(cli_symbols_read(text, &symbols, &err), &err))
        return;
    check_names(&symbols);
    write_list(&symbols, "", ",", &written, &length);
    fuzz_check(cli_symbols_read(written, &again, NULL) == PX_OK);
    check_same(&symbols, &again);
    cli_symbols_free(&symbols);
    cli_symbols_free(&again);
    free(written);
}

static bool read_file(const void *bytes, size_t length, cli_symbols *out) {
    char option[64];
    px_error err;
    fuzz_file file = fuzz_file_open(bytes, length);
    snprintf(option, sizeof option, "@%s", file.path);
    px_status status = cli_symbols_read(option, out, &err);
    fuzz_file_close(&file);
    return accepted(status, &err);
}

static void check_file(const uint8_t *bytes, size_t length) {
    cli_symbols symbols = {0}, again = {0};
    char *written = NULL;
    size_t n_written;
    if (!read_file(bytes, length, &symbols)) {
        fuzz_check(symbols.n == 0);
        return;
    }
    check_names(&symbols);
    write_list(&symbols, "# a mark before this is none of a name\n", "\r\n", &written, &n_written);
    fuzz_check(read_file(written, n_written, &again));
    check_same(&symbols, &again);
    cli_symbols_free(&symbols);
    cli_symbols_free(&again);
    free(written);
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t length) {
    char *text = fuzz_text(bytes, length);
    check_option(text);
    check_file(bytes, length);
    free(text);
    return 0;
}
