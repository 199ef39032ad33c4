/*
 * Planes, errors, names: the small change of libcrush. Read crush.h first, then open.c and encode.c.
 */
#include "crush/pixels/picture.h"
#include "crush/pixels/scratch.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

crush_status plane_alloc(struct plane *plane, uint32_t width_px, uint32_t height_px)
{
    size_t stride = ((size_t)width_px + 63) & ~(size_t)63;
    uint8_t *px = NULL;
    if (width_px && height_px && stride <= SIZE_MAX / height_px)
        px = scratch_alloc(stride * height_px);
    if (!px)
        return CRUSH_ENOMEM;
    *plane = (struct plane){.px = px, .width_px = width_px, .height_px = height_px, .stride_bytes = stride};
    return CRUSH_OK;
}

crush_status plane_add_fine(struct plane *plane)
{
    plane->fine = scratch_alloc(plane->stride_bytes * plane->height_px);
    return plane->fine ? CRUSH_OK : CRUSH_ENOMEM;
}

void plane_drop_fine(struct plane *plane)
{
    scratch_free(plane->fine);
    plane->fine = NULL;
}

crush_status plane_alloc_fine(struct plane *plane, uint32_t width_px, uint32_t height_px)
{
    const crush_status status = plane_alloc(plane, width_px, height_px);
    if (status != CRUSH_OK || plane_add_fine(plane) == CRUSH_OK)
        return status;
    plane_free(plane);
    return CRUSH_ENOMEM;
}

void plane_free(struct plane *plane)
{
    scratch_free(plane->px);
    scratch_free(plane->fine);
    *plane = (struct plane){0};
}

__attribute__((format(printf, 3, 0))) static void fail_v(crush_error *error, crush_status status, const char *format,
                                                         va_list args)
{
    error->status = status;
    error->limit = CRUSH_LIMIT_NONE;
    error->value = 0;
    vsnprintf(error->message, sizeof error->message, format, args);
}

crush_status crush_fail(crush_error *ret_error, crush_status status, const char *format, ...)
{
    if (ret_error) {
        va_list args;
        va_start(args, format);
        fail_v(ret_error, status, format, args);
        va_end(args);
    }
    return status;
}

crush_status crush_fail_limit(crush_error *ret_error, crush_limit limit, uint64_t value, const char *format, ...)
{
    if (ret_error) {
        va_list args;
        va_start(args, format);
        fail_v(ret_error, CRUSH_ELIMIT, format, args);
        va_end(args);
        ret_error->limit = limit;
        ret_error->value = value;
    }
    return CRUSH_ELIMIT;
}

const char *crush_status_text(crush_status status)
{
    switch (status) {
    case CRUSH_OK: return "fine";
    case CRUSH_EINVAL: return "an option is out of range";
    case CRUSH_ENOMEM: return "out of memory";
    case CRUSH_EFORMAT: return "no format that is read here";
    case CRUSH_EUNSUPPORTED: return "an unsupported variant";
    case CRUSH_ECORRUPT: return "damaged beyond use";
    case CRUSH_ELIMIT: return "over a limit";
    case CRUSH_EBUDGET: return "does not fit the budget";
    }
    return "unknown status";
}

const char *crush_limit_text(crush_limit limit)
{
    switch (limit) {
    case CRUSH_LIMIT_NONE: return "none";
    case CRUSH_LIMIT_PIXELS: return N_("pixels");
    case CRUSH_LIMIT_SIDE: return N_("side");
    case CRUSH_LIMIT_INPUT: return N_("input");
    case CRUSH_LIMIT_SCANS: return N_("scans");
    case CRUSH_LIMIT_MEMORY: return N_("memory");
    case CRUSH_LIMIT_DEADLINE: return N_("deadline");
    case CRUSH_LIMIT_FRAMES: return N_("frames");
    }
    return "none";
}

const char *crush_format_text(crush_format format)
{
    switch (format) {
    case CRUSH_FORMAT_UNKNOWN: return "unknown";
    case CRUSH_FORMAT_JPEG: return "jpeg";
    case CRUSH_FORMAT_PNG: return "png";
    case CRUSH_FORMAT_WEBP: return "webp";
    case CRUSH_FORMAT_GIF: return "gif";
    case CRUSH_FORMAT_HEIC: return "heic";
    case CRUSH_FORMAT_AVIF: return "avif";
    }
    return "unknown";
}

const char *crush_version(void)
{
    return CRUSH_VERSION;
}
