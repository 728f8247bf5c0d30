// SPDX-License-Identifier: Apache-2.0
#include "files/column_names.h"

#include <ctype.h>
#include <string.h>

/* Names by their letters and digits, divided by blanks. Of several columns with one role, the one of the
 * lower rank is meant; two of one rank are an error, but for times, which are held against each other. */
static const struct {
    pxi_bar_role role;
    int rank;
    const char *names;
} rows[] = {
    {PXI_ROLE_TIME, 1,
     "date datetime timestamp ts time dt gmttime utctime localtime datetimeutc timestamputc dateutc timeutc "
     "utc "
     "datetimeist timestampist opentime starttime bartime candletime candletimestamp bartimestamp "
     "timestampms timestamps epoch unix unixtime unixtimestamp unixtimestampms timems tradedate traddt date1 "
     "tradingdate tradingday quotedate mktdate historicaldate datadate lasttradetime day session windowstart "
     "tsevent t mts eodtimestamp tradetime opentimestamp datetimestamp barstart starttimestamp opentimems "
     "datum datumzeit fecha data hora dtyyyymmdd"},
    {PXI_ROLE_TIME, 2, "bizdt index unnamed0 indexlevel0 level0 begin from"},
    {PXI_ROLE_OPEN, 1,
     "open o openprice opnpric opening openingprice 1open 1aopen openrate op priceopen openp otevrit "
     "apertura "
     "ouverture eroffnung"},
    {PXI_ROLE_OPEN, 2, "bidopen openbid midopen openmid first"},
    {PXI_ROLE_HIGH, 1, "high h highprice hghpric 2high max maximum hi pricehigh highest dayhigh inth"},
    {PXI_ROLE_HIGH, 2, "bidhigh highbid midhigh highmid"},
    {PXI_ROLE_LOW, 1, "low l lowprice lwpric 3low min minimum lo pricelow lowest daylow intl"},
    {PXI_ROLE_LOW, 2, "bidlow lowbid midlow lowmid"},
    {PXI_ROLE_CLOSE, 1,
     "close c closeprice clspric closing closingprice 4close closelast closure closerate priceclose cierre "
     "cloture schluss intc cl"},
    {PXI_ROLE_CLOSE, 2,
     "bidclose closebid midclose closemid last ltp price lastprice lastpric lasttradedprice"},
    {PXI_ROLE_VOLUME, 1,
     "volume v vol volumes tottrdqty ttltrdqnty ttltradgvol noofshares sharestraded tradedqty tradedquantity "
     "totaltradedquantity totaltradedqty totaltradedvolume tradedvolume 5volume 6volume realvolume realvol "
     "volumetraded tradevolume basevolume volumebase basevol volumen volumeno contracts nooftradedcontracts "
     "intv "
     "totalvolume sharevolume"},
    {PXI_ROLE_VOLUME, 2, "quantity qty shares ttq"},
    {PXI_ROLE_TICKS, 1, "tickvolume tickvol ticks tickcount tickvolumes"},
    {PXI_ROLE_SYMBOL, 1,
     "symbol ticker tckrsymb tradingsymbol tradingsymbols scrip scripname symbols tickers stocksymbol sym "
     "ric "
     "instrumentkey"},
    {PXI_ROLE_SYMBOL, 2,
     "instrument instrumentname indexname securityname scripcode sccode scname instrumentid "
     "rawsymbol"},
    {PXI_ROLE_SYMBOL, 3,
     "name code stock stockname stockcode security asset pair market company coin isin instrumenttoken "
     "token"},
    {PXI_ROLE_SERIES, 1, "series sctysrs scgroup"},
    {PXI_ROLE_INTERVAL, 1, "interval timeframe resolution granularity tf barsize barinterval"},
    {PXI_ROLE_EXPIRY, 1, "expiry expirydate expirydt expdate xprydt expiration expirationdate exp"},
    {PXI_ROLE_STRIKE, 1, "strike strikeprice strikepr strkpric strikeprc"},
    {PXI_ROLE_OPTION, 1, "optiontype optiontyp optntp right cepe callput cporp opttype"},
};

void pxi_name_key(const char *name, char key[PXI_NAME_KEY_SIZE]) {
    size_t n = 0;
    const char *end = name + strlen(name), *quote;
    if (name[0] == '(' && (name[1] == '\'' || name[1] == '"') && (quote = strchr(name + 2, name[1]))) {
        end = quote; /* pandas writes a name of two levels as ('Close', 'RELIANCE.NS') */
        name += 2;
    }
    for (; name < end && n + 1 < PXI_NAME_KEY_SIZE; name++) {
        const unsigned char c = (unsigned char)*name;
        if (c >= 0x80 || isalnum(c))
            key[n++] = (char)(c < 0x80 ? tolower(c) : c);
    }
    key[n] = '\0';
}

static bool lists(const char *names, const char *key) {
    const size_t length = strlen(key);
    for (const char *at = names; length && (at = strstr(at, key)); at += length)
        if ((at == names || at[-1] == ' ') && (at[length] == ' ' || !at[length]))
            return true;
    return false;
}

bool pxi_name_role(const char *name, pxi_bar_role *role, int *rank) {
    char key[PXI_NAME_KEY_SIZE];
    pxi_name_key(name, key);
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
        if (lists(rows[i].names, key)) {
            *role = rows[i].role;
            *rank = rows[i].rank;
            return true;
        }
    return false;
}

const char *pxi_role_name(pxi_bar_role role) {
    static const char *const names[PXI_N_ROLES] = {"time",   "open",   "high",        "low",    "close",
                                                   "volume", "symbol", "tick volume", "series", "timeframe",
                                                   "expiry", "strike", "option type"};
    return names[role];
}

size_t pxi_names_prices(const char *const *names, size_t n) {
    unsigned found = 0;
    pxi_bar_role role;
    int rank;
    for (size_t i = 0; i < n; i++)
        if (pxi_name_role(names[i], &role, &rank) && role >= PXI_ROLE_OPEN && role <= PXI_ROLE_CLOSE)
            found |= 1u << role;
    return (size_t)__builtin_popcount(found);
}
