/*
 * Who is here: those who chose to be seen, what they do, in memory only. Whoever asked for something within five
 * minutes is here; with a stream open and silent for longer, away; else gone. Who may see it is not asked here: live.c.
 * Every function may be called from any thread; times are those of clock_monotonic_ms().
 */
#ifndef PICLOG_APP_REQUEST_PRESENCE_H
#define PICLOG_APP_REQUEST_PRESENCE_H

#include <stdint.h>

enum presence_state { PRESENCE_GONE, PRESENCE_AWAY, PRESENCE_HERE };

enum {
    PRESENCE_AWAY_MS = 5 * 60 * 1000,
    PRESENCE_GRACE_MS = 3000, /* between a page that is left and the next one */
    PRESENCE_KEEP_MS = 60000, /* that somebody is gone is remembered as long as a stream may be behind */
    PRESENCE_MAX = 10000      /* people; further ones are not seen */
};

struct presence;

/* NULL: no memory. */
struct presence *presence_open(void);
void presence_close(struct presence *presence);

/* An account that chose to be seen did something. */
void presence_acted(struct presence *presence, int64_t account, int64_t now_ms);
/* A stream of it began (by 1) or ended (by -1), which is no act. is_shown: it chose to be seen. */
void presence_stream(struct presence *presence, int64_t account, int is_shown, int by, int64_t now_ms);
/* It signed out: gone at once, or with the last stream that is open elsewhere. */
void presence_left(struct presence *presence, int64_t account);
/* It chose whether it is seen. */
void presence_show(struct presence *presence, int64_t account, int is_shown);

enum presence_state presence_of(struct presence *presence, int64_t account);
const char *presence_word(enum presence_state state);

struct presence_change {
    int64_t account;
    enum presence_state state;
    uint64_t number; /* grows with every change */
};

/* Settles who is what by now. Returns how many people are known. */
int presence_settle(struct presence *presence, int64_t now_ms);
/* The changes behind a number in their order, the last of each account, at most max of them. Returns how many. */
int presence_changes(struct presence *presence, uint64_t after, struct presence_change *ret_changes, int max);
uint64_t presence_newest(struct presence *presence);

#endif
