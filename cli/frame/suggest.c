// SPDX-License-Identifier: Apache-2.0
/* Commands to go on with, such that they can be pasted into a shell: quoted, on the same data folder. */
#include "cli/frame/cli.h"

#include <stdio.h>
#include <string.h>

/* As it is where the shell leaves it alone, else in single quotes. */
static void print_word(const char *text) {
    static const char plain[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789%+,-./:=@_";
    if (*text && text[strspn(text, plain)] == '\0') {
        fputs(text, stdout);
        return;
    }
    putchar('\'');
    for (; *text; text++)
        if (*text == '\'')
            fputs("'\\''", stdout);
        else
            putchar(*text);
    putchar('\'');
}

static void print_option(const char *name, const char *value) {
    if (!value)
        return;
    printf(" %s ", name);
    print_word(value);
}

static void begin(const cli_call *call) {
    fputs("  pixity", stdout);
    if (strcmp(call->home_path, cli_usual_home()) != 0)
        print_option("--home", call->home_path);
}

void cli_suggest_run(const cli_call *call, const px_run *run) {
    static const char *const verbs[][2] = {{"trades", "--csv"}, {"events", "--csv"}, {"show", "--json"}};
    const bool has_tables = run->metrics.n > 0;
    if (call->format != CLI_FORMAT_DEFAULT || !has_tables || !run->run_id)
        return;
    puts("\nLook further:");
    for (size_t i = 0; i < sizeof verbs / sizeof *verbs; i++) {
        begin(call);
        printf(" runs %s %s %s\n", verbs[i][0], run->run_id, verbs[i][1]);
    }
}

static void print_bars(const cli_call *call, const char *symbol) {
    const px_data_request *data = &call->data;
    char timeframe[PX_TIMEFRAME_TEXT_SIZE];
    static const char *const kinds[] = {NULL, "traded", "cumulative"};
    print_option("--input", data->input);
    print_option("--data-dir", data->data_dir);
    if (data->continuous.rank) { /* the root, not the name of what is made of it */
        print_option("--symbol", data->symbol      ? data->symbol
                                 : call->symbols.n ? call->symbols.items[0]
                                                   : NULL);
        print_option("--continuous", px_continuous_rank_name(data->continuous.rank));
        print_option("--roll", data->continuous.roll ? px_roll_rule_name(data->continuous.roll) : NULL);
        print_option("--back-adjust",
                     data->continuous.adjust ? px_back_adjust_name(data->continuous.adjust) : NULL);
    } else
        print_option("--symbol", data->symbol || !data->input ? symbol : NULL);
    print_option("--exchange", data->exchange);
    if (data->input_timeframe_minutes)
        print_option("--input-timeframe", px_timeframe_format(data->input_timeframe_minutes, timeframe));
    print_option("--stamp", data->input_stamped_at_close ? "close" : NULL);
    print_option("--adjustments", data->input_adjustments);
    print_option("--tz", data->input_reading.tz);
    print_option("--columns", data->input_reading.columns);
    print_option("--date-format", data->input_reading.date_format);
    print_option("--source", data->input_reading.source);
    print_option("--table", data->input_reading.table);
    print_option("--sheet", data->input_reading.sheet);
    print_option("--volume", kinds[data->input_reading.volume]);
    printf("%s%s%s", data->input_reading.no_header ? " --no-header" : "",
           data->input_reading.as_is ? " --as-is" : "", data->input_reading.keep_good ? " --keep-good" : "");
    print_option("--timeframe", px_timeframe_format(data->timeframe_minutes, timeframe));
}

/* A model refuses other rules than those that it was trained with. */
static void print_settings(const cli_call *call) {
    print_option("--config", call->config_path);
    print_option("--profile", call->profile);
    print_option("--product", call->product);
    for (size_t i = 0; i < call->settings.n; i++)
        print_option("--set", call->settings.items[i]);
}

void cli_suggest_backtest(const cli_call *call, const char *model, const char *symbol) {
    char start[PX_TIME_TEXT_SIZE];
    if (call->format != CLI_FORMAT_DEFAULT)
        return;
    printf("\nSaved as %s. ", model);
    if (call->data.end_date == PX_NO_DATE) {
        puts("It was trained on all bars that there are: to have some to test it on, train with --end DATE.");
        return;
    }
    puts("Backtest it on the bars after its training window:");
    begin(call);
    fputs(" backtest --strategy pixityAI_meta", stdout);
    print_option("--model", model);
    print_bars(call, symbol);
    print_option("--start", px_date_format(call->data.end_date + 1, start));
    print_settings(call);
    putchar('\n');
}

void cli_suggest_adjustments(const cli_call *call, json_t *series) {
    bool any = false;
    for (size_t i = 0; call->format == CLI_FORMAT_DEFAULT && i < json_array_size(series); i++) {
        json_t *one = json_array_get(series, i), *quality = json_object_get(one, "quality");
        json_t *list = json_object_get(json_object_get(quality, "split"), "adjustments");
        for (size_t k = 0; k < json_array_size(list); k++) {
            json_t *split = json_array_get(list, k);
            if (!any)
                puts("\nIf it was a split or bonus, record it:");
            any = true;
            begin(call);
            fputs(" data adjust", stdout);
            print_option("--symbol", cli_text_at(one, "symbol"));
            print_option("--exchange", call->data.exchange);
            print_option("--ex-date", cli_text_at(split, "ex_date"));
            print_option("--factor", cli_text_at(split, "factor"));
            putchar('\n');
        }
    }
}
