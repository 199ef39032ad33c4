/*
 * Moods, from form to API: a word of the list or one's own, a face, an optional note. The stream, one mood, writing,
 * editing and deleting, each by form and by API. The mood of the whole piclog is in timeline.c, what was felt when in
 * mood_plots.c, what may be felt in domain/mood.c. Read next: post_kind.c.
 */
#include <stdlib.h>
#include <string.h>

#include "app/request/app.h"
#include "base/text.h"
#include "domain/mood.h"
#include "app/posts/answers.h"
#include "app/posts/handlers.h"
#include "app/posts/mood_plots.h"
#include "app/posts/post_kind.h"
#include "app/request/route.h"
#include "app/posts/timeline.h"
#include "domain/name.h"

enum { WEEK_S = 7 * 86400, COUNTED = 24 };

/* ---- Looking ------------------------------------------------------------------------------------ */

/* People who felt this lately, newest first, but for one. */
static json_t *feel_the_same(struct request *req, const char *mood, int64_t but_for)
{
    json_t *rows = db_rows(request_db(req), QUERY_FEEL_THE_SAME, mood, but_for, req->viewer.account), *row;
    size_t i;
    json_array_foreach(rows, i, row) json_object_del(row, "id");
    return rows;
}

void moods_page(struct request *req, struct response *res)
{
    struct db *db = request_db(req);
    const char *path = "/moods", *felt = lang_mood_key(request_query(req, "mood", ""));
    char name[21];
    const int is_first = request_before(req) == INT64_MAX;
    json_t *person = json_null(), *rows, *calendar = json_null(), *over_time = json_null(), *same = json_null();
    if (text_parse_name(request_query(req, "by", ""), name) == 0) {
        person = db_row(db, QUERY_PERSON, name, req->viewer.account);
        if (json_is_null(person)) {
            respond_fault(req, res, name_unknown(&req->arena, name));
            return;
        }
        path = arena_printf(&req->arena, "/moods?by=%s", name);
        rows = timeline_of(req, QUERY_MOODS_OF, json_integer_value(json_object_get(person, "id")), PAGE_ITEMS + 1);
        if (is_first)
            calendar = mood_plots_calendar(req, json_integer_value(json_object_get(person, "id")));
    } else if (*felt && strlen(felt) <= MOOD_MAX_BYTES && text_is_utf8(felt, strlen(felt))) {
        path = arena_printf(&req->arena, "/moods?mood=%s", request_encode(req, felt));
        rows = db_rows(db, QUERY_MOODS_FELT, request_before(req), (int64_t)(PAGE_ITEMS + 1), req->viewer.account, felt);
        same = feel_the_same(req, felt, 0);
    } else {
        felt = "";
        rows = db_rows(db, QUERY_MOODS, request_before(req), (int64_t)(PAGE_ITEMS + 1), req->viewer.account);
        if (is_first)
            over_time = mood_plots_over_time(req);
    }
    json_t *page =
        json_pack("{s:o, s:O?, s:s?, s:o, s:o, s:o, s:I, s:o}", "today", timeline_today(req), "by",
                  json_object_get(person, "name"), "felt", *felt ? felt : NULL, "calendar", calendar, "over_time",
                  over_time, "same", same, "mood_count", (json_int_t)json_array_size(view_moods(req->app->view)),
                  "counts", db_rows(db, QUERY_MOOD_COUNTS, req->now_s - WEEK_S, (int64_t)COUNTED, req->viewer.account));
    json_decref(person);
    if (timeline_set(req, page, "moods", rows, PAGE_ITEMS, path)) {
        json_decref(page);
        page = NULL;
    }
    respond_page(req, res, "moods", page);
}

void mood_page(struct request *req, struct response *res)
{
    json_t *mood = post_find(req, res, &post_mood);
    if (json_is_null(mood))
        return;
    const char *word = json_string_value(json_object_get(mood, "mood"));
    json_t *author =
        db_row(request_db(req), QUERY_PERSON, json_string_value(json_object_get(mood, "author")), req->viewer.account);
    json_t *same = feel_the_same(req, word, json_integer_value(json_object_get(author, "id")));
    json_decref(author);
    json_t *page = json_pack("{s:o, s:o}", "mood", mood, "same", same);
    if (answers_set(req, page, &post_mood, mood)) {
        json_decref(page);
        page = NULL;
    }
    respond_page(req, res, "mood", page);
}

/* Moods with how often they were felt this week. */
void mood_counts(struct request *req, struct response *res)
{
    respond_json(
        req, res,
        json_pack("{s:o}", "counts", db_rows(request_db(req), QUERY_MOOD_COUNTS, req->now_s - WEEK_S, (int64_t)1000)));
}

/* ---- Writing ------------------------------------------------------------------------------------ */

/* A mood picked from the list by a button wins over the field beside it. */
static struct mood_typed typed(const struct request *req)
{
    return (struct mood_typed){.mood = request_form(req, *request_form(req, "pick", "") ? "pick" : "mood", NULL),
                               .face = request_form(req, "face", NULL),
                               .note = request_form(req, "note", NULL)};
}

/* url: NULL for a new one. */
static void form_page(struct request *req, struct response *res, const char *url, const char *mood, const char *note,
                      const char *error)
{
    const char *action = url ? arena_printf(&req->arena, "%s/edit", url) : "/mood";
    res->cache = CACHE_NEVER;
    respond_page(req, res, "mood_form",
                 json_pack("{s:s, s:s?, s:O, s:s, s:s, s:s?, s:o}", "action", action, "url", url, "moods",
                           view_moods(req->app->view), "mood", mood, "note", note, "error", error, "today",
                           timeline_today(req)));
}

/* For people, words that do not do come back in the form, so that nothing is lost. url as above. */
static void refuse(struct request *req, struct response *res, const char *url, const struct fault *fault)
{
    if (req->route->flags & IS_API || fault->kind != FAULT_WORDS) {
        respond_fault(req, res, fault);
        return;
    }
    res->status = respond_fault_status(fault);
    form_page(req, res, url, request_typed(req, "mood"), request_typed(req, "note"), fault->sentence);
}

void mood_form_page(struct request *req, struct response *res)
{
    form_page(req, res, NULL, "", "", NULL);
}

void mood_post(struct request *req, struct response *res)
{
    const struct actor actor = request_actor(req);
    const struct mood_typed words = typed(req);
    int64_t id = 0;
    const struct fault *fault = mood_publish(&actor, &words, &id);
    if (fault)
        refuse(req, res, NULL, fault);
    else
        post_added(req, res, &post_mood, id, N_("Felt, and noted."), "/");
}

void mood_edit_page(struct request *req, struct response *res)
{
    json_t *mood = post_find_own(req, res, &post_mood);
    if (json_is_null(mood))
        return;
    const char *face = json_string_value(json_object_get(mood, "face"));
    form_page(req, res, json_string_value(json_object_get(mood, "url")),
              arena_printf(&req->arena, "%s%s%s", face, *face ? " " : "", lang_mood(row_text(mood, "mood"))),
              json_string_value(json_object_get(mood, "note")), NULL);
    json_decref(mood);
}

void mood_edit_post(struct request *req, struct response *res)
{
    json_t *mood = post_find_own(req, res, &post_mood);
    if (json_is_null(mood))
        return;
    const struct actor actor = request_actor(req);
    const struct mood_typed words = typed(req);
    const struct fault *fault = mood_change(&actor, request_id(req), &words);
    if (fault)
        refuse(req, res, json_string_value(json_object_get(mood, "url")), fault);
    else
        post_edited(req, res, &post_mood, request_id(req));
    json_decref(mood);
}

void mood_delete_post(struct request *req, struct response *res)
{
    const struct actor actor = request_actor(req);
    respond_after(req, res, mood_remove(&actor, request_id(req)), "It has passed.", "/moods");
}

void api_mood_get(struct request *req, struct response *res)
{
    post_show(req, res, &post_mood, request_id(req));
}
