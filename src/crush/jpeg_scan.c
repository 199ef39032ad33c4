/*
 * Sequential scans. Of each block the DC value and the AC values up to the last one that is kept are read; the
 * rest is skipped with a table that steps over several symbols at once. A step may run past the end of a
 * block that has no end mark: then it is taken back and the block finished symbol by symbol.
 *
 * It cannot fail: any bits are some picture. Bounds hold by construction: symbols move a counter that is checked
 * before each store, and jpeg_bits.h provides zeros for a whole MCU beyond the data. Before: jpeg_huffman.c. Next:
 * jpeg_reconstruct.c.
 */
#include "jpeg_scan.h"

/* One block of an MCU: what is needed to decode it. */
struct scan_block {
    const struct huffman_table *dc, *ac;
    const struct huffman_skip *skip;
    const struct jpeg_component_store *store;
    int32_t *predicted;
    int16_t *at;
    uint32_t step;
};

/* Steps over the rest of a block from zig-zag index k on. */
static inline __attribute__((always_inline)) void block_skip(struct bits *b, const struct huffman_table *ac,
                                                             const struct huffman_skip *skip, uint32_t k)
{
    while (k < JPEG_BLOCK) {
        struct bits before;
        uint32_t entry, k_before;
        for (;;) {
            bits_refill(b);
            before = *b;
            k_before = k;
            entry = skip->entry[b->word >> (64 - SKIP_BITS)];
            bits_take(b, entry & 63);
            k += entry >> 6;
            if (k >= JPEG_BLOCK)
                break;
            before.word = b->word;
            before.left = b->left;
            k_before = k;
            entry = skip->entry[b->word >> (64 - SKIP_BITS)];
            bits_take(b, entry & 63);
            k += entry >> 6;
            if (k >= JPEG_BLOCK)
                break;
        }
        if (__builtin_expect(k - SKIP_END < JPEG_BLOCK || k == JPEG_BLOCK, 1))
            return;
        /* A long code, or a step that went too far: one symbol alone. */
        b->word = before.word;
        b->left = before.left;
        bits_refill(b);
        entry = bits_symbol(b, ac);
        bits_take(b, entry & 63);
        k = k_before + (entry >> 10);
    }
}

static inline __attribute__((always_inline)) void block_decode(struct bits *b, struct scan_block *block)
{
    const struct huffman_table *ac = block->ac;
    const struct jpeg_component_store *store = block->store;
    const uint32_t last = (uint32_t)store->last;
    int16_t *at = block->at;
    block->at += block->step;
    bits_refill(b);
    uint32_t entry = bits_symbol(b, block->dc);
    const int32_t dc = (int32_t)((uint32_t)*block->predicted + (uint32_t)bits_value(b->word, entry));
    bits_take(b, entry & 63);
    *block->predicted = dc;
    uint32_t k = 1;
    while (k <= last) {
        bits_refill(b);
        entry = bits_symbol(b, ac);
        k += entry >> 10;
        if (k > last + 1) {
            bits_take(b, entry & 63);
            break;
        }
        at[store->slot[k - 1]] = (int16_t)bits_value(b->word, entry);
        bits_take(b, entry & 63);
    }
    at[0] = (int16_t)dc; /* last, because what is not kept went there */
    block_skip(b, ac, block->skip, k);
}

void jpeg_scan_row(struct jpeg_scan_pass *pass, uint32_t row)
{
    struct scan_block blocks[BITS_BLOCKS_MAX];
    size_t count = 0;
    for (int i = 0; i < pass->part_count; i++) {
        struct jpeg_scan_part *part = &pass->parts[i];
        const uint32_t h = pass->part_count == 1 ? 1 : part->store->h, v = pass->part_count == 1 ? 1 : part->store->v;
        for (uint32_t y = 0; y < v; y++)
            for (uint32_t x = 0; x < h; x++)
                blocks[count++] = (struct scan_block){part->dc,
                                                      part->ac,
                                                      part->skip,
                                                      part->store,
                                                      &part->predicted,
                                                      jpeg_scan_block_at(part->store, row * v + y, x),
                                                      h};
    }
    struct bits bits = pass->window.bits;
    for (uint32_t m = 0; m < pass->mcus_across; m++) {
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
