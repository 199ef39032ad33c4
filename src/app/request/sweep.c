/*
 * Sweeping: uploads that nobody published go after their hour, keys of forms after a day, bulletins when they end,
 * names when they have rested, what was deleted is erased from the file within half a minute (store/erase.h), and the
 * reserve of the disk is looked after. One thread that sleeps nearly always. Refuses to hold up anybody: when the
 * database is busy it comes again later. Read next: store/erase.c.
 */
#include "app/request/sweep.h"

#include <errno.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

#include "base/clock.h"
#include "store/bulletin.h"
#include "store/candidate.h"
#include "store/erase.h"
#include "store/live.h"
#include "store/name.h"
#include "store/oauth.h"
#include "store/once.h"
#include "store/wall.h"

enum { EVERY_S = 5 };

struct sweep {
    struct store *store;
    pthread_t thread;
    pthread_mutex_t mutex;
    pthread_cond_t changed;
    int closing;
};

/* 1 when the time is over, 0 when the service closes. */
static int wait_a_while(struct sweep *sweep)
{
    struct timespec until;
    int rc = 0;
    clock_gettime(CLOCK_MONOTONIC, &until);
    until.tv_sec += EVERY_S;
    pthread_mutex_lock(&sweep->mutex);
    while (!sweep->closing && rc != ETIMEDOUT)
        rc = pthread_cond_timedwait(&sweep->changed, &sweep->mutex, &until);
    int closing = sweep->closing;
    pthread_mutex_unlock(&sweep->mutex);
    return !closing;
}

static void *run(void *context)
{
    struct sweep *sweep = context;
    int was_low = 0;
    uint64_t done = UINT64_MAX; /* once after the start: another process may have deleted */
    while (wait_a_while(sweep)) {
        struct db *db = store_acquire(sweep->store);
        (void)!candidates_expire(db);
        (void)!once_expire(db);
        (void)!bulletins_expire(db, clock_now_s());
        (void)!names_expire(db);
        (void)!live_expire(db);
        (void)!oauth_expire(db);
        (void)!wall_forget_networks(db, clock_now_s()); /* also where nobody signs any more */
        store_release(sweep->store, db);
        int is_low = store_look_after_reserve(sweep->store);
        if (is_low != was_low)
            fputs(is_low
                      ? "piclog: the disk is full but for the reserve (--reserve): nothing new is taken until there is "
                        "room\n"
                      : "piclog: there is room on the disk again\n",
                  stderr);
        was_low = is_low;
        uint64_t erasures = store_erasures(sweep->store);
        if (erasures == done)
            continue;
        enum store_status status = store_erase(sweep->store);
        if (status == STORE_OK)
            done = erasures;
        else if (status != STORE_BUSY)
            fprintf(stderr, "piclog: what was deleted could not be erased yet: the database cannot be written\n");
    }
    return NULL;
}

struct sweep *sweep_open(struct store *store)
{
    struct sweep *sweep = calloc(1, sizeof *sweep);
    pthread_condattr_t attributes;
    if (!sweep)
        return NULL;
    sweep->store = store;
    pthread_mutex_init(&sweep->mutex, NULL);
    pthread_condattr_init(&attributes);
    pthread_condattr_setclock(&attributes, CLOCK_MONOTONIC);
    pthread_cond_init(&sweep->changed, &attributes);
    pthread_condattr_destroy(&attributes);
    if (pthread_create(&sweep->thread, NULL, run, sweep) == 0)
        return sweep;
    pthread_cond_destroy(&sweep->changed);
    pthread_mutex_destroy(&sweep->mutex);
    free(sweep);
    return NULL;
}

void sweep_close(struct sweep *sweep)
{
    if (!sweep)
        return;
    pthread_mutex_lock(&sweep->mutex);
    sweep->closing = 1;
    pthread_cond_signal(&sweep->changed);
    pthread_mutex_unlock(&sweep->mutex);
    pthread_join(sweep->thread, NULL);
    pthread_cond_destroy(&sweep->changed);
    pthread_mutex_destroy(&sweep->mutex);
    free(sweep);
}
