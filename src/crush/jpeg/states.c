/*
 * See jpeg/states.h. Bounds hold by construction: a state's table leads to one of its block's own STATES_PER_BLOCK
 * states, each of which leads on to a beginning; what does not fit the tables is looked at by itself, slowly, and is
 * rare. Before: jpeg/huffman.c. Next: jpeg/lanes.c.
 */
#include "crush/jpeg/states.h"

#include "crush/pixels/simd.h"

#define INLINE static inline __attribute__((always_inline))

enum {
    /* An entry: bits 0–5 to take, 6–10 length of the code, 11 no such code, 12–15 size of the value, 16–31 distance to
     * the next state in bytes. */
    ENTRY_CODE = 6,
    ENTRY_INVALID = 1 << 11,
    ENTRY_SIZE = 12,
    ENTRY_MOVE = 16,
    /* Distances in states. */
    MOVE_END = 128,  /* the block has ended */
    MOVE_LAST = 256, /* a value, and then the block has ended */
    MOVE_LONG = 384, /* not in the table */
    /* Which of a part's tables. */
    BY_DC = 0,
    BY_AC = 1,
    BY_SKIP = 2,
    /* From this index on only single symbols: skipping would often run into the next block. */
    SINGLE_FROM = 60,
};

static uint32_t entry_make(uint32_t take, uint32_t size, uint32_t move)
{
    return take | (take - size) << ENTRY_CODE | size << ENTRY_SIZE |
           move * (uint32_t)sizeof(struct jpeg_state) << ENTRY_MOVE;
}

/* From an entry of jpeg/huffman.h, at an index. */
static uint32_t entry_of_symbol(uint32_t symbol, uint32_t index)
{
    uint32_t move = symbol >> 10;
    if (!index)
        move = 1;
    else if (move == HUFFMAN_END)
        move = MOVE_END;
    else if (index + move > JPEG_BLOCK) /* a run beyond the block ends it */
        move = JPEG_BLOCK - index;
    return entry_make(symbol & 63, symbol >> 6 & 15, move);
}

/* Single symbols of a table, each together with the end of the block where that follows. */
static void entries_of_symbols(const struct huffman_table *table, const struct huffman_table *ac, uint32_t index,
                               uint32_t *ret_entries)
{
    const uint32_t unused = SKIP_BITS - HUFFMAN_BITS;
    for (uint32_t i = 0; i < 1 << SKIP_BITS; i++) {
        uint32_t symbol = table->symbol[i >> unused];
        if (!symbol)
            symbol = huffman_long(table, (uint64_t)i << (64 - SKIP_BITS));
        const uint32_t take = symbol & 63, code = take - (symbol >> 6 & 15);
        if (code > SKIP_BITS) {
            ret_entries[i] = entry_make(0, 0, MOVE_LONG);
            continue;
        }
        ret_entries[i] = entry_of_symbol(symbol, index);
        if (take >= SKIP_BITS || (index && symbol >> 10 == HUFFMAN_END))
            continue;
        const uint32_t then = ac->symbol[(i << take & ((1 << SKIP_BITS) - 1)) >> unused];
        if (then >> 10 == HUFFMAN_END && take + (then & 63) <= SKIP_BITS)
            ret_entries[i] += (then & 63) + (MOVE_LAST * (uint32_t)sizeof(struct jpeg_state) << ENTRY_MOVE);
    }
}

static void entries_of_skips(const struct huffman_skip *skip, uint32_t *ret_entries)
{
    for (uint32_t i = 0; i < 1 << SKIP_BITS; i++) {
        const uint32_t take = skip->entry[i] & 63, move = skip->entry[i] >> 6;
        const uint32_t moved = move >= SKIP_END ? move - SKIP_END : move;
        if (!take || moved > JPEG_BLOCK)
            ret_entries[i] = entry_make(0, 0, MOVE_LONG);
        else
            ret_entries[i] = entry_make(take, 0, move >= SKIP_END ? MOVE_END + moved : moved);
    }
}

/* The states of a block, by the entries of a part. */
static void block_make(struct jpeg_states *s, uint32_t block, int entries, const struct jpeg_scan_part *from)
{
    struct jpeg_state *states = &s->state[block * STATES_PER_BLOCK];
    const struct jpeg_state *next = &s->state[(block + 1) % s->blocks * STATES_PER_BLOCK];
    const struct jpeg_component_store *store = from->store;
    const uint32_t slots = (uint32_t)(store->size * store->size), last = (uint32_t)store->last;
    for (uint32_t k = 0; k < STATES_PER_BLOCK; k++) {
        struct jpeg_state *to = &states[k];
        const int ended = k >= JPEG_BLOCK;
        const uint32_t behind = k > MOVE_LAST ? k - MOVE_LAST : k; /* the coefficient whose slot it is */
        const int way = k == 0 ? BY_DC : k <= last || k >= SINGLE_FROM ? BY_AC : BY_SKIP;
        uint32_t slot = slots;
        if (behind == 1)
            slot = 0;
        else if (behind > 1 && behind <= last + 1 && store->slot[behind - 1])
            slot = store->slot[behind - 1] / store->stride;
        *to = (struct jpeg_state){
            .then = ended ? next : to,
            .entries = s->entries[entries][way],
            .table = k == 0 ? from->dc : from->ac,
            .slot = (uint16_t)(1 + slot),
            .advance = (uint16_t)(ended ? s->record_words[block] : 0),
            .index = (uint8_t)k,
            .unusual = (k > JPEG_BLOCK && k < MOVE_END) || (k >= MOVE_END + JPEG_BLOCK && k <= MOVE_LAST) ||
                       k >= MOVE_LAST + JPEG_BLOCK,
        };
    }
}

static uint32_t record_words(const struct jpeg_scan_part *part)
{
    return (uint32_t)(part->store->size * part->store->size) + 2;
}

uint32_t jpeg_states_mcu_words(const struct jpeg_scan_pass *pass)
{
    uint32_t words = 0;
    for (int i = 0; i < pass->part_count; i++)
        words += jpeg_scan_part_blocks(pass, i) * record_words(&pass->parts[i]);
    return words;
}

/* The first part that has the same tables as part i: usually that of Cb for Cr. */
static int first_alike(const struct jpeg_scan_pass *pass, int i)
{
    int first = 0;
    while (pass->parts[first].dc != pass->parts[i].dc || pass->parts[first].ac != pass->parts[i].ac)
        first++;
    return first;
}

void jpeg_states_make(const struct jpeg_scan_pass *pass, struct jpeg_states *ret_states)
{
    struct jpeg_states *s = ret_states;
    int part_of[BITS_BLOCKS_MAX];
    s->blocks = 0;
    s->mcu_words = jpeg_states_mcu_words(pass);
    for (int i = 0; i < pass->part_count; i++) {
        const struct jpeg_scan_part *part = &pass->parts[i];
        if (first_alike(pass, i) == i) {
            entries_of_symbols(part->dc, part->ac, 0, s->entries[i][BY_DC]);
            entries_of_symbols(part->ac, part->ac, 1, s->entries[i][BY_AC]);
            entries_of_skips(part->skip, s->entries[i][BY_SKIP]);
        }
        for (uint32_t b = jpeg_scan_part_blocks(pass, i); b; b--) {
            part_of[s->blocks] = i;
            s->record_words[s->blocks++] = record_words(part);
        }
    }
    for (uint32_t b = 0; b < s->blocks; b++)
        block_make(s, b, first_alike(pass, part_of[b]), &pass->parts[part_of[b]]);
}

/* ---- Steps ---- */

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

/* One symbol of any length. */
static __attribute__((noinline)) uint32_t entry_alone(const struct jpeg_state *state, uint64_t word)
{
    const uint32_t symbol = huffman_long(state->table, word);
    return entry_of_symbol(symbol, state->index) | (symbol == HUFFMAN_INVALID ? ENTRY_INVALID : 0);
}

INLINE const struct jpeg_state *state_at(const struct jpeg_state *from, uint32_t entry)
{
    return (const struct jpeg_state *)((const char *)from + (entry >> ENTRY_MOVE));
}

INLINE void step(struct jpeg_lane *lane, const uint8_t *data)
{
    const uint64_t word = bits_at(data, lane->at);
    uint32_t entry = lane->state->entries[word >> (64 - SKIP_BITS)];
    const struct jpeg_state *to = state_at(lane->state, entry);
    if (__builtin_expect(to->unusual, 0)) {
        entry = entry_alone(lane->state, word);
        to = state_at(lane->state, entry);
        if (entry & ENTRY_INVALID) {
            entry &= ~(uint32_t)ENTRY_INVALID;
            lane->invalid_last = lane->out;
            if (lane->out < lane->invalid_first)
                lane->invalid_first = lane->out;
        }
    }
    const uint16_t value = (uint16_t)(word << (entry >> ENTRY_CODE & 63) >> 48), half = (uint16_t)entry;
    memcpy(lane->out + to->slot, &value, sizeof value);
    memcpy((uint8_t *)(lane->out + to->slot) + sizeof value, &half, sizeof half);
    lane->at += entry & 63;
    *lane->out = (uint32_t)lane->at;
    lane->out += to->advance;
    lane->state = to->then;
}

INLINE void steps(struct jpeg_lane lanes[LANE_COUNT], const uint8_t *data)
{
    struct jpeg_lane l[LANE_COUNT]; /* so that they can be in registers */
    memcpy(l, lanes, sizeof l);
    for (int i = 0; i < LANE_STEPS; i++)
#pragma GCC unroll 5
        for (int j = 0; j < LANE_COUNT; j++)
            step(&l[j], data);
    memcpy(lanes, l, sizeof l);
}

/* The value that the first bits announce (T.81 F.2.2.1, EXTEND), size 0: 0. */
INLINE void values(uint32_t *records, size_t words)
{
    for (size_t i = 0; i < words; i++) {
#if __BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__
        const uint32_t bits = records[i] << 16, size = records[i] >> (16 + ENTRY_SIZE);
#else
        const uint32_t bits = records[i] & 0xFFFF0000, size = records[i] >> ENTRY_SIZE & 15;
#endif
        const uint32_t plain = bits >> 1 >> (31 - size), all = (1u << size) - 1;
        records[i] = plain - (all & ~(uint32_t)((int32_t)bits >> 31));
    }
}

#if defined(SIMD_AVX2)
SIMD_AVX2 static void steps_avx2(struct jpeg_lane lanes[LANE_COUNT], const uint8_t *data)
{
    steps(lanes, data);
}

SIMD_AVX2 static void values_avx2(uint32_t *records, size_t words)
{
    values(records, words);
}
#endif

void jpeg_states_run(struct jpeg_lane lanes[LANE_COUNT], const uint8_t *data)
{
#if defined(SIMD_AVX2)
    if (simd_has_avx2()) {
        steps_avx2(lanes, data);
        return;
    }
#endif
    steps(lanes, data);
}

void jpeg_states_values(uint32_t *records, size_t words)
{
#if defined(SIMD_AVX2)
    if (simd_has_avx2()) {
        values_avx2(records, words);
        return;
    }
#endif
    values(records, words);
}
