/*
 * The container of HEIC and AVIF (ISO base media file format): which coded pictures make the one that is shown, and how
 * they lie. It decodes nothing, allocates next to nothing and follows no reference twice. Sources: ISO/IEC 14496-12
 * (boxes, tracks), ISO/IEC 23008-12 (HEIF: items, properties, grids), AV1 Image File Format 1.1 (AOM).
 */
#ifndef PICLOG_CRUSH_FORMATS_HEIF_FILE_H
#define PICLOG_CRUSH_FORMATS_HEIF_FILE_H

#include "crush/pixels/picture.h"

enum { HEIF_TRANSFORMS_MAX = 8 };

/* Bytes of the file. */
struct heif_span {
    const uint8_t *data;
    size_t size;
};

enum heif_codec { HEIF_HEVC, HEIF_AV1 };

/* One coded picture: the whole or a tile. */
struct heif_item {
    enum heif_codec codec;
    struct heif_span config; /* the body of hvcC or av1C; empty: none */
    struct heif_span data;
    uint8_t *pieces; /* data put together where the file has it in several pieces; else NULL */
    int operating_point;
    int truncated; /* 1: the file ends before the data does */
};

/* What is shown, or its opacity: one coded picture, or a grid of them. */
struct heif_image {
    uint32_t width_px, height_px; /* as stored and declared; of a grid: what is used of its tiles */
    uint32_t columns, rows;
    uint32_t tile_width_px, tile_height_px; /* as declared */
    uint32_t item;                          /* its number; of a grid: not used */
    struct heif_span tiles;                 /* of a grid: numbers of its items, row by row */
};

/* Crops and turns, in the order in which they apply. */
struct heif_transform {
    enum { HEIF_CROP, HEIF_ROTATE, HEIF_MIRROR } kind;
    int quarters;          /* HEIF_ROTATE: counter-clockwise */
    int left_right;        /* HEIF_MIRROR: 1 exchanges left and right, 0 top and bottom */
    struct heif_span clap; /* HEIF_CROP: the body of its box */
};

/* How colours are coded: numbers of ITU-T H.273. */
struct heif_cicp {
    int primaries, transfer, matrix, full_range;
};

struct heif_file {
    struct heif_span whole;
    struct heif_span iinf, iloc, ipco, ipma, iref, idat; /* bodies of full boxes with version and flags */
    struct heif_image colour, alpha;
    int has_alpha, premultiplied;
    struct heif_transform transforms[HEIF_TRANSFORMS_MAX];
    int transform_count;
    struct heif_span icc;
    int has_cicp;
    struct heif_cicp cicp;
    double peak_cd_m2;             /* how bright the picture gets; 0: not said */
    struct heif_item track_sample; /* of a sequence without items: its first picture; else no data */
};

/* The part of a stored picture that is shown. */
struct heif_crop {
    uint32_t left_px, top_px, width_px, height_px;
};

/* 1 where a file with this beginning holds HEVC or AV1 pictures by its brands; *ret_format says which. */
int heif_brands_read(const uint8_t *data, size_t size_bytes, crush_format *ret_format);

/* Reads boxes up to what is shown. Everything in *ret_file points into data. */
CRUSH_MUST_USE crush_status heif_file_read(const uint8_t *data, size_t size_bytes, struct heif_file *ret_file,
                                           crush_error *ret_error);

/*
 * Finds tile number index of an image of the file (0 where it is no grid). The caller frees: heif_item_free.
 * CRUSH_ECORRUPT where the file lacks it altogether.
 */
CRUSH_MUST_USE crush_status heif_item_find(const struct heif_file *file, const struct heif_image *image, uint32_t index,
                                           struct heif_item *ret_item, crush_error *ret_error);
void heif_item_free(struct heif_item *item);

/* What of a stored picture of this size is shown, and the EXIF orientation that turns it upright. */
void heif_file_place(const struct heif_file *file, uint32_t width_px, uint32_t height_px, struct heif_crop *ret_crop,
                     int *ret_orientation);

#endif
