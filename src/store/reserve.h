/*
 * A reserve of room, inside the store only: a file, piclog.reserve, that is given up when the disk is full, so that
 * what makes room or lets people in can still be written. What adds something never grows the database meanwhile.
 */
#ifndef PICLOG_STORE_RESERVE_H
#define PICLOG_STORE_RESERVE_H

#include "db.h"

struct reserve;

/* Before a database is opened, for which there has to be room: gives up what another run left in a full folder. */
void reserve_make_way(const char *folder);

/* bytes > 0. NULL without memory. is_keeper: makes the file again where there is room. */
struct reserve *reserve_open(const char *folder, size_t bytes, int is_keeper);
void reserve_close(struct reserve *reserve);
struct reserve *reserve_of(const struct store *store); /* NULL: none is kept */

/* For the log, too, once there is nothing else left; makes it again when room is back. */
void reserve_look_after(struct reserve *reserve);
/* 1 when what adds something is refused, or nearly so. */
int reserve_is_low(struct reserve *reserve);

/* Before a statement runs: is there room for its kind? STORE_FULL: only for what needs no more. Two calls of the kernel
   at the beginning of a transaction, and nothing else as long as there is room. */
STORE_MUST_USE enum store_status reserve_check(struct db *db, enum write write);
/* The connection goes to somebody else. */
void reserve_forget(struct db *db);

#endif
