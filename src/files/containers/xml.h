// SPDX-License-Identifier: Apache-2.0
/* XML of strangers (expat): without document type declarations, so that nothing is defined, included or
 * expanded. */
#ifndef PXI_XML_H
#define PXI_XML_H

#include "files/csv/bytes.h"

/* Names come without prefixes. Attributes are pairs of name and value, ended by NULL. */
typedef struct pxi_xml_handlers {
    void (*start)(void *context, const char *element, const char **attributes);
    void (*end)(void *context, const char *element);
    void (*text)(void *context, const char *text, size_t length);
} pxi_xml_handlers;

typedef struct pxi_xml pxi_xml;

px_status pxi_xml_open(const pxi_xml_handlers *handlers, void *context, const char *name, pxi_xml **out,
                       px_error *err);
void pxi_xml_close(pxi_xml **xml); /* NULL is a no-op */
/* Reads a block of the bytes and hands over what is in it; *ended at the end. Errors: PX_EINPUT, of the
 * bytes. */
px_status pxi_xml_step(pxi_xml *xml, pxi_bytes *bytes, bool *ended, px_error *err);

/* The value of an attribute; NULL if it is not there. */
const char *pxi_xml_attribute(const char **attributes, const char *name);

#endif
