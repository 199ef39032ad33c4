/*
 * Rows of ours as entities of Mastodon's client protocol: see mastodon.h. Refuses to tell counts. Read next:
 * mastodon_posts.c, mastodon_lists.c, mastodon_people.c, mastodon_site.c.
 */
#include "app/posts/clip.h"
#include "app/programs/mastodon.h"

#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "app/request/route.h"
#include "base/links.h"
#include "base/text.h"
#include "domain/words.h"
#include "view/linkify.h"

static json_t *digits(struct request *req, int64_t number)
{
    return json_string(post_number_text(&req->arena, number));
}

json_t *mastodon_time(int64_t time_s)
{
    char text[40];
    const time_t t = (time_t)time_s;
    struct tm parts;
    if (!gmtime_r(&t, &parts) || !strftime(text, sizeof text, "%Y-%m-%dT%H:%M:%S.000Z", &parts))
        return json_null();
    return json_string(text);
}

/* Text as the HTML that clients show. */
static json_t *html_of(struct request *req, const char *text)
{
    struct buf html = {0};
    buf_puts(&html, *text ? "<p>" : "");
    linkify_text(text, req->app->config->public_url, &html);
    buf_puts(&html, *text ? "</p>" : "");
    json_t *value = json_string(html.data);
    buf_free(&html);
    return value;
}

/* ---- Accounts ------------------------------------------------------------------------------------- */

/* The address of a picture, or of the one that stands for none. */
static const char *picture_url(struct request *req, const char *path)
{
    return request_url(req, *path ? path : "/static/icon-192.png");
}

json_t *mastodon_account(struct request *req, const json_t *person)
{
    const char *name = row_text(person, "name"), *display = row_text(person, "display_name");
    const char *url = request_url(req, arena_printf(&req->arena, "/~%s", name));
    const char *avatar = picture_url(req, row_text(person, "avatar_url")),
               *header = picture_url(req, row_text(person, "background_url"));
    json_t *links = db_rows(request_db(req), QUERY_LINKS_OF, number_in(person, "id")), *link, *fields = json_array();
    size_t i;
    json_array_foreach(links, i, link)
    {
        const char *label = row_text(link, "label");
        json_array_append_new(fields, json_pack("{s:s, s:o, s:n}", "name", *label ? label : "link", "value",
                                                html_of(req, row_text(link, "url")), "verified_at"));
    }
    json_decref(links);
    json_t *account = json_pack(
        "{s:o, s:s, s:s, s:s, s:s, s:s, s:o, s:s, s:s, s:s, s:s, s:o, s:o}", "id", digits(req, number_in(person, "id")),
        "username", name, "acct", name, "url", url, "uri", url, "display_name", *display ? display : name, "note",
        html_of(req, row_text(person, "about")), "avatar", avatar, "avatar_static", avatar, "header", header,
        "header_static", header, "created_at", mastodon_time(number_in(person, "created_at")), "fields", fields);
    json_t *usual = json_pack("{s:b, s:b, s:b, s:b, s:b, s:[], s:[], s:n, s:i, s:i, s:i}", "locked", 0, "bot", 0,
                              "group", 0, "discoverable", 1, "noindex", 0, "emojis", "roles", "last_status_at",
                              "statuses_count", 0, "followers_count", 0, "following_count", 0);
    if (account && usual)
        json_object_update(account, usual);
    json_decref(usual);
    return account;
}

json_t *mastodon_person(struct request *req, int64_t id)
{
    json_t *row = db_row(request_db(req), QUERY_PERSON_BY_ID, id);
    json_t *person = json_is_object(row)
                         ? db_row(request_db(req), QUERY_PERSON, row_text(row, "name"), req->viewer.account)
                         : json_incref(row);
    json_decref(row);
    if (!person || (json_is_object(person) && strcmp(row_text(person, "state"), "active") == 0))
        return person;
    json_decref(person);
    return json_null();
}

/* The account of a post's author. people keeps those of one answer. */
static json_t *author_of(struct request *req, json_t *people, const char *name)
{
    json_t *account = json_object_get(people, name);
    if (account)
        return json_incref(account);
    json_t *person = db_row(request_db(req), QUERY_PERSON, name, req->viewer.account);
    account = mastodon_account(req, person);
    json_decref(person);
    if (people && account)
        json_object_set(people, name, account);
    return account;
}

/* ---- Posts ---------------------------------------------------------------------------------------- */

/* What stands before the picture, or is the whole post. */
static const char *words_of(struct request *req, const struct post_kind *kind, const json_t *row)
{
    const char *face = row_text(row, "face"), *note = row_text(row, "note");
    if (kind == &post_picture)
        return row_text(row, "caption");
    if (kind == &post_status)
        return arena_printf(&req->arena, "%s%s%s", face, *face ? " " : "", row_text(row, "content"));
    return arena_printf(&req->arena, "%s%s%s%s%s", face, *face ? " " : "", row_text(row, "mood"), *note ? " – " : "",
                        note);
}

static json_t *tags_of(struct request *req, const json_t *row, const char *words)
{
    struct tags tags = {0};
    json_t *list = json_array(), *tag;
    size_t i;
    json_array_foreach(json_object_get(row, "tags"), i, tag)
        tags_add_listed(&req->arena, &tags, json_string_value(tag));
    tags_add_marked(&req->arena, &tags, words);
    for (int t = 0; t < tags.count; t++)
        json_array_append_new(list, json_pack("{s:s, s:s}", "name", tags.names[t], "url",
                                              request_url(req, arena_printf(&req->arena, "/tag/%s",
                                                                            request_encode(req, tags.names[t])))));
    return list;
}

/* The people who are named, as far as they are here for whoever looks. */
static json_t *mentions_of(struct request *req, const char *words)
{
    enum { MOST = 8 };
    struct links links = {.at = words};
    json_t *list = json_array();
    for (struct link link; json_array_size(list) < MOST && links_next(&links, &link);) {
        char name[21];
        if (link.kind != LINK_NAME ||
            text_parse_name(arena_copy_n(&req->arena, link.at + 1, link.size_bytes - 1), name) != 0)
            continue;
        const int64_t id = db_number(request_db(req), QUERY_PERSON_ID, 0, (const char *)name, req->viewer.account);
        if (id)
            json_array_append_new(list,
                                  json_pack("{s:o, s:s, s:s, s:s}", "id", digits(req, id), "username", name, "acct",
                                            name, "url", request_url(req, arena_printf(&req->arena, "/~%s", name))));
    }
    return list;
}

json_t *mastodon_media(const char *id, const char *url, const char *preview_url, int64_t width, int64_t height,
                       int64_t small_width, int64_t small_height, const char *alt, const char *blurhash)
{
    struct {
        int64_t width, height;
    } sizes[] = {{width, height}, {small_width, small_height}};
    json_t *meta[2];
    for (int i = 0; i < 2; i++) {
        char size[32];
        snprintf(size, sizeof size, "%lldx%lld", (long long)sizes[i].width, (long long)sizes[i].height);
        meta[i] = json_pack("{s:I, s:I, s:s, s:f}", "width", (json_int_t)sizes[i].width, "height",
                            (json_int_t)sizes[i].height, "size", size, "aspect",
                            sizes[i].height ? (double)sizes[i].width / (double)sizes[i].height : 1.0);
    }
    return json_pack("{s:s, s:s, s:s, s:s, s:n, s:n, s:{s:o, s:o}, s:s?, s:s?}", "id", id, "type", "image", "url", url,
                     "preview_url", preview_url, "remote_url", "text_url", "meta", "original", meta[0], "small",
                     meta[1], "description", *alt ? alt : NULL, "blurhash", *blurhash ? blurhash : NULL);
}

static json_t *media_of(struct request *req, const json_t *row)
{
    return mastodon_media(post_number_text(&req->arena, number_in(row, "id")),
                          request_url(req, row_text(row, clip_key(row, "image_url"))),
                          request_url(req, row_text(row, "thumb_url")), number_in(row, clip_key(row, "width")),
                          number_in(row, clip_key(row, "height")), number_in(row, "thumb_width"),
                          number_in(row, "thumb_height"), row_text(row, "alt"), row_text(row, "blurhash"));
}

/* in_reply_to_id and in_reply_to_account_id; null where what it answers is gone. */
static void put_reply(struct request *req, json_t *status, const json_t *row)
{
    const char *name = row_text(row, "reply_to"), *author = row_text(row, "reply_author");
    struct post_ref ref = {0};
    json_t *id = json_null(), *account = json_null();
    if (*name && *author && !answers_read(&req->arena, "reply_to", name, &ref) && ref.id) {
        const int64_t number = post_number_of(request_db(req), post_kind_find(ref.kind), ref.id);
        const int64_t person = db_number(request_db(req), QUERY_PERSON_ID, 0, author, req->viewer.account);
        if (number && person) {
            id = digits(req, number);
            account = digits(req, person);
        }
    }
    json_object_set_new(status, "in_reply_to_id", id);
    json_object_set_new(status, "in_reply_to_account_id", account);
}

json_t *mastodon_status(struct request *req, json_t *people, const json_t *row)
{
    const struct post_kind *kind = post_kind_find(row_text(row, "kind"));
    if (!kind)
        return NULL;
    const char *words = words_of(req, kind, row), *note = kind == &post_picture ? row_text(row, "note") : "";
    const char *url = request_url(req, row_text(row, "url"));
    const int64_t id = number_in(row, "id"), edited_s = number_in(row, "edited_at");
    const int is_kept =
        req->viewer.account && db_number(request_db(req), QUERY_KEPT_AS, 0, req->viewer.account, kind->name, id) != 0;
    json_t *status = json_pack(
        "{s:o, s:s, s:s, s:o, s:o, s:o, s:o, s:s, s:b, s:s, s:[], s:o, s:o, s:[]}", "id",
        digits(req, number_in(row, "number")), "uri", url, "url", url, "created_at",
        mastodon_time(number_in(row, "created_at")), "edited_at", edited_s ? mastodon_time(edited_s) : json_null(),
        "account", author_of(req, people, row_text(row, "author")), "content", html_of(req, words), "visibility",
        "public", "sensitive", *note != '\0', "spoiler_text", note, "media_attachments", "mentions",
        mentions_of(req, words), "tags", tags_of(req, row, words), "emojis");
    json_t *usual =
        json_pack("{s:b, s:b, s:b, s:b, s:b, s:i, s:i, s:i, s:n, s:n, s:n, s:n, s:n, s:[]}", "favourited", is_kept,
                  "bookmarked", is_kept, "reblogged", 0, "muted", 0, "pinned", 0, "replies_count", 0, "reblogs_count",
                  0, "favourites_count", 0, "reblog", "poll", "card", "language", "application", "filtered");
    if (status && usual) {
        json_object_update(status, usual);
        if (kind == &post_picture)
            json_array_append_new(json_object_get(status, "media_attachments"), media_of(req, row));
        put_reply(req, status, row);
    }
    json_decref(usual);
    return status;
}

json_t *mastodon_statuses(struct request *req, json_t *rows)
{
    json_t *statuses = rows ? json_array() : NULL, *people = json_object(), *row;
    size_t i;
    json_array_foreach(rows, i, row)
    {
        json_t *status = mastodon_status(req, people, row);
        if (status)
            json_array_append_new(statuses, status);
    }
    json_decref(rows);
    json_decref(people);
    return statuses;
}

void mastodon_respond_status(struct request *req, struct response *res, const struct post_kind *kind, int64_t id)
{
    json_t *row = post_list_ref(req, kind, id);
    if (!row)
        respond_store_error(req, res, STORE_FAILED, kind->name);
    else if (json_is_null(row))
        mastodon_missing(req, res);
    else
        respond_json(req, res, mastodon_status(req, NULL, row));
    json_decref(row);
}

/* ---- Pages ---------------------------------------------------------------------------------------- */

int mastodon_limit(struct request *req)
{
    const int64_t limit = post_number_read(request_query(req, "limit", ""), MASTODON_ITEMS);
    return limit > MASTODON_ITEMS_MAX ? MASTODON_ITEMS_MAX : (int)limit;
}

/* The address that was asked for, with its query but for where the page began. */
static const char *page_url(struct request *req, const char *name, const char *value)
{
    const char *url = request_url(req, req->path);
    for (int i = 0; i < req->query.count; i++) {
        const struct field *field = &req->query.items[i];
        if (strcmp(field->name, "max_id") != 0 && strcmp(field->name, "min_id") != 0 &&
            strcmp(field->name, "since_id") != 0)
            url = arena_printf(&req->arena, "%s%c%s=%s", url, strchr(url, '?') ? '&' : '?',
                               request_encode(req, field->name), request_encode(req, field->value));
    }
    return arena_printf(&req->arena, "%s%c%s=%s", url, strchr(url, '?') ? '&' : '?', name, value);
}

void mastodon_link(struct request *req, struct response *res, const char *first, const char *last)
{
    const char *next = last ? arena_printf(&req->arena, "<%s>; rel=\"next\"", page_url(req, "max_id", last)) : "";
    const char *prev = first ? arena_printf(&req->arena, "<%s>; rel=\"prev\"", page_url(req, "min_id", first)) : "";
    if (*next || *prev)
        respond_header(req, res, "Link", arena_printf(&req->arena, "%s%s%s", next, *next && *prev ? ", " : "", prev));
}

void mastodon_missing(struct request *req, struct response *res)
{
    respond_error(req, res, 404,
                  "There is nothing at this address here: it was deleted, is hidden from you, or piclog "
                  "does not have such a thing.");
}
