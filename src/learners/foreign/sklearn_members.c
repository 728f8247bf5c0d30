// SPDX-License-Identifier: Apache-2.0
/* Objects of a file of tools/sklearn_to_json.py: which members they have, and of which type. */
#include "learners/foreign/sklearn.h"

#include <math.h>
#include <string.h>

px_status pxi_sklearn_members(const pxi_foreign_file *file, const char *where, const json_t *object,
                              const pxi_json_member *members, size_t n, px_error *err) {
    static const char *const types[] = {
        [JSON_OBJECT] = "an object",       [JSON_ARRAY] = "an array", [JSON_STRING] = "a text",
        [JSON_INTEGER] = "a whole number", [JSON_REAL] = "a number",
    };
    size_t found = 0;
    if (!json_is_object(object))
        return pxi_foreign_fail(file, err, "%sit is no JSON object", where);
    for (size_t i = 0; i < n; i++) {
        const json_t *value = json_object_get(object, members[i].name);
        if (!value && members[i].optional)
            continue;
        if (!value)
            return pxi_foreign_fail(file, err, "%s%s is missing", where, members[i].name);
        if (members[i].type == JSON_REAL ? !json_is_number(value) : json_typeof(value) != members[i].type)
            return pxi_foreign_fail(file, err, "%s%s is not %s", where, members[i].name,
                                    types[members[i].type]);
        found++;
    }
    if (found == json_object_size(object))
        return PX_OK;
    const char *key;
    json_t *value;
    json_object_foreach((json_t *)(uintptr_t)object, key, value) {
        size_t i = 0;
        while (i < n && strcmp(key, members[i].name) != 0)
            i++;
        if (i == n)
            return pxi_foreign_fail(file, err, "%sit has an unknown member \"%.60s\"", where, key);
    }
    return PX_OK;
}

bool pxi_sklearn_number(const json_t *value, double *out) {
    *out = json_number_value(value);
    return json_is_number(value) && isfinite(*out);
}
