/*
 * The heap of a worker: see heap.h. A worker lives for one picture and touches about 2 MB (a progressive photograph 5):
 * 500 page faults and as many pages to give back, which together took more than a millisecond. So the free end of the
 * heap is laid across a 2 MB boundary, and what follows is one huge page where the system has them, else is taken in
 * one call. All of this is only ever a matter of speed: where a call fails, pages come one by one as before.
 *
 *     in use by the template | filler, never touched |.. block, never touched: HUGE_BYTES from the boundary on ..|
 *                                                      ^ boundary
 *
 * The block begins two pages in front of the boundary: its header is written by the template, and a huge page is only
 * given where nobody wrote yet. Read next: template.c.
 */
#include "heap.h"

#include <limits.h>
#include <malloc.h>
#include <stdint.h>
#include <stdlib.h>
#include <sys/mman.h>

#ifndef MADV_POPULATE_WRITE /* Linux 5.14; the headers may be older */
#define MADV_POPULATE_WRITE 23
#endif

enum {
    PAGE_BYTES = 4096,
    HUGE_BYTES = 2 << 20,
    BLOCK_BYTES = 3 << 20,
    PROBE_BYTES = 128 << 10, /* larger than any hole in the template's heap */
    /* From here on a block is a mapping of its own, clean without being cleared; else the heap grows by as much. */
    LARGE_BYTES = 1 << 20
};

static uintptr_t room; /* the boundary; 0: none */

void heap_reserve(void)
{
    mallopt(M_TRIM_THRESHOLD, INT_MAX);
    mallopt(M_MMAP_THRESHOLD, 2 * BLOCK_BYTES);
    /* volatile: compilers know what malloc is for, and would leave out blocks that nobody uses */
    void *volatile probe = malloc(PROBE_BYTES);
    const uintptr_t free_end = (uintptr_t)probe;
    const uintptr_t boundary = (free_end + 2 * PROBE_BYTES + HUGE_BYTES) & ~(uintptr_t)(HUGE_BYTES - 1);
    free(probe);
    void *volatile filler = malloc(boundary - free_end - 2 * PAGE_BYTES); /* stays for ever */
    void *volatile block = malloc(BLOCK_BYTES);
    const uintptr_t first = (uintptr_t)block;
    if ((uintptr_t)filler == free_end && first < boundary && first + BLOCK_BYTES >= boundary + HUGE_BYTES) {
        room = boundary;
        (void)!madvise((void *)room, HUGE_BYTES, MADV_HUGEPAGE);
    }
    free(block);
    mallopt(M_MMAP_THRESHOLD, LARGE_BYTES);
    mallopt(M_TOP_PAD, LARGE_BYTES);
}

void heap_populate(void)
{
    if (room)
        (void)!madvise((void *)room, HUGE_BYTES, MADV_POPULATE_WRITE);
}
