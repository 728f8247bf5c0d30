// SPDX-License-Identifier: Apache-2.0
/* What kind of file a file is: by its first bytes, which a name may contradict but not change. */
#include "base/error.h"
#include "files/containers/containers.h"
#include "files/containers/zip_members.h"
#include "files/csv/bytes.h"

#include <string.h>
#include <strings.h>

static const char *const names[PXI_N_FILE_KINDS] = {
    [PXI_FILE_CSV] = "a table of text",       [PXI_FILE_JSON] = "JSON",
    [PXI_FILE_PARQUET] = "a Parquet file",    [PXI_FILE_DUCKDB] = "a DuckDB file",
    [PXI_FILE_SQLITE] = "an SQLite database", [PXI_FILE_XLSX] = "an Excel workbook",
    [PXI_FILE_ARROW] = "an Arrow file",       [PXI_FILE_ZIP] = "a zip archive",
};

const char *pxi_file_kind_name(pxi_file_kind kind) {
    return names[kind];
}

/* ---- first bytes --------------------------------------------------------------------------------------- */

typedef struct magic {
    const char *bytes;
    size_t length, at;
} magic;
#define MAGIC(text, place)                                                                                   \
    { text, sizeof(text) - 1, place }

static bool has(const unsigned char *head, size_t n, magic m) {
    return n >= m.at + m.length && memcmp(head + m.at, m.bytes, m.length) == 0;
}

static const struct {
    magic magic;
    pxi_file_kind kind;
} read_by[] = {
    {MAGIC("PAR1", 0), PXI_FILE_PARQUET},
    {MAGIC("DUCK", 8), PXI_FILE_DUCKDB},
    {MAGIC("SQLite format 3\0", 0), PXI_FILE_SQLITE},
    {MAGIC("ARROW1", 0), PXI_FILE_ARROW},
    {MAGIC("\xff\xff\xff\xff", 0), PXI_FILE_ARROW}, /* a stream of it */
    {MAGIC("PK\x03\x04", 0), PXI_FILE_ZIP},
    {MAGIC("PK\x05\x06", 0), PXI_FILE_ZIP}, /* an empty one */
};

/* What is known and not read, and the way out. */
static const char to_parquet[] = "write the table with pandas' to_parquet or to_csv and import that";
static const char to_unpack[] = "unpack it and import what is in it, or pack it with gzip, zstd or zip";
static const struct {
    magic magic;
    const char *what, *instead;
} refused[] = {
    {MAGIC("PARE", 0), "a Parquet file with an encrypted footer",
     "write it without encryption and import that"},
    {MAGIC("FEA1", 0), "a Feather file of version 1",
     "write it with to_feather(..., version=2) and import that"},
    {MAGIC("ORC", 0), "an ORC file",
     "read it with pandas.read_orc, write it with to_parquet and import that"},
    {MAGIC("\x89HDF\r\n\x1a\n", 0), "an HDF5 file",
     "read it with pandas.read_hdf, write it with to_parquet and import that"},
    {MAGIC("\x93NUMPY", 0), "a NumPy array", to_parquet},
    {MAGIC("\x80\x02", 0), "a Python pickle", to_parquet},
    {MAGIC("\x80\x03", 0), "a Python pickle", to_parquet},
    {MAGIC("\x80\x04", 0), "a Python pickle", to_parquet},
    {MAGIC("\x80\x05", 0), "a Python pickle", to_parquet},
    {MAGIC("Obj\x01", 0), "an Avro file", to_parquet},
    {MAGIC("\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", 0), "an old Excel workbook (.xls), or an encrypted one",
     "save it as .xlsx without a password, or as CSV, and import that"},
    {MAGIC("Rar!\x1a\x07", 0), "a RAR archive", to_unpack},
    {MAGIC("7z\xbc\xaf\x27\x1c", 0), "a 7-Zip archive", to_unpack},
    {MAGIC("\xfd"
           "7zXZ\0",
           0),
     "compressed by xz", to_unpack},
    {MAGIC("BZh", 0), "compressed by bzip2", to_unpack},
    {MAGIC("\x04\x22\x4d\x18", 0), "compressed by lz4", to_unpack},
    {MAGIC("\x5d\0\0", 0), "compressed by LZMA (a .bi5 file of Dukascopy?)", to_unpack},
    {MAGIC("ustar", 257), "a tar archive", to_unpack},
    {MAGIC("MATLAB 5.0", 0), "a MATLAB file", to_parquet},
    {MAGIC("RDX", 0), "an R data file", to_parquet},
    {MAGIC("%PDF", 0), "a PDF document", "import the table itself, as CSV"},
    {MAGIC("\x91\x01\0\0", 0), "a history file of MetaTrader 4 (.hst)",
     "export the history as CSV there and import that"},
    {MAGIC("\x89PNG", 0), "a picture", "import the table itself, as CSV"},
};

static px_status refuse(const char *name, const char *what, const char *instead, px_error *err) {
    return pxi_fail(
        err, PX_EINPUT,
        "%s is %s, which is not read: %s. Read are tables of text, JSON, Excel workbooks, Parquet, "
        "Arrow, SQLite and DuckDB files, and text and JSON under gzip and zstd, all in zip archives",
        name, what, instead);
}

/* "{" or "[" begins JSON, "<" a page or another document. */
static px_status kind_of_text(const unsigned char *head, size_t n, const char *name, pxi_file_kind *out,
                              px_error *err) {
    size_t at = has(head, n, (magic)MAGIC("\xef\xbb\xbf", 0)) ? 3 : 0;
    while (at < n && strchr(" \t\r\n", head[at]) && head[at])
        at++;
    *out = PXI_FILE_CSV;
    if (at == n)
        return PX_OK;
    if (head[at] == '[' || head[at] == '{')
        *out = PXI_FILE_JSON;
    const char *word = (const char *)head + at;
    const size_t left = n - at;
    if (left > 5 && (strncasecmp(word, "<!doc", 5) == 0 || strncasecmp(word, "<html", 5) == 0))
        return refuse(name, "a web page (an error or a log-in instead of data?)", "download the file anew",
                      err);
    if (left > 5 && strncasecmp(word, "<?xml", 5) == 0)
        return refuse(name, "XML", "save the table as CSV and import that", err);
    return PX_OK;
}

px_status pxi_kind_of_bytes(const unsigned char *head, size_t n, const char *name, pxi_file_kind *out,
                            px_error *err) {
    for (size_t i = 0; i < sizeof read_by / sizeof *read_by; i++)
        if (has(head, n, read_by[i].magic)) {
            *out = read_by[i].kind;
            return PX_OK;
        }
    for (size_t i = 0; i < sizeof refused / sizeof *refused; i++)
        if (has(head, n, refused[i].magic))
            return refuse(name, refused[i].what, refused[i].instead, err);
    return kind_of_text(head, n, name, out, err);
}

/* ---- files --------------------------------------------------------------------------------------------- */

static bool ends_with(const char *path, const char *ending) {
    size_t length = strlen(path), cut = strlen(ending);
    return length > cut && strcasecmp(path + length - cut, ending) == 0;
}

/* A name that promises what the file is not: damaged, or something else that took its place. */
static px_status check_name(const char *path, pxi_file_kind kind, px_error *err) {
    static const struct {
        const char *ending, *what;
    } promises[] = {
        {".parquet", "Parquet file"}, {".pq", "Parquet file"},    {".duckdb", "DuckDB file"},
        {".xlsx", "Excel workbook"},  {".feather", "Arrow file"}, {".arrow", "Arrow file"},
        {".sqlite", "SQLite file"},   {".zip", "zip archive"},
    };
    for (size_t i = 0; kind == PXI_FILE_CSV && i < sizeof promises / sizeof *promises; i++)
        if (ends_with(path, promises[i].ending))
            return pxi_fail(err, PX_EINPUT, "%s is no %s, though its name says so", path, promises[i].what);
    return PX_OK;
}

/* Zip archives are told apart by what is in them. */
static px_status look_into_zip(const char *path, const char *name, pxi_file_kind *out, px_error *err) {
    const px_source_limits limits = {0};
    pxi_zip *zip = NULL;
    px_status status = pxi_zip_open_members(path, &limits, &zip, err);
    if (status)
        return status;
    if (pxi_zip_find(zip, "xl/workbook.xml") != SIZE_MAX)
        *out = PXI_FILE_XLSX;
    else if (pxi_zip_find(zip, "xl/workbook.bin") != SIZE_MAX)
        status =
            refuse(name, "a binary Excel workbook (.xlsb)", "save it as .xlsx or CSV and import that", err);
    else if (pxi_zip_find(zip, "META-INF/manifest.xml") != SIZE_MAX &&
             pxi_zip_find(zip, "content.xml") != SIZE_MAX)
        status = refuse(name, "an OpenDocument sheet (.ods)", "save it as .xlsx or CSV and import that", err);
    else if (pxi_zip_n_members(zip) && pxi_zip_name(zip, 0) && ends_with(pxi_zip_name(zip, 0), ".npy"))
        status = refuse(name, "an archive of NumPy arrays (.npz)", to_parquet, err);
    pxi_zip_close(&zip);
    return status;
}

static px_status read_head(const char *path, unsigned char *head, size_t *n, px_error *err) {
    pxi_bytes *bytes = NULL;
    size_t got = 1;
    px_status status = pxi_bytes_open(path, &bytes, err);
    *n = 0;
    while (!status && got && *n < PXI_HEAD_SIZE) {
        status = bytes->read(bytes, head + *n, PXI_HEAD_SIZE - *n, &got, err);
        *n += status ? 0 : got;
    }
    pxi_bytes_close(&bytes);
    return status;
}

px_status pxi_file_kind_of(const char *path, const char *name, pxi_file_kind *out, px_error *err) {
    unsigned char head[PXI_HEAD_SIZE];
    size_t n = 0;
    px_status status = read_head(path, head, &n, err);
    if (!status)
        status = pxi_kind_of_bytes(head, n, name, out, err);
    if (!status)
        status = check_name(name, *out, err);
    if (!status && *out == PXI_FILE_ZIP)
        status = look_into_zip(path, name, out, err);
    return status;
}
