/*
 * Reports, decisions, appeals, and who does not see whom: see moderation.h. What is hidden where follows
 * from the columns that this file sets, by triggers (migrations/0004_moderation.sql). Refuses to act against an
 * administrator, so that no two of them can lock each other out: the shell can. Next: blocklist.c.
 */
#include "moderation.h"

#include <string.h>

#include <sodium.h>

#include "audit.h"
#include "base/clock.h"
#include "base/text.h"
#include "blocklist.h"
#include "db.h"
#include "post.h"

enum { HIDDEN = 1, HELD = 2 };

int64_t subject_owner(struct db *db, const char *kind, int64_t subject)
{
    return db_number(db, QUERY_SUBJECT_OWNER, 0, kind, subject);
}

/* ---- Reports ------------------------------------------------------------------------------------ */

static enum store_status insert_report(struct db *db, const struct report_new *r, int64_t owner, const struct blob *who)
{
    const int64_t now = clock_now_s();
    enum store_status status = db_write(db, WRITE_REPORT_OPEN, r->kind, r->subject, owner, now);
    if (status == STORE_OK)
        status = db_write(db, WRITE_REPORT_NOTE, r->kind, r->subject, who, r->reporter, r->reason, r->note, now);
    return status == STORE_OK ? db_write(db, WRITE_REPORT_COUNTED, r->kind, r->subject) : status;
}

enum store_status report_add(struct store *store, struct db *db, const struct report_new *report)
{
    unsigned char who[16];
    crypto_generichash_state state;
    crypto_generichash_init(&state, store_secret(store), 32, sizeof who);
    crypto_generichash_update(&state, (const unsigned char *)"reporter", 8);
    if (report->reporter)
        crypto_generichash_update(&state, (const unsigned char *)&report->reporter, sizeof report->reporter);
    else
        crypto_generichash_update(&state, report->network, sizeof report->network);
    crypto_generichash_final(&state, who, sizeof who);
    enum store_status status = db_begin(db);
    if (status != STORE_OK)
        return status;
    /* A message is reported by whom it was sent to; what is told about it later goes by the report. */
    int64_t owner = strcmp(report->kind, "message") == 0
                        ? db_number(db, QUERY_MESSAGE_SENDER, 0, report->subject, report->reporter)
                        : subject_owner(db, report->kind, report->subject);
    status = owner ? insert_report(db, report, owner, (&(struct blob){who, sizeof who})) : STORE_NOT_FOUND;
    return db_end(db, status);
}

/* ---- Decisions ---------------------------------------------------------------------------------- */

enum effect {
    HIDES,
    UNHIDES,
    APPROVES,
    DELETES,
    BLOCKS,
    DISMISSES,
    WARNS,
    MUTES,
    UNMUTES,
    SUSPENDS,
    UNSUSPENDS,
    BANS,
    UNBANS,
    TRUSTS
};

static const struct {
    const char *name;
    enum effect effect;
    int is_for_posts, is_told; /* is_told: the person reads about it */
} actions[] = {
    {"hide", HIDES, 1, 1},     {"unhide", UNHIDES, 1, 1},    {"approve", APPROVES, 1, 0},     {"delete", DELETES, 1, 1},
    {"block", BLOCKS, 1, 1},   {"dismiss", DISMISSES, 0, 0}, {"warn", WARNS, 0, 1},           {"mute", MUTES, 0, 1},
    {"unmute", UNMUTES, 0, 1}, {"suspend", SUSPENDS, 0, 1},  {"unsuspend", UNSUSPENDS, 0, 1}, {"ban", BANS, 0, 1},
    {"unban", UNBANS, 0, 1},   {"trust", TRUSTS, 0, 0},
};
enum { ACTIONS = sizeof actions / sizeof actions[0] };

/* The kinds of things that can be hidden and deleted. WRITE_COUNT: nobody else sees it, so there is nothing to hide. */
static const struct {
    const char *name;
    enum write hide, delete;
} things[] = {
    {"picture", WRITE_HIDE_PICTURE, WRITE_PICTURE_DELETE},
    {"status", WRITE_HIDE_STATUS, WRITE_STATUS_DELETE},
    {"mood", WRITE_HIDE_MOOD, WRITE_MOOD_DELETE},
    {"wall", WRITE_HIDE_WALL_ENTRY, WRITE_WALL_ENTRY_DELETE},
    {"bulletin", WRITE_HIDE_BULLETIN, WRITE_BULLETIN_DELETE},
    {"layout", WRITE_HIDE_LAYOUT, WRITE_LAYOUT_DELETE},
    {"neighbour", WRITE_HIDE_NEIGHBOUR, WRITE_NEIGHBOUR_DELETE},
    {"message", WRITE_COUNT, WRITE_MESSAGE_DELETE_REPORTED},
};
enum { THINGS = sizeof things / sizeof things[0] };

static int find_thing(const char *kind)
{
    for (int i = 0; i < THINGS; i++)
        if (strcmp(things[i].name, kind) == 0)
            return i;
    return -1;
}

/* Can that be done to a thing of this kind? */
static int takes_effect(enum effect effect, const char *kind)
{
    const int thing = find_thing(kind);
    if (effect == BLOCKS)
        return strcmp(kind, "picture") == 0;
    return thing >= 0 && (effect == DELETES || things[thing].hide != WRITE_COUNT);
}

static int find_action(const char *name, const char *kind)
{
    for (int i = 0; i < ACTIONS; i++)
        if (strcmp(actions[i].name, name) == 0)
            return actions[i].is_for_posts && !takes_effect(actions[i].effect, kind) ? -1 : i;
    return -1;
}

int decision_is_known(const char *action, const char *kind)
{
    return find_action(action, kind) >= 0;
}

static enum store_status set_hidden(struct db *db, const struct decision *d, int64_t bits, int64_t no_bits)
{
    return db_write(db, things[find_thing(d->kind)].hide, d->subject, bits, no_bits);
}

static enum store_status delete_subject(struct db *db, const struct decision *d)
{
    enum store_status status = db_write(db, things[find_thing(d->kind)].delete, (int64_t)0, d->subject);
    return status == STORE_OK ? db_write(db, WRITE_TAGS_SWEEP) : status;
}

/* Every post of the account that waits for review is shown, and later ones are not held any more. */
static enum store_status trust(struct db *db, int64_t account)
{
    static const enum write release[] = {WRITE_ACCOUNT_TRUST,   WRITE_RELEASE_PICTURES,     WRITE_RELEASE_STATUSES,
                                         WRITE_RELEASE_MOODS,   WRITE_RELEASE_WALL_ENTRIES, WRITE_RELEASE_BULLETINS,
                                         WRITE_RELEASE_LAYOUTS, WRITE_RELEASE_NEIGHBOURS};
    enum store_status status = STORE_OK;
    for (size_t i = 0; i < sizeof release / sizeof release[0] && status == STORE_OK; i++)
        status = db_write(db, release[i], account);
    return status;
}

static int is_admin(struct db *db, int64_t account)
{
    sqlite3_stmt *found = db_prepare(db, WRITE_ACCOUNT_IS_ADMIN, account);
    int yes = found && sqlite3_step(found) == SQLITE_ROW;
    sqlite3_reset(found);
    return yes;
}

static enum store_status take_effect(struct db *db, const struct decision *d, enum effect effect, int64_t owner)
{
    int is_against_person = effect == MUTES || effect == SUSPENDS || effect == BANS;
    if (is_against_person && d->actor && is_admin(db, owner))
        return STORE_INVALID;
    if (owner == VISITOR && effect != DISMISSES && find_action(d->action, "") >= 0)
        return STORE_INVALID; /* there is no account that it could be done to */
    switch (effect) {
    case HIDES: return set_hidden(db, d, HIDDEN, 0);
    case UNHIDES: return set_hidden(db, d, 0, HIDDEN);
    case APPROVES: {
        enum store_status status = set_hidden(db, d, 0, HELD);
        return status == STORE_OK ? trust(db, owner) : status;
    }
    case DELETES: return delete_subject(db, d);
    case BLOCKS: return blocklist_take_picture(db, d->subject, d->reason);
    case MUTES: return db_write(db, WRITE_ACCOUNT_MUTE, owner, (int64_t)1);
    case UNMUTES: return db_write(db, WRITE_ACCOUNT_MUTE, owner, (int64_t)0);
    case SUSPENDS: return db_write(db, WRITE_ACCOUNT_SUSPEND, owner, d->until_s);
    case UNSUSPENDS: return db_write(db, WRITE_ACCOUNT_SUSPEND, owner, (int64_t)0);
    case BANS: return db_write(db, WRITE_ACCOUNT_BAN, owner, (int64_t)1);
    case UNBANS: return db_write(db, WRITE_ACCOUNT_BAN, owner, (int64_t)0);
    case TRUSTS: return trust(db, owner);
    case DISMISSES:
    case WARNS: break;
    }
    return STORE_OK;
}

static enum store_status decide(struct db *db, const struct decision *d)
{
    const int64_t now = clock_now_s(), owner = subject_owner(db, d->kind, d->subject);
    int action = find_action(d->action, d->kind);
    if (!owner)
        return STORE_NOT_FOUND;
    if (action < 0 || strlen(d->reason) > REASON_MAX_BYTES)
        return STORE_INVALID;
    enum store_status status = take_effect(db, d, actions[action].effect, owner);
    if (status == STORE_OK)
        status = db_write(db, WRITE_REPORTS_CLOSE, d->kind, d->subject, now);
    if (status == STORE_OK && actions[action].is_told && owner != VISITOR)
        status = db_write(db, WRITE_DECISION_ADD, owner, d->action, d->kind, d->subject, d->reason, now);
    return status == STORE_OK
               ? audit_add(db, d->actor, d->action, d->kind, d->subject, owner == VISITOR ? 0 : owner, d->reason)
               : status;
}

enum store_status decision_make(struct db *db, const struct decision *decision)
{
    enum store_status status = db_begin(db);
    return status == STORE_OK ? db_end(db, decide(db, decision)) : status;
}

enum store_status decision_make_branch(struct db *db, const struct decision *decision, int *ret_count)
{
    if (strcmp(decision->action, "suspend") != 0 && strcmp(decision->action, "ban") != 0)
        return STORE_INVALID;
    enum store_status status = db_begin(db);
    if (status != STORE_OK)
        return status;
    json_t *branch = db_rows(db, QUERY_BRANCH_OF, decision->subject, (int64_t)BRANCH_MAX), *person;
    size_t i;
    int count = 0;
    status = json_array_size(branch) ? STORE_OK : STORE_NOT_FOUND;
    json_array_foreach(branch, i, person)
    {
        struct decision one = *decision;
        one.kind = "person";
        one.subject = json_integer_value(json_object_get(person, "id"));
        if (status != STORE_OK || json_is_true(json_object_get(person, "is_admin")))
            continue;
        status = decide(db, &one);
        count++;
    }
    json_decref(branch);
    status = db_end(db, status);
    if (status == STORE_OK)
        *ret_count = count;
    return status;
}

enum store_status decisions_seen(struct db *db, int64_t account)
{
    return db_write(db, WRITE_DECISIONS_SEEN, account, clock_now_s());
}

/* ---- Appeals ------------------------------------------------------------------------------------ */

enum store_status appeal_add(struct db *db, int64_t account, const char *words)
{
    return db_write(db, WRITE_APPEAL_ADD, account, words, clock_now_s());
}

static enum store_status answer(struct db *db, int64_t actor, int64_t appeal, const char *words, int lift)
{
    const int64_t account = db_first(db_prepare(db, WRITE_APPEAL_OWNER, appeal), 0);
    enum store_status status = account ? STORE_OK : STORE_NOT_FOUND;
    if (status == STORE_OK)
        status = db_write(db, WRITE_APPEAL_ANSWER, appeal, words, clock_now_s());
    if (status == STORE_OK)
        status = db_changed(db);
    static const enum write lifts[] = {WRITE_ACCOUNT_MUTE, WRITE_ACCOUNT_SUSPEND, WRITE_ACCOUNT_BAN};
    for (size_t i = 0; lift && i < sizeof lifts / sizeof lifts[0] && status == STORE_OK; i++)
        status = db_write(db, lifts[i], account, (int64_t)0);
    const char *action = lift ? "appeal granted" : "appeal answered";
    if (status == STORE_OK)
        status = db_write(db, WRITE_DECISION_ADD, account, action, "person", account, words, clock_now_s());
    return status == STORE_OK ? audit_add(db, actor, action, "person", account, account, words) : status;
}

enum store_status appeal_answer(struct db *db, int64_t actor, int64_t appeal, const char *words, int lift)
{
    enum store_status status = db_begin(db);
    return status == STORE_OK ? db_end(db, answer(db, actor, appeal, words, lift)) : status;
}

/* ---- Quotas and settings ------------------------------------------------------------------------- */

enum store_status account_set_quota(struct db *db, int64_t actor, int64_t account, int64_t bytes)
{
    enum store_status status = db_begin(db);
    if (status != STORE_OK)
        return status;
    status = subject_owner(db, "person", account) ? STORE_OK : STORE_NOT_FOUND;
    if (status == STORE_OK)
        status = db_write(db, WRITE_ACCOUNT_QUOTA, account, bytes);
    if (status == STORE_OK && db_changed(db) == STORE_OK)
        status = audit_add(db, actor, "quota", "person", account, account, "");
    return db_end(db, status);
}

static enum store_status decide_setting(struct db *db, int64_t actor, const struct setting *setting)
{
    char what[200];
    const int shown = (int)text_prefix(setting->value, 100);
    snprintf(what, sizeof what, "%.80s = %.*s%s", setting->key, shown, setting->value,
             setting->value[shown] ? "…" : "");
    enum store_status status = db_write(db, WRITE_SETTING_SET, setting->key, setting->value);
    if (status == STORE_OK && db_changed(db) == STORE_OK)
        status = audit_add(db, actor, "setting", "", 0, 0, what);
    return status;
}

enum store_status settings_decide(struct db *db, int64_t actor, const struct setting *settings, int count)
{
    enum store_status status = db_begin(db);
    if (status != STORE_OK)
        return status;
    for (int i = 0; i < count && status == STORE_OK; i++)
        status = decide_setting(db, actor, &settings[i]);
    return db_end(db, status);
}

/* ---- Who does not see whom ----------------------------------------------------------------------- */

enum store_status unseen_add(struct db *db, int64_t viewer, int64_t author, const char *kind)
{
    const int64_t now = clock_now_s();
    enum store_status status = db_begin(db);
    if (status != STORE_OK)
        return status;
    status = db_write(db, WRITE_UNSEEN_ADD, viewer, author, kind, now);
    if (status == STORE_OK && strcmp(kind, "block") == 0)
        status = db_write(db, WRITE_UNSEEN_ADD, author, viewer, "blocked", now);
    return db_end(db, status);
}

enum store_status unseen_delete(struct db *db, int64_t viewer, int64_t author, const char *kind)
{
    enum store_status status = db_begin(db);
    if (status != STORE_OK)
        return status;
    status = db_write(db, WRITE_UNSEEN_DELETE, viewer, author, kind);
    if (status == STORE_OK)
        status = db_changed(db);
    if (status == STORE_OK && strcmp(kind, "block") == 0)
        status = db_write(db, WRITE_UNSEEN_DELETE, author, viewer, "blocked");
    return db_end(db, status);
}
