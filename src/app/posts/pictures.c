/*
 * Pictures: their page, editing and deleting; the bytes at /i and /t. Uploading is in upload.c, what may be said about
 * one in domain/picture.c. What a picture says
 * about itself comes from one query, so that page, JSON twin and API agree. Refuses hidden bytes to everybody but their
 * author and administrators. Read next: post_kind.c.
 */
#include "app/request/app.h"
#include "domain/picture.h"

#include <math.h>
#include <string.h>

#include "app/posts/answers.h"
#include "app/posts/handlers.h"
#include "app/posts/post_kind.h"
#include "app/posts/upload.h"
#include "app/request/route.h"
#include "hook/purge.h"

/* ---- One picture -------------------------------------------------------------------------------- */

/* One square for each time that the file became smaller, in rows of 32, the drawing at most 16 rows high. */
static json_t *waffle(int64_t source_bytes, int64_t bytes)
{
    enum { ROW = 32, MOST = 512, SQUARE_PX = 16 };
    int64_t times = bytes > 0 ? (source_bytes + bytes / 2) / bytes : 0;
    if (times < 2)
        return json_null();
    int64_t squares = times < MOST ? times : MOST, full = squares / ROW, rest = squares % ROW;
    int64_t columns = full ? ROW : rest;
    struct buf path = {0};
    if (full)
        buf_printf(&path, "M0 0h%dv%lldH0z", ROW * SQUARE_PX, (long long)(full * SQUARE_PX));
    if (rest)
        buf_printf(&path, "M0 %lldh%lldv%dH0z", (long long)(full * SQUARE_PX), (long long)(rest * SQUARE_PX),
                   SQUARE_PX);
    json_t *drawing =
        json_pack("{s:I, s:I, s:I, s:s}", "times", (json_int_t)times, "width", (json_int_t)(columns * SQUARE_PX),
                  "height", (json_int_t)((full + (rest > 0)) * SQUARE_PX), "path", path.data);
    buf_free(&path);
    return drawing;
}

static json_t *first_of(json_t *rows)
{
    json_t *first = json_array_size(rows) ? json_incref(json_array_get(rows, 0)) : json_null();
    json_decref(rows);
    return first;
}

void picture_page(struct request *req, struct response *res)
{
    json_t *picture = post_find(req, res, &post_picture);
    if (json_is_null(picture))
        return;
    struct db *db = request_db(req);
    const int64_t id = request_id(req), one = 1, me = req->viewer.account;
    const json_t *claimed = json_object_get(picture, "claimed_bytes");
    json_t *drawing =
        waffle(json_integer_value(json_is_null(claimed) ? json_object_get(picture, "source_bytes") : claimed),
               json_integer_value(json_object_get(picture, "bytes")));
    json_t *page = json_pack("{s:o, s:o, s:o, s:o}", "picture", picture, "waffle", drawing, "newer",
                             first_of(db_rows(db, QUERY_PICTURES_AFTER, id, one, me)), "older",
                             first_of(db_rows(db, QUERY_PICTURES, id, one, me)));
    if (answers_set(req, page, &post_picture, picture)) {
        json_decref(page);
        page = NULL;
    }
    respond_page(req, res, "picture", page);
}

void picture_random(struct request *req, struct response *res)
{
    int64_t id = db_number(request_db(req), QUERY_PICTURE_RANDOM, 0, req->viewer.account);
    res->cache = CACHE_NEVER;
    respond_redirect(req, res, id ? arena_printf(&req->arena, "/p/%lld", (long long)id) : "/");
}

/* ---- Changing one's own ------------------------------------------------------------------------- */

static void edit_page(struct request *req, struct response *res, json_t *picture, const char *error)
{
    const json_t *tags = json_object_get(picture, "tags");
    const char *typed = json_string_value(tags); /* what was typed is a line already */
    struct buf line = {0};
    size_t i;
    json_t *tag;
    buf_puts(&line, typed ? typed : "");
    json_array_foreach((json_t *)tags, i, tag) buf_printf(&line, "%s%s", i ? " " : "", json_string_value(tag));
    json_object_set_new(picture, "tags_text", json_string(line.data));
    buf_free(&line);
    res->cache = CACHE_NEVER;
    respond_page(req, res, "picture_edit", json_pack("{s:o, s:s?}", "picture", picture, "error", error));
}

void picture_edit_page(struct request *req, struct response *res)
{
    json_t *picture = post_find_own(req, res, &post_picture);
    if (!json_is_null(picture))
        edit_page(req, res, picture, NULL);
}

void picture_edit_post(struct request *req, struct response *res)
{
    json_t *picture = post_find_own(req, res, &post_picture);
    if (json_is_null(picture))
        return;
    const struct actor actor = request_actor(req);
    const struct picture_typed words = upload_typed(req);
    const struct fault *fault = picture_change(&actor, request_id(req), &words);
    if (!fault) {
        post_edited(req, res, &post_picture, request_id(req));
    } else if (req->route->flags & IS_API || fault->kind != FAULT_WORDS) {
        respond_fault(req, res, fault);
    } else {
        upload_keep_typed(req, picture);
        res->status = respond_fault_status(fault);
        edit_page(req, res, json_incref(picture), fault->sentence);
    }
    json_decref(picture);
}

void picture_delete_post(struct request *req, struct response *res)
{
    const struct actor actor = request_actor(req);
    respond_after(req, res, picture_remove(&actor, request_id(req)), "The picture is gone, bytes and all.",
                  arena_printf(&req->arena, "/~%s", req->viewer.name));
}

void api_picture_get(struct request *req, struct response *res)
{
    post_show(req, res, &post_picture, request_id(req));
}

/* ---- Bytes -------------------------------------------------------------------------------------- */

/* The bytes of a picture that is hidden or waits for review: for its author and administrators, kept by nobody. */
void picture_bytes(struct request *req, struct response *res)
{
    json_t *picture = post_find(req, res, &post_picture);
    if (json_is_null(picture))
        return;
    json_decref(picture);
    void *data = NULL;
    size_t size = 0;
    const char *which = request_capture(req, "size");
    int is_thumb = strcmp(which, "thumb") == 0;
    enum store_status status = STORE_NOT_FOUND;
    if (is_thumb || strcmp(which, "full") == 0)
        status = image_find_of(request_db(req), request_id(req), is_thumb, &data, &size);
    if (status != STORE_OK) {
        respond_store_error(req, res, status, "picture");
        return;
    }
    respond_private_jpeg(req, res, data, size);
}

void image_bytes(struct request *req, struct response *res)
{
    const char *hash = request_capture(req, "hash");
    void *data = NULL;
    size_t size = 0;
    if (req->is_respelled) { /* one address for one picture, which caches can forget */
        respond_error(req, res, 404, "There is no such picture.");
        return;
    }
    purge_note(req->app->purge, req->path);
    enum store_status status = image_find(request_db(req), hash, &data, &size);
    if (status != STORE_OK) {
        purge_forget(req->app->purge, req->path);
        respond_error(req, res, status == STORE_NOT_FOUND ? 404 : 500, "There is no such picture.");
        return;
    }
    res->body = (struct buf){.data = data, .size_bytes = size, .capacity_bytes = size};
    res->cache = CACHE_IMAGE;
    res->policy = POLICY_NONE;
    res->etag = hash;
    respond_bytes(req, res, "image/jpeg");
}
