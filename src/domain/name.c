/*
 * Names: see name.h. Reserved are the words under which somebody would be believed to run the place, and whatever
 * stands first in an address, now or probably one day; tests/unit/test_routes.c walks the table of routes. Refuses to
 * look at anybody's account. Read next: ../base/skeleton.c, ../store/name.c.
 */
#include "domain/name.h"

#include <string.h>

#include "base/skeleton.h"
#include "base/text.h"
#include "base/wordlist.h"

static const char *const reserved[] = {
    /* who runs a place */
    "abuse", "admin", "administration", "administrator", "admins", "contact", "copyright", "daemon", "helpdesk",
    "hostmaster", "info", "legal", "mail", "mod", "moderation", "moderator", "moderators", "mods", "noreply", "nobody",
    "official", "operator", "owner", "piclog", "postmaster", "privacy", "root", "safety", "security", "service",
    "staff", "superuser", "support", "sysadmin", "system", "verified", "webmaster",

    /* whom programs mean by it */
    "anonymous", "everybody", "everyone", "me", "null", "undefined", "unknown",

    /* where addresses begin */
    "about", "account", "accounts", "api", "apple-touch-icon", "assets", "atom", "auth", "authorize", "badge", "badges",
    "answers", "answerable", "crunch", "poke", "pokes", "live", "internet", "address", "query", "bulletin", "bulletins",
    "button", "buttons", "chat", "css", "current-status", "dashboard", "display", "download", "edit", "embed", "events",
    "explore", "export", "favicon", "feed", "feeds", "files", "follow", "followers", "following", "friends", "gallery",
    "guestbook", "healthz", "help", "hooks", "i", "icons", "images", "img", "import", "inbox", "index", "invite",
    "invites", "join", "js", "json", "kept", "layout", "layouts", "login", "logout", "manifest", "media", "mentions",
    "message", "messages", "metrics", "micropub", "mood", "moods", "neighbours", "neighbors", "nodeinfo", "notice",
    "notices", "notifications", "oauth", "oembed", "opensearch", "outbox", "p", "password", "people", "picture",
    "pictures", "post", "posts", "profile", "random", "recover", "register", "report", "reports", "ring", "rings",
    "robots", "rooms", "rss", "rules", "search", "session", "sessions", "settings", "share", "shun", "signin",
    "signout", "signup", "site", "sitemap", "standing", "static", "stats", "status", "statuses", "style", "t", "tag",
    "tags", "terms", "theme", "themes", "timeline", "token", "tokens", "upload", "uploads", "user", "users", "wall",
    "walls", "webfinger", "webhook", "webhooks", "webmention", "well-known", "who", "widget", "widgets", "www"};

const struct fault *name_read(struct arena *arena, const char *typed, char ret_name[NAME_MAX_BYTES + 1])
{
    char name[NAME_MAX_BYTES + 1], skeleton[SKELETON_BYTES];
    if (account_name_fold(typed, name) != 0)
        return fault_of_field(arena, "name", NAME_MAX_BYTES, "A name has 1 to 20 letters a–z, digits, _ or -.");
    skeleton_make(name, skeleton);
    if (!*skeleton)
        return fault_of_field(arena, "name", 0, "A name has at least one letter or digit.");
    memcpy(ret_name, name, sizeof name);
    return NULL;
}

const struct fault *name_read_other(struct arena *arena, const char *field, const char *typed,
                                    char ret_name[NAME_MAX_BYTES + 1])
{
    if (!typed || text_parse_name(typed, ret_name) != 0)
        return fault_of_field(arena, field, 0, "Say whom by their name: it has 1 to 20 letters, digits, - and _.");
    return NULL;
}

const struct fault *name_unknown(struct arena *arena, const char *name)
{
    return fault_make(arena, FAULT_NOT_FOUND, "There is nobody called %s here.", name);
}

/* The letters and digits of the place's name, as a name here would have them; "" when they are none, or too many. */
static void read_site_name(const char *site_name, char ret_name[NAME_MAX_BYTES + 1])
{
    char folded[WORD_MAX_BYTES];
    size_t length = 0;
    ret_name[0] = '\0';
    if (wordlist_fold(site_name, folded) != 0)
        return;
    for (const char *at = folded; *at; at++) {
        if (!((*at >= 'a' && *at <= 'z') || (*at >= '0' && *at <= '9')))
            continue;
        if (length == NAME_MAX_BYTES) {
            ret_name[0] = '\0';
            return;
        }
        ret_name[length++] = *at;
        ret_name[length] = '\0';
    }
}

int name_is_reserved(const char *name, const char *site_name)
{
    char own[NAME_MAX_BYTES + 1], looks[SKELETON_BYTES], skeleton[SKELETON_BYTES];
    skeleton_make(name, looks);
    for (size_t i = 0; i < sizeof reserved / sizeof reserved[0]; i++) {
        skeleton_make(reserved[i], skeleton);
        if (strcmp(looks, skeleton) == 0)
            return 1;
    }
    read_site_name(site_name, own);
    skeleton_make(own, skeleton);
    return *own && strcmp(looks, skeleton) == 0;
}

const struct fault *name_check_reserved(struct arena *arena, const char *name, const char *site_name)
{
    return name_is_reserved(name, site_name)
               ? fault_of_field(arena, "name", 0, "This name is kept for the place itself. Try another.")
               : NULL;
}
