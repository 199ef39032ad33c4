/* What a piclog says of itself: see site.h. Refuses an address that could be a script. Read next: setting.c. */
#include "domain/site.h"

#include <string.h>

#include "domain/web_address.h"
#include "domain/words.h"
#include "store/moderation.h"

static const struct {
    const char *key; /* in the database */
    struct words_field words;
    const char *fallback;
} fields[SITE_FIELDS] = {
    [SITE_NAME] = {"site_name", {"name", N_("The name"), TEXT_LINE, SITE_NAME_MAX, 4 * SITE_NAME_MAX}, "piclog"},
    [SITE_MOTTO] = {"site_motto", {"motto", N_("The motto"), TEXT_LINE, SITE_MOTTO_MAX, 4 * SITE_MOTTO_MAX}, ""},
    [SITE_SIGNUP] = {"site_signup", {"signup", N_("Who may join"), TEXT_LINE, 20, 20}, "invite"},
    [SITE_CONTACT] = {"site_contact", {"contact", N_("The contact"), TEXT_LINE, 200, WEB_ADDRESS_MAX_BYTES}, ""},
    [SITE_RULES] = {"site_rules", {"rules", N_("The rules"), TEXT_BLOCK, SITE_RULES_MAX, SITE_RULES_MAX_BYTES}, ""},
    [SITE_LANGUAGE] = {"site_language",
                       {"language", N_("The language"), TEXT_LINE, LANG_CODE_MAX, LANG_CODE_MAX},
                       "en"},
};

static const char *const signups[] = {[SIGNUP_OPEN] = "open", [SIGNUP_INVITE] = "invite", [SIGNUP_CLOSED] = "closed"};

const char *site_field_name(enum site_field field)
{
    return fields[field].words.name;
}

/* ---- What may be said ----------------------------------------------------------------------------- */

/* "mailto:me@pics.example" or a web address, of what was typed; NULL: it is neither. */
static const char *contact_complete(struct arena *arena, const char *typed)
{
    const char *address = strncmp(typed, "mailto:", 7) == 0 ? typed + 7 : typed;
    const char *at = strchr(address, '@');
    if (!at || strstr(typed, "://") || memchr(address, '/', (size_t)(at - address)))
        return web_address_complete(arena, typed);
    static const char letters[] = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789.-_+";
    const int is_whole = at > address && at[1] && strspn(address, letters) == (size_t)(at - address) &&
                         strspn(at + 1, letters) == strlen(at + 1) && strchr(at + 1, '.');
    return is_whole ? arena_printf(arena, "mailto:%s", address) : NULL;
}

static const struct fault *clean_one(struct arena *arena, enum site_field field, const char *typed,
                                     const char **ret_clean)
{
    const char *clean = "";
    const struct fault *fault = words_clean(arena, &fields[field].words, typed, &clean);
    if (fault)
        return fault;
    if (text_is_blank(clean))
        clean = "";
    if (field == SITE_CONTACT && *clean) {
        clean = contact_complete(arena, clean);
        if (!clean)
            return fault_of_field(
                arena, "contact", 0,
                "The contact is an e-mail address, such as me@pics.example, or the address of a page.");
    }
    if (field == SITE_LANGUAGE && *clean && lang_find(clean) < 0)
        return fault_of_field(arena, "language", 0, "The language is none that is spoken here.");
    int is_known = field != SITE_SIGNUP || !*clean;
    for (size_t i = 0; i < sizeof signups / sizeof signups[0]; i++)
        is_known |= strcmp(clean, signups[i]) == 0;
    if (!is_known)
        return fault_of_field(arena, "signup", 0, "Joining is open, by invite, or closed.");
    *ret_clean = clean;
    return NULL;
}

const struct fault *site_clean(struct arena *arena, const struct site_words *typed, struct site_words *ret_clean)
{
    struct site_words clean = {0};
    for (int i = 0; i < SITE_FIELDS; i++) {
        const struct fault *fault =
            typed->of[i] ? clean_one(arena, (enum site_field)i, typed->of[i], &clean.of[i]) : NULL;
        if (fault)
            return fault;
    }
    *ret_clean = clean;
    return NULL;
}

/* ---- What is said --------------------------------------------------------------------------------- */

static void read_kept(const struct actor *actor, struct site_words *ret_kept)
{
    json_t *rows = db_rows(actor->db, QUERY_SITE_SETTINGS), *row;
    size_t i;
    *ret_kept = (struct site_words){0};
    json_array_foreach(rows, i,
                       row) for (int f = 0; f < SITE_FIELDS;
                                 f++) if (strcmp(json_string_value(json_object_get(row, "key")), fields[f].key) == 0)
        ret_kept->of[f] = arena_copy(actor->arena, json_string_value(json_object_get(row, "value")));
    json_decref(rows);
}

static const char *or_fallback(const char *said, int field)
{
    return said && *said ? said : fields[field].fallback;
}

void site_read(const struct actor *actor, const struct site_words *options, struct site_words *ret_site)
{
    read_kept(actor, ret_site);
    for (int i = 0; i < SITE_FIELDS; i++) {
        if (options->of[i])
            ret_site->of[i] = options->of[i];
        ret_site->of[i] = or_fallback(ret_site->of[i], i);
    }
}

enum signup site_signup(const struct site_words *site)
{
    for (int i = 0; i <= SIGNUP_CLOSED; i++)
        if (strcmp(site->of[SITE_SIGNUP], signups[i]) == 0)
            return (enum signup)i;
    return SIGNUP_INVITE;
}

const struct fault *site_save(const struct actor *actor, const struct site_words *options,
                              const struct site_words *typed)
{
    struct site_words clean, kept;
    const struct fault *fault = site_clean(actor->arena, typed, &clean);
    if (fault)
        return fault;
    read_kept(actor, &kept);
    struct setting changed[SITE_FIELDS];
    int count = 0;
    for (int i = 0; i < SITE_FIELDS; i++)
        if (clean.of[i] && !options->of[i] && strcmp(or_fallback(clean.of[i], i), or_fallback(kept.of[i], i)) != 0)
            changed[count++] = (struct setting){fields[i].key, clean.of[i]};
    return fault_of_store(actor, settings_decide(actor->db, actor->account, changed, count), "setting");
}
