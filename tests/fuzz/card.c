// SPDX-License-Identifier: Apache-2.0
/* Model cards. As they are: only one whose seal is right is read. Sealed by us: whatever else a card says, or
 * leaves out, it is told apart, not trusted. */
#include "fuzz.h"

#include "models/card.h"

#include <math.h>

static px_config config;
static px_dataset data;

int LLVMFuzzerInitialize(int *argc, char ***argv);
int LLVMFuzzerInitialize(int *argc, char ***argv) {
    (void)argc, (void)argv;
    config = px_config_default();
    data.timeframe_minutes = 15;
    data.instrument = (px_instrument){.key = "NSE_EQ|AAA", .symbol = "AAA", .exchange = "NSE", .lot_size = 1};
    return 0;
}

static void use(const json_t *card) {
    char *names = NULL;
    px_error err;
    const json_t *own = pxi_card_find_instrument(card, data.instrument.key);
    fuzz_check(!own || strcmp(pxi_card_text(own, "key"), data.instrument.key) == 0);
    fuzz_check(strlen(pxi_card_model_hash(card)) < SIZE_MAX);
    fuzz_check(pxi_card_name_instruments(card, "symbol", &names, NULL) == PX_OK);
    free(names);
    if (fuzz_accepted(pxi_card_check(card, "fuzz", &data, &config, &err), &err))
        fuzz_check(strcmp(pxi_card_text(card, "timeframe"), "15m") == 0);
}

static char *seal(const json_t *card) {
    char *text = NULL;
    json_t *copy = json_deep_copy(card);
    json_object_del(copy, "card_sha256");
    fuzz_check(pxi_card_seal(copy, &text, NULL) == PX_OK);
    return text;
}

/* A card that is read says what its seal vouches for. */
static void check_seal(const uint8_t *bytes, size_t length) {
    json_t *as_written = NULL, *card = NULL, *sealed;
    px_error err;
    if (!fuzz_accepted(pxi_card_read((const char *)bytes, length, "card.json", &card, &err), &err)) {
        fuzz_check(!card);
        return;
    }
    use(card);
    fuzz_check(pxi_json_parse((const char *)bytes, length, "card", &as_written, NULL) == PX_OK);
    char *text = seal(as_written);
    fuzz_check(pxi_json_parse(text, strlen(text), "sealed", &sealed, NULL) == PX_OK);
    fuzz_check(json_equal(as_written, sealed));
    free(text);
    json_decref(as_written);
    json_decref(sealed);
    json_decref(card);
}

static void check_sealed(const uint8_t *bytes, size_t length) {
    json_t *any = NULL, *card = NULL;
    px_error err;
    if (pxi_json_parse((const char *)bytes, length, "card", &any, NULL) != PX_OK)
        return;
    if (json_is_object(any)) {
        char *text = seal(any);
        if (fuzz_accepted(pxi_card_read(text, strlen(text), "card.json", &card, &err), &err))
            use(card);
        free(text);
    }
    json_decref(card);
    json_decref(any);
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t length) {
    check_seal(bytes, length);
    check_sealed(bytes, length);
    return 0;
}
