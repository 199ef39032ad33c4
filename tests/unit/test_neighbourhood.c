/* Top eight, bulletins and layouts without a server: what may be said, by whom, what sends itself twice, what ends. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "domain/bulletin.h"
#include "domain/follow.h"
#include "domain/layout.h"
#include "domain/profile.h"
#include "domain/top.h"
#include "stage.h"
#include "store/account.h"
#include "store/blocklist.h"
#include "store/erase.h"
#include "store/moderation.h"

enum { DAY_S = 86400 };

/* ---- Top eight ----------------------------------------------------------------------------------- */

/* The names that a viewer sees, with spaces between them. */
static const char *top(struct stage *s, int64_t viewer)
{
    json_t *rows = db_rows(s->db, QUERY_TOP_OF, s->potato.account, viewer), *row;
    const char *all = "";
    size_t i;
    json_array_foreach(rows, i, row) all =
        arena_printf(&s->arena, "%s%s%s", all, i ? " " : "", json_string_value(json_object_get(row, "name")));
    json_decref(rows);
    return all;
}

static void the_top_eight_is_an_order(void **state)
{
    struct stage *s = *state;
    static const char *const more[] = {"a1", "a2", "a3", "a4", "a5", "a6", "a7", "a8"};
    const char *names[] = {"minitel", "a1", "a2", "a3", "a4", "a5", "a6", "a7", "a8"};
    int64_t id;
    for (size_t i = 0; i < sizeof more / sizeof more[0]; i++)
        assert_int_equal(account_add(s->db, more[i], "correct horse", 0, 0, &id), STORE_OK);
    const struct fault *fault = top_choose(&s->potato, names, 9);
    assert_fault(fault, FAULT_WORDS, "names");
    assert_int_equal(fault->limit, TOP_MAX);
    assert_null(top_choose(&s->potato, names, 8));
    assert_string_equal(top(s, 0), "minitel a1 a2 a3 a4 a5 a6 a7");
    assert_fault(top_choose(&s->potato, (const char *const[]){"a1", "nobody"}, 2), FAULT_WORDS, "names");
    assert_fault(top_choose(&s->potato, (const char *const[]){"a1", "A1 "}, 2), FAULT_WORDS, "names");
    assert_fault(top_choose(&s->potato, (const char *const[]){"potato"}, 1), FAULT_WORDS, "names");
    assert_fault(top_choose(&s->potato, (const char *const[]){"\xFF\xFE"}, 1), FAULT_WORDS, "names");
    assert_string_equal(top(s, 0), "minitel a1 a2 a3 a4 a5 a6 a7");
    assert_null(top_choose(&s->potato, (const char *const[]){" ~a2 ", "", "  ", "@Minitel"}, 4));
    assert_string_equal(top(s, 0), "a2 minitel");
    assert_null(top_choose(&s->potato, NULL, 0));
    assert_string_equal(top(s, 0), "");
}

static void a_block_ends_places_and_hides_others(void **state)
{
    struct stage *s = *state;
    int64_t fax, gnu;
    assert_int_equal(account_add(s->db, "fax", "correct horse", 0, 0, &fax), STORE_OK);
    assert_int_equal(account_add(s->db, "gnu", "correct horse", 0, 0, &gnu), STORE_OK);
    assert_null(top_choose(&s->potato, (const char *const[]){"fax", "minitel"}, 2));
    assert_int_equal(unseen_add(s->db, gnu, fax, "mute"), STORE_OK);
    assert_string_equal(top(s, gnu), "fax minitel");
    assert_int_equal(unseen_add(s->db, fax, gnu, "block"), STORE_OK);
    assert_string_equal(top(s, gnu), "minitel");
    assert_string_equal(top(s, 0), "fax minitel");
    assert_int_equal(unseen_add(s->db, fax, s->potato.account, "block"), STORE_OK);
    assert_string_equal(top(s, 0), "minitel");
    assert_fault(top_choose(&s->potato, (const char *const[]){"fax"}, 1), FAULT_WORDS, "names");
    assert_int_equal(account_delete(s->db, s->minitel.account, 0), STORE_OK);
    assert_string_equal(top(s, 0), "");
}

/* ---- Bulletins ----------------------------------------------------------------------------------- */

static int64_t pin(const struct actor *actor, const char *subject)
{
    int64_t id = 0;
    assert_null(bulletin_publish(actor, &(struct bulletin_typed){subject, "words", "5"}, &id));
    assert_true(id > 0);
    return id;
}

static size_t board(const struct stage *s, int64_t viewer)
{
    json_t *rows = db_rows(s->db, QUERY_BULLETINS, INT64_MAX, (int64_t)100, viewer);
    size_t count = json_array_size(rows);
    json_decref(rows);
    return count;
}

static void bulletins_are_for_followers(void **state)
{
    struct stage *s = *state;
    int is_new;
    pin(&s->potato, "soup");
    assert_int_equal(board(s, s->potato.account), 1);
    assert_int_equal(board(s, s->minitel.account), 0);
    assert_int_equal(board(s, 0), 0);
    assert_null(follow_begin(&s->minitel, "potato", &is_new));
    assert_int_equal(board(s, s->minitel.account), 1);
    assert_int_equal(unseen_add(s->db, s->minitel.account, s->potato.account, "mute"), STORE_OK);
    assert_int_equal(board(s, s->minitel.account), 0);
    assert_int_equal(unseen_delete(s->db, s->minitel.account, s->potato.account, "mute"), STORE_OK);
    assert_int_equal(unseen_add(s->db, s->potato.account, s->minitel.account, "block"), STORE_OK);
    assert_int_equal(unseen_delete(s->db, s->potato.account, s->minitel.account, "block"), STORE_OK);
    assert_int_equal(board(s, s->minitel.account), 0); /* it ended the following */
}

static void bulletins_have_limits(void **state)
{
    struct stage *s = *state;
    char lengthy[BULLETIN_MAX + 2];
    int64_t id = 7;
    const struct {
        struct bulletin_typed typed;
        const char *field;
    } wrong[] = {{{"", "c", "1"}, "subject"},     {{NULL, "c", "1"}, "subject"}, {{"s", " \n", "1"}, "content"},
                 {{"s", NULL, "1"}, "content"},   {{"s", "c", NULL}, "days"},    {{"s", "c", "2"}, "days"},
                 {{"s", "c", "11"}, "days"},      {{"s", "c", "-1"}, "days"},    {{"\xFF", "c", "1"}, "subject"},
                 {{"s", lengthy, "1"}, "content"}};
    memset(lengthy, 'a', sizeof lengthy);
    lengthy[BULLETIN_MAX + 1] = '\0';
    for (size_t i = 0; i < sizeof wrong / sizeof wrong[0]; i++)
        assert_fault(bulletin_publish(&s->potato, &wrong[i].typed, &id), FAULT_WORDS, wrong[i].field);
    assert_int_equal(id, 7);
    lengthy[BULLETIN_MAX] = '\0';
    assert_null(bulletin_publish(&s->potato, &(struct bulletin_typed){"s", lengthy, "10"}, &id));
    for (int i = 1; i < BULLETINS_MAX; i++)
        pin(&s->potato, "more");
    const struct fault *fault = bulletin_publish(&s->potato, &(struct bulletin_typed){"s", "c", "1"}, &id);
    assert_fault(fault, FAULT_WORDS, "subject");
    assert_int_equal(fault->limit, BULLETINS_MAX);
    pin(&s->minitel, "somebody else’s board is not full");
    assert_fault(bulletin_remove(&s->minitel, id), FAULT_NOT_FOUND, NULL);
    assert_null(bulletin_remove(&s->potato, id));
    pin(&s->potato, "room again");
}

static void a_bulletin_sent_twice_hangs_once(void **state)
{
    struct stage *s = *state;
    struct actor form = s->potato;
    form.key = "a key";
    const int64_t id = pin(&form, "soup");
    assert_int_equal(pin(&form, " soup "), id);
    assert_true(pin(&form, "salad") != id);
    assert_null(bulletin_remove(&form, id));
    assert_int_equal(pin(&form, "soup"), id); /* and does not come back */
    assert_int_equal(board(s, s->potato.account), 1);
    form.is_program = 1;
    form.key = "\"x\"";
    for (int i = 1; i < BULLETINS_MAX; i++)
        pin(&s->potato, "filling");
    int64_t made;
    assert_fault(bulletin_publish(&form, &(struct bulletin_typed){"s", "c", "1"}, &made), FAULT_WORDS, "subject");
    pin(&s->minitel, "the connection is usable after that");
}

static void from_elsewhere_while_they_run(void **state)
{
    struct stage *s = *state;
    const int64_t now = clock_now_s();
    const struct bulletin_typed typed = {"old", "words", NULL};
    assert_null(bulletin_bring(&s->potato, &typed, now - DAY_S, now + DAY_S));
    assert_fault(bulletin_bring(&s->potato, &typed, now - DAY_S, now + DAY_S), FAULT_TAKEN, NULL);
    assert_fault(bulletin_bring(&s->potato, &typed, now - DAY_S, now), FAULT_WORDS, "ends_at");
    assert_fault(bulletin_bring(&s->potato, &typed, now, now + 10 * DAY_S + 1), FAULT_WORDS, "ends_at");
    assert_null(bulletin_bring(&s->potato, &typed, now, now + 10 * DAY_S));
    assert_fault(bulletin_bring(&s->potato, &(struct bulletin_typed){0}, now, now + 1), FAULT_WORDS, "subject");
}

static void what_has_ended_leaves_the_file(void **state)
{
    struct stage *s = *state;
    const int64_t now = clock_now_s();
    int64_t id;
    const uint64_t before = store_erasures(s->store);
    for (int days = 1; days <= 10; days += days == 1 ? 4 : 5) {
        const char *subject = arena_printf(&s->arena, "Subjectosaurus%d", days);
        const char *content = arena_printf(&s->arena, "Contentosaurus%d.", days);
        const char *text = arena_printf(&s->arena, "%d", days);
        assert_null(bulletin_publish(&s->potato, &(struct bulletin_typed){subject, content, text}, &id));
        assert_true(stage_is_on_disk(s, subject) && stage_is_on_disk(s, content));
    }
    assert_int_equal(bulletins_expire(s->db, now + DAY_S - 10), STORE_OK);
    assert_int_equal(board(s, s->potato.account), 3);
    assert_int_equal(bulletins_expire(s->db, now + 5 * DAY_S + 10), STORE_OK);
    assert_int_equal(board(s, s->potato.account), 1);
    assert_true(store_erasures(s->store) > before); /* the sweep knows that there is something to erase */
    assert_int_equal(store_erase(s->store), STORE_OK);
    assert_false(stage_is_on_disk(s, "Contentosaurus1.") || stage_is_on_disk(s, "Contentosaurus5."));
    assert_false(stage_is_on_disk(s, "Subjectosaurus5"));
    assert_true(stage_is_on_disk(s, "Subjectosaurus10") && stage_is_on_disk(s, "Contentosaurus10."));
}

/* ---- Layouts ------------------------------------------------------------------------------------- */

static int64_t share(const struct actor *actor, const char *name)
{
    int64_t id = 0;
    assert_null(layout_publish(actor, &(struct layout_typed){name, "a line", "p{}"}, &id));
    assert_true(id > 0);
    return id;
}

static void layouts_have_limits(void **state)
{
    struct stage *s = *state;
    char name[LAYOUT_NAME_MAX + 2], line[LAYOUT_LINE_MAX + 2], css[PROFILE_CSS_MAX_BYTES + 2];
    int64_t id = 7;
    memset(name, 'n', sizeof name), name[LAYOUT_NAME_MAX + 1] = '\0';
    memset(line, 'l', sizeof line), line[LAYOUT_LINE_MAX + 1] = '\0';
    memset(css, 'c', sizeof css), css[PROFILE_CSS_MAX_BYTES + 1] = '\0';
    const struct {
        struct layout_typed typed;
        const char *field;
    } wrong[] = {{{name, "", "c"}, "name"}, {{NULL, "", "c"}, "name"}, {{"n", line, "c"}, "line"},
                 {{"n", "", css}, "css"},   {{"n", "", " "}, "css"},   {{"n", "", NULL}, "css"},
                 {{"n", "", "\xFF"}, "css"}};
    for (size_t i = 0; i < sizeof wrong / sizeof wrong[0]; i++)
        assert_fault(layout_publish(&s->potato, &wrong[i].typed, &id), FAULT_WORDS, wrong[i].field);
    assert_int_equal(id, 7);
    name[LAYOUT_NAME_MAX] = line[LAYOUT_LINE_MAX] = css[PROFILE_CSS_MAX_BYTES] = '\0';
    assert_null(layout_publish(&s->potato, &(struct layout_typed){name, line, css}, &id));
    assert_fault(layout_publish(&s->potato, &(struct layout_typed){name, "", "c"}, &id), FAULT_TAKEN, NULL);
    for (int i = 1; i < LAYOUTS_MAX; i++)
        share(&s->potato, arena_printf(&s->arena, "number %d", i));
    const struct fault *fault = layout_publish(&s->potato, &(struct layout_typed){"more", "", "c"}, &id);
    assert_fault(fault, FAULT_WORDS, "name");
    assert_int_equal(fault->limit, LAYOUTS_MAX);
    share(&s->minitel, "number 1"); /* names are one's own */
}

static void a_layout_is_a_copy_of_the_saved_style(void **state)
{
    struct stage *s = *state;
    int64_t id;
    assert_null(profile_save_style(&s->potato, "a {\r\n}"));
    assert_null(profile_try_style(&s->potato, "draft"));
    assert_null(layout_publish(&s->potato, &(struct layout_typed){"Plaid", NULL, NULL}, &id));
    assert_string_equal(stage_text(s, QUERY_LAYOUT, id, "css"), "a {\n}");
    assert_null(profile_save_style(&s->potato, "b {}"));
    assert_null(layout_change(&s->potato, id, &(struct layout_typed){"Tartan", "x", NULL}, 0));
    assert_string_equal(stage_text(s, QUERY_LAYOUT, id, "css"), "a {\n}");
    assert_string_equal(stage_text(s, QUERY_LAYOUT, id, "name"), "Tartan");
    assert_null(layout_change(&s->potato, id, &(struct layout_typed){"Tartan", "", NULL}, 1));
    assert_string_equal(stage_text(s, QUERY_LAYOUT, id, "css"), "b {}");
    assert_fault(layout_change(&s->potato, id, &(struct layout_typed){"", "", NULL}, 0), FAULT_WORDS, "name");
    assert_fault(layout_change(&s->minitel, id, &(struct layout_typed){"n", "", NULL}, 0), FAULT_NOT_FOUND, NULL);
    const int64_t other = share(&s->potato, "Other");
    assert_fault(layout_change(&s->potato, other, &(struct layout_typed){"Tartan", "", NULL}, 0), FAULT_TAKEN, NULL);
    assert_fault(layout_remove(&s->minitel, id), FAULT_NOT_FOUND, NULL);
    assert_null(layout_remove(&s->potato, id));
    assert_fault(layout_remove(&s->potato, id), FAULT_NOT_FOUND, NULL);
}

static void layouts_once_and_from_elsewhere(void **state)
{
    struct stage *s = *state;
    struct actor form = s->potato;
    form.key = "a key";
    assert_int_equal(share(&form, "Plaid"), share(&form, " Plaid"));
    const struct layout_typed typed = {"Old", "a line", "p{}"};
    const struct post_times times = {.created_s = 1000, .edited_s = 2000};
    assert_null(layout_bring(&s->potato, &typed, times));
    assert_fault(layout_bring(&s->potato, &typed, times), FAULT_TAKEN, NULL);
    assert_fault(layout_bring(&s->potato, &(struct layout_typed){"n", "", NULL}, times), FAULT_WORDS, "css");
}

static void words_are_held_and_masked(void **state)
{
    struct stage *s = *state;
    int64_t id;
    assert_int_equal(blocklist_add_words(s->db, 0, (const char *const[]){"casino"}, 1, "hold"), STORE_OK);
    assert_int_equal(blocklist_add_words(s->db, 0, (const char *const[]){"turnip"}, 1, "mask"), STORE_OK);
    id = share(&s->potato, "a turnip");
    assert_null(strstr(stage_text(s, QUERY_LAYOUT, id, "name"), "turnip"));
    assert_fault(layout_publish(&s->potato, &(struct layout_typed){"n", "", "/* turnip */"}, &id), FAULT_REFUSED, NULL);
    share(&s->potato, "the casino");
    json_t *listed = db_rows(s->db, QUERY_LAYOUTS, INT64_MAX, (int64_t)10, (int64_t)0);
    assert_int_equal(json_array_size(listed), 1);
    json_decref(listed);
    json_t *held = db_rows(s->db, QUERY_LAYOUTS_HELD, (int64_t)10);
    assert_int_equal(json_array_size(held), 1);
    json_decref(held);
    pin(&s->potato, "casino tonight");
    held = db_rows(s->db, QUERY_BULLETINS_HELD, (int64_t)10);
    assert_int_equal(json_array_size(held), 1);
    json_decref(held);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(the_top_eight_is_an_order, stage_setup, stage_teardown),
        cmocka_unit_test_setup_teardown(a_block_ends_places_and_hides_others, stage_setup, stage_teardown),
        cmocka_unit_test_setup_teardown(bulletins_are_for_followers, stage_setup, stage_teardown),
        cmocka_unit_test_setup_teardown(bulletins_have_limits, stage_setup, stage_teardown),
        cmocka_unit_test_setup_teardown(a_bulletin_sent_twice_hangs_once, stage_setup, stage_teardown),
        cmocka_unit_test_setup_teardown(from_elsewhere_while_they_run, stage_setup, stage_teardown),
        cmocka_unit_test_setup_teardown(what_has_ended_leaves_the_file, stage_setup, stage_teardown),
        cmocka_unit_test_setup_teardown(layouts_have_limits, stage_setup, stage_teardown),
        cmocka_unit_test_setup_teardown(a_layout_is_a_copy_of_the_saved_style, stage_setup, stage_teardown),
        cmocka_unit_test_setup_teardown(layouts_once_and_from_elsewhere, stage_setup, stage_teardown),
        cmocka_unit_test_setup_teardown(words_are_held_and_masked, stage_setup, stage_teardown),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
