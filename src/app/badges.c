/*
 * Badges and buttons: GIFs for signatures and people's own pages. They read no cookie, so they show everyone the same.
 * Unknown names get a blank badge (and 404), because a broken picture is what nobody wants in their signature.
 */
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "app.h"
#include "feeds.h"
#include "handlers.h"
#include "view/badge.h"

/* "RRGGBB" or "RGB", "#" in front allowed; fallback for anything else. */
static uint32_t read_colour(const char *text, uint32_t fallback)
{
    char full[7] = {0}, *end;
    text += *text == '#';
    size_t length = strlen(text);
    if (length == 3)
        for (int i = 0; i < 6; i++)
            full[i] = text[i / 2];
    else if (length == 6)
        memcpy(full, text, 6);
    else
        return fallback;
    for (int i = 0; i < 6; i++)
        if (!strchr("0123456789abcdefABCDEF", full[i]))
            return fallback;
    return (uint32_t)strtoul(full, &end, 16);
}

/* Field of the newest mood or status of somebody, in the arena; "" when there is none. */
static const char *newest(struct request *req, enum query query, int64_t account, const char *field)
{
    json_t *row = db_row(request_db(req), query, "i", account);
    const char *text = arena_copy(&req->arena, json_string_value(json_object_get(row, field)));
    json_decref(row);
    return text;
}

static const char *mood_of(struct request *req, int64_t account)
{
    return newest(req, QUERY_MOOD_NEWEST_OF, account, "mood");
}

static int64_t account_of(struct request *req, const char *name)
{
    struct feed_source person = {0};
    (void)feed_find_person(req, name, &person); /* account 0: nobody */
    return person.account;
}

static void respond_gif(struct request *req, struct response *res, int64_t account, int drawn)
{
    if (drawn != 0) {
        respond_error(req, res, 503, "There is no memory to draw with. Try again in a moment.");
        return;
    }
    if (!account)
        res->status = 404;
    res->cache = CACHE_MINUTE;
    res->policy = POLICY_NONE;
    respond_bytes(req, res, "image/gif");
}

/* /badge/NAME.gif?show=mood|status&fg=&bg=&trans=1 */
void badge_gif(struct request *req, struct response *res)
{
    int64_t account = account_of(req, request_capture(req, "name"));
    struct badge_colours colours = {.fg_rgb = read_colour(request_query(req, "fg", ""), 0x1A1825),
                                    .bg_rgb = read_colour(request_query(req, "bg", ""), 0xFFFFFF),
                                    .transparent = strcmp(request_query(req, "trans", "0"), "1") == 0};
    const char *text = strcmp(request_query(req, "show", "mood"), "status") == 0
                           ? newest(req, QUERY_STATUS_NEWEST_OF, account, "content")
                           : mood_of(req, account);
    respond_gif(req, res, account, badge_draw(text, &colours, &res->body));
}

/* /display/uname-NAME/fg-RRGGBB/bg-RRGGBB/trans-1/imood.gif, every part but the last optional and in any order. */
void badge_display(struct request *req, struct response *res)
{
    struct badge_colours colours = {.fg_rgb = 0x000000, .bg_rgb = 0xFFFFFF};
    const char *name = "", *rest = request_capture(req, "rest");
    char *part, *at = arena_copy(&req->arena, rest);
    while ((part = strsep(&at, "/"))) {
        if (strncmp(part, "uname-", 6) == 0)
            name = part + 6;
        else if (strncmp(part, "fg-", 3) == 0)
            colours.fg_rgb = read_colour(part + 3, colours.fg_rgb);
        else if (strncmp(part, "bg-", 3) == 0)
            colours.bg_rgb = read_colour(part + 3, colours.bg_rgb);
        else if (strncmp(part, "trans-", 6) == 0)
            colours.transparent = strcmp(part + 6, "1") == 0;
        else if (!at && strcasecmp(part, "imood.gif") != 0)
            name = "";
    }
    int64_t account = account_of(req, name);
    respond_gif(req, res, account, badge_draw(mood_of(req, account), &colours, &res->body));
}

/* /button/NAME.gif?style=block|plain|night: mood and status, taking turns. */
void button_gif(struct request *req, struct response *res)
{
    const char *name = request_capture(req, "name");
    int64_t account = account_of(req, name);
    int style = button_style_by_name(request_query(req, "style", "block"));
    const char *mood = mood_of(req, account), *status = newest(req, QUERY_STATUS_NEWEST_OF, account, "content");
    if (style < 0)
        style = BUTTON_BLOCK;
    int drawn = button_draw(account ? name : "", *mood ? mood : status, *mood ? status : "", (enum button_style)style,
                            &res->body);
    respond_gif(req, res, account, drawn);
}
