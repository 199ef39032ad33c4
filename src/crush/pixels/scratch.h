/*
 * Memory that ends before its caller does: planes, rows, coefficients. It comes from the arena that the thread was
 * given (crush_arena_use), and where there is none, or no room in it, from malloc. All of it is aligned to 64 bytes.
 */
#ifndef PICLOG_CRUSH_PIXELS_SCRATCH_H
#define PICLOG_CRUSH_PIXELS_SCRATCH_H

#include <stddef.h>

/* As malloc and calloc; any number of bytes, 0 too. End it with scratch_free(), never with free(). */
void *scratch_alloc(size_t size_bytes);
void *scratch_alloc_zeroed(size_t size_bytes);

/* For the most there could be, of which little is used as a rule: from malloc, as an arena is dense. */
void *scratch_alloc_sparse(size_t size_bytes);

/* Gives a block back to where it came from, from any thread; NULL is allowed. */
void scratch_free(void *block);

#endif
