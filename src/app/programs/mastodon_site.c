/*
 * What Mastodon's clients ask about the place: its name and limits, and lists that are empty here, so that they go on
 * instead of breaking. Read next: mastodon.c.
 */
#include "app/programs/mastodon.h"

#include <string.h>

#include "app/programs/handlers.h"
#include "domain/picture.h"
#include "domain/site.h"
#include "domain/status.h"

/* Clients look at the number in front to know what they may ask; who it really is stands behind. */
static const char version[] = "4.2.0 (compatible; piclog)";

/* What fits, in the words of both versions. A caption may be longer than a status: the smaller number is the safe one.
 */
static json_t *limits_of(struct request *req)
{
    const struct config *config = req->app->config;
    const json_int_t bytes = (json_int_t)config->upload_bytes;
    return json_pack(
        "{s:{s:i, s:i, s:i}, s:{s:[s, s, s, s, s, s], s:I, s:I, s:I, s:i, s:i, s:i}, s:{s:i, s:i, s:i, s:i}, "
        "s:{s:i, s:i}, s:{s:b}}",
        "statuses", "max_characters", STATUS_MAX, "max_media_attachments", 1, "characters_reserved_per_url", 23,
        "media_attachments", "supported_mime_types", "image/jpeg", "image/png", "image/gif", "image/webp", "image/heic",
        "image/avif", "image_size_limit", bytes, "image_matrix_limit", (json_int_t)100000000, "description_limit",
        (json_int_t)ALT_MAX, "video_size_limit", 0, "video_frame_rate_limit", 0, "video_matrix_limit", 0, "polls",
        "max_options", 0, "max_characters_per_option", 0, "min_expiration", 0, "max_expiration", 0, "accounts",
        "max_featured_tags", 0, "max_pinned_statuses", 0, "translation", "enabled", 0);
}

static const char *host_of(const struct request *req)
{
    return strstr(req->app->origin, "://") + 3;
}

void mastodon_instance_v1(struct request *req, struct response *res)
{
    const struct site_words *site = request_site(req);
    const char *name = site->of[SITE_NAME], *motto = site->of[SITE_MOTTO], *contact = site->of[SITE_CONTACT];
    const int mails = strncmp(contact, "mailto:", 7) == 0;
    respond_json(req, res,
                 json_pack("{s:s, s:s, s:s, s:s, s:s, s:s, s:{s:s}, s:{s:i, s:i, s:i}, s:s, s:[s], s:b, s:b, s:b, s:o, "
                           "s:n, s:[]}",
                           "uri", host_of(req), "title", name, "short_description", motto, "description", motto,
                           "email", mails ? contact + 7 : "", "version", version, "urls", "streaming_api", "", "stats",
                           "user_count", 0, "status_count", 0, "domain_count", 0, "thumbnail",
                           request_url(req, "/static/icon-512.png"), "languages", "en", "registrations",
                           site_signup(site) == SIGNUP_OPEN, "approval_required", 0, "invites_enabled",
                           site_signup(site) == SIGNUP_INVITE, "configuration", limits_of(req), "contact_account",
                           "rules"));
}

void mastodon_instance_v2(struct request *req, struct response *res)
{
    const struct site_words *site = request_site(req);
    const char *name = site->of[SITE_NAME], *motto = site->of[SITE_MOTTO], *contact = site->of[SITE_CONTACT];
    const int mails = strncmp(contact, "mailto:", 7) == 0;
    json_t *limits = limits_of(req);
    json_object_set_new(limits, "urls", json_pack("{s:s}", "streaming", ""));
    json_object_set_new(limits, "vapid", json_pack("{s:s}", "public_key", ""));
    respond_json(
        req, res,
        json_pack("{s:s, s:s, s:s, s:s, s:s, s:{s:{s:i}}, s:{s:s, s:n, s:{}}, s:[s], s:o, s:{s:b, s:b, s:n, s:s}, "
                  "s:{s:s, s:n}, s:{s:i}, s:[], s:[]}",
                  "domain", host_of(req), "title", name, "version", version, "source_url", request_url(req, "/about"),
                  "description", motto, "usage", "users", "active_month", 0, "thumbnail", "url",
                  request_url(req, "/static/icon-512.png"), "blurhash", "versions", "languages", "en", "configuration",
                  limits, "registrations", "enabled", site_signup(site) == SIGNUP_OPEN, "approval_required", 0,
                  "message", "url", request_url(req, "/join"), "contact", "email", mails ? contact + 7 : "", "account",
                  "api_versions", "mastodon", 0, "rules", "icon"));
}

void mastodon_preferences(struct request *req, struct response *res)
{
    respond_json(req, res,
                 json_pack("{s:s, s:b, s:n, s:s, s:b}", "posting:default:visibility", "public",
                           "posting:default:sensitive", 0, "posting:default:language", "reading:expand:media",
                           "default", "reading:expand:spoilers", 0));
}

void mastodon_nothing(struct request *req, struct response *res)
{
    respond_json(req, res, json_array());
}

/* Everything else, and what a browser asks before a page of another site may send a token. */
void mastodon_unknown(struct request *req, struct response *res)
{
    if (!req->is_options) {
        mastodon_missing(req, res);
        return;
    }
    respond_header(req, res, "Allow", "OPTIONS, GET, HEAD, POST, PUT, DELETE");
    respond_header(req, res, "Access-Control-Allow-Methods", "GET, POST, PUT, DELETE, PATCH");
    respond_header(req, res, "Access-Control-Allow-Headers", "Authorization, Content-Type, Idempotency-Key");
    respond_header(req, res, "Access-Control-Max-Age", "86400");
    res->status = 204;
}
