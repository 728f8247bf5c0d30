// SPDX-License-Identifier: Apache-2.0
#include "files/containers/xml.h"

#include "base/error.h"
#include "base/mem.h"

#include <expat.h>
#include <stdlib.h>
#include <string.h>

enum { BLOCK = 1 << 16 };

struct pxi_xml {
    XML_Parser parser;
    pxi_xml_handlers handlers;
    void *context;
    const char *name;
    bool has_doctype;
};

static const char *without_prefix(const char *name) {
    const char *colon = strrchr(name, ':');
    return colon ? colon + 1 : name;
}

const char *pxi_xml_attribute(const char **attributes, const char *name) {
    for (size_t i = 0; attributes[i]; i += 2)
        if (strcmp(without_prefix(attributes[i]), name) == 0)
            return attributes[i + 1];
    return NULL;
}

static void XMLCALL start(void *user, const XML_Char *name, const XML_Char **attributes) {
    pxi_xml *xml = user;
    xml->handlers.start(xml->context, without_prefix(name), attributes);
}

static void XMLCALL end(void *user, const XML_Char *name) {
    pxi_xml *xml = user;
    xml->handlers.end(xml->context, without_prefix(name));
}

static void XMLCALL text(void *user, const XML_Char *characters, int length) {
    pxi_xml *xml = user;
    xml->handlers.text(xml->context, characters, (size_t)length);
}

static void XMLCALL refuse_doctype(void *user, const XML_Char *name, const XML_Char *system_id,
                                   const XML_Char *public_id, int has_internal_subset) {
    pxi_xml *xml = user;
    (void)name;
    (void)system_id;
    (void)public_id;
    (void)has_internal_subset;
    xml->has_doctype = true;
    XML_StopParser(xml->parser, XML_FALSE);
}

px_status pxi_xml_open(const pxi_xml_handlers *handlers, void *context, const char *name, pxi_xml **out,
                       px_error *err) {
    pxi_xml *xml = pxi_new_array(1, sizeof *xml);
    if (!xml || !(xml->parser = XML_ParserCreate(NULL))) {
        free(xml);
        return pxi_fail_memory(err);
    }
    xml->handlers = *handlers;
    xml->context = context;
    xml->name = name;
    XML_SetUserData(xml->parser, xml);
    XML_SetElementHandler(xml->parser, start, end);
    XML_SetCharacterDataHandler(xml->parser, text);
    XML_SetStartDoctypeDeclHandler(xml->parser, refuse_doctype);
    *out = xml;
    return PX_OK;
}

void pxi_xml_close(pxi_xml **xml) {
    if (!xml || !*xml)
        return;
    XML_ParserFree((*xml)->parser);
    free(*xml);
    *xml = NULL;
}

px_status pxi_xml_step(pxi_xml *xml, pxi_bytes *bytes, bool *ended, px_error *err) {
    size_t got = 0;
    void *buffer = XML_GetBuffer(xml->parser, BLOCK);
    if (!buffer)
        return pxi_fail_memory(err);
    px_status status = bytes->read(bytes, buffer, BLOCK, &got, err);
    if (status)
        return status;
    *ended = got == 0;
    if (XML_ParseBuffer(xml->parser, (int)got, *ended) == XML_STATUS_OK)
        return PX_OK;
    if (xml->has_doctype)
        return pxi_fail(err, PX_EINPUT, "%s declares a document type, which no workbook does", xml->name);
    const enum XML_Error code = XML_GetErrorCode(xml->parser);
    if (code == XML_ERROR_NO_MEMORY)
        return pxi_fail_memory(err);
    return pxi_fail(err, PX_EINPUT, "%s: line %lu: damaged XML (%s)", xml->name,
                    (unsigned long)XML_GetCurrentLineNumber(xml->parser), XML_ErrorString(code));
}
