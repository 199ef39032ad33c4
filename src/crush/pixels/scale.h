/*
 * Streaming downscaler for one plane: rows of bytes in, a finished plane out.
 *
 *     scale_create()              sizes known, tables made, all memory taken
 *     scale_push_row() × in rows  top to bottom; results appear in the output plane as soon as they can
 *     scale_finish()              fills what a truncated source did not deliver
 *     scale_destroy()
 *
 * Not thread-safe per object; different objects are independent.
 */
#ifndef PICLOG_CRUSH_PIXELS_SCALE_H
#define PICLOG_CRUSH_PIXELS_SCALE_H

#include "crush/pixels/picture.h"

/*
 * One direction. extent_px is how much of the in_px samples the picture really covers: a decoder that
 * shrinks 4001 px at 2/8 delivers 1001 columns that stand for 1000.25. Positive; equal to in_px where nothing
 * was shrunk before; the edge goes on where it is more. box is how many source samples a box average before has put
 * into each sample here (libjpeg's 2/8: 4; 1: none); the filter makes up for the sharpness lost there.
 */
struct scale_axis {
    uint32_t in_px;
    uint32_t out_px;
    double extent_px;
    uint32_t box;
};

struct scale;

/*
 * Prepares scaling into *out (allocated by the caller, x->out_px by y->out_px, must outlive the scaler).
 * Lanczos with three lobes, after an area average where the ratio is 4 or more; sizes that match are copied, and what
 * grows by a third or more grows linearly.
 * Where out has fine, that is filled as well.
 * CRUSH_OK: *ret_scale belongs to the caller. CRUSH_ENOMEM otherwise. x and y are copied.
 */
CRUSH_MUST_USE crush_status scale_create(const struct scale_axis *x, const struct scale_axis *y,
                                         const struct plane *out, struct scale **ret_scale);

/* Bytes that scale_create would allocate: for memory limits. */
size_t scale_memory_bytes(const struct scale_axis *x, const struct scale_axis *y);

/* Takes the next row of x->in_px samples; copies what it needs. Rows beyond y->in_px are ignored. No allocation. */
void scale_push_row(struct scale *scale, const uint8_t *row);

/* 1 where sizes match, so that rows are copied. */
int scale_copies(const struct scale_axis *x, const struct scale_axis *y);

/* The same with fine of struct plane for each sample: it is copied where rows are and the output has it, else not used.
 * Rows pushed without it are whole levels. */
void scale_push_row_fine(struct scale *scale, const uint8_t *row, const uint8_t *fine);

/* 1 where rows are copied. */
int scale_copies_rows(const struct scale *scale);

/* How many rows have been pushed. */
uint32_t scale_rows_pushed(const struct scale *scale);

/* Completes the plane: rows that never came repeat the last one (fill where none came at all). */
void scale_finish(struct scale *scale, uint8_t fill);

/* Frees the scaler, not the plane. NULL is allowed. */
void scale_destroy(struct scale *scale);

#endif
