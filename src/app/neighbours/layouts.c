/*
 * Layouts, from form to API: stylesheets that people share by name. A sheet is shown here as text and never applied;
 * trying one on, on one's own page and under the policy of a room, is people/profile.c's, as for the ready themes.
 * Refuses nothing itself: domain/layout.c does.
 */
#include "app/neighbours/layouts.h"

#include <string.h>

#include "app/neighbours/handlers.h"
#include "app/posts/timeline.h"
#include "app/request/route.h"
#include "domain/layout.h"

const struct post_kind layout_kind = {.name = N_("layout"),
                                      .path = "/layouts/",
                                      .query = QUERY_LAYOUT,
                                      .missing =
                                          N_("There is no such layout. It may have been withdrawn; copies of it stay."),
                                      .not_own = N_("This layout is somebody else’s. Take a copy, and change that.")};

/* ---- Looking ------------------------------------------------------------------------------------ */

void layouts_page(struct request *req, struct response *res)
{
    json_t *page = json_object();
    json_t *rows =
        db_rows(request_db(req), QUERY_LAYOUTS, request_before(req), (int64_t)(PAGE_ITEMS + 1), req->viewer.account);
    if (timeline_set(req, page, "layouts", rows, PAGE_ITEMS, "/layouts")) {
        json_decref(page);
        page = NULL;
    }
    respond_page(req, res, "layouts", page);
}

void layout_page(struct request *req, struct response *res)
{
    json_t *layout = post_find(req, res, &layout_kind);
    if (!json_is_null(layout))
        respond_page(req, res, "shared_layout", json_pack("{s:o}", "layout", layout));
}

/* ---- One's own ---------------------------------------------------------------------------------- */

/* What was typed into the form of a new one. */
static const char *typed_new(const struct request *req, const char *name)
{
    return *request_capture(req, "id") ? "" : request_typed(req, name);
}

static void own_show(struct request *req, struct response *res, const char *error)
{
    res->cache = CACHE_NEVER;
    json_t *rows = db_rows(request_db(req), QUERY_LAYOUTS_OF, INT64_MAX, (int64_t)LAYOUTS_MAX, req->viewer.account,
                           (int64_t)1),
           *row;
    size_t i;
    json_array_foreach(rows, i, row) json_object_del(row, "css");
    respond_page(req, res, "settings_layouts",
                 json_pack("{s:o, s:{s:s, s:s}, s:s?}", "layouts", rows, "share", "name", typed_new(req, "name"),
                           "line", typed_new(req, "line"), "error", error));
}

void own_layouts_page(struct request *req, struct response *res)
{
    own_show(req, res, NULL);
}

static struct layout_typed typed(const struct request *req)
{
    return (struct layout_typed){.name = request_form(req, "name", NULL),
                                 .line = request_form(req, "line", NULL),
                                 .css = req->route->flags & IS_API ? request_form(req, "css", NULL) : NULL};
}

/* What a form meant, or the page with what is wrong on it. */
static void own_done(struct request *req, struct response *res, const struct fault *fault, const char *notice)
{
    if (fault && (fault->kind == FAULT_WORDS || fault->kind == FAULT_TAKEN)) {
        res->status = respond_fault_status(fault);
        own_show(req, res, fault->sentence);
        return;
    }
    respond_after(req, res, fault, notice, "/settings/layouts");
}

void own_layouts_post(struct request *req, struct response *res)
{
    const struct layout_typed layout = typed(req);
    struct actor actor = request_actor(req);
    int64_t id = 0;
    const struct fault *fault = layout_publish(&actor, &layout, &id);
    if (!(req->route->flags & IS_API))
        own_done(req, res, fault, N_("Shared. Whoever takes it gets a copy."));
    else if (fault)
        respond_fault(req, res, fault);
    else
        post_added(req, res, &layout_kind, id, NULL, NULL);
}

/* Form: name, line, with_style; or then=withdraw. */
void own_layout_post(struct request *req, struct response *res)
{
    const struct layout_typed layout = typed(req);
    struct actor actor = request_actor(req);
    if (strcmp(request_form(req, "then", ""), "withdraw") == 0)
        own_done(req, res, layout_remove(&actor, request_id(req)),
                 N_("Withdrawn. Copies that others took stay theirs."));
    else
        own_done(req, res,
                 layout_change(&actor, request_id(req), &layout, *request_form(req, "with_style", "") != '\0'),
                 "Saved.");
}

/* ---- API ----------------------------------------------------------------------------------------- */

void api_layout_get(struct request *req, struct response *res)
{
    post_show(req, res, &layout_kind, request_id(req));
}

/* What is absent stays as it is. */
void api_layout_put(struct request *req, struct response *res)
{
    json_t *layout = post_find_own(req, res, &layout_kind);
    if (json_is_null(layout))
        return;
    const struct layout_typed changed = {.name = request_form(req, "name", row_text(layout, "name")),
                                         .line = request_form(req, "line", row_text(layout, "line")),
                                         .css = request_form(req, "css", NULL)};
    struct actor actor = request_actor(req);
    const struct fault *fault = layout_change(&actor, request_id(req), &changed, 0);
    json_decref(layout);
    if (fault)
        respond_fault(req, res, fault);
    else
        post_show(req, res, &layout_kind, request_id(req));
}

void api_layout_delete(struct request *req, struct response *res)
{
    const struct actor actor = request_actor(req);
    respond_after(req, res, layout_remove(&actor, request_id(req)), NULL, "/layouts");
}
