/*
 * Pictures: see picture.h. Refuses to know how they are crushed, and what is typed beyond the limits. Next:
 * store/post.h, store/candidate.h.
 */
#include "domain/picture.h"

#include <assert.h>
#include <string.h>

#include "base/clock.h"
#include "domain/answers.h"
#include "domain/notice.h"
#include "domain/once.h"
#include "store/blocklist.h"

const struct fault *picture_clean(struct arena *arena, const struct picture_typed *typed,
                                  struct picture_words *ret_words)
{
    static const struct words_field caption = {"caption", N_("The caption"), TEXT_BLOCK, CAPTION_MAX,
                                               CAPTION_MAX_BYTES};
    static const struct words_field alt = {"alt", "The alt text", TEXT_BLOCK, ALT_MAX, ALT_MAX_BYTES};
    static const struct words_field note = {"note", N_("The content note"), TEXT_LINE, CONTENT_NOTE_MAX,
                                            CONTENT_NOTE_MAX_BYTES};
    static const struct words_field tags = {"tags", N_("The line of tags"), TEXT_LINE, TAGS_LINE_MAX,
                                            TAGS_LINE_MAX_BYTES};
    struct picture_words words = {0};
    const struct fault *fault = words_clean(arena, &caption, typed->caption, &words.caption);
    if (!fault)
        fault = words_clean(arena, &alt, typed->alt, &words.alt);
    if (!fault)
        fault = words_clean(arena, &note, typed->note, &words.note);
    if (!fault)
        fault = words_clean(arena, &tags, typed->tags, &words.tags_text);
    if (!fault && typed->reply_to)
        fault = answers_read(arena, "reply_to", typed->reply_to, &words.reply);
    if (fault)
        return fault;
    tags_add_listed(arena, &words.tags, words.tags_text);
    tags_add_marked(arena, &words.tags, words.caption);
    *ret_words = words;
    return NULL;
}

static const struct fault *read_number(struct arena *arena, const char *field, const char *typed, int64_t most,
                                       int64_t *ret_number)
{
    int64_t number = 0;
    const char *at = typed ? typed : "";
    for (; *at >= '0' && *at <= '9' && number <= most; at++)
        number = number * 10 + (*at - '0');
    if (*at || number < 1 || number > most)
        return fault_of_field(arena, field, (size_t)most, "%s is a number from 1 to %lld, in digits. Leave it out.",
                              field, (long long)most);
    *ret_number = number;
    return NULL;
}

const struct fault *picture_read_claim(struct arena *arena, const char *bytes, const char *width, const char *height,
                                       struct picture_claim *ret_claim)
{
    struct picture_claim claim = {0};
    const struct fault *fault = NULL;
    if (bytes && *bytes) {
        fault = read_number(arena, "claimed_bytes", bytes, CLAIM_MAX_BYTES, &claim.bytes);
        if (!fault)
            fault = read_number(arena, "claimed_width", width, CLAIM_MAX_SIDE_PX, &claim.width_px);
        if (!fault)
            fault = read_number(arena, "claimed_height", height, CLAIM_MAX_SIDE_PX, &claim.height_px);
    }
    if (!fault)
        *ret_claim = claim;
    return fault;
}

int picture_claim_fits(const struct picture_claim *claim, const struct picture_source *source)
{
    return claim->bytes > source->bytes && claim->width_px >= source->width_px && claim->height_px >= source->height_px;
}

static struct picture_new describe(const struct actor *actor, const struct picture_words *words,
                                   const struct picture_source *source)
{
    assert(words->caption && words->alt && words->note); /* cleaned before */
    struct picture_new picture = {.account = actor->account,
                                  .caption = words->caption,
                                  .note = words->note,
                                  .alt = words->alt,
                                  .reply = words->reply,
                                  .tags = words->tags.names,
                                  .tag_count = words->tags.count,
                                  .quota_bytes = actor->quota_bytes};
    if (source) {
        picture.fingerprint = source->fingerprint;
        picture.blurhash = source->blurhash;
        picture.source_format = source->format;
        picture.source_bytes = source->bytes;
        picture.source_width = source->width_px;
        picture.source_height = source->height_px;
        picture.is_truncated = source->is_truncated;
        picture.no_clip = source->no_clip;
        if (picture_claim_fits(&source->claim, source)) {
            picture.claimed_bytes = source->claim.bytes;
            picture.claimed_width = source->claim.width_px;
            picture.claimed_height = source->claim.height_px;
        }
    }
    return picture;
}

static struct picture_new whole(const struct actor *actor, const struct picture_words *words,
                                const struct picture_source *source, const struct candidate_image *full,
                                const struct image *thumb)
{
    struct picture_new picture = describe(actor, words, source);
    assert(full->image.size_bytes && thumb->size_bytes && full->preset);
    picture.full = full->image;
    picture.thumb = *thumb;
    picture.preset = full->preset;
    picture.quality = full->quality;
    picture.clip = full->clip;
    return picture;
}

/* What makes two uploads of one form the same: their place in it, all words, and the bytes that came out. */
static const struct fault *open_upload(const struct actor *actor, const char *noun, const struct picture_words *words,
                                       const struct picture_source *source, const struct candidate_image *first,
                                       int place, const char *ret_parts[7], struct once *ret_once, int64_t *ret_id)
{
    ret_parts[0] = words->caption;
    ret_parts[1] = words->alt;
    ret_parts[2] = words->note;
    ret_parts[3] = words->tags_text;
    ret_parts[4] = arena_printf(actor->arena, "%d %s %zu %016llx %lld", place, first->preset, first->image.size_bytes,
                                (unsigned long long)source->fingerprint, (long long)source->bytes);
    ret_parts[5] = words->reply.id ? answers_name(actor->arena, words->reply) : NULL;
    ret_parts[6] = NULL;
    return once_open(actor, noun, ret_parts, ret_once, ret_id);
}

const struct fault *picture_publish(const struct actor *actor, const struct picture_words *words,
                                    const struct picture_source *source, const struct candidate_image *full,
                                    const struct image *thumb, int place, int64_t *ret_id)
{
    const struct picture_new picture = whole(actor, words, source, full, thumb);
    const char *parts[7];
    struct once once;
    int64_t id = 0;
    /* Here already, since a transaction that is rolled back would not count the hit. */
    if (blocklist_has_picture(actor->store, actor->db, source->fingerprint, &full->image, 1))
        return fault_of_store(actor, STORE_BLOCKED, "picture");
    const struct fault *fault = open_upload(actor, "picture", words, source, full, place, parts, &once, &id);
    if (!fault && !id) {
        const struct fault *refused = answers_check(actor, words->reply);
        enum store_status status = refused ? STORE_REFUSED : picture_add(actor->store, actor->db, &picture, &id);
        if (status == STORE_OK)
            status = notice_named(actor, (struct post_ref){"picture", id}, words->caption);
        fault = once_close(actor, &once, status, id);
        if (refused)
            fault = refused;
    }
    if (!fault)
        *ret_id = id;
    return fault;
}

const struct fault *picture_offer(const struct actor *actor, const struct picture_words *words,
                                  const struct picture_source *source, const struct candidate_image *images,
                                  int image_count, int place, int64_t *ret_candidate)
{
    const struct picture_new picture = describe(actor, words, source);
    const char *parts[7];
    struct once once;
    int64_t id = 0;
    assert(image_count > 0);
    for (int i = 0; i < image_count; i++)
        if (blocklist_has_picture(actor->store, actor->db, source->fingerprint, &images[i].image, 1))
            return fault_of_store(actor, STORE_BLOCKED, "picture");
    const struct fault *fault = open_upload(actor, "upload", words, source, images, place, parts, &once, &id);
    if (!fault && !id) {
        enum store_status status = candidate_add(actor->db, &picture, words->tags_text, images, image_count, &id);
        fault = once_close(actor, &once, status, id);
    }
    if (!fault)
        *ret_candidate = id;
    return fault;
}

/* ---- Candidates ---------------------------------------------------------------------------------- */

/* A candidate is its own key: it becomes one picture, whichever form asks, however often. */
static struct actor keyed_by(const struct actor *actor, int64_t candidate)
{
    struct actor keyed = *actor;
    keyed.key = arena_printf(actor->arena, "%lld", (long long)candidate);
    keyed.is_program = 1;
    return keyed;
}

int64_t picture_chosen(const struct actor *actor, int64_t candidate)
{
    const struct actor keyed = keyed_by(actor, candidate);
    return once_find(actor->db, &(struct once){.account = keyed.account,
                                               .purpose = "candidate",
                                               .key = keyed.key,
                                               .is_strict = keyed.is_program});
}

const struct fault *picture_candidate_gone(struct arena *arena)
{
    return fault_make(
        arena, FAULT_NOT_FOUND,
        "This upload is gone: unpublished pictures are kept for an hour. Upload it again, it will be quick.");
}

/* What a candidate was uploaded for. */
static struct post_ref reply_of(const struct actor *actor, int64_t candidate)
{
    json_t *row = db_row(actor->db, QUERY_CANDIDATE, candidate, actor->account, clock_now_s() - CANDIDATE_LIFETIME_S);
    const char *kind = json_string_value(json_object_get(row, "reply_kind"));
    const struct post_ref reply = {.kind = arena_copy(actor->arena, kind ? kind : ""),
                                   .id = json_integer_value(json_object_get(row, "reply_id"))};
    json_decref(row);
    return reply;
}

const struct fault *picture_choose(const struct actor *actor, int64_t candidate, const char *preset,
                                   const struct picture_typed *typed, int64_t *ret_id)
{
    const struct actor keyed = keyed_by(actor, candidate);
    struct picture_words words;
    struct once once;
    int64_t id = 0;
    const struct fault *fault = picture_clean(actor->arena, typed, &words);
    if (fault)
        return fault;
    const char *const said[] = {words.caption, words.alt, words.note, words.tags_text, NULL};
    fault = once_open(&keyed, "candidate", said, &once, &id);
    if (fault && fault->kind == FAULT_WORDS) {
        /* With other words than the first time. A program would take them for said. */
        id = picture_chosen(actor, candidate);
        fault = actor->is_program ? picture_candidate_gone(actor->arena) : NULL;
    } else if (!fault && !id) {
        if (!words.reply.kind)
            words.reply = reply_of(actor, candidate);
        const struct picture_new picture = describe(actor, &words, NULL);
        const struct fault *refused = answers_check(actor, words.reply);
        enum store_status status =
            refused ? STORE_REFUSED : candidate_publish(actor->db, candidate, preset, &picture, &id);
        /* Nobody need know what moves: a clip of what does not is a still. */
        if (status == STORE_INVALID && strncmp(preset, CANDIDATE_CLIP, sizeof CANDIDATE_CLIP - 1) == 0) {
            preset += sizeof CANDIDATE_CLIP - 1;
            status = candidate_publish(actor->db, candidate, preset, &picture, &id);
        }
        if (status == STORE_OK)
            status = notice_named(actor, (struct post_ref){"picture", id}, words.caption);
        fault = once_close(&keyed, &once, status, id);
        if (refused)
            fault = refused;
        if (status == STORE_NOT_FOUND)
            fault = picture_candidate_gone(actor->arena);
        if (status == STORE_INVALID)
            fault = fault_of_field(actor->arena, "preset", 0, "Pick one of the four first.");
        if (status == STORE_BLOCKED) /* the hit was rolled back with everything else */
            (void)candidate_is_blocked(actor->db, actor->account, candidate, preset);
    }
    if (!fault)
        *ret_id = id;
    return fault;
}

const struct fault *picture_describe_candidate(const struct actor *actor, int64_t candidate,
                                               const struct picture_typed *typed)
{
    struct picture_words words;
    const struct fault *fault = picture_clean(actor->arena, typed, &words);
    if (fault)
        return fault;
    enum store_status status =
        candidate_describe(actor->db, actor->account, candidate, words.caption, words.alt, words.note, words.tags_text);
    if (status == STORE_OK && words.reply.kind)
        status = candidate_set_reply(actor->db, actor->account, candidate, words.reply);
    return status == STORE_NOT_FOUND ? picture_candidate_gone(actor->arena) : fault_of_store(actor, status, "upload");
}

const struct fault *picture_discard(const struct actor *actor, int64_t candidate, int *ret_was_there)
{
    const enum store_status status = candidate_delete(actor->db, actor->account, candidate);
    if (status != STORE_OK && status != STORE_NOT_FOUND)
        return fault_of_store(actor, status, "upload");
    *ret_was_there = status == STORE_OK;
    return NULL;
}

/* ---- Changing, removing, moving ------------------------------------------------------------------ */

const struct fault *picture_change(const struct actor *actor, int64_t id, const struct picture_typed *typed)
{
    struct picture_words words;
    const struct fault *fault = picture_clean(actor->arena, typed, &words);
    if (fault)
        return fault;
    enum store_status status = picture_edit(actor->db, actor->account, id, words.caption, words.alt,
                                            typed->note ? words.note : NULL, words.tags.names, words.tags.count);
    if (status == STORE_OK)
        status = notice_named(actor, (struct post_ref){"picture", id}, words.caption);
    return fault_of_store(actor, status, "picture");
}

const struct fault *picture_remove(const struct actor *actor, int64_t id)
{
    return fault_of_store(actor, picture_delete(actor->db, actor->account, id), "picture");
}

const struct fault *picture_bring(const struct actor *actor, const struct picture_words *words,
                                  const struct picture_source *source, const struct candidate_image *full,
                                  const struct image *thumb, struct post_times times)
{
    const struct picture_new picture = whole(actor, words, source, full, thumb);
    return fault_of_store(actor, picture_import(actor->store, actor->db, &picture, times), "picture");
}
