/* What all posts share: checked words, tags, the times and addresses of the API. */
#ifndef PICLOG_APP_POSTS_POSTING_H
#define PICLOG_APP_POSTS_POSTING_H

#include "app/request/app.h"

enum {
    CAPTION_MAX = 200, /* characters as people count them */
    CAPTION_MAX_BYTES = 2000,
    ALT_MAX = 1500,
    ALT_MAX_BYTES = 12000,
    STATUS_MAX = 140,
    STATUS_MAX_BYTES = 2000,
    MOOD_MAX = 40,
    MOOD_MAX_BYTES = 400,
    CONTENT_NOTE_MAX = 80,
    CONTENT_NOTE_MAX_BYTES = 800,
    NOTE_MAX = 140,
    NOTE_MAX_BYTES = 2000,
    FACE_MAX = 4,
    FACE_MAX_BYTES = 64
};

/* Words of a picture, clean, in the request's arena. */
struct post_words {
    const char *caption, *alt;
    const char *note; /* shown before the picture, which is blurred; "": none */
    const char *tags_text;
    const char *tags[TAGS_MAX];
    int tag_count;
};

/*
 * Reads caption, alt, note and tags (and the #tags of the caption) from the form. NULL, or a sentence that says what is
 * too long or broken and how to mend it.
 */
const char *posting_words(struct request *req, struct post_words *ret_words);

/* One cleaned text field. NULL and *ret_text, or the sentence. label begins the sentence: "The caption". */
const char *posting_text(struct request *req, const char *field, const char *label, int is_block, size_t max_clusters,
                         size_t max_bytes, const char **ret_text);

/* The #tags in a text, folded, at most so many; the store ignores those that come twice. Returns how many. */
int posting_hashtags(struct request *req, const char *text, const char **ret_tags, int most);

/* Makes url, image_url and thumb_url of an object full addresses, and takes out what the API does not show. */
void posting_absolute_urls(struct request *req, json_t *object);

#endif
