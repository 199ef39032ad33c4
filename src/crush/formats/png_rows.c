/*
 * The rows of a PNG: see png_rows.h. Some rows at a time: a block of filtered ones is inflated whole, unfiltered beside
 * it, and handed out. igzip is trusted only with data whose checksums are right and whose header is plain; it stops at
 * what is damaged, where libpng begins anew and tells how far the rows go. Refuses preset dictionaries, as PNG does,
 * and other processors than x86-64, for which igzip is not as well tested. Read next: png_unfilter.c, decode_png.c.
 */
#include "crush/formats/png_rows.h"

#if CRUSH_WITH_IGZIP

#include <string.h>

#include <isa-l/crc.h>
#include <isa-l/igzip_lib.h>

#include "crush/formats/png_unfilter.h"
#include "crush/pixels/bytes.h"
#include "crush/pixels/scratch.h"

enum {
    BLOCK_BYTES = 64 << 10, /* of filtered rows, if a row is not larger: less makes igzip copy its window too often */
    ZLIB_HEADER_BYTES = 2,
    CHUNK_HEADER_BYTES = 8,
    CHUNK_NAME_BYTES = 4,
    CHECKSUM_BYTES = 4
};

struct png_rows {
    struct png_source source;
    struct inflate_state inflate;
    size_t raw_bytes, done_bytes; /* of the buffers */
    size_t row_bytes, stride;
    int pixel_bytes;
    uint32_t left, block_rows; /* rows that are not inflated yet; how many make a block */
    uint32_t at, count;        /* of the block at hand */
    uint8_t *raw, *done;       /* done begins with the row above the block */
};

/* Of filtered rows: a block, or the fewest rows. */
static size_t size_of_raw(size_t row_bytes)
{
    const size_t fewest = PNG_UNFILTER_ROWS * (row_bytes + 1);
    return fewest > BLOCK_BYTES ? fewest : BLOCK_BYTES;
}

/* Of as many unfiltered ones, and the one above, each with what may be written behind it. */
static size_t size_of_done(size_t row_bytes)
{
    return size_of_raw(row_bytes) / PNG_UNFILTER_ROWS * (PNG_UNFILTER_ROWS + 1) +
           (PNG_UNFILTER_ROWS + 1) * PNG_UNFILTER_SLACK_BYTES;
}

uint64_t png_rows_bytes(size_t row_bytes)
{
    return sizeof(struct png_rows) + (uint64_t)size_of_raw(row_bytes) + size_of_done(row_bytes);
}

/* The data of the chunk behind whose header the source stands go to igzip next. 0: it is cut off, or its checksum is
 * wrong. */
static int take_chunk(struct png_rows *rows)
{
    struct png_source *s = &rows->source;
    if (s->next_chunk > s->size || s->next_chunk < s->at + CHECKSUM_BYTES)
        return 0;
    const size_t size = s->next_chunk - CHECKSUM_BYTES - s->at;
    const uint8_t *data = s->data + s->at;
    if (crc32_gzip_refl(0, data - CHUNK_NAME_BYTES, size + CHUNK_NAME_BYTES) != bytes_big_32(data + size))
        return 0;
    rows->inflate.next_in = (uint8_t *)(uintptr_t)data;
    rows->inflate.avail_in = (uint32_t)size;
    s->at = s->next_chunk;
    return 1;
}

static int next_chunk(struct png_rows *rows)
{
    uint8_t header[CHUNK_HEADER_BYTES];
    return png_source_read(&rows->source, header, sizeof header) &&
           memcmp(header + CHUNK_NAME_BYTES, "IDAT", CHUNK_NAME_BYTES) == 0 && take_chunk(rows);
}

/* The header of the stream stands in the first chunk, or it is odd enough for libpng. */
static int skip_stream_header(struct png_rows *rows)
{
    const uint8_t *header = rows->inflate.next_in;
    if (rows->inflate.avail_in < ZLIB_HEADER_BYTES || (header[0] & 15) != 8 || header[0] >> 4 > 7 || header[1] & 0x20 ||
        (header[0] << 8 | header[1]) % 31 != 0)
        return 0;
    rows->inflate.next_in += ZLIB_HEADER_BYTES;
    rows->inflate.avail_in -= ZLIB_HEADER_BYTES;
    return 1;
}

struct png_rows *png_rows_open(const struct png_source *source, size_t row_bytes, int pixel_bytes)
{
    /* its checksums are of what stands in the file, under other names */
    if (source->chunks->default_hidden || source->at < CHUNK_HEADER_BYTES)
        return NULL;
    struct png_rows *rows = scratch_alloc(sizeof *rows);
    if (!rows)
        return NULL;
    isal_inflate_init(&rows->inflate);
    rows->source = *source;
    rows->pixel_bytes = pixel_bytes;
    rows->raw_bytes = size_of_raw(row_bytes);
    rows->done_bytes = size_of_done(row_bytes);
    rows->raw = scratch_alloc_zeroed(rows->raw_bytes + PNG_UNFILTER_SLACK_BYTES);
    rows->done = scratch_alloc(rows->done_bytes);
    if (!rows->raw || !rows->done || !take_chunk(rows) || !skip_stream_header(rows)) {
        png_rows_close(rows);
        return NULL;
    }
    png_rows_begin(rows, row_bytes, 0);
    return rows;
}

void png_rows_begin(struct png_rows *rows, size_t row_bytes, uint32_t height_px)
{
    rows->row_bytes = row_bytes;
    rows->stride = row_bytes + PNG_UNFILTER_SLACK_BYTES;
    const size_t raw_rows = rows->raw_bytes / (row_bytes + 1), done_rows = rows->done_bytes / rows->stride - 1;
    rows->block_rows = (uint32_t)((raw_rows < done_rows ? raw_rows : done_rows) & ~(size_t)(PNG_UNFILTER_ROWS - 1));
    rows->left = height_px;
    rows->at = rows->count = 0;
    memset(rows->done, 0, rows->stride);
}

/* Exactly size bytes. 0: there are not so many, or they are damaged. */
static int inflate_block(struct png_rows *rows, size_t size)
{
    struct inflate_state *inflate = &rows->inflate;
    inflate->next_out = rows->raw;
    inflate->avail_out = (uint32_t)size;
    while (inflate->avail_out) {
        if (!inflate->avail_in && inflate->block_state != ISAL_BLOCK_FINISH) {
            /* bits that it holds may still be worth some bytes */
            const uint32_t before = inflate->avail_out;
            if (isal_inflate(inflate) < 0)
                return 0;
            if (inflate->avail_out == before && !next_chunk(rows))
                return 0;
            continue;
        }
        const uint32_t in = inflate->avail_in, out = inflate->avail_out;
        if (isal_inflate(inflate) < 0)
            return 0;
        if (inflate->avail_in == in && inflate->avail_out == out) /* over, or stalled */
            return 0;
    }
    return 1;
}

static int next_block(struct png_rows *rows)
{
    const size_t raw_stride = rows->row_bytes + 1;
    /* the last row of the block before is above this one */
    if (rows->count)
        memcpy(rows->done, rows->done + rows->count * rows->stride, rows->row_bytes);
    rows->at = 0;
    rows->count = rows->left < rows->block_rows ? rows->left : rows->block_rows;
    if (!rows->count || !inflate_block(rows, rows->count * raw_stride))
        return 0;
    for (uint32_t y = 0; y < rows->count; y += PNG_UNFILTER_ROWS) {
        const uint32_t some = rows->count - y < PNG_UNFILTER_ROWS ? rows->count - y : PNG_UNFILTER_ROWS;
        uint8_t *above = rows->done + y * rows->stride;
        if (!png_unfilter(rows->raw + y * raw_stride, above, some, rows->row_bytes, rows->pixel_bytes,
                          above + rows->stride, rows->stride))
            return 0;
    }
    rows->left -= rows->count;
    return 1;
}

const uint8_t *png_rows_next(struct png_rows *rows)
{
    if (rows->at == rows->count && !next_block(rows)) {
        rows->left = rows->at = rows->count = 0; /* and so it stays */
        return NULL;
    }
    return rows->done + ++rows->at * rows->stride;
}

void png_rows_close(struct png_rows *rows)
{
    if (!rows)
        return;
    scratch_free(rows->raw);
    scratch_free(rows->done);
    scratch_free(rows);
}

#else

uint64_t png_rows_bytes(size_t row_bytes)
{
    (void)row_bytes;
    return 0;
}

struct png_rows *png_rows_open(const struct png_source *source, size_t row_bytes, int pixel_bytes)
{
    (void)source, (void)row_bytes, (void)pixel_bytes;
    return NULL;
}

void png_rows_begin(struct png_rows *rows, size_t row_bytes, uint32_t height_px)
{
    (void)rows, (void)row_bytes, (void)height_px;
}

const uint8_t *png_rows_next(struct png_rows *rows)
{
    (void)rows;
    return NULL;
}

void png_rows_close(struct png_rows *rows)
{
    (void)rows;
}

#endif
