/*
 * The compressed data of one scan as bits: unstuffed into a window ahead of the decoder, so that taking bits
 * needs no check and no branch. Who decodes asks bits_ready() once for each MCU; between two calls it may take
 * BITS_MCU_MAX bits, and the window guarantees that many, zeros behind the end of the data as libjpeg has them.
 *
 *     bits_begin() → [ bits_restart() ] → bits_ready() → bits_refill(), bits_take() …  → bits_end()
 */
#ifndef PICLOG_CRUSH_JPEG_BITS_H
#define PICLOG_CRUSH_JPEG_BITS_H

#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include "crush/jpeg/huffman.h"

enum {
    BITS_BLOCKS_MAX = 10,                                           /* in an MCU: T.81 B.2.3 */
    BITS_MCU_MAX = BITS_BLOCKS_MAX * JPEG_BLOCK * HUFFMAN_MAX_TAKE, /* as every symbol moves on by one at least */
    BITS_MARGIN = BITS_MCU_MAX / 8 + 16,                            /* and what is read ahead */
    BITS_WINDOW = 196608,                                           /* for lanes, which are far apart; */
    BITS_WINDOW_SMALL = 32768,                                      /* for one reader */
    BITS_SYMBOL_MAX = HUFFMAN_BITS + 15,
};

/* What the hot loop keeps in registers. */
struct bits {
    uint64_t word; /* the next bits, from the top; those below `left` are true or zero */
    uint32_t left; /* valid bits in word: 56 to 63 after a refill */
    const uint8_t *next;
    uint32_t invalid; /* not 0: a code was met that the table does not have */
};

struct bits_window {
    struct bits bits;
    const uint8_t *safe;      /* beyond it, the window has to be looked at before the next MCU */
    const uint8_t *raw, *end; /* of the file: what has not been unstuffed */
    size_t room;              /* of data, that is used */
    size_t filled;            /* unstuffed bytes in data */
    int marker;               /* that ended the data; 0: not met yet */
    int dry;                  /* bits were missing: blocks stay as they are until the next restart */
    int damaged;              /* something was wrong or missing */
    int next_restart;         /* 0..7 */
    uint8_t before[16];       /* safe == before: always look */
    uint8_t data[BITS_WINDOW + BITS_MARGIN];
};

/* Starts a scan whose compressed data is at raw and ends at a marker, at `end` at the latest. room: at most
 * BITS_WINDOW. */
void bits_begin(struct bits_window *window, const uint8_t *raw, const uint8_t *end, size_t room);

/* 1 where bits were missing because the picture's data had ended. */
int bits_window_ended(const struct bits_window *window);

/* Goes on behind the next restart marker, as libjpeg does it where markers are missing or wrong. */
void bits_restart(struct bits_window *window);

/* The whole of a restart interval, unstuffed. */
struct bits_interval {
    uint64_t begin, end; /* bits from the beginning of the window's data */
    const uint8_t *raw;  /* of the file: behind the marker that ended it, */
    int marker;          /* which is this */
};

/*
 * Unstuffs up to `most` intervals behind the one that ends in the window, as long as their markers follow in order
 * and there is room, each with `gap` bytes of zeros behind it. Returns their number. The window stays where it is, but
 * its margin is gone: either bits_intervals_take or bits_intervals_leave has to follow.
 */
int bits_intervals(struct bits_window *window, size_t gap, int most, struct bits_interval ret_intervals[]);

/* Goes on behind the last of `count` intervals, as if they had been read; count may be 0. */
void bits_intervals_take(struct bits_window *window, const struct bits_interval intervals[], int count);
void bits_intervals_leave(struct bits_window *window);

/* Looks whether bits were missing in the end. */
void bits_end(struct bits_window *window);

/* For bits_ready. 0 where the data has ended. */
int bits_window_move(struct bits_window *window);

/* 1: the next MCU can be decoded. 0: the data has ended, the MCU stays as it is. */
static inline int bits_ready(struct bits_window *window, struct bits *bits)
{
    if (__builtin_expect(bits->next <= window->safe, 1))
        return 1;
    window->bits = *bits;
    const int ready = bits_window_move(window);
    *bits = window->bits;
    return ready;
}

/* At least 56 bits afterwards. */
static inline void bits_refill(struct bits *bits)
{
    uint64_t more;
    memcpy(&more, bits->next, sizeof more);
#if __BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__
    more = __builtin_bswap64(more);
#endif
    bits->word |= more >> bits->left;
    bits->next += (63 - bits->left) >> 3;
    bits->left |= 56;
}

static inline void bits_take(struct bits *bits, uint32_t count)
{
    bits->word <<= count;
    bits->left -= count;
}

/* The value that a symbol entry announces (T.81 F.2.2.1, EXTEND); 0 if it has none. The entry is not yet taken. */
static inline int32_t bits_value(uint64_t word, uint32_t entry)
{
    const uint32_t size = entry >> 6 & 15;
    const uint64_t value = word << ((entry & 63) - size);
    int32_t negative = ~(int32_t)((int64_t)value >> 63); /* all ones where the first bit is 0 */
    __asm__("" : "+r"(negative)); /* or it becomes a branch, which would be guessed wrong half of the time */
    return (int32_t)(value >> 1 >> (63 - size)) + (negative & (1 - (1 << size)));
}

/* The same bits as they are: 0 … 2^size - 1. */
static inline uint32_t bits_plain(uint64_t word, uint32_t entry)
{
    const uint32_t size = entry >> 6 & 15;
    return (uint32_t)(word << ((entry & 63) - size) >> 1 >> (63 - size));
}

/* The entry of the next symbol, of any length. BITS_SYMBOL_MAX bits must be there, so two symbols can be taken between
 * refills; the entry may be taken at once in any case. */
static inline uint32_t bits_symbol(struct bits *bits, const struct huffman_table *table)
{
    uint32_t entry = table->symbol[bits->word >> (64 - HUFFMAN_BITS)];
    if (__builtin_expect(entry == 0, 0)) {
        bits_refill(bits);
        entry = huffman_long(table, bits->word);
        bits->invalid |= entry == HUFFMAN_INVALID;
    }
    return entry;
}

#endif
