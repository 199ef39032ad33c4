/*
 * What a handler sees: the service, one request, one response. No HTTP library here; src/http feeds it.
 *
 *     src/http --app_begin()--> route, limits, session     (headers are there, the body is not)
 *              --app_finish()-> same origin, CSRF, handler (the body is there)
 *              --app_continue() after a handler that waits for pictures: respond_crushed()
 *
 * A handler runs queries, builds one JSON value and names a template:
 *
 *     void moods_page(struct request *req, struct response *res)
 *     {
 *         json_t *moods = db_rows(request_db(req), QUERY_MOODS, request_before(req), (int64_t)PAGE_ITEMS);
 *         respond_page(req, res, "moods", json_pack("{s:o}", "moods", moods));
 *     }
 *
 * One file per noun: pictures.c, statuses.c, moods.c, accounts.c, …; declare handlers in the handlers.h of the room and
 * give each a line in routes.c. A handler never blocks on the network or on a worker, and never sees a request that
 * dispatch.c refuses: no session where one is needed, a foreign origin, a missing token, a body that is too large.
 */
#ifndef PICLOG_APP_REQUEST_APP_H
#define PICLOG_APP_REQUEST_APP_H

#include <stddef.h>
#include <stdint.h>

#include <jansson.h>

#include "base/arena.h"
#include "base/buf.h"
#include "base/config.h"
#include "domain/fault.h"
#include "domain/site.h"
#include "store/account.h"
#include "store/post.h"
#include "store/store.h"
#include "view/view.h"
#include "worker/pool.h"

/* ---- The service ------------------------------------------------------------------------------ */

struct rates;
struct live;
struct live_stream;
struct presence;
struct shares;
struct side_thread;
struct sweep;
struct hook;
struct purge;

/* Counted since the start, for /metrics. */
struct app_metrics {
    _Atomic uint64_t requests[6]; /* by the first digit of the status */
    _Atomic uint64_t cache_hits, sent_bytes, received_bytes, limited, refused_connections;
    _Atomic int64_t connections, uploads_in_flight_bytes, uploads_in_flight, exports_in_flight;
};

struct app {
    const struct config *config;
    _Atomic int language;           /* of feeds, widgets, and pages for whoever asks for none that is spoken here */
    struct site_words site_options; /* what the options say of the site, cleaned; in words */
    struct arena words;
    struct store *store;
    struct view *view;
    struct pool *pool;
    struct rates *rates;
    struct shares *shares;      /* of the uploads in flight, by account */
    struct sweep *sweep;        /* erases what was deleted */
    struct side_thread *side;   /* runs the handlers flagged SLOW */
    struct hook *hook;          /* tells webhooks */
    struct purge *purge;        /* tells caches in front what is gone; NULL: there are none */
    struct presence *presence;  /* who is here */
    struct live *live;          /* open streams */
    const struct route *routes; /* every address there is: service.c hands them in */
    int route_count;
    struct app_metrics metrics;
    _Atomic uint64_t own_writes;               /* requests of this process that may have changed something */
    _Atomic uint64_t seen_stamp, seen_version; /* service_version() */
    int is_https;                              /* by the public URL */
    int picture_hold_s;                        /* how long caches in front may keep pictures */
    char origin[300];                          /* scheme://host[:port] of the public URL */
    int64_t started_s;
};

/* ---- A request -------------------------------------------------------------------------------- */

enum method { METHOD_GET = 1, METHOD_POST = 2, METHOD_PUT = 4, METHOD_DELETE = 8, METHOD_PATCH = 16, METHOD_OTHER = 32 };

enum {
    CAPTURES_MAX = 4,
    FIELDS_MAX = 96, /* five for each of sixteen pictures, and some more */
    UPLOADS_MAX = 16,
    UPLOADS_IN_FLIGHT_MAX = 256, /* files of all requests */
    EXPORTS_IN_FLIGHT_MAX = 4,
    FIELD_NAME_MAX_BYTES = 64,
    PAGE_ITEMS = 20 /* of one kind on a page */
};

/* A name with its value; value is terminated, yet may hold anything a stranger sends but NUL. */
struct field {
    const char *name;
    const char *value;
    size_t value_bytes;
};

struct fields {
    struct field items[FIELDS_MAX];
    int count;
};

/* A file of a form, or the raw body. Never parsed in this process. */
struct upload {
    const char *name;      /* of the form field */
    const char *file_name; /* as it came, unchecked, for a sentence about the file and never kept; NULL: none */
    int fd;                /* memfd, read from its start */
    size_t size_bytes;
};

/* What came of one upload: crushed[i] belongs to uploads[i]. */
struct crushed {
    struct request *request;
    struct pool_outcome outcome; /* pictures[].data may be taken by setting it to NULL */
};

struct response;
struct route;
typedef void handler(struct request *req, struct response *res);

struct request {
    struct app *app;
    struct arena arena;
    struct db *db; /* request_db() */
    const struct route *route;
    enum method method; /* HEAD is METHOD_GET with is_head */
    int is_head;
    int is_options;     /* with METHOD_OTHER */
    const char *path;   /* as sent, without query, without .json */
    int wants_json;     /* the JSON twin: by .json or Accept */
    int is_respelled;   /* not the address itself: absolute, or with .json behind it */
    const char *format; /* how a path of SPEAKS_BASIC ends: "xml", "rss", "atom"; NULL: JSON */
    struct field captures[CAPTURES_MAX];
    int capture_count;
    struct fields query; /* only what the route reads: see route.h */
    struct fields form;  /* urlencoded, multipart; or the strings, numbers and booleans of a JSON object */
    struct buf body;     /* of any other kind, and JSON as sent */
    json_t *json;        /* a body of type application/json, else NULL */
    struct upload uploads[UPLOADS_MAX];
    int upload_count;
    int holds_export; /* counted in exports_in_flight until the answer is out */

    struct viewer viewer; /* account 0: nobody */
    int came_with_token;  /* signed in by Authorization: Bearer, or Basic with a token */
    const char *session_secret;
    const char *pre_session;   /* of forms before there is a session: guard.h */
    struct response *res;      /* its answer; for what runs beside the server's threads */
    char address[46];          /* of the client, after trusted proxies */
    unsigned char network[16]; /* the same for limits: an IPv4 address, or the first 64 bits of IPv6 */
    int is_forwarded;          /* forwarding headers were present, believed or not */
    int is_loopback;           /* the connection itself comes from this machine */
    int is_https;              /* as far as the client sees it */
    int64_t now_s;

    struct crushed *crushed; /* one per upload */
    _Atomic int crushes_left;
    handler *then;                 /* what app_continue runs */
    struct request *next_slow;     /* side.c */
    const struct site_words *site; /* request_site() */
    int language;                  /* request_speak() */
    const char *note;              /* for the request log: why a worker was lost; NULL: nothing to note */
    int is_answered;               /* res is filled: app_continue has nothing to do */
    void *state;                   /* of the handler, until then; in the arena */

    /* From src/http. header: NULL when absent. resume: app_continue may be called now; any thread. */
    void *http;
    const char *(*header)(void *http, const char *name);
    void (*resume)(void *http);
};

/* A connection for this request, given back when the handler returns. Never NULL. */
struct db *request_db(struct request *req);
/* Gives it back before that, if there is one. */
void request_release_db(struct request *req);

/* Whoever asks, for the functions of src/domain; good until the handler returns. */
struct actor request_actor(struct request *req);

/* The thread speaks the language of this request from now on: the viewer's choice, else what their browser likes. Data
   (JSON, and protocols of other programs) is English; only sentences about faults are not. */
void request_speak(struct request *req);
/* The same in the language of the place: for what is the same whoever asks, such as feeds. */
void request_speak_here(const struct request *req);
/* Reads that language again, as it may have changed. */
void request_learn_language(struct app *app, const struct actor *actor);

/* What this piclog says of itself: read once for each request. */
const struct site_words *request_site(struct request *req);

/* The part of the path that ":name" of the pattern stands for, decoded; names folded to small letters. "" if absent. */
const char *request_capture(const struct request *req, const char *name);
/* ":id" as a number. */
int64_t request_id(const struct request *req);

/* The first value of that name in the query, in the form; fallback when absent. */
const char *request_query(const struct request *req, const char *name, const char *fallback);
const char *request_form(const struct request *req, const char *name, const char *fallback);
/* All values of that name in the form, with spaces between; NULL when there is none. In the arena. */
const char *request_list(struct request *req, const char *name);
/* What was typed, for showing it again beside a fault: "" when it is no UTF-8, since no page could hold it. */
const char *request_typed(const struct request *req, const char *name);
const char *request_header(const struct request *req, const char *name);
const char *request_cookie(struct request *req, const char *name);

/* One post as this request may see it (a query that ends in POST_FOR), with account_id; JSON null: there is none, or it
   is not to be seen. NULL on failure. */
json_t *request_post(struct request *req, enum query query, int64_t id);

/* A text of a row, borrowed from it; "" when it is absent, null or no text. */
const char *row_text(const json_t *row, const char *key);

/* A text as a path or query can carry it; in the arena. */
const char *request_encode(struct request *req, const char *text);

/* ?before=ID of timelines; INT64_MAX when absent or no number. */
int64_t request_before(const struct request *req);

/* The public address of a path: origin + path, in the arena. */
const char *request_url(struct request *req, const char *path);

/* ---- A response ------------------------------------------------------------------------------- */

enum { RESPONSE_HEADERS_MAX = 16 };

enum response_cache {
    CACHE_DEFAULT = 0, /* pages: revalidate; when signed in: private */
    CACHE_NEVER,       /* secrets: no-store */
    CACHE_IMAGE,       /* public, a day, immutable */
    CACHE_MINUTE,      /* public, 60 s: badges, widgets */
    CACHE_HOUR,        /* public, 1 h */
    CACHE_FOREVER      /* public, a year, immutable: addresses that hold a hash */
};

enum response_policy {
    POLICY_PAGE = 0, /* own style and script, no frames */
    POLICY_ROOM,     /* framed by this site only; own styles, no script, of pictures those that cost nobody anything */
    POLICY_EMBED,    /* may be framed; no script */
    POLICY_ROOM_OWN, /* the same for one's own preview: of this origin, with one's hidden pictures below /p/ */
    POLICY_NONE,     /* nothing at all may run or load: pictures, data */
    POLICY_LIVE      /* as POLICY_PAGE, with the script of pages that know what is new */
};

struct response {
    int status;
    const char *type;     /* media type, charset included */
    const char *language; /* of its words, as lang.h calls it; NULL: it has none */
    struct buf body;      /* or: */
    int body_fd;          /* a file to send, owned by the response; -1: none */
    size_t body_fd_bytes;
    struct field headers[RESPONSE_HEADERS_MAX]; /* further ones; values without control characters */
    int header_count;
    enum response_cache cache;
    enum response_policy policy;
    const char *form_action;  /* of POLICY_PAGE: where its form may lead beside this site, as a source; NULL: nowhere */
    const char *etag;         /* without quotes; NULL: src/http makes one of the body */
    int64_t modified_s;       /* for Last-Modified; 0: unknown */
    int is_waiting;           /* set by respond_crushed: app_continue will fill the response */
    struct live_stream *live; /* instead of a body: what this stream tells, owned by the response; NULL: none */
};

/*
 * HTML through the view, or the JSON twin: page alone. Takes the reference of page (NULL is a failure: 500).
 * status 200 unless set before.
 */
void respond_page(struct request *req, struct response *res, const char *template_name, json_t *page);
/* JSON as it is; takes the reference. status 200 unless set before. */
void respond_json(struct request *req, struct response *res, json_t *value);
/* 303. location: a path of this site, or a full address made by the caller. */
void respond_redirect(struct request *req, struct response *res, const char *location);
/* The body is in res->body already. */
void respond_bytes(struct request *req, struct response *res, const char *type);
/* A JPEG that is for whoever asks and nobody else: no cache keeps it. Takes data (malloc). */
void respond_private_jpeg(struct request *req, struct response *res, void *data, size_t size_bytes);
/*
 * An error in words: application/problem+json (RFC 9457) for the API and JSON twins, the page "error" for people.
 * detail: one sentence or two, what happened, which limit, what to do. Empties what was in the body.
 */
void respond_error(struct request *req, struct response *res, int status, const char *format, ...)
    __attribute__((format(printf, 4, 5)));
/* 429 with Retry-After, and how long to wait in words. */
void respond_limited(struct request *req, struct response *res, enum rate_class rate, int wait_s);
/* A fault in words, with the status of its kind; of FAULT_FAILED the cause goes to the log. */
void respond_fault(struct request *req, struct response *res, const struct fault *fault);
/* That status, and the line in the log, for forms that are shown again with the fault on them. */
int respond_fault_status(const struct fault *fault);
void respond_fault_log(const struct fault *fault);
/* The fault that belongs to a failed store call; noun: "picture", "status", … */
void respond_store_error(struct request *req, struct response *res, enum store_status status, const char *noun);
/* What came of a write (NULL: all is well): the page at location with a notice (NULL: none) on it, 204 for the API. */
void respond_after(struct request *req, struct response *res, const struct fault *fault, const char *notice,
                   const char *location);
/* The same of a call of the store: the page at location with a notice (NULL: none) on it, 204 for the API, or the
 * error. */
void respond_done(struct request *req, struct response *res, enum store_status status, const char *noun,
                  const char *notice, const char *location);
/* Adds a header. value is copied; control characters in it become spaces. */
void respond_header(struct request *req, struct response *res, const char *name, const char *value);
enum { RESPOND_NOTICE_MAX_BYTES = 1800 };
/* What the next page shows, in lines (cookie, cleared when shown). Nothing, when it is longer than that. */
void respond_notice(struct request *req, struct response *res, const char *sentence);
/* The sentence that the page before left, once: a string, or null. New reference. */
json_t *respond_take_notice(struct request *req, struct response *res);
/* max_age_s 0: until the browser closes; below 0: forget. HttpOnly, SameSite=Lax, Secure and __Host- on https. */
void respond_cookie(struct request *req, struct response *res, const char *name, const char *value, int max_age_s);
/* The same for a cookie that only the log-in reads: other pages stay cacheable. */
void respond_login_cookie(struct request *req, struct response *res, const char *name, const char *value,
                          int max_age_s);

/*
 * Crushes every upload of the request with these presets; then runs with req->crushed filled, on a server thread,
 * with res as it was left. Answers 503 with Retry-After itself when the queue is full.
 */
void respond_crushed(struct request *req, struct response *res, const crush_preset *presets, int preset_count,
                     handler *then);
/* The same, and clips of what moves. */
void respond_crushed_moving(struct request *req, struct response *res, enum pool_motion motion,
                            const crush_preset *presets, int preset_count, handler *then);
/* For dispatch.c: all are there. Leaves what went wrong with one for the log, and goes on with then. */
void respond_when_crushed(struct request *req, struct response *res);

/* ---- For src/http ----------------------------------------------------------------------------- */

/* req is zeroed but for app, method, is_head, is_options, address, network, is_forwarded, is_loopback, is_https, http,
   header, resume.
   target: path and query as sent. Returns 0 when the body may come, or 1 with res filled. */
int app_begin(struct request *req, const char *target, struct response *res);
/* Where a ready response may be kept after app_begin, or NULL. Then the answer is the same for everybody as long as
   service_version() does; keep_s is how long pages may at most be kept, 0: no matter how long. */
const char *app_cache_key(struct request *req, int *ret_keep_s);
/* What is kept under that key is about to be given away: a cache in front may keep it as well (hook/purge.h). */
void app_give_again(const struct request *req);
/* The largest body that the route takes, files included; of it, the largest that is no file. */
size_t app_body_limit(const struct request *req, size_t *ret_text_bytes);
/* The body is in req->form and uploads (multipart), in uploads (a picture as it is), or in req->body. Returns 1 when
 * the answer comes later: after req->resume, app_continue. */
int app_finish(struct request *req, struct response *res);
int app_continue(struct request *req, struct response *res);
/* Frees what request and response hold, uploads included. */
void app_end(struct request *req, struct response *res);
void response_init(struct response *res);

#endif
