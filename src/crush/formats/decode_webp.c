/*
 * WebP to a working picture with libwebp, shrunk by libwebp's own area average where the ratio is large. Lossy
 * pictures without opacity and profile stay planar. Of an animation the first frame is shown on its canvas.
 * The picture is held whole at the size that libwebp shrinks it to (lossless ones also at full size inside
 * libwebp), within the memory limit. Before: open.c. Next: intake.c.
 */
#include "crush/formats/decode_webp.h"

#include <string.h>

#include <webp/decode.h>
#include <webp/demux.h>

#include "crush/pixels/intake.h"
#include "crush/pixels/bytes.h"
#include "crush/pixels/check.h"
#include "crush/pixels/scratch.h"

enum { SLICE_BYTES = 1 << 18 /* decoded between two looks at the deadline */ };

static crush_status header_read(const uint8_t *data, size_t size, const crush_limits *limits,
                                WebPBitstreamFeatures *ret_features, crush_info *info, crush_error *ret_error)
{
    /* The canvas of an extended file first, as libwebp calls one that is too large damaged. */
    if (size >= 30 && memcmp(data + 12, "VP8X", 4) == 0) {
        const crush_status status =
            check_size(limits, 1 + bytes_little_24(data + 24), 1 + bytes_little_24(data + 27), ret_error);
        if (status != CRUSH_OK)
            return status;
    }
    const VP8StatusCode code = WebPGetFeatures(data, size, ret_features);
    if (code == VP8_STATUS_UNSUPPORTED_FEATURE)
        return crush_fail(ret_error, CRUSH_EUNSUPPORTED, "WebP: an unsupported variant");
    if (code != VP8_STATUS_OK)
        return crush_fail(ret_error, CRUSH_ECORRUPT, "WebP: no usable header");
    info->source_width_px = (uint32_t)ret_features->width;
    info->source_height_px = (uint32_t)ret_features->height;
    info->has_alpha = ret_features->has_alpha;
    return check_size(limits, info->source_width_px, info->source_height_px, ret_error);
}

/* The profile, a chunk of the extended format wherever it stands. *ret_profile points into data. The orientation that
 * EXIF may tell is not looked at: no browser turns a WebP. */
static void profile_find(const WebPDemuxer *demux, crush_info *info, WebPData *ret_profile)
{
    WebPChunkIterator chunk;
    if (WebPDemuxGetI(demux, WEBP_FF_FORMAT_FLAGS) & ICCP_FLAG && WebPDemuxGetChunk(demux, "ICCP", 1, &chunk)) {
        *ret_profile = chunk.chunk;
        WebPDemuxReleaseChunkIterator(&chunk);
    }
    info->has_profile = ret_profile->size > 0;
}

crush_status probe_webp(const uint8_t *data, size_t size_bytes, const crush_limits *limits, crush_info *info,
                        crush_error *ret_error)
{
    WebPBitstreamFeatures features;
    const crush_status status = header_read(data, size_bytes, limits, &features, info, ret_error);
    if (status != CRUSH_OK)
        return status;
    const WebPData file = {data, size_bytes};
    WebPData profile = {0};
    WebPDemuxState state;
    WebPDemuxer *demux = WebPDemuxPartial(&file, &state);
    if (demux)
        profile_find(demux, info, &profile);
    WebPDemuxDelete(demux);
    return CRUSH_OK;
}

/* One frame on a canvas, in source pixels. */
struct frame {
    WebPData bits;
    uint32_t left_px, top_px, width_px, height_px;
    uint32_t canvas_width_px, canvas_height_px;
    int has_alpha, lossless; /* lossless ones may be transparent whatever their headers say, which are only hints */
};

struct session {
    WebPDecoderConfig config;
    struct frame frame;
    struct intake intake;
    int decoded_rows; /* of the shrunken picture */
    int truncated;
};

/* Feeds libwebp by slices, so that the deadline is kept and a truncated file gives the rows it has. */
static crush_status frame_decode(struct session *s, crush_error *ret_error)
{
    const WebPData *bits = &s->frame.bits;
    crush_status status = CRUSH_OK;
    WebPIDecoder *decoder = WebPIDecode(NULL, 0, &s->config);
    if (!decoder)
        return crush_fail(ret_error, CRUSH_ENOMEM, "out of memory");
    VP8StatusCode code = VP8_STATUS_SUSPENDED;
    for (size_t have = 0; code == VP8_STATUS_SUSPENDED && have < bits->size && status == CRUSH_OK;) {
        have = bits->size - have < SLICE_BYTES ? bits->size : have + SLICE_BYTES;
        code = WebPIUpdate(decoder, bits->bytes, have);
        status = check_deadline(&s->intake.options->limits, ret_error);
    }
    int left, top, width, height;
    if (WebPIDecodedArea(decoder, &left, &top, &width, &height))
        s->decoded_rows = height;
    WebPIDelete(decoder);
    s->truncated = code != VP8_STATUS_OK;
    if (status == CRUSH_OK && code == VP8_STATUS_OUT_OF_MEMORY)
        return crush_fail(ret_error, CRUSH_ENOMEM, "out of memory");
    if (status == CRUSH_OK && s->decoded_rows <= 0)
        return crush_fail(ret_error, CRUSH_ECORRUPT, "WebP: no part of the picture can be decoded");
    return status;
}

/* By how much libwebp shall shrink: at least twice the working size must remain. */
static uint32_t shrink_factor(const struct session *s)
{
    const uint32_t x = s->frame.width_px / (2 * s->intake.width_px), y = s->frame.height_px / (2 * s->intake.height_px);
    const uint32_t factor = x < y ? x : y;
    return factor ? factor : 1;
}

static void config_scale(WebPDecoderConfig *config, uint32_t width_px, uint32_t height_px, uint32_t factor)
{
    config->output.width = (int)width_px;
    config->output.height = (int)height_px;
    if (factor == 1)
        return;
    config->output.width = config->options.scaled_width = (int)((width_px + factor - 1) / factor);
    config->output.height = config->options.scaled_height = (int)((height_px + factor - 1) / factor);
    config->options.use_scaling = 1;
}

/* ---- Planar: VP8's limited range to JPEG's full range by table ---- */

static void range_tables(uint8_t luma[256], uint8_t chroma[256])
{
    for (int i = 0; i < 256; i++) {
        const int y = ((i - 16) * 255 * 2 + 219) / (2 * 219), c = 128 * 224 + (i - 128) * 255;
        luma[i] = (uint8_t)(i < 16 ? 0 : y > 255 ? 255 : y);
        chroma[i] = (uint8_t)(c < 0 ? 0 : c >= 255 * 224 ? 255 : (c + 112) / 224);
    }
}

static crush_status decode_planes(struct session *s, crush_error *ret_error)
{
    WebPDecoderConfig *config = &s->config;
    const uint32_t factor = shrink_factor(s);
    config_scale(config, s->frame.width_px, s->frame.height_px, factor);
    const uint32_t w = (uint32_t)config->output.width, h = (uint32_t)config->output.height;
    const uint32_t cw = (w + 1) / 2, ch = (h + 1) / 2;
    const struct intake_plane luma = {w, h, w, h, factor, factor}, chroma = {cw, ch, w / 2.0, h / 2.0, factor, factor};
    const struct intake_plane sources[INTAKE_PLANES] = {luma, chroma, chroma};
    const uint64_t bytes = (uint64_t)w * h + 2 * (uint64_t)cw * ch + 64 * (uint64_t)s->frame.width_px;
    crush_status status = intake_begin(&s->intake, sources, bytes, ret_error);
    if (status != CRUSH_OK)
        return status;
    config->output.colorspace = MODE_YUV;
    status = frame_decode(s, ret_error);
    if (status != CRUSH_OK)
        return status;
    uint8_t tables[2][256];
    range_tables(tables[0], tables[1]);
    const WebPYUVABuffer *yuv = &config->output.u.YUVA;
    uint8_t *const planes[3] = {yuv->y, yuv->u, yuv->v};
    const int strides[3] = {yuv->y_stride, yuv->u_stride, yuv->v_stride};
    for (int p = 0; p < 3; p++) {
        const int rows = p ? (s->decoded_rows + 1) / 2 : s->decoded_rows;
        for (int y = 0; y < rows; y++) {
            uint8_t *row = planes[p] + (ptrdiff_t)y * strides[p];
            for (uint32_t x = 0; x < (p ? cw : w); x++)
                row[x] = tables[p > 0][row[x]];
            intake_push_plane(&s->intake, p, row);
        }
    }
    return CRUSH_OK;
}

/* ---- Pixels ---- */

static crush_status decode_pixels(struct session *s, crush_error *ret_error)
{
    WebPDecoderConfig *config = &s->config;
    const struct frame *f = &s->frame;
    const int whole = f->width_px == f->canvas_width_px && f->height_px == f->canvas_height_px;
    /* a frame that does not fill its canvas keeps its size, as it must meet the canvas's pixels */
    const uint32_t factor = whole ? shrink_factor(s) : 1;
    config_scale(config, f->width_px, f->height_px, factor);
    const uint32_t w = (uint32_t)config->output.width, h = (uint32_t)config->output.height;
    const uint32_t canvas_w = whole ? w : f->canvas_width_px, canvas_h = whole ? h : f->canvas_height_px;
    const uint32_t left = whole ? 0 : f->left_px, top = whole ? 0 : f->top_px;
    uint64_t bytes = (uint64_t)w * h * 4 + 4 * (uint64_t)canvas_w;
    if (f->lossless)
        bytes += 4 * (uint64_t)f->width_px * f->height_px;
    else if (f->has_alpha)
        bytes += (uint64_t)f->width_px * f->height_px;
    struct intake_plane source = intake_plane_whole(canvas_w, canvas_h);
    source.columns_box = source.rows_box = factor;
    crush_status status = intake_begin_pixels(&s->intake, &source, bytes, ret_error);
    if (status != CRUSH_OK)
        return status;
    config->output.colorspace = MODE_RGBA;
    status = frame_decode(s, ret_error);
    uint8_t *row = status == CRUSH_OK ? scratch_alloc_zeroed((size_t)canvas_w * 4) : NULL;
    if (status != CRUSH_OK || !row)
        return status != CRUSH_OK ? status : crush_fail(ret_error, CRUSH_ENOMEM, "out of memory");
    const uint8_t *pixels = config->output.u.RGBA.rgba;
    const int rows = s->decoded_rows < (int)h ? s->decoded_rows : (int)h;
    const uint32_t last = whole ? (uint32_t)rows : canvas_h;
    for (uint32_t y = 0; y < last; y++) {
        const int inside = y >= top && y - top < (uint32_t)rows;
        const uint8_t *from = pixels + (size_t)(y - top) * (size_t)config->output.u.RGBA.stride;
        if (inside && whole) {
            intake_push_pixels(&s->intake, from, 4);
            continue;
        }
        memset(row, 0, (size_t)canvas_w * 4);
        if (inside)
            memcpy(row + (size_t)left * 4, from, (size_t)w * 4);
        intake_push_pixels(&s->intake, row, 4);
    }
    scratch_free(row);
    return CRUSH_OK;
}

/* Finds the picture: the first frame of an animation, or the only one. Where the container is too damaged for the
 * demuxer, libwebp gets the file as it is. */
static void frame_find(const WebPDemuxer *demux, const WebPData *file, const WebPBitstreamFeatures *features,
                       struct frame *ret_frame)
{
    const uint32_t w = (uint32_t)features->width, h = (uint32_t)features->height;
    WebPIterator first;
    WebPBitstreamFeatures own;
    *ret_frame = (struct frame){.bits = *file,
                                .width_px = w,
                                .height_px = h,
                                .canvas_width_px = w,
                                .canvas_height_px = h,
                                .has_alpha = features->has_alpha,
                                .lossless = features->format == 2};
    if (!demux || !features->has_animation || !WebPDemuxGetFrame(demux, 1, &first))
        return;
    if (WebPGetFeatures(first.fragment.bytes, first.fragment.size, &own) == VP8_STATUS_OK &&
        (uint32_t)first.x_offset + (uint32_t)own.width <= w && (uint32_t)first.y_offset + (uint32_t)own.height <= h) {
        ret_frame->bits = first.fragment;
        ret_frame->left_px = (uint32_t)first.x_offset;
        ret_frame->top_px = (uint32_t)first.y_offset;
        ret_frame->width_px = (uint32_t)own.width;
        ret_frame->height_px = (uint32_t)own.height;
        ret_frame->lossless = own.format == 2;
        ret_frame->has_alpha = own.has_alpha || ret_frame->width_px < w || ret_frame->height_px < h;
    }
    WebPDemuxReleaseIterator(&first);
}

crush_status decode_webp(const uint8_t *data, size_t size_bytes, const crush_open_options *options,
                         crush_picture *picture, crush_error *ret_error)
{
    struct session s = {0};
    WebPBitstreamFeatures features;
    const WebPData file = {data, size_bytes};
    WebPData profile = {0};
    WebPDemuxState state;
    crush_status status = header_read(data, size_bytes, &options->limits, &features, &picture->info, ret_error);
    if (status != CRUSH_OK)
        return status;
    if (!WebPInitDecoderConfig(&s.config))
        return crush_fail(ret_error, CRUSH_EUNSUPPORTED, "WebP: the installed libwebp does not fit");
    WebPDemuxer *demux = WebPDemuxPartial(&file, &state);
    if (demux)
        profile_find(demux, &picture->info, &profile);
    frame_find(demux, &file, &features, &s.frame);
    picture->info.has_alpha = s.frame.has_alpha;
    struct colour *colour = profile.size ? colour_open_icc(profile.bytes, profile.size, COLOUR_RGB) : NULL;
    const int planar = !s.frame.has_alpha && !s.frame.lossless;
    intake_plan(&s.intake, options, planar ? COLOUR_YCC : COLOUR_RGB, !planar, colour, s.frame.canvas_width_px,
                s.frame.canvas_height_px);
    if (planar)
        status = decode_planes(&s, ret_error);
    else
        status = decode_pixels(&s, ret_error);
    if (status == CRUSH_OK)
        status = intake_finish(&s.intake, 1, picture, ret_error);
    if (status == CRUSH_OK)
        picture->info.truncated = s.truncated;
    WebPFreeDecBuffer(&s.config.output);
    WebPDemuxDelete(demux);
    intake_end(&s.intake);
    return status;
}
