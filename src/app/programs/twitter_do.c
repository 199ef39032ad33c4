/*
 * Twitter 1.0 and GNU social, what is done: posting, with or without a picture, deleting, keeping, following, and
 * messages. Each is a function of src/domain under another name. Refuses a retweet, which would be words of somebody
 * else under one's name. Read next: twitter.c.
 */
#include <ctype.h>
#include <stdlib.h>
#include <string.h>

#include "app/posts/upload.h"
#include "app/programs/asks.h"
#include "app/programs/handlers.h"
#include "app/programs/twitter.h"
#include "base/text.h"
#include "domain/follow.h"
#include "domain/kept.h"
#include "domain/message.h"
#include "domain/mood.h"
#include "domain/status.h"

/* ---- Messages ----------------------------------------------------------------------------------- */

/* root: as an update, which programs expect to become a status, or as what it is. */
static void answer_message(struct request *req, struct response *res, const json_t *row, const char *root)
{
    json_t *users = json_object();
    twitter_answer(req, res, twitter_message(req, users, row), root, NULL);
    json_decref(users);
}

static void send_message(struct request *req, struct response *res, const char *to, const char *text, const char *root)
{
    const struct actor actor = request_actor(req);
    struct conversation conversation;
    struct message_words words;
    int64_t id = 0;
    const struct fault *fault = message_clean(&req->arena, &(struct message_typed){.content = text}, 0, &words);
    if (!fault)
        fault = conversation_find(&actor, to, &conversation);
    if (!fault)
        fault = message_send(&actor, &conversation, &words, NULL, &id);
    if (fault) {
        respond_fault(req, res, fault);
        return;
    }
    json_t *row = request_post(req, QUERY_MESSAGE, id);
    if (!row)
        respond_store_error(req, res, STORE_FAILED, "message");
    else if (json_is_object(row))
        answer_message(req, res, row, root);
    else
        respond_error(req, res, 404, "The message is gone already.");
    json_decref(row);
}

/* 1 when an update begins as a message does: "d NAME text". ret_to: the name, in the arena; ret_text: what follows. */
static int is_message(struct request *req, const char *status, const char **ret_to, const char **ret_text)
{
    static const char blanks[] = " \t\r\n";
    const char *at = status + strspn(status, blanks);
    if ((*at != 'd' && *at != 'D') || !strchr(blanks, at[1]))
        return 0;
    at += 1 + strspn(at + 1, blanks);
    at += *at == '@';
    const size_t length = strcspn(at, blanks);
    *ret_to = arena_copy_n(&req->arena, at, length);
    *ret_text = at + length + strspn(at + length, blanks);
    return 1;
}

/* As a message, when the update is meant as one: then it is never posted, whatever becomes of it. 1: answered. */
static int take_message(struct request *req, struct response *res, const char *status, int is_direct)
{
    const char *to = "", *text = "";
    if (!is_message(req, status, &to, &text)) {
        if (is_direct)
            respond_error(req, res, 422,
                          "A direct message names one person: begin it with \"d NAME\". Nothing was posted.");
        return is_direct;
    }
    if (!(req->viewer.scopes & SCOPE_MESSAGES))
        respond_error(req, res, 403,
                      "This begins as a message does, and this token may not write messages. Nothing was posted.");
    else if (!*to || !*text || req->upload_count)
        respond_error(req, res, 422,
                      "A message is \"d NAME\" and words behind it, without a picture. Nothing was posted.");
    else
        send_message(req, res, to, text, "status");
    return 1;
}

static void list_messages(struct request *req, struct response *res, enum query query)
{
    json_t *rows = db_rows(request_db(req), query, INT64_MAX, (int64_t)POST_LIST_MAX, req->viewer.account, (int64_t)1);
    json_t *messages = rows ? json_array() : NULL, *users = json_object(), *row;
    const int count = twitter_number(req, "count", TWITTER_PAGE, 100);
    int64_t most = post_number_read(request_query(req, "max_id", ""), INT64_MAX);
    int64_t since = post_number_read(request_query(req, "since_id", ""), 0);
    int skip = (twitter_number(req, "page", 1, TWITTER_PAGES_MAX) - 1) * count;
    size_t i;
    json_array_foreach(rows, i, row)
    {
        const int64_t id = json_integer_value(json_object_get(row, "id"));
        if (id > most || id <= since || json_array_size(messages) >= (size_t)count)
            continue;
        json_t *message = twitter_message(req, users, row); /* not with whom there is a block by now */
        if (json_is_object(json_object_get(message, "sender")) &&
            json_is_object(json_object_get(message, "recipient")) && skip-- <= 0)
            json_array_append(messages, message);
        json_decref(message);
    }
    json_decref(rows);
    json_decref(users);
    twitter_answer(req, res, messages, "direct-messages", "direct_message");
}

void twitter_messages(struct request *req, struct response *res)
{
    list_messages(req, res, QUERY_MESSAGES_TO);
}

void twitter_messages_sent(struct request *req, struct response *res)
{
    list_messages(req, res, QUERY_MESSAGES_WRITTEN);
}

void twitter_message_new(struct request *req, struct response *res)
{
    json_t *person = twitter_person(req, res, 0);
    if (json_is_null(person))
        return;
    send_message(req, res, arena_copy(&req->arena, row_text(person, "name")), twitter_asked(req, "text"),
                 "direct_message");
    json_decref(person);
}

void twitter_message_destroy(struct request *req, struct response *res)
{
    const struct actor actor = request_actor(req);
    json_t *row = request_post(req, QUERY_MESSAGE, request_id(req));
    const struct fault *fault =
        row ? message_remove(&actor, request_id(req)) : fault_of_store(&actor, STORE_FAILED, "message");
    if (fault)
        respond_fault(req, res, fault);
    else if (json_is_object(row))
        answer_message(req, res, row, "direct_message");
    else
        respond_error(req, res, 404, "There is no such message.");
    json_decref(row);
}

/* ---- Posting ------------------------------------------------------------------------------------ */

/* What an update answers, as domain/answers.h names it: "" nothing. A number that is no post is refused. */
static const struct fault *read_answered(struct request *req, const char **ret_reply_to)
{
    const char *number = twitter_asked(req, "in_reply_to_status_id");
    const char *name = *number ? post_number_name(&req->arena, request_db(req), number) : "";
    if (!name)
        return fault_of_field(&req->arena, "in_reply_to_status_id", 0,
                              "There is no such post to answer, so nothing was posted. It may have been deleted.");
    *ret_reply_to = name;
    return NULL;
}

static void answer_picture(struct request *req, struct response *res, const struct fault *fault, int64_t id)
{
    if (fault)
        respond_fault(req, res, fault);
    else
        twitter_answer_post(req, res, &post_picture, id);
}

/* A file and words: a picture with its caption. "alt" is ours, as the protocol knew no such words. */
void twitter_update_with_media(struct request *req, struct response *res)
{
    const struct actor actor = request_actor(req);
    const char *text = twitter_asked(req, "status");
    struct picture_typed typed = {.caption = text, .alt = twitter_asked(req, "alt"), .reply_to = ""};
    struct picture_words words;
    int is_direct = 0;
    const struct fault *fault = program_check_asks(req, &is_direct);
    if (!fault && take_message(req, res, text, is_direct))
        return;
    if (!fault && strcmp(twitter_asked(req, "possibly_sensitive"), "true") == 0)
        typed.note = "sensitive";
    if (!fault)
        fault = read_answered(req, &typed.reply_to);
    if (!fault)
        fault = picture_clean(&req->arena, &typed, &words);
    if (!fault)
        fault = answers_check(&actor, words.reply);
    if (!fault)
        fault = upload_check_files(req);
    if (fault)
        respond_fault(req, res, fault);
    else
        upload_publish_for(req, res, &words, answer_picture);
}

/* Twitter's has no file; GNU social's may. */
void twitter_update(struct request *req, struct response *res)
{
    if (req->upload_count) {
        twitter_update_with_media(req, res);
        return;
    }
    const struct actor actor = request_actor(req);
    const char *text = twitter_asked(req, "status"), *reply_to = "";
    int64_t id = 0;
    int is_direct = 0;
    const struct fault *fault = program_check_asks(req, &is_direct);
    if (!fault && take_message(req, res, text, is_direct))
        return;
    if (!fault)
        fault = read_answered(req, &reply_to);
    if (!fault)
        fault = status_publish(&actor, &(struct status_typed){.content = text, .reply_to = reply_to}, &id);
    if (fault)
        respond_fault(req, res, fault);
    else
        twitter_answer_post(req, res, &post_status, id);
}

void twitter_retweet(struct request *req, struct response *res)
{
    respond_error(req, res, 422, "Nothing is repeated here, so nothing was posted. Keep the post, or answer it.");
}

/* ---- What is there ------------------------------------------------------------------------------ */

/* The post whose number the path or "id" names; JSON null after an error was answered. */
static json_t *find_post(struct request *req, struct response *res)
{
    const char *number = *request_capture(req, "id") ? request_capture(req, "id") : twitter_asked(req, "id");
    json_t *row = post_list_one(req, number);
    if (json_is_object(row))
        return row;
    if (row)
        respond_error(req, res, 404, "There is no such post. It may have been deleted; deleting really deletes.");
    else
        respond_store_error(req, res, STORE_FAILED, "post");
    json_decref(row);
    return json_null();
}

/* Answers with the post as it was found. Takes the reference. */
static void answer_found(struct request *req, struct response *res, json_t *row, const struct fault *fault, int is_kept)
{
    json_t *users = json_object();
    if (fault) {
        respond_fault(req, res, fault);
    } else {
        json_t *status = twitter_status(req, users, row);
        if (is_kept >= 0)
            json_object_set_new(status, "favorited", json_boolean(is_kept));
        twitter_answer(req, res, status, "status", NULL);
    }
    json_decref(users);
    json_decref(row);
}

void twitter_destroy(struct request *req, struct response *res)
{
    const struct actor actor = request_actor(req);
    json_t *row = find_post(req, res);
    if (json_is_null(row))
        return;
    const struct post_kind *kind = post_kind_find(row_text(row, "kind"));
    const int64_t id = json_integer_value(json_object_get(row, "id"));
    const struct fault *fault = json_integer_value(json_object_get(row, "account_id")) != actor.account
                                    ? fault_make(&req->arena, FAULT_NOT_YOURS, "This post is somebody else’s.")
                                    : kind->remove(&actor, id);
    answer_found(req, res, row, fault, -1);
}

static void keep(struct request *req, struct response *res, int is_undo)
{
    const struct actor actor = request_actor(req);
    json_t *row = find_post(req, res);
    int64_t id = 0;
    if (json_is_null(row))
        return;
    const char *name = answers_name(
        &req->arena, (struct post_ref){row_text(row, "kind"), json_integer_value(json_object_get(row, "id"))});
    answer_found(req, res, row, is_undo ? kept_let_go(&actor, name) : kept_keep(&actor, name, &id), !is_undo);
}

void twitter_favorite(struct request *req, struct response *res)
{
    keep(req, res, 0);
}

void twitter_unfavorite(struct request *req, struct response *res)
{
    keep(req, res, 1);
}

/* ---- People ------------------------------------------------------------------------------------- */

static void follow(struct request *req, struct response *res, int is_undo)
{
    const struct actor actor = request_actor(req);
    json_t *person = twitter_person(req, res, 0), *users = json_object();
    int is_new = 0;
    if (json_is_object(person)) {
        const char *name = arena_copy(&req->arena, row_text(person, "name"));
        const struct fault *fault = is_undo ? follow_end(&actor, name) : follow_begin(&actor, name, &is_new);
        if (fault)
            respond_fault(req, res, fault);
        else
            twitter_answer(req, res, twitter_user(req, users, name), "user", NULL);
    }
    json_decref(person);
    json_decref(users);
}

void twitter_follow(struct request *req, struct response *res)
{
    follow(req, res, 0);
}

void twitter_unfollow(struct request *req, struct response *res)
{
    follow(req, res, 1);
}
