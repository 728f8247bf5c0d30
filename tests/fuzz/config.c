// SPDX-License-Identifier: Apache-2.0
/* Configuration files, and settings as in --set: one that is read, written and read again is the same. */
#include "fuzz.h"

#include "pixity/config.h"

static char *to_json(const px_config *config) {
    char *json = NULL;
    fuzz_check(px_config_to_json(config, &json, NULL) == PX_OK);
    return json;
}

static void check_round_trip(const px_config *config) {
    char *json = to_json(config);
    px_config again = px_config_default();
    px_error err;
    fuzz_check(fuzz_accepted(px_config_read(&again, json, strlen(json), "again", &err), &err));
    char *same = to_json(&again);
    fuzz_check(strcmp(json, same) == 0);
    free(json);
    free(same);
}

static void check_file(const uint8_t *bytes, size_t length) {
    const px_config untouched = px_config_default();
    px_config config = untouched;
    px_error err;
    if (fuzz_accepted(px_config_read(&config, (const char *)bytes, length, "config.json", &err), &err))
        check_round_trip(&config);
    else
        fuzz_check(memcmp(&config, &untouched, sizeof config) == 0);
}

/* Lines of key=value, each a setting over the ones before. */
static void check_settings(const uint8_t *bytes, size_t length) {
    px_config config = px_config_default();
    bool changed = false;
    char *text = fuzz_text(bytes, length), *rest = text;
    for (char *line; (line = strsep(&rest, "\n"));) {
        char *value = strchr(line, '='), shown[1024];
        px_error err;
        if (!value)
            continue;
        *value++ = '\0';
        if (!fuzz_accepted(px_config_set(&config, line, value, &err), &err))
            continue;
        fuzz_check(px_config_get(&config, line, shown, sizeof shown, NULL) == PX_OK);
        changed = true;
    }
    if (changed)
        check_round_trip(&config);
    free(text);
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t length) {
    check_file(bytes, length);
    check_settings(bytes, length);
    return 0;
}
