/*
 * The whole crush: open and encode, any format, options taken from the last bytes of the input.
 * What comes out must be a JPEG that opens again and keeps to its budget.
 */
#include "fuzz.h"

#include <stdlib.h>

#include "crush.h"

enum { OPTION_BYTES = 6 };

/* Ends work that would make fuzzing slow; finding such inputs is the job of the limits, tested elsewhere. */
static int patience(void *context)
{
    int *left = context;
    return --*left < 0;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    uint8_t option[OPTION_BYTES] = {0};
    int left = 20000;
    for (size_t i = 0; i < OPTION_BYTES && i < size; i++)
        option[i] = data[size - 1 - i];

    crush_open_options open_options;
    crush_encode_options encode_options;
    crush_picture *picture = NULL;
    crush_result result = {0};
    crush_error error;
    crush_open_options_init(&open_options);
    open_options.limits.max_pixels = 4000000;
    open_options.limits.max_memory_bytes = 64000000;
    open_options.limits.should_stop = patience;
    open_options.limits.should_stop_context = &left;
    open_options.max_side_px = 1 + option[0];
    open_options.gray = option[1] & 1;
    open_options.chroma = (crush_chroma)((option[1] >> 1) % 3);
    open_options.decoder = option[1] & 8 ? CRUSH_DECODER_LIBRARY : CRUSH_DECODER_AUTO;
    open_options.background_rgb = option[2] * 0x10101u;
    if (crush_open(data, size, &open_options, &picture, &error) != CRUSH_OK) {
        if (!error.message[0])
            abort();
        return 0;
    }
    crush_encode_options_preset(&encode_options, (crush_preset)(option[3] % 5));
    if (option[4] & 1) {
        encode_options.budget_bytes = 0;
        encode_options.quality = 1 + option[5] % 100;
    } else if (option[4] & 2) {
        encode_options.budget_bytes = 400 + 40u * option[5];
    }
    encode_options.shrink = (crush_shrink)((option[4] >> 2) % 3);
    crush_status status = crush_encode(picture, &encode_options, &result, &error);
    crush_close(picture);
    if (status != CRUSH_OK) {
        if (!error.message[0])
            abort();
        return 0;
    }
    if (encode_options.budget_bytes && result.size_bytes > encode_options.budget_bytes)
        abort();
    crush_info info;
    if (crush_probe(result.data, result.size_bytes, NULL, &info, &error) != CRUSH_OK ||
        info.source_width_px != result.width_px || info.source_height_px != result.height_px)
        abort();
    crush_result_clear(&result);
    return 0;
}
