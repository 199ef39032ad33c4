/*
 * Saying something once, however often it is sent: a double click, a reload, the way back, a program that heard no
 * answer. Every page carries a new key in its forms ("once"), the API takes one as the header Idempotency-Key; it comes
 * here as actor->key. The second of two gets what the first one made. How it is kept: store/once.h.
 *
 *     fault = once_open(actor, "status", words, &once, &made);
 *     if (!fault && !made) {
 *         status = status_add(…, &made);
 *         fault = once_close(actor, &once, status, made);
 *     }
 */
#ifndef PICLOG_DOMAIN_ONCE_H
#define PICLOG_DOMAIN_ONCE_H

#include "domain/fault.h"
#include "store/account.h"
#include "store/once.h"

/*
 * noun: what is made, for sentences and to tell keys apart. words: all that is said, NULL behind the last; they have to
 * live until once_close(). Other words under the same key are another thing when they come by form, as people go back
 * and write something else, and a fault when a program sends them. *ret_made: the number of what was made before; 0:
 * nothing, and now a transaction may be open that once_close() has to end. Without a key there is none, and nothing is
 * found.
 */
const struct fault *once_open(const struct actor *actor, const char *noun, const char *const *words,
                              struct once *ret_once, int64_t *ret_made) FAULT_MUST_USE;

/* A secret that is shown once: under a key always the same, so that the second answer shows what the first one made;
   else a new one. */
void once_make_secret(const struct actor *actor, const struct once *once, char ret_secret[SECRET_TEXT_BYTES]);

/* The fault of a second answer that could only show a secret which opens nothing any more: another one was made, or it
   was used or taken back, since the first answer. */
const struct fault *once_secret_is_gone(const struct actor *actor, const char *noun) FAULT_MUST_USE;

/* status: what came of the calls in between; made: their number. */
const struct fault *once_close(const struct actor *actor, const struct once *once, enum store_status status,
                               int64_t made) FAULT_MUST_USE;

#endif
