/*
 * See jpeg_lanes.h. All lanes decode block after block in step, so they share tables and loops. A loop goes on until
 * its last lane has finished; those that have finished before pass through it without moving. So there is one branch
 * for all lanes that the processor may guess wrong, where a single stream has one for each block.
 *
 * It cannot fail: any bits are some picture. Bounds hold by construction: no lane begins an MCU where the window does
 * not hold the bits of a whole one, indices are looked up in tables that have room for all that one step can add.
 * Before: jpeg_scan.c. Next: jpeg_reconstruct.c.
 */
#include "jpeg_lanes.h"

#include <stdlib.h>

#include "simd.h"

#define INLINE static inline __attribute__((always_inline))

enum {
    AIM_PERCENT = 60,      /* of its room: where a lane shall meet the next one */
    BLOCK_BITS_LEAST = 20, /* on average; below, a single stream is faster */
    LEAST_MCUS = 24,       /* for a lane, or it is not worth while */
    FAILURES_MAX = 8,      /* goes in which not even two lanes met, until lanes are given up */
    SLOT_NONE = LANE_SLOTS - 1,
    INDEX_MAX = 256, /* of a coefficient, two symbols beyond the last one that is kept */
    DONE = JPEG_BLOCK << 6,
};

/* What all blocks of a component share. */
struct lane_part {
    const struct huffman_table *dc, *ac;
    const struct huffman_skip *skip;
    uint32_t last;
    uint8_t slot[INDEX_MAX]; /* by zig-zag index */
};

struct lane {
    uint64_t at; /* next bit, counted from the beginning of the window */
    int16_t *out;
    uint32_t marks[LANE_BLOCKS]; /* where its MCUs begin */
    uint32_t mark_count;
    uint32_t invalid_first, invalid_last; /* MCUs that had codes which the table does not have; first > last: none */
};

struct jpeg_lanes {
    uint32_t blocks_in_mcu;
    int failures;
    uint64_t mcu_bits; /* of late */
    struct lane_part parts[4];
    const struct lane_part *part_of[BITS_BLOCKS_MAX];
    struct lane lane[LANE_COUNT];
    int16_t blocks[LANE_COUNT][LANE_BLOCKS * LANE_SLOTS] __attribute__((aligned(32)));
};

static uint32_t part_blocks(const struct jpeg_scan_pass *pass, int i)
{
    return pass->part_count == 1 ? 1 : pass->parts[i].store->h * pass->parts[i].store->v;
}

/* Average bits of an MCU, from the length of the data. */
static uint64_t mcu_bits_of(const struct jpeg_scan_pass *pass)
{
    return 8 * (uint64_t)(pass->window.end - pass->window.raw) / ((uint64_t)pass->mcus_across * pass->mcus_down);
}

int jpeg_lanes_suit(const struct jpeg_scan_pass *pass)
{
    uint32_t blocks = 0;
    for (int i = 0; i < pass->part_count; i++)
        blocks += part_blocks(pass, i);
    return pass->kind == SCAN_SEQUENTIAL && mcu_bits_of(pass) >= BLOCK_BITS_LEAST * blocks;
}

size_t jpeg_lanes_bytes(void)
{
    return sizeof(struct jpeg_lanes);
}

struct jpeg_lanes *jpeg_lanes_create(const struct jpeg_scan_pass *pass)
{
    struct jpeg_lanes *l = aligned_alloc(64, (sizeof *l + 63) / 64 * 64);
    if (!l)
        return NULL;
    l->blocks_in_mcu = 0;
    l->failures = 0;
    for (int i = 0; i < pass->part_count; i++) {
        const struct jpeg_scan_part *from = &pass->parts[i];
        struct lane_part *part = &l->parts[i];
        *part = (struct lane_part){from->dc, from->ac, from->skip, (uint32_t)from->store->last, {0}};
        memset(part->slot, SLOT_NONE, sizeof part->slot);
        for (int k = 1; k <= from->store->last; k++)
            if (from->store->slot[k])
                part->slot[k] = (uint8_t)(from->store->slot[k] / from->store->stride);
        for (uint32_t b = 0; b < part_blocks(pass, i); b++)
            l->part_of[l->blocks_in_mcu++] = part;
    }
    l->mcu_bits = mcu_bits_of(pass);
    return l;
}

/* ---- One MCU in every lane ---- */

/* a where first >= last, else b: without a branch, which would be guessed wrong half of the time. */
INLINE uint64_t select_ge(uint32_t first, uint32_t last, uint64_t a, uint64_t b)
{
#if defined(__x86_64__)
    __asm__("cmpl %2, %1\n\tcmovaeq %3, %0" : "+r"(b) : "r"(first), "g"(last), "rm"(a) : "cc");
    return b;
#else
    return first >= last ? a : b;
#endif
}

/* At least 57 bits from `at` on. */
INLINE uint64_t bits_at(const uint8_t *data, uint64_t at)
{
    uint64_t word;
    memcpy(&word, data + (at >> 3), sizeof word);
#if __BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__
    word = __builtin_bswap64(word);
#endif
    return word << (at & 7);
}

static __attribute__((noinline)) uint32_t entry_long(struct lane *lane, const struct huffman_table *table,
                                                     uint64_t word, int counts)
{
    const uint32_t entry = huffman_long(table, word);
    if (entry == HUFFMAN_INVALID && counts) {
        const uint32_t mcu = lane->mark_count - 1;
        lane->invalid_first = mcu < lane->invalid_first ? mcu : lane->invalid_first;
        lane->invalid_last = mcu;
    }
    return entry;
}

/* The entry at `at`, of which *word has at least HUFFMAN_BITS bits; all that it may need afterwards. */
INLINE uint32_t entry_at(struct lane *lane, const struct huffman_table *table, const uint8_t *data, uint64_t at,
                         uint64_t *word, int counts)
{
    uint32_t entry = table->symbol[*word >> (64 - HUFFMAN_BITS)];
    if (__builtin_expect(entry == 0, 0)) {
        *word = bits_at(data, at);
        entry = entry_long(lane, table, *word, counts);
    }
    return entry;
}

/* As bits_value, by way of two small tables. */
INLINE int16_t value_of(uint64_t word, uint32_t entry)
{
    static const uint16_t half[16] = {0, 1, 2, 4, 8, 16, 32, 64, 128, 256, 512, 1024, 2048, 4096, 8192, 16384};
    static const int32_t low[16] = {0,    -1,   -3,    -7,    -15,   -31,   -63,    -127,
                                    -255, -511, -1023, -2047, -4095, -8191, -16383, -32767};
    const uint32_t size = entry >> 6 & 15;
    const int32_t plain = (int32_t)((uint32_t)(word >> (-entry & 63)) & ((1u << size) - 1));
    int32_t negative = (plain - half[size]) >> 31;
    __asm__("" : "+r"(negative)); /* see bits_value */
    return (int16_t)(plain + (negative & low[size]));
}

/* DC and the first AC symbol. Returns the next index. */
INLINE uint32_t block_begin(struct lane *lane, const struct lane_part *part, const uint8_t *data)
{
    int16_t *out = lane->out;
    memset(out, 0, LANE_SLOTS * sizeof *out);
    uint64_t word = bits_at(data, lane->at);
    uint32_t entry = entry_at(lane, part->dc, data, lane->at, &word, 1), k = 1;
    out[0] = value_of(word, entry);
    word <<= entry & 63;
    lane->at += entry & 63;
    if (part->last) {
        entry = entry_at(lane, part->ac, data, lane->at, &word, 1);
        k += entry >> 10;
        out[part->slot[k - 1]] = value_of(word, entry);
        lane->at += entry & 63;
    }
    return k;
}

/* Two AC symbols, as far as they are at most at the last index that is kept. */
INLINE uint32_t symbols_step(struct lane *lane, const struct lane_part *part, const uint8_t *data, uint32_t k0)
{
    const uint32_t last = part->last;
    const uint64_t at0 = lane->at;
    uint64_t word = bits_at(data, at0);
    uint32_t entry = entry_at(lane, part->ac, data, at0, &word, k0 <= last);
    const uint32_t k1 = k0 + (entry >> 10);
    lane->out[part->slot[k1 - 1]] = value_of(word, entry);
    word <<= entry & 63;
    const uint64_t at1 = at0 + (entry & 63);
    entry = entry_at(lane, part->ac, data, at1, &word, k1 <= last);
    const uint32_t k2 = k1 + (entry >> 10);
    lane->out[part->slot[k2 - 1]] = value_of(word, entry);
    const uint64_t at2 = at1 + (entry & 63);
    lane->at = select_ge(k0, last + 1, at0, select_ge(k1, last + 1, at1, at2));
    return (uint32_t)select_ge(k0, last + 1, k0, select_ge(k1, last + 1, k1, k2));
}

/* To the end of the block, symbol by symbol. */
static __attribute__((noinline)) void block_end(struct lane *lane, const struct lane_part *part, const uint8_t *data,
                                                uint32_t k)
{
    while (k < JPEG_BLOCK) {
        uint64_t word = bits_at(data, lane->at);
        const uint32_t entry = entry_at(lane, part->ac, data, lane->at, &word, 1);
        lane->at += entry & 63;
        k += entry >> 10;
    }
}

/* Steps over several symbols, up to the end of the block. `place` is the index × 64: an entry of the skip table adds to
 * the index and, in the lowest six bits, to the bits taken. DONE and more: at the end. */
INLINE uint32_t skip_step(struct lane *lane, const struct lane_part *part, const uint8_t *data, uint32_t place)
{
    const uint16_t *skip = part->skip->entry;
    uint64_t word = bits_at(data, lane->at);
    uint32_t entry = skip[word >> (64 - SKIP_BITS)];
    const uint32_t place1 = place + entry;
    word <<= entry & 63;
    entry = skip[word >> (64 - SKIP_BITS)];
    const uint32_t place2 = place1 + entry;
    word <<= entry & 63;
    uint32_t to = place2 + skip[word >> (64 - SKIP_BITS)];
    to = (uint32_t)select_ge(place2, DONE, place2, to);
    to = (uint32_t)select_ge(place1, DONE, place1, to);
    to = (uint32_t)select_ge(place, DONE, place, to);
    if (__builtin_expect((to >> 6 & SKIP_MOVED) > JPEG_BLOCK, 0)) { /* a long code, or a step that went too far */
        block_end(lane, part, data, place >> 6);
        return DONE;
    }
    lane->at += to & 63;
    return to & ~63u;
}

INLINE uint32_t least_of(const uint32_t values[LANE_COUNT])
{
    uint32_t least = values[0];
    for (int i = 1; i < LANE_COUNT; i++)
        least = values[i] < least ? values[i] : least;
    return least;
}

INLINE void block_decode(struct lane lanes[LANE_COUNT], const struct lane_part *part, const uint8_t *data)
{
    uint32_t k[LANE_COUNT];
    for (int i = 0; i < LANE_COUNT; i++)
        k[i] = block_begin(&lanes[i], part, data);
    while (least_of(k) <= part->last)
        for (int i = 0; i < LANE_COUNT; i++)
            k[i] = symbols_step(&lanes[i], part, data, k[i]);
    for (int i = 0; i < LANE_COUNT; i++)
        k[i] = k[i] < JPEG_BLOCK ? k[i] << 6 : DONE;
    while (least_of(k) < DONE)
        for (int i = 0; i < LANE_COUNT; i++)
            k[i] = skip_step(&lanes[i], part, data, k[i]);
    for (int i = 0; i < LANE_COUNT; i++)
        lanes[i].out += LANE_SLOTS;
}

/* ---- Many MCUs ---- */

/* Where each lane met the next one: `own` MCUs before that, and the next one's mark number `of_next`. */
struct meeting {
    int met;
    uint32_t own, of_next;
};

/* Decodes up to `most` MCUs in every lane, until each has met the next one. */
INLINE void lanes_run(struct jpeg_lanes *l, const uint8_t *data, uint64_t safe, uint32_t most,
                      struct meeting meetings[LANE_COUNT])
{
    for (uint32_t m = 0; m < most; m++) {
        int missing = 0;
        for (int i = 0; i < LANE_COUNT; i++) {
            if (l->lane[i].at > safe)
                return;
            l->lane[i].marks[m] = (uint32_t)l->lane[i].at;
            l->lane[i].mark_count = m + 1;
        }
        for (int i = 0; i < LANE_COUNT - 1; i++) {
            struct meeting *meeting = &meetings[i];
            const uint32_t *next = l->lane[i + 1].marks, at = l->lane[i].marks[m];
            if (meeting->met)
                continue;
            while (meeting->of_next < m && next[meeting->of_next] < at)
                meeting->of_next++;
            meeting->own = m;
            meeting->met = next[meeting->of_next] == at;
            missing |= !meeting->met;
        }
        if (!missing)
            return;
        for (uint32_t b = 0; b < l->blocks_in_mcu; b++)
            block_decode(l->lane, l->part_of[b], data);
    }
}

static void lanes_run_portable(struct jpeg_lanes *l, const uint8_t *data, uint64_t safe, uint32_t most,
                               struct meeting meetings[LANE_COUNT])
{
    lanes_run(l, data, safe, most, meetings);
}

#if defined(SIMD_AVX2)
SIMD_AVX2 static void lanes_run_avx2(struct jpeg_lanes *l, const uint8_t *data, uint64_t safe, uint32_t most,
                                     struct meeting meetings[LANE_COUNT])
{
    lanes_run(l, data, safe, most, meetings);
}
#endif

/* Where the pass is, in bits from the beginning of its window. */
static uint64_t position_of(const struct bits_window *w)
{
    return 8 * (uint64_t)(w->bits.next - w->data) - w->bits.left;
}

static void position_set(struct bits_window *w, uint64_t at)
{
    w->bits.next = w->data + (at >> 3);
    w->bits.word = 0;
    w->bits.left = 0;
    bits_refill(&w->bits);
    bits_take(&w->bits, (uint32_t)(at & 7));
}

/* Bits from `at` on for MCUs that begin before the one that is returned; moves the window on where it has fewer than
 * wanted. */
static uint64_t safe_end(struct bits_window *w, uint64_t *at, uint64_t wanted)
{
    if (!w->marker && 8 * (uint64_t)(w->filled - BITS_MARGIN) < *at + wanted) {
        w->bits.next = w->data + (*at >> 3);
        if (bits_window_move(w))
            *at &= 7;
        position_set(w, *at);
    }
    return w->filled > BITS_MARGIN ? 8 * (uint64_t)(w->filled - BITS_MARGIN) : 0;
}

/* From meetings to runs. Returns their number; the last one's end is where the next go begins. */
static int runs_make(struct jpeg_lanes *l, struct meeting meetings[LANE_COUNT], struct bits_window *w,
                     struct jpeg_lane_run runs[])
{
    uint32_t first = 0;
    for (int i = 0;; i++) {
        struct lane *lane = &l->lane[i];
        const int on = i < LANE_COUNT - 1 && meetings[i].met;
        const uint32_t end = on ? meetings[i].own : lane->mark_count - 1;
        runs[i] = (struct jpeg_lane_run){l->blocks[i] + (size_t)first * l->blocks_in_mcu * LANE_SLOTS,
                                         end > first ? end - first : 0};
        if (lane->invalid_first < end && lane->invalid_last >= first)
            w->bits.invalid = 1;
        if (on) { /* a lane may have met the next one before what is true of it begins: then both went on alike */
            first = meetings[i].of_next + (first > end ? first - end : 0);
            continue;
        }
        position_set(w, lane->marks[end > first ? end : first]);
        return i + 1;
    }
}

int jpeg_lanes_decode(struct jpeg_lanes *lanes, struct jpeg_scan_pass *pass, uint32_t mcus_left,
                      struct jpeg_lane_run ret_runs[LANE_COUNT])
{
    struct jpeg_lanes *l = lanes;
    struct bits_window *w = &pass->window;
    struct meeting meetings[LANE_COUNT] = {{0, 0, 0}};
    uint32_t room = LANE_BLOCKS / l->blocks_in_mcu;
    if (pass->restart_interval && pass->restart_left < mcus_left)
        mcus_left = pass->restart_left;
    room = mcus_left / LANE_COUNT < room ? mcus_left / LANE_COUNT : room;
    if (w->dry || l->failures >= FAILURES_MAX || room < LEAST_MCUS)
        return 0;
    uint64_t at = position_of(w), distance = l->mcu_bits * room * AIM_PERCENT / 100;
    const uint64_t most = 8 * (uint64_t)BITS_WINDOW / (LANE_COUNT + 1);
    distance = distance < most ? distance : most;
    const uint64_t safe = safe_end(w, &at, (LANE_COUNT + 1) * distance);
    if (safe < at + (LANE_COUNT + 1) * distance) /* near the end of the data */
        return 0;
    for (int i = 0; i < LANE_COUNT; i++) {
        l->lane[i].at = at + (uint64_t)i * distance;
        l->lane[i].out = l->blocks[i];
        l->lane[i].mark_count = 0;
        l->lane[i].invalid_first = LANE_BLOCKS;
        l->lane[i].invalid_last = 0;
    }
#if defined(SIMD_AVX2)
    if (simd_has_avx2())
        lanes_run_avx2(l, w->data, safe, room, meetings);
    else
#endif
        lanes_run_portable(l, w->data, safe, room, meetings);
    const int count = runs_make(l, meetings, w, ret_runs);
    uint32_t mcus = 0;
    for (int i = 0; i < count; i++)
        mcus += ret_runs[i].mcus;
    l->failures = count > 1 ? 0 : l->failures + 1;
    pass->restart_left -= mcus;
    if (mcus)
        l->mcu_bits = (position_of(w) - at) / mcus + 1;
    return mcus ? count : 0;
}

/* ---- From lanes to the stores ---- */

static void dc_sum(struct jpeg_scan_pass *pass, int16_t *block, uint32_t mcus)
{
    for (uint32_t m = 0; m < mcus; m++)
        for (int i = 0; i < pass->part_count; i++)
            for (uint32_t b = part_blocks(pass, i); b; b--, block += LANE_SLOTS) {
                pass->parts[i].predicted = (int32_t)((uint32_t)pass->parts[i].predicted + (uint32_t)block[0]);
                block[0] = (int16_t)pass->parts[i].predicted;
            }
}

typedef int16_t eight __attribute__((vector_size(16)));

#define ZIP_LOW(a, b)  __builtin_shufflevector(a, b, 0, 8, 1, 9, 2, 10, 3, 11)
#define ZIP_HIGH(a, b) __builtin_shufflevector(a, b, 4, 12, 5, 13, 6, 14, 7, 15)

/* Eight slots, from `slot` on, of eight blocks. */
static void slots_place(const int16_t *const blocks[8], uint32_t slot, uint32_t slots, int16_t *to, size_t stride)
{
    eight v[8];
    for (int i = 0; i < 8; i++)
        memcpy(&v[i], blocks[i] + slot, sizeof v[i]);
    for (int round = 0; round < 3; round++) {
        eight w[8];
        for (int i = 0; i < 4; i++) {
            w[2 * i] = ZIP_LOW(v[i], v[i + 4]);
            w[2 * i + 1] = ZIP_HIGH(v[i], v[i + 4]);
        }
        memcpy(v, w, sizeof v);
    }
    for (uint32_t i = 0; i < 8 && slot + i < slots; i++)
        memcpy(to + (slot + i) * stride, &v[i], sizeof v[i]);
}

/* `count` blocks, h of them in each MCU, as neighbours. */
static void row_place(const struct jpeg_component_store *store, const int16_t *mcu, size_t mcu_step, uint32_t h,
                      uint32_t count, int16_t *to)
{
    const uint32_t slots = (uint32_t)(store->size * store->size);
    for (uint32_t x = 0, in_mcu = 0; x < count; x += 8) {
        const int16_t *blocks[8];
        const uint32_t n = count - x < 8 ? count - x : 8;
        for (uint32_t i = 0; i < n; i++) {
            blocks[i] = mcu + in_mcu * LANE_SLOTS;
            if (++in_mcu == h) {
                in_mcu = 0;
                mcu += mcu_step;
            }
        }
        if (n == 8)
            for (uint32_t slot = 0; slot < slots; slot += 8)
                slots_place(blocks, slot, slots, to + x, store->stride);
        else
            for (uint32_t i = 0; i < n; i++)
                for (uint32_t slot = 0; slot < slots; slot++)
                    to[x + i + slot * store->stride] = blocks[i][slot];
    }
}

void jpeg_lanes_place(struct jpeg_scan_pass *pass, struct jpeg_lane_run *run, uint32_t mcus, uint32_t first)
{
    uint32_t blocks_in_mcu = 0, before = 0;
    dc_sum(pass, run->blocks, mcus);
    for (int i = 0; i < pass->part_count; i++)
        blocks_in_mcu += part_blocks(pass, i);
    for (int i = 0; i < pass->part_count; i++) {
        const struct jpeg_component_store *store = pass->parts[i].store;
        const uint32_t h = pass->part_count == 1 ? 1 : store->h, v = pass->part_count == 1 ? 1 : store->v;
        for (uint32_t y = 0; y < v; y++, before += h)
            row_place(store, run->blocks + (size_t)before * LANE_SLOTS, (size_t)blocks_in_mcu * LANE_SLOTS, h, mcus * h,
                      jpeg_scan_block_at(store, y, first * h));
    }
    run->blocks += (size_t)mcus * blocks_in_mcu * LANE_SLOTS;
    run->mcus -= mcus;
}
