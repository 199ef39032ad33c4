/* Feeds, for the files that answer with one: feeds.c, dropin.c. */
#ifndef PICLOG_APP_ELSEWHERE_FEEDS_H
#define PICLOG_APP_ELSEWHERE_FEEDS_H

#include "app/request/app.h"

enum { FEED_STATUSES = 2, FEED_ALL = 7 };

struct feed_source {
    int64_t account;                    /* 0: everybody */
    const char *name;                   /* of the account or of whose friends they are, else NULL */
    const char *path;                   /* of the feed itself; NULL: a secret */
    int64_t created_at;                 /* when there is nothing newer */
    int is_json, is_rss, statuses_only; /* else Atom */
    int is_of_friends;                  /* of the viewer and those they follow */
};

/* Fills account, name and created_at of an active account; 0, or -1 if there is none. name in any case. */
int feed_find_person(struct request *req, const char *name, struct feed_source *ret_source);

void feed_respond(struct request *req, struct response *res, const struct feed_source *source);

#endif
