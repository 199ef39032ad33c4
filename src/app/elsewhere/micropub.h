/* Micropub (https://www.w3.org/TR/micropub/): how a post looks as properties of microformats2; for micropub.c. */
#ifndef PICLOG_APP_ELSEWHERE_MICROPUB_H
#define PICLOG_APP_ELSEWHERE_MICROPUB_H

#include "app/request/app.h"
#include "app/posts/post_kind.h"
#include "domain/mood.h"
#include "domain/answers.h"
#include "domain/picture.h"
#include "domain/status.h"

/* The words of a post as Micropub brings them, for src/domain; of these only those of its kind. */
struct micropub_typed {
    struct status_typed status;
    struct mood_typed mood;
    struct picture_typed picture;
};

/* A kind of post and what can be done with it. */
struct micropub_kind {
    const struct post_kind *post;
    const struct fault *(*publish)(const struct actor *actor, const struct micropub_typed *typed, int64_t *ret_id);
    const struct fault *(*change)(const struct actor *actor, int64_t id, const struct micropub_typed *typed);
};

/* The kind and the number that an address of this piclog names; NULL for any other. */
const struct micropub_kind *micropub_find_kind(struct request *req, const char *url, int64_t *ret_id);
const struct micropub_kind *micropub_kind_of(const struct post_kind *post);

/* The properties that a request brings, {name: [value, …]}: out of a form, or out of JSON. New reference; NULL when
   they are malformed. */
json_t *micropub_read_properties(const struct request *req);

/* The properties of a post, from its row. New reference. */
json_t *micropub_properties_of(struct request *req, const struct micropub_kind *kind, const json_t *row);

/* Applies "replace", "add" and "delete" of a request to properties, as the Recommendation says (3.4). NULL, or a
   sentence that says what is wrong. */
const char *micropub_apply(const json_t *request, json_t *properties);

/*
 * The words of this kind of post in the properties, in the arena or borrowed from them. is_update: words marked with
 * "#" that are no category any more lose the mark.
 */
const struct fault *micropub_read_words(struct request *req, const struct micropub_kind *kind, const json_t *properties,
                                        int is_update, struct micropub_typed *ret_typed) FAULT_MUST_USE;

/*
 * What properties ask for beside their words: a fault for what cannot be honoured (an audience, a time to come, an
 * answer to another page, …). *ret_is_draft: it is not to be published.
 */
const struct fault *micropub_check_asks(struct request *req, const json_t *properties,
                                        int *ret_is_draft) FAULT_MUST_USE;

/* The number of a photo of the media endpoint that a full address names; 0: none. */
int64_t micropub_media_id(struct request *req, const char *url);

/* The address that a value of in-reply-to holds: as text, or as an h-cite with a url. "" when there is none. Borrowed.
 */
const char *micropub_address(const json_t *value);

/* The first value of a property as text, HTML made plain, in the arena; "" when there is none. */
const char *micropub_text(struct request *req, const json_t *properties, const char *name);

#endif
