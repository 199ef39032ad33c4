/*
 * How other programs find things here: oEmbed (oembed.com 1.0), WebFinger (RFC 7033), OpenSearch. They read no cookie.
 */
#include <string.h>

#include "app.h"
#include "base/text.h"
#include "feeds.h"
#include "handlers.h"

/* What follows the origin in a full address of this site; NULL for other sites. */
static const char *path_of(struct request *req, const char *url)
{
    size_t length = strlen(req->app->origin);
    return strncmp(url, req->app->origin, length) == 0 && url[length] == '/' ? url + length : NULL;
}

/* GET /oembed?url=…&maxwidth=&maxheight=: a picture's page as type photo. */
void oembed(struct request *req, struct response *res)
{
    const char *path = path_of(req, request_query(req, "url", "")), *digits = NULL;
    if (strcmp(request_query(req, "format", "json"), "json") != 0) {
        respond_error(req, res, 501, "oEmbed comes as JSON here, not as XML.");
        return;
    }
    if (path && strncmp(path, "/p/", 3) == 0)
        digits = path + 3;
    int64_t id = 0;
    for (size_t i = 0; digits && digits[i] >= '0' && digits[i] <= '9' && i < 15; i++)
        id = id * 10 + (digits[i] - '0');
    json_t *picture = request_post(req, QUERY_PICTURE, id);
    if (!json_is_object(picture)) {
        json_decref(picture);
        respond_error(req, res, 404, "oEmbed needs the address of a picture's page here, /p/ and its number.");
        return;
    }
    const char *author = json_string_value(json_object_get(picture, "author"));
    if (*json_string_value(
            json_object_get(picture, "note"))) { /* a picture with a content note is not shown elsewhere */
        respond_json(req, res,
                     json_pack("{s:s, s:s, s:s, s:s, s:s, s:s}", "version", "1.0", "type", "link", "provider_name",
                               req->app->config->site_name, "provider_url", req->app->origin, "title",
                               json_string_value(json_object_get(picture, "note")), "author_name", author));
        json_decref(picture);
        return;
    }
    respond_json(req, res,
                 json_pack("{s:s, s:s, s:s, s:s, s:s, s:s, s:s, s:O, s:O, s:s, s:O, s:O}", "version", "1.0", "type",
                           "photo", "provider_name", req->app->config->site_name, "provider_url", req->app->origin,
                           "title", json_string_value(json_object_get(picture, "caption")), "author_name", author,
                           "author_url", request_url(req, arena_printf(&req->arena, "/~%s", author)), "width",
                           json_object_get(picture, "width"), "height", json_object_get(picture, "height"), "url",
                           request_url(req, json_string_value(json_object_get(picture, "image_url"))), "bytes",
                           json_object_get(picture, "bytes"), "source_bytes",
                           json_object_get(picture, "source_bytes")));
    json_decref(picture);
}

/* GET /.well-known/webfinger?resource=acct:NAME@HOST */
void webfinger(struct request *req, struct response *res)
{
    const char *resource = request_query(req, "resource", ""), *host = strstr(req->app->origin, "://") + 3;
    char name[21] = "";
    if (strncmp(resource, "acct:", 5) == 0) {
        const char *at = strrchr(resource, '@');
        if (at && strcmp(at + 1, host) == 0)
            (void)!text_parse_name(arena_copy_n(&req->arena, resource + 5, (size_t)(at - resource - 5)), name);
    } else if (path_of(req, resource) && strncmp(path_of(req, resource), "/~", 2) == 0) {
        (void)!text_parse_name(path_of(req, resource) + 2, name);
    }
    struct feed_source person = {0};
    if (feed_find_person(req, name, &person)) {
        respond_error(req, res, 404, "Nobody here has this name. Resources look like acct:NAME@%s.", host);
        return;
    }
    const char *profile = request_url(req, arena_printf(&req->arena, "/~%s", name));
    json_t *answer = json_pack("{s:s, s:[s], s:[{s:s, s:s, s:s}, {s:s, s:s, s:s}]}", "subject",
                               arena_printf(&req->arena, "acct:%s@%s", name, host), "aliases", profile, "links", "rel",
                               "http://webfinger.net/rel/profile-page", "type", "text/html", "href", profile, "rel",
                               "http://schemas.google.com/g/2010#updates-from", "type", "application/atom+xml", "href",
                               request_url(req, arena_printf(&req->arena, "/~%s/feed.atom", name)));
    respond_json(req, res, answer);
    res->type = "application/jrd+json";
}
