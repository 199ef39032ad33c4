/*
 * Deleting really deletes: what was deleted or edited away leaves the full-text index, the write-ahead log and the
 * unused bytes of the file soon afterwards, without VACUUM.
 */
#ifndef PICLOG_STORE_ERASE_H
#define PICLOG_STORE_ERASE_H

#include "store.h"

/* Moves with every deleted or changed row that held somebody's words or pictures, in this process. Thread-safe. */
uint64_t store_erasures(struct store *store);

/*
 * Erases what is left of everything that was deleted before the call. Others go on meanwhile: the write lock is held
 * for moments only. Cost: reads the file once. STORE_BUSY: somebody reads or writes all the time; call it again later.
 */
STORE_MUST_USE enum store_status store_erase(struct store *store);

#endif
