/*
 * Sequential Huffman decoding as a machine without branches: what the next bits mean depends on the place in an MCU, a
 * state, and an entry of the state's table says how many bits to take and how far to move. One step is the same thirty
 * instructions wherever it is made, so that several lanes step side by side and the processor guesses nothing. A step
 * reads one symbol where values are kept, several where they are skipped.
 *
 * Of each block a record is written: the bit where the block ended, then its slots (vertical × size + horizontal
 * frequency), then one for what is not kept. A slot holds a symbol's first 16 bits of value and the entry's
 * lower half; jpeg_states_values turns records into numbers.
 *
 * It cannot fail: any bits are some picture. Source: ITU-T T.81 annex F.2.2.
 */
#ifndef PICLOG_CRUSH_JPEG_STATES_H
#define PICLOG_CRUSH_JPEG_STATES_H

#include "crush/jpeg/scan.h"

enum {
    LANE_COUNT = 5,      /* as many as keep a processor busy and in registers */
    LANE_STEPS = 128,    /* in one go */
    LANE_STEP_BITS = 31, /* that a step takes at most */
    LANE_GAP = 1024,     /* bytes that must be there behind where a lane is before a go */
    LANE_SIZE_MAX = 4,   /* of a component: beyond, hardly anything is skipped */
    RECORD_WORDS_MAX = LANE_SIZE_MAX * LANE_SIZE_MAX + 2,
    STATES_PER_BLOCK = 448,
};

/* A place in an MCU: index 0 before DC, 1 … 63 before that AC value; from 64 on: a block that has just ended, or
 * something that has to be looked at. */
struct jpeg_state {
    const struct jpeg_state *then;     /* where to go on: itself, or the beginning of the next block */
    const uint32_t *entries;           /* by the next SKIP_BITS bits */
    const struct huffman_table *table; /* of codes that do not fit */
    uint16_t slot, advance;            /* words: where the value before goes, how far the output moves */
    uint8_t index, unusual;
};

/* One place where decoding goes on. */
struct jpeg_lane {
    uint64_t at; /* next bit, counted from the beginning of the data */
    const struct jpeg_state *state;
    uint32_t *out; /* of the record that is being written */
    /* Records in which there were codes that the table does not have; first > last: none. */
    const uint32_t *invalid_first, *invalid_last;
};

struct jpeg_states {
    uint32_t blocks; /* in an MCU */
    uint32_t record_words[BITS_BLOCKS_MAX];
    uint32_t mcu_words;                     /* of its records */
    uint32_t entries[4][3][1 << SKIP_BITS]; /* DC, AC, skipping; parts of the same tables share them */
    struct jpeg_state state[BITS_BLOCKS_MAX * STATES_PER_BLOCK];
};

/* How many words of records an MCU of a scan takes. */
uint32_t jpeg_states_mcu_words(const struct jpeg_scan_pass *pass);

/* Makes the machine of a sequential scan, whose tables must outlive it. */
void jpeg_states_make(const struct jpeg_scan_pass *pass, struct jpeg_states *ret_states);

/*
 * LANE_STEPS steps in every lane. LANE_GAP bytes of data must follow each, and its output takes up to
 * LANE_STEPS + 1 records; slots that are read afterwards must be zero before.
 */
void jpeg_states_run(struct jpeg_lane lanes[LANE_COUNT], const uint8_t *data);

/* Turns records into numbers (int32_t), in place; their first words become meaningless. */
void jpeg_states_values(uint32_t *records, size_t words);

#endif
