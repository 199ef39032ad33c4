/*
 * See jpeg/lanes.h: where lanes begin, where they meet, and what of their work is true. It knows nothing of codes.
 *
 * It cannot fail: any bits are some picture. Bounds hold by construction: between two goes each lane is where LANE_GAP
 * bytes follow and where its output has room for what a go can add. Before: jpeg/states.c, jpeg/bits.c. Next:
 * jpeg/reconstruct.c.
 */
#include "crush/jpeg/lanes.h"

#include <string.h>

#include "crush/jpeg/reconstruct.h"
#include "crush/pixels/scratch.h"

#define INLINE static inline __attribute__((always_inline))

enum {
    LANE_WORDS = 24576,                               /* of records, in one go: a row of MCUs of most cameras */
    LANE_SPARE = (LANE_STEPS + 1) * RECORD_WORDS_MAX, /* what a go may write beyond that */
    AIM_PERCENT = 65,                                 /* of its room: where a lane shall meet the next one */
    BLOCK_BITS_LEAST = 4,                             /* on average; below, lanes fall into step late */
    MCUS_LEAST = 24,                                  /* for a lane, or it is not worth while */
    MCUS_MOST = 340,                                  /* so that all lanes stay in the cache */
    LEAST_BYTES = 16384,                              /* of data, to be worth making the machine */
    FAILURES_MAX = 8, /* goes in which not even two lanes met, until lanes are given up */
};

_Static_assert(LANE_GAP >= LANE_STEPS * LANE_STEP_BITS / 8 + 8, "a go and the word it reads last stay in the gap");
_Static_assert((int)LANE_GAP <= (int)BITS_MARGIN, "the window has that many bytes behind what is filled");

/* What a lane has to do. */
struct task {
    uint64_t begin, end; /* bits; end: only of an interval */
    uint32_t mcus;       /* an interval's, or at most */
};

struct jpeg_lanes {
    int failures;
    const uint8_t *hopeless; /* of the file: behind an interval for which nothing was done, and never will be */
    uint32_t lane_words;     /* of records, without the spare ones */
    uint64_t mcu_bits;       /* of late */
    struct jpeg_states states;
    struct jpeg_lane lane[LANE_COUNT];
    struct task task[LANE_COUNT];
    uint32_t *records[LANE_COUNT];
    uint32_t memory[] __attribute__((aligned(64))); /* of those */
};

/* Bytes of a scan that has just begun. */
static uint64_t scan_bytes(const struct bits_window *w)
{
    return w->filled + (uint64_t)(w->end - w->raw);
}

/* Average bits of an MCU, from the length of the data. */
static uint64_t mcu_bits_of(const struct jpeg_scan_pass *pass)
{
    return 8 * scan_bytes(&pass->window) / ((uint64_t)pass->mcus_across * pass->mcus_down);
}

int jpeg_lanes_suit(const struct jpeg_scan_pass *pass)
{
    uint32_t blocks = 0;
    for (int i = 0; i < pass->part_count; i++) {
        blocks += jpeg_scan_part_blocks(pass, i);
        if (pass->parts[i].store->size > LANE_SIZE_MAX)
            return 0;
    }
    return pass->kind == SCAN_SEQUENTIAL && scan_bytes(&pass->window) >= LEAST_BYTES &&
           mcu_bits_of(pass) >= BLOCK_BITS_LEAST * blocks;
}

static size_t bytes_for(uint32_t lane_words)
{
    return sizeof(struct jpeg_lanes) + (size_t)LANE_COUNT * (lane_words + LANE_SPARE) * sizeof(uint32_t);
}

size_t jpeg_lanes_bytes(void)
{
    return bytes_for(LANE_WORDS);
}

/* What a lane needs at most: a restart interval where that is short, else a part of what is between two goes. */
static uint32_t lane_words_for(const struct jpeg_scan_pass *pass, uint32_t mcu_words)
{
    const uint32_t mcus = pass->restart_interval > MCUS_MOST ? pass->restart_interval : MCUS_MOST;
    if ((uint64_t)mcus * mcu_words <= LANE_WORDS)
        return mcus * mcu_words;
    return MCUS_MOST * mcu_words < LANE_WORDS ? MCUS_MOST * mcu_words : LANE_WORDS;
}

struct jpeg_lanes *jpeg_lanes_create(const struct jpeg_scan_pass *pass)
{
    const uint32_t lane_words = lane_words_for(pass, jpeg_states_mcu_words(pass));
    struct jpeg_lanes *l = scratch_alloc(bytes_for(lane_words));
    if (!l)
        return NULL;
    l->failures = 0;
    l->hopeless = NULL;
    l->lane_words = lane_words;
    l->mcu_bits = mcu_bits_of(pass);
    for (int i = 0; i < LANE_COUNT; i++)
        l->records[i] = l->memory + (size_t)i * (lane_words + LANE_SPARE);
    jpeg_states_make(pass, &l->states);
    return l;
}

/* ---- Lanes ---- */

static void lane_begin(struct jpeg_lanes *l, int i, struct task task)
{
    const size_t words = (size_t)task.mcus * l->states.mcu_words;
    l->task[i] = task;
    l->lane[i] = (struct jpeg_lane){task.begin, l->states.state, l->records[i],
                                    l->records[i] + l->lane_words + LANE_SPARE, NULL};
    memset(l->records[i], 0, words * sizeof l->records[i][0]);
}

/* Whole MCUs that a lane has decoded. */
static uint32_t lane_mcus(const struct jpeg_lanes *l, int i)
{
    const uint32_t mcus = (uint32_t)(l->lane[i].out - l->records[i]) / l->states.mcu_words;
    return mcus < l->task[i].mcus ? mcus : l->task[i].mcus;
}

/* Where a lane began its MCU number m, or ended the one before. */
static uint64_t mcu_begin(const struct jpeg_lanes *l, int i, uint32_t m)
{
    const uint32_t last = l->states.record_words[l->states.blocks - 1];
    return m ? l->records[i][(size_t)m * l->states.mcu_words - last] : l->task[i].begin;
}

static int has_invalid_codes(const struct jpeg_lanes *l, int i, uint32_t first, uint32_t end)
{
    const uint32_t mcu_words = l->states.mcu_words;
    return l->lane[i].invalid_first < l->records[i] + (size_t)end * mcu_words &&
           l->lane[i].invalid_last >= l->records[i] + (size_t)first * mcu_words;
}

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

/* ---- Restart intervals ---- */

/* Puts a lane that has nothing more to do back to its beginning, where it does no harm. */
static void lane_park(struct jpeg_lanes *l, int i)
{
    l->lane[i].at = l->task[i].begin;
    l->lane[i].state = l->states.state;
    l->lane[i].out = l->records[i] + (size_t)l->task[i].mcus * l->states.mcu_words;
}

/* Until each lane is through with its interval. Returns how many, from the first on, had all the bits they needed. */
static int intervals_run(struct jpeg_lanes *l, const uint8_t *data, int count)
{
    int done[LANE_COUNT] = {0}, damaged = count;
    for (int left = count; left;) {
        jpeg_states_run(l->lane, data);
        for (int i = 0; i < LANE_COUNT; i++) {
            const int finished = lane_mcus(l, i) == l->task[i].mcus, beyond = l->lane[i].at > l->task[i].end;
            if (i < count && !done[i] && (finished || beyond)) {
                done[i] = 1;
                left--;
                if (!finished || mcu_begin(l, i, l->task[i].mcus) > l->task[i].end)
                    damaged = i < damaged ? i : damaged;
            }
            if (i >= count || done[i])
                lane_park(l, i);
        }
    }
    return damaged;
}

/* What is left of the interval that the pass is in, and those behind it. */
static int intervals_decode(struct jpeg_lanes *l, struct jpeg_scan_pass *pass, uint32_t mcus_left,
                            struct jpeg_lane_run ret_runs[LANE_COUNT])
{
    struct bits_window *w = &pass->window;
    if (w->raw == l->hopeless)
        return 0;
    struct bits_interval intervals[LANE_COUNT];
    const uint32_t rest = pass->restart_left < mcus_left ? pass->restart_left : mcus_left;
    const int begun = rest > 0;
    const int wanted = (int)((mcus_left - rest + pass->restart_interval - 1) / pass->restart_interval);
    const int most = wanted < LANE_COUNT - begun ? wanted : LANE_COUNT - begun;
    const int count = begun + bits_intervals(w, LANE_GAP, most, intervals);
    uint32_t left = mcus_left;
    int good = 0;
    for (int i = 0; i < LANE_COUNT; i++) {
        struct task task = {position_of(w), 8 * (uint64_t)w->filled, i < begun ? rest : 0};
        if (i >= begun && i < count) {
            const struct bits_interval *interval = &intervals[i - begun];
            task = (struct task){interval->begin, interval->end,
                                 left < pass->restart_interval ? left : pass->restart_interval};
        }
        left -= task.mcus;
        lane_begin(l, i, task);
    }
    if (count > 1)
        good = intervals_run(l, w->data, count);
    if (!good) {
        l->failures += count > 1;
        l->hopeless = w->raw;
        bits_intervals_leave(w);
        return 0;
    }
    for (int i = 0; i < good; i++) {
        ret_runs[i] = (struct jpeg_lane_run){l->records[i], l->task[i].mcus, i >= begun};
        w->bits.invalid |= (uint32_t)has_invalid_codes(l, i, 0, l->task[i].mcus);
    }
    bits_intervals_take(w, intervals, good - begun);
    pass->restart_left = 0;
    l->failures = 0;
    return good;
}

/* ---- Anywhere ---- */

/* Where a lane met the next one: `own` MCUs before that, and `next` of the next one. */
struct meeting {
    int met;
    uint32_t own, next;
};

/* The first MCU that a lane began at `at` or behind it; all that it decoded if there is none. */
static uint32_t mcu_from(const struct jpeg_lanes *l, int i, uint64_t at)
{
    uint32_t from = 0, to = lane_mcus(l, i);
    while (from < to) {
        const uint32_t middle = (from + to) / 2;
        if (mcu_begin(l, i, middle) < at)
            from = middle + 1;
        else
            to = middle;
    }
    return from;
}

/* 1 when each has met the next one. */
static int all_met(const struct jpeg_lanes *l, struct meeting meetings[LANE_COUNT])
{
    int all = 1;
    for (int i = 0; i < LANE_COUNT - 1; i++) {
        struct meeting *meeting = &meetings[i];
        if (!meeting->met && l->lane[i].at >= l->task[i + 1].begin) {
            const uint32_t own = lane_mcus(l, i), next = lane_mcus(l, i + 1);
            if (!meeting->own)
                meeting->own = mcu_from(l, i, l->task[i + 1].begin);
            while (!meeting->met && meeting->own <= own && meeting->next <= next) {
                const uint64_t a = mcu_begin(l, i, meeting->own), b = mcu_begin(l, i + 1, meeting->next);
                meeting->met = a == b;
                meeting->own += a < b;
                meeting->next += a > b;
            }
        }
        all &= meeting->met;
    }
    return all;
}

/* 1 when a lane is at the end of its room or of the data. */
static int one_has_ended(const struct jpeg_lanes *l, uint64_t safe)
{
    for (int i = 0; i < LANE_COUNT; i++)
        if (l->lane[i].at > safe || l->lane[i].out >= l->records[i] + (size_t)l->task[i].mcus * l->states.mcu_words)
            return 1;
    return 0;
}

/* Bits from the window's beginning on where a lane may still be; moves the window on where it has fewer than wanted. */
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

/* From meetings to runs. Returns their number; the last one's end is where the pass goes on. */
static int runs_make(struct jpeg_lanes *l, const struct meeting meetings[LANE_COUNT], struct bits_window *w,
                     struct jpeg_lane_run ret_runs[])
{
    uint32_t first = 0;
    for (int i = 0;; i++) {
        uint32_t end = lane_mcus(l, i), of_next = 0;
        int on = i < LANE_COUNT - 1 && meetings[i].met;
        if (on) { /* a lane may have met the next one before what is true of it begins: then both went on alike */
            of_next = meetings[i].next + (first > meetings[i].own ? first - meetings[i].own : 0);
            on = of_next <= lane_mcus(l, i + 1);
        }
        if (on)
            end = meetings[i].own > first ? meetings[i].own : first;
        ret_runs[i] = (struct jpeg_lane_run){l->records[i] + (size_t)first * l->states.mcu_words, end - first, 0};
        w->bits.invalid |= (uint32_t)(end > first && has_invalid_codes(l, i, first, end));
        if (!on) {
            position_set(w, mcu_begin(l, i, end));
            return i + 1;
        }
        first = of_next;
    }
}

static int anywhere_decode(struct jpeg_lanes *l, struct jpeg_scan_pass *pass, uint32_t mcus_left,
                           struct jpeg_lane_run ret_runs[LANE_COUNT])
{
    struct bits_window *w = &pass->window;
    struct meeting meetings[LANE_COUNT] = {{0, 0, 0}};
    uint32_t room = l->lane_words / l->states.mcu_words, mcus = 0;
    if (pass->restart_interval && pass->restart_left < mcus_left)
        mcus_left = pass->restart_left;
    room = room < MCUS_MOST ? room : MCUS_MOST;
    room = mcus_left / LANE_COUNT < room ? mcus_left / LANE_COUNT : room;
    if (room < MCUS_LEAST)
        return 0;
    uint64_t at = position_of(w), distance = l->mcu_bits * room * AIM_PERCENT / 100;
    const uint64_t most = 8 * (uint64_t)(BITS_WINDOW - BITS_MARGIN - 1) / (LANE_COUNT + 1);
    distance = distance < most ? distance : most;
    const uint64_t safe = safe_end(w, &at, (LANE_COUNT + 1) * distance);
    if (safe < at + (LANE_COUNT + 1) * distance) /* near the end of the data */
        return 0;
    for (int i = 0; i < LANE_COUNT; i++)
        lane_begin(l, i, (struct task){at + (uint64_t)i * distance, 0, room});
    do
        jpeg_states_run(l->lane, w->data);
    while (!all_met(l, meetings) && !one_has_ended(l, safe));
    const int count = runs_make(l, meetings, w, ret_runs);
    for (int i = 0; i < count; i++)
        mcus += ret_runs[i].mcus;
    l->failures = count > 1 ? 0 : l->failures + 1;
    pass->restart_left -= mcus;
    if (mcus)
        l->mcu_bits = (position_of(w) - at) / mcus + 1;
    return mcus ? count : 0;
}

int jpeg_lanes_decode(struct jpeg_lanes *lanes, struct jpeg_scan_pass *pass, uint32_t mcus_left,
                      struct jpeg_lane_run ret_runs[LANE_COUNT])
{
    if (pass->window.dry || lanes->failures >= FAILURES_MAX)
        return 0;
    if (pass->restart_interval && pass->window.marker &&
        (uint64_t)pass->restart_interval * lanes->states.mcu_words <= lanes->lane_words)
        return intervals_decode(lanes, pass, mcus_left, ret_runs);
    return anywhere_decode(lanes, pass, mcus_left, ret_runs);
}

/* ---- From records to the stores ---- */

/* DC values of a part become sums. */
static void dc_sum(const struct jpeg_states *states, struct jpeg_scan_part *part, uint32_t blocks, uint32_t *record,
                   uint32_t record_words, uint32_t mcus)
{
    uint32_t sum = (uint32_t)part->predicted;
    for (uint32_t m = 0; m < mcus; m++, record += states->mcu_words)
        for (uint32_t b = 0; b < blocks; b++)
            record[b * record_words + 1] = sum += record[b * record_words + 1];
    part->predicted = (int32_t)sum;
}

/* One row of a part's blocks, h of them in each MCU, which begin at `record`. */
INLINE void row_place(const uint32_t *record, uint32_t mcu_words, uint32_t mcus, uint32_t h, const int size,
                      int16_t *to, size_t stride)
{
    const uint32_t slots = (uint32_t)(size * size);
    for (uint32_t m = 0; m < mcus; m++, record += mcu_words)
        for (uint32_t x = 0; x < h; x++, to++)
            for (uint32_t slot = 0; slot < slots; slot++)
                if (jpeg_reconstruct_keeps(size, (int)slot % size, (int)slot / size))
                    to[slot * stride] = (int16_t)record[x * (slots + 2) + 1 + slot];
}

void jpeg_lanes_place(const struct jpeg_lanes *lanes, struct jpeg_scan_pass *pass, struct jpeg_lane_run *run,
                      uint32_t mcus, uint32_t first)
{
    const struct jpeg_states *states = &lanes->states;
    const uint32_t mcu_words = states->mcu_words;
    uint32_t *record = run->records, block = 0;
    jpeg_states_values(run->records, (size_t)mcus * mcu_words);
    for (int i = 0; i < pass->part_count; i++) {
        struct jpeg_scan_part *part = &pass->parts[i];
        const struct jpeg_component_store *store = part->store;
        const uint32_t h = pass->part_count == 1 ? 1 : store->h, blocks = jpeg_scan_part_blocks(pass, i),
                       record_words = states->record_words[block];
        if (run->begins_interval)
            part->predicted = 0;
        dc_sum(states, part, blocks, record, record_words, mcus);
        for (uint32_t y = 0; y < blocks / h; y++, record += (size_t)h * record_words) {
            int16_t *to = jpeg_scan_block_at(store, y, first * h);
            switch (store->size) {
            case 1: row_place(record, mcu_words, mcus, h, 1, to, store->stride); break;
            case 2: row_place(record, mcu_words, mcus, h, 2, to, store->stride); break;
            case 3: row_place(record, mcu_words, mcus, h, 3, to, store->stride); break;
            default: row_place(record, mcu_words, mcus, h, 4, to, store->stride); break;
            }
        }
        block += blocks;
    }
    run->records += (size_t)mcus * mcu_words;
    run->mcus -= mcus;
    run->begins_interval = 0;
}
