/*
 * piclog import: takes in an export of a piclog, pictures through the same caged workers as every upload. Refuses to
 * make accounts. Next: app/move/import.c.
 */
#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "app/move/import.h"
#include "commands.h"
#include "store/account.h"

static void complain(const char *sentence)
{
    fprintf(stderr, "piclog: %s\n", sentence);
}

/* The account to take it in: NAME, else the one of the export's name. 0 after saying why not. */
static int64_t find_account(struct store *store, const struct import_source *source, const char *name)
{
    char folded[NAME_MAX_BYTES + 1];
    if (!name)
        name = json_string_value(json_object_get(json_object_get(import_source_words(source), "person"), "name"));
    if (!name || account_name_fold(name, folded) != 0) {
        fprintf(stderr, tr("piclog: for whom? piclog import FILE|DIR NAME\n"));
        return 0;
    }
    struct db *db = store_acquire(store);
    int64_t account = db_number(db, QUERY_PERSON, 0, folded);
    store_release(store, db);
    if (!account)
        fprintf(stderr, tr("piclog: there is no account %s; make it first: piclog user add %s\n"), folded, folded);
    return account;
}

static int run(const struct config *config, struct app *app, struct import_source *source, const char *name)
{
    struct import_counts counts = {0};
    struct pool_options options;
    pool_options_init(&options);
    options.workers = config->workers;
    options.max_pixels = config->max_pixels;
    int64_t account = find_account(app->store, source, name);
    if (!account)
        return 1;
    app->pool = pool_open(&options);
    if (!app->pool) {
        fprintf(stderr, tr("piclog: the workers cannot be started: %s\n"), strerror(errno));
        return 1;
    }
    command_public_url(config, app->origin, sizeof app->origin); /* what was exported here knows its way back */
    int rc = import_run(app, account, source, complain, &counts);
    pool_close(app->pool);
    printf(tr("%ld pictures, %ld statuses, %ld moods taken in; %ld were there already; %ld refused\n"), counts.pictures,
           counts.statuses, counts.moods, counts.known, counts.refused);
    if (counts.bulletins || counts.layouts)
        printf(tr("%ld bulletins, %ld layouts\n"), counts.bulletins, counts.layouts);
    if (counts.follows || counts.absent)
        printf(tr("%ld people followed; %ld are not here\n"), counts.follows, counts.absent);
    if (counts.kept)
        printf(tr("%ld posts kept again\n"), counts.kept);
    return rc == 0 && counts.refused == 0 ? 0 : 1;
}

int command_import(const struct config *config, const struct operands *operands)
{
    char message[400];
    struct import_source *source = NULL;
    struct app app = {.config = config};
    if (operands->count < 2 || operands->count > 3) {
        fprintf(stderr, tr("usage: piclog import FILE|DIR [NAME] [--data DIR]\n"));
        return 2;
    }
    if (import_source_open(operands->items[1], &source, message, sizeof message) != 0) {
        fprintf(stderr, "piclog: %s: %s\n", operands->items[1], message);
        return 1;
    }
    int rc = 1;
    app.store = command_open(config);
    if (app.store)
        rc = run(config, &app, source, operands->count == 3 ? operands->items[2] : NULL);
    store_close(app.store);
    import_source_close(source);
    return rc;
}
