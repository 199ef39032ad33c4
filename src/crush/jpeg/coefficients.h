/* Progressive and other many-scan JPEGs, shrunk on load from their coefficients. */
#ifndef PICLOG_CRUSH_JPEG_COEFFICIENTS_H
#define PICLOG_CRUSH_JPEG_COEFFICIENTS_H

#include "crush/pixels/intake.h"
#include "crush/jpeg/outline.h"

/*
 * Decodes a gray or YCbCr JPEG of several scans into a planned intake, planes at 1/8, 2/8, 3/8, 4/8 or 8/8 of the
 * source as each needs. eighths: one of 1, 2, 3, 4, 8 for each component. Reads only the scans that can be seen
 * at that scale. The outline's scans have been walked.
 * *ret_truncated says whether some of the picture was missing.
 */
CRUSH_MUST_USE crush_status jpeg_coefficients_decode(const uint8_t *data, size_t size_bytes,
                                                     const struct jpeg_outline *outline, const int eighths[],
                                                     struct intake *intake, int *ret_truncated, crush_error *ret_error);

#endif
