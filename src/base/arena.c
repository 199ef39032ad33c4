/*
 * Arena: see arena.h. Blocks grow by doubling up to 64 kB; a larger request gets a block of its own.
 */
#include "arena.h"

#include <stdalign.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { FIRST_BLOCK_BYTES = 2048, LARGEST_BLOCK_BYTES = 65536 };

struct arena_block {
    struct arena_block *older;
    size_t size_bytes;
    alignas(max_align_t) unsigned char bytes[];
};

static void out_of_memory(void)
{
    fputs("piclog: out of memory\n", stderr);
    abort();
}

static void add_block(struct arena *arena, size_t least_bytes)
{
    size_t block_bytes = arena->blocks ? arena->blocks->size_bytes * 2 : FIRST_BLOCK_BYTES;
    if (block_bytes > LARGEST_BLOCK_BYTES)
        block_bytes = LARGEST_BLOCK_BYTES;
    if (block_bytes < least_bytes)
        block_bytes = least_bytes;
    struct arena_block *block = malloc(sizeof *block + block_bytes);
    if (!block)
        out_of_memory();
    block->older = arena->blocks;
    block->size_bytes = block_bytes;
    arena->blocks = block;
    arena->used_bytes = 0;
    arena->total_bytes += block_bytes;
}

void *arena_alloc(struct arena *arena, size_t size_bytes)
{
    const size_t align = alignof(max_align_t);
    if (size_bytes > SIZE_MAX / 2)
        out_of_memory();
    size_bytes = (size_bytes + align - 1) / align * align;
    if (!arena->blocks || arena->blocks->size_bytes - arena->used_bytes < size_bytes)
        add_block(arena, size_bytes);
    void *memory = arena->blocks->bytes + arena->used_bytes;
    arena->used_bytes += size_bytes;
    return memset(memory, 0, size_bytes);
}

char *arena_copy_n(struct arena *arena, const void *bytes, size_t size_bytes)
{
    char *copy = arena_alloc(arena, size_bytes + 1);
    if (size_bytes)
        memcpy(copy, bytes, size_bytes);
    return copy;
}

char *arena_copy(struct arena *arena, const char *text)
{
    return arena_copy_n(arena, text, text ? strlen(text) : 0);
}

char *arena_printf(struct arena *arena, const char *format, ...)
{
    va_list args, again;
    va_start(args, format);
    va_copy(again, args);
    int length = vsnprintf(NULL, 0, format, args);
    va_end(args);
    char *text = arena_alloc(arena, length > 0 ? (size_t)length + 1 : 1);
    if (length > 0)
        vsnprintf(text, (size_t)length + 1, format, again);
    va_end(again);
    return text;
}

void arena_free(struct arena *arena)
{
    for (struct arena_block *block = arena->blocks; block;) {
        struct arena_block *older = block->older;
        free(block);
        block = older;
    }
    *arena = (struct arena){0};
}
