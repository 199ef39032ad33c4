/* Every handler of what people do with each other, by the file it lives in. */
#ifndef PICLOG_APP_NEIGHBOURS_HANDLERS_H
#define PICLOG_APP_NEIGHBOURS_HANDLERS_H

#include "app/request/app.h"

/* top.c */
handler top_page, top_post, api_top_get, api_top_put;

/* bulletins.c */
handler bulletins_page, bulletins_post, bulletin_page, bulletin_delete_post, api_bulletin_get;

/* layouts.c */
handler layouts_page, layout_page, own_layouts_page, own_layouts_post, own_layout_post, api_layout_get, api_layout_put,
    api_layout_delete;

#endif
