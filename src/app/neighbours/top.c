/*
 * The top eight, from form to API: eight fields for names in an order, with those whom one follows offered. The page
 * that shows them is people/people.c. Refuses nothing itself: domain/top.c does.
 */
#include <string.h>

#include "app/neighbours/handlers.h"
#include "base/text.h"
#include "domain/top.h"

enum { CHOICES_MAX = 300 /* offered: the page stays light */ };

/* Every value of the list, as it came: "names" of the API, "names[]" of the form, where a name alone may come once. */
static size_t typed_names(const struct request *req, const char *ret_names[FIELDS_MAX])
{
    size_t count = 0;
    for (int i = 0; i < req->form.count; i++)
        if (strcmp(req->form.items[i].name, "names") == 0 || strcmp(req->form.items[i].name, "names[]") == 0)
            ret_names[count++] = req->form.items[i].value;
    return count;
}

/* The fields of the form: eight, filled with names. Takes nothing from the database when they were typed. */
static json_t *places(struct request *req, int were_typed)
{
    const char *names[FIELDS_MAX];
    json_t *list = json_array(), *rows = json_array();
    size_t count = were_typed ? typed_names(req, names) : 0;
    if (!were_typed) {
        json_decref(rows);
        rows = db_rows(request_db(req), QUERY_TOP_OF, req->viewer.account, req->viewer.account);
        for (; count < json_array_size(rows); count++)
            names[count] = row_text(json_array_get(rows, count), "name");
    }
    for (size_t i = 0; i < TOP_MAX; i++) {
        const char *name = i < count && text_is_utf8(names[i], strlen(names[i])) ? names[i] : "";
        json_array_append_new(list, json_pack("{s:i, s:s}", "place", (int)i + 1, "name", name));
    }
    json_decref(rows);
    return list;
}

static void form_page(struct request *req, struct response *res, const char *error)
{
    res->cache = CACHE_NEVER;
    respond_page(req, res, "settings_top",
                 json_pack("{s:s, s:o, s:o, s:s?}", "name", req->viewer.name, "places", places(req, error != NULL),
                           "choices", db_rows(request_db(req), QUERY_TOP_CHOICES, req->viewer.account, CHOICES_MAX),
                           "error", error));
}

void top_page(struct request *req, struct response *res)
{
    form_page(req, res, NULL);
}

static const struct fault *choose(struct request *req)
{
    const char *names[FIELDS_MAX];
    struct actor actor = request_actor(req);
    return top_choose(&actor, names, typed_names(req, names));
}

void top_post(struct request *req, struct response *res)
{
    const struct fault *fault = choose(req);
    if (fault && fault->kind == FAULT_WORDS) {
        res->status = respond_fault_status(fault);
        form_page(req, res, fault->sentence);
        return;
    }
    respond_after(req, res, fault, "Your page shows them in this order.", "/settings/top");
}

/* ---- API ----------------------------------------------------------------------------------------- */

void api_top_get(struct request *req, struct response *res)
{
    json_t *rows = db_rows(request_db(req), QUERY_TOP_OF, req->viewer.account, req->viewer.account), *row;
    json_t *names = json_array();
    size_t i;
    json_array_foreach(rows, i, row) json_array_append(names, json_object_get(row, "name"));
    json_decref(rows);
    respond_json(req, res, json_pack("{s:o}", "names", names));
}

/* {"names": ["minitel", …]}: all of them, in this order; an empty list takes everybody off. */
void api_top_put(struct request *req, struct response *res)
{
    const char *names[FIELDS_MAX];
    const struct fault *fault =
        typed_names(req, names) || json_is_array(json_object_get(req->json, "names"))
            ? choose(req)
            : fault_of_field(&req->arena, "names", TOP_MAX, "Send names, a list of at most %d in order.", TOP_MAX);
    if (fault)
        respond_fault(req, res, fault);
    else
        api_top_get(req, res);
}
