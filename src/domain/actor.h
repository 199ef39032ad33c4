/*
 * Who speaks, and where what they say goes. Every function of this layer takes one, checks what was said, and ends in
 * one call of the store. Built for a request by request_actor(), for a move or a test by hand.
 */
#ifndef PICLOG_DOMAIN_ACTOR_H
#define PICLOG_DOMAIN_ACTOR_H

#include "base/arena.h"
#include "store/store.h"

struct actor {
    struct store *store;
    struct db *db;       /* borrowed by the calling thread for as long as the actor is used */
    struct arena *arena; /* holds cleaned words and faults */
    int64_t account;     /* whose words these are */
    int64_t quota_bytes; /* of accounts without one of their own; 0: none */
    const json_t *moods; /* the moods that have a face, [{"mood", "face"}, …], borrowed; NULL: none are known */
    const char *key;     /* of what is sent, so that it is done once (once.h); NULL or "": none came */
    int is_program;      /* the key was chosen by a program */
};

#endif
