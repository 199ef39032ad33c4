/* Takes in what another piclog exported. */
#ifndef PICLOG_APP_MOVE_IMPORT_H
#define PICLOG_APP_MOVE_IMPORT_H

#include "app/request/app.h"
#include "app/move/import_source.h"

enum { IMPORT_BATCH_POSTS = 2500 }; /* statuses or moods that are written together */

struct import_counts {
    long pictures, statuses, moods; /* posted */
    long bulletins, layouts;        /* the same */
    long follows, absent;           /* people who are followed now; who are not here, each said to complain */
    long kept;                      /* posts that are kept again */
    long known;                     /* were there already */
    long refused;                   /* each said to complain */
};

/*
 * Posts everything of the source to an account, oldest first, with its own times; profile words only where the account
 * has none. What is there already (the same time and content) is left alone, so a second run changes nothing. Pictures
 * go through the pool as uploads do; words are held to the limits of the forms. Whom the export follows is followed
 * where somebody of that name is here, and has a place in the top eight where the account has filled none. Bulletins
 * that have ended are passed over. What stands on walls stays behind: the words of others cannot be vouched for, and
 * the walls of others are not here. complain gets a sentence for each item that was refused, or for a batch of statuses
 * or moods of which none could be written. app: store and pool are open, config says the quota. Returns 0, or -1 when
 * the database or the workers fail, with a last sentence to complain. Runs on the calling thread and waits for the
 * workers.
 */
int import_run(struct app *app, int64_t account, struct import_source *source, void (*complain)(const char *sentence),
               struct import_counts *ret_counts) __attribute__((warn_unused_result));

#endif
