/*
 * Micropub (W3C Recommendation): posting, changing and deleting from other people's programs, with the tokens of the
 * API. A translation: a note becomes a status, a photo a picture, a "mood" a mood, and what may be said is decided in
 * src/domain as for everybody. Uploads of media are in micropub_media.c.
 * Refuses to fetch photos from foreign addresses (they come as files or through the media endpoint), and to undelete,
 * since deleting really deletes. Read next: micropub_post.c.
 */
#include "app/elsewhere/micropub.h"

#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "app/elsewhere/handlers.h"
#include "app/posts/upload.h"
#include "app/request/route.h"

enum { CATEGORIES_MAX = 200 };

/* The row that url names, when it is one's own. JSON null after an error was answered. */
static json_t *find_own(struct request *req, struct response *res, const char *url,
                        const struct micropub_kind **ret_kind, int64_t *ret_id)
{
    int64_t id = 0;
    const struct micropub_kind *kind = micropub_find_kind(req, url, &id);
    json_t *row = kind ? request_post(req, kind->post->query, id) : json_null();
    if (!json_is_object(row)) {
        json_decref(row);
        respond_error(req, res, 400, "url is the full address of a post here, and there is no such post.");
        return json_null();
    }
    if (json_integer_value(json_object_get(row, "account_id")) != req->viewer.account) {
        json_decref(row);
        respond_error(req, res, 400, "This post is somebody else’s.");
        return json_null();
    }
    *ret_kind = kind;
    *ret_id = id;
    return row;
}

/* ---- Asking ------------------------------------------------------------------------------------- */

/* {"type", "properties"} of a post, or only the properties that were asked for. */
static void answer_source(struct request *req, struct response *res)
{
    const struct micropub_kind *kind = NULL;
    int64_t id = 0;
    json_t *row = find_own(req, res, request_query(req, "url", ""), &kind, &id);
    if (json_is_null(row))
        return;
    json_t *all = micropub_properties_of(req, kind, row), *some = json_object();
    int asked = 0;
    json_decref(row);
    for (int i = 0; i < req->query.count; i++) {
        const struct field *field = &req->query.items[i];
        if (strncmp(field->name, "properties", 10) != 0)
            continue;
        asked = 1;
        if (json_object_get(all, field->value))
            json_object_set(some, field->value, json_object_get(all, field->value));
    }
    respond_json(req, res,
                 asked ? json_pack("{s:O}", "properties", some)
                       : json_pack("{s:[s], s:O}", "type", "h-entry", "properties", all));
    json_decref(all);
    json_decref(some);
}

static int compare_words(const void *a, const void *b)
{
    return strcmp(*(const char *const *)a, *(const char *const *)b);
}

/* The tags of one's newest posts that begin with "filter", each once, in alphabetical order. */
static void answer_categories(struct request *req, struct response *res)
{
    static const enum query queries[] = {QUERY_STATUS_TAGS_OF, QUERY_PICTURE_TAGS_OF};
    const char *words[2 * CATEGORIES_MAX], *filter = request_query(req, "filter", "");
    size_t count = 0, i;
    json_t *names = json_array(), *row;
    for (size_t q = 0; q < 2; q++) {
        json_t *rows = db_rows(request_db(req), queries[q], req->viewer.account, (int64_t)CATEGORIES_MAX);
        json_array_foreach(rows, i, row)
        {
            const char *name = json_string_value(json_object_get(row, "name"));
            if (!strncasecmp(name, filter, strlen(filter)))
                words[count++] = arena_copy(&req->arena, name);
        }
        json_decref(rows);
    }
    qsort(words, count, sizeof words[0], compare_words);
    for (i = 0; i < count; i++)
        if (!i || strcmp(words[i], words[i - 1]) != 0)
            json_array_append_new(names, json_string(words[i]));
    respond_json(req, res, json_pack("{s:o}", "categories", names));
}

/* What a browser asks before a page of another site may send a token and read the address of the new post. */
void micropub_options(struct request *req, struct response *res)
{
    if (!req->is_options) {
        respond_error(req, res, 405, "This address takes GET and POST.");
        return;
    }
    respond_header(req, res, "Allow", "OPTIONS, GET, HEAD, POST");
    respond_header(req, res, "Access-Control-Allow-Methods", "GET, POST");
    respond_header(req, res, "Access-Control-Allow-Headers", "Authorization, Content-Type, Idempotency-Key");
    respond_header(req, res, "Access-Control-Max-Age", "86400");
    res->status = 204;
}

void micropub_get(struct request *req, struct response *res)
{
    const char *q = request_query(req, "q", "");
    res->cache = CACHE_NEVER;
    if (strcmp(q, "config") == 0)
        respond_json(req, res,
                     json_pack("{s:s, s:[], s:[s, s], s:[s], s:[{s:s, s:s}, {s:s, s:s}], s:[s, s, s, s]}",
                               "media-endpoint", request_url(req, "/micropub/media"), "syndicate-to", "post-status",
                               "published", "draft", "visibility", "public", "post-types", "type", "note", "name",
                               "Status", "type", "photo", "name", "Picture", "q", "config", "source", "syndicate-to",
                               "category"));
    else if (strcmp(q, "syndicate-to") == 0)
        respond_json(req, res, json_pack("{s:[]}", "syndicate-to"));
    else if (strcmp(q, "source") == 0)
        answer_source(req, res);
    else if (strcmp(q, "category") == 0)
        answer_categories(req, res);
    else
        respond_error(req, res, 400, "q is config, source, syndicate-to or category.");
}

/* ---- Posting ------------------------------------------------------------------------------------ */

/* A photo that came through the media endpoint: publishes that upload, or keeps it with its words. */
static void publish_media(struct request *req, struct response *res, const char *url, const struct picture_typed *typed,
                          int is_draft)
{
    const struct actor actor = request_actor(req);
    const int64_t candidate = micropub_media_id(req, url);
    int64_t id = 0;
    if (!candidate) {
        respond_error(req, res, 400,
                      "Photos from other addresses are not fetched. Send the file itself, or upload it to %s first.",
                      request_url(req, "/micropub/media"));
        return;
    }
    const struct fault *fault = is_draft ? picture_describe_candidate(&actor, candidate, typed)
                                         : picture_choose(&actor, candidate, "crunchy", typed, &id);
    if (fault)
        respond_fault(req, res, fault);
    else if (is_draft)
        upload_answer_draft(req, res, candidate);
    else
        post_added(req, res, &post_picture, id, NULL, NULL);
}

/* A photo that came as a file. */
static void publish_file(struct request *req, struct response *res, const struct picture_typed *typed, int is_draft)
{
    struct picture_words words;
    const struct actor actor = request_actor(req);
    const struct fault *fault = picture_clean(&req->arena, typed, &words);
    if (!fault)
        fault = answers_check(&actor, words.reply);
    if (!fault)
        fault = upload_check_files(req);
    if (fault)
        respond_fault(req, res, fault);
    else if (is_draft)
        upload_candidates(req, res, &words);
    else
        upload_publish(req, res, &words);
}

static void publish(struct request *req, struct response *res, const json_t *properties)
{
    const struct actor actor = request_actor(req);
    const char *photo = micropub_text(req, properties, "photo");
    const int has_file = req->upload_count > 0;
    const int is_mood = json_array_size(json_object_get(properties, "mood")) > 0;
    const struct micropub_kind *kind = micropub_kind_of(has_file || *photo ? &post_picture
                                                        : is_mood          ? &post_mood
                                                                           : &post_status);
    struct micropub_typed typed;
    int64_t id = 0;
    int is_draft = 0;
    const struct fault *fault = micropub_check_asks(req, properties, &is_draft);
    if (!fault)
        fault = micropub_read_words(req, kind, properties, 0, &typed);
    if (!fault && is_draft && kind->publish)
        fault = fault_of_field(&req->arena, "post-status", 0,
                               "Only pictures are kept as drafts; words would be seen by everybody at once, so nothing "
                               "was posted.");
    if (!fault && *photo && has_file)
        fault = fault_of_field(&req->arena, "photo", 1, "A post here is one picture, and this one would get two.");
    if (!fault && kind->publish)
        fault = kind->publish(&actor, &typed, &id);
    if (fault)
        respond_fault(req, res, fault);
    else if (kind->publish)
        post_added(req, res, kind->post, id, NULL, NULL);
    else if (has_file)
        publish_file(req, res, &typed.picture, is_draft);
    else
        publish_media(req, res, photo, &typed.picture, is_draft);
}

static void create(struct request *req, struct response *res)
{
    json_t *properties = micropub_read_properties(req);
    const char *type = req->json ? json_string_value(json_array_get(json_object_get(req->json, "type"), 0)) : NULL;
    const char *h = request_form(req, "h", "entry");
    if (!(req->viewer.scopes & SCOPE_CREATE))
        respond_error(req, res, 403, "This token is not allowed to post.");
    else if (!properties)
        respond_error(req, res, 400, "properties is an object of lists of values, in UTF-8.");
    else if (req->json ? !type || strcmp(type, "h-entry") != 0 : strcmp(h, "entry") != 0)
        respond_error(req, res, 400, "Only entries are kept here: h=entry, or \"type\": [\"h-entry\"].");
    else
        publish(req, res, properties);
    json_decref(properties);
}

static void update(struct request *req, struct response *res)
{
    const struct micropub_kind *kind = NULL;
    int64_t id = 0;
    if (!(req->viewer.scopes & SCOPE_UPDATE)) {
        respond_error(req, res, 403, "This token is not allowed to change posts.");
        return;
    }
    if (!req->json) {
        respond_error(req, res, 400, "Updates come as JSON.");
        return;
    }
    json_t *row = find_own(req, res, request_form(req, "url", ""), &kind, &id);
    if (json_is_null(row))
        return;
    const struct actor actor = request_actor(req);
    struct micropub_typed typed;
    json_t *properties = micropub_properties_of(req, kind, row);
    json_t *photo = json_deep_copy(json_array_get(json_object_get(properties, "photo"), 0));
    const char *answered = arena_copy(&req->arena, micropub_text(req, properties, "in-reply-to"));
    const char *wrong = micropub_apply(req->json, properties);
    if (!wrong && strcmp(micropub_text(req, properties, "photo"), row_text(photo, "value")) != 0)
        wrong = "The picture of a post stays as it is; delete the post and make a new one.";
    int is_draft = 0;
    const struct fault *fault =
        wrong ? fault_make(&req->arena, FAULT_WORDS, "%s", wrong) : micropub_check_asks(req, properties, &is_draft);
    if (!fault && is_draft)
        fault = fault_of_field(&req->arena, "post-status", 0,
                               "What was published stays published. Delete it, if nobody is to see it any more.");
    if (!fault && strcmp(answered, micropub_text(req, properties, "in-reply-to")) != 0)
        fault = fault_of_field(&req->arena, "in-reply-to", 0, "What a post answers stays as it is.");
    if (!fault)
        fault = micropub_read_words(req, kind, properties, 1, &typed);
    if (!fault)
        fault = kind->change(&actor, id, &typed);
    if (fault)
        respond_fault(req, res, fault);
    else
        post_edited(req, res, kind->post, id);
    json_decref(photo);
    json_decref(properties);
    json_decref(row);
}

static void delete_post(struct request *req, struct response *res)
{
    const struct actor actor = request_actor(req);
    const struct micropub_kind *kind = NULL;
    int64_t id = 0;
    if (!(req->viewer.scopes & SCOPE_DELETE)) {
        respond_error(req, res, 403, "This token is not allowed to delete posts.");
        return;
    }
    json_t *row = find_own(req, res, request_form(req, "url", ""), &kind, &id);
    if (!json_is_null(row))
        respond_after(req, res, kind->post->remove(&actor, id), NULL, "/");
    json_decref(row);
}

void micropub_post(struct request *req, struct response *res)
{
    respond_header(req, res, "Access-Control-Expose-Headers", "Location");
    const char *action = request_form(req, "action", "create");
    if (strcmp(action, "create") == 0)
        create(req, res);
    else if (strcmp(action, "update") == 0)
        update(req, res);
    else if (strcmp(action, "delete") == 0)
        delete_post(req, res);
    else if (strcmp(action, "undelete") == 0)
        respond_error(req, res, 400, "Deleting really deletes here: nothing can be brought back.");
    else
        respond_error(req, res, 400, "action is create, update or delete.");
}
