/* A plane averaged to a small grid, for what looks at a picture as a whole. */
#ifndef PICLOG_CRUSH_PIXELS_CELLS_H
#define PICLOG_CRUSH_PIXELS_CELLS_H

#include "crush/pixels/picture.h"

enum { CELLS_SIDE = 32 };

/* The mean of each cell, row by row; cells overlap where the plane has fewer pixels than the grid. */
void cells_average(const struct plane *plane, double ret_cells[CELLS_SIDE][CELLS_SIDE]);

#endif
