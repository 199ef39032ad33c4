/* What all posts share: see posting.h. Refuses what is no UTF-8 or too long, in sentences. Read next: base/text.c. */
#include "app/posts/posting.h"

#include <stdlib.h>
#include <string.h>

#include "base/text.h"

const char *posting_text(struct request *req, const char *field, const char *label, int is_block, size_t max_clusters,
                         size_t max_bytes, const char **ret_text)
{
    const char *typed = request_form(req, field, "");
    char *clean = NULL;
    switch (text_clean(typed, strlen(typed), is_block ? TEXT_BLOCK : TEXT_LINE, max_clusters, max_bytes, &clean)) {
    case TEXT_OK: break;
    case TEXT_NOT_UTF8: return arena_printf(&req->arena, "%s is not text in UTF-8.", label);
    case TEXT_TOO_LONG:
    case TEXT_TOO_MANY_BYTES:
        return arena_printf(&req->arena, "%s is too long: at most %zu characters fit.", label, max_clusters);
    }
    *ret_text = arena_copy(&req->arena, clean);
    free(clean);
    return NULL;
}

static void add_tag(struct request *req, struct post_words *words, const char *tag)
{
    for (int i = 0; i < words->tag_count; i++)
        if (strcmp(words->tags[i], tag) == 0)
            return;
    if (words->tag_count < TAGS_MAX)
        words->tags[words->tag_count++] = arena_copy(&req->arena, tag);
}

/* The tags field is a list; a caption is prose, in which "#" begins a tag. */
static void read_tags(struct request *req, struct post_words *words)
{
    char tag[65];
    for (const char *at = words->tags_text; text_next_tag(&at, tag);)
        add_tag(req, words, tag);
    words->tag_count +=
        posting_hashtags(req, words->caption, words->tags + words->tag_count, TAGS_MAX - words->tag_count);
}

int posting_hashtags(struct request *req, const char *text, const char **ret_tags, int most)
{
    int count = 0;
    char tag[65];
    for (const char *at = strchr(text, '#'); at && count < most; at = strchr(at, '#')) {
        size_t span = text_tag_span(++at);
        if (span && text_fold_tag(at, span, tag) == 0)
            ret_tags[count++] = arena_copy(&req->arena, tag);
        at += span;
    }
    return count;
}

const char *posting_words(struct request *req, struct post_words *ret_words)
{
    struct post_words words = {0};
    const char *fault = posting_text(req, "caption", "The caption", 1, CAPTION_MAX, CAPTION_MAX_BYTES, &words.caption);
    if (!fault)
        fault = posting_text(req, "alt", "The alt text", 1, ALT_MAX, ALT_MAX_BYTES, &words.alt);
    if (!fault)
        fault = posting_text(req, "note", "The content note", 0, CONTENT_NOTE_MAX, CONTENT_NOTE_MAX_BYTES, &words.note);
    if (!fault)
        fault = posting_text(req, "tags", "The line of tags", 0, 300, 2000, &words.tags_text);
    if (fault)
        return fault;
    read_tags(req, &words);
    *ret_words = words;
    return NULL;
}

void posting_absolute_urls(struct request *req, json_t *object)
{
    static const char *const keys[] = {"url", "image_url", "thumb_url"};
    for (size_t i = 0; i < sizeof keys / sizeof keys[0]; i++) {
        const char *path = json_string_value(json_object_get(object, keys[i]));
        if (path && path[0] == '/')
            json_object_set_new(object, keys[i], json_string(request_url(req, path)));
    }
    json_object_del(object, "account_id");
}
