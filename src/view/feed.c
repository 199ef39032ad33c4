/*
 * Feeds. Writes what feed.h describes; refuses an item without its required fields rather than writing an invalid feed.
 * Texts become HTML in linkify.c and are escaped once more for Atom.
 */
#include "feed.h"

#include <stdlib.h>
#include <string.h>

#include "base/lang.h"
#include "linkify.h"
#include "words.h"

static const char *string(const json_t *object, const char *key)
{
    const char *text = json_string_value(json_object_get(object, key));
    return text ? text : "";
}

static int64_t integer(const json_t *object, const char *key)
{
    return json_integer_value(json_object_get(object, key));
}

/* Of what image_url is: of a clip the frame that stands for it. */
static int64_t image_bytes(const json_t *item)
{
    return integer(item, integer(item, "frames") ? "thumb_bytes" : "bytes");
}

static void escape(const char *text, struct buf *out)
{
    linkify_escape(text, strlen(text), out);
}

static int has_all(const json_t *object, const char *const *keys)
{
    for (; *keys; keys++)
        if (!json_object_get(object, *keys) || json_is_null(json_object_get(object, *keys)))
            return 0;
    return 1;
}

static int is_complete(const json_t *feed)
{
    static const char *const feed_keys[] = {"title", "url", "base", "updated_at", "items", NULL};
    static const char *const item_keys[] = {"kind", "url", "author", "created_at", NULL};
    static const char *const picture_keys[] = {"image_url", "width", "height", "bytes", "source_bytes", NULL};
    static const char *const status_keys[] = {"content", NULL};
    static const char *const mood_keys[] = {"mood", NULL};
    if (!has_all(feed, feed_keys))
        return 0;
    size_t i;
    json_t *item;
    json_array_foreach(json_object_get(feed, "items"), i, item)
    {
        const char *kind = string(item, "kind");
        const char *const *keys = strcmp(kind, "picture") == 0  ? picture_keys
                                  : strcmp(kind, "status") == 0 ? status_keys
                                  : strcmp(kind, "mood") == 0   ? mood_keys
                                                                : NULL;
        if (!keys || !has_all(item, item_keys) || !has_all(item, keys))
            return 0;
    }
    return 1;
}

static void write_url(const json_t *feed, const json_t *item, const char *key, struct buf *out)
{
    buf_puts(out, string(feed, "base"));
    buf_puts(out, string(item, key));
}

static int64_t updated_at(const json_t *item)
{
    int64_t edited_at = integer(item, "edited_at");
    return edited_at ? edited_at : integer(item, "created_at");
}

/* One line of plain text that names the item. */
static void write_title(const json_t *item, struct buf *out)
{
    const char *kind = string(item, "kind");
    if (strcmp(kind, "picture") == 0) {
        const char *caption = string(item, "caption");
        buf_puts(out, *caption ? caption : tr("A picture without words"));
    } else if (strcmp(kind, "status") == 0) {
        const char *face = string(item, "face");
        buf_printf(out, "%s%s%s", face, *face ? " " : "", string(item, "content"));
    } else {
        const char *face = string(item, "face"), *note = string(item, "note");
        buf_printf(out, "%s%s%s%s%s", face, *face ? " " : "", lang_mood(string(item, "mood")), *note ? " – " : "",
                   note);
    }
    for (size_t i = 0; i < out->size_bytes; i++)
        if (out->data[i] == '\n')
            out->data[i] = ' ';
}

/* A picture that not everybody wants to see: no reader blurs it, so a feed has its words only. */
static int has_note(const json_t *item)
{
    return strcmp(string(item, "kind"), "picture") == 0 && *string(item, "note");
}

/* Whom a post answers, where that is known. */
static void write_reply_line(const json_t *feed, const json_t *item, struct buf *out)
{
    if (!*string(item, "reply_author"))
        return;
    buf_puts(out, "<p>answering <a class=\"u-in-reply-to\" href=\"");
    write_url(feed, item, "reply_url", out);
    buf_puts(out, "\">");
    escape(string(item, "reply_author"), out);
    buf_puts(out, "</a></p>");
}

static void write_html(const json_t *feed, const json_t *item, struct buf *out)
{
    const char *kind = string(item, "kind"), *base = string(feed, "base");
    write_reply_line(feed, item, out);
    if (strcmp(kind, "picture") == 0) {
        buf_puts(out, "<p><a href=\"");
        write_url(feed, item, "url", out);
        if (has_note(item)) {
            buf_printf(out, "\">%s", tr("Content note: "));
            escape(string(item, "note"), out);
            buf_puts(out, "</a></p>");
        } else {
            buf_puts(out, "\"><img src=\"");
            write_url(feed, item, "image_url", out);
            buf_printf(out, "\" width=\"%lld\" height=\"%lld\" alt=\"", (long long)integer(item, "width"),
                       (long long)integer(item, "height"));
            escape(string(item, "alt"), out);
            buf_puts(out, "\"></a></p>");
        }
        if (*string(item, "caption")) {
            buf_puts(out, "<p>");
            linkify_text(string(item, "caption"), base, out);
            buf_puts(out, "</p>");
        }
        buf_puts(out, "<p>");
        words_shrunk(integer(item, "source_bytes"), integer(item, "bytes"), out);
        buf_puts(out, "</p>");
        return;
    }
    buf_puts(out, "<p>");
    const char *face = string(item, "face");
    if (*face) {
        escape(face, out);
        buf_putc(out, ' ');
    }
    if (strcmp(kind, "status") == 0) {
        linkify_text(string(item, "content"), base, out);
    } else {
        buf_puts(out, "<b>");
        escape(lang_mood(string(item, "mood")), out);
        buf_puts(out, "</b>");
        if (*string(item, "note")) {
            buf_puts(out, " – ");
            linkify_text(string(item, "note"), base, out);
        }
    }
    buf_puts(out, "</p>");
}

static void write_element(const char *name, struct buf *text, struct buf *out)
{
    buf_printf(out, "<%s>", name);
    linkify_escape(text->data ? text->data : "", text->size_bytes, out);
    buf_printf(out, "</%.*s>\n", (int)strcspn(name, " "), name);
    buf_clear(text);
}

static void write_link(const char *attributes, const char *url, struct buf *out)
{
    buf_printf(out, "<link %s href=\"", attributes);
    escape(url, out);
    buf_puts(out, "\"/>\n");
}

static void write_author(const json_t *feed, const char *name, struct buf *out)
{
    buf_puts(out, "<author><name>");
    escape(name, out);
    buf_printf(out, "</name><uri>%s/~", string(feed, "base"));
    linkify_encode(name, out);
    buf_puts(out, "</uri></author>\n");
}

/* The words of a status, as text. */
static void write_plain_content(const json_t *item, struct buf *text, struct buf *out)
{
    buf_puts(text, string(item, "content"));
    write_element("content type=\"text\"", text, out);
}

static void write_entry(const json_t *feed, const json_t *item, struct buf *out)
{
    struct buf text = {0};
    const int is_plain = json_is_true(json_object_get(feed, "is_plain"));
    buf_puts(out, "<entry>\n");
    write_url(feed, item, "url", &text);
    write_element("id", &text, out);
    if (is_plain)
        buf_printf(&text, "%s%s%s", string(item, "author"), *string(item, "face") ? " " : "", string(item, "face"));
    else
        write_title(item, &text);
    write_element("title", &text, out);
    write_url(feed, item, "url", &text);
    write_link("rel=\"alternate\" type=\"text/html\"", text.data, out);
    buf_clear(&text);
    words_rfc3339(integer(item, "created_at"), &text);
    write_element("published", &text, out);
    words_rfc3339(updated_at(item), &text);
    write_element("updated", &text, out);
    write_author(feed, string(item, "author"), out);
    if (*string(item, "reply_url")) { /* RFC 4685; entries are known by their address */
        write_url(feed, item, "reply_url", &text);
        buf_puts(out, "<thr:in-reply-to ref=\"");
        linkify_escape(text.data, text.size_bytes, out);
        buf_puts(out, "\" href=\"");
        linkify_escape(text.data, text.size_bytes, out);
        buf_puts(out, "\" type=\"text/html\"/>\n");
        buf_clear(&text);
    }
    if (strcmp(string(item, "kind"), "picture") == 0) {
        if (!has_note(item)) {
            write_url(feed, item, "image_url", &text);
            buf_printf(out, "<link rel=\"enclosure\" type=\"image/jpeg\" length=\"%lld\" href=\"",
                       (long long)image_bytes(item));
            linkify_escape(text.data, text.size_bytes, out);
            buf_puts(out, "\"/>\n");
            buf_clear(&text);
        }
        size_t i;
        json_t *tag;
        json_array_foreach(json_object_get(item, "tags"), i, tag)
        {
            buf_puts(out, "<category term=\"");
            escape(json_string_value(tag) ? json_string_value(tag) : "", out);
            buf_puts(out, "\"/>\n");
        }
    }
    write_title(item, &text);
    write_element("summary", &text, out);
    if (is_plain) {
        write_plain_content(item, &text, out);
    } else {
        write_html(feed, item, &text);
        write_element("content type=\"html\"", &text, out);
    }
    buf_puts(out, "</entry>\n");
    buf_free(&text);
}

int feed_write_atom(const json_t *feed, struct buf *ret_out)
{
    if (!is_complete(feed))
        return -1;
    struct buf text = {0};
    buf_puts(ret_out, "<?xml version=\"1.0\" encoding=\"utf-8\"?>\n<feed xmlns=\"http://www.w3.org/2005/Atom\" "
                      "xmlns:thr=\"http://purl.org/syndication/thread/1.0\">\n");
    buf_puts(&text, string(feed, "url"));
    write_element("id", &text, ret_out);
    buf_puts(&text, string(feed, "title"));
    write_element("title", &text, ret_out);
    words_rfc3339(integer(feed, "updated_at"), &text);
    write_element("updated", &text, ret_out);
    buf_free(&text);
    if (*string(feed, "feed_url"))
        write_link("rel=\"self\" type=\"application/atom+xml\"", string(feed, "feed_url"), ret_out);
    write_link("rel=\"alternate\" type=\"text/html\"", string(feed, "url"), ret_out);
    if (*string(feed, "next_url"))
        write_link("rel=\"next\" type=\"application/atom+xml\"", string(feed, "next_url"), ret_out);
    if (*string(feed, "author"))
        write_author(feed, string(feed, "author"), ret_out);
    buf_puts(ret_out, "<generator>piclog</generator>\n");
    size_t i;
    json_t *item;
    json_array_foreach(json_object_get(feed, "items"), i, item) write_entry(feed, item, ret_out);
    buf_puts(ret_out, "</feed>\n");
    return 0;
}

static void write_rss_item(const json_t *feed, const json_t *item, struct buf *out)
{
    struct buf text = {0};
    buf_puts(out, "<item>\n");
    write_title(item, &text);
    write_element("title", &text, out);
    write_url(feed, item, "url", &text);
    write_element("link", &text, out);
    write_url(feed, item, "url", &text);
    write_element("guid isPermaLink=\"true\"", &text, out);
    words_rfc5322(integer(item, "created_at"), &text);
    write_element("pubDate", &text, out);
    buf_puts(&text, string(item, "author"));
    write_element("dc:creator", &text, out);
    if (strcmp(string(item, "kind"), "picture") == 0 && !has_note(item)) {
        write_url(feed, item, "image_url", &text);
        buf_printf(out, "<enclosure type=\"image/jpeg\" length=\"%lld\" url=\"", (long long)image_bytes(item));
        linkify_escape(text.data, text.size_bytes, out);
        buf_puts(out, "\"/>\n");
        buf_clear(&text);
    }
    write_html(feed, item, &text);
    write_element("description", &text, out);
    buf_free(&text);
    buf_puts(out, "</item>\n");
}

int feed_write_rss(const json_t *feed, struct buf *ret_out)
{
    if (!is_complete(feed))
        return -1;
    struct buf text = {0};
    buf_puts(ret_out, "<?xml version=\"1.0\" encoding=\"utf-8\"?>\n<rss version=\"2.0\" "
                      "xmlns:atom=\"http://www.w3.org/2005/Atom\" xmlns:dc=\"http://purl.org/dc/elements/1.1/\">\n"
                      "<channel>\n");
    buf_puts(&text, string(feed, "title"));
    write_element("title", &text, ret_out);
    buf_puts(&text, string(feed, "url"));
    write_element("link", &text, ret_out);
    buf_printf(&text, tr("What is posted: %s"), string(feed, "title")); /* a channel has to be described */
    write_element("description", &text, ret_out);
    words_rfc5322(integer(feed, "updated_at"), &text);
    write_element("lastBuildDate", &text, ret_out);
    buf_free(&text);
    if (*string(feed, "feed_url")) {
        buf_puts(ret_out, "<atom:link rel=\"self\" type=\"application/rss+xml\" href=\"");
        escape(string(feed, "feed_url"), ret_out);
        buf_puts(ret_out, "\"/>\n");
    }
    buf_puts(ret_out, "<generator>piclog</generator>\n");
    size_t i;
    json_t *item;
    json_array_foreach(json_object_get(feed, "items"), i, item) write_rss_item(feed, item, ret_out);
    buf_puts(ret_out, "</channel>\n</rss>\n");
    return 0;
}

/* The text of a buffer as a JSON string; the buffer is empty again. */
static json_t *take_string(struct buf *text)
{
    json_t *string = json_stringn(text->data ? text->data : "", text->size_bytes);
    buf_clear(text);
    return string;
}

static void set_time(json_t *object, const char *key, int64_t time_s, struct buf *text)
{
    words_rfc3339(time_s, text);
    json_object_set_new(object, key, take_string(text));
}

static json_t *author_object(const json_t *feed, const char *name, struct buf *text)
{
    buf_printf(text, "%s/~", string(feed, "base"));
    linkify_encode(name, text);
    return json_pack("[{s:s, s:o}]", "name", name, "url", take_string(text));
}

static json_t *item_object(const json_t *feed, const json_t *item)
{
    struct buf text = {0};
    json_t *object = json_object();
    write_url(feed, item, "url", &text);
    json_t *url = take_string(&text);
    json_object_set(object, "id", url);
    json_object_set_new(object, "url", url);
    write_html(feed, item, &text);
    json_object_set_new(object, "content_html", take_string(&text));
    write_title(item, &text);
    json_object_set_new(object, "summary", take_string(&text));
    set_time(object, "date_published", integer(item, "created_at"), &text);
    set_time(object, "date_modified", updated_at(item), &text);
    json_object_set_new(object, "authors", author_object(feed, string(item, "author"), &text));
    if (*string(item, "reply_url")) {
        write_url(feed, item, "reply_url", &text);
        json_object_set_new(
            object, "_piclog",
            json_pack("{s:s, s:o}", "reply_to", string(item, "reply_to"), "reply_url", take_string(&text)));
    }
    if (strcmp(string(item, "kind"), "picture") == 0) {
        if (!has_note(item)) {
            write_url(feed, item, "image_url", &text);
            json_t *image = take_string(&text);
            json_object_set(object, "image", image);
            json_object_set_new(object, "attachments",
                                json_pack("[{s:o, s:s, s:I, s:s}]", "url", image, "mime_type", "image/jpeg",
                                          "size_in_bytes", (json_int_t)image_bytes(item), "title",
                                          string(item, "alt")));
        }
        if (json_array_size(json_object_get(item, "tags")))
            json_object_set(object, "tags", json_object_get(item, "tags"));
    }
    buf_free(&text);
    return object;
}

int feed_write_json(const json_t *feed, struct buf *ret_out)
{
    if (!is_complete(feed))
        return -1;
    struct buf text = {0};
    json_t *items = json_array();
    size_t i;
    json_t *item;
    json_array_foreach(json_object_get(feed, "items"), i, item) json_array_append_new(items, item_object(feed, item));
    json_t *object = json_pack("{s:s, s:s, s:s, s:s, s:o}", "version", "https://jsonfeed.org/version/1.1", "title",
                               string(feed, "title"), "home_page_url", string(feed, "url"), "feed_url",
                               string(feed, "feed_url"), "items", items);
    if (*string(feed, "next_url"))
        json_object_set_new(object, "next_url", json_string(string(feed, "next_url")));
    if (*string(feed, "author"))
        json_object_set_new(object, "authors", author_object(feed, string(feed, "author"), &text));
    char *written = json_dumps(object, JSON_COMPACT);
    json_decref(object);
    buf_free(&text);
    if (!written)
        return -1;
    buf_puts(ret_out, written);
    free(written);
    return 0;
}
