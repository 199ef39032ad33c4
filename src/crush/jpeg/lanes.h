/*
 * A long sequential scan, decoded at several places at once. Huffman decoding is one chain of dependent steps, so a
 * processor waits most of the time; several chains side by side fill the gaps.
 *
 * Where a file has short restart intervals, each lane takes one. Everywhere else only the first lane knows where an MCU
 * begins. The others begin anywhere and take it for the beginning of an MCU; Huffman codes fall into step soon. What
 * follows depends only on the bit where an MCU begins, so as soon as a lane begins an MCU where the next lane began
 * one, all that the next one decoded from there on is true, and what it decoded before is thrown away. Nothing is ever
 * taken that is not linked in this way.
 */
#ifndef PICLOG_CRUSH_JPEG_LANES_H
#define PICLOG_CRUSH_JPEG_LANES_H

#include "crush/jpeg/states.h"

struct jpeg_lanes;

/* Decoded MCUs, as records of jpeg/states.h. */
struct jpeg_lane_run {
    uint32_t *records;
    uint32_t mcus;
    int begins_interval; /* DC values count from zero */
};

/* 1 where a scan is one for lanes: sequential, long enough, of components of at most LANE_SIZE_MAX. */
int jpeg_lanes_suit(const struct jpeg_scan_pass *pass);

/* For the scan of a pass, whose tables must outlive it; ends with scratch_free(). NULL: no memory. */
struct jpeg_lanes *jpeg_lanes_create(const struct jpeg_scan_pass *pass);

/* What that takes. */
size_t jpeg_lanes_bytes(void);

/*
 * Decodes the next MCUs, of which the picture still has mcus_left. Returns the number of runs, which follow each other
 * and are valid until the next call. 0: nothing was done; near the end of the data or the picture, in damaged data, and
 * where lanes do not fall into step, jpeg_scan_row has to go on.
 */
int jpeg_lanes_decode(struct jpeg_lanes *lanes, struct jpeg_scan_pass *pass, uint32_t mcus_left,
                      struct jpeg_lane_run ret_runs[LANE_COUNT]);

/* Takes the first `mcus` MCUs off a run and puts them into the stores' only row of MCUs, from MCU column `first` on.
 * Each MCU once and in order, as DC values become sums here. */
void jpeg_lanes_place(const struct jpeg_lanes *lanes, struct jpeg_scan_pass *pass, struct jpeg_lane_run *run,
                      uint32_t mcus, uint32_t first);

#endif
