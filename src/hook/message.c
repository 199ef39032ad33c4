/*
 * The body of a webhook's request: see message.h. It tells what the API tells everybody, in the state of now.
 * Read next: deliver.c.
 */
#include "message.h"

#include <stdlib.h>
#include <string.h>

#include <sodium.h>

#include "hook.h"

static const struct kind {
    const char *name, *path;
    enum query query;
} kinds[] = {
    {"picture", "/p/", QUERY_PICTURE}, {"status", "/statuses/", QUERY_STATUS}, {"mood", "/moods/", QUERY_MOOD}};

static const struct kind *kind_of(const struct webhook_due *due)
{
    for (size_t i = 0; i < sizeof kinds / sizeof kinds[0]; i++)
        if (strcmp(due->kind, kinds[i].name) == 0)
            return &kinds[i];
    return NULL;
}

static void set_url(json_t *object, const char *key, const char *public_url, const char *path)
{
    struct buf url = {0};
    buf_printf(&url, "%s%s", public_url, path);
    json_object_set_new(object, key, json_string(url.data));
    buf_free(&url);
}

/* The post as the API shows it; JSON null when there is none, NULL on failure. */
static json_t *load_post(struct db *db, const struct kind *kind, int64_t id, const char *public_url)
{
    static const char *const addresses[] = {"url", "image_url", "thumb_url", "reply_url"};
    json_t *post = db_row(db, kind->query, id, (int64_t)0); /* as a visitor sees it */
    for (size_t i = 0; i < sizeof addresses / sizeof addresses[0]; i++) {
        const char *path = json_string_value(json_object_get(post, addresses[i]));
        if (path && *path == '/')
            set_url(post, addresses[i], public_url, path);
    }
    json_object_del(post, "account_id");
    json_object_del(post, "replies"); /* what comes later is no news of this post */
    return post;
}

static json_t *deleted_post(const struct kind *kind, int64_t id, const char *public_url)
{
    struct buf path = {0};
    json_t *post = json_pack("{s:I}", "id", (json_int_t)id);
    buf_printf(&path, "%s%lld", kind->path, (long long)id);
    set_url(post, "url", public_url, path.data);
    buf_free(&path);
    return post;
}

int message_write(struct db *db, const struct webhook_due *due, const char *public_url, struct buf *body)
{
    const struct kind *kind = kind_of(due);
    if (!kind)
        return -1;
    json_t *post = strcmp(due->event, "deleted") == 0 ? deleted_post(kind, due->post_id, public_url)
                                                      : load_post(db, kind, due->post_id, public_url);
    if (json_is_null(post)) {
        json_decref(post);
        return 0;
    }
    json_t *message =
        json_pack("{s:s, s:I, s:s, s:s, s:I, s:o}", "event", due->event, "id", (json_int_t)due->event_id, "account",
                  due->name, "kind", due->kind, "created_at", (json_int_t)due->created_at, "post", post);
    char *text = message ? json_dumps(message, JSON_COMPACT) : NULL;
    json_decref(message);
    if (!text)
        return -1;
    buf_puts(body, text);
    free(text);
    return 1;
}

void message_sign(const char *secret, const struct buf *body, char ret_text[SIGNATURE_TEXT_BYTES])
{
    unsigned char mac[crypto_auth_hmacsha256_BYTES];
    crypto_auth_hmacsha256_state state;
    crypto_auth_hmacsha256_init(&state, (const unsigned char *)secret, strlen(secret));
    crypto_auth_hmacsha256_update(&state, (const unsigned char *)body->data, body->size_bytes);
    crypto_auth_hmacsha256_final(&state, mac);
    memcpy(ret_text, "sha256=", 7);
    sodium_bin2hex(ret_text + 7, SIGNATURE_TEXT_BYTES - 7, mac, sizeof mac);
    sodium_memzero(&state, sizeof state);
}
