// SPDX-License-Identifier: Apache-2.0
/* Strategies: each is one file and one line in src/strategies/strategy_table.c.
 *
 * A batch strategy makes all its signals in one pass over the frame before the replay. A standard strategy
 * sees one closed bar at a time with the values of the columns that it names, which are always causal: swings
 * are confirmed ones and VWAP falls back by session, whatever the settings say. Neither sees positions'
 * money: sizing, guards and fills are the engine's. */
#ifndef PX_STRATEGY_H
#define PX_STRATEGY_H

#include "pixity/features.h"
#include "pixity/events.h"
#include "pixity/exits.h"
#include "pixity/model.h"
#include "pixity/parameter.h"
#include "pixity/risk.h"

#ifdef __cplusplus
extern "C" {
#endif

typedef enum px_action {
    PX_ACTION_ENTER,
    PX_ACTION_EXIT,  /* leaves a position of the signal's side */
    PX_ACTION_CLOSE, /* leaves the position, of whichever side */
} px_action;

typedef struct px_signal {
    size_t bar;
    int64_t ts_us;
    px_action action;
    px_side side;   /* of the position to enter, or to leave */
    int event_type; /* index; -1 = no event of the table */
    px_level stop;  /* with one the position is sized by risk, without one by size_fraction */
    px_level target;
    double atr;         /* A, which an event has above 0; of other signals for information, NaN = none */
    int h_bars;         /* time stop in watched bars, which an event has; 0 = none */
    double probability; /* of the meta-model, or as the signal's maker says; NaN = none */
    double quantity;    /* asked for; NaN = sized by the engine */
    const char *tag;    /* of the signal's maker, kept with signal and trade; borrowed, NULL = none */
    size_t candidate;   /* index into the run's candidates; SIZE_MAX = none (exits) */
} px_signal;

typedef struct px_signal_list {
    size_t n, capacity;
    px_signal *items;
} px_signal_list;
/* Errors: PX_ENOMEM. */
PX_API PX_MUST_CHECK px_status px_signal_list_add(px_signal_list *list, const px_signal *signal,
                                                  px_error *err);
PX_API void px_signal_list_free(px_signal_list *list);

/* A signal without levels, time stop, quantity, model or candidate; strategies set what they know. */
PX_API px_signal px_signal_make(px_action action, px_side side);
/* What became of a candidate: the names of runs events. */
typedef enum px_outcome {
    PX_OUTCOME_EXECUTED,
    PX_OUTCOME_SUPERSEDED,     /* another event of the bar came first */
    PX_OUTCOME_REJECTED_MODEL, /* probability below the threshold */
    PX_OUTCOME_COOLDOWN,
    PX_OUTCOME_DAILY_LIMIT,
    PX_OUTCOME_IN_POSITION,
    PX_OUTCOME_KILL_SWITCH,
    PX_OUTCOME_NO_ATR,      /* A undefined or <= 0 */
    PX_OUTCOME_BAD_HORIZON, /* h_bars < 1 */
    PX_OUTCOME_BAD_LEVELS,  /* stop or target on the wrong side of the signal bar's close */
    PX_OUTCOME_STOP_BELOW_TICK,
    PX_OUTCOME_BELOW_ONE_LOT,
    PX_OUTCOME_NO_NEXT_BAR,
    PX_OUTCOME_SESSION_END,
    PX_OUTCOME_DUPLICATE,        /* the same signal id was seen in this scope */
    PX_OUTCOME_PRODUCT_NO_SHORT, /* a short entry, which the product does not know */
    PX_OUTCOME_MAX_POSITIONS,    /* an account of several instruments holds as many as it may */
    PX_OUTCOME_STALE_HISTORY,    /* a stream waits until its warm-up is whole */
    PX_N_OUTCOMES,
} px_outcome;
PX_API const char *px_outcome_name(px_outcome outcome); /* "executed", "superseded", "rejected_model", ... */

/* An entry that was possible: every event of a batch strategy, every entry signal of a standard one. */
typedef struct px_candidate {
    px_event event;     /* of a standard strategy: type -1, inputs and ATR NaN */
    double probability; /* NaN = no model */
    double quantity;    /* as sized, or as its fill had to cut it; NaN = not sized */
    px_cap capped_by;
    px_outcome outcome; /* PX_OUTCOME_EXECUTED until something stops it */
    const char *tag;    /* as its signal's */
} px_candidate;

typedef struct px_candidate_list {
    size_t n, capacity;
    px_candidate *items;
} px_candidate_list;
/* Errors: PX_ENOMEM. */
PX_API PX_MUST_CHECK px_status px_candidate_list_add(px_candidate_list *list, const px_candidate *candidate,
                                                     px_error *err);
PX_API void px_candidate_list_free(px_candidate_list *list);

typedef struct px_batch_input {
    const px_dataset *dataset;
    const px_feature_frame *frame; /* NULL where the strategy reads signals, or has `events` */
    const px_event_list *events;   /* those of the window, where they were found without a frame; else NULL */
    const px_config *config;
    const px_model *model;    /* NULL = none (skip_meta_model) */
    const double *parameters; /* values, in the strategy's order */
    const struct px_signal_rows
        *signals; /* those of the window, where the strategy reads signals; else NULL */
} px_batch_input;

/* Events in time order with their probabilities (NaN without a model); of a bar all are there. */
typedef struct px_events_input {
    const px_event *events;
    const double *p;
    size_t n;
    const px_config *config;
    bool has_model;
    const double *parameters; /* values, in the strategy's order */
    uint32_t unknown_types;   /* a bit for each type that the model was not trained on: none of its events */
} px_events_input;

typedef struct px_strategy {
    const char *id;      /* "pixityAI_meta" */
    const char *summary; /* one line */
    bool uses_model;     /* a run opens a meta-model for it, unless skip_meta_model */
    bool reads_signals;  /* a run reads the file of signals that its request names */
    /* What its user may choose, PX_MAX_PARAMETERS at most; NULL = nothing. What no single range tells (a
     * value below another) is reported by `check`, NULL where there is no such thing. Errors: PX_EINPUT. */
    const px_parameter *parameters;
    size_t n_parameters;
    px_status (*check)(const double *parameters, px_error *err);
    /* Batch path, or NULL: all candidates, and the signals of those that survive, both in time order. Entries
     * may leave their candidates to the replay. */
    px_status (*find_signals)(const px_batch_input *input, px_candidate_list *candidates,
                              px_signal_list *signals, px_error *err);
    /* What a strategy on events makes of them, or NULL: a candidate each, and the signals. find_signals of
     * such a strategy asks this once for all events of the frame, live trading once for each bar. */
    px_status (*take_events)(const px_events_input *input, px_candidate_list *candidates,
                             px_signal_list *signals, px_error *err);
    /* Standard path: state of `state_size` bytes, zeroed before init, which keeps of the parameters' values
     * what on_bar needs. on_bar writes at most
     * PX_SIGNALS_PER_BAR signals (an exit, then an entry) and returns how many. Warm-up bars are shown too;
     * what is signalled there is not traded. */
    size_t state_size;
    /* The columns that on_bar is given, in this order, as specs ended by NULL: "ema(20)",
     * "macd(12,26,9).signal", "pivot", or a column's name as it is printed, "ema20". A parameter of the
     * strategy may stand for a number: "ema(fast)". NULL = none. Table: docs/features.md. */
    const char *const *columns;
    void (*init)(void *state, const px_config *config, const double *parameters);
    int (*on_bar)(void *state, const px_bar *bar, const double *columns, px_signal *out);
} px_strategy;
#define PX_SIGNALS_PER_BAR 2

/* Errors: PX_EINPUT naming the nearest known id. */
PX_API PX_MUST_CHECK px_status px_strategy_find(const char *id, const px_strategy **out, px_error *err);
PX_API const px_strategy *px_strategy_at(size_t i); /* NULL past the end */
PX_API px_parameters px_strategy_parameters(const px_strategy *strategy);
/* [{"id", "summary", "uses_model", "reads_signals", "parameters": [...]}], malloc'ed; the caller frees. Of a
 * parameter: name, alias (null = none), title, unit, help, minimum, maximum, step, usual, whole. Errors:
 * PX_ENOMEM. */
PX_API PX_MUST_CHECK px_status px_strategies_document(char **out, px_error *err);

/* A strategy and the values of its parameters. */
typedef struct px_strategy_config {
    const px_strategy *strategy;
    double values[PX_MAX_PARAMETERS]; /* in the strategy's order */
} px_strategy_config;
/* A strategy by id, with "stop_atrs=2,hold_bars=30" over the usual values; NULL = these. Errors: as
 * px_strategy_find, px_parameters_read, and what the strategy's check says. */
PX_API PX_MUST_CHECK px_status px_strategy_config_read(const char *id, const char *parameters,
                                                       px_strategy_config *out, px_error *err);

#ifdef __cplusplus
}
#endif
#endif
