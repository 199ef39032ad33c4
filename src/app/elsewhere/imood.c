/*
 * imood's two addresses that boards and scripts ask: /query.cgi, which draws somebody's mood where a type or colours
 * are asked for and tells it in XML where not, and /internet/current.gif, which draws the mood of everybody here today.
 * The badges with paths of their own are in badges.c. Refuses to set a mood by a GET, as imood's update.cgi did. Read
 * next: view/badge.h.
 */
#include <string.h>

#include "app/elsewhere/feeds.h"
#include "app/elsewhere/handlers.h"
#include "app/elsewhere/widget.h"
#include "app/request/app.h"
#include "base/text.h"
#include "view/badge.h"
#include "view/linkify.h"

enum { DAY_S = 86400 };

static uint32_t colour_of(const struct request *req, const char *name, uint32_t fallback)
{
    char colour[8] = "";
    (void)!widget_colour(request_query(req, name, ""), colour);
    return widget_rgb(colour, fallback);
}

static void draw(struct request *req, struct response *res, const char *mood)
{
    const struct badge_colours colours = {.fg_rgb = colour_of(req, "fg", 0x000000),
                                          .bg_rgb = colour_of(req, "bg", 0xFFFFFF),
                                          .transparent = strcmp(request_query(req, "trans", ""), "1") == 0};
    if (badge_draw(mood, &colours, &res->body) != 0) {
        respond_error(req, res, 503, "There is no memory to draw with. Try again in a moment.");
        return;
    }
    res->cache = CACHE_MINUTE;
    res->policy = POLICY_NONE;
    respond_bytes(req, res, "image/gif");
}

static void put_element(struct buf *out, const char *name, const char *text)
{
    buf_printf(out, "<%s>", name);
    linkify_escape(text, strlen(text), out);
    buf_printf(out, "</%s>", name);
}

/* email: a name here, alone or with anything behind an "@". */
void imood_query(struct request *req, struct response *res)
{
    static const char *const drawn_by[] = {"type", "fg", "bg", "trans"};
    const char *email = request_query(req, "email", "");
    char name[21] = "";
    struct feed_source person = {0};
    int is_drawn = 0;
    for (size_t i = 0; i < sizeof drawn_by / sizeof drawn_by[0]; i++)
        is_drawn |= *request_query(req, drawn_by[i], "") != '\0';
    const int is_known = text_parse_name(arena_copy_n(&req->arena, email, strcspn(email, "@")), name) == 0 &&
                         feed_find_person(req, name, &person) == 0;
    json_t *mood = is_known ? db_row(request_db(req), QUERY_MOOD_NEWEST_OF, person.account) : json_null();
    res->status = is_known ? 200 : 404;
    if (is_drawn) {
        draw(req, res, row_text(mood, "mood"));
    } else {
        buf_puts(&res->body, "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<imood><bundle><mood>");
        put_element(&res->body, "face", row_text(mood, "face"));
        put_element(&res->body, "base", row_text(mood, "mood"));
        put_element(&res->body, "personal", row_text(mood, "note"));
        buf_puts(&res->body, "</mood></bundle></imood>\n");
        res->cache = CACHE_MINUTE;
        res->policy = POLICY_NONE;
        respond_bytes(req, res, "application/xml; charset=utf-8");
    }
    json_decref(mood);
}

/* The commonest mood of the last day; blank when nobody felt anything. */
void imood_everybody(struct request *req, struct response *res)
{
    json_t *moods = db_rows(request_db(req), QUERY_MOOD_COUNTS, req->now_s - DAY_S, (int64_t)1, (int64_t)0);
    draw(req, res, row_text(json_array_get(moods, 0), "mood"));
    json_decref(moods);
}
