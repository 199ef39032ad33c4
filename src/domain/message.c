/*
 * Messages: see message.h. Refuses to tell anybody what was read, and to deliver what its receiver has not let in. Read
 * next: store/message.c, store/statements/messages.sql.
 */
#include "domain/message.h"

#include <stdlib.h>
#include <string.h>

#include "domain/name.h"
#include "domain/once.h"
#include "domain/profile.h"
#include "store/blocklist.h"

static int64_t number_in(const json_t *row, const char *key)
{
    return json_integer_value(json_object_get(row, key));
}

const struct fault *conversation_find(const struct actor *actor, const char *name,
                                      struct conversation *ret_conversation)
{
    char folded[NAME_MAX_BYTES + 1];
    const struct fault *fault = name_read_other(actor->arena, "to", name, folded);
    if (fault)
        return fault;
    json_t *row = db_row(actor->db, QUERY_CONVERSATION, (const char *)folded, actor->account);
    const char *mine = json_string_value(json_object_get(row, "mine")),
               *found = json_string_value(json_object_get(row, "name"));
    const struct conversation conversation = {
        .other = number_in(row, "id"),
        .name = found ? arena_copy(actor->arena, found) : NULL,
        .is_here = json_is_true(json_object_get(row, "is_here")),
        .is_request = mine && strcmp(mine, "asked") == 0 && number_in(row, "last_id") > 0,
        .has_lines = mine && strcmp(mine, "open") == 0 && number_in(row, "last_id") > 0,
        .takes_mine = json_is_true(json_object_get(row, "takes_mine")),
        .takes_nudges = json_is_true(json_object_get(row, "takes_nudges")),
        .came = number_in(row, "came_id"),
        .read = number_in(row, "read_id")};
    json_decref(row);
    if (!row)
        return fault_of_store(actor, STORE_FAILED, "conversation");
    if (!conversation.name)
        return name_unknown(actor->arena, folded);
    if (conversation.other == actor->account)
        return fault_of_field(actor->arena, "to", 0, "This is you. You know already what you would write.");
    *ret_conversation = conversation;
    return NULL;
}

/* ---- Writing ------------------------------------------------------------------------------------ */

const struct fault *message_clean(struct arena *arena, const struct message_typed *typed, int has_picture,
                                  struct message_words *ret_words)
{
    static const struct words_field content = {"content", N_("The message"), TEXT_BLOCK, MESSAGE_MAX,
                                               MESSAGE_MAX_BYTES};
    static const struct words_field alt = {"alt", N_("The alt text"), TEXT_BLOCK, ALT_MAX, ALT_MAX_BYTES};
    struct message_words words = {.alt = ""};
    const struct fault *fault = words_clean(arena, &content, typed->content, &words.content);
    if (!fault && has_picture)
        fault = words_clean(arena, &alt, typed->alt, &words.alt);
    if (fault)
        return fault;
    if (!has_picture && text_is_blank(words.content))
        return fault_of_field(arena, content.name, 0, "There is nothing in it yet. Write something, or add a picture.");
    *ret_words = words;
    return NULL;
}

static const struct fault *barred(const struct actor *actor, const char *name, enum message_bar bar)
{
    switch (bar) {
    case MESSAGE_WAITS:
        return fault_make(actor->arena, FAULT_TAKEN,
                          "%d messages of yours wait already until %s says yes. Wait for that, or delete one.",
                          MESSAGE_WAITING_MAX, name);
    case MESSAGE_ASKS:
        return fault_make(actor->arena, FAULT_TAKEN,
                          "You wait for the yes of %d people already, and more than that would be a mailing. Wait for "
                          "one of them, or delete what you wrote to one.",
                          MESSAGE_ASKED_MAX);
    case MESSAGE_UNASKED:
        return fault_make(actor->arena, FAULT_NOT_ALLOWED,
                          "A nudge is no way to begin: it works where %s takes your messages.", name);
    case MESSAGE_TOO_SOON:
        return fault_make(actor->arena, FAULT_TAKEN, "You nudged %s less than a minute ago. Once a minute is plenty.",
                          name);
    case MESSAGE_MAY:
    case MESSAGE_REFUSED: break;
    }
    return fault_make(actor->arena, FAULT_NOT_ALLOWED, "%s takes no messages from you.", name);
}

/* words: what makes two of them the same. */
static const struct fault *keep_once(const struct actor *actor, const struct conversation *conversation,
                                     const char *noun, const char *const *words, const struct message_new *message,
                                     int64_t *ret_id)
{
    struct once once;
    int64_t id = 0;
    enum message_bar bar = MESSAGE_MAY;
    const struct fault *fault = once_open(actor, noun, words, &once, &id);
    if (!fault && !id) {
        enum store_status status = message_add(actor->store, actor->db, message, &bar, &id);
        fault = once_close(actor, &once, status, id);
        if (bar != MESSAGE_MAY)
            fault = barred(actor, conversation->name, bar);
    }
    if (!fault)
        *ret_id = id;
    return fault;
}

static const struct fault *check_here(const struct actor *actor, const struct conversation *conversation)
{
    return conversation->is_here
               ? NULL
               : fault_make(actor->arena, FAULT_NOT_ALLOWED, "%s is not here any more.", conversation->name);
}

const struct fault *message_send(const struct actor *actor, const struct conversation *conversation,
                                 const struct message_words *words, const struct message_picture *picture,
                                 int64_t *ret_id)
{
    const struct message_new message = {.by = actor->account,
                                        .to = conversation->other,
                                        .content = words->content,
                                        .alt = words->alt,
                                        .image = picture ? &picture->image : NULL,
                                        .fingerprint = picture ? picture->fingerprint : 0,
                                        .quota_bytes = actor->quota_bytes};
    const char *const parts[] = {conversation->name, words->content, words->alt,
                                 picture ? arena_printf(actor->arena, "%zu %016llx", picture->image.size_bytes,
                                                        (unsigned long long)picture->fingerprint)
                                         : "",
                                 NULL};
    const struct fault *fault = check_here(actor, conversation);
    /* Here already, since a transaction that is rolled back would not count the hit. */
    if (!fault && picture && blocklist_has_picture(actor->store, actor->db, picture->fingerprint, &picture->image, 1))
        fault = fault_of_store(actor, STORE_BLOCKED, "message");
    return fault ? fault : keep_once(actor, conversation, "message", parts, &message, ret_id);
}

const struct fault *message_nudge(const struct actor *actor, const struct conversation *conversation, int64_t *ret_id)
{
    const struct message_new message = {
        .by = actor->account, .to = conversation->other, .is_nudge = 1, .content = "", .alt = ""};
    const struct fault *fault = check_here(actor, conversation);
    if (!fault && !conversation->takes_nudges)
        fault = fault_make(actor->arena, FAULT_NOT_ALLOWED, "%s takes no nudges.", conversation->name);
    return fault ? fault
                 : keep_once(actor, conversation, "nudge", (const char *const[]){conversation->name, NULL}, &message,
                             ret_id);
}

const struct fault *message_remove(const struct actor *actor, int64_t id)
{
    return fault_of_store(actor, message_delete(actor->db, actor->account, id), "message");
}

/* ---- How the two stand -------------------------------------------------------------------------- */

const struct fault *conversation_read(const struct actor *actor, const struct conversation *conversation,
                                      const char *until)
{
    const long long typed = until ? strtoll(until, NULL, 10) : 0;
    const int64_t line = typed > 0 ? typed : conversation->came;
    return fault_of_store(actor, conversation_mark_read(actor->db, actor->account, conversation->other, line),
                          "conversation");
}

static const struct fault *nothing_waits(const struct actor *actor, const struct conversation *conversation)
{
    return fault_make(actor->arena, FAULT_NOT_FOUND, "Nothing of %s waits for your yes.", conversation->name);
}

const struct fault *conversation_let_in(const struct actor *actor, const struct conversation *conversation)
{
    if (!conversation->is_request)
        return conversation->has_lines ? NULL : nothing_waits(actor, conversation); /* accepted twice is accepted */
    return fault_of_store(actor, conversation_accept(actor->db, actor->account, conversation->other), "conversation");
}

const struct fault *conversation_turn_away(const struct actor *actor, const struct conversation *conversation)
{
    if (!conversation->is_request)
        return nothing_waits(actor, conversation);
    return fault_of_store(actor, conversation_refuse(actor->db, actor->account, conversation->other), "conversation");
}

const struct fault *conversation_remove(const struct actor *actor, const struct conversation *conversation)
{
    if (!conversation->has_lines)
        return fault_make(actor->arena, FAULT_NOT_FOUND, "There is no conversation with %s.", conversation->name);
    return fault_of_store(actor, conversation_delete(actor->db, actor->account, conversation->other), "conversation");
}
