/* Tokens, keys of feeds and webhooks without a server. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <string.h>

#include "domain/feed_key.h"
#include "domain/token.h"
#include "domain/webhook.h"
#include "stage.h"

static unsigned scopes(struct stage *s, struct token_typed typed)
{
    char secret[SECRET_TEXT_BYTES];
    struct viewer viewer = {0};
    assert_null(token_give(&s->potato, &typed, secret));
    assert_int_equal(token_find(s->store, s->db, secret, &viewer), STORE_OK);
    assert_int_equal(viewer.account, s->potato.account);
    return viewer.scopes;
}

static void a_token_does_what_was_ticked(void **state)
{
    struct stage *s = *state;
    assert_int_equal(scopes(s, (struct token_typed){.label = "x", .may_post = 1}), SCOPE_CREATE | SCOPE_MEDIA);
    assert_int_equal(scopes(s, (struct token_typed){.label = "x", .may_change = 1}), SCOPE_UPDATE | SCOPE_DELETE);
    assert_int_equal(scopes(s, (struct token_typed){.may_post = 1, .may_change = 1}),
                     SCOPE_CREATE | SCOPE_MEDIA | SCOPE_UPDATE | SCOPE_DELETE);
    assert_int_equal(scopes(s, (struct token_typed){.may_post = 1, .may_all = 1}), SCOPE_ALL);
    assert_int_equal(scopes(s, (struct token_typed){.may_read = 1}), 0);
    assert_int_equal(scopes(s, (struct token_typed){.may_read = 1, .may_post = 1}), SCOPE_CREATE | SCOPE_MEDIA);
    assert_int_equal(scopes(s, (struct token_typed){.may_read = 1, .may_all = 1}), SCOPE_ALL);
    assert_int_equal(scopes(s, (struct token_typed){0}), SCOPE_ALL);
}

static void a_token_is_labelled_and_revoked(void **state)
{
    struct stage *s = *state;
    char label[TOKEN_LABEL_MAX + 2] = "", secret[SECRET_TEXT_BYTES], again[SECRET_TEXT_BYTES];
    struct actor form = s->potato;
    struct viewer viewer;
    memset(label, 'a', TOKEN_LABEL_MAX);
    form.key = "a key";
    assert_null(token_give(&form, &(struct token_typed){.label = label}, secret));
    assert_null(token_give(&form, &(struct token_typed){.label = label}, again));
    assert_string_equal(secret, again);
    assert_null(token_give(&form, &(struct token_typed){.label = "other"}, again));
    assert_string_not_equal(secret, again);
    json_t *tokens = db_rows(s->db, QUERY_TOKENS_OF, s->potato.account);
    assert_int_equal(json_array_size(tokens), 2);
    const int64_t id = json_integer_value(json_object_get(json_array_get(tokens, 0), "id"));
    json_decref(tokens);
    label[TOKEN_LABEL_MAX] = 'a';
    assert_fault(token_give(&form, &(struct token_typed){.label = label}, secret), FAULT_WORDS, "label");
    assert_fault(token_revoke(&s->minitel, id), FAULT_NOT_FOUND, NULL);
    assert_null(token_revoke(&s->potato, id));
    assert_int_equal((token_find(s->store, s->db, secret, &viewer) == STORE_OK) +
                         (token_find(s->store, s->db, again, &viewer) == STORE_OK),
                     1);
    /* the form of one that is revoked shows nothing, of one that is there the same */
    label[TOKEN_LABEL_MAX] = '\0';
    const struct fault *first = token_give(&form, &(struct token_typed){.label = label}, secret);
    const struct fault *second = token_give(&form, &(struct token_typed){.label = "other"}, again);
    assert_true(!first != !second);
    assert_fault(first ? first : second, FAULT_TAKEN, NULL);
}

static int opens(struct stage *s, const char *feed, const char *secret)
{
    struct viewer viewer = {0};
    const struct fault *fault = feed_key_open(&s->minitel, feed, secret, &viewer);
    if (fault)
        assert_fault(fault, FAULT_NOT_FOUND, NULL);
    else /* of the one who made it, with no right to anything else */
        assert_true(viewer.account == s->potato.account && strcmp(viewer.name, "potato") == 0 && !viewer.scopes &&
                    !viewer.is_admin);
    return !fault;
}

static void a_key_opens_one_feed_until_it_is_revoked(void **state)
{
    struct stage *s = *state;
    char first[SECRET_TEXT_BYTES], second[SECRET_TEXT_BYTES], notices[SECRET_TEXT_BYTES], again[SECRET_TEXT_BYTES];
    struct actor form = s->potato;
    form.key = "a form";
    assert_null(feed_key_make(&form, "friends", first));
    assert_null(feed_key_make(&form, "friends", again)); /* sent twice */
    assert_string_equal(first, again);
    assert_null(feed_key_make(&s->potato, "notices", notices));
    assert_true(opens(s, "friends", first) && opens(s, "notices", notices));
    assert_false(opens(s, "notices", first) || opens(s, "friends", notices) || opens(s, "friends", "") ||
                 opens(s, "home", first));
    assert_null(feed_key_make(&s->potato, "friends", second));
    assert_true(opens(s, "friends", second));
    assert_false(opens(s, "friends", first));
    assert_fault(feed_key_make(&s->potato, "home", second), FAULT_WORDS, "feed");
    assert_fault(feed_key_revoke(&s->minitel, "friends"), FAULT_NOT_FOUND, NULL);
    assert_null(feed_key_revoke(&s->potato, "friends"));
    assert_false(opens(s, "friends", second));
    assert_true(opens(s, "notices", notices));
}

static void keys_end_with_the_password(void **state)
{
    struct stage *s = *state;
    char secret[SECRET_TEXT_BYTES], codes[RECOVERY_CODES][RECOVERY_CODE_BYTES];
    int64_t account;
    assert_null(feed_key_make(&s->potato, "friends", secret));
    assert_int_equal(account_set_password(s->db, s->potato.account, "another password", 0), STORE_OK);
    assert_false(opens(s, "friends", secret));
    assert_null(feed_key_make(&s->potato, "friends", secret));
    assert_int_equal(recovery_make(s->store, s->db, s->potato.account, secret, codes), STORE_OK);
    assert_int_equal(recovery_use(s->store, s->db, "potato", codes[0], "yet another one", &account), STORE_OK);
    assert_false(opens(s, "friends", secret));
    assert_null(feed_key_make(&s->potato, "friends", secret));
    assert_int_equal(account_set_state(s->db, s->potato.account, "disabled"), STORE_OK);
    assert_false(opens(s, "friends", secret));
}

static void addresses_of_webhooks(void **state)
{
    static const char *const good[] = {"https://you.example",
                                       "http://you.example/hook?a=b&c=d",
                                       "https://you.example:8443/",
                                       "http://[2606:4700::1111]:8080/x",
                                       "https://you.example?x",
                                       "http://1.1.1.1:80",
                                       "http://a",
                                       "https://a/"};
    static const char *const bad[] = {"",
                                      "you.example",
                                      "ftp://you.example",
                                      "https://",
                                      "https:///",
                                      "https://:80/",
                                      "http://",
                                      "https://a@you.example",
                                      "https://a:b@you.example/",
                                      "https://you.example/#a",
                                      "https://you.example:0/",
                                      "https://you.example:22/",
                                      "https://you.example:65536/",
                                      "https://you.example:+80/",
                                      "https://you.example:80x/",
                                      "https://you.example:/",
                                      "https://you.example/\r\nX: y",
                                      "https://you.example/\x7f",
                                      "https://y\xc3\xb6u.example/",
                                      "https://you.example/a b",
                                      "https://you.example\\@evil.example/",
                                      "file:///etc/passwd"};
    struct stage *s = *state;
    for (size_t i = 0; i < sizeof good / sizeof good[0]; i++)
        if (webhook_check_url(&s->arena, good[i]))
            fail_msg("%s is refused", good[i]);
    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++)
        if (!webhook_check_url(&s->arena, bad[i]))
            fail_msg("%s is taken", bad[i]);
}

static void a_webhook_is_pointed_somewhere(void **state)
{
    struct stage *s = *state;
    char secret[SECRET_TEXT_BYTES] = "", url[WEBHOOK_URL_MAX_BYTES + 2];
    memset(url, 'a', sizeof url);
    memcpy(url, "https://a.", 10);
    url[WEBHOOK_URL_MAX_BYTES] = '\0';
    assert_null(webhook_point(&s->potato, url, secret));
    assert_int_equal(strlen(secret), SECRET_TEXT_BYTES - 1);
    url[WEBHOOK_URL_MAX_BYTES] = 'a', url[WEBHOOK_URL_MAX_BYTES + 1] = '\0';
    assert_fault(webhook_point(&s->potato, url, secret), FAULT_WORDS, "url");
    assert_fault(webhook_check_url(&s->arena, url), FAULT_WORDS, "url");
    assert_fault(webhook_point(&s->potato, "file:///etc/passwd", secret), FAULT_WORDS, "url");
    assert_null(webhook_point(&s->potato, " https://you.example/hook ", secret));
    json_t *row = db_row(s->db, QUERY_WEBHOOK_OF, s->potato.account);
    assert_string_equal(json_string_value(json_object_get(row, "url")), "https://you.example/hook");
    json_decref(row);
}

static void a_webhook_has_the_secret_that_is_shown(void **state)
{
    struct stage *s = *state;
    char secret[SECRET_TEXT_BYTES], again[SECRET_TEXT_BYTES];
    struct actor form = s->potato;
    form.key = "a key";
    assert_null(webhook_point(&form, "https://you.example/", secret));
    assert_null(webhook_point(&form, "https://you.example/", again));
    assert_string_equal(secret, again);
    assert_true(webhook_is(s->db, s->potato.account, "https://you.example/", secret));
    /* another address typed under the same key is another webhook, and the secret before is worth nothing */
    assert_null(webhook_point(&form, "https://other.example/", again));
    assert_string_not_equal(secret, again);
    assert_fault(webhook_point(&form, "https://you.example/", secret), FAULT_TAKEN, NULL);
    assert_true(webhook_is(s->db, s->potato.account, "https://other.example/", again));
    assert_null(webhook_point(&s->potato, "https://other.example/", secret));
    assert_string_not_equal(secret, again);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(a_token_does_what_was_ticked, stage_setup, stage_teardown),
        cmocka_unit_test_setup_teardown(a_token_is_labelled_and_revoked, stage_setup, stage_teardown),
        cmocka_unit_test_setup_teardown(a_key_opens_one_feed_until_it_is_revoked, stage_setup, stage_teardown),
        cmocka_unit_test_setup_teardown(keys_end_with_the_password, stage_setup, stage_teardown),
        cmocka_unit_test_setup_teardown(addresses_of_webhooks, stage_setup, stage_teardown),
        cmocka_unit_test_setup_teardown(a_webhook_is_pointed_somewhere, stage_setup, stage_teardown),
        cmocka_unit_test_setup_teardown(a_webhook_has_the_secret_that_is_shown, stage_setup, stage_teardown),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
