/*
 * What people make of their own page: picture, background, links, and the style, tried on before it is saved. Pictures
 * go through a worker like every upload. A draft of a style is stored, so that it can be looked at without JavaScript:
 * its page and stylesheet are for its owner only. The page itself is in people.c, the ready styles in themes.c. What
 * may be said and shown is domain/profile.c's matter.
 */
#include "app/people/profile.h"

#include <stdlib.h>
#include <string.h>

#include "app/people/handlers.h"
#include "app/people/people.h"
#include "app/request/route.h"
#include "app/people/themes.h"
#include "app/request/crushed.h"
#include "base/reason.h"
#include "domain/notice.h"
#include "domain/profile.h"
#include "domain/reach.h"

/* ---- Words and links ------------------------------------------------------------------------------ */

const struct fault *profile_save_form(struct request *req)
{
    const struct profile_typed typed = {.display_name = request_form(req, "display_name", NULL),
                                        .homepage = request_form(req, "homepage", NULL),
                                        .about = request_form(req, "about", NULL),
                                        .css = request_form(req, "css", NULL),
                                        .links = request_form(req, "links", NULL),
                                        .ring = request_form(req, "ring", NULL),
                                        .language = request_form(req, "language", NULL),
                                        .shows_follows = request_form(req, "shows_follows", NULL)};
    struct actor actor = request_actor(req);
    const struct fault *fault = profile_save(&actor, &typed);
    if (!fault && typed.language) { /* what is said of it is in it already */
        req->viewer.language = lang_find(typed.language);
        request_speak(req);
    }
    return fault;
}

void api_me_put(struct request *req, struct response *res)
{
    const struct reach_typed reach = {.wall = request_form(req, "wall", NULL),
                                      .has_guestbook = request_form(req, "has_guestbook", NULL),
                                      .takes_pokes = request_form(req, "takes_pokes", NULL),
                                      .takes_nudges = request_form(req, "takes_nudges", NULL),
                                      .shows_presence = request_form(req, "shows_presence", NULL)};
    const struct manners_typed manners = {.answers = request_form(req, "answers", NULL),
                                          .notices = request_list(req, "notices"),
                                          .shows_kept = request_form(req, "shows_kept", NULL)};
    const struct actor actor = request_actor(req);
    const struct fault *fault = reach_check(&actor, &reach);
    if (!fault)
        fault = profile_save_form(req);
    if (!fault)
        fault = reach_save(&actor, &reach);
    if (!fault)
        fault = manners_save(&actor, &manners);
    if (fault)
        respond_fault(req, res, fault);
    else
        api_me(req, res);
}

/* ---- Picture and background ---------------------------------------------------------------------- */

static enum profile_image which_image(const struct request *req)
{
    return strstr(req->path, "background") ? PROFILE_BACKGROUND : PROFILE_AVATAR;
}

static void image_done(struct request *req, struct response *res, const struct fault *fault, const char *notice)
{
    if (!(req->route->flags & IS_API))
        settings_done(req, res, ROOM_PICTURES, fault, notice);
    else if (fault)
        respond_fault(req, res, fault);
    else
        api_me(req, res);
}

static void after_crush(struct request *req, struct response *res)
{
    const struct pool_outcome *outcome = &req->crushed[0].outcome;
    const struct fault *fault = crushed_fault(&req->arena, outcome);
    if (fault) {
        image_done(req, res, fault, NULL);
        return;
    }
    const struct candidate_image crushed = crushed_image(&outcome->pictures[0]);
    struct actor actor = request_actor(req);
    image_done(req, res, profile_wear(&actor, which_image(req), &crushed.image, outcome->fingerprint),
               arena_printf(&req->arena, tr("Crushed from %llu to %zu bytes, and shown."),
                            (unsigned long long)outcome->source.source_bytes, crushed.image.size_bytes));
}

/* POST /settings/avatar and /settings/background, or the same below /api/me: a file, or remove=1. */
void settings_image_post(struct request *req, struct response *res)
{
    static const crush_preset presets[] = {CRUSH_PRESET_THUMBNAIL, CRUSH_PRESET_CRUNCHY};
    const enum profile_image which = which_image(req);
    if (*request_form(req, "remove", "")) {
        struct actor actor = request_actor(req);
        image_done(req, res, profile_wear(&actor, which, NULL, 0), N_("Taken away and deleted."));
        return;
    }
    if (req->upload_count != 1) {
        char formats[REASON_MAX];
        image_done(req, res,
                   fault_of_field(&req->arena, "image", 0, "Choose one picture first. %s can be crushed.",
                                  reason_say(crush_formats_text(), formats)),
                   NULL);
        return;
    }
    respond_crushed(req, res, &presets[which], 1, after_crush);
}

/* ---- The style ----------------------------------------------------------------------------------- */

/* The draft in the arena, or NULL when there is none. */
static const char *find_draft(struct request *req)
{
    json_t *row = db_row(request_db(req), QUERY_CSS_DRAFT_OF, req->viewer.account);
    const char *text = json_string_value(json_object_get(row, "css_draft"));
    const char *draft = text ? arena_copy(&req->arena, text) : NULL;
    json_decref(row);
    return draft;
}

static json_t *find_me(struct request *req)
{
    return db_row(request_db(req), QUERY_PERSON_BY_ID, req->viewer.account);
}

/* What the editor or a preview begins with when the address asks for it: a ready theme, or somebody's layout. */
struct beginning {
    const char *title;  /* NULL: nothing was asked for */
    const char *author; /* of a layout; else NULL */
    const char *css;
    const char *css_url; /* as a preview links it */
    const char *query;   /* that asks for it again: "?theme=zine" */
};

/* 0, or -1 after an error was answered: there is no such layout, for whoever asks. */
static int find_beginning(struct request *req, struct response *res, struct beginning *ret_beginning)
{
    const struct theme *theme = theme_find(request_query(req, "theme", ""));
    const char *typed = request_query(req, "layout", NULL);
    struct beginning beginning = {.query = ""};
    if (theme)
        beginning = (struct beginning){.title = theme->title,
                                       .css = theme_css(req, theme),
                                       .css_url = theme_url(req, theme),
                                       .query = arena_printf(&req->arena, "?theme=%s", theme->name)};
    if (!theme && typed) {
        const int64_t id = strtoll(typed, NULL, 10);
        json_t *layout = request_post(req, QUERY_LAYOUT, id);
        if (!json_is_object(layout)) {
            json_decref(layout);
            respond_error(req, res, 404, "There is no such layout. It may have been withdrawn.");
            return -1;
        }
        beginning = (struct beginning){
            .title = arena_copy(&req->arena, row_text(layout, "name")),
            .author = arena_copy(&req->arena, row_text(layout, "author")),
            .css = arena_copy(&req->arena, row_text(layout, "css")),
            .css_url = arena_printf(&req->arena, "/settings/style/draft.css?layout=%lld", (long long)id),
            .query = arena_printf(&req->arena, "?layout=%lld", (long long)id)};
        json_decref(layout);
    }
    *ret_beginning = beginning;
    return 0;
}

/* from, is_draft: where the text comes from, for the words beside it. */
static void editor_show(struct request *req, struct response *res, const char *css, const struct beginning *from,
                        int is_draft, const char *error)
{
    struct buf before = {0}; /* what is served in front of every style of theirs */
    json_t *me = find_me(req);
    person_write_style(me, " ", &before);
    json_decref(me);
    res->cache = CACHE_NEVER;
    respond_page(req, res, "style",
                 json_pack("{s:s, s:s, s:s, s:b, s:s?, s:s?, s:o, s:{s:s, s:s}, s:s?}", "name", req->viewer.name, "css",
                           css, "before", before.data, "is_draft", is_draft, "theme", from ? from->title : NULL,
                           "author", from ? from->author : NULL, "themes", themes_list(req), "share", "name", "",
                           "line", "", "error", error));
    buf_free(&before);
}

void style_page(struct request *req, struct response *res)
{
    struct beginning from;
    if (find_beginning(req, res, &from) != 0)
        return;
    const char *draft = find_draft(req);
    json_t *me = find_me(req);
    editor_show(req, res,
                from.title ? from.css
                : draft    ? draft
                           : row_text(me, "css"),
                &from, !from.title && draft, NULL);
    json_decref(me);
}

void style_post(struct request *req, struct response *res)
{
    const char *css = request_form(req, "css", "");
    const int is_preview = strcmp(request_form(req, "then", "save"), "preview") == 0;
    struct actor actor = request_actor(req);
    const struct fault *fault = is_preview ? profile_try_style(&actor, css) : profile_save_style(&actor, css);
    if (fault && fault->kind == FAULT_WORDS) {
        res->status = respond_fault_status(fault);
        editor_show(req, res, request_typed(req, "css"), NULL, 0, fault->sentence);
        return;
    }
    if (fault) {
        respond_fault(req, res, fault);
        return;
    }
    if (!is_preview)
        respond_notice(req, res, "This is how your page looks from now on.");
    respond_redirect(req, res, is_preview ? "/settings/style/preview" : "/settings/style");
}

/* A row of oneself, or NULL after an error was answered. */
static json_t *me_or_error(struct request *req, struct response *res)
{
    json_t *me = find_me(req);
    res->cache = CACHE_NEVER;
    if (json_is_object(me))
        return me;
    json_decref(me);
    respond_store_error(req, res, STORE_FAILED, "person");
    return NULL;
}

void style_preview(struct request *req, struct response *res)
{
    struct beginning from;
    json_t *me = find_beginning(req, res, &from) == 0 ? me_or_error(req, res) : NULL;
    const char *room = arena_printf(&req->arena, "/settings/style/room%s", from.query);
    if (me)
        person_show(req, res, me, &(struct person_look){.room_url = room, .is_preview = 1});
}

void style_room(struct request *req, struct response *res)
{
    struct beginning from;
    json_t *me = find_beginning(req, res, &from) == 0 ? me_or_error(req, res) : NULL;
    if (me)
        person_show_room(req, res, me, from.css_url ? from.css_url : "/settings/style/draft.css",
                         "/settings/style/preview", 1);
}

void style_draft(struct request *req, struct response *res)
{
    struct beginning from;
    if (find_beginning(req, res, &from) != 0)
        return;
    json_t *me = find_me(req);
    const char *draft = find_draft(req);
    person_write_style(me, from.css ? from.css : draft ? draft : row_text(me, "css"), &res->body);
    json_decref(me);
    res->cache = CACHE_NEVER;
    res->policy = POLICY_NONE;
    respond_bytes(req, res, "text/css; charset=utf-8");
}
