/*
 * APNG for animation.c: a chunk walk of our own finds the frames (fcTL, fdAT), and libpng reads each as a PNG of its
 * own, as png_chunks.c presents it. A control chunk that says what cannot be, or out of its sequence, ends the
 * animation there; if no frame stands before it, the file is refused as one. Colours are converted by who uses the
 * canvas. Source: PNG, third edition (W3C), 11.3.6. Next: png_chunks.c.
 */
#include <setjmp.h>
#include <stdlib.h>
#include <string.h>

#include "crush/formats/animation.h"
#include "crush/formats/png_chunks.h"
#include "crush/formats/png_setup.h"
#include "crush/pixels/bytes.h"
#include "crush/pixels/check.h"
#include "crush/pixels/cicp.h"
#include "crush/pixels/scratch.h"

enum {
    SIGNATURE_BYTES = 8,
    FRAME_BYTES = 12, /* of a chunk besides its body */
    CONTROL_BODY_BYTES = 26,
    ANIMATION_BODY_BYTES = 8,
    DELAY_PARTS = 100, /* of a second, where none are named */
    ROWS_PER_LOOK = 256,
    DISPOSAL_COUNT = 3,
    BLEND_COUNT = 2
};

struct png_state {
    struct png_chunks chunks;
    uint8_t *rows; /* one row, or a whole frame that is interlaced */
    size_t room;
    int interlaced;           /* the frame that is being read */
    struct png_source source; /* of it */
    crush_status status;
    crush_error *ret_error;
};

static int is(const uint8_t *chunk, const char type[5])
{
    return memcmp(chunk + 4, type, 4) == 0;
}

/* ---- The walk ---- */

struct walk {
    int animated, data_seen; /* acTL, IDAT */
    int pending;             /* a frame waits for its data */
    uint32_t sequence;       /* the next number */
    struct animation_frame frame;
    const char *fault; /* what ended it */
};

/* Of the body of fcTL; 0: it cannot be. */
static int control_read(const struct animation *a, const uint8_t *body, struct walk *w)
{
    struct animation_frame f = {.width_px = bytes_big_32(body + 4),
                                .height_px = bytes_big_32(body + 8),
                                .left_px = bytes_big_32(body + 12),
                                .top_px = bytes_big_32(body + 16),
                                .disposal = body[24],
                                .over = body[25] == 1};
    const uint32_t parts = bytes_big_16(body + 22) ? bytes_big_16(body + 22) : DELAY_PARTS;
    f.duration_ms = (bytes_big_16(body + 20) * 1000 + parts / 2) / parts;
    w->fault = N_("a frame with a number out of its sequence");
    if (bytes_big_32(body) != w->sequence)
        return 0;
    w->fault = N_("a frame without pixels");
    if (!f.width_px || !f.height_px)
        return 0;
    w->fault = N_("a frame outside of its canvas");
    if (f.left_px > a->width_px || f.top_px > a->height_px || f.width_px > a->width_px - f.left_px ||
        f.height_px > a->height_px - f.top_px)
        return 0;
    w->fault = N_("a first frame that is not the picture");
    if (!w->data_seen && (f.width_px != a->width_px || f.height_px != a->height_px))
        return 0;
    w->fault = N_("an unknown way to lay a frame");
    if (body[24] >= DISPOSAL_COUNT || body[25] >= BLEND_COUNT)
        return 0;
    w->fault = NULL;
    w->sequence++;
    w->frame = f;
    w->pending = 1;
    return 1;
}

/* One chunk. 0: the animation ends with it. */
static int chunk_take(struct animation *a, size_t at, uint32_t length, struct walk *w, crush_status *status,
                      crush_error *ret_error)
{
    const uint8_t *chunk = a->data + at, *body = chunk + 8;
    if (is(chunk, "acTL") && length == ANIMATION_BODY_BYTES && !w->data_seen) {
        w->animated = bytes_big_32(body) > 0;
        a->plays = bytes_big_32(body + 4);
    } else if (is(chunk, "fcTL") && w->animated) {
        if (length != CONTROL_BODY_BYTES)
            w->fault = N_("a damaged frame header");
        return length == CONTROL_BODY_BYTES && control_read(a, body, w);
    } else if (is(chunk, "IDAT")) {
        if (w->pending && !w->data_seen) {
            w->frame.at = 0; /* the picture itself */
            *status = animation_add(a, &w->frame, ret_error);
            w->pending = 0;
        }
        w->data_seen = 1;
    } else if (is(chunk, "fdAT") && w->animated) {
        if (length < 4 || bytes_big_32(body) != w->sequence) {
            w->fault = N_("data with a number out of its sequence");
            return 0;
        }
        w->sequence++;
        if (w->pending) {
            w->frame.at = at;
            *status = animation_add(a, &w->frame, ret_error);
            w->pending = 0;
        }
    }
    return *status == CRUSH_OK && !is(chunk, "IEND");
}

/* ---- Pixels ---- */

static void on_error(png_structp png, png_const_charp message)
{
    (void)message;
    png_longjmp(png, 1);
}

static void on_warning(png_structp png, png_const_charp message)
{
    (void)png;
    (void)message;
}

/* What the file says of its colours, once: as decode_png.c has it, for what browsers compose in 8 bits. */
static void colour_read(png_structp png, png_infop info, struct animation *a, const struct png_chunks *c)
{
    png_charp name;
    png_bytep profile;
    png_uint_32 size;
    int method, intent;
    double *xy = a->primaries;
    if (a->light || a->profile || a->has_gamma)
        return;
    if (c->has_cicp) {
        a->light = cicp_open(c->primaries, c->transfer);
        if (a->light && c->peak_cd_m2 > 0)
            light_set_peak(a->light, c->peak_cd_m2);
    } else if (png_get_iCCP(png, info, &name, &method, &profile, &size)) {
        a->own_profile = malloc(size);
        if (!a->own_profile)
            return;
        memcpy(a->own_profile, profile, size);
        a->profile = a->own_profile;
        a->profile_bytes = size;
    } else if (!png_get_sRGB(png, info, &intent) && png_get_gAMA(png, info, &a->gamma)) {
        a->has_gamma = 1;
        a->has_primaries = png_get_cHRM(png, info, &xy[0], &xy[1], &xy[2], &xy[3], &xy[4], &xy[5], &xy[6], &xy[7]) != 0;
    }
}

static _Noreturn void fail(png_structp png, struct png_state *s, crush_status status)
{
    s->status = status;
    png_longjmp(png, 1);
}

/* Pixels of passes that are cut off leave what was there: they are transparent, or what was there where that replaces
 * it. */
static void rows_begin(const struct animation *a, const struct animation_frame *f, uint8_t *rows)
{
    const size_t row_bytes = (size_t)f->width_px * 4;
    for (size_t y = 0; y < f->height_px; y++)
        if (f->over && !f->opaque)
            memset(rows + y * row_bytes, 0, row_bytes);
        else
            memcpy(rows + y * row_bytes, a->canvas + ((f->top_px + y) * a->width_px + f->left_px) * 4, row_bytes);
}

/* Everything that may leave by a jump. */
static void body_read(png_structp png, png_infop info, struct animation *a, const struct animation_frame *f,
                      int *ret_drawn)
{
    struct png_state *s = a->state;
    png_read_info(png, info);
    colour_read(png, info, a, &s->chunks);
    png_set_scale_16(png);
    png_set_expand(png);
    png_set_gray_to_rgb(png);
    png_set_add_alpha(png, 255, PNG_FILLER_AFTER);
    const int passes = png_set_interlace_handling(png);
    png_read_update_info(png, info);
    const size_t row_bytes = (size_t)f->width_px * 4, bytes = row_bytes * (passes > 1 ? f->height_px : 1);
    if (png_get_rowbytes(png, info) != row_bytes)
        fail(png, s, CRUSH_OK); /* the picture's header says otherwise than the frame's */
    if (bytes > s->room) {
        scratch_free(s->rows);
        s->rows = scratch_alloc(bytes);
        s->room = s->rows ? bytes : 0;
        if (!s->rows)
            fail(png, s, crush_fail(s->ret_error, CRUSH_ENOMEM, "out of memory"));
    }
    s->interlaced = passes > 1;
    if (s->interlaced)
        rows_begin(a, f, s->rows);
    for (int pass = 0; pass < passes; pass++)
        for (uint32_t y = 0; y < f->height_px; y++) {
            uint8_t *row = s->rows + (s->interlaced ? y * row_bytes : 0);
            png_read_row(png, row, NULL);
            if (!s->interlaced)
                animation_put(a, f, f->left_px, f->top_px + y, row, f->width_px);
            *ret_drawn = 1;
            const crush_status status = y % ROWS_PER_LOOK ? CRUSH_OK : check_deadline(a->limits, s->ret_error);
            if (status != CRUSH_OK)
                fail(png, s, status);
        }
}

crush_status animation_png_draw(struct animation *a, const struct animation_frame *frame, int *ret_drawn,
                                crush_error *ret_error)
{
    struct png_state *s = a->state;
    struct png_chunks chunks = s->chunks;
    chunks.default_hidden = frame->at > 0;
    chunks.data_at = frame->at;
    chunks.frame = (struct png_frame){frame->left_px, frame->top_px, frame->width_px, frame->height_px};
    s->source = png_source_begin(a->data, a->size, &chunks);
    s->status = CRUSH_OK;
    s->interlaced = 0;
    s->ret_error = ret_error;
    png_structp png = png_create_read_struct(PNG_LIBPNG_VER_STRING, s, on_error, on_warning);
    png_infop info = png ? png_create_info_struct(png) : NULL;
    if (!info) {
        s->status = crush_fail(ret_error, CRUSH_ENOMEM, "out of memory");
    } else if (setjmp(png_jmpbuf(png)) == 0) {
        png_setup(png, &s->source, a->width_px, a->height_px, PNG_CRC_QUIET_USE, PNG_CRC_QUIET_USE);
        body_read(png, info, a, frame, ret_drawn);
    } else {
        a->truncated = 1;
    }
    png_destroy_read_struct(&png, &info, NULL);
    for (uint32_t y = 0; s->interlaced && *ret_drawn && y < frame->height_px; y++) /* as far as passes came */
        animation_put(a, frame, frame->left_px, frame->top_px + y, s->rows + (size_t)y * frame->width_px * 4,
                      frame->width_px);
    return s->status;
}

crush_status animation_png_begin(struct animation *a, crush_error *ret_error)
{
    struct walk w = {0};
    struct png_state *s = scratch_alloc_zeroed(sizeof *s);
    if (!s)
        return crush_fail(ret_error, CRUSH_ENOMEM, "out of memory");
    a->state = s;
    if (!png_chunks_read(a->data, a->size, &s->chunks))
        return crush_fail(ret_error, CRUSH_ECORRUPT, "PNG: no header chunk");
    a->width_px = s->chunks.width_px;
    a->height_px = s->chunks.height_px;
    a->orientation = s->chunks.orientation;
    crush_status status = check_size(a->limits, a->width_px, a->height_px, ret_error);
    size_t at = SIGNATURE_BYTES;
    for (int more = 1; more && status == CRUSH_OK && a->size - at >= FRAME_BYTES;) {
        const uint32_t length = bytes_big_32(a->data + at);
        const int cut = length > a->size - at - FRAME_BYTES;
        const int is_data = is(a->data + at, "IDAT") || is(a->data + at, "fdAT");
        /* what there is of the last data is worth a look */
        if (!cut || (is_data && a->size - at >= FRAME_BYTES + 4))
            more = chunk_take(a, at, cut ? (uint32_t)(a->size - at - 8) : length, &w, &status, ret_error);
        a->truncated |= cut;
        if (cut)
            break;
        at += FRAME_BYTES + (size_t)length;
    }
    a->truncated |= w.fault != NULL;
    if (status == CRUSH_OK && w.animated && !a->count)
        return crush_fail(ret_error, CRUSH_ECORRUPT, "PNG: %s", w.fault ? w.fault : N_("an animation without frames"));
    /* the same for all frames */
    const int opaque = !(s->chunks.colour_type & PNG_COLOR_MASK_ALPHA) && !s->chunks.transparency;
    for (uint32_t i = 0; i < a->count; i++)
        a->frames[i].opaque = (uint8_t)opaque;
    return status;
}

void animation_png_end(struct animation *a)
{
    struct png_state *s = a->state;
    if (!s)
        return;
    scratch_free(s->rows);
    scratch_free(s);
}
