/*
 * crush_open: from a stranger's bytes to a working picture. It checks options and limits and asks the decoder of
 * the format. Before: probe.c. Next: decode_jpeg.c, decode_png.c, decode_webp.c, decode_gif.c, decode_heif.c, then
 * intake.c.
 */
#include "crush/formats/animation.h"
#include "crush/formats/decode_jpeg.h"
#include "crush/formats/decode_png.h"
#include "crush/formats/decode_webp.h"
#include "crush/formats/decode_gif.h"
#include "crush/formats/decode_heif.h"
#include "crush/formats/foreign.h"
#include "crush/formats/heif_codec.h"
#include "crush/pixels/check.h"

#include <stdlib.h>

void crush_load(void)
{
#if CRUSH_WITH_HEIF
    heif_codec_load();
#endif
}

crush_status crush_open(const void *data, size_t size_bytes, const crush_open_options *options,
                        crush_picture **ret_picture, crush_error *ret_error)
{
    crush_open_options defaults;
    if (!options) {
        crush_open_options_init(&defaults);
        options = &defaults;
    }
    crush_status status = check_open_options(options, ret_error);
    if (status == CRUSH_OK)
        status = check_input(&options->limits, size_bytes, ret_error);
    if (status == CRUSH_OK)
        status = check_deadline(&options->limits, ret_error);
    if (status != CRUSH_OK)
        return status;
    crush_picture *picture = calloc(1, sizeof *picture);
    if (!picture)
        return crush_fail(ret_error, CRUSH_ENOMEM, "out of memory");
    picture->info.source_bytes = size_bytes;
    picture->info.orientation = 1;
    picture->info.format = crush_sniff(data, size_bytes);
    switch (picture->info.format) {
    case CRUSH_FORMAT_JPEG: status = decode_jpeg(data, size_bytes, options, picture, ret_error); break;
    case CRUSH_FORMAT_PNG: status = decode_png(data, size_bytes, options, picture, ret_error); break;
    case CRUSH_FORMAT_WEBP: status = decode_webp(data, size_bytes, options, picture, ret_error); break;
    case CRUSH_FORMAT_GIF: status = decode_gif(data, size_bytes, options, picture, ret_error); break;
#if CRUSH_WITH_HEIF
    case CRUSH_FORMAT_HEIC:
    case CRUSH_FORMAT_AVIF: status = decode_heif(data, size_bytes, options, picture, ret_error); break;
#endif
    default: status = foreign_refuse(data, size_bytes, picture->info.format, ret_error); break;
    }
    if (status != CRUSH_OK) {
        crush_close(picture);
        return status;
    }
    picture->info.frames = animation_count(data, size_bytes, &options->limits);
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
