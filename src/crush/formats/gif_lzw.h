/* The picture data of a GIF frame: LZW of variable length in blocks. Source: GIF89a, appendix F. */
#ifndef PICLOG_CRUSH_FORMATS_GIF_LZW_H
#define PICLOG_CRUSH_FORMATS_GIF_LZW_H

#include <stddef.h>
#include <stdint.h>

enum { GIF_LZW_CODES = 4096, GIF_LZW_PIECE = 8 };

/* Where it is in the data and among the codes. */
struct gif_lzw_place {
    size_t at, block_left; /* bytes still to come of the block at hand */
    uint64_t bits;         /* read and not used yet, the next one lowest */
    uint32_t bit_count, code_bits;
    uint32_t next, before; /* codes; GIF_LZW_CODES: there is none before */
};

/*
 * Strings are held in pieces of eight pixels, so that they are copied by whole words: a code has the last piece of its
 * string, and knows the code that ends with the piece before.
 */
struct gif_lzw {
    const uint8_t *data;
    size_t size;
    struct gif_lzw_place place;
    uint32_t least_bits, clear;
    int ended; /* no more pixels will come: the end was marked, the data ended or made no sense */
    uint16_t prefix[GIF_LZW_CODES], length[GIF_LZW_CODES];
    uint8_t first[GIF_LZW_CODES], piece[GIF_LZW_CODES][GIF_LZW_PIECE];
    uint8_t string[GIF_LZW_CODES + GIF_LZW_PIECE]; /* of the last code, what has not been asked for yet */
    uint32_t string_at, string_end;
};

/* Begins at the byte that says how many bits a pixel has: up to 11 are taken, though only 8 mean something; of more a
 * pixel keeps the lowest 8. No memory is taken; data must outlive the reader. */
void gif_lzw_begin(struct gif_lzw *lzw, const uint8_t *data, size_t size_bytes, size_t at);

/*
 * Writes the next count pixels, and returns how many there were: fewer only at the end, and what is behind them is then
 * lost as well. Cost: some 20 instructions a code.
 */
size_t gif_lzw_read(struct gif_lzw *lzw, uint8_t *to, size_t count);

#endif
