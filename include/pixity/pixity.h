// SPDX-License-Identifier: Apache-2.0
/* Pixity: candles in, trained meta-model out, and a backtest that agrees with it.
 *
 * Stages, in the order that data flows: bars, calendar, resample, store, features, events, exits, labels,
 * model, risk, strategy, backtest. Each has a header; this one includes them all.
 *
 * Threads: functions share no mutable state. Different objects may be used by different threads; one object
 * by one thread at a time, except what is documented as immutable. Memory: objects named `px_X **out` are
 * freed by px_X_free or px_X_close; structs filled by a function are zeroed by the caller first and freed by
 * px_X_free; `char **` texts are freed with free(). The library never prints, never exits, and reads neither
 * clock nor environment. */
#ifndef PX_PIXITY_H
#define PX_PIXITY_H

#define PX_VERSION "0.1.0"

#include "pixity/account.h"
#include "pixity/adjust.h"
#include "pixity/admission.h"
#include "pixity/audit.h"
#include "pixity/backtest.h"
#include "pixity/bars.h"
#include "pixity/calendar.h"
#include "pixity/config.h"
#include "pixity/continuous.h"
#include "pixity/dataset.h"
#include "pixity/events.h"
#include "pixity/exits.h"
#include "pixity/features.h"
#include "pixity/findings.h"
#include "pixity/labels.h"
#include "pixity/learner.h"
#include "pixity/live.h"
#include "pixity/metrics.h"
#include "pixity/model.h"
#include "pixity/number.h"
#include "pixity/parameter.h"
#include "pixity/quality.h"
#include "pixity/report.h"
#include "pixity/requests.h"
#include "pixity/resample.h"
#include "pixity/risk.h"
#include "pixity/run.h"
#include "pixity/signals.h"
#include "pixity/source.h"
#include "pixity/status.h"
#include "pixity/store.h"
#include "pixity/strategy.h"
#include "pixity/synth.h"
#include "pixity/table.h"
#include "pixity/time.h"
#include "pixity/train.h"

#endif
