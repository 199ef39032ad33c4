/*
 * Posts and uploads by Mastodon's client protocol: writing, changing, deleting and keeping them, and what answers what.
 * A translation: what may be said is decided in src/domain, what cannot be honoured is refused in words (asks.c). A
 * status with one of media_ids is a picture with that text as its caption. Read next: mastodon.c, asks.c.
 */
#include "app/programs/mastodon.h"

#include <stdlib.h>
#include <string.h>

#include <sodium.h>

#include "app/posts/answers.h"
#include "app/posts/upload.h"
#include "app/programs/asks.h"
#include "app/programs/handlers.h"
#include "app/request/crushed.h"
#include "base/clock.h"
#include "domain/kept.h"
#include "domain/mood.h"
#include "domain/picture.h"
#include "domain/status.h"

static const char crunch[] = "crunchy";

/* The post that the path names, or NULL after a 404. */
static const struct post_kind *asked_post(struct request *req, struct response *res, int64_t *ret_id)
{
    const struct post_kind *kind =
        post_number_find(request_db(req), post_number_read(request_capture(req, "id"), 0), ret_id);
    if (!kind)
        mastodon_missing(req, res);
    return kind;
}

/* The same with its row, for whoever looks; JSON null after an answer. */
static json_t *asked_row(struct request *req, struct response *res, const struct post_kind **ret_kind, int64_t *ret_id)
{
    const struct post_kind *kind = asked_post(req, res, ret_id);
    json_t *row = kind ? post_list_ref(req, kind, *ret_id) : json_null();
    if (!row)
        respond_store_error(req, res, STORE_FAILED, kind->name);
    else if (kind && json_is_null(row))
        mastodon_missing(req, res);
    if (ret_kind)
        *ret_kind = kind;
    return row ? row : json_null();
}

/* The same of one's own. */
static json_t *asked_own(struct request *req, struct response *res, const struct post_kind **ret_kind, int64_t *ret_id)
{
    json_t *row = asked_row(req, res, ret_kind, ret_id);
    if (json_is_null(row) || json_integer_value(json_object_get(row, "account_id")) == req->viewer.account)
        return row;
    json_decref(row);
    respond_error(req, res, 403, "%s", (*ret_kind)->not_own);
    return json_null();
}

/* ---- Looking -------------------------------------------------------------------------------------- */

void mastodon_status_get(struct request *req, struct response *res)
{
    int64_t id;
    const struct post_kind *kind = asked_post(req, res, &id);
    if (kind)
        mastodon_respond_status(req, res, kind, id);
}

/* What a post answers, up to the beginning of the conversation, oldest first. */
static json_t *ancestors_of(struct request *req, const json_t *row)
{
    enum { MOST = 20 };
    json_t *list = json_array(), *at = json_incref((json_t *)row);
    for (int i = 0; i < MOST; i++) {
        struct post_ref ref = {0};
        if (!*row_text(at, "reply_to") || !*row_text(at, "reply_author") ||
            answers_read(&req->arena, "reply_to", row_text(at, "reply_to"), &ref) || !ref.id)
            break;
        json_t *above = post_list_ref(req, post_kind_find(ref.kind), ref.id);
        json_decref(at);
        at = above;
        if (!json_is_object(at))
            break;
        json_array_insert(list, 0, at);
    }
    json_decref(at);
    return list;
}

void mastodon_context(struct request *req, struct response *res)
{
    const struct post_kind *kind;
    int64_t id;
    json_t *row = asked_row(req, res, &kind, &id), *answers, *answer, *below = json_array();
    size_t i;
    if (json_is_null(row)) {
        json_decref(below);
        return;
    }
    answers = answers_first(req, kind, row);
    json_array_foreach(answers, i, answer)
        post_list_add(req, &below, row_text(answer, "kind"), json_integer_value(json_object_get(answer, "id")));
    json_decref(answers);
    respond_json(req, res,
                 json_pack("{s:o, s:o}", "ancestors", mastodon_statuses(req, ancestors_of(req, row)), "descendants",
                           mastodon_statuses(req, below)));
    json_decref(row);
}

/* The words as they were typed, for a form that changes them. */
void mastodon_source(struct request *req, struct response *res)
{
    const struct post_kind *kind;
    int64_t id;
    json_t *row = asked_row(req, res, &kind, &id);
    if (json_is_null(row))
        return;
    const char *text = row_text(row, kind->words);
    respond_json(req, res,
                 json_pack("{s:s, s:s, s:s}", "id", request_capture(req, "id"), "text", text, "spoiler_text",
                           kind == &post_picture ? row_text(row, "note") : ""));
    json_decref(row);
}

/* ---- Writing -------------------------------------------------------------------------------------- */

/* The one value of media_ids; NULL: none came. asks.c has refused several. */
static const char *media_id(const struct request *req)
{
    const char *id = request_form(req, "media_ids", NULL);
    if (!id)
        id = request_form(req, "media_ids[]", NULL);
    return id && *id ? id : NULL;
}

/* What people see before the picture; "": nothing. */
static const char *note_of(const struct request *req)
{
    const char *said = request_form(req, "spoiler_text", ""), *sensitive = request_form(req, "sensitive", "");
    if (*said)
        return said;
    return strcmp(sensitive, "true") == 0 || strcmp(sensitive, "1") == 0 ? "sensitive" : "";
}

/* The number of an upload, in digits; 0: that is none. */
static int64_t upload_number(const char *text)
{
    const size_t digits = strspn(text, "0123456789");
    return digits && digits <= 18 && !text[digits] ? strtoll(text, NULL, 10) : 0;
}

static json_t *find_upload(struct request *req, int64_t id)
{
    return db_row(request_db(req), QUERY_CANDIDATE, id, req->viewer.account, clock_now_s() - CANDIDATE_LIFETIME_S);
}

/* Publishes an upload. One that was published is the same picture once more, when a program that heard no answer asks
   again with the same words. */
static const struct fault *publish_upload(struct request *req, const char *media, struct picture_typed *typed,
                                          int64_t *ret_id)
{
    const struct actor actor = request_actor(req);
    const int64_t upload = upload_number(media);
    json_t *row = upload ? find_upload(req, upload) : json_null();
    const struct fault *fault = NULL;
    if (json_is_object(row)) {
        typed->alt = row_text(row, "alt");
        typed->tags = row_text(row, "tags");
        fault = picture_choose(&actor, upload, crunch, typed, ret_id);
    } else {
        const int64_t chosen = upload ? picture_chosen(&actor, upload) : 0;
        json_t *picture = chosen ? request_post(req, QUERY_PICTURE, chosen) : json_null();
        struct picture_words words;
        fault = picture_clean(&req->arena, typed, &words);
        if (!fault && (!json_is_object(picture) || strcmp(row_text(picture, "caption"), words.caption) != 0))
            fault = picture_candidate_gone(&req->arena);
        if (!fault)
            *ret_id = chosen;
        json_decref(picture);
    }
    json_decref(row);
    return fault;
}

/* What it answers; a fault when that is gone. */
static const struct fault *read_reply(struct request *req, const char **ret_reply)
{
    const char *answered = request_form(req, "in_reply_to_id", "");
    *ret_reply = *answered ? post_number_name(&req->arena, request_db(req), answered) : NULL;
    return *answered && !*ret_reply
               ? fault_of_field(&req->arena, "in_reply_to_id", 0, "What this answers is gone, so nothing was posted.")
               : NULL;
}

/* What a post asks for that cannot be honoured, new or changed; of a picture, or of words alone. */
static const struct fault *check_asks(struct request *req, int is_picture)
{
    int is_direct = 0;
    const struct fault *fault = program_check_asks(req, &is_direct);
    if (!fault && is_direct)
        fault = fault_of_field(&req->arena, "visibility", 0,
                               "Messages to one person are written at /messages here, so nothing was posted. This "
                               "would have been seen by everybody.");
    if (!fault && !is_picture && *request_form(req, "spoiler_text", ""))
        fault =
            fault_of_field(&req->arena, "spoiler_text", 0,
                           "Only pictures have a note in front of them here; words would be seen at once, so nothing "
                           "was posted. Say it without a warning.");
    return fault;
}

void mastodon_status_post(struct request *req, struct response *res)
{
    const struct actor actor = request_actor(req);
    const char *words = request_form(req, "status", ""), *media = media_id(req), *note = note_of(req), *reply = NULL;
    int64_t id = 0;
    const struct fault *fault = check_asks(req, media != NULL);
    if (!fault)
        fault = read_reply(req, &reply);
    if (!fault && media) {
        struct picture_typed typed = {.caption = words, .note = note, .reply_to = reply};
        fault = publish_upload(req, media, &typed, &id);
    } else if (!fault) {
        const struct status_typed typed = {.content = words, .reply_to = reply};
        fault = status_publish(&actor, &typed, &id);
    }
    if (fault)
        respond_fault(req, res, fault);
    else
        mastodon_respond_status(req, res, media ? &post_picture : &post_status, id);
}

/* Tags of a picture that do not stand in its caption, as a list. */
static const char *other_tags(struct request *req, const json_t *row)
{
    struct tags marked = {0};
    const char *list = "";
    json_t *tag;
    size_t i;
    tags_add_marked(&req->arena, &marked, row_text(row, "caption"));
    json_array_foreach(json_object_get(row, "tags"), i, tag) if (!tags_hold(&marked, json_string_value(tag))) list =
        arena_printf(&req->arena, "%s %s", list, json_string_value(tag));
    return list;
}

/* media_attributes, as clients send new alt texts: of the one picture there is. */
static const char *new_alt(const struct request *req, const json_t *row)
{
    const json_t *listed = json_array_get(json_object_get(req->json, "media_attributes"), 0);
    const char *alt = json_string_value(json_object_get(listed, "description"));
    if (!alt)
        alt = request_form(req, "media_attributes[][description]", NULL);
    return alt ? alt : row_text(row, "alt");
}

void mastodon_status_put(struct request *req, struct response *res)
{
    const struct actor actor = request_actor(req);
    const struct post_kind *kind;
    int64_t id;
    json_t *row = asked_own(req, res, &kind, &id);
    if (json_is_null(row))
        return;
    const char *words = request_form(req, "status", "");
    const struct fault *fault = check_asks(req, kind == &post_picture);
    if (!fault && kind == &post_picture) {
        const struct picture_typed typed = {
            .caption = words, .alt = new_alt(req, row), .note = note_of(req), .tags = other_tags(req, row)};
        fault = picture_change(&actor, id, &typed);
    } else if (!fault && kind == &post_status) {
        const struct status_typed typed = {.content = words, .face = row_text(row, "face")};
        fault = status_change(&actor, id, &typed);
    } else if (!fault) {
        const struct mood_typed typed = {.mood = words, .face = row_text(row, "face"), .note = row_text(row, "note")};
        fault = mood_change(&actor, id, &typed);
    }
    json_decref(row);
    if (fault)
        respond_fault(req, res, fault);
    else
        mastodon_respond_status(req, res, kind, id);
}

/* The answer is the post that is no more, with its words, so that a program can offer to write it anew. */
void mastodon_status_delete(struct request *req, struct response *res)
{
    const struct actor actor = request_actor(req);
    const struct post_kind *kind;
    int64_t id;
    json_t *row = asked_own(req, res, &kind, &id);
    if (json_is_null(row))
        return;
    json_t *status = mastodon_status(req, NULL, row);
    json_object_set(status, "text", json_object_get(row, kind->words));
    const struct fault *fault = kind->remove(&actor, id);
    json_decref(row);
    if (!fault) {
        respond_json(req, res, status);
        return;
    }
    json_decref(status);
    respond_fault(req, res, fault);
}

/* ---- Keeping -------------------------------------------------------------------------------------- */

static void keep(struct request *req, struct response *res, int is_undo)
{
    const struct actor actor = request_actor(req);
    const struct post_kind *kind;
    int64_t id, entry;
    json_t *row = asked_row(req, res, &kind, &id);
    if (json_is_null(row))
        return;
    json_decref(row);
    const char *name = answers_name(&req->arena, (struct post_ref){kind->name, id});
    const struct fault *fault = is_undo ? kept_let_go(&actor, name) : kept_keep(&actor, name, &entry);
    if (fault)
        respond_fault(req, res, fault);
    else
        mastodon_respond_status(req, res, kind, id);
}

void mastodon_keep(struct request *req, struct response *res)
{
    keep(req, res, 0);
}

void mastodon_let_go(struct request *req, struct response *res)
{
    keep(req, res, 1);
}

/* ---- Uploads -------------------------------------------------------------------------------------- */

enum { KEY_BYTES = 16, KEY_TEXT = 2 * KEY_BYTES + 1 };

/* What an address of an upload has to hold, since pictures in pages of others bring no token. */
static void make_key(const struct request *req, int64_t account, int64_t upload, char ret_key[KEY_TEXT])
{
    unsigned char bytes[KEY_BYTES];
    char text[80];
    const int length =
        snprintf(text, sizeof text, "upload for a program\n%lld\n%lld", (long long)account, (long long)upload);
    crypto_generichash(bytes, sizeof bytes, (const unsigned char *)text, (size_t)length, store_secret(req->app->store),
                       32);
    sodium_bin2hex(ret_key, KEY_TEXT, bytes, sizeof bytes);
}

/* One of one's own uploads as an entity; JSON null: it is gone. */
static json_t *upload_entity(struct request *req, int64_t id)
{
    json_t *row = find_upload(req, id), *images, *image, *entity = json_null();
    const json_t *full = NULL, *small = NULL;
    size_t i;
    if (!json_is_object(row))
        return row;
    images = db_rows(request_db(req), QUERY_CANDIDATE_IMAGES, id);
    json_array_foreach(images, i, image)
    {
        if (strcmp(row_text(image, "preset"), crunch) == 0)
            full = image;
        if (strcmp(row_text(image, "preset"), "thumbnail") == 0)
            small = image;
    }
    if (full && small) {
        char key[KEY_TEXT];
        make_key(req, req->viewer.account, id, key);
        const char *url = request_url(req, arena_printf(&req->arena, "/api/v1/media/%lld/%lld-%s.jpg", (long long)id,
                                                        (long long)req->viewer.account, key));
        entity = mastodon_media(
            post_number_text(&req->arena, id), url, url, json_integer_value(json_object_get(full, "width")),
            json_integer_value(json_object_get(full, "height")), json_integer_value(json_object_get(small, "width")),
            json_integer_value(json_object_get(small, "height")), row_text(row, "alt"), row_text(row, "blurhash"));
    }
    json_decref(images);
    json_decref(row);
    return entity;
}

static void respond_upload(struct request *req, struct response *res, int64_t id)
{
    json_t *entity = upload_entity(req, id);
    res->cache = CACHE_NEVER;
    if (json_is_null(entity)) {
        json_decref(entity);
        const struct fault *gone = picture_candidate_gone(&req->arena);
        respond_fault(req, res, gone);
    } else {
        respond_json(req, res, entity);
    }
}

/* The words of the upload: its description, which is the alt text. */
static const struct fault *read_upload(struct request *req, struct picture_words *ret_words)
{
    const struct picture_typed typed = {.alt = request_form(req, "description", NULL)};
    const struct fault *fault = picture_clean(&req->arena, &typed, ret_words);
    upload_drop_empty(req);
    if (!fault && req->upload_count != 1)
        fault = fault_of_field(&req->arena, "file", 1, "One picture a request, please, as the part “file” of a form.");
    return fault;
}

static void after_media(struct request *req, struct response *res)
{
    struct picture_words words;
    const struct pool_outcome *outcome = &req->crushed[0].outcome;
    int64_t id = 0;
    const struct fault *fault = crushed_fault(&req->arena, outcome);
    if (!fault)
        fault = read_upload(req, &words);
    if (!fault)
        fault = upload_offer(req, outcome, &words, NULL, 0, &id);
    if (fault)
        respond_fault(req, res, fault);
    else
        respond_upload(req, res, id);
}

void mastodon_media_post(struct request *req, struct response *res)
{
    static const crush_preset presets[] = {CRUSH_PRESET_CRUNCHY, CRUSH_PRESET_THUMBNAIL};
    struct picture_words words;
    const struct fault *fault = read_upload(req, &words);
    if (fault)
        respond_fault(req, res, fault);
    else
        respond_crushed(req, res, presets, 2, after_media);
}

void mastodon_media_get(struct request *req, struct response *res)
{
    respond_upload(req, res, request_id(req));
}

void mastodon_media_put(struct request *req, struct response *res)
{
    const struct actor actor = request_actor(req);
    const struct picture_typed typed = {.alt = request_form(req, "description", NULL)};
    const struct fault *fault = picture_describe_candidate(&actor, request_id(req), &typed);
    if (fault)
        respond_fault(req, res, fault);
    else
        respond_upload(req, res, request_id(req));
}

/* The picture behind the address of an upload: "ACCOUNT-KEY". */
void mastodon_media_bytes(struct request *req, struct response *res)
{
    const char *typed = request_capture(req, "key"), *dash = strchr(typed, '-');
    char key[KEY_TEXT];
    const int64_t account = dash ? strtoll(typed, NULL, 10) : 0;
    void *data = NULL;
    size_t size = 0;
    make_key(req, account, request_id(req), key);
    if (!dash || strlen(dash + 1) != KEY_TEXT - 1 || sodium_memcmp(dash + 1, key, KEY_TEXT - 1) != 0 ||
        candidate_image_find(request_db(req), account, request_id(req), crunch, &data, &size) != STORE_OK) {
        mastodon_missing(req, res);
        return;
    }
    respond_private_jpeg(req, res, data, size);
}
