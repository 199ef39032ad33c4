/*
 * The heap of a worker: see heap.h. A worker lives for one picture and touches up to 6 MB: 1500 page faults and as many
 * pages to give back, which together took as long as the crush of a small picture. So the free end of the heap is laid
 * across a 2 MB boundary, and what follows is three huge pages where the system has them, else is taken in one
 * call. All of this is only ever a matter of speed: where a call fails, pages come one by one as before.
 *
 *     in use by the template, holes filled | filler, never touched |.. block: READY_BYTES from the boundary on .|
 *                                                                    ^ boundary
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
    HUGE_PAGE_BYTES = 2 << 20,
    READY_BYTES = 3 * HUGE_PAGE_BYTES, /* two presets of a picture of 1000 px fit */
    BLOCK_BYTES = READY_BYTES + (1 << 20),
    PROBE_BYTES = 128 << 10, /* larger than any hole in the template's heap */
    SMALL_BYTES = 2048,      /* up to here holes are looked for in every size */
    LEAST_BYTES = 24,
    ALIGNMENT = 16,
    LARGE_BYTES = 2 << 20, /* from here on a block is a mapping of its own, clean without being cleared */
    GROWTH_BYTES = 1 << 20
};

static uintptr_t room; /* the boundary; 0: none */

/*
 * Takes the holes of the heap for good, the large ones first, and what malloc keeps for small sizes: a worker that
 * allocated there would copy a page of the template's for each of them.
 */
static void fill_holes(void)
{
    size_t left_bytes = mallinfo2().arena; /* of the heap; 0: malloc is not what this relies on */
    size_t bytes = PROBE_BYTES;
    while (bytes >= LEAST_BYTES && left_bytes >= bytes) {
        void *volatile end = malloc(2 * PROBE_BYTES), *volatile block;
        free(end);
        while ((block = malloc(bytes)) && (uintptr_t)block < (uintptr_t)end && left_bytes >= bytes)
            left_bytes -= bytes;
        if (bytes > SMALL_BYTES)
            free(block);
        bytes = bytes > SMALL_BYTES ? bytes / 2 : bytes - ALIGNMENT;
    }
}

void heap_reserve(void)
{
    malloc_trim(0);
    mallopt(M_TRIM_THRESHOLD, INT_MAX);
    mallopt(M_MMAP_THRESHOLD, 2 * BLOCK_BYTES);
    fill_holes();
    /* volatile: compilers know what malloc is for, and would leave out blocks that nobody uses */
    void *volatile probe = malloc(PROBE_BYTES);
    const uintptr_t free_end = (uintptr_t)probe;
    const uintptr_t boundary = (free_end + 2 * PROBE_BYTES + HUGE_PAGE_BYTES) & ~(uintptr_t)(HUGE_PAGE_BYTES - 1);
    free(probe);
    void *volatile filler = malloc(boundary - free_end - 2 * PAGE_BYTES); /* stays for ever */
    void *volatile block = malloc(BLOCK_BYTES);
    const uintptr_t first = (uintptr_t)block;
    if ((uintptr_t)filler == free_end && first < boundary && first + BLOCK_BYTES >= boundary + READY_BYTES) {
        room = boundary;
        (void)!madvise((void *)room, READY_BYTES, MADV_HUGEPAGE);
    }
    free(block);
    mallopt(M_MMAP_THRESHOLD, LARGE_BYTES);
    mallopt(M_TOP_PAD, GROWTH_BYTES);
}

void heap_populate(void)
{
    if (room)
        (void)!madvise((void *)room, READY_BYTES, MADV_POPULATE_WRITE);
}
