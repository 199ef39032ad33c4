/*
 * WebP for animation.c: the container is read by libwebp's demuxer, frames are decoded by libwebp, one at a time, and
 * composed by us, so that limits hold and only what is asked for is decoded. A frame outside of its canvas makes the
 * file one that the demuxer refuses, as browsers do. Source: WebP Container Specification.
 */
#include <string.h>

#include <webp/decode.h>
#include <webp/demux.h>

#include "crush/formats/animation.h"
#include "crush/pixels/bytes.h"
#include "crush/pixels/check.h"
#include "crush/pixels/scratch.h"

enum { CANVAS_AT = 24, HEADER_BYTES = 30 };

struct webp_state {
    WebPDemuxer *demux;
    uint8_t *pixels; /* one frame */
    size_t room;
};

crush_status animation_webp_begin(struct animation *a, crush_error *ret_error)
{
    const WebPData file = {a->data, a->size};
    WebPDemuxState state;
    struct webp_state *s = scratch_alloc_zeroed(sizeof *s);
    if (!s)
        return crush_fail(ret_error, CRUSH_ENOMEM, "out of memory");
    a->state = s;
    if (a->size < HEADER_BYTES || memcmp(a->data + 12, "VP8X", 4) != 0)
        return CRUSH_OK; /* does not move */
    crush_status status = check_size(a->limits, 1 + bytes_little_24(a->data + CANVAS_AT),
                                     1 + bytes_little_24(a->data + CANVAS_AT + 3), ret_error);
    if (status != CRUSH_OK)
        return status;
    s->demux = WebPDemuxPartial(&file, &state);
    if (!s->demux)
        return crush_fail(ret_error, CRUSH_ECORRUPT, "WebP: the animation is damaged");
    if (!(WebPDemuxGetI(s->demux, WEBP_FF_FORMAT_FLAGS) & ANIMATION_FLAG))
        return CRUSH_OK;
    a->truncated = state != WEBP_DEMUX_DONE;
    a->width_px = WebPDemuxGetI(s->demux, WEBP_FF_CANVAS_WIDTH);
    a->height_px = WebPDemuxGetI(s->demux, WEBP_FF_CANVAS_HEIGHT);
    a->plays = WebPDemuxGetI(s->demux, WEBP_FF_LOOP_COUNT);
    WebPIterator it;
    size_t number = 1;
    for (int more = WebPDemuxGetFrame(s->demux, 1, &it); more && status == CRUSH_OK; more = WebPDemuxNextFrame(&it)) {
        const struct animation_frame frame = {
            .left_px = (uint32_t)it.x_offset,
            .top_px = (uint32_t)it.y_offset,
            .width_px = (uint32_t)it.width,
            .height_px = (uint32_t)it.height,
            .duration_ms = (uint32_t)it.duration,
            .disposal = it.dispose_method == WEBP_MUX_DISPOSE_BACKGROUND ? ANIMATION_CLEAR : ANIMATION_KEEP,
            .over = it.blend_method == WEBP_MUX_BLEND,
            .opaque = !it.has_alpha,
            .at = number++};
        status = animation_add(a, &frame, ret_error);
    }
    WebPDemuxReleaseIterator(&it);
    WebPChunkIterator chunk;
    if (status == CRUSH_OK && WebPDemuxGetI(s->demux, WEBP_FF_FORMAT_FLAGS) & ICCP_FLAG &&
        WebPDemuxGetChunk(s->demux, "ICCP", 1, &chunk)) {
        a->profile = chunk.chunk.bytes;
        a->profile_bytes = chunk.chunk.size;
        WebPDemuxReleaseChunkIterator(&chunk);
    }
    if (status == CRUSH_OK && !a->count)
        return crush_fail(ret_error, CRUSH_ECORRUPT, "WebP: no frame");
    return status;
}

crush_status animation_webp_draw(struct animation *a, const struct animation_frame *frame, int *ret_drawn,
                                 crush_error *ret_error)
{
    struct webp_state *s = a->state;
    const size_t bytes = (size_t)frame->width_px * frame->height_px * 4;
    WebPIterator it;
    if (bytes > s->room) {
        scratch_free(s->pixels);
        s->pixels = scratch_alloc(bytes);
        s->room = s->pixels ? bytes : 0;
        if (!s->pixels)
            return crush_fail(ret_error, CRUSH_ENOMEM, "out of memory");
    }
    *ret_drawn = 0;
    if (!WebPDemuxGetFrame(s->demux, (int)frame->at, &it))
        return CRUSH_OK;
    int width = 0, height = 0;
    if (it.complete && WebPGetInfo(it.fragment.bytes, it.fragment.size, &width, &height) &&
        (uint32_t)width == frame->width_px && (uint32_t)height == frame->height_px &&
        WebPDecodeRGBAInto(it.fragment.bytes, it.fragment.size, s->pixels, bytes, (int)frame->width_px * 4)) {
        for (uint32_t y = 0; y < frame->height_px; y++)
            animation_put(a, frame, frame->left_px, frame->top_px + y, s->pixels + (size_t)y * frame->width_px * 4,
                          frame->width_px);
        *ret_drawn = 1;
    }
    WebPDemuxReleaseIterator(&it);
    return CRUSH_OK;
}

void animation_webp_end(struct animation *a)
{
    struct webp_state *s = a->state;
    if (!s)
        return;
    WebPDemuxDelete(s->demux);
    scratch_free(s->pixels);
    scratch_free(s);
}
