/*
 * Many-scan JPEGs without decoding all of them. The scans that a shrunken picture cannot show are left out of
 * what libjpeg-turbo gets to read; from the coefficients that it then has, each block is rebuilt at 1, 2, 3, 4
 * or 8 pixels a side by an inverse DCT of that size, which is a better downscale than averaging pixels.
 * Scans that refine high bits are left out with the scan they refine, as their meaning depends on it.
 *
 * It refuses what libjpeg-turbo refuses, and more blocks over all scans than a picture can need. Before:
 * jpeg/outline.c. Next: intake.c.
 */
#include "crush/jpeg/coefficients.h"

#include <math.h>
#include <string.h>

#include "crush/jpeg/plan.h"
#include "crush/jpeg/reader.h"
#include "crush/pixels/check.h"
#include "crush/pixels/scratch.h"

enum {
    PRODUCT_MAX = 1 << 13, /* no honest dequantised coefficient is larger */
};

struct session {
    const struct jpeg_outline *outline;
    const int *eighths;
    struct intake *intake;
    uint8_t *rows;     /* eight pixel rows of the widest component */
    float basis[8][8]; /* [frequency][position] for the component at hand */
    /* Bits that no scan that was read has delivered, per component and zig-zag position. */
    uint8_t missing_bits[JPEG_COMPONENTS][DCTSIZE2];
};

static const uint8_t natural_order[DCTSIZE2] = {
    0,  1,  8,  16, 9,  2,  3,  10, 17, 24, 32, 25, 18, 11, 4,  5,  12, 19, 26, 33, 40, 48,
    41, 34, 27, 20, 13, 6,  7,  14, 21, 28, 35, 42, 49, 56, 57, 50, 43, 36, 29, 22, 15, 23,
    30, 37, 44, 51, 58, 59, 52, 45, 38, 31, 39, 46, 53, 60, 61, 54, 47, 55, 62, 63,
};

/* ---- Which scans ---- */

/* Cuts the file into the pieces that remain when unwanted scans are left out; returns their number. */
static size_t pieces_choose(const uint8_t *data, size_t size, struct session *s, struct jpeg_piece *ret_pieces,
                            uint64_t *ret_block_visits)
{
    static const uint8_t end_marker[2] = {0xFF, JPEG_EOI};
    const struct jpeg_outline *o = s->outline;
    struct jpeg_plan plan;
    int sizes[JPEG_COMPONENTS];
    size_t count = 0, from = 0, last_end = 0;
    jpeg_plan_begin(&plan);
    for (int c = 0; c < JPEG_COMPONENTS; c++)
        sizes[c] = c < o->component_count && s->intake->wanted[c] ? s->eighths[c] : 0;
    *ret_block_visits = 0;
    for (size_t i = 0; i < o->scan_count; i++) {
        const struct jpeg_scan *scan = &o->scans[i];
        if (jpeg_plan_wants(&plan, scan, sizes)) {
            *ret_block_visits += jpeg_outline_scan_blocks(o, scan);
            last_end = scan->end;
            continue;
        }
        if (scan->begin > from)
            ret_pieces[count++] = (struct jpeg_piece){data + from, scan->begin - from};
        from = scan->end;
    }
    if (last_end > from)
        ret_pieces[count++] = (struct jpeg_piece){data + from, (last_end < size ? last_end : size) - from};
    ret_pieces[count++] = (struct jpeg_piece){end_marker, sizeof end_marker};
    memcpy(s->missing_bits, plan.missing_bits, sizeof s->missing_bits);
    return count;
}

/* ---- Blocks to pixels ---- */

static inline int32_t clamp_product(int32_t v)
{
    return v < -PRODUCT_MAX ? -PRODUCT_MAX : v > PRODUCT_MAX ? PRODUCT_MAX : v;
}

static inline uint8_t clamp_byte(int32_t v)
{
    return (uint8_t)(v < 0 ? 0 : v > 255 ? 255 : v);
}

/* Dequantises one coefficient; what lies below its known bits is guessed, as most such values are near zero. */
static inline int32_t value_of(const JCOEF *block, const int32_t *quant, const int32_t *guess, int at)
{
    const int32_t v = block[at];
    return clamp_product(v * quant[at] + (v > 0 ? guess[at] : v < 0 ? -guess[at] : 0));
}

static void basis_make(struct session *s, int size)
{
    memset(s->basis, 0, sizeof s->basis);
    for (int u = 0; u < size; u++)
        for (int x = 0; x < size; x++)
            s->basis[u][x] = (float)((u ? 0.5 : sqrt(0.125)) * cos((2 * x + 1) * u * M_PI / (2 * size)));
}

static inline uint8_t float_to_byte(float v)
{
    return clamp_byte((int32_t)v);
}

/* One block at size × size. The inner loops run over LANES positions so that they become vectors; rows of
 * frequencies without any coefficient, most of them, are passed over. */
#define BLOCK_REBUILD(NAME, LANES)                                                                                     \
    static inline void NAME(const struct session *s, const JCOEF *block, const int32_t *quant, const int32_t *guess,   \
                            int size, uint8_t *to, size_t stride)                                                      \
    {                                                                                                                  \
        float columns[LANES][LANES];                                                                                   \
        for (int y = 0; y < size; y++)                                                                                 \
            for (int x = 0; x < LANES; x++)                                                                            \
                columns[y][x] = 128.5f;                                                                                \
        for (int v = 0; v < size; v++) {                                                                               \
            float across[LANES] = {0};                                                                                 \
            int any = 0;                                                                                               \
            for (int u = 0; u < size; u++) {                                                                           \
                if (!block[v * DCTSIZE + u])                                                                           \
                    continue;                                                                                          \
                const float c = (float)value_of(block, quant, guess, v * DCTSIZE + u);                                 \
                for (int x = 0; x < LANES; x++)                                                                        \
                    across[x] += c * s->basis[u][x];                                                                   \
                any = 1;                                                                                               \
            }                                                                                                          \
            for (int y = 0; any && y < size; y++)                                                                      \
                for (int x = 0; x < LANES; x++)                                                                        \
                    columns[y][x] += across[x] * s->basis[v][y];                                                       \
        }                                                                                                              \
        for (int y = 0; y < size; y++)                                                                                 \
            for (int x = 0; x < size; x++)                                                                             \
                to[(size_t)y * stride + (size_t)x] = float_to_byte(columns[y][x]);                                     \
    }
BLOCK_REBUILD(block_rebuild_4, 4)
BLOCK_REBUILD(block_rebuild_8, 8)

/* Three points from three frequencies; the odd and even halves of the basis come multiplied in, rounded to 12 bits. */
static inline void three_points(int32_t a, int32_t b, int32_t c, int32_t ret[3])
{
    a *= 1448; /* sqrt(1/8) */
    b *= 1774; /* sqrt(3)/4 */
    c *= 1024; /* 1/4 */
    ret[0] = a + b + c;
    ret[1] = a - 2 * c;
    ret[2] = a - b + c;
}

static inline void block_rebuild_3(const JCOEF *block, const int32_t *quant, const int32_t *guess, uint8_t *to,
                                   size_t stride)
{
    enum { FIRST_BITS = 8, SECOND_BITS = 24 - FIRST_BITS };
    int32_t across[3][3];
    if (!(block[1] | block[2] | block[8] | block[9] | block[10] | block[16] | block[17] | block[18])) {
        const uint8_t flat = clamp_byte((clamp_product(block[0] * quant[0]) + 128 * 8 + 4) >> 3);
        for (int y = 0; y < 3; y++)
            memset(to + (size_t)y * stride, flat, 3);
        return;
    }
    for (int v = 0; v < 3; v++) {
        three_points(value_of(block, quant, guess, v * DCTSIZE), value_of(block, quant, guess, v * DCTSIZE + 1),
                     value_of(block, quant, guess, v * DCTSIZE + 2), across[v]);
        for (int x = 0; x < 3; x++)
            across[v][x] = (across[v][x] + (1 << (FIRST_BITS - 1))) >> FIRST_BITS;
    }
    for (int x = 0; x < 3; x++) {
        int32_t down[3];
        three_points(across[0][x], across[1][x], across[2][x], down);
        for (int y = 0; y < 3; y++)
            to[(size_t)y * stride + (size_t)x] =
                clamp_byte((down[y] + (128 << SECOND_BITS) + (1 << (SECOND_BITS - 1))) >> SECOND_BITS);
    }
}

static void row_rebuild(const struct session *s, const JBLOCK *blocks, uint32_t count, const int32_t *quant,
                        const int32_t *guess, int size, uint8_t *to, size_t stride)
{
    const int32_t middle = 128 * 8 + 4;
    for (uint32_t i = 0; i < count; i++, to += size) {
        const JCOEF *block = blocks[i];
        const int32_t dc = clamp_product(block[0] * quant[0]) + middle;
        if (size == 1) {
            to[0] = clamp_byte(dc >> 3);
        } else if (size == 2) {
            const int32_t a = value_of(block, quant, guess, 1), b = value_of(block, quant, guess, 8),
                          c = value_of(block, quant, guess, 9);
            to[0] = clamp_byte((dc + a + b + c) >> 3);
            to[1] = clamp_byte((dc - a + b - c) >> 3);
            to[stride] = clamp_byte((dc + a - b - c) >> 3);
            to[stride + 1] = clamp_byte((dc - a - b + c) >> 3);
        } else if (size == 3) {
            block_rebuild_3(block, quant, guess, to, stride);
        } else if (size == 4) {
            block_rebuild_4(s, block, quant, guess, 4, to, stride);
        } else {
            block_rebuild_8(s, block, quant, guess, 8, to, stride);
        }
    }
}

/* ---- With libjpeg ---- */

static void body(struct jpeg_reader *reader, void *context)
{
    struct session *s = context;
    struct jpeg_decompress_struct *cinfo = &reader->cinfo;
    struct intake_plane sources[INTAKE_PLANES] = {0};
    uint64_t bytes = 0;
    size_t widest = 0;
    jpeg_read_header(cinfo, TRUE);
    if (cinfo->num_components != s->intake->plane_count) /* more than one frame header */
        jpeg_reader_fail(reader, crush_fail(reader->ret_error, CRUSH_ECORRUPT, "JPEG: contradictory headers"));
    for (int c = 0; c < cinfo->num_components; c++) {
        const jpeg_component_info *comp = &cinfo->comp_info[c];
        const double columns = (double)cinfo->image_width * comp->h_samp_factor / cinfo->max_h_samp_factor,
                     rows = (double)cinfo->image_height * comp->v_samp_factor / cinfo->max_v_samp_factor;
        const double scale = s->eighths[c] / 8.0;
        sources[c] = (struct intake_plane){
            (uint32_t)ceil(columns * scale), (uint32_t)ceil(rows * scale), columns * scale, rows * scale,
            s->eighths[c] == 1 ? 8 : 1,      s->eighths[c] == 1 ? 8 : 1};
        const uint64_t across = comp->width_in_blocks + comp->h_samp_factor;
        bytes += across * (comp->height_in_blocks + comp->v_samp_factor) * sizeof(JBLOCK);
        widest = across * DCTSIZE > widest ? across * DCTSIZE : widest;
    }
    const crush_status status = intake_begin(s->intake, sources, bytes, reader->ret_error);
    if (status != CRUSH_OK)
        jpeg_reader_fail(reader, status);
    s->rows = scratch_alloc(widest * DCTSIZE);
    if (!s->rows)
        jpeg_reader_fail(reader, crush_fail(reader->ret_error, CRUSH_ENOMEM, "out of memory"));
    jvirt_barray_ptr *arrays = jpeg_read_coefficients(cinfo);
    for (int c = 0; c < cinfo->num_components; c++) {
        const jpeg_component_info *comp = &cinfo->comp_info[c];
        const int size = s->eighths[c];
        int32_t quant[DCTSIZE2], guess[DCTSIZE2];
        if (!s->intake->wanted[c])
            continue;
        if (!comp->quant_table)
            jpeg_reader_fail(reader, crush_fail(reader->ret_error, CRUSH_ECORRUPT, "JPEG: no quantisation table"));
        for (int k = 0; k < DCTSIZE2; k++) {
            const int at = natural_order[k], missing = s->missing_bits[c][k];
            quant[at] = comp->quant_table->quantval[at];
            quant[at] = quant[at] > INT16_MAX ? INT16_MAX : quant[at];
            guess[at] = missing && missing < 14 && k ? quant[at] * ((1 << missing) - 1) / 2 : 0;
        }
        basis_make(s, size);
        for (JDIMENSION y = 0; y < comp->height_in_blocks; y++) {
            JBLOCKARRAY blocks = cinfo->mem->access_virt_barray((j_common_ptr)cinfo, arrays[c], y, 1, FALSE);
            row_rebuild(s, blocks[0], comp->width_in_blocks, quant, guess, size, s->rows, widest);
            for (int i = 0; i < size; i++)
                intake_push_plane(s->intake, c, s->rows + (size_t)i * widest);
        }
    }
}

crush_status jpeg_coefficients_decode(const uint8_t *data, size_t size_bytes, const struct jpeg_outline *outline,
                                      const int eighths[], struct intake *intake, int *ret_truncated,
                                      crush_error *ret_error)
{
    const crush_limits *limits = &intake->options->limits;
    struct session session = {.outline = outline, .eighths = eighths, .intake = intake};
    struct jpeg_reader reader;
    struct jpeg_piece *pieces = scratch_alloc((outline->scan_count + 2) * sizeof *pieces);
    if (!pieces)
        return crush_fail(ret_error, CRUSH_ENOMEM, "out of memory");
    uint64_t visits;
    const size_t count = pieces_choose(data, size_bytes, &session, pieces, &visits);
    crush_status status = jpeg_outline_check_work(outline, visits, limits, ret_error);
    if (status == CRUSH_OK)
        status = jpeg_reader_run(&reader, pieces, count, limits, ret_error, body, &session);
    if (status == CRUSH_OK)
        *ret_truncated = !outline->complete || reader.damaged;
    scratch_free(session.rows);
    scratch_free(pieces);
    return status;
}
