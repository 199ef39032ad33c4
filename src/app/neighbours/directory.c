/*
 * The directory of neighbouring sites: members' homepages and what they suggest, with a line, a category and a button
 * of 88 × 31 pixels. Buttons go through a worker and come out as our own bytes; who has none gets one drawn. Refuses to
 * call any of the addresses. Read next: ring.c, domain/neighbour.c.
 */
#include <string.h>

#include "app/request/app.h"
#include "app/neighbours/handlers.h"
#include "app/posts/timeline.h"
#include "app/request/crushed.h"
#include "app/request/route.h"
#include "base/text.h"
#include "domain/neighbour.h"
#include "view/badge.h"
#include "view/feed.h"
#include "view/linkify.h"

enum { SITES = 40, QUERY_MAX_BYTES = 100, FEEDS_MAX = 1000, DOOR_BYTES = 12 };

/* ---- Looking ------------------------------------------------------------------------------------- */

static json_t *categories_with(const char *chosen)
{
    json_t *list = json_array();
    for (int i = 0; neighbour_categories[i]; i++)
        json_array_append_new(list, json_pack("{s:s, s:b}", "category", neighbour_categories[i], "is_chosen",
                                              strcmp(chosen, neighbour_categories[i]) == 0));
    return list;
}

void neighbours_page(struct request *req, struct response *res)
{
    const char *category = request_query(req, "category", ""), *typed = request_query(req, "q", "");
    const char *words = text_is_utf8(typed, strlen(typed)) ? typed : "";
    if (strlen(words) > QUERY_MAX_BYTES) {
        respond_error(req, res, 422, "These are too many words to look for: %d characters will do.", QUERY_MAX_BYTES);
        return;
    }
    if (*category && !neighbour_is_category(category)) {
        respond_error(req, res, 404, "There is no such part of the directory.");
        return;
    }
    json_t *rows = *category ? db_rows(request_db(req), QUERY_NEIGHBOURS_IN, request_before(req), (int64_t)(SITES + 1),
                                       req->viewer.account, words, category)
                             : db_rows(request_db(req), QUERY_NEIGHBOURS, request_before(req), (int64_t)(SITES + 1),
                                       req->viewer.account, words);
    const char *path = *words || *category ? arena_printf(&req->arena, "/neighbours?category=%s&q=%s", category,
                                                          request_encode(req, words))
                                           : "/neighbours";
    json_t *page =
        json_pack("{s:s, s:s, s:o}", "category", category, "q", words, "categories", categories_with(category));
    if (timeline_set(req, page, "sites", rows, SITES, path)) {
        json_decref(page);
        page = NULL;
    }
    respond_page(req, res, "neighbours", page);
}

/* /neighbours/feed.atom: what came lately, as words with a link. */
void neighbours_atom(struct request *req, struct response *res)
{
    json_t *sites = db_rows(request_db(req), QUERY_NEIGHBOURS, INT64_MAX, (int64_t)PAGE_ITEMS, req->viewer.account, "");
    json_t *items = json_array(), *site;
    size_t i;
    json_array_foreach(sites, i, site)
    {
        const char *line = row_text(site, "line");
        json_array_append_new(items, json_pack("{s:s, s:s, s:O, s:O, s:n, s:s, s:s}", "kind", "status", "url",
                                               arena_printf(&req->arena, "/neighbours#n%lld",
                                                            (long long)json_integer_value(json_object_get(site, "id"))),
                                               "author", json_object_get(site, "author"), "created_at",
                                               json_object_get(site, "created_at"), "edited_at", "face", "", "content",
                                               arena_printf(&req->arena, "%s%s%s: %s", row_text(site, "title"),
                                                            *line ? " – " : "", line, row_text(site, "url"))));
    }
    json_t *newest = json_object_get(json_array_get(sites, 0), "created_at");
    json_t *feed = json_pack("{s:s, s:s, s:s, s:s, s:I, s:n, s:n, s:o}", "title",
                             arena_printf(&req->arena, tr("Neighbours of %s"), request_site(req)->of[SITE_NAME]), "url",
                             request_url(req, "/neighbours"), "feed_url", request_url(req, "/neighbours/feed.atom"),
                             "base", request_url(req, ""), "updated_at",
                             newest ? json_integer_value(newest) : (json_int_t)req->app->started_s, "author",
                             "next_url", "items", items);
    const int written = feed_write_atom(feed, &res->body);
    json_decref(feed);
    json_decref(sites);
    if (written != 0)
        respond_error(req, res, 500, "The feed could not be made.");
    else
        respond_bytes(req, res, "application/atom+xml; charset=utf-8");
}

/* /neighbours.opml: what members post, for a feed reader (OPML 2.0). */
void neighbours_opml(struct request *req, struct response *res)
{
    json_t *people = db_rows(request_db(req), QUERY_PEOPLE_WITH_FEEDS, (int64_t)FEEDS_MAX, req->viewer.account),
           *person;
    const char *site = request_site(req)->of[SITE_NAME];
    struct buf *out = &res->body;
    size_t i;
    buf_puts(out, "<?xml version=\"1.0\" encoding=\"utf-8\"?>\n<opml version=\"2.0\"><head><title>");
    linkify_escape(site, strlen(site), out);
    buf_puts(out, "</title></head><body>\n");
    json_array_foreach(people, i, person)
    {
        const char *name = row_text(person, "name"), *shown = row_text(person, "display_name");
        if (!*shown)
            shown = name;
        buf_puts(out, "<outline type=\"rss\" text=\"");
        linkify_escape(shown, strlen(shown), out);
        buf_printf(out, "\" xmlUrl=\"%s\"", request_url(req, arena_printf(&req->arena, "/~%s/feed.atom", name)));
        buf_printf(out, " htmlUrl=\"%s\"/>\n", request_url(req, arena_printf(&req->arena, "/~%s", name)));
    }
    buf_puts(out, "</body></opml>\n");
    json_decref(people);
    respond_header(req, res, "Content-Disposition", "attachment; filename=\"neighbours.opml\"");
    respond_bytes(req, res, "text/x-opml; charset=utf-8");
}

/* /neighbours/ID/button.gif, for those who brought none. */
void neighbour_button(struct request *req, struct response *res)
{
    json_t *site =
        db_row(request_db(req), QUERY_NEIGHBOUR, request_id(req), req->viewer.account, (int64_t)req->viewer.is_admin);
    const char *title = arena_copy(&req->arena, row_text(site, "title"));
    const int is_there = json_is_object(site);
    json_decref(site);
    if (!is_there) {
        respond_error(req, res, 404, "There is no such site.");
        return;
    }
    /* a name that does not fit the door takes turns below it */
    if (button_draw(title, "", strlen(title) > DOOR_BYTES ? title : "",
                    (enum button_style)(request_id(req) % BUTTON_STYLE_COUNT), &res->body) != 0) {
        respond_error(req, res, 503, "There is no memory to draw with. Try again in a moment.");
        return;
    }
    res->policy = POLICY_NONE;
    respond_bytes(req, res, "image/gif");
}

/* ---- Writing ------------------------------------------------------------------------------------- */

/* site: NULL for a new one. */
static void form_show(struct request *req, struct response *res, const json_t *site, int is_home, const char *error)
{
    const int64_t id = json_integer_value(json_object_get(site, "id"));
    json_t *me = db_row(request_db(req), QUERY_RING_OF, req->viewer.account);
    const int was_typed = error != NULL;
    const char *category = was_typed ? request_typed(req, "category") : row_text(site, "category");
    res->cache = CACHE_NEVER;
    respond_page(req, res, "neighbour_form",
                 json_pack("{s:s, s:b, s:b, s:s, s:s, s:s, s:s, s:o, s:o, s:s?}", "action",
                           id ? arena_printf(&req->arena, "/neighbours/%lld", (long long)id) : "/neighbours/new",
                           "is_new", !id, "is_home", is_home, "homepage", row_text(me, "homepage"), "url",
                           was_typed ? request_typed(req, "url") : row_text(site, "url"), "title",
                           was_typed ? request_typed(req, "title") : row_text(site, "title"), "line",
                           was_typed ? request_typed(req, "line") : row_text(site, "line"), "categories",
                           categories_with(category), "sites",
                           db_rows(request_db(req), QUERY_NEIGHBOURS_OF, req->viewer.account), "error", error));
    json_decref(me);
}

static int asks_for_home(const struct request *req)
{
    return strcmp(request_form(req, "home", request_query(req, "home", "")), "1") == 0;
}

void neighbour_form_page(struct request *req, struct response *res)
{
    form_show(req, res, NULL, asks_for_home(req), NULL);
}

/* The site at :id that whoever asks may change, or JSON null after an error was answered. */
static json_t *find_own(struct request *req, struct response *res)
{
    json_t *site =
        db_row(request_db(req), QUERY_NEIGHBOUR, request_id(req), req->viewer.account, (int64_t)req->viewer.is_admin);
    if (json_is_object(site) &&
        (req->viewer.is_admin || json_integer_value(json_object_get(site, "account_id")) == req->viewer.account))
        return site;
    json_decref(site);
    respond_error(req, res, 404, "There is no such site of yours.");
    return json_null();
}

void neighbour_edit_page(struct request *req, struct response *res)
{
    json_t *site = find_own(req, res);
    if (json_is_null(site))
        return;
    form_show(req, res, site, json_is_true(json_object_get(site, "is_home")), NULL);
    json_decref(site);
}

static void answer(struct request *req, struct response *res, const struct fault *fault, const char *notice)
{
    const int can_be_mended = fault && (fault->kind == FAULT_WORDS || fault->kind == FAULT_UNUSABLE ||
                                        fault->kind == FAULT_FORMAT || fault->kind == FAULT_TOO_LARGE);
    if (can_be_mended && !(req->route->flags & IS_API)) {
        json_t *site = request_id(req) > 0 ? find_own(req, res) : NULL;
        res->status = respond_fault_status(fault);
        form_show(req, res, site, site ? json_is_true(json_object_get(site, "is_home")) : asks_for_home(req),
                  fault->sentence);
        json_decref(site);
        return;
    }
    respond_after(req, res, fault, notice, "/neighbours/new");
}

/* Is a site still held, as suggestions, held words and the first of new people are? */
static int waits(struct request *req, int64_t id)
{
    json_t *site = db_row(request_db(req), QUERY_NEIGHBOUR, id, req->viewer.account, (int64_t)req->viewer.is_admin);
    const int is_held = json_is_true(json_object_get(site, "is_held"));
    json_decref(site);
    return is_held;
}

/* With the button that a worker made, or NULL. */
static void save(struct request *req, struct response *res, const struct image *button, uint64_t fingerprint)
{
    const int64_t id = request_id(req);
    int64_t made = 0;
    const struct neighbour_typed typed = {.is_home = asks_for_home(req),
                                          .url = request_form(req, "url", NULL),
                                          .title = request_form(req, "title", NULL),
                                          .line = request_form(req, "line", NULL),
                                          .category = request_form(req, "category", NULL),
                                          .button = button,
                                          .fingerprint = fingerprint};
    const struct actor actor = request_actor(req);
    const struct fault *fault = id > 0 ? neighbour_change(&actor, id, &typed, req->viewer.is_admin)
                                       : neighbour_suggest(&actor, &typed, req->viewer.is_admin, &made);
    if (!fault && req->route->flags & IS_API) {
        json_t *site = db_row(request_db(req), QUERY_NEIGHBOUR, id > 0 ? id : made, req->viewer.account,
                              (int64_t)req->viewer.is_admin);
        json_object_del(site, "account_id");
        json_object_del(site, "words");
        res->status = id > 0 ? 200 : 201;
        respond_json(req, res, site);
        return;
    }
    answer(req, res, fault,
           id > 0             ? N_("Changed.")
           : waits(req, made) ? N_("Thank you. An administrator looks at it before others see it.")
                              : N_("It stands in the directory."));
}

static void after_crush(struct request *req, struct response *res)
{
    const struct pool_outcome *outcome = &req->crushed[0].outcome;
    const struct fault *fault = crushed_fault(&req->arena, outcome);
    if (fault) {
        answer(req, res, fault, NULL);
        return;
    }
    struct candidate_image crushed = crushed_image(&outcome->pictures[0]);
    /* exactly that size: not one that was scaled to it */
    crushed.image.width_px = outcome->source.source_width_px;
    crushed.image.height_px = outcome->source.source_height_px;
    save(req, res, &crushed.image, outcome->fingerprint);
}

/* POST /neighbours/new and /api/neighbours; by neighbour_edit_post also /neighbours/ID for one that is there. */
void neighbour_post(struct request *req, struct response *res)
{
    static const crush_preset preset = CRUSH_PRESET_CRISPY;
    if (req->upload_count > 1)
        answer(req, res, fault_of_field(&req->arena, "button", 1, "One button is enough."), NULL);
    else if (req->upload_count == 1 && req->uploads[0].size_bytes > 0)
        respond_crushed(req, res, &preset, 1, after_crush);
    else
        save(req, res, NULL, 0);
}

void neighbour_edit_post(struct request *req, struct response *res)
{
    json_t *site = find_own(req, res);
    if (json_is_null(site))
        return;
    json_decref(site);
    neighbour_post(req, res);
}

void neighbour_delete_post(struct request *req, struct response *res)
{
    const struct actor actor = request_actor(req);
    respond_after(req, res, neighbour_remove(&actor, request_id(req), req->viewer.is_admin), "Taken out.",
                  "/neighbours/new");
}
