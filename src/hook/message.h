/* What a webhook is told: the body, its signature, its headers. */
#ifndef PICLOG_HOOK_MESSAGE_H
#define PICLOG_HOOK_MESSAGE_H

#include "base/buf.h"
#include "store/webhook.h"

enum { SIGNATURE_TEXT_BYTES = 72 /* "sha256=", 64 hex digits, terminated */ };

/*
 * Appends the JSON of an event: {"event","id","account","kind","created_at","post"}; post as GET /api/… gives it but
 * for is_own, or {"id","url"} of a deleted one. Returns 1, 0 when the post is gone meanwhile (its deletion is told
 * later), -1 on failure.
 */
int message_write(struct db *db, const struct webhook_due *due, const char *public_url, struct buf *body);

/* HMAC-SHA256 (RFC 2104) of the body with the secret as text, in hex behind "sha256=". */
void message_sign(const char *secret, const struct buf *body, char ret_text[SIGNATURE_TEXT_BYTES]);

#endif
