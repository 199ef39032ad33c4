/*
 * Seven ready styles to start from, and the page that shows them. Each is an ordinary style of a person: only
 * documented names, less than 20 000 bytes, nothing from elsewhere. Trying one on is profile.c's.
 */
#include "app/people/themes.h"

#include <string.h>

#include "app/people/handlers.h"

static const struct theme themes[] = {
    {"minitel", N_("Minitel"), N_("Eight colours, forty columns, one patient modem.")},
    {"starfield", N_("Starfield"), N_("Everything twinkles. Under construction since 1998.")},
    {"office", N_("Office hours"), N_("Grey windows with raised edges. It is now safe to turn off your computer.")},
    {"zine", N_("Zine"), N_("Scissors, glue, a typewriter and the copier at the library.")},
    {"poster", N_("Poster"), N_("Three shapes, three colours, no nonsense. Large type does the rest.")},
    {"aqua", N_("Aqua"), N_("The year 2000 as it was promised: sky, gloss, and everything a droplet.")},
    {"channel", N_("Channel"),
     N_("A video site before it knew what it would become. You are on the air; the rest is a list.")},
};
enum { THEMES = sizeof themes / sizeof themes[0] };

const struct theme *theme_find(const char *name)
{
    for (int i = 0; i < THEMES; i++)
        if (strcmp(themes[i].name, name) == 0)
            return &themes[i];
    return NULL;
}

static struct view_asset asset_of(struct request *req, const struct theme *theme, const char *ending)
{
    struct view_asset asset = {.hash = "", .data = (const unsigned char *)""};
    (void)!view_asset_find(req->app->view, arena_printf(&req->arena, "theme-%s.%s", theme->name, ending), NULL, &asset);
    return asset;
}

const char *theme_css(struct request *req, const struct theme *theme)
{
    struct view_asset asset = asset_of(req, theme, "css");
    return arena_copy_n(&req->arena, asset.data, asset.size_bytes);
}

static const char *url_of(struct request *req, const struct theme *theme, const char *ending)
{
    const char *hash = asset_of(req, theme, ending).hash;
    return *hash ? arena_printf(&req->arena, "/static/theme-%s.%s?v=%s", theme->name, ending, hash) : NULL;
}

const char *theme_url(struct request *req, const struct theme *theme)
{
    return url_of(req, theme, "css");
}

json_t *themes_list(struct request *req)
{
    json_t *list = json_array();
    for (int i = 0; i < THEMES; i++)
        json_array_append_new(list,
                              json_pack("{s:s, s:s, s:s, s:s, s:s?, s:s?, s:I}", "name", themes[i].name, "preview_url",
                                        arena_printf(&req->arena, "/settings/style/preview?theme=%s", themes[i].name),
                                        "title", themes[i].title, "words", themes[i].words, "css_url",
                                        theme_url(req, &themes[i]), "image_url", url_of(req, &themes[i], "jpg"),
                                        "bytes", (json_int_t)asset_of(req, &themes[i], "css").size_bytes));
    return list;
}

void themes_page(struct request *req, struct response *res)
{
    respond_page(req, res, "themes", json_pack("{s:o}", "themes", themes_list(req)));
}
