// SPDX-License-Identifier: Apache-2.0
/* What a card says, member by member. */
#include "models/card.h"

#include "base/text.h"

#include <string.h>

const json_t *pxi_card_get(const json_t *card, const char *path) {
    while (card && *path) {
        size_t length = strcspn(path, "/");
        card = json_object_getn(card, path, length);
        path += length + (path[length] == '/');
    }
    return card;
}

const char *pxi_card_text(const json_t *card, const char *path) {
    const char *text = json_string_value(pxi_card_get(card, path));
    return text ? text : "";
}

const char *pxi_card_model_hash(const json_t *card) {
    return pxi_card_text(card, "model_file/sha256");
}

int pxi_card_version(const json_t *card) {
    return (int)json_integer_value(pxi_card_get(card, "format_version"));
}

/* ---- instruments -------------------------------------------------------------------------------------- */

size_t pxi_card_count_instruments(const json_t *card) {
    return json_array_size(pxi_card_get(card, "instruments"));
}

const json_t *pxi_card_instrument(const json_t *card, size_t i) {
    return json_array_get(pxi_card_get(card, "instruments"), i);
}

const json_t *pxi_card_find_instrument(const json_t *card, const char *key) {
    for (size_t i = 0; i < pxi_card_count_instruments(card); i++)
        if (strcmp(pxi_card_text(pxi_card_instrument(card, i), "key"), key) == 0)
            return pxi_card_instrument(card, i);
    return NULL;
}

px_status pxi_card_name_instruments(const json_t *card, const char *path, char **out, px_error *err) {
    const size_t n = pxi_card_count_instruments(card), n_named = n > 4 ? 3 : n;
    pxi_text text = {0};
    for (size_t i = 0; i < n_named; i++)
        pxi_text_printf(&text, "%s%s", i ? ", " : "", pxi_card_text(pxi_card_instrument(card, i), path));
    if (n_named < n)
        pxi_text_printf(&text, " and %zu more", n - n_named);
    return pxi_text_take(&text, out, err);
}
