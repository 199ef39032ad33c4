/*
 * Messages and nudges between two people, and how the two stand: a row of conversations for each of them. Texts are
 * checked by the caller; words that are not taken here, and pictures that are blocked, are found here. The newest
 * lines, what was read and the bytes of pictures follow by triggers (migrations/0010_messages.sql).
 */
#ifndef PICLOG_STORE_MESSAGE_H
#define PICLOG_STORE_MESSAGE_H

#include "image.h"

enum {
    MESSAGE_WAITING_MAX = 5, /* from one to another, until that one says yes */
    MESSAGE_ASKED_MAX = 20,  /* people whom one waits for at the same time */
    MESSAGE_NUDGE_EVERY_S = 60
};

/* Why a line does not get through. */
enum message_bar {
    MESSAGE_MAY = 0,
    MESSAGE_REFUSED, /* the other said no */
    MESSAGE_WAITS,   /* MESSAGE_WAITING_MAX */
    MESSAGE_ASKS,    /* MESSAGE_ASKED_MAX */
    MESSAGE_UNASKED, /* a nudge is no way to begin */
    MESSAGE_TOO_SOON /* MESSAGE_NUDGE_EVERY_S */
};

struct message_new {
    int64_t by, to;
    int is_nudge; /* then it has no words */
    const char *content, *alt;
    const struct image *image; /* NULL: none */
    uint64_t fingerprint;
    int64_t quota_bytes; /* of accounts without one of their own; 0: none */
};

/* STORE_NOT_FOUND: it does not get through, *ret_bar says why. STORE_FULL: over the quota of whoever writes.
   STORE_REFUSED: a word is not taken here, or would have to be looked at by somebody else first. STORE_BLOCKED: the
   picture is not. */
STORE_MUST_USE enum store_status message_add(struct store *store, struct db *db, const struct message_new *message,
                                             enum message_bar *ret_bar, int64_t *ret_id);
/* For both, bytes included. account: one of the two. */
STORE_MUST_USE enum store_status message_delete(struct db *db, int64_t account, int64_t message);
/* The bytes of its picture: the caller has asked who may see them. malloc'd. */
STORE_MUST_USE enum store_status message_image_find(struct db *db, int64_t message, void **ret_data,
                                                    size_t *ret_size_bytes);
/* The same of a line in a report, by the number of the copy. For administrators. */
STORE_MUST_USE enum store_status message_image_reported(struct db *db, int64_t line, void **ret_data,
                                                        size_t *ret_size_bytes);

/* Read as far as that line; never less than before. */
STORE_MUST_USE enum store_status conversation_mark_read(struct db *db, int64_t account, int64_t other, int64_t until);
/* What the other writes is taken from now on. STORE_NOT_FOUND: they never wrote. */
STORE_MUST_USE enum store_status conversation_accept(struct db *db, int64_t account, int64_t other);
/* It is not, and what waits is deleted for both. STORE_NOT_FOUND: they never wrote. */
STORE_MUST_USE enum store_status conversation_refuse(struct db *db, int64_t account, int64_t other);
/* Deletes all of it for both; who writes next asks again. */
STORE_MUST_USE enum store_status conversation_delete(struct db *db, int64_t account, int64_t other);

#endif
