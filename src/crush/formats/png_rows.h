/*
 * The rows of a PNG faster than libpng reads them: the picture data are inflated by igzip and unfiltered here. For rows
 * that come one after the other; whatever is odd is left to libpng, which can take over at any row.
 */
#ifndef PICLOG_CRUSH_FORMATS_PNG_ROWS_H
#define PICLOG_CRUSH_FORMATS_PNG_ROWS_H

#include "crush/formats/png_chunks.h"

struct png_rows;

/* What it takes of memory. */
uint64_t png_rows_bytes(size_t row_bytes);

/*
 * source: where libpng stands behind the header of the first chunk of picture data; it is not moved. row_bytes: of the
 * longest row, without its filter; pixel_bytes: 1 to 8. NULL: not here, since this build or processor has no igzip, the
 * data do not begin as they should, or memory ran out. Close it.
 */
struct png_rows *png_rows_open(const struct png_source *source, size_t row_bytes, int pixel_bytes);

/* A picture, or a pass of an interlaced one: height_px rows of row_bytes each come next, the first with nothing above.
 */
void png_rows_begin(struct png_rows *rows, size_t row_bytes, uint32_t height_px);

/*
 * The next row, valid until the next call; not more often than there are rows. NULL: the data are damaged, at this row
 * or a little later; the rows so far are what libpng gives. Thread-safe for different pictures. Checks the checksum of
 * every chunk before it is read.
 */
const uint8_t *png_rows_next(struct png_rows *rows);

void png_rows_close(struct png_rows *rows);

#endif
