/*
 * crush_picture_fingerprint: 64 bits that stay (nearly) the same when a picture is scaled or crushed.
 *
 * The luma is averaged to 32×32, transformed (DCT-II), and each of the 64 lowest frequencies without the mean
 * gives one bit: above their median or not. Half of the bits are set, unless most frequencies are silent, as in a
 * picture of one colour: few set bits tell little. It refuses to be a secure hash: whoever wants to build two pictures
 * with one fingerprint can.
 */
#include "crush/pixels/picture.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

/* SILENT: a wave of an eighth of a grey level. Below it there is no picture but noise, dither and rounding. */
enum { GRID = 32, LOW = 8, BITS = 64, SILENT = GRID * GRID / 32 };

/* Mean luma of each of GRID × GRID cells; cells overlap where the picture has fewer pixels than the grid. */
static void average(const struct plane *y, double cells[GRID][GRID])
{
    for (uint32_t j = 0; j < GRID; j++) {
        uint32_t top = j * y->height_px / GRID, bottom = (j + 1) * y->height_px / GRID;
        if (bottom <= top)
            bottom = top + 1;
        for (uint32_t i = 0; i < GRID; i++) {
            uint32_t left = i * y->width_px / GRID, right = (i + 1) * y->width_px / GRID;
            if (right <= left)
                right = left + 1;
            uint64_t sum = 0;
            for (uint32_t row = top; row < bottom; row++) {
                const uint8_t *px = y->px + row * y->stride_bytes;
                uint32_t of_row = 0;
                for (uint32_t column = left; column < right; column++)
                    of_row += px[column];
                sum += of_row;
            }
            cells[j][i] = (double)sum / ((double)(bottom - top) * (right - left));
        }
    }
}

static int compare(const void *a, const void *b)
{
    double x = *(const double *)a, y = *(const double *)b;
    return (x > y) - (x < y);
}

uint64_t crush_picture_fingerprint(const crush_picture *picture)
{
    /* The 64 lowest frequencies, diagonal by diagonal, the mean left out: it is only brightness. */
    double cells[GRID][GRID], basis[LOW + 1][GRID], rows[GRID][LOW + 1], low[BITS], sorted[BITS];
    average(&picture->planes[PLANE_Y], cells);
    for (int k = 0; k <= LOW; k++)
        for (int n = 0; n < GRID; n++)
            basis[k][n] = cos(M_PI * k * (2 * n + 1) / (2.0 * GRID));
    for (int j = 0; j < GRID; j++)
        for (int k = 0; k <= LOW; k++) {
            rows[j][k] = 0;
            for (int n = 0; n < GRID; n++)
                rows[j][k] += cells[j][n] * basis[k][n];
        }
    int count = 0;
    for (int diagonal = 1; count < BITS; diagonal++)
        for (int v = 0; v <= LOW && count < BITS; v++) {
            int u = diagonal - v;
            if (u < 0 || u > LOW)
                continue;
            low[count] = 0;
            for (int n = 0; n < GRID; n++)
                low[count] += rows[n][u] * basis[v][n];
            if (fabs(low[count]) < SILENT)
                low[count] = 0;
            count++;
        }
    memcpy(sorted, low, sizeof sorted);
    qsort(sorted, BITS, sizeof sorted[0], compare);
    double median = (sorted[BITS / 2 - 1] + sorted[BITS / 2]) / 2;
    uint64_t bits = 0;
    for (int i = 0; i < BITS; i++)
        bits |= (uint64_t)(low[i] > median) << i;
    return bits;
}
