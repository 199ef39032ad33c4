/*
 * How other programs find things here: oEmbed (oembed.com 1.0), WebFinger (RFC 7033), OpenSearch. They read no cookie.
 * Read next: feeds.c.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "app/request/app.h"
#include "base/text.h"
#include "app/elsewhere/feeds.h"
#include "app/elsewhere/handlers.h"
#include "app/posts/clip.h"

/* What follows the origin in a full address of this site; NULL for other sites. */
static const char *path_of(struct request *req, const char *url)
{
    size_t length = strlen(req->app->origin);
    return strncasecmp(url, req->app->origin, length) == 0 && url[length] == '/' ? url + length : NULL;
}

/* ---- oEmbed -------------------------------------------------------------------------------------- */

/* maxwidth, maxheight: a number of pixels, or no limit. */
static int64_t limit_of(const struct request *req, const char *name)
{
    const char *text = request_query(req, name, "");
    size_t digits = strspn(text, "0123456789");
    return digits && digits <= 6 && !text[digits] ? strtoll(text, NULL, 10) : INT64_MAX;
}

static json_t *answer_base(struct request *req, const char *type, const char *title, const char *author)
{
    return json_pack("{s:s, s:s, s:s, s:s, s:s, s:s, s:s, s:i}", "version", "1.0", "type", type, "provider_name",
                     request_site(req)->of[SITE_NAME], "provider_url", req->app->origin, "title", title, "author_name",
                     author, "author_url", request_url(req, arena_printf(&req->arena, "/~%s", author)), "cache_age",
                     60);
}

static void set_size(json_t *answer, const char *prefix, const char *url, int64_t width, int64_t height)
{
    char key[32];
    snprintf(key, sizeof key, "%s%s", prefix, "url");
    json_object_set_new(answer, key, json_string(url));
    snprintf(key, sizeof key, "%s%s", prefix, "width");
    json_object_set_new(answer, key, json_integer(width));
    snprintf(key, sizeof key, "%s%s", prefix, "height");
    json_object_set_new(answer, key, json_integer(height));
}

/* A picture: type photo, the thumbnail where the whole does not fit; with a content note it is only told of. */
static json_t *answer_picture(struct request *req, json_t *picture)
{
    const char *author = row_text(picture, "author"), *note = row_text(picture, "note");
    if (*note)
        return answer_base(req, "link", note, author);
    clip_show_frame(picture);
    int64_t width = json_integer_value(json_object_get(picture, "width"));
    int64_t height = json_integer_value(json_object_get(picture, "height"));
    int64_t thumb_width = json_integer_value(json_object_get(picture, "thumb_width"));
    int64_t thumb_height = json_integer_value(json_object_get(picture, "thumb_height"));
    int64_t most_width = limit_of(req, "maxwidth"), most_height = limit_of(req, "maxheight");
    const char *thumb = request_url(req, row_text(picture, "thumb_url"));
    json_t *answer = answer_base(req, "photo", row_text(picture, "caption"), author);
    if (width <= most_width && height <= most_height)
        set_size(answer, "", request_url(req, row_text(picture, "image_url")), width, height);
    else if (thumb_width <= most_width && thumb_height <= most_height)
        set_size(answer, "", thumb, thumb_width, thumb_height);
    else
        json_object_set_new(answer, "type", json_string("link")); /* nothing is that small */
    if (thumb_width <= most_width && thumb_height <= most_height)
        set_size(answer, "thumbnail_", thumb, thumb_width, thumb_height);
    json_object_set(answer, "bytes", json_object_get(picture, "bytes"));
    json_object_set(answer, "source_bytes", json_object_get(picture, "source_bytes"));
    return answer;
}

/* A person: type rich, the timeline as a frame. */
static json_t *answer_person(struct request *req, const char *name)
{
    enum { WIDTH_PX = 360, HEIGHT_PX = 480 };
    int64_t width = limit_of(req, "maxwidth"), height = limit_of(req, "maxheight");
    width = width < WIDTH_PX ? width : WIDTH_PX;
    height = height < HEIGHT_PX ? height : HEIGHT_PX;
    json_t *answer = answer_base(req, "rich", name, name);
    const char *url = request_url(req, arena_printf(&req->arena, "/embed/%s/timeline", name));
    json_object_set_new(answer, "html",
                        json_string(arena_printf(&req->arena,
                                                 "<iframe src=\"%s\" width=\"%lld\" height=\"%lld\" title=\"%s\" "
                                                 "style=\"border: 0\"></iframe>",
                                                 url, (long long)width, (long long)height, name)));
    json_object_set_new(answer, "width", json_integer(width));
    json_object_set_new(answer, "height", json_integer(height));
    return answer;
}

/* GET /oembed?url=…&maxwidth=&maxheight=: the page of a picture or of a person. */
void oembed(struct request *req, struct response *res)
{
    const char *path = path_of(req, request_query(req, "url", ""));
    struct feed_source person = {0};
    char name[21];
    if (strcmp(request_query(req, "format", "json"), "json") != 0) {
        respond_error(req, res, 501, "oEmbed comes as JSON here, not as XML.");
        return;
    }
    if (path && strncmp(path, "/~", 2) == 0 && !text_parse_name(path + 2, name) &&
        !feed_find_person(req, name, &person)) {
        respond_json(req, res, answer_person(req, name));
        return;
    }
    size_t digits = path && strncmp(path, "/p/", 3) == 0 ? strspn(path + 3, "0123456789") : 0;
    json_t *picture = digits && digits <= 18 && !path[3 + digits]
                          ? request_post(req, QUERY_PICTURE, strtoll(path + 3, NULL, 10))
                          : json_null();
    if (json_is_object(picture))
        respond_json(req, res, answer_picture(req, picture));
    else
        respond_error(req, res, 404,
                      "oEmbed needs the address of a page here: a picture, /p/ and its number, or a person.");
    json_decref(picture);
}

/* ---- WebFinger ----------------------------------------------------------------------------------- */

/* GET /.well-known/webfinger?resource=acct:NAME@HOST */
void webfinger(struct request *req, struct response *res)
{
    const char *resource = request_query(req, "resource", ""), *host = strstr(req->app->origin, "://") + 3;
    char name[21] = "";
    if (!*resource) {
        respond_error(req, res, 400, "Say whom you look for: resource=acct:NAME@%s", host);
        return;
    }
    if (strncasecmp(resource, "acct:", 5) == 0) {
        const char *at = strrchr(resource, '@');
        if (at && strcasecmp(at + 1, host) == 0)
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
