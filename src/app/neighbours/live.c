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
#include "store/live.h"

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

static enum presence_state state_of(struct live *live, const json_t *row)
{
    return json_is_true(json_object_get(row, "is_seen"))
               ? presence_of(live_presence(live), json_integer_value(json_object_get(row, "account_id")))
               : PRESENCE_GONE;
}

/* Notes that the reader has somebody as here or away, or as gone. 0: there is nothing to tell them, as they never had
   this person (who did not come, and does not show whom they left) or have as many as there may be. */
static int note_shown(struct live_place *place, int64_t other, int is_here)
{
    int at = 0;
    while (at < place->shown_count && place->shown[at] != other)
        at++;
    const int is_known = at < place->shown_count;
    if (is_known && !is_here)
        place->shown[at] = place->shown[--place->shown_count];
    if (is_known || !is_here)
        return is_known;
    if (!place->shown)
        place->shown = calloc(LIVE_PEOPLE_MAX, sizeof *place->shown);
    if (!place->shown || at == LIVE_PEOPLE_MAX)
        return 0;
    place->shown[place->shown_count++] = other;
    return 1;
}

/* What has become of one whom the reader may have seen. -1: failed. */
static int put_person(struct live *live, struct db *db, struct live_place *place, int64_t other, struct buf *out)
{
    json_t *row = db_row(db, QUERY_LIVE_PERSON, place->account, other);
    if (!row)
        return -1;
    const enum presence_state state = state_of(live, row);
    if (json_is_object(row) && note_shown(place, other, state != PRESENCE_GONE))
        put(out, "presence", place->mark, ++place->ids, person_as(row, state));
    json_decref(row);
    return 0;
}

/* Those who are here first, then by name. */
static int in_order(const void *a, const void *b)
{
    const json_t *left = *(json_t *const *)a, *right = *(json_t *const *)b;
    const int by_state =
        json_is_true(json_object_get(left, "is_away")) - json_is_true(json_object_get(right, "is_away"));
    return by_state ? by_state : strcmp(row_text(left, "name"), row_text(right, "name"));
}

struct found {
    struct presence *presence;
    int64_t accounts[LIVE_PEOPLE_MAX];
    int count;
};

static void add_if_here(void *context, int64_t account)
{
    struct found *found = context;
    if (found->count < LIVE_PEOPLE_MAX && presence_of(found->presence, account) != PRESENCE_GONE)
        found->accounts[found->count++] = account;
}

/* All friends are gone through, but only those who are here are read. Each with its account_id. */
static json_t *people_here(struct live *live, struct db *db, int64_t account)
{
    struct found here = {.presence = live_presence(live)};
    json_t *people[LIVE_PEOPLE_MAX], *all = json_array();
    size_t count = 0;
    (void)presence_settle(here.presence, clock_monotonic_ms());
    int is_failed = live_friends(db, account, add_if_here, &here) != 0;
    for (int i = 0; i < here.count && !is_failed; i++) {
        json_t *row = db_row(db, QUERY_LIVE_PERSON, account, here.accounts[i]);
        const enum presence_state state = state_of(live, row);
        is_failed = !row;
        if (state != PRESENCE_GONE) {
            json_t *person = person_as(row, state);
            json_object_set(person, "account_id", json_object_get(row, "account_id"));
            json_object_set_new(person, "is_away", json_boolean(state == PRESENCE_AWAY));
            json_object_set(person, "avatar_url", json_object_get(row, "avatar_url"));
            people[count++] = person;
        }
        json_decref(row);
    }
    qsort(people, count, sizeof people[0], in_order);
    for (size_t i = 0; i < count; i++)
        json_array_append_new(all, people[i]);
    if (is_failed) {
        json_decref(all);
        return NULL;
    }
    return all;
}

json_t *live_people_here(struct live *live, struct db *db, int64_t account)
{
    json_t *people = people_here(live, db, account), *person;
    size_t i;
    json_array_foreach(people, i, person) json_object_del(person, "account_id");
    return people;
}

json_t *live_person_here(struct live *live, struct db *db, int64_t account, int64_t other)
{
    json_t *row = db_row(db, QUERY_LIVE_PERSON, account, other), *person = json_null();
    (void)presence_settle(live_presence(live), clock_monotonic_ms());
    if (json_is_true(json_object_get(row, "is_friend"))) {
        const enum presence_state state = state_of(live, row);
        person = person_as(row, state);
        json_object_set_new(person, "is_here", json_boolean(state == PRESENCE_HERE));
        json_object_set_new(person, "is_away", json_boolean(state == PRESENCE_AWAY));
        json_object_set_new(person, "is_gone", json_boolean(state == PRESENCE_GONE));
    }
    json_decref(row);
    return person;
}

static enum live_told put_all(struct live *live, struct db *db, struct live_place *place, struct buf *out)
{
    (void)presence_settle(live_presence(live), clock_monotonic_ms());
    const uint64_t newest = presence_newest(live_presence(live));
    json_t *people = people_here(live, db, place->account), *person;
    size_t i;
    if (!people)
        return LIVE_TOLD_FAILED;
    place->presence = newest;
    json_array_foreach(people, i, person)
    {
        const int is_told = note_shown(place, json_integer_value(json_object_get(person, "account_id")), 1);
        json_object_del(person, "account_id");
        json_object_del(person, "is_away");
        json_object_del(person, "avatar_url");
        if (is_told)
            put(out, "presence", place->mark, ++place->ids, json_incref(person));
    }
    json_decref(people);
    return LIVE_TOLD_ALL;
}

static enum live_told put_changes(struct live *live, struct db *db, struct live_place *place, struct buf *out)
{
    struct presence_change changes[TOLD_AT_ONCE];
    const int count = presence_changes(live_presence(live), place->presence, changes, TOLD_AT_ONCE);
    for (int i = 0; i < count; i++) {
        if (changes[i].account != place->account && put_person(live, db, place, changes[i].account, out) != 0)
            return LIVE_TOLD_FAILED;
        place->presence = changes[i].number;
    }
    return count == TOLD_AT_ONCE ? LIVE_TOLD_PART : LIVE_TOLD_ALL;
}

/* ---- Marks --------------------------------------------------------------------------------------- */

/* -1: failed. */
static int put_mark(struct live *live, struct db *db, struct live_place *place, const char *kind, int64_t by,
                    int64_t ref, struct buf *out)
{
    static const struct {
        const char *kind, *event;
        enum query query;
    } told[] = {{"message", "message", QUERY_LIVE_MESSAGE}, {"nudge", "nudge", QUERY_LIVE_MESSAGE},
                {"notice", "notice", QUERY_LIVE_NOTICE},    {"picture", "posts", QUERY_LIVE_PICTURE},
                {"status", "posts", QUERY_LIVE_STATUS},     {"mood", "posts", QUERY_LIVE_MOOD}};
    if (strcmp(kind, "tie") == 0)
        return put_person(live, db, place, by, out);
    for (size_t i = 0; i < sizeof told / sizeof told[0]; i++) {
        if (strcmp(told[i].kind, kind) != 0)
            continue;
        json_t *row = db_row(db, told[i].query, ref, place->account);
        if (!row)
            return -1;
        if (json_is_object(row))
            put(out, told[i].event, place->mark, 0, json_incref(row));
        json_decref(row);
    }
    return 0;
}

enum live_told live_tell(struct live *live, struct db *db, struct live_place *place, struct buf *out)
{
    json_t *rows = db_rows(db, QUERY_LIVE_EVENTS_FOR, place->mark, (int64_t)TOLD_AT_ONCE, place->account), *row;
    if (!rows)
        return LIVE_TOLD_FAILED;
    if (place->is_fresh)
        buf_printf(out, "retry: %d\n\n", RETRY_MS);
    if (place->is_lost)
        put(out, "reset", place->mark, ++place->ids, json_object());
    place->is_lost = 0;
    size_t i;
    enum live_told told = json_array_size(rows) == TOLD_AT_ONCE ? LIVE_TOLD_PART : LIVE_TOLD_ALL;
    json_array_foreach(rows, i, row)
    {
        if (out->size_bytes > LIVE_PIECE_BYTES) {
            told = LIVE_TOLD_PART;
            break;
        }
        const int64_t before = place->mark;
        place->mark = json_integer_value(json_object_get(row, "id"));
        if (put_mark(live, db, place, row_text(row, "kind"), json_integer_value(json_object_get(row, "by_id")),
                     json_integer_value(json_object_get(row, "ref_id")), out) != 0) {
            place->mark = before;
            told = LIVE_TOLD_FAILED;
            break;
        }
    }
    json_decref(rows);
    if (told == LIVE_TOLD_FAILED)
        return told;
    const enum live_told presence = place->is_fresh ? put_all(live, db, place, out) : put_changes(live, db, place, out);
    place->is_fresh &= presence == LIVE_TOLD_FAILED;
    return presence == LIVE_TOLD_ALL ? told : presence;
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
