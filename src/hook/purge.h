/*
 * Caches in front of piclog, such as Varnish, are told which pictures they must forget: "PURGE /i/HASH.jpg".
 *
 * What a cache may hold is what it was given within the last PURGE_HOLD_S, and that is remembered here, whoever asked.
 * Whatever of it strangers may not see any longer, for whatever reason and by whichever process, is purged. What cannot
 * be remembered any more is purged as well. At the start "PURGE /" asks for all of it to go, as a killed process
 * remembered something; nginx does not know that one, and keeps pictures until their hour is over.
 */
#ifndef PICLOG_HOOK_PURGE_H
#define PICLOG_HOOK_PURGE_H

#include "store/store.h"

/* How long caches in front are told to keep a picture. */
enum { PURGE_HOLD_S = 3600 };

struct purge;

struct purge_options {
    const char *const *addresses; /* "http://127.0.0.1:6081", without a slash at the end; borrowed */
    int address_count;            /* at most 8 */
    const char *public_url;       /* whose host the caches know pictures by; borrowed */
};

/* Starts the thread. NULL with a sentence when it cannot be started, or libcurl is not there. */
struct purge *purge_open(struct store *store, const struct purge_options *options, const char **ret_fault);

/*
 * path ("/i/HASH.jpg" or "/t/HASH.jpg"; others are ignored) is about to be given to somebody. Before it is read, so
 * that a deletion in between is noticed. Thread-safe, never waits for a network. purge may be NULL.
 */
void purge_note(struct purge *purge, const char *path);

/* There was nothing at that path. Where anybody else asked for it, they may have had it, and it stays remembered. purge
   may be NULL. */
void purge_forget(struct purge *purge, const char *path);

/* Ends the thread, after the request that is under way. purge may be NULL. */
void purge_close(struct purge *purge);

#endif
