// SPDX-License-Identifier: Apache-2.0
/* Names of users that become folders and files: what is encoded is one plain name and decodes to the same. */
#include "fuzz.h"

#include "models/folder.h"
#include "pixity/contracts.h"
#include "store/home/home.h"

static void check_encoding(const char *text, const char *keep) {
    char *encoded = pxi_percent_encode(text, keep), *decoded = malloc(strlen(text) + 2);
    fuzz_check(encoded && decoded);
    fuzz_check(!strchr(encoded, '/') && strcmp(encoded, ".") != 0 && strcmp(encoded, "..") != 0);
    fuzz_check(pxi_percent_decode(encoded, decoded, strlen(text) + 1) == (*text != '\0'));
    fuzz_check(!*text || strcmp(decoded, text) == 0);
    free(encoded);
    free(decoded);
}

/* Folders that somebody else made may have any name. */
static void check_decoding(const char *text) {
    char small[8] = "";
    if (pxi_percent_decode(text, small, sizeof small))
        fuzz_check(*small && strlen(small) < sizeof small);
}

static void check_instrument(const char *text) {
    px_error err;
    if (fuzz_accepted(px_instrument_check_name(text, "NSE", &err), &err))
        fuzz_check(strlen(text) > 0);
}

/* A name that a model may have is a file in the folder of models and nowhere else. */
static void check_model(const char *text) {
    px_error err;
    if (fuzz_accepted(pxi_model_name_check(text, &err), &err))
        fuzz_check(*text && *text != '.' && !strchr(text, '/') && strlen(text) <= 100);
    if (px_run_id_valid(text))
        fuzz_check(*text && *text != '.' && !strchr(text, '/') && strlen(text) <= 64);
}

/* A contract has an underlying that the text names, and a month; its name means what it names. */
static void check_contract(const char *text) {
    px_error err;
    px_contract contract, again;
    char name[PX_NAME_SIZE];
    if (!fuzz_accepted(px_contract_read(text, NULL, &contract, &err), &err) ||
        contract.kind == PX_CONTRACT_NONE)
        return;
    fuzz_check(*contract.underlying && strcasestr(text, contract.underlying));
    fuzz_check(contract.kind == PX_CONTRACT_CONTINUOUS || (contract.month >= 1 && contract.month <= 12));
    if (*px_contract_name(&contract, name))
        fuzz_check(!px_contract_read(name, NULL, &again, &err) && px_contract_same(&again, &contract));
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t length) {
    char *text = fuzz_text(bytes, length);
    check_encoding(text, "");
    check_encoding(text, " &+()");
    check_decoding(text);
    check_instrument(text);
    check_model(text);
    check_contract(text);
    free(text);
    return 0;
}
