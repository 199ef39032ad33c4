/*
 * Our scaled JPEG decoder alone: scales from the last byte of the input.
 */
#include "fuzz.h"

#include "decode_twice.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static const int first[] = {1, 2, 3, 4, 5, 6, 8}, others[] = {0, 1, 2, 4, 6, 8, 5};
    if (size < 4)
        return 0;
    const int option = data[size - 1];
    decode_twice(data, size, (int[JPEG_COMPONENTS]){first[option % 7], others[option / 7 % 7], others[option / 49], 0});
    return 0;
}
