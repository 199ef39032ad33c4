/*
 * crush_sniff, crush_probe, crush_open: from a stranger's bytes to a working picture.
 * Formats are told by magic bytes alone. Each decoder is a file of its own: decode_*.c.
 */
#include "decode_jpeg.h"

#include <stdlib.h>
#include <string.h>

crush_format crush_sniff(const void *data, size_t size_bytes)
{
    const unsigned char *d = data;
    if (size_bytes >= 3 && memcmp(d, "\xFF\xD8\xFF", 3) == 0)
        return CRUSH_FORMAT_JPEG;
    if (size_bytes >= 8 && memcmp(d, "\x89PNG\r\n\x1A\n", 8) == 0)
        return CRUSH_FORMAT_PNG;
    if (size_bytes >= 12 && memcmp(d, "RIFF", 4) == 0 && memcmp(d + 8, "WEBP", 4) == 0)
        return CRUSH_FORMAT_WEBP;
    if (size_bytes >= 6 && (memcmp(d, "GIF87a", 6) == 0 || memcmp(d, "GIF89a", 6) == 0))
        return CRUSH_FORMAT_GIF;
    return CRUSH_FORMAT_UNKNOWN;
}

void crush_open_options_init(crush_open_options *options)
{
    *options = (crush_open_options){
        .limits = {.max_pixels = 100000000,
                   .max_side_px = 50000,
                   .max_input_bytes = 64000000,
                   .max_scans = 100,
                   .max_memory_bytes = 256000000},
        .max_side_px = 640,
        .background_rgb = 0xFFFFFF,
        .max_rewrite_bytes = 65536,
    };
}

crush_status crush_open(const void *data, size_t size_bytes, const crush_open_options *options,
                        crush_picture **ret_picture, crush_error *ret_error)
{
    crush_open_options defaults;
    if (!options) {
        crush_open_options_init(&defaults);
        options = &defaults;
    }
    crush_picture *picture = calloc(1, sizeof *picture);
    if (!picture)
        return crush_fail(ret_error, CRUSH_ENOMEM, "out of memory");
    picture->info.source_bytes = size_bytes;
    picture->info.orientation = 1;
    picture->info.format = crush_sniff(data, size_bytes);
    crush_status status;
    if (picture->info.format == CRUSH_FORMAT_JPEG)
        status = decode_jpeg(data, size_bytes, options, picture, ret_error);
    else
        status = crush_fail(ret_error, CRUSH_EFORMAT, "not a JPEG, PNG, WebP or GIF by its first bytes");
    if (status != CRUSH_OK) {
        crush_close(picture);
        return status;
    }
    *ret_picture = picture;
    return CRUSH_OK;
}

const crush_info *crush_picture_info(const crush_picture *picture)
{
    return &picture->info;
}

void crush_close(crush_picture *picture)
{
    if (!picture)
        return;
    for (int i = 0; i < PLANE_COUNT; i++)
        plane_free(&picture->planes[i]);
    free(picture->rewritten);
    free(picture);
}
