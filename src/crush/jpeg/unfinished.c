/*
 * Which bits of a progressive JPEG never came: see unfinished.h. It decodes nothing and trusts the scans' headers, as
 * libjpeg does. Next: decode_jpeg.c, which lets libjpeg-turbo smooth; rewrite.c, which keeps such bits unsent.
 */
#include "crush/jpeg/unfinished.h"

enum {
    SOF_PROGRESSIVE = 2,
    SOF_PROGRESSIVE_ARITHMETIC = 10,
    LAST_SMOOTHED = 9 /* zig-zag: what libjpeg-turbo 2.1 estimates */
};

void jpeg_missing_bits(const struct jpeg_outline *outline, int component, int ret_bits[JPEG_COEFFICIENTS])
{
    for (int k = 0; k < JPEG_COEFFICIENTS; k++)
        ret_bits[k] = -1;
    for (size_t i = 0; i < outline->scan_count; i++) {
        const struct jpeg_scan *scan = &outline->scans[i];
        for (int k = scan->spectral_first; scan->components & 1 << component && k <= scan->spectral_last; k++)
            ret_bits[k & (JPEG_COEFFICIENTS - 1)] = scan->approx_low;
    }
}

int jpeg_is_unfinished(const struct jpeg_outline *outline)
{
    int unfinished = 0;
    if ((outline->sof != SOF_PROGRESSIVE && outline->sof != SOF_PROGRESSIVE_ARITHMETIC) || !outline->scan_count)
        return 0;
    for (int c = 0; c < outline->component_count; c++) {
        int bits[JPEG_COEFFICIENTS];
        jpeg_missing_bits(outline, c, bits);
        if (bits[0] < 0)
            return 0;
        for (int k = 1; k <= LAST_SMOOTHED; k++)
            unfinished |= bits[k] != 0;
    }
    return unfinished;
}
