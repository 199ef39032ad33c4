/*
 * Looks at the coefficients of a picture: see content.h. It changes nothing and decides nothing. Next: tables.c.
 */
#include "content.h"

#include <math.h>
#include <stdlib.h>

/* The largest AC coefficients of flat and of smooth blocks; 8 are one gray level on average over the block. */
enum { FLAT_AC = 2 * COEFFICIENT_UNIT, SMOOTH_AC = 20 * COEFFICIENT_UNIT };

/* Screenshots and drawings of the test pictures have 0.19 to 0.96 of their blocks flat, photographs 0 to 0.19. */
#define DRAWING_SHARE 0.3f

/* An error's weight is activity^exponent × brightness^exponent; found with the tables in tables.c. */
#define MASK_OFFSET     13.0f
#define MASK_EXPONENT   -0.7f
#define BRIGHT_EXPONENT -0.27f

static void measure_block(const int16_t *c, const float *radius, float *ret_activity, int *ret_largest)
{
    float sum = 0;
    int largest = 0;
    for (int k = 1; k < BLOCK_SIZE; k++) {
        int magnitude = abs(c[k]);
        float value = (float)c[k] * radius[k];
        largest = magnitude > largest ? magnitude : largest;
        sum += value * value;
    }
    *ret_activity = sqrtf(sum) / (8 * COEFFICIENT_UNIT);
    *ret_largest = largest;
}

/* The activity of each block, and how many are flat and smooth. */
static void measure_activity(const struct blocks *luma, float *ret_activity, struct content *content)
{
    const size_t total = (size_t)luma->columns * luma->rows;
    size_t flat = 0, smooth = 0;
    float radius[BLOCK_SIZE];
    for (int k = 0; k < BLOCK_SIZE; k++)
        radius[k] = sqrtf(dct_radius(k));
    for (size_t b = 0; b < total; b++) {
        int largest;
        measure_block(luma->coefficients + b * BLOCK_SIZE, radius, &ret_activity[b], &largest);
        flat += largest < FLAT_AC;
        smooth += largest < SMOOTH_AC;
    }
    content->smooth_share = (float)smooth / (float)total;
    content->drawing = (float)flat > DRAWING_SHARE * (float)total;
}

/* Activity is averaged over the eight neighbours: texture hides what happens beside it as well. */
static void measure_masking(const struct blocks *luma, const float *activity, float *ret_factors)
{
    const uint32_t columns = luma->columns, rows = luma->rows;
    double log_sum = 0;
    for (uint32_t y = 0; y < rows; y++)
        for (uint32_t x = 0; x < columns; x++) {
            float sum = 0;
            int count = 0;
            for (uint32_t j = y ? y - 1 : 0; j <= y + 1 && j < rows; j++)
                for (uint32_t i = x ? x - 1 : 0; i <= x + 1 && i < columns; i++, count++)
                    sum += activity[(size_t)j * columns + i];
            size_t b = (size_t)y * columns + x;
            float mean = (float)luma->coefficients[b * BLOCK_SIZE] / (8 * COEFFICIENT_UNIT) + 128;
            float brightness = (fminf(fmaxf(mean, 0), 255) + 16) / 144;
            float logarithm =
                MASK_EXPONENT * logf(sum / (float)count + MASK_OFFSET) + BRIGHT_EXPONENT * logf(brightness);
            ret_factors[b] = logarithm;
            log_sum += logarithm;
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

crush_status content_measure(const struct blocks *blocks, int components, struct content *ret_content)
{
    const size_t total = (size_t)blocks[PLANE_Y].columns * blocks[PLANE_Y].rows;
    float *activity = malloc(total * sizeof *activity), *masking = malloc(total * sizeof *masking);
    if (!activity || !masking) {
        free(activity);
        free(masking);
        return CRUSH_ENOMEM;
    }
    *ret_content = (struct content){.masking = masking};
    measure_activity(&blocks[PLANE_Y], activity, ret_content);
    measure_masking(&blocks[PLANE_Y], activity, masking);
    free(activity);
    add_dc_values(&blocks[PLANE_Y], masking, &ret_content->luma_dc);
    for (int c = 1; c < components; c++)
        add_dc_values(&blocks[c], NULL, &ret_content->chroma_dc);
    return CRUSH_OK;
}

void content_free(struct content *content)
{
    free(content->masking);
    content->masking = NULL;
}
