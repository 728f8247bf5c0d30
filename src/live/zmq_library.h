// SPDX-License-Identifier: Apache-2.0
/* The functions of ZeroMQ that are called. */
#ifndef PXI_ZMQ_LIBRARY_H
#define PXI_ZMQ_LIBRARY_H

#include "base/library.h"

#include <zmq.h>

/* clang-format off */
#define PXI_ZMQ_FUNCTIONS(X) \
    X(zmq_bind) X(zmq_close) X(zmq_ctx_new) X(zmq_ctx_term) X(zmq_errno) X(zmq_msg_close) \
    X(zmq_msg_data) X(zmq_msg_init) X(zmq_msg_recv) X(zmq_msg_size) X(zmq_poll) X(zmq_setsockopt) \
    X(zmq_socket) X(zmq_strerror)
/* clang-format on */

extern struct pxi_library_zmq { PXI_ZMQ_FUNCTIONS(PXI_LIBRARY_FIELD) } pxi_library_zmq;

#define zmq_bind       pxi_library_zmq.zmq_bind
#define zmq_close      pxi_library_zmq.zmq_close
#define zmq_ctx_new    pxi_library_zmq.zmq_ctx_new
#define zmq_ctx_term   pxi_library_zmq.zmq_ctx_term
#define zmq_errno      pxi_library_zmq.zmq_errno
#define zmq_msg_close  pxi_library_zmq.zmq_msg_close
#define zmq_msg_data   pxi_library_zmq.zmq_msg_data
#define zmq_msg_init   pxi_library_zmq.zmq_msg_init
#define zmq_msg_recv   pxi_library_zmq.zmq_msg_recv
#define zmq_msg_size   pxi_library_zmq.zmq_msg_size
#define zmq_poll       pxi_library_zmq.zmq_poll
#define zmq_setsockopt pxi_library_zmq.zmq_setsockopt
#define zmq_socket     pxi_library_zmq.zmq_socket
#define zmq_strerror   pxi_library_zmq.zmq_strerror

#endif
