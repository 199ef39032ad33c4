/*
 * Our JPEG decoder alone under the memory sanitizer, which sees every use of a byte that nobody wrote. It must not meet
 * a library that was built without it, so this is the decoder's own files and nothing else.
 *
 *     memory_jpeg COUNT FILE|FOLDER...
 *
 * Every file, and COUNT mutations of each, at several scales; that all samples that come out are written is checked,
 * too. Prints TAP; the sanitizer ends the program at what it finds.
 */
#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include <sanitizer/msan_interface.h>

#include "crush/jpeg/scaled.h"

enum { SIZE_MAX_BYTES = 400000, PIXELS_MAX = 4000000 };

static unsigned long taken, left, rows_seen;

static void take_rows(void *context, int component, const uint8_t *rows, size_t stride, uint32_t count)
{
    const struct jpeg_scaled_plane *shapes = context;
    for (uint32_t i = 0; i < count; i++, rows_seen++)
        __msan_check_mem_is_initialized(rows + i * stride, shapes[component].columns);
}

static void decode(const uint8_t *data, size_t size)
{
    static const int scales[][JPEG_COMPONENTS] = {{1, 1, 1}, {2, 2, 2}, {3, 2, 0}, {4, 4, 4},
                                                  {5, 3, 3}, {6, 5, 0}, {8, 8, 8}};
    for (size_t i = 0; i < sizeof scales / sizeof *scales; i++) {
        struct jpeg_outline outline;
        struct jpeg_scaled *scaled = NULL;
        struct jpeg_scaled_plane shapes[JPEG_COMPONENTS];
        crush_limits limits = {.max_scans = 100};
        crush_error error;
        int damaged = 0;
        jpeg_outline_read(data, size, &outline);
        if (!outline.first_scan || (uint64_t)outline.width_px * outline.height_px > PIXELS_MAX ||
            (!outline.first_scan_is_all &&
             jpeg_outline_walk_scans(data, size, &limits, &outline, &error) != CRUSH_OK) ||
            jpeg_scaled_open(data, size, &outline, scales[i], &scaled) != CRUSH_OK) {
            left++;
        } else {
            taken++;
            for (int c = 0; c < outline.component_count; c++)
                shapes[c] = jpeg_scaled_plane(scaled, c);
            const crush_status status = jpeg_scaled_run(scaled, &limits, take_rows, shapes, &damaged, &error);
            if ((status != CRUSH_OK && status != CRUSH_ECORRUPT) || damaged < 0)
                abort();
        }
        jpeg_scaled_close(scaled);
        jpeg_outline_clear(&outline);
    }
}

static uint64_t random_state = 1;

static size_t random_below(size_t bound)
{
    random_state ^= random_state << 13;
    random_state ^= random_state >> 7;
    random_state ^= random_state << 17;
    return bound ? (size_t)(random_state >> 11) % bound : 0;
}

static void file_try(const char *path, unsigned long mutations)
{
    static uint8_t data[SIZE_MAX_BYTES];
    FILE *file = fopen(path, "rb");
    if (!file)
        return;
    const size_t size = fread(data, 1, sizeof data, file);
    fclose(file);
    for (unsigned long m = 0; m <= mutations && size > 0; m++) {
        size_t used = m % 3 == 2 ? 1 + random_below(size) : size;
        uint8_t *copy = malloc(used); /* exactly: reading beyond is seen */
        if (!copy)
            abort();
        memcpy(copy, data, used);
        for (size_t i = 0; m && i < 1 + random_below(8); i++)
            copy[random_below(used)] ^= (uint8_t)(1 + random_below(255));
        decode(copy, used);
        free(copy);
    }
}

static void path_try(const char *path, unsigned long mutations)
{
    struct dirent *entry;
    DIR *folder = opendir(path);
    if (!folder) {
        file_try(path, mutations);
        return;
    }
    while ((entry = readdir(folder))) {
        char inner[4096];
        if (entry->d_name[0] != '.' && snprintf(inner, sizeof inner, "%s/%s", path, entry->d_name) < (int)sizeof inner)
            path_try(inner, mutations);
    }
    closedir(folder);
}

int main(int argc, char **argv)
{
    const unsigned long mutations = argc > 1 ? strtoul(argv[1], NULL, 10) : 0;
    for (int i = 2; i < argc; i++)
        path_try(argv[i], mutations);
    printf("# %lu pictures decoded, %lu left to the library, %lu rows, all written\n1..1\n", taken, left, rows_seen);
    printf("%s 1 - our scaled decoder uses no byte that nobody wrote\n", taken && rows_seen ? "ok" : "not ok");
    return !(taken && rows_seen);
}
