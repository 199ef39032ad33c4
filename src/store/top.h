/* The top eight: up to eight people whom somebody shows on their page, in an order of their own. */
#ifndef PICLOG_STORE_TOP_H
#define PICLOG_STORE_TOP_H

#include "store.h"

enum { TOP_MAX = 8 };

/*
 * These, in this order, instead of those before; count may be 0. STORE_TAKEN: somebody comes twice. STORE_INVALID: more
 * than TOP_MAX, oneself, or no such account. Blocks end places by themselves (migrations/0009_neighbours.sql).
 */
STORE_MUST_USE enum store_status top_set(struct db *db, int64_t account, const int64_t *friends, int count);

#endif
