/* Every handler of the neighbourhood, by the file it lives in. */
#ifndef PICLOG_APP_NEIGHBOURS_HANDLERS_H
#define PICLOG_APP_NEIGHBOURS_HANDLERS_H

#include "app/request/app.h"

/* wall.c */
handler wall_page, wall_post, wall_sign_post, wall_accept_post, wall_delete_post, wall_bytes, api_wall_get;

/* poke.c */
handler pokes_page, poke_page, poke_post, api_poke_post, api_poke_delete;

/* reach.c */
handler reach_page, reach_post;

#endif
