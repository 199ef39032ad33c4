/*
 * Purges: see purge.h. One thread looks five times a second whether the database has changed, asks which of the
 * pictures that were given away are still shown, and tells the caches of the others, one request after the other.
 * A cache that does not answer is left alone for a while, each time twice as long, and what it missed waits; what waits
 * longer than a cache may keep it needs no purge.
 *
 * Refuses redirects, proxies of the environment, and every address that is not an option of whoever runs this.
 * Read next: library.h, store/image.h.
 */
#include "purge.h"

#include <poll.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/eventfd.h>
#include <unistd.h>

#include "base/clock.h"
#include "library.h"
#include "store/image.h"

enum {
    LOOK_MS = 200,
    LOOK_AT_ALL_MS = 1000,  /* at most so often, while others write */
    LOOK_ANYWAY_MS = 60000, /* to forget what caches have forgotten, and to ask again what could not be asked */
    AGAIN_MS = 5000,        /* a second time, for an answer that was on its way to the cache at the first */
    CONNECT_MS = 2000,
    TOTAL_MS = 5000,
    PAUSE_LEAST_MS = 1000,
    PAUSE_MOST_MS = 60000,
    AT_ONCE = 64, /* to one cache before the others have their turn */
    ADDRESSES_MAX = 8,
    WAITING_MAX = 4096, /* for one cache; then all of it has to go */
    SETS = 4096,
    WAYS = 4, /* the pictures that are remembered: 16 384 */
    PATH_BYTES = 3 + IMAGE_HASH_BYTES - 1 + 4 + 1,
    ANSWER_MAX_BYTES = 64000
};

struct given { /* a picture that a cache may have */
    char path[PATH_BYTES];
    int64_t at_ms;
    unsigned times; /* it was asked for */
    int is_new;     /* not looked at yet */
};

struct waiting {
    char path[PATH_BYTES];
    int64_t since_ms, due_ms;
    int is_last; /* the second time */
};

struct address {
    char base[260];
    CURL *request;
    struct waiting *waiting; /* a ring of WAITING_MAX */
    int first, count;
    int64_t pause_ms, rests_until_ms;
    int was_refused, is_down; /* said so already */
};

struct purge {
    struct store *store;
    const struct library *curl;
    struct curl_slist *headers;
    struct address addresses[ADDRESSES_MAX];
    int address_count;
    pthread_t thread;
    int wake_fd;
    atomic_int is_closing;
    pthread_mutex_t lock; /* of what follows */
    int given_count, new_count;
    struct given given[SETS][WAYS];
    char (*displaced)[PATH_BYTES]; /* what there was no room for, until the thread takes it */
    int displaced_count, is_flooded;
};

enum { DISPLACED_MAX = 1024 };

/* ---- What was given away ------------------------------------------------------------------------ */

static int is_picture(const char *path)
{
    return path[0] == '/' && (path[1] == 'i' || path[1] == 't') && path[2] == '/' &&
           strspn(path + 3, "0123456789abcdef") == IMAGE_HASH_BYTES - 1 &&
           strcmp(path + 3 + IMAGE_HASH_BYTES - 1, ".jpg") == 0;
}

/* By the first digits of the hash, which is keyed. Invented paths can fill one set: they only displace, which purges.
 */
static struct given *set_of(struct purge *purge, const char *path)
{
    unsigned place = 0;
    sscanf(path + 3, "%6x", &place);
    return purge->given[(place + (path[1] == 't')) % SETS];
}

/* Under the lock. NULL: it is not remembered. */
static struct given *find(struct given *set, const char *path)
{
    for (int i = 0; i < WAYS; i++)
        if (strcmp(set[i].path, path) == 0)
            return &set[i];
    return NULL;
}

/* Under the lock. */
static void drop(struct purge *purge, struct given *given)
{
    purge->given_count--;
    purge->new_count -= given->is_new;
    memset(given, 0, sizeof *given);
}

static void displace(struct purge *purge, struct given *given)
{
    if (purge->displaced_count < DISPLACED_MAX)
        memcpy(purge->displaced[purge->displaced_count++], given->path, PATH_BYTES);
    else
        purge->is_flooded = 1;
    drop(purge, given);
}

void purge_note(struct purge *purge, const char *path)
{
    if (!purge || !is_picture(path))
        return;
    const int64_t now_ms = clock_monotonic_ms();
    struct given *set = set_of(purge, path);
    pthread_mutex_lock(&purge->lock);
    struct given *place = find(set, path);
    if (!place) {
        place = set;
        for (int i = 1; i < WAYS; i++)
            if (set[i].at_ms < place->at_ms) /* a free one is the oldest */
                place = &set[i];
        if (*place->path)
            displace(purge, place);
        memcpy(place->path, path, PATH_BYTES);
        purge->given_count++;
    }
    place->at_ms = now_ms;
    place->times++;
    purge->new_count += !place->is_new;
    place->is_new = 1;
    const int is_first = purge->given_count == 1;
    pthread_mutex_unlock(&purge->lock);
    if (is_first)
        (void)!write(purge->wake_fd, &(const uint64_t){1}, sizeof(uint64_t));
}

void purge_forget(struct purge *purge, const char *path)
{
    if (!purge || !is_picture(path))
        return;
    pthread_mutex_lock(&purge->lock);
    struct given *given = find(set_of(purge, path), path);
    if (given && --given->times == 0)
        drop(purge, given);
    pthread_mutex_unlock(&purge->lock);
}

/* ---- What waits to be told ---------------------------------------------------------------------- */

static void await(struct address *address, const char *path, int64_t since_ms, int64_t due_ms, int is_last)
{
    if (address->count == WAITING_MAX) { /* one request instead of thousands */
        address->first = address->count = 0;
        path = "/";
    }
    struct waiting *waiting = &address->waiting[(address->first + address->count++) % WAITING_MAX];
    snprintf(waiting->path, sizeof waiting->path, "%s", path);
    waiting->since_ms = since_ms;
    waiting->due_ms = due_ms;
    waiting->is_last = is_last;
}

static void await_all(struct purge *purge, const char *path, int64_t now_ms)
{
    for (int i = 0; i < purge->address_count; i++)
        await(&purge->addresses[i], path, now_ms, now_ms, 0);
}

/* Is the picture at this path shown to strangers? What cannot be asked is asked again with the next look. */
static int is_gone(struct db *db, const char *path)
{
    char hash[IMAGE_HASH_BYTES];
    snprintf(hash, sizeof hash, "%.*s", IMAGE_HASH_BYTES - 1, path + 3);
    return image_is_shown(db, hash) == STORE_NOT_FOUND;
}

/* Looks at what is remembered, all of it or what is new, and puts what is gone into the queues. */
static void look(struct purge *purge, int at_all, int64_t now_ms)
{
    struct db *db = store_acquire(purge->store);
    for (int set = 0; set < SETS && !atomic_load(&purge->is_closing); set++) {
        for (int way = 0; way < WAYS; way++) {
            struct given *given = &purge->given[set][way], copy;
            pthread_mutex_lock(&purge->lock);
            copy = *given;
            const int is_old = *copy.path && now_ms - copy.at_ms > (PURGE_HOLD_S + 60) * 1000LL;
            if (is_old)
                drop(purge, given);
            const int is_asked = *copy.path && !is_old && (at_all || copy.is_new);
            if (is_asked && copy.is_new) {
                given->is_new = 0;
                purge->new_count--;
            }
            pthread_mutex_unlock(&purge->lock);
            if (!is_asked || !is_gone(db, copy.path))
                continue;
            pthread_mutex_lock(&purge->lock);
            if (strcmp(given->path, copy.path) == 0)
                drop(purge, given);
            pthread_mutex_unlock(&purge->lock);
            await_all(purge, copy.path, now_ms);
        }
    }
    store_release(purge->store, db);
}

static void take_displaced(struct purge *purge, int64_t now_ms)
{
    char path[PATH_BYTES];
    for (int left = 1; left;) {
        pthread_mutex_lock(&purge->lock);
        left = purge->displaced_count > 0;
        if (left)
            memcpy(path, purge->displaced[--purge->displaced_count], PATH_BYTES);
        const int is_flooded = purge->is_flooded;
        purge->is_flooded = 0;
        pthread_mutex_unlock(&purge->lock);
        if (is_flooded)
            await_all(purge, "/", now_ms);
        if (left)
            await_all(purge, path, now_ms);
    }
}

/* ---- Requests ----------------------------------------------------------------------------------- */

static size_t read_answer(char *bytes, size_t size, size_t count, void *context)
{
    size_t *left = context;
    (void)bytes;
    if (size * count > *left)
        return 0;
    *left -= size * count;
    return size * count;
}

static int prepare(struct purge *purge, struct address *address)
{
    const struct library *curl = purge->curl;
    CURL *request = address->request = curl->curl_easy_init();
    if (!request)
        return -1;
    int failed = 0;
#define SET(option, value) failed |= curl->curl_easy_setopt(request, option, value) != CURLE_OK
    SET(CURLOPT_CUSTOMREQUEST, "PURGE");
    SET(CURLOPT_HTTPHEADER, purge->headers);
    SET(CURLOPT_PROTOCOLS_STR, "http,https");
    SET(CURLOPT_PROXY, "");
    SET(CURLOPT_FOLLOWLOCATION, 0L);
    SET(CURLOPT_HTTP_VERSION, (long)CURL_HTTP_VERSION_1_1);
    SET(CURLOPT_CONNECTTIMEOUT_MS, (long)CONNECT_MS);
    SET(CURLOPT_TIMEOUT_MS, (long)TOTAL_MS);
    SET(CURLOPT_NOSIGNAL, 1L);
    SET(CURLOPT_QUICK_EXIT, 1L);
    SET(CURLOPT_WRITEFUNCTION, read_answer);
#undef SET
    return failed ? -1 : 0;
}

/* 0: the cache has forgotten it, or never had it. */
static int send_one(struct purge *purge, struct address *address, const char *path)
{
    const struct library *curl = purge->curl;
    char url[sizeof address->base + PATH_BYTES];
    size_t left = ANSWER_MAX_BYTES;
    long status = 0;
    snprintf(url, sizeof url, "%s%s", address->base, path);
    curl->curl_easy_setopt(address->request, CURLOPT_URL, url);
    curl->curl_easy_setopt(address->request, CURLOPT_WRITEDATA, &left);
    const CURLcode code = curl->curl_easy_perform(address->request);
    curl->curl_easy_getinfo(address->request, CURLINFO_RESPONSE_CODE, &status);
    const char *why = code == CURLE_OK || code == CURLE_WRITE_ERROR ? "" : curl->curl_easy_strerror(code);
    /* 404 and 412 are what nginx says of what it does not have. */
    if (!*why && (status / 100 == 2 || status == 404 || status == 412)) {
        if (address->is_down)
            fprintf(stderr, "piclog: --purge %s answers again\n", address->base);
        address->is_down = 0;
        return 0;
    }
    if (!*why && status / 100 != 5) { /* asking again would not help */
        if (!address->was_refused)
            fprintf(stderr, "piclog: --purge %s does not take PURGE from here: it answers %ld\n", address->base,
                    status);
        address->was_refused = 1;
        return 0;
    }
    if (!address->is_down)
        fprintf(stderr, "piclog: --purge %s does not answer, it will be tried again: %s%.0ld\n", address->base, why,
                status);
    address->is_down = 1;
    return -1;
}

static void tell(struct purge *purge, struct address *address)
{
    const int64_t now_ms = clock_monotonic_ms();
    if (now_ms < address->rests_until_ms)
        return;
    for (int sent = 0; sent < AT_ONCE && address->count && !atomic_load(&purge->is_closing); sent++) {
        struct waiting waiting = address->waiting[address->first];
        if (waiting.is_last && waiting.due_ms > now_ms && address->count > 1) {
            /* what is new does not wait behind what is told a second time */
            address->first = (address->first + 1) % WAITING_MAX;
            address->count--;
            address->waiting[(address->first + address->count++) % WAITING_MAX] = waiting;
            continue;
        }
        if (waiting.due_ms > now_ms)
            return;
        if (now_ms - waiting.since_ms <= PURGE_HOLD_S * 1000LL && send_one(purge, address, waiting.path)) {
            address->pause_ms = address->pause_ms ? 2 * address->pause_ms : PAUSE_LEAST_MS;
            if (address->pause_ms > PAUSE_MOST_MS)
                address->pause_ms = PAUSE_MOST_MS;
            address->rests_until_ms = clock_monotonic_ms() + address->pause_ms;
            return;
        }
        address->pause_ms = 0;
        address->first = (address->first + 1) % WAITING_MAX;
        address->count--;
        if (!waiting.is_last && waiting.path[1] && address->count < WAITING_MAX / 2)
            await(address, waiting.path, waiting.since_ms, now_ms + AGAIN_MS, 1);
    }
}

/* ---- The thread --------------------------------------------------------------------------------- */

static int is_idle(struct purge *purge)
{
    int busy = 0;
    for (int i = 0; i < purge->address_count; i++)
        busy += purge->addresses[i].count;
    pthread_mutex_lock(&purge->lock);
    busy += purge->given_count + purge->displaced_count;
    pthread_mutex_unlock(&purge->lock);
    return !busy;
}

static void *run(void *context)
{
    struct purge *purge = context;
    uint64_t looked_at = store_version(purge->store), woken;
    int64_t looked_ms = 0;
    while (!atomic_load(&purge->is_closing)) {
        struct pollfd wake = {.fd = purge->wake_fd, .events = POLLIN};
        const int64_t now_ms = clock_monotonic_ms();
        const uint64_t version = store_version(purge->store);
        const int at_all = now_ms - looked_ms >= (version != looked_at ? LOOK_AT_ALL_MS : LOOK_ANYWAY_MS);
        pthread_mutex_lock(&purge->lock);
        const int has_new = purge->new_count > 0;
        pthread_mutex_unlock(&purge->lock);
        take_displaced(purge, now_ms);
        if (at_all || has_new)
            look(purge, at_all, now_ms);
        if (at_all) {
            looked_at = version;
            looked_ms = now_ms;
        }
        for (int i = 0; i < purge->address_count; i++)
            tell(purge, &purge->addresses[i]);
        (void)poll(&wake, 1, is_idle(purge) ? -1 : LOOK_MS);
        (void)!read(purge->wake_fd, &woken, sizeof woken);
    }
    return NULL;
}

static void free_purge(struct purge *purge)
{
    for (int i = 0; i < purge->address_count; i++) {
        if (purge->addresses[i].request)
            purge->curl->curl_easy_cleanup(purge->addresses[i].request);
        free(purge->addresses[i].waiting);
    }
    if (purge->headers)
        purge->curl->curl_slist_free_all(purge->headers);
    if (purge->wake_fd >= 0)
        close(purge->wake_fd);
    pthread_mutex_destroy(&purge->lock);
    free(purge->displaced);
    free(purge);
}

static int set_up(struct purge *purge, const struct purge_options *options, const char **ret_fault)
{
    const char *host = strstr(options->public_url, "://");
    char line[300];
    *ret_fault = "no memory";
    purge->wake_fd = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
    purge->displaced = calloc(DISPLACED_MAX, sizeof *purge->displaced);
    if (purge->wake_fd < 0 || !purge->displaced || !(purge->curl = library_load(ret_fault)))
        return -1;
    snprintf(line, sizeof line, "Host: %s", host ? host + 3 : options->public_url);
    purge->headers = purge->curl->curl_slist_append(NULL, line);
    for (int i = 0; i < options->address_count && i < ADDRESSES_MAX; i++) {
        struct address *address = &purge->addresses[purge->address_count++];
        snprintf(address->base, sizeof address->base, "%s", options->addresses[i]);
        address->waiting = calloc(WAITING_MAX, sizeof *address->waiting);
        if (!address->waiting || !purge->headers || prepare(purge, address))
            return -1;
    }
    await_all(purge, "/", clock_monotonic_ms());
    *ret_fault = "the thread cannot be started";
    return pthread_create(&purge->thread, NULL, run, purge);
}

struct purge *purge_open(struct store *store, const struct purge_options *options, const char **ret_fault)
{
    struct purge *purge = calloc(1, sizeof *purge);
    *ret_fault = "no memory";
    if (!purge)
        return NULL;
    purge->store = store;
    purge->wake_fd = -1;
    pthread_mutex_init(&purge->lock, NULL);
    if (set_up(purge, options, ret_fault) == 0)
        return purge;
    free_purge(purge);
    return NULL;
}

void purge_close(struct purge *purge)
{
    if (!purge)
        return;
    atomic_store(&purge->is_closing, 1);
    (void)!write(purge->wake_fd, &(const uint64_t){1}, sizeof(uint64_t));
    pthread_join(purge->thread, NULL);
    free_purge(purge);
}
