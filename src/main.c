/*
 * piclog: one executable for the service and for whoever runs it. Finds the command, reads the options, lets src/cli do
 * the work. "worker-template" is for the service itself: the process that decoders are forked from. Read next:
 * cli/commands.h.
 */
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/config.h"
#include "base/options.h"
#include "base/reason.h"
#include "cli/commands.h"
#include "crush.h"
#include "worker/template.h"

static const struct {
    const char *name;
    command *run;
    const char *usage, *help;
} commands[] = {
    {"serve", command_serve, "serve", N_("run the service")},
    {"user", command_user, "user add|password|disable|enable|delete NAME",
     N_("accounts; the password is read from standard input")},
    {"token", command_token, "token NAME", N_("print a new API token")},
    {"invite", command_invite, "invite [--admin]", N_("print a link that lets one person join")},
    {"backup", command_backup, "backup FILE|-", N_("a consistent copy, also while the service runs; -: into a pipe")},
    {"restore", command_restore, "restore FILE", N_("check a backup and put it in place; stop the service first")},
    {"export", command_export, "export NAME [FILE|-]",
     N_("everything that somebody made, as a zip that opens offline")},
    {"import", command_import, "import FILE|DIR [NAME]",
     N_("what another piclog exported, into an account that exists")},
    {"stats", command_stats, "stats", N_("what is in there")},
};
enum { COMMAND_COUNT = sizeof commands / sizeof commands[0] };

static void print_help(FILE *out)
{
    fprintf(out, tr("usage: piclog COMMAND [OPTION]...\n\nCommands:\n"));
    for (int i = 0; i < COMMAND_COUNT; i++)
        fprintf(out, "  %-46s %s\n", commands[i].usage, tr(commands[i].help));
    fprintf(out, tr("\nOptions, also as PICLOG_NAME in the environment (--public-url is PICLOG_PUBLIC_URL):\n"));
    options_help(out);
    fprintf(out, "  %-32s %s\n", "--admin", tr("of user add and invite: may run the place"));
    fprintf(out, "  %-32s %s\n", "--force", tr("of backup, export and restore: overwrite;"));
    fprintf(out, "  %-32s %s\n", "", tr("of user add: a name that is reserved, rests, or looks like another"));
    fprintf(out, "  %-32s %s\n", "-h, --help; -V, --version", "");
}

int main(int argc, char **argv)
{
    struct config config;
    struct operands operands;
    char message[400];
    lang_load(lang_service, lang_moods);
    reason_load(lang_reasons);
    lang_use(lang_of_environment());
    umask(077); /* databases, backups and exports hold secrets: whatever is made here is its owner's */
    if (argc == 2 && strcmp(argv[1], "worker-template") == 0)
        _exit(worker_template_main(3, worker_crush, WORKER_SPARE_MS));
    config_init(&config);
    if (options_read(argc, argv, &config, &operands, message, sizeof message) != 0) {
        fprintf(stderr, "piclog: %s\n", message);
        return 2;
    }
    if (operands.wants_help) {
        print_help(stdout);
        return 0;
    }
    if (operands.wants_version) {
        printf("piclog %s\n", crush_version());
        return 0;
    }
    for (int i = 0; operands.count && i < COMMAND_COUNT; i++)
        if (strcmp(operands.items[0], commands[i].name) == 0)
            return commands[i].run(&config, &operands);
    if (operands.count)
        fprintf(stderr, tr("piclog: there is no command %s\n\n"), operands.items[0]);
    print_help(stderr);
    return 2;
}
