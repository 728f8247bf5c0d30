// SPDX-License-Identifier: Apache-2.0
/* Operators of ONNX graphs, each read into what a member does. */
#ifndef PXI_ONNX_H
#define PXI_ONNX_H

#include "learners/foreign/committee.h"
#include "learners/foreign/protobuf.h"

bool pxi_onnx_is(pxi_proto text, const char *what);

/* A node (NodeProto) with n_columns inputs. Errors: PX_EINPUT with what is not taken. */
px_status pxi_onnx_scaler(const pxi_foreign_file *file, pxi_proto node, size_t n_columns, pxi_member *member,
                          px_error *err);
px_status pxi_onnx_imputer(const pxi_foreign_file *file, pxi_proto node, size_t n_columns, pxi_member *member,
                           px_error *err);
px_status pxi_onnx_trees(const pxi_foreign_file *file, pxi_proto node, size_t n_columns, pxi_member *member,
                         px_error *err);
px_status pxi_onnx_linear(const pxi_foreign_file *file, pxi_proto node, size_t n_columns, pxi_member *member,
                          px_error *err);

#endif
