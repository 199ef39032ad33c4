/*
 * piclog user, token, invite: people and their keys. Passwords come over standard input, so that they stand in no
 * process list; tokens and links are printed alone, so that scripts can take them as they are. Read next:
 * domain/account.h.
 */
#include <stdio.h>
#include <string.h>

#include "commands.h"
#include "domain/account.h"
#include "domain/invitation.h"
#include "domain/name.h"
#include "domain/site.h"
#include "domain/token.h"
#include "store/audit.h"
#include "store/erase.h"

struct store *command_create(const struct config *config)
{
    char message[400];
    struct store *store = NULL;
    if (store_open(config->data_folder, &store, message, sizeof message) != STORE_OK) {
        fprintf(stderr, "piclog: %s\n", message);
        return NULL;
    }
    if (store_keep_reserve(store, config->data_folder, config->reserve_bytes, 0) != STORE_OK) {
        fprintf(stderr, tr("piclog: out of memory\n"));
        store_close(store);
        return NULL;
    }
    return store;
}

struct store *command_open(const struct config *config)
{
    if (store_exists(config->data_folder))
        return command_create(config);
    fprintf(
        stderr,
        tr("piclog: there is no piclog in %s (no piclog.db). Is --data right? \"piclog serve\" begins a new one.\n"),
        config->data_folder);
    return NULL;
}

void command_public_url(const struct config *config, char *ret_url, size_t url_bytes)
{
    if (config->public_url)
        snprintf(ret_url, url_bytes, "%s", config->public_url);
    else
        snprintf(ret_url, url_bytes, strchr(config->listen_address, ':') ? "http://[%s]:%d" : "http://%s:%d",
                 config->listen_address, config->listen_port);
}

/* One line of standard input without its end. 0, or -1 at its end or when it is too long. */
static int read_password(char *ret_password, size_t size)
{
    if (!fgets(ret_password, (int)size, stdin))
        return -1;
    size_t length = strcspn(ret_password, "\r\n");
    if (!ret_password[length] && length + 1 == size)
        return -1;
    ret_password[length] = '\0';
    return 0;
}

/* The shell as somebody who acts: account is whose things are changed, 0 until that is known. */
struct shell {
    struct store *store;
    struct arena arena;
    struct actor actor;
};

static int shell_open(const struct config *config, int creates, struct shell *ret_shell)
{
    struct store *store = creates ? command_create(config) : command_open(config);
    if (!store)
        return -1;
    *ret_shell = (struct shell){.store = store};
    ret_shell->actor = (struct actor){.store = store, .db = store_acquire(store), .arena = &ret_shell->arena};
    return 0;
}

/* The exit status, after saying what went wrong. */
static int shell_close(struct shell *shell, const struct fault *fault)
{
    if (fault)
        fprintf(stderr, "piclog: %s\n", fault->cause ? fault->cause : fault->sentence);
    store_release(shell->store, shell->actor.db);
    store_close(shell->store);
    arena_free(&shell->arena);
    return fault ? 1 : 0;
}

static const struct fault *find_account(struct shell *shell, const char *name)
{
    char folded[NAME_MAX_BYTES + 1];
    if (account_name_fold(name, folded) == 0)
        shell->actor.account = db_number(shell->actor.db, QUERY_PERSON, 0, folded);
    return shell->actor.account ? NULL : name_unknown(&shell->arena, name);
}

/* What the shell does to people stands in the log like what administrators do. */
static const struct fault *user_judge(struct shell *shell, const struct config *config, const char *verb)
{
    struct db *db = shell->actor.db;
    const int64_t id = shell->actor.account;
    const int is_end = strcmp(verb, "delete") == 0;
    enum store_status status = is_end ? account_delete(db, id, config->name_rest_days)
                                      : account_set_state(db, id, strcmp(verb, "disable") == 0 ? "disabled" : "active");
    if (status == STORE_OK)
        status = audit_add(db, 0, verb, "person", id, id, "");
    if (status == STORE_OK && is_end)
        (void)!store_erase(shell->store); /* busy: the service does it in a moment */
    return fault_of_store(&shell->actor, status, "account");
}

static const struct fault *user_add(struct shell *shell, const struct config *config, const char *password,
                                    const struct operands *operands)
{
    int64_t id;
    const struct site_words options = {.of = {[SITE_NAME] = config->site_name}};
    struct site_words site;
    site_read(&shell->actor, &options, &site);
    const struct fault *fault =
        account_make(&shell->actor, site.of[SITE_NAME], &(struct account_typed){operands->items[2], password},
                     operands->is_admin, operands->force, &id);
    const int is_name = fault && (fault->kind == FAULT_TAKEN || (fault->field && strcmp(fault->field, "name") == 0));
    if (is_name && !operands->force)
        fprintf(stderr, tr("piclog: --force takes a name that is reserved, rests, or looks like another.\n"));
    return fault;
}

static const struct fault *user_change(struct shell *shell, const struct config *config, const char *verb,
                                       const struct operands *operands)
{
    char password[PASSWORD_MAX_BYTES + 2];
    int is_new = strcmp(verb, "add") == 0, needs_password = is_new || strcmp(verb, "password") == 0;
    if (needs_password && read_password(password, sizeof password) != 0)
        return fault_make(&shell->arena, FAULT_WORDS,
                          "The password comes on standard input: one line of %d to %d bytes.", PASSWORD_MIN_BYTES,
                          PASSWORD_MAX_BYTES);
    if (is_new)
        return user_add(shell, config, password, operands);
    const struct fault *fault = find_account(shell, operands->items[2]);
    if (fault)
        return fault;
    return needs_password ? account_give_password(&shell->actor, password) : user_judge(shell, config, verb);
}

int command_user(const struct config *config, const struct operands *operands)
{
    static const char *const verbs[] = {"add", "password", "disable", "enable", "delete"};
    const char *verb = operands->count == 3 ? operands->items[1] : "";
    struct shell shell;
    int known = 0;
    for (size_t i = 0; i < sizeof verbs / sizeof verbs[0]; i++)
        known |= strcmp(verb, verbs[i]) == 0;
    if (!known) {
        fprintf(stderr,
                tr("usage: piclog user add|password|disable|enable|delete NAME [--admin] [--force] [--data DIR]\n"));
        return 2;
    }
    if (shell_open(config, strcmp(verb, "add") == 0, &shell) != 0)
        return 1;
    return shell_close(&shell, user_change(&shell, config, verb, operands));
}

int command_token(const struct config *config, const struct operands *operands)
{
    char secret[SECRET_TEXT_BYTES];
    struct shell shell;
    if (operands->count != 2) {
        fprintf(stderr, tr("usage: piclog token NAME [--data DIR]\n"));
        return 2;
    }
    if (shell_open(config, 0, &shell) != 0)
        return 1;
    const struct fault *fault = find_account(&shell, operands->items[1]);
    if (!fault)
        fault = token_give(&shell.actor, &(struct token_typed){.label = "made in the shell", .may_all = 1}, secret);
    if (!fault)
        printf("%s\n", secret);
    return shell_close(&shell, fault);
}

int command_invite(const struct config *config, const struct operands *operands)
{
    char code[SECRET_TEXT_BYTES], url[300];
    struct shell shell;
    if (operands->count != 1) {
        fprintf(stderr, tr("usage: piclog invite [--admin] [--public-url URL] [--data DIR]\n"));
        return 2;
    }
    if (shell_open(config, 0, &shell) != 0)
        return 1;
    command_public_url(config, url, sizeof url);
    const struct fault *fault = invitation_make(&shell.actor, config->signup, 1, operands->is_admin, code);
    if (!fault)
        printf("%s/join/%s\n", url, code);
    return shell_close(&shell, fault);
}
