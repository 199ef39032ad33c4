/*
 * Widgets as a script (/embed/NAME/KIND.js), for pages that allow foreign scripts but no requests: the data stands in
 * the script, which adds it as text nodes behind its own <script> element. Nothing in it is ever markup. The looks are
 * a stylesheet that any rule of the page overrules; only what the address asks for is set on the elements themselves.
 * Read next: widget.c.
 */
#include <stdlib.h>
#include <string.h>

#include "app/request/app.h"
#include "base/clock.h"
#include "app/elsewhere/handlers.h"
#include "view/words.h"
#include "app/elsewhere/widget.h"

/* d: the data; c: the stylesheet; t: the theme; w: words, in their language. Runs once, wherever it stands. */
static const char behind[] =
    "var o=document,s=o.currentScript,b=e('div','piclog "
    "piclog-'+d.kind),k='piclog-looks',h=o.head||o.documentElement;\n"
    "function e(n,c,x){var m=o.createElement(n);if(c)m.className=c;if(x)m.appendChild(o.createTextNode(x));return m}\n"
    "function a(c,u,x){var m=e('a',c,x);m.href=u;if(t.link)m.style.color=t.link;return m}\n"
    "function film(i,m){var x='http://www.w3.org/2000/svg',v=o.createElementNS(x,'svg'),f=o.createElementNS(x,"
    "'foreignObject'),g=e('img'),q=e('input',i.flashes?'piclog-still':'piclog-hold'),z=e('label','',i.flashes?"
    "w.flashes:w.hold),l=a('piclog-clip',i.url);\n"
    "q.type='checkbox';q.id=z.htmlFor='piclog-clip-'+o.getElementsByTagName('input').length;"
    "v.setAttribute('class','piclog-film');v.setAttribute('viewBox','.5 .5 '+(i.frame_width-1)+' '+(i.frame_height-1));"
    "f.setAttribute('width',i.width);f.setAttribute('height',i.height);"
    "g.src=i.image_url;g.width=i.width;g.height=i.height;g.alt=i.alt;\n"
    "f.appendChild(g);v.appendChild(f);l.appendChild(v);m.appendChild(q);m.appendChild(z);m.appendChild(l)}\n"
    "function put(i){var m=e('div','piclog-item'),l,g,p;\n"
    "if(i.face)m.appendChild(e('span','piclog-face',i.face));\n"
    "if(i.frames)film(i,m);else "
    "if(i.image_url){l=a('piclog-image',i.url);g=e('img');g.src=i.image_url;g.width=i.width;g.height=i.height;g.alt=i."
    "alt;"
    "l.appendChild(g);m.appendChild(l)}\n"
    "if(i.text){p=e('p','piclog-text',i.text+(i.note?' \\u2013 '+i.note:''));if(t.font)p.style.fontFamily=t.font;"
    "m.appendChild(p)}\n"
    "if(i.label)m.appendChild(a('piclog-step',i.url,i.label));\n"
    "if(i.author||i.ago){p=e('p','piclog-by');if(i.author)p.appendChild(a('piclog-author',d.profile_url,i.author));"
    "if(i.author&&i.ago)p.appendChild(o.createTextNode(' '));if(i.ago)p.appendChild(a('piclog-time',i.url,i.ago));"
    "m.appendChild(p)}\n"
    "b.appendChild(m)}\n"
    "for(var n=0;n<d.items.length;n++)put(d.items[n]);\n"
    "if(!n)b.appendChild(e('p','piclog-text',w.none));\n"
    "b.lang=w.lang;if(t.fg)b.style.color=t.fg;if(t.bg)b.style.background=t.bg;if(t.font)b.style.fontFamily=t.font;"
    "if(t.size)b.style.fontSize=t.size+'px';if(t.center)b.style.textAlign='center';\n"
    "if(t.trans){b.style.background='none';b.style.border='0';b.style.boxShadow='none';b.style.padding='0'}\n"
    "if(!o.getElementById(k)){var y=e('style','',c);y.id=k;h.insertBefore(y,h.firstChild)}\n"
    "if(s&&s.parentNode)s.parentNode.insertBefore(b,s.nextSibling)";

/* JSON that is also JavaScript and may stand inside of <script>: no "<", no line separators. */
static void put_json(json_t *value, struct buf *out)
{
    char *text = value ? json_dumps(value, JSON_COMPACT | JSON_ENCODE_ANY) : NULL;
    for (const char *at = text ? text : "null"; *at; at++) {
        if (*at == '<')
            buf_puts(out, "\\u003c");
        else if (strncmp(at, "\xE2\x80\xA8", 3) == 0 || strncmp(at, "\xE2\x80\xA9", 3) == 0) {
            buf_puts(out, (unsigned char)at[2] == 0xA8 ? "\\u2028" : "\\u2029");
            at += 2;
        } else
            buf_putc(out, *at);
    }
    free(text);
    json_decref(value);
}

/* Scripts are kept for a minute, so the words for the time can be made here; and those for the steps of a ring. */
static void add_words(struct request *req, json_t *data)
{
    json_t *item;
    size_t i;
    json_array_foreach(json_object_get(data, "items"), i, item)
    {
        struct buf ago = {0};
        json_t *created_at = json_object_get(item, "created_at"), *label = json_object_get(item, "label");
        if (label)
            json_object_set_new(item, "label", json_string(tr(json_string_value(label))));
        if (!created_at)
            continue;
        words_ago(json_integer_value(created_at), req->now_s, &ago);
        json_object_set_new(item, "ago", json_string(ago.data));
        buf_free(&ago);
    }
}

void embed_script(struct request *req, struct response *res)
{
    const char *kind = request_capture(req, "kind");
    struct widget_theme theme;
    struct buf css = {0};
    widget_theme_read(req, &theme);
    json_t *data = widget_is_kind(kind) ? widget_collect(req, kind, &theme) : json_null();
    res->cache = CACHE_MINUTE;
    res->policy = POLICY_NONE;
    if (!json_is_object(data)) {
        json_decref(data);
        res->status = 404;
        buf_puts(&res->body, "/* there is no such widget: nothing happens */\n");
        respond_bytes(req, res, "text/javascript; charset=utf-8");
        return;
    }
    add_words(req, data);
    widget_theme_clip(data, &theme);
    widget_css(&css, &theme, 1);
    buf_puts(&res->body, "(function(d,c,t,w){\"use strict\";");
    buf_puts(&res->body, behind);
    buf_puts(&res->body, "})(");
    put_json(data, &res->body);
    buf_putc(&res->body, ',');
    put_json(json_string(css.data), &res->body);
    buf_putc(&res->body, ',');
    put_json(json_pack("{s:s, s:s, s:s, s:s, s:i, s:b, s:b}", "fg", theme.fg, "bg", theme.bg, "link", theme.link,
                       "font", theme.family, "size", theme.size_px, "center", theme.center, "trans", theme.transparent),
             &res->body);
    buf_putc(&res->body, ',');
    put_json(json_pack("{s:s, s:s, s:s, s:s}", "lang", lang_get(lang_used())->code, "none", tr("Nothing yet."), "hold",
                       tr("Hold it still"), "flashes", tr("It flashes. Play it all the same")),
             &res->body);
    buf_puts(&res->body, ");\n");
    buf_free(&css);
    respond_bytes(req, res, "text/javascript; charset=utf-8");
}
