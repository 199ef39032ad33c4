/* piclog stats, backup, restore: the data as a whole. Refuses to overwrite unasked. Next: store/backup.c. */
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
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

/* Where a backup goes that is no file: standard output, a pipe, a device. -1: into a file. */
static int open_stream(const char *path)
{
    struct stat place, output;
    if (strcmp(path, "-") == 0)
        return STDOUT_FILENO;
    if (stat(path, &place) != 0)
        return -1;
    /* /dev/stdout may be a file, which nothing may be renamed over */
    if (fstat(STDOUT_FILENO, &output) == 0 && place.st_dev == output.st_dev && place.st_ino == output.st_ino)
        return STDOUT_FILENO;
    if (!S_ISFIFO(place.st_mode) && !S_ISCHR(place.st_mode))
        return -1;
    const int fd = open(path, O_WRONLY | O_NOCTTY | O_CLOEXEC);
    if (fd >= 0 && (fstat(fd, &place) != 0 || (!S_ISFIFO(place.st_mode) && !S_ISCHR(place.st_mode)))) {
        close(fd); /* another one by now */
        return -1;
    }
    return fd;
}

static int backup_into_stream(const struct config *config, int fd)
{
    char message[400];
    if (isatty(fd)) {
        fprintf(stderr,
                tr("piclog: a backup is no text for a terminal: \"piclog backup - | ssh …\", or name a file\n"));
        return 1;
    }
    signal(SIGPIPE, SIG_IGN); /* whoever stops reading is told of */
    struct store *store = command_open(config);
    if (!store)
        return 1;
    struct db *db = store_acquire(store);
    int rc = store_stream(db, fd, message, sizeof message) == STORE_OK ? 0 : 1;
    if (rc != 0)
        fprintf(stderr, "piclog: %s\n", message);
    store_release(store, db);
    store_close(store);
    return rc;
}

static int backup_into_file(const struct config *config, const char *path, int force)
{
    char message[400], temporary[1024];
    struct stat place;
    const int is_there = lstat(path, &place) == 0;
    if (is_there && !S_ISREG(place.st_mode)) {
        fprintf(stderr, tr("piclog: %s is no regular file, and nothing else is replaced\n"), path);
        return 1;
    }
    if (is_there && !force) {
        fprintf(stderr, tr("piclog: %s exists; --force overwrites it\n"), path);
        return 1;
    }
    struct store *store = command_open(config);
    if (!store)
        return 1;
    struct db *db = store_acquire(store);
    /* Whole or not at all: written beside, then renamed. */
    snprintf(temporary, sizeof temporary, "%s.XXXXXX", path);
    const int fd = mkostemp(temporary, O_CLOEXEC);
    snprintf(message, sizeof message, "%s: %s", path, strerror(errno));
    int rc = fd >= 0 && store_backup(db, temporary, message, sizeof message) == STORE_OK ? 0 : 1;
    if (fd >= 0)
        close(fd);
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

int command_backup(const struct config *config, const struct operands *operands)
{
    if (operands->count != 2 || strlen(operands->items[1]) > 1000) {
        fprintf(stderr, tr("usage: piclog backup FILE|- [--force] [--data DIR]\n"));
        return 2;
    }
    const int fd = open_stream(operands->items[1]);
    return fd >= 0 ? backup_into_stream(config, fd) : backup_into_file(config, operands->items[1], operands->force);
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
