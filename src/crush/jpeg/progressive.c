/*
 * Progressive scans, first passes and refinements of DC. Only coefficients that are kept are stored; scans that
 * refine AC values are not for here: their bits depend on all coefficients, kept or not, and at these scales they
 * hardly show. Bounds and missing data: as in jpeg/scan.c.
 */
#include "crush/jpeg/scan.h"

/* Shifts left as libjpeg does, whatever the sign. */
static inline int16_t shifted(int32_t value, int bits)
{
    return (int16_t)(uint16_t)((uint32_t)value << bits);
}

static inline void dc_block(struct bits *bits, const struct jpeg_scan_block *block, int low)
{
    bits_refill(bits);
    const uint32_t entry = bits_symbol(bits, block->dc);
    *block->predicted = (int32_t)((uint32_t)*block->predicted + (uint32_t)bits_value(bits->word, entry));
    block->at[0] = shifted(*block->predicted, low);
    bits_take(bits, entry & 63);
}

static inline void dc_refine_block(struct bits *bits, const struct jpeg_scan_block *block, int low)
{
    bits_refill(bits);
    block->at[0] |= (int16_t)((bits->word >> 63) << low);
    bits_take(bits, 1);
}

static void dc_row(struct jpeg_scan_pass *pass, uint32_t row)
{
    struct jpeg_scan_block blocks[BITS_BLOCKS_MAX];
    const size_t count = jpeg_scan_list_blocks(pass, row, blocks);
    struct bits bits = pass->window.bits;
    for (uint32_t m = 0; m < pass->mcus_across; m++) {
        const int ready = jpeg_scan_mcu_begin(pass, &bits);
        for (size_t i = 0; i < count; i++) {
            if (ready && pass->kind == SCAN_DC_FIRST)
                dc_block(&bits, &blocks[i], pass->low);
            else if (ready)
                dc_refine_block(&bits, &blocks[i], pass->low);
            blocks[i].at += blocks[i].step;
        }
    }
    pass->window.bits = bits;
}

/* Reads a band up to its end. Returns how many more blocks have nothing in it. */
static inline uint32_t band_decode(struct bits *b, const struct jpeg_scan_pass *pass, int16_t *at)
{
    const struct jpeg_scan_part *part = &pass->parts[0];
    const struct jpeg_component_store *store = part->store;
    const uint32_t band_last = (uint32_t)pass->last;
    const uint32_t last = (uint32_t)store->last; /* a run may lead beyond the band: libjpeg stores that, too */
    const uint16_t *skip = part->skip->entry;
    uint32_t k = (uint32_t)pass->first, entry;
    while (k <= band_last) {
        bits_refill(b);
        if (k > last) {
            /* Nothing here is kept. A step that ends beyond the band is not taken unless it ends exactly there. */
            entry = skip[b->word >> (64 - SKIP_BITS)];
            const uint32_t to = k + (entry >> 6);
            if (to <= band_last + 1 || to - SKIP_END <= band_last) {
                bits_take(b, entry & 63);
                if (to > band_last)
                    return 0;
                k = to;
                continue;
            }
        }
        entry = bits_symbol(b, part->ac);
        if (entry >> 10 == HUFFMAN_END) {
            const uint32_t more = (1u << (entry >> 6 & 15)) - 1 + bits_plain(b->word, entry);
            bits_take(b, entry & 63);
            return more;
        }
        k += entry >> 10;
        if (k <= last + 1 && store->slot[k - 1])
            at[store->slot[k - 1]] = shifted(bits_value(b->word, entry), pass->low);
        bits_take(b, entry & 63);
    }
    return 0;
}

static void band_row(struct jpeg_scan_pass *pass, uint32_t row)
{
    struct bits bits = pass->window.bits;
    int16_t *at = jpeg_scan_block_at(pass->parts[0].store, row, 0);
    for (uint32_t m = 0; m < pass->mcus_across; m++, at++) {
        if (!jpeg_scan_mcu_begin(pass, &bits))
            continue;
        if (pass->blocks_at_end)
            pass->blocks_at_end--;
        else
            pass->blocks_at_end = band_decode(&bits, pass, at);
    }
    pass->window.bits = bits;
}

void jpeg_progressive_row(struct jpeg_scan_pass *pass, uint32_t row)
{
    if (pass->kind == SCAN_AC_FIRST)
        band_row(pass, row);
    else
        dc_row(pass, row);
}
