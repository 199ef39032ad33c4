/* Inside the store only: the lists of blocklist.h as they are held in memory. The store owns them, blocklist.c fills
 * them. */
#ifndef PICLOG_STORE_BLOCKLIST_MEMORY_H
#define PICLOG_STORE_BLOCKLIST_MEMORY_H

#include <pthread.h>
#include <stddef.h>
#include <stdint.h>

#include "base/wordlist.h"

struct blocked {
    int64_t id;
    uint64_t fingerprint;
};

struct blocklist {
    pthread_mutex_t mutex;
    int64_t read_at_s; /* 0: not yet, or changed since */
    struct wordlist *words;
    struct blocked *pictures;
    size_t picture_count, picture_capacity;
};

/* Empty, and read when first asked. NULL without memory. */
struct blocklist *blocklist_new(void);
void blocklist_free(struct blocklist *list);

#endif
