// SPDX-License-Identifier: Apache-2.0
/* Futures and options: what their symbols mean, and when they expire. */
#ifndef PX_CONTRACTS_H
#define PX_CONTRACTS_H

#include "pixity/bars.h"
#include "pixity/config.h"
#include "pixity/time.h"

#ifdef __cplusplus
extern "C" {
#endif

typedef enum px_contract_kind {
    PX_CONTRACT_NONE,       /* a share, an index, a pair: no contract */
    PX_CONTRACT_FUTURE,     /* of one expiry */
    PX_CONTRACT_CALL,       /* CE */
    PX_CONTRACT_PUT,        /* PE */
    PX_CONTRACT_OPTION,     /* with a strike, and no word on its side */
    PX_CONTRACT_CONTINUOUS, /* one future after the other: "NIFTY-I", "NIFTY1!" */
} px_contract_kind;

typedef struct px_contract {
    px_contract_kind kind;
    char underlying[PX_NAME_SIZE]; /* in capitals */
    int32_t expiry;                /* PX_NO_DATE = the symbol gives a month, and no table the day */
    int year, month, day;          /* as the symbol has them; 0 = it does not say */
    double strike;                 /* 0 of a future */
    int rank;                      /* of a continuous one: 1 = nearest, 2 = the next, ... */
} px_contract;

/* What decides between two meanings of one symbol. */
typedef struct px_contract_hint {
    const char *exchange;                         /* NULL = "NSE" */
    int32_t first_date, last_date;                /* of its bars; PX_NO_DATE = none are known */
    double lowest_underlying, highest_underlying; /* on these dates; 0 = not known */
} px_contract_hint;

/* What a symbol means, as brokers and exchanges write contracts: NIFTY25AUG24650CE (monthly, no day in it),
 * NIFTY2580724650PE (weekly: year, month as 1-9 O N D, day), NIFTY28OCT2525850CE, "NIFTY FUT 30 DEC 25",
 * NIFTY-Jan2025-17200-CE, OPTIDX_NIFTY_27JAN2022_CE_17200, NIFTY28MAR24C22000, AAPL240119C00150000,
 * BTC-29MAR24-50000-C, an exchange in front ("NFO:") and so on. Of several meanings those that the bars'
 * dates, the price of the underlying or the exchange's days of expiry rule out do not count. `hint` may be
 * NULL. A symbol of no contract is PX_OK and kind PX_CONTRACT_NONE. Errors: PX_EINPUT with the meanings that
 * remain. */
PX_API PX_MUST_CHECK px_status px_contract_read(const char *symbol, const px_contract_hint *hint,
                                                px_contract *out, px_error *err);
/* "NIFTY25AUG2624650CE", "NIFTY25AUG26FUT": the one name that every spelling of a contract has, with the
 * month alone ("NIFTY25AUGFUT") where its day of expiry is not known. "" of what is no contract, or has no
 * year. */
PX_API char *px_contract_name(const px_contract *contract, char out[PX_NAME_SIZE]);
/* Whether two are one contract. */
PX_API bool px_contract_same(const px_contract *a, const px_contract *b);

/* The day on which a month's contracts of an underlying expire: by the exchange's dated rules, on the trading
 * day before where that one is a holiday. Errors: PX_ENOTFOUND where no rule is known for underlying and
 * month, PX_EINPUT where the holidays of that time are not known. */
PX_API PX_MUST_CHECK px_status px_expiry_of_month(const char *underlying, int year, int month, int32_t *out,
                                                  px_error *err);
/* The same of the week in which `date` lies; PX_ENOTFOUND too where there is no weekly contract then. */
PX_API PX_MUST_CHECK px_status px_expiry_of_week(const char *underlying, int32_t date, int32_t *out,
                                                 px_error *err);

#ifdef __cplusplus
}
#endif
#endif
