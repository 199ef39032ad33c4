/* Making and freeing the lists that blocklist.c fills: see blocklist_memory.h. */
#include "blocklist_memory.h"

#include <stdlib.h>

struct blocklist *blocklist_new(void)
{
    struct blocklist *list = calloc(1, sizeof *list);
    if (list)
        pthread_mutex_init(&list->mutex, NULL);
    return list;
}

void blocklist_free(struct blocklist *list)
{
    if (!list)
        return;
    wordlist_free(list->words);
    free(list->pictures);
    pthread_mutex_destroy(&list->mutex);
    free(list);
}
