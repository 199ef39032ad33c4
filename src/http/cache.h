/*
 * Finished replies by key: pages for everybody, pictures, static files. Bounded in bytes, the least recently used go
 * first. A reply counts only as long as the version of the data it was made from. Thread-safe.
 */
#ifndef PICLOG_HTTP_CACHE_H
#define PICLOG_HTTP_CACHE_H

#include <stdint.h>

#include "reply.h"

struct cache;

/* NULL without memory. max_bytes 0: keeps nothing. */
struct cache *cache_open(size_t max_bytes);
void cache_close(struct cache *cache);
void cache_clear(struct cache *cache);

/* A reference for the caller, or NULL. */
struct reply *cache_find(struct cache *cache, const char *key, uint64_t version, int64_t now_ms);
/* keep_ms 0: no end. The cache takes a reference of its own. */
void cache_add(struct cache *cache, const char *key, uint64_t version, int64_t now_ms, int64_t keep_ms,
               struct reply *reply);

#endif
