/*
 * Kept posts: one's own list, the same shown to everybody by choice, keeping and letting go by form and by API. Refuses
 * to tell anybody who keeps what. Read next: domain/kept.c.
 */
#include "app/neighbours/handlers.h"
#include "app/people/people.h"
#include "app/posts/post_kind.h"
#include "app/posts/timeline.h"
#include "app/request/app.h"
#include "app/request/route.h"
#include "domain/answers.h"
#include "domain/kept.h"

/* The entries of a page become the posts themselves, each with its "kind". */
static json_t *posts_of(struct request *req, const json_t *entries)
{
    json_t *posts = json_array(), *entry;
    size_t i;
    json_array_foreach((json_t *)entries, i, entry)
    {
        const struct post_kind *kind = post_kind_find(row_text(entry, "kind"));
        json_t *post = request_post(req, kind->query, json_integer_value(json_object_get(entry, "post_id")));
        if (!json_is_object(post)) { /* let go a moment ago */
            json_decref(post);
            continue;
        }
        json_object_del(post, "account_id");
        json_object_set_new(post, "kind", json_string(kind->name));
        json_object_set_new(post, "is_picture", json_boolean(kind == &post_picture));
        json_object_set_new(post, "is_status", json_boolean(kind == &post_status));
        json_object_set_new(post, "is_mood", json_boolean(kind == &post_mood));
        json_object_set_new(post, "kept_at", json_incref(json_object_get(entry, "created_at")));
        json_array_append_new(posts, post);
    }
    return posts;
}

/* Whose: NULL for one's own. */
static void kept_show(struct request *req, struct response *res, int64_t account, const char *name, const char *path)
{
    json_t *page = json_pack("{s:s?}", "name", name);
    json_t *entries = db_rows(request_db(req), QUERY_KEPT_OF, request_before(req), (int64_t)(PAGE_ITEMS + 1), account,
                              req->viewer.account);
    if (!page || timeline_set(req, page, "kept", entries, PAGE_ITEMS, path)) {
        json_decref(page);
        page = NULL;
    } else {
        json_object_set_new(page, "kept", posts_of(req, entries));
    }
    respond_page(req, res, "kept", page);
}

void kept_page(struct request *req, struct response *res)
{
    res->cache = CACHE_NEVER;
    kept_show(req, res, req->viewer.account, NULL, "/kept");
}

void person_kept_page(struct request *req, struct response *res)
{
    json_t *person = person_find(req, res);
    if (json_is_null(person))
        return;
    const int64_t id = json_integer_value(json_object_get(person, "id"));
    const char *name = arena_copy(&req->arena, row_text(person, "name"));
    json_t *manners = db_row(request_db(req), QUERY_MANNERS_OF, id);
    const int is_shown = json_is_true(json_object_get(manners, "shows_kept"));
    json_decref(manners);
    json_decref(person);
    if (is_shown)
        kept_show(req, res, id, name, arena_printf(&req->arena, "/~%s/kept", name));
    else
        respond_error(req, res, 404, "What %s keeps is theirs alone to see.", name);
}

/* From the page of a post, and back to it. undo: lets it go. */
void kept_post(struct request *req, struct response *res)
{
    const struct actor actor = request_actor(req);
    const char *typed = request_form(req, "post", "");
    const int is_undo = *request_form(req, "undo", "") != '\0';
    struct post_ref post = {0};
    int64_t id = 0;
    const struct fault *fault = is_undo ? kept_let_go(&actor, typed) : kept_keep(&actor, typed, &id);
    if (!fault)
        fault = answers_read(&req->arena, "post", typed, &post);
    respond_after(req, res, fault,
                  is_undo ? "Let go." : N_("Kept. Nobody is told; you find it under Kept, from your own settings."),
                  fault ? "/kept"
                        : arena_printf(&req->arena, "%s%lld", post_kind_find(post.kind)->path, (long long)post.id));
}

void api_kept_post(struct request *req, struct response *res)
{
    const struct actor actor = request_actor(req);
    const char *typed = request_form(req, "post", "");
    struct post_ref post = {0};
    int64_t id = 0;
    const struct fault *fault = kept_keep(&actor, typed, &id);
    if (!fault)
        fault = answers_read(&req->arena, "post", typed, &post);
    if (fault) {
        respond_fault(req, res, fault);
        return;
    }
    res->status = 201;
    respond_json(req, res,
                 json_pack("{s:I, s:s, s:s}", "id", (json_int_t)id, "post", typed, "url",
                           request_url(req, arena_printf(&req->arena, "%s%lld", post_kind_find(post.kind)->path,
                                                         (long long)post.id))));
}

void api_kept_delete(struct request *req, struct response *res)
{
    const struct actor actor = request_actor(req);
    const char *post = arena_printf(&req->arena, "%s/%s", request_capture(req, "kind"), request_capture(req, "id"));
    respond_after(req, res, kept_let_go(&actor, post), NULL, "/kept");
}
