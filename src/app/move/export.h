/* Everything that one person made, as a zip that opens offline. */
#ifndef PICLOG_APP_MOVE_EXPORT_H
#define PICLOG_APP_MOVE_EXPORT_H

#include "store/store.h"
#include "view/view.h"

enum { EXPORT_VERSION = 1 };

/*
 * Writes the zip to fd: piclog.json (format below), pictures/ID.jpg, avatar.jpg and background.jpg where there are
 * such, index.html, style.css and its tile.jpg.
 * url: of the site, for the page's words. Returns 0, or -1 with message. Cost: one picture in memory at a time, and
 * all words of the account.
 *
 *   {"piclog_export": 1, "exported_at", "site", "person": {…, "about", "css",
 *    "links": [{"label", "url"}], "avatar_file": "avatar.jpg"|null, "background_file": …}, "pictures": [{…, "file":
 * "pictures/1.jpg"}], "statuses": […], "moods": […], "follows": [{"name", "created_at"}],
 *    "top": [{"name", "display_name"}], "bulletins": […] that still hang, "layouts": [{…, "css"}]}, the items as in the
 * API; newest first.
 */
int export_write(struct db *db, const struct view *view, const char *url, int64_t account, int fd, char *message,
                 size_t message_bytes) __attribute__((warn_unused_result));

#endif
