// SPDX-License-Identifier: Apache-2.0
/* What is known to be wrong with a result, above its numbers, in the same words for every result. */
#include "cli/frame/cli.h"

#include <stdio.h>
#include <string.h>

enum { NOTES_SHOWN = 3 };

/* As many as there are notes of one code on end: of the rolls of years the first ones are shown. */
typedef struct notes {
    char code[40];
    size_t n;
    const char *first_hidden; /* one more is no longer than the line that counts it */
} notes;

static void end_notes(notes *alike) {
    if (alike->n == NOTES_SHOWN + 1)
        printf("NOTE      %s\n", alike->first_hidden);
    else if (alike->n > NOTES_SHOWN)
        printf("NOTE      %s: %zu more, which --json has\n", alike->code, alike->n - NOTES_SHOWN);
    alike->n = 0;
}

static const char *word_of(px_severity severity) {
    static const char *const words[] = {
        [PX_SEVERITY_INFO] = "NOTE", [PX_SEVERITY_WARNING] = "WARNING", [PX_SEVERITY_ERROR] = "ACCEPTED"};
    return words[severity];
}

static void print_warning(px_severity severity, const char *code, const char *text, notes *alike) {
    if (alike->n && (severity != PX_SEVERITY_INFO || strcmp(alike->code, code) != 0))
        end_notes(alike);
    if (severity == PX_SEVERITY_INFO) {
        snprintf(alike->code, sizeof alike->code, "%s", code);
        if (alike->n++ == NOTES_SHOWN)
            alike->first_hidden = text;
    }
    if (severity != PX_SEVERITY_INFO || alike->n <= NOTES_SHOWN)
        printf("%-9s %s\n", word_of(severity), text);
}

void cli_print_warnings(const px_findings *findings, const char *const *texts, size_t n) {
    const bool paired = findings->n == n;
    notes alike = {0};
    for (size_t i = 0; i < n; i++)
        print_warning(paired ? findings->items[i].severity : PX_SEVERITY_WARNING,
                      paired ? findings->items[i].code : "", texts[i], &alike);
    end_notes(&alike);
    if (n)
        putchar('\n');
}

static px_severity severity_of(json_t *finding) {
    if (!finding)
        return PX_SEVERITY_WARNING;
    const char *name = cli_text_at(finding, "severity");
    px_severity severity = PX_SEVERITY_ERROR;
    while (severity > PX_SEVERITY_INFO && strcmp(px_severity_name(severity), name) != 0)
        severity--;
    return severity;
}

const char *cli_warning_word(json_t *finding) {
    return word_of(severity_of(finding));
}

void cli_print_document_warnings(json_t *document) {
    json_t *findings = json_object_get(document, "findings"), *texts = json_object_get(document, "warnings");
    notes alike = {0};
    for (size_t i = 0; i < json_array_size(texts); i++) {
        json_t *finding = json_array_get(findings, i);
        print_warning(severity_of(finding), cli_text_at(finding, "code"),
                      json_string_value(json_array_get(texts, i)), &alike);
    }
    end_notes(&alike);
    if (json_array_size(texts))
        putchar('\n');
}
