/*
 * Moderation: reports of strangers, what administrators decide, what the person is told, appeals, and the audit log.
 *
 * A subject is a kind ("picture", "status", "mood" or "person") and its number. Nothing here copies the words of a
 * post, so that deleting one leaves nothing behind. Every decision is one transaction with its line in the log.
 */
#ifndef PICLOG_STORE_MODERATION_H
#define PICLOG_STORE_MODERATION_H

#include "store.h"

enum { REASON_MAX_BYTES = 2000, SUSPEND_MAX_DAYS = 3650, BRANCH_MAX = 1000 };

/* Whose thing it is; 0: there is no such thing; VISITOR: somebody without an account left it. */
enum { VISITOR = -1 };
int64_t subject_owner(struct db *db, const char *kind, int64_t subject);

struct report_new {
    const char *kind;
    int64_t subject;
    int64_t reporter;          /* account, 0: nobody signed in; then network tells people apart */
    unsigned char network[16]; /* kept as a keyed hash only */
    const char *reason, *note;
};
/* Merged with the open report of the same thing; the same person again replaces what they said. Beyond 50 people
   nothing more is kept. STORE_NOT_FOUND: no such thing. */
STORE_MUST_USE enum store_status report_add(struct store *store, struct db *db, const struct report_new *report);

struct decision {
    int64_t actor;      /* an administrator; 0: the shell */
    const char *action; /* see decision_make */
    const char *kind;   /* of the subject */
    int64_t subject;
    const char *reason; /* the person is shown it, and the log keeps it */
    int64_t until_s;    /* of suspend */
};
/*
 * Does one of: hide unhide approve delete block dismiss (posts), warn mute unmute suspend unsuspend ban unban trust
 * (the person of the subject). Closes the open reports of the subject, tells the person, writes the log.
 * STORE_NOT_FOUND: no such thing. STORE_INVALID: no such action for it, or it is against an administrator.
 */
STORE_MUST_USE enum store_status decision_make(struct db *db, const struct decision *decision);
/* 1 when the action exists for this kind of subject. */
int decision_is_known(const char *action, const char *kind);
/* Everybody in the branch below an account, that account included: suspend or ban. Administrators are left out. */
STORE_MUST_USE enum store_status decision_make_branch(struct db *db, const struct decision *decision, int *ret_count);
/* The person has seen what was decided. */
STORE_MUST_USE enum store_status decisions_seen(struct db *db, int64_t account);

/* STORE_TAKEN: there is an open one. */
STORE_MUST_USE enum store_status appeal_add(struct db *db, int64_t account, const char *words);
/* lift: ends mute, suspension and ban. */
STORE_MUST_USE enum store_status appeal_answer(struct db *db, int64_t actor, int64_t appeal, const char *answer,
                                               int lift);

/* bytes below 0: the quota of everybody. What is so already is no line in the log. */
STORE_MUST_USE enum store_status account_set_quota(struct db *db, int64_t actor, int64_t account, int64_t bytes);
/* Settings of administrators, each that changes with its line in the log; all of them or none. */
struct setting {
    const char *key, *value;
};
STORE_MUST_USE enum store_status settings_decide(struct db *db, int64_t actor, const struct setting *settings,
                                                 int count);

/* Mutes and blocks between people; kind is "mute" or "block". A block works in both directions. */
STORE_MUST_USE enum store_status unseen_add(struct db *db, int64_t viewer, int64_t author, const char *kind);
STORE_MUST_USE enum store_status unseen_delete(struct db *db, int64_t viewer, int64_t author, const char *kind);

#endif
