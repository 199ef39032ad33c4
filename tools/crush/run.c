/*
 * Workers and the order of things. Each worker takes the next input itself (under take_lock: the walk and the names
 * are cheap, and so their order never depends on the number of jobs), crushes it, and puts the outcome into
 * a ring at the input's number. The main thread takes outcomes from the ring in order and is the only one that
 * writes to standard output and standard error. A worker that would run more than a ring ahead waits: that bounds
 * memory when one picture takes long. Where there is one job and no bar, the main thread does its work too.
 */
#include "base/lang.h"
#include "run.h"
#include "job.h"
#include "json.h"
#include "stop.h"
#include "text.h"

#include <assert.h>
#include <errno.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>

enum { RING_PER_JOB = 4, RING_MIN = 64, TICK_MS = 100 };

struct run {
    const struct options *options;
    struct progress *progress; /* these three: whoever tells outcomes */
    struct gallery *gallery;
    struct totals *totals;
    struct inputs *inputs; /* take_lock */
    struct naming *naming; /* take_lock */
    pthread_mutex_t take_lock;

    pthread_mutex_t ring_lock; /* everything below; taken after take_lock where both are needed */
    pthread_cond_t outcome_ready, ring_has_room;
    struct outcome **ring; /* outcome of input n at n % ring_size; NULL: not there yet */
    uint64_t ring_size, taken, told;
    int running;

    atomic_ullong input_count; /* 0: not known (yet) */
};

/* Waits for room in the ring and claims the next number; false: stop. */
static bool run_take_number(struct run *run, uint64_t *ret_number)
{
    pthread_mutex_lock(&run->ring_lock);
    while (run->taken - run->told >= run->ring_size && !stop_requested())
        pthread_cond_wait(&run->ring_has_room, &run->ring_lock);
    bool go = !stop_requested();
    if (go)
        *ret_number = run->taken++;
    pthread_mutex_unlock(&run->ring_lock);
    return go;
}

static void run_deliver(struct run *run, uint64_t number, struct outcome *outcome)
{
    pthread_mutex_lock(&run->ring_lock);
    assert(number - run->told < run->ring_size && !run->ring[number % run->ring_size]); /* its place is free */
    run->ring[number % run->ring_size] = outcome;
    pthread_cond_signal(&run->outcome_ready);
    pthread_mutex_unlock(&run->ring_lock);
}

/* Is this input in our part? By its name, so that a file that comes or goes moves no other to another part. */
static bool run_is_ours(const struct options *options, const struct input *input)
{
    uint64_t hash = 0xCBF29CE484222325; /* FNV-1a, and a last mix for its low bits */
    for (const char *c = input->path; options->shards && *c; c++)
        hash = (hash ^ (unsigned char)*c) * 0x100000001B3;
    hash = (hash ^ hash >> 32) * 0x9E3779B97F4A7C15;
    return !options->shards || (hash >> 32) % options->shards == options->shard - 1;
}

/* The next input of our part. Names are given to the others as well, so that all parts agree on who has which. */
static bool run_next(struct run *run, struct input *input)
{
    while (!stop_requested() && inputs_next(run->inputs, input)) {
        struct target target = {0};
        if (run_is_ours(run->options, input))
            return true;
        if (!input->fault && naming_target(run->naming, input, &target) == NAMING_OK)
            free(target.path);
        free(input->path);
    }
    return false;
}

/* Takes one input and its name. False: none left, or stop. An input with a fault has its outcome already. */
static bool run_take(struct run *run, struct outcome *outcome, struct input *input, struct target *target,
                     uint64_t *ret_number)
{
    bool taken = false;
    pthread_mutex_lock(&run->take_lock);
    if (run_next(run, input)) {
        taken = run_take_number(run, ret_number);
        if (!taken) {
            free(input->path);
        } else if (input->fault) {
            char text[128];
            outcome_fail(outcome, "cannot be opened: %s", tr(strerror_r(input->fault, text, sizeof text)));
        } else {
            enum naming_status status = naming_target(run->naming, input, target);
            if (status == NAMING_TAKEN)
                outcome_fail(outcome, "another input of this run has the same output name: crush it to another folder");
            else if (status != NAMING_OK)
                outcome_fail(outcome, "no memory for its name");
        }
    }
    pthread_mutex_unlock(&run->take_lock);
    return taken;
}

/* Takes one input and crushes it; *ret_number is its place. NULL: none left, or stop. */
static struct outcome *run_one(struct run *run, struct job_buffer *buffer, uint64_t *ret_number)
{
    struct input input;
    struct target target = {0};
    struct outcome *outcome = calloc(1, sizeof *outcome);
    if (!outcome)
        stop_request(); /* not even a note can be made: give up in order */
    if (!outcome || !run_take(run, outcome, &input, &target, ret_number)) {
        free(outcome);
        return NULL;
    }
    if (outcome->kind != OUTCOME_FAILED)
        job_run(run->options, &input, &target, buffer, outcome);
    outcome->input = input.path;
    return outcome;
}

/* Crushes until nothing is left, in memory that goes from picture to picture. */
static void run_work(struct run *run, void (*end)(struct run *run, uint64_t number, struct outcome *outcome))
{
    struct job_buffer buffer = {0};
    crush_arena *arena = NULL;
    struct outcome *outcome;
    uint64_t number = 0;
    if (crush_arena_open(NULL, 0, &arena, NULL) == CRUSH_OK) /* without one it is slower, no more */
        crush_arena_use(arena);
    while ((outcome = run_one(run, &buffer, &number)))
        end(run, number, outcome);
    free(buffer.data);
    crush_arena_close(arena);
}

static void *run_worker(void *context)
{
    struct run *run = context;
    lang_use(run->options->language);
    run_work(run, run_deliver);
    pthread_mutex_lock(&run->ring_lock);
    run->running--;
    pthread_cond_signal(&run->outcome_ready);
    pthread_mutex_unlock(&run->ring_lock);
    return NULL;
}

/* Counts the inputs in a pass of its own, for the time left. No worker waits for it. */
static void *run_counter(void *context)
{
    struct run *run = context;
    struct input input;
    unsigned long long count = 0;
    struct inputs *inputs = inputs_open(run->options);
    while (inputs && !stop_requested() && inputs_next(inputs, &input)) {
        count += run_is_ours(run->options, &input);
        free(input.path);
    }
    inputs_close(inputs);
    atomic_store(&run->input_count, count);
    return NULL;
}

static void run_message(struct progress *progress, const char *name, const char *text)
{
    progress_clear(progress);
    fputs("piclog-crush: ", stderr);
    text_print_name(stderr, *name ? name : tr("(an empty name)"));
    fputs(": ", stderr);
    text_print_name(stderr, tr(text));
    putc('\n', stderr);
}

/* --dry-run without --json: what would be made. */
static void run_print_plan(const struct outcome *outcome)
{
    char before[TEXT_SIZE], after[TEXT_SIZE];
    text_size(before, outcome->source_bytes);
    text_size(after, outcome->bytes);
    text_print_name(stdout, outcome->input);
    fputs(" -> ", stdout);
    text_print_name(stdout, outcome->output ? outcome->output : "-");
    printf(" (%s -> %s)\n", before, after);
}

/* Tells one outcome to everybody who listens. */
static void run_tell(struct run *run, const struct outcome *outcome)
{
    const struct options *options = run->options;
    struct progress *progress = run->progress;
    struct totals *totals = run->totals;
    switch (outcome->kind) {
    case OUTCOME_CRUSHED:
        totals->crushed++;
        totals->source_bytes += outcome->source_bytes;
        totals->bytes += outcome->bytes;
        if (outcome->source_bytes > totals->largest_source_bytes)
            totals->largest_source_bytes = outcome->source_bytes;
        if (outcome->truncated)
            run_message(progress, outcome->input, "is cut off or damaged: crushed what could be read");
        break;
    case OUTCOME_SKIPPED:
        totals->skipped++;
        if (!options->quiet && !options->resume) /* there may be thousands, and it was asked for */
            run_message(progress, outcome->input, outcome->error);
        break;
    case OUTCOME_FAILED:
        totals->failed++;
        run_message(progress, outcome->input, outcome->error);
        break;
    case OUTCOME_PASSED_OVER: totals->passed_over++; return;
    case OUTCOME_STOPPED: return;
    }
    if (options->json || (options->dry_run && outcome->kind == OUTCOME_CRUSHED)) {
        progress_clear(progress);
        if (options->json)
            json_print(stdout, outcome);
        else
            run_print_plan(outcome);
        if (fflush(stdout) != 0 && !stop_requested()) {
            run_message(progress, tr("standard output"), strerror(errno));
            stop_request();
        }
    }
    gallery_add(run->gallery, outcome);
}

/* Takes outcomes out of the ring in order and tells them, until all workers are gone. */
static void run_tell_all(struct run *run, pthread_t *workers, int started)
{
    pthread_mutex_lock(&run->ring_lock);
    for (;;) {
        struct outcome **slot = &run->ring[run->told % run->ring_size];
        if (run->told < run->taken && *slot) {
            struct outcome *outcome = *slot;
            *slot = NULL;
            pthread_mutex_unlock(&run->ring_lock);
            run_tell(run, outcome);
            outcome_clear(outcome);
            free(outcome);
            progress_draw(run->progress, run->totals, atomic_load(&run->input_count));
            pthread_mutex_lock(&run->ring_lock);
            run->told++;
            pthread_cond_broadcast(&run->ring_has_room);
            continue;
        }
        if (run->running == 0)
            break; /* every number taken was delivered, so the ring is empty */
        struct timespec until;
        clock_gettime(CLOCK_MONOTONIC, &until);
        until.tv_nsec += TICK_MS * 1000000L;
        until.tv_sec += until.tv_nsec / 1000000000;
        until.tv_nsec %= 1000000000;
        if (pthread_cond_timedwait(&run->outcome_ready, &run->ring_lock, &until) == ETIMEDOUT) {
            pthread_mutex_unlock(&run->ring_lock);
            progress_draw(run->progress, run->totals, atomic_load(&run->input_count));
            pthread_mutex_lock(&run->ring_lock);
        }
        if (stop_requested()) {
            pthread_cond_broadcast(&run->ring_has_room);
            for (int i = 0; i < started && run->running > 0; i++)
                stop_interrupt(workers[i]); /* one may wait for a pipe */
        }
    }
    pthread_mutex_unlock(&run->ring_lock);
}

/* Without a bar to draw meanwhile, one worker is the thread that tells. */
static void run_end_alone(struct run *run, uint64_t number, struct outcome *outcome)
{
    (void)number;
    run_tell(run, outcome);
    outcome_clear(outcome);
    free(outcome);
    pthread_mutex_lock(&run->ring_lock);
    run->told++;
    pthread_mutex_unlock(&run->ring_lock);
}

/* No more than there are inputs, as far as that can be seen without entering folders. */
static int run_jobs(const struct options *options)
{
    struct stat st;
    const bool is_known = !options->files0 && options->operand_count < (size_t)options->jobs;
    for (size_t i = 0; is_known && i < options->operand_count; i++)
        if (stat(options->operands[i], &st) == 0 && S_ISDIR(st.st_mode))
            return options->jobs;
    return is_known ? (int)options->operand_count : options->jobs;
}

/* Returns the number of workers there were. */
static int run_threads(struct run *run, pthread_t *workers, int jobs)
{
    pthread_t counter;
    int started = 0;
    bool counting =
        run->progress && inputs_countable(run->options) && pthread_create(&counter, NULL, run_counter, run) == 0;
    pthread_mutex_lock(&run->ring_lock);
    while (started < jobs && pthread_create(&workers[started], NULL, run_worker, run) == 0)
        started++;
    run->running = started; /* fewer threads than asked for still do the work */
    pthread_mutex_unlock(&run->ring_lock);

    run_tell_all(run, workers, started);

    for (int i = 0; i < started; i++)
        pthread_join(workers[i], NULL);
    if (counting)
        pthread_join(counter, NULL);
    return started;
}

enum run_status run_all(const struct options *options, struct inputs *inputs, struct naming *naming,
                        struct progress *progress, struct gallery *gallery, struct totals *ret_totals)
{
    struct totals totals = {0};
    struct run run = {.options = options,
                      .progress = progress,
                      .gallery = gallery,
                      .totals = &totals,
                      .inputs = inputs,
                      .naming = naming};
    pthread_condattr_t monotonic;
    const int jobs = run_jobs(options);
    int started = 1;
    run.ring_size = (uint64_t)jobs * RING_PER_JOB;
    if (run.ring_size < RING_MIN)
        run.ring_size = RING_MIN;
    run.ring = calloc(run.ring_size, sizeof *run.ring);
    pthread_t *workers = calloc((size_t)jobs, sizeof *workers);
    if (!run.ring || !workers) {
        free(run.ring);
        free(workers);
        return RUN_ENOMEM;
    }
    pthread_mutex_init(&run.take_lock, NULL);
    pthread_mutex_init(&run.ring_lock, NULL);
    pthread_condattr_init(&monotonic);
    pthread_condattr_setclock(&monotonic, CLOCK_MONOTONIC);
    pthread_cond_init(&run.outcome_ready, &monotonic);
    pthread_cond_init(&run.ring_has_room, &monotonic);
    pthread_condattr_destroy(&monotonic);
    if (jobs > 1 || progress)
        started = run_threads(&run, workers, jobs);
    else
        run_work(&run, run_end_alone);
    totals.passed_over += inputs_passed_over(inputs);
    pthread_cond_destroy(&run.ring_has_room);
    pthread_cond_destroy(&run.outcome_ready);
    pthread_mutex_destroy(&run.ring_lock);
    pthread_mutex_destroy(&run.take_lock);
    free(workers);
    free(run.ring);
    if (started == 0)
        return RUN_ENOMEM;
    *ret_totals = totals;
    return stop_requested() ? RUN_STOPPED : RUN_OK;
}
