/*
 * The webring: from one member's homepage to the next, in the order in which they came, and round. What stands on
 * people's sites are links to here, so that the ring closes by itself when somebody leaves. It leads nowhere but to the
 * homepages of members. Read next: directory.c.
 */
#include "app/request/app.h"
#include "app/neighbours/handlers.h"
#include "domain/neighbour.h"

#include <string.h>

#include <sodium.h>

/* The number of the account at :name, 0 after an error was answered. Whoever left the ring still finds the way. */
static int64_t find_walker(struct request *req, struct response *res)
{
    const char *name = request_capture(req, "name");
    json_t *person = db_row(request_db(req), QUERY_PERSON, name, (int64_t)0);
    const int64_t id = json_integer_value(json_object_get(person, "id"));
    json_decref(person);
    if (!id)
        respond_error(req, res, 404, "There is nobody called %s here, so there is no way on.", name);
    return id;
}

/* To the homepage of a row, or to all of them where nobody else walks. */
static void lead(struct request *req, struct response *res, json_t *row)
{
    const char *homepage = json_string_value(json_object_get(row, "homepage"));
    res->cache = CACHE_NEVER;
    respond_redirect(req, res, homepage ? arena_copy(&req->arena, homepage) : "/ring");
    json_decref(row);
}

/* The nearest beyond start; beyond the end, the first from the other end. */
static json_t *step(struct request *req, enum query query, int64_t start, int64_t end, int64_t walker)
{
    json_t *row = db_row(request_db(req), query, start, walker);
    if (json_is_object(row))
        return row;
    json_decref(row);
    return db_row(request_db(req), query, end, walker);
}

void ring_next(struct request *req, struct response *res)
{
    const int64_t walker = find_walker(req, res);
    if (walker)
        lead(req, res, step(req, QUERY_RING_NEXT, walker, 0, walker));
}

void ring_prev(struct request *req, struct response *res)
{
    const int64_t walker = find_walker(req, res);
    if (walker)
        lead(req, res, step(req, QUERY_RING_PREV, walker, INT64_MAX, walker));
}

/* Whoever stands behind a number thrown: where many left the next one is met more often, which nobody minds. */
void ring_random(struct request *req, struct response *res)
{
    const int64_t walker = find_walker(req, res);
    if (!walker)
        return;
    const int64_t last = db_number(request_db(req), QUERY_RING_LAST, 0);
    const int64_t thrown =
        last > 0 ? (int64_t)randombytes_uniform((uint32_t)(last < UINT32_MAX ? last : UINT32_MAX)) : 0;
    lead(req, res, step(req, QUERY_RING_NEXT, thrown, 0, walker));
}

/* ---- Who walks in it, and joining ---------------------------------------------------------------- */

enum { WALKERS = 200 };

static void show(struct request *req, struct response *res, const char *error)
{
    json_t *me = req->viewer.account ? db_row(request_db(req), QUERY_RING_OF, req->viewer.account) : json_null();
    const char *homepage = row_text(me, "homepage");
    json_t *you = json_is_object(me)
                      ? json_pack("{s:s, s:s, s:b}", "name", row_text(me, "name"), "homepage", homepage, "is_in",
                                  json_integer_value(json_object_get(me, "in_ring")) != 0 && *homepage)
                      : json_null();
    json_t *members = db_rows(request_db(req), QUERY_RING_MEMBERS, (int64_t)0, (int64_t)WALKERS, req->viewer.account);
    respond_page(req, res, "ring", json_pack("{s:o, s:o, s:s?}", "members", members, "you", you, "error", error));
    json_decref(me);
}

void ring_page(struct request *req, struct response *res)
{
    show(req, res, NULL);
}

/* POST /ring with is_in=1 or 0. */
void ring_post(struct request *req, struct response *res)
{
    const int is_in = strcmp(request_form(req, "is_in", ""), "1") == 0;
    const struct actor actor = request_actor(req);
    const struct fault *fault = ring_join(&actor, is_in);
    if (fault && fault->kind == FAULT_WORDS) {
        res->status = respond_fault_status(fault);
        show(req, res, fault->sentence);
        return;
    }
    respond_after(req, res, fault,
                  is_in ? "You are in the ring. Put its links on your homepage, so that it goes on."
                        : N_("You left the ring; it closed behind you."),
                  "/ring");
}
