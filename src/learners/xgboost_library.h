// SPDX-License-Identifier: Apache-2.0
/* The functions of XGBoost that are called. */
#ifndef PXI_XGBOOST_LIBRARY_H
#define PXI_XGBOOST_LIBRARY_H

#include "base/library.h"

#include <xgboost/c_api.h>

/* clang-format off */
#define PXI_XGBOOST_FUNCTIONS(X) \
    X(XGBGetLastError) X(XGBSetGlobalConfig) X(XGBoostVersion) X(XGBoosterBoostOneIter) X(XGBoosterCreate) \
    X(XGBoosterFree) X(XGBoosterSaveModelToBuffer) X(XGBoosterSetParam) X(XGBoosterUpdateOneIter) \
    X(XGDMatrixCreateFromMat_omp) X(XGDMatrixFree) X(XGDMatrixSetFloatInfo)
/* clang-format on */

extern struct pxi_library_xgboost { PXI_XGBOOST_FUNCTIONS(PXI_LIBRARY_FIELD) } pxi_library_xgboost;

#define XGBGetLastError            pxi_library_xgboost.XGBGetLastError
#define XGBSetGlobalConfig         pxi_library_xgboost.XGBSetGlobalConfig
#define XGBoostVersion             pxi_library_xgboost.XGBoostVersion
#define XGBoosterBoostOneIter      pxi_library_xgboost.XGBoosterBoostOneIter
#define XGBoosterCreate            pxi_library_xgboost.XGBoosterCreate
#define XGBoosterFree              pxi_library_xgboost.XGBoosterFree
#define XGBoosterSaveModelToBuffer pxi_library_xgboost.XGBoosterSaveModelToBuffer
#define XGBoosterSetParam          pxi_library_xgboost.XGBoosterSetParam
#define XGBoosterUpdateOneIter     pxi_library_xgboost.XGBoosterUpdateOneIter
#define XGDMatrixCreateFromMat_omp pxi_library_xgboost.XGDMatrixCreateFromMat_omp
#define XGDMatrixFree              pxi_library_xgboost.XGDMatrixFree
#define XGDMatrixSetFloatInfo      pxi_library_xgboost.XGDMatrixSetFloatInfo

#endif
