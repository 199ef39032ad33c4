/*
 * The heap of a worker: see heap.h. A worker lives for one picture and touches about 2 MB (a progressive photograph 5):
 * 500 page faults, which together took a millisecond. What it does is only ever a matter of speed: where a call fails,
 * pages come one by one as before. Read next: template.c.
 */
#include "heap.h"

#include <limits.h>
#include <malloc.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <sys/mman.h>

#ifndef MADV_POPULATE_WRITE /* Linux 5.14; the headers may be older */
#define MADV_POPULATE_WRITE 23
#endif

enum { ROOM_BYTES = 3 << 20, POPULATE_BYTES = 2 << 20, PAGE_BYTES = 4096 };

static uintptr_t room;

void heap_reserve(void)
{
    mallopt(M_TRIM_THRESHOLD, INT_MAX);
    mallopt(M_MMAP_THRESHOLD, 2 * ROOM_BYTES);
    void *block = malloc(ROOM_BYTES);
    room = ((uintptr_t)block + PAGE_BYTES - 1) & ~(uintptr_t)(PAGE_BYTES - 1);
    free(block);
    mallopt(M_MMAP_THRESHOLD, ROOM_BYTES / 3);
    mallopt(M_TOP_PAD, ROOM_BYTES / 3);
}

void heap_populate(void)
{
    if (room)
        (void)!madvise((void *)room, POPULATE_BYTES, MADV_POPULATE_WRITE);
}
