/* What administrators set: how new accounts begin, and how much somebody may keep. The actor is the administrator. */
#ifndef PICLOG_DOMAIN_SETTING_H
#define PICLOG_DOMAIN_SETTING_H

#include "domain/fault.h"

enum {
    NEW_QUOTA_KB = 500,
    NEW_QUOTA_MAX_KB = 1000000,
    QUOTA_MAX_MB = 100000,
    NAME_REST_MAX_DAYS = 36500,
    NEW_ACCOUNT_MODES = 3
};

/* free, quota, review */
extern const char *const new_account_modes[NEW_ACCOUNT_MODES];

/* mode: one of them; quota_kb: digits; name_rest_days, of the name of a closed account: digits, "": as the option says.
   All, or none. */
const struct fault *setting_new_accounts(const struct actor *actor, const char *mode, const char *quota_kb,
                                         const char *name_rest_days) FAULT_MUST_USE;

/* May visitors and members sign the guestbook of the site? On unless it was switched off. */
int setting_has_guestbook(const struct actor *actor);
const struct fault *setting_guestbook(const struct actor *actor, int is_on) FAULT_MUST_USE;

/* The quota of one person: megabytes in digits; "": that of everybody. */
const struct fault *setting_quota_of(const struct actor *actor, int64_t account, const char *megabytes) FAULT_MUST_USE;

#endif
