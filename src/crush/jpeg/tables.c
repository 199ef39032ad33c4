/*
 * Reads quantisation and Huffman tables, restart intervals and scan headers. Every read is inside a segment whose
 * end was checked against the file. It refuses whatever it does not fully understand instead of repairing it. Before:
 * jpeg/outline.c. Next: jpeg/huffman.c.
 */
#include "crush/jpeg/tables.h"

#include <string.h>

#include "crush/pixels/bytes.h"

enum {
    M_SOF0 = 0xC0,
    M_SOF1 = 0xC1,
    M_SOF2 = 0xC2,
    M_DHT = 0xC4,
    M_SOS = 0xDA,
    M_DQT = 0xDB,
    M_DRI = 0xDD,
    M_APP0 = 0xE0,
    M_APP15 = 0xEF,
    M_COM = 0xFE,
};

const uint8_t jpeg_natural_order_of[JPEG_BLOCK] = {
    0,  1,  8,  16, 9,  2,  3,  10, 17, 24, 32, 25, 18, 11, 4,  5,  12, 19, 26, 33, 40, 48,
    41, 34, 27, 20, 13, 6,  7,  14, 21, 28, 35, 42, 49, 56, 57, 50, 43, 36, 29, 22, 15, 23,
    30, 37, 44, 51, 58, 59, 52, 45, 38, 31, 39, 46, 53, 60, 61, 54, 47, 55, 62, 63,
};

static int read_quant(const uint8_t *p, size_t left, struct jpeg_tables *tables)
{
    while (left) {
        const int wide = p[0] >> 4, number = p[0] & 15;
        const size_t bytes = 1 + (size_t)JPEG_BLOCK * (wide ? 2 : 1);
        if (number >= JPEG_TABLES || wide > 1 || left < bytes)
            return 0;
        struct jpeg_quant_spec *quant = &tables->quant[number];
        for (size_t i = 0; i < JPEG_BLOCK; i++)
            quant->steps[i] = (uint16_t)(wide ? bytes_big_16(p + 1 + 2 * i) : p[1 + i]);
        quant->present = 1;
        p += bytes;
        left -= bytes;
    }
    return 1;
}

static int read_huffman(const uint8_t *p, size_t left, struct jpeg_tables *tables)
{
    while (left) {
        size_t count = 0;
        if (left < 1 + JPEG_CODE_BITS || (p[0] & 0xEF) >= JPEG_TABLES)
            return 0;
        for (size_t i = 1; i <= JPEG_CODE_BITS; i++)
            count += p[i];
        const size_t bytes = 1 + JPEG_CODE_BITS + count;
        if (count > 256 || left < bytes)
            return 0;
        struct jpeg_huffman_spec *spec = p[0] & 0x10 ? &tables->ac[p[0] & 15] : &tables->dc[p[0]];
        memset(spec, 0, sizeof *spec);
        spec->present = 1;
        memcpy(spec->counts + 1, p + 1, JPEG_CODE_BITS);
        memcpy(spec->symbols, p + 1 + JPEG_CODE_BITS, count);
        p += bytes;
        left -= bytes;
    }
    return 1;
}

static int read_segment(const uint8_t *p, size_t size, int code, struct jpeg_tables *tables)
{
    switch (code) {
    case M_DQT: return read_quant(p, size, tables);
    case M_DHT: return read_huffman(p, size, tables);
    case M_DRI:
        if (size != 2)
            return 0;
        tables->restart_interval = bytes_big_16(p);
        return 1;
    case M_SOF0:
    case M_SOF1:
    case M_SOF2: return ++tables->frames == 1 && size >= 6 && size == 6 + 3 * (size_t)p[5];
    case M_COM: return 1;
    default: return code >= M_APP0 && code <= M_APP15;
    }
}

int jpeg_tables_read(const uint8_t *data, size_t from, size_t to, struct jpeg_tables *tables)
{
    for (size_t at = from; at < to;) {
        const uint8_t *ff = memchr(data + at, 0xFF, to - at);
        if (!ff)
            break;
        at = (size_t)(ff - data) + 1;
        while (at < to && data[at] == 0xFF)
            at++;
        if (at >= to)
            break;
        const int code = data[at++];
        if (code == 0) /* bytes between segments are passed over, as the library does */
            continue;
        if (to - at < 2)
            return 0;
        const size_t length = bytes_big_16(data + at);
        if (length < 2 || length > to - at || !read_segment(data + at + 2, length - 2, code, tables))
            return 0;
        at += length;
    }
    return 1;
}

int jpeg_scan_header_read(const uint8_t *data, size_t size, size_t at, struct jpeg_scan_header *ret_header)
{
    struct jpeg_scan_header h = {0};
    if (at > size || size - at < 5 || data[at] != 0xFF || data[at + 1] != M_SOS)
        return 0;
    const size_t length = bytes_big_16(data + at + 2);
    const uint8_t *p = data + at + 4;
    if (length > size - at - 2 || p[0] < 1 || p[0] > 4 || length != 6 + 2 * (size_t)p[0])
        return 0;
    h.component_count = p[0];
    for (int i = 0; i < h.component_count; i++) {
        const uint8_t tables = p[2 + 2 * i];
        if (tables >> 4 >= JPEG_TABLES || (tables & 15) >= JPEG_TABLES)
            return 0;
        h.components[i] = (struct jpeg_scan_component){p[1 + 2 * i], tables >> 4, tables & 15};
    }
    p += 1 + 2 * (size_t)h.component_count;
    h.first = p[0];
    h.last = p[1];
    h.high = p[2] >> 4;
    h.low = p[2] & 15;
    h.data = at + 2 + length;
    *ret_header = h;
    return 1;
}
