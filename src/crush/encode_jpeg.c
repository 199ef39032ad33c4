/*
 * Writes chosen coefficients as a JPEG: see encode_jpeg.h. setjmp stays inside this file; what libjpeg
 * allocates, libjpeg frees.
 */
#include "encode_jpeg.h"

#include <setjmp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <jpeglib.h>

enum { MAX_SCANS = 7 };

struct fault {
    struct jpeg_error_mgr base;
    jmp_buf jump;
};

static void on_error(j_common_ptr cinfo)
{
    longjmp(((struct fault *)cinfo->err)->jump, 1);
}

static void on_message(j_common_ptr cinfo)
{
    (void)cinfo;
}

static jpeg_scan_info scan(int component, int first_position, int last_position)
{
    return (jpeg_scan_info){
        .comps_in_scan = 1, .component_index = {component}, .Ss = first_position, .Se = last_position};
}

/* The scans that huffman_count.h counts for a layout. */
static int make_scans(const struct jpeg_image *image, jpeg_scan_info scans[MAX_SCANS])
{
    int count = 0;
    for (int c = 0; c < image->components; c++) {
        scans[count++] = scan(c, 0, 0);
        if (c == 0 && image->layout == LAYOUT_PROGRESSIVE_SPLIT) {
            scans[count++] = scan(c, 1, SPLIT_POSITION);
            scans[count++] = scan(c, SPLIT_POSITION + 1, 63);
        } else {
            scans[count++] = scan(c, 1, 63);
        }
    }
    return count;
}

static void set_table(j_compress_ptr cinfo, int index, const struct quantiser *quantiser)
{
    unsigned natural[BLOCK_SIZE];
    for (int k = 0; k < BLOCK_SIZE; k++)
        natural[dct_natural_order[k]] = quantiser->step[k];
    jpeg_add_quant_table(cinfo, index, natural, 100, TRUE);
}

static void fill_blocks(j_compress_ptr cinfo, jvirt_barray_ptr array, const struct levels *levels)
{
    for (uint32_t y = 0; y < levels->rows; y++) {
        JBLOCKARRAY row = cinfo->mem->access_virt_barray((j_common_ptr)cinfo, array, y, 1, TRUE);
        for (uint32_t x = 0; x < levels->columns; x++) {
            size_t b = (size_t)y * levels->columns + x;
            JCOEF *block = row[0][x];
            block[0] = levels->dc[b];
            for (uint32_t i = levels->first[b]; i < levels->first[b + 1]; i++)
                block[dct_natural_order[levels->ac[i].position]] = levels->ac[i].value;
        }
    }
}

crush_status encode_jpeg(const struct jpeg_image *image, unsigned char **ret_data, size_t *ret_size_bytes)
{
    struct jpeg_compress_struct cinfo;
    struct fault fault;
    jpeg_scan_info scans[MAX_SCANS];
    jvirt_barray_ptr arrays[3];
    unsigned char *data = NULL;
    unsigned long size_bytes = 0;

    memset(scans, 0, sizeof scans);
    cinfo.err = jpeg_std_error(&fault.base);
    fault.base.error_exit = on_error;
    fault.base.output_message = on_message;
    if (setjmp(fault.jump)) {
        jpeg_destroy_compress(&cinfo);
        free(data);
        return CRUSH_ENOMEM;
    }
    jpeg_create_compress(&cinfo);
    jpeg_mem_dest(&cinfo, &data, &size_bytes);
    cinfo.image_width = image->width_px;
    cinfo.image_height = image->height_px;
    cinfo.input_components = image->components;
    cinfo.in_color_space = image->components == 3 ? JCS_YCbCr : JCS_GRAYSCALE;
    jpeg_set_defaults(&cinfo);
    cinfo.optimize_coding = TRUE;
    cinfo.comp_info[0].h_samp_factor = cinfo.comp_info[0].v_samp_factor = image->subsampled ? 2 : 1;
    for (int i = 0; i < (image->components == 3 ? 2 : 1); i++)
        set_table(&cinfo, i, image->quantiser[i]);
    if (image->layout != LAYOUT_BASELINE) {
        cinfo.num_scans = make_scans(image, scans);
        cinfo.scan_info = scans;
    }
    for (int c = 0; c < image->components; c++) {
        JDIMENSION sampling = (JDIMENSION)cinfo.comp_info[c].h_samp_factor;
        JDIMENSION columns = (image->levels[c].columns + sampling - 1) / sampling * sampling;
        JDIMENSION rows = (image->levels[c].rows + sampling - 1) / sampling * sampling;
        arrays[c] = cinfo.mem->request_virt_barray((j_common_ptr)&cinfo, JPOOL_IMAGE, TRUE, columns, rows, sampling);
    }
    jpeg_write_coefficients(&cinfo, arrays); /* makes the arrays real; they are read by jpeg_finish_compress */
    for (int c = 0; c < image->components; c++)
        fill_blocks(&cinfo, arrays[c], &image->levels[c]);
    jpeg_finish_compress(&cinfo);
    jpeg_destroy_compress(&cinfo);
    *ret_data = data;
    *ret_size_bytes = size_bytes;
    return CRUSH_OK;
}
