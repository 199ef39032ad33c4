/* A plane averaged to a small grid: see cells.h. Refuses planes without pixels. Read next: fingerprint.c, blurhash.c.
 */
#include "crush/pixels/cells.h"

void cells_average(const struct plane *y, double cells[CELLS_SIDE][CELLS_SIDE])
{
    for (uint32_t j = 0; j < CELLS_SIDE; j++) {
        uint32_t top = j * y->height_px / CELLS_SIDE, bottom = (j + 1) * y->height_px / CELLS_SIDE;
        if (bottom <= top)
            bottom = top + 1;
        for (uint32_t i = 0; i < CELLS_SIDE; i++) {
            uint32_t left = i * y->width_px / CELLS_SIDE, right = (i + 1) * y->width_px / CELLS_SIDE;
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
