/* Blocked pictures: see blocked_picture.h. Refuses to bring back the posts that went with one. Read next:
 * store/blocklist.c. */
#include "domain/blocked_picture.h"

#include "domain/once.h"
#include "store/blocklist.h"

const struct fault *blocked_picture_remove(const struct actor *actor, int64_t id)
{
    const char *const words[] = {arena_printf(actor->arena, "%lld", (long long)id), NULL};
    struct once once;
    int64_t made = 0;
    const struct fault *fault = once_open(actor, N_("blocked picture"), words, &once, &made);
    if (!fault && !made)
        fault = once_close(actor, &once, blocklist_remove_picture(actor->db, actor->account, id), 1);
    return fault;
}
