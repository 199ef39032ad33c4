/*
 * See gif_lzw.h. A table that is full stays as it is until it is cleared, as encoders rely on. Blocks that are cut off
 * give what they have. It stops at a code that cannot be, and knows nothing of rows. Next: decode_gif.c.
 */
#include "crush/formats/gif_lzw.h"

#include <string.h>

enum { LEAST_BITS_MAX = 11, CODE_BITS_MAX = 12, NONE = GIF_LZW_CODES };

static void table_clear(struct gif_lzw *lzw)
{
    lzw->code_bits = lzw->least_bits + 1;
    lzw->next = lzw->clear + 2;
    lzw->before = NONE;
}

void gif_lzw_begin(struct gif_lzw *lzw, const uint8_t *data, size_t size_bytes, size_t at)
{
    lzw->data = data;
    lzw->size = size_bytes;
    lzw->at = at + 1;
    lzw->block_left = 0;
    lzw->bits = 0;
    lzw->bit_count = 0;
    lzw->string_at = lzw->string_end = 0;
    lzw->ended = at >= size_bytes || data[at] > LEAST_BITS_MAX;
    if (lzw->ended)
        return;
    lzw->least_bits = data[at];
    lzw->clear = 1U << lzw->least_bits;
    for (uint32_t code = 0; code < lzw->clear; code++) {
        lzw->prefix[code] = 0;
        lzw->length[code] = 1;
        lzw->first[code] = lzw->last[code] = (uint8_t)code;
    }
    table_clear(lzw);
}

/* 0: there is none. */
static int code_read(struct gif_lzw *lzw, uint32_t *ret_code)
{
    while (lzw->bit_count < lzw->code_bits) {
        if (lzw->at >= lzw->size)
            return 0;
        const uint8_t byte = lzw->data[lzw->at++];
        if (!lzw->block_left) {
            if (!byte)
                return 0;
            lzw->block_left = byte;
            continue;
        }
        lzw->block_left--;
        lzw->bits |= (uint32_t)byte << lzw->bit_count;
        lzw->bit_count += 8;
    }
    *ret_code = lzw->bits & ((1U << lzw->code_bits) - 1);
    lzw->bits >>= lzw->code_bits;
    lzw->bit_count -= lzw->code_bits;
    return 1;
}

/* What the table learns from a code: the string before it and the first pixel of this one's. */
static void table_add(struct gif_lzw *lzw, uint32_t code)
{
    const uint32_t next = lzw->next;
    if (lzw->before == NONE || next >= GIF_LZW_CODES)
        return;
    lzw->prefix[next] = (uint16_t)lzw->before;
    lzw->length[next] = (uint16_t)(lzw->length[lzw->before] + 1);
    lzw->first[next] = lzw->first[lzw->before];
    lzw->last[next] = lzw->first[code < next ? code : lzw->before];
    lzw->next++;
}

/* Reads codes until one has a string. 0: the end. */
static int string_read(struct gif_lzw *lzw)
{
    uint32_t code;
    do {
        if (!code_read(lzw, &code) || code == lzw->clear + 1)
            return 0;
        if (code == lzw->clear)
            table_clear(lzw);
    } while (code == lzw->clear);
    /* one that is being made is the string before, once more with its first pixel */
    if (code > lzw->next || (code == lzw->next && (lzw->before == NONE || code >= GIF_LZW_CODES)))
        return 0;
    table_add(lzw, code);
    if (lzw->next >= 1U << lzw->code_bits && lzw->code_bits < CODE_BITS_MAX)
        lzw->code_bits++;
    lzw->before = code;
    lzw->string_at = 0;
    lzw->string_end = lzw->length[code];
    for (uint32_t i = lzw->string_end; i; i--, code = lzw->prefix[code])
        lzw->string[i - 1] = lzw->last[code];
    return 1;
}

size_t gif_lzw_read(struct gif_lzw *lzw, uint8_t *to, size_t count)
{
    size_t left = count;
    while (left) {
        const size_t have = lzw->string_end - lzw->string_at, some = have < left ? have : left;
        memcpy(to, lzw->string + lzw->string_at, some);
        lzw->string_at += (uint32_t)some;
        to += some;
        left -= some;
        if (left && (lzw->ended || !string_read(lzw))) {
            lzw->ended = 1;
            break;
        }
    }
    return count - left;
}
