/*
 * Walks the markers of a JPEG. It decodes nothing, trusts no length, and judges nothing: whether the file
 * can be used is for decode_jpeg.c to say.
 */
#include "crush/jpeg/outline.h"

#include <stdlib.h>
#include <string.h>

#include "crush/pixels/bytes.h"
#include "crush/pixels/exif.h"

enum {
    M_SOF0 = 0xC0,
    M_DHT = 0xC4,
    M_JPG = 0xC8,
    M_DAC = 0xCC,
    M_SOF15 = 0xCF,
    M_RST0 = 0xD0,
    M_RST7 = 0xD7,
    M_SOI = 0xD8,
    M_EOI = 0xD9,
    M_SOS = 0xDA,
    M_DRI = 0xDD,
    M_APP0 = 0xE0,
    M_APP1 = 0xE1,
    M_APP2 = 0xE2,
    M_APP14 = 0xEE,
    M_TEM = 0x01,
};

enum { BLOCK_VISITS_MAX = 1 << 26 }; /* about half a second of work */

/* Offset of the next FF xx that is a marker and no stuffed byte, restart or filler; size if none. */
static size_t next_marker(const uint8_t *data, size_t size, size_t at)
{
    while (at + 1 < size) {
        const uint8_t *ff = memchr(data + at, 0xFF, size - at - 1);
        if (!ff)
            break;
        at = (size_t)(ff - data);
        const uint8_t code = ff[1];
        if (code != 0 && code != 0xFF && !(code >= M_RST0 && code <= M_RST7) && code != M_TEM)
            return at;
        at += code == 0xFF ? 1 : 2;
    }
    return size;
}

/* 1 where no compressed data stand at `at`, but a marker or nothing. */
static int data_is_empty(const uint8_t *data, size_t size, size_t at)
{
    while (at + 1 < size && data[at] == 0xFF && data[at + 1] == 0xFF)
        at++;
    if (at + 1 >= size)
        return at >= size || data[at] == 0xFF;
    const uint8_t code = data[at + 1];
    return data[at] == 0xFF && code != 0 && !(code >= M_RST0 && code <= M_RST7);
}

static void read_frame(const uint8_t *p, size_t size, int sof, struct jpeg_outline *o)
{
    if (size < 6 || o->sof >= 0)
        return;
    o->sof = sof;
    o->precision = p[0];
    o->height_px = bytes_big_16(p + 1);
    o->width_px = bytes_big_16(p + 3);
    o->component_count = p[5];
    for (size_t i = 0; i < JPEG_COMPONENTS && i < p[5] && 6 + 3 * i + 3 <= size; i++)
        o->components[i] = (struct jpeg_component){p[6 + 3 * i], p[7 + 3 * i] >> 4, p[7 + 3 * i] & 15, p[8 + 3 * i]};
}

static void read_segment(const uint8_t *p, size_t size, int code, struct jpeg_outline *o, int *seen_exif)
{
    if (code == M_APP1 && !*seen_exif && size >= 14 && memcmp(p, "Exif\0", 5) == 0) {
        o->orientation = exif_orientation(p, size);
        *seen_exif = 1;
    } else if (code == M_APP2 && size >= 14 && memcmp(p, "ICC_PROFILE", 12) == 0) {
        const int number = p[12];
        o->icc_total = p[13];
        if (number && !o->icc[number].data) {
            o->icc[number].data = p + 14;
            o->icc[number].size = size - 14;
            o->icc_count++;
        }
    } else if (code == M_APP14 && size >= 12 && memcmp(p, "Adobe", 5) == 0) {
        o->adobe_transform = p[11];
    } else if (code == M_APP0 && size >= 5 && memcmp(p, "JFIF", 5) == 0) {
        o->has_jfif = 1;
    } else if (code == M_DRI && size >= 2) {
        o->restart_interval = (int)bytes_big_16(p);
    } else if (code >= M_SOF0 && code <= M_SOF15 && code != M_DHT && code != M_JPG && code != M_DAC) {
        read_frame(p, size, code - M_SOF0, o);
    }
}

/* What the SOS at `at` says; 0 if it is cut off or names no component of the frame. */
static int read_scan(const uint8_t *data, size_t size, size_t at, const struct jpeg_outline *o,
                     struct jpeg_scan *ret_scan)
{
    const size_t length = at + 4 <= size ? bytes_big_16(data + at + 2) : 0;
    const uint8_t *p = data + at + 4;
    if (length < 6 || at + 2 + length > size || length < 6 + 2 * (size_t)p[0])
        return 0;
    struct jpeg_scan scan = {.begin = at, .data = at + 2 + length};
    for (size_t i = 0; i < p[0]; i++)
        for (int c = 0; c < o->component_count && c < JPEG_COMPONENTS; c++)
            if (o->components[c].id == p[1 + 2 * i])
                scan.components |= (uint8_t)(1 << c);
    p += 1 + 2 * (size_t)p[0];
    scan.spectral_first = p[0];
    scan.spectral_last = p[1];
    scan.approx_high = p[2] >> 4;
    scan.approx_low = p[2] & 15;
    *ret_scan = scan;
    return scan.components != 0;
}

/* Reads segments from `at` to the next SOS (its offset) or the end of the picture (size). */
static size_t walk_to_scan(const uint8_t *data, size_t size, size_t at, struct jpeg_outline *o, int *seen_exif)
{
    while ((at = next_marker(data, size, at)) < size) {
        const int code = data[at + 1];
        if (code == M_SOS)
            return at;
        if (code == M_EOI) {
            o->complete = 1;
            return size;
        }
        if (code == M_SOI) {
            at += 2;
            continue;
        }
        const size_t length = at + 4 <= size ? bytes_big_16(data + at + 2) : 0;
        if (length < 2 || at + 2 + length > size)
            return size;
        read_segment(data + at + 4, length - 2, code, o, seen_exif);
        at += 2 + length;
    }
    return size;
}

void jpeg_outline_read(const uint8_t *data, size_t size_bytes, struct jpeg_outline *ret_outline)
{
    struct jpeg_outline *o = ret_outline;
    struct jpeg_scan scan;
    int seen_exif = 0;
    memset(o, 0, sizeof *o);
    o->sof = -1;
    o->adobe_transform = -1;
    o->orientation = 1;
    size_t at = walk_to_scan(data, size_bytes, size_bytes >= 2 ? 2 : 0, o, &seen_exif);
    o->complete = 0;
    if (at >= size_bytes)
        return;
    o->first_scan = at;
    if (o->component_count < 1 || o->component_count > JPEG_COMPONENTS || !read_scan(data, size_bytes, at, o, &scan))
        return;
    o->first_scan_is_all = scan.components == (1 << o->component_count) - 1 && o->sof != 2 && o->sof != 10;
    o->first_scan_is_empty = data_is_empty(data, size_bytes, scan.data);
}

crush_status jpeg_outline_walk_scans(const uint8_t *data, size_t size_bytes, const crush_limits *limits,
                                     struct jpeg_outline *outline, crush_error *ret_error)
{
    size_t capacity = 0, at = outline->first_scan;
    int seen_exif = 1;
    while (at && at < size_bytes) {
        struct jpeg_scan scan;
        if (!read_scan(data, size_bytes, at, outline, &scan))
            break;
        scan.end = next_marker(data, size_bytes, scan.data);
        if (limits->max_scans && outline->scan_count >= limits->max_scans)
            return crush_fail_limit(ret_error, CRUSH_LIMIT_SCANS, outline->scan_count + 1,
                                    limits->max_scans == 1 ? "the picture has more than %u progressive scan"
                                                           : N_("the picture has more than %u progressive scans"),
                                    limits->max_scans);
        if (outline->scan_count == capacity) {
            capacity = capacity ? 2 * capacity : 16;
            struct jpeg_scan *more = realloc(outline->scans, capacity * sizeof *more);
            if (!more)
                return crush_fail(ret_error, CRUSH_ENOMEM, "out of memory");
            outline->scans = more;
        }
        outline->scans[outline->scan_count++] = scan;
        at = walk_to_scan(data, size_bytes, scan.end, outline, &seen_exif);
    }
    return CRUSH_OK;
}

uint64_t jpeg_outline_scan_blocks(const struct jpeg_outline *outline, const struct jpeg_scan *scan)
{
    const struct jpeg_outline *o = outline;
    uint64_t blocks = 0;
    int h_max = 1, v_max = 1;
    for (int c = 0; c < o->component_count; c++) {
        h_max = o->components[c].h > h_max ? o->components[c].h : h_max;
        v_max = o->components[c].v > v_max ? o->components[c].v : v_max;
    }
    for (int c = 0; c < o->component_count; c++)
        if (scan->components & 1 << c)
            blocks += ((uint64_t)o->width_px * o->components[c].h / (8 * h_max) + 1) *
                      ((uint64_t)o->height_px * o->components[c].v / (8 * v_max) + 1);
    return blocks;
}

crush_status jpeg_outline_check_work(const struct jpeg_outline *outline, uint64_t block_visits,
                                     const crush_limits *limits, crush_error *ret_error)
{
    if (limits->max_scans && block_visits > BLOCK_VISITS_MAX)
        return crush_fail_limit(ret_error, CRUSH_LIMIT_SCANS, outline->scan_count,
                                "the picture has too many progressive scans for its size");
    return CRUSH_OK;
}

uint8_t *jpeg_outline_icc(const struct jpeg_outline *outline, size_t *ret_size_bytes)
{
    size_t size = 0;
    for (int i = 1; i <= outline->icc_total; i++) {
        if (!outline->icc[i].data)
            return NULL;
        size += outline->icc[i].size;
    }
    uint8_t *profile = size ? malloc(size) : NULL;
    if (!profile)
        return NULL;
    *ret_size_bytes = size;
    size = 0;
    for (int i = 1; i <= outline->icc_total; i++) {
        memcpy(profile + size, outline->icc[i].data, outline->icc[i].size);
        size += outline->icc[i].size;
    }
    return profile;
}

void jpeg_outline_clear(struct jpeg_outline *outline)
{
    free(outline->scans);
    outline->scans = NULL;
    outline->scan_count = 0;
}
