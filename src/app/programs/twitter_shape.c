/*
 * What posts, people and messages look like to programs of the Twitter 1.0 protocol, and how a value becomes JSON, XML,
 * RSS or Atom. Refuses to count what others have: each of those numbers is 0. Read next: twitter.c.
 */
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "app/programs/twitter.h"
#include "app/request/route.h"
#include "app/posts/clip.h"
#include "base/text.h"
#include "store/kept.h"
#include "view/feed.h"
#include "view/linkify.h"

enum { DESCRIPTION_MAX_BYTES = 500 };

/* ---- Shapes ------------------------------------------------------------------------------------- */

/* "Mon Nov 30 13:00:00 +0000 2026" */
static const char *old_time(struct request *req, const json_t *row)
{
    static const char *const days[] = {"Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"};
    static const char *const months[] = {"Jan", "Feb", "Mar", "Apr", "May", "Jun",
                                         "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};
    const time_t at = (time_t)json_integer_value(json_object_get(row, "created_at"));
    struct tm tm;
    gmtime_r(&at, &tm);
    return arena_printf(&req->arena, "%s %s %02d %02d:%02d:%02d +0000 %d", days[tm.tm_wday], months[tm.tm_mon],
                        tm.tm_mday, tm.tm_hour, tm.tm_min, tm.tm_sec, tm.tm_year + 1900);
}

json_t *twitter_user(struct request *req, json_t *users, const char *name)
{
    json_t *known = json_object_get(users, name);
    if (known)
        return json_incref(known);
    json_t *row = db_row(request_db(req), QUERY_PERSON, name, req->viewer.account);
    if (!json_is_object(row)) {
        json_decref(row);
        return json_null();
    }
    struct db *db = request_db(req);
    const int64_t id = number_in(row, "id"), me = req->viewer.account;
    const int is_me = me == id;
    const char *about = row_text(row, "about"), *avatar = row_text(row, "avatar_url");
    const char *face = *avatar ? request_url(req, avatar) : request_url(req, "/static/icon.png");
    const char *display = row_text(row, "display_name"), *is = row_text(row, "name");
    json_t *user = json_pack(
        "{s:I, s:s, s:s, s:s, s:s, s:s, s:s?, s:s, s:s, s:s, s:b, s:I, s:I, s:I, s:I, s:I, s:b, s:b, s:b, s:s, s:n, "
        "s:n}",
        "id", (json_int_t)id, "id_str", arena_printf(&req->arena, "%lld", (long long)id), "name",
        *display ? display : is, "screen_name", is, "location", "", "description",
        arena_printf(&req->arena, "%.*s", (int)text_prefix(about, DESCRIPTION_MAX_BYTES), about), "url",
        *row_text(row, "homepage") ? row_text(row, "homepage") : NULL, "profile_image_url", face,
        "profile_image_url_https", face, "statusnet_profile_url",
        request_url(req, arena_printf(&req->arena, "/~%s", is)), "protected", 0, "followers_count", (json_int_t)0,
        "friends_count", (json_int_t)(is_me ? db_number(db, QUERY_FOLLOW_COUNT, 0, id) : 0), "favourites_count",
        (json_int_t)(is_me ? db_number(db, QUERY_KEPT_COUNT, 0, id) : 0), "listed_count", (json_int_t)0,
        "statuses_count",
        (json_int_t)(is_me ? number_in(row, "status_count") + number_in(row, "picture_count") +
                                 number_in(row, "mood_count")
                           : 0),
        "following", me && !is_me ? (int)db_number(db, QUERY_IS_FOLLOWING, 0, me, id) : 0, "notifications", 0,
        "verified", 0, "created_at", old_time(req, row), "utc_offset", "time_zone");
    json_decref(row);
    if (user)
        json_object_set(users, name, user);
    return user;
}

/* What is said, in one line of text: programs know no pictures and no moods. */
static const char *text_of(struct request *req, const json_t *row)
{
    const char *kind = row_text(row, "kind"), *note = row_text(row, "note");
    if (strcmp(kind, "status") == 0)
        return row_text(row, "content");
    if (strcmp(kind, "mood") == 0)
        return arena_printf(&req->arena, "%s%s%s%s%s", row_text(row, "face"), *row_text(row, "face") ? " " : "",
                            row_text(row, "mood"), *note ? " – " : "", note);
    const char *caption = row_text(row, "caption");
    return arena_printf(&req->arena, "%s%s%s%s%s", *note ? "Content note: " : "", note, *note ? " – " : "",
                        arena_printf(&req->arena, "%s%s", caption, *caption ? " " : ""),
                        request_url(req, row_text(row, "url")));
}

/* The number of what a post answers, as far as the viewer sees it: 0: nothing. */
static int64_t answered_number(struct request *req, const json_t *row)
{
    struct post_ref post = {0};
    const char *name = row_text(row, "reply_to");
    if (!*row_text(row, "reply_author") || answers_read(&req->arena, "reply_to", name, &post) || !post.id)
        return 0;
    return post_number_of(request_db(req), post_kind_find(post.kind), post.id);
}

static void put_number(struct request *req, json_t *status, const char *key, int64_t number)
{
    const char *as_text = arena_printf(&req->arena, "%s_str", key);
    json_object_set_new(status, key, number ? json_integer(number) : json_null());
    json_object_set_new(status, as_text, number ? json_string(post_number_text(&req->arena, number)) : json_null());
}

json_t *twitter_status(struct request *req, json_t *users, json_t *row)
{
    const char *url = request_url(req, row_text(row, "url")), *answered = row_text(row, "reply_author");
    const int64_t me = req->viewer.account;
    json_t *answered_user = *answered ? twitter_user(req, users, answered) : json_null();
    json_t *status = json_pack(
        "{s:s, s:s, s:s, s:b, s:b, s:I, s:s, s:n}", "text", text_of(req, row), "created_at", old_time(req, row),
        "source", "web", "truncated", 0, "favorited",
        me ? db_number(request_db(req), QUERY_KEPT_AS, 0, me, row_text(row, "kind"), number_in(row, "id")) != 0 : 0,
        "retweet_count", (json_int_t)0, "uri", url, "geo");
    put_number(req, status, "id", number_in(row, "number"));
    put_number(req, status, "in_reply_to_status_id", answered_number(req, row));
    put_number(req, status, "in_reply_to_user_id", number_in(answered_user, "id"));
    json_object_set_new(status, "in_reply_to_screen_name", *answered ? json_string(answered) : json_null());
    json_object_set_new(status, "external_url", json_string(url));
    json_object_set_new(status, "user", twitter_user(req, users, row_text(row, "author")));
    json_t *attachments = json_array();
    if (strcmp(row_text(row, "kind"), "picture") == 0) /* as GNU social has them */
        json_array_append_new(
            attachments, json_pack("{s:s, s:s, s:I, s:I, s:I, s:s, s:s}", "url",
                                   request_url(req, row_text(row, clip_key(row, "image_url"))), "mimetype",
                                   "image/jpeg", "size", (json_int_t)number_in(row, clip_key(row, "bytes")), "width",
                                   (json_int_t)number_in(row, clip_key(row, "width")), "height",
                                   (json_int_t)number_in(row, clip_key(row, "height")), "description",
                                   row_text(row, "alt"), "thumb_url", request_url(req, row_text(row, "thumb_url"))));
    json_object_set_new(status, "attachments", attachments);
    json_decref(answered_user);
    return status;
}

json_t *twitter_message(struct request *req, json_t *users, const json_t *row)
{
    const int64_t id = number_in(row, "id");
    const char *from = row_text(row, "author"), *to = row_text(row, "recipient"), *content = row_text(row, "content");
    const char *image = row_text(row, "image_url");
    json_t *sender = twitter_user(req, users, from), *recipient = twitter_user(req, users, to);
    const char *text = json_is_true(json_object_get(row, "is_nudge")) ? "(a nudge)"
                       : *image
                           ? arena_printf(&req->arena, "%s%s%s", content, *content ? " " : "", request_url(req, image))
                           : content;
    return json_pack("{s:I, s:s, s:s, s:s, s:I, s:s, s:I, s:s, s:o, s:o}", "id", (json_int_t)id, "id_str",
                     arena_printf(&req->arena, "%lld", (long long)id), "text", text, "created_at", old_time(req, row),
                     "sender_id", (json_int_t)number_in(sender, "id"), "sender_screen_name", from, "recipient_id",
                     (json_int_t)number_in(recipient, "id"), "recipient_screen_name", to, "sender", sender, "recipient",
                     recipient);
}

/* ---- Answers ------------------------------------------------------------------------------------ */

static void put_element(struct buf *out, const char *name, const char *item, const json_t *value);

static void put_children(struct buf *out, const char *item, const json_t *value)
{
    const char *key;
    json_t *child;
    size_t i;
    if (json_is_array(value)) {
        json_array_foreach((json_t *)value, i, child) put_element(out, item, "item", child);
    } else {
        json_object_foreach((json_t *)value, key, child)
        {
            put_element(out, key, strcmp(key, "attachments") == 0 ? "enclosure" : "item", child);
        }
    }
}

/* Lists say so, as those of the time did: type="array". What is null is an empty element. */
static void put_element(struct buf *out, const char *name, const char *item, const json_t *value)
{
    if (json_is_null(value)) {
        buf_printf(out, "<%s/>\n", name);
        return;
    }
    buf_printf(out, "<%s%s>", name, json_is_array(value) ? " type=\"array\"" : "");
    if (json_is_string(value)) {
        linkify_escape(json_string_value(value), json_string_length(value), out);
    } else if (json_is_integer(value)) {
        buf_printf(out, "%" JSON_INTEGER_FORMAT, json_integer_value(value));
    } else if (json_is_boolean(value)) {
        buf_puts(out, json_is_true(value) ? "true" : "false");
    } else {
        buf_puts(out, "\n");
        put_children(out, item, value);
    }
    buf_printf(out, "</%s>\n", name);
}

void twitter_answer(struct request *req, struct response *res, json_t *value, const char *root, const char *item)
{
    res->cache = CACHE_NEVER;
    if (value && req->format && strcmp(req->format, "xml") != 0) {
        respond_error(req, res, 406, "There is no %s of this. Ask for .json or .xml.", req->format);
        json_decref(value);
        return;
    }
    if (json_is_string(value) && !req->format) { /* what is no object, respond_json() does not take */
        buf_printf(&res->body, "\"%s\"", json_string_value(value));
    } else if (json_is_boolean(value) && !req->format) {
        buf_puts(&res->body, json_is_true(value) ? "true" : "false");
    } else if (!value || !req->format) {
        respond_json(req, res, value);
        return;
    }
    if (!req->format) {
        json_decref(value);
        res->policy = POLICY_NONE;
        respond_bytes(req, res, "application/json");
        return;
    }
    buf_puts(&res->body, "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n");
    put_element(&res->body, root, item, value);
    json_decref(value);
    res->policy = POLICY_NONE;
    respond_bytes(req, res, "application/xml; charset=utf-8");
}

/* RSS or Atom. Takes the reference. */
static void answer_feed(struct request *req, struct response *res, json_t *rows, const char *title, const char *path)
{
    const int is_rss = strcmp(req->format, "rss") == 0;
    const json_t *newest = json_array_get(rows, 0);
    json_t *feed = json_pack("{s:s, s:s, s:n, s:s, s:I, s:n, s:n, s:b, s:o}", "title", title, "url",
                             request_url(req, path), "feed_url", "base", req->app->config->public_url, "updated_at",
                             (json_int_t)(newest ? number_in(newest, "created_at") : req->now_s), "author", "next_url",
                             "is_plain", 0, "items", rows);
    const int failed = is_rss ? feed_write_rss(feed, &res->body) : feed_write_atom(feed, &res->body);
    json_decref(feed);
    if (failed) {
        respond_error(req, res, 500, "The feed could not be put together.");
        return;
    }
    res->cache = CACHE_NEVER;
    res->policy = POLICY_NONE;
    respond_bytes(req, res, is_rss ? "application/rss+xml; charset=utf-8" : "application/atom+xml; charset=utf-8");
}

void twitter_answer_posts(struct request *req, struct response *res, json_t *rows, const char *title, const char *path)
{
    json_t *statuses = rows ? json_array() : NULL, *users = json_object(), *row;
    size_t i;
    if (rows && req->format && strcmp(req->format, "xml") != 0) {
        json_decref(statuses);
        json_decref(users);
        answer_feed(req, res, rows, title, path);
        return;
    }
    json_array_foreach(rows, i, row) json_array_append_new(statuses, twitter_status(req, users, row));
    json_decref(rows);
    json_decref(users);
    twitter_answer(req, res, statuses, "statuses", "status");
}

void twitter_answer_post(struct request *req, struct response *res, const struct post_kind *kind, int64_t id)
{
    json_t *row = kind ? post_list_ref(req, kind, id) : json_null(), *users = json_object();
    if (!row)
        respond_store_error(req, res, STORE_FAILED, "post");
    else if (json_is_object(row))
        twitter_answer(req, res, twitter_status(req, users, row), "status", NULL);
    else
        respond_error(req, res, 404, "There is no such post. It may have been deleted; deleting really deletes.");
    json_decref(row);
    json_decref(users);
}

/* ---- Questions ---------------------------------------------------------------------------------- */

const char *twitter_asked(const struct request *req, const char *name)
{
    return request_query(req, name, request_form(req, name, ""));
}

int twitter_number(const struct request *req, const char *name, int fallback, int most)
{
    const char *text = twitter_asked(req, name);
    const size_t digits = strspn(text, "0123456789");
    if (!digits || text[digits])
        return fallback;
    const long number = digits > 9 ? most : strtol(text, NULL, 10);
    return number < 1 ? 1 : number > most ? most : (int)number;
}

json_t *twitter_person(struct request *req, struct response *res, int own)
{
    static const char *const names[] = {"screen_name", "id", "user", "user_id"};
    const char *name = request_capture(req, "name"), *asked = name;
    for (size_t i = 0; i < sizeof names / sizeof names[0] && !*asked; i++)
        asked = twitter_asked(req, names[i]);
    json_t *person = json_null();
    if (!*asked && own && req->viewer.account)
        asked = req->viewer.name;
    if (*asked && text_is_utf8(asked, strlen(asked)))
        person = db_row(request_db(req), QUERY_PERSON, asked, req->viewer.account);
    if (json_is_null(person) && *asked && strlen(asked) <= 15 && strspn(asked, "0123456789") == strlen(asked)) {
        json_t *numbered = db_row(request_db(req), QUERY_PERSON_BY_ID, (int64_t)strtoll(asked, NULL, 10));
        person = db_row(request_db(req), QUERY_PERSON, row_text(numbered, "name"), req->viewer.account);
        json_decref(numbered);
    }
    if (json_is_object(person) && strcmp(row_text(person, "state"), "active") == 0)
        return person;
    if (!person) {
        respond_store_error(req, res, STORE_FAILED, "person");
        return json_null();
    }
    json_decref(person);
    respond_error(req, res, *asked ? 404 : 422,
                  *asked ? "There is nobody of that name here." : "Say whom you mean: screen_name is a name here.");
    return json_null();
}
