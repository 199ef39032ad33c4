/*
 * Plain rows of PNG: the input is made into picture data, packed by zlib in some way, cut into chunks, and read by ours
 * and by libpng alone, which must agree on every byte of the picture. With some inputs the packed data are damaged
 * under right checksums: then both must end well, and no more, since what a damaged stream means is nobody's promise.
 */
#include "fuzz.h"

#include <stdlib.h>
#include <string.h>

#include <zlib.h>

#include "crush.h"

enum { OPTION_BYTES = 8, SIDE_MAX = 300, DATA_MAX = 800000 };

struct file {
    uint8_t bytes[2 * DATA_MAX];
    size_t size;
};

static void write_32(uint8_t *to, uint32_t value)
{
    for (int i = 0; i < 4; i++)
        to[i] = (uint8_t)(value >> (24 - 8 * i));
}

static void add_chunk(struct file *file, const char *name, const uint8_t *data, size_t size)
{
    uint8_t *at = file->bytes + file->size;
    write_32(at, (uint32_t)size);
    memcpy(at + 4, name, 4);
    if (size)
        memcpy(at + 8, data, size);
    write_32(at + 8 + size, (uint32_t)crc32(0, at + 4, (uInt)size + 4));
    file->size += size + 12;
}

/* Rows with filters that exist, out of the input, again and again. Adds to *made. */
static void make_rows(const uint8_t *data, size_t size, uint32_t width, uint32_t height, unsigned pixel_bits,
                      uint8_t *to, size_t *made)
{
    const size_t row_bytes = (width * (size_t)pixel_bits + 7) / 8;
    for (size_t y = 0; y < height && width; y++)
        for (size_t x = 0; x <= row_bytes; x++, ++*made)
            to[*made] = (uint8_t)(x ? data[*made % size] : data[*made % size] % 5);
}

/* Of a picture, or of all passes of an interlaced one (PNG, third edition, clause 8). */
static size_t make_picture(const uint8_t *data, size_t size, uint32_t width, uint32_t height, unsigned pixel_bits,
                           int is_interlaced, uint8_t *to)
{
    static const uint32_t left[] = {0, 4, 0, 2, 0, 1, 0}, top[] = {0, 0, 4, 0, 2, 0, 1},
                          right[] = {8, 8, 4, 4, 2, 2, 1}, down[] = {8, 8, 8, 4, 4, 2, 2};
    size_t made = 0;
    if (!is_interlaced)
        make_rows(data, size, width, height, pixel_bits, to, &made);
    for (int i = 0; i < 7 && is_interlaced; i++)
        make_rows(data, size, (width + right[i] - 1 - left[i]) / right[i], (height + down[i] - 1 - top[i]) / down[i],
                  pixel_bits, to, &made);
    return made;
}

static int open_with(const struct file *file, crush_decoder decoder, crush_result *ret_result)
{
    crush_open_options open_options;
    crush_encode_options encode_options;
    crush_picture *picture = NULL;
    crush_error error;
    crush_open_options_init(&open_options);
    open_options.max_side_px = 64;
    open_options.decoder = decoder;
    if (crush_open(file->bytes, file->size, &open_options, &picture, &error) != CRUSH_OK)
        return 0;
    crush_encode_options_preset(&encode_options, CRUSH_PRESET_CRISPY);
    encode_options.budget_bytes = 0;
    encode_options.quality = 95;
    const int is_made = crush_encode(picture, &encode_options, ret_result, &error) == CRUSH_OK;
    crush_close(picture);
    return is_made;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static const struct {
        uint8_t type, channels, depth;
    } kinds[] = {{0, 1, 8},  {2, 3, 8}, {3, 1, 8}, {4, 2, 8}, {6, 4, 8}, {0, 1, 16}, {2, 3, 16}, {4, 2, 16},
                 {6, 4, 16}, {0, 1, 1}, {0, 1, 2}, {0, 1, 4}, {3, 1, 1}, {3, 1, 2},  {3, 1, 4}};
    static struct file file;
    static uint8_t rows[DATA_MAX], packed[2 * DATA_MAX - 20000];
    if (size <= OPTION_BYTES)
        return 0;
    const uint8_t *option = data;
    const size_t kind = option[0] % (sizeof kinds / sizeof kinds[0]);
    const int is_interlaced = option[2] & 2;
    const uint32_t width = 1 + (option[1] | (uint32_t)(option[2] & 1) << 8) % SIDE_MAX, height = 1 + option[3];
    data += OPTION_BYTES;
    size -= OPTION_BYTES;
    const size_t made = make_picture(data, size, width, height, kinds[kind].channels * (unsigned)kinds[kind].depth,
                                     is_interlaced, rows);

    z_stream stream = {0};
    if (deflateInit2(&stream, option[4] % 10, Z_DEFLATED, 9 + option[5] % 7, 1 + option[4] / 10 % 9,
                     option[5] / 8 % 5) != Z_OK)
        return 0;
    stream.next_in = rows;
    stream.avail_in = (uInt)made;
    stream.next_out = packed;
    stream.avail_out = sizeof packed;
    const int is_whole = deflate(&stream, Z_FINISH) == Z_STREAM_END;
    size_t packed_size = sizeof packed - stream.avail_out;
    deflateEnd(&stream);
    if (!is_whole)
        return 0;
    const int is_damaged = option[6] & 1;
    if (is_damaged) {
        packed[(size * 7919 + option[6]) % packed_size] ^= (uint8_t)(1 + option[7]);
        if (option[6] & 2)
            packed_size = 1 + packed_size * option[7] / 256;
    }

    uint8_t header[13] = {0}, palette[768];
    file.size = 8;
    memcpy(file.bytes, "\x89PNG\r\n\x1a\n", 8);
    write_32(header, width);
    write_32(header + 4, height);
    header[8] = kinds[kind].depth;
    header[9] = kinds[kind].type;
    header[12] = is_interlaced != 0;
    add_chunk(&file, "IHDR", header, sizeof header);
    for (size_t i = 0; i < sizeof palette; i++)
        palette[i] = (uint8_t)(i * 37 % 251);
    if (kinds[kind].type == 3)
        add_chunk(&file, "PLTE", palette, sizeof palette);
    const size_t piece = option[6] & 4 ? packed_size : packed_size / 40 + 1 + option[7];
    for (size_t at = 0; at < packed_size; at += piece)
        add_chunk(&file, "IDAT", packed + at, packed_size - at < piece ? packed_size - at : piece);
    add_chunk(&file, "IEND", NULL, 0);

    crush_result ours = {0}, theirs = {0};
    const int is_ours = open_with(&file, CRUSH_DECODER_AUTO, &ours);
    const int is_theirs = open_with(&file, CRUSH_DECODER_LIBRARY, &theirs);
    if (!is_damaged && (!is_ours || !is_theirs || ours.size_bytes != theirs.size_bytes ||
                        memcmp(ours.data, theirs.data, ours.size_bytes) != 0))
        abort();
    crush_result_clear(&ours);
    crush_result_clear(&theirs);
    return 0;
}
