/*
 * Widgets: somebody's status, mood, newest picture or timeline on their own page, as a frame (/embed/NAME/KIND), a
 * script (KIND.js, data inlined), or data (KIND.json). The image form is badges.c. No cookie is read or set, any site
 * may frame them. What a stranger may choose, colours, font and size, is checked by type and ends up in a stylesheet,
 * never in markup.
 */
#include <ctype.h>
#include <stdlib.h>
#include <string.h>

#include "app.h"
#include "feeds.h"
#include "handlers.h"

enum { TIMELINE_ITEMS = 5 };

static int is_kind(const char *kind)
{
    static const char *const kinds[] = {"status", "mood", "picture", "timeline"};
    for (size_t i = 0; i < sizeof kinds / sizeof kinds[0]; i++)
        if (strcmp(kind, kinds[i]) == 0)
            return 1;
    return 0;
}

/* "name,time,face" without spaces: is this one in it? */
static int is_hidden(struct request *req, const char *part)
{
    const char *hide = request_query(req, "hide", ""), *found = strstr(hide, part);
    size_t length = strlen(part);
    return found && (found == hide || found[-1] == ',') && (found[length] == '\0' || found[length] == ',');
}

/* One item of a widget from a row of a timeline. */
static json_t *item_of(struct request *req, json_t *row)
{
    json_t *item = json_object();
    static const char *const texts[] = {"content", "mood", "caption"};
    for (size_t i = 0; i < sizeof texts / sizeof texts[0]; i++)
        if (json_object_get(row, texts[i]))
            json_object_set(item, "text", json_object_get(row, texts[i]));
    static const char *const kept[] = {"author", "face", "note", "created_at", "width", "height", "alt"};
    for (size_t i = 0; i < sizeof kept / sizeof kept[0]; i++)
        if (json_object_get(row, kept[i]))
            json_object_set(item, kept[i], json_object_get(row, kept[i]));
    json_object_set_new(item, "url", json_string(request_url(req, json_string_value(json_object_get(row, "url")))));
    const char *image = json_string_value(json_object_get(row, "thumb_url"));
    if (image) {
        json_object_set_new(item, "image_url", json_string(request_url(req, image)));
        json_object_set(item, "width", json_object_get(row, "thumb_width"));
        json_object_set(item, "height", json_object_get(row, "thumb_height"));
    }
    if (is_hidden(req, "face"))
        json_object_del(item, "face");
    if (is_hidden(req, "name"))
        json_object_del(item, "author");
    if (is_hidden(req, "time"))
        json_object_del(item, "created_at");
    return item;
}

static void add_items(struct request *req, json_t *items, enum query query, int64_t account, int64_t most)
{
    json_t *rows = db_rows(request_db(req), query, "iii", INT64_MAX, most, account), *row;
    size_t i;
    json_array_foreach(rows, i, row) json_array_append_new(items, item_of(req, row));
    json_decref(rows);
}

/* {"author","kind","items":[…]}; JSON null when there is no such person. */
static json_t *collect(struct request *req, const char *kind)
{
    const char *name = request_capture(req, "name");
    struct feed_source person = {0};
    json_t *items = json_array();
    (void)feed_find_person(req, name, &person); /* account 0: nobody */
    int64_t account = person.account;
    int all = strcmp(kind, "timeline") == 0;
    if (all || strcmp(kind, "status") == 0)
        add_items(req, items, QUERY_STATUSES_OF, account, all ? TIMELINE_ITEMS : 1);
    if (all || strcmp(kind, "mood") == 0)
        add_items(req, items, QUERY_MOODS_OF, account, 1);
    if (all || strcmp(kind, "picture") == 0)
        add_items(req, items, QUERY_PICTURES_OF, account, all ? TIMELINE_ITEMS : 1);
    return json_pack("{s:s, s:s, s:b, s:s, s:o}", "author", name, "kind", kind, "is_known", account != 0, "profile_url",
                     request_url(req, arena_printf(&req->arena, "/~%s", name)), "items", items);
}

static const char *const themed[] = {"fg", "bg", "link", "font", "size", "center"};

/* The same theme for the stylesheet's address, only what is set, percent-encoded by construction: see safe_value. */
static int safe_value(const char *value)
{
    size_t length = strlen(value);
    if (!length || length > 40)
        return 0;
    for (const char *at = value; *at; at++)
        if (!isalnum((unsigned char)*at) && *at != '-')
            return 0;
    return 1;
}

void embed_page(struct request *req, struct response *res)
{
    const char *kind = request_capture(req, "kind");
    if (!is_kind(kind)) {
        respond_error(req, res, 404, "There are four widgets: status, mood, picture and timeline.");
        return;
    }
    struct buf query = {0};
    buf_puts(&query, "");
    for (size_t i = 0; i < sizeof themed / sizeof themed[0]; i++) {
        const char *value = request_query(req, themed[i], "");
        value += *value == '#';
        if (safe_value(value))
            buf_printf(&query, "%s%s=%s", query.size_bytes ? "&" : "", themed[i], value);
    }
    json_t *page = collect(req, kind);
    if (!json_is_true(json_object_get(page, "is_known")))
        res->status = 404;
    json_object_set_new(page, "theme", json_string(query.data));
    buf_free(&query);
    res->cache = CACHE_MINUTE;
    res->policy = POLICY_EMBED;
    respond_page(req, res, "embed", page);
}

/* The data inlined in a script that adds it as text nodes behind its own <script> element: nothing in it is ever
 * markup. */
void embed_script(struct request *req, struct response *res)
{
    static const char before[] = "(function(){\"use strict\";var s=document.currentScript,d=";
    static const char after[] =
        ";function e(n,c,t){var x=document.createElement(n);if(c)x.className=c;if(t)x.textContent=t;return x}"
        "var b=e(\"div\",\"piclog piclog-\"+d.kind);d.items.forEach(function(i){var p=e(\"p\",\"piclog-item\"),"
        "a=e(\"a\",\"piclog-link\"),m;a.href=i.url;if(i.image_url){m=e(\"img\",\"piclog-image\");m.src=i.image_url;"
        "m.width=i.width;m.height=i.height;m.alt=i.alt||\"\";a.appendChild(m)}else{a.textContent=i.text}"
        "if(i.author){p.appendChild(e(\"span\",\"piclog-author\",i.author));p.appendChild(document.createTextNode(\" "
        "\"))}"
        "if(i.face){p.appendChild(e(\"span\",\"piclog-face\",i.face));p.appendChild(document.createTextNode(\" \"))}"
        "p.appendChild(a);if(i.image_url&&i.text)p.appendChild(e(\"span\",\"piclog-text\",\" \"+i.text));"
        "if(i.note)p.appendChild(e(\"span\",\"piclog-note\",\" \"+i.note));b.appendChild(p)});"
        "if(s&&s.parentNode)s.parentNode.insertBefore(b,s.nextSibling)})();\n";
    const char *kind = request_capture(req, "kind");
    res->cache = CACHE_MINUTE;
    res->policy = POLICY_NONE;
    if (!is_kind(kind)) {
        res->status = 404;
        buf_puts(&res->body, "/* There are four widgets: status, mood, picture and timeline. */\n");
    } else {
        json_t *data = collect(req, kind);
        /* ASCII only, and no "<": the text is safe wherever somebody might paste it. */
        char *text = json_dumps(data, JSON_COMPACT | JSON_ENSURE_ASCII);
        if (!json_is_true(json_object_get(data, "is_known")))
            res->status = 404;
        buf_puts(&res->body, before);
        for (const char *at = text ? text : "{}"; *at; at++)
            if (*at == '<')
                buf_puts(&res->body, "\\u003c");
            else
                buf_putc(&res->body, *at);
        buf_puts(&res->body, after);
        free(text);
        json_decref(data);
    }
    respond_bytes(req, res, "text/javascript; charset=utf-8");
}

/* ---- The stylesheet of a frame -------------------------------------------------------------------- */

static int is_colour(const char *value)
{
    size_t length = strlen(value);
    return (length == 3 || length == 6) && strspn(value, "0123456789abcdefABCDEF") == length;
}

static const char *font_family(const char *name)
{
    static const struct {
        const char *name, *family;
    } fonts[] = {{"serif", "Georgia,serif"},
                 {"sans", "Verdana,sans-serif"},
                 {"mono", "\"Courier New\",monospace"},
                 {"comic", "\"Comic Sans MS\",\"Comic Neue\",cursive"},
                 {"system", "system-ui,sans-serif"}};
    for (size_t i = 0; i < sizeof fonts / sizeof fonts[0]; i++)
        if (strcmp(name, fonts[i].name) == 0)
            return fonts[i].family;
    return NULL;
}

void embed_style(struct request *req, struct response *res)
{
    static const struct {
        const char *key, *rule;
    } colours[] = {{"fg", "body{color:#%s}\n"}, {"bg", "body{background:#%s}\n"}, {"link", "a{color:#%s}\n"}};
    struct buf *css = &res->body;
    buf_puts(css, "body{margin:8px;color:#1a1825;font:14px/1.5 Verdana,sans-serif;overflow-wrap:anywhere}\n"
                  "a{color:#4a28f0}p{margin:0 0 8px}img{display:block;max-width:100%;height:auto}\n"
                  ".by{font-size:13px}\n");
    for (size_t i = 0; i < sizeof colours / sizeof colours[0]; i++) {
        const char *value = request_query(req, colours[i].key, "");
        value += *value == '#';
        if (is_colour(value)) {
            const char *hole = strstr(colours[i].rule, "%s");
            buf_append(css, colours[i].rule, (size_t)(hole - colours[i].rule));
            buf_puts(css, value);
            buf_puts(css, hole + 2);
        }
    }
    const char *family = font_family(request_query(req, "font", ""));
    if (family)
        buf_printf(css, "body{font-family:%s}\n", family);
    const char *size = request_query(req, "size", "");
    if (strlen(size) <= 2 && strspn(size, "0123456789") == strlen(size) && *size) {
        long px = strtol(size, NULL, 10);
        if (px >= 8 && px <= 48)
            buf_printf(css, "body{font-size:%ldpx}\n", px);
    }
    if (strcmp(request_query(req, "center", ""), "1") == 0)
        buf_puts(css, "body{text-align:center}img{margin:0 auto}\n");
    res->cache = CACHE_HOUR;
    res->policy = POLICY_NONE;
    respond_bytes(req, res, "text/css; charset=utf-8");
}
