// SPDX-License-Identifier: Apache-2.0
/* The functions of libmicrohttpd that are called. */
#ifndef HTTP_LIBRARY_H
#define HTTP_LIBRARY_H

#include "base/library.h"

#include <microhttpd.h>

/* clang-format off */
#define PXI_HTTP_FUNCTIONS(X) \
    X(MHD_add_response_header) X(MHD_create_response_from_buffer) \
    X(MHD_create_response_from_buffer_with_free_callback_cls) X(MHD_create_response_from_callback) \
    X(MHD_create_response_from_fd64) X(MHD_destroy_response) X(MHD_get_connection_info) \
    X(MHD_get_connection_values) X(MHD_get_version) X(MHD_lookup_connection_value) \
    X(MHD_queue_response) X(MHD_quiesce_daemon) X(MHD_set_connection_option) X(MHD_start_daemon) \
    X(MHD_stop_daemon)
/* clang-format on */

extern struct pxi_library_http { PXI_HTTP_FUNCTIONS(PXI_LIBRARY_FIELD) } pxi_library_http;

#define MHD_add_response_header         pxi_library_http.MHD_add_response_header
#define MHD_create_response_from_buffer pxi_library_http.MHD_create_response_from_buffer
#define MHD_create_response_from_buffer_with_free_callback_cls                                               \
    pxi_library_http.MHD_create_response_from_buffer_with_free_callback_cls
#define MHD_create_response_from_callback pxi_library_http.MHD_create_response_from_callback
#define MHD_create_response_from_fd64     pxi_library_http.MHD_create_response_from_fd64
#define MHD_destroy_response              pxi_library_http.MHD_destroy_response
#define MHD_get_connection_info           pxi_library_http.MHD_get_connection_info
#define MHD_get_connection_values         pxi_library_http.MHD_get_connection_values
#define MHD_get_version                   pxi_library_http.MHD_get_version
#define MHD_lookup_connection_value       pxi_library_http.MHD_lookup_connection_value
#define MHD_queue_response                pxi_library_http.MHD_queue_response
#define MHD_quiesce_daemon                pxi_library_http.MHD_quiesce_daemon
#define MHD_set_connection_option         pxi_library_http.MHD_set_connection_option
#define MHD_start_daemon                  pxi_library_http.MHD_start_daemon
#define MHD_stop_daemon                   pxi_library_http.MHD_stop_daemon

#endif
