/*
 * Between decoders and the working picture: a decoder says what its planes look like and pushes rows; they
 * are scaled as they come, and at the end made sRGB, opaque, upright, and handed to the picture.
 *
 *     intake_begin() → intake_push_plane() or intake_push_pixels(), top to bottom → intake_finish()
 *     intake_end() always, also after a failure
 */
#ifndef PICLOG_CRUSH_PIXELS_INTAKE_H
#define PICLOG_CRUSH_PIXELS_INTAKE_H

#include "crush/pixels/colour.h"
#include "crush/pixels/scale.h"

enum { INTAKE_PLANES = 4 };

/* How one plane arrives: see scale_axis. */
struct intake_plane {
    uint32_t columns, rows;
    double columns_extent, rows_extent;
    uint32_t columns_box, rows_box;
};

struct intake {
    const crush_open_options *options;
    enum colour_model model;
    int alpha;             /* the last plane is opacity and the others are multiplied by it */
    int compose;           /* pixels have opacity and are laid over the background as they come */
    struct colour *colour; /* owned; NULL: already sRGB */
    uint32_t width_px;     /* of the working picture, as stored (before turning upright) */
    uint32_t height_px;
    uint32_t source_rows; /* of the first plane: fewer came where the source ends early */
    int plane_count;
    int wanted[INTAKE_PLANES]; /* 0: the plane need not be decoded or pushed */
    struct plane planes[INTAKE_PLANES];
    struct scale *scales[INTAKE_PLANES];
    /* intake_push_pixels: rows of whole pixels, averaged by box × box first where the picture shrinks a lot */
    uint32_t row_px;         /* 0: planes arrive */
    int channels;            /* of the last row */
    uint32_t box, box_rows;  /* rows in the sums so far */
    uint64_t box_reciprocal; /* 2^32 / samples of a whole box */
    uint16_t *sums;          /* box > 1: per column and channel */
    uint8_t *pixels;         /* one row of at most four channels */
    uint8_t *rows;           /* one row of each plane */
    uint8_t *fine_rows;      /* and of its fine; NULL: no plane has the source's size */
};

/* The size that a source of width × height (as stored) gets. */
void intake_size(uint32_t max_side_px, uint32_t width_px, uint32_t height_px, uint32_t *ret_width_px,
                 uint32_t *ret_height_px);

/* Over a gray background (or with options.gray) gray pictures with opacity stay gray. */
int intake_background_is_gray(const crush_open_options *options);

/* A plane that arrives whole, columns × rows. */
static inline struct intake_plane intake_plane_whole(uint32_t columns, uint32_t rows)
{
    return (struct intake_plane){columns, rows, columns, rows, 1, 1};
}

/*
 * First step, once the header is known: model, alpha and profile decide what the working planes are. Pixels pushed as
 * COLOUR_RGB become YCbCr at once where there is no profile; with one, rounding twice would show in dark colours. Takes
 * ownership of colour (NULL: none), also on failure. Nothing large is allocated yet.
 */
void intake_plan(struct intake *intake, const crush_open_options *options, enum colour_model model, int alpha,
                 struct colour *colour, uint32_t source_width_px, uint32_t source_height_px);

/* The size of working plane i. */
void intake_plane_size(const struct intake *intake, int i, uint32_t *ret_width_px, uint32_t *ret_height_px);

/*
 * Second step: makes planes and scalers for what the decoder delivers, one intake_plane for each of plane_count.
 * decoder_bytes is what the decoder itself takes; both together must hold the memory limit.
 */
CRUSH_MUST_USE crush_status intake_begin(struct intake *intake, const struct intake_plane *sources,
                                         uint64_t decoder_bytes, crush_error *ret_error);

/* The same for a decoder that delivers whole pixels, which arrive as *source says: intake_push_pixels. */
CRUSH_MUST_USE crush_status intake_begin_pixels(struct intake *intake, const struct intake_plane *source,
                                                uint64_t decoder_bytes, crush_error *ret_error);

/* The next row of plane i. */
static inline void intake_push_plane(struct intake *intake, int i, const uint8_t *row)
{
    if (intake->scales[i])
        scale_push_row(intake->scales[i], row);
}

/*
 * The next row of whole pixels, channels bytes each (always the same): 1 gray, 2 gray and opacity, 3 RGB, 4 RGB and
 * opacity; CMYK: 4. The opacity is ignored unless intake_plan was told of it. Without a profile a row is laid over
 * the background at once.
 */
void intake_push_pixels(struct intake *intake, const uint8_t *row, int channels);

/* A palette of 256 colours, laid over the background. */
struct intake_palette {
    uint8_t pixels[256][4]; /* the fourth byte means nothing */
    uint8_t background[4];
};

/* From 256 colours of four bytes (RGBA). For a planned intake of colour without profile and opacity. */
void intake_palette_make(const struct intake *intake, const uint8_t rgba[256 * 4], struct intake_palette *ret_palette);

/* The next row: count indices from column `first` on; the background to the left and right of them. */
void intake_push_indices(struct intake *intake, const uint8_t *indices, uint32_t first, uint32_t count,
                         const struct intake_palette *palette);

/*
 * Completes all planes (rows that were never pushed show the background), converts colour, composes over the
 * background, turns upright by orientation and moves the result to the picture. On failure the picture is unchanged.
 */
CRUSH_MUST_USE crush_status intake_finish(struct intake *intake, int orientation, crush_picture *picture,
                                          crush_error *ret_error);

/* Frees everything; also for a zeroed intake. */
void intake_end(struct intake *intake);

#endif
