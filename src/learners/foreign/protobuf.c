// SPDX-License-Identifier: Apache-2.0
#include "learners/foreign/protobuf.h"

static bool fail(pxi_proto *message) {
    message->damaged = true;
    message->at = message->end;
    return false;
}

/* Seven bits a byte, the lowest first. */
static bool read_varint(pxi_proto *message, uint64_t *out) {
    uint64_t value = 0;
    for (unsigned shift = 0; shift < 64 && message->at < message->end; shift += 7) {
        const uint8_t byte = *message->at++;
        value |= (uint64_t)(byte & 0x7f) << shift;
        if (!(byte & 0x80)) {
            *out = value;
            return true;
        }
    }
    return fail(message);
}

static bool read_fixed(pxi_proto *message, size_t size, uint64_t *out) {
    uint64_t value = 0;
    if ((size_t)(message->end - message->at) < size)
        return fail(message);
    for (size_t i = size; i-- > 0;)
        value = value << 8 | message->at[i];
    message->at += size;
    *out = value;
    return true;
}

static bool read_value(pxi_proto *message, pxi_proto_wire wire, uint64_t *out) {
    if (wire == PXI_PROTO_VARINT)
        return read_varint(message, out);
    return read_fixed(message, wire == PXI_PROTO_FIXED64 ? 8 : 4, out);
}

bool pxi_proto_next(pxi_proto *message, pxi_proto_field *out) {
    uint64_t tag;
    if (message->at >= message->end || !read_varint(message, &tag))
        return false;
    const unsigned wire = tag & 7;
    if (tag >> 3 == 0 || tag >> 3 > UINT32_MAX || wire == 3 || wire == 4 || wire > 5)
        return fail(message);
    pxi_proto_field field = {.number = (uint32_t)(tag >> 3), .wire = (pxi_proto_wire)wire};
    if (wire != PXI_PROTO_BYTES) {
        if (!read_value(message, field.wire, &field.value))
            return false;
    } else {
        uint64_t length;
        if (!read_varint(message, &length))
            return false;
        if (length > (uint64_t)(message->end - message->at))
            return fail(message);
        field.bytes = (pxi_proto){message->at, message->at + length, false};
        message->at += length;
    }
    *out = field;
    return true;
}

pxi_proto_field pxi_proto_find(pxi_proto message, uint32_t number) {
    pxi_proto_field field, found = {0};
    while (pxi_proto_next(&message, &field))
        if (field.number == number)
            found = field;
    return found;
}

bool pxi_proto_number(pxi_proto *message, pxi_proto *packed, uint32_t number, pxi_proto_wire wire,
                      uint64_t *out) {
    pxi_proto_field field;
    for (;;) {
        if (packed->at < packed->end) {
            if (read_value(packed, wire, out))
                return true;
            return fail(message);
        }
        if (!pxi_proto_next(message, &field))
            return false;
        if (field.number != number)
            continue;
        if (field.wire == wire) {
            *out = field.value;
            return true;
        }
        if (field.wire != PXI_PROTO_BYTES)
            return fail(message);
        *packed = field.bytes;
    }
}
