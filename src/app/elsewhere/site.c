/*
 * "Put it on your site": every widget, badge and button of one's own, live, with the code to copy. The theme comes by
 * the query of this page and goes into every address, checked as the widgets themselves check it (widget.c).
 */
#include <stdio.h>
#include <string.h>

#include "app/request/app.h"
#include "app/elsewhere/handlers.h"
#include "view/badge.h"
#include "app/elsewhere/widget.h"

static const char *themed(struct request *req, const char *path, const char *query)
{
    return request_url(req, arena_printf(&req->arena, "%s%s%s", path, *query ? "?" : "", query));
}

static json_t *widgets_of(struct request *req, const char *query)
{
    static const struct {
        const char *kind, *title, *image;
        int width_px, height_px;
    } widgets[] = {
        {"status", N_("Status"), "status.gif", 360, 130},           {"mood", N_("Mood"), "mood.gif", 360, 110},
        {"picture", N_("Newest picture"), "picture.jpg", 360, 340}, {"clip", N_("Newest clip"), "clip.jpg", 360, 400},
        {"timeline", N_("Timeline"), "timeline.gif", 360, 480},     {"ring", N_("The ring"), "ring.gif", 360, 60}};
    json_t *list = json_array();
    json_t *newest =
        db_rows(request_db(req), QUERY_PICTURES_OF, INT64_MAX, (int64_t)1, req->viewer.account, (int64_t)0);
    int has_picture = json_array_size(newest) > 0; /* otherwise there is nothing to look at yet, and 404 */
    json_decref(newest);
    newest = db_rows(request_db(req), QUERY_CLIPS_OF, INT64_MAX, (int64_t)1, req->viewer.account, (int64_t)0);
    const int has_clip = json_array_size(newest) > 0;
    json_decref(newest);
    for (size_t i = 0; i < sizeof widgets / sizeof widgets[0]; i++) {
        const char *base = arena_printf(&req->arena, "/embed/%s/%s", req->viewer.name, widgets[i].kind);
        const char *image = arena_printf(&req->arena, "/embed/%s/%s", req->viewer.name, widgets[i].image);
        const int is_there = strstr(image, "clip.jpg") ? has_clip : has_picture || !strstr(image, ".jpg");
        json_array_append_new(list,
                              json_pack("{s:s, s:s, s:i, s:i, s:s, s:s, s:s, s:s, s:b, s:b}", "kind", widgets[i].kind,
                                        "title", widgets[i].title, "width", widgets[i].width_px, "height",
                                        widgets[i].height_px, "frame_url", themed(req, base, query), "script_url",
                                        themed(req, arena_printf(&req->arena, "%s.js", base), query), "image_url",
                                        themed(req, image, strstr(image, ".jpg") ? "" : query), "json_url",
                                        themed(req, arena_printf(&req->arena, "%s.json", base), ""), "is_shown",
                                        is_there, "is_ring", strcmp(widgets[i].kind, "ring") == 0));
    }
    return list;
}

static json_t *picture(struct request *req, const char *label, const char *path)
{
    return json_pack("{s:s, s:s}", "label", label, "url", request_url(req, path));
}

/* "&lang=fr", or "". */
static const char *spoken(struct request *req, const struct widget_theme *theme)
{
    return *theme->lang ? arena_printf(&req->arena, "&lang=%s", theme->lang) : "";
}

static json_t *buttons_of(struct request *req, const struct widget_theme *theme)
{
    json_t *list = json_array();
    for (int i = 0; i < BUTTON_STYLE_COUNT; i++) {
        const char *style = button_style_name((enum button_style)i);
        json_array_append_new(list, picture(req, style,
                                            arena_printf(&req->arena, "/button/%s.gif?style=%s%s", req->viewer.name,
                                                         style, spoken(req, theme))));
    }
    return list;
}

static json_t *badges_of(struct request *req, const struct widget_theme *theme)
{
    const char *name = req->viewer.name;
    const char *fg = *theme->fg ? theme->fg + 1 : "1a1825", *bg = *theme->bg ? theme->bg + 1 : "ffffff";
    const char *look =
        arena_printf(&req->arena, "fg=%s&bg=%s&trans=%d%s", fg, bg, theme->transparent, spoken(req, theme));
    return json_pack("[o, o, o]", picture(req, "mood", arena_printf(&req->arena, "/badge/%s.gif?%s", name, look)),
                     picture(req, "status", arena_printf(&req->arena, "/badge/%s.gif?show=status&%s", name, look)),
                     picture(req, N_("mood, for signatures"),
                             arena_printf(&req->arena, "/display/uname-%s/fg-%s/bg-%s/trans-%d/imood.gif", name, fg, bg,
                                          theme->transparent)));
}

static json_t *fonts_of(const struct widget_theme *theme)
{
    static const char *const fonts[][2] = {{"", N_("as it is")},   {"serif", "serif"}, {"sans", N_("sans serif")},
                                           {"mono", "typewriter"}, {"comic", "comic"}, {"system", N_("of the system")}};
    json_t *list = json_array();
    for (size_t i = 0; i < sizeof fonts / sizeof fonts[0]; i++)
        json_array_append_new(list, json_pack("{s:s, s:s, s:b}", "value", fonts[i][0], "label", fonts[i][1],
                                              "is_checked", strcmp(fonts[i][0], theme->font) == 0));
    return list;
}

/* GET /settings/site?fg=…: what widget_theme_read takes. */
void site_page(struct request *req, struct response *res)
{
    struct widget_theme theme;
    char size[8] = "";
    widget_theme_read(req, &theme);
    if (!*theme.lang && req->viewer.language >= 0 && req->viewer.language != req->app->language)
        theme.lang = lang_get(req->viewer.language)->code; /* what they chose for themselves, said in the address */
    if (theme.size_px)
        snprintf(size, sizeof size, "%d", theme.size_px);
    json_t *look =
        json_pack("{s:s, s:s, s:s, s:s, s:b, s:b, s:b, s:b, s:b, s:o}", "fg", theme.fg, "bg", theme.bg, "link",
                  theme.link, "size", size, "center", theme.center, "trans", theme.transparent, "hides_name",
                  (theme.hidden & WIDGET_NAME) != 0, "hides_time", (theme.hidden & WIDGET_TIME) != 0, "hides_face",
                  (theme.hidden & WIDGET_FACE) != 0, "fonts", fonts_of(&theme));
    const char *popup = request_url(req, "/status?popup=1&content=");
    /* The page's title is cut so that it and the address fit into a status. */
    const char *bookmarklet = arena_printf(
        &req->arena,
        "javascript:(function(){var u=location.href,t=document.title.slice(0,Math.max(0,138-u.length));open('%s'+"
        "encodeURIComponent((t?t+' ':'')+u),'piclog','width=350,height=350')})()",
        popup);
    res->cache = CACHE_NEVER;
    respond_page(
        req, res, "site",
        json_pack("{s:o, s:o, s:o, s:o, s:s, s:s, s:s}", "look", look, "widgets",
                  widgets_of(req, widget_theme_query(req, &theme)), "buttons", buttons_of(req, &theme), "badges",
                  badges_of(req, &theme), "bookmarklet", bookmarklet, "profile_url",
                  request_url(req, arena_printf(&req->arena, "/~%s", req->viewer.name)), "script_url",
                  request_url(req, arena_printf(&req->arena, "/current-status.js?name=%s", req->viewer.name))));
}
