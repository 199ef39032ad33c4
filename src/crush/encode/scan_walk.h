/*
 * The symbols of a scan in the order in which they are coded (ITU-T T.81 F.1.2 and G.1.2): one walk for those who count
 * and those who write. What is passed as emit is called for each symbol with the bits that follow it; everything here
 * is inlined, so that neither pays for the other.
 */
#ifndef PICLOG_CRUSH_ENCODE_SCAN_WALK_H
#define PICLOG_CRUSH_ENCODE_SCAN_WALK_H

#include "crush/encode/levels.h"

#define WALK static inline __attribute__((always_inline))

enum {
    END_OF_BLOCK = 0x00,
    ZERO_RUN = 0xF0,
    MAX_BLOCK_RUN = 0x7FFF /* T.81 G.1.2.2 */
};

/* symbol, then so many extra bits. */
typedef void emit_symbol(void *sink, unsigned symbol, unsigned extra, int extra_bits);

/* The extra bits of a value: negative ones are one less, so that their first bit is 0 (T.81 F.1.2.1.1). */
WALK unsigned extra_of(int value, int size)
{
    return (unsigned)(value < 0 ? value - 1 : value) & ((1u << size) - 1);
}

WALK void walk_difference(int difference, emit_symbol *emit, void *sink)
{
    int size = level_size(difference);
    emit(sink, (unsigned)size, extra_of(difference, size), size);
}

WALK void walk_level(int run, int value, emit_symbol *emit, void *sink)
{
    int size = level_size(value);
    for (; run > 15; run -= 16)
        emit(sink, ZERO_RUN, 0, 0);
    emit(sink, (unsigned)(run << 4 | size), extra_of(value, size), size);
}

/* Blocks without (further) levels: T.81 G.1.2.2. */
WALK void walk_block_run(uint32_t *run, emit_symbol *emit, void *sink)
{
    if (!*run)
        return;
    int bits = 31 - __builtin_clz(*run);
    emit(sink, (unsigned)bits << 4, *run & ((1u << bits) - 1), bits);
    *run = 0;
}

/* DC of one component in raster order. */
WALK void walk_dc(const struct levels *levels, emit_symbol *emit, void *sink)
{
    int before = 0;
    for (uint32_t b = 0; b < levels->columns * levels->rows; b++) {
        walk_difference(levels->dc[b] - before, emit, sink);
        before = levels->dc[b];
    }
}

/* Positions first … last of one component, progressive. Runs of blocks go to emit_run. Returns how many blocks end. */
WALK uint32_t walk_band(const struct levels *levels, int first, int last, emit_symbol *emit, void *sink,
                        emit_symbol *emit_run, void *run_sink)
{
    uint32_t blocks = levels->columns * levels->rows, block_run = 0, ends = 0;
    for (uint32_t b = 0; b < blocks; b++) {
        int before = first - 1;
        for (uint32_t i = levels->first[b]; i < levels->first[b + 1]; i++) {
            int position = levels->ac[i].position;
            if (position < first || position > last)
                continue;
            walk_block_run(&block_run, emit_run, run_sink);
            walk_level(position - before - 1, levels->ac[i].value, emit, sink);
            before = position;
        }
        if (before == last)
            continue;
        ends++;
        if (++block_run == MAX_BLOCK_RUN)
            walk_block_run(&block_run, emit_run, run_sink);
    }
    walk_block_run(&block_run, emit_run, run_sink);
    return ends;
}

#endif
