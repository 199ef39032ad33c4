/*
 * Many things in one transaction, of which some may be refused without the others:
 *
 *     status = batch_begin(db);
 *     for each thing
 *         if (batch_item_begin(db) == STORE_OK)
 *             batch_item_end(db, status_import(db, …) == STORE_OK);
 *     status = batch_end(db, STORE_OK);
 *
 * Others who write wait meanwhile: at most as long as some thousand posts take.
 */
#ifndef PICLOG_STORE_BATCH_H
#define PICLOG_STORE_BATCH_H

#include "store.h"

STORE_MUST_USE enum store_status batch_begin(struct db *db);
STORE_MUST_USE enum store_status batch_item_begin(struct db *db);
/* Whatever the thing wrote is undone unless it is kept. Not STORE_OK: the batch is lost, as when the disk is full. */
STORE_MUST_USE enum store_status batch_item_end(struct db *db, int is_kept);
/* status: STORE_OK keeps what was kept, anything else nothing. What comes back says whether it is there. */
STORE_MUST_USE enum store_status batch_end(struct db *db, enum store_status status);

#endif
