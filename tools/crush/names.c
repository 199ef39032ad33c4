/*
 * See names.h. Open addressing; the size is a power of two, and at most half of it is in use. It refuses to forget a
 * name.
 */
#include "names.h"

#include <stdlib.h>
#include <string.h>
#include <sys/random.h>

enum { FIRST_SIZE = 64 };

struct entry {
    uint64_t hash; /* 0: free */
    uint64_t value;
};

struct names {
    uint64_t key;
    struct entry *entries;
    size_t size, count;
};

struct names *names_open(void)
{
    struct names *names = calloc(1, sizeof *names);
    if (names && getrandom(&names->key, sizeof names->key, GRND_NONBLOCK) < 0)
        names->key = 0x9e3779b97f4a7c15; /* a missing key costs only that somebody might prepare names */
    return names;
}

void names_close(struct names *names)
{
    if (names)
        free(names->entries);
    free(names);
}

uint64_t names_hash(const struct names *names, const char *text, size_t bytes)
{
    uint64_t hash = names->key;
    for (size_t i = 0; i < bytes; i++) {
        hash = (hash ^ (unsigned char)text[i]) * 0xff51afd7ed558ccd;
        hash ^= hash >> 32;
    }
    return hash ? hash : 1;
}

static struct entry *entry_of(struct entry *entries, size_t size, uint64_t hash)
{
    size_t i = hash & (size - 1);
    while (entries[i].hash && entries[i].hash != hash)
        i = (i + 1) & (size - 1);
    return &entries[i];
}

static int grow(struct names *names)
{
    const size_t size = names->size ? 2 * names->size : FIRST_SIZE;
    struct entry *entries = calloc(size, sizeof *entries);
    if (!entries)
        return -1;
    for (size_t i = 0; i < names->size; i++)
        if (names->entries[i].hash)
            *entry_of(entries, size, names->entries[i].hash) = names->entries[i];
    free(names->entries);
    names->entries = entries;
    names->size = size;
    return 0;
}

uint64_t *names_value(struct names *names, const char *name, size_t bytes)
{
    if (2 * names->count >= names->size && grow(names) != 0)
        return NULL;
    const uint64_t hash = names_hash(names, name, bytes);
    struct entry *entry = entry_of(names->entries, names->size, hash);
    names->count += !entry->hash;
    entry->hash = hash;
    return &entry->value;
}

uint64_t names_find(const struct names *names, const char *name, size_t bytes)
{
    return names->size ? entry_of(names->entries, names->size, names_hash(names, name, bytes))->value : 0;
}

size_t names_count(const struct names *names)
{
    return names->count;
}
