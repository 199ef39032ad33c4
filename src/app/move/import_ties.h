/* What ties the posts of an export to others: answers, and what was kept; for import.c, when all posts are in. */
#ifndef PICLOG_APP_MOVE_IMPORT_TIES_H
#define PICLOG_APP_MOVE_IMPORT_TIES_H

#include <jansson.h>

#include "domain/actor.h"

/*
 * words: those of the export; here: the public URL of this piclog. An answer finds what it answers in the same export,
 * or here, when the export was made here and the account may answer it; else it stays a post of its own. Kept posts are
 * kept again where they are here. Nobody is told anything. *ret_kept: how many were not kept before. 0, or -1 when the
 * database fails.
 */
int import_ties(const struct actor *actor, const json_t *words, const char *here, long *ret_kept)
    __attribute__((warn_unused_result));

#endif
