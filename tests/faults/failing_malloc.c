/*
 * The allocator of failing_malloc.h, on top of glibc's. It refuses nothing by itself: what is asked while no test
 * counts goes through.
 */
#include "failing_malloc.h"

#include <errno.h>
#include <stdatomic.h>
#include <malloc.h>
#include <stddef.h>
#include <stdlib.h>

/* What glibc calls its own. */
extern void *__libc_malloc(size_t size);
extern void *__libc_calloc(size_t count, size_t size);
extern void *__libc_realloc(void *memory, size_t size);
extern void *__libc_memalign(size_t alignment, size_t size);
extern void __libc_free(void *memory);

static atomic_long live, asked, fail_nth;
static atomic_int fails_all_after, has_failed;

void malloc_fail_at(long nth, int all_after)
{
    asked = 0;
    has_failed = 0;
    fails_all_after = all_after;
    fail_nth = nth;
}

long malloc_recover(int *ret_failed)
{
    fail_nth = 0;
    if (ret_failed)
        *ret_failed = has_failed;
    return asked;
}

long malloc_live(void)
{
    return live;
}

static int refuses(void)
{
    long nth = fail_nth, now = ++asked;
    if (!nth || (fails_all_after ? now < nth : now != nth))
        return 0;
    has_failed = 1;
    errno = ENOMEM;
    return 1;
}

static void *counted(void *memory)
{
    if (memory)
        live++;
    return memory;
}

void *malloc(size_t size)
{
    return refuses() ? NULL : counted(__libc_malloc(size));
}

void *calloc(size_t count, size_t size)
{
    return refuses() ? NULL : counted(__libc_calloc(count, size));
}

void *realloc(void *memory, size_t size)
{
    if (refuses())
        return NULL;
    void *grown = __libc_realloc(memory, size);
    if (!memory)
        return counted(grown);
    if (!size && !grown)
        live--;
    return grown;
}

void free(void *memory)
{
    if (memory)
        live--;
    __libc_free(memory);
}

void *memalign(size_t alignment, size_t size)
{
    return refuses() ? NULL : counted(__libc_memalign(alignment, size));
}

void *aligned_alloc(size_t alignment, size_t size)
{
    return memalign(alignment, size);
}

int posix_memalign(void **ret_memory, size_t alignment, size_t size)
{
    void *memory = memalign(alignment, size);
    if (!memory)
        return ENOMEM;
    *ret_memory = memory;
    return 0;
}
