// SPDX-License-Identifier: Apache-2.0
/* The functions of DuckDB that are called. */
#ifndef PXI_DUCKDB_LIBRARY_H
#define PXI_DUCKDB_LIBRARY_H

#include "base/library.h"

#define DUCKDB_API_NO_DEPRECATED
#include <duckdb.h>

/* clang-format off */
#define PXI_DUCKDB_FUNCTIONS(X) \
    X(duckdb_bind_add_result_column) X(duckdb_bind_get_extra_info) X(duckdb_bind_set_cardinality) \
    X(duckdb_close) X(duckdb_column_count) X(duckdb_column_name) X(duckdb_column_type) \
    X(duckdb_connect) X(duckdb_create_config) X(duckdb_create_logical_type) \
    X(duckdb_create_scalar_function) X(duckdb_create_table_function) \
    X(duckdb_data_chunk_get_column_count) X(duckdb_data_chunk_get_size) \
    X(duckdb_data_chunk_get_vector) X(duckdb_data_chunk_set_size) X(duckdb_destroy_config) \
    X(duckdb_destroy_data_chunk) X(duckdb_destroy_logical_type) X(duckdb_destroy_result) \
    X(duckdb_destroy_scalar_function) X(duckdb_destroy_table_function) X(duckdb_disconnect) \
    X(duckdb_fetch_chunk) X(duckdb_free) X(duckdb_function_get_extra_info) \
    X(duckdb_function_set_error) X(duckdb_init_get_extra_info) X(duckdb_init_set_max_threads) \
    X(duckdb_library_version) X(duckdb_open_ext) X(duckdb_query) X(duckdb_register_scalar_function) \
    X(duckdb_register_table_function) X(duckdb_result_error) X(duckdb_result_error_type) \
    X(duckdb_scalar_function_add_parameter) X(duckdb_scalar_function_get_extra_info) \
    X(duckdb_scalar_function_set_error) X(duckdb_scalar_function_set_extra_info) \
    X(duckdb_scalar_function_set_function) X(duckdb_scalar_function_set_name) \
    X(duckdb_scalar_function_set_return_type) X(duckdb_scalar_function_set_special_handling) \
    X(duckdb_scalar_function_set_varargs) X(duckdb_scalar_function_set_volatile) \
    X(duckdb_set_config) X(duckdb_string_t_data) \
    X(duckdb_string_t_length) X(duckdb_table_function_set_bind) \
    X(duckdb_table_function_set_extra_info) X(duckdb_table_function_set_function) \
    X(duckdb_table_function_set_init) X(duckdb_table_function_set_name) \
    X(duckdb_validity_row_is_valid) X(duckdb_validity_set_row_invalid) \
    X(duckdb_vector_assign_string_element_len) X(duckdb_vector_ensure_validity_writable) \
    X(duckdb_get_type_id) X(duckdb_vector_get_column_type) X(duckdb_vector_get_data) X(duckdb_vector_get_validity) X(duckdb_vector_size)
/* clang-format on */

extern struct pxi_library_duckdb { PXI_DUCKDB_FUNCTIONS(PXI_LIBRARY_FIELD) } pxi_library_duckdb;

#define duckdb_bind_add_result_column          pxi_library_duckdb.duckdb_bind_add_result_column
#define duckdb_bind_get_extra_info             pxi_library_duckdb.duckdb_bind_get_extra_info
#define duckdb_bind_set_cardinality            pxi_library_duckdb.duckdb_bind_set_cardinality
#define duckdb_scalar_function_set_varargs     pxi_library_duckdb.duckdb_scalar_function_set_varargs
#define duckdb_get_type_id                     pxi_library_duckdb.duckdb_get_type_id
#define duckdb_vector_get_column_type          pxi_library_duckdb.duckdb_vector_get_column_type
#define duckdb_close                           pxi_library_duckdb.duckdb_close
#define duckdb_column_count                    pxi_library_duckdb.duckdb_column_count
#define duckdb_column_name                     pxi_library_duckdb.duckdb_column_name
#define duckdb_column_type                     pxi_library_duckdb.duckdb_column_type
#define duckdb_connect                         pxi_library_duckdb.duckdb_connect
#define duckdb_create_config                   pxi_library_duckdb.duckdb_create_config
#define duckdb_create_logical_type             pxi_library_duckdb.duckdb_create_logical_type
#define duckdb_create_scalar_function          pxi_library_duckdb.duckdb_create_scalar_function
#define duckdb_create_table_function           pxi_library_duckdb.duckdb_create_table_function
#define duckdb_data_chunk_get_column_count     pxi_library_duckdb.duckdb_data_chunk_get_column_count
#define duckdb_data_chunk_get_size             pxi_library_duckdb.duckdb_data_chunk_get_size
#define duckdb_data_chunk_get_vector           pxi_library_duckdb.duckdb_data_chunk_get_vector
#define duckdb_data_chunk_set_size             pxi_library_duckdb.duckdb_data_chunk_set_size
#define duckdb_destroy_config                  pxi_library_duckdb.duckdb_destroy_config
#define duckdb_destroy_data_chunk              pxi_library_duckdb.duckdb_destroy_data_chunk
#define duckdb_destroy_logical_type            pxi_library_duckdb.duckdb_destroy_logical_type
#define duckdb_destroy_result                  pxi_library_duckdb.duckdb_destroy_result
#define duckdb_destroy_scalar_function         pxi_library_duckdb.duckdb_destroy_scalar_function
#define duckdb_destroy_table_function          pxi_library_duckdb.duckdb_destroy_table_function
#define duckdb_disconnect                      pxi_library_duckdb.duckdb_disconnect
#define duckdb_fetch_chunk                     pxi_library_duckdb.duckdb_fetch_chunk
#define duckdb_free                            pxi_library_duckdb.duckdb_free
#define duckdb_function_get_extra_info         pxi_library_duckdb.duckdb_function_get_extra_info
#define duckdb_function_set_error              pxi_library_duckdb.duckdb_function_set_error
#define duckdb_init_get_extra_info             pxi_library_duckdb.duckdb_init_get_extra_info
#define duckdb_init_set_max_threads            pxi_library_duckdb.duckdb_init_set_max_threads
#define duckdb_library_version                 pxi_library_duckdb.duckdb_library_version
#define duckdb_open_ext                        pxi_library_duckdb.duckdb_open_ext
#define duckdb_query                           pxi_library_duckdb.duckdb_query
#define duckdb_register_scalar_function        pxi_library_duckdb.duckdb_register_scalar_function
#define duckdb_register_table_function         pxi_library_duckdb.duckdb_register_table_function
#define duckdb_result_error                    pxi_library_duckdb.duckdb_result_error
#define duckdb_result_error_type               pxi_library_duckdb.duckdb_result_error_type
#define duckdb_scalar_function_add_parameter   pxi_library_duckdb.duckdb_scalar_function_add_parameter
#define duckdb_scalar_function_get_extra_info  pxi_library_duckdb.duckdb_scalar_function_get_extra_info
#define duckdb_scalar_function_set_error       pxi_library_duckdb.duckdb_scalar_function_set_error
#define duckdb_scalar_function_set_extra_info  pxi_library_duckdb.duckdb_scalar_function_set_extra_info
#define duckdb_scalar_function_set_function    pxi_library_duckdb.duckdb_scalar_function_set_function
#define duckdb_scalar_function_set_name        pxi_library_duckdb.duckdb_scalar_function_set_name
#define duckdb_scalar_function_set_return_type pxi_library_duckdb.duckdb_scalar_function_set_return_type
#define duckdb_scalar_function_set_special_handling                                                          \
    pxi_library_duckdb.duckdb_scalar_function_set_special_handling
#define duckdb_scalar_function_set_volatile     pxi_library_duckdb.duckdb_scalar_function_set_volatile
#define duckdb_set_config                       pxi_library_duckdb.duckdb_set_config
#define duckdb_string_t_data                    pxi_library_duckdb.duckdb_string_t_data
#define duckdb_string_t_length                  pxi_library_duckdb.duckdb_string_t_length
#define duckdb_table_function_set_bind          pxi_library_duckdb.duckdb_table_function_set_bind
#define duckdb_table_function_set_extra_info    pxi_library_duckdb.duckdb_table_function_set_extra_info
#define duckdb_table_function_set_function      pxi_library_duckdb.duckdb_table_function_set_function
#define duckdb_table_function_set_init          pxi_library_duckdb.duckdb_table_function_set_init
#define duckdb_table_function_set_name          pxi_library_duckdb.duckdb_table_function_set_name
#define duckdb_validity_row_is_valid            pxi_library_duckdb.duckdb_validity_row_is_valid
#define duckdb_validity_set_row_invalid         pxi_library_duckdb.duckdb_validity_set_row_invalid
#define duckdb_vector_assign_string_element_len pxi_library_duckdb.duckdb_vector_assign_string_element_len
#define duckdb_vector_ensure_validity_writable  pxi_library_duckdb.duckdb_vector_ensure_validity_writable
#define duckdb_vector_get_data                  pxi_library_duckdb.duckdb_vector_get_data
#define duckdb_vector_get_validity              pxi_library_duckdb.duckdb_vector_get_validity
#define duckdb_vector_size                      pxi_library_duckdb.duckdb_vector_size

#endif
