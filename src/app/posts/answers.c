/*
 * Answers: the thread below a post, the quotation above the form, taking an answer off, saying who may answer. What may
 * be answered is decided in domain/answers.c. A page of a thread is two walks along an index, of pictures and of
 * statuses, merged by time. Refuses to count them. Read next: store/statements/answers.sql.
 */
#include "app/posts/answers.h"

#include <stdlib.h>
#include <string.h>

#include "app/posts/handlers.h"
#include "app/posts/timeline.h"
#include "app/request/route.h"

/* ---- The thread ----------------------------------------------------------------------------------- */

/* Where a page begins: behind the answer of this time, kind and number. */
struct cursor {
    int64_t time_s, picture, status;
};

/* "1700000000-p12": of one second pictures stand before statuses. Anything else begins at the first. */
static struct cursor read_cursor(const char *typed)
{
    char *end;
    const struct cursor first = {.time_s = -1};
    const int64_t time_s = strtoll(typed, &end, 10);
    if (end == typed || time_s < 0 || *end != '-' || (end[1] != 'p' && end[1] != 's'))
        return first;
    const int is_status = end[1] == 's';
    const char *digits = end + 2;
    const int64_t id = strtoll(digits, &end, 10);
    if (end == digits || *end || id < 0)
        return first;
    return (struct cursor){.time_s = time_s, .picture = is_status ? INT64_MAX : id, .status = is_status ? id : 0};
}

static int64_t number(const json_t *row, const char *key)
{
    return json_integer_value(json_object_get(row, key));
}

static int is_picture(const json_t *row)
{
    return strcmp(row_text(row, "kind"), "picture") == 0;
}

/* Of both, oldest first; at most limit. Takes both references. */
static json_t *merge(json_t *pictures, json_t *statuses, size_t limit)
{
    json_t *merged = json_array();
    size_t p = 0, s = 0;
    while (merged && json_array_size(merged) < limit) {
        json_t *picture = json_array_get(pictures, p), *status = json_array_get(statuses, s);
        if (!picture && !status)
            break;
        const int takes_picture = picture && (!status || number(picture, "created_at") <= number(status, "created_at"));
        json_array_append(merged, takes_picture ? picture : status);
        p += takes_picture;
        s += !takes_picture;
    }
    json_decref(pictures);
    json_decref(statuses);
    return merged;
}

/* One more than a page, so that the caller sees whether it goes on. NULL on failure. */
static json_t *answers_after(struct request *req, const struct post_kind *kind, const json_t *post,
                             struct cursor cursor)
{
    struct db *db = request_db(req);
    const int64_t id = number(post, "id"), limit = PAGE_ITEMS + 1, me = req->viewer.account;
    const int64_t is_own = json_is_true(json_object_get(post, "is_own"));
    json_t *pictures =
        db_rows(db, QUERY_PICTURE_ANSWERS, kind->name, id, cursor.time_s, cursor.picture, limit, me, is_own);
    json_t *statuses =
        db_rows(db, QUERY_STATUS_ANSWERS, kind->name, id, cursor.time_s, cursor.status, limit, me, is_own);
    if (pictures && statuses)
        return merge(pictures, statuses, (size_t)limit);
    json_decref(pictures);
    json_decref(statuses);
    return NULL;
}

static const char *url_of(struct request *req, const struct post_kind *kind, int64_t id)
{
    return arena_printf(&req->arena, "%s%lld", kind->path, (long long)id);
}

/* Cuts rows to a page; the address of the next one, or NULL. */
static const char *cut(struct request *req, json_t *rows, const char *url)
{
    if (json_array_size(rows) <= PAGE_ITEMS)
        return NULL;
    while (json_array_size(rows) > PAGE_ITEMS)
        json_array_remove(rows, json_array_size(rows) - 1);
    const json_t *last = json_array_get(rows, PAGE_ITEMS - 1);
    return arena_printf(&req->arena, "%s?after=%lld-%c%lld", url, (long long)number(last, "created_at"),
                        is_picture(last) ? 'p' : 's', (long long)number(last, "id"));
}

/* Who may answer, to choose from: for the author of the post. */
static json_t *modes_of(struct request *req, const struct post_kind *kind, int64_t id)
{
    static const char *const words[ANSWERS_MODES] = {"Everybody", "People whom I follow", "Nobody"};
    json_t *row = db_row(request_db(req), QUERY_ANSWERS_OF_POST, kind->name, id);
    const char *chosen = row_text(row, "answers");
    json_t *modes =
        json_pack("[{s:s, s:s, s:b}]", "mode", "", "words", N_("As my settings say"), "is_chosen", !*chosen);
    for (int i = 0; i < ANSWERS_MODES; i++)
        json_array_append_new(modes, json_pack("{s:s, s:s, s:b}", "mode", answers_modes[i], "words", words[i],
                                               "is_chosen", strcmp(chosen, answers_modes[i]) == 0));
    json_decref(row);
    return modes;
}

static int is_kept(struct request *req, struct post_ref post)
{
    return req->viewer.account &&
           db_number(request_db(req), QUERY_KEPT_AS, 0, req->viewer.account, post.kind, post.id) != 0;
}

int answers_set(struct request *req, json_t *page, const struct post_kind *kind, const json_t *post)
{
    const struct actor actor = request_actor(req);
    const struct post_ref ref = {.kind = kind->name, .id = number(post, "id")};
    const char *after = request_query(req, "after", ""), *url = url_of(req, kind, ref.id);
    const struct cursor cursor = read_cursor(after);
    const int is_own = json_is_true(json_object_get(post, "is_own"));
    if (req->wants_json)
        lang_use(LANG_ENGLISH); /* the sentence is a value of the data here */
    const struct fault *closed = answers_check(&actor, ref);
    request_speak(req);
    json_t *rows = answers_after(req, kind, post, cursor), *row;
    size_t i;
    if (!rows)
        return -1;
    const char *later = cut(req, rows, url);
    json_array_foreach(rows, i, row)
    {
        json_object_set_new(row, "is_picture", json_boolean(is_picture(row)));
        json_object_set_new(row, "may_take_off", json_boolean(is_own));
        json_object_set_new(
            row, "post",
            json_string(answers_name(&req->arena, (struct post_ref){row_text(row, "kind"), number(row, "id")})));
    }
    json_object_set_new(page, "later_url", later ? json_string(later) : json_null());
    json_object_set_new(page, "first_url", cursor.time_s < 0 ? json_null() : json_string(url));
    json_object_set_new(page, "reply",
                        json_pack("{s:s, s:s, s:s?, s:b, s:b, s:o}", "post", answers_name(&req->arena, ref), "url", url,
                                  "closed", closed ? closed->sentence : NULL, "is_kept", is_kept(req, ref), "is_own",
                                  is_own, "modes", is_own ? modes_of(req, kind, ref.id) : json_array()));
    return json_object_set_new(page, "replies", rows);
}

json_t *answers_first(struct request *req, const struct post_kind *kind, const json_t *post)
{
    json_t *rows = answers_after(req, kind, post, read_cursor(""));
    (void)cut(req, rows, "");
    return rows;
}

/* ---- The quotation -------------------------------------------------------------------------------- */

const char *answers_asked(struct request *req)
{
    return request_form(req, "reply_to", request_query(req, "reply_to", ""));
}

static json_t *quote_of(struct request *req, struct post_ref ref)
{
    const struct post_kind *kind = post_kind_find(ref.kind);
    json_t *row = request_post(req, kind->query, ref.id);
    if (!json_is_object(row)) {
        json_decref(row);
        return json_null();
    }
    const char *note = row_text(row, "note"), *words = row_text(row, "caption");
    if (kind == &post_status)
        words = row_text(row, "content");
    if (kind == &post_mood)
        words = arena_printf(&req->arena, "%s%s%s", row_text(row, "mood"), *note ? " – " : "", note);
    json_t *quote = json_pack(
        "{s:s, s:s, s:s, s:s, s:s, s:s?, s:s}", "reply_to", answers_name(&req->arena, ref), "url",
        url_of(req, kind, ref.id), "author", row_text(row, "author"), "face", row_text(row, "face"), "words", words,
        "thumb_url", json_string_value(json_object_get(row, "thumb_url")), "note", kind == &post_picture ? note : "");
    json_decref(row);
    return quote;
}

void answers_put_quote(struct request *req, json_t *page, const char *reply_to)
{
    const struct actor actor = request_actor(req);
    struct post_ref ref = {0};
    const struct fault *fault = answers_read(&req->arena, "reply_to", reply_to, &ref);
    json_t *quote = !fault && ref.id ? quote_of(req, ref) : json_null();
    if (!fault)
        fault = answers_check(&actor, ref);
    if (fault && json_is_null(quote)) /* the form holds nothing of it any more */
        json_object_set_new(
            page, "error",
            json_string(arena_printf(&req->arena, tr("%s What you send now stands on its own."), fault->sentence)));
    else if (fault && !json_is_string(json_object_get(page, "error")))
        json_object_set_new(page, "error", json_string(fault->sentence));
    json_object_set_new(page, "answering", quote);
}

const char *answers_back(struct request *req, const char *otherwise)
{
    struct post_ref ref = {0};
    if (answers_read(&req->arena, "reply_to", request_form(req, "reply_to", ""), &ref) || !ref.id)
        return otherwise;
    return url_of(req, post_kind_find(ref.kind), ref.id);
}

/* ---- Taking off, and who may ---------------------------------------------------------------------- */

/* The post that :kind and :id name, as "pictures" and "12". */
static const struct fault *post_named(struct request *req, struct post_ref *ret_post)
{
    return answers_read(&req->arena, "post",
                        arena_printf(&req->arena, "%s/%s", request_capture(req, "kind"), request_capture(req, "id")),
                        ret_post);
}

/* Back to the post that it answers: "/" when that is not to be seen. */
static const char *answered_url(struct request *req, struct post_ref answer)
{
    json_t *row = request_post(req, post_kind_find(answer.kind)->query, answer.id);
    const char *url = row_text(row, "reply_url");
    url = *url ? arena_printf(&req->arena, "%s#answers", url) : "/";
    json_decref(row);
    return url;
}

/* A form says undo=1; a program PUTs back what it took off with DELETE. */
void answer_off_post(struct request *req, struct response *res)
{
    const struct actor actor = request_actor(req);
    struct post_ref answer = {0};
    const int is_undo = req->method == METHOD_PUT || *request_form(req, "undo", "");
    const struct fault *fault = post_named(req, &answer);
    if (!fault)
        fault = answers_take_off(&actor, answer, is_undo);
    respond_after(req, res, fault,
                  is_undo ? "It stands here again." : N_("Taken off. Whoever wrote it still has it on their page."),
                  fault ? "/" : answered_url(req, answer));
}

void answers_open_post(struct request *req, struct response *res)
{
    const struct actor actor = request_actor(req);
    struct post_ref post = {0};
    const struct fault *fault = post_named(req, &post);
    if (!fault)
        fault = answers_open(&actor, post, request_form(req, "answers", ""));
    respond_after(req, res, fault, "Noted.", fault ? "/" : url_of(req, post_kind_find(post.kind), post.id));
}
