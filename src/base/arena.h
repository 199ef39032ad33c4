/*
 * Arena: many small allocations that live exactly as long as one request, freed in one step.
 * Not thread-safe: one arena belongs to one request. A zeroed struct is an empty arena.
 * Nothing here returns NULL: a process that cannot get a few kilobytes ends itself.
 */
#ifndef PICLOG_BASE_ARENA_H
#define PICLOG_BASE_ARENA_H

#include <stddef.h>

struct arena_block;

struct arena {
    struct arena_block *blocks; /* newest first */
    size_t used_bytes;          /* in the newest block */
    size_t total_bytes;         /* of all blocks */
};

/* Zeroed memory, aligned for any type. */
void *arena_alloc(struct arena *arena, size_t size_bytes) __attribute__((returns_nonnull));

/* Copies, always terminated. text may be NULL, then the copy is "". */
char *arena_copy(struct arena *arena, const char *text) __attribute__((returns_nonnull));
char *arena_copy_n(struct arena *arena, const void *bytes, size_t size_bytes) __attribute__((returns_nonnull));

char *arena_printf(struct arena *arena, const char *format, ...) __attribute__((format(printf, 2, 3), returns_nonnull));

/* Frees everything; the arena is empty and usable again. */
void arena_free(struct arena *arena);

#endif
