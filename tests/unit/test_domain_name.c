/* Names without a server: what is one, which are kept for the place, which look alike, and how one rests. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <stdio.h>
#include <string.h>

#include "base/clock.h"
#include "base/skeleton.h"
#include "domain/account.h"
#include "domain/invitation.h"
#include "domain/name.h"
#include "stage.h"
#include "store/db.h"
#include "store/name.h"

static const char password[] = "long enough";

static const struct fault *join(struct stage *s, const char *code, const char *name)
{
    int64_t account = 0;
    const struct actor stranger = {.store = s->store, .db = s->db, .arena = &s->arena};
    return account_join(&stranger, SIGNUP_OPEN, "Le Café", code, &(struct account_typed){name, password}, 1, &account);
}

static int look_alike(const char *a, const char *b)
{
    char first[SKELETON_BYTES], second[SKELETON_BYTES];
    skeleton_make(a, first);
    skeleton_make(b, second);
    return strcmp(first, second) == 0;
}

static void look_alikes(void **state)
{
    static const struct {
        const char *a, *b;
    } same[] = {{"alice", "a1ice"}, {"alice", "al-ice"}, {"alice", "_a_l_i_c_e_"}, {"bob", "b0b"}, {"bill", "b1i1"},
                {"moon", "rno0n"},  {"wave", "vvave"},   {"sissy", "5i5sy"},       {"zoe", "2oe"}, {"vvv", "wv"},
                {"bobby", "8o8by"}, {"gina", "9ina"},    {"eve", "3v3"},           {"mm", "rnm"},  {"a7", "at"},
                {"rn-vw", "m_wv"}},
      different[] = {{"alice", "alise"}, {"anna6", "anna8"}, {"anna6", "anna9"}, {"clara", "dara"}, {"ann", "anna"},
                     {"a", "b"},         {"12", "21"},       {"nm", "rn"},       {"u", "v"}};
    char longest[SKELETON_BYTES];
    (void)state;
    for (size_t i = 0; i < sizeof same / sizeof same[0]; i++)
        if (!look_alike(same[i].a, same[i].b))
            fail_msg("%s and %s", same[i].a, same[i].b);
    for (size_t i = 0; i < sizeof different / sizeof different[0]; i++)
        if (look_alike(different[i].a, different[i].b))
            fail_msg("%s and %s", different[i].a, different[i].b);
    for (char a = '0'; a <= '9'; a++)
        for (char b = '0'; b < a; b++)
            assert_false(look_alike((char[]){'x', a, 0}, (char[]){'x', b, 0}));
    skeleton_make("mmmmmmmmmmwwwwwwwwww", longest);
    assert_int_equal(strlen(longest), SKELETON_BYTES - 1);
}

/* The same in C and in SQL, for every character beside every other. */
static void the_column_is_the_skeleton(void **state)
{
    struct stage *s = *state;
    static const char letters[] = "abcdefghijklmnopqrstuvwxyz0123456789_-";
    sqlite3_stmt *add, *get;
    assert_int_equal(sqlite3_prepare_v2(s->db->handle, "UPDATE accounts SET name = ?1 WHERE id = 1", -1, &add, NULL),
                     0);
    assert_int_equal(sqlite3_prepare_v2(s->db->handle, "SELECT skeleton FROM accounts WHERE id = 1", -1, &get, NULL),
                     0);
    for (const char *a = letters; *a; a++)
        for (const char *b = letters; *b; b++) {
            const char name[] = {*b, *a, *b, 0};
            char skeleton[SKELETON_BYTES];
            skeleton_make(name, skeleton);
            sqlite3_bind_text(add, 1, name, -1, SQLITE_STATIC);
            assert_int_equal(sqlite3_step(add), SQLITE_DONE);
            assert_int_equal(sqlite3_step(get), SQLITE_ROW);
            assert_string_equal((const char *)sqlite3_column_text(get, 0), skeleton);
            sqlite3_reset(add);
            sqlite3_reset(get);
        }
    sqlite3_finalize(add);
    sqlite3_finalize(get);
}

static void kept_for_the_place(void **state)
{
    struct stage *s = *state;
    static const char *const kept[] = {"admin", "ADMIN",  "root",    "support",   "moderator", "piclog", "p1clog",
                                       "r00t",  "adrnin", "ad-min",  "settings",  "friends",   "i",      "upload",
                                       "cafe",  "lecafe", "le_cafe", "supp0rt--", "4dmin",     "login",  "bulletins"};
    static const char *const free_names[] = {"adminton", "cafeteria", "rooty", "frieda", "ada"};
    for (size_t i = 0; i < sizeof kept / sizeof kept[0]; i++)
        if (strcmp(kept[i], "cafe") != 0)
            assert_fault(join(s, "", kept[i]), FAULT_WORDS, "name");
    assert_true(name_is_reserved("cafe", "CAFÉ!"));
    assert_true(name_is_reserved("cafe", " c-a-f-é "));
    assert_false(name_is_reserved("cafe", "Le Café"));
    assert_false(name_is_reserved("zzz", "画像"));
    assert_false(name_is_reserved("a-name-of-20-letters", "a name of 20 letters and more"));
    for (size_t i = 0; i < sizeof free_names / sizeof free_names[0]; i++)
        assert_null(join(s, "", free_names[i]));
    for (size_t i = 0; i < 4; i++)
        assert_fault(join(s, "", ((const char *const[]){"-", "_", "--__", "--------------------"})[i]), FAULT_WORDS,
                     "name");
}

static void who_runs_the_place_may_be_called_so(void **state)
{
    struct stage *s = *state;
    char code[SECRET_TEXT_BYTES];
    assert_null(invitation_make(&s->minitel, SIGNUP_OPEN, 1, 0, code));
    assert_fault(join(s, code, "admin"), FAULT_WORDS, "name");
    assert_null(invitation_make(&s->minitel, SIGNUP_OPEN, 1, 1, code));
    assert_fault(join(s, code, "rninitel"), FAULT_TAKEN, NULL); /* but not like somebody else */
    assert_null(join(s, code, "admin"));
    assert_fault(join(s, "", "adm1n"), FAULT_WORDS, "name");
}

static void beside_existing_names(void **state)
{
    struct stage *s = *state;
    const struct fault *alike = join(s, "", "p0tat0"), *same = join(s, "", "Potato");
    assert_fault(alike, FAULT_TAKEN, NULL);
    assert_fault(same, FAULT_TAKEN, NULL);
    assert_null(strstr(alike->sentence, "potato")); /* nor does it say whom one would be taken for */
    assert_fault(join(s, "", "pot-ato"), FAULT_TAKEN, NULL);
    assert_null(join(s, "", "potatoes"));
    /* Names that exist stay, also where they look alike: both sign in, and neither can be had again. */
    int64_t first, second, id;
    assert_int_equal(account_add_any(s->db, "kiwi", password, 0, 0, &first), STORE_OK);
    assert_int_equal(account_add_any(s->db, "k1wi", password, 0, 0, &second), STORE_OK);
    assert_null(account_recognise(&s->potato, &(struct account_typed){"k1wi", password}, &id));
    assert_int_equal(id, second);
    assert_int_equal(name_is_free(s->db, "kiwi"), STORE_TAKEN);
    assert_int_equal(name_is_free(s->db, "k1wi"), STORE_TAKEN);
    assert_int_equal(name_is_free(s->db, "kivvi"), STORE_ALIKE);
}

static void the_shell_has_the_last_word(void **state)
{
    struct stage *s = *state;
    int64_t id = 0;
    static const char *const names[] = {"support", "p0tato", "gone"};
    assert_int_equal(account_add(s->db, "gone", password, 0, 0, &id), STORE_OK);
    assert_int_equal(account_delete(s->db, id, 365), STORE_OK);
    for (size_t i = 0; i < 3; i++) {
        const struct account_typed typed = {names[i], password};
        assert_non_null(account_make(&s->potato, "piclog", &typed, 0, 0, &id));
        assert_null(account_make(&s->potato, "piclog", &typed, 0, 1, &id));
    }
    assert_fault(account_make(&s->potato, "piclog", &(struct account_typed){"--", password}, 0, 1, &id), FAULT_WORDS,
                 "name");
}

static int64_t resting(struct stage *s)
{
    sqlite3_stmt *count;
    assert_int_equal(
        sqlite3_prepare_v2(s->db->handle, "SELECT count(*), max(rests_until) FROM resting_names", -1, &count, NULL), 0);
    assert_int_equal(sqlite3_step(count), SQLITE_ROW);
    const int64_t until = sqlite3_column_int64(count, 0) == 1 ? sqlite3_column_int64(count, 1) : 0;
    sqlite3_finalize(count);
    return until;
}

static void a_closed_name_rests(void **state)
{
    struct stage *s = *state;
    const int64_t now = clock_now_s();
    assert_null(account_close(&s->potato, &(struct account_typed){"potato", "correct horse"}, 365));
    assert_in_range(resting(s), now + 365 * 86400, now + 365 * 86400 + 100);
    const struct fault *same = join(s, "", "potato"), *alike = join(s, "", "p0tato");
    assert_fault(same, FAULT_TAKEN, NULL);
    assert_fault(alike, FAULT_TAKEN, NULL);
    assert_string_equal(same->sentence, alike->sentence); /* nobody learns who left */
    assert_int_equal(names_expire(s->db), STORE_OK);
    assert_true(resting(s) != 0);
    assert_int_equal(
        sqlite3_exec(s->db->handle, "UPDATE resting_names SET rests_until = unixepoch()", NULL, NULL, NULL), SQLITE_OK);
    assert_int_equal(name_is_free(s->db, "potato"), STORE_OK); /* also before anybody sweeps */
    assert_int_equal(names_expire(s->db), STORE_OK);
    assert_int_equal(resting(s), 0);
    assert_null(join(s, "", "potato"));
}

static void how_long_is_a_setting(void **state)
{
    struct stage *s = *state;
    const int64_t now = clock_now_s();
    int64_t id;
    static const struct {
        const char *setting;
        int option, days;
    } cases[] = {{NULL, 0, 0}, {NULL, 7, 7}, {"30", 7, 30}, {"0", 7, 0}, {"", 7, 7}};
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        assert_int_equal(sqlite3_exec(s->db->handle, "DELETE FROM resting_names", NULL, NULL, NULL), SQLITE_OK);
        if (cases[i].setting)
            assert_int_equal(db_write(s->db, WRITE_SETTING_SET, "name_rest_days", cases[i].setting), STORE_OK);
        assert_int_equal(account_add(s->db, "guest-of-a-day", password, 0, 0, &id), STORE_OK);
        assert_int_equal(account_delete(s->db, id, cases[i].option), STORE_OK);
        if (cases[i].days)
            assert_in_range(resting(s), now + cases[i].days * 86400, now + cases[i].days * 86400 + 100);
        else
            assert_int_equal(resting(s), 0);
    }
}

static void sign_up_is_a_look_up(void **state)
{
    struct stage *s = *state;
    sqlite3_stmt *plan;
    char sql[1000];
    snprintf(sql, sizeof sql, "EXPLAIN QUERY PLAN %s", sqlite3_sql(db_statement(s->db, WRITE_NAME_FOUND)));
    assert_int_equal(sqlite3_prepare_v2(s->db->handle, sql, -1, &plan, NULL), SQLITE_OK);
    int searches = 0;
    while (sqlite3_step(plan) == SQLITE_ROW) {
        const char *step = (const char *)sqlite3_column_text(plan, 3);
        searches += strncmp(step, "SEARCH", 6) == 0;
        if (strncmp(step, "SCAN", 4) == 0)
            fail_msg("%s", step);
    }
    assert_int_equal(searches, 2);
    sqlite3_finalize(plan);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(look_alikes),
        cmocka_unit_test_setup_teardown(the_column_is_the_skeleton, stage_setup, stage_teardown),
        cmocka_unit_test_setup_teardown(kept_for_the_place, stage_setup, stage_teardown),
        cmocka_unit_test_setup_teardown(who_runs_the_place_may_be_called_so, stage_setup, stage_teardown),
        cmocka_unit_test_setup_teardown(beside_existing_names, stage_setup, stage_teardown),
        cmocka_unit_test_setup_teardown(the_shell_has_the_last_word, stage_setup, stage_teardown),
        cmocka_unit_test_setup_teardown(a_closed_name_rests, stage_setup, stage_teardown),
        cmocka_unit_test_setup_teardown(how_long_is_a_setting, stage_setup, stage_teardown),
        cmocka_unit_test_setup_teardown(sign_up_is_a_look_up, stage_setup, stage_teardown),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
