/*
 * EXIF blocks and ICC profiles alone, behind the decoders that dig them out: the first byte says which. What an
 * orientation is must be one of eight; a profile that is taken must convert every pixel it is given.
 */
#include "fuzz.h"

#include <stdlib.h>
#include <string.h>

#include "crush/pixels/colour.h"
#include "crush/pixels/exif.h"

enum { PIXELS = 64 };

static void convert(const uint8_t *data, size_t size, enum colour_model model)
{
    static const int bytes_per_pixel[] = {[COLOUR_GRAY] = 1, [COLOUR_YCC] = 3, [COLOUR_RGB] = 3, [COLOUR_CMYK] = 4};
    struct colour *colour = colour_open_icc(data, size, model);
    if (!colour)
        return;
    uint8_t *in = malloc(PIXELS * (size_t)bytes_per_pixel[model]), *out = malloc(PIXELS * 3);
    if (!in || !out)
        abort();
    for (int i = 0; i < PIXELS * bytes_per_pixel[model]; i++)
        in[i] = (uint8_t)(i * 37);
    colour_convert(colour, in, PIXELS, out);
    colour_close(colour);
    free(in);
    free(out);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    if (!size)
        return 0;
    const int kind = data[0] % 8;
    data++;
    size--;
    if (kind < 4) {
        convert(data, size, (enum colour_model)kind);
    } else if (kind == 4 && size >= 9 * sizeof(float)) {
        float numbers[9];
        double xy[8];
        memcpy(numbers, data, sizeof numbers);
        for (int i = 0; i < 8; i++)
            xy[i] = numbers[i + 1];
        colour_close(colour_open_gamma(numbers[0], xy, data[size - 1] & 1 ? COLOUR_GRAY : COLOUR_RGB));
    } else {
        int orientation = exif_orientation(data, size);
        if (orientation < 1 || orientation > 8)
            abort();
    }
    return 0;
}
