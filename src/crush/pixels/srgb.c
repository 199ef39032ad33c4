/*
 * See srgb.h. It knows one curve and no picture. Next: colour_matrix.c, light.c.
 */
#include "crush/pixels/srgb.h"

#include <math.h>
#include <string.h>

double srgb_decode(double v)
{
    return v <= 0.04045 ? v / 12.92 : pow((v + 0.055) / 1.055, 2.4);
}

void srgb_encoded_make(uint8_t ret_encoded[SRGB_LINEAR_ONE + 1])
{
    int from = 0;
    for (int byte = 0; byte < 256; byte++) {
        const int to = byte < 255 ? (int)ceil(srgb_decode((byte + 0.5) / 255) * SRGB_LINEAR_ONE) : SRGB_LINEAR_ONE + 1;
        memset(ret_encoded + from, byte, (size_t)(to - from));
        from = to;
    }
}
