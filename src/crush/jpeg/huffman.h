/*
 * Huffman tables made for reading: one symbol a look-up where its value matters, several where it does not.
 *
 * An entry says all that the next step depends on, so that a look-up, a shift and the next look-up are the whole chain:
 *     bits 0–5    bits to take: code and value
 *     bits 6–9    bits of the value, at the end of those                    (symbol entries)
 *     bits 10–15  how far the zig-zag index moves, HUFFMAN_END at the end   (symbol entries)
 *     bits 6–15   how far the zig-zag index moves, plus SKIP_…              (skip entries)
 * Source: ITU-T T.81 annexes C and F.2.2.
 */
#ifndef PICLOG_CRUSH_JPEG_HUFFMAN_H
#define PICLOG_CRUSH_JPEG_HUFFMAN_H

#include "crush/jpeg/tables.h"

enum {
    HUFFMAN_BITS = 10,                        /* index of a symbol table */
    HUFFMAN_END = 63,                         /* as an index is at least 1, this moves it past the block */
    HUFFMAN_INVALID = 17 | HUFFMAN_END << 10, /* no such code: libjpeg takes 17 bits as the end of a block */
    HUFFMAN_MAX_TAKE = 31,                    /* no entry takes more bits */
    SKIP_BITS = 12,                           /* index of a skip table */
    SKIP_STEPS = 3,                           /* between refills */
    SKIP_MAX_TAKE = 56 / SKIP_STEPS,
    /* Flags above all that symbols can move an index: index & SKIP_MOVED is at most 64 where a step stayed in its
     * block. An end moves by one as well, so that one behind the block's last coefficient counts as outside. */
    SKIP_END = 513,  /* the last symbol ended the block */
    SKIP_LONG = 256, /* nothing taken: the code is longer than the index */
    SKIP_MOVED = 511,
};

enum huffman_kind { HUFFMAN_DC, HUFFMAN_AC, HUFFMAN_PROGRESSIVE_AC };

struct huffman_table {
    uint16_t symbol[1 << HUFFMAN_BITS]; /* 0: the code is longer */
    uint32_t limit[JPEG_CODE_BITS + 1]; /* first 16-bit prefix beyond the codes of this length */
    int32_t offset[JPEG_CODE_BITS + 1]; /* from a code of this length to its place in entries */
    uint16_t entries[256];              /* in order of the codes */
};

struct huffman_skip {
    uint16_t entry[1 << SKIP_BITS];
};

/* 1 where a specification is one that libjpeg accepts. */
CRUSH_MUST_USE int huffman_spec_is_valid(const struct jpeg_huffman_spec *spec, enum huffman_kind kind);

/* Makes the table of a valid specification. */
void huffman_table_make(const struct jpeg_huffman_spec *spec, enum huffman_kind kind, struct huffman_table *ret_table);

/* Makes the skip table that belongs to an AC table. Runs of blocks (progressive) are left to the symbol table. */
void huffman_skip_make(const struct jpeg_huffman_spec *spec, struct huffman_skip *ret_skip);

/* The entry for a code of any length that stands at the top of `word`. Never 0. */
static inline uint32_t huffman_long(const struct huffman_table *table, uint64_t word)
{
    const uint32_t prefix = (uint32_t)(word >> 48);
    for (int length = 1; length <= JPEG_CODE_BITS; length++)
        if (prefix < table->limit[length])
            return table->entries[(uint8_t)((int32_t)(prefix >> (16 - length)) + table->offset[length])];
    return HUFFMAN_INVALID;
}

#endif
