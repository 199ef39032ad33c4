/*
 * What is around every handler: the cookie of a form before it, the connection back and the news of a write after it.
 * Refuses nothing: whoever calls has checked everything. Read next: dispatch.c, side.c, the two that call.
 */
#include "app/request/handle.h"

#include <stdatomic.h>

#include "app/request/guard.h"
#include "app/request/route.h"
#include "hook/hook.h"

void handle_end(struct request *req)
{
    request_release_db(req);
    if (!(req->route->flags & WRITES))
        return;
    atomic_fetch_add(&req->app->own_writes, 1);
    hook_wake(req->app->hook);
}

void handle_run(struct request *req, struct response *res)
{
    request_speak(req);
    if (req->route->flags & HAS_FORM)
        guard_pre_session(req, res);
    req->route->handle(req, res);
    handle_end(req);
}
