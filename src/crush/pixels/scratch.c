/*
 * Arenas: see scratch.h and crush_arena in crush.h. An arena is one stretch of addresses. Blocks lie in it one behind
 * the other, each with a header in front; the first hole that is large enough is taken, so the same low pages serve the
 * decoder, then the encoder, then the next picture, and pages behind `end` were never touched. There are some dozens of
 * blocks at a time, so a walk over them is short, and holes become one when a walk comes by.
 * It refuses to grow: what does not fit comes from malloc. Read next: open.c.
 */
#include "crush/pixels/scratch.h"
#include "crush/pixels/picture.h"

#include <pthread.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>

#if defined(__SANITIZE_ADDRESS__)
#define WITH_ASAN 1
#elif defined(__has_feature)
#if __has_feature(address_sanitizer)
#define WITH_ASAN 1
#endif
#endif
#ifdef WITH_ASAN /* what is not in use, headers too, is an error to touch */
#include <sanitizer/asan_interface.h>
#define HIDE(at, bytes) __asan_poison_memory_region((at), (bytes))
#define SHOW(at, bytes) __asan_unpoison_memory_region((at), (bytes))
#define SEES_HIDDEN     __attribute__((no_sanitize("address")))
#else
#define HIDE(at, bytes) ((void)0)
#define SHOW(at, bytes) ((void)0)
#define SEES_HIDDEN
#endif

enum { ALIGNMENT = 64, DEFAULT_BYTES = 16 << 20, HUGE_PAGE_BYTES = 2 << 20 };

/* In front of a block, as large as the alignment. */
struct header {
    struct crush_arena *arena; /* NULL: the block is malloc's */
    void *origin;              /* then: what malloc gave */
    size_t bytes;              /* to the next header */
    int is_used;
};
_Static_assert(sizeof(struct header) <= ALIGNMENT, "a header stands in front of aligned bytes");

struct crush_arena {
    pthread_mutex_t lock; /* a picture may be closed in another thread */
    uint8_t *memory;
    size_t size_bytes;
    size_t end;     /* no block lies behind it */
    size_t touched; /* from here on memory is as the system gave it: zero */
    size_t blocks;  /* in use */
    void *mapping;  /* NULL: it is the caller's memory */
    size_t mapping_bytes;
    int is_closed; /* goes with its last block */
};

static _Thread_local struct crush_arena *in_use;

/* ---- One arena ------------------------------------------------------------------------------------- */

static struct header *header_at(const struct crush_arena *arena, size_t at)
{
    struct header *header = (struct header *)(void *)(arena->memory + at);
    SHOW(header, sizeof *header);
    return header;
}

/* Cuts what a block does not need off a hole. */
static void hole_split(struct crush_arena *arena, size_t at, struct header *hole, size_t bytes)
{
    if (hole->bytes - bytes < 2 * ALIGNMENT)
        return;
    struct header *rest = header_at(arena, at + bytes);
    *rest = (struct header){.arena = arena, .bytes = hole->bytes - bytes};
    HIDE(rest, ALIGNMENT);
    hole->bytes = bytes;
}

/* Where a block of so many bytes, its header included, can lie; SIZE_MAX: nowhere. Merges holes on the way. */
static size_t place_find(struct crush_arena *arena, size_t bytes)
{
    size_t at = 0;
    while (at < arena->end) {
        struct header *header = header_at(arena, at);
        while (!header->is_used && at + header->bytes < arena->end) {
            struct header *next = header_at(arena, at + header->bytes);
            const int is_used = next->is_used;
            const size_t next_bytes = next->bytes;
            HIDE(next, ALIGNMENT);
            if (is_used)
                break;
            header->bytes += next_bytes;
        }
        const size_t here = header->bytes;
        if (!header->is_used && at + here == arena->end) {
            arena->end = at; /* the last hole is no hole */
        } else if (!header->is_used && here >= bytes) {
            hole_split(arena, at, header, bytes);
            return at;
        }
        HIDE(header, ALIGNMENT);
        at += here;
    }
    return arena->size_bytes - arena->end >= bytes ? arena->end : SIZE_MAX;
}

/* NULL: there is no room. *ret_clean: so many bytes at its end were never touched. */
static void *arena_take(struct crush_arena *arena, size_t size_bytes, size_t *ret_clean)
{
    if (size_bytes > arena->size_bytes)
        return NULL;
    const size_t bytes = ALIGNMENT + ((size_bytes + ALIGNMENT - 1) & ~(size_t)(ALIGNMENT - 1));
    void *block = NULL;
    pthread_mutex_lock(&arena->lock);
    const size_t at = place_find(arena, bytes);
    if (at != SIZE_MAX) {
        struct header *header = header_at(arena, at);
        const size_t here = at < arena->end ? header->bytes : bytes;
        *header = (struct header){.arena = arena, .bytes = here, .is_used = 1};
        if (at + here > arena->end)
            arena->end = at + here;
        const size_t last = at + ALIGNMENT + size_bytes;
        *ret_clean = last > arena->touched ? last - arena->touched : 0;
        if (*ret_clean > size_bytes)
            *ret_clean = size_bytes;
        if (at + here > arena->touched)
            arena->touched = at + here;
        arena->blocks++;
        block = arena->memory + at + ALIGNMENT;
        HIDE(header, ALIGNMENT);
        SHOW(block, size_bytes);
    }
    pthread_mutex_unlock(&arena->lock);
    return block;
}

static void arena_end(struct crush_arena *arena)
{
    SHOW(arena->memory, arena->size_bytes);
    if (arena->mapping)
        munmap(arena->mapping, arena->mapping_bytes);
    pthread_mutex_destroy(&arena->lock);
    free(arena);
}

static void arena_give_back(struct crush_arena *arena, struct header *header)
{
    pthread_mutex_lock(&arena->lock);
    SHOW(header, sizeof *header);
    header->is_used = 0;
    HIDE(header, header->bytes);
    if (--arena->blocks == 0)
        arena->end = 0;
    const int is_over = arena->is_closed && arena->blocks == 0;
    pthread_mutex_unlock(&arena->lock);
    if (is_over)
        arena_end(arena);
}

/* ---- Blocks ---------------------------------------------------------------------------------------- */

static void *arena_alloc(size_t size_bytes, size_t *ret_clean)
{
    return in_use ? arena_take(in_use, size_bytes, ret_clean) : NULL;
}

/* A block of malloc's, behind a header as in an arena. */
static void *system_alloc(size_t size_bytes, int zeroed)
{
    if (size_bytes > SIZE_MAX - 2 * ALIGNMENT)
        return NULL;
    const size_t bytes = size_bytes + 2 * ALIGNMENT;
    uint8_t *origin = zeroed ? calloc(1, bytes) : malloc(bytes);
    if (!origin)
        return NULL;
    uint8_t *block = origin + 2 * ALIGNMENT - (uintptr_t)origin % ALIGNMENT;
    struct header *header = (struct header *)(void *)(block - ALIGNMENT);
    *header = (struct header){.origin = origin, .bytes = bytes};
    HIDE(origin, (size_t)(block - origin));
    HIDE(block + size_bytes, (size_t)(origin + bytes - block) - size_bytes);
    return block;
}

void *scratch_alloc(size_t size_bytes)
{
    size_t clean;
    void *block = arena_alloc(size_bytes, &clean);
    return block ? block : system_alloc(size_bytes, 0);
}

void *scratch_alloc_zeroed(size_t size_bytes)
{
    size_t clean;
    void *block = arena_alloc(size_bytes, &clean);
    return block ? memset(block, 0, size_bytes - clean) : system_alloc(size_bytes, 1);
}

void *scratch_alloc_sparse(size_t size_bytes)
{
    return system_alloc(size_bytes, 0);
}

/* Read before the lock is known, so another thread's walk may just have hidden it. */
SEES_HIDDEN static struct crush_arena *arena_of(const struct header *header)
{
    return header->arena;
}

void scratch_free(void *block)
{
    if (!block)
        return;
    struct header *header = (struct header *)(void *)((uint8_t *)block - ALIGNMENT);
    struct crush_arena *arena = arena_of(header);
    if (arena) {
        arena_give_back(arena, header);
    } else {
        SHOW(header, sizeof *header);
        void *origin = header->origin;
        SHOW(origin, header->bytes);
        free(origin);
    }
}

/* ---- What callers see ------------------------------------------------------------------------------ */

/*
 * Addresses from the system, from the boundary of a huge page on. The first is asked for: one fault instead of up to
 * 512 is most of what an arena saves a single picture. Not more of them, since their ends would lie idle.
 */
static crush_status arena_map(struct crush_arena *arena, size_t size_bytes)
{
    if (size_bytes > SIZE_MAX - HUGE_PAGE_BYTES)
        return CRUSH_ENOMEM;
    arena->mapping_bytes = size_bytes + HUGE_PAGE_BYTES;
    arena->mapping =
        mmap(NULL, arena->mapping_bytes, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
    if (arena->mapping == MAP_FAILED)
        return CRUSH_ENOMEM;
    arena->memory = (uint8_t *)arena->mapping + (-(uintptr_t)arena->mapping & (HUGE_PAGE_BYTES - 1));
    arena->size_bytes = size_bytes;
#ifdef MADV_HUGEPAGE
    if (size_bytes >= HUGE_PAGE_BYTES)
        (void)!madvise(arena->memory, HUGE_PAGE_BYTES, MADV_HUGEPAGE);
#endif
    return CRUSH_OK;
}

crush_status crush_arena_open(void *memory, size_t size_bytes, crush_arena **ret_arena, crush_error *ret_error)
{
    const size_t skip = (size_t)(-(uintptr_t)memory % ALIGNMENT); /* none of NULL */
    if (memory && size_bytes < skip + 2 * ALIGNMENT)
        return crush_fail(ret_error, CRUSH_EINVAL,
                          "the arena's size is %zu, which holds nothing: give it some megabytes", size_bytes);
    struct crush_arena *arena = calloc(1, sizeof *arena);
    if (arena && memory) {
        arena->memory = (uint8_t *)memory + skip;
        arena->size_bytes = arena->touched = size_bytes - skip;
    } else if (!arena || arena_map(arena, size_bytes ? size_bytes : DEFAULT_BYTES) != CRUSH_OK) {
        free(arena);
        return crush_fail(ret_error, CRUSH_ENOMEM, "out of memory");
    }
    pthread_mutex_init(&arena->lock, NULL);
    HIDE(arena->memory, arena->size_bytes);
    *ret_arena = arena;
    return CRUSH_OK;
}

void crush_arena_use(crush_arena *arena)
{
    in_use = arena;
}

void crush_arena_close(crush_arena *arena)
{
    if (!arena)
        return;
    if (in_use == arena)
        in_use = NULL;
    pthread_mutex_lock(&arena->lock);
    arena->is_closed = 1;
    const int is_over = arena->blocks == 0;
    pthread_mutex_unlock(&arena->lock);
    if (is_over)
        arena_end(arena);
}
