/*
 * piclog user, token, invite: people and their keys. Passwords come over standard input, so that they stand in no
 * process list; tokens and links are printed alone, so that scripts can take them as they are. Read next:
 * store/account.h.
 */
#include <stdio.h>
#include <string.h>

#include "commands.h"
#include "store/account.h"
#include "store/erase.h"
#include "store/moderation.h"

struct store *command_create(const struct config *config)
{
    char message[400];
    struct store *store = NULL;
    if (store_open(config->data_folder, &store, message, sizeof message) != STORE_OK)
        fprintf(stderr, "piclog: %s\n", message);
    return store;
}

struct store *command_open(const struct config *config)
{
    if (store_exists(config->data_folder))
        return command_create(config);
    fprintf(stderr,
            "piclog: there is no piclog in %s (no piclog.db). Is --data right? \"piclog serve\" begins a new one.\n",
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

static int say(enum store_status status, struct db *db, const char *name)
{
    switch (status) {
    case STORE_OK: return 0;
    case STORE_TAKEN: fprintf(stderr, "piclog: there is an account %s already\n", name); break;
    case STORE_NOT_FOUND: fprintf(stderr, "piclog: there is no account %s\n", name); break;
    case STORE_INVALID:
        fprintf(stderr,
                "piclog: a name has 1 to 20 letters a-z, digits, _ or -, and a password (on standard input) 8 to 1000 "
                "bytes\n");
        break;
    default: fprintf(stderr, "piclog: the database: %s\n", db_error(db));
    }
    return 1;
}

static int64_t find_account(struct db *db, const char *name)
{
    char folded[NAME_MAX_BYTES + 1];
    return account_name_fold(name, folded) == 0 ? db_number(db, QUERY_PERSON, 0, folded) : 0;
}

/* What the shell does to people stands in the log like what administrators do. */
static enum store_status user_judge(struct store *store, struct db *db, const char *verb, int64_t id)
{
    enum store_status status = strcmp(verb, "delete") == 0
                                   ? account_delete(db, id)
                                   : account_set_state(db, id, strcmp(verb, "disable") == 0 ? "disabled" : "active");
    if (status == STORE_OK)
        status = audit_add(db, 0, verb, "person", id, id, "");
    if (status == STORE_OK && strcmp(verb, "delete") == 0)
        (void)!store_erase(store); /* busy: the service does it in a moment */
    return status;
}

static enum store_status user_change(struct store *store, struct db *db, const char *verb, const char *name,
                                     int is_admin)
{
    char password[PASSWORD_MAX_BYTES + 2];
    int64_t id = 0;
    int needs_password = strcmp(verb, "add") == 0 || strcmp(verb, "password") == 0;
    if (needs_password && read_password(password, sizeof password) != 0)
        return STORE_INVALID;
    if (strcmp(verb, "add") == 0)
        return account_add(db, name, password, is_admin, 0, &id);
    id = find_account(db, name);
    if (!id)
        return STORE_NOT_FOUND;
    if (strcmp(verb, "password") == 0)
        return account_set_password(db, id, password, 0);
    return user_judge(store, db, verb, id);
}

int command_user(const struct config *config, const struct operands *operands)
{
    static const char *const verbs[] = {"add", "password", "disable", "enable", "delete"};
    const char *verb = operands->count == 3 ? operands->items[1] : "";
    int known = 0;
    for (size_t i = 0; i < sizeof verbs / sizeof verbs[0]; i++)
        known |= strcmp(verb, verbs[i]) == 0;
    if (!known) {
        fprintf(stderr, "usage: piclog user add|password|disable|enable|delete NAME [--admin] [--data DIR]\n");
        return 2;
    }
    const int adds = strcmp(operands->items[1], "add") == 0;
    struct store *store = adds ? command_create(config) : command_open(config);
    if (!store)
        return 1;
    struct db *db = store_acquire(store);
    int rc = say(user_change(store, db, verb, operands->items[2], operands->is_admin), db, operands->items[2]);
    store_release(store, db);
    store_close(store);
    return rc;
}

int command_token(const struct config *config, const struct operands *operands)
{
    char secret[SECRET_TEXT_BYTES];
    if (operands->count != 2) {
        fprintf(stderr, "usage: piclog token NAME [--data DIR]\n");
        return 2;
    }
    struct store *store = command_open(config);
    if (!store)
        return 1;
    struct db *db = store_acquire(store);
    int64_t account = find_account(db, operands->items[1]);
    int rc = say(account ? token_add(store, db, account, "made in the shell", SCOPE_ALL, secret) : STORE_NOT_FOUND, db,
                 operands->items[1]);
    if (rc == 0)
        printf("%s\n", secret);
    store_release(store, db);
    store_close(store);
    return rc;
}

int command_invite(const struct config *config, const struct operands *operands)
{
    char code[SECRET_TEXT_BYTES], url[300];
    if (operands->count != 1) {
        fprintf(stderr, "usage: piclog invite [--admin] [--public-url URL] [--data DIR]\n");
        return 2;
    }
    struct store *store = command_open(config);
    if (!store)
        return 1;
    struct db *db = store_acquire(store);
    command_public_url(config, url, sizeof url);
    int rc = say(invite_add(store, db, 0, operands->is_admin, code), db, "");
    if (rc == 0)
        printf("%s/join/%s\n", url, code);
    store_release(store, db);
    store_close(store);
    return rc;
}
