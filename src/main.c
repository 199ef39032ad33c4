/*
 * piclog: picks the command. Each command parses its own options; "worker-template" is what the pool starts.
 * Read next: http/serve.c.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "http/serve.h"
#include "store/account.h"
#include "worker/template.h"

static int fail(const char *what)
{
    fprintf(stderr, "piclog: %s\n", what);
    return 2;
}

int main(int argc, char **argv)
{
    struct config config;
    const char *command = argc > 1 ? argv[1] : "";
    const char *name = NULL;
    static char address[64];
    int is_admin = 0;
    if (!strcmp(command, "worker-template"))
        return worker_template_main(3, worker_crush);
    config_init(&config);
    for (int i = 2; i < argc; i++) {
        const char *value = i + 1 < argc ? argv[i + 1] : NULL;
        if (!strcmp(argv[i], "--admin")) {
            is_admin = 1;
            continue;
        }
        if (strncmp(argv[i], "--", 2)) {
            name = argv[i];
            continue;
        }
        if (!value)
            return fail("an option lacks its value");
        if (!strcmp(argv[i], "--data")) {
            config.data_folder = value;
        } else if (!strcmp(argv[i], "--listen")) {
            const char *colon = strrchr(value, ':');
            if (!colon || (size_t)(colon - value) >= sizeof address)
                return fail("--listen takes ADDR:PORT");
            memcpy(address, value, (size_t)(colon - value));
            address[colon - value] = 0;
            config.listen_address = address;
            config.listen_port = (int)strtol(colon + 1, NULL, 10);
        } else if (!strcmp(argv[i], "--public-url")) {
            config.public_url = value;
        } else if (!strcmp(argv[i], "--rate-limits")) {
            config.rate_limits = strcmp(value, "off") != 0;
        } else if (!strcmp(argv[i], "--signup")) {
            config.signup = !strcmp(value, "open")     ? SIGNUP_OPEN
                            : !strcmp(value, "closed") ? SIGNUP_CLOSED
                                                       : SIGNUP_INVITE;
        } else {
            return fail("unknown option");
        }
        i++;
    }
    if (!strcmp(command, "serve"))
        return serve_run(&config);

    struct store *store;
    char message[300], secret[SECRET_TEXT_BYTES], password[1100] = "";
    if (store_open(config.data_folder, &store, message, sizeof message))
        return fail(message);
    struct db *db = store_acquire(store);
    int result = 2;
    if (!strcmp(command, "user")) {
        int64_t id;
        if (fgets(password, sizeof password, stdin))
            password[strcspn(password, "\n")] = 0;
        result = name && !account_add(db, name, password, is_admin, 0, &id) ? 0 : fail("cannot add that account");
    } else if (!strcmp(command, "token") && name) {
        json_t *person = db_row(db, QUERY_PERSON, "t", name);
        if (json_is_object(person) &&
            !token_add(store, db, json_integer_value(json_object_get(person, "id")), "shell", secret)) {
            puts(secret);
            result = 0;
        }
        json_decref(person);
    }
    store_release(store, db);
    store_close(store);
    return result;
}
