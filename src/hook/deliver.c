/*
 * Delivers webhooks: see hook.h. One thread, up to eight requests at a time, one for each account, in the order of its
 * posts. A failure lets the whole account wait, each time twice as long, so that a dead address costs little and a slow
 * one nobody else's time.
 *
 *     asleep -> woken (a post, a retry is due) -> webhook_take() -> requests -> webhook_done() or webhook_failed()
 *
 * Refuses private addresses at the moment of connecting, redirects, proxies of the environment, every protocol but
 * HTTP. Read next: message.c, address.c, store/webhook.c.
 */
#include "hook.h"

#include <pthread.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/eventfd.h>
#include <poll.h>
#include <unistd.h>

#include "address.h"
#include "base/clock.h"
#include "library.h"
#include "message.h"

enum {
    AT_ONCE = 8,
    CONNECT_MS = 5000,
    TOTAL_MS = 10000,
    HOLD_S = 60, /* longer than any request takes */
    ANSWER_MAX_BYTES = 64000,
    PAUSE_MAX_S = 3600,
    LOOK_S = 60 /* other processes post as well (piclog import) */
};

struct delivery {
    struct hook *hook;
    struct webhook_due due;
    struct buf body;
    CURL *request;
    struct curl_slist *headers;
    size_t received_bytes;
    int was_private; /* a connection was refused by us */
};

struct hook {
    struct store *store;
    struct hook_options options;
    pthread_t thread;
    int wake_fd;
    atomic_int is_closing;
    const struct library *curl; /* NULL until the first webhook is due */
    CURLM *requests;
    struct delivery slots[AT_ONCE];
};

/* ---- What libcurl calls ------------------------------------------------------------------------- */

static curl_socket_t open_socket(void *context, curlsocktype purpose, struct curl_sockaddr *address)
{
    struct delivery *delivery = context;
    if (purpose != CURLSOCKTYPE_IPCXN ||
        (!delivery->hook->options.allow_private && !address_is_public(&address->addr))) {
        delivery->was_private = 1;
        return CURL_SOCKET_BAD;
    }
    return socket(address->family, address->socktype | SOCK_CLOEXEC, address->protocol);
}

/* Header lines and body alike: counted and thrown away. */
static size_t read_answer(char *bytes, size_t size, size_t count, void *context)
{
    struct delivery *delivery = context;
    (void)bytes;
    delivery->received_bytes += size * count;
    return delivery->received_bytes <= ANSWER_MAX_BYTES ? size * count : 0;
}

/* ---- One request -------------------------------------------------------------------------------- */

static void free_delivery(struct delivery *delivery)
{
    const struct library *curl = delivery->hook->curl;
    if (delivery->request)
        curl->curl_easy_cleanup(delivery->request);
    if (delivery->headers)
        curl->curl_slist_free_all(delivery->headers);
    buf_free(&delivery->body);
    webhook_due_free(&delivery->due);
    memset(delivery, 0, sizeof *delivery);
}

static int add_header(struct delivery *delivery, const char *name, const char *value)
{
    char line[200];
    snprintf(line, sizeof line, "%s: %s", name, value);
    struct curl_slist *longer = delivery->hook->curl->curl_slist_append(delivery->headers, line);
    if (longer)
        delivery->headers = longer;
    return longer ? 0 : -1;
}

static int add_headers(struct delivery *delivery)
{
    char signature[SIGNATURE_TEXT_BYTES], id[24];
    message_sign(delivery->due.secret, &delivery->body, signature);
    snprintf(id, sizeof id, "%lld", (long long)delivery->due.event_id);
    int failed = add_header(delivery, "Content-Type", "application/json");
    failed |= add_header(delivery, "User-Agent", "piclog-webhook");
    failed |= add_header(delivery, "X-Piclog-Event", delivery->due.event);
    failed |= add_header(delivery, "X-Piclog-Delivery", id);
    failed |= add_header(delivery, "X-Piclog-Signature", signature);
    failed |= add_header(delivery, "Expect", ""); /* sends none, and so does not wait for a "100 Continue" */
    return failed;
}

static int start_request(struct delivery *delivery)
{
    struct hook *hook = delivery->hook;
    const struct library *curl = hook->curl;
    CURL *request = delivery->request = curl->curl_easy_init();
    if (!request || add_headers(delivery))
        return -1;
    int failed = 0;
#define SET(option, value) failed |= curl->curl_easy_setopt(request, option, value) != CURLE_OK
    SET(CURLOPT_URL, delivery->due.url);
    SET(CURLOPT_PROTOCOLS_STR, "http,https");
    SET(CURLOPT_PROXY, "");
    SET(CURLOPT_FOLLOWLOCATION, 0L);
    SET(CURLOPT_HTTP_VERSION, (long)CURL_HTTP_VERSION_1_1);
    SET(CURLOPT_OPENSOCKETFUNCTION, open_socket);
    SET(CURLOPT_OPENSOCKETDATA, delivery);
    SET(CURLOPT_FORBID_REUSE, 1L); /* every request is a connection of its own, checked for itself */
    SET(CURLOPT_FRESH_CONNECT, 1L);
    SET(CURLOPT_CONNECTTIMEOUT_MS, (long)CONNECT_MS);
    SET(CURLOPT_TIMEOUT_MS, (long)TOTAL_MS);
    SET(CURLOPT_NOSIGNAL, 1L);
    SET(CURLOPT_QUICK_EXIT, 1L); /* a name server that does not answer shall not hold up the end */
    SET(CURLOPT_POST, 1L);
    SET(CURLOPT_POSTFIELDS, delivery->body.data);
    SET(CURLOPT_POSTFIELDSIZE_LARGE, (curl_off_t)delivery->body.size_bytes);
    SET(CURLOPT_HTTPHEADER, delivery->headers);
    SET(CURLOPT_HEADERFUNCTION, read_answer);
    SET(CURLOPT_HEADERDATA, delivery);
    SET(CURLOPT_WRITEFUNCTION, read_answer);
    SET(CURLOPT_WRITEDATA, delivery);
    SET(CURLOPT_PRIVATE, delivery);
#undef SET
    return failed || curl->curl_multi_add_handle(hook->requests, request) != CURLM_OK ? -1 : 0;
}

/* ---- What came of it ---------------------------------------------------------------------------- */

static void note_failure(struct hook *hook, struct db *db, const struct webhook_due *due, int http_status,
                         const char *error)
{
    int64_t pause_s = hook->options.retry_s;
    for (int i = 0; i < due->failures && pause_s < PAUSE_MAX_S; i++)
        pause_s *= 2;
    if (pause_s > PAUSE_MAX_S)
        pause_s = PAUSE_MAX_S;
    (void)!webhook_failed(db, due, http_status, error, clock_now_s() + pause_s, http_status == 410);
}

static void finish_request(struct hook *hook, CURL *request, CURLcode code)
{
    struct delivery *delivery = NULL;
    long http_status = 0;
    hook->curl->curl_easy_getinfo(request, CURLINFO_PRIVATE, &delivery);
    hook->curl->curl_easy_getinfo(request, CURLINFO_RESPONSE_CODE, &http_status);
    hook->curl->curl_multi_remove_handle(hook->requests, request);
    /* An answer that is longer than what is read is an answer. */
    int is_answered = code == CURLE_OK || (code == CURLE_WRITE_ERROR && delivery->received_bytes > ANSWER_MAX_BYTES);
    struct db *db = store_acquire(hook->store);
    if (is_answered && http_status >= 200 && http_status < 300)
        (void)!webhook_done(db, &delivery->due, (int)http_status);
    else if (is_answered && http_status >= 300 && http_status < 400)
        note_failure(hook, db, &delivery->due, (int)http_status, "It redirects, and redirects are not followed.");
    else if (is_answered)
        note_failure(hook, db, &delivery->due, (int)http_status, "");
    else if (delivery->was_private)
        note_failure(hook, db, &delivery->due, 0, "It is in a private network, and those are never called.");
    else
        note_failure(hook, db, &delivery->due, 0, hook->curl->curl_easy_strerror(code));
    store_release(hook->store, db);
    free_delivery(delivery);
}

/* ---- The thread --------------------------------------------------------------------------------- */

static int is_loaded(struct hook *hook, const char **ret_fault)
{
    if (!hook->curl)
        hook->curl = library_load(ret_fault);
    if (hook->curl && !hook->requests)
        hook->requests = hook->curl->curl_multi_init();
    return hook->curl && hook->requests;
}

static void deliver(struct hook *hook, struct db *db, struct webhook_due *due, struct delivery *slot)
{
    const char *fault = "";
    slot->hook = hook;
    slot->due = *due;
    int written = message_write(db, due, hook->options.public_url, &slot->body);
    if (written == 0) {
        (void)!webhook_done(db, due, 0);
    } else if (written < 0 || !is_loaded(hook, &fault)) {
        note_failure(hook, db, due, 0, *fault ? fault : "The post cannot be read.");
    } else if (start_request(slot)) {
        note_failure(hook, db, due, 0, "There is no memory for the request.");
    } else {
        return;
    }
    free_delivery(slot);
}

/* Starts what is due; returns how many requests are under way, and when the next look is due. */
static int start_due(struct hook *hook, int64_t *ret_next_s)
{
    struct delivery *free_slots[AT_ONCE];
    struct webhook_due due[AT_ONCE];
    int free_count = 0, due_count = 0, busy = 0;
    struct db *db = store_acquire(hook->store);
    int64_t now_s = clock_now_s();
    *ret_next_s = webhook_next(db);
    for (int i = 0; i < AT_ONCE; i++)
        if (!hook->slots[i].hook)
            free_slots[free_count++] = &hook->slots[i];
    if (*ret_next_s <= now_s && free_count &&
        webhook_take(db, now_s, HOLD_S, free_count, due, &due_count) == STORE_OK) {
        for (int i = 0; i < due_count; i++)
            deliver(hook, db, &due[i], free_slots[i]);
        *ret_next_s = webhook_next(db);
    }
    store_release(hook->store, db);
    for (int i = 0; i < AT_ONCE; i++)
        busy += hook->slots[i].hook != NULL;
    return busy;
}

static int wait_ms(int64_t next_s)
{
    int64_t now_s = clock_now_s();
    if (next_s <= now_s)
        return 100; /* the database was busy, or more is due than fits */
    return next_s - now_s < LOOK_S ? (int)(next_s - now_s) * 1000 : LOOK_S * 1000;
}

static void *run(void *context)
{
    struct hook *hook = context;
    while (!atomic_load(&hook->is_closing)) {
        int64_t next_s = 0;
        uint64_t woken;
        int busy = start_due(hook, &next_s);
        if (busy) {
            struct curl_waitfd wake = {.fd = hook->wake_fd, .events = CURL_WAIT_POLLIN};
            int running = 0, left = 0, finished = 0;
            hook->curl->curl_multi_perform(hook->requests, &running);
            for (CURLMsg *message; (message = hook->curl->curl_multi_info_read(hook->requests, &left)); finished++)
                finish_request(hook, message->easy_handle, message->data.result);
            if (!finished)
                hook->curl->curl_multi_poll(hook->requests, &wake, 1, wait_ms(next_s), NULL);
        } else {
            struct pollfd wake = {.fd = hook->wake_fd, .events = POLLIN};
            (void)poll(&wake, 1, wait_ms(next_s));
        }
        (void)!read(hook->wake_fd, &woken, sizeof woken);
    }
    return NULL;
}

struct hook *hook_open(struct store *store, const struct hook_options *options)
{
    struct hook *hook = calloc(1, sizeof *hook);
    if (!hook)
        return NULL;
    hook->store = store;
    hook->options = *options;
    hook->wake_fd = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
    if (hook->wake_fd >= 0 && !pthread_create(&hook->thread, NULL, run, hook))
        return hook;
    if (hook->wake_fd >= 0)
        close(hook->wake_fd);
    free(hook);
    return NULL;
}

void hook_wake(struct hook *hook)
{
    const uint64_t one = 1;
    if (hook)
        (void)!write(hook->wake_fd, &one, sizeof one);
}

void hook_close(struct hook *hook)
{
    if (!hook)
        return;
    atomic_store(&hook->is_closing, 1);
    hook_wake(hook);
    pthread_join(hook->thread, NULL);
    for (int i = 0; i < AT_ONCE; i++)
        if (hook->slots[i].hook) {
            hook->curl->curl_multi_remove_handle(hook->requests, hook->slots[i].request);
            free_delivery(&hook->slots[i]);
        }
    if (hook->requests)
        hook->curl->curl_multi_cleanup(hook->requests);
    close(hook->wake_fd);
    free(hook);
}
