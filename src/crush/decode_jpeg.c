/*
 * JPEG to a working picture through libjpeg-turbo. setjmp stays inside this file.
 */
#include "decode_jpeg.h"

#include <setjmp.h>
#include <stdio.h>
#include <stdlib.h>

#include <jpeglib.h>

struct fault {
    struct jpeg_error_mgr base;
    jmp_buf jump;
    crush_error *ret_error;
};

static void on_error(j_common_ptr cinfo)
{
    struct fault *fault = (struct fault *)cinfo->err;
    char text[JMSG_LENGTH_MAX];
    cinfo->err->format_message(cinfo, text);
    crush_fail(fault->ret_error, CRUSH_ECORRUPT, "%.150s", text);
    longjmp(fault->jump, 1);
}

static void on_message(j_common_ptr cinfo)
{
    (void)cinfo;
}

crush_status decode_jpeg(const void *data, size_t size_bytes, const crush_open_options *options, crush_picture *picture,
                         crush_error *ret_error)
{
    struct jpeg_decompress_struct cinfo;
    struct fault fault = {.ret_error = ret_error};
    uint8_t *volatile row = NULL;
    cinfo.err = jpeg_std_error(&fault.base);
    fault.base.error_exit = on_error;
    fault.base.output_message = on_message;
    if (setjmp(fault.jump)) {
        jpeg_destroy_decompress(&cinfo);
        free(row);
        return CRUSH_ECORRUPT;
    }
    jpeg_create_decompress(&cinfo);
    jpeg_mem_src(&cinfo, data, size_bytes);
    jpeg_read_header(&cinfo, TRUE);
    cinfo.out_color_space = JCS_YCbCr;
    uint32_t longest = cinfo.image_width > cinfo.image_height ? cinfo.image_width : cinfo.image_height;
    cinfo.scale_num = 1;
    cinfo.scale_denom = 8;
    while (cinfo.scale_denom > 1 && longest / cinfo.scale_denom < options->max_side_px)
        cinfo.scale_denom /= 2;
    jpeg_start_decompress(&cinfo);
    uint32_t w = cinfo.output_width, h = cinfo.output_height, side = w > h ? w : h;
    uint32_t step = (side + options->max_side_px - 1) / options->max_side_px;
    uint32_t ow = (w + step - 1) / step, oh = (h + step - 1) / step;
    crush_status status = plane_alloc(&picture->planes[PLANE_Y], ow, oh);
    for (int i = PLANE_CB; i <= PLANE_CR && status == CRUSH_OK; i++)
        status = plane_alloc(&picture->planes[i], (ow + 1) / 2, (oh + 1) / 2);
    row = malloc((size_t)w * 3);
    if (status != CRUSH_OK || !row) {
        jpeg_destroy_decompress(&cinfo);
        free(row);
        return crush_fail(ret_error, CRUSH_ENOMEM, "out of memory");
    }
    for (uint32_t y = 0; y < h; y++) {
        JSAMPROW rows[1] = {row};
        jpeg_read_scanlines(&cinfo, rows, 1);
        if (y % step)
            continue;
        uint32_t oy = y / step;
        for (uint32_t ox = 0; ox < ow; ox++) {
            const uint8_t *px = row + (size_t)ox * step * 3;
            picture->planes[PLANE_Y].px[oy * picture->planes[PLANE_Y].stride_bytes + ox] = px[0];
            for (int i = PLANE_CB; i <= PLANE_CR; i++)
                picture->planes[i].px[oy / 2 * picture->planes[i].stride_bytes + ox / 2] = px[i];
        }
    }
    picture->info.source_width_px = cinfo.image_width;
    picture->info.source_height_px = cinfo.image_height;
    picture->info.width_px = ow;
    picture->info.height_px = oh;
    jpeg_destroy_decompress(&cinfo);
    free(row);
    return CRUSH_OK;
}
