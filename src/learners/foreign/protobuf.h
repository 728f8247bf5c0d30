// SPDX-License-Identifier: Apache-2.0
/* Reading Protocol Buffers' wire format in place: a message is a stretch of bytes, a field a view into it.
 * ONNX needs a dozen fields of seven messages; protobuf-c and nanopb would bring a schema of 800 lines, a
 * generator at build time and an allocation a field for that. Nothing is trusted: what is cut or of an
 * unknown wire type ends the message and marks it damaged. */
#ifndef PXI_PROTOBUF_H
#define PXI_PROTOBUF_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

typedef struct pxi_proto {
    const uint8_t *at, *end;
    bool damaged;
} pxi_proto;

typedef enum pxi_proto_wire {
    PXI_PROTO_VARINT,
    PXI_PROTO_FIXED64,
    PXI_PROTO_BYTES,
    PXI_PROTO_FIXED32 = 5,
} pxi_proto_wire;

typedef struct pxi_proto_field {
    uint32_t number;
    pxi_proto_wire wire;
    uint64_t value;  /* of a number: its bits */
    pxi_proto bytes; /* of PXI_PROTO_BYTES: a text, a message or packed numbers */
} pxi_proto_field;

/* The next field of a message; false past the last, and where it is damaged. */
bool pxi_proto_next(pxi_proto *message, pxi_proto_field *out);
/* The last field of this number, which is what counts; number 0 if there is none. */
pxi_proto_field pxi_proto_find(pxi_proto message, uint32_t number);
/* Steps through packed or single numbers of one field: call with a zeroed `packed` first. `wire` is that of
 * one number. */
bool pxi_proto_number(pxi_proto *message, pxi_proto *packed, uint32_t number, pxi_proto_wire wire,
                      uint64_t *out);

#endif
