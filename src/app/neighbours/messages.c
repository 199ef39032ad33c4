/*
 * Messages: /messages, with whom one talks and who would like to; /messages/NAME, a conversation with its form;
 * writing, by form and API. Opening a page changes nothing: what came is new until a button or an answer says that it
 * was read, and the writer never learns. Without scripts the page reloads itself when it is asked to (?again=30), and
 * then holds no form that a reload would empty. Refuses every byte of it to everybody but the two, and to every cache.
 * Read next: messages_do.c, domain/message.c.
 */
#include "app/neighbours/messages.h"

#include <string.h>

#include "app/neighbours/handlers.h"
#include "app/neighbours/live.h"
#include "app/posts/post_kind.h"
#include "app/posts/timeline.h"
#include "app/posts/upload.h"
#include "app/request/crushed.h"
#include "app/request/route.h"

static const struct post_kind message_kind = {
    .name = N_("message"),
    .path = "/messages/",
    .query = QUERY_MESSAGE,
    .missing = N_("There is no such message. Whoever deletes one deletes it for both."),
    .not_own = N_("This message is somebody else’s.")};

int messages_find(struct request *req, struct response *res, struct conversation *ret_conversation)
{
    const struct actor actor = request_actor(req);
    const struct fault *fault = conversation_find(&actor, request_capture(req, "name"), ret_conversation);
    res->cache = CACHE_NEVER;
    if (fault)
        respond_fault(req, res, fault);
    return fault ? -1 : 0;
}

const char *messages_path(struct request *req, const struct conversation *conversation)
{
    return arena_printf(&req->arena, "/messages/%s", conversation->name);
}

/* ---- The pages ---------------------------------------------------------------------------------- */

/* Without scripts a page reloads itself where it is asked to. */
static int is_again(const struct request *req)
{
    return strcmp(request_query(req, "again", ""), "30") == 0;
}

void messages_page(struct request *req, struct response *res)
{
    struct db *db = request_db(req);
    const int64_t me = req->viewer.account;
    json_t *rows = db_rows(db, QUERY_CONVERSATIONS, request_before(req), (int64_t)(PAGE_ITEMS + 1), me);
    json_t *page = json_pack("{s:o}", "requests", db_rows(db, QUERY_CONVERSATIONS_ASKED, me, (int64_t)PAGE_ITEMS));
    res->cache = CACHE_NEVER;
    res->policy = POLICY_LIVE;
    if (page) {
        json_object_set_new(page, "people", live_people_here(req->app->live, db, me));
        json_object_set_new(page, "shows_presence", json_boolean(req->viewer.shows_presence));
        json_object_set_new(page, "is_again", json_boolean(is_again(req)));
    }
    if (!page || timeline_set(req, page, "conversations", rows, PAGE_ITEMS, req->path)) {
        json_decref(page);
        page = NULL;
    }
    respond_page(req, res, "messages", page);
}

/* Lines as templates and programs read them. */
static json_t *mark_lines(const struct request *req, json_t *rows, const struct conversation *conversation)
{
    json_t *row;
    size_t i;
    json_array_foreach(rows, i, row)
    {
        const json_int_t id = json_integer_value(json_object_get(row, "id"));
        timeline_mark_own(req, row);
        json_object_set_new(row, "is_new",
                            json_boolean(!json_is_true(json_object_get(row, "is_own")) && id > conversation->read));
    }
    return rows;
}

/* How the two stand, and a page of their lines by ?before, the newest first. NULL on failure. */
static json_t *lines_of(struct request *req, const struct conversation *conversation)
{
    json_t *rows = db_rows(request_db(req), QUERY_MESSAGES, request_before(req), (int64_t)(PAGE_ITEMS + 1),
                           conversation->other, req->viewer.account);
    json_t *page =
        json_pack("{s:s, s:b, s:b, s:b, s:b, s:b, s:b, s:I}", "name", conversation->name, "is_here",
                  conversation->is_here, "is_request", conversation->is_request, "has_lines", conversation->has_lines,
                  "takes_mine", conversation->takes_mine, "has_new", conversation->came > conversation->read,
                  "takes_nudges", conversation->takes_nudges, "until", (json_int_t)conversation->came);
    if (!page || timeline_set(req, page, "messages", mark_lines(req, rows, conversation), PAGE_ITEMS,
                              req->route->flags & IS_API ? req->path : messages_path(req, conversation))) {
        json_decref(page);
        page = NULL;
    }
    return page;
}

void messages_show(struct request *req, struct response *res, const struct conversation *conversation,
                   const char *error)
{
    static const char *const typed[] = {"content", "alt"};
    static const char *const presets[] = {"crispy", "crunchy", "fried", "dust"};
    const int reloads = !error && is_again(req);
    const char *preset = request_form(req, "preset", "crunchy");
    json_t *page = lines_of(req, conversation), *words = json_object(), *crunches = json_array();
    for (size_t i = 0; i < sizeof typed / sizeof typed[0]; i++)
        json_object_set_new(words, typed[i], json_string(error ? request_typed(req, typed[i]) : ""));
    for (size_t i = 0; i < sizeof presets / sizeof presets[0]; i++)
        json_array_append_new(
            crunches, json_pack("{s:s, s:b}", "name", presets[i], "is_checked", strcmp(presets[i], preset) == 0));
    if (page) {
        json_object_set_new(page, "is_again", json_boolean(reloads));
        json_object_set_new(
            page, "there", live_person_here(req->app->live, request_db(req), req->viewer.account, conversation->other));
        json_object_set_new(page, "shows_presence", json_boolean(req->viewer.shows_presence));
        json_object_set_new(page, "may_write", json_boolean(conversation->is_here && !reloads));
        json_object_set_new(page, "may_nudge",
                            json_boolean(conversation->is_here && conversation->takes_mine &&
                                         conversation->takes_nudges && conversation->has_lines));
        json_object_set(page, "typed", words);
        json_object_set(page, "presets", crunches);
        json_object_set_new(page, "error", error ? json_string(error) : json_null());
    }
    json_decref(words);
    json_decref(crunches);
    res->cache = CACHE_NEVER;
    res->policy = POLICY_LIVE;
    respond_page(req, res, "conversation", page);
}

void conversation_page(struct request *req, struct response *res)
{
    struct conversation conversation;
    if (messages_find(req, res, &conversation) == 0)
        messages_show(req, res, &conversation, NULL);
}

/* The same for programs: addresses in full. */
void api_conversation_get(struct request *req, struct response *res)
{
    struct conversation conversation;
    if (messages_find(req, res, &conversation) != 0)
        return;
    static const char *const keys[] = {"url", "image_url"};
    json_t *page = lines_of(req, &conversation), *row;
    size_t i;
    json_array_foreach(json_object_get(page, "messages"), i, row)
    {
        for (size_t k = 0; k < sizeof keys / sizeof keys[0]; k++)
            if (json_is_string(json_object_get(row, keys[k])))
                json_object_set_new(row, keys[k], json_string(request_url(req, row_text(row, keys[k]))));
    }
    respond_json(req, res, page);
}

void messages_answer(struct request *req, struct response *res, int64_t id)
{
    post_added(req, res, &message_kind, id, NULL, NULL);
}

/* ---- Writing ------------------------------------------------------------------------------------ */

struct message_state {
    struct conversation conversation;
    struct message_words words;
};

/* What can be mended stands on the page with what was typed; a program, and anything else, gets the error. */
static void refuse(struct request *req, struct response *res, const struct conversation *conversation,
                   const struct fault *fault)
{
    if (req->route->flags & IS_API || fault->kind == FAULT_NOT_FOUND) {
        respond_fault(req, res, fault);
        return;
    }
    respond_fault_log(fault);
    res->status = respond_fault_status(fault);
    messages_show(req, res, conversation, fault->sentence);
}

static void write_down(struct request *req, struct response *res, const struct message_state *state,
                       const struct message_picture *picture)
{
    const struct actor actor = request_actor(req);
    const char *until = request_form(req, "until", NULL);
    int64_t id = 0;
    const struct fault *fault = message_send(&actor, &state->conversation, &state->words, picture, &id);
    if (!fault && until) /* who answers has read what stood on the page */
        fault = conversation_read(&actor, &state->conversation, until);
    if (fault)
        refuse(req, res, &state->conversation, fault);
    else if (req->route->flags & IS_API)
        messages_answer(req, res, id);
    else
        respond_redirect(req, res, messages_path(req, &state->conversation));
}

static void after_crush(struct request *req, struct response *res)
{
    const struct message_state *state = req->state;
    const struct pool_outcome *outcome = &req->crushed[0].outcome;
    const struct fault *fault = crushed_fault(&req->arena, outcome);
    if (fault) {
        refuse(req, res, &state->conversation, fault);
        return;
    }
    const struct message_picture picture = {crushed_image(&outcome->pictures[0]).image, outcome->fingerprint};
    write_down(req, res, state, &picture);
}

/* Form: content, and perhaps image, alt and preset. */
static void take(struct request *req, struct response *res, const struct conversation *conversation)
{
    const struct message_typed typed = {.content = request_form(req, "content", NULL),
                                        .alt = request_form(req, "alt", NULL)};
    const char *name = request_form(req, "preset", "");
    crush_preset preset = CRUSH_PRESET_CRUNCHY;
    struct message_state *state = arena_alloc(&req->arena, sizeof *state);
    const struct fault *fault = NULL;
    state->conversation = *conversation;
    upload_drop_empty(req);
    if (req->upload_count > 1)
        fault =
            fault_of_field(&req->arena, "image", 1, "One picture fits into a message. Send the others with others.");
    if (!fault && req->upload_count && *name &&
        (crush_preset_by_name(name, &preset) != 0 || preset == CRUSH_PRESET_THUMBNAIL))
        fault =
            fault_of_field(&req->arena, "preset", 0, "There is no such crunch. Pick crispy, crunchy, fried or dust.");
    if (!fault)
        fault = message_clean(&req->arena, &typed, req->upload_count > 0, &state->words);
    req->state = state;
    if (fault)
        refuse(req, res, conversation, fault);
    else if (req->upload_count)
        respond_crushed(req, res, &preset, 1, after_crush);
    else
        write_down(req, res, state, NULL);
}

void conversation_post(struct request *req, struct response *res)
{
    struct conversation conversation;
    if (messages_find(req, res, &conversation) == 0)
        take(req, res, &conversation);
}

/* POST /api/messages: to besides. */
void api_message_post(struct request *req, struct response *res)
{
    struct conversation conversation;
    const char *to = request_form(req, "to", "");
    const struct actor actor = request_actor(req);
    const struct fault *fault =
        *to ? conversation_find(&actor, to, &conversation)
            : fault_of_field(&req->arena, "to", 0, "Say to whom: “to” is the name of somebody here.");
    res->cache = CACHE_NEVER;
    if (fault)
        respond_fault(req, res, fault);
    else
        take(req, res, &conversation);
}

/* ---- The picture -------------------------------------------------------------------------------- */

void message_bytes(struct request *req, struct response *res)
{
    res->cache = CACHE_NEVER;
    json_t *message = post_find(req, res, &message_kind);
    if (json_is_null(message))
        return;
    json_decref(message);
    void *data = NULL;
    size_t size = 0;
    enum store_status status = message_image_find(request_db(req), request_id(req), &data, &size);
    if (status != STORE_OK) {
        respond_store_error(req, res, status, "picture");
        return;
    }
    respond_private_jpeg(req, res, data, size);
}
