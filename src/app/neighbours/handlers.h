/* Every handler of the neighbourhood, by the file it lives in. */
#ifndef PICLOG_APP_NEIGHBOURS_HANDLERS_H
#define PICLOG_APP_NEIGHBOURS_HANDLERS_H

#include "app/request/app.h"

/* directory.c */
handler neighbours_page, neighbours_atom, neighbours_opml, neighbour_form_page, neighbour_post, neighbour_edit_page,
    neighbour_edit_post, neighbour_delete_post, neighbour_button;

/* ring.c */
handler ring_prev, ring_next, ring_random, ring_page, ring_post;

#endif
