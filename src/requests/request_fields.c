// SPDX-License-Identifier: Apache-2.0
/* What a field of the table tells. */
#include "requests/request_table.h"

#include <stdio.h>
#include <string.h>
#include <strings.h>
#include "base/error.h"
#include "base/text.h"

const px_field *px_field_at(size_t i) {
    return i < pxi_n_fields ? &pxi_fields[i] : NULL;
}

/* What follows a word of "a, b!, c d", or NULL if it is none of them. */
static const char *find_word(const char *list, const char *word) {
    const size_t length = strlen(word);
    for (; list && *list; list += strspn(list, ", ")) {
        if (!strncmp(list, word, length) && strchr(",!", list[length]))
            return list + length;
        list += strcspn(list, ",");
    }
    return NULL;
}

bool px_field_is_option(const px_field *field, const char *verb, unsigned groups) {
    return find_word(field->verbs, verb) || (field->group & groups);
}

bool px_field_is_member(const px_field *field, const char *job, bool *required) {
    const char *end = find_word(field->jobs, job);
    if (required)
        *required = end && *end == '!';
    return end != NULL;
}

char *px_field_help(const px_field *field, char buf[PX_FIELD_TEXT_SIZE]) {
    snprintf(buf, PX_FIELD_TEXT_SIZE, "%s%s%s%s%s%s", field->help ? field->help : "", field->unit ? ", " : "",
             field->unit ? field->unit : "", field->usual ? " (default: " : "",
             field->usual ? field->usual : "", field->usual ? ")" : "");
    return buf;
}

char *px_field_member(const px_field *field, char buf[PX_FIELD_NAME_SIZE]) {
    snprintf(buf, PX_FIELD_NAME_SIZE, "%s", field->member ? field->member : field->name);
    for (char *at = buf; *at; at++)
        if (*at == '-')
            *at = '_';
    return buf;
}

px_status px_field_choose(const px_field *field, const char *text, size_t *out, px_error *err) {
    enum { MOST = 12 };
    char words[200], known[240] = "", hint[100];
    const char *names[MOST];
    size_t n = 0;
    snprintf(words, sizeof words, "%s", field->choices ? field->choices : "");
    for (char *rest = NULL, *word = strtok_r(words, "|", &rest); word && n < MOST;
         word = strtok_r(NULL, "|", &rest)) {
        if (!strcasecmp(text, word)) {
            *out = n;
            return PX_OK;
        }
        size_t used = strlen(known);
        snprintf(known + used, sizeof known - used, "%s%s", n ? ", " : "", word);
        names[n++] = word;
    }
    return pxi_fail(err, PX_EINPUT, "\"%.100s\" is none of %s%s", text, known,
                    pxi_did_you_mean(text, names, n, hint, sizeof hint));
}
