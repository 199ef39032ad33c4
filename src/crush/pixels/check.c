/*
 * What a stranger's picture may ask for. It only answers questions; the defaults are in presets.c.
 */
#include "crush/pixels/check.h"

#include <inttypes.h>

crush_status check_input(const crush_limits *limits, size_t size_bytes, crush_error *ret_error)
{
    if (limits->max_input_bytes && size_bytes > limits->max_input_bytes)
        return crush_fail_limit(ret_error, CRUSH_LIMIT_INPUT, size_bytes, "the file has %zu bytes, more than %zu",
                                size_bytes, limits->max_input_bytes);
    return CRUSH_OK;
}

crush_status check_size(const crush_limits *limits, uint64_t width_px, uint64_t height_px, crush_error *ret_error)
{
    if (!width_px || !height_px)
        return crush_fail(ret_error, CRUSH_ECORRUPT, "the picture declares a size of %" PRIu64 " x %" PRIu64 " pixels",
                          width_px, height_px);
    uint64_t side = width_px > height_px ? width_px : height_px;
    if (limits->max_side_px && side > limits->max_side_px)
        return crush_fail_limit(ret_error, CRUSH_LIMIT_SIDE, side,
                                "the picture is %" PRIu64 " x %" PRIu64 " pixels, more than %" PRIu32 " on a side",
                                width_px, height_px, limits->max_side_px);
    uint64_t pixels = width_px * height_px; /* both come from fields of at most 32 bits */
    if (limits->max_pixels && pixels > limits->max_pixels)
        return crush_fail_limit(ret_error, CRUSH_LIMIT_PIXELS, pixels,
                                "the picture is %" PRIu64 " x %" PRIu64 " pixels, more than %" PRIu64 " in all",
                                width_px, height_px, limits->max_pixels);
    return CRUSH_OK;
}

crush_status check_memory(const crush_limits *limits, uint64_t bytes, crush_error *ret_error)
{
    if (limits->max_memory_bytes && bytes > limits->max_memory_bytes)
        return crush_fail_limit(ret_error, CRUSH_LIMIT_MEMORY, bytes,
                                "decoding would take %" PRIu64 " bytes of memory, more than %zu", bytes,
                                limits->max_memory_bytes);
    return CRUSH_OK;
}

crush_status check_deadline(const crush_limits *limits, crush_error *ret_error)
{
    if (limits->should_stop && limits->should_stop(limits->should_stop_context))
        return crush_fail_limit(ret_error, CRUSH_LIMIT_DEADLINE, 0, "stopped: the time for this picture is over");
    return CRUSH_OK;
}

crush_status check_open_options(const crush_open_options *options, crush_error *ret_error)
{
    if (options->max_side_px < 1 || options->max_side_px > 16384)
        return crush_fail(ret_error, CRUSH_EINVAL, "max_side_px is %u, not 1 to 16384", options->max_side_px);
    if (options->background_rgb > 0xFFFFFF)
        return crush_fail(ret_error, CRUSH_EINVAL, "background_rgb is %#x, more than 0xFFFFFF",
                          options->background_rgb);
    if (options->chroma < CRUSH_CHROMA_AUTO || options->chroma > CRUSH_CHROMA_444)
        return crush_fail(ret_error, CRUSH_EINVAL, "chroma is none of crush_chroma");
    if (options->decoder < CRUSH_DECODER_AUTO || options->decoder > CRUSH_DECODER_LIBRARY)
        return crush_fail(ret_error, CRUSH_EINVAL, "decoder is none of crush_decoder");
    return CRUSH_OK;
}
