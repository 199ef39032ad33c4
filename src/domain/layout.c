/*
 * Layouts: see layout.h. Refuses those without a name or without a sheet; a sheet is held to what a person's own is
 * (profile.c). Read next: store/layout.c.
 */
#include "domain/layout.h"

#include "domain/once.h"
#include "domain/profile.h"

/* css NULL: it was not typed, and stays NULL. */
static const struct fault *clean(struct arena *arena, const struct layout_typed *typed, struct layout_new *ret_layout)
{
    static const struct words_field name = {"name", "The name", TEXT_LINE, LAYOUT_NAME_MAX, LAYOUT_NAME_MAX_BYTES};
    static const struct words_field line = {"line", N_("The description"), TEXT_LINE, LAYOUT_LINE_MAX,
                                            LAYOUT_LINE_MAX_BYTES};
    struct layout_new layout = {0};
    const struct fault *fault = words_clean(arena, &name, typed->name, &layout.name);
    if (!fault && text_is_blank(layout.name))
        fault = fault_of_field(arena, name.name, 0, "The layout has no name. Give it one.");
    if (!fault)
        fault = words_clean(arena, &line, typed->line, &layout.line);
    if (!fault)
        fault = profile_clean_css(arena, typed->css, &layout.css);
    if (!fault && layout.css && text_is_blank(layout.css))
        fault = fault_of_field(arena, "css", 0, "There is no style to share yet. Save one for your page first.");
    if (!fault)
        *ret_layout = layout;
    return fault;
}

/* Gives what was typed the actor's saved style. */
static const struct fault *take_saved_style(const struct actor *actor, struct layout_typed *typed)
{
    json_t *me = db_row(actor->db, QUERY_PERSON_BY_ID, actor->account);
    const char *css = json_string_value(json_object_get(me, "css"));
    typed->css = arena_copy(actor->arena, css ? css : "");
    const int is_read = me != NULL;
    json_decref(me);
    return is_read ? NULL : fault_of_store(actor, STORE_FAILED, "style");
}

/* Full is either what one person may share, or the disk. */
static const struct fault *fault_of(const struct actor *actor, enum store_status status)
{
    if (status == STORE_FULL && db_number(actor->db, QUERY_LAYOUT_COUNT_OF, 0, actor->account) >= LAYOUTS_MAX)
        return fault_of_field(actor->arena, "name", LAYOUTS_MAX,
                              "You share %d layouts already, which is the limit. Withdraw one first.", LAYOUTS_MAX);
    return fault_of_store(actor, status, "layout");
}

const struct fault *layout_publish(const struct actor *actor, const struct layout_typed *typed, int64_t *ret_id)
{
    struct layout_new layout = {0};
    struct once once;
    int64_t id = 0;
    struct layout_typed whole = *typed;
    const struct fault *fault = typed->css ? NULL : take_saved_style(actor, &whole);
    if (!fault)
        fault = clean(actor->arena, &whole, &layout);
    const char *const said[] = {layout.name, layout.line, layout.css, NULL};
    if (!fault)
        fault = once_open(actor, "layout", said, &once, &id);
    if (!fault && !id) {
        enum store_status status = layout_add(actor->db, actor->account, &layout, &id);
        fault = once_close(actor, &once, status, id);
        if (status == STORE_FULL)
            fault = fault_of(actor, status);
    }
    if (!fault)
        *ret_id = id;
    return fault;
}

const struct fault *layout_change(const struct actor *actor, int64_t id, const struct layout_typed *typed,
                                  int with_style)
{
    struct layout_new layout = {0};
    struct layout_typed whole = *typed;
    const struct fault *fault = with_style ? take_saved_style(actor, &whole) : NULL;
    if (!fault)
        fault = clean(actor->arena, &whole, &layout);
    return fault ? fault : fault_of(actor, layout_edit(actor->db, actor->account, id, &layout));
}

const struct fault *layout_remove(const struct actor *actor, int64_t id)
{
    return fault_of_store(actor, layout_delete(actor->db, actor->account, id), "layout");
}

const struct fault *layout_bring(const struct actor *actor, const struct layout_typed *typed, struct post_times times)
{
    struct layout_new layout = {0};
    const struct layout_typed whole = {typed->name, typed->line, typed->css ? typed->css : ""};
    const struct fault *fault = clean(actor->arena, &whole, &layout);
    return fault ? fault : fault_of(actor, layout_import(actor->db, actor->account, &layout, times));
}
