/*
 * The first frame of a GIF on its canvas, row by row; only an interlaced frame is held whole, as indices.
 * A canvas that is smaller than its first frame grows to hold it, as browsers do it. Later frames, comments
 * and application blocks are not read. Source: GIF89a. Before: open.c. Next: intake.c.
 */
#include "crush/formats/decode_gif.h"

#include <stdlib.h>
#include <string.h>

#include <gif_lib.h>

#include "crush/pixels/intake.h"
#include "crush/pixels/check.h"

struct reader {
    const uint8_t *data;
    size_t size, at;
    int in_frame; /* only data blocks are read from here on */
};

static int read_bytes(GifFileType *gif, GifByteType *to, int count)
{
    struct reader *reader = gif->UserData;
    const size_t left = reader->size - reader->at;
    const size_t n = count < 0 ? 0 : (size_t)count < left ? (size_t)count : left;
    memcpy(to, reader->data + reader->at, n);
    reader->at += n;
    /* A block that is cut off is shortened to what is there, or giflib would not use any of it. A
     * length is what giflib reads by single bytes there. */
    if (reader->in_frame && n == 1 && to[0] > left - 1)
        to[0] = (GifByteType)(left - 1);
    return (int)n;
}

/* Walks to the first frame. *ret_transparent is its transparent index, -1: none. */
static crush_status find_frame(GifFileType *gif, const crush_limits *limits, int *ret_transparent,
                               crush_error *ret_error)
{
    int transparent = -1;
    for (;;) {
        GifRecordType type;
        GifByteType *block;
        int code;
        GraphicsControlBlock control;
        if (DGifGetRecordType(gif, &type) == GIF_ERROR || type == TERMINATE_RECORD_TYPE)
            return crush_fail(ret_error, CRUSH_ECORRUPT, "GIF: no frame");
        if (type == IMAGE_DESC_RECORD_TYPE)
            break;
        if (type != EXTENSION_RECORD_TYPE)
            continue;
        if (DGifGetExtension(gif, &code, &block) == GIF_ERROR)
            return crush_fail(ret_error, CRUSH_ECORRUPT, "GIF: a damaged extension before the first frame");
        if (block && code == GRAPHICS_EXT_FUNC_CODE &&
            DGifExtensionToGCB((size_t)block[0], block + 1, &control) == GIF_OK)
            transparent = control.TransparentColor;
        while (block)
            if (DGifGetExtensionNext(gif, &block) == GIF_ERROR)
                return crush_fail(ret_error, CRUSH_ECORRUPT, "GIF: a damaged extension before the first frame");
        const crush_status status = check_deadline(limits, ret_error);
        if (status != CRUSH_OK)
            return status;
    }
    if (DGifGetImageDesc(gif) == GIF_ERROR)
        return crush_fail(ret_error, CRUSH_ECORRUPT, "GIF: a damaged frame header");
    *ret_transparent = transparent;
    return CRUSH_OK;
}

static crush_status read_header(GifFileType *gif, const crush_limits *limits, int *ret_transparent, crush_info *info,
                                crush_error *ret_error)
{
    crush_status status = find_frame(gif, limits, ret_transparent, ret_error);
    if (status != CRUSH_OK)
        return status;
    const GifImageDesc *frame = &gif->Image;
    if (frame->Width < 0 || frame->Height < 0 || frame->Left < 0 || frame->Top < 0)
        return crush_fail(ret_error, CRUSH_ECORRUPT, "GIF: a damaged frame header");
    const int right = frame->Left + frame->Width, bottom = frame->Top + frame->Height;
    info->source_width_px = (uint32_t)(gif->SWidth > right ? gif->SWidth : right);
    info->source_height_px = (uint32_t)(gif->SHeight > bottom ? gif->SHeight : bottom);
    info->has_alpha = *ret_transparent >= 0 || (uint32_t)frame->Width < info->source_width_px ||
                      (uint32_t)frame->Height < info->source_height_px;
    return check_size(limits, info->source_width_px, info->source_height_px, ret_error);
}

static GifFileType *gif_open(struct reader *reader, crush_error *ret_error)
{
    int code = 0;
    GifFileType *gif = DGifOpen(reader, read_bytes, &code);
    if (!gif)
        crush_fail(ret_error, CRUSH_ECORRUPT, "GIF: no usable header");
    return gif;
}

crush_status probe_gif(const uint8_t *data, size_t size_bytes, const crush_limits *limits, crush_info *info,
                       crush_error *ret_error)
{
    struct reader reader = {.data = data, .size = size_bytes};
    int transparent;
    GifFileType *gif = gif_open(&reader, ret_error);
    if (!gif)
        return CRUSH_ECORRUPT;
    const crush_status status = read_header(gif, limits, &transparent, info, ret_error);
    DGifCloseFile(gif, NULL);
    return status;
}

/* The palette; colours that it lacks are transparent, and without any palette indices are shades of gray. */
static void palette_read(const GifFileType *gif, int transparent, uint8_t rgba[256 * 4])
{
    const ColorMapObject *map = gif->Image.ColorMap ? gif->Image.ColorMap : gif->SColorMap;
    memset(rgba, 0, 256 * 4);
    for (int i = 0; i < (map ? map->ColorCount : 256) && i < 256; i++) {
        rgba[4 * i] = map ? map->Colors[i].Red : (uint8_t)i;
        rgba[4 * i + 1] = map ? map->Colors[i].Green : (uint8_t)i;
        rgba[4 * i + 2] = map ? map->Colors[i].Blue : (uint8_t)i;
        rgba[4 * i + 3] = 255;
    }
    if (transparent >= 0 && transparent < 256)
        rgba[4 * transparent + 3] = 0;
}

/* Position in the picture of the row that comes as number `row` of an interlaced frame. */
static int interlaced_row(int row, int height)
{
    static const int first[4] = {0, 4, 2, 1}, step[4] = {8, 8, 4, 2};
    for (int pass = 0; pass < 4; pass++) {
        const int rows = height > first[pass] ? (height - first[pass] + step[pass] - 1) / step[pass] : 0;
        if (row < rows)
            return first[pass] + row * step[pass];
        row -= rows;
    }
    return height - 1;
}

/* How far the frame's data has been read. */
struct progress {
    int started; /* a pixel has come */
    int failed;
    uint32_t missing_rows; /* of which the end, or all, did not come */
};

/* Reads a row of the frame. Pixels that do not come keep what *row held. */
static void row_read(GifFileType *gif, uint8_t *row, struct progress *progress)
{
    int width = gif->Image.Width;
    if (!progress->started && !progress->failed) { /* one pixel by itself, to know whether there is any */
        progress->failed = DGifGetLine(gif, row++, 1) == GIF_ERROR;
        progress->started = !progress->failed;
        width--;
    }
    if (width > 0 && !progress->failed)
        progress->failed = DGifGetLine(gif, row, width) == GIF_ERROR;
    progress->missing_rows += (uint32_t)progress->failed;
}

/* Reads the frame's rows and pushes canvas rows. held: the whole frame, where it is interlaced, else one row. */
static crush_status frame_read(GifFileType *gif, struct intake *intake, const struct intake_palette *palette,
                               uint32_t canvas_height_px, uint8_t *held, struct progress *progress,
                               crush_error *ret_error)
{
    const GifImageDesc *frame = &gif->Image;
    const uint32_t left = (uint32_t)frame->Left, top = (uint32_t)frame->Top, width = (uint32_t)frame->Width;
    crush_status status = CRUSH_OK;
    for (int row = 0; frame->Interlace && width && row < frame->Height && status == CRUSH_OK; row++) {
        row_read(gif, held + (size_t)interlaced_row(row, frame->Height) * width, progress);
        if (row % 64 == 0)
            status = check_deadline(&intake->options->limits, ret_error);
    }
    for (uint32_t y = 0; y < canvas_height_px && status == CRUSH_OK; y++) {
        const int inside = width && y >= top && y - top < (uint32_t)frame->Height;
        const uint8_t *from = held;
        if (inside && frame->Interlace)
            from += (size_t)(y - top) * width;
        else if (inside)
            row_read(gif, held, progress);
        /* the row in which the data ended is shown, those after it are not */
        intake_push_indices(intake, from, left, inside && (frame->Interlace || progress->missing_rows <= 1) ? width : 0,
                            palette);
        if (y % 64 == 0)
            status = check_deadline(&intake->options->limits, ret_error);
    }
    return status;
}

crush_status decode_gif(const uint8_t *data, size_t size_bytes, const crush_open_options *options,
                        crush_picture *picture, crush_error *ret_error)
{
    struct reader reader = {.data = data, .size = size_bytes};
    struct intake intake = {0};
    struct intake_palette palette;
    uint8_t rgba[256 * 4], *held = NULL;
    struct progress progress = {0};
    int transparent;
    GifFileType *gif = gif_open(&reader, ret_error);
    if (!gif)
        return CRUSH_ECORRUPT;
    crush_status status = read_header(gif, &options->limits, &transparent, &picture->info, ret_error);
    if (status != CRUSH_OK)
        goto out;
    const GifImageDesc *frame = &gif->Image;
    const uint32_t width = picture->info.source_width_px, height = picture->info.source_height_px;
    const size_t held_bytes = (size_t)frame->Width * (frame->Interlace ? (size_t)frame->Height : 1);
    const struct intake_plane source = intake_plane_whole(width, height);
    intake_plan(&intake, options, COLOUR_RGB, 0, NULL, width, height);
    status = intake_begin_pixels(&intake, &source, held_bytes, ret_error);
    if (status != CRUSH_OK)
        goto out;
    held = malloc(held_bytes + 1);
    if (!held) {
        status = crush_fail(ret_error, CRUSH_ENOMEM, "out of memory");
        goto out;
    }
    memset(held, transparent >= 0 ? transparent : gif->SBackGroundColor, held_bytes);
    reader.in_frame = 1;
    palette_read(gif, transparent, rgba);
    intake_palette_make(&intake, rgba, &palette);
    status = frame_read(gif, &intake, &palette, height, held, &progress, ret_error);
    if (status == CRUSH_OK && progress.failed && !progress.started)
        status = crush_fail(ret_error, CRUSH_ECORRUPT, "GIF: the first frame cannot be decoded");
    if (status == CRUSH_OK)
        status = intake_finish(&intake, 1, picture, ret_error);
    if (status == CRUSH_OK)
        picture->info.truncated = progress.failed;
out:
    free(held);
    intake_end(&intake);
    DGifCloseFile(gif, NULL);
    return status;
}
