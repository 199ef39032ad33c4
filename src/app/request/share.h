/* How much of what is arriving belongs to whom, so that one person cannot take all the room for uploads. */
#ifndef PICLOG_APP_REQUEST_SHARE_H
#define PICLOG_APP_REQUEST_SHARE_H

#include <stddef.h>
#include <stdint.h>

struct shares;

struct shares *shares_open(void);
void shares_close(struct shares *shares);

/* Adds to what an account holds, unless that would be over limit_bytes. Returns 0, or -1 with nothing added.
   Thread-safe; bounded: with 256 accounts uploading at the same time, another one is refused. */
int shares_take(struct shares *shares, int64_t account, size_t size_bytes, size_t limit_bytes)
    __attribute__((warn_unused_result));
void shares_give_back(struct shares *shares, int64_t account, size_t size_bytes);

#endif
