/*
 * A small table under a mutex, walked from its start: few people upload at the same moment. Refuses to grow.
 * Read next: src/http/body.c, which asks it.
 */
#include "app/request/share.h"

#include <pthread.h>
#include <stdlib.h>

enum { ACCOUNTS = 256 };

struct shares {
    pthread_mutex_t lock;
    struct share {
        int64_t account;
        size_t bytes; /* 0: free */
    } items[ACCOUNTS];
};

struct shares *shares_open(void)
{
    struct shares *shares = calloc(1, sizeof *shares);
    if (shares)
        pthread_mutex_init(&shares->lock, NULL);
    return shares;
}

void shares_close(struct shares *shares)
{
    if (!shares)
        return;
    pthread_mutex_destroy(&shares->lock);
    free(shares);
}

/* The account's place, else a free one, else NULL. */
static struct share *find(struct shares *shares, int64_t account)
{
    struct share *free_one = NULL;
    for (int i = 0; i < ACCOUNTS; i++) {
        struct share *share = &shares->items[i];
        if (share->bytes && share->account == account)
            return share;
        if (!share->bytes && !free_one)
            free_one = share;
    }
    return free_one;
}

int shares_take(struct shares *shares, int64_t account, size_t size_bytes, size_t limit_bytes)
{
    int result = -1;
    pthread_mutex_lock(&shares->lock);
    struct share *share = find(shares, account);
    if (share && size_bytes <= limit_bytes && share->bytes <= limit_bytes - size_bytes) {
        share->account = account;
        share->bytes += size_bytes;
        result = 0;
    }
    pthread_mutex_unlock(&shares->lock);
    return result;
}

void shares_give_back(struct shares *shares, int64_t account, size_t size_bytes)
{
    pthread_mutex_lock(&shares->lock);
    struct share *share = find(shares, account);
    if (share && share->bytes >= size_bytes)
        share->bytes -= size_bytes;
    pthread_mutex_unlock(&shares->lock);
}
