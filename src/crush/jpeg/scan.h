/*
 * Entropy decoding of one scan, row of MCUs by row of MCUs, into the low-frequency coefficients of each block.
 * Source: ITU-T T.81 annexes F.2 (sequential) and G.2 (progressive).
 */
#ifndef PICLOG_CRUSH_JPEG_SCAN_H
#define PICLOG_CRUSH_JPEG_SCAN_H

#include "crush/jpeg/bits.h"

enum {
    SCAN_INDEX_NONE = JPEG_BLOCK + 15, /* of what has no value; runs lead at most to the one before, */
    SCAN_INDEXES                       /* and what they reach beyond a block goes to its last value, as in libjpeg */
};

/* The coefficients of a component: for each row of blocks, for each slot (vertical × size + horizontal frequency), for
 * each block across. Neighbouring blocks are neighbours in memory, so that they are rebuilt side by side. */
struct jpeg_component_store {
    int size;                    /* low frequencies in each direction: jpeg_reconstruct_has */
    int last;                    /* zig-zag index of the last that is kept */
    uint32_t h, v;               /* blocks in an MCU of an interleaved scan */
    uint32_t across, down;       /* blocks that the picture has, */
    uint32_t stride;             /* and with those that only fill MCUs, */
    uint32_t rows;               /* in memory: all of them, or those of one row of MCUs */
    int16_t *coefficients;       /* rows × size² × stride */
    int refined;                 /* 1: there are scans that refine AC values, */
    uint64_t *nonzero;           /* which have to know of each block what is not zero, kept or not: rows × stride; */
    uint64_t kept;               /* what is kept: index 0 is the highest bit in both */
    uint32_t slot[SCAN_INDEXES]; /* by zig-zag index: offset from the first coefficient; 0: not kept */
};

enum jpeg_scan_kind { SCAN_SEQUENTIAL, SCAN_DC_FIRST, SCAN_DC_REFINE, SCAN_AC_FIRST, SCAN_AC_REFINE };

/* One component's part in a scan. */
struct jpeg_scan_part {
    struct jpeg_component_store *store;
    const struct huffman_table *dc, *ac;
    const struct huffman_skip *skip;
    int32_t predicted; /* DC */
};

struct jpeg_scan_pass {
    enum jpeg_scan_kind kind;
    int part_count;
    struct jpeg_scan_part parts[4];
    uint32_t mcus_across, mcus_down;
    uint32_t restart_interval, restart_left;
    int first, last, low;   /* progressive: band and bits that come later */
    uint32_t blocks_at_end; /* progressive: blocks still to pass over */
    struct bits_window window;
};

/* One block of an MCU: what is needed to decode it. */
struct jpeg_scan_block {
    const struct huffman_table *dc, *ac;
    const struct huffman_skip *skip;
    const struct jpeg_component_store *store;
    int32_t *predicted;
    int16_t *at;   /* its coefficients */
    uint32_t step; /* from one MCU to the next */
};

/* How many blocks of an MCU are a part's. */
static inline uint32_t jpeg_scan_part_blocks(const struct jpeg_scan_pass *pass, int part)
{
    return pass->part_count == 1 ? 1 : pass->parts[part].store->h * pass->parts[part].store->v;
}

/* The blocks of the first MCU in a row, at most BITS_BLOCKS_MAX. Returns their number. */
size_t jpeg_scan_list_blocks(struct jpeg_scan_pass *pass, uint32_t row, struct jpeg_scan_block ret_blocks[]);

/*
 * Decodes the next row of MCUs of a sequential scan, from MCU column `first` on, into the stores' row of MCUs number
 * `row` (0 where they hold only one). Blocks that are not in the data keep what was there.
 */
void jpeg_scan_row(struct jpeg_scan_pass *pass, uint32_t row, uint32_t first);

/* jpeg/progressive.c: the same for the scans of progressive files. */
void jpeg_progressive_row(struct jpeg_scan_pass *pass, uint32_t row);

/* At the beginning of each MCU. 1: it can be decoded. *bits is the caller's copy of pass->window.bits. */
static inline int jpeg_scan_mcu_begin(struct jpeg_scan_pass *pass, struct bits *bits)
{
    if (__builtin_expect(pass->restart_interval != 0, 0) && !pass->restart_left--) {
        pass->window.bits = *bits;
        bits_restart(&pass->window);
        *bits = pass->window.bits;
        pass->restart_left = pass->restart_interval - 1;
        pass->blocks_at_end = 0;
        for (int i = 0; i < pass->part_count; i++)
            pass->parts[i].predicted = 0;
    }
    return bits_ready(&pass->window, bits);
}

/* Where in its store an MCU's block (x, y) of a part is, at the beginning of a row of MCUs. */
static inline int16_t *jpeg_scan_block_at(const struct jpeg_component_store *store, uint32_t block_row, uint32_t x)
{
    return store->coefficients + (size_t)block_row * (size_t)(store->size * store->size) * store->stride + x;
}

#endif
