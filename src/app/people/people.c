/*
 * People: the list, a person's page with or without the person's own style, that style itself. The page shows what is
 * public; in its room it holds no control that acts, since there a stranger's style may move anything. Read next:
 * profile.c, the forms behind it.
 */
#include <stdlib.h>
#include <string.h>

#include "app/request/app.h"
#include "app/people/handlers.h"
#include "app/people/people.h"
#include "app/posts/timeline.h"
#include "domain/name.h"

enum { BESIDE = 3, STYLE_REMEMBERED_S = 365 * 86400 };

void people_page(struct request *req, struct response *res)
{
    json_t *page = json_object();
    json_t *rows =
        db_rows(request_db(req), QUERY_PEOPLE, request_before(req), (int64_t)(3 * PAGE_ITEMS + 1), req->viewer.account);
    size_t i;
    json_t *row;
    json_array_foreach(rows, i, row) json_object_del(row, "seen_at"); /* nobody's business */
    if (timeline_set(req, page, "people", rows, 3 * PAGE_ITEMS, "/people")) {
        json_decref(page);
        page = NULL;
    }
    respond_page(req, res, "people", page);
}

json_t *person_find(struct request *req, struct response *res)
{
    const char *name = request_capture(req, "name");
    json_t *person = db_row(request_db(req), QUERY_PERSON, name, req->viewer.account);
    if (!person) {
        respond_store_error(req, res, STORE_FAILED, "person");
        return json_null();
    }
    const char *state = json_string_value(json_object_get(person, "state"));
    if (state && strcmp(state, "active") == 0)
        return person;
    json_decref(person);
    respond_fault(req, res, name_unknown(&req->arena, name));
    return json_null();
}

static int has_style(const json_t *person)
{
    const char *css = json_string_value(json_object_get(person, "css"));
    return (css && *css) || json_is_string(json_object_get(person, "background_url"));
}

/*
 * The top eight of an account, as whoever asks may see them. The frame of a style does not know who looks: the page
 * around it says which places it leaves out, as a sum of bits.
 */
static json_t *top_of(struct request *req, int64_t account, unsigned long without)
{
    json_t *all = db_rows(request_db(req), QUERY_TOP_OF, account, req->viewer.account), *row;
    json_t *seen = json_array();
    size_t i;
    json_array_foreach(all, i, row)
    {
        const json_int_t position = json_integer_value(json_object_get(row, "position"));
        json_object_del(row, "position");
        if (!(without >> position & 1))
            json_array_append(seen, row);
    }
    json_decref(all);
    return seen;
}

/* The bits of the places that whoever asks does not see. */
static unsigned long places_unseen(struct request *req, int64_t account)
{
    const int64_t viewers[] = {0, req->viewer.account};
    unsigned long places = 0;
    for (int k = 0; k < 2; k++) {
        json_t *rows = db_rows(request_db(req), QUERY_TOP_OF, account, viewers[k]), *row;
        size_t i;
        json_array_foreach(rows, i, row) places ^= 1ul << json_integer_value(json_object_get(row, "position"));
        json_decref(rows);
    }
    return places;
}

/* What everybody may know of an account: nothing else leaves this file. */
static json_t *public_person(struct request *req, const json_t *person)
{
    static const char *const shown[] = {"name",         "display_name", "homepage",       "about",
                                        "created_at",   "avatar_url",   "background_url", "picture_count",
                                        "status_count", "mood_count",   "has_guestbook",  "shows_follows"};
    json_t *object = json_object();
    for (size_t i = 0; i < sizeof shown / sizeof *shown; i++) {
        json_t *value = json_object_get(person, shown[i]);
        json_object_set_new(object, shown[i], value ? json_incref(value) : json_null());
    }
    json_object_set_new(object, "has_style", json_boolean(has_style(person)));
    json_object_set_new(
        object, "links",
        db_rows(request_db(req), QUERY_LINKS_OF, (int64_t)json_integer_value(json_object_get(person, "id"))));
    return object;
}

/* "View without style" is remembered in a cookie; asking for it either way sets it. */
static int wants_style(struct request *req, struct response *res)
{
    static const char cookie[] = "piclog-style";
    const char *asked = request_query(req, "style", "");
    if (strcmp(asked, "off") == 0) {
        respond_cookie(req, res, cookie, "off", STYLE_REMEMBERED_S);
        return 0;
    }
    const char *remembered = request_cookie(req, cookie);
    if (strcmp(asked, "on") == 0) {
        if (remembered)
            respond_cookie(req, res, cookie, "", -1);
        return 1;
    }
    return !remembered || strcmp(remembered, "off") != 0;
}

static json_t *first_of(const json_t *rows)
{
    return json_array_size(rows) ? json_incref(json_array_get(rows, 0)) : json_null();
}

/* Does whoever looks follow this person? null where nobody can: in a frame, by oneself, by nobody. */
static json_t *follow_of(struct request *req, int64_t person, const struct person_look *look)
{
    const int64_t me = req->viewer.account;
    if (!me || me == person || look->is_framed)
        return json_null();
    return json_pack("{s:b}", "is_followed", (int)db_number(request_db(req), QUERY_IS_FOLLOWING, 0, me, person));
}

void person_show(struct request *req, struct response *res, json_t *person, const struct person_look *look)
{
    struct db *db = request_db(req);
    const int64_t id = json_integer_value(json_object_get(person, "id"));
    const char *path = arena_printf(&req->arena, "/~%s", json_string_value(json_object_get(person, "name")));
    const unsigned long without = look->is_framed ? strtoul(request_query(req, "without", "0"), NULL, 10) : 0;
    json_t *top = top_of(req, id, without), *friend, *shown = public_person(req, person);
    int most = PAGE_ITEMS; /* pictures in all: portraits weigh as much */
    size_t i;
    json_array_foreach(top, i, friend) most -= json_is_string(json_object_get(friend, "avatar_url"));
    json_object_set_new(shown, "top", top);
    json_t *statuses = db_rows(db, QUERY_STATUSES_OF, INT64_MAX, (int64_t)BESIDE, id, (int64_t)0, req->viewer.account);
    json_t *moods = db_rows(db, QUERY_MOODS_OF, INT64_MAX, (int64_t)BESIDE, id, (int64_t)0, req->viewer.account);
    json_t *page =
        json_pack("{s:o, s:b, s:o, s:s?, s:s?, s:b, s:b, s:o, s:o, s:o, s:o}", "person", shown, "is_own",
                  id == req->viewer.account, "follow", follow_of(req, id, look), "room_url", look->room_url,
                  "style_url", look->style_url, "is_framed", look->is_framed, "is_preview", look->is_preview, "mood",
                  first_of(moods), "status", first_of(statuses), "statuses", statuses, "moods", moods);
    json_t *pictures = timeline_of(req, QUERY_PICTURES_OF, id, most + 1);
    json_decref(person);
    if (!page || timeline_set(req, page, "pictures", pictures, most, path)) {
        json_decref(page);
        page = NULL;
    }
    if (look->is_framed)
        res->policy = look->is_preview ? POLICY_ROOM_OWN : POLICY_ROOM;
    respond_page(req, res, "person", page);
}

/* path with the query of the request that a page and its frame share. */
static const char *with_query(struct request *req, const char *path)
{
    static const char *const shared[] = {"before", "theme", "layout"};
    char before = strchr(path, '?') ? '&' : '?';
    for (size_t i = 0; i < sizeof shared / sizeof *shared; i++) {
        const char *value = request_query(req, shared[i], NULL);
        if (!value)
            continue;
        path = arena_printf(&req->arena, "%s%c%s=%s", path, before, shared[i], request_encode(req, value));
        before = '&';
    }
    return path;
}

void person_show_room(struct request *req, struct response *res, json_t *person, const char *style_url,
                      const char *page_path, int is_preview)
{
    const char *asked_for = request_header(req, "Sec-Fetch-Dest");
    const int is_frame = asked_for && strcmp(asked_for, "iframe") == 0;
    respond_header(req, res, "Vary", "Sec-Fetch-Dest");
    if ((asked_for && !is_frame) || req->wants_json) {
        json_decref(person);
        respond_redirect(req, res, with_query(req, page_path));
        return;
    }
    person_show(
        req, res, person,
        &(struct person_look){.is_framed = 1, .style_url = is_frame ? style_url : NULL, .is_preview = is_preview});
}

static const char *room_path(struct request *req, int64_t account)
{
    const char *path = arena_printf(&req->arena, "/~%s/room", request_capture(req, "name"));
    const unsigned long unseen = req->viewer.account ? places_unseen(req, account) : 0;
    return unseen ? arena_printf(&req->arena, "%s?without=%lu", path, unseen) : path;
}

void person_page(struct request *req, struct response *res)
{
    json_t *person = person_find(req, res);
    struct person_look look = {0};
    if (json_is_null(person))
        return;
    if (has_style(person) && wants_style(req, res))
        look.room_url = with_query(req, room_path(req, json_integer_value(json_object_get(person, "id"))));
    person_show(req, res, person, &look);
}

void person_room(struct request *req, struct response *res)
{
    json_t *person = person_find(req, res);
    if (!json_is_null(person))
        person_show_room(req, res, person, arena_printf(&req->arena, "/~%s/style.css", request_capture(req, "name")),
                         arena_printf(&req->arena, "/~%s", request_capture(req, "name")), 0);
}

void person_write_style(const json_t *person, const char *css, struct buf *out)
{
    static const char *const keys[][2] = {{"--background", "background_url"}, {"--avatar", "avatar_url"}};
    const char *background = json_string_value(json_object_get(person, "background_url"));
    buf_puts(out, "");
    if (!*css && !background)
        return;
    buf_puts(out, ":root{");
    for (size_t i = 0; i < sizeof keys / sizeof *keys; i++) {
        const char *url = json_string_value(json_object_get(person, keys[i][1]));
        if (url)
            buf_printf(out, "%s:url(%s);", keys[i][0], url);
        else
            buf_printf(out, "%s:none;", keys[i][0]);
    }
    buf_puts(out, "}\n");
    if (background)
        buf_puts(out, "html{background:var(--ground) var(--background) 50% 0/cover fixed;background-blend-mode:normal;"
                      "image-rendering:auto}\n");
    buf_puts(out, css);
}

/* Always 200, empty without a style, so that a missing one is no error in anybody's console. */
void person_style(struct request *req, struct response *res)
{
    json_t *person = db_row(request_db(req), QUERY_PERSON, request_capture(req, "name"));
    const char *state = json_string_value(json_object_get(person, "state"));
    const char *css = json_string_value(json_object_get(person, "css"));
    if (css && state && strcmp(state, "active") == 0)
        person_write_style(person, css, &res->body);
    json_decref(person);
    buf_puts(&res->body, "");
    res->policy = POLICY_NONE;
    respond_bytes(req, res, "text/css; charset=utf-8");
}
