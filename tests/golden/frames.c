/*
 * What frames.test.mjs compares: frames FILE... prints for each file one line of JSON and then the RGB rows of all its
 * composed frames, over white.
 */
#include <stdio.h>
#include <stdlib.h>

#include "crush/formats/animation.h"

static unsigned char *file_read(const char *path, size_t *ret_size)
{
    FILE *file = fopen(path, "rb");
    unsigned char *data = NULL;
    if (file && fseek(file, 0, SEEK_END) == 0 && (*ret_size = (size_t)ftell(file)) > 0 && (data = malloc(*ret_size))) {
        rewind(file);
        *ret_size = fread(data, 1, *ret_size, file);
    }
    if (file)
        fclose(file);
    return data;
}

static int frame_print(struct animation *a, uint32_t index)
{
    crush_error error;
    if (animation_compose(a, index, &error) != CRUSH_OK) {
        fprintf(stderr, "frame %u: %s\n", index, error.message);
        return 0;
    }
    for (size_t i = 0; i < (size_t)a->width_px * a->height_px; i++)
        for (int c = 0; c < 3; c++) {
            const unsigned alpha = a->canvas[4 * i + 3];
            putchar((int)((a->canvas[4 * i + (size_t)c] * alpha + 255 * (255 - alpha) + 127) / 255));
        }
    return 1;
}

int main(int argc, char **argv)
{
    crush_open_options options;
    crush_open_options_init(&options);
    for (int n = 1; n < argc; n++) {
        size_t size = 0;
        crush_error error;
        struct animation *a = NULL;
        unsigned char *data = file_read(argv[n], &size);
        if (!data || animation_open(data, size, &options.limits, &a, &error) != CRUSH_OK) {
            printf("{\"error\":\"%s\"}\n", data ? error.message : "cannot be read");
            free(data);
            continue;
        }
        printf("{\"width\":%u,\"height\":%u,\"plays\":%u,\"ms\":[", a->width_px, a->height_px, a->plays);
        for (uint32_t i = 0; i < a->count; i++)
            printf("%s%u", i ? "," : "", a->frames[i].duration_ms);
        printf("]}\n");
        for (uint32_t i = 0; i < a->count; i++)
            if (!frame_print(a, i))
                return 1;
        animation_close(a);
        free(data);
    }
    return 0;
}
