// SPDX-License-Identifier: Apache-2.0
/* Collecting what is wrong with a result. */
#ifndef PXI_FINDINGS_H
#define PXI_FINDINGS_H

#include <jansson.h>
#include "base/text.h"
#include "pixity/findings.h"

void pxi_findings_free(px_findings *findings); /* zeroes; NULL is fine */
extern const px_finding_kind pxi_finding_table[PX_N_FINDING_CODES];

/* Puts one in its place by the order of the table, behind those of its code. `where` may be NULL. What does
 * not fit into memory sets *failed, as below. */
void pxi_findings_put(px_findings *to, px_finding_code code, int64_t count, const char *where,
                      const char *what, bool *failed);
/* Puts those of another result. */
void pxi_findings_join(px_findings *to, const px_findings *from, bool *failed);
/* "bad_price: what (where)", one that has no place without its code. */
void pxi_finding_text(const px_finding *finding, pxi_text *out);
/* Marks the errors that are named in `accept` ("bad_price,split", NULL = none). Errors: PX_EINPUT that tells
 * the first of the others, what it does and what to do. `of` names the bars. */
bool pxi_findings_accepts(const char *accept, px_finding_code code);
px_status pxi_findings_settle(px_findings *findings, const char *accept, const char *of, px_error *err);
/* Their texts, in their order; NULL when out of memory, as the next. */
json_t *pxi_findings_texts(const px_findings *findings);
/* [{"code", "severity", ...}] */
json_t *pxi_findings_json(const px_findings *findings);
/* Those of such a list, in its order; what is no finding is passed over. */
void pxi_findings_read(const json_t *list, px_findings *out, bool *failed);

#endif
