/*
 * Looks at the coefficients of a picture: see content.h. It changes nothing and decides nothing. Next: tables.c.
 */
#include "crush/encode/content.h"
#include "crush/pixels/scratch.h"

#include <math.h>

/* The largest AC coefficients of flat and of smooth blocks; 8 are one gray level on average over the block. */
enum { FLAT_AC = 2 * COEFFICIENT_UNIT, SMOOTH_AC = 20 * COEFFICIENT_UNIT };

/* Screenshots and drawings of the test pictures have 0.19 to 0.96 of their blocks flat, photographs 0 to 0.19. */
#define DRAWING_SHARE 0.3f

/* Cells off the block grid leave no block flat. From 4 px on at least 0.75 of their pixels are as the one beside; of
 * gradients up to 0.73, of photographs up to 0.53. */
#define DRAWING_EQUAL 0.74f
enum { EQUAL_ROWS = 4 };

/*
 * An error's weight is contrast^exponent × brightness^exponent; found with the tables in tables.c. Contrast is that of
 * the lowest frequencies only, with the means of blocks: what is lost is seen against the shapes that carry the
 * picture, and fine texture does not hide it.
 */
#define CONTRAST_OFFSET   4.0f
#define CONTRAST_EXPONENT -1.2f
#define BRIGHT_EXPONENT   -0.5f

enum { CONTRAST_POSITIONS = 5 };

/* Zig-zag: frequencies that shrinking to half takes away. */
enum { FINE_FROM = 21 };

/* Sums over a block that make its contrast: gray levels. */
struct part {
    float low, dc, dc_square;
};

/* How many blocks are flat and smooth, and the parts of contrast of each. */
static void measure_blocks(const struct blocks *luma, struct part *ret_parts, struct content *content)
{
    const size_t total = (size_t)luma->columns * luma->rows;
    const int16_t *c = luma->coefficients;
    size_t flat = 0, smooth = 0;
    float coarse_sum = 0, fine_sum = 0;
    for (size_t b = 0; b < total; b++, c += BLOCK_SIZE) {
        int16_t largest = 0;
        int32_t coarse = 0, fine = 0; /* all squares of a block are at most (8 × 128 × unit)² */
        float dc = (float)c[0] * (1.0f / (8 * COEFFICIENT_UNIT)), low = 0;
        for (int k = 1; k < BLOCK_SIZE; k++) {
            int16_t magnitude = (int16_t)(c[k] < 0 ? -c[k] : c[k]);
            largest = magnitude > largest ? magnitude : largest;
        }
        for (int k = 1; k < FINE_FROM; k++)
            coarse += c[k] * c[k];
        for (int k = FINE_FROM; k < BLOCK_SIZE; k++)
            fine += c[k] * c[k];
        coarse_sum += (float)coarse;
        fine_sum += (float)fine;
        for (int k = 1; k <= CONTRAST_POSITIONS; k++)
            low += (float)c[k] * (float)c[k];
        ret_parts[b] = (struct part){low * (1.0f / (64 * COEFFICIENT_UNIT * COEFFICIENT_UNIT)), dc, dc * dc};
        flat += largest < FLAT_AC;
        smooth += largest < SMOOTH_AC;
    }
    content->smooth_share = (float)smooth / (float)total;
    content->fine_share = fine_sum / fmaxf(coarse_sum + fine_sum, 1);
    content->drawing = (float)flat > DRAWING_SHARE * (float)total;
}

/* Root mean square contrast of a block and its up to eight neighbours. */
static float contrast_around(const struct blocks *luma, const struct part *parts, uint32_t x, uint32_t y)
{
    struct part sum = {0};
    int count = 0;
    for (uint32_t j = y ? y - 1 : 0; j <= y + 1 && j < luma->rows; j++)
        for (uint32_t i = x ? x - 1 : 0; i <= x + 1 && i < luma->columns; i++, count++) {
            const struct part *part = &parts[(size_t)j * luma->columns + i];
            sum.low += part->low;
            sum.dc += part->dc;
            sum.dc_square += part->dc_square;
        }
    float square = (sum.low + sum.dc_square - sum.dc * sum.dc / (float)count) / (float)count;
    return sqrtf(fmaxf(square, 0));
}

static void measure_masking(const struct blocks *luma, const struct part *parts, float *ret_factors)
{
    const uint32_t columns = luma->columns, rows = luma->rows;
    double log_sum = 0;
    for (uint32_t y = 0; y < rows; y++)
        for (uint32_t x = 0; x < columns; x++) {
            size_t b = (size_t)y * columns + x;
            float brightness = (fminf(fmaxf(parts[b].dc + 128, 0), 255) + 16) / 144;
            float logarithm = CONTRAST_EXPONENT * logf(contrast_around(luma, parts, x, y) + CONTRAST_OFFSET) +
                              BRIGHT_EXPONENT * logf(brightness);
            ret_factors[b] = logarithm;
            log_sum += (double)logarithm;
        }
    float mean = (float)(log_sum / ((double)columns * rows));
    for (size_t b = 0; b < (size_t)columns * rows; b++)
        ret_factors[b] = expf(ret_factors[b] - mean);
}

static void add_dc_values(const struct blocks *blocks, const float *masking, struct dc_values *values)
{
    for (size_t b = 0; b < (size_t)blocks->columns * blocks->rows; b++) {
        int value = (int)floorf((float)blocks->coefficients[b * BLOCK_SIZE] / COEFFICIENT_UNIT + 0.5f) + DC_VALUES / 2;
        float weight = masking ? masking[b] : 1;
        values->weight[value < 0 ? 0 : value >= DC_VALUES ? DC_VALUES - 1 : value] += weight;
        values->total += weight;
    }
}

/* The share of pixels that are exactly as the one to the left, in every fourth row. */
static float equal_share(const struct plane *luma)
{
    size_t equal = 0, total = 0;
    for (uint32_t y = 0; y < luma->height_px; y += EQUAL_ROWS) {
        const uint8_t *row = luma->px + y * luma->stride_bytes;
        for (uint32_t x = 1; x < luma->width_px; x++)
            equal += row[x] == row[x - 1];
        total += luma->width_px - 1;
    }
    return total ? (float)equal / (float)total : 0;
}

crush_status content_measure(const struct plane *luma, const struct blocks *blocks, int components,
                             struct content *ret_content)
{
    const size_t total = (size_t)blocks[PLANE_Y].columns * blocks[PLANE_Y].rows;
    struct part *parts = scratch_alloc(total * sizeof *parts);
    float *masking = scratch_alloc(total * sizeof *masking);
    if (!parts || !masking) {
        scratch_free(parts);
        scratch_free(masking);
        return CRUSH_ENOMEM;
    }
    *ret_content = (struct content){.masking = masking};
    measure_blocks(&blocks[PLANE_Y], parts, ret_content);
    ret_content->drawing |= equal_share(luma) > DRAWING_EQUAL;
    measure_masking(&blocks[PLANE_Y], parts, masking);
    scratch_free(parts);
    add_dc_values(&blocks[PLANE_Y], masking, &ret_content->luma_dc);
    for (int c = 1; c < components; c++)
        add_dc_values(&blocks[c], NULL, &ret_content->chroma_dc);
    return CRUSH_OK;
}

void content_free(struct content *content)
{
    scratch_free(content->masking);
    content->masking = NULL;
}
