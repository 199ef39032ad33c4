/*
 * Mastodon's client protocol (https://docs.joinmastodon.org/), the part that a network of pictures needs: how rows of
 * ours look as its entities, for the files that answer its addresses.
 *
 *     a post of any kind   Status, by its number (post_number.h)     kept       favourited, bookmarked
 *     a face, a mood       the beginning of its content              a content note   spoiler_text, sensitive
 *     an upload            MediaAttachment, by its candidate         a notice   Notification
 *
 * Every count about others is 0, and lists about others are empty unless they show them.
 */
#ifndef PICLOG_APP_PROGRAMS_MASTODON_H
#define PICLOG_APP_PROGRAMS_MASTODON_H

#include "app/programs/post_list.h"
#include "app/request/app.h"

enum { MASTODON_ITEMS = 20, MASTODON_ITEMS_MAX = 40 };

/* A row of QUERY_PERSON or QUERY_PERSON_BY_ID. New reference. */
json_t *mastodon_account(struct request *req, const json_t *person);
/* Whoever has that number, as the viewer may see them: a row of QUERY_PERSON. JSON null: nobody. NULL on failure. */
json_t *mastodon_person(struct request *req, int64_t id);

/* A row of post_list(). people: NULL, or an object that keeps the accounts of one answer. New reference. */
json_t *mastodon_status(struct request *req, json_t *people, const json_t *row);
/* A list of them. Takes the reference of rows; NULL stays NULL. */
json_t *mastodon_statuses(struct request *req, json_t *rows);
/* One post, or what went wrong with finding it. */
void mastodon_respond_status(struct request *req, struct response *res, const struct post_kind *kind, int64_t id);

/* Seconds since 1970 as its times are written. New reference. */
json_t *mastodon_time(int64_t time_s);
/* A picture and its small one: each with its address, width and height. New reference. */
json_t *mastodon_media(const char *id, const char *url, const char *preview_url, int64_t width, int64_t height,
                       int64_t small_width, int64_t small_height, const char *alt, const char *blurhash);

/* ?limit, within what is allowed. */
int mastodon_limit(struct request *req);
/* The header "Link" of a page: items below last and above first; each NULL where there is no further page. */
void mastodon_link(struct request *req, struct response *res, const char *first, const char *last);

/* 404 in the protocol's words. */
void mastodon_missing(struct request *req, struct response *res);

#endif
