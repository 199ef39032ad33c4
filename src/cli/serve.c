/* piclog serve: the first link when there is nobody yet, then the server. Next: http/serve.c. */
#include <stdio.h>

#include "commands.h"
#include "http/serve.h"
#include "store/account.h"

/* Until there is an administrator, every start prints a fresh link that makes one. */
static int print_first_link(const struct config *config)
{
    char code[SECRET_TEXT_BYTES], url[300];
    struct store *store = command_create(config);
    if (!store)
        return -1;
    struct db *db = store_acquire(store);
    command_public_url(config, url, sizeof url);
    if (db_number(db, QUERY_ADMIN_COUNT, 0) == 0 && invite_add(store, db, 0, 1, code) == STORE_OK)
        fprintf(stderr, tr("piclog: make the first account here, it runs this place: %s/join/%s\n"), url, code);
    store_release(store, db);
    store_close(store);
    return 0;
}

int command_serve(const struct config *config, const struct operands *operands)
{
    if (operands->count != 1) {
        fprintf(stderr, tr("usage: piclog serve [OPTION]...; see piclog --help\n"));
        return 2;
    }
    /* As root with --user, the database has to be made by that user: the link is then "piclog invite --admin"'s. */
    if (!config->user && print_first_link(config) != 0)
        return 1;
    return serve_run(config);
}
