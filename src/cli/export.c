/*
 * piclog export: the zip of one person, written beside and renamed, or to standard output. Refuses to overwrite
 * unasked. Next: app/move/export.c.
 */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "app/move/export.h"
#include "commands.h"
#include "store/account.h"

static int write_zip(struct store *store, const struct config *config, const char *name, int fd)
{
    char folded[NAME_MAX_BYTES + 1], url[300], message[240];
    struct view *view = NULL;
    struct view_error error;
    struct db *db = store_acquire(store);
    int64_t account = account_name_fold(name, folded) == 0 ? db_number(db, QUERY_PERSON, 0, folded) : 0;
    int rc = 1;
    command_public_url(config, url, sizeof url);
    if (!account)
        fprintf(stderr, tr("piclog: there is no account %s\n"), name);
    else if (view_open(config->templates_folder, 0, &view, &error) != VIEW_OK)
        fprintf(stderr, "piclog: %s\n", error.message);
    else if (export_write(db, view, url, account, fd, message, sizeof message) != 0)
        fprintf(stderr, "piclog: %s\n", message);
    else
        rc = 0;
    view_close(view);
    store_release(store, db);
    return rc;
}

int command_export(const struct config *config, const struct operands *operands)
{
    char path[1024], temporary[1060];
    if (operands->count < 2 || operands->count > 3) {
        fprintf(stderr, tr("usage: piclog export NAME [FILE|-] [--force] [--data DIR]\n"));
        return 2;
    }
    const char *name = operands->items[1];
    int to_stdout = operands->count == 3 && strcmp(operands->items[2], "-") == 0;
    if (snprintf(path, sizeof path, operands->count == 3 ? "%s" : "piclog-%s.zip",
                 operands->count == 3 ? operands->items[2] : name) >= (int)sizeof path) {
        fprintf(stderr, tr("piclog: the name of the file is too long\n"));
        return 2;
    }
    if (!to_stdout && !operands->force && access(path, F_OK) == 0) {
        fprintf(stderr, tr("piclog: %s exists; --force overwrites it\n"), path);
        return 1;
    }
    struct store *store = command_open(config);
    if (!store)
        return 1;
    snprintf(temporary, sizeof temporary, "%s.%ld.tmp", path, (long)getpid());
    int fd = to_stdout ? STDOUT_FILENO : open(temporary, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600), rc = 1;
    if (fd < 0)
        fprintf(stderr, "piclog: %s: %s\n", temporary, strerror(errno));
    else
        rc = write_zip(store, config, name, fd);
    if (fd >= 0 && !to_stdout) {
        if (close(fd) != 0 || (rc == 0 && rename(temporary, path) != 0)) {
            fprintf(stderr, "piclog: %s: %s\n", path, strerror(errno));
            rc = 1;
        }
        if (rc != 0)
            unlink(temporary);
    }
    store_close(store);
    return rc;
}
