/*
 * Sequential scans. Of each block the DC value and the AC values up to the last one that is kept are read; the
 * rest is skipped with a table that steps over several symbols at once. A step may run past the end of a
 * block that has no end mark: then it is taken back and the block finished symbol by symbol.
 *
 * It cannot fail: any bits are some picture. Bounds hold by construction: symbols move a counter that is checked
 * before each store, and jpeg/bits.h provides zeros for a whole MCU beyond the data. Before: jpeg/huffman.c. Next:
 * jpeg/reconstruct.c.
 */
#include "crush/jpeg/scan.h"

#define INLINE static inline __attribute__((always_inline))

/* A place in a block, and the last one before it. */
struct skipping {
    uint64_t word_before;
    uint32_t left_before, k_before;
    uint32_t k;
};

/* Steps over some symbols. 1: the end of the block, or something that has to be looked at. */
INLINE int skip_step(struct bits *b, const struct huffman_skip *skip, struct skipping *s)
{
    s->word_before = b->word;
    s->left_before = b->left;
    s->k_before = s->k;
    const uint32_t entry = skip->entry[b->word >> (64 - SKIP_BITS)];
    bits_take(b, entry & 63);
    s->k += entry >> 6;
    return s->k >= JPEG_BLOCK;
}

/* Steps over the rest of a block from zig-zag index k on. */
INLINE void block_skip(struct bits *b, const struct huffman_table *ac, const struct huffman_skip *skip, uint32_t k)
{
    struct skipping s = {.k = k};
    while (s.k < JPEG_BLOCK) {
        do
            bits_refill(b);
        while (!skip_step(b, skip, &s) && !skip_step(b, skip, &s) && !skip_step(b, skip, &s));
        if (__builtin_expect(s.k - SKIP_END < JPEG_BLOCK || s.k == JPEG_BLOCK, 1))
            return;
        /* A long code, or a step that went too far: one symbol alone. */
        b->word = s.word_before;
        b->left = s.left_before;
        bits_refill(b);
        const uint32_t entry = bits_symbol(b, ac);
        bits_take(b, entry & 63);
        s.k = s.k_before + (entry >> 10);
    }
}

/* Reads a value of index k into its slot; what is not kept, into that of DC, which is written afterwards. Returns the
 * next index. */
INLINE uint32_t value_step(struct bits *b, const struct huffman_table *ac, const struct jpeg_component_store *store,
                           int16_t *at, uint32_t k)
{
    const uint32_t entry = bits_symbol(b, ac);
    k += entry >> 10;
    at[store->slot[entry >> 6 & 15 ? k - 1 : SCAN_INDEX_NONE]] = (int16_t)bits_value(b->word, entry);
    bits_take(b, entry & 63);
    return k;
}

INLINE void block_decode(struct bits *b, struct jpeg_scan_block *block)
{
    const struct huffman_table *ac = block->ac;
    const struct jpeg_component_store *store = block->store;
    const uint32_t last = (uint32_t)store->last;
    int16_t *at = block->at;
    block->at += block->step;
    bits_refill(b);
    const uint32_t entry = bits_symbol(b, block->dc);
    const int32_t dc = (int32_t)((uint32_t)*block->predicted + (uint32_t)bits_value(b->word, entry));
    bits_take(b, entry & 63);
    *block->predicted = dc;
    uint32_t k = 1;
    if (k <= last)
        k = value_step(b, ac, store, at, k);
    while (k <= last) {
        bits_refill(b);
        k = value_step(b, ac, store, at, k);
        if (k <= last)
            k = value_step(b, ac, store, at, k);
    }
    at[0] = (int16_t)dc; /* last, because what is not kept went there */
    block_skip(b, ac, block->skip, k);
}

size_t jpeg_scan_list_blocks(struct jpeg_scan_pass *pass, uint32_t row, struct jpeg_scan_block ret_blocks[])
{
    size_t count = 0;
    for (int i = 0; i < pass->part_count; i++) {
        struct jpeg_scan_part *part = &pass->parts[i];
        const uint32_t h = pass->part_count == 1 ? 1 : part->store->h, v = pass->part_count == 1 ? 1 : part->store->v;
        for (uint32_t y = 0; y < v; y++)
            for (uint32_t x = 0; x < h; x++)
                ret_blocks[count++] = (struct jpeg_scan_block){part->dc,
                                                               part->ac,
                                                               part->skip,
                                                               part->store,
                                                               &part->predicted,
                                                               jpeg_scan_block_at(part->store, row * v + y, x),
                                                               h};
    }
    return count;
}

void jpeg_scan_row(struct jpeg_scan_pass *pass, uint32_t row, uint32_t first)
{
    struct jpeg_scan_block blocks[BITS_BLOCKS_MAX];
    const size_t count = jpeg_scan_list_blocks(pass, row, blocks);
    struct bits bits = pass->window.bits;
    for (size_t i = 0; i < count; i++)
        blocks[i].at += first * blocks[i].step;
    for (uint32_t m = first; m < pass->mcus_across; m++) {
        if (__builtin_expect(!jpeg_scan_mcu_begin(pass, &bits), 0)) {
            for (size_t i = 0; i < count; i++)
                blocks[i].at += blocks[i].step;
            continue;
        }
        for (size_t i = 0; i < count; i++)
            block_decode(&bits, &blocks[i]);
    }
    pass->window.bits = bits;
}
