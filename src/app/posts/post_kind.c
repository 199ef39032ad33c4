/*
 * What pictures, statuses and moods have in common on their way to an answer: see post_kind.h. One handler serves a
 * form and the API; the flags of the route say which of the two asked. Refuses to know what is in a post. Read next:
 * statuses.c, the shortest of them.
 */
#include "app/posts/post_kind.h"

#include <string.h>

#include "app/request/route.h"
#include "app/posts/answers.h"
#include "app/posts/timeline.h"
#include "domain/mood.h"
#include "domain/picture.h"
#include "domain/status.h"

const struct post_kind post_picture = {
    .name = N_("picture"),
    .path = "/p/",
    .query = QUERY_PICTURE,
    .words = "caption",
    .remove = picture_remove,
    .missing = N_("There is no such picture. It may have been deleted; deleting really deletes."),
    .not_own = N_("This picture is somebody else’s. Only whoever posted it can change it.")};
const struct post_kind post_status = {
    .name = N_("status"),
    .path = "/statuses/",
    .query = QUERY_STATUS,
    .words = "content",
    .remove = status_remove,
    .missing = N_("There is no such status. It may have been deleted; deleting really deletes."),
    .not_own = N_("This status is somebody else’s. Only whoever said it can change it.")};
const struct post_kind post_mood = {.name = N_("mood"),
                                    .path = "/moods/",
                                    .query = QUERY_MOOD,
                                    .words = "mood",
                                    .remove = mood_remove,
                                    .missing = N_("There is no such mood. It may have passed, as moods do."),
                                    .not_own = N_("This mood is somebody else’s. Only whoever felt it can change it.")};

const struct post_kind *const post_kinds[POST_KINDS] = {&post_picture, &post_status, &post_mood};

const struct post_kind *post_kind_find(const char *name)
{
    for (int i = 0; i < POST_KINDS; i++)
        if (strcmp(post_kinds[i]->name, name) == 0)
            return post_kinds[i];
    return NULL;
}

static json_t *post_find_at(struct request *req, struct response *res, const struct post_kind *kind, int64_t id)
{
    json_t *post = request_post(req, kind->query, id);
    if (!post)
        respond_store_error(req, res, STORE_FAILED, kind->name);
    else if (json_is_null(post))
        respond_error(req, res, 404, "%s", kind->missing);
    else
        timeline_mark_own(req, post);
    return post ? post : json_null();
}

json_t *post_find(struct request *req, struct response *res, const struct post_kind *kind)
{
    return post_find_at(req, res, kind, request_id(req));
}

json_t *post_find_own(struct request *req, struct response *res, const struct post_kind *kind)
{
    json_t *post = post_find(req, res, kind);
    if (json_is_null(post) || json_is_true(json_object_get(post, "is_own")))
        return post;
    json_decref(post);
    respond_error(req, res, 403, "%s", kind->not_own);
    return json_null();
}

/* What the API shows of a post: full addresses, its first answers, and no account numbers. */
static json_t *in_full(struct request *req, const struct post_kind *kind, json_t *post)
{
    static const char *const keys[] = {"url", "image_url", "thumb_url", "reply_url"};
    for (size_t i = 0; i < sizeof keys / sizeof keys[0]; i++) {
        const char *path = json_string_value(json_object_get(post, keys[i]));
        if (path && path[0] == '/')
            json_object_set_new(post, keys[i], json_string(request_url(req, path)));
    }
    json_object_set_new(post, "replies", answers_first(req, kind, post));
    json_object_del(post, "account_id");
    return post;
}

void post_show(struct request *req, struct response *res, const struct post_kind *kind, int64_t id)
{
    json_t *post = post_find_at(req, res, kind, id);
    if (!json_is_null(post))
        respond_json(req, res, in_full(req, kind, post));
}

void post_added(struct request *req, struct response *res, const struct post_kind *kind, int64_t id, const char *notice,
                const char *location)
{
    if (!(req->route->flags & IS_API)) {
        respond_after(req, res, NULL, notice, location);
        return;
    }
    json_t *post = post_find_at(req, res, kind, id);
    if (json_is_null(post))
        return;
    respond_header(req, res, "Location", json_string_value(json_object_get(in_full(req, kind, post), "url")));
    res->status = 201;
    respond_json(req, res, post);
}

void post_edited(struct request *req, struct response *res, const struct post_kind *kind, int64_t id)
{
    if (req->route->flags & IS_API)
        post_show(req, res, kind, id);
    else
        respond_redirect(req, res, arena_printf(&req->arena, "%s%lld", kind->path, (long long)id));
}
