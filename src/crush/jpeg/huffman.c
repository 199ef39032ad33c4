/*
 * Makes tables from the lists of code lengths in a file. It decodes nothing; lists that are no prefix code are
 * refused before. Next: jpeg/bits.h, jpeg/scan.c.
 */
#include "crush/jpeg/huffman.h"

#include <string.h>

int huffman_spec_is_valid(const struct jpeg_huffman_spec *spec, enum huffman_kind kind)
{
    uint32_t code = 0, count = 0;
    if (!spec->present)
        return 0;
    for (int length = 1; length <= JPEG_CODE_BITS; length++, code <<= 1) {
        code += spec->counts[length];
        count += spec->counts[length];
        if (spec->counts[length] && code >= 1u << length) /* no code is all ones */
            return 0;
    }
    if (count > 256)
        return 0;
    for (uint32_t i = 0; kind == HUFFMAN_DC && i < count; i++)
        if (spec->symbols[i] > 15)
            return 0;
    return 1;
}

static uint16_t entry_make(uint8_t symbol, int length, enum huffman_kind kind)
{
    int run = symbol >> 4, size = symbol & 15, move = run + 1;
    if (kind == HUFFMAN_DC) {
        move = 1;
    } else if (!size && run < 15) {
        move = HUFFMAN_END;
        size = kind == HUFFMAN_PROGRESSIVE_AC ? run : 0;
    }
    return (uint16_t)((length + size) | size << 6 | move << 10);
}

void huffman_table_make(const struct jpeg_huffman_spec *spec, enum huffman_kind kind, struct huffman_table *ret_table)
{
    struct huffman_table *t = ret_table;
    uint32_t code = 0, place = 0;
    memset(t, 0, sizeof *t);
    for (int length = 1; length <= JPEG_CODE_BITS; length++, code <<= 1) {
        t->offset[length] = (int32_t)place - (int32_t)code;
        for (int i = 0; i < spec->counts[length]; i++, code++, place++) {
            const uint16_t entry = entry_make(spec->symbols[place], length, kind);
            t->entries[place] = entry;
            if (length <= HUFFMAN_BITS) {
                const uint32_t from = code << (HUFFMAN_BITS - length);
                for (uint32_t j = 0; j < 1u << (HUFFMAN_BITS - length); j++)
                    t->symbol[from + j] = entry;
            }
        }
        t->limit[length] = code << (16 - length);
    }
}

void huffman_skip_make(const struct jpeg_huffman_spec *spec, struct huffman_skip *ret_skip)
{
    /* First what single code begins each index: its length, the bits of its value, its move; 0 for none. */
    struct {
        uint8_t length, size, move, end;
    } first[1 << SKIP_BITS];
    uint32_t code = 0, place = 0;
    memset(first, 0, sizeof first);
    for (int length = 1; length <= SKIP_BITS; length++, code <<= 1)
        for (int i = 0; i < spec->counts[length]; i++, code++, place++) {
            const uint8_t symbol = spec->symbols[place], run = symbol >> 4, size = symbol & 15;
            const uint32_t from = code << (SKIP_BITS - length);
            if (!size && run > 0 && run < 15) /* a run of blocks, or a strange end: single steps */
                continue;
            for (uint32_t j = 0; j < 1u << (SKIP_BITS - length); j++) {
                first[from + j].length = (uint8_t)length;
                first[from + j].size = size;
                first[from + j].move = run + 1;
                first[from + j].end = !symbol;
            }
        }
    /* Then as many as can be seen in SKIP_BITS; the value of the last may reach beyond. */
    for (uint32_t i = 0; i < 1 << SKIP_BITS; i++) {
        int taken = 0, move = 0;
        while (taken < SKIP_BITS && move < HUFFMAN_END) {
            const uint32_t rest = i << taken & ((1 << SKIP_BITS) - 1);
            if (!first[rest].length || first[rest].length > SKIP_BITS - taken ||
                taken + first[rest].length + first[rest].size > SKIP_MAX_TAKE)
                break;
            taken += first[rest].length + first[rest].size;
            if (first[rest].end) {
                move += SKIP_END;
                break;
            }
            move += first[rest].move;
        }
        if (!taken)
            move = SKIP_LONG;
        ret_skip->entry[i] = (uint16_t)(taken | move << 6);
    }
}
