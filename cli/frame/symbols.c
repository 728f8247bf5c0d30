// SPDX-License-Identifier: Apache-2.0
/* Lists of symbols: --symbol A,B or --symbol @FILE with one a line. Names may hold blanks, brackets and bars.
 */
#include "cli/frame/cli.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

void cli_symbols_free(cli_symbols *symbols) {
    for (size_t i = 0; i < symbols->n; i++)
        free(symbols->items[i]);
    free(symbols->items);
    *symbols = (cli_symbols){0};
}

/* Without the blanks around. */
static void trim(const char **text, size_t *length) {
    static const char blanks[] = " \t\r\n";
    while (*length && strchr(blanks, **text)) {
        ++*text;
        --*length;
    }
    while (*length && strchr(blanks, (*text)[*length - 1]))
        --*length;
}

static px_status add(cli_symbols *symbols, const char *text, size_t length, px_error *err) {
    trim(&text, &length);
    if (!length)
        return cli_fail(err, PX_EINPUT, "a name in the list is empty");
    if (*text == '@')
        return cli_fail(err, PX_EINPUT, "\"%.*s\" is no symbol: a list in a file, @FILE, stands alone",
                        (int)(length < 40 ? length : 40), text);
    if (length >= PX_NAME_SIZE || memchr(text, '\0', length))
        return cli_fail(err, PX_EINPUT, "\"%.40s...\" is no symbol: at most %d characters", text,
                        PX_NAME_SIZE - 1);
    char **items = reallocarray(symbols->items, symbols->n + 1, sizeof *items);
    char *name = strndup(text, length);
    if (items)
        symbols->items = items;
    if (!items || !name) {
        free(name);
        return cli_fail(err, PX_ENOMEM, "out of memory");
    }
    symbols->items[symbols->n++] = name;
    for (size_t i = 0; i + 1 < symbols->n; i++)
        if (px_symbol_same(symbols->items[i], name))
            return cli_fail(err, PX_EINPUT, "%s is named twice", name);
    return PX_OK;
}

static px_status add_listed(cli_symbols *symbols, const char *text, px_error *err) {
    px_status status = PX_OK;
    while (!status && text) {
        const char *comma = strchr(text, ',');
        status = add(symbols, text, comma ? (size_t)(comma - text) : strlen(text), err);
        text = comma ? comma + 1 : NULL;
    }
    return status;
}

/* What stands before a comment. */
static px_status add_line(cli_symbols *symbols, const char *line, size_t length, px_error *err) {
    const char *comment = memchr(line, '#', length);
    if (comment)
        length = (size_t)(comment - line);
    trim(&line, &length);
    return length ? add(symbols, line, length, err) : PX_OK;
}

static px_status add_file(cli_symbols *symbols, const char *path, px_error *err) {
    char *line = NULL;
    size_t capacity = 0, number = 0;
    ssize_t length;
    px_status status = PX_OK;
    FILE *file = fopen(path, "re");
    if (!file)
        return cli_fail(err, PX_EINPUT, "cannot open the list of symbols %s: %s", path, strerror(errno));
    while (!status && (length = getline(&line, &capacity, file)) >= 0) {
        bool marked = !number++ && length >= 3 && !memcmp(line, "\xef\xbb\xbf", 3); /* byte order mark */
        status = add_line(symbols, line + (marked ? 3 : 0), (size_t)length - (marked ? 3 : 0), err);
    }
    if (status)
        cli_fail_prefix(err, status, "%s: line %zu", path, number);
    else if (ferror(file))
        status = cli_fail(err, PX_EINPUT, "cannot read the list of symbols %s: %s", path, strerror(errno));
    else if (!symbols->n)
        status = cli_fail(err, PX_EINPUT, "the list of symbols %s names none", path);
    free(line);
    fclose(file);
    return status;
}

px_status cli_symbols_read(const char *text, cli_symbols *out, px_error *err) {
    cli_symbols symbols = {0};
    px_status status = *text == '@' ? add_file(&symbols, text + 1, err) : add_listed(&symbols, text, err);
    if (status) {
        cli_symbols_free(&symbols);
        return cli_fail_prefix(err, status, "--symbol");
    }
    *out = symbols;
    return PX_OK;
}

px_status cli_resolve_symbols(cli_call *call, px_error *err) {
    if (!call->data.symbol)
        return PX_OK;
    px_status status = cli_symbols_read(call->data.symbol, &call->symbols, err);
    if (status) {
        call->bad_usage = true;
        return status;
    }
    if (call->symbols.n > 1 && !call->verb->several_symbols)
        return cli_fail_usage(call, err, "--symbol: one symbol at a time here, not %zu (%s, %s%s)",
                              call->symbols.n, call->symbols.items[0], call->symbols.items[1],
                              call->symbols.n > 2 ? ", ..." : "");
    call->data.symbol = call->symbols.n == 1 ? call->symbols.items[0] : NULL;
    return PX_OK;
}

px_status cli_find_instruments(cli_call *call, px_instrument **out, px_error *err) {
    const cli_symbols *symbols = &call->symbols;
    px_instrument *found = calloc(symbols->n ? symbols->n : 1, sizeof *found);
    px_status status = found ? PX_OK : cli_fail(err, PX_ENOMEM, "out of memory");
    for (size_t i = 0; !status && i < symbols->n; i++) {
        status = px_instrument_find(call->home, symbols->items[i], call->data.exchange, PX_NO_DATE, &found[i],
                                    err);
        for (size_t j = 0; !status && j < i; j++)
            if (!strcmp(found[i].key, found[j].key))
                status = cli_fail(err, PX_EINPUT, "--symbol: %s and %s are names of one instrument, %s",
                                  symbols->items[j], symbols->items[i], found[i].key);
    }
    if (status)
        free(found);
    else
        *out = found;
    return status;
}
