/*
 * The heap of a worker: made ready by the template, so that a fresh process does not pay for every page by itself.
 */
#ifndef PICLOG_WORKER_HEAP_H
#define PICLOG_WORKER_HEAP_H

/*
 * Once in the template, before any fork: fills the holes of its heap, leaves room at the end of the heap that its forks
 * inherit, and has malloc keep what is freed, so that the decoder's memory becomes the encoder's. Costs 9 MB of
 * addresses and no memory. Source: mallopt(3), madvise(2).
 */
void heap_reserve(void);

/* In a worker: takes 6 MB of that room, which a photograph needs. About 0.6 ms; without heap_reserve() nothing. */
void heap_populate(void);

#endif
