/*
 * Walls: see wall.h. Refuses who may not, what says nothing, and visitors who bring pictures: nothing of a stranger is
 * decoded. Read next: store/wall.c, reach.c.
 */
#include "domain/wall.h"

#include <string.h>

#include "domain/name.h"
#include "domain/notice.h"
#include "domain/once.h"
#include "domain/profile.h"
#include "domain/setting.h"
#include "domain/web_address.h"
#include "store/blocklist.h"

/* ---- Whose wall, and who may -------------------------------------------------------------------- */

const struct fault *wall_find(const struct actor *actor, const char *name, struct wall *ret_wall)
{
    if (!name) {
        if (!setting_has_guestbook(actor))
            return fault_make(actor->arena, FAULT_NOT_FOUND, "There is no guestbook here.");
        *ret_wall = (struct wall){.name = "", .takes = "look", .has_guestbook = 1};
        return NULL;
    }
    json_t *row = db_row(actor->db, QUERY_PERSON, name, actor->account);
    const char *state = json_string_value(json_object_get(row, "state"));
    const int is_there = state && strcmp(state, "active") == 0;
    if (is_there)
        *ret_wall = (struct wall){
            .owner = json_integer_value(json_object_get(row, "id")),
            .name = arena_copy(actor->arena, json_string_value(json_object_get(row, "name"))),
            .takes = arena_copy(actor->arena, json_string_value(json_object_get(row, "wall"))),
            .has_guestbook = json_is_true(json_object_get(row, "has_guestbook")),
        };
    json_decref(row);
    if (!row)
        return fault_of_store(actor, STORE_FAILED, "wall");
    return is_there ? NULL : name_unknown(actor->arena, name);
}

const struct fault *wall_refuses(const struct actor *actor, const struct wall *wall)
{
    if (wall->owner == actor->account)
        return NULL;
    if (strcmp(wall->takes, "nobody") == 0)
        return fault_make(actor->arena, FAULT_NOT_ALLOWED, "Nobody but %s writes on this wall.", wall->name);
    if (strcmp(wall->takes, "followed") == 0 &&
        !db_number(actor->db, QUERY_IS_FOLLOWING, 0, wall->owner, actor->account))
        return fault_make(actor->arena, FAULT_NOT_ALLOWED, "%s lets only people whom %s follows write on this wall.",
                          wall->name, wall->name);
    return NULL;
}

/* ---- Words -------------------------------------------------------------------------------------- */

const struct fault *wall_clean(struct arena *arena, const struct wall_typed *typed, int has_picture,
                               struct wall_words *ret_words)
{
    static const struct words_field content = {"content", "What you wrote", TEXT_BLOCK, WALL_MAX, WALL_MAX_BYTES};
    static const struct words_field alt = {"alt", "The alt text", TEXT_BLOCK, ALT_MAX, ALT_MAX_BYTES};
    struct wall_words words = {.name = "", .homepage = "", .alt = ""};
    const struct fault *fault = words_clean(arena, &content, typed->content, &words.content);
    if (!fault && has_picture)
        fault = words_clean(arena, &alt, typed->alt, &words.alt);
    if (!fault && !has_picture && text_is_blank(words.content))
        fault =
            fault_of_field(arena, content.name, 0, "There is nothing on it yet. Write something, or add a picture.");
    if (!fault)
        *ret_words = words;
    return fault;
}

static const struct fault *clean_guest(struct arena *arena, const struct wall_typed *typed,
                                       struct wall_words *ret_words)
{
    static const struct words_field content = {"content", "What you wrote", TEXT_BLOCK, GUEST_WORDS_MAX,
                                               GUEST_WORDS_MAX_BYTES};
    static const struct words_field name = {"name", "The name", TEXT_LINE, GUEST_NAME_MAX, GUEST_NAME_MAX_BYTES};
    static const struct words_field homepage = {"homepage", "The homepage", TEXT_LINE, HOMEPAGE_MAX, HOMEPAGE_MAX};
    struct wall_words words = {.alt = ""};
    const struct fault *fault = words_clean(arena, &name, typed->name, &words.name);
    if (!fault)
        fault = words_clean(arena, &content, typed->content, &words.content);
    if (!fault)
        fault = words_clean(arena, &homepage, typed->homepage, &words.homepage);
    if (fault)
        return fault;
    if (typed->trap && *typed->trap)
        return fault_of_field(arena, "email", 0,
                              "One field of the form is for robots only. Empty it and send the form again.");
    if (text_is_blank(words.name))
        return fault_of_field(arena, name.name, 0, "Say who you are: any name will do.");
    if (text_is_blank(words.content))
        return fault_of_field(arena, content.name, 0, "The entry is empty. Say something, anything.");
    if (*words.homepage && !(words.homepage = web_address_complete(arena, words.homepage)))
        return fault_of_field(arena, homepage.name, 0,
                              "The homepage is no address of the web. Something like https://you.example is.");
    *ret_words = words;
    return NULL;
}

/* ---- Writing ------------------------------------------------------------------------------------ */

/* STORE_CROWDED of wall_add(). */
static const struct fault *full(const struct actor *actor, const struct wall *wall)
{
    if (!actor->account)
        return fault_make(actor->arena, FAULT_NOT_ALLOWED,
                          "There is no room for it today: at most %d entries a day come from one network, and at most "
                          "%d wait. Come again tomorrow.",
                          WALL_NETWORK_A_DAY, WALL_GUESTS_MAX);
    return fault_make(actor->arena, FAULT_TAKEN,
                      "%d of yours wait already until %s has had a look. Wait for that, or delete one.",
                      WALL_WAITING_MAX, wall->owner ? wall->name : "an administrator");
}

const struct fault *wall_write(const struct actor *actor, const struct wall *wall, int is_admin,
                               const struct wall_words *words, const struct wall_picture *picture, int64_t *ret_id)
{
    const int is_own = wall->owner == actor->account;
    const struct wall_new entry = {.owner = wall->owner,
                                   .account = actor->account,
                                   .name = "",
                                   .homepage = "",
                                   .content = words->content,
                                   .alt = words->alt,
                                   .full = picture ? &picture->full : NULL,
                                   .thumb = picture ? &picture->thumb : NULL,
                                   .fingerprint = picture ? picture->fingerprint : 0,
                                   .waits = strcmp(wall->takes, "look") == 0 && !is_own && (wall->owner || !is_admin),
                                   .quota_bytes = actor->quota_bytes};
    const char *parts[] = {wall->name, words->content, words->alt,
                           picture ? arena_printf(actor->arena, "%zu %016llx", picture->full.size_bytes,
                                                  (unsigned long long)picture->fingerprint)
                                   : "",
                           NULL};
    struct once once;
    int64_t id = 0;
    const struct fault *fault = wall_refuses(actor, wall);
    /* Here already, since a transaction that is rolled back would not count the hit. */
    if (!fault && picture && blocklist_has_picture(actor->store, actor->db, picture->fingerprint, &picture->full, 1))
        fault = fault_of_store(actor, STORE_BLOCKED, "wall entry");
    if (!fault)
        fault = once_open(actor, "wall entry", parts, &once, &id);
    if (!fault && !id) {
        enum store_status status = wall_add(actor->store, actor->db, &entry, &id);
        if (status == STORE_OK)
            status = notice_named(actor, (struct post_ref){"wall", id}, words->content);
        fault = once_close(actor, &once, status, id);
        if (status == STORE_CROWDED)
            fault = full(actor, wall);
    }
    if (!fault)
        *ret_id = id;
    return fault;
}

const struct fault *wall_sign(const struct actor *actor, const struct wall *wall, const unsigned char network[16],
                              const struct wall_typed *typed)
{
    struct wall_words words;
    int64_t id = 0;
    if (!wall->has_guestbook)
        return fault_make(actor->arena, FAULT_NOT_ALLOWED, "%s has no guestbook: log in to write on the wall.",
                          wall->name);
    const struct fault *fault = clean_guest(actor->arena, typed, &words);
    if (fault)
        return fault;
    const struct wall_new entry = {.owner = wall->owner,
                                   .name = words.name,
                                   .homepage = words.homepage,
                                   .network = network,
                                   .content = words.content,
                                   .alt = "",
                                   .waits = 1};
    enum store_status status = wall_add(actor->store, actor->db, &entry, &id);
    return status == STORE_CROWDED ? full(actor, wall) : fault_of_store(actor, status, "entry");
}

const struct fault *wall_let_in(const struct actor *actor, int64_t entry)
{
    return fault_of_store(actor, wall_accept(actor->db, actor->account, entry), "wall entry");
}

const struct fault *wall_remove(const struct actor *actor, int64_t entry)
{
    return fault_of_store(actor, wall_delete(actor->db, actor->account, entry), "wall entry");
}
