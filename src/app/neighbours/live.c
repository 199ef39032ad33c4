/*
 * /live: what concerns one, as it happens, by server-sent events
 * (https://html.spec.whatwg.org/multipage/server-sent-events.html). A mark becomes words when it is told, by queries
 * that ask what its reader may see at that moment. Ids are the numbers of marks; presence, which is kept nowhere, adds
 * a number of its own behind a dot: "Last-Event-ID: 71.3" goes on behind mark 71, and with who is here by then. POST
 * /live says that somebody is at their page. Refuses more than four streams of a person. Read next: request/live.c.
 */
#include "app/neighbours/live.h"

#include <stdlib.h>
#include <string.h>

#include "app/neighbours/handlers.h"
#include "app/request/presence.h"
#include "app/request/route.h"
#include "base/clock.h"

enum { TOLD_AT_ONCE = 32, RETRY_MS = 2000 };

/* Takes the reference of data. number: behind that of the mark; 0: none. */
static void put(struct buf *out, const char *name, int64_t mark, uint64_t number, json_t *data)
{
    char *text = json_dumps(data, JSON_COMPACT);
    if (text) {
        buf_printf(out, "event: %s\nid: %lld", name, (long long)mark);
        if (number)
            buf_printf(out, ".%llu", (unsigned long long)number);
        buf_printf(out, "\ndata: %s\n\n", text);
    }
    free(text);
    json_decref(data);
}

/* ---- Presence ------------------------------------------------------------------------------------ */

/* somebody as a row of live_person or live_people has them */
static json_t *person_as(const json_t *row, enum presence_state state)
{
    return json_pack("{s:s, s:s, s:s}", "name", row_text(row, "name"), "state", presence_word(state), "line",
                     state == PRESENCE_GONE ? "" : row_text(row, "line"));
}

/* What has become of one whom the reader may have seen. */
static void put_person(struct live *live, struct db *db, struct live_place *place, int64_t other, int is_tie,
                       struct buf *out)
{
    json_t *row = db_row(db, QUERY_LIVE_PERSON, place->account, other);
    const int is_seen = json_is_true(json_object_get(row, "is_seen"));
    if (json_is_true(json_object_get(row, is_tie ? "shows_presence" : "is_friend")))
        put(out, "presence", place->mark, ++place->ids,
            person_as(row, is_seen ? presence_of(live_presence(live), other) : PRESENCE_GONE));
    json_decref(row);
}

/* Those who are here first, then by name. */
static int in_order(const void *a, const void *b)
{
    const json_t *left = *(json_t *const *)a, *right = *(json_t *const *)b;
    const int by_state =
        json_is_true(json_object_get(left, "is_away")) - json_is_true(json_object_get(right, "is_away"));
    return by_state ? by_state : strcmp(row_text(left, "name"), row_text(right, "name"));
}

json_t *live_people_here(struct live *live, struct db *db, int64_t account)
{
    json_t *rows = db_rows(db, QUERY_LIVE_PEOPLE, account, (int64_t)LIVE_PEOPLE_MAX), *people = json_array(), *row;
    json_t *found[LIVE_PEOPLE_MAX];
    size_t i, count = 0;
    (void)presence_settle(live_presence(live), clock_monotonic_ms());
    json_array_foreach(rows, i, row)
    {
        const enum presence_state state =
            presence_of(live_presence(live), json_integer_value(json_object_get(row, "account_id")));
        if (state == PRESENCE_GONE)
            continue;
        json_t *person = person_as(row, state);
        json_object_set_new(person, "is_away", json_boolean(state == PRESENCE_AWAY));
        json_object_set(person, "avatar_url", json_object_get(row, "avatar_url"));
        found[count++] = person;
    }
    qsort(found, count, sizeof found[0], in_order);
    for (i = 0; i < count; i++)
        json_array_append_new(people, found[i]);
    json_decref(rows);
    return people;
}

json_t *live_person_here(struct live *live, struct db *db, int64_t account, int64_t other)
{
    json_t *row = db_row(db, QUERY_LIVE_PERSON, account, other), *person = json_null();
    (void)presence_settle(live_presence(live), clock_monotonic_ms());
    if (json_is_true(json_object_get(row, "is_seen"))) {
        const enum presence_state state = presence_of(live_presence(live), other);
        person = person_as(row, state);
        json_object_set_new(person, "is_here", json_boolean(state == PRESENCE_HERE));
        json_object_set_new(person, "is_away", json_boolean(state == PRESENCE_AWAY));
        json_object_set_new(person, "is_gone", json_boolean(state == PRESENCE_GONE));
    }
    json_decref(row);
    return person;
}

static void put_all(struct live *live, struct db *db, struct live_place *place, struct buf *out)
{
    json_t *people = live_people_here(live, db, place->account), *person;
    size_t i;
    place->presence = presence_newest(live_presence(live));
    json_array_foreach(people, i, person)
    {
        json_object_del(person, "is_away");
        json_object_del(person, "avatar_url");
        put(out, "presence", place->mark, ++place->ids, json_incref(person));
    }
    json_decref(people);
}

static int put_changes(struct live *live, struct db *db, struct live_place *place, struct buf *out)
{
    struct presence_change changes[TOLD_AT_ONCE];
    const int count = presence_changes(live_presence(live), place->presence, changes, TOLD_AT_ONCE);
    for (int i = 0; i < count; i++) {
        if (changes[i].account != place->account)
            put_person(live, db, place, changes[i].account, 0, out);
        place->presence = changes[i].number;
    }
    return count == TOLD_AT_ONCE;
}

/* ---- Marks --------------------------------------------------------------------------------------- */

static void put_mark(struct live *live, struct db *db, struct live_place *place, const char *kind, int64_t by,
                     int64_t ref, struct buf *out)
{
    static const struct {
        const char *kind, *event;
        enum query query;
    } told[] = {{"message", "message", QUERY_LIVE_MESSAGE}, {"nudge", "nudge", QUERY_LIVE_MESSAGE},
                {"notice", "notice", QUERY_LIVE_NOTICE},    {"picture", "posts", QUERY_LIVE_PICTURE},
                {"status", "posts", QUERY_LIVE_STATUS},     {"mood", "posts", QUERY_LIVE_MOOD}};
    if (strcmp(kind, "tie") == 0)
        put_person(live, db, place, by, 1, out);
    for (size_t i = 0; i < sizeof told / sizeof told[0]; i++) {
        if (strcmp(told[i].kind, kind) != 0)
            continue;
        json_t *row = db_row(db, told[i].query, ref, place->account);
        if (json_is_object(row))
            put(out, told[i].event, place->mark, 0, json_incref(row));
        json_decref(row);
    }
}

int live_tell(struct live *live, struct db *db, struct live_place *place, struct buf *out)
{
    if (place->is_fresh)
        buf_printf(out, "retry: %d\n\n", RETRY_MS);
    if (place->is_lost)
        put(out, "reset", place->mark, ++place->ids, json_object());
    json_t *rows = db_rows(db, QUERY_LIVE_EVENTS_FOR, place->mark, (int64_t)TOLD_AT_ONCE, place->account), *row;
    const size_t count = json_array_size(rows);
    size_t i;
    int is_more = count == TOLD_AT_ONCE;
    json_array_foreach(rows, i, row)
    {
        if (out->size_bytes > LIVE_PIECE_BYTES) {
            is_more = 1;
            break;
        }
        place->mark = json_integer_value(json_object_get(row, "id"));
        put_mark(live, db, place, row_text(row, "kind"), json_integer_value(json_object_get(row, "by_id")),
                 json_integer_value(json_object_get(row, "ref_id")), out);
    }
    json_decref(rows);
    if (place->is_fresh)
        put_all(live, db, place, out);
    else
        is_more |= put_changes(live, db, place, out);
    place->is_fresh = place->is_lost = 0;
    return is_more;
}

/* ---- The address --------------------------------------------------------------------------------- */

/* The number of the last mark that the client has; -1: it has none. What it makes up is as good as old. */
static int64_t last_mark(struct request *req)
{
    const char *sent = request_header(req, "Last-Event-ID");
    char *end = NULL;
    if (!sent || !*sent)
        return -1;
    const long long mark = strtoll(sent, &end, 10);
    return end == sent || mark < 0 ? INT64_MAX - 1 : mark;
}

void live_page(struct request *req, struct response *res)
{
    struct live_stream *stream = NULL;
    res->cache = CACHE_NEVER;
    res->policy = POLICY_NONE;
    res->status = 200;
    if (req->is_head) {
        respond_bytes(req, res, "text/event-stream");
        return;
    }
    switch (live_open(req->app->live, request_db(req), &req->viewer, last_mark(req), &stream)) {
    case LIVE_OPENED:
        respond_header(req, res, "X-Accel-Buffering", "no"); /* nginx passes it on as it comes */
        res->type = "text/event-stream";
        res->live = stream;
        return;
    case LIVE_ACCOUNT_FULL:
        respond_header(req, res, "Retry-After", "30");
        respond_error(req, res, 503, "You have %d streams open, which is the limit. Close one of them.",
                      LIVE_PER_ACCOUNT);
        return;
    case LIVE_FULL: break;
    }
    respond_header(req, res, "Retry-After", "60");
    respond_error(req, res, 503, "As many streams are open as this piclog takes. Reload the page instead.");
}

/* Somebody is at their page: dispatch has noted it. */
void live_here_post(struct request *req, struct response *res)
{
    (void)req;
    res->status = 204;
}
