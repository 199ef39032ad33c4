/*
 * What widgets show: see widget.h. Refuses to let a stranger's value become anything but a colour, a number, or one of
 * a few words. Read next: embeds.c.
 */
#include "app/elsewhere/widget.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/text.h"
#include "app/elsewhere/feeds.h"

enum { TIMELINE_ITEMS = 6, ITEMS_MAX_BYTES = 5000, ALT_SHOWN_BYTES = 600 };

int widget_is_kind(const char *kind)
{
    static const char *const kinds[] = {"status", "mood", "picture", "clip", "timeline", "ring"};
    for (size_t i = 0; i < sizeof kinds / sizeof kinds[0]; i++)
        if (strcmp(kind, kinds[i]) == 0)
            return 1;
    return 0;
}

/* ---- Theme -------------------------------------------------------------------------------------- */

int widget_colour(const char *text, char ret_colour[8])
{
    text += *text == '#';
    size_t length = strlen(text);
    if ((length != 3 && length != 6) || strspn(text, "0123456789abcdefABCDEF") != length)
        return -1;
    ret_colour[0] = '#';
    for (size_t i = 0; i < 6; i++)
        ret_colour[1 + i] = text[length == 3 ? i / 2 : i];
    ret_colour[7] = '\0';
    return 0;
}

uint32_t widget_rgb(const char *colour, uint32_t fallback)
{
    return *colour ? (uint32_t)strtoul(colour + 1, NULL, 16) : fallback;
}

/* "name,time,face": is this one in it? */
static int is_listed(const char *list, const char *part)
{
    size_t length = strlen(part);
    for (const char *found = strstr(list, part); found; found = strstr(found + 1, part))
        if ((found == list || strchr(", ", found[-1])) && strchr(", ", found[length]))
            return 1;
    return 0;
}

/* A number of the query within its bounds, else 0. */
static int number_of(const struct request *req, const char *name, int least, int most)
{
    const char *text = request_query(req, name, "");
    const int is_number = *text && strlen(text) <= 4 && strspn(text, "0123456789") == strlen(text);
    const int number = is_number ? (int)strtol(text, NULL, 10) : 0;
    return number >= least && number <= most ? number : 0;
}

void widget_theme_read(const struct request *req, struct widget_theme *ret_theme)
{
    static const struct {
        const char *name, *family;
    } fonts[] = {{"serif", "Georgia,serif"},
                 {"sans", "Verdana,sans-serif"},
                 {"mono", "\"Courier New\",monospace"},
                 {"comic", "\"Comic Sans MS\",\"Comic Neue\",cursive"},
                 {"system", "system-ui,sans-serif"}};
    const int lang = lang_find(request_query(req, "lang", ""));
    struct widget_theme theme = {.font = "", .family = "", .lang = lang < 0 ? "" : lang_get(lang)->code};
    (void)widget_colour(request_query(req, "fg", ""), theme.fg);
    (void)widget_colour(request_query(req, "bg", ""), theme.bg);
    (void)widget_colour(request_query(req, "link", ""), theme.link);
    const char *font = request_query(req, "font", ""), *size = request_query(req, "size", "");
    for (size_t i = 0; i < sizeof fonts / sizeof fonts[0]; i++)
        if (strcmp(font, fonts[i].name) == 0) {
            theme.font = fonts[i].name;
            theme.family = fonts[i].family;
        }
    if (*size && strlen(size) <= 2 && strspn(size, "0123456789") == strlen(size))
        theme.size_px = (int)strtol(size, NULL, 10);
    if (theme.size_px < 8 || theme.size_px > 48)
        theme.size_px = 0;
    theme.frames = number_of(req, "frames", CRUSH_CLIP_LEAST_FRAMES, CRUSH_CLIP_MOST_FRAMES);
    theme.frame_ms = number_of(req, "frame_ms", CRUSH_CLIP_LEAST_MS, CRUSH_CLIP_MOST_MS);
    theme.center = strcmp(request_query(req, "center", ""), "1") == 0;
    theme.transparent = strcmp(request_query(req, "trans", ""), "1") == 0;
    for (int i = 0; i < req->query.count; i++) { /* a list, or several of them, as forms send it */
        const char *hide = req->query.items[i].value;
        if (strcmp(req->query.items[i].name, "hide") == 0 || strcmp(req->query.items[i].name, "hide[]") == 0)
            theme.hidden |= (is_listed(hide, "name") ? WIDGET_NAME : 0) | (is_listed(hide, "time") ? WIDGET_TIME : 0) |
                            (is_listed(hide, "face") ? WIDGET_FACE : 0);
    }
    *ret_theme = theme;
}

const char *widget_theme_query(struct request *req, const struct widget_theme *theme)
{
    struct buf query = {0};
    static const char *const parts[] = {"name", "time", "face"};
    buf_puts(&query, "");
    if (*theme->fg)
        buf_printf(&query, "&fg=%s", theme->fg + 1);
    if (*theme->bg)
        buf_printf(&query, "&bg=%s", theme->bg + 1);
    if (*theme->link)
        buf_printf(&query, "&link=%s", theme->link + 1);
    if (*theme->font)
        buf_printf(&query, "&font=%s", theme->font);
    if (theme->size_px)
        buf_printf(&query, "&size=%d", theme->size_px);
    if (theme->center)
        buf_puts(&query, "&center=1");
    if (theme->transparent)
        buf_puts(&query, "&trans=1");
    for (unsigned i = 0, listed = 0; i < 3; i++)
        if (theme->hidden & 1u << i)
            buf_printf(&query, "%s%s", listed++ ? "," : "&hide=", parts[i]);
    if (*theme->lang)
        buf_printf(&query, "&lang=%s", theme->lang);
    if (theme->frames && theme->frame_ms)
        buf_printf(&query, "&frames=%d&frame_ms=%d", theme->frames, theme->frame_ms);
    const char *copy = arena_copy(&req->arena, query.size_bytes ? query.data + 1 : "");
    buf_free(&query);
    return copy;
}

/* ---- Items -------------------------------------------------------------------------------------- */

/* At most so many bytes of a text, whole characters, "…" for what is left out. */
static json_t *shortened(struct request *req, const char *text, size_t max_bytes)
{
    size_t length = text_prefix(text, max_bytes);
    if (!text[length])
        return json_string(text);
    return json_string(arena_printf(&req->arena, "%.*s…", (int)length, text));
}

/* One item of a widget from a row of a timeline. */
static json_t *item_of(struct request *req, json_t *row, unsigned hidden, int plays)
{
    static const char *const texts[] = {"content", "mood", "caption"};
    json_t *item = json_pack("{s:s}", "url", request_url(req, json_string_value(json_object_get(row, "url"))));
    for (size_t i = 0; i < sizeof texts / sizeof texts[0]; i++)
        if (json_object_get(row, texts[i]))
            json_object_set(item, "text", json_object_get(row, texts[i]));
    if (json_object_get(row, "mood"))
        json_object_set_new(item, "text", json_string(lang_mood(row_text(row, "mood"))));
    /* null, and not absent: in a template the author of the whole would shine through */
    json_object_set(item, "author", hidden & WIDGET_NAME ? json_null() : json_object_get(row, "author"));
    if (!(hidden & WIDGET_TIME))
        json_object_set(item, "created_at", json_object_get(row, "created_at"));
    if (!(hidden & WIDGET_FACE) && json_object_get(row, "face"))
        json_object_set(item, "face", json_object_get(row, "face"));
    const char *image = json_string_value(json_object_get(row, "thumb_url"));
    const char *note = json_string_value(json_object_get(row, "note"));
    if (note && !image)
        json_object_set_new(item, "note", json_string(note));
    if (image && note && *note) { /* on somebody else's page nothing blurs it: the words have to do */
        const char *caption = json_string_value(json_object_get(row, "caption"));
        json_object_set_new(item, "text", json_string(arena_printf(&req->arena, "[%s] %s", note, caption)));
    } else if (image) {
        static const char *const film[] = {"width",        "height",   "frames", "frame_width",
                                           "frame_height", "frame_ms", "flashes"};
        const char *alt = json_string_value(json_object_get(row, "alt"));
        json_object_set_new(item, "image_url", json_string(request_url(req, image)));
        json_object_set(item, "width", json_object_get(row, "thumb_width"));
        json_object_set(item, "height", json_object_get(row, "thumb_height"));
        json_object_set_new(item, "alt",
                            alt && *alt ? shortened(req, alt, ALT_SHOWN_BYTES)
                                        : json_string(arena_printf(&req->arena, tr("Picture by %s, no alt text yet"),
                                                                   row_text(row, "author"))));
        if (plays)
            json_object_set_new(item, "image_url", json_string(request_url(req, row_text(row, "image_url"))));
        for (size_t i = 0; plays && i < sizeof film / sizeof film[0]; i++)
            json_object_set(item, film[i], json_object_get(row, film[i]));
    }
    return item;
}

static json_int_t created_at(const json_t *row)
{
    return json_integer_value(json_object_get(row, "created_at"));
}

/* Puts rows among those that are there already, newest first. */
static void add_rows(struct request *req, json_t *all, enum query query, int64_t account, int64_t most)
{
    json_t *rows = db_rows(request_db(req), query, INT64_MAX, most, account, (int64_t)0), *row;
    size_t i, at = 0;
    json_array_foreach(rows, i, row)
    {
        while (at < json_array_size(all) && created_at(json_array_get(all, at)) >= created_at(row))
            at++;
        json_array_insert(all, at, row);
    }
    json_decref(rows);
}

/* The ring of homepages, as three steps from this one. */
static void add_steps(struct request *req, json_t *items, const char *name)
{
    static const char *const steps[][2] = {{"prev", "← before"}, {"random", "anywhere"}, {"next", N_("after →")}};
    for (size_t i = 0; i < sizeof steps / sizeof steps[0]; i++)
        json_array_append_new(items,
                              json_pack("{s:s, s:s, s:n}", "url",
                                        request_url(req, arena_printf(&req->arena, "/ring/%s/%s", name, steps[i][0])),
                                        "label", steps[i][1], "author"));
}

json_t *widget_collect(struct request *req, const char *kind, const struct widget_theme *theme)
{
    struct feed_source person = {0};
    json_t *rows = json_array(), *items = json_array(), *row;
    size_t i;
    if (feed_find_person(req, request_capture(req, "name"), &person)) {
        json_decref(rows);
        json_decref(items);
        return json_null();
    }
    const int all = strcmp(kind, "timeline") == 0, is_clip = strcmp(kind, "clip") == 0, most = all ? TIMELINE_ITEMS : 1;
    if (all || strcmp(kind, "picture") == 0)
        add_rows(req, rows, QUERY_PICTURES_OF, person.account, most);
    if (is_clip)
        add_rows(req, rows, QUERY_CLIPS_OF, person.account, most);
    if (all || strcmp(kind, "status") == 0)
        add_rows(req, rows, QUERY_STATUSES_OF, person.account, most);
    if (all || strcmp(kind, "mood") == 0)
        add_rows(req, rows, QUERY_MOODS_OF, person.account, most);
    if (strcmp(kind, "ring") == 0)
        add_steps(req, items, person.name);
    size_t used = 0;
    json_array_foreach(rows, i, row)
    {
        json_t *item = item_of(req, row, theme->hidden, is_clip);
        used += json_dumpb(item, NULL, 0, JSON_COMPACT);
        if (i >= (size_t)most || (i && used > ITEMS_MAX_BYTES)) {
            json_decref(item);
            break;
        }
        json_array_append_new(items, item);
    }
    json_decref(rows);
    return json_pack("{s:s, s:s, s:s, s:o}", "author", person.name, "kind", kind, "profile_url",
                     request_url(req, arena_printf(&req->arena, "/~%s", person.name)), "items", items);
}

/* ---- Looks -------------------------------------------------------------------------------------- */

void widget_theme_clip(const json_t *page, struct widget_theme *theme)
{
    const json_t *item = json_array_get(json_object_get(page, "items"), 0);
    theme->frames = (int)json_integer_value(json_object_get(item, "frames"));
    theme->frame_ms = (int)json_integer_value(json_object_get(item, "frame_ms"));
}

/* A window of one frame, behind which the strip moves; it stops and starts by the box before it, without a script. */
static void add_film(struct buf *css, const struct widget_theme *theme)
{
    buf_printf(css,
               "@keyframes piclog-film{to{margin-left:-100%%}}\n"
               ".piclog-film{display:block;width:100%%;max-height:80vh;margin:4px 0 8px}\n"
               ".piclog-film img{display:block;width:100%%;height:100%%;"
               "animation:piclog-film %dms steps(%d) infinite paused}\n"
               ".piclog-still:checked~.piclog-clip img{animation-play-state:running}\n"
               "@media (prefers-reduced-motion:no-preference){"
               ".piclog-hold:not(:checked)~.piclog-clip img{animation-play-state:running}}\n"
               "@media (prefers-reduced-motion:reduce){.piclog-hold,.piclog-hold+label{display:none}}\n",
               theme->frames * theme->frame_ms, theme->frames);
}

void widget_css(struct buf *css, const struct widget_theme *theme, int wrap)
{
    static const struct {
        const char *selector, *rules;
    } rules[] = {
        {".piclog", "box-sizing:border-box;max-width:28em;margin:0 4px 4px 0;padding:8px 12px;border:2px solid;"
                    "box-shadow:4px 4px 0 #1a182533;color:#1a1825;background:#fffdf2;font:14px/1.45 Verdana,sans-serif;"
                    "overflow-wrap:anywhere"},
        {".piclog a", "color:#4a28f0"},
        {".piclog-item", "overflow:hidden;padding:6px 0"},
        {".piclog-item+.piclog-item", "border-top:2px dotted"},
        {".piclog-face", "float:left;margin-right:8px;font-size:1.9em;line-height:1.2"},
        {".piclog-text", "margin:0;overflow:hidden;font-family:Georgia,serif;font-size:1.1em;line-height:1.35"},
        {".piclog-mood .piclog-text", "font-size:1.3em"},
        {".piclog-by", "margin:2px 0 0;overflow:hidden;font-size:.85em"},
        {".piclog-image",
         "display:inline-block;max-width:100%;margin:2px 6px 8px 2px;padding:6px 6px 14px;background:#fff;"
         "box-shadow:1px 2px 5px #0006;transform:rotate(-1.2deg);box-sizing:border-box"},
        {".piclog-ring .piclog-item", "display:inline-block;margin-right:12px"},
        {".piclog-ring .piclog-item+.piclog-item", "border:0"},
        {".piclog-image img", "display:block;max-width:100%;height:auto"},
    };
    for (size_t i = 0; i < sizeof rules / sizeof rules[0]; i++)
        buf_printf(css, wrap ? ":where(%s){%s}\n" : "%s{%s}\n", rules[i].selector, rules[i].rules);
    if (theme->frames && theme->frame_ms)
        add_film(css, theme);
}
