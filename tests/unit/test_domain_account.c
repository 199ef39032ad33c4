/* Names and passwords without a server: who may join, how one comes back, and what a fault is about. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <string.h>

#include <sodium.h>

#include "domain/account.h"
#include "domain/invitation.h"
#include "domain/token.h"
#include "stage.h"
#include "store/blocklist.h"

static const char good[] = "eight ok"; /* the shortest password */

static const struct fault *join(struct stage *s, enum signup signup, const char *code, const char *name,
                                const char *password)
{
    int64_t account = 0;
    const struct actor stranger = {.store = s->store, .db = s->db, .arena = &s->arena};
    const struct fault *fault =
        account_join(&stranger, signup, "Le Café", code, &(struct account_typed){name, password}, 1, &account);
    assert_int_equal(!fault, account != 0);
    return fault;
}

static void who_may_join(void **state)
{
    struct stage *s = *state;
    char code[SECRET_TEXT_BYTES];
    int is_admin = 7;
    assert_null(account_may_join(&s->potato, SIGNUP_OPEN, "", &is_admin));
    assert_int_equal(is_admin, 0);
    assert_null(join(s, SIGNUP_OPEN, "", "open", good));
    assert_fault(join(s, SIGNUP_INVITE, "", "nobody", good), FAULT_NOT_ALLOWED, NULL);
    assert_fault(join(s, SIGNUP_CLOSED, "", "nobody", good), FAULT_NOT_ALLOWED, NULL);
    assert_fault(join(s, SIGNUP_OPEN, "made up", "nobody", good), FAULT_NOT_ALLOWED, NULL);
    assert_null(invitation_make(&s->potato, SIGNUP_INVITE, 0, 0, code));
    assert_fault(join(s, SIGNUP_INVITE, code, "potato", good), FAULT_TAKEN, NULL); /* and the code is still good */
    assert_null(join(s, SIGNUP_CLOSED, code, "friend", good));
    assert_fault(join(s, SIGNUP_INVITE, code, "another", good), FAULT_NOT_ALLOWED, NULL);
    assert_null(invitation_make(&s->minitel, SIGNUP_CLOSED, 1, 1, code));
    assert_null(account_may_join(&s->potato, SIGNUP_CLOSED, code, &is_admin));
    assert_int_equal(is_admin, 1);
}

/* The linker puts these in the place of libsodium's (meson.build): counted, and then as ever. */
static int hashes;
int __real_crypto_pwhash_str_alg(char *out, const char *password, unsigned long long length, unsigned long long passes,
                                 size_t memory, int algorithm);
int __wrap_crypto_pwhash_str_alg(char *out, const char *password, unsigned long long length, unsigned long long passes,
                                 size_t memory, int algorithm);
int __real_crypto_pwhash_str_verify(const char *hash, const char *password, unsigned long long length);
int __wrap_crypto_pwhash_str_verify(const char *hash, const char *password, unsigned long long length);

int __wrap_crypto_pwhash_str_alg(char *out, const char *password, unsigned long long length, unsigned long long passes,
                                 size_t memory, int algorithm)
{
    hashes++;
    return __real_crypto_pwhash_str_alg(out, password, length, passes, memory, algorithm);
}

int __wrap_crypto_pwhash_str_verify(const char *hash, const char *password, unsigned long long length)
{
    hashes++;
    return __real_crypto_pwhash_str_verify(hash, password, length);
}

static void a_taken_name_costs_no_hash(void **state)
{
    struct stage *s = *state;
    char code[SECRET_TEXT_BYTES];
    assert_null(invitation_make(&s->potato, SIGNUP_INVITE, 0, 0, code));
    stage_change(s, "UPDATE accounts SET created_at = created_at - 3600");
    hashes = 0;
    assert_fault(join(s, SIGNUP_OPEN, "", "Potato", "correct horse"), FAULT_TAKEN, NULL);
    assert_fault(join(s, SIGNUP_OPEN, "", "p0tato", good), FAULT_TAKEN, NULL); /* looks like it */
    assert_fault(join(s, SIGNUP_INVITE, code, "potato", good), FAULT_TAKEN, NULL);
    assert_fault(join(s, SIGNUP_INVITE, "made up", "potato", good), FAULT_NOT_ALLOWED, NULL);
    assert_int_equal(hashes, 0);
    assert_null(join(s, SIGNUP_OPEN, "", "new", good));
    assert_int_equal(hashes, 1);
    assert_null(join(s, SIGNUP_OPEN, "", "new", good)); /* sent twice: whose it is has to be known */
    assert_fault(join(s, SIGNUP_OPEN, "", "new", "another"), FAULT_WORDS, "password");
    assert_fault(join(s, SIGNUP_OPEN, "", "new", "another one"), FAULT_TAKEN, NULL);
    assert_int_equal(hashes, 3);
}

static void names_and_passwords(void **state)
{
    struct stage *s = *state;
    static const char *const words[] = {"casino*"}, *const bad[] = {"", "a b", "123456789012345678901", "\xC3\xA9",
                                                                    "a.b"};
    char password[PASSWORD_MAX_BYTES + 2];
    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++)
        assert_fault(join(s, SIGNUP_OPEN, "", bad[i], good), FAULT_WORDS, "name");
    assert_null(join(s, SIGNUP_OPEN, "", "12345678901234567890", good));
    assert_fault(join(s, SIGNUP_OPEN, "", "x", "seven b"), FAULT_WORDS, "password");
    memset(password, 'a', sizeof password);
    password[PASSWORD_MAX_BYTES] = 'a', password[PASSWORD_MAX_BYTES + 1] = '\0';
    const struct fault *fault = join(s, SIGNUP_OPEN, "", "x", password);
    assert_fault(fault, FAULT_WORDS, "password");
    assert_int_equal(fault->limit, PASSWORD_MAX_BYTES);
    password[PASSWORD_MAX_BYTES] = '\0';
    assert_null(join(s, SIGNUP_OPEN, "", "X", password));
    assert_fault(join(s, SIGNUP_OPEN, "", "x", good), FAULT_TAKEN, NULL);
    assert_int_equal(blocklist_add_words(s->db, s->minitel.account, words, 1, "mask"), STORE_OK);
    assert_fault(join(s, SIGNUP_OPEN, "", "Casino-King", good), FAULT_WORDS, "name");
    int64_t id;
    assert_null(account_make(&s->potato, "piclog", &(struct account_typed){"casino-king", good}, 0, 0,
                             &id)); /* the shell may */
    assert_fault(account_make(&s->potato, "piclog", &(struct account_typed){"casino-king", good}, 0, 1, &id),
                 FAULT_TAKEN, NULL);
    assert_fault(account_make(&s->potato, "piclog", &(struct account_typed){"y", "short"}, 0, 0, &id), FAULT_WORDS,
                 "password");
}

static void who_is_recognised(void **state)
{
    struct stage *s = *state;
    int64_t id = 0;
    assert_null(account_recognise(&s->potato, &(struct account_typed){"Potato", "correct horse"}, &id));
    assert_int_equal(id, s->potato.account);
    const struct fault *wrong = account_recognise(&s->potato, &(struct account_typed){"potato", "no"}, &id);
    const struct fault *unknown = account_recognise(&s->potato, &(struct account_typed){"nobody", "no"}, &id);
    assert_fault(wrong, FAULT_STRANGER, NULL);
    assert_fault(unknown, FAULT_STRANGER, NULL);
    assert_string_equal(wrong->sentence, unknown->sentence);
}

static void a_password_is_changed_by_whoever_knows_it(void **state)
{
    struct stage *s = *state;
    int64_t id = 0;
    const struct actor *me = &s->potato;
    assert_fault(account_change_password(me, "potato", "correct horse", "short", 0), FAULT_WORDS, "new_password");
    assert_fault(account_change_password(me, "potato", "wrong", "a new password", 0), FAULT_WORDS, "old_password");
    /* a name and password that fit, but are somebody else's */
    assert_fault(account_change_password(me, "minitel", "correct horse", "a new password", 0), FAULT_WORDS,
                 "old_password");
    assert_null(account_change_password(me, "potato", "correct horse", "a new password", 0));
    assert_null(account_recognise(me, &(struct account_typed){"potato", "a new password"}, &id));
    assert_fault(account_give_password(me, "short"), FAULT_WORDS, "password");
    assert_null(account_give_password(me, "another password"));
    assert_null(account_recognise(me, &(struct account_typed){"potato", "another password"}, &id));
}

static void a_code_opens_the_door_once(void **state)
{
    struct stage *s = *state;
    char codes[RECOVERY_CODES][RECOVERY_CODE_BYTES];
    int64_t id = 0;
    const struct account_typed typed = {"potato", "recovered password"};
    assert_null(account_first_codes(&s->potato, codes));
    assert_fault(account_recover(&s->potato, &(struct account_typed){"potato", "short"}, codes[0], &id), FAULT_WORDS,
                 "password");
    assert_fault(account_recover(&s->potato, &typed, "aaaa-bbbb-cccc-dddd", &id), FAULT_STRANGER, NULL);
    assert_fault(account_recover(&s->potato, &(struct account_typed){"minitel", "recovered password"}, codes[0], &id),
                 FAULT_STRANGER, NULL);
    assert_null(account_recover(&s->potato, &typed, codes[0], &id));
    assert_int_equal(id, s->potato.account);
    assert_fault(account_recover(&s->potato, &typed, codes[0], &id), FAULT_STRANGER, NULL);
    assert_null(account_recognise(&s->potato, &typed, &id));
}

static void new_codes_and_tokens_that_open_everything_need_the_password(void **state)
{
    struct stage *s = *state;
    char codes[RECOVERY_CODES][RECOVERY_CODE_BYTES], secret[SECRET_TEXT_BYTES];
    struct viewer viewer;
    const struct account_typed right = {"potato", "correct horse"};
    static const struct account_typed wrong[] = {{"potato", ""}, {"potato", "wrong"}, {"minitel", "correct horse"}};
    static const struct token_typed all[] = {{.label = "x"}, {.label = "x", .may_post = 1, .may_all = 1}};
    for (size_t i = 0; i < sizeof wrong / sizeof wrong[0]; i++) {
        assert_fault(account_make_codes(&s->potato, &wrong[i], codes), FAULT_WORDS, "password");
        for (size_t j = 0; j < sizeof all / sizeof all[0]; j++)
            assert_fault(token_make(&s->potato, &wrong[i], &all[j], secret), FAULT_WORDS, "password");
    }
    assert_null(account_make_codes(&s->potato, &right, codes));
    assert_null(token_make(&s->potato, &wrong[0], &(struct token_typed){.label = "x", .may_post = 1}, secret));
    assert_null(token_make(&s->potato, &right, &all[0], secret));
    assert_int_equal(token_find(s->store, s->db, secret, &viewer), STORE_OK);
    assert_null(account_give_password(&s->potato, "another password"));
    assert_int_equal(token_find(s->store, s->db, secret, &viewer), STORE_NOT_FOUND);
}

/* Codes that a second send would show have to be those that open the door, and no others. */
static void the_codes_that_are_shown_are_those_that_work(void **state)
{
    struct stage *s = *state;
    char first[RECOVERY_CODES][RECOVERY_CODE_BYTES], again[RECOVERY_CODES][RECOVERY_CODE_BYTES];
    char other[RECOVERY_CODES][RECOVERY_CODE_BYTES];
    const struct account_typed right = {"potato", "correct horse"};
    struct actor form = s->potato;
    int64_t id = 0;
    form.key = "a key";
    assert_null(account_make_codes(&form, &right, first));
    assert_null(account_make_codes(&form, &right, again));
    assert_memory_equal(first, again, sizeof first);
    assert_int_equal(db_number(s->db, QUERY_RECOVERY_CODES_LEFT, 0, s->potato.account), RECOVERY_CODES);
    /* another page made others: the first form has nothing to show any more, and the others stay */
    form.key = "another key";
    assert_null(account_make_codes(&form, &right, other));
    for (int i = 0; i < RECOVERY_CODES; i++)
        assert_string_not_equal(first[i], other[i]);
    form.key = "a key";
    assert_fault(account_make_codes(&form, &right, again), FAULT_TAKEN, NULL);
    /* without a key every call makes new ones */
    assert_null(account_make_codes(&s->potato, &right, again));
    assert_null(account_make_codes(&s->potato, &right, other));
    assert_string_not_equal(again[0], other[0]);
    assert_fault(account_recover(&s->potato, &(struct account_typed){"potato", "new password"}, first[0], &id),
                 FAULT_STRANGER, NULL);
    assert_null(account_recover(&s->potato, &(struct account_typed){"potato", "new password"}, other[0], &id));
}

static void leaving_needs_the_password(void **state)
{
    struct stage *s = *state;
    int64_t id = 0;
    assert_fault(account_close(&s->potato, &(struct account_typed){"potato", "wrong"}, 365), FAULT_WORDS, "password");
    assert_fault(account_close(&s->potato, &(struct account_typed){"minitel", "correct horse"}, 365), FAULT_WORDS,
                 "password");
    assert_null(account_close(&s->potato, &(struct account_typed){"potato", "correct horse"}, 365));
    assert_fault(account_recognise(&s->potato, &(struct account_typed){"potato", "correct horse"}, &id), FAULT_STRANGER,
                 NULL);
}

static void invitations(void **state)
{
    struct stage *s = *state;
    char first[SECRET_TEXT_BYTES], second[SECRET_TEXT_BYTES];
    struct actor form = s->potato;
    assert_true(invitation_is_possible(SIGNUP_INVITE, 0) && invitation_is_possible(SIGNUP_CLOSED, 1));
    assert_fault(invitation_make(&form, SIGNUP_CLOSED, 0, 0, first), FAULT_NOT_ALLOWED, NULL);
    form.key = "a key";
    assert_null(invitation_make(&form, SIGNUP_INVITE, 0, 0, first));
    assert_null(invitation_make(&form, SIGNUP_INVITE, 0, 0, second));
    assert_string_equal(first, second);
    form.key = "another key";
    assert_null(invitation_make(&form, SIGNUP_INVITE, 0, 0, second));
    assert_string_not_equal(first, second);
    json_t *invites = db_rows(s->db, QUERY_INVITES_OF, s->potato.account);
    assert_int_equal(json_array_size(invites), 2);
    const int64_t id = json_integer_value(json_object_get(json_array_get(invites, 0), "id"));
    json_decref(invites);
    assert_fault(invitation_take_back(&s->minitel, id), FAULT_NOT_FOUND, NULL);
    assert_null(invitation_take_back(&s->potato, id));
    form.key = "a third key"; /* what was taken back is not shown again */
    assert_null(invitation_make(&form, SIGNUP_INVITE, 0, 0, first));
    invites = db_rows(s->db, QUERY_INVITES_OF, s->potato.account);
    for (size_t i = 0; i < json_array_size(invites); i++)
        assert_null(
            invitation_take_back(&s->potato, json_integer_value(json_object_get(json_array_get(invites, i), "id"))));
    json_decref(invites);
    assert_fault(invitation_make(&form, SIGNUP_INVITE, 0, 0, first), FAULT_TAKEN, NULL);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(who_may_join, stage_setup, stage_teardown),
        cmocka_unit_test_setup_teardown(a_taken_name_costs_no_hash, stage_setup, stage_teardown),
        cmocka_unit_test_setup_teardown(names_and_passwords, stage_setup, stage_teardown),
        cmocka_unit_test_setup_teardown(who_is_recognised, stage_setup, stage_teardown),
        cmocka_unit_test_setup_teardown(a_password_is_changed_by_whoever_knows_it, stage_setup, stage_teardown),
        cmocka_unit_test_setup_teardown(a_code_opens_the_door_once, stage_setup, stage_teardown),
        cmocka_unit_test_setup_teardown(new_codes_and_tokens_that_open_everything_need_the_password, stage_setup,
                                        stage_teardown),
        cmocka_unit_test_setup_teardown(the_codes_that_are_shown_are_those_that_work, stage_setup, stage_teardown),
        cmocka_unit_test_setup_teardown(leaving_needs_the_password, stage_setup, stage_teardown),
        cmocka_unit_test_setup_teardown(invitations, stage_setup, stage_teardown),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
