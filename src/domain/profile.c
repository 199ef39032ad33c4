/*
 * Profiles: see profile.h. Refuses links and homepages that are no address of the web, and styles that are too long;
 * what a style may do is bounded by the page that shows it. Read next: web_address.c, store/profile.c.
 */
#include "domain/profile.h"

#include <string.h>

#include "base/buf.h"
#include "domain/web_address.h"

/* A field that was not typed is NULL. */
static const struct fault *clean(struct arena *arena, const struct words_field *field, const char *typed,
                                 const char **ret_text)
{
    if (typed)
        return words_clean(arena, field, typed, ret_text);
    *ret_text = NULL;
    return NULL;
}

static const struct fault *clean_homepage(struct arena *arena, const char *typed, const char **ret_url)
{
    static const struct words_field homepage = {"homepage", N_("The homepage"), TEXT_LINE, HOMEPAGE_MAX, HOMEPAGE_MAX};
    const char *url;
    const struct fault *fault = clean(arena, &homepage, typed, &url);
    if (!fault && url && *url && !(url = web_address_complete(arena, url)))
        fault = fault_of_field(arena, homepage.name, 0,
                               "The homepage is no address of the web. Something like https://you.example is.");
    if (!fault)
        *ret_url = url;
    return fault;
}

/* "1", or "0" for anything that means no. */
static const struct fault *clean_switch(struct arena *arena, const char *field, const char *typed,
                                        const char **ret_switch)
{
    const int is_on = typed && strcmp(typed, "1") == 0;
    if (typed && !is_on && *typed && strcmp(typed, "0") != 0)
        return fault_of_field(arena, field, 0, "The setting %s is 1 for yes or 0 for no.", field);
    *ret_switch = !typed ? NULL : is_on ? "1" : "0";
    return NULL;
}

const struct fault *profile_clean_css(struct arena *arena, const char *typed, const char **ret_css)
{
    if (!typed) {
        *ret_css = NULL;
        return NULL;
    }
    if (!text_is_utf8(typed, strlen(typed)))
        return fault_of_field(arena, "css", 0, "The style is not text in UTF-8.");
    char *css = arena_copy(arena, typed), *to = css;
    for (const char *from = css; *from; from++) /* browsers send CR LF */
        if (*from != '\r')
            *to++ = *from;
        else if (from[1] != '\n')
            *to++ = '\n';
    *to = '\0';
    if (to - css > PROFILE_CSS_MAX_BYTES)
        return fault_of_field(arena, "css", PROFILE_CSS_MAX_BYTES,
                              "The style is too long: it has %td bytes, at most 20 000 fit.", to - css);
    *ret_css = css;
    return NULL;
}

/* ---- Links --------------------------------------------------------------------------------------- */

/* One line: "example.org My old page" or "My old page example.org". */
static const struct fault *read_link(struct arena *arena, const char *line, struct profile_link *ret_link)
{
    const char *first_end = line + strcspn(line, " "), *last = strrchr(line, ' ');
    const char *first = arena_copy_n(arena, line, (size_t)(first_end - line));
    const char *url = web_address_complete(arena, first), *label = *first_end ? first_end + 1 : "";
    if (!url && last && (url = web_address_complete(arena, last + 1)))
        label = arena_copy_n(arena, line, (size_t)(last - line));
    if (!url)
        return fault_of_field(arena, "links", 0,
                              "There is no web address in the link “%.*s”. Write one a line, like this: you.example "
                              "My other page.",
                              (int)text_prefix(line, 100), line);
    if (text_count_clusters(label) > LINK_LABEL_MAX || strlen(label) > LINK_LABEL_MAX_BYTES)
        return fault_of_field(arena, "links", LINK_LABEL_MAX,
                              "The words of a link are too long: at most %d characters fit.", LINK_LABEL_MAX);
    *ret_link = (struct profile_link){url, label};
    return NULL;
}

static const struct fault *read_links(struct arena *arena, const char *typed,
                                      struct profile_link ret_links[PROFILE_LINKS_MAX], int *ret_count)
{
    static const struct words_field lines = {"links", N_("The list of links"), TEXT_BLOCK, PROFILE_LINKS_MAX * 400,
                                             PROFILE_LINKS_MAX * (WEB_ADDRESS_MAX_BYTES + LINK_LABEL_MAX_BYTES)};
    const char *text;
    int count = 0;
    const struct fault *fault = words_clean(arena, &lines, typed, &text);
    if (fault)
        return fault;
    char *rest = arena_copy(arena, text);
    for (char *line; (line = strsep(&rest, "\n"));) {
        line += strspn(line, " ");
        for (size_t n = strlen(line); n && line[n - 1] == ' ';)
            line[--n] = '\0';
        if (!*line)
            continue;
        if (count == PROFILE_LINKS_MAX)
            return fault_of_field(arena, "links", PROFILE_LINKS_MAX, "These are too many links: %d fit.",
                                  PROFILE_LINKS_MAX);
        fault = read_link(arena, line, &ret_links[count++]);
        if (fault)
            return fault;
    }
    *ret_count = count;
    return NULL;
}

const char *profile_links_text(const struct actor *actor)
{
    json_t *rows = db_rows(actor->db, QUERY_LINKS_OF, actor->account), *row;
    struct buf out = {0};
    size_t i;
    buf_puts(&out, "");
    json_array_foreach(rows, i, row)
    {
        const char *label = json_string_value(json_object_get(row, "label"));
        buf_printf(&out, "%s%s%s\n", json_string_value(json_object_get(row, "url")), *label ? " " : "", label);
    }
    const char *text = arena_copy(actor->arena, out.data);
    buf_free(&out);
    json_decref(rows);
    return text;
}

/* With the homepage as it will be. */
static const struct fault *check_ring(const struct actor *actor, const struct profile_new *words)
{
    json_t *me = db_row(actor->db, QUERY_RING_OF, actor->account);
    const char *homepage = json_string_value(json_object_get(me, "homepage"));
    const int is_there = words->homepage ? *words->homepage != '\0' : homepage && *homepage;
    json_decref(me);
    return is_there ? NULL
                    : fault_of_field(actor->arena, "ring", 0,
                                     "The ring goes from homepage to homepage. Write the address of yours first.");
}

/* ---- All of it ------------------------------------------------------------------------------------ */

const struct fault *profile_save(const struct actor *actor, const struct profile_typed *typed)
{
    static const struct words_field display_name = {"display_name", "The name", TEXT_LINE, DISPLAY_NAME_MAX,
                                                    DISPLAY_NAME_MAX_BYTES};
    static const struct words_field about = {"about", N_("The text about you"), TEXT_BLOCK, ABOUT_MAX, ABOUT_MAX_BYTES};
    struct profile_link links[PROFILE_LINKS_MAX];
    struct profile_new words = {.links = typed->links ? links : NULL};
    const struct fault *fault = clean(actor->arena, &display_name, typed->display_name, &words.display_name);
    if (!fault)
        fault = clean_homepage(actor->arena, typed->homepage, &words.homepage);
    if (!fault)
        fault = clean(actor->arena, &about, typed->about, &words.about);
    if (!fault)
        fault = profile_clean_css(actor->arena, typed->css, &words.css);
    if (!fault)
        fault = clean_switch(actor->arena, "shows_follows", typed->shows_follows, &words.shows_follows);
    if (!fault && typed->links)
        fault = read_links(actor->arena, typed->links, links, &words.link_count);
    if (!fault && typed->ring) {
        words.ring = strcmp(typed->ring, "1") == 0 ? "1" : "0";
        fault = *words.ring == '1' ? check_ring(actor, &words) : NULL;
    }
    if (!fault && typed->language) {
        const int lang = lang_find(typed->language);
        words.language = *typed->language ? lang_get(lang)->code : "";
        if (*typed->language && lang < 0)
            fault = fault_of_field(actor->arena, "language", 0,
                                   "The language is none that is spoken here. Leave it empty: pages come as the "
                                   "browser asks.");
    }
    return fault ? fault : fault_of_store(actor, profile_edit(actor->db, actor->account, &words), "profile");
}

const struct fault *profile_save_style(const struct actor *actor, const char *css)
{
    const char *clean;
    const struct fault *fault = profile_clean_css(actor->arena, css ? css : "", &clean);
    return fault ? fault : fault_of_store(actor, profile_set_css(actor->db, actor->account, clean), "style");
}

const struct fault *profile_try_style(const struct actor *actor, const char *css)
{
    const char *clean;
    const struct fault *fault = profile_clean_css(actor->arena, css ? css : "", &clean);
    return fault ? fault : fault_of_store(actor, profile_set_draft(actor->db, actor->account, clean), "style");
}

const struct fault *profile_wear(const struct actor *actor, enum profile_image which, const struct image *image,
                                 uint64_t fingerprint)
{
    return fault_of_store(
        actor,
        profile_set_image(actor->store, actor->db, actor->account, which, image, fingerprint, actor->quota_bytes),
        "picture");
}
