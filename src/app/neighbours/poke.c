/*
 * Pokes: a page from each to each, and the list of those that wait for one's answer. Refuses to count them. Read next:
 * domain/poke.c.
 */
#include "app/neighbours/handlers.h"
#include "app/request/route.h"
#include "domain/poke.h"

enum { SHOWN = 100 };

void pokes_page(struct request *req, struct response *res)
{
    res->cache = CACHE_NEVER;
    respond_page(
        req, res, "pokes",
        json_pack("{s:o}", "pokes", db_rows(request_db(req), QUERY_POKES_OF, req->viewer.account, (int64_t)SHOWN)));
}

void poke_page(struct request *req, struct response *res)
{
    struct poke poke;
    const struct actor actor = request_actor(req);
    const struct fault *fault = poke_find(&actor, request_capture(req, "name"), &poke);
    if (fault) {
        respond_fault(req, res, fault);
        return;
    }
    res->cache = CACHE_NEVER;
    respond_page(req, res, "poke",
                 json_pack("{s:s, s:b, s:b, s:b}", "name", poke.name, "takes_pokes", poke.takes_pokes, "waits",
                           poke.waits, "is_poked", poke.is_poked));
}

/* Form: let_be, else it is a poke. */
void poke_post(struct request *req, struct response *res)
{
    struct poke poke;
    const struct actor actor = request_actor(req);
    const int lets_be = *request_form(req, "let_be", "") != '\0';
    const struct fault *fault = poke_find(&actor, request_capture(req, "name"), &poke);
    if (!fault)
        fault = lets_be ? poke_let_be(&actor, &poke) : poke_send(&actor, &poke);
    respond_after(req, res, fault,
                  lets_be         ? "Let be. Nobody is told."
                  : poke.is_poked ? N_("Poked back. Your turn is over.")
                                  : N_("Poked."),
                  lets_be ? "/pokes" : arena_printf(&req->arena, "/poke/%s", request_capture(req, "name")));
}

/* {name}: 201, or 409 while one waits. */
void api_poke_post(struct request *req, struct response *res)
{
    struct poke poke;
    const struct actor actor = request_actor(req);
    const struct fault *fault = poke_find(&actor, request_form(req, "name", ""), &poke);
    if (!fault)
        fault = poke_send(&actor, &poke);
    if (fault) {
        respond_fault(req, res, fault);
        return;
    }
    const char *url = request_url(req, arena_printf(&req->arena, "/poke/%s", poke.name));
    respond_header(req, res, "Location", url);
    res->status = 201;
    respond_json(req, res,
                 json_pack("{s:I, s:s, s:s, s:b}", "id", (json_int_t)poke.other, "url", url, "name", poke.name,
                           "is_answer", poke.is_poked));
}

void api_poke_delete(struct request *req, struct response *res)
{
    struct poke poke;
    const struct actor actor = request_actor(req);
    const struct fault *fault = poke_find(&actor, request_capture(req, "name"), &poke);
    if (!fault)
        fault = poke_let_be(&actor, &poke);
    respond_after(req, res, fault, NULL, "/pokes");
}
