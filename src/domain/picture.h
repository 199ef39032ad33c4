/*
 * Pictures: their words, and what becomes of them once a worker has crushed them. A picture is published as it is, or
 * kept as candidates, the same picture crushed in several presets, until its owner chooses one ("pick your crunch").
 */
#ifndef PICLOG_DOMAIN_PICTURE_H
#define PICLOG_DOMAIN_PICTURE_H

#include "domain/words.h"
#include "store/candidate.h"

enum {
    CAPTION_MAX = 200, /* characters as people count them */
    CAPTION_MAX_BYTES = 2000,
    ALT_MAX = 1500,
    ALT_MAX_BYTES = 12000,
    CONTENT_NOTE_MAX = 80,
    CONTENT_NOTE_MAX_BYTES = 800,
    TAGS_LINE_MAX = 300,
    TAGS_LINE_MAX_BYTES = 2000,
    CLAIM_MAX_BYTES = 1000000000,
    CLAIM_MAX_SIDE_PX = 65535
};

/* As it was typed; NULL: it was not. */
struct picture_typed {
    const char *caption; /* its "#tags" become tags */
    const char *alt;
    const char *note;     /* shown before the picture, which is blurred */
    const char *tags;     /* a list */
    const char *reply_to; /* what it answers, as answers.h names it; of a new one only */
};

/* The same, clean, in the arena. */
struct picture_words {
    const char *caption, *alt, *note;
    const char *tags_text;
    struct tags tags;
    struct post_ref reply; /* kind NULL: it was not typed */
};

/* What a browser says of the picture that it made smaller before it sent it; bytes 0: it says nothing. */
struct picture_claim {
    int64_t bytes, width_px, height_px;
};

/* What a worker says about the picture that came in, and what its browser says that it was before. */
struct picture_source {
    const char *format;
    int64_t bytes, width_px, height_px;
    uint64_t fingerprint;
    const char *blurhash; /* borrowed; NULL or "": unknown */
    int is_truncated;     /* cut off or damaged: what was missing is filled */
    const char *no_clip;  /* why it cannot be a clip although it moves; NULL or "": it can, or does not */
    struct picture_claim claim;
};

/*
 * Reads a claim as forms and the API bring it, in decimal digits; bytes NULL or "": there is none. The fault names the
 * field that is no number, or beyond CLAIM_MAX_BYTES and CLAIM_MAX_SIDE_PX.
 */
const struct fault *picture_read_claim(struct arena *arena, const char *bytes, const char *width, const char *height,
                                       struct picture_claim *ret_claim) FAULT_MUST_USE;

/* 1 if it can be true of what arrived: more bytes, and no fewer pixels in either direction. */
int picture_claim_fits(const struct picture_claim *claim, const struct picture_source *source);

/* Before the picture is crushed, so that nobody waits for a worker in order to hear about a caption. Whether the actor
   may answer what it answers is asked beside it: answers_check(). */
const struct fault *picture_clean(struct arena *arena, const struct picture_typed *typed,
                                  struct picture_words *ret_words) FAULT_MUST_USE;

/* Posts it, once for each key, place and bytes; place tells apart what came in one form. *ret_id: its number. */
const struct fault *picture_publish(const struct actor *actor, const struct picture_words *words,
                                    const struct picture_source *source, const struct candidate_image *full,
                                    const struct image *thumb, int place, int64_t *ret_id) FAULT_MUST_USE;

/* Keeps it for an hour, for its owner alone; one of the images is the "thumbnail". Once, as above. */
const struct fault *picture_offer(const struct actor *actor, const struct picture_words *words,
                                  const struct picture_source *source, const struct candidate_image *images,
                                  int image_count, int place, int64_t *ret_candidate) FAULT_MUST_USE;

/*
 * Publishes one preset of a candidate, "clip_" before its name for a clip, if it moves; asked again within a day, gives
 * the number of the picture that it became. Only a program that asks again with other words hears that the candidate is
 * gone. It answers what the candidate was uploaded for, unless something else was typed; "" is nothing.
 */
const struct fault *picture_choose(const struct actor *actor, int64_t candidate, const char *preset,
                                   const struct picture_typed *typed, int64_t *ret_id) FAULT_MUST_USE;
/* Gives a candidate other words. */
const struct fault *picture_describe_candidate(const struct actor *actor, int64_t candidate,
                                               const struct picture_typed *typed) FAULT_MUST_USE;
/* Throws a candidate away. One that is gone or was published is no fault: *ret_was_there says so. */
const struct fault *picture_discard(const struct actor *actor, int64_t candidate, int *ret_was_there) FAULT_MUST_USE;
/* The picture that a candidate became within the last day; 0: none. */
int64_t picture_chosen(const struct actor *actor, int64_t candidate);
/* Says that there is no such candidate. */
const struct fault *picture_candidate_gone(struct arena *arena) FAULT_MUST_USE;

/* Changes the words of one of the actor's own. A note that was not typed stays as it is. */
const struct fault *picture_change(const struct actor *actor, int64_t id,
                                   const struct picture_typed *typed) FAULT_MUST_USE;
const struct fault *picture_remove(const struct actor *actor, int64_t id) FAULT_MUST_USE;

/* One that was posted elsewhere, at its own time. FAULT_TAKEN: it is here already. */
const struct fault *picture_bring(const struct actor *actor, const struct picture_words *words,
                                  const struct picture_source *source, const struct candidate_image *full,
                                  const struct image *thumb, struct post_times times) FAULT_MUST_USE;

#endif
