/*
 * Commands of the shell: what "piclog NAME" does. They work beside a running service, on the same database.
 * Each returns the exit status: 0 done, 1 failed (said on standard error), 2 used wrongly.
 */
#ifndef PICLOG_CLI_COMMANDS_H
#define PICLOG_CLI_COMMANDS_H

#include "base/config.h"
#include "base/lang.h"
#include "base/options.h"
#include "store/store.h"

typedef int command(const struct config *config, const struct operands *operands);

command command_serve;   /* serve.c */
command command_user;    /* people.c */
command command_token;   /* people.c */
command command_invite;  /* people.c */
command command_stats;   /* data.c */
command command_backup;  /* data.c */
command command_restore; /* data.c */
command command_export;  /* export.c */
command command_import;  /* import.c */

/*
 * The database of config; made where there is none only by the second, for "serve" and "user add": a mistyped --data
 * shall not begin a piclog. NULL after saying why not.
 */
struct store *command_open(const struct config *config);
struct store *command_create(const struct config *config);

/* Where the service is reached, as far as configuration says: --public-url or http://ADDR:PORT. */
void command_public_url(const struct config *config, char *ret_url, size_t url_bytes);

#endif
