/*
 * Progressive scans. Only coefficients that are kept are stored. What the bits of a refinement of AC values mean
 * depends on which coefficients are not zero, kept or not: where there are such scans, a word for each block says it
 * (small pictures do without them, jpeg/plan.c). Bounds and missing data: as in jpeg/scan.c.
 */
#include "crush/jpeg/scan.h"

#include "crush/pixels/simd.h"

#define INLINE static inline __attribute__((always_inline))

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
        if (store->slot[k - 1] && entry >> 6 & 15)
            at[store->slot[k - 1]] = shifted(bits_value(b->word, entry), pass->low);
        bits_take(b, entry & 63);
    }
    return 0;
}

/* The bit of a coefficient in a map of a block: the first in the scan is the highest, as in what is read. */
static inline uint64_t map_bit(uint32_t index)
{
    return 1ull << 63 >> index;
}

/* Coefficients first … end - 1; end at most 64. */
static inline uint64_t map_between(uint32_t first, uint32_t end)
{
    return first < end ? ~0ull >> first & ~0ull << (JPEG_BLOCK - end) : 0;
}

/* band_decode where refinements follow, which have to know all that is not zero. */
static inline uint32_t band_decode_all(struct bits *b, const struct jpeg_scan_pass *pass, int16_t *at,
                                       uint64_t *nonzero)
{
    const struct jpeg_scan_part *part = &pass->parts[0];
    const uint32_t *slots = part->store->slot;
    const uint32_t band_last = (uint32_t)pass->last;
    uint64_t map = *nonzero;
    uint32_t k = (uint32_t)pass->first, more = 0;
    int16_t aside;
    while (k <= band_last) {
        bits_refill(b);
        const uint32_t entry = bits_symbol(b, part->ac);
        if (entry >> 10 == HUFFMAN_END) {
            more = (1u << (entry >> 6 & 15)) - 1 + bits_plain(b->word, entry);
            bits_take(b, entry & 63);
            break;
        }
        k += entry >> 10;
        if (__builtin_expect(entry >> 6 & 15, 1)) {
            const int16_t value = shifted(bits_value(b->word, entry), pass->low);
            const uint64_t bit = map_bit(k <= JPEG_BLOCK ? k - 1 : JPEG_BLOCK - 1);
            const uint32_t slot = slots[k - 1];
            int16_t *to = slot ? at + slot : &aside;
            *to = value;
            map = value ? map | bit : map & ~bit;
        }
        bits_take(b, entry & 63);
    }
    *nonzero = map;
    return more;
}

static void band_row(struct jpeg_scan_pass *pass, uint32_t row)
{
    struct bits bits = pass->window.bits;
    const struct jpeg_component_store *store = pass->parts[0].store;
    int16_t *at = jpeg_scan_block_at(store, row, 0);
    uint64_t *nonzero = store->nonzero ? store->nonzero + (size_t)row * store->stride : NULL;
    for (uint32_t m = 0; m < pass->mcus_across; m++, at++) {
        if (!jpeg_scan_mcu_begin(pass, &bits))
            continue;
        if (pass->blocks_at_end)
            pass->blocks_at_end--;
        else if (nonzero)
            pass->blocks_at_end = band_decode_all(&bits, pass, at, &nonzero[m]);
        else
            pass->blocks_at_end = band_decode(&bits, pass, at);
    }
    pass->window.bits = bits;
}

/* ---- Refinements of AC values (T.81 G.1.2.3) ----
 *
 * A symbol says how many coefficients that are still zero are passed over before the next new value; of each one
 * between them that is not zero, a bit follows. As maps, both need no loop: which come to depends on nothing that has
 * to be guessed, and the values of a block are changed together in the end.
 */

/* Puts the lowest bits of `bits` where the bits of `map` are set. */
typedef uint64_t deposit_bits(uint64_t bits, uint64_t map);

static inline uint64_t deposit_plain(uint64_t bits, uint64_t map)
{
    uint64_t to = 0;
    for (; map; map &= map - 1, bits >>= 1)
        to |= bits & 1 ? map & -map : 0;
    return to;
}

/* The next bits, one for each of at most 32 coefficients of a map. */
INLINE uint64_t map_read_some(struct bits *b, uint64_t map, deposit_bits *deposit)
{
    const uint32_t count = (uint32_t)__builtin_popcountll(map);
    const uint64_t bits = b->word >> 1 >> (63 - count);
    bits_take(b, count);
    return deposit(bits, map);
}

/* Of any number; 32 bits at least must be there. */
INLINE uint64_t map_read(struct bits *b, uint64_t map, deposit_bits *deposit)
{
    if (__builtin_expect(__builtin_popcountll(map) <= 32, 1))
        return map_read_some(b, map, deposit);
    const uint64_t half = ~0ull << 32, first = map_read_some(b, map & half, deposit);
    bits_refill(b);
    return first | map_read_some(b, map & ~half, deposit);
}

/* One more bit for each value of a map, where it is not set already. */
static inline void values_grow(const struct jpeg_component_store *store, int low, int16_t *at, uint64_t map)
{
    for (; map; map &= map - 1) {
        int16_t *to = at + store->slot[63 - __builtin_ctzll(map)];
        const int32_t value = *to, sign = value >> 31, bit = ~(value >> low) & 1;
        *to = (int16_t)(value + (((bit << low) ^ sign) - sign));
    }
}

INLINE void refine_block(struct bits *b, struct jpeg_scan_pass *pass, int16_t *at, uint64_t *nonzero,
                         deposit_bits *deposit)
{
    const struct jpeg_scan_part *part = &pass->parts[0];
    const struct jpeg_component_store *store = part->store;
    const uint32_t end = (uint32_t)pass->last + 1;
    const uint64_t before = *nonzero;
    uint64_t left = map_between((uint32_t)pass->first, end), grown = 0, plus = 0, minus = 0;
    while (!pass->blocks_at_end && left) {
        bits_refill(b);
        const uint32_t entry = bits_symbol(b, part->ac), size = entry >> 6 & 15;
        if (entry >> 10 == HUFFMAN_END) {
            pass->blocks_at_end = (1u << size) + bits_plain(b->word, entry);
            bits_take(b, entry & 63);
            break;
        }
        bits_take(b, (entry & 63) - size);
        const uint64_t positive = 0 - (b->word >> 63);
        bits_take(b, size != 0);
        b->invalid |= size > 1; /* no new value has more than one bit: read as one */
        const uint64_t zeros = left & ~before;
        const uint32_t count = (uint32_t)__builtin_popcountll(zeros), run = (entry >> 10) - 1;
        /* Where the next value is; none of the band where it has too few zeros: libjpeg puts it behind. */
        const uint64_t here = run < count ? deposit(1ull << (count - 1 - run), zeros) : 0;
        const uint64_t behind = here ? here - 1 : 0;
        grown |= map_read(b, left & before & ~behind, deposit);
        if (size) {
            const uint64_t bit = here ? here : map_bit(end < JPEG_BLOCK ? end : JPEG_BLOCK - 1);
            plus |= bit & positive;
            minus |= bit & ~positive;
        }
        left &= behind;
    }
    if (pass->blocks_at_end) {
        bits_refill(b);
        grown |= map_read(b, left & before, deposit);
        pass->blocks_at_end--;
    }
    *nonzero = before | plus | minus;
    values_grow(store, pass->low, at, grown & store->kept);
    for (uint64_t map = (plus | minus) & store->kept; map; map &= map - 1) {
        const uint64_t bit = map & -map;
        at[store->slot[63 - __builtin_ctzll(map)]] = (int16_t)(plus & bit ? 1 << pass->low : -(1 << pass->low));
    }
}

INLINE void refine_blocks(struct jpeg_scan_pass *pass, uint32_t row, deposit_bits *deposit)
{
    struct bits bits = pass->window.bits;
    const struct jpeg_component_store *store = pass->parts[0].store;
    int16_t *at = jpeg_scan_block_at(store, row, 0);
    uint64_t *nonzero = store->nonzero + (size_t)row * store->stride;
    for (uint32_t m = 0; m < pass->mcus_across; m++, at++)
        if (jpeg_scan_mcu_begin(pass, &bits))
            refine_block(&bits, pass, at, &nonzero[m], deposit);
    pass->window.bits = bits;
}

#if defined(SIMD_AVX2)
SIMD_AVX2 static inline uint64_t deposit_bmi2(uint64_t bits, uint64_t map)
{
    return _pdep_u64(bits, map);
}

SIMD_AVX2 static void refine_blocks_bmi2(struct jpeg_scan_pass *pass, uint32_t row)
{
    refine_blocks(pass, row, deposit_bmi2);
}

SIMD_AVX2 static void refine_blocks_avx2(struct jpeg_scan_pass *pass, uint32_t row)
{
    refine_blocks(pass, row, deposit_plain);
}
#endif

static void refine_row(struct jpeg_scan_pass *pass, uint32_t row)
{
#if defined(SIMD_AVX2)
    if (simd_has_avx2()) {
        (simd_deposits_slowly() ? refine_blocks_avx2 : refine_blocks_bmi2)(pass, row);
        return;
    }
#endif
    refine_blocks(pass, row, deposit_plain);
}

void jpeg_progressive_row(struct jpeg_scan_pass *pass, uint32_t row)
{
    if (pass->kind == SCAN_AC_FIRST)
        band_row(pass, row);
    else if (pass->kind == SCAN_AC_REFINE)
        refine_row(pass, row);
    else
        dc_row(pass, row);
}
