/*
 * A small picture of our own, crushed by a worker before its job comes: afterwards the code and the tables that every
 * photograph needs are mapped, and symbols are bound.
 */
#ifndef PICLOG_WORKER_REHEARSAL_H
#define PICLOG_WORKER_REHEARSAL_H

/* Once in the template, before any fork: makes the picture, a JPEG of at most 8 kB. Where that fails nothing is
 * rehearsed. */
void rehearsal_prepare(void);

/* In a worker. About 2 ms, most of it page faults; leaves no trace but warm memory. */
void rehearse(void);

#endif
