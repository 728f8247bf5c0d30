// SPDX-License-Identifier: Apache-2.0
/* What a file is, told by its bytes. Pickles are never opened: loading one runs the code that it holds. */
#include "learners/foreign/foreign.h"

#include "base/error.h"
#include "base/text.h"

#include <stdlib.h>
#include <string.h>

static const pxi_foreign_format *const formats[] = {
    &pxi_xgboost_format,
    &pxi_lightgbm_format,
    &pxi_sklearn_format,
    &pxi_onnx_format,
};
enum { N_FORMATS = sizeof formats / sizeof *formats };

/* ---- what cannot be brought in ------------------------------------------------------------------------ */

/* A file that is known by its first bytes. */
typedef struct other_kind {
    const char *bytes;
    size_t length;
    const char *what;
} other_kind;
#define STARTS(text) text, sizeof(text) - 1
static const char pickle[] = "a Python pickle, which runs code when it is loaded: write the model with "
                             "tools/sklearn_to_json.py, or with its own library's save_model";
static const char compressed[] = "a compressed file (joblib compresses pickles so): write the model with "
                                 "tools/sklearn_to_json.py, or with its own library's save_model";
static const other_kind other_kinds[] = {
    {STARTS("\x80\x02"), pickle},
    {STARTS("\x80\x03"), pickle},
    {STARTS("\x80\x04"), pickle},
    {STARTS("\x80\x05"), pickle},
    {STARTS("\x78\x9c"), compressed},
    {STARTS("\x78\x01"), compressed},
    {STARTS("\x78\xda"), compressed},
    {STARTS("\x78\x5e"), compressed},
    {STARTS("\x1f\x8b"), compressed},
    {STARTS("\x28\xb5\x2f\xfd"), compressed},
    {STARTS("BZh"), compressed},
    {STARTS("\xfd"
            "7zXZ"),
     compressed},
    {STARTS("\x04\x22\x4d\x18"), compressed},
    {STARTS("PK\x03\x04"), "a zip archive (PyTorch, Keras and skops write those), or a NumPy .npz"},
    {STARTS("\x89HDF"), "an HDF5 file, as Keras wrote its networks"},
    {STARTS("CBM1"), "a model of CatBoost"},
    {STARTS("binf"), "a binary model of XGBoost as of before 1.0: load it in its library and save it as .ubj "
                     "or .json"},
    {STARTS("TFL3"), "a network of TensorFlow Lite"},
    {STARTS("PAR1"), "a Parquet file: data, no model"},
    {STARTS("\x93NUMPY"), "a NumPy array: data, no model"},
    {STARTS("booster[0]:"),
     "XGBoost's dump for people, whose numbers are rounded: save_model writes the model"},
    {STARTS("<?xml"), "XML (PMML is such)"},
    {STARTS("<PMML"), "PMML"},
};

/* JSON that is known by a member at its top. */
static const struct {
    const char *member, *what;
} other_documents[] = {
    {"tree_info", "LightGBM's dump_model: its save_model writes the text that is brought in"},
    {"oblivious_trees", "a model of CatBoost in JSON"},
    {"features_info", "a model of CatBoost in JSON"},
    {"model_config", "a network of Keras"},
    {"format", "a JSON file of another format"},
};

static const char *name_other(const pxi_foreign_file *file) {
    for (size_t i = 0; i < sizeof other_kinds / sizeof *other_kinds; i++)
        if (file->length >= other_kinds[i].length &&
            memcmp(file->bytes, other_kinds[i].bytes, other_kinds[i].length) == 0)
            return other_kinds[i].what;
    for (size_t i = 0; file->document && i < sizeof other_documents / sizeof *other_documents; i++)
        if (json_object_get(file->document, other_documents[i].member))
            return other_documents[i].what;
    if (json_is_array(file->document))
        return json_object_get(json_array_get(file->document, 0), "nodeid")
                   ? "XGBoost's dump for people, whose numbers are rounded: save_model writes the model"
                   : "a JSON array";
    if (file->document)
        return "JSON, but no model that is known";
    return file->length == 0 ? "empty" : "no model that is known";
}

static px_status refuse(const pxi_foreign_file *file, px_error *err) {
    pxi_text taken = {0};
    for (size_t i = 0; i < N_FORMATS; i++)
        pxi_text_printf(&taken, "%s%s", i ? "; " : "", formats[i]->taken);
    px_status status = pxi_foreign_fail(file, err, "this is %s. Taken are: %s", name_other(file),
                                        taken.data ? taken.data : "");
    pxi_text_free(&taken);
    return status;
}

/* ---- what can ----------------------------------------------------------------------------------------- */

px_status pxi_foreign_read(const char *bytes, size_t length, const char *origin, const char *inputs,
                           pxi_foreign *out, px_error *err) {
    pxi_foreign_file file = {bytes, length, origin, inputs, NULL, NULL};
    json_t *document = NULL;
    if ((long)length > PXI_FOREIGN_MOST_BYTES)
        return pxi_foreign_fail(&file, err, "it has more than %ld MiB", PXI_FOREIGN_MOST_BYTES >> 20);
    px_status status = pxi_foreign_parse(bytes, length, origin, &document, err);
    if (status)
        return status;
    file.document = document;
    const pxi_foreign_format *format = NULL;
    for (size_t i = 0; i < N_FORMATS && !format; i++)
        if (formats[i]->recognise(&file))
            format = formats[i];
    pxi_foreign made = {0};
    status = format ? format->read(&file, &made, err) : refuse(&file, err);
    json_decref(document);
    if (status)
        pxi_foreign_free(&made);
    else
        *out = made;
    return status;
}

px_status px_model_file_read(const char *bytes, size_t length, const char *origin, const char *inputs,
                             px_predictor **out, px_error *err) {
    pxi_foreign read = {0};
    px_status status = pxi_foreign_read(bytes, length, origin, inputs, &read, err);
    if (!status) {
        *out = read.predictor;
        read.predictor = NULL;
    }
    pxi_foreign_free(&read);
    return status;
}
