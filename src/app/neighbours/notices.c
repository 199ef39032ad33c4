/*
 * Notices: what somebody is told, read and unread, and how they like to be met: who may answer, which kinds of notices
 * come, whether others see what they kept. Opening the page changes nothing, since a GET writes nothing: what is new is
 * marked until a button says that it was read. Refuses to count. Read next: domain/notice.c,
 * store/statements/notices.sql.
 */
#include <string.h>

#include "app/neighbours/handlers.h"
#include "app/posts/timeline.h"
#include "app/request/app.h"
#include "app/request/route.h"
#include "domain/answers.h"
#include "domain/notice.h"

/* Templates ask for a kind by name. */
static void mark_kind(json_t *row)
{
    static const char *const kinds[] = {"answer", "mention", "wall", "poke", "follower"};
    const char *kind = row_text(row, "kind");
    json_t *is = json_object();
    for (size_t i = 0; i < sizeof kinds / sizeof kinds[0]; i++)
        json_object_set_new(is, kinds[i], json_boolean(strcmp(kind, kinds[i]) == 0));
    json_object_set_new(row, "is", is);
    json_object_del(row, "post_kind");
}

void notices_page(struct request *req, struct response *res)
{
    json_t *rows = db_rows(request_db(req), QUERY_NOTICES, request_before(req), (int64_t)(PAGE_ITEMS + 1),
                           req->viewer.account),
           *row;
    json_t *page =
        json_pack("{s:b}", "has_news", (int)db_number(request_db(req), QUERY_HAS_NEWS, 0, req->viewer.account));
    size_t i;
    json_array_foreach(rows, i, row) mark_kind(row);
    res->cache = CACHE_NEVER;
    if (!page || timeline_set(req, page, "notices", rows, PAGE_ITEMS, "/notices")) {
        json_decref(page);
        page = NULL;
    }
    /* The button reads up to what is on the page: what came since then stays new. */
    if (page)
        json_object_set_new(page, "until",
                            json_integer(json_integer_value(json_object_get(json_array_get(rows, 0), "id"))));
    respond_page(req, res, "notices", page);
}

void notices_read_post(struct request *req, struct response *res)
{
    const struct actor actor = request_actor(req);
    respond_after(req, res, notice_read(&actor, request_form(req, "until", NULL)), NULL, "/notices");
}

/* ---- Manners --------------------------------------------------------------------------------------- */

/* error: NULL, or what is wrong with what was sent. */
static void manners_show(struct request *req, struct response *res, const char *error)
{
    static const char *const words[ANSWERS_MODES] = {N_("Everybody"), N_("People whom I follow"), N_("Nobody")};
    static const char *const labels[NOTICE_KINDS] = {N_("Somebody answers me"), N_("Somebody names me, as @me"),
                                                     N_("Somebody writes on my wall"), N_("Somebody pokes me"),
                                                     N_("Somebody follows me")};
    json_t *manners = db_row(request_db(req), QUERY_MANNERS_OF, req->viewer.account);
    json_t *modes = json_array(), *kinds = json_array();
    const json_int_t quiet = json_integer_value(json_object_get(manners, "quiet"));
    for (int i = 0; i < ANSWERS_MODES; i++)
        json_array_append_new(modes,
                              json_pack("{s:s, s:s, s:b}", "mode", answers_modes[i], "words", words[i], "is_chosen",
                                        strcmp(row_text(manners, "answers"), answers_modes[i]) == 0));
    for (int i = 0; i < NOTICE_KINDS; i++)
        json_array_append_new(kinds, json_pack("{s:s, s:s, s:b}", "kind", notice_kinds[i], "words", labels[i],
                                               "is_chosen", !(quiet & 1 << i)));
    res->cache = CACHE_NEVER;
    respond_page(req, res, "settings_answers",
                 json_pack("{s:o, s:o, s:b, s:s?}", "modes", modes, "kinds", kinds, "shows_kept",
                           json_is_true(json_object_get(manners, "shows_kept")), "error", error));
    json_decref(manners);
}

void manners_page(struct request *req, struct response *res)
{
    manners_show(req, res, NULL);
}

/* A box that is not ticked is not sent: none at all is a choice as well. */
void manners_post(struct request *req, struct response *res)
{
    const struct actor actor = request_actor(req);
    const char *told = "";
    for (int i = 0; i < NOTICE_KINDS; i++)
        if (*request_form(req, arena_printf(&req->arena, "tell-%s", notice_kinds[i]), ""))
            told = arena_printf(&req->arena, "%s %s", told, notice_kinds[i]);
    const struct manners_typed typed = {.answers = request_form(req, "answers", NULL),
                                        .notices = told,
                                        .shows_kept = request_form(req, "shows_kept", "")};
    const struct fault *fault = manners_save(&actor, &typed);
    if (fault && fault->kind == FAULT_WORDS) {
        res->status = respond_fault_status(fault);
        manners_show(req, res, fault->sentence);
    } else {
        respond_after(req, res, fault, "Saved.", "/settings/answers");
    }
}
