/*
 * Writes chosen coefficients as a JPEG: see encode_jpeg.h. setjmp stays inside this file; what libjpeg
 * allocates, libjpeg frees.
 */
#include "crush/encode/encode_jpeg.h"

#include <setjmp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <jpeglib.h>
#include <jerror.h>

enum { MAX_SCANS = 64, FIRST_CAPACITY_BYTES = 16384 };

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

/* Memory that grows; libjpeg's own loses track of it on errors. */
struct destination {
    struct jpeg_destination_mgr base;
    unsigned char *data; /* owned until taken */
    size_t capacity;
};

static void destination_init(j_compress_ptr cinfo)
{
    (void)cinfo;
}

static boolean destination_grow(j_compress_ptr cinfo)
{
    struct destination *d = (struct destination *)cinfo->dest;
    size_t capacity = d->capacity ? 2 * d->capacity : FIRST_CAPACITY_BYTES;
    unsigned char *data = realloc(d->data, capacity);
    if (!data)
        ERREXIT1(cinfo, JERR_OUT_OF_MEMORY, 0);
    d->base.next_output_byte = data + d->capacity; /* libjpeg calls only when everything is full */
    d->base.free_in_buffer = capacity - d->capacity;
    d->data = data;
    d->capacity = capacity;
    return TRUE;
}

static void destination_term(j_compress_ptr cinfo)
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
    for (; image->scans && count < (int)image->scan_count; count++) {
        const struct jpeg_scan *from = &image->scans[count];
        jpeg_scan_info *to = &scans[count];
        *to = (jpeg_scan_info){
            .Ss = from->spectral_first, .Se = from->spectral_last, .Ah = from->approx_high, .Al = from->approx_low};
        for (int c = 0; c < image->components; c++)
            if (from->components & 1 << c)
                to->component_index[to->comps_in_scan++] = c;
    }
    if (image->scans)
        return count;
    scans[count++] = scan(0, 0, 0);
    if (image->components == 3)
        scans[count++] = (jpeg_scan_info){.comps_in_scan = 2, .component_index = {1, 2}};
    for (int c = 0; c < image->components; c++) {
        if (c == 0 && image->layout == LAYOUT_PROGRESSIVE_SPLIT) {
            scans[count++] = scan(c, 1, SPLIT_POSITION);
            scans[count++] = scan(c, SPLIT_POSITION + 1, 63);
        } else {
            scans[count++] = scan(c, 1, 63);
        }
    }
    return count;
}

/* One table for each different pointer. */
static void set_tables(j_compress_ptr cinfo, const struct jpeg_image *image)
{
    int count = 0;
    for (int c = 0; c < image->components; c++) {
        int table = 0;
        while (table < c && image->steps[table] != image->steps[c])
            table++;
        if (table < c) {
            cinfo->comp_info[c].quant_tbl_no = cinfo->comp_info[table].quant_tbl_no;
            continue;
        }
        unsigned natural[BLOCK_SIZE];
        for (int k = 0; k < BLOCK_SIZE; k++)
            natural[dct_natural_order[k]] = image->steps[c][k];
        jpeg_add_quant_table(cinfo, count, natural, 100, FALSE);
        cinfo->comp_info[c].quant_tbl_no = count++;
    }
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
    if (image->scan_count > MAX_SCANS)
        return CRUSH_EUNSUPPORTED;
    struct jpeg_compress_struct cinfo;
    struct fault fault;
    jpeg_scan_info scans[MAX_SCANS];
    jvirt_barray_ptr arrays[3];
    struct destination destination = {.base = {.init_destination = destination_init,
                                               .empty_output_buffer = destination_grow,
                                               .term_destination = destination_term}};
    crush_status status;

    memset(scans, 0, sizeof scans);
    cinfo.err = jpeg_std_error(&fault.base);
    fault.base.error_exit = on_error;
    fault.base.output_message = on_message;
    if (setjmp(fault.jump)) {
        status = fault.base.msg_code == JERR_OUT_OF_MEMORY ? CRUSH_ENOMEM : CRUSH_EUNSUPPORTED;
        jpeg_destroy_compress(&cinfo);
        free(destination.data);
        return status;
    }
    jpeg_create_compress(&cinfo);
    cinfo.dest = &destination.base;
    destination_grow(&cinfo);
    cinfo.image_width = image->width_px;
    cinfo.image_height = image->height_px;
    cinfo.input_components = image->components;
    cinfo.in_color_space = image->components == 3 ? JCS_YCbCr : JCS_GRAYSCALE;
    jpeg_set_defaults(&cinfo);
    cinfo.optimize_coding = TRUE;
    cinfo.comp_info[0].h_samp_factor = image->luma_h;
    cinfo.comp_info[0].v_samp_factor = image->luma_v;
    set_tables(&cinfo, image);
    if (image->layout != LAYOUT_BASELINE || image->scans) {
        cinfo.num_scans = make_scans(image, scans);
        cinfo.scan_info = scans;
    }
    for (int c = 0; c < image->components; c++) {
        JDIMENSION h = (JDIMENSION)cinfo.comp_info[c].h_samp_factor, v = (JDIMENSION)cinfo.comp_info[c].v_samp_factor;
        JDIMENSION columns = (image->levels[c].columns + h - 1) / h * h;
        JDIMENSION rows = (image->levels[c].rows + v - 1) / v * v;
        arrays[c] = cinfo.mem->request_virt_barray((j_common_ptr)&cinfo, JPOOL_IMAGE, TRUE, columns, rows, v);
    }
    jpeg_write_coefficients(&cinfo, arrays); /* makes the arrays real; they are read by jpeg_finish_compress */
    for (int c = 0; c < image->components; c++)
        fill_blocks(&cinfo, arrays[c], &image->levels[c]);
    jpeg_finish_compress(&cinfo);
    jpeg_destroy_compress(&cinfo);
    *ret_data = destination.data;
    *ret_size_bytes = destination.capacity - destination.base.free_in_buffer;
    return CRUSH_OK;
}
