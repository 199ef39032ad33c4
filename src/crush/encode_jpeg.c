/*
 * Writes a JPEG through libjpeg-turbo. setjmp stays inside this file.
 */
#include "encode_jpeg.h"

#include <setjmp.h>
#include <stdio.h>
#include <stdlib.h>

#include <jpeglib.h>

struct fault {
    struct jpeg_error_mgr base;
    jmp_buf jump;
};

static void on_error(j_common_ptr cinfo)
{
    longjmp(((struct fault *)cinfo->err)->jump, 1);
}

crush_status encode_jpeg(const crush_picture *picture, int quality, crush_result *ret_result, crush_error *ret_error)
{
    struct jpeg_compress_struct cinfo;
    struct fault fault;
    unsigned char *out = NULL;
    unsigned long out_bytes = 0;
    const struct plane *planes = picture->planes;
    uint32_t w = planes[PLANE_Y].width_px;
    uint8_t *volatile row = malloc((size_t)w * 3);
    if (!row)
        return crush_fail(ret_error, CRUSH_ENOMEM, "out of memory");
    cinfo.err = jpeg_std_error(&fault.base);
    fault.base.error_exit = on_error;
    if (setjmp(fault.jump)) {
        jpeg_destroy_compress(&cinfo);
        free(row);
        free(out);
        return crush_fail(ret_error, CRUSH_ENOMEM, "out of memory");
    }
    jpeg_create_compress(&cinfo);
    jpeg_mem_dest(&cinfo, &out, &out_bytes);
    cinfo.image_width = w;
    cinfo.image_height = planes[PLANE_Y].height_px;
    cinfo.input_components = 3;
    cinfo.in_color_space = JCS_YCbCr;
    jpeg_set_defaults(&cinfo);
    jpeg_set_quality(&cinfo, quality, TRUE);
    cinfo.optimize_coding = TRUE;
    jpeg_start_compress(&cinfo, TRUE);
    for (uint32_t y = 0; y < cinfo.image_height; y++) {
        for (uint32_t x = 0; x < w; x++) {
            row[x * 3] = planes[PLANE_Y].px[y * planes[PLANE_Y].stride_bytes + x];
            row[x * 3 + 1] = planes[PLANE_CB].px[y / 2 * planes[PLANE_CB].stride_bytes + x / 2];
            row[x * 3 + 2] = planes[PLANE_CR].px[y / 2 * planes[PLANE_CR].stride_bytes + x / 2];
        }
        JSAMPROW rows[1] = {row};
        jpeg_write_scanlines(&cinfo, rows, 1);
    }
    jpeg_finish_compress(&cinfo);
    jpeg_destroy_compress(&cinfo);
    free(row);
    *ret_result = (crush_result){.data = out,
                                 .size_bytes = out_bytes,
                                 .width_px = w,
                                 .height_px = planes[PLANE_Y].height_px,
                                 .quality = quality};
    return CRUSH_OK;
}
