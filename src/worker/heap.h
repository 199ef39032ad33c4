/*
 * The heap of a worker: made ready by the template, so that a fresh process does not pay for every page by itself.
 */
#ifndef PICLOG_WORKER_HEAP_H
#define PICLOG_WORKER_HEAP_H

/*
 * Once in the template: room at the end of the heap, untouched, that its forks inherit, and no mappings for large
 * blocks, so that what the decoder frees is what the encoder gets. Costs addresses, no memory.
 */
void heap_reserve(void);

/* In a worker: takes the pages that every photograph needs in one call instead of one fault each. About 0.2 ms. */
void heap_populate(void);

#endif
