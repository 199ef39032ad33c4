/*
 * A line of the routes table, and how a path finds its line. The table itself is src/app/routes.c.
 *
 * Patterns: ":word" captures up to the next "/" or the literal that follows it in the pattern; a trailing "*" captures
 * the rest. Captures are checked by their name:
 *   :id  digits   :name  [a-z0-9_-]{1,20}, any case, folded   :hash  hex digits
 *   any other: non-empty, decoded, UTF-8 without control characters
 * "/path.json" is the JSON twin of "/path" unless it has a line of its own; "/index.json" that of "/". Where
 * SPEAKS_BASIC is set, "/path.xml", "/path.rss" and "/path.atom" are "/path" as well.
 */
#ifndef PICLOG_APP_REQUEST_ROUTE_H
#define PICLOG_APP_REQUEST_ROUTE_H

#include "app/request/app.h"

enum route_flags {
    NEEDS_SIGN_IN = 1 << 0, /* others are sent to /login, or get 401 */
    NEEDS_ADMIN = 1 << 1,
    EMBEDDABLE = 1 << 2, /* reads and sets no cookies, any origin may read it */
    /* The same for everybody who is not signed in: kept for 30 s; with NO_SESSION until something changes. */
    CACHEABLE = 1 << 3,
    CRUSHES = 1 << 4,          /* takes files */
    WRITES = 1 << 5,           /* changes something; every POST, PUT, DELETE, and no GET */
    HAS_FORM = 1 << 6,         /* a page with a form for people who are not signed in: they get a pre-session cookie */
    SLOW = 1 << 7,             /* hashes passwords or packs archives: runs beside the server's threads */
    IS_API = 1 << 8,           /* speaks JSON only; errors as problem+json */
    NO_SESSION = 1 << 9,       /* does not look at cookies: pictures, static files */
    LOOPBACK = 1 << 10,        /* only from this machine and not forwarded */
    SECRET_PATH = 1 << 11,     /* the path holds a secret: never logged */
    RESTRICTED_TOO = 1 << 12,  /* also for who is suspended or banned: seeing why, appealing, exporting, leaving */
    COOKIELESS = 1 << 13,      /* a form for everybody, also without cookies: its token is bound to the network */
    SHARED = 1 << 14,          /* sent by the device's share sheet, without a form token: guard_is_shared() instead */
    SPEAKS_MICROPUB = 1 << 15, /* a token may also come as a form's access_token; errors as Micropub wants them */
    SECRET_QUERY = 1 << 16,    /* the query holds a secret: every answer is kept by nobody, and no link passes it on */
    SPEAKS_BASIC =
        1 << 17, /* for programs older than Bearer: name and token by HTTP Basic, no cookies; also XML and RSS */
    /* For programs of others, also in pages of others: cookies are not looked at, so that no form token is needed, and
       any origin may read the answer; errors as Mastodon's clients want them. */
    SPEAKS_MASTODON = 1 << 18,
    /* What a token must be allowed to, where the method does not tell: dispatch.c. */
    OF_SETTINGS = 1 << 19, /* a profile, an account, whom one does not see: reading counts as well */
    OF_MESSAGES = 1 << 20, /* what two people say to each other: reading counts as well */
    OF_MEDIA = 1 << 21,    /* a picture without a post */
    OF_FOLLOWS = 1 << 22,  /* following and ending it, which writing posts alone does not include */
    DELETES = 1 << 23      /* by POST as well */
};

struct route {
    unsigned methods; /* enum method, or several of them */
    const char *pattern;
    unsigned flags;
    size_t body_bytes; /* limit of the body without files; 0: none is taken */
    enum rate_class rate;
    const char *params; /* the query parameters that it reads, separated by spaces; others are dropped */
    handler *handle;
};

/* The route of req->app for a path; fills captures (arena) and wants_json. NULL: none; then *ret_allowed has the
   methods that the path knows, 0 if it is unknown. */
const struct route *route_find(struct request *req, const char *path, unsigned *ret_allowed);

#endif
