/*
 * The protocol of Twitter 1.0 and GNU social: its shapes and its ways to answer, for twitter.c, twitter_do.c and
 * twitter_people.c. A value is made as JSON; XML and feeds are made of that.
 */
#ifndef PICLOG_APP_PROGRAMS_TWITTER_H
#define PICLOG_APP_PROGRAMS_TWITTER_H

#include "app/programs/post_list.h"

enum { TWITTER_PAGE = 20, TWITTER_PAGES_MAX = 1000000 };

/* A status, as these programs call each post, out of a row of post_list(). users: people met before, by name. */
json_t *twitter_status(struct request *req, json_t *users, json_t *row);
/* Somebody by name as the viewer may know them; JSON null: nobody. Counts of others are 0. */
json_t *twitter_user(struct request *req, json_t *users, const char *name);
/* A message, out of a row of QUERY_MESSAGE and the like. */
json_t *twitter_message(struct request *req, json_t *users, const json_t *row);

/* Answers in the format that was asked for; root: what the outermost element of XML is called, item: those within,
   where value is a list. A value that is text alone is a word of ours, without quotes. Takes the reference; NULL is a
   failure. */
void twitter_answer(struct request *req, struct response *res, json_t *value, const char *root, const char *item);
/* The same with rows of post_list(), also as RSS and Atom. Takes the reference. */
void twitter_answer_posts(struct request *req, struct response *res, json_t *rows, const char *title, const char *path);
/* One post after it was made or changed; NULL: it is gone. */
void twitter_answer_post(struct request *req, struct response *res, const struct post_kind *kind, int64_t id);

/* The parameter of that name in the query, else in the form; "" when there is none. */
const char *twitter_asked(const struct request *req, const char *name);
/* A number that was asked for, within bounds. */
int twitter_number(const struct request *req, const char *name, int fallback, int most);

/* The row of QUERY_PERSON of whom a request names: in the path, as screen_name, user_id, id or user; JSON null after an
   error was answered, or, where own is set and nobody was named, the viewer's. */
json_t *twitter_person(struct request *req, struct response *res, int own);

#endif
