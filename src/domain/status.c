/* Statuses: see status.h. What is kept is text; links are made when it is shown. Refuses an empty one. Next: mood.c. */
#include "domain/status.h"

#include <string.h>

#include "domain/answers.h"
#include "domain/notice.h"
#include "domain/once.h"

const struct words_field status_face = {"face", N_("The face"), TEXT_LINE, FACE_MAX, FACE_MAX_BYTES};

static int is_ascii(const char *text, size_t size_bytes)
{
    for (size_t i = 0; i < size_bytes; i++)
        if ((unsigned char)text[i] >= 0x80)
            return 0;
    return 1;
}

size_t status_face_span(const char *text)
{
    const size_t first = strcspn(text, " ");
    return !text[first] || first > FACE_MAX_BYTES || is_ascii(text, first) || text_tag_span(text) ? 0 : first;
}

struct status_words {
    const char *face, *content;
    struct tags tags;
    struct post_ref reply;
};

static const struct fault *clean(struct arena *arena, const struct status_typed *typed, struct status_words *ret_words)
{
    static const struct words_field content = {"content", N_("The status"), TEXT_BLOCK, STATUS_MAX, STATUS_MAX_BYTES};
    struct status_words words = {0};
    const char *own_face;
    const struct fault *fault = words_clean(arena, &status_face, typed->own_face, &own_face);
    if (!fault)
        fault = words_clean(arena, &status_face, typed->face, &words.face);
    if (!fault)
        fault = words_clean(arena, &content, typed->content, &words.content);
    if (!fault)
        fault = answers_read(arena, "reply_to", typed->reply_to, &words.reply);
    if (fault)
        return fault;
    if (text_is_blank(words.content))
        return fault_of_field(arena, content.name, 0, "The status is empty. Say something, anything.");
    if (*own_face)
        words.face = own_face;
    tags_add_marked(arena, &words.tags, words.content);
    *ret_words = words;
    return NULL;
}

const struct fault *status_publish(const struct actor *actor, const struct status_typed *typed, int64_t *ret_id)
{
    struct status_words words;
    struct once once;
    int64_t id = 0;
    const struct fault *fault = clean(actor->arena, typed, &words);
    if (fault)
        return fault;
    const char *reply = words.reply.id ? answers_name(actor->arena, words.reply) : NULL;
    const char *const said[] = {words.face, words.content, reply, NULL};
    fault = once_open(actor, "status", said, &once, &id);
    if (!fault && !id) {
        /* Within the transaction: what was said once is found again when what it answers is gone. */
        const struct fault *refused = answers_check(actor, words.reply);
        enum store_status status = refused ? STORE_REFUSED
                                           : status_add_answer(actor->db, actor->account, words.face, words.content,
                                                               words.tags.names, words.tags.count, &words.reply, &id);
        if (status == STORE_OK)
            status = notice_named(actor, (struct post_ref){"status", id}, words.content);
        fault = once_close(actor, &once, status, id);
        if (refused)
            fault = refused;
    }
    if (!fault)
        *ret_id = id;
    return fault;
}

const struct fault *status_change(const struct actor *actor, int64_t id, const struct status_typed *typed)
{
    struct status_words words;
    const struct fault *fault = clean(actor->arena, typed, &words);
    if (fault)
        return fault;
    enum store_status status =
        status_edit(actor->db, actor->account, id, words.face, words.content, words.tags.names, words.tags.count);
    if (status == STORE_OK)
        status = notice_named(actor, (struct post_ref){"status", id}, words.content);
    return fault_of_store(actor, status, "status");
}

const struct fault *status_remove(const struct actor *actor, int64_t id)
{
    return fault_of_store(actor, status_delete(actor->db, actor->account, id), "status");
}

const struct fault *status_bring(const struct actor *actor, const struct status_typed *typed, struct post_times times)
{
    struct status_words words;
    const struct fault *fault = clean(actor->arena, typed, &words);
    if (fault)
        return fault;
    return fault_of_store(
        actor,
        status_import(actor->db, actor->account, words.face, words.content, words.tags.names, words.tags.count, times),
        "status");
}
