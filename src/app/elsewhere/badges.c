/*
 * Badges, buttons, and widgets as pictures: for signatures and people's own pages. They read no cookie, so they show
 * everyone the same. Unknown names get a blank badge (and 404), because a broken picture is what nobody wants in their
 * signature. Read next: view/badge.h.
 */
#include <string.h>
#include <strings.h>

#include "app/request/app.h"
#include "app/elsewhere/feeds.h"
#include "app/elsewhere/handlers.h"
#include "view/badge.h"
#include "view/words.h"
#include "app/elsewhere/widget.h"

/* Field of the newest mood or status of somebody, in the arena; "" when there is none. */
static const char *newest(struct request *req, enum query query, int64_t account, const char *field)
{
    json_t *row = db_row(request_db(req), query, account);
    const char *text = arena_copy(&req->arena, json_string_value(json_object_get(row, field)));
    json_decref(row);
    return text;
}

static const char *mood_of(struct request *req, int64_t account)
{
    return lang_mood(newest(req, QUERY_MOOD_NEWEST_OF, account, "mood"));
}

/* 0 for unknown names, and for accounts that are shut. */
static int64_t account_of(struct request *req, const char *name)
{
    struct feed_source person = {0};
    return feed_find_person(req, name, &person) ? 0 : person.account;
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
    struct widget_theme theme;
    widget_theme_read(req, &theme);
    struct badge_colours colours = {.fg_rgb = widget_rgb(theme.fg, 0x1A1825),
                                    .bg_rgb = widget_rgb(theme.bg, 0xFFFFFF),
                                    .transparent = theme.transparent};
    const char *text = strcmp(request_query(req, "show", "mood"), "status") == 0
                           ? newest(req, QUERY_STATUS_NEWEST_OF, account, "content")
                           : mood_of(req, account);
    respond_gif(req, res, account, badge_draw(text, &colours, &res->body));
}

static uint32_t display_colour(const char *text, uint32_t fallback)
{
    char colour[8] = "";
    (void)!widget_colour(text, colour);
    return widget_rgb(colour, fallback);
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
            colours.fg_rgb = display_colour(part + 3, colours.fg_rgb);
        else if (strncmp(part, "bg-", 3) == 0)
            colours.bg_rgb = display_colour(part + 3, colours.bg_rgb);
        else if (strncmp(part, "trans-", 6) == 0)
            colours.transparent = strcmp(part + 6, "1") == 0;
        else if (!at && strcasecmp(part, "imood.gif") != 0)
            name = "";
    }
    int64_t account = account_of(req, name);
    respond_gif(req, res, account, badge_draw(mood_of(req, account), &colours, &res->body));
}

/* /button/NAME.gif?style=…: mood and status, taking turns. */
void button_gif(struct request *req, struct response *res)
{
    const char *name = request_capture(req, "name");
    int64_t account = account_of(req, name);
    int style = button_style_by_name(request_query(req, "style", "block"));
    if (style < 0)
        style = BUTTON_BLOCK;
    int drawn =
        button_draw(account ? name : "", mood_of(req, account), newest(req, QUERY_STATUS_NEWEST_OF, account, "content"),
                    (enum button_style)style, &res->body);
    respond_gif(req, res, account, drawn);
}

/* ---- Widgets as pictures ------------------------------------------------------------------------ */

/* An item as words: "face text – note"; a picture, which a card cannot show, as what it is of. */
static struct card_item card_item_of(struct request *req, const json_t *item)
{
    const char *face = row_text(item, "face"), *text = row_text(item, "text"), *note = row_text(item, "note");
    struct buf ago = {0};
    const json_t *created_at = json_object_get(item, "created_at");
    if (json_object_get(item, "label"))
        text = tr(row_text(item, "label"));
    if (json_object_get(item, "image_url"))
        text = arena_printf(&req->arena, tr("[picture] %s"), *text ? text : row_text(item, "alt"));
    if (created_at)
        words_ago(json_integer_value(created_at), req->now_s, &ago);
    struct card_item card = {
        .name = row_text(item, "author"),
        .when = arena_copy(&req->arena, ago.data),
        .text = arena_printf(&req->arena, "%s%s%s%s%s", face, *face ? " " : "", text, *note ? " – " : "", note)};
    buf_free(&ago);
    return card;
}

/* /embed/NAME/KIND.gif: what the frame shows, drawn; pictures by their words. */
void embed_gif(struct request *req, struct response *res)
{
    const char *kind = request_capture(req, "kind");
    struct widget_theme theme;
    struct card_item items[CARD_ITEMS_MAX];
    if (!widget_is_kind(kind)) {
        respond_error(req, res, 404, WIDGET_KINDS);
        return;
    }
    widget_theme_read(req, &theme);
    json_t *data = widget_collect(req, kind, &theme);
    const json_t *all = json_object_get(data, "items");
    int count = 0, is_known = json_is_object(data);
    for (; count < CARD_ITEMS_MAX && (size_t)count < json_array_size(all); count++)
        items[count] = card_item_of(req, json_array_get(all, (size_t)count));
    struct card_look look = {.fg_rgb = widget_rgb(theme.fg, 0x1A1825),
                             .bg_rgb = widget_rgb(theme.bg, 0xFFFDF2),
                             .link_rgb = widget_rgb(theme.link, 0x4A28F0),
                             .transparent = theme.transparent,
                             .scale = theme.size_px >= 20 ? theme.size_px / 10 : 1,
                             .center = theme.center};
    struct badge_colours blank = {.transparent = 1};
    int drawn = is_known ? card_draw(items, count, &look, &res->body) : badge_draw("", &blank, &res->body);
    while (drawn == 0 && res->body.size_bytes > WIDGET_MAX_BYTES && (look.scale > 1 || count > 1)) {
        if (look.scale > 1) /* smaller letters first, then fewer items */
            look.scale--;
        else
            count--;
        buf_clear(&res->body);
        drawn = card_draw(items, count, &look, &res->body);
    }
    respond_gif(req, res, is_known, drawn);
    json_decref(data);
}

/* /embed/NAME/picture.jpg and clip.jpg: the newest picture without a content note, small. A blank badge when there is
 * none. */
enum { LOOKED_AT = 10 };
static void respond_newest(struct request *req, struct response *res, enum query query)
{
    int64_t account = account_of(req, request_capture(req, "name"));
    json_t *rows = db_rows(request_db(req), query, INT64_MAX, (int64_t)LOOKED_AT, account, (int64_t)0);
    size_t newest = 0;
    while (newest < LOOKED_AT && *row_text(json_array_get(rows, newest), "note"))
        newest++;
    const char *url = row_text(json_array_get(rows, newest), "thumb_url"); /* /t/HASH.jpg */
    void *data = NULL;
    size_t size = 0;
    char hash[IMAGE_HASH_BYTES] = "";
    if (strlen(url) == 3 + sizeof hash - 1 + 4)
        memcpy(hash, url + 3, sizeof hash - 1);
    json_decref(rows);
    if (image_find(request_db(req), hash, &data, &size) != STORE_OK) {
        respond_gif(req, res, account, badge_draw("", &(struct badge_colours){.transparent = 1}, &res->body));
        return;
    }
    res->body = (struct buf){.data = data, .size_bytes = size, .capacity_bytes = size};
    res->cache = CACHE_MINUTE;
    res->policy = POLICY_NONE;
    respond_bytes(req, res, "image/jpeg");
}

void embed_jpg(struct request *req, struct response *res)
{
    respond_newest(req, res, QUERY_PICTURES_OF);
}

void embed_clip_jpg(struct request *req, struct response *res)
{
    respond_newest(req, res, QUERY_CLIPS_OF);
}
