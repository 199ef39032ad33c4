/*
 * HEVC and AV1 pictures to planes, by libde265 and dav1d, each in the calling thread. Both are loaded at the first
 * picture that needs them: linked in, they would cost every process 4 ms at the start, and few pictures are HEIC.
 */
#ifndef PICLOG_CRUSH_FORMATS_HEIF_CODEC_H
#define PICLOG_CRUSH_FORMATS_HEIF_CODEC_H

#include "crush/formats/heif_file.h"

/* One decoded picture. Samples are bytes for a depth of 8, else 16 bits in the byte order of the machine. */
struct heif_frame {
    uint32_t width_px, height_px;
    int depth;            /* 8 to 16 bits */
    int gray;             /* 1: no chroma */
    int shift_x, shift_y; /* chroma is smaller by these powers of two, rounded up */
    const uint8_t *planes[PLANE_COUNT];
    ptrdiff_t strides[PLANE_COUNT]; /* in bytes */
    struct heif_cicp cicp;          /* as the coded picture says; 2: unspecified */
    int truncated;                  /* 1: parts of it are missing */
    void *owner;                    /* of the planes */
    void (*release)(void *owner);
};

/* Loads both libraries, so that it need not be done later. Thread-safe; costs some milliseconds once. */
void heif_codec_load(void);

/* What the decoder takes for a picture of this size, about. */
uint64_t heif_codec_memory_bytes(enum heif_codec codec, uint64_t width_px, uint64_t height_px, int bytes_per_sample);

/*
 * Decodes one picture; of several the first. What its own headers declare must hold the limits too, whatever the
 * container says. The caller frees: heif_frame_free. Errors: all but CRUSH_EINVAL, CRUSH_EFORMAT, CRUSH_EBUDGET.
 */
CRUSH_MUST_USE crush_status heif_codec_decode(const struct heif_item *item, const crush_limits *limits,
                                              struct heif_frame *ret_frame, crush_error *ret_error);
void heif_frame_free(struct heif_frame *frame);

#endif
