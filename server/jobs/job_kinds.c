// SPDX-License-Identifier: Apache-2.0
/* What a request becomes: words of a command line. The fields of px_field_at that name the job are its
 * members, checked by their types; nothing goes through a shell, and a value is always one word with its
 * option, so that it cannot become another option. */
#include "server/jobs/jobs.h"
#include "server/server.h"
#include "server/jobs/uploads.h"

#include <assert.h>
#include <limits.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

typedef struct job_making {
    const job_kind *kind;
    px_home *home;
    const char *home_path;
    const json_t *request;
    json_t *argv; /* NULL: the request is only checked */
} job_making;

/* One member of a request. */
typedef struct job_member {
    const px_field *field;
    char name[PX_FIELD_NAME_SIZE];
} job_member;

/* The i-th member of a request, from 0. */
static bool member_at(const char *job, size_t i, job_member *out) {
    const px_field *field;
    for (size_t at = 0; (field = px_field_at(at)); at++)
        if (px_field_is_member(field, job, NULL) && i-- == 0) {
            out->field = field;
            px_field_member(field, out->name);
            return true;
        }
    return false;
}

static bool find_member(const char *job, const char *name, job_member *out) {
    size_t i = 0;
    while (member_at(job, i, out) && strcmp(out->name, name) != 0)
        i++;
    return member_at(job, i, out);
}

/* ---- words -------------------------------------------------------------------------------------------- */

static px_status add_word(job_making *making, px_error *err, const char *format, ...) PX_PRINTF(3, 4);
static px_status add_word(job_making *making, px_error *err, const char *format, ...) {
    char *word;
    va_list args;
    if (!making->argv)
        return PX_OK;
    va_start(args, format);
    int used = vasprintf(&word, format, args);
    va_end(args);
    if (used < 0)
        return server_fail(err, PX_ENOMEM, "out of memory");
    int failed = json_array_append_new(making->argv, json_string(word));
    free(word);
    return failed ? server_fail(err, PX_EINPUT, "a text of the request is not UTF-8") : PX_OK;
}

/* The value as a text of a sensible length; NULL with the error filled in. */
static const char *text_of(const job_member *member, const json_t *value, px_error *err) {
    enum { MOST = 200 };
    const char *text = json_string_value(value);
    if (text && *text && json_string_length(value) <= MOST && strlen(text) == json_string_length(value))
        return text;
    server_fail(err, PX_EINPUT, "%s: a text of 1 to %d characters is wanted", member->name, MOST);
    return NULL;
}

static px_status prefix(const job_member *member, px_status status, px_error *err) {
    px_error inner = *err;
    return status ? server_fail(err, status, "%s: %.900s", member->name, inner.message) : PX_OK;
}

static px_status add_date(job_making *making, const job_member *member, const json_t *value, px_error *err) {
    int32_t date;
    const char *text = text_of(member, value, err);
    if (!text)
        return PX_EINPUT;
    px_status status = prefix(member, px_date_parse(text, &date, err), err);
    return status ? status : add_word(making, err, "--%s=%s", member->field->name, text);
}

static px_status add_timeframe(job_making *making, const job_member *member, const json_t *value,
                               px_error *err) {
    int minutes;
    const char *text = text_of(member, value, err);
    if (!text)
        return PX_EINPUT;
    px_status status = prefix(member, px_timeframe_parse(text, &minutes, err), err);
    return status ? status : add_word(making, err, "--%s=%s", member->field->name, text);
}

static px_status add_text(job_making *making, const job_member *member, const json_t *value, px_error *err) {
    const char *text = text_of(member, value, err);
    return text ? add_word(making, err, "--%s=%s", member->field->name, text) : PX_EINPUT;
}

static px_status add_choice(job_making *making, const job_member *member, const json_t *value,
                            px_error *err) {
    size_t chosen;
    const char *text = text_of(member, value, err);
    px_status status =
        text ? prefix(member, px_field_choose(member->field, text, &chosen, err), err) : PX_EINPUT;
    return status ? status : add_word(making, err, "--%s=%s", member->field->name, text);
}

static px_status add_count(job_making *making, const job_member *member, const json_t *value, px_error *err) {
    const json_int_t n = json_integer_value(value);
    if (!json_is_integer(value) || n < 1 || n > INT_MAX)
        return server_fail(err, PX_EINPUT, "%s: a whole number from 1 is wanted", member->name);
    return add_word(making, err, "--%s=%lld", member->field->name, (long long)n);
}

static px_status add_flag(job_making *making, const job_member *member, const json_t *value, px_error *err) {
    if (!json_is_boolean(value))
        return server_fail(err, PX_EINPUT, "%s: true or false is wanted", member->name);
    return json_is_true(value) ? add_word(making, err, "--%s", member->field->name) : PX_OK;
}

static px_status add_exchange(job_making *making, const job_member *member, const json_t *value,
                              px_error *err) {
    px_calendar *calendar = NULL;
    const char *text = text_of(member, value, err);
    px_status status = text ? prefix(member, px_calendar_open(text, &calendar, err), err) : PX_EINPUT;
    px_calendar_close(&calendar);
    return status ? status : add_word(making, err, "--%s=%s", member->field->name, text);
}

static px_status add_source(job_making *making, const job_member *member, const json_t *value,
                            px_error *err) {
    enum { MOST = 128 };
    const char *names[MOST], *name, *text = text_of(member, value, err);
    size_t n = 0;
    if (!text)
        return PX_EINPUT;
    for (size_t i = 0; (name = px_source_program(i)); i++) {
        if (!strcasecmp(name, text))
            return add_word(making, err, "--%s=%s", member->field->name, text);
        if (n < MOST)
            names[n++] = name;
    }
    const char *near = px_name_nearest(text, names, n);
    return server_fail(err, PX_EINPUT, "%s: \"%.40s\" is not known%s%s%s", member->name, text,
                       near ? "; did you mean \"" : "", near ? near : "", near ? "\"?" : "");
}

static px_status add_zone(job_making *making, const job_member *member, const json_t *value, px_error *err) {
    px_zone *zone = NULL;
    const char *text = text_of(member, value, err);
    px_status status = text ? prefix(member, px_zone_open(text, &zone, err), err) : PX_EINPUT;
    px_zone_close(&zone);
    return status ? status : add_word(making, err, "--%s=%s", member->field->name, text);
}

/* ---- symbols ------------------------------------------------------------------------------------------ */

/* On a command line @ begins a file's name and a comma parts two symbols. */
static px_status check_symbol(job_making *making, const job_member *member, const char *text, px_error *err) {
    px_instrument found;
    const char *exchange = json_string_value(json_object_get(making->request, "exchange"));
    if (*text == '@' || strchr(text, ','))
        return server_fail(err, PX_EINPUT, "%s: \"%s\" is no symbol: it may not begin with @ or hold a comma",
                           member->name, text);
    if (json_is_string(json_object_get(making->request, "continuous")))
        return prefix(member, px_continuous_check_root(making->home, text, exchange, NULL, err), err);
    return prefix(member, px_instrument_find(making->home, text, exchange, PX_NO_DATE, &found, err), err);
}

static px_status add_symbol(job_making *making, const job_member *member, const json_t *value,
                            px_error *err) {
    const char *text = text_of(member, value, err);
    px_status status = text ? check_symbol(making, member, text, err) : PX_EINPUT;
    return status ? status : add_word(making, err, "--%s=%s", member->field->name, text);
}

/* By its key, which begins with its exchange and never looks like an option. */
static px_status add_argument(job_making *making, const job_member *member, const json_t *value,
                              px_error *err) {
    px_instrument found;
    const char *exchange = json_string_value(json_object_get(making->request, "exchange"));
    const char *text = text_of(member, value, err);
    px_status status =
        text ? prefix(member, px_instrument_find(making->home, text, exchange, PX_NO_DATE, &found, err), err)
             : PX_EINPUT;
    return status ? status : add_word(making, err, "%s", found.key);
}

/* The symbol of an import need not be known. */
static px_status add_new_symbol(job_making *making, const job_member *member, const json_t *value,
                                px_error *err) {
    const char *text = text_of(member, value, err);
    const char *exchange = json_string_value(json_object_get(making->request, "exchange"));
    if (!text)
        return PX_EINPUT;
    if (*text == '@' || strchr(text, ','))
        return server_fail(err, PX_EINPUT, "%s: \"%s\" is no symbol: it may not begin with @ or hold a comma",
                           member->name, text);
    px_status status = prefix(member, px_instrument_check_name(text, exchange, err), err);
    return status ? status : add_word(making, err, "--%s=%s", member->field->name, text);
}

/* Texts with commas between; malloc'ed. */
static char *join(const json_t *texts) {
    size_t i, length;
    json_t *item;
    char *joined = NULL;
    FILE *out = open_memstream(&joined, &length);
    if (!out)
        return NULL;
    json_array_foreach(texts, i, item) fprintf(out, "%s%s", i ? "," : "", json_string_value(item));
    return fclose(out) ? NULL : joined;
}

static px_status add_symbols(job_making *making, const job_member *member, const json_t *value,
                             px_error *err) {
    enum { MOST = 500 };
    size_t i, n = json_array_size(value);
    json_t *item;
    px_status status = PX_OK;
    if (n == 0 || n > MOST)
        status = server_fail(err, PX_EINPUT, "%s: a list of 1 to %d symbols is wanted", member->name, MOST);
    json_array_foreach(value, i, item) {
        const char *text = status ? NULL : text_of(member, item, err);
        status = status ? status : text ? check_symbol(making, member, text, err) : PX_EINPUT;
    }
    char *joined = status ? NULL : join(value);
    if (!status)
        status = joined ? add_word(making, err, "--%s=%s", member->field->name, joined)
                        : server_fail(err, PX_ENOMEM, "out of memory");
    free(joined);
    return status;
}

/* Codes of findings. */
static px_status add_codes(job_making *making, const job_member *member, const json_t *value, px_error *err) {
    size_t i;
    json_t *item;
    px_status status = json_is_array(value)
                           ? PX_OK
                           : server_fail(err, PX_EINPUT, "%s: a list of codes is wanted", member->name);
    json_array_foreach(value, i, item) {
        const char *text = status ? NULL : text_of(member, item, err);
        status = status ? status : text ? prefix(member, px_findings_check_codes(text, err), err) : PX_EINPUT;
        if (!status)
            status = add_word(making, err, "--%s=%s", member->field->name, text);
    }
    return status;
}

/* ---- names of things ---------------------------------------------------------------------------------- */

static px_status add_strategy(job_making *making, const job_member *member, const json_t *value,
                              px_error *err) {
    const px_strategy *strategy;
    const char *text = text_of(member, value, err);
    px_status status = text ? prefix(member, px_strategy_find(text, &strategy, err), err) : PX_EINPUT;
    if (!status && strategy->reads_signals)
        return server_fail(err, PX_EINPUT,
                           "%s: %s reads a file of signals: run it with pixity backtest --signals",
                           member->name, text);
    return status ? status : add_word(making, err, "--%s=%s", member->field->name, text);
}

/* {"stop_atrs": 2} as "stop_atrs=2", behind `head`; malloc'ed, NULL with the error filled in. */
static char *join_values(const job_member *member, const char *head, const json_t *value, px_error *err) {
    enum { MOST = 4000 };
    const char *name;
    json_t *each;
    char number[PX_DOUBLE_TEXT_SIZE], *joined = NULL;
    size_t length = 0;
    bool first = true, numbers = json_is_object(value);
    FILE *out = open_memstream(&joined, &length);
    if (!out) {
        server_fail(err, PX_ENOMEM, "out of memory");
        return NULL;
    }
    fputs(head, out);
    json_object_foreach((json_t *)(uintptr_t)value, name, each) {
        numbers = numbers && json_is_number(each) && !strpbrk(name, ",=");
        px_double_format(json_number_value(each), number);
        fprintf(out, "%s%s=%s", first ? "" : ",", name, number);
        first = false;
    }
    const bool failed = fclose(out) != 0;
    if (!failed && numbers && length <= MOST)
        return joined;
    free(joined);
    if (failed)
        server_fail(err, PX_ENOMEM, "out of memory");
    else
        server_fail(err, PX_EINPUT, "%s: an object is wanted, of a number for each name", member->name);
    return NULL;
}

static bool is_empty(const json_t *value) {
    return !value || json_is_null(value) || (json_is_object(value) && json_object_size(value) == 0);
}

/* Of the strategy. */
static px_status add_parameters(job_making *making, const job_member *member, const json_t *value,
                                px_error *err) {
    px_strategy_config chosen;
    job_member of = {0};
    const char *strategy = json_string_value(json_object_get(making->request, "strategy"));
    if (is_empty(value))
        return PX_OK;
    if (!strategy && find_member(making->kind->name, "strategy", &of))
        strategy = of.field->usual;
    char *joined = join_values(member, "", value, err);
    if (!joined)
        return PX_EINPUT;
    px_status status = strategy ? prefix(member, px_strategy_config_read(strategy, joined, &chosen, err), err)
                                : server_fail(err, PX_EINPUT, "strategy is missing");
    if (!status)
        status = add_word(making, err, "--%s=%s", member->field->name, joined);
    free(joined);
    return status;
}

/* With parameters beside it, the learner is one word with them. */
static px_status add_learner(job_making *making, const job_member *member, const json_t *value,
                             px_error *err) {
    px_learner_config chosen;
    const char *text = text_of(member, value, err);
    px_status status = text ? prefix(member, px_learner_config_read(text, &chosen, err), err) : PX_EINPUT;
    if (status || !is_empty(json_object_get(making->request, "parameters")))
        return status;
    return add_word(making, err, "--%s=%s", member->field->name, text);
}

/* Of the learner. */
static px_status add_learner_parameters(job_making *making, const job_member *member, const json_t *value,
                                        px_error *err) {
    px_learner_config chosen;
    const char *learner = json_string_value(json_object_get(making->request, "learner"));
    char head[80];
    if (is_empty(value))
        return PX_OK;
    if (learner && strchr(learner, ':'))
        return server_fail(err, PX_EINPUT, "%s: the learner has its own, behind the colon", member->name);
    snprintf(head, sizeof head, "%.64s:", learner ? learner : px_learner_name(px_learner_at(0)));
    char *joined = join_values(member, head, value, err);
    if (!joined)
        return PX_EINPUT;
    px_status status = prefix(member, px_learner_config_read(joined, &chosen, err), err);
    if (!status)
        status = add_word(making, err, "--%s=%s", member->field->name, joined);
    free(joined);
    return status;
}

/* A name in the home folder, never a path. */
static px_status add_model_name(job_making *making, const job_member *member, const json_t *value,
                                px_error *err) {
    const char *text = text_of(member, value, err);
    if (text && px_model_check_name(text, NULL))
        return server_fail(err, PX_EINPUT, "%s: \"%s\" is no name of a model", member->name, text);
    return text ? add_word(making, err, "--%s=%s", member->field->name, text) : PX_EINPUT;
}

static px_status add_new_model(job_making *making, const job_member *member, const json_t *value,
                               px_error *err) {
    const char *text = json_string_value(value);
    px_status status = text ? prefix(member, px_name_check("model", text, err), err) : PX_OK;
    return status ? status : add_model_name(making, member, value, err);
}

static px_status add_model(job_making *making, const job_member *member, const json_t *value, px_error *err) {
    char *card = NULL;
    px_status status = add_model_name(making, member, value, err);
    if (!status)
        status = prefix(member, px_model_card(making->home, json_string_value(value), &card, err), err);
    free(card);
    return status;
}

static px_status add_run_id(job_making *making, const job_member *member, const json_t *value,
                            px_error *err) {
    const char *text = text_of(member, value, err);
    if (!text)
        return PX_EINPUT;
    if (!px_run_id_valid(text))
        return server_fail(
            err, PX_EINPUT,
            "%s: 1 to 64 letters, digits, dots, underscores and hyphens, the first a letter or digit",
            member->name);
    px_status status = px_run_check_new(making->home, text, err);
    return status ? status : add_word(making, err, "--%s=%s", member->field->name, text);
}

/* ---- settings ----------------------------------------------------------------------------------------- */

/* A number, a truth or a text, as --set takes it. Malloc'ed. */
static char *setting_text(const json_t *value) {
    if (json_is_string(value))
        return strlen(json_string_value(value)) == json_string_length(value)
                   ? strdup(json_string_value(value))
                   : NULL;
    return json_is_number(value) || json_is_boolean(value) || json_is_null(value)
               ? json_dumps(value, JSON_ENCODE_ANY | JSON_REAL_PRECISION(17))
               : NULL;
}

/* Settings that name files are for the command line: here they would read any file of this machine. */
static bool names_a_file(const char *key, const char *text) {
    return (!strcmp(key, "fee_table") && strcmp(text, "null")) ||
           (!strcmp(key, "model_path") && px_model_check_name(text, NULL) != PX_OK);
}

static px_status add_setting(job_making *making, const char *key, const json_t *value, px_error *err) {
    px_config scratch = px_config_default();
    char *text = setting_text(value);
    px_status status = PX_OK;
    if (!text)
        status = server_fail(err, PX_EINPUT, "set: %.60s: a number, true, false or a text is wanted", key);
    else if (names_a_file(key, text))
        status =
            server_fail(err, PX_EINPUT, "set: %s names a file, which the command line alone may do", key);
    else
        status = px_config_set(&scratch, key, text, err);
    if (!status)
        status = add_word(making, err, "--set=%s=%s", key, text);
    free(text);
    return status;
}

static px_status add_settings(job_making *making, const job_member *member, const json_t *value,
                              px_error *err) {
    const char *key;
    json_t *each;
    px_status status = PX_OK;
    if (!json_is_object(value))
        return server_fail(err, PX_EINPUT, "%s: an object of settings is wanted", member->name);
    json_object_foreach((json_t *)(uintptr_t)value, key, each) {
        if (!status)
            status = add_setting(making, key, each, err);
    }
    return status;
}

/* Profile, capital: a setting with an option of its own. */
static px_status add_own_setting(job_making *making, const job_member *member, const json_t *value,
                                 px_error *err) {
    px_config scratch = px_config_default();
    char *text = setting_text(value);
    px_status status = text ? px_config_set(&scratch, member->name, text, err)
                            : server_fail(err, PX_EINPUT, "%s: a number or a text is wanted", member->name);
    if (!status)
        status = add_word(making, err, "--%s=%s", member->field->name, text);
    free(text);
    return status;
}

/* ---- imports ------------------------------------------------------------------------------------------ */

/* The one file of an upload, as an argument. */
static px_status add_upload(job_making *making, const job_member *member, const json_t *value,
                            px_error *err) {
    const char *text = text_of(member, value, err);
    char *path = text ? upload_find(making->home_path, text) : NULL;
    px_status status = !text  ? PX_EINPUT
                       : path ? add_word(making, err, "%s", path)
                              : server_fail(err, PX_ENOTFOUND, "%s: no upload %.64s", member->name, text);
    free(path);
    return status;
}

/* ---- requests ----------------------------------------------------------------------------------------- */

static px_status fail_unknown(const char *job, const char *name, px_error *err) {
    enum { MOST = 32 };
    job_member members[MOST];
    const char *names[MOST];
    size_t n = 0;
    for (; n < MOST && member_at(job, n, &members[n]); n++)
        names[n] = members[n].name;
    return server_fail_unknown("unknown member", name, names, n, err);
}

static px_status add_member(job_making *making, const job_member *member, const json_t *value,
                            px_error *err) {
    static px_status (*const add[PX_FIELD_TYPES])(job_making *, const job_member *, const json_t *,
                                                  px_error *) = {
        [PX_FIELD_FLAG] = add_flag,
        [PX_FIELD_COUNT] = add_count,
        [PX_FIELD_TEXT] = add_text,
        [PX_FIELD_CHOICE] = add_choice,
        [PX_FIELD_DATE] = add_date,
        [PX_FIELD_TIMEFRAME] = add_timeframe,
        [PX_FIELD_UPLOAD] = add_upload,
        [PX_FIELD_SYMBOL] = add_symbol,
        [PX_FIELD_ARGUMENT] = add_argument,
        [PX_FIELD_SYMBOLS] = add_symbols,
        [PX_FIELD_NEW_SYMBOL] = add_new_symbol,
        [PX_FIELD_EXCHANGE] = add_exchange,
        [PX_FIELD_ZONE] = add_zone,
        [PX_FIELD_SOURCE] = add_source,
        [PX_FIELD_STRATEGY] = add_strategy,
        [PX_FIELD_STRATEGY_PARAMETERS] = add_parameters,
        [PX_FIELD_LEARNER] = add_learner,
        [PX_FIELD_LEARNER_PARAMETERS] = add_learner_parameters,
        [PX_FIELD_MODEL] = add_model,
        [PX_FIELD_NEW_MODEL] = add_new_model,
        [PX_FIELD_NEW_RUN] = add_run_id,
        [PX_FIELD_SETTING] = add_own_setting,
        [PX_FIELD_SETTINGS] = add_settings,
        [PX_FIELD_FINDINGS] = add_codes,
    };
    assert(add[member->field->type]);
    return add[member->field->type](making, member, value, err);
}

static px_status add_members(job_making *making, px_error *err) {
    const char *name, *job = making->kind->name;
    json_t *value;
    job_member member;
    bool required;
    px_status status = PX_OK;
    json_object_foreach((json_t *)(uintptr_t)making->request, name, value) {
        if (!status && !find_member(job, name, &member))
            status = fail_unknown(job, name, err);
        if (!status && !json_is_null(value))
            status = add_member(making, &member, value, err);
    }
    for (size_t i = 0; !status && member_at(job, i, &member); i++) {
        const json_t *given = json_object_get(making->request, member.name);
        if (px_field_is_member(member.field, job, &required) && required && (!given || json_is_null(given)))
            status = server_fail(err, PX_EINPUT, "%s is missing", member.name);
    }
    return status;
}

/* What no member tells alone. */
static px_status check_together(const json_t *request, const char *job, px_error *err) {
    job_member member;
    const char *start = json_string_value(json_object_get(request, "start"));
    const char *end = json_string_value(json_object_get(request, "end"));
    if (start && end && strcmp(start, end) > 0)
        return server_fail(err, PX_EINPUT, "start: %s is after the end, %s", start, end);
    if (!json_is_string(json_object_get(request, "continuous")) &&
        (json_is_string(json_object_get(request, "roll")) ||
         json_is_string(json_object_get(request, "back_adjust"))))
        return server_fail(err, PX_EINPUT,
                           "continuous is missing: roll and back_adjust are for such a series");
    if (strcmp(job, "verify") == 0 && json_is_string(json_object_get(request, "exchange")) &&
        !json_is_string(json_object_get(request, "symbol")))
        return server_fail(err, PX_EINPUT, "exchange goes with a symbol: name one, or leave it out");
    if (!find_member(job, "symbols", &member))
        return PX_OK;
    bool one = !json_is_null(json_object_get(request, "symbol")) && json_object_get(request, "symbol");
    const json_t *several = json_object_get(request, "symbols");
    if (one == (several && !json_is_null(several)))
        return server_fail(err, PX_EINPUT, "either symbol or symbols is wanted");
    if (json_array_size(several) > 1 && !json_is_string(json_object_get(request, "name")))
        return server_fail(err, PX_EINPUT,
                           "name is missing: a model of several symbols has no name of its own");
    return PX_OK;
}

px_status job_argv(const job_kind *kind, px_home *home, const char *home_path, const json_t *request,
                   json_t **argv, px_error *err) {
    job_making making = {kind, home, home_path, request, json_array()};
    px_status status = making.argv ? PX_OK : server_fail(err, PX_ENOMEM, "out of memory");
    for (const char *word = kind->verb; !status && *word;
         word += strcspn(word, " ") + (word[strcspn(word, " ")] == ' '))
        status = add_word(&making, err, "%.*s", (int)strcspn(word, " "), word);
    if (!status)
        status = add_word(&making, err, "--home=%s", home_path);
    if (!status)
        status = add_word(&making, err, "--progress=json");
    if (!status)
        status = add_word(&making, err, "--json");
    if (!status)
        status = add_members(&making, err);
    if (!status)
        status = check_together(request, kind->name, err);
    if (status)
        json_decref(making.argv);
    else
        *argv = making.argv;
    return status;
}

px_status job_check_request(const char *name, px_home *home, const json_t *request, px_error *err) {
    const job_kind kind = {.name = name};
    job_making making = {.kind = &kind, .home = home, .request = request};
    px_status status = add_members(&making, err);
    return status ? status : check_together(request, name, err);
}

/* What was imported is in the store now; what was previewed is still to be. */
static void drop_upload(const char *home_path, const json_t *request) {
    if (!json_is_true(json_object_get(request, "preview")))
        upload_remove(home_path, json_string_value(json_object_get(request, "upload")));
}

const job_kind job_backtest = {"backtest", "backtest", "run_id", false, NULL};
const job_kind job_train = {"train", "train", "model", false, NULL};
const job_kind job_audit = {"audit", "audit", NULL, true, NULL};
const job_kind job_check = {"check", "data check", NULL, true, NULL};
/* Uploads are files of strangers: the process that reads one gets these limits, and those of job_child.c. */
const job_kind job_import = {"import", "import --max-rows=5000000 --max-bytes=1G --max-memory=768M", NULL,
                             false, drop_upload};

const job_kind job_verify = {"verify", "data verify", NULL, true, NULL};

const job_kind *job_kind_at(size_t i) {
    static const job_kind *const kinds[] = {&job_backtest, &job_train,  &job_audit,
                                            &job_check,    &job_import, &job_verify};
    return i < sizeof kinds / sizeof *kinds ? kinds[i] : NULL;
}

const job_kind *job_kind_find(const char *name) {
    const job_kind *kind = NULL;
    for (size_t i = 0; name && (kind = job_kind_at(i)) && strcmp(kind->name, name) != 0; i++)
        continue;
    return kind;
}
