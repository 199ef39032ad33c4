/*
 * For the targets of our JPEG decoder: what it takes must come out whole, and the same twice. Links no codec, so that
 * they can be built with the memory sanitizer.
 */
#ifndef PICLOG_TESTS_FUZZ_DECODE_TWICE_H
#define PICLOG_TESTS_FUZZ_DECODE_TWICE_H

#include <stdlib.h>

#include "crush/jpeg/scaled.h"

enum { PIXELS_MAX = 4000000 };

struct seen {
    uint32_t rows[JPEG_COMPONENTS], columns[JPEG_COMPONENTS];
    uint64_t hash;
};

static void take_rows(void *context, int component, const uint8_t *rows, size_t stride_bytes, uint32_t count)
{
    struct seen *seen = context;
    seen->rows[component] += count;
    for (uint32_t y = 0; y < count; y++) /* reads every sample, for the sanitizers */
        for (uint32_t x = 0; x < seen->columns[component]; x++)
            if (rows[y * stride_bytes + x] != 128)
                seen->hash = (seen->hash ^ rows[y * stride_bytes + x] ^ x << 8) * 0x100000001B3u;
}

static int decode(const uint8_t *data, size_t size, const struct jpeg_outline *outline, const int eighths[],
                  struct seen *ret_seen)
{
    struct jpeg_scaled *scaled = NULL;
    const crush_limits limits = {0};
    int damaged;
    crush_error error;
    if (jpeg_scaled_open(data, size, outline, eighths, &scaled) != CRUSH_OK)
        return 0;
    *ret_seen = (struct seen){.hash = 1};
    for (int c = 0; c < outline->component_count; c++)
        ret_seen->columns[c] = jpeg_scaled_plane(scaled, c).columns;
    if (jpeg_scaled_block_visits(scaled) < PIXELS_MAX / 16) {
        const crush_status status = jpeg_scaled_run(scaled, &limits, take_rows, ret_seen, &damaged, &error);
        if (status == CRUSH_ECORRUPT) { /* not one row of MCUs came */
            jpeg_scaled_close(scaled);
            return 0;
        }
        if (status != CRUSH_OK)
            abort();
        for (int c = 0; c < outline->component_count; c++)
            if (eighths[c] && ret_seen->rows[c] < jpeg_scaled_plane(scaled, c).rows)
                abort();
    }
    jpeg_scaled_close(scaled);
    return 1;
}

static void decode_twice(const uint8_t *data, size_t size, const int eighths[])
{
    struct jpeg_outline outline;
    const crush_limits limits = {.max_scans = 100};
    crush_error error;
    struct seen once, again;
    jpeg_outline_read(data, size, &outline);
    if (outline.first_scan && (uint64_t)outline.width_px * outline.height_px <= PIXELS_MAX &&
        (outline.first_scan_is_all || jpeg_outline_walk_scans(data, size, &limits, &outline, &error) == CRUSH_OK) &&
        decode(data, size, &outline, eighths, &once) &&
        (!decode(data, size, &outline, eighths, &again) || once.hash != again.hash))
        abort();
    jpeg_outline_clear(&outline);
}

#endif
