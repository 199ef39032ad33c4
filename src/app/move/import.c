/*
 * Import: see import.h. An export may have been forged by whoever wants to be taken in, so its words pass the checks of
 * src/domain as those of the forms do, and its pictures are crushed in caged workers as every upload: those of a piclog
 * fit the largest preset and are kept as they are, coefficient by coefficient. What it says about the picture before it
 * was crushed is believed, being no more than words. Next: import_source.c.
 */
#include "app/move/import.h"

#include <pthread.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/clock.h"
#include "app/request/crushed.h"
#include "domain/follow.h"
#include "app/move/import_ties.h"
#include "domain/bulletin.h"
#include "domain/layout.h"
#include "domain/mood.h"
#include "domain/picture.h"
#include "domain/profile.h"
#include "domain/reach.h"
#include "domain/status.h"
#include "domain/top.h"
#include "store/batch.h"

struct import {
    struct app *app;
    struct actor actor; /* the account that it comes to; its arena holds one item */
    struct import_source *source;
    void (*complain)(const char *sentence);
    struct import_counts counts;
};

/* ---- Words ---------------------------------------------------------------------------------------- */

/* A text of an item; NULL when it is absent or no text. */
static const char *text(const json_t *item, const char *key)
{
    return json_string_value(json_object_get(item, key));
}

static int64_t number(const json_t *item, const char *key, int64_t least, int64_t most, int64_t fallback)
{
    const json_t *value = json_object_get(item, key);
    if (!json_is_integer(value) || json_integer_value(value) < least || json_integer_value(value) > most)
        return fallback;
    return json_integer_value(value);
}

static const struct fault *read_times(struct arena *arena, const json_t *item, struct post_times *ret_times)
{
    const int64_t now_s = clock_now_s();
    struct post_times times = {.created_s = number(item, "created_at", 1, now_s, 0)};
    times.edited_s = number(item, "edited_at", times.created_s, now_s, 0);
    if (!times.created_s)
        return fault_of_field(arena, "created_at", 0, "Its time is missing or lies in the future.");
    *ret_times = times;
    return NULL;
}

/* Where the fault is the database's or the disk's, and not the item's. */
static int is_ours(const struct fault *fault)
{
    return fault->kind == FAULT_NOT_FOUND /* the account */ || fault->kind == FAULT_BUSY || fault->kind == FAULT_FAILED;
}

/* Counts what became of an item. -1: there is no point in going on. */
static int count_item(struct import *import, const struct fault *fault, const char *noun, size_t index, long *ret_done)
{
    const char *sentence;
    if (!fault) {
        (*ret_done)++;
        return 0;
    }
    if (fault->kind == FAULT_TAKEN) {
        import->counts.known++;
        return 0;
    }
    if (is_ours(fault)) {
        import->complain(fault->cause ? fault->cause : fault->sentence);
        return -1;
    }
    /* whoever imports can do more about it than delete */
    sentence = fault->kind == FAULT_FULL ? tr("The account's storage or the disk is full (--quota).") : fault->sentence;
    import->counts.refused++;
    import->complain(arena_printf(import->actor.arena, tr("%s %zu of the export: %s"), tr(noun), index + 1, sentence));
    return 0;
}

static const struct fault *bring_status(struct import *import, const json_t *item)
{
    const struct status_typed typed = {.content = text(item, "content"), .face = text(item, "face")};
    struct post_times times;
    const struct fault *fault = read_times(import->actor.arena, item, &times);
    return fault ? fault : status_bring(&import->actor, &typed, times);
}

static const struct fault *bring_mood(struct import *import, const json_t *item)
{
    const struct mood_typed typed = {
        .mood = text(item, "mood"), .face = text(item, "face"), .note = text(item, "note")};
    struct post_times times;
    const struct fault *fault = read_times(import->actor.arena, item, &times);
    return fault ? fault : mood_bring(&import->actor, &typed, times);
}

/* Somebody to follow, by name. That nobody is called so here is no fault of the export. */
static int import_follow_item(struct import *import, const json_t *item, size_t index)
{
    const char *name = text(item, "name");
    int is_new = 1;
    const struct fault *fault = follow_begin(&import->actor, name ? name : "", &is_new);
    if (fault && fault->kind == FAULT_NOT_FOUND) {
        import->counts.absent++;
        import->complain(
            arena_printf(import->actor.arena, tr("follow %zu of the export: %s"), index + 1, fault->sentence));
        return 0;
    }
    if (!fault && !is_new)
        import->counts.known++;
    return count_item(import, fault, "follow", index, is_new ? &import->counts.follows : &(long){0});
}

static int import_bulletin_item(struct import *import, const json_t *item, size_t index)
{
    const struct bulletin_typed typed = {.subject = text(item, "subject"), .content = text(item, "content")};
    const int64_t ends_s = number(item, "ends_at", clock_now_s() + 1, INT64_MAX, 0);
    struct post_times times;
    if (!ends_s)
        return 0; /* it has ended since, as they do */
    const struct fault *fault = read_times(import->actor.arena, item, &times);
    if (!fault)
        fault = bulletin_bring(&import->actor, &typed, times.created_s, ends_s);
    return count_item(import, fault, "bulletin", index, &import->counts.bulletins);
}

static int import_layout_item(struct import *import, const json_t *item, size_t index)
{
    const struct layout_typed typed = {
        .name = text(item, "name"), .line = text(item, "line"), .css = text(item, "css")};
    struct post_times times;
    const struct fault *fault = read_times(import->actor.arena, item, &times);
    if (!fault)
        fault = layout_bring(&import->actor, &typed, times);
    return count_item(import, fault, "layout", index, &import->counts.layouts);
}

/* The top eight, where the account has none of its own: those who are here under their names, the others left out. */
static int import_top(struct import *import)
{
    const struct actor *actor = &import->actor;
    const json_t *list = json_object_get(import_source_words(import->source), "top");
    const char *names[TOP_MAX];
    size_t count = 0;
    int rc = 0;
    json_t *mine = db_rows(actor->db, QUERY_TOP_OF, actor->account, actor->account);
    for (size_t i = 0; rc == 0 && !json_array_size(mine) && count < TOP_MAX && i < json_array_size(list); i++) {
        const char *name = text(json_array_get(list, i), "name");
        if (!name)
            continue;
        names[count] = name;
        const struct fault *fault = top_choose(actor, names, count + 1);
        if (fault && fault->kind == FAULT_WORDS) {
            import->counts.absent++;
            import->complain(arena_printf(actor->arena, tr("top eight: %s"), fault->sentence));
        } else if (fault) {
            rc = count_item(import, fault, "place", i, &(long){0});
        } else {
            count++;
        }
    }
    json_decref(mine);
    arena_free(actor->arena);
    return rc;
}

/* ---- Pictures -------------------------------------------------------------------------------------- */

/* One picture in a worker, and whoever waits for it. */
struct wait {
    pthread_mutex_t mutex;
    pthread_cond_t done;
    int is_done;
    struct pool_outcome outcome;
};

static void crushed(void *context, struct pool_outcome *outcome)
{
    struct wait *wait = context;
    pthread_mutex_lock(&wait->mutex);
    wait->outcome = *outcome;
    for (int i = 0; i < outcome->picture_count; i++)
        outcome->pictures[i].data = NULL; /* taken */
    wait->is_done = 1;
    pthread_cond_signal(&wait->done);
    pthread_mutex_unlock(&wait->mutex);
}

static void crush(struct pool *pool, int fd, size_t size_bytes, const struct pool_wish *wish,
                  struct pool_outcome *ret_outcome)
{
    struct wait wait = {.mutex = PTHREAD_MUTEX_INITIALIZER, .done = PTHREAD_COND_INITIALIZER};
    ret_outcome->status = POOL_CLOSED;
    if (pool_submit(pool, fd, size_bytes, wish, crushed, &wait) != 0)
        return;
    pthread_mutex_lock(&wait.mutex);
    while (!wait.is_done)
        pthread_cond_wait(&wait.done, &wait.mutex);
    pthread_mutex_unlock(&wait.mutex);
    *ret_outcome = wait.outcome;
}

/* Crushes a picture of the export. The fault says that it cannot be read; what the worker found is in *ret_outcome,
   with bytes that the caller frees. */
static const struct fault *crush_file(struct import *import, const char *name, const struct pool_wish *wish,
                                      struct pool_outcome *ret_outcome)
{
    char message[300];
    size_t size;
    int fd;
    if (import_source_picture(import->source, name ? name : "", &fd, &size, message, sizeof message) != 0)
        return fault_of_field(import->actor.arena, "file", 0, "%s", message);
    crush(import->app->pool, fd, size, wish, ret_outcome);
    close(fd);
    return NULL;
}

/* What the picture came from, as far as the export says so and it can be true. */
static struct picture_source read_source(const json_t *item, const struct pool_outcome *outcome)
{
    struct picture_source source = crushed_source(outcome, NULL);
    const char *format = text(item, "source_format");
    for (int i = CRUSH_FORMAT_UNKNOWN + 1; format && i <= CRUSH_FORMAT_AVIF; i++)
        if (strcmp(format, crush_format_text((crush_format)i)) == 0)
            source.format = crush_format_text((crush_format)i);
    source.bytes = number(item, "source_bytes", 1, CLAIM_MAX_BYTES, source.bytes);
    source.width_px = number(item, "source_width", 1, CLAIM_MAX_SIDE_PX, source.width_px);
    source.height_px = number(item, "source_height", 1, CLAIM_MAX_SIDE_PX, source.height_px);
    source.is_truncated = source.is_truncated || json_is_true(json_object_get(item, "truncated"));
    source.claim.bytes = number(item, "claimed_bytes", 1, CLAIM_MAX_BYTES, 0);
    source.claim.width_px = number(item, "claimed_width", 1, CLAIM_MAX_SIDE_PX, 0);
    source.claim.height_px = number(item, "claimed_height", 1, CLAIM_MAX_SIDE_PX, 0);
    return source;
}

/* How it was crushed there. */
static void read_preset(const json_t *item, struct candidate_image *picture)
{
    crush_preset preset;
    const char *name = text(item, "preset");
    picture->preset = name && crush_preset_by_name(name, &preset) == 0 && preset != CRUSH_PRESET_THUMBNAIL
                          ? crush_preset_name(preset)
                          : crush_preset_name(CRUSH_PRESET_CRISPY);
    picture->quality = (int)number(item, "quality", 1, 100, picture->quality);
}

/* The tags of the list come before those of the caption. */
static void read_tags(struct arena *arena, const json_t *list, struct picture_words *words)
{
    struct tags tags = {0};
    for (size_t i = 0; i < json_array_size(list); i++) {
        const char *tag = json_string_value(json_array_get(list, i));
        if (tag)
            tags_add_listed(arena, &tags, tag);
    }
    tags_add_marked(arena, &tags, words->caption);
    words->tags = tags;
}

static const struct fault *bring_picture(struct import *import, const json_t *item, const struct picture_words *words,
                                         const struct pool_outcome *outcome, struct post_times times)
{
    const struct fault *fault = crushed_fault(import->actor.arena, outcome);
    if (fault)
        return fault;
    const struct picture_source source = read_source(item, outcome);
    const struct candidate_image thumb = crushed_image(&outcome->pictures[1]);
    struct candidate_image full = crushed_image(&outcome->pictures[0]);
    read_preset(item, &full);
    return picture_bring(&import->actor, words, &source, &full, &thumb.image, times);
}

enum { CLIP_USUAL_MS = 100 };

/* How long a frame is shown, as near to what is told as may be. */
static uint32_t read_frame_ms(const json_t *item)
{
    const json_int_t told = number(item, "frame_ms", 1, INT64_MAX, CLIP_USUAL_MS);
    return told < CRUSH_CLIP_LEAST_MS  ? CRUSH_CLIP_LEAST_MS
           : told > CRUSH_CLIP_MOST_MS ? CRUSH_CLIP_MOST_MS
                                       : (uint32_t)told;
}

/* A picture that says that it is a strip: the worker refuses what cannot be one, and sees for itself whether it
 * flashes. */
static void read_clip(const json_t *item, struct pool_wish *wish)
{
    if (json_integer_value(json_object_get(item, "frames")) <= 0)
        return;
    wish->motion = POOL_STRIP;
    wish->clip = (struct pool_clip){
        .frames = (uint32_t)number(item, "frames", 1, CRUSH_CLIP_MOST_FRAMES, 1),
        .frame_width_px = (uint32_t)number(item, "frame_width", 1, CRUSH_CLIP_MAX_SIDE_PX, 1),
        .frame_height_px = (uint32_t)number(item, "frame_height", 1, CRUSH_CLIP_MAX_SIDE_PX, 1),
        .frame_ms = read_frame_ms(item),
        .flashes = json_is_true(json_object_get(item, "flashes")),
    };
    wish->clip.poster = (uint32_t)number(item, "poster", 0, wish->clip.frames - 1, 0);
}

static int import_picture_item(struct import *import, const json_t *item, size_t index)
{
    /* For good: the largest preset leaves what was crushed before as it is. */
    static const crush_preset presets[] = {CRUSH_PRESET_CRISPY, CRUSH_PRESET_THUMBNAIL};
    struct pool_wish wish = {.presets = presets, .preset_count = 2};
    struct arena *arena = import->actor.arena;
    const struct picture_typed typed = {
        .caption = text(item, "caption"), .alt = text(item, "alt"), .note = text(item, "note")};
    struct picture_words words;
    struct post_times times;
    const struct fault *fault = read_times(arena, item, &times);
    if (!fault)
        fault = picture_clean(arena, &typed, &words);
    if (!fault) {
        struct pool_outcome outcome = {0};
        read_tags(arena, json_object_get(item, "tags"), &words);
        read_clip(item, &wish);
        fault = crush_file(import, text(item, "file"), &wish, &outcome);
        if (!fault && outcome.status == POOL_CLOSED) {
            import->complain(tr("the workers cannot be started"));
            return -1;
        }
        if (!fault)
            fault = bring_picture(import, item, &words, &outcome, times);
        for (int i = 0; i < outcome.picture_count; i++)
            free(outcome.pictures[i].data);
    }
    return count_item(import, fault, "picture", index, &import->counts.pictures);
}

/* ---- The person ------------------------------------------------------------------------------------- */

/* A person's picture or background, by the name of its file in the export. */
static const struct fault *import_portrait(struct import *import, enum profile_image which, const char *name)
{
    static const crush_preset presets[] = {CRUSH_PRESET_THUMBNAIL, CRUSH_PRESET_CRUNCHY};
    const struct actor *actor = &import->actor;
    const struct pool_wish wish = {.presets = &presets[which], .preset_count = 1};
    struct pool_outcome outcome = {0};
    const struct fault *fault = crush_file(import, name, &wish, &outcome);
    if (!fault)
        fault = crushed_fault(actor->arena, &outcome);
    if (!fault) {
        const struct candidate_image image = crushed_image(&outcome.pictures[0]);
        fault = profile_wear(actor, which, &image.image, outcome.fingerprint);
    }
    for (int i = 0; i < outcome.picture_count; i++)
        free(outcome.pictures[i].data);
    return fault;
}

/* "links" of the export become lines as people type them, so that the same checks hold. */
static const struct fault *import_links(struct import *import, const json_t *list)
{
    struct buf lines = {0};
    buf_puts(&lines, "");
    for (size_t i = 0; i < json_array_size(list); i++) {
        const char *url = text(json_array_get(list, i), "url"), *label = text(json_array_get(list, i), "label");
        buf_printf(&lines, "%s %s\n", url ? url : "", label ? label : "");
    }
    const struct fault *fault = profile_save(&import->actor, &(struct profile_typed){.links = lines.data});
    buf_free(&lines);
    return fault;
}

static int is_empty(const json_t *object, const char *key)
{
    const char *value = text(object, key);
    return !value || !*value;
}

/* A switch as forms bring it; NULL where the export says nothing of it. */
static const char *switch_of(const json_t *object, const char *key)
{
    const json_t *value = json_object_get(object, key);
    return json_is_boolean(value) ? (json_is_true(value) ? "1" : "0") : NULL;
}

/* Profile words, pictures and who may reach, where the account has none of its own. What does not pass is left out. */
static int import_person(struct import *import)
{
    static const char *const portraits[] = {"avatar_file", "background_file"};
    const struct actor *actor = &import->actor;
    const json_t *person = json_object_get(import_source_words(import->source), "person");
    json_t *mine = db_row(actor->db, QUERY_PERSON_BY_ID, actor->account);
    long ignored = 0;
    int rc = 0;
    if (json_is_object(person) && is_empty(mine, "display_name") && is_empty(mine, "homepage") &&
        is_empty(mine, "about") && is_empty(mine, "css")) {
        const char *language = text(person, "language");
        const struct profile_typed typed = {.display_name = text(person, "display_name"),
                                            .homepage = text(person, "homepage"),
                                            .about = text(person, "about"),
                                            .css = text(person, "css"),
                                            .language = language && lang_find(language) >= 0 ? language : NULL,
                                            .shows_follows =
                                                json_is_true(json_object_get(person, "shows_follows")) ? "1" : NULL};
        const struct reach_typed reach = {.wall = text(person, "wall"),
                                          .has_guestbook = switch_of(person, "has_guestbook"),
                                          .takes_pokes = switch_of(person, "takes_pokes"),
                                          .takes_nudges = switch_of(person, "takes_nudges")};
        rc = count_item(import, profile_save(actor, &typed), "person", 0, &ignored);
        if (rc == 0)
            rc = count_item(import, reach_save(actor, &reach), "person", 0, &ignored);
        for (int which = PROFILE_AVATAR; rc == 0 && which <= PROFILE_BACKGROUND; which++)
            if (text(person, portraits[which]))
                rc = count_item(import,
                                import_portrait(import, (enum profile_image)which, text(person, portraits[which])),
                                "person", 0, &ignored);
        if (rc == 0 && json_array_size(json_object_get(person, "links")))
            rc = count_item(import, import_links(import, json_object_get(person, "links")), "person", 0, &ignored);
    }
    json_decref(mine);
    arena_free(actor->arena);
    return rc;
}

/* ---- All of it -------------------------------------------------------------------------------------- */

/* One item of a list; -1: nothing more can be brought. */
typedef int import_item(struct import *import, const json_t *item, size_t index);

/* One by one, each in a transaction of its own: pictures, since crushing takes longer, and what is few. Oldest first,
   so that timelines keep their order. */
static int import_list(struct import *import, const char *name, import_item *import_one)
{
    const json_t *list = json_object_get(import_source_words(import->source), name);
    for (size_t i = json_array_size(list); i-- > 0;) {
        int rc = import_one(import, json_array_get(list, i), i);
        arena_free(import->actor.arena);
        if (rc != 0)
            return -1;
    }
    return 0;
}

/* A list of words, its nouns, and what makes a post of one. */
struct posts {
    const char *key, *noun;
    const struct fault *(*bring)(struct import *import, const json_t *item);
    long *done;
};

/* One post within a batch. The status of the batch: what one post is refused for is its own affair. */
static enum store_status import_one(struct import *import, const struct posts *posts, const json_t *item, size_t index)
{
    struct db *db = import->actor.db;
    enum store_status status = batch_item_begin(db);
    if (status != STORE_OK)
        return status;
    const struct fault *fault = posts->bring(import, item);
    if (fault && fault->kind == FAULT_FULL)
        return STORE_FULL;
    if (fault && is_ours(fault))
        return fault->kind == FAULT_BUSY ? STORE_BUSY : fault->kind == FAULT_NOT_FOUND ? STORE_NOT_FOUND : STORE_FAILED;
    status = batch_item_end(db, !fault);
    if (status == STORE_OK)
        (void)!count_item(import, fault, posts->noun, index, posts->done);
    return status;
}

/* Posts before last, down to first, all in one transaction: they are there together, or none is, and none counts. */
static enum store_status import_batch(struct import *import, const struct posts *posts, const json_t *list,
                                      size_t first, size_t last)
{
    const struct import_counts before = import->counts;
    enum store_status status = batch_begin(import->actor.db);
    if (status == STORE_OK) {
        for (size_t i = last; i-- > first && status == STORE_OK; arena_free(import->actor.arena))
            status = import_one(import, posts, json_array_get(list, i), i);
        status = batch_end(import->actor.db, status);
    }
    if (status != STORE_OK) {
        const struct fault *fault = fault_of_store(&import->actor, status, posts->noun);
        const char *why = status == STORE_FULL ? tr("the disk is full") : fault->cause ? fault->cause : fault->sentence;
        import->complain(arena_printf(import->actor.arena,
                                      tr("%s %zu to %zu of the export: none of them was taken in (%s). Import it "
                                         "again later; what is there does not come twice."),
                                      posts->key, first + 1, last, why));
        import->counts = before;
        import->counts.refused += (long)(last - first);
        arena_free(import->actor.arena);
    }
    return status;
}

static int import_posts(struct import *import, const struct posts *posts)
{
    const json_t *list = json_object_get(import_source_words(import->source), posts->key);
    for (size_t last = json_array_size(list), first; last; last = first) {
        first = last > IMPORT_BATCH_POSTS ? last - IMPORT_BATCH_POSTS : 0;
        enum store_status status = import_batch(import, posts, list, first, last);
        if (status != STORE_OK && status != STORE_FULL)
            return -1;
    }
    return 0;
}

int import_run(struct app *app, int64_t account, struct import_source *source, void (*complain)(const char *sentence),
               struct import_counts *ret_counts)
{
    struct arena arena = {0}; /* of one item */
    struct import import = {.app = app,
                            .source = source,
                            .complain = complain,
                            .actor = {.store = app->store,
                                      .db = store_acquire(app->store),
                                      .arena = &arena,
                                      .account = account,
                                      .quota_bytes = app->config->quota_bytes}};
    int rc = import_list(&import, "pictures", import_picture_item);
    if (rc == 0)
        rc = import_person(&import);
    if (rc == 0)
        rc = import_posts(&import, &(struct posts){"statuses", "status", bring_status, &import.counts.statuses});
    if (rc == 0)
        rc = import_posts(&import, &(struct posts){"moods", "mood", bring_mood, &import.counts.moods});
    if (rc == 0)
        rc = import_list(&import, "follows", import_follow_item);
    if (rc == 0)
        rc = import_top(&import);
    if (rc == 0)
        rc = import_list(&import, "bulletins", import_bulletin_item);
    if (rc == 0)
        rc = import_list(&import, "layouts", import_layout_item);
    if (rc == 0)
        rc = import_ties(&import.actor, import_source_words(source), app->origin, &import.counts.kept);
    arena_free(&arena);
    store_release(app->store, import.actor.db);
    *ret_counts = import.counts;
    return rc;
}
