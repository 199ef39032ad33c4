/*
 * Messages: two people write to each other, and nobody else reads it. Of whom one follows one takes messages at once;
 * others ask by writing, and wait until they are accepted or refused, unread. A nudge is a line of the conversation.
 */
#ifndef PICLOG_DOMAIN_MESSAGE_H
#define PICLOG_DOMAIN_MESSAGE_H

#include "domain/picture.h"
#include "store/message.h"

enum { MESSAGE_MAX = 1000, MESSAGE_MAX_BYTES = 8000 };

/* The actor's conversation with somebody, also when nothing was written yet. */
struct conversation {
    int64_t other;
    const char *name;   /* in the arena */
    int is_here;        /* 0: banned or disabled. What there is can be read and deleted, nothing is sent */
    int is_request;     /* the other would like to write, and nothing of it is shown */
    int has_lines;      /* the actor sees some */
    int takes_mine;     /* the other takes what the actor writes, without asking */
    int takes_nudges;   /* the other does */
    int64_t came, read; /* the newest line of the other, and as far as the actor read */
};

/* With the person of that name; not with oneself. FAULT_NOT_FOUND: nobody, or there is a block between the two. */
const struct fault *conversation_find(const struct actor *actor, const char *name,
                                      struct conversation *ret_conversation) FAULT_MUST_USE;

/* As it was typed; NULL: it was not. */
struct message_typed {
    const char *content, *alt;
};

/* The same, clean, in the arena. */
struct message_words {
    const char *content, *alt;
};

struct message_picture {
    struct image image;
    uint64_t fingerprint;
};

/* Before a picture is crushed, so that nobody waits for a worker in vain. Words may be missing where a picture comes.
 */
const struct fault *message_clean(struct arena *arena, const struct message_typed *typed, int has_picture,
                                  struct message_words *ret_words) FAULT_MUST_USE;

/* Writes, once for each key and picture; picture NULL: none. *ret_id: its number. */
const struct fault *message_send(const struct actor *actor, const struct conversation *conversation,
                                 const struct message_words *words, const struct message_picture *picture,
                                 int64_t *ret_id) FAULT_MUST_USE;
/* A nudge: to who takes messages of the actor and nudges at all, once a minute. */
const struct fault *message_nudge(const struct actor *actor, const struct conversation *conversation,
                                  int64_t *ret_id) FAULT_MUST_USE;
/* Deletes a line for both; either of the two may. */
const struct fault *message_remove(const struct actor *actor, int64_t id) FAULT_MUST_USE;

/* Read as far as the line of that number; NULL or nonsense: all of it. The other never learns. */
const struct fault *conversation_read(const struct actor *actor, const struct conversation *conversation,
                                      const char *until) FAULT_MUST_USE;
/* What the other writes is taken from now on; or it is not, and what waits is deleted for both. FAULT_NOT_FOUND:
   nothing waits. */
const struct fault *conversation_let_in(const struct actor *actor,
                                        const struct conversation *conversation) FAULT_MUST_USE;
const struct fault *conversation_turn_away(const struct actor *actor,
                                           const struct conversation *conversation) FAULT_MUST_USE;
/* Deletes all of it for both. FAULT_NOT_FOUND: there is nothing. */
const struct fault *conversation_remove(const struct actor *actor,
                                        const struct conversation *conversation) FAULT_MUST_USE;

#endif
