/*
 * Counting instead of writing: see huffman_count.h. The solver calls this for every step; the stream itself
 * is written once, by jpeg_write.c.
 */
#include "crush/encode/huffman_count.h"

#include <string.h>

#include "crush/encode/scan_walk.h"

enum {
    MAX_CODE_LENGTH = 16,
    ONE_TABLE_TO_BYTES = 9000, /* above, sharing a table between luma and chroma never pays */
    SOI_EOI_BYTES = 4,
    JFIF_BYTES = 18,
    DQT_BYTES = 65, /* in one segment with the others */
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
    /* Symbols take the lengths in the order of their unlimited sizes. What is left over is one of the longest: the
       reserved one. */
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

static void count_symbol(void *sink, unsigned symbol, unsigned extra, int extra_bits)
{
    struct symbols *symbols = sink;
    (void)extra;
    symbols->count[symbol]++;
    symbols->extra_bits += (uint64_t)extra_bits;
}

void count_component(const struct levels *levels, struct component_count *ret_count)
{
    memset(ret_count, 0, sizeof *ret_count);
    walk_dc(levels, count_symbol, &ret_count->dc);
    ret_count->ends = walk_band(levels, 1, 63, count_symbol, &ret_count->ac, count_symbol, &ret_count->runs);
    for (uint32_t b = 0; b < levels->columns * levels->rows; b++)
        ret_count->filled += levels->first[b + 1] > levels->first[b];
}

static void scale_symbols(struct symbols *symbols, uint32_t numerator, uint32_t denominator)
{
    for (int i = 0; i < 256; i++)
        symbols->count[i] = (uint32_t)((uint64_t)symbols->count[i] * numerator / denominator);
    symbols->extra_bits = symbols->extra_bits * numerator / denominator;
}

void count_scale(struct component_count *count, uint32_t rows, uint32_t counted_rows)
{
    scale_symbols(&count->dc, rows, counted_rows);
    scale_symbols(&count->ac, rows, counted_rows);
    scale_symbols(&count->runs, rows, counted_rows);
    count->ends = (uint32_t)((uint64_t)count->ends * rows / counted_rows);
    count->filled = (uint32_t)((uint64_t)count->filled * rows / counted_rows);
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
                    walk_difference(value - before, count_symbol, dc);
                    before = value;
                } else {
                    walk_difference(0, count_symbol, dc);
                    ac->count[END_OF_BLOCK]++;
                }
            }
}

/* Bits of the data with codes of these lengths. */
static uint64_t coded_bits(const struct symbols *symbols, const uint8_t lengths[256])
{
    uint64_t bits = symbols->extra_bits;
    for (int i = 0; i < 256; i++)
        bits += (uint64_t)symbols->count[i] * lengths[i];
    return bits;
}

/* What a table takes in DHT (T.81 B.2.4.2). */
static size_t table_bytes(const struct symbols *symbols, uint8_t ret_lengths[256])
{
    return 17 + (size_t)huffman_lengths(symbols->count, ret_lengths);
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

/* Makes tables a and b one where the file gets smaller. all: symbols by table. Returns the bytes saved. */
static size_t share_table(struct symbols all[TABLE_COUNT], enum table a, enum table b, struct jpeg_code *code)
{
    struct symbols both = all[a];
    uint8_t lengths[256], own[256];
    add_symbols(&both, &all[b]);
    size_t apart = table_bytes(&all[a], own) + table_bytes(&all[b], own);
    size_t together = table_bytes(&both, lengths);
    uint64_t apart_bits = coded_bits(&all[a], code->lengths[a]) + coded_bits(&all[b], code->lengths[b]);
    uint64_t together_bits = coded_bits(&both, lengths);
    apart += (size_t)(apart_bits / 8);
    together += (size_t)(together_bits / 8);
    if (together >= apart)
        return 0;
    code->use[b] = (uint8_t)a;
    memcpy(code->lengths[a], lengths, sizeof lengths);
    memset(code->lengths[b], 0, sizeof lengths);
    return apart - together;
}

static size_t count_baseline(const struct counted *image, struct symbols all[TABLE_COUNT], struct jpeg_code *code)
{
    const struct component_count *counts = image->counts;
    const int components = image->components;
    size_t bytes = 4 + scan_header_bytes(components);
    uint64_t bits = 0;
    for (int c = 0; c < components; c++) {
        struct symbols *dc = &all[c ? TABLE_DC_CHROMA : TABLE_DC_LUMA], *ac = &all[c ? TABLE_AC_CHROMA : TABLE_AC_LUMA];
        add_symbols(ac, &counts[c].ac);
        ac->count[END_OF_BLOCK] += counts[c].ends;
        if (c > 0 || components == 1 || !image->subsampled)
            add_symbols(dc, &counts[c].dc);
        else
            count_dc_interleaved(&image->levels[0], dc, ac);
    }
    for (int t = 0; t < TABLE_AC_LUMA_HIGH; t++)
        if (components == 3 || t == TABLE_DC_LUMA || t == TABLE_AC_LUMA) {
            bytes += table_bytes(&all[t], code->lengths[t]);
            bits += coded_bits(&all[t], code->lengths[t]);
        }
    return bytes + data_bytes(bits);
}

static size_t count_progressive(const struct counted *image, int split, struct symbols all[TABLE_COUNT],
                                struct jpeg_code *code)
{
    const struct levels *levels = image->levels;
    const struct component_count *counts = image->counts;
    const int components = image->components;
    /* Symbols of scans that share a table, to know what each scan takes. */
    struct symbols parts[PLANE_COUNT];
    memset(parts, 0, sizeof parts);
    all[TABLE_DC_LUMA] = counts[0].dc;
    for (int c = 0; c < components; c++) {
        parts[c] = counts[c].ac;
        add_symbols(&parts[c], &counts[c].runs);
        code->has_ac[c] = counts[c].filled > 0 || !image->smoothed[c];
        if (c)
            add_symbols(&all[TABLE_DC_CHROMA], &counts[c].dc);
        if (c && code->has_ac[c])
            add_symbols(&all[TABLE_AC_CHROMA], &parts[c]);
    }
    if (split && code->has_ac[0]) {
        walk_band(&levels[0], 1, SPLIT_POSITION, count_symbol, &all[TABLE_AC_LUMA], count_symbol, &all[TABLE_AC_LUMA]);
        walk_band(&levels[0], SPLIT_POSITION + 1, 63, count_symbol, &all[TABLE_AC_LUMA_HIGH], count_symbol,
                  &all[TABLE_AC_LUMA_HIGH]);
    } else if (code->has_ac[0]) {
        all[TABLE_AC_LUMA] = parts[0];
    }
    const int has[TABLE_COUNT] = {1, components == 3, code->has_ac[0], code->has_ac[1] || code->has_ac[2],
                                  code->has_ac[0] && split};
    size_t bytes = 4;
    for (int t = 0; t < TABLE_COUNT; t++)
        if (has[t]) {
            bytes += table_bytes(&all[t], code->lengths[t]);
            if (t != TABLE_AC_CHROMA)
                bytes +=
                    scan_header_bytes(t == TABLE_DC_CHROMA ? 2 : 1) + data_bytes(coded_bits(&all[t], code->lengths[t]));
        }
    for (int c = 1; c < components; c++)
        if (code->has_ac[c])
            bytes += scan_header_bytes(1) + data_bytes(coded_bits(&parts[c], code->lengths[TABLE_AC_CHROMA]));
    if (components == 3 && bytes < ONE_TABLE_TO_BYTES)
        bytes -= share_table(all, TABLE_DC_LUMA, TABLE_DC_CHROMA, code);
    if (components == 3 && bytes < ONE_TABLE_TO_BYTES && has[TABLE_AC_CHROMA] && has[TABLE_AC_LUMA])
        bytes -= share_table(all, TABLE_AC_LUMA, TABLE_AC_CHROMA, code);
    return bytes;
}

size_t count_jpeg_bytes(const struct counted *image, enum layout layout, struct jpeg_code *ret_code)
{
    struct symbols all[TABLE_COUNT];
    size_t frame = 2 + 8 + 3 * (size_t)image->components;
    size_t head = SOI_EOI_BYTES + JFIF_BYTES + 4 + (size_t)image->tables * DQT_BYTES + frame;
    memset(all, 0, sizeof all);
    memset(ret_code, 0, sizeof *ret_code);
    ret_code->layout = layout;
    for (int t = 0; t < TABLE_COUNT; t++)
        ret_code->use[t] = (uint8_t)t;
    if (layout == LAYOUT_BASELINE)
        return head + count_baseline(image, all, ret_code);
    return head + count_progressive(image, layout == LAYOUT_PROGRESSIVE_SPLIT, all, ret_code);
}
