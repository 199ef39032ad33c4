/* An allocator that fails when a test says so. Replaces malloc and its kin of the whole process; one thread at a time.
 */
#ifndef PICLOG_TESTS_FAILING_MALLOC_H
#define PICLOG_TESTS_FAILING_MALLOC_H

/* From here on the nth allocation fails (1 is the next); with all_after those behind it as well. 0: none fails. */
void malloc_fail_at(long nth, int all_after);

/* Allocations since malloc_fail_at; whether one of them failed. Ends the failing. */
long malloc_recover(int *ret_failed);

/* Allocations that were not freed, of the whole process. */
long malloc_live(void);

#endif
