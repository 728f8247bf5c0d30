// SPDX-License-Identifier: Apache-2.0
/* The members of a zip archive, read one by one as bytes and never written anywhere (libzip). */
#ifndef PXI_ZIP_MEMBERS_H
#define PXI_ZIP_MEMBERS_H

#include "files/csv/bytes.h"
#include "files/source.h"

typedef struct pxi_zip pxi_zip;

/* `limits` hold for what each member unfolds to, and for all together. Errors: PX_EINPUT (damaged, encrypted,
 * a link, a name that leads out of the archive), PX_ENOMEM. */
px_status pxi_zip_open_members(const char *path, const px_source_limits *limits, pxi_zip **out,
                               px_error *err);
void pxi_zip_close(pxi_zip **zip); /* NULL is a no-op */
size_t pxi_zip_n_members(const pxi_zip *zip);
/* NULL for a folder, and for what an operating system adds beside the files. */
const char *pxi_zip_name(const pxi_zip *zip, size_t member);
/* The member with this name; SIZE_MAX if there is none. */
size_t pxi_zip_find(const pxi_zip *zip, const char *name);
/* Its bytes; the archive stays open until they are closed. */
px_status pxi_zip_bytes(pxi_zip *zip, size_t member, pxi_bytes **out, px_error *err);

#endif
