/*
 * Counting instead of writing: see huffman_count.h. The solver calls this for every step; the stream itself
 * is written once, by encode_jpeg.c.
 */
#include "huffman_count.h"

#include <string.h>

enum {
    END_OF_BLOCK = 0x00,
    ZERO_RUN = 0xF0,
    MAX_CODE_LENGTH = 16,
    MAX_BLOCK_RUN = 0x7FFF, /* T.81 G.1.2.2 */

    SOI_EOI_BYTES = 4,
    JFIF_BYTES = 18,
    DQT_BYTES = 69,
};

int huffman_lengths(const uint32_t count[256], uint8_t ret_lengths[256])
{
    /* One more symbol is reserved so that no code is all ones. */
    uint32_t frequency[257];
    int size[257] = {0}, others[257], used = 0, active[257], active_count = 0;
    memset(ret_lengths, 0, 256);
    for (int i = 0; i < 257; i++) {
        frequency[i] = i < 256 ? count[i] : 1;
        others[i] = -1;
        if (frequency[i])
            active[active_count++] = i;
    }
    used = active_count - 1;
    while (active_count > 1) {
        /* The two least frequent; of equals the later, as K.2 asks for. */
        int a = -1, b = -1;
        for (int n = 0; n < active_count; n++) {
            if (a < 0 || frequency[active[n]] <= frequency[active[a]]) {
                b = a;
                a = n;
            } else if (b < 0 || frequency[active[n]] <= frequency[active[b]]) {
                b = n;
            }
        }
        int first = active[a], second = active[b];
        frequency[first] += frequency[second];
        active[b] = active[--active_count];
        int last = first;
        for (size[first]++; others[last] >= 0; size[last]++)
            last = others[last];
        others[last] = second;
        for (int i = second; i >= 0; i = others[i])
            size[i]++;
    }
    int with_size[64] = {0};
    for (int i = 0; i < 257; i++)
        if (size[i])
            with_size[size[i] < 63 ? size[i] : 63]++;
    /* Figure K.3: codes longer than 16 bits are moved up. */
    for (int i = 63; i > MAX_CODE_LENGTH; i--)
        while (with_size[i] > 0) {
            int j = i - 2;
            while (with_size[j] == 0)
                j--;
            with_size[i] -= 2;
            with_size[i - 1]++;
            with_size[j + 1] += 2;
            with_size[j]--;
        }
    int longest = MAX_CODE_LENGTH;
    while (longest > 0 && with_size[longest] == 0)
        longest--;
    with_size[longest]--; /* the reserved symbol */
    /* Symbols take the lengths in the order of their unlimited sizes. */
    int symbols[256], symbol_count = 0;
    for (int i = 0; i < 256; i++)
        if (size[i])
            symbols[symbol_count++] = i;
    int length = 1;
    for (int s = 1, placed = 0; placed < symbol_count; s++)
        for (int n = 0; n < symbol_count; n++)
            if ((size[symbols[n]] < 63 ? size[symbols[n]] : 63) == s) {
                while (length <= MAX_CODE_LENGTH && with_size[length] == 0)
                    length++;
                ret_lengths[symbols[n]] = (uint8_t)length;
                with_size[length]--;
                placed++;
            }
    return used;
}

/* Runs of blocks without (further) levels: T.81 G.1.2.2. */
static void put_block_run(struct symbols *symbols, uint32_t *run)
{
    if (!*run)
        return;
    int bits = 31 - __builtin_clz(*run);
    symbols->count[bits << 4]++;
    symbols->extra_bits += (uint64_t)bits;
    *run = 0;
}

static void put_level(struct symbols *symbols, int run, int value)
{
    int size = level_size(value);
    symbols->count[ZERO_RUN] += (uint32_t)run >> 4;
    symbols->count[(run & 15) << 4 | size]++;
    symbols->extra_bits += (uint64_t)size;
}

/* The levels of positions first … last. Run symbols go to runs; returns in how many blocks the last one is zero. */
static uint32_t count_band(const struct levels *levels, int first, int last, struct symbols *symbols,
                           struct symbols *runs)
{
    uint32_t blocks = levels->columns * levels->rows, block_run = 0, ends = 0;
    for (uint32_t b = 0; b < blocks; b++) {
        int before = first - 1;
        for (uint32_t i = levels->first[b]; i < levels->first[b + 1]; i++) {
            int position = levels->ac[i].position;
            if (position < first || position > last)
                continue;
            put_block_run(runs, &block_run);
            put_level(symbols, position - before - 1, levels->ac[i].value);
            before = position;
        }
        if (before == last)
            continue;
        ends++;
        if (++block_run == MAX_BLOCK_RUN)
            put_block_run(runs, &block_run);
    }
    put_block_run(runs, &block_run);
    return ends;
}

static void put_difference(struct symbols *symbols, int difference)
{
    int size = level_size(difference);
    symbols->count[size]++;
    symbols->extra_bits += (uint64_t)size;
}

static void count_dc(const struct levels *levels, struct symbols *symbols)
{
    int before = 0;
    for (uint32_t b = 0; b < levels->columns * levels->rows; b++) {
        put_difference(symbols, levels->dc[b] - before);
        before = levels->dc[b];
    }
}

void count_component(const struct levels *levels, struct component_count *ret_count)
{
    memset(ret_count, 0, sizeof *ret_count);
    count_dc(levels, &ret_count->dc);
    ret_count->ends = count_band(levels, 1, 63, &ret_count->ac, &ret_count->runs);
}

static void add_symbols(struct symbols *to, const struct symbols *from)
{
    for (int i = 0; i < 256; i++)
        to->count[i] += from->count[i];
    to->extra_bits += from->extra_bits;
}

/* Luma of 4:2:0 in the order of an interleaved scan; blocks beyond the picture repeat the DC and have no AC. */
static void count_dc_interleaved(const struct levels *levels, struct symbols *dc, struct symbols *ac)
{
    int before = 0;
    for (uint32_t y = 0; y < levels->rows; y += 2)
        for (uint32_t x = 0; x < levels->columns; x += 2)
            for (uint32_t i = 0; i < 4; i++) {
                uint32_t column = x + (i & 1), row = y + (i >> 1);
                if (column < levels->columns && row < levels->rows) {
                    int value = levels->dc[row * levels->columns + column];
                    put_difference(dc, value - before);
                    before = value;
                } else {
                    put_difference(dc, 0);
                    ac->count[END_OF_BLOCK]++;
                }
            }
}

/* Bits of the data, and into *bytes what the table itself takes (T.81 B.2.4.2). */
static uint64_t table_bits(const struct symbols *symbols, size_t *bytes)
{
    uint8_t lengths[256];
    uint64_t bits = symbols->extra_bits;
    *bytes += 2 + 2 + 17 + (size_t)huffman_lengths(symbols->count, lengths);
    for (int i = 0; i < 256; i++)
        bits += (uint64_t)symbols->count[i] * lengths[i];
    return bits;
}

static size_t scan_header_bytes(int components)
{
    return 2 + 6 + 2 * (size_t)components;
}

/* A byte of coded data is 0xFF, and then stuffed, about once in 256. */
static size_t data_bytes(uint64_t bits)
{
    uint64_t bytes = (bits + 7) / 8;
    return (size_t)(bytes + bytes / 256);
}

static size_t count_baseline(const struct levels *levels, const struct component_count *counts, int components,
                             int subsampled)
{
    struct symbols dc[2], ac[2];
    size_t bytes = scan_header_bytes(components);
    uint64_t bits = 0;
    memset(dc, 0, sizeof dc);
    memset(ac, 0, sizeof ac);
    for (int c = 0; c < components; c++) {
        struct symbols *to = &ac[c > 0];
        add_symbols(to, &counts[c].ac);
        to->count[END_OF_BLOCK] += counts[c].ends;
        if (c > 0 || components == 1 || !subsampled)
            add_symbols(&dc[c > 0], &counts[c].dc);
        else
            count_dc_interleaved(&levels[0], &dc[0], &ac[0]);
    }
    for (int i = 0; i < (components == 3 ? 2 : 1); i++)
        bits += table_bits(&dc[i], &bytes) + table_bits(&ac[i], &bytes);
    return bytes + data_bytes(bits);
}

/* A scan of one or more components with one table. */
static size_t scan_bytes(const struct symbols *symbols, int components)
{
    size_t bytes = scan_header_bytes(components);
    uint64_t bits = table_bits(symbols, &bytes);
    return bytes + data_bytes(bits);
}

static size_t split_bytes(const struct levels *levels, int first, int last)
{
    struct symbols symbols;
    memset(&symbols, 0, sizeof symbols);
    count_band(levels, first, last, &symbols, &symbols);
    return scan_bytes(&symbols, 1);
}

static size_t count_progressive(const struct levels *levels, const struct component_count *counts, int components,
                                int split)
{
    size_t bytes = scan_bytes(&counts[0].dc, 1);
    if (components == 3) {
        struct symbols chroma = counts[1].dc;
        add_symbols(&chroma, &counts[2].dc);
        bytes += scan_bytes(&chroma, 2);
    }
    for (int c = 0; c < components; c++) {
        if (c == 0 && split) {
            bytes += split_bytes(&levels[c], 1, SPLIT_POSITION) + split_bytes(&levels[c], SPLIT_POSITION + 1, 63);
        } else {
            struct symbols ac = counts[c].ac;
            add_symbols(&ac, &counts[c].runs);
            bytes += scan_bytes(&ac, 1);
        }
    }
    return bytes;
}

size_t count_jpeg_bytes(const struct levels *levels, const struct component_count *counts, int components,
                        int subsampled, int tables, enum layout layout)
{
    size_t frame = 2 + 8 + 3 * (size_t)components;
    size_t head = SOI_EOI_BYTES + JFIF_BYTES + (size_t)tables * DQT_BYTES + frame;
    if (layout == LAYOUT_BASELINE)
        return head + count_baseline(levels, counts, components, subsampled);
    return head + count_progressive(levels, counts, components, layout == LAYOUT_PROGRESSIVE_SPLIT);
}
