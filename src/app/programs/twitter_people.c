/*
 * Twitter 1.0 and GNU social, people: oneself, somebody, whom somebody follows and who follows one. A list of somebody
 * else is what they chose to show, and empty where they did not; who follows others nobody learns. Read next:
 * twitter.c.
 */
#include <string.h>

#include "app/programs/handlers.h"
#include "app/programs/twitter.h"

enum { PEOPLE_PAGE = 100 };

static void answer_user(struct request *req, struct response *res, const char *name)
{
    json_t *users = json_object();
    twitter_answer(req, res, twitter_user(req, users, name), "user", NULL);
    json_decref(users);
}

void twitter_verify_credentials(struct request *req, struct response *res)
{
    answer_user(req, res, req->viewer.name);
}

void twitter_user_show(struct request *req, struct response *res)
{
    json_t *person = twitter_person(req, res, 1);
    if (json_is_object(person))
        answer_user(req, res, arena_copy(&req->arena, row_text(person, "name")));
    json_decref(person);
}

static void answer_people(struct request *req, struct response *res, json_t *rows)
{
    json_t *people = rows ? json_array() : NULL, *users = json_object(), *row;
    size_t i;
    json_array_foreach(rows, i, row)
    {
        json_t *user = twitter_user(req, users, row_text(row, "name"));
        if (json_is_object(user)) /* not who blocked the viewer since */
            json_array_append(people, user);
        json_decref(user);
    }
    json_decref(rows);
    json_decref(users);
    twitter_answer(req, res, people, "users", "user");
}

void twitter_friends(struct request *req, struct response *res)
{
    json_t *person = twitter_person(req, res, 1);
    if (json_is_null(person))
        return;
    const int64_t id = json_integer_value(json_object_get(person, "id")), me = req->viewer.account;
    const int is_shown = id == me || json_is_true(json_object_get(person, "shows_follows"));
    json_decref(person);
    answer_people(req, res,
                  is_shown ? db_rows(request_db(req), QUERY_FOLLOWS_OF, INT64_MAX, (int64_t)PEOPLE_PAGE, id,
                                     (int64_t)(id == me), me)
                           : json_array());
}

void twitter_followers(struct request *req, struct response *res)
{
    json_t *person = twitter_person(req, res, 1);
    if (json_is_null(person))
        return;
    const int64_t id = json_integer_value(json_object_get(person, "id"));
    json_decref(person);
    answer_people(req, res,
                  id == req->viewer.account
                      ? db_rows(request_db(req), QUERY_FOLLOWERS_OF, INT64_MAX, (int64_t)PEOPLE_PAGE, id)
                      : json_array());
}

/* The row of QUERY_PERSON of a name or number; JSON null: nobody. */
static int64_t person_of(struct request *req, const char *parameter, int *ret_shows)
{
    json_t *person = db_row(request_db(req), QUERY_PERSON, twitter_asked(req, parameter), req->viewer.account);
    const int64_t id = json_integer_value(json_object_get(person, "id"));
    *ret_shows = id == req->viewer.account || json_is_true(json_object_get(person, "shows_follows"));
    json_decref(person);
    return id;
}

/* Does user_a follow user_b? Yes only where the viewer may know it: of oneself, of who follows one, and of lists that
   are shown. */
void twitter_follow_exists(struct request *req, struct response *res)
{
    int shows_a = 0, shows_b = 0;
    const int64_t a = person_of(req, "user_a", &shows_a), b = person_of(req, "user_b", &shows_b);
    const int is_known = shows_a || b == req->viewer.account;
    const int is_so = a && b && is_known && db_number(request_db(req), QUERY_IS_FOLLOWING, 0, a, b);
    twitter_answer(req, res, json_boolean(is_so), "friends", NULL);
}
