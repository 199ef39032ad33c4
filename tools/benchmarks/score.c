/*
 * Scores pictures against a reference: score REFERENCE PICTURE... One line each: SSIMULACRA2 off the block grid
 * (offgrid.h), name. With -w, the whole picture instead. Files are JPEG or binary PPM (P6, 255).
 */
#include "offgrid.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static struct offgrid_picture read_picture(const char *path)
{
    size_t bytes;
    unsigned char *data = offgrid_read_file(path, &bytes);
    struct offgrid_picture picture = offgrid_decode(path, data, bytes);
    free(data);
    return picture;
}

int main(int argc, char **argv)
{
    const int whole = argc > 1 && strcmp(argv[1], "-w") == 0, first = 1 + whole;
    if (argc < first + 2) {
        fprintf(stderr, "usage: score [-w] REFERENCE PICTURE...\n");
        return 2;
    }
    struct offgrid_picture picture = read_picture(argv[first]);
    struct offgrid *reference = offgrid_prepare(argv[first], &picture, whole);
    free(picture.rgb);
    for (int n = first + 1; n < argc; n++)
        printf("%.6f %s\n", offgrid_score(reference, argv[n], read_picture(argv[n])), argv[n]);
    offgrid_free(reference);
    return 0;
}
