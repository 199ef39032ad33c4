/*
 * Walls: /~NAME/wall, where people of this place write, and visitors without an account where its owner lets them; and
 * /guestbook, the same of the site. The page is unstyled, since it holds forms. A visitor needs no cookie: the token of
 * the form is bound to the network (request/guard.c), and what they leave waits for a look. Refuses the bytes of what
 * is not shown to everybody but its writer, the owner of the wall and administrators. Read next: domain/wall.c.
 */
#include <string.h>

#include "app/neighbours/handlers.h"
#include "app/posts/post_kind.h"
#include "app/posts/timeline.h"
#include "app/posts/upload.h"
#include "app/request/crushed.h"
#include "app/request/route.h"
#include "domain/wall.h"

static const struct post_kind wall_entry = {
    .name = N_("wall entry"),
    .path = "/wall/",
    .query = QUERY_WALL_ENTRY,
    .missing = N_("There is no such entry. It may have been deleted, or waits for somebody’s look."),
    .not_own = N_("This entry is somebody else’s, on somebody else’s wall.")};

/* Of the route: /~NAME/wall, /api/wall/NAME, or the guestbook of the site. */
static const struct fault *find_wall(struct request *req, const struct actor *actor, struct wall *ret_wall)
{
    const char *name = request_capture(req, "name");
    return wall_find(actor, *name ? name : NULL, ret_wall);
}

static const char *path_of(struct request *req, const struct wall *wall)
{
    return wall->owner ? arena_printf(&req->arena, "/~%s/wall", wall->name) : "/guestbook";
}

/* ---- The page ----------------------------------------------------------------------------------- */

/* Who may delete an entry: whoever wrote it, and whose wall it is. */
static json_t *mark_entries(const struct request *req, json_t *rows, int is_own_wall)
{
    json_t *row;
    size_t i;
    json_array_foreach(rows, i, row)
    {
        timeline_mark_own(req, row);
        json_object_set_new(row, "is_deletable",
                            json_boolean(is_own_wall || json_is_true(json_object_get(row, "is_own"))));
    }
    return rows;
}

static json_t *text_or_null(const char *text)
{
    return *text ? json_string(text) : json_null();
}

/* error: about what was typed, which stands in the form again. */
static void show(struct request *req, struct response *res, const struct wall *wall, const char *error)
{
    static const char *const typed[] = {"content", "alt", "name", "homepage"};
    const int64_t me = req->viewer.account;
    const int is_own = wall->owner && wall->owner == me, is_visitor = !me && wall->has_guestbook;
    struct db *db = request_db(req);
    const struct actor actor = request_actor(req);
    if (req->wants_json)
        lang_use(LANG_ENGLISH); /* the sentence is a value of the data here */
    const struct fault *refusal = me ? wall_refuses(&actor, wall) : NULL;
    request_speak(req);
    json_t *rows = db_rows(db, QUERY_WALL, request_before(req), (int64_t)(PAGE_ITEMS + 1), wall->owner, me,
                           (int64_t)req->viewer.is_admin);
    json_t *waiting = is_own ? db_rows(db, QUERY_WALL_WAITING, wall->owner, (int64_t)PAGE_ITEMS) : json_array();
    json_t *page = json_pack(
        "{s:o, s:s, s:s, s:b, s:b, s:b, s:b, s:b, s:b, s:s?, s:o, s:s?}", "owner", text_or_null(wall->name), "path",
        path_of(req, wall), "takes", wall->takes, "has_guestbook", wall->has_guestbook, "is_own", is_own,
        "is_looked_at", !is_own && strcmp(wall->takes, "look") == 0 && (wall->owner || !req->viewer.is_admin),
        "may_write", me && !refusal, "may_sign", is_visitor, "may_decide", !wall->owner && req->viewer.is_admin,
        "refusal", refusal ? refusal->sentence : NULL, "waiting", mark_entries(req, waiting, 1), "error", error);
    json_t *words = json_object();
    for (size_t i = 0; i < sizeof typed / sizeof typed[0]; i++)
        json_object_set_new(words, typed[i], json_string(error ? request_typed(req, typed[i]) : ""));
    json_object_set_new(page, "typed", words);
    if (!page || timeline_set(req, page, "entries", mark_entries(req, rows, is_own), PAGE_ITEMS, path_of(req, wall))) {
        json_decref(page);
        page = NULL;
    }
    if (is_visitor || error) /* the form's token belongs to one network */
        res->cache = CACHE_NEVER;
    respond_page(req, res, "wall", page);
}

void wall_page(struct request *req, struct response *res)
{
    struct wall wall;
    const struct actor actor = request_actor(req);
    const struct fault *fault = find_wall(req, &actor, &wall);
    if (fault)
        respond_fault(req, res, fault);
    else
        show(req, res, &wall, NULL);
}

/* What can be mended stands on the page with what was typed; a program, and anything else, gets the error. */
static void refuse(struct request *req, struct response *res, const struct wall *wall, const struct fault *fault)
{
    if (req->route->flags & IS_API || fault->kind == FAULT_NOT_FOUND || fault->kind == FAULT_NOT_ALLOWED) {
        respond_fault(req, res, fault);
        return;
    }
    respond_fault_log(fault);
    res->status = respond_fault_status(fault);
    show(req, res, wall, fault->sentence);
}

/* ---- Writing ------------------------------------------------------------------------------------ */

struct wall_state {
    struct wall wall;
    struct wall_words words;
};

/* A program hears with 201 that it shows, with 202 that it waits. */
static void answer_program(struct request *req, struct response *res, int64_t id)
{
    json_t *entry = request_post(req, QUERY_WALL_ENTRY, id);
    const int waits =
        json_is_true(json_object_get(entry, "is_waiting")) || json_is_true(json_object_get(entry, "is_held"));
    if (json_is_object(entry)) {
        res->status = waits ? 202 : 201;
        respond_header(req, res, "Location", request_url(req, row_text(entry, "url")));
    }
    json_decref(entry);
    post_show(req, res, &wall_entry, id);
}

static void answer_person(struct request *req, struct response *res, const struct wall *wall, int64_t id)
{
    json_t *entry = request_post(req, QUERY_WALL_ENTRY, id);
    const char *who = wall->owner ? wall->name : tr("an administrator");
    respond_notice(req, res,
                   json_is_true(json_object_get(entry, "is_held")) && wall->owner
                       ? "It is on its way: it shows when an administrator has had a look."
                   : json_is_true(json_object_get(entry, "is_waiting")) ||
                           json_is_true(json_object_get(entry, "is_held"))
                       ? arena_printf(&req->arena, tr("It is on its way: it shows when %s has had a look."), who)
                       : "It stands on the wall.");
    json_decref(entry);
    respond_redirect(req, res, path_of(req, wall));
}

static void write_down(struct request *req, struct response *res, const struct wall_state *state,
                       const struct wall_picture *picture)
{
    const struct actor actor = request_actor(req);
    int64_t id = 0;
    const struct fault *fault = wall_write(&actor, &state->wall, req->viewer.is_admin, &state->words, picture, &id);
    if (fault)
        refuse(req, res, &state->wall, fault);
    else if (req->route->flags & IS_API)
        answer_program(req, res, id);
    else
        answer_person(req, res, &state->wall, id);
}

static void after_crush(struct request *req, struct response *res)
{
    const struct wall_state *state = req->state;
    const struct pool_outcome *outcome = &req->crushed[0].outcome;
    const struct fault *fault = crushed_fault(&req->arena, outcome);
    if (fault) {
        refuse(req, res, &state->wall, fault);
        return;
    }
    const struct pool_picture *thumb = crushed_find(outcome, CRUSH_PRESET_THUMBNAIL);
    const struct wall_picture picture = {crushed_image(&outcome->pictures[0]).image,
                                         crushed_image(thumb ? thumb : &outcome->pictures[0]).image,
                                         outcome->fingerprint};
    write_down(req, res, state, &picture);
}

/* POST /~NAME/wall, /guestbook and the same of the API: content, and perhaps image and alt. */
void wall_post(struct request *req, struct response *res)
{
    static const crush_preset presets[] = {CRUSH_PRESET_CRUNCHY, CRUSH_PRESET_THUMBNAIL};
    const struct wall_typed typed = {.content = request_form(req, "content", NULL),
                                     .alt = request_form(req, "alt", NULL)};
    struct wall_state *state = arena_alloc(&req->arena, sizeof *state);
    const struct actor actor = request_actor(req);
    const struct fault *fault = find_wall(req, &actor, &state->wall);
    if (fault) {
        respond_fault(req, res, fault);
        return;
    }
    upload_drop_empty(req);
    fault = wall_refuses(&actor, &state->wall);
    if (!fault && req->upload_count > 1)
        fault = fault_of_field(&req->arena, "image", 1, "One picture fits on an entry. Send the others with others.");
    if (!fault)
        fault = wall_clean(&req->arena, &typed, req->upload_count > 0, &state->words);
    req->state = state;
    if (fault)
        refuse(req, res, &state->wall, fault);
    else if (req->upload_count)
        respond_crushed(req, res, presets, 2, after_crush);
    else
        write_down(req, res, state, NULL);
}

/* POST /~NAME/wall/sign and /guestbook/sign: name, homepage, content. No cookie comes of it, not even for a notice. */
void wall_sign_post(struct request *req, struct response *res)
{
    const struct wall_typed typed = {.content = request_form(req, "content", NULL),
                                     .name = request_form(req, "name", NULL),
                                     .homepage = request_form(req, "homepage", NULL),
                                     .trap = request_form(req, "email", NULL)};
    struct wall wall;
    struct actor actor = request_actor(req);
    const struct fault *fault = find_wall(req, &actor, &wall);
    if (!fault && actor.account)
        fault = fault_make(&req->arena, FAULT_NOT_ALLOWED, "You have an account: write on the wall itself.");
    if (fault) {
        respond_fault(req, res, fault);
        return;
    }
    actor.key = NULL; /* keys belong to accounts */
    fault = wall_sign(&actor, &wall, req->network, &typed);
    if (fault) {
        refuse(req, res, &wall, fault);
        return;
    }
    res->cache = CACHE_NEVER;
    respond_page(req, res, "wall_signed",
                 json_pack("{s:o, s:s}", "owner", text_or_null(wall.name), "path", path_of(req, &wall)));
}

/* ---- Deciding ----------------------------------------------------------------------------------- */

/* The wall on which the entry at :id stands, for going back; "" when it is not to be seen. */
static const char *wall_of_entry(struct request *req)
{
    json_t *entry = request_post(req, QUERY_WALL_ENTRY, request_id(req));
    const char *owner = row_text(entry, "owner");
    const char *path = *owner                  ? arena_printf(&req->arena, "/~%s/wall", owner)
                       : json_is_object(entry) ? "/guestbook"
                                               : "/";
    json_decref(entry);
    return path;
}

/* Form: do, accept or delete. */
void wall_decide_post(struct request *req, struct response *res)
{
    const char *what = request_form(req, "do", "");
    const struct actor actor = request_actor(req);
    const char *path = wall_of_entry(req);
    if (strcmp(what, "accept") == 0)
        respond_after(req, res, wall_let_in(&actor, request_id(req)), "It stands on the wall.", path);
    else if (strcmp(what, "delete") == 0)
        respond_after(req, res, wall_remove(&actor, request_id(req)), "Scrubbed off, bytes and all.", path);
    else
        respond_error(req, res, 422, "An entry is accepted or deleted: say which.");
}

/* ---- One entry ---------------------------------------------------------------------------------- */

void api_wall_get(struct request *req, struct response *res)
{
    post_show(req, res, &wall_entry, request_id(req));
}

/* PUT lets in what waits on one's own wall. */
void api_wall_accept(struct request *req, struct response *res)
{
    const struct actor actor = request_actor(req);
    const struct fault *fault = wall_let_in(&actor, request_id(req));
    if (fault)
        respond_fault(req, res, fault);
    else
        post_show(req, res, &wall_entry, request_id(req));
}

void api_wall_delete(struct request *req, struct response *res)
{
    const struct actor actor = request_actor(req);
    respond_after(req, res, wall_remove(&actor, request_id(req)), NULL, NULL);
}

/* The bytes of what is hidden or waits. */
void wall_bytes(struct request *req, struct response *res)
{
    json_t *entry = post_find(req, res, &wall_entry);
    if (json_is_null(entry))
        return;
    json_decref(entry);
    void *data = NULL;
    size_t size = 0;
    const char *which = request_capture(req, "size");
    const int is_thumb = strcmp(which, "thumb") == 0;
    enum store_status status = STORE_NOT_FOUND;
    if (is_thumb || strcmp(which, "full") == 0)
        status = wall_image_find(request_db(req), request_id(req), is_thumb, &data, &size);
    if (status != STORE_OK) {
        respond_store_error(req, res, status, "picture");
        return;
    }
    respond_private_jpeg(req, res, data, size);
}
