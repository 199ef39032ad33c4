/*
 * Runs SLOW handlers, two at a time, so that the server's own threads keep answering. Refuses more than 64 waiting
 * ones. Read next: handle.c.
 */
#include "app/request/side.h"

#include <pthread.h>
#include <stdlib.h>

#include "app/request/handle.h"

enum { WAITING_MAX = 64, THREADS = 2 };

struct side_thread {
    pthread_t threads[THREADS];
    int thread_count;
    pthread_mutex_t lock;
    pthread_cond_t changed;
    struct request *first, **last;
    int waiting;
    int closing;
};

static void *run(void *context)
{
    struct side_thread *side = context;
    pthread_mutex_lock(&side->lock);
    for (;;) {
        while (!side->first && !side->closing)
            pthread_cond_wait(&side->changed, &side->lock);
        struct request *req = side->first;
        if (!req)
            break;
        side->first = req->next_slow;
        if (!side->first)
            side->last = &side->first;
        side->waiting--;
        pthread_mutex_unlock(&side->lock);
        handle_run(req, req->res);
        req->is_answered = 1;
        req->resume(req->http); /* the request may be gone after this */
        pthread_mutex_lock(&side->lock);
    }
    pthread_mutex_unlock(&side->lock);
    return NULL;
}

struct side_thread *side_open(void)
{
    struct side_thread *side = calloc(1, sizeof *side);
    if (!side)
        return NULL;
    side->last = &side->first;
    pthread_mutex_init(&side->lock, NULL);
    pthread_cond_init(&side->changed, NULL);
    while (side->thread_count < THREADS && !pthread_create(&side->threads[side->thread_count], NULL, run, side))
        side->thread_count++;
    if (side->thread_count)
        return side;
    side_close(side);
    return NULL;
}

void side_close(struct side_thread *side)
{
    if (!side)
        return;
    pthread_mutex_lock(&side->lock);
    side->closing = 1;
    pthread_cond_broadcast(&side->changed);
    pthread_mutex_unlock(&side->lock);
    for (int i = 0; i < side->thread_count; i++)
        pthread_join(side->threads[i], NULL);
    pthread_cond_destroy(&side->changed);
    pthread_mutex_destroy(&side->lock);
    free(side);
}

int side_submit(struct side_thread *side, struct request *req)
{
    int result = -1;
    pthread_mutex_lock(&side->lock);
    if (side->waiting < WAITING_MAX) {
        req->next_slow = NULL;
        *side->last = req;
        side->last = &req->next_slow;
        side->waiting++;
        pthread_cond_signal(&side->changed);
        result = 0;
    }
    pthread_mutex_unlock(&side->lock);
    return result;
}
