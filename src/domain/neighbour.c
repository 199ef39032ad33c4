/*
 * Neighbours: see neighbour.h. Refuses what is no address of the web and buttons of any size but 88 × 31. Read next:
 * store/neighbour.c, app/neighbours/directory.c.
 */
#include "domain/neighbour.h"

#include <string.h>

#include "domain/once.h"
#include "domain/web_address.h"

const char *const neighbour_categories[] = {"people",   "pictures", "words", "music", "games",
                                            "handmade", "machines", "odd",   NULL};

int neighbour_is_category(const char *category)
{
    for (int i = 0; neighbour_categories[i]; i++)
        if (strcmp(category, neighbour_categories[i]) == 0)
            return 1;
    return 0;
}

static const struct fault *clean_address(const struct actor *actor, const struct neighbour_typed *typed,
                                         const char **ret_url)
{
    static const struct words_field field = {"url", "The address", TEXT_LINE, WEB_ADDRESS_MAX_BYTES,
                                             WEB_ADDRESS_MAX_BYTES};
    const char *url;
    const struct fault *fault = words_clean(actor->arena, &field, typed->url, &url);
    if (fault)
        return fault;
    url = web_address_complete(actor->arena, url);
    if (!url)
        return fault_of_field(actor->arena, field.name, 0,
                              "The address is none of the web. Something like https://next-door.example is.");
    *ret_url = url;
    return NULL;
}

/* A homepage that is listed has to be there. */
static const struct fault *check_homepage(const struct actor *actor, const char *field)
{
    json_t *me = db_row(actor->db, QUERY_RING_OF, actor->account);
    const char *homepage = json_string_value(json_object_get(me, "homepage"));
    const int is_there = homepage && *homepage, is_read = me != NULL;
    json_decref(me);
    if (!is_read)
        return fault_of_store(actor, STORE_FAILED, "homepage");
    return is_there ? NULL
                    : fault_of_field(actor->arena, field, 0,
                                     "Your profile has no homepage yet. Write its address there first.");
}

static const struct fault *clean(const struct actor *actor, const struct neighbour_typed *typed,
                                 struct neighbour_new *ret_site)
{
    static const struct words_field title = {"title", N_("The name of the site"), TEXT_LINE, NEIGHBOUR_TITLE_MAX,
                                             NEIGHBOUR_TITLE_MAX_BYTES};
    static const struct words_field line = {"line", N_("The line about it"), TEXT_LINE, NEIGHBOUR_LINE_MAX,
                                            NEIGHBOUR_LINE_MAX_BYTES};
    struct neighbour_new site = {.account = actor->account, .is_home = typed->is_home, .button = typed->button};
    const struct fault *fault = typed->is_home ? check_homepage(actor, "url") : clean_address(actor, typed, &site.url);
    if (!fault)
        fault = words_clean(actor->arena, &title, typed->title, &site.title);
    if (!fault && text_is_blank(site.title))
        fault = fault_of_field(actor->arena, title.name, 0, "The site has no name yet. What does it say on the door?");
    if (!fault)
        fault = words_clean(actor->arena, &line, typed->line, &site.line);
    site.category = typed->category ? typed->category : "";
    if (!fault && !neighbour_is_category(site.category))
        fault = fault_of_field(actor->arena, "category", 0,
                               "Choose what it is about: people, pictures, words, music, games, handmade, machines or "
                               "odd.");
    if (!fault && site.button &&
        (site.button->width_px != NEIGHBOUR_BUTTON_WIDTH_PX || site.button->height_px != NEIGHBOUR_BUTTON_HEIGHT_PX))
        fault = fault_of_field(actor->arena, "button", 0,
                               "A button has exactly %d × %d pixels; this one has %u × %u. Without one, we draw it.",
                               NEIGHBOUR_BUTTON_WIDTH_PX, NEIGHBOUR_BUTTON_HEIGHT_PX, site.button->width_px,
                               site.button->height_px);
    if (!fault)
        *ret_site = site;
    return fault;
}

static const struct fault *fault_of(const struct actor *actor, enum store_status status, int is_home)
{
    if (status == STORE_TAKEN)
        return fault_make(actor->arena, FAULT_TAKEN,
                          is_home ? "Your homepage stands in the directory already: change it there."
                                  : N_("This site stands in the directory already, or waits to."));
    if (status == STORE_FULL)
        return fault_make(actor->arena, FAULT_FULL, "You have put up %d sites; that is as many as one person may.",
                          NEIGHBOURS_MAX);
    return fault_of_store(actor, status, "site");
}

const struct fault *neighbour_suggest(const struct actor *actor, const struct neighbour_typed *typed, int is_admin,
                                      int64_t *ret_id)
{
    struct neighbour_new site;
    struct once once;
    int64_t id = 0;
    const struct fault *fault = clean(actor, typed, &site);
    if (fault)
        return fault;
    site.is_shown = site.is_home || is_admin;
    const char *const words[] = {site.url ? site.url : "home", site.title, site.line, site.category, NULL};
    fault = once_open(actor, "site", words, &once, &id);
    if (fault)
        return fault;
    if (!id) {
        enum store_status status = neighbour_add(actor->store, actor->db, &site, typed->fingerprint, &id);
        fault = once_close(actor, &once, status, id);
        if (fault && (status == STORE_TAKEN || status == STORE_FULL))
            fault = fault_of(actor, status, site.is_home);
    }
    if (!fault)
        *ret_id = id;
    return fault;
}

const struct fault *neighbour_change(const struct actor *actor, int64_t id, const struct neighbour_typed *typed,
                                     int is_admin)
{
    struct neighbour_new site;
    struct neighbour_typed known = *typed;
    json_t *row = db_row(actor->db, QUERY_NEIGHBOUR, id, actor->account, (int64_t)is_admin);
    const int is_own = json_integer_value(json_object_get(row, "account_id")) == actor->account;
    known.is_home = json_is_true(json_object_get(row, "is_home"));
    const int is_there = json_is_object(row) && (is_own || is_admin), is_read = row != NULL;
    json_decref(row);
    if (!is_read)
        return fault_of_store(actor, STORE_FAILED, "site");
    if (!is_there)
        return fault_of(actor, STORE_NOT_FOUND, 0);
    if (known.is_home && !is_own) /* an administrator may take a homepage down, not speak for its owner */
        return fault_make(actor->arena, FAULT_NOT_YOURS, "This is somebody's own homepage: only they describe it.");
    const struct fault *fault = clean(actor, &known, &site);
    if (fault)
        return fault;
    site.account = is_admin ? 0 : actor->account;
    site.is_shown = site.is_home || is_admin;
    return fault_of(actor, neighbour_edit(actor->store, actor->db, id, &site, typed->fingerprint), site.is_home);
}

const struct fault *neighbour_remove(const struct actor *actor, int64_t id, int is_admin)
{
    return fault_of(actor, neighbour_delete(actor->db, is_admin ? 0 : actor->account, id), 0);
}

const struct fault *ring_join(const struct actor *actor, int is_in)
{
    const struct fault *fault = is_in ? check_homepage(actor, "ring") : NULL;
    return fault ? fault : fault_of_store(actor, ring_set(actor->db, actor->account, is_in), "person");
}
