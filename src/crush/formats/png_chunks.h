/* What the chunks of a PNG say besides its pixels, read without libpng, and the bytes that libpng gets to see. */
#ifndef PICLOG_CRUSH_FORMATS_PNG_CHUNKS_H
#define PICLOG_CRUSH_FORMATS_PNG_CHUNKS_H

#include <stddef.h>
#include <stdint.h>

/* A rectangle of the canvas. */
struct png_frame {
    uint32_t left_px, top_px, width_px, height_px;
};

struct png_chunks {
    uint32_t width_px, height_px; /* of the canvas, as stored */
    uint8_t depth, colour_type;   /* as in IHDR, unchecked */
    int orientation;              /* EXIF's; 1: none */
    int has_profile;
    const uint8_t *transparency; /* the body of tRNS; NULL: none */
    uint32_t transparency_bytes;
    int has_cicp; /* code points that mean something, which then come before every other word about colour */
    int primaries, transfer;
    double peak_cd_m2; /* how bright it gets, or else the display that it was made on; 0: not told */
    /* Where the data of the first frame begin and what it covers. It is the default image unless an animation
     * leaves that out. */
    struct png_frame frame;
    int default_hidden;
    size_t default_at, data_at; /* the first IDAT (0: none); if default_hidden, the first fdAT */
};

/* Reads the chunk headers of a file that begins like a PNG. 0: there is no header chunk. */
int png_chunks_read(const uint8_t *data, size_t size_bytes, struct png_chunks *ret_chunks);

/* What the rows of the first frame take unpacked. */
uint64_t png_chunks_unpacked_bytes(const struct png_chunks *chunks);

/*
 * A file as libpng shall see it: of an animation without the default image its first frame as a PNG of its own (with
 * checksums that are wrong), and a last chunk of picture data that is cut off as one that is shorter.
 */
struct png_source {
    const uint8_t *data;
    size_t size, at, next_chunk;
    const struct png_chunks *chunks;
};

struct png_source png_source_begin(const uint8_t *data, size_t size_bytes, const struct png_chunks *chunks);

/* The next count bytes. 0: there are not so many. */
int png_source_read(struct png_source *source, uint8_t *to, size_t count);

#endif
