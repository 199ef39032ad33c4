/*
 * Widgets as a frame (/embed/NAME/KIND), as data (KIND.json) and the stylesheet of the frames; as a script in
 * embed_script.c, as a picture in badges.c. No cookie is read or set, any site may frame them. What a stranger may
 * choose is checked by type (widget.c) and ends up in a stylesheet, never in markup. Read next: widget.c.
 */
#include <string.h>

#include "app/request/app.h"
#include "app/elsewhere/handlers.h"
#include "app/elsewhere/widget.h"

void embed_page(struct request *req, struct response *res)
{
    const char *kind = request_capture(req, "kind");
    struct widget_theme theme;
    if (!widget_is_kind(kind)) {
        respond_error(req, res, 404, WIDGET_KINDS);
        return;
    }
    widget_theme_read(req, &theme);
    json_t *page = widget_collect(req, kind, &theme);
    res->cache = CACHE_MINUTE;
    res->policy = POLICY_EMBED;
    if (json_is_null(page)) { /* what a widget expects: an empty object, an empty frame */
        json_decref(page);
        res->status = 404;
        page = req->wants_json ? json_object()
                               : json_pack("{s:s, s:s, s:n, s:[]}", "author", request_capture(req, "name"), "kind",
                                           kind, "profile_url", "items");
    }
    widget_theme_clip(page, &theme);
    if (page && !req->wants_json)
        json_object_set_new(page, "theme", json_string(widget_theme_query(req, &theme)));
    respond_page(req, res, "embed", page);
}

void embed_style(struct request *req, struct response *res)
{
    struct widget_theme theme;
    struct buf *css = &res->body;
    widget_theme_read(req, &theme);
    buf_puts(css, "body{margin:0}\n");
    widget_css(css, &theme, 0);
    if (*theme.fg)
        buf_printf(css, ".piclog{color:%s}\n", theme.fg);
    if (*theme.bg)
        buf_printf(css, ".piclog{background:%s}\n", theme.bg);
    if (theme.transparent)
        buf_puts(css, ".piclog{background:none;border:0;box-shadow:none;padding:0}\n");
    if (*theme.link)
        buf_printf(css, ".piclog a{color:%s}\n", theme.link);
    if (*theme.family)
        buf_printf(css, ".piclog,.piclog-text{font-family:%s}\n", theme.family);
    if (theme.size_px)
        buf_printf(css, ".piclog{font-size:%dpx}\n", theme.size_px);
    if (theme.center)
        buf_puts(css, ".piclog{text-align:center}.piclog-face{float:none;display:block;margin:0}\n");
    res->cache = CACHE_HOUR;
    res->policy = POLICY_NONE;
    respond_bytes(req, res, "text/css; charset=utf-8");
}
