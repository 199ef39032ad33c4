/*
 * Token buckets in a fixed hash table of small sets: no list to walk, no memory that strangers can make grow. A bucket
 * is one number, the moment at which it will be full again (the "theoretical arrival time" of GCRA, ITU-T I.371):
 * taking one moves it by refill_ms, and a request is refused when that would be more than burst × refill_ms ahead. A
 * set that is full forgets its emptiest debt, so an attacker with many networks forgets himself first. An account's
 * bucket is only emptied by who is signed in to it, and that of a name never counts in a browser that signed in to it
 * before: nobody can lock somebody else out. Read next: dispatch.c and guard.c, which ask it.
 */
#include "app/request/rate.h"

#include <pthread.h>
#include <stdlib.h>
#include <string.h>

#include <sodium.h>

enum { SETS = 2048, WAYS = 4, LOCKS = 64 };

struct bucket {
    uint64_t key; /* keyed hash of class and owner; 0: free */
    int64_t full_at_ms;
};

struct rates {
    const struct rate_limit *limits;
    unsigned char secret[crypto_shorthash_KEYBYTES];
    pthread_mutex_t locks[LOCKS];
    struct bucket sets[SETS][WAYS];
};

struct rates *rates_open(const struct rate_limit limits[RATE_CLASSES])
{
    struct rates *rates = calloc(1, sizeof *rates);
    if (!rates)
        return NULL;
    rates->limits = limits;
    randombytes_buf(rates->secret, sizeof rates->secret);
    for (int i = 0; i < LOCKS; i++)
        pthread_mutex_init(&rates->locks[i], NULL);
    return rates;
}

void rates_close(struct rates *rates)
{
    if (!rates)
        return;
    for (int i = 0; i < LOCKS; i++)
        pthread_mutex_destroy(&rates->locks[i]);
    free(rates);
}

/* take: how many requests to take; 0 only looks; -1 gives one back. owner: a network, an account, a name or a browser,
   told apart by kind. Returns the ms to wait; when there are any, nothing is taken. */
static int64_t bucket_use(struct rates *rates, enum rate_class rate, char kind, const void *owner, size_t owner_bytes,
                          int64_t now_ms, int take)
{
    const struct rate_limit *limit = &rates->limits[rate];
    unsigned char message[2 + 16] = {(unsigned char)rate, (unsigned char)kind};
    uint64_t key;
    memcpy(message + 2, owner, owner_bytes);
    crypto_shorthash((unsigned char *)&key, message, sizeof message, rates->secret);
    key |= 1;
    struct bucket *set = rates->sets[(key >> 32) % SETS];
    pthread_mutex_t *lock = &rates->locks[(key >> 32) % SETS % LOCKS];
    pthread_mutex_lock(lock);
    struct bucket *bucket = &set[0];
    for (int i = 0; i < WAYS; i++) {
        if (set[i].key == key) {
            bucket = &set[i];
            break;
        }
        if (set[i].full_at_ms < bucket->full_at_ms)
            bucket = &set[i];
    }
    int64_t full_at_ms = bucket->key == key && bucket->full_at_ms > now_ms ? bucket->full_at_ms : now_ms;
    int64_t wait_ms = full_at_ms + limit->refill_ms - (now_ms + (int64_t)limit->burst * limit->refill_ms);
    if (take < 0 && bucket->key == key)
        bucket->full_at_ms = full_at_ms - limit->refill_ms;
    else if (take > 0 && wait_ms <= 0)
        *bucket = (struct bucket){key, full_at_ms + limit->refill_ms};
    pthread_mutex_unlock(lock);
    return wait_ms > 0 ? wait_ms : 0;
}

int rates_take(struct rates *rates, enum rate_class rate, const unsigned char network[16], int64_t account,
               int64_t now_ms)
{
    if (!rates->limits[rate].burst)
        return 0;
    int64_t wait_ms = account ? bucket_use(rates, rate, 'a', &account, sizeof account, now_ms, 0) : 0;
    if (!wait_ms)
        wait_ms = bucket_use(rates, rate, 'n', network, 16, now_ms, 1);
    if (!wait_ms && account)
        (void)bucket_use(rates, rate, 'a', &account, sizeof account, now_ms, 1);
    return (int)((wait_ms + 999) / 1000);
}

void rates_give_back(struct rates *rates, enum rate_class rate, const unsigned char network[16], int64_t account,
                     int64_t now_ms)
{
    if (!rates->limits[rate].burst)
        return;
    (void)bucket_use(rates, rate, 'n', network, 16, now_ms, -1);
    if (account)
        (void)bucket_use(rates, rate, 'a', &account, sizeof account, now_ms, -1);
}

int rates_take_guess(struct rates *rates, const char *name, const unsigned char browser[16], int64_t now_ms)
{
    unsigned char owner[16];
    if (!rates->limits[RATE_GUESS].burst)
        return 0;
    if (browser)
        memcpy(owner, browser, sizeof owner);
    else
        crypto_generichash(owner, sizeof owner, (const unsigned char *)name, strlen(name), NULL, 0);
    return (int)((bucket_use(rates, RATE_GUESS, browser ? 'b' : 'g', owner, sizeof owner, now_ms, 1) + 999) / 1000);
}
