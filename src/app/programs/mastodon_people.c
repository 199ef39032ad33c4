/*
 * People by Mastodon's client protocol: oneself, others, following, muting, blocking. Lists are one's own, or what
 * somebody chose to show; others are empty. Read next: mastodon.c, domain/follow.h, domain/shun.h.
 */
#include "app/programs/mastodon.h"

#include <stdlib.h>
#include <string.h>

#include "app/programs/handlers.h"
#include "base/text.h"
#include "domain/follow.h"
#include "domain/shun.h"

/* The person of the path; JSON null after an answer. */
static json_t *asked_person(struct request *req, struct response *res)
{
    json_t *person = mastodon_person(req, request_id(req));
    if (!person)
        respond_store_error(req, res, STORE_FAILED, "person");
    else if (json_is_null(person))
        mastodon_missing(req, res);
    return person ? person : json_null();
}

void mastodon_account_get(struct request *req, struct response *res)
{
    json_t *person = asked_person(req, res);
    if (json_is_object(person))
        respond_json(req, res, mastodon_account(req, person));
    json_decref(person);
}

/* Oneself, with what only oneself is told: how many posts there are. */
void mastodon_verify_credentials(struct request *req, struct response *res)
{
    json_t *me = db_row(request_db(req), QUERY_PERSON_BY_ID, req->viewer.account);
    json_t *account = mastodon_account(req, me);
    json_t *own = json_pack(
        "{s:I, s:{s:s, s:b, s:n, s:s, s:O, s:i}, s:{s:s, s:s, s:s, s:s, s:b}}", "statuses_count",
        (json_int_t)(number_in(me, "picture_count") + number_in(me, "status_count") + number_in(me, "mood_count")),
        "source", "privacy", "public", "sensitive", 0, "language", "note", row_text(me, "about"), "fields",
        json_object_get(account, "fields"), "follow_requests_count", 0, "role", "id", "0", "name", "", "color", "",
        "permissions", "0", "highlighted", 0);
    if (account && own)
        json_object_update(account, own);
    json_decref(own);
    json_decref(me);
    res->cache = CACHE_NEVER;
    respond_json(req, res, account);
}

/* ?acct: a name, with "@" and this host or without. */
void mastodon_lookup(struct request *req, struct response *res)
{
    const char *acct = request_query(req, "acct", ""), *host = strstr(req->app->origin, "://") + 3;
    acct += *acct == '@';
    const char *at = strchr(acct, '@');
    char name[21];
    const int is_ours = !at || strcmp(at + 1, host) == 0;
    json_t *person = json_null();
    if (is_ours && text_parse_name(at ? arena_copy_n(&req->arena, acct, (size_t)(at - acct)) : acct, name) == 0)
        person = mastodon_person(
            req, db_number(request_db(req), QUERY_PERSON_ID, 0, (const char *)name, req->viewer.account));
    if (!person)
        respond_store_error(req, res, STORE_FAILED, "person");
    else if (json_is_null(person))
        mastodon_missing(req, res);
    else
        respond_json(req, res, mastodon_account(req, person));
    json_decref(person);
}

/* ---- Lists ---------------------------------------------------------------------------------------- */

/* Takes a person, and leaves out who is not there; NULL frees the list. */
static void add_account(struct request *req, json_t **list, json_t *person)
{
    if (json_is_object(person))
        json_array_append_new(*list, mastodon_account(req, person));
    if (!person) {
        json_decref(*list);
        *list = NULL;
    }
    json_decref(person);
}

/* Rows with "id" of an account as accounts; NULL on failure. Takes the reference. */
static json_t *accounts_of(struct request *req, json_t *rows)
{
    json_t *list = rows ? json_array() : NULL, *row;
    size_t i;
    json_array_foreach(rows, i, row) add_account(req, &list, mastodon_person(req, number_in(row, "id")));
    json_decref(rows);
    return list;
}

static void respond_people(struct request *req, struct response *res, enum query query, int64_t whose)
{
    const int limit = mastodon_limit(req);
    const int64_t below = post_number_read(request_query(req, "max_id", ""), INT64_MAX);
    const int64_t is_own = whose == req->viewer.account;
    json_t *rows = query == QUERY_FOLLOWERS_OF
                       ? db_rows(request_db(req), query, below, (int64_t)limit, whose)
                       : db_rows(request_db(req), query, below, (int64_t)limit, whose, is_own, req->viewer.account);
    const size_t count = json_array_size(rows);
    if (count == (size_t)limit)
        mastodon_link(req, res, NULL, post_number_text(&req->arena, number_in(json_array_get(rows, count - 1), "id")));
    respond_json(req, res, accounts_of(req, rows));
}

void mastodon_following(struct request *req, struct response *res)
{
    json_t *person = asked_person(req, res);
    if (json_is_object(person)) {
        if (number_in(person, "id") == req->viewer.account || json_is_true(json_object_get(person, "shows_follows")))
            respond_people(req, res, QUERY_FOLLOWS_OF, number_in(person, "id"));
        else
            respond_json(req, res, json_array());
    }
    json_decref(person);
}

void mastodon_followers(struct request *req, struct response *res)
{
    json_t *person = asked_person(req, res);
    if (json_is_object(person)) {
        if (req->viewer.account && number_in(person, "id") == req->viewer.account)
            respond_people(req, res, QUERY_FOLLOWERS_OF, req->viewer.account);
        else
            respond_json(req, res, json_array());
    }
    json_decref(person);
}

/* Whom one does not want to see; only oneself is told. */
static void respond_shunned(struct request *req, struct response *res, const char *kind)
{
    const struct actor actor = request_actor(req);
    json_t *rows = db_rows(request_db(req), QUERY_UNSEEN_OF, req->viewer.account), *row;
    json_t *list = rows ? json_array() : NULL;
    size_t i;
    json_array_foreach(rows, i, row)
    {
        int64_t other;
        if (strcmp(row_text(row, "kind"), kind) == 0 && !shun_find(&actor, row_text(row, "name"), &other))
            add_account(req, &list, db_row(request_db(req), QUERY_PERSON_BY_ID, other));
    }
    json_decref(rows);
    res->cache = CACHE_NEVER;
    respond_json(req, res, list);
}

void mastodon_mutes(struct request *req, struct response *res)
{
    respond_shunned(req, res, "mute");
}

void mastodon_blocks(struct request *req, struct response *res)
{
    respond_shunned(req, res, "block");
}

/* ---- How oneself and others stand ------------------------------------------------------------------ */

static json_t *relationship(struct request *req, const json_t *person)
{
    struct db *db = request_db(req);
    const int64_t me = req->viewer.account, other = number_in(person, "id");
    json_t *how = json_pack("{s:o, s:b, s:b, s:b, s:b}", "id", json_string(post_number_text(&req->arena, other)),
                            "following", (int)db_number(db, QUERY_IS_FOLLOWING, 0, me, other), "followed_by",
                            (int)db_number(db, QUERY_IS_FOLLOWING, 0, other, me), "blocking",
                            (int)db_number(db, QUERY_IS_UNSEEN, 0, me, other, "block"), "muting",
                            (int)db_number(db, QUERY_IS_UNSEEN, 0, me, other, "mute"));
    json_t *usual = json_pack("{s:b, s:b, s:b, s:b, s:b, s:b, s:b, s:b, s:s, s:n}", "showing_reblogs", 0, "notifying",
                              0, "blocked_by", 0, "muting_notifications", 0, "requested", 0, "requested_by", 0,
                              "domain_blocking", 0, "endorsed", 0, "note", "", "languages");
    if (how && usual)
        json_object_update(how, usual);
    json_decref(usual);
    return how;
}

/* ?id[]: several. Who is not to be seen is left out. */
void mastodon_relationships(struct request *req, struct response *res)
{
    json_t *list = json_array();
    for (int i = 0; i < req->query.count; i++) {
        json_t *person = mastodon_person(req, post_number_read(req->query.items[i].value, 0));
        if (!person) {
            json_decref(list);
            respond_store_error(req, res, STORE_FAILED, "person");
            return;
        }
        if (json_is_object(person))
            json_array_append_new(list, relationship(req, person));
        json_decref(person);
    }
    respond_json(req, res, list);
}

enum deed { FOLLOW, UNFOLLOW, MUTE, UNMUTE, BLOCK, UNBLOCK };

static const struct fault *does(const struct actor *actor, const char *name, enum deed deed)
{
    int is_new;
    int64_t other;
    if (deed == FOLLOW)
        return follow_begin(actor, name, &is_new);
    if (deed == UNFOLLOW)
        return follow_end(actor, name);
    const struct fault *fault = shun_find(actor, name, &other);
    return fault ? fault
                 : shun_set(actor, other, deed == MUTE || deed == UNMUTE ? "mute" : "block",
                            deed == UNMUTE || deed == UNBLOCK);
}

static void respond_deed(struct request *req, struct response *res, enum deed deed)
{
    const struct actor actor = request_actor(req);
    json_t *row = db_row(request_db(req), QUERY_PERSON_BY_ID, request_id(req)); /* also whom one blocked */
    const struct fault *fault =
        json_is_object(row) ? does(&actor, arena_copy(&req->arena, row_text(row, "name")), deed) : NULL;
    if (!row)
        respond_store_error(req, res, STORE_FAILED, "person");
    else if (json_is_null(row) || (fault && fault->kind == FAULT_NOT_FOUND))
        mastodon_missing(req, res); /* in the same words: who is blocked learns neither that nor the name */
    else if (fault)
        respond_fault(req, res, fault);
    else
        respond_json(req, res, relationship(req, row));
    json_decref(row);
}

void mastodon_follow(struct request *req, struct response *res)
{
    respond_deed(req, res, FOLLOW);
}

void mastodon_unfollow(struct request *req, struct response *res)
{
    respond_deed(req, res, UNFOLLOW);
}

void mastodon_mute(struct request *req, struct response *res)
{
    respond_deed(req, res, MUTE);
}

void mastodon_unmute(struct request *req, struct response *res)
{
    respond_deed(req, res, UNMUTE);
}

void mastodon_block(struct request *req, struct response *res)
{
    respond_deed(req, res, BLOCK);
}

void mastodon_unblock(struct request *req, struct response *res)
{
    respond_deed(req, res, UNBLOCK);
}
