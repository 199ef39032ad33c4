/*
 * The tables that a JPEG defines between its scans, kept as they stand in the file.
 * Source: ITU-T T.81 annex B.2.4.
 */
#ifndef PICLOG_CRUSH_JPEG_TABLES_H
#define PICLOG_CRUSH_JPEG_TABLES_H

#include <stddef.h>
#include <stdint.h>

#include "crush.h"

enum { JPEG_TABLES = 4, JPEG_BLOCK = 64, JPEG_CODE_BITS = 16 };

struct jpeg_huffman_spec {
    int present;
    uint8_t counts[JPEG_CODE_BITS + 1]; /* codes of each length, from 1 */
    uint8_t symbols[256];               /* in order of their codes; 0 behind the last */
};

struct jpeg_quant_spec {
    int present;
    uint16_t steps[JPEG_BLOCK]; /* zig-zag */
};

struct jpeg_tables {
    struct jpeg_quant_spec quant[JPEG_TABLES];
    struct jpeg_huffman_spec dc[JPEG_TABLES], ac[JPEG_TABLES];
    uint32_t restart_interval; /* MCUs; 0: none */
    int frames;                /* frame headers seen */
};

/*
 * Applies the segments in data[from … to) to *tables; both must lie within the file. Returns 0 where one of them
 * is broken or unusual (arithmetic conditioning, hierarchical): such a file is for the library to judge.
 */
CRUSH_MUST_USE int jpeg_tables_read(const uint8_t *data, size_t from, size_t to, struct jpeg_tables *tables);

/* One component of a scan, as its header says. */
struct jpeg_scan_component {
    uint8_t id, dc, ac; /* numbers of tables below JPEG_TABLES */
};

struct jpeg_scan_header {
    int component_count; /* 1..4 */
    struct jpeg_scan_component components[4];
    int first, last, high, low; /* zig-zag band, successive approximation */
    size_t data;                /* where the compressed data begins */
};

/* Reads the SOS marker at data[at]. Returns 0 where it is broken. */
CRUSH_MUST_USE int jpeg_scan_header_read(const uint8_t *data, size_t size, size_t at,
                                         struct jpeg_scan_header *ret_header);

/* The position in a block (row × 8 + column) of each zig-zag index. */
extern const uint8_t jpeg_natural_order_of[JPEG_BLOCK];

#endif
