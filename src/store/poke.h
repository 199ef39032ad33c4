/* Pokes: one from each to each, until it is answered. Nothing counts them. */
#ifndef PICLOG_STORE_POKE_H
#define PICLOG_STORE_POKE_H

#include "store.h"

/* Also answers the one that waits from the other. STORE_TAKEN: one waits already. */
STORE_MUST_USE enum store_status poke_add(struct db *db, int64_t by, int64_t account);
/* STORE_NOT_FOUND: none waits. */
STORE_MUST_USE enum store_status poke_delete(struct db *db, int64_t by, int64_t account);

#endif
