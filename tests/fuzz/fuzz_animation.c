/*
 * The frames of an animation, in an order that the last bytes of the input choose, and a strip of them, which must keep
 * to its budget and its shape.
 */
#include "fuzz.h"

#include <stdlib.h>
#include <string.h>

#include "crush/formats/animation.h"

enum { ORDER_BYTES = 4, BUDGET_BYTES = 3000 };

/* Ends work that would make fuzzing slow; finding such inputs is the job of the limits, tested elsewhere. */
static int patience(void *context)
{
    int *left = context;
    return --*left < 0;
}

static void compose(const uint8_t *data, size_t size, const crush_limits *limits)
{
    struct animation *a = NULL;
    crush_error error;
    if (animation_open(data, size, limits, &a, &error) != CRUSH_OK) {
        if (!error.message[0])
            abort();
        return;
    }
    for (size_t i = 0; i < ORDER_BYTES && i < size && a->count; i++)
        if (animation_compose(a, data[size - 1 - i] % a->count, &error) != CRUSH_OK)
            break;
    animation_close(a);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    int left = 4000;
    crush_open_options open;
    crush_encode_options encode;
    crush_strip strip = {0};
    crush_error error;
    crush_open_options_init(&open);
    open.limits.max_pixels = 300000;
    open.limits.max_memory_bytes = 32000000;
    open.limits.max_frames = 100;
    open.limits.should_stop = patience;
    open.limits.should_stop_context = &left;
    open.max_side_px = 64;
    compose(data, size, &open.limits);
    crush_encode_options_preset(&encode, CRUSH_PRESET_DUST);
    encode.should_stop = patience;
    encode.should_stop_context = &left;
    if (crush_clip(data, size, &open, &encode, size ? 4 * (data[size - 1] % 3) : 0, &strip, &error) != CRUSH_OK) {
        if (!error.message[0])
            abort();
        return 0;
    }
    if (strip.jpeg.size_bytes > BUDGET_BYTES || strip.jpeg.width_px % 16 || strip.jpeg.width_px % strip.frames ||
        strip.frame_width_px > strip.jpeg.width_px / strip.frames || strip.frame_height_px > strip.jpeg.height_px ||
        strip.poster >= strip.frames || strip.frame_ms < 20 || strip.frame_ms > 1000)
        abort();
    crush_strip_clear(&strip);
    return 0;
}
