/*
 * One number line over pictures, statuses and moods, for protocols that know one kind of post: the second in which a
 * post was made, then its kind and the last bits of its id. Numbers are below 2^53, so that programs in JavaScript keep
 * them; they grow with time, so that a program may ask for what is above or below one; nothing of them is stored.
 * Posts that an import brought keep their times but arrived later: they stand in a page by their time, and one that is
 * asked for by number may pass them over.
 */
#ifndef PICLOG_APP_PROGRAMS_POST_NUMBER_H
#define PICLOG_APP_PROGRAMS_POST_NUMBER_H

#include "app/posts/post_kind.h"
#include "domain/answers.h"

enum { POST_NUMBER_ID_BITS = 19, POST_NUMBER_KIND_BITS = 2 };

/* Above 0. created_s: from 1970 to 2106, what is beyond is taken for its end. */
int64_t post_number_make(const struct post_kind *kind, int64_t id, int64_t created_s);
/* In decimal digits, as programs get it; in the arena. */
const char *post_number_text(struct arena *arena, int64_t number);

/* A number in digits; fallback for anything else, 0 and what is above 2^53 included. */
int64_t post_number_read(const char *text, int64_t fallback);

/* The post of that number and its id; NULL: none. Does not ask who looks: request_post() does. Cost: a look-up by id
   for each 2^19 posts of that kind. */
const struct post_kind *post_number_find(struct db *db, int64_t number, int64_t *ret_id);
/* The number of a post that there is; 0: it is gone. */
int64_t post_number_of(struct db *db, const struct post_kind *kind, int64_t id);

/* The id below which posts of this kind have smaller numbers: a cursor for timelines. INT64_MAX for that number.
   Cost: some sixty look-ups by id. */
int64_t post_number_cursor(struct db *db, const struct post_kind *kind, int64_t number);

/*
 * A post as answers are named ("statuses/12") of the number in text; NULL: there is none. In the arena.
 */
const char *post_number_name(struct arena *arena, struct db *db, const char *text);

#endif
