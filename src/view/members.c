/*
 * Members of plain values in templates: {{created_at.ago}}, {{bytes.bytes}}, {{content.html}}. See view.h for the list.
 * Only ".html", ".markdown" and ".bare" are markup, from linkify.c and markdown.c, which escape. The words themselves
 * are in words.c.
 */
#include "members.h"

#include <string.h>
#include <unigbrk.h>

#include "base/lang.h"
#include "base/reason.h"
#include "linkify.h"
#include "markdown.h"
#include "words.h"

enum { SHORT_CLUSTERS = 40 };

/* Behind a noun: nothing for one (in French for none as well), else its ending. */
static void write_s(int64_t n, struct buf *out)
{
    buf_puts(out, lang_form(n) == 0 ? "" : "s");
}

static void write_es(int64_t n, struct buf *out)
{
    buf_puts(out, lang_form(n) == 0 ? "" : "es");
}

/* How long a frame of a clip is shown, as clips.css knows it (".t80"): near enough for nobody to see it. */
static void write_pace(int64_t ms, struct buf *out)
{
    static const int paces[] = {20, 30, 40, 50, 60, 80, 100, 120, 150, 200, 250, 350, 500, 700, 1000};
    size_t i = 0;
    while (i + 1 < sizeof paces / sizeof paces[0] && 2 * ms > paces[i] + paces[i + 1])
        i++;
    buf_printf(out, "%d", paces[i]);
}

/* A side without half a pixel on either end, since what is enlarged is blended with its neighbours. */
static void write_inner(int64_t px, struct buf *out)
{
    buf_printf(out, "%lld", (long long)(px > 2 ? px - 1 : px));
}

static int find_in_integer(int64_t n, const char *name, int64_t now_s, struct buf *out)
{
    static const struct {
        const char *name;
        void (*write)(int64_t n, struct buf *out);
    } members[] = {
        {"bytes", words_bytes}, {"date", words_date},     {"datetime", words_datetime}, {"rfc3339", words_rfc3339},
        {"modem", words_modem}, {"number", words_number}, {"pace", write_pace},         {"inner", write_inner},
        {"s", write_s},         {"es", write_es}};
    if (strncmp(name, "form", 4) == 0 && name[4] >= '0' && name[4] < '0' + LANG_FORMS_MAX && !name[5]) {
        buf_puts(out, lang_form(n) == name[4] - '0' ? "1" : "");
        return 1;
    }
    if (strcmp(name, "ago") == 0) {
        words_ago(n, now_s, out);
        return 1;
    }
    for (size_t i = 0; i < sizeof members / sizeof *members; i++) {
        if (strcmp(name, members[i].name) == 0) {
            members[i].write(n, out);
            return 1;
        }
    }
    return 0;
}

/* The beginning of a text on one line, for titles. Cut between grapheme clusters. */
static void write_short(const char *text, struct buf *out)
{
    const uint8_t *at = (const uint8_t *)text, *end = at + strlen(text);
    size_t from = out->size_bytes;
    int clusters = 0;
    while (at && at < end && clusters++ < SHORT_CLUSTERS)
        at = u8_grapheme_next(at, end);
    buf_append(out, text, at ? (size_t)((const char *)at - text) : strlen(text));
    for (size_t i = from; i < out->size_bytes; i++)
        if (out->data[i] == '\n')
            out->data[i] = ' ';
    if (at && at < end)
        buf_puts(out, "…");
}

/* An address of this place without its host: for what a page shows of itself, under whatever name it was reached. */
static void write_here(const char *url, struct buf *out)
{
    const char *host = strstr(url, "://");
    const char *path = host ? strchr(host + 3, '/') : url;
    buf_puts(out, path ? path : "/");
}

int members_find(void *data, const json_t *value, const char *name, struct buf *out, int *ret_is_html)
{
    const struct members_context *context = data;
    *ret_is_html = 0;
    if (json_is_integer(value))
        return find_in_integer(json_integer_value(value), name, context->now_s, out);
    if (json_is_array(value) && strcmp(name, "length") == 0) {
        buf_printf(out, "%zu", json_array_size(value));
        return 1;
    }
    if (json_is_string(value) && strcmp(name, "html") == 0) {
        linkify_text(json_string_value(value), "", out);
        *ret_is_html = 1;
        return 1;
    }
    if (json_is_string(value) && strcmp(name, "markdown") == 0) {
        markdown_write(json_string_value(value), "", out);
        *ret_is_html = 1;
        return 1;
    }
    if (json_is_string(value) && strcmp(name, "bare") == 0) {
        linkify_show_url(json_string_value(value), out);
        *ret_is_html = 1;
        return 1;
    }
    if (json_is_string(value) && strcmp(name, "url") == 0) {
        linkify_encode(json_string_value(value), out);
        return 1;
    }
    if (json_is_string(value) && strcmp(name, "here") == 0) {
        write_here(json_string_value(value), out);
        return 1;
    }
    if (json_is_string(value) && strcmp(name, "short") == 0) {
        write_short(json_string_value(value), out);
        return 1;
    }
    if (json_is_string(value) && strcmp(name, "said") == 0) {
        buf_puts(out, tr(json_string_value(value)));
        return 1;
    }
    if (json_is_string(value) && strcmp(name, "reason") == 0) {
        char text[REASON_MAX];
        buf_puts(out, reason_say(json_string_value(value), text));
        return 1;
    }
    if (json_is_string(value) && strcmp(name, "felt") == 0) {
        buf_puts(out, lang_mood(json_string_value(value)));
        return 1;
    }
    return json_is_null(value); /* nothing has every member, all of them empty */
}
