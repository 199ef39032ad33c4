/* The three kinds of post, and what their handlers share: to find one, to give it back, to say what became of it. */
#ifndef PICLOG_APP_POSTS_POST_KIND_H
#define PICLOG_APP_POSTS_POST_KIND_H

#include "app/request/app.h"

struct post_kind {
    const char *name;  /* "status": for the store and in errors */
    const char *path;  /* "/statuses/", before the number */
    enum query query;  /* of one post, for request_post() */
    const char *words; /* the member of a row that holds what was said: "content" */
    const struct fault *(*remove)(const struct actor *actor, int64_t id);
    const char *missing, *not_own; /* sentences */
};

extern const struct post_kind post_picture, post_status, post_mood;

enum { POST_KINDS = 3 };
extern const struct post_kind *const post_kinds[POST_KINDS];

/* The kind of that name, or NULL. */
const struct post_kind *post_kind_find(const char *name);

/* The post at :id with "is_own", as this viewer may see it; new reference. JSON null after an error was answered. */
json_t *post_find(struct request *req, struct response *res, const struct post_kind *kind);
/* The same, only for whoever posted it. */
json_t *post_find_own(struct request *req, struct response *res, const struct post_kind *kind);

/* GET of the API. */
void post_show(struct request *req, struct response *res, const struct post_kind *kind, int64_t id);

/*
 * Answers after posting: the API gets 201 with the post, a form the notice on the page at location. After editing: the
 * post, or its page.
 */
void post_added(struct request *req, struct response *res, const struct post_kind *kind, int64_t id, const char *notice,
                const char *location);
void post_edited(struct request *req, struct response *res, const struct post_kind *kind, int64_t id);

#endif
