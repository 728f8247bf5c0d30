// SPDX-License-Identifier: Apache-2.0
/* Contracts inside the market stage.
 *
 *   expiry_rules.c       days of expiry by underlying, cycle and date
 *   contract_units.c     lots and ticks
 *   contract_text.c      the pieces of symbols: dates, strikes, sides
 *   contract_symbol.c    a symbol without separators → its possible meanings
 *   contract_words.c     one with separators
 *   contract_choice.c    the meaning that bars, prices and days of expiry leave; names */
#ifndef PXI_CONTRACTS_H
#define PXI_CONTRACTS_H

#include "pixity/contracts.h"

#include <stdbool.h>
#include <stddef.h>

/* ---- days ------------------------------------------------------------------------------------------------
 */

typedef enum pxi_expiry_is { PXI_EXPIRY_YES, PXI_EXPIRY_NO, PXI_EXPIRY_UNKNOWN } pxi_expiry_is;
/* Whether contracts of the underlying can expire on a date. */
pxi_expiry_is pxi_expiry_check(const char *underlying, int32_t date);
/* Whether it is an exchange of the contracts that these rules are for, its segment's name included. */
bool pxi_is_of_india(const char *exchange);
/* Whether it is an index whose days of expiry rules tell. */
bool pxi_is_known_index(const char *underlying);
/* Whether its contracts are those of an index or share of NSE or BSE, as far as is known. */
bool pxi_is_share_or_index(const char *underlying);

/* Lot and tick of a contract from a trading date on; 0 = not known. */
typedef struct pxi_contract_unit {
    int32_t from; /* INT32_MIN of the first */
    double tick, lot;
} pxi_contract_unit;
enum { PXI_MOST_UNITS = 6 };
/* Those of one contract, ascending; gives how many. Nothing is known of continuous futures, of months without
 * a day of expiry, and of what is neither a share nor an index. */
size_t pxi_contract_units(const px_contract *contract, pxi_contract_unit out[PXI_MOST_UNITS]);

/* ---- symbols ---------------------------------------------------------------------------------------------
 */

enum { PXI_MOST_MEANINGS = 6 };
typedef struct pxi_meanings {
    size_t n;
    px_contract items[PXI_MOST_MEANINGS];
} pxi_meanings;

/* 1 to 12, or 0: "JAN", "Jan", ... */
int pxi_month_named(const char *text);
const char *pxi_month_name(int month); /* "JAN" of 1 */
/* The value of `n` digits; -1 if they are not all digits, or more than nine. */
int pxi_digits(const char *text, size_t n);
/* 2000 to 2049 of two digits; 0 if it is none of these years. */
int pxi_short_year(int digits);
bool pxi_date_exists(int year, int month, int day);
/* PX_CONTRACT_CALL or _PUT of CE, C, CALL, ...; PX_CONTRACT_NONE of anything else. */
px_contract_kind pxi_side_named(const char *text);
/* A strike without leading zeros: "24650", "22350.00", "0.5". False if it is none. */
bool pxi_strike_parse(const char *text, size_t n, double *out);
/* "RELIANCE 27 JAN 2022 2300 PE": the spelling that has one meaning; "" of what is longer than a name. */
void pxi_contract_spell(const px_contract *contract, char out[PX_NAME_SIZE]);
/* "NIFTY25AUG2624650CE", or "NIFTY25AUG24650CE" of a month. */
void pxi_contract_compact(const px_contract *contract, char out[PX_NAME_SIZE]);
/* "FUT", "CE" or "PE"; "" of what has no side. */
const char *pxi_contract_side(const px_contract *contract);
/* "RELIANCE call, strike 1840, expiry 2023-11-30", for people. */
char *pxi_contract_describe(const px_contract *contract, char *out, size_t size);
void pxi_meanings_add(pxi_meanings *meanings, const px_contract *contract);

/* The underlying of a symbol that is one of a contract, whatever its other meanings. */
bool pxi_contract_underlying(const char *symbol, char out[PX_NAME_SIZE]);
/* Whether a contract is one of the meanings of a symbol. */
bool pxi_contract_may_be(const char *symbol, const char *exchange, const px_contract *wanted);
/* What a symbol in capitals may mean. */
void pxi_symbol_compact(const char *symbol, pxi_meanings *out);
void pxi_symbol_words(const char *symbol, pxi_meanings *out);

#endif
