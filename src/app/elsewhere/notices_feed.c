/*
 * What somebody is told, as Atom under a secret key, for readers that cannot sign in. Refuses to mark anything as read:
 * a reader fetches, a person reads. Read next: neighbours/notices.c, domain/feed_key.h.
 */
#include <string.h>

#include "app/elsewhere/handlers.h"
#include "app/request/app.h"
#include "domain/feed_key.h"
#include "view/feed.h"

enum { FEED_ITEMS = 30 };

/* "answered your picture: …" */
static const char *sentence_of(struct request *req, const json_t *row)
{
    static const struct {
        const char *kind, *did;
    } kinds[] = {{"mention", N_("named you")},
                 {"wall", N_("wrote on your wall")},
                 {"poke", N_("poked you")},
                 {"follower", N_("follows you")}};
    const char *kind = row_text(row, "kind"), *words = row_text(row, "words"), *visitor = row_text(row, "visitor");
    const char *did = arena_printf(&req->arena, tr("answered your %s"), tr(row_text(row, "answered")));
    const char *who = *row_text(row, "author") ? row_text(row, "author") : *visitor ? visitor : tr("somebody");
    for (size_t i = 0; i < sizeof kinds / sizeof kinds[0]; i++)
        if (strcmp(kind, kinds[i].kind) == 0)
            did = tr(kinds[i].did);
    return arena_printf(&req->arena, "%s %s%s%s", who, did, *words ? ": " : "", words);
}

void notices_feed_atom(struct request *req, struct response *res)
{
    const struct actor actor = request_actor(req);
    const struct fault *fault = feed_key_open(&actor, "notices", request_query(req, "key", ""), &req->viewer);
    if (fault) {
        respond_fault(req, res, fault);
        return;
    }
    request_speak_here(req);
    json_t *rows = db_rows(request_db(req), QUERY_NOTICES, INT64_MAX, (int64_t)FEED_ITEMS, req->viewer.account), *row;
    json_t *items = json_array();
    json_int_t updated = 0;
    size_t i;
    json_array_foreach(rows, i, row)
    {
        const json_int_t at = json_integer_value(json_object_get(row, "created_at"));
        const char *author = row_text(row, "author");
        updated = at > updated ? at : updated;
        /* an entry is known by its address, and a person may be told twice of one page */
        json_array_append_new(items, json_pack("{s:s, s:s, s:s, s:I, s:s, s:s}", "kind", "status", "url",
                                               arena_printf(&req->arena, "%s#notice-%lld", row_text(row, "url"),
                                                            (long long)json_integer_value(json_object_get(row, "id"))),
                                               "author", *author ? author : req->viewer.name, "created_at", at, "face",
                                               "", "content", sentence_of(req, row)));
    }
    json_t *feed =
        rows ? json_pack("{s:s, s:s, s:n, s:s, s:I, s:n, s:n, s:b, s:o}", "title",
                         arena_printf(&req->arena, tr("What %s is told on %s"), req->viewer.name,
                                      request_site(req)->of[SITE_NAME]),
                         "url", request_url(req, "/notices"), "feed_url", "base", req->app->config->public_url,
                         "updated_at", updated, "author", "next_url", "is_plain", 0, "items", items)
             : NULL;
    const int failed = !feed || feed_write_atom(feed, &res->body);
    json_decref(rows);
    json_decref(feed);
    if (failed) {
        respond_error(req, res, 500, "The feed could not be put together.");
        return;
    }
    res->policy = POLICY_NONE;
    respond_bytes(req, res, "application/atom+xml; charset=utf-8");
}
