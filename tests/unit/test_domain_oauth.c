/* Letting programs in, without a server: addresses, scopes, codes and their time, and what is forgotten when. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "domain/oauth.h"
#include "stage.h"

static const char back[] = "https://client.example/back";

static void addresses(void **state)
{
    static const char *const good[] = {"https://a.example/",
                                       "https://a.example:8443/x?y=z&u",
                                       "http://localhost/",
                                       "http://LOCALHOST:1/",
                                       "http://127.0.0.1:80/x",
                                       "http://[::1]:8/",
                                       "app://x",
                                       "com.example.app:/back",
                                       "urn:ietf:wg:oauth:2.0:oob"};
    static const char *const bad[] = {"",
                                      "x",
                                      "/x",
                                      "//a.example/",
                                      "https:",
                                      "https://",
                                      "https:///x",
                                      "https://a.example/#x",
                                      "https://a.example/ x",
                                      "https://a@b.example/",
                                      "http://a.example/",
                                      "http://localhost.a.example/",
                                      "http://127.0.0.1.a.example/",
                                      "http://127.0.0.2/",
                                      "http://localhost@a.example/",
                                      "javascript:alert(1)",
                                      "JAVASCRIPT:alert(1)",
                                      "data:text/html,x",
                                      "DaTa:x",
                                      "vbscript:x",
                                      "file:///x",
                                      "about:blank",
                                      "blob:x",
                                      "view-source:x",
                                      "urn:other",
                                      "1app:x",
                                      ":x",
                                      "app:",
                                      "https://a.example/\n",
                                      "https://a.example/\"",
                                      "https://a.example/<x>",
                                      "https://\xc3\xa4.example/",
                                      "https://a;b.example/",
                                      "https://a,b.example/",
                                      "HTTPS://a.example/",
                                      "Http://localhost/",
                                      "App://x"};
    (void)state;
    for (size_t i = 0; i < sizeof good / sizeof good[0]; i++)
        if (oauth_redirect_fault(good[i]))
            fail_msg("%s: %s", good[i], oauth_redirect_fault(good[i]));
    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++)
        if (!oauth_redirect_fault(bad[i]))
            fail_msg("%s is taken", bad[i]);
}

/* Whatever stands there, it is judged, and what is taken has a scheme that no browser runs. */
static void any_bytes_are_judged(void **state)
{
    static const char pieces[][12] = {"http", "https", "javascript", "data",      ":",         "/",     "//",
                                      "@",    "#",     "?",          "localhost", "127.0.0.1", "[::1]", ".example",
                                      " ",    "\t",    "\x01",       "%0a",       "a",         "\xff"};
    unsigned seed = 7;
    (void)state;
    for (int round = 0; round < 20000; round++) {
        char text[100] = "";
        for (int i = 0, length = 0; i < 6; i++) {
            seed = seed * 1664525 + 1013904223;
            length += snprintf(text + length, sizeof text - (size_t)length, "%s",
                               pieces[seed >> 16 & 15 ? (seed >> 8) % 20 : 4]);
        }
        if (oauth_redirect_fault(text))
            continue;
        assert_true(strncmp(text, "javascript:", 11) != 0 && strncmp(text, "data:", 5) != 0);
        assert_null(strpbrk(text, " \t\x01#\xff"));
        if (strncmp(text, "http:", 5) == 0)
            assert_true(strncmp(text, "http://localhost", 16) == 0 || strncmp(text, "http://127.0.0.1", 16) == 0 ||
                        strncmp(text, "http://[::1]", 12) == 0);
    }
}

static void scopes(void **state)
{
    struct stage *s = *state;
    static const struct {
        const char *scope, *within, *known;
        unsigned scopes;
    } cases[] = {
        {"read", NULL, "read", 0},
        {"read write follow push", NULL, "read write follow", SCOPE_CREATE | SCOPE_UPDATE | SCOPE_DELETE | SCOPE_MEDIA},
        {"read+write:media", NULL, "read write:media", SCOPE_MEDIA},
        {"write:statuses", NULL, "write:statuses", SCOPE_CREATE | SCOPE_UPDATE | SCOPE_DELETE | SCOPE_ONLY_POSTS},
        {"write:statuses follow", NULL, "write:statuses follow", SCOPE_CREATE | SCOPE_UPDATE | SCOPE_DELETE},
        {"write:favourites write:follows admin:write", NULL, "", 0}, /* finer than what is told apart here */
        {"read:accounts read:statuses", "read", "read:accounts read:statuses", 0},
        {"write settings", "read write", "write", SCOPE_CREATE | SCOPE_UPDATE | SCOPE_DELETE | SCOPE_MEDIA},
        {"write", "write:media", "", 0},
        {"create create  update", NULL, "create update", SCOPE_CREATE | SCOPE_UPDATE | SCOPE_ONLY_POSTS},
        {"settings messages", NULL, "settings messages", SCOPE_SETTINGS | SCOPE_MESSAGES},
        {"", NULL, "", 0},
        {"\xff\xfe read:\xff", NULL, "", 0},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        unsigned opens = 99;
        assert_string_equal(oauth_scope_known(&s->arena, cases[i].scope, cases[i].within, &opens), cases[i].known);
        assert_int_equal(opens, cases[i].scopes);
    }
    assert_true(oauth_needs_password(SCOPE_SETTINGS | SCOPE_CREATE));
    assert_true(oauth_needs_password(SCOPE_MESSAGES));
    assert_false(oauth_needs_password(SCOPE_CREATE | SCOPE_UPDATE | SCOPE_DELETE | SCOPE_MEDIA));
}

static struct app_made made(struct stage *s)
{
    struct app_made app;
    assert_null(oauth_register(&s->potato, &(struct app_typed){"A program", NULL, back, "read write"}, &app));
    return app;
}

static const char *allowed(struct stage *s, const struct app_made *app)
{
    struct oauth_asked asked;
    char code[SECRET_TEXT_BYTES];
    int can_redirect;
    const char *error;
    const struct oauth_typed typed = {
        .client_id = app->client_id, .redirect = back, .response_type = "code", .scope = "read write"};
    assert_null(oauth_read(&s->potato, &typed, &asked, &can_redirect, &error));
    assert_null(oauth_allow(&s->potato, &(struct account_typed){"potato", ""}, &asked, code));
    return arena_copy(&s->arena, code);
}

static const struct fault *exchanged(struct stage *s, const struct app_made *app, const char *code,
                                     struct oauth_granted *ret_granted)
{
    const char *error;
    const struct exchange_typed typed = {code, app->client_id, app->secret, back, NULL};
    return oauth_exchange(&s->potato, &typed, 1, ret_granted, &error);
}

static void a_code_lives_for_a_minute(void **state)
{
    struct stage *s = *state;
    const struct app_made app = made(s);
    struct oauth_granted granted = {0};
    const char *late = allowed(s, &app);
    stage_change(s, "UPDATE codes SET created_at = created_at - 61");
    assert_fault(exchanged(s, &app, late, &granted), FAULT_WORDS, NULL);
    const char *early = allowed(s, &app);
    stage_change(s, "UPDATE codes SET created_at = created_at - 50 WHERE id = (SELECT max(id) FROM codes)");
    assert_null(exchanged(s, &app, early, &granted));
    assert_int_equal(granted.account, s->potato.account);
    assert_false(stage_is_on_disk(s, granted.token)); /* only hashes are kept */
    assert_false(stage_is_on_disk(s, early));
    assert_false(stage_is_on_disk(s, app.secret));
}

/* What the database cannot tell is no wrong secret, and no wrong code. */
static void our_failures_are_ours(void **state)
{
    struct stage *s = *state;
    const struct app_made app = made(s);
    const char *code = allowed(s, &app), *error;
    struct oauth_granted granted;
    const struct exchange_typed typed = {code, app.client_id, app.secret, back, NULL};
    stage_change(s, "ALTER TABLE apps RENAME COLUMN secret_hash TO gone");
    assert_fault(oauth_exchange(&s->potato, &typed, 1, &granted, &error), FAULT_FAILED, NULL);
    assert_string_equal(error, "server_error");
    stage_change(s, "ALTER TABLE apps RENAME COLUMN gone TO secret_hash");
    stage_change(s, "ALTER TABLE tokens RENAME TO elsewhere");
    assert_fault(oauth_exchange(&s->potato, &typed, 1, &granted, &error), FAULT_FAILED, NULL);
    assert_string_equal(error, "server_error");
    stage_change(s, "ALTER TABLE elsewhere RENAME TO tokens");
    assert_null(oauth_exchange(&s->potato, &typed, 1, &granted, &error));
    stage_change(s, "ALTER TABLE tokens RENAME TO elsewhere"); /* the token cannot be ended, which is told */
    assert_fault(oauth_exchange(&s->potato, &typed, 1, &granted, &error), FAULT_FAILED, NULL);
    assert_string_equal(error, "server_error");
    stage_change(s, "ALTER TABLE elsewhere RENAME TO tokens");
    assert_fault(oauth_exchange(&s->potato, &typed, 1, &granted, &error), FAULT_WORDS, NULL);
    assert_string_equal(error, "invalid_grant");
    assert_int_equal(stage_number(s, "SELECT count(*) FROM tokens"), 0);
}

static void what_is_forgotten_when(void **state)
{
    struct stage *s = *state;
    const struct app_made unused = made(s), used = made(s);
    struct oauth_granted granted;
    json_t *row = NULL;
    assert_null(exchanged(s, &used, allowed(s, &used), &granted));
    stage_change(s, "UPDATE apps SET created_at = created_at - 86400");
    assert_fault(oauth_app(&s->potato, unused.client_id, NULL, &row), FAULT_STRANGER, NULL); /* before it is swept */
    assert_null(oauth_app(&s->potato, used.client_id, NULL, &row));
    json_decref(row);
    assert_int_equal(oauth_expire(s->db), STORE_OK);
    assert_int_equal(stage_number(s, "SELECT count(*) FROM apps"), 1);
    /* long unused, it is kept as long as somebody has a token of it */
    stage_change(s, "UPDATE apps SET used_at = used_at - 500 * 86400");
    assert_int_equal(oauth_expire(s->db), STORE_OK);
    assert_int_equal(stage_number(s, "SELECT count(*) FROM apps"), 1);
    assert_int_equal(token_end(s->store, s->db, granted.token), STORE_OK);
    assert_int_equal(oauth_expire(s->db), STORE_OK);
    assert_int_equal(stage_number(s, "SELECT count(*) FROM apps"), 0);
    stage_change(s, "UPDATE codes SET created_at = created_at - 86400");
    assert_int_equal(oauth_expire(s->db), STORE_OK);
    assert_int_equal(stage_number(s, "SELECT count(*) FROM codes"), 0);
}

/* Whoever registers program after program only makes the oldest of them forgotten. */
static void programs_are_bounded(void **state)
{
    struct stage *s = *state;
    char insert[400];
    snprintf(
        insert, sizeof insert,
        "WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < %d) INSERT INTO apps (client_id, "
        "secret_hash, name, website, redirects, scope, created_at) SELECT 'x' || i, x'00', 'x', '', 'x', 'read', "
        "unixepoch() - %d + i FROM n",
        APPS_UNUSED_MAX + 5, APPS_UNUSED_MAX + 10);
    stage_change(s, insert);
    (void)made(s);
    assert_int_equal(stage_number(s, "SELECT count(*) FROM apps"), APPS_UNUSED_MAX);
    assert_int_equal(stage_number(s, "SELECT count(*) FROM apps WHERE name = 'A program'"), 1);
}

/* Closing an account takes its codes and tokens along, and leaves the program to others. */
static void a_closed_account_takes_its_own(void **state)
{
    struct stage *s = *state;
    const struct app_made app = made(s);
    struct oauth_granted granted;
    assert_null(exchanged(s, &app, allowed(s, &app), &granted));
    (void)allowed(s, &app);
    assert_int_equal(account_delete(s->db, s->potato.account, 0), STORE_OK);
    assert_int_equal(stage_number(s, "SELECT count(*) FROM codes"), 0);
    assert_int_equal(stage_number(s, "SELECT count(*) FROM tokens"), 0);
    assert_int_equal(stage_number(s, "SELECT count(*) FROM apps"), 1);
}

static void the_token_of_an_app(void **state)
{
    struct stage *s = *state;
    const struct app_made app = made(s);
    char token[APP_TOKEN_BYTES];
    app_token_make(s->store, app.client_id, token);
    assert_int_equal(app_token_find(s->store, s->db, token), STORE_OK);
    token[strlen(token) - 1] ^= 1;
    assert_int_equal(app_token_find(s->store, s->db, token), STORE_NOT_FOUND);
    for (size_t i = 0; i < 3; i++)
        assert_int_equal(app_token_find(s->store, s->db, ((const char *const[]){"", "app.", "app.x.y"})[i]),
                         STORE_NOT_FOUND);
    app_token_make(s->store, "nobody", token);
    assert_int_equal(app_token_find(s->store, s->db, token), STORE_NOT_FOUND);
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, stage_setup, stage_teardown)
    const struct CMUnitTest tests[] = {cmocka_unit_test(addresses),
                                       cmocka_unit_test(any_bytes_are_judged),
                                       TEST(scopes),
                                       TEST(a_code_lives_for_a_minute),
                                       TEST(our_failures_are_ours),
                                       TEST(what_is_forgotten_when),
                                       TEST(programs_are_bounded),
                                       TEST(a_closed_account_takes_its_own),
                                       TEST(the_token_of_an_app)};
    return cmocka_run_group_tests_name("domain oauth", tests, NULL, NULL);
}
