/*
 * Import: see import.h. An export may have been forged by whoever wants to be taken in, so its words pass the checks of
 * the forms, and its pictures are crushed in caged workers as every upload: those of a piclog fit the largest preset
 * and are kept as they are, coefficient by coefficient. What it says about the picture before it was crushed is
 * believed, being no more than words. Next: import_source.c.
 */
#include "app/move/import.h"

#include <errno.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/text.h"
#include "app/posts/posting.h"
#include "app/people/profile.h"

enum { SOURCE_SIDE_MAX_PX = 65535 };

struct import {
    struct app *app;
    struct db *db;
    int64_t account;
    struct import_source *source;
    void (*complain)(const char *sentence);
    struct import_counts counts;
};

/* ---- Words ---------------------------------------------------------------------------------------- */

/* The strings of an item as if they came by form, so that the same checks hold. */
static void fill_form(struct request *req, const json_t *item)
{
    const char *key;
    json_t *value;
    req->form.count = 0;
    json_object_foreach((json_t *)item, key, value)
    {
        if (json_is_string(value) && req->form.count < FIELDS_MAX)
            req->form.items[req->form.count++] =
                (struct field){key, json_string_value(value), json_string_length(value)};
    }
}

static int64_t number(const json_t *item, const char *key, int64_t least, int64_t most, int64_t fallback)
{
    const json_t *value = json_object_get(item, key);
    if (!json_is_integer(value) || json_integer_value(value) < least || json_integer_value(value) > most)
        return fallback;
    return json_integer_value(value);
}

/* NULL, or what is wrong with the times. */
static const char *read_times(const json_t *item, struct post_times *ret_times)
{
    const int64_t now_s = clock_now_s();
    struct post_times times = {.created_s = number(item, "created_at", 1, now_s, 0)};
    times.edited_s = number(item, "edited_at", times.created_s, now_s, 0);
    if (!times.created_s)
        return "Its time is missing or lies in the future.";
    *ret_times = times;
    return NULL;
}

/* The tags of the list and those of the caption; the store ignores those that come twice. */
static int read_tags(struct request *req, const json_t *list, const struct post_words *words, const char **tags)
{
    int count = 0;
    char tag[65];
    for (size_t i = 0; i < json_array_size(list) && count < TAGS_MAX; i++) {
        const char *text = json_string_value(json_array_get(list, i));
        if (text && text_next_tag(&text, tag))
            tags[count++] = arena_copy(&req->arena, tag);
    }
    for (int i = 0; i < words->tag_count && count < TAGS_MAX; i++)
        tags[count++] = words->tags[i];
    return count;
}

/* Counts what became of an item. -1: the database fails, there is no point in going on. */
static int count_item(struct import *import, enum store_status status, const char *fault, const char *noun,
                      size_t index, long *ret_done)
{
    char sentence[500];
    if (!fault) {
        switch (status) {
        case STORE_OK: (*ret_done)++; return 0;
        case STORE_TAKEN: import->counts.known++; return 0;
        case STORE_FULL: fault = "The account's storage or the disk is full (--quota)."; break;
        case STORE_INVALID: fault = "The database does not take it."; break;
        case STORE_REFUSED: fault = "It holds a word that is not taken here."; break;
        case STORE_BLOCKED: fault = "It is on the block list of this piclog."; break;
        default:
            snprintf(sentence, sizeof sentence, "the database: %s", db_error(import->db));
            import->complain(sentence);
            return -1;
        }
    }
    import->counts.refused++;
    snprintf(sentence, sizeof sentence, "%s %zu of the export: %s", noun, index + 1, fault);
    import->complain(sentence);
    return 0;
}

static int import_status_item(struct import *import, struct request *req, const json_t *item, size_t index)
{
    const char *face = "", *content = "", *tags[TAGS_MAX];
    struct post_times times = {0};
    enum store_status status = STORE_OK;
    const char *fault = read_times(item, &times);
    if (!fault)
        fault = posting_text(req, "face", "The face", 0, FACE_MAX, FACE_MAX_BYTES, &face);
    if (!fault)
        fault = posting_text(req, "content", "The status", 1, STATUS_MAX, STATUS_MAX_BYTES, &content);
    if (!fault && text_is_blank(content))
        fault = "It is empty.";
    if (!fault)
        status = status_import(import->db, import->account, face, content, tags,
                               posting_hashtags(req, content, tags, TAGS_MAX), times);
    return count_item(import, status, fault, "status", index, &import->counts.statuses);
}

static int import_mood_item(struct import *import, struct request *req, const json_t *item, size_t index)
{
    const char *face = "", *mood = "", *note = "";
    struct post_times times = {0};
    enum store_status status = STORE_OK;
    const char *fault = read_times(item, &times);
    if (!fault)
        fault = posting_text(req, "face", "The face", 0, FACE_MAX, FACE_MAX_BYTES, &face);
    if (!fault)
        fault = posting_text(req, "mood", "The mood", 0, MOOD_MAX, MOOD_MAX_BYTES, &mood);
    if (!fault)
        fault = posting_text(req, "note", "The note", 0, NOTE_MAX, NOTE_MAX_BYTES, &note);
    if (!fault && text_is_blank(mood))
        fault = "It is empty.";
    if (!fault)
        status = mood_import(import->db, import->account, mood, face, note, times);
    return count_item(import, status, fault, "mood", index, &import->counts.moods);
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

static int crush(struct pool *pool, int fd, size_t size_bytes, const crush_preset *presets, int preset_count,
                 struct pool_outcome *ret_outcome)
{
    struct wait wait = {.mutex = PTHREAD_MUTEX_INITIALIZER, .done = PTHREAD_COND_INITIALIZER};
    if (pool_submit(pool, fd, size_bytes, presets, preset_count, crushed, &wait) != 0)
        return -1;
    pthread_mutex_lock(&wait.mutex);
    while (!wait.is_done)
        pthread_cond_wait(&wait.done, &wait.mutex);
    pthread_mutex_unlock(&wait.mutex);
    *ret_outcome = wait.outcome;
    return 0;
}

static void describe(struct picture_new *picture, const json_t *item, const struct pool_outcome *outcome)
{
    crush_preset preset;
    const char *name = json_string_value(json_object_get(item, "preset")),
               *format = json_string_value(json_object_get(item, "source_format"));
    const struct pool_picture *full = &outcome->pictures[0], *thumb = &outcome->pictures[1];
    picture->full = (struct image){full->data, full->size_bytes, full->width_px, full->height_px};
    picture->thumb = (struct image){thumb->data, thumb->size_bytes, thumb->width_px, thumb->height_px};
    picture->preset = name && crush_preset_by_name(name, &preset) == 0 && preset != CRUSH_PRESET_THUMBNAIL
                          ? crush_preset_name(preset)
                          : crush_preset_name(CRUSH_PRESET_CRISPY);
    picture->quality = (int)number(item, "quality", 1, 100, full->quality);
    picture->fingerprint = outcome->fingerprint;
    picture->source_format = crush_format_text(outcome->source.format);
    for (int i = CRUSH_FORMAT_UNKNOWN + 1; format && i <= CRUSH_FORMAT_AVIF; i++)
        if (strcmp(format, crush_format_text((crush_format)i)) == 0)
            picture->source_format = crush_format_text((crush_format)i);
    picture->source_bytes = number(item, "source_bytes", 1, 1000000000, (int64_t)outcome->source.source_bytes);
    picture->source_width = number(item, "source_width", 1, SOURCE_SIDE_MAX_PX, outcome->source.source_width_px);
    picture->source_height = number(item, "source_height", 1, SOURCE_SIDE_MAX_PX, outcome->source.source_height_px);
}

/* The picture itself: 0 with *ret_status, 1 with *ret_fault, -1 when no worker can be had. */
static int crush_and_post(struct import *import, struct request *req, const json_t *item, struct picture_new *picture,
                          struct post_times times, enum store_status *ret_status, const char **ret_fault)
{
    /* For good: the largest preset leaves what was crushed before as it is. */
    static const crush_preset presets[] = {CRUSH_PRESET_CRISPY, CRUSH_PRESET_THUMBNAIL};
    char message[300];
    const char *name = json_string_value(json_object_get(item, "file"));
    struct pool_outcome outcome;
    size_t size;
    int fd;
    if (import_source_picture(import->source, name ? name : "", &fd, &size, message, sizeof message) != 0) {
        *ret_fault = arena_copy(&req->arena, message);
        return 1;
    }
    int rc = crush(import->app->pool, fd, size, presets, 2, &outcome);
    close(fd);
    if (rc != 0 || outcome.status == POOL_CLOSED)
        return -1;
    if (outcome.status != POOL_OK) {
        *ret_fault = arena_printf(&req->arena, "The picture cannot be used: %s.", outcome.error.message);
        return 1;
    }
    describe(picture, item, &outcome);
    *ret_status = picture_import(import->app->store, import->db, picture, times);
    for (int i = 0; i < outcome.picture_count; i++)
        free(outcome.pictures[i].data);
    return 0;
}

static int import_picture_item(struct import *import, struct request *req, const json_t *item, size_t index)
{
    struct post_words words;
    struct post_times times = {0};
    enum store_status status = STORE_OK;
    const char *fault = read_times(item, &times), *tags[TAGS_MAX];
    if (!fault)
        fault = posting_words(req, &words);
    if (!fault) {
        struct picture_new picture = {.account = import->account,
                                      .caption = words.caption,
                                      .note = words.note,
                                      .alt = words.alt,
                                      .tags = tags,
                                      .tag_count = read_tags(req, json_object_get(item, "tags"), &words, tags),
                                      .quota_bytes = import->app->config->quota_bytes};
        if (crush_and_post(import, req, item, &picture, times, &status, &fault) < 0) {
            import->complain("the workers cannot be started");
            return -1;
        }
    }
    return count_item(import, status, fault, "picture", index, &import->counts.pictures);
}

/* ---- The person ------------------------------------------------------------------------------------- */

static int is_empty(const json_t *object, const char *key)
{
    const char *text = json_string_value(json_object_get(object, key));
    return !text || !*text;
}

/* A person's picture or background, by the name of its file in the export. NULL, or why it is left out. */
static const char *import_portrait(struct import *import, struct request *req, enum profile_image which,
                                   const char *name)
{
    static const crush_preset presets[] = {CRUSH_PRESET_THUMBNAIL, CRUSH_PRESET_CRUNCHY};
    char message[300];
    struct pool_outcome outcome;
    size_t size;
    int fd;
    if (import_source_picture(import->source, name, &fd, &size, message, sizeof message) != 0)
        return arena_copy(&req->arena, message);
    int rc = crush(import->app->pool, fd, size, &presets[which], 1, &outcome);
    close(fd);
    if (rc != 0 || outcome.status != POOL_OK)
        return "The person's picture cannot be used.";
    const struct pool_picture *crushed = &outcome.pictures[0];
    const struct image image = {crushed->data, crushed->size_bytes, crushed->width_px, crushed->height_px};
    enum store_status status = profile_set_image(import->app->store, import->db, import->account, which, &image,
                                                 outcome.fingerprint, import->app->config->quota_bytes);
    free(crushed->data);
    return status == STORE_OK        ? NULL
           : status == STORE_BLOCKED ? "The person's picture is on the block list."
                                     : "The person's picture does not fit any more (--quota).";
}

/* "links" of the export become lines of the form, so that the same checks hold. */
static const char *import_links(struct import *import, struct request *req, const json_t *list)
{
    struct profile_link links[PROFILE_LINKS_MAX];
    struct buf lines = {0};
    int count = 0;
    buf_puts(&lines, "");
    for (size_t i = 0; i < json_array_size(list); i++) {
        const char *url = json_string_value(json_object_get(json_array_get(list, i), "url"));
        const char *label = json_string_value(json_object_get(json_array_get(list, i), "label"));
        buf_printf(&lines, "%s %s\n", url ? url : "", label ? label : "");
    }
    req->form.items[0] = (struct field){"links", lines.data, lines.size_bytes};
    req->form.count = 1;
    const char *fault = profile_read_links(req, links, &count);
    buf_free(&lines);
    if (!fault && profile_set_links(import->db, import->account, links, count) != STORE_OK)
        fault = "The database does not take the links.";
    return fault;
}

/* Profile words and pictures, where the account has none of its own. What does not pass is left out. */
static int import_person(struct import *import)
{
    struct request req = {.app = import->app};
    const json_t *person = json_object_get(import_source_words(import->source), "person");
    json_t *mine = db_row(import->db, QUERY_PERSON_BY_ID, "i", import->account);
    const char *display_name, *homepage, *about, *fault = NULL;
    int rc = 0;
    if (json_is_object(person) && is_empty(mine, "display_name") && is_empty(mine, "homepage") &&
        is_empty(mine, "about") && is_empty(mine, "css")) {
        fill_form(&req, person);
        const char *css = request_form(&req, "css", "");
        fault = posting_profile(&req, &display_name, &homepage, &about, &css);
        enum store_status status =
            fault ? STORE_OK : account_edit(import->db, import->account, display_name, homepage, about, css);
        static const char *const portraits[] = {"avatar_file", "background_file"};
        long ignored = 0;
        rc = count_item(import, status, fault, "person", 0, &ignored);
        for (int which = PROFILE_AVATAR; rc == 0 && which <= PROFILE_BACKGROUND; which++) {
            const char *name = json_string_value(json_object_get(person, portraits[which]));
            if (name)
                rc = count_item(import, STORE_OK, import_portrait(import, &req, (enum profile_image)which, name),
                                "person", 0, &ignored);
        }
        if (rc == 0 && json_array_size(json_object_get(person, "links")))
            rc = count_item(import, STORE_OK, import_links(import, &req, json_object_get(person, "links")), "person", 0,
                            &ignored);
    }
    json_decref(mine);
    arena_free(&req.arena);
    return rc;
}

/* ---- All of it -------------------------------------------------------------------------------------- */

typedef int import_item(struct import *import, struct request *req, const json_t *item, size_t index);

/* Oldest first, so that the timeline keeps its order. */
static int import_list(struct import *import, const char *name, import_item *import_one)
{
    const json_t *list = json_object_get(import_source_words(import->source), name);
    for (size_t i = json_array_size(list); i-- > 0;) {
        struct request req = {.app = import->app};
        const json_t *item = json_array_get(list, i);
        fill_form(&req, item);
        int rc = import_one(import, &req, item, i);
        arena_free(&req.arena);
        if (rc != 0)
            return -1;
    }
    return 0;
}

int import_run(struct app *app, int64_t account, struct import_source *source, void (*complain)(const char *sentence),
               struct import_counts *ret_counts)
{
    struct import import = {
        .app = app, .db = store_acquire(app->store), .account = account, .source = source, .complain = complain};
    int rc = import_list(&import, "pictures", import_picture_item);
    if (rc == 0)
        rc = import_person(&import);
    if (rc == 0)
        rc = import_list(&import, "statuses", import_status_item);
    if (rc == 0)
        rc = import_list(&import, "moods", import_mood_item);
    store_release(app->store, import.db);
    *ret_counts = import.counts;
    return rc;
}
