/*
 * A hash table with chains and a list in order of use. Refuses keys over 1 kB and replies over an eighth of its room.
 * Read next: exchange.c, which asks it first.
 */
#include "cache.h"

#include <pthread.h>
#include <stdlib.h>
#include <string.h>

#include <sodium.h>

enum { SLOTS = 4096, KEY_MAX_BYTES = 1000 };

struct entry {
    struct entry *next_in_slot;
    struct entry *newer, *older; /* by use */
    uint64_t version;
    int64_t until_ms; /* 0: no end */
    size_t bytes;
    size_t slot;
    struct reply *reply;
    char key[];
};

struct cache {
    pthread_mutex_t lock;
    size_t max_bytes, bytes;
    struct entry *newest, *oldest;
    unsigned char secret[crypto_shorthash_KEYBYTES]; /* so that nobody can fill one slot on purpose */
    struct entry *slots[SLOTS];
};

struct cache *cache_open(size_t max_bytes)
{
    struct cache *cache = calloc(1, sizeof *cache);
    if (!cache)
        return NULL;
    cache->max_bytes = max_bytes;
    randombytes_buf(cache->secret, sizeof cache->secret);
    pthread_mutex_init(&cache->lock, NULL);
    return cache;
}

static size_t slot_of(const struct cache *cache, const char *key)
{
    uint64_t hash;
    crypto_shorthash((unsigned char *)&hash, (const unsigned char *)key, strlen(key), cache->secret);
    return hash % SLOTS;
}

static void unlink_use(struct cache *cache, struct entry *entry)
{
    *(entry->newer ? &entry->newer->older : &cache->newest) = entry->older;
    *(entry->older ? &entry->older->newer : &cache->oldest) = entry->newer;
}

static void link_newest(struct cache *cache, struct entry *entry)
{
    entry->newer = NULL;
    entry->older = cache->newest;
    *(cache->newest ? &cache->newest->newer : &cache->oldest) = entry;
    cache->newest = entry;
}

static void forget(struct cache *cache, struct entry *entry)
{
    struct entry **at = &cache->slots[entry->slot];
    while (*at != entry)
        at = &(*at)->next_in_slot;
    *at = entry->next_in_slot;
    unlink_use(cache, entry);
    cache->bytes -= entry->bytes;
    reply_drop(entry->reply);
    free(entry);
}

void cache_clear(struct cache *cache)
{
    pthread_mutex_lock(&cache->lock);
    while (cache->newest)
        forget(cache, cache->newest);
    pthread_mutex_unlock(&cache->lock);
}

void cache_close(struct cache *cache)
{
    if (!cache)
        return;
    cache_clear(cache);
    pthread_mutex_destroy(&cache->lock);
    free(cache);
}

static struct entry *find(const struct cache *cache, size_t slot, const char *key)
{
    struct entry *entry = cache->slots[slot];
    while (entry && strcmp(entry->key, key))
        entry = entry->next_in_slot;
    return entry;
}

struct reply *cache_find(struct cache *cache, const char *key, uint64_t version, int64_t now_ms)
{
    struct reply *reply = NULL;
    size_t slot = slot_of(cache, key);
    pthread_mutex_lock(&cache->lock);
    struct entry *entry = find(cache, slot, key);
    if (entry && (entry->version != version || (entry->until_ms && now_ms >= entry->until_ms))) {
        forget(cache, entry);
        entry = NULL;
    }
    if (entry) {
        if (cache->newest != entry) {
            unlink_use(cache, entry);
            link_newest(cache, entry);
        }
        reply = entry->reply;
        reply_keep(reply);
    }
    pthread_mutex_unlock(&cache->lock);
    return reply;
}

void cache_add(struct cache *cache, const char *key, uint64_t version, int64_t now_ms, int64_t keep_ms,
               struct reply *reply)
{
    size_t key_bytes = strlen(key), bytes = sizeof(struct entry) + key_bytes + reply_bytes(reply);
    if (key_bytes > KEY_MAX_BYTES || bytes > cache->max_bytes / 8)
        return;
    struct entry *entry = malloc(sizeof *entry + key_bytes + 1);
    if (!entry)
        return;
    memset(entry, 0, sizeof *entry);
    memcpy(entry->key, key, key_bytes + 1);
    entry->version = version;
    entry->until_ms = keep_ms ? now_ms + keep_ms : 0;
    entry->bytes = bytes;
    entry->reply = reply;
    entry->slot = slot_of(cache, key);
    reply_keep(reply);
    pthread_mutex_lock(&cache->lock);
    struct entry *old = find(cache, entry->slot, key);
    if (old)
        forget(cache, old);
    while (cache->oldest && cache->bytes + bytes > cache->max_bytes)
        forget(cache, cache->oldest);
    entry->next_in_slot = cache->slots[entry->slot];
    cache->slots[entry->slot] = entry;
    cache->bytes += bytes;
    link_newest(cache, entry);
    pthread_mutex_unlock(&cache->lock);
}
