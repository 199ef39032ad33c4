/*
 * What this piclog says of itself, set by its administrators: name, motto, who may join, contact, rules, language. A
 * field that an option of the start says is shown as it is, and cannot be changed here. Read next: domain/site.c.
 */
#include <string.h>

#include "app/request/app.h"
#include "app/admin/handlers.h"
#include "app/people/handlers.h"

static struct site_words typed_of(const struct request *req)
{
    struct site_words typed;
    for (int i = 0; i < SITE_FIELDS; i++)
        typed.of[i] = request_form(req, site_field_name((enum site_field)i), NULL);
    return typed;
}

/* is_again: whether the form is shown again, with what stands in it. */
static void show(struct request *req, struct response *res, int is_again, const char *error)
{
    const struct site_words *site = request_site(req), *options = &req->app->site_options;
    json_t *said = json_object(), *fixed = json_object(), *checked = json_object();
    const struct site_words typed = typed_of(req);
    const char *signup = site->of[SITE_SIGNUP];
    for (int i = 0; i < SITE_FIELDS; i++) {
        const char *name = site_field_name((enum site_field)i);
        const int is_typed = is_again && typed.of[i] && !options->of[i];
        json_object_set_new(said, name, json_string(is_typed ? request_typed(req, name) : site->of[i]));
        json_object_set_new(fixed, name, json_boolean(options->of[i] != NULL));
        if (is_typed && i == SITE_SIGNUP)
            signup = typed.of[i];
    }
    static const char *const signups[] = {"open", "invite", "closed"};
    for (size_t i = 0; i < sizeof signups / sizeof signups[0]; i++)
        json_object_set_new(checked, signups[i], json_boolean(strcmp(signup, signups[i]) == 0));
    res->cache = CACHE_NEVER;
    respond_page(req, res, "admin_site",
                 json_pack("{s:o, s:o, s:o, s:o, s:s?}", "said", said, "fixed", fixed, "checked", checked, "languages",
                           settings_languages(site->of[SITE_LANGUAGE]), "error", error));
}

void admin_site_page(struct request *req, struct response *res)
{
    show(req, res, 0, NULL);
}

/* Form: name, motto, signup, contact, rules, language; what is not there stays as it is. */
void admin_site_post(struct request *req, struct response *res)
{
    const struct site_words typed = typed_of(req);
    struct actor actor = request_actor(req);
    const struct fault *fault = site_save(&actor, &req->app->site_options, &typed);
    if (fault && fault->kind == FAULT_WORDS) {
        res->status = respond_fault_status(fault);
        show(req, res, 1, fault->sentence);
    } else {
        if (!fault)
            request_learn_language(req->app, &actor);
        respond_after(req, res, fault, "Saved, and said everywhere from now on.", "/admin/site");
    }
}
