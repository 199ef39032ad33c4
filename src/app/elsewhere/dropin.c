/*
 * Drop-in endpoints: what people have on their pages already goes on working when only the host is changed. Status as
 * JSON, Atom and script; the badge is in badges.c. No cookies are read or set, any origin may read. Unknown names
 * answer what a widget expects: an empty object, a script that does nothing. Read next: feeds.c.
 */
#include <stdlib.h>
#include <string.h>

#include "app/request/app.h"
#include "base/text.h"
#include "app/elsewhere/feeds.h"
#include "app/elsewhere/handlers.h"
#include "domain/name.h"
#include "view/linkify.h"
#include "view/words.h"

/* ---- Status ------------------------------------------------------------------------------------- */

/* {"author", "content", "contentText", "face", "timeAgo"}: content is HTML, since widgets assign it to innerHTML.
   NULL if there is nobody of that name. */
static json_t *status_object(struct request *req, const char *name)
{
    struct feed_source person = {0};
    if (feed_find_person(req, name, &person))
        return NULL;
    json_t *status = db_row(request_db(req), QUERY_STATUS_NEWEST_OF, person.account);
    struct buf html = {0}, ago = {0};
    const char *content = row_text(status, "content");
    buf_puts(&html, "");
    buf_puts(&ago, "");
    linkify_escape(content, strlen(content), &html);
    if (*content)
        words_ago_counted(json_integer_value(json_object_get(status, "created_at")), req->now_s, &ago);
    json_t *object = json_pack("{s:s, s:s, s:s, s:s, s:s}", "author", person.name, "content", html.data, "contentText",
                               content, "face", row_text(status, "face"), "timeAgo", ago.data);
    buf_free(&html);
    buf_free(&ago);
    json_decref(status);
    return object;
}

/* GET /users/NAME: where the links of old widgets lead. */
void dropin_person(struct request *req, struct response *res)
{
    const char *name = request_capture(req, "name");
    struct feed_source person = {0};
    if (feed_find_person(req, name, &person)) {
        respond_fault(req, res, name_unknown(&req->arena, name));
        return;
    }
    respond_redirect(req, res, arena_printf(&req->arena, "/~%s%s", person.name, req->wants_json ? ".json" : ""));
    res->status = 301;
    res->cache = CACHE_MINUTE;
}

void dropin_status_json(struct request *req, struct response *res)
{
    json_t *object = status_object(req, request_capture(req, "name"));
    res->status = object ? 200 : 404;
    res->cache = CACHE_MINUTE;
    respond_json(req, res, object ? object : json_object());
}

void dropin_status_atom(struct request *req, struct response *res)
{
    struct feed_source source = {.statuses_only = 1};
    if (feed_find_person(req, request_capture(req, "name"), &source)) {
        respond_error(req, res, 404, "There is nobody of that name here.");
        return;
    }
    source.path = arena_printf(&req->arena, "/users/%s.atom", source.name);
    res->cache = CACHE_MINUTE;
    feed_respond(req, res, &source);
}

/* A name of a function for JSONP: dotted identifiers only, so that nothing else can be written with it. */
static int is_callback(const char *text)
{
    size_t length = strlen(text);
    if (!length || length > 64)
        return 0;
    for (size_t i = 0; i < length; i++) {
        int begins = i == 0 || text[i - 1] == '.';
        char c = text[i];
        int is_letter = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_' || c == '$';
        int is_digit = c >= '0' && c <= '9';
        if (!is_letter && (begins || (!is_digit && (c != '.' || i + 1 == length))))
            return 0;
    }
    return 1;
}

/* JSON that is also JavaScript and may stand inside of <script>. */
static void put_script_json(const json_t *value, struct buf *out)
{
    char *text = json_dumps(value, JSON_ENSURE_ASCII | JSON_COMPACT | JSON_ENCODE_ANY);
    for (const char *c = text ? text : "null"; *c; c++) {
        if (*c == '<')
            buf_puts(out, "\\u003c");
        else
            buf_putc(out, *c);
    }
    free(text);
}

/* Fills #statuscafe-username and #statuscafe-content (made inside of #statuscafe when missing), and -face and
   -time-ago where the page has them; else both stand behind the name. A page that has none of these gets #statuscafe
   behind the script, or at its end when the script stands in its head. */
static const char fill_script[] =
    "var d=document,c=d.currentScript;\n"
    "function $(n){return d.getElementById('statuscafe'+n)}\n"
    "function own(){var e=d.createElement('div'),p=c?c.parentNode:null;e.id='statuscafe';\n"
    "if(p&&d.body&&d.body.contains(p))p.insertBefore(e,c.nextSibling);else if(d.body)d.body.appendChild(e)}\n"
    "function run(){\n"
    "if(!$('')&&!$('-username')&&!$('-content')&&!$('-face')&&!$('-time-ago'))own();\n"
    "function make(n){var e=$(n);if(!e&&$('')){e=d.createElement('div');e.id='statuscafe'+n;$('').appendChild(e)}"
    "return e}\n"
    "function text(e,t){while(e.firstChild)e.removeChild(e.firstChild);e.appendChild(d.createTextNode(t))}\n"
    "var name=make('-username'),words=make('-content'),face=$('-face'),ago=$('-time-ago'),a,em;\n"
    "if(name){text(name,'');a=d.createElement('a');a.href=u;text(a,s.author);name.appendChild(a);\n"
    "if(!face&&s.face)name.appendChild(d.createTextNode(' '+s.face));\n"
    "if(!ago&&s.timeAgo){em=d.createElement('em');text(em,s.timeAgo);name.appendChild(d.createTextNode(' '));"
    "name.appendChild(em)}}\n"
    "if(words)text(words,s.contentText);if(face)text(face,s.face);if(ago)text(ago,s.timeAgo)}\n"
    "if(d.readyState==='loading')d.addEventListener('DOMContentLoaded',run);else run();\n";

void dropin_status_script(struct request *req, struct response *res)
{
    const char *callback = request_query(req, "callback", "");
    char name[21] = "";
    json_t *object = NULL;
    if (text_parse_name(request_query(req, "name", ""), name) == 0)
        object = status_object(req, name);
    if (*callback && !is_callback(callback)) {
        json_decref(object);
        respond_error(req, res, 400, "callback is the name of a function, like show or widget.show.");
        return;
    }
    if (*callback) {
        json_t *nobody = object ? NULL : json_object();
        buf_printf(&res->body, "/**/typeof %s==='function'&&%s(", callback, callback);
        put_script_json(object ? object : nobody, &res->body);
        buf_puts(&res->body, ");\n");
        json_decref(nobody);
    } else if (object) {
        json_t *url = json_string(request_url(req, arena_printf(&req->arena, "/~%s", row_text(object, "author"))));
        buf_puts(&res->body, "(function(s,u){\n");
        buf_puts(&res->body, fill_script);
        buf_puts(&res->body, "})(");
        put_script_json(object, &res->body);
        buf_putc(&res->body, ',');
        put_script_json(url, &res->body);
        json_decref(url);
        buf_puts(&res->body, ");\n");
    } else {
        buf_puts(&res->body, "/* nobody of that name here */\n");
    }
    if (!object)
        res->status = 404;
    json_decref(object);
    res->cache = CACHE_MINUTE;
    res->policy = POLICY_NONE;
    respond_bytes(req, res, "text/javascript; charset=utf-8");
}
