// SPDX-License-Identifier: Apache-2.0
/* pixity account: paper accounts that streams trade. */
#include "cli/frame/cli.h"

#include <stddef.h>
#include <stdlib.h>

/* ---- list and show ------------------------------------------------------------------------------------ */

static px_status run_list(cli_call *call, px_error *err) {
    px_table table = {0};
    px_calendar *calendar = NULL;
    px_status status = cli_open_home(call, err);
    if (!status)
        status = cli_open_calendar(NULL, &calendar, err);
    if (!status)
        status = px_accounts_list(call->home, &table, err);
    if (!status)
        status = cli_print_table(call, &table, PX_TABLE_TEXT, px_calendar_zone(calendar), err);
    px_table_free(&table);
    px_calendar_close(&calendar);
    return status;
}

const cli_verb cli_account_list = {
    .name = "account list",
    .arguments = "",
    .summary = "List the paper accounts; money in rupees, pnl_net of closed trades after fees",
    .groups = PX_GROUP_OUTPUT,
    .run = run_list,
};

static px_status run_show(cli_call *call, px_error *err) {
    char *text = NULL;
    json_t *account = NULL;
    px_status status = cli_open_home_to_read(call, err);
    if (!status)
        status = px_account_show(call->home, call->arguments.items[0], &text, err);
    if (!status)
        status = cli_read_json(text, "account", call->arguments.items[0], &account, err);
    if (!status)
        status = cli_print_document(call, text, account, cli_print_outline, err);
    json_decref(account);
    free(text);
    return status;
}

const cli_verb cli_account_show = {
    .name = "account show",
    .arguments = "NAME",
    .min_arguments = 1,
    .max_arguments = 1,
    .summary = "Show an account: what it was begun with, trades, equity, position, halt",
    .groups = PX_GROUP_OUTPUT,
    .run = run_show,
};

/* ---- tables ------------------------------------------------------------------------------------------- */

static px_status print_part(cli_call *call, px_account_part part, px_error *err) {
    const char *name = call->arguments.items[0];
    char exchange[16];
    px_table table = {0};
    px_calendar *calendar = NULL;
    px_status status = cli_open_home_to_read(call, err);
    if (!status)
        status = px_account_exchange(call->home, name, exchange, err);
    if (!status)
        status = cli_open_calendar(exchange, &calendar, err);
    if (!status)
        status = px_account_table(call->home, name, part, &table, err);
    if (!status)
        status = cli_print_table(call, &table, PX_TABLE_TEXT, px_calendar_zone(calendar), err);
    px_table_free(&table);
    px_calendar_close(&calendar);
    return status;
}

static px_status run_trades(cli_call *call, px_error *err) {
    return print_part(call, PX_ACCOUNT_TRADES, err);
}

static px_status run_signals(cli_call *call, px_error *err) {
    return print_part(call, PX_ACCOUNT_SIGNALS, err);
}

static px_status run_orders(cli_call *call, px_error *err) {
    return print_part(call, PX_ACCOUNT_ORDERS, err);
}

static px_status run_fills(cli_call *call, px_error *err) {
    return print_part(call, PX_ACCOUNT_FILLS, err);
}

static px_status run_equity(cli_call *call, px_error *err) {
    return print_part(call, PX_ACCOUNT_EQUITY, err);
}

#define PART(part, text)                                                                                     \
    const cli_verb cli_account_##part = {                                                                    \
        .name = "account " #part,                                                                            \
        .arguments = "NAME",                                                                                 \
        .min_arguments = 1,                                                                                  \
        .max_arguments = 1,                                                                                  \
        .summary = text,                                                                                     \
        .groups = PX_GROUP_OUTPUT,                                                                           \
        .run = run_##part,                                                                                   \
    }

PART(trades, "Print the trades of an account, by entry time: pnl gross, fees of both sides, rupees");
PART(signals, "Print every candidate of an account, its outcome and its id");
PART(orders, "Print the orders of an account and what became of them");
PART(fills, "Print the fills of an account; fees in rupees");
PART(equity, "Print an account's equity after fees at every bar, rupees");

/* ---- halt, resume, reset ------------------------------------------------------------------------------ */

typedef struct halt_options {
    const char *reason;
} halt_options;

static const cli_place halt_places[] = {
    {"reason", .offset = offsetof(halt_options, reason)},
    {0},
};

static px_status run_halt(cli_call *call, px_error *err) {
    const halt_options *own = call->own;
    px_status status = cli_open_home_to_read(call, err);
    return status ? status
                  : px_account_halt(call->home, call->arguments.items[0],
                                    own->reason ? own->reason : "halted by hand", err);
}

const cli_verb cli_account_halt = {
    .name = "account halt",
    .arguments = "NAME",
    .min_arguments = 1,
    .max_arguments = 1,
    .summary =
        "Halt an account: its position closes like by the kill switch, nothing is entered until resumed",
    .details =
        "A running stream sees it before its next bar. A file STOP in the data folder halts every account.",
    .places = halt_places,
    .own_size = sizeof(halt_options),
    .run = run_halt,
};

static px_status run_resume(cli_call *call, px_error *err) {
    px_status status = cli_open_home_to_read(call, err);
    return status ? status : px_account_resume(call->home, call->arguments.items[0], err);
}

const cli_verb cli_account_resume = {
    .name = "account resume",
    .arguments = "NAME",
    .min_arguments = 1,
    .max_arguments = 1,
    .summary = "End a halt; the drawdown of the kill switch is then counted from that moment's equity",
    .run = run_resume,
};

static px_status run_reset(cli_call *call, px_error *err) {
    px_status status = cli_open_home_to_read(call, err);
    if (!status)
        status = px_account_reset(call->home, call->arguments.items[0], err);
    return status ? status : cli_print_deleted(call, call->arguments.items[0], err);
}

const cli_verb cli_account_reset = {
    .name = "account reset",
    .arguments = "NAME",
    .min_arguments = 1,
    .max_arguments = 1,
    .summary = "Delete an account with all that it did",
    .groups = PX_GROUP_OUTPUT,
    .run = run_reset,
};
