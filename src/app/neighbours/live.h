/* Marks of what happened, put into words for one reader: live.c. */
#ifndef PICLOG_APP_NEIGHBOURS_LIVE_H
#define PICLOG_APP_NEIGHBOURS_LIVE_H

#include "app/request/app.h"
#include "app/request/live.h"

live_teller live_tell;
/* Those whom an account may see here, LIVE_PEOPLE_MAX at most: name, state, line, is_away, avatar_url. New reference;
   NULL: failed. */
json_t *live_people_here(struct live *live, struct db *db, int64_t account);

/* One of them: name, line, and which of is_here, is_away and is_gone; null: not to be seen. New reference. */
json_t *live_person_here(struct live *live, struct db *db, int64_t account, int64_t other);

#endif
