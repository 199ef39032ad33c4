/*
 * See gif_lzw.h. A table that is full stays as it is until it is cleared, as encoders rely on. Blocks that are cut off
 * give what they have. It stops at a code that cannot be, and knows nothing of rows. Next: decode_gif.c.
 */
#include "crush/formats/gif_lzw.h"

#include <string.h>

enum { LEAST_BITS_MAX = 11, CODE_BITS_MAX = 12, NONE = GIF_LZW_CODES, WORD_BYTES = 8, BYTE_BITS = 8 };

static inline void table_clear(const struct gif_lzw *lzw, struct gif_lzw_place *p)
{
    p->code_bits = lzw->least_bits + 1;
    p->next = lzw->clear + 2;
    p->before = NONE;
}

void gif_lzw_begin(struct gif_lzw *lzw, const uint8_t *data, size_t size_bytes, size_t at)
{
    lzw->data = data;
    lzw->size = size_bytes;
    lzw->place = (struct gif_lzw_place){.at = at + 1};
    lzw->string_at = lzw->string_end = 0;
    lzw->ended = at >= size_bytes || data[at] > LEAST_BITS_MAX;
    if (lzw->ended)
        return;
    lzw->least_bits = data[at];
    lzw->clear = 1U << lzw->least_bits;
    for (uint32_t code = 0; code < lzw->clear; code++) {
        lzw->prefix[code] = 0;
        lzw->length[code] = 1;
        lzw->first[code] = lzw->piece[code][0] = (uint8_t)code;
    }
    table_clear(lzw, &lzw->place);
}

static inline uint64_t word_at(const uint8_t *p)
{
    uint64_t word = 0;
    for (int i = 0; i < WORD_BYTES; i++)
        word |= (uint64_t)p[i] << (BYTE_BITS * i);
    return word;
}

/* At least the bits of one code: as many as there is room for inside a block, else byte by byte. 0: there are none. */
static inline int bits_fill(const struct gif_lzw *lzw, struct gif_lzw_place *p)
{
    if (p->block_left >= WORD_BYTES && lzw->size - p->at >= WORD_BYTES) {
        const uint32_t bytes = (63 - p->bit_count) / BYTE_BITS;
        p->bits |= word_at(lzw->data + p->at) << p->bit_count; /* bits above those counted are the next bytes' own */
        p->at += bytes;
        p->block_left -= bytes;
        p->bit_count += bytes * BYTE_BITS;
        return 1;
    }
    p->bits &= ((uint64_t)1 << p->bit_count) - 1;
    while (p->bit_count < p->code_bits) {
        if (p->at >= lzw->size)
            return 0;
        const uint8_t byte = lzw->data[p->at++];
        if (!p->block_left) {
            if (!byte)
                return 0;
            p->block_left = byte;
            continue;
        }
        p->block_left--;
        p->bits |= (uint64_t)byte << p->bit_count;
        p->bit_count += BYTE_BITS;
    }
    return 1;
}

/* What the table learns from a code: the string before it and the first pixel of this one's. */
static inline void table_add(struct gif_lzw *lzw, struct gif_lzw_place *p, uint32_t code)
{
    const uint32_t next = p->next, before = p->before;
    if (before == NONE || next >= GIF_LZW_CODES)
        return;
    const uint32_t length = lzw->length[before], in_piece = length % GIF_LZW_PIECE;
    const uint8_t pixel = lzw->first[code < next ? code : before];
    memcpy(lzw->piece[next], lzw->piece[before], GIF_LZW_PIECE);
    lzw->piece[next][in_piece] = pixel;
    lzw->prefix[next] = in_piece ? lzw->prefix[before] : (uint16_t)before;
    lzw->length[next] = (uint16_t)(length + 1);
    lzw->first[next] = lzw->first[before];
    p->next++;
}

/* Reads codes until one has a string. 0: the end. */
static inline int code_read(struct gif_lzw *lzw, struct gif_lzw_place *p, uint32_t *ret_code)
{
    uint32_t code;
    do {
        if (p->bit_count < p->code_bits && !bits_fill(lzw, p))
            return 0;
        code = (uint32_t)p->bits & ((1U << p->code_bits) - 1);
        p->bits >>= p->code_bits;
        p->bit_count -= p->code_bits;
        if (code == lzw->clear + 1)
            return 0;
        if (code == lzw->clear)
            table_clear(lzw, p);
    } while (code == lzw->clear);
    /* one that is being made is the string before, once more with its first pixel */
    if (code > p->next || (code == p->next && p->before == NONE))
        return 0;
    table_add(lzw, p, code);
    if (p->next >= 1U << p->code_bits && p->code_bits < CODE_BITS_MAX)
        p->code_bits++;
    p->before = code;
    *ret_code = code;
    return 1;
}

/* Whole pieces, from the last to the first: up to seven bytes behind the string are written as well. */
static inline void string_write(const struct gif_lzw *lzw, uint32_t code, uint32_t length, uint8_t *to)
{
    uint32_t at = (length - 1) / GIF_LZW_PIECE * GIF_LZW_PIECE;
    memcpy(to + at, lzw->piece[code], GIF_LZW_PIECE);
    while (at) {
        at -= GIF_LZW_PIECE;
        code = lzw->prefix[code];
        memcpy(to + at, lzw->piece[code], GIF_LZW_PIECE);
    }
}

size_t gif_lzw_read(struct gif_lzw *lzw, uint8_t *to, size_t count)
{
    struct gif_lzw_place place = lzw->place; /* a copy, which may stay in registers */
    const size_t have = lzw->string_end - lzw->string_at, some = have < count ? have : count;
    size_t left = count - some;
    memcpy(to, lzw->string + lzw->string_at, some);
    lzw->string_at += (uint32_t)some;
    to += some;
    while (left && !lzw->ended) {
        uint32_t code;
        if (!code_read(lzw, &place, &code)) {
            lzw->ended = 1;
            break;
        }
        const uint32_t length = lzw->length[code];
        if (left >= length + GIF_LZW_PIECE) {
            string_write(lzw, code, length, to);
            to += length;
            left -= length;
            continue;
        }
        string_write(lzw, code, length, lzw->string);
        const uint32_t now = length < left ? length : (uint32_t)left;
        memcpy(to, lzw->string, now);
        lzw->string_at = now;
        lzw->string_end = length;
        to += now;
        left -= now;
    }
    lzw->place = place;
    return count - left;
}
