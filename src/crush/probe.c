/*
 * crush_sniff and crush_probe: what a file is and claims to be, told by its first bytes and headers. No pixel is
 * decoded here. Next: open.c.
 */
#include "crush/formats/animation.h"
#include "crush/formats/decode_jpeg.h"
#include "crush/formats/decode_png.h"
#include "crush/formats/decode_webp.h"
#include "crush/formats/decode_gif.h"
#include "crush/formats/decode_heif.h"
#include "crush/formats/foreign.h"
#include "crush/formats/heif_file.h"
#include "crush/pixels/check.h"

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
    crush_format format;
    return heif_brands_read(d, size_bytes, &format) ? format : CRUSH_FORMAT_UNKNOWN;
}

crush_status crush_probe(const void *data, size_t size_bytes, const crush_limits *limits, crush_info *ret_info,
                         crush_error *ret_error)
{
    crush_open_options defaults;
    if (!limits) {
        crush_open_options_init(&defaults);
        limits = &defaults.limits;
    }
    crush_info info = {.format = crush_sniff(data, size_bytes), .source_bytes = size_bytes, .orientation = 1};
    crush_status status = check_input(limits, size_bytes, ret_error);
    if (status != CRUSH_OK)
        return status;
    switch (info.format) {
    case CRUSH_FORMAT_JPEG: status = probe_jpeg(data, size_bytes, limits, &info, ret_error); break;
    case CRUSH_FORMAT_PNG: status = probe_png(data, size_bytes, limits, &info, ret_error); break;
    case CRUSH_FORMAT_WEBP: status = probe_webp(data, size_bytes, limits, &info, ret_error); break;
    case CRUSH_FORMAT_GIF: status = probe_gif(data, size_bytes, limits, &info, ret_error); break;
#if CRUSH_WITH_HEIF
    case CRUSH_FORMAT_HEIC:
    case CRUSH_FORMAT_AVIF: status = probe_heif(data, size_bytes, limits, &info, ret_error); break;
#endif
    default: status = foreign_refuse(data, size_bytes, info.format, ret_error); break;
    }
    if (status != CRUSH_OK)
        return status;
    info.width_px = info.source_width_px;
    info.height_px = info.source_height_px;
    info.frames = animation_count(data, size_bytes, limits);
    *ret_info = info;
    return CRUSH_OK;
}
