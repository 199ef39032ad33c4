/* Settings of administrators: see setting.h. Refuses numbers that are none. Read next: store/moderation.c. */
#include "domain/setting.h"

#include <stdlib.h>
#include <string.h>

#include "store/moderation.h"

const char *const new_account_modes[NEW_ACCOUNT_MODES] = {"free", "quota", "review"};

/* From 1 to most, or -1. */
static int64_t read_number(const char *typed, long most)
{
    char *end;
    long number = strtol(typed, &end, 10);
    return *typed && !*end && number >= 1 && number <= most ? number : -1;
}

const struct fault *setting_new_accounts(const struct actor *actor, const char *mode, const char *quota_kb,
                                         const char *name_rest_days)
{
    const int64_t kb = read_number(quota_kb, NEW_QUOTA_MAX_KB);
    int known = 0;
    for (int i = 0; i < NEW_ACCOUNT_MODES; i++)
        known |= strcmp(mode, new_account_modes[i]) == 0;
    if (!known)
        return fault_of_field(actor->arena, "new_accounts", 0,
                              "New accounts are free, held to a small quota, or reviewed.");
    if (kb < 0)
        return fault_of_field(actor->arena, "new_quota_kb", NEW_QUOTA_MAX_KB,
                              "The small quota is a number of kilobytes from 1 to 1 000 000.");
    if (*name_rest_days && strcmp(name_rest_days, "0") != 0 && read_number(name_rest_days, NAME_REST_MAX_DAYS) < 0)
        return fault_of_field(actor->arena, "name_rest_days", NAME_REST_MAX_DAYS,
                              "A name rests for a number of days from 0 to %d, or empty for the usual.",
                              NAME_REST_MAX_DAYS);
    const struct setting settings[] = {{"new_accounts", mode},
                                       {"name_rest_days", name_rest_days},
                                       {"new_quota_bytes", arena_printf(actor->arena, "%lld", (long long)kb * 1000)}};
    return fault_of_store(actor, settings_decide(actor->db, actor->account, settings, 3), "setting");
}

int setting_has_guestbook(const struct actor *actor)
{
    json_t *row = db_row(actor->db, QUERY_SETTING, "guestbook");
    const char *value = json_string_value(json_object_get(row, "value"));
    const int is_off = value && strcmp(value, "off") == 0;
    json_decref(row);
    return !is_off;
}

const struct fault *setting_guestbook(const struct actor *actor, int is_on)
{
    const struct setting setting = {"guestbook", is_on ? "on" : "off"};
    return fault_of_store(actor, settings_decide(actor->db, actor->account, &setting, 1), "setting");
}

const struct fault *setting_quota_of(const struct actor *actor, int64_t account, const char *megabytes)
{
    const int64_t mb = read_number(megabytes, QUOTA_MAX_MB);
    if (*megabytes && mb < 0)
        return fault_of_field(actor->arena, "megabytes", QUOTA_MAX_MB,
                              "A quota is a number of megabytes from 1 to %d, or empty for that of everybody.",
                              QUOTA_MAX_MB);
    return fault_of_store(actor, account_set_quota(actor->db, actor->account, account, *megabytes ? mb * 1000000 : -1),
                          "account");
}
