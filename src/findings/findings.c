// SPDX-License-Identifier: Apache-2.0
#include "findings/findings.h"

#include <stdlib.h>
#include <string.h>
#include "base/error.h"
#include "base/json.h"
#include "base/mem.h"

static const char *const severities[] = {"info", "warning", "error"};

const px_finding_kind *px_finding_kind_at(size_t i) {
    return i < PX_N_FINDING_CODES ? &pxi_finding_table[i] : NULL;
}

const char *px_severity_name(px_severity severity) {
    return severities[severity];
}

static void free_finding(px_finding *finding) {
    free(finding->code);
    free(finding->what);
    free(finding->where);
    free(finding->effect);
    free(finding->remedy);
}

void pxi_findings_free(px_findings *findings) {
    if (!findings)
        return;
    for (size_t i = 0; i < findings->n; i++)
        free_finding(&findings->items[i]);
    free(findings->items);
    *findings = (px_findings){0};
}

/* ---- collecting --------------------------------------------------------------------------------------- */

/* Place in the table; of a code that it does not have, as of another version, behind all. */
static size_t rank_of(const char *code) {
    size_t i = 0;
    while (i < PX_N_FINDING_CODES && strcmp(pxi_finding_table[i].code, code) != 0)
        i++;
    return i;
}

/* Inserts a copy at `at`. */
static void insert(px_findings *to, size_t at, const px_finding *finding, bool *failed) {
    px_finding copy = *finding;
    const char *texts[] = {finding->code, finding->what, finding->where, finding->effect, finding->remedy};
    char **copies[] = {&copy.code, &copy.what, &copy.where, &copy.effect, &copy.remedy};
    bool short_of_memory = !pxi_grow(&to->items, &to->capacity, to->n + 1, sizeof *to->items);
    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++) {
        *copies[i] = texts[i] ? strdup(texts[i]) : NULL;
        short_of_memory |= texts[i] && !*copies[i];
    }
    if (short_of_memory) {
        free_finding(&copy);
        *failed = true;
        return;
    }
    memmove(&to->items[at + 1], &to->items[at], (to->n - at) * sizeof *to->items);
    to->items[at] = copy;
    to->n++;
}

static void put(px_findings *to, const px_finding *finding, bool *failed) {
    const size_t rank = rank_of(finding->code);
    size_t at = to->n;
    while (at > 0 && rank_of(to->items[at - 1].code) > rank)
        at--;
    insert(to, at, finding, failed);
}

/* Literals, and texts of the caller, that a finding only borrows until it is copied. */
static char *borrow(const char *text) {
    return (char *)(uintptr_t)text;
}

void pxi_findings_put(px_findings *to, px_finding_code code, int64_t count, const char *where,
                      const char *what, bool *failed) {
    const px_finding_kind *kind = &pxi_finding_table[code];
    const px_finding finding = {
        .code = borrow(kind->code),
        .severity = kind->severity,
        .what = borrow(what),
        .where = borrow(where),
        .count = count,
        .effect = borrow(kind->effect),
        .remedy = borrow(kind->remedy),
    };
    put(to, &finding, failed);
}

void pxi_findings_join(px_findings *to, const px_findings *from, bool *failed) {
    for (size_t i = 0; i < from->n; i++)
        put(to, &from->items[i], failed);
}

void pxi_finding_text(const px_finding *finding, pxi_text *out) {
    if (finding->where)
        pxi_text_printf(out, "%s: %s (%s)", finding->code, finding->what, finding->where);
    else
        pxi_text_puts(out, finding->what);
}

/* ---- accepting ---------------------------------------------------------------------------------------- */

/* The next word of "a,b", and how long it is; NULL behind the last. */
static const char *next_code(const char **list, size_t *length) {
    if (!*list)
        return NULL;
    const char *word = *list += strspn(*list, ", ");
    if (!*word)
        return NULL;
    *length = strcspn(word, ", ");
    *list += *length;
    return word;
}

static bool is_accepted(const char *accept, const char *code) {
    size_t length = 0;
    if (accept && strcmp(accept, PX_ACCEPT_ALL) == 0)
        return true;
    for (const char *word; (word = next_code(&accept, &length));)
        if (strlen(code) == length && strncmp(word, code, length) == 0)
            return true;
    return false;
}

bool pxi_findings_accepts(const char *accept, px_finding_code code) {
    return is_accepted(accept, pxi_finding_table[code].code);
}

px_status px_findings_check_codes(const char *codes, px_error *err) {
    const char *names[PX_N_FINDING_CODES];
    char code[40], hint[80];
    size_t length = 0;
    for (size_t i = 0; i < PX_N_FINDING_CODES; i++)
        names[i] = pxi_finding_table[i].code;
    for (const char *word; (word = next_code(&codes, &length));) {
        pxi_copy(code, length < sizeof code ? length + 1 : sizeof code, word);
        if (length >= sizeof code || rank_of(code) == PX_N_FINDING_CODES)
            return pxi_fail(err, PX_EINPUT, "\"%s\" is no code of a finding%s (docs/findings.md lists them)",
                            code, pxi_did_you_mean(code, names, PX_N_FINDING_CODES, hint, sizeof hint));
    }
    return PX_OK;
}

px_status pxi_findings_settle(px_findings *findings, const char *accept, const char *of, px_error *err) {
    const px_finding *first = NULL;
    pxi_text options = {0};
    for (size_t i = 0; i < findings->n; i++) {
        px_finding *finding = &findings->items[i];
        if (finding->severity != PX_SEVERITY_ERROR)
            continue;
        finding->accepted = is_accepted(accept, finding->code);
        if (!finding->accepted)
            pxi_text_printf(&options, "%s--accept %s", first ? " " : "", finding->code);
        if (!finding->accepted && !first)
            first = finding;
    }
    if (!first)
        return PX_OK;
    px_status status = pxi_fail(err, PX_EINPUT, "%s: %s: %s%s%s%s. %s %s To go on all the same: %s", of,
                                first->code, first->what, first->where ? " (" : "",
                                first->where ? first->where : "", first->where ? ")" : "", first->effect,
                                first->remedy, options.failed ? "--accept" : options.data);
    pxi_text_free(&options);
    return status;
}

/* ---- as documents ------------------------------------------------------------------------------------- */

json_t *pxi_findings_texts(const px_findings *findings) {
    bool failed = false;
    json_t *list = json_array();
    for (size_t i = 0; i < findings->n; i++) {
        pxi_text text = {0};
        pxi_finding_text(&findings->items[i], &text);
        failed |= text.failed || json_array_append_new(list, pxi_json_text(text.data)) != 0;
        pxi_text_free(&text);
    }
    return pxi_json_built(list, failed);
}

json_t *pxi_findings_json(const px_findings *findings) {
    bool failed = false;
    json_t *list = json_array();
    for (size_t i = 0; i < findings->n; i++) {
        const px_finding *finding = &findings->items[i];
        json_t *object = json_object();
        pxi_json_put(object, "code", pxi_json_text(finding->code), &failed);
        pxi_json_put(object, "severity", json_string(px_severity_name(finding->severity)), &failed);
        pxi_json_put(object, "what", pxi_json_text(finding->what), &failed);
        pxi_json_put(object, "where", pxi_json_text(finding->where), &failed);
        pxi_json_put(object, "count", json_integer(finding->count), &failed);
        pxi_json_put(object, "effect", pxi_json_text(finding->effect), &failed);
        pxi_json_put(object, "remedy", pxi_json_text(finding->remedy), &failed);
        if (finding->severity == PX_SEVERITY_ERROR)
            pxi_json_put(object, "accepted", json_boolean(finding->accepted), &failed);
        failed |= json_array_append_new(list, object) != 0;
    }
    return pxi_json_built(list, failed);
}

px_status px_findings_document(const px_findings *findings, char **out, px_error *err) {
    bool failed = false;
    json_t *document = json_object();
    pxi_json_put(document, "findings", pxi_findings_json(findings), &failed);
    pxi_json_put(document, "warnings", pxi_findings_texts(findings), &failed);
    document = pxi_json_built(document, failed);
    px_status status = document ? pxi_json_dump(document, out, err) : pxi_fail_memory(err);
    json_decref(document);
    return status;
}

static char *text_at(const json_t *object, const char *name) {
    return borrow(json_string_value(json_object_get(object, name)));
}

void pxi_findings_read(const json_t *list, px_findings *out, bool *failed) {
    for (size_t i = 0; i < json_array_size(list); i++) {
        const json_t *object = json_array_get(list, i);
        px_finding finding = {
            .code = text_at(object, "code"),
            .what = text_at(object, "what"),
            .where = text_at(object, "where"),
            .count = json_integer_value(json_object_get(object, "count")),
            .effect = text_at(object, "effect"),
            .remedy = text_at(object, "remedy"),
            .accepted = json_is_true(json_object_get(object, "accepted")),
        };
        const char *severity = text_at(object, "severity");
        for (size_t s = 0; severity && s < sizeof severities / sizeof *severities; s++)
            if (strcmp(severity, severities[s]) == 0)
                finding.severity = (px_severity)s;
        if (finding.code && finding.what)
            insert(out, out->n, &finding, failed);
    }
}
