/* Moods: see mood.h. Refuses a mood without a word. Next: picture.c. */
#include "domain/mood.h"

#include <string.h>

#include "domain/notice.h"
#include "domain/once.h"
#include "domain/status.h"

struct mood_words {
    const char *mood, *face, *note;
};

/* The face that the list has for a mood; "" for one's own words. */
static const char *face_of(const struct actor *actor, const char *mood)
{
    for (size_t i = 0; i < json_array_size(actor->moods); i++) {
        const json_t *known = json_array_get(actor->moods, i);
        if (strcmp(json_string_value(json_object_get(known, "mood")), mood) == 0)
            return json_string_value(json_object_get(known, "face"));
    }
    return "";
}

/* "🥱 sleepy" typed in one field. */
static void split_face(struct arena *arena, struct mood_words *words)
{
    const size_t face = *words->face ? 0 : status_face_span(words->mood);
    if (!face)
        return;
    words->face = arena_copy_n(arena, words->mood, face);
    words->mood += face + 1;
}

static const struct fault *clean(struct arena *arena, const struct mood_typed *typed, struct mood_words *ret_words)
{
    static const struct words_field mood = {"mood", N_("The mood"), TEXT_LINE, MOOD_MAX, MOOD_MAX_BYTES};
    static const struct words_field note = {"note", N_("The note"), TEXT_LINE, NOTE_MAX, NOTE_MAX_BYTES};
    struct mood_words words = {0};
    const struct fault *fault = words_clean(arena, &status_face, typed->face, &words.face);
    if (!fault)
        fault = words_clean(arena, &mood, typed->mood, &words.mood);
    if (!fault)
        fault = words_clean(arena, &note, typed->note, &words.note);
    if (!fault)
        *ret_words = words;
    return fault;
}

static const struct fault *check_word(struct arena *arena, const struct mood_words *words)
{
    return text_is_blank(words->mood)
               ? fault_of_field(arena, "mood", 0, "Which mood? One word is enough, “whatever” counts.")
               : NULL;
}

static const struct fault *read(const struct actor *actor, const struct mood_typed *typed, struct mood_words *ret_words)
{
    const struct fault *fault = clean(actor->arena, typed, ret_words);
    if (fault)
        return fault;
    split_face(actor->arena, ret_words);
    ret_words->mood = arena_copy(actor->arena, lang_mood_key(ret_words->mood));
    if (!*ret_words->face)
        ret_words->face = face_of(actor, ret_words->mood);
    return check_word(actor->arena, ret_words);
}

const struct fault *mood_publish(const struct actor *actor, const struct mood_typed *typed, int64_t *ret_id)
{
    struct mood_words words;
    struct once once;
    int64_t id = 0;
    const struct fault *fault = read(actor, typed, &words);
    if (!fault)
        fault = once_open(actor, "mood", (const char *const[]){words.mood, words.face, words.note, NULL}, &once, &id);
    if (!fault && !id) {
        enum store_status status = mood_add(actor->db, actor->account, words.mood, words.face, words.note, &id);
        if (status == STORE_OK)
            status = notice_named(actor, (struct post_ref){"mood", id}, words.note);
        fault = once_close(actor, &once, status, id);
    }
    if (!fault)
        *ret_id = id;
    return fault;
}

const struct fault *mood_change(const struct actor *actor, int64_t id, const struct mood_typed *typed)
{
    struct mood_words words;
    const struct fault *fault = read(actor, typed, &words);
    if (fault)
        return fault;
    enum store_status status = mood_edit(actor->db, actor->account, id, words.mood, words.face, words.note);
    if (status == STORE_OK)
        status = notice_named(actor, (struct post_ref){"mood", id}, words.note);
    return fault_of_store(actor, status, "mood");
}

const struct fault *mood_remove(const struct actor *actor, int64_t id)
{
    return fault_of_store(actor, mood_delete(actor->db, actor->account, id), "mood");
}

const struct fault *mood_bring(const struct actor *actor, const struct mood_typed *typed, struct post_times times)
{
    struct mood_words words;
    const struct fault *fault = clean(actor->arena, typed, &words);
    if (!fault)
        fault = check_word(actor->arena, &words);
    if (fault)
        return fault;
    return fault_of_store(actor, mood_import(actor->db, actor->account, words.mood, words.face, words.note, times),
                          "mood");
}
