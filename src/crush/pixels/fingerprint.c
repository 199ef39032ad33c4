/*
 * crush_picture_fingerprint: 64 bits that stay (nearly) the same when a picture is scaled or crushed.
 *
 * The luma is averaged to 32×32, transformed (DCT-II), and each of the 64 lowest frequencies without the mean
 * gives one bit: above their median or not. Half of the bits are set, unless most frequencies are silent, as in a
 * picture of one colour: few set bits tell little. It refuses to be a secure hash: whoever wants to build two pictures
 * with one fingerprint can.
 */
#include "crush/pixels/cells.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

/* SILENT: a wave of an eighth of a grey level. Below it there is no picture but noise, dither and rounding. */
enum { GRID = CELLS_SIDE, LOW = 8, BITS = 64, SILENT = GRID * GRID / 32 };

static int compare(const void *a, const void *b)
{
    double x = *(const double *)a, y = *(const double *)b;
    return (x > y) - (x < y);
}

uint64_t crush_picture_fingerprint(const crush_picture *picture)
{
    /* The 64 lowest frequencies, diagonal by diagonal, the mean left out: it is only brightness. */
    double cells[GRID][GRID], basis[LOW + 1][GRID], rows[GRID][LOW + 1], low[BITS], sorted[BITS];
    cells_average(&picture->planes[PLANE_Y], cells);
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
