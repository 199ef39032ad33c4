/*
 * What people make of their own page: picture, background, links, and the style, tried on before it is saved. Pictures
 * go through a worker like every upload. A draft of a style is stored, so that it can be looked at without JavaScript:
 * its page and stylesheet are for its owner only. The page itself is in people.c, the ready styles in themes.c. Refuses
 * links that are no address of the web.
 */
#include "app/people/profile.h"

#include <stdlib.h>
#include <string.h>

#include "base/text.h"
#include "app/request/fields.h"
#include "app/handlers.h"
#include "app/people/people.h"
#include "app/posts/posting.h"
#include "app/request/routes.h"
#include "app/people/themes.h"
#include "app/posts/upload.h"

enum { URL_MAX_BYTES = 300, LABEL_MAX = 60, LABEL_MAX_BYTES = 400 };

/* ---- Checked fields ------------------------------------------------------------------------------ */

const char *profile_complete_url(struct request *req, const char *typed)
{
    const char *url = strstr(typed, "://") ? typed : arena_printf(&req->arena, "https://%s", typed);
    if (strlen(url) > URL_MAX_BYTES || (strncmp(url, "https://", 8) != 0 && strncmp(url, "http://", 7) != 0))
        return NULL;
    for (const char *at = url; *at; at++)
        if ((unsigned char)*at <= ' ' || *at == 0x7F || strchr("\"<>\\^`{|}", *at))
            return NULL;
    const char *host = strstr(url, "://") + 3, *dot = strchr(host, '.');
    return dot && dot > host && dot < host + strcspn(host, "/?#") ? url : NULL;
}

/* One line: "example.org My old page" or "My old page example.org". NULL, or what is wrong with it. */
static const char *read_link(struct request *req, char *line, struct profile_link *ret_link)
{
    char *first_end = line + strcspn(line, " "), *last = strrchr(line, ' ');
    const char *first = arena_copy_n(&req->arena, line, (size_t)(first_end - line));
    const char *url = profile_complete_url(req, first), *label = *first_end ? first_end + 1 : "";
    if (!url && last && (url = profile_complete_url(req, last + 1)))
        label = arena_copy_n(&req->arena, line, (size_t)(last - line));
    if (!url)
        return arena_printf(&req->arena,
                            "there is no web address in the link “%.*s”. Write one a line, like this: "
                            "you.example My other page",
                            (int)text_prefix(line, 100), line);
    if (text_count_clusters(label) > LABEL_MAX || strlen(label) > LABEL_MAX_BYTES)
        return arena_printf(&req->arena, "the words of a link are too long: at most %d characters fit.", LABEL_MAX);
    *ret_link = (struct profile_link){url, label};
    return NULL;
}

const char *profile_read_links(struct request *req, struct profile_link ret_links[PROFILE_LINKS_MAX], int *ret_count)
{
    const char *text;
    int count = 0;
    const char *fault = posting_text(req, "links", "The list of links", 1, PROFILE_LINKS_MAX * 400,
                                     PROFILE_LINKS_MAX * (URL_MAX_BYTES + LABEL_MAX_BYTES), &text);
    if (fault)
        return fault;
    char *rest = arena_copy(&req->arena, text);
    for (char *line; (line = strsep(&rest, "\n"));) {
        line += strspn(line, " ");
        for (size_t n = strlen(line); n && line[n - 1] == ' ';)
            line[--n] = '\0';
        if (!*line)
            continue;
        if (count == PROFILE_LINKS_MAX)
            return arena_printf(&req->arena, "these are too many links: %d fit.", PROFILE_LINKS_MAX);
        fault = read_link(req, line, &ret_links[count++]);
        if (fault)
            return fault;
    }
    *ret_count = count;
    return NULL;
}

const char *profile_read_css(struct request *req, const char **ret_css)
{
    const char *typed = request_form(req, "css", "");
    if (!text_is_utf8(typed, strlen(typed)))
        return "your style is not text in UTF-8.";
    char *css = arena_copy(&req->arena, typed), *to = css;
    for (const char *from = css; *from; from++) /* browsers send CR LF */
        if (*from != '\r')
            *to++ = *from;
        else if (from[1] != '\n')
            *to++ = '\n';
    *to = '\0';
    if (to - css > PROFILE_CSS_MAX_BYTES)
        return arena_printf(&req->arena, "your style is too long: it has %td bytes, at most 20 000 fit.", to - css);
    *ret_css = css;
    return NULL;
}

const char *profile_links_text(struct request *req, int64_t account)
{
    json_t *rows = db_rows(request_db(req), QUERY_LINKS_OF, account), *row;
    struct buf out = {0};
    size_t i;
    buf_puts(&out, "");
    json_array_foreach(rows, i, row)
    {
        const char *label = json_string_value(json_object_get(row, "label"));
        buf_printf(&out, "%s%s%s\n", json_string_value(json_object_get(row, "url")), *label ? " " : "", label);
    }
    const char *text = arena_copy(&req->arena, out.data);
    buf_free(&out);
    json_decref(rows);
    return text;
}

static void add_missing(struct request *req, const char *name, const char *value)
{
    if (!request_form(req, name, NULL) && value)
        (void)!fields_add(&req->arena, &req->form, name, strlen(name), value, strlen(value));
}

const char *profile_save(struct request *req, enum store_status *ret_status)
{
    static const char *const kept[] = {"display_name", "homepage", "about", "css"};
    struct profile_link links[PROFILE_LINKS_MAX];
    const char *display_name, *homepage, *about, *css;
    const int64_t me = req->viewer.account;
    struct db *db = request_db(req);
    int link_count = 0;
    json_t *saved = db_row(db, QUERY_PERSON_BY_ID, me);
    for (size_t i = 0; i < sizeof kept / sizeof kept[0]; i++)
        add_missing(req, kept[i], json_string_value(json_object_get(saved, kept[i])));
    json_decref(saved);
    const char *fault = posting_profile(req, &display_name, &homepage, &about, &css);
    if (!fault)
        fault = profile_read_links(req, links, &link_count);
    if (fault)
        return fault;
    enum store_status status = account_edit(db, me, display_name, homepage, about, css);
    if (status == STORE_OK && request_form(req, "links", NULL))
        status = profile_set_links(db, me, links, link_count);
    *ret_status = status;
    return NULL;
}

void api_me_put(struct request *req, struct response *res)
{
    enum store_status status;
    const char *fault = profile_save(req, &status);
    if (fault)
        respond_error(req, res, 422, "%s", fault);
    else if (status != STORE_OK)
        respond_store_error(req, res, status, "account");
    else
        api_me(req, res);
}

/* ---- Picture and background ---------------------------------------------------------------------- */

static enum profile_image which_image(const struct request *req)
{
    return strstr(req->path, "background") ? PROFILE_BACKGROUND : PROFILE_AVATAR;
}

static void image_done(struct request *req, struct response *res, enum store_status status, const char *notice)
{
    if (status != STORE_OK) {
        respond_store_error(req, res, status, "picture");
        return;
    }
    if (req->route->flags & IS_API) {
        api_me(req, res);
        return;
    }
    respond_notice(req, res, notice);
    respond_redirect(req, res, "/settings");
}

static void after_crush(struct request *req, struct response *res)
{
    const struct pool_outcome *outcome = &req->crushed[0].outcome;
    const char *sentence;
    if (outcome->status != POOL_OK) {
        int status = upload_refusal(req, outcome, &sentence);
        respond_error(req, res, status, "%s", sentence);
        return;
    }
    const struct pool_picture *crushed = &outcome->pictures[0];
    const struct image image = {crushed->data, crushed->size_bytes, crushed->width_px, crushed->height_px};
    enum store_status status =
        profile_set_image(req->app->store, request_db(req), req->viewer.account, which_image(req), &image,
                          outcome->fingerprint, req->app->config->quota_bytes);
    image_done(req, res, status,
               arena_printf(&req->arena, "Crushed from %llu to %zu bytes, and shown.",
                            (unsigned long long)outcome->source.source_bytes, crushed->size_bytes));
}

/* POST /settings/avatar and /settings/background, or the same below /api/me: a file, or remove=1. */
void settings_image_post(struct request *req, struct response *res)
{
    static const crush_preset presets[] = {CRUSH_PRESET_THUMBNAIL, CRUSH_PRESET_CRUNCHY};
    const enum profile_image which = which_image(req);
    if (*request_form(req, "remove", "")) {
        image_done(req, res,
                   profile_set_image(req->app->store, request_db(req), req->viewer.account, which, NULL, 0, 0),
                   "Taken away and deleted.");
        return;
    }
    if (req->upload_count != 1) {
        respond_error(req, res, 422, "Choose one picture first: JPEG, PNG, WebP or GIF.");
        return;
    }
    respond_crushed(req, res, &presets[which], 1, after_crush);
}

/* ---- The style ----------------------------------------------------------------------------------- */

/* The draft in the arena, or NULL when there is none. */
static const char *find_draft(struct request *req)
{
    json_t *row = db_row(request_db(req), QUERY_CSS_DRAFT_OF, req->viewer.account);
    const char *text = json_string_value(json_object_get(row, "css_draft"));
    const char *draft = text ? arena_copy(&req->arena, text) : NULL;
    json_decref(row);
    return draft;
}

static json_t *find_me(struct request *req)
{
    return db_row(request_db(req), QUERY_PERSON_BY_ID, req->viewer.account);
}

/* theme, draft: where the text comes from, for the words beside it. */
static void editor_show(struct request *req, struct response *res, const char *css, const struct theme *theme,
                        int is_draft, const char *error)
{
    struct buf before = {0}; /* what is served in front of every style of theirs */
    json_t *me = find_me(req);
    person_write_style(me, " ", &before);
    json_decref(me);
    res->cache = CACHE_NEVER;
    respond_page(req, res, "style",
                 json_pack("{s:s, s:s, s:s, s:b, s:s?, s:o, s:s?}", "name", req->viewer.name, "css", css, "before",
                           before.data, "is_draft", is_draft, "theme", theme ? theme->title : NULL, "themes",
                           themes_list(req), "error", error));
    buf_free(&before);
}

void style_page(struct request *req, struct response *res)
{
    const struct theme *theme = theme_find(request_query(req, "theme", ""));
    const char *draft = find_draft(req);
    json_t *me = find_me(req);
    const char *saved = json_string_value(json_object_get(me, "css"));
    editor_show(req, res,
                theme   ? theme_css(req, theme)
                : draft ? draft
                : saved ? saved
                        : "",
                theme, !theme && draft, NULL);
    json_decref(me);
}

void style_post(struct request *req, struct response *res)
{
    const char *css = "", *fault = profile_read_css(req, &css);
    const int is_preview = strcmp(request_form(req, "then", "save"), "preview") == 0;
    if (fault) {
        res->status = 422;
        editor_show(req, res, posting_typed(req, "css"), NULL, 0, fault);
        return;
    }
    enum store_status status = is_preview ? profile_set_draft(request_db(req), req->viewer.account, css)
                                          : profile_set_css(request_db(req), req->viewer.account, css);
    if (status != STORE_OK) {
        respond_store_error(req, res, status, "style");
        return;
    }
    if (!is_preview)
        respond_notice(req, res, "This is how your page looks from now on.");
    respond_redirect(req, res, is_preview ? "/settings/style/preview" : "/settings/style");
}

/* A row of oneself, or NULL after an error was answered. */
static json_t *me_or_error(struct request *req, struct response *res)
{
    json_t *me = find_me(req);
    res->cache = CACHE_NEVER;
    if (json_is_object(me))
        return me;
    json_decref(me);
    respond_store_error(req, res, STORE_FAILED, "person");
    return NULL;
}

void style_preview(struct request *req, struct response *res)
{
    const struct theme *theme = theme_find(request_query(req, "theme", ""));
    json_t *me = me_or_error(req, res);
    const char *room =
        theme ? arena_printf(&req->arena, "/settings/style/room?theme=%s", theme->name) : "/settings/style/room";
    if (me)
        person_show(req, res, me, &(struct person_look){.room_url = room, .is_preview = 1});
}

void style_room(struct request *req, struct response *res)
{
    const struct theme *theme = theme_find(request_query(req, "theme", ""));
    json_t *me = me_or_error(req, res);
    if (me)
        person_show_room(req, res, me, theme ? theme_url(req, theme) : "/settings/style/draft.css",
                         "/settings/style/preview", 1);
}

void style_draft(struct request *req, struct response *res)
{
    json_t *me = find_me(req);
    const char *draft = find_draft(req), *saved = json_string_value(json_object_get(me, "css"));
    person_write_style(me, draft ? draft : saved ? saved : "", &res->body);
    json_decref(me);
    res->cache = CACHE_NEVER;
    res->policy = POLICY_NONE;
    respond_bytes(req, res, "text/css; charset=utf-8");
}
