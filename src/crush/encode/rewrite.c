/*
 * Lossless rewriting: see rewrite.h. Turning upright moves whole blocks and, inside each, exchanges rows with columns
 * and flips the signs of odd frequencies, so no coefficient changes its value.
 *
 * It refuses to mirror a picture along an edge that ends inside a block: the torn blocks would move to the other
 * side. What it writes comes from our own encoder; not one of the stranger's bytes is copied. Next: encode_jpeg.c.
 */
#include "crush/encode/rewrite.h"

#include <stdlib.h>
#include <string.h>

#include "crush/encode/encode_jpeg.h"
#include "crush/jpeg/reader.h"
#include "crush/jpeg/unfinished.h"
#include "crush/encode/jpeg_write.h"
#include "crush/encode/quantise.h"

/* What an orientation does, in this order: exchange rows and columns, then mirror. */
struct turn {
    int transposed, mirrored_x, mirrored_y;
};

static struct turn turn_of(int orientation)
{
    static const struct turn turns[9] = {
        [2] = {0, 1, 0}, [3] = {0, 1, 1}, [4] = {0, 0, 1}, [5] = {1, 0, 0},
        [6] = {1, 1, 0}, [7] = {1, 1, 1}, [8] = {1, 0, 1},
    };
    return turns[orientation >= 1 && orientation <= 8 ? orientation : 1];
}

struct session {
    struct turn turn;
    uint32_t width_px, height_px; /* upright */
    int components, luma_h, luma_v;
    struct levels levels[PLANE_COUNT];
    uint16_t steps[PLANE_COUNT][BLOCK_SIZE];
};

/* Natural position in the source of an upright zig-zag position. */
static int source_position(struct turn turn, int zigzag)
{
    int natural = dct_natural_order[zigzag];
    return turn.transposed ? natural % 8 * 8 + natural / 8 : natural;
}

static int sign_changes(struct turn turn, int zigzag)
{
    int u = dct_natural_order[zigzag] % 8, v = dct_natural_order[zigzag] / 8;
    return (turn.mirrored_x && u % 2) != (turn.mirrored_y && v % 2);
}

static void read_component(struct jpeg_reader *reader, struct session *s, int c, jvirt_barray_ptr array)
{
    struct jpeg_decompress_struct *cinfo = &reader->cinfo;
    const jpeg_component_info *from = &cinfo->comp_info[c];
    const struct turn turn = s->turn;
    const uint32_t columns = turn.transposed ? from->height_in_blocks : from->width_in_blocks;
    const uint32_t rows = turn.transposed ? from->width_in_blocks : from->height_in_blocks;
    struct levels *to = &s->levels[c];
    if (!from->quant_table)
        jpeg_reader_fail(reader,
                         crush_fail(reader->ret_error, CRUSH_ECORRUPT, "JPEG: a quantisation table is missing"));
    for (int k = 0; k < BLOCK_SIZE; k++)
        s->steps[c][k] = from->quant_table->quantval[source_position(turn, k)];
    if (levels_alloc(columns, rows, to) != CRUSH_OK)
        jpeg_reader_fail(reader, crush_fail(reader->ret_error, CRUSH_ENOMEM, "out of memory"));
    int position[BLOCK_SIZE], negated[BLOCK_SIZE];
    for (int k = 0; k < BLOCK_SIZE; k++) {
        position[k] = source_position(turn, k);
        negated[k] = sign_changes(turn, k);
    }
    uint32_t count = 0, b = 0;
    for (uint32_t row = 0; row < rows; row++)
        for (uint32_t column = 0; column < columns; column++, b++) {
            uint32_t x = turn.mirrored_x ? columns - 1 - column : column;
            uint32_t y = turn.mirrored_y ? rows - 1 - row : row;
            uint32_t from_x = turn.transposed ? y : x, from_y = turn.transposed ? x : y;
            const JCOEF *block =
                cinfo->mem->access_virt_barray((j_common_ptr)cinfo, array, from_y, 1, FALSE)[0][from_x];
            to->first[b] = count;
            to->dc[b] = block[0];
            for (int k = 1; k < BLOCK_SIZE; k++) {
                int value = block[position[k]];
                if (value)
                    to->ac[count++] =
                        (struct level){.value = (int16_t)(negated[k] ? -value : value), .position = (uint8_t)k};
            }
        }
    to->first[b] = count;
}

static int is_1_2_or_4(int factor)
{
    return factor == 1 || factor == 2 || factor == 4;
}

/* Sampling factors as upright luma has them, where chroma has 1×1. 0: another kind of sampling. */
static int read_sampling(const struct jpeg_decompress_struct *cinfo, struct session *s)
{
    const jpeg_component_info *comp = cinfo->comp_info;
    int h = 1, v = 1;
    if (cinfo->num_components == 3) {
        if (comp[1].h_samp_factor != comp[2].h_samp_factor || comp[1].v_samp_factor != comp[2].v_samp_factor ||
            comp[0].h_samp_factor % comp[1].h_samp_factor || comp[0].v_samp_factor % comp[1].v_samp_factor)
            return 0;
        h = comp[0].h_samp_factor / comp[1].h_samp_factor;
        v = comp[0].v_samp_factor / comp[1].v_samp_factor;
    }
    s->luma_h = s->turn.transposed ? v : h;
    s->luma_v = s->turn.transposed ? h : v;
    return is_1_2_or_4(h) && is_1_2_or_4(v) && h * v <= 4;
}

static void body(struct jpeg_reader *reader, void *context)
{
    struct session *s = context;
    struct jpeg_decompress_struct *cinfo = &reader->cinfo;
    jpeg_read_header(cinfo, TRUE);
    s->components = cinfo->num_components;
    if ((s->components != 1 && s->components != 3) || cinfo->arith_code || !read_sampling(cinfo, s))
        jpeg_reader_fail(reader,
                         crush_fail(reader->ret_error, CRUSH_EUNSUPPORTED, "JPEG: a kind that is not rewritten"));
    s->width_px = s->turn.transposed ? cinfo->image_height : cinfo->image_width;
    s->height_px = s->turn.transposed ? cinfo->image_width : cinfo->image_height;
    if ((s->turn.mirrored_x && s->width_px % (8 * (uint32_t)s->luma_h)) ||
        (s->turn.mirrored_y && s->height_px % (8 * (uint32_t)s->luma_v)))
        jpeg_reader_fail(reader, crush_fail(reader->ret_error, CRUSH_EUNSUPPORTED,
                                            "JPEG: turning it upright would tear blocks apart"));
    jvirt_barray_ptr *arrays = jpeg_read_coefficients(cinfo);
    if (reader->damaged)
        jpeg_reader_fail(reader, crush_fail(reader->ret_error, CRUSH_ECORRUPT, "JPEG: damaged"));
    for (int c = 0; c < s->components; c++)
        read_component(reader, s, c, arrays[c]);
}

/*
 * The lowest bits of AC that the source never sent, the same for all components that have any, and the components whose
 * AC was never sent at all: viewers smooth what is left, and that belongs to the look. 0: all bits of what was sent;
 * -1: something less regular.
 */
static int unsent_bits(const struct jpeg_outline *outline, const struct session *s, int ret_never[PLANE_COUNT])
{
    enum { MOST_UNSENT = 7 }; /* 255 << 7 is still a step */
    int unsent = -2;          /* nothing seen */
    memset(ret_never, 0, PLANE_COUNT * sizeof *ret_never);
    if (outline->sof != 2)
        return 0;
    for (int c = 0; c < s->components; c++) {
        int missing[JPEG_COEFFICIENTS], sent = 0;
        jpeg_missing_bits(outline, c, missing);
        for (int k = 1; k < BLOCK_SIZE; k++) {
            sent += missing[k] >= 0;
            if (missing[k] != missing[1] || missing[k] > MOST_UNSENT)
                return -1;
        }
        ret_never[c] = !sent;
        if (!sent || (missing[1] == 0 && !levels_any(&s->levels[c])))
            continue; /* no AC at all: never sent, or it is zero */
        if (unsent != -2 && unsent != missing[1])
            return -1;
        unsent = missing[1];
    }
    return unsent == -2 ? 0 : unsent;
}

static void keep_smaller(crush_picture *picture, unsigned char *data, size_t size_bytes, int progressive)
{
    if (picture->rewritten && size_bytes >= picture->rewritten_bytes) {
        free(data);
        return;
    }
    free(picture->rewritten);
    picture->rewritten = data;
    picture->rewritten_bytes = size_bytes;
    picture->rewritten_progressive = progressive;
}

/* Levels without the bits that were never sent, steps with them: as quantise() makes them. */
static void drop_unsent(struct session *s, int unsent)
{
    for (int c = 0; c < s->components; c++) {
        struct levels *levels = &s->levels[c];
        for (uint32_t i = 0; i < levels->first[levels->columns * levels->rows]; i++)
            levels->ac[i].value = (int16_t)(levels->ac[i].value / (1 << unsent));
        for (int k = 1; k < BLOCK_SIZE; k++)
            s->steps[c][k] = (uint16_t)(s->steps[c][k] << unsent);
    }
}

/* Whether every value is one that an 8-bit JPEG without its lowest bits can have; damaged files hold others. */
static int values_are_ordinary(const struct session *s, int unsent)
{
    enum { LIMIT = 1 << 10 };
    for (int c = 0; c < s->components; c++) {
        const struct levels *levels = &s->levels[c];
        const uint32_t blocks = levels->columns * levels->rows;
        for (uint32_t b = 0; b < blocks; b++)
            if (levels->dc[b] < -LIMIT || levels->dc[b] >= LIMIT)
                return 0;
        for (uint32_t i = 0; i < levels->first[blocks]; i++)
            if (levels->ac[i].value <= -LIMIT || levels->ac[i].value >= LIMIT || levels->ac[i].value % (1 << unsent))
                return 0;
    }
    return 1;
}

/*
 * With our own writer, for the usual kinds of sampling. unsent: 0 or more; never: AC of which components. The source
 * itself, where that is what one of the layouts comes to: what we once wrote stays the same, byte by byte.
 */
static crush_status write_own(struct session *s, const uint16_t *steps[PLANE_COUNT], int unsent,
                              const int never[PLANE_COUNT], const struct jpeg_piece *source, int *ret_is_ours,
                              crush_picture *picture)
{
    struct component_count counts[PLANE_COUNT];
    struct counted counted = {
        .levels = s->levels, .counts = counts, .components = s->components, .subsampled = s->luma_h == 2};
    int smoothed = unsent > 0;
    if (s->luma_h != s->luma_v || s->luma_h > 2 || !values_are_ordinary(s, unsent))
        return CRUSH_OK;
    drop_unsent(s, unsent);
    for (int c = 0; c < s->components; c++) {
        count_component(&s->levels[c], &counts[c]);
        counted.tables += steps[c] == s->steps[c];
        counted.smoothed[c] = never[c];
        smoothed |= never[c];
        for (int k = 0; k < BLOCK_SIZE; k++)
            if (s->steps[c][k] >> (k ? unsent : 0) > 255)
                return CRUSH_OK; /* a 16-bit table */
    }
    for (int layout = smoothed ? LAYOUT_PROGRESSIVE : LAYOUT_BASELINE; layout < LAYOUT_COUNT; layout++) {
        struct jpeg_code code;
        unsigned char *data;
        size_t size_bytes;
        count_jpeg_bytes(&counted, (enum layout)layout, &code);
        const struct jpeg_chosen image = {.width_px = s->width_px,
                                          .height_px = s->height_px,
                                          .components = s->components,
                                          .subsampled = s->luma_h == 2,
                                          .levels = s->levels,
                                          .steps = {steps[0], steps[1], steps[2]},
                                          .approx = unsent,
                                          .code = &code};
        crush_status status = jpeg_write(&image, &data, &size_bytes);
        if (status != CRUSH_OK)
            return status;
        *ret_is_ours = size_bytes == source->size && memcmp(data, source->data, size_bytes) == 0;
        if (*ret_is_ours) {
            free(picture->rewritten);
            picture->rewritten = NULL;
        }
        keep_smaller(picture, data, size_bytes, layout != LAYOUT_BASELINE);
        if (*ret_is_ours)
            break;
    }
    return CRUSH_OK;
}

/* Writes every layout, and the source's own scans; the smallest goes to the picture, or what was ours already. */
static crush_status write_smallest(struct session *s, const struct jpeg_outline *outline,
                                   const struct jpeg_piece *source, crush_picture *picture)
{
    int is_ours = 0;
    crush_status status = CRUSH_OK;
    int never[PLANE_COUNT];
    const int unsent = unsent_bits(outline, s, never), as_it_was = unsent || never[0] || never[1] || never[2];
    struct jpeg_image image = {.width_px = s->width_px,
                               .height_px = s->height_px,
                               .components = s->components,
                               .luma_h = s->luma_h,
                               .luma_v = s->luma_v,
                               .levels = s->levels};
    for (int c = 0; c < s->components; c++) {
        int same = 0;
        while (memcmp(s->steps[same], s->steps[c], sizeof s->steps[c]) != 0)
            same++;
        image.steps[c] = s->steps[same];
    }
    picture->rewritten_quality = quality_of_table(s->steps[0]);
    if (unsent >= 0 && !as_it_was)
        status = write_own(s, image.steps, unsent, never, source, &is_ours, picture);
    if (status != CRUSH_OK || is_ours)
        return status;
    for (int layout = as_it_was ? LAYOUT_COUNT : 0; layout <= LAYOUT_COUNT; layout++) {
        unsigned char *data;
        size_t size_bytes;
        image.layout = (enum layout)(layout % LAYOUT_COUNT);
        if (layout == LAYOUT_COUNT) {
            if (outline->sof != 2 || !outline->scan_count)
                break;
            image.scans = outline->scans;
            image.scan_count = outline->scan_count;
        }
        status = encode_jpeg(&image, &data, &size_bytes);
        if (status == CRUSH_EUNSUPPORTED && image.scans)
            break; /* a script that libjpeg does not write */
        if (status != CRUSH_OK)
            return status;
        keep_smaller(picture, data, size_bytes, layout != LAYOUT_BASELINE);
    }
    status = CRUSH_OK;
    if (unsent >= 0 && as_it_was) /* last, as it drops what was never sent */
        status = write_own(s, image.steps, unsent, never, source, &is_ours, picture);
    if (status == CRUSH_OK && !picture->rewritten)
        return CRUSH_EUNSUPPORTED;
    return status;
}

crush_status jpeg_rewrite(const void *data, size_t size_bytes, int orientation, const struct jpeg_outline *outline,
                          const crush_limits *limits, crush_picture *picture, crush_error *ret_error)
{
    struct jpeg_reader reader;
    const struct jpeg_piece whole = {data, size_bytes};
    struct session session = {.turn = turn_of(orientation)};
    crush_status status = jpeg_reader_run(&reader, &whole, 1, limits, ret_error, body, &session);
    if (status == CRUSH_OK) {
        status = write_smallest(&session, outline, &whole, picture);
        if (status != CRUSH_OK) {
            free(picture->rewritten);
            picture->rewritten = NULL;
            crush_fail(ret_error, status, status == CRUSH_ENOMEM ? "out of memory" : N_("JPEG: cannot be rewritten"));
        }
    }
    for (int c = 0; c < PLANE_COUNT; c++)
        levels_free(&session.levels[c]);
    return status;
}
