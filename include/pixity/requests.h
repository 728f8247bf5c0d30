// SPDX-License-Identifier: Apache-2.0
/* What can be asked: one table of fields, of which the options of the command line, their help and
 * completion, and the requests of the API with their schemas and forms are made. A field stands once for
 * those that mean the same by it: "--symbol" of an import is another field than "--symbol" of a backtest. */
#ifndef PX_REQUESTS_H
#define PX_REQUESTS_H

#include <stdbool.h>
#include <stddef.h>
#include "pixity/status.h"

#ifdef __cplusplus
extern "C" {
#endif

/* What is meant where nothing is named. */
#define PX_USUAL_EXCHANGE "NSE"
#define PX_USUAL_STRATEGY "pixityAI_meta"
#define PX_USUAL_LEARNER  "rf"

/* What a value is: how it is read, checked and looked up. */
typedef enum px_field_type {
    PX_FIELD_FLAG,   /* takes no value; true or false in a request */
    PX_FIELD_TEXT,   /* any text but none */
    PX_FIELD_TEXTS,  /* may be repeated */
    PX_FIELD_CHOICE, /* one of `choices` */
    PX_FIELD_COUNT,  /* a whole number from 1 */
    PX_FIELD_SEED,   /* a whole number from 0 */
    PX_FIELD_NUMBER, /* above 0 */
    PX_FIELD_BYTES,  /* 512M, 4G */
    PX_FIELD_DATE,
    PX_FIELD_TIMEFRAME,
    PX_FIELD_FILE, /* a path, as the next one */
    PX_FIELD_FOLDER,
    PX_FIELD_UPLOAD,   /* what was sent to the server */
    PX_FIELD_SYMBOL,   /* an instrument that is stored */
    PX_FIELD_ARGUMENT, /* the same where a verb takes it without an option */
    PX_FIELD_SYMBOLS,
    PX_FIELD_NEW_SYMBOL,
    PX_FIELD_EXCHANGE,
    PX_FIELD_ZONE,
    PX_FIELD_SOURCE, /* a program that writes bar files */
    PX_FIELD_STRATEGY,
    PX_FIELD_STRATEGY_PARAMETERS, /* NAME=VALUE, may be repeated; an object of numbers in a request */
    PX_FIELD_LEARNER,
    PX_FIELD_LEARNER_PARAMETERS,
    PX_FIELD_MODEL,
    PX_FIELD_NEW_MODEL,
    PX_FIELD_NEW_RUN,
    PX_FIELD_ACCOUNT,
    PX_FIELD_SETTING,  /* the key of px_config with this name */
    PX_FIELD_SETTINGS, /* KEY=VALUE, may be repeated; an object in a request */
    PX_FIELD_FINDINGS, /* codes of findings, may be repeated; a list in a request */
    PX_FIELD_TYPES
} px_field_type;

/* Fields that several verbs share, and under which title of their help. */
typedef enum px_field_group {
    PX_GROUP_OWN = 0,
    PX_GROUP_BARS = 1,
    PX_GROUP_INPUT = 2,
    PX_GROUP_SETTINGS = 4,
    PX_GROUP_OUTPUT = 8,
    PX_GROUP_PROGRAM = 16,
    PX_GROUP_FINDINGS = 32,
    PX_GROUP_CONTINUOUS = 64
} px_field_group;

typedef struct px_field {
    const char *name; /* of the option: "run-id" */
    px_field_type type;
    const char *value; /* what its value is called in help, "ID"; NULL = the option takes none */
    const char *help;  /* one line, without unit and default */
    const char *verbs; /* that have the option: "backtest, runs list"; NULL with a group: who has the group */
    px_field_group group; /* or where its help stands */
    char letter;          /* of the option's short form, or 0 */
    const char *choices;  /* "open|close"; of a timeframe what is offered, among others */
    const char *unit;     /* "rupees"; NULL = none */
    const char *usual;    /* the value where none is given; NULL = none, or the help tells in words */
    const char *title;    /* above its field in a form, "To, inclusive"; NULL = it has none there */
    const char *jobs;     /* requests of the API that have it: "backtest!, audit"; ! where it must be there */
    const char *member;   /* its name there; NULL = the option's, with underscores */
    const char *note;     /* for those who send a request; NULL = the help says it */
} px_field;

/* In the order of help; NULL past the end. */
PX_API const px_field *px_field_at(size_t i);
/* Whether a verb has it of its own, or by the groups that it takes (px_field_group, any number). */
PX_API bool px_field_is_option(const px_field *field, const char *verb, unsigned groups);
/* Whether the requests for a job ("backtest") have it; *required (may be NULL) whether they must. */
PX_API bool px_field_is_member(const px_field *field, const char *job, bool *required);
/* "Initial capital, rupees (default: 100000)", and "run_id". Return buf. */
#define PX_FIELD_TEXT_SIZE 400
#define PX_FIELD_NAME_SIZE 40
PX_API char *px_field_help(const px_field *field, char buf[PX_FIELD_TEXT_SIZE]);
PX_API char *px_field_member(const px_field *field, char buf[PX_FIELD_NAME_SIZE]);
/* The index of `text` among the choices, whatever its case. Errors: PX_EINPUT with the choices and the
 * nearest.
 */
PX_API PX_MUST_CHECK px_status px_field_choose(const px_field *field, const char *text, size_t *out,
                                               px_error *err);

/* {"BacktestRequest": JSON Schema, ...}: a property a member, with its title, description, default and
 * choices. Malloc'ed, the caller frees. Errors: PX_ENOMEM. */
PX_API PX_MUST_CHECK px_status px_requests_schema(char **out, px_error *err);

#ifdef __cplusplus
}
#endif
#endif
