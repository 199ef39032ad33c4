/*
 * Checks a JPEG that came out of a worker: see jpeg_check.h. It refuses to guess: what libcrush does
 * not write is forged. It decodes nothing, so it cannot be attacked through a decoder.
 */
#include "jpeg_check.h"

#include <string.h>

struct cursor {
    const unsigned char *data;
    size_t size, at;
};

/* Entropy-coded data up to the next marker; a 0xFF in it must be stuffed with 0x00 (T.81 F.1.2.3). */
static int skip_scan(struct cursor *c)
{
    while (c->at + 1 < c->size) {
        const unsigned char *ff = memchr(c->data + c->at, 0xFF, c->size - c->at - 1);
        if (!ff)
            return -1;
        c->at = (size_t)(ff - c->data);
        if (ff[1] != 0x00)
            return 0;
        c->at += 2;
    }
    return -1;
}

static const char *check_frame(const unsigned char *body, size_t length, uint32_t *ret_width_px,
                               uint32_t *ret_height_px)
{
    if (length < 6 || body[0] != 8)
        return "frame is not 8 bits deep";
    unsigned components = body[5];
    if ((components != 1 && components != 3) || length != 6 + 3 * (size_t)components)
        return "frame components";
    *ret_height_px = (uint32_t)body[1] << 8 | body[2];
    *ret_width_px = (uint32_t)body[3] << 8 | body[4];
    if (*ret_width_px == 0 || *ret_height_px == 0)
        return "frame without pixels";
    for (unsigned i = 0; i < components; i++) {
        unsigned sampling = body[7 + 3 * i];
        unsigned h = sampling >> 4, v = sampling & 15; /* 4:2:0 and 4:4:4, rewritten pictures also 4:2:2, 4:1:1 */
        int luma = i == 0 && components == 3 && (h == 1 || h == 2 || h == 4) && (v == 1 || v == 2 || v == 4);
        if (sampling != 0x11 && !(luma && h * v <= 4))
            return "frame sampling";
    }
    return NULL;
}

const char *jpeg_check(const unsigned char *data, size_t size_bytes, uint32_t *ret_width_px, uint32_t *ret_height_px)
{
    struct cursor c = {data, size_bytes, 2};
    uint32_t width = 0, height = 0;
    int scans = 0;
    if (size_bytes < 4 || data[0] != 0xFF || data[1] != 0xD8)
        return "no start of image";
    for (;;) {
        if (c.size - c.at < 2 || data[c.at] != 0xFF)
            return "marker expected";
        unsigned marker = data[c.at + 1];
        c.at += 2;
        if (marker == 0xD9) {
            if (c.at != c.size)
                return "bytes behind the end of image";
            if (!scans)
                return "no scan";
            *ret_width_px = width;
            *ret_height_px = height;
            return NULL;
        }
        if (c.size - c.at < 2)
            return "segment cut off";
        size_t length = (size_t)data[c.at] << 8 | data[c.at + 1];
        if (length < 2 || length > c.size - c.at)
            return "segment length";
        const unsigned char *body = data + c.at + 2;
        c.at += length;
        length -= 2;
        switch (marker) {
        case 0xE0: /* APP0: the JFIF header without a thumbnail, nothing else */
            if (length != 14 || memcmp(body, "JFIF", 5) != 0 || body[12] || body[13])
                return "application data";
            break;
        case 0xC4: /* DHT */
        case 0xDB: /* DQT */ break;
        case 0xC0: /* SOF0, SOF1 (libjpeg writes it for large table values), SOF2 */
        case 0xC1:
        case 0xC2: {
            if (width)
                return "second frame";
            const char *fault = check_frame(body, length, &width, &height);
            if (fault)
                return fault;
            break;
        }
        case 0xDA: /* SOS */
            if (!width)
                return "scan before frame";
            if (skip_scan(&c) != 0)
                return "scan without end";
            scans++;
            break;
        default: return "a marker that is never written here";
        }
    }
}
