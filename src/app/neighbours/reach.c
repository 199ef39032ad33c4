/*
 * Who may reach one: the room of the settings for the wall, the guestbook, pokes and nudges. PUT /api/me takes the same
 * (people/profile.c). Read next: domain/reach.c.
 */
#include <string.h>

#include "app/neighbours/handlers.h"
#include "domain/reach.h"

void reach_page(struct request *req, struct response *res)
{
    json_t *me = db_row(request_db(req), QUERY_PERSON_BY_ID, req->viewer.account), *walls = json_array();
    for (int i = 0; i < WALL_TAKERS; i++)
        json_array_append_new(walls, json_pack("{s:s, s:s, s:s, s:b}", "name", wall_takers[i].name, "words",
                                               wall_takers[i].words, "hint", wall_takers[i].hint, "is_checked",
                                               strcmp(wall_takers[i].name, row_text(me, "wall")) == 0));
    json_t *page = json_pack("{s:s, s:o, s:O, s:O, s:O, s:b}", "name", req->viewer.name, "walls", walls, "has_guestbook",
                             json_object_get(me, "has_guestbook"), "takes_pokes", json_object_get(me, "takes_pokes"),
                             "takes_nudges", json_object_get(me, "takes_nudges"), "shows_presence", req->viewer.shows_presence);
    json_decref(me);
    res->cache = CACHE_NEVER;
    respond_page(req, res, "settings_neighbours", page);
}

void reach_post(struct request *req, struct response *res)
{
    const struct reach_typed typed = {.wall = request_form(req, "wall", NULL),
                                      .has_guestbook = request_form(req, "has_guestbook", ""),
                                      .takes_pokes = request_form(req, "takes_pokes", ""),
                                      .takes_nudges = request_form(req, "takes_nudges", ""),
                                      .shows_presence = request_form(req, "shows_presence", "")};
    const struct actor actor = request_actor(req);
    respond_after(req, res, reach_save(&actor, &typed), "Saved.", "/settings/neighbours");
}
