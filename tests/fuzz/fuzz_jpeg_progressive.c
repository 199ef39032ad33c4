/*
 * The progressive scans of our JPEG decoder, behind headers that are in order: the input says the frame and the script,
 * as scans that a header allows, and what stands in each of them. So all of it reaches the entropy decoder, and order,
 * bands and bits of the scans are what a hostile file can make of them.
 *
 * Two bytes of size, one of sampling, one of scales; then scans: five bytes (kind and component, first, last, bits and
 * restarts, length) and so many bytes of data.
 */
#include "fuzz.h"

#include <string.h>

#include "decode_twice.h"

enum { SIDE_MAX_PX = 128, SCANS_MAX = 60, BYTES_MAX = 65536 };

struct file {
    uint8_t bytes[BYTES_MAX];
    size_t size;
};

static void put(struct file *to, const void *bytes, size_t count)
{
    if (count > sizeof to->bytes - to->size)
        count = sizeof to->bytes - to->size;
    memcpy(to->bytes + to->size, bytes, count);
    to->size += count;
}

static void put_list(struct file *to, size_t count, const int values[])
{
    for (size_t i = 0; i < count; i++)
        put(to, &(uint8_t){(uint8_t)values[i]}, 1);
}

#define PUT(to, ...) put_list(to, sizeof((int[]){__VA_ARGS__}) / sizeof(int), (int[]){__VA_ARGS__})

/* Every symbol has a code of eight bits or nine: all that a scan can say is near at hand. The last code is none. */
static void put_tables(struct file *to)
{
    PUT(to, 0xFF, 0xDB, 0, 67, 0);
    for (int k = 0; k < 64; k++)
        PUT(to, 1 + k);
    PUT(to, 0xFF, 0xC4, 0, 19 + 16, 0x00, 0, 0, 0, 8, 8, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0);
    for (int size = 0; size < 16; size++)
        PUT(to, size);
    PUT(to, 0xFF, 0xC4, (19 + 256) >> 8, (19 + 256) & 255, 0x10, 0, 0, 0, 0, 0, 0, 0, 255, 1, 0, 0, 0, 0, 0, 0, 0);
    for (int symbol = 0; symbol < 256; symbol++)
        PUT(to, symbol * 17 & 255);
}

static void put_scan(struct file *to, int components, const uint8_t in[4])
{
    const int refines = in[0] >> 1 & 1, dc = in[0] & 1, low = in[3] % 14, alone = (in[0] >> 2 & 63) % components;
    const int first = dc ? 0 : 1 + in[1] % 63, last = dc ? 0 : first + in[2] % (64 - first);
    const int all = dc && in[0] & 4, count = all ? components : 1;
    if (in[3] & 0xC0)
        PUT(to, 0xFF, 0xDD, 0, 4, 0, in[3] >> 6);
    PUT(to, 0xFF, 0xDA, 0, 6 + 2 * count, count);
    for (int c = 0; c < count; c++)
        PUT(to, 1 + (all ? c : alone), 0);
    PUT(to, first, last, (refines ? low + 1 : 0) << 4 | low);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static struct file file;
    static const int sizes[] = {1, 2, 3, 4, 5, 6, 8, 8};
    if (size < 4)
        return 0;
    const int width = 1 + data[0] % SIDE_MAX_PX, height = 1 + data[1] % SIDE_MAX_PX;
    const int components = data[2] & 1 ? 1 : 3, sampling = data[2] & 2 ? 0x22 : data[2] & 4 ? 0x21 : 0x11;
    file.size = 0;
    PUT(&file, 0xFF, 0xD8);
    put_tables(&file);
    PUT(&file, 0xFF, 0xC2, 0, 8 + 3 * components, 8, 0, height, 0, width, components);
    for (int c = 0; c < components; c++)
        PUT(&file, 1 + c, c ? 0x11 : sampling, 0);
    size_t at = 4;
    for (int scans = 0; scans < SCANS_MAX && size - at > 5; scans++) {
        const size_t left = size - at - 5, length = data[at + 4] < left ? data[at + 4] : left;
        put_scan(&file, components, data + at);
        for (size_t i = 0; i < length; i++) /* what would be a marker mostly is none */
            PUT(&file, data[at + 5 + i], data[at + 5 + i] == 0xFF && i % 8 ? 0 : 0x55);
        at += 5 + length;
    }
    PUT(&file, 0xFF, 0xD9);
    /* The exact length, so that reading past the end is seen. */
    uint8_t *exact = malloc(file.size);
    if (!exact)
        return 0;
    memcpy(exact, file.bytes, file.size);
    const int luma = sizes[data[3] & 7], chroma = sizes[data[3] >> 3 & 7];
    decode_twice(exact, file.size, (int[JPEG_COMPONENTS]){luma, data[3] & 0x40 ? 0 : chroma, chroma, 0});
    free(exact);
    return 0;
}
