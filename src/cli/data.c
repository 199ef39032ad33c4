/* piclog stats, backup, restore: the data as a whole. Refuses to overwrite unasked. Next: store/restore.c. */
#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "commands.h"

int command_stats(const struct config *config, const struct operands *operands)
{
    static const char *const keys[] = {"accounts", "pictures", "statuses", "moods", "image_bytes", "source_bytes"};
    if (operands->count != 1) {
        fprintf(stderr, tr("usage: piclog stats [--data DIR]\n"));
        return 2;
    }
    struct store *store = command_open(config);
    if (!store)
        return 1;
    struct db *db = store_acquire(store);
    json_t *stats = db_row(db, QUERY_STATS);
    for (size_t i = 0; i < sizeof keys / sizeof keys[0]; i++)
        printf("%s %lld\n", keys[i], (long long)json_integer_value(json_object_get(stats, keys[i])));
    json_decref(stats);
    store_release(store, db);
    store_close(store);
    return 0;
}

int command_backup(const struct config *config, const struct operands *operands)
{
    char message[400], temporary[1024];
    if (operands->count != 2 || strlen(operands->items[1]) > sizeof temporary - 16) {
        fprintf(stderr, tr("usage: piclog backup FILE [--force] [--data DIR]\n"));
        return 2;
    }
    const char *path = operands->items[1];
    if (!operands->force && access(path, F_OK) == 0) {
        fprintf(stderr, tr("piclog: %s exists; --force overwrites it\n"), path);
        return 1;
    }
    struct store *store = command_open(config);
    if (!store)
        return 1;
    struct db *db = store_acquire(store);
    /* Whole or not at all: written beside, then renamed. */
    snprintf(temporary, sizeof temporary, "%s.%ld.tmp", path, (long)getpid());
    unlink(temporary);
    int rc = store_backup(db, temporary, message, sizeof message) == STORE_OK ? 0 : 1;
    if (rc == 0 && rename(temporary, path) != 0) {
        snprintf(message, sizeof message, "%s: %s", path, strerror(errno));
        rc = 1;
    }
    if (rc != 0) {
        fprintf(stderr, "piclog: %s\n", message);
        unlink(temporary);
    }
    store_release(store, db);
    store_close(store);
    return rc;
}

int command_restore(const struct config *config, const struct operands *operands)
{
    char message[400];
    if (operands->count != 2) {
        fprintf(stderr, tr("usage: piclog restore FILE [--force] [--data DIR]\n"));
        return 2;
    }
    if (store_restore(operands->items[1], config->data_folder, operands->force, message, sizeof message) != STORE_OK) {
        fprintf(stderr, "piclog: %s\n", message);
        return 1;
    }
    return 0;
}
