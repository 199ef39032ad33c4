/*
 * Static files: the stylesheet, the script, ornaments, the manifest. With ?v=HASH of the bytes they are kept for good.
 * Refuses names that are not among them: no path of the disk is made of one. Read next: view/view.c.
 */
#include <string.h>

#include "app/request/app.h"
#include "app/handlers.h"

static void respond_asset(struct request *req, struct response *res, const char *name)
{
    struct view_asset asset;
    const char *version = request_query(req, "v", "");
    if (view_asset_find(req->app->view, name, *version ? version : NULL, &asset) != VIEW_OK) {
        if (*version && view_asset_find(req->app->view, name, NULL, &asset) == VIEW_OK)
            respond_redirect(req, res, req->path); /* of an older page, or made up: one address for all of them */
        else
            respond_error(req, res, 404, "There is no such file.");
        return;
    }
    buf_append(&res->body, asset.data, asset.size_bytes);
    res->cache = *version ? CACHE_FOREVER : CACHE_HOUR;
    res->policy = POLICY_NONE;
    res->etag = asset.hash;
    respond_bytes(req, res, asset.type);
}

void static_file(struct request *req, struct response *res)
{
    respond_asset(req, res, request_capture(req, "file"));
}

/* What browsers ask for without being told to. */
void static_favicon(struct request *req, struct response *res)
{
    respond_asset(req, res, "icon.png");
}

void static_robots(struct request *req, struct response *res)
{
    buf_puts(&res->body,
             "User-agent: *\nDisallow: /join/\nDisallow: /settings\nDisallow: /upload\nDisallow: /search\n");
    res->cache = CACHE_HOUR;
    res->policy = POLICY_NONE;
    respond_bytes(req, res, "text/plain; charset=utf-8");
}
