/*
 * What a JPEG file says before and between its compressed data: one walk over the markers, no decoding.
 * Source: ITU-T T.81 annex B; ICC.1:2010 annex B.4; Exif 2.32; Adobe TN 5116.
 */
#ifndef PICLOG_CRUSH_JPEG_OUTLINE_H
#define PICLOG_CRUSH_JPEG_OUTLINE_H

#include "crush/pixels/picture.h"

enum { JPEG_COMPONENTS = 4, JPEG_ICC_SEGMENTS = 255 };

struct jpeg_component {
    uint8_t id, h, v;
    uint8_t quant; /* number of its quantisation table */
};

/* One scan: offsets into the file, from its SOS marker to where its compressed data ends. */
struct jpeg_scan {
    size_t begin, data, end;
    uint8_t components; /* bit i: component i of the frame takes part */
    uint8_t spectral_first, spectral_last, approx_high, approx_low;
};

struct jpeg_outline {
    int sof; /* 0..15 of the marker SOF0..SOF15; -1: none found */
    int precision;
    uint32_t width_px, height_px; /* as stored */
    int component_count;
    struct jpeg_component components[JPEG_COMPONENTS];
    int restart_interval;
    int adobe_transform; /* -1: no Adobe marker */
    int has_jfif;
    int orientation; /* of the first Exif block; 1 if none */
    int icc_count;   /* segments of a profile found, 0: none */
    int icc_total;   /* segments as announced */
    struct {
        const uint8_t *data;
        size_t size;
    } icc[JPEG_ICC_SEGMENTS + 1]; /* by number, from 1 */
    size_t first_scan;            /* offset of the first SOS; 0: none */
    int first_scan_is_all;        /* the first scan has every component and every coefficient */
    int first_scan_is_empty;      /* no data stand behind its header */
    int complete;                 /* scans were walked and the end marker found */
    struct jpeg_scan *scans;      /* by jpeg_outline_walk_scans; owned */
    size_t scan_count;
};

/* Reads up to the first SOS. Never fails: what is not there stays 0, sof -1. Allocates nothing. */
void jpeg_outline_read(const uint8_t *data, size_t size_bytes, struct jpeg_outline *ret_outline);

/*
 * Goes on through all scans. CRUSH_ELIMIT as soon as there are more than limits->max_scans, CRUSH_ENOMEM.
 * Cost: a search for marker bytes over the file.
 */
CRUSH_MUST_USE crush_status jpeg_outline_walk_scans(const uint8_t *data, size_t size_bytes, const crush_limits *limits,
                                                    struct jpeg_outline *outline, crush_error *ret_error);

/* How many blocks a scan goes over. */
uint64_t jpeg_outline_scan_blocks(const struct jpeg_outline *outline, const struct jpeg_scan *scan);

/*
 * CRUSH_ELIMIT (scans) where the scans that will be read go over more blocks, each counted as often as it is visited,
 * than honest files of the largest size do. limits->max_scans 0 allows any.
 */
CRUSH_MUST_USE crush_status jpeg_outline_check_work(const struct jpeg_outline *outline, uint64_t block_visits,
                                                    const crush_limits *limits, crush_error *ret_error);

/* The profile in one piece, allocated; NULL when absent, incomplete or no memory. The caller frees. */
uint8_t *jpeg_outline_icc(const struct jpeg_outline *outline, size_t *ret_size_bytes);

/* Frees the scans. */
void jpeg_outline_clear(struct jpeg_outline *outline);

#endif
