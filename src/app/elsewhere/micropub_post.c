/*
 * Posts as Micropub sees them: see micropub.h. Categories are the "#tags" of the words, since that is where everybody
 * else here reads and writes them: those that stand at the end of a status are shown as categories only, and new ones
 * are put there. Refuses no property it does not know; it is passed over, as the Recommendation allows.
 * Read next: micropub.c.
 */
#include "app/elsewhere/micropub.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "base/text.h"
#include "view/words.h"

static const struct fault *publish_status(const struct actor *actor, const struct micropub_typed *typed,
                                          int64_t *ret_id)
{
    return status_publish(actor, &typed->status, ret_id);
}

static const struct fault *change_status(const struct actor *actor, int64_t id, const struct micropub_typed *typed)
{
    return status_change(actor, id, &typed->status);
}

static const struct fault *publish_mood(const struct actor *actor, const struct micropub_typed *typed, int64_t *ret_id)
{
    return mood_publish(actor, &typed->mood, ret_id);
}

static const struct fault *change_mood(const struct actor *actor, int64_t id, const struct micropub_typed *typed)
{
    return mood_change(actor, id, &typed->mood);
}

static const struct fault *change_picture(const struct actor *actor, int64_t id, const struct micropub_typed *typed)
{
    return picture_change(actor, id, &typed->picture);
}

/* A picture is published by micropub.c, as it has to be crushed first. */
static const struct micropub_kind kinds[] = {
    {&post_status, publish_status, change_status},
    {&post_picture, NULL, change_picture},
    {&post_mood, publish_mood, change_mood},
};
enum { KINDS = sizeof kinds / sizeof kinds[0] };

const struct micropub_kind *micropub_kind_of(const struct post_kind *post)
{
    for (int i = 0; i < KINDS; i++)
        if (kinds[i].post == post)
            return &kinds[i];
    return NULL;
}

const struct micropub_kind *micropub_find_kind(struct request *req, const char *url, int64_t *ret_id)
{
    size_t origin_bytes = strlen(req->app->origin);
    if (strncmp(url, req->app->origin, origin_bytes) != 0)
        return NULL;
    const char *path = url + origin_bytes;
    for (int i = 0; i < KINDS; i++) {
        size_t length = strlen(kinds[i].post->path);
        if (strncmp(path, kinds[i].post->path, length) != 0)
            continue;
        size_t digits = strspn(path + length, "0123456789");
        if (!digits || digits > 18 || path[length + digits])
            return NULL;
        *ret_id = strtoll(path + length, NULL, 10);
        return &kinds[i];
    }
    return NULL;
}

const char *micropub_address(const json_t *value)
{
    const json_t *cited = json_array_get(json_object_get(json_object_get(value, "properties"), "url"), 0);
    const char *url = json_string_value(json_is_string(value) ? value : cited);
    return url ? url : "";
}

/* What a post answers, as domain/answers.h names it; NULL: nothing. Addresses were checked before. */
static const char *reply_of(struct request *req, const json_t *properties)
{
    const char *url = micropub_address(json_array_get(json_object_get(properties, "in-reply-to"), 0));
    int64_t id = 0;
    const struct micropub_kind *kind = micropub_find_kind(req, url, &id);
    return kind ? answers_name(&req->arena, (struct post_ref){kind->post->name, id}) : NULL;
}

/* ---- Values ------------------------------------------------------------------------------------- */

/* Markup taken off: tags out, the entities that everybody writes decoded. What is left is text and escaped as such. */
static const char *plain(struct request *req, const char *html)
{
    static const struct {
        const char *entity;
        char c;
    } entities[] = {{"&amp;", '&'}, {"&lt;", '<'}, {"&gt;", '>'}, {"&quot;", '"'}, {"&#39;", '\''}, {"&nbsp;", ' '}};
    char *text = arena_copy(&req->arena, html), *out = text;
    for (const char *at = html; *at;) {
        size_t i = 0;
        if (*at == '<') {
            const char *end = strchr(at, '>');
            at = end ? end + 1 : at + strlen(at);
            continue;
        }
        while (i < 6 && strncmp(at, entities[i].entity, strlen(entities[i].entity)) != 0)
            i++;
        *out++ = i < 6 ? entities[i].c : *at;
        at += i < 6 ? strlen(entities[i].entity) : 1;
    }
    *out = '\0';
    return text;
}

static const char *text_of(struct request *req, const json_t *value)
{
    if (json_is_string(value))
        return json_string_value(value);
    const char *html = json_string_value(json_object_get(value, "html"));
    if (html)
        return plain(req, html);
    const char *text = json_string_value(json_object_get(value, "value"));
    return text ? text : "";
}

const char *micropub_text(struct request *req, const json_t *properties, const char *name)
{
    return text_of(req, json_array_get(json_object_get(properties, name), 0));
}

static void append(json_t *properties, const char *name, json_t *value)
{
    json_t *values = json_object_get(properties, name);
    if (!values) {
        values = json_array();
        json_object_set_new(properties, name, values);
    }
    json_array_append_new(values, value);
}

json_t *micropub_read_properties(const struct request *req)
{
    if (req->json) {
        json_t *given = json_object_get(req->json, "properties"), *values;
        const char *name;
        if (!json_is_object(given))
            return NULL;
        json_object_foreach(given, name, values) if (!json_is_array(values)) return NULL;
        return json_deep_copy(given);
    }
    json_t *properties = json_object();
    for (int i = 0; i < req->form.count; i++) {
        char name[FIELD_NAME_MAX_BYTES + 1];
        size_t length = strlen(req->form.items[i].name);
        if (length > 2 && strcmp(req->form.items[i].name + length - 2, "[]") == 0)
            length -= 2;
        snprintf(name, sizeof name, "%.*s", (int)length, req->form.items[i].name);
        if (strcmp(name, "access_token") != 0 && strcmp(name, "h") != 0 && strcmp(name, "action") != 0) {
            json_t *value = json_string(req->form.items[i].value);
            if (!value) { /* no UTF-8 */
                json_decref(properties);
                return NULL;
            }
            append(properties, name, value);
        }
    }
    return properties;
}

/* ---- Categories --------------------------------------------------------------------------------- */

/* A category as a tag: folded, spaces as "-". -1 when it is none. */
static int read_category(struct request *req, const char *category, char ret_tag[65])
{
    char *word = arena_copy(&req->arena, category + (*category == '#'));
    for (char *c = word; *c; c++)
        if (*c == ' ')
            *c = '-';
    return *word && text_tag_span(word) == strlen(word) ? text_fold_tag(word, strlen(word), ret_tag) : -1;
}

/* All categories as tags; the fault names the one that is none. */
static const struct fault *read_categories(struct request *req, const json_t *properties, struct tags *ret_tags)
{
    const json_t *all = json_object_get(properties, "category");
    struct tags tags = {0};
    for (size_t i = 0; i < json_array_size(all); i++) {
        char tag[65];
        const char *category = text_of(req, json_array_get(all, i));
        if (read_category(req, category, tag))
            return fault_of_field(&req->arena, "category", 0,
                                  "The category “%.*s” is no tag: tags hold letters, digits, _ and -.",
                                  (int)text_prefix(category, 80), category);
        if (tags_hold(&tags, tag))
            continue;
        if (tags.count == TAGS_MAX)
            return fault_of_field(&req->arena, "category", TAGS_MAX, "A post has at most %d categories.", TAGS_MAX);
        tags.names[tags.count++] = arena_copy(&req->arena, tag);
    }
    *ret_tags = tags;
    return NULL;
}

/* Where the run of "#tags" at the end of a text begins; its whole length when there is none, or nothing else. */
static size_t end_of_words(const char *text)
{
    size_t end = strlen(text), whole = end;
    for (;;) {
        size_t word = end;
        while (word && text[word - 1] != ' ' && text[word - 1] != '\n')
            word--;
        if (word == end || text[word] != '#' || !text_tag_span(text + word + 1) ||
            text_tag_span(text + word + 1) != end - word - 1)
            return end;
        while (word && (text[word - 1] == ' ' || text[word - 1] == '\n'))
            word--;
        if (!word)
            return whole;
        end = word;
    }
}

/* The words with "#" taken off what is no category any more, and with the missing categories behind them. */
static const char *with_categories(struct request *req, const char *words, const struct tags *tags, int drops,
                                   int appends)
{
    struct buf text = {0};
    struct tags inside = {0};
    buf_puts(&text, "");
    for (const char *at = words; *at;) {
        char tag[65];
        size_t span = *at == '#' ? text_tag_span(at + 1) : 0;
        if (!(drops && span && text_fold_tag(at + 1, span, tag) == 0 && !tags_hold(tags, tag)))
            buf_putc(&text, *at);
        at++;
        buf_append(&text, at, span);
        at += span;
    }
    tags_add_marked(&req->arena, &inside, text.data);
    for (int i = 0; appends && i < tags->count; i++)
        if (!tags_hold(&inside, tags->names[i]))
            buf_printf(&text, "%s#%s", text.size_bytes ? " " : "", tags->names[i]);
    const char *copy = arena_copy(&req->arena, text.data);
    buf_free(&text);
    return copy;
}

/* ---- From a post, and back ---------------------------------------------------------------------- */

static void put(json_t *properties, const char *name, const char *value)
{
    if (value && *value)
        append(properties, name, json_string(value));
}

json_t *micropub_properties_of(struct request *req, const struct micropub_kind *kind, const json_t *row)
{
    json_t *properties = json_object(), *tag;
    size_t i;
    if (kind->post == &post_status) {
        const char *content = row_text(row, "content");
        struct tags tags = {0};
        tags_add_marked(&req->arena, &tags, content);
        put(properties, "content", arena_copy_n(&req->arena, content, end_of_words(content)));
        put(properties, "face", row_text(row, "face"));
        for (int t = 0; t < tags.count; t++)
            put(properties, "category", tags.names[t]);
    } else if (kind->post == &post_mood) {
        put(properties, "mood", row_text(row, "mood"));
        put(properties, "face", row_text(row, "face"));
        put(properties, "content", row_text(row, "note"));
    } else {
        put(properties, "content", row_text(row, "caption"));
        append(properties, "photo",
               json_pack("{s:s, s:s}", "value", request_url(req, row_text(row, "image_url")), "alt",
                         row_text(row, "alt")));
        json_array_foreach(json_object_get(row, "tags"), i, tag) append(properties, "category", json_incref(tag));
    }
    if (*row_text(row, "reply_url"))
        put(properties, "in-reply-to", request_url(req, row_text(row, "reply_url")));
    struct buf published = {0};
    words_rfc3339(json_integer_value(json_object_get(row, "created_at")), &published);
    put(properties, "published", published.data);
    buf_free(&published);
    append(properties, "url", json_string(request_url(req, row_text(row, "url"))));
    return properties;
}

/* The alt text: of the photo itself, or beside it. */
static const char *alt_of(struct request *req, const json_t *properties)
{
    const json_t *photo = json_array_get(json_object_get(properties, "photo"), 0);
    const char *alt = json_string_value(json_object_get(photo, "alt"));
    return alt ? alt : micropub_text(req, properties, "mp-photo-alt");
}

const struct fault *micropub_read_words(struct request *req, const struct micropub_kind *kind, const json_t *properties,
                                        int is_update, struct micropub_typed *ret_typed)
{
    static const char *const single[] = {"content", "face", "mood", "photo", "in-reply-to"};
    struct micropub_typed typed = {0};
    struct tags tags;
    for (size_t i = 0; i < sizeof single / sizeof single[0]; i++)
        if (json_array_size(json_object_get(properties, single[i])) > 1)
            return fault_of_field(&req->arena, single[i], 1, "A post here has one %s, and this one would get several.",
                                  single[i]);
    const struct fault *fault = read_categories(req, properties, &tags);
    if (fault)
        return fault;
    const char *words = micropub_text(req, properties, "content"), *face = micropub_text(req, properties, "face");
    if (!*words)
        words = micropub_text(req, properties, "name");
    const char *reply = is_update ? NULL : reply_of(req, properties);
    if (reply && kind->post == &post_mood)
        return fault_of_field(&req->arena, "in-reply-to", 0,
                              "A mood answers nothing, so nothing was posted. Say it as a status.");
    if (kind->post == &post_mood) {
        typed.mood = (struct mood_typed){.mood = micropub_text(req, properties, "mood"), .face = face, .note = words};
    } else if (kind->post == &post_status) {
        words = with_categories(req, words, &tags, is_update, 1);
        typed.status = (struct status_typed){.content = words, .face = face, .reply_to = reply};
    } else {
        struct buf line = {0};
        buf_puts(&line, "");
        for (int i = 0; i < tags.count; i++)
            buf_printf(&line, "%s%s", i ? " " : "", tags.names[i]);
        typed.picture = (struct picture_typed){.caption = with_categories(req, words, &tags, is_update, 0),
                                               .alt = alt_of(req, properties),
                                               .tags = arena_copy(&req->arena, line.data),
                                               .reply_to = reply};
        buf_free(&line);
    }
    *ret_typed = typed;
    return NULL;
}

/* ---- Updates ------------------------------------------------------------------------------------ */

static void remove_value(json_t *values, const json_t *value)
{
    for (size_t i = json_array_size(values); i-- > 0;) {
        const json_t *own = json_array_get(values, i);
        /* tags are kept in small letters, so they are taken out in any */
        if (json_equal(own, value) || (json_is_string(own) && json_is_string(value) &&
                                       !strcasecmp(json_string_value(own), json_string_value(value))))
            json_array_remove(values, i);
    }
}

/* "delete" is a list of properties, or an object of properties with the values to take out. */
static const char *apply_delete(const json_t *what, json_t *properties)
{
    static const char wrong[] = "“delete” is a list of properties, or an object of properties with lists of values.";
    const char *name;
    json_t *values, *value;
    size_t i;
    if (json_is_array(what)) {
        json_array_foreach((json_t *)what, i, value)
        {
            if (!json_is_string(value))
                return wrong;
            json_object_del(properties, json_string_value(value));
        }
        return NULL;
    }
    if (!json_is_object(what))
        return wrong;
    json_object_foreach((json_t *)what, name, values)
    {
        if (!json_is_array(values))
            return wrong;
        json_array_foreach(values, i, value) remove_value(json_object_get(properties, name), value);
    }
    return NULL;
}

const char *micropub_apply(const json_t *request, json_t *properties)
{
    static const char *const operations[] = {"replace", "add"};
    const json_t *away = json_object_get(request, "delete");
    const char *name, *fault = away ? apply_delete(away, properties) : NULL;
    json_t *values, *value;
    size_t i;
    int count = away != NULL;
    for (int o = 0; o < 2 && !fault; o++) {
        json_t *given = json_object_get(request, operations[o]);
        count += given != NULL;
        if (given && !json_is_object(given))
            return "“replace” and “add” are objects of properties with lists of values.";
        json_object_foreach(given, name, values)
        {
            if (!json_is_array(values))
                return "“replace” and “add” hold lists of values, also for a single one.";
            if (o == 0)
                json_object_del(properties, name);
            json_array_foreach(values, i, value) append(properties, name, json_incref(value));
        }
    }
    if (!fault && !count)
        fault = "An update needs “replace”, “add” or “delete”.";
    return fault;
}
