/*
 * The bit writer: see jpeg_write.h. ITU-T T.81 annex B (markers), F.1.2 (baseline), G.1.2 (progressive, first scans
 * only), T.871 (JFIF).
 *
 * It refuses nothing: what it gets was chosen by quantise.c. Next: huffman_count.c, scan_walk.h.
 */
#include "crush/encode/jpeg_write.h"

#include <stdlib.h>
#include <string.h>

#include "crush/encode/scan_walk.h"

enum { FIRST_CAPACITY_BYTES = 16384, SPARE_BYTES = 64, LENGTHS = 16 };

struct writer {
    uint8_t *data;
    size_t size, capacity;
    uint64_t bits; /* the lowest bit_count are still to be written */
    int bit_count;
    int failed; /* no memory: what is written from here on is lost */
    uint16_t codes[TABLE_COUNT][256];
    const struct jpeg_code *code;
};

/* Where the symbols of a scan go. */
struct sink {
    struct writer *writer;
    const uint16_t *codes;
    const uint8_t *lengths;
};

/* Room for SPARE_BYTES. */
static void reserve(struct writer *w)
{
    if (w->capacity - w->size >= SPARE_BYTES)
        return;
    uint8_t *data = w->failed ? NULL : realloc(w->data, 2 * w->capacity);
    if (!data) {
        w->failed = 1;
        w->size = 0;
        return;
    }
    w->data = data;
    w->capacity *= 2;
}

static void put_bytes(struct writer *w, const void *bytes, size_t size)
{
    reserve(w);
    memcpy(w->data + w->size, bytes, size);
    w->size += size;
}

static void put_byte(struct writer *w, unsigned byte)
{
    put_bytes(w, &(uint8_t){(uint8_t)byte}, 1);
}

static void put_marker(struct writer *w, unsigned marker, size_t length)
{
    put_bytes(w, (uint8_t[]){0xFF, (uint8_t)marker, (uint8_t)(length >> 8), (uint8_t)length}, 4);
}

/* At most 32 bits at a time. */
static inline void put_bits(struct writer *w, unsigned bits, int count)
{
    w->bits = w->bits << count | bits;
    w->bit_count += count;
    if (w->bit_count < 32)
        return;
    reserve(w);
    while (w->bit_count >= 8) {
        w->bit_count -= 8;
        uint8_t byte = (uint8_t)(w->bits >> w->bit_count);
        w->data[w->size++] = byte;
        if (byte == 0xFF)
            w->data[w->size++] = 0;
    }
}

/* Ends a scan: the last byte is filled with ones. */
static void flush_bits(struct writer *w)
{
    int missing = -w->bit_count & 7;
    w->bits = w->bits << missing | ((1u << missing) - 1);
    w->bit_count += missing;
    reserve(w);
    while (w->bit_count > 0) {
        w->bit_count -= 8;
        uint8_t byte = (uint8_t)(w->bits >> w->bit_count);
        w->data[w->size++] = byte;
        if (byte == 0xFF)
            w->data[w->size++] = 0;
    }
}

static void emit(void *sink, unsigned symbol, unsigned extra, int extra_bits)
{
    struct sink *to = sink;
    put_bits(to->writer, (unsigned)to->codes[symbol] << extra_bits | extra, to->lengths[symbol] + extra_bits);
}

static struct sink sink_of(struct writer *w, enum table table)
{
    int used = w->code->use[table];
    return (struct sink){w, w->codes[used], w->code->lengths[used]};
}

/* ---- Tables ------------------------------------------------------------------------------------ */

/* Table classes and numbers as in DHT: DC 0 and 1, AC 0 to 2. */
static unsigned table_number(enum table table)
{
    static const uint8_t numbers[TABLE_COUNT] = {0x00, 0x01, 0x10, 0x11, 0x12};
    return numbers[table];
}

/* Codes in order of length, then symbol (T.81 annex C); writes the table. */
static void put_huffman_table(struct writer *w, enum table table)
{
    const uint8_t *lengths = w->code->lengths[table];
    uint8_t counts[LENGTHS] = {0}, symbols[256];
    int used = 0;
    unsigned code = 0;
    for (int length = 1; length <= LENGTHS; length++, code <<= 1)
        for (int symbol = 0; symbol < 256; symbol++)
            if (lengths[symbol] == length) {
                w->codes[table][symbol] = (uint16_t)code++;
                symbols[used++] = (uint8_t)symbol;
                counts[length - 1]++;
            }
    put_byte(w, table_number(table));
    put_bytes(w, counts, sizeof counts);
    for (int i = 0; i < used; i++)
        put_byte(w, symbols[i]);
}

static int has_table(const struct jpeg_code *code, int table)
{
    for (int symbol = 0; symbol < 256; symbol++)
        if (code->lengths[table][symbol])
            return 1;
    return 0;
}

static void put_huffman_tables(struct writer *w)
{
    size_t start = w->size;
    put_marker(w, 0xC4, 0);
    for (int table = 0; table < TABLE_COUNT; table++)
        if (has_table(w->code, table))
            put_huffman_table(w, (enum table)table);
    if (w->failed)
        return;
    size_t length = w->size - start - 2;
    w->data[start + 2] = (uint8_t)(length >> 8);
    w->data[start + 3] = (uint8_t)length;
}

/* Tables with different pointers; ret_number: by component. */
static void put_quantisation_tables(struct writer *w, const struct jpeg_chosen *image, int ret_number[PLANE_COUNT])
{
    const uint16_t *different[PLANE_COUNT];
    int count = 0;
    for (int c = 0; c < image->components; c++) {
        int number = 0;
        while (number < count && different[number] != image->steps[c])
            number++;
        if (number == count)
            different[count++] = image->steps[c];
        ret_number[c] = number;
    }
    put_marker(w, 0xDB, 2 + 65 * (size_t)count);
    for (int n = 0; n < count; n++) {
        put_byte(w, (unsigned)n);
        for (int k = 0; k < BLOCK_SIZE; k++)
            put_byte(w, k ? (unsigned)different[n][k] >> image->approx : different[n][k]);
    }
}

static void put_head(struct writer *w, const struct jpeg_chosen *image)
{
    static const uint8_t jfif[] = {0xFF, 0xD8, 0xFF, 0xE0, 0, 16, 'J', 'F', 'I', 'F', 0, 1, 1, 0, 0, 1, 0, 1, 0, 0};
    int number[PLANE_COUNT] = {0};
    put_bytes(w, jfif, sizeof jfif);
    put_quantisation_tables(w, image, number);
    put_marker(w, w->code->layout == LAYOUT_BASELINE ? 0xC0 : 0xC2, 8 + 3 * (size_t)image->components);
    put_bytes(w,
              (uint8_t[]){8, (uint8_t)(image->height_px >> 8), (uint8_t)image->height_px,
                          (uint8_t)(image->width_px >> 8), (uint8_t)image->width_px, (uint8_t)image->components},
              6);
    for (int c = 0; c < image->components; c++)
        put_bytes(w, (uint8_t[]){(uint8_t)(c + 1), c == 0 && image->subsampled ? 0x22 : 0x11, (uint8_t)number[c]}, 3);
    put_huffman_tables(w);
}

/* ---- Scans ------------------------------------------------------------------------------------- */

static void put_scan_head(struct writer *w, int component, int count, enum table dc, enum table ac, int first, int last,
                          int approx)
{
    put_marker(w, 0xDA, 6 + 2 * (size_t)count);
    put_byte(w, (unsigned)count);
    for (int c = component; c < component + count; c++) {
        put_byte(w, (unsigned)c + 1);
        put_byte(w, (table_number(w->code->use[dc]) << 4 | (table_number(w->code->use[ac]) & 15)) & 0xFF);
    }
    put_bytes(w, (uint8_t[]){(uint8_t)first, (uint8_t)last, (uint8_t)approx}, 3);
}

static void put_band(struct writer *w, const struct jpeg_chosen *image, int component, enum table table, int first,
                     int last)
{
    struct sink sink = sink_of(w, table);
    const struct levels *levels = &image->levels[component];
    put_scan_head(w, component, 1, TABLE_DC_LUMA, table, first, last, levels_any(levels) ? image->approx : 0);
    walk_band(levels, first, last, emit, &sink, emit, &sink);
    flush_bits(w);
}

static void put_chroma_dc(struct writer *w, const struct jpeg_chosen *image)
{
    struct sink sink = sink_of(w, TABLE_DC_CHROMA);
    const struct levels *cb = &image->levels[PLANE_CB], *cr = &image->levels[PLANE_CR];
    int before[2] = {0, 0};
    put_scan_head(w, 1, 2, TABLE_DC_CHROMA, TABLE_AC_LUMA, 0, 0, 0);
    for (uint32_t b = 0; b < cb->columns * cb->rows; b++) {
        walk_difference(cb->dc[b] - before[0], emit, &sink);
        walk_difference(cr->dc[b] - before[1], emit, &sink);
        before[0] = cb->dc[b];
        before[1] = cr->dc[b];
    }
    flush_bits(w);
}

static void put_progressive(struct writer *w, const struct jpeg_chosen *image)
{
    struct sink sink = sink_of(w, TABLE_DC_LUMA);
    put_scan_head(w, 0, 1, TABLE_DC_LUMA, TABLE_AC_LUMA, 0, 0, 0);
    walk_dc(&image->levels[PLANE_Y], emit, &sink);
    flush_bits(w);
    if (image->components == 3)
        put_chroma_dc(w, image);
    for (int c = 0; c < image->components; c++) {
        if (!w->code->has_ac[c])
            continue;
        if (c == 0 && w->code->layout == LAYOUT_PROGRESSIVE_SPLIT) {
            put_band(w, image, c, TABLE_AC_LUMA, 1, SPLIT_POSITION);
            put_band(w, image, c, TABLE_AC_LUMA_HIGH, SPLIT_POSITION + 1, 63);
        } else {
            put_band(w, image, c, c ? TABLE_AC_CHROMA : TABLE_AC_LUMA, 1, 63);
        }
    }
}

static void put_block(const struct levels *levels, uint32_t b, int difference, struct sink *dc, struct sink *ac)
{
    int before = 0;
    walk_difference(difference, emit, dc);
    for (uint32_t i = levels->first[b]; i < levels->first[b + 1]; i++) {
        walk_level(levels->ac[i].position - before - 1, levels->ac[i].value, emit, ac);
        before = levels->ac[i].position;
    }
    if (before != 63)
        emit(ac, END_OF_BLOCK, 0, 0);
}

/* One block of an interleaved scan; beyond the picture's blocks the DC goes on and there is no AC. */
static void put_block_at(const struct levels *levels, uint32_t x, uint32_t y, int *before, struct sink *dc,
                         struct sink *ac)
{
    if (x >= levels->columns || y >= levels->rows) {
        emit(dc, 0, 0, 0);
        emit(ac, END_OF_BLOCK, 0, 0);
        return;
    }
    uint32_t b = y * levels->columns + x;
    put_block(levels, b, levels->dc[b] - *before, dc, ac);
    *before = levels->dc[b];
}

static void put_baseline(struct writer *w, const struct jpeg_chosen *image)
{
    const uint32_t factor = image->subsampled ? 2 : 1;
    const uint32_t columns = (image->levels[0].columns + factor - 1) / factor;
    const uint32_t rows = (image->levels[0].rows + factor - 1) / factor;
    struct sink dc[2] = {sink_of(w, TABLE_DC_LUMA), sink_of(w, TABLE_DC_CHROMA)};
    struct sink ac[2] = {sink_of(w, TABLE_AC_LUMA), sink_of(w, TABLE_AC_CHROMA)};
    int before[PLANE_COUNT] = {0};
    put_marker(w, 0xDA, 6 + 2 * (size_t)image->components);
    put_byte(w, (unsigned)image->components);
    for (int c = 0; c < image->components; c++)
        put_bytes(w, (uint8_t[]){(uint8_t)(c + 1), c ? 0x11 : 0x00}, 2);
    put_bytes(w, (uint8_t[]){0, 63, 0}, 3);
    for (uint32_t y = 0; y < rows; y++)
        for (uint32_t x = 0; x < columns; x++)
            for (int c = 0; c < image->components; c++)
                for (uint32_t i = 0, side = c ? 1 : factor; i < side * side; i++)
                    put_block_at(&image->levels[c], x * side + i % side, y * side + i / side, &before[c], &dc[c > 0],
                                 &ac[c > 0]);
    flush_bits(w);
}

crush_status jpeg_write(const struct jpeg_chosen *image, unsigned char **ret_data, size_t *ret_size_bytes)
{
    struct writer writer = {.capacity = FIRST_CAPACITY_BYTES, .code = image->code};
    writer.data = malloc(writer.capacity);
    if (!writer.data)
        return CRUSH_ENOMEM;
    put_head(&writer, image);
    if (image->code->layout == LAYOUT_BASELINE)
        put_baseline(&writer, image);
    else
        put_progressive(&writer, image);
    put_bytes(&writer, (uint8_t[]){0xFF, 0xD9}, 2);
    if (writer.failed) {
        free(writer.data);
        return CRUSH_ENOMEM;
    }
    *ret_data = writer.data;
    *ret_size_bytes = writer.size;
    return CRUSH_OK;
}
