/* Walls, guestbooks and pokes without a server: who may, what waits, what has its limit, what a block ends. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <stdio.h>
#include <string.h>

#include "domain/follow.h"
#include "domain/poke.h"
#include "domain/reach.h"
#include "domain/shun.h"
#include "base/clock.h"
#include "domain/wall.h"
#include "store/wall.h"
#include "stage.h"
#include "store/account.h"
#include "store/blocklist.h"
#include "store/moderation.h"

static struct wall wall_of(const struct actor *actor, const char *name)
{
    struct wall wall;
    assert_null(wall_find(actor, name, &wall));
    return wall;
}

static const struct fault *try_to_write(const struct actor *actor, const char *name, const char *content,
                                        const struct wall_picture *picture, int64_t *ret_id)
{
    const struct wall wall = wall_of(actor, name);
    struct wall_words words;
    const struct fault *fault =
        wall_clean(actor->arena, &(struct wall_typed){.content = content, .alt = "alt"}, picture != NULL, &words);
    return fault ? fault : wall_write(actor, &wall, 0, &words, picture, ret_id);
}

static int64_t write_on(const struct actor *actor, const char *name, const char *content)
{
    int64_t id = 0;
    assert_null(try_to_write(actor, name, content, NULL, &id));
    assert_true(id > 0);
    return id;
}

static void set_wall(const struct actor *actor, const char *takes)
{
    assert_null(reach_save(actor, &(struct reach_typed){.wall = takes}));
}

/* What somebody sees on a wall; viewer 0: nobody in particular. */
static size_t shown(const struct stage *s, int64_t owner, int64_t viewer)
{
    json_t *rows = db_rows(s->db, QUERY_WALL, INT64_MAX, (int64_t)1000, owner, viewer, (int64_t)0);
    const size_t count = json_array_size(rows);
    json_decref(rows);
    return count;
}

static size_t waiting(const struct stage *s, int64_t owner)
{
    json_t *rows = db_rows(s->db, QUERY_WALL_WAITING, owner, (int64_t)1000);
    const size_t count = json_array_size(rows);
    json_decref(rows);
    return count;
}

static struct wall_picture picture(const char *full, const char *thumb)
{
    return (struct wall_picture){{full, strlen(full), 640, 480}, {thumb, strlen(thumb), 240, 180}, 0x5555555555555555u};
}

static void who_may_write_and_what_waits(void **state)
{
    struct stage *s = *state;
    const int64_t potato = s->potato.account, minitel = s->minitel.account;
    int64_t id = 7;
    int is_new = 0;
    const int64_t first = write_on(&s->minitel, "Potato", "hello");
    assert_int_equal(shown(s, potato, 0), 0);
    assert_int_equal(shown(s, potato, minitel), 1);
    assert_int_equal(waiting(s, potato), 1);
    assert_fault(wall_let_in(&s->minitel, first), FAULT_NOT_FOUND, NULL);
    assert_null(wall_let_in(&s->potato, first));
    assert_null(wall_let_in(&s->potato, first));
    assert_int_equal(shown(s, potato, 0), 1);
    write_on(&s->potato, "potato", "mine needs no look");
    assert_int_equal(shown(s, potato, 0), 2);
    set_wall(&s->potato, "open");
    write_on(&s->minitel, "potato", "at once");
    assert_int_equal(shown(s, potato, 0), 3);
    set_wall(&s->potato, "nobody");
    assert_fault(try_to_write(&s->minitel, "potato", "no", NULL, &id), FAULT_NOT_ALLOWED, NULL);
    write_on(&s->potato, "potato", "I may");
    set_wall(&s->potato, "followed");
    assert_fault(try_to_write(&s->minitel, "potato", "no", NULL, &id), FAULT_NOT_ALLOWED, NULL);
    assert_int_equal(id, 7);
    assert_null(follow_begin(&s->potato, "minitel", &is_new));
    assert_null(try_to_write(&s->minitel, "potato", "a friend", NULL, &id));
    assert_int_equal(shown(s, potato, 0), 5);
    assert_fault(reach_save(&s->potato, &(struct reach_typed){.wall = "all"}), FAULT_WORDS, "wall");
    assert_fault(wall_find(&s->potato, "nobody-here", &(struct wall){0}), FAULT_NOT_FOUND, NULL);
}

static void words_are_bounded_and_needed(void **state)
{
    struct stage *s = *state;
    struct arena *arena = &s->arena;
    char text[WALL_MAX + 2];
    struct wall_words words;
    memset(text, 'a', sizeof text);
    text[WALL_MAX] = '\0';
    assert_null(wall_clean(arena, &(struct wall_typed){.content = text}, 0, &words));
    text[WALL_MAX] = 'a', text[WALL_MAX + 1] = '\0';
    const struct fault *fault = wall_clean(arena, &(struct wall_typed){.content = text}, 0, &words);
    assert_fault(fault, FAULT_WORDS, "content");
    assert_int_equal(fault->limit, WALL_MAX);
    assert_fault(wall_clean(arena, &(struct wall_typed){.content = " \n"}, 0, &words), FAULT_WORDS, "content");
    assert_null(wall_clean(arena, &(struct wall_typed){0}, 1, &words));
    assert_string_equal(words.content, "");
}

static void a_picture_counts_to_whoever_wrote(void **state)
{
    struct stage *s = *state;
    struct wall_picture one = picture("the bytes of a picture", "its thumbnail");
    struct actor writer = s->minitel;
    int64_t id = 0;
    set_wall(&s->potato, "open");
    writer.quota_bytes = 34;
    assert_fault(try_to_write(&writer, "potato", "", &one, &id), FAULT_FULL, NULL);
    assert_int_equal(stage_number(s, "SELECT count(*) FROM images"), 0);
    writer.quota_bytes = 35;
    assert_null(try_to_write(&writer, "potato", "", &one, &id));
    assert_int_equal(stage_number(s, "SELECT storage_bytes FROM accounts WHERE name = 'minitel'"), 35);
    assert_int_equal(stage_number(s, "SELECT storage_bytes FROM accounts WHERE name = 'potato'"), 0);
    assert_null(wall_remove(&s->potato, id));
    assert_int_equal(stage_number(s, "SELECT storage_bytes FROM accounts WHERE name = 'minitel'"), 0);
    assert_int_equal(stage_number(s, "SELECT count(*) FROM images"), 0);
    assert_null(try_to_write(&writer, "potato", "", &one, &id));
    assert_int_equal(account_delete(s->db, s->potato.account, 0), STORE_OK);
    assert_int_equal(stage_number(s, "SELECT storage_bytes FROM accounts WHERE name = 'minitel'"), 0);
    assert_int_equal(stage_number(s, "SELECT count(*) FROM images"), 0);
}

static void a_form_sent_twice_is_one_entry(void **state)
{
    struct stage *s = *state;
    struct actor form = s->minitel, program = s->minitel;
    struct wall_picture one = picture("a", "b"), other = picture("aa", "b");
    int64_t id = 0, again = 0;
    set_wall(&s->potato, "open");
    form.key = "a key";
    assert_int_equal(write_on(&form, "potato", "hello"), write_on(&form, "potato", "hello"));
    assert_true(write_on(&form, "potato", "hello") != write_on(&form, "minitel", "hello"));
    assert_null(try_to_write(&form, "potato", "hello", &one, &id));
    assert_null(try_to_write(&form, "potato", "hello", &one, &again));
    assert_int_equal(id, again);
    assert_null(try_to_write(&form, "potato", "hello", &other, &again));
    assert_true(id != again);
    program.key = "another", program.is_program = 1;
    write_on(&program, "potato", "hello");
    assert_fault(try_to_write(&program, "potato", "other", NULL, &id), FAULT_WORDS, "Idempotency-Key");
}

static void few_of_one_person_wait(void **state)
{
    struct stage *s = *state;
    struct actor form = s->minitel;
    int64_t id = 0;
    form.key = "with a key and without";
    for (int i = 0; i < WALL_WAITING_MAX; i++)
        write_on(i % 2 ? &form : &s->minitel, "potato", &"abcdefgh"[i]);
    write_on(&s->minitel, "minitel", "elsewhere there is room");
    const int64_t before = stage_number(s, "SELECT count(*) FROM wall_entries");
    assert_fault(try_to_write(&form, "potato", "one more", NULL, &id), FAULT_TAKEN, NULL);
    assert_fault(try_to_write(&s->minitel, "potato", "one more", NULL, &id), FAULT_TAKEN, NULL);
    assert_int_equal(stage_number(s, "SELECT count(*) FROM wall_entries"), before);
}

static const struct fault *sign(struct stage *s, const char *name, unsigned char network, const char *content)
{
    struct actor visitor = s->potato;
    visitor.account = 0;
    const unsigned char bytes[16] = {network};
    const struct wall wall = wall_of(&visitor, name);
    return wall_sign(&visitor, &wall, bytes, &(struct wall_typed){.name = "Guest", .content = content});
}

static void visitors_sign_where_they_may(void **state)
{
    struct stage *s = *state;
    char content[32];
    assert_fault(sign(s, "potato", 1, "hello"), FAULT_NOT_ALLOWED, NULL);
    assert_null(reach_save(&s->potato, &(struct reach_typed){.has_guestbook = "1", .wall = "open"}));
    for (int i = 0; i < WALL_NETWORK_A_DAY; i++) {
        snprintf(content, sizeof content, "hello %d", i);
        assert_null(sign(s, "potato", 1, content));
    }
    assert_null(sign(s, "potato", 1, "hello 0")); /* sent twice */
    assert_int_equal(waiting(s, s->potato.account), WALL_NETWORK_A_DAY);
    assert_int_equal(shown(s, s->potato.account, 0), 0); /* also where members show at once */
    assert_fault(sign(s, "potato", 1, "too much"), FAULT_NOT_ALLOWED, NULL);
    assert_fault(sign(s, NULL, 1, "too much elsewhere"), FAULT_NOT_ALLOWED, NULL);
    assert_null(sign(s, "potato", 2, "another network"));
    assert_int_equal(stage_number(s, "SELECT count(*) FROM wall_entries WHERE network IS NULL"), 0);
    for (unsigned char network = 3; waiting(s, s->potato.account) < WALL_GUESTS_MAX; network++)
        for (int i = 0; i < WALL_NETWORK_A_DAY && waiting(s, s->potato.account) < WALL_GUESTS_MAX; i++) {
            snprintf(content, sizeof content, "from %d, %d", network, i);
            assert_null(sign(s, "potato", network, content));
        }
    assert_fault(sign(s, "potato", 200, "no room"), FAULT_NOT_ALLOWED, NULL);
    write_on(&s->minitel, "potato", "visitors take no room from people");
    assert_fault(wall_let_in(&s->minitel, 1), FAULT_NOT_FOUND, NULL);
    assert_null(wall_let_in(&s->potato, 1));
    assert_int_equal(shown(s, s->potato.account, 0), 2);
}

static void a_network_is_forgotten(void **state)
{
    struct stage *s = *state;
    assert_null(reach_save(&s->potato, &(struct reach_typed){.has_guestbook = "1"}));
    assert_null(sign(s, "potato", 1, "old"));
    stage_change(s, "UPDATE wall_entries SET created_at = created_at - 3 * 86400");
    assert_null(sign(s, "potato", 1, "new"));
    assert_int_equal(stage_number(s, "SELECT count(*) FROM wall_entries WHERE network IS NULL AND content = 'old'"), 1);
    assert_int_equal(stage_number(s, "SELECT count(*) FROM wall_entries WHERE network IS NOT NULL AND content = 'new'"),
                     1);
    /* and where nobody signs any more (request/sweep.c) */
    assert_int_equal(wall_forget_networks(s->db, clock_now_s() + 86400), STORE_OK);
    assert_int_equal(stage_number(s, "SELECT count(*) FROM wall_entries WHERE network IS NOT NULL"), 1);
    assert_int_equal(wall_forget_networks(s->db, clock_now_s() + 3 * 86400), STORE_OK);
    assert_int_equal(stage_number(s, "SELECT count(*) FROM wall_entries WHERE network IS NOT NULL"), 0);
}

static void a_block_takes_both_off_the_walls(void **state)
{
    struct stage *s = *state;
    const int64_t potato = s->potato.account, minitel = s->minitel.account;
    int64_t id = 0;
    set_wall(&s->potato, "open");
    const int64_t entry = write_on(&s->minitel, "potato", "hello");
    assert_null(shun_set(&s->minitel, potato, "block", 0)); /* whoever blocks */
    for (int64_t viewer = 0; viewer <= minitel; viewer++)
        if (viewer != minitel)
            assert_int_equal(shown(s, potato, viewer), 0);
    assert_fault(wall_find(&s->potato, "minitel", &(struct wall){0}), FAULT_NOT_FOUND, NULL);
    json_t *row = db_row(s->db, QUERY_WALL_ENTRY, entry, potato, (int64_t)0);
    assert_true(json_is_null(row));
    assert_null(shun_set(&s->minitel, potato, "block", 1));
    assert_int_equal(shown(s, potato, 0), 1);
    assert_null(shun_set(&s->potato, minitel, "mute", 0));
    assert_int_equal(shown(s, potato, potato), 1); /* one's own wall one sees as others do */
    assert_null(try_to_write(&s->potato, "minitel", "hello", NULL, &id));
}

/* What is held for an administrator is told when it comes through, and once. */
static struct poke poke_of(const struct actor *actor, const char *name)
{
    struct poke poke;
    assert_null(poke_find(actor, name, &poke));
    return poke;
}

/* Set between the look at the wall and the writing, as while a picture is crushed. */
static void a_block_meanwhile_lets_nothing_through(void **state)
{
    struct stage *s = *state;
    const struct wall wall = wall_of(&s->minitel, "potato");
    const struct poke poke = poke_of(&s->minitel, "potato");
    struct wall_words words;
    int64_t id = 0;
    assert_null(wall_clean(s->minitel.arena, &(struct wall_typed){.content = "too late"}, 0, &words));
    assert_null(shun_set(&s->potato, s->minitel.account, "block", 0));
    assert_fault(wall_write(&s->minitel, &wall, 0, &words, NULL, &id), FAULT_NOT_FOUND, NULL);
    assert_fault(poke_send(&s->minitel, &poke), FAULT_NOT_FOUND, NULL);
    assert_int_equal(stage_number(s, "SELECT (SELECT count(*) FROM wall_entries) + (SELECT count(*) FROM pokes)"), 0);
}

static void the_owner_is_told_when_there_is_something_to_see(void **state)
{
    struct stage *s = *state;
    static const char told[] = "SELECT count(*) FROM notices WHERE kind = 'wall' AND post_kind = 'wall'";
    write_on(&s->potato, "potato", "to myself");
    assert_int_equal(stage_number(s, told), 0);
    const int64_t waits = write_on(&s->minitel, "potato", "a look, please");
    assert_int_equal(stage_number(s, told), 1);
    assert_null(wall_let_in(&s->potato, waits));
    assert_int_equal(stage_number(s, told), 1);
    const char *const words[] = {"casino"};
    assert_int_equal(blocklist_add_words(s->db, s->potato.account, words, 1, "hold"), STORE_OK);
    const int64_t held = write_on(&s->minitel, "potato", "a casino");
    assert_int_equal(stage_number(s, told), 1);
    struct decision decision = {
        .actor = s->minitel.account, .action = "approve", .kind = "wall", .subject = held, .reason = ""};
    assert_int_equal(decision_make(s->db, &decision), STORE_OK);
    assert_int_equal(stage_number(s, told), 2);
    decision.action = "hide", decision.reason = "x";
    assert_int_equal(decision_make(s->db, &decision), STORE_OK);
    decision.action = "unhide";
    assert_int_equal(decision_make(s->db, &decision), STORE_OK);
    assert_int_equal(stage_number(s, told), 2);
    assert_null(wall_remove(&s->minitel, held));
    assert_int_equal(stage_number(s, told), 1);
}

static void what_a_visitor_left_has_nobody_to_punish(void **state)
{
    struct stage *s = *state;
    assert_null(reach_save(&s->potato, &(struct reach_typed){.has_guestbook = "1"}));
    assert_null(sign(s, "potato", 1, "rude"));
    assert_int_equal(subject_owner(s->db, "wall", 1), VISITOR);
    assert_int_equal(subject_owner(s->db, "wall", 2), 0);
    const struct report_new report = {
        .kind = "wall", .subject = 1, .reporter = s->potato.account, .reason = "spam", .note = ""};
    assert_int_equal(report_add(s->store, s->db, &report), STORE_OK);
    assert_int_equal(stage_number(s, "SELECT count(*) FROM reports WHERE account_id IS NULL"), 1);
    struct decision decision = {.actor = s->minitel.account, .kind = "wall", .subject = 1, .reason = "x"};
    static const char *const punishments[] = {"warn", "mute", "suspend", "ban", "trust"};
    for (size_t i = 0; i < sizeof punishments / sizeof punishments[0]; i++) {
        decision.action = punishments[i];
        assert_int_equal(decision_make(s->db, &decision), STORE_INVALID);
    }
    decision.action = "delete";
    assert_int_equal(decision_make(s->db, &decision), STORE_OK);
    assert_int_equal(stage_number(s, "SELECT count(*) FROM wall_entries"), 0);
    assert_int_equal(stage_number(s, "SELECT count(*) FROM reports"), 0);
    assert_int_equal(stage_number(s, "SELECT count(*) FROM decisions"), 0);
    assert_int_equal(stage_number(s, "SELECT account_id FROM audit ORDER BY id DESC LIMIT 1"), 0);
}

static void a_poke_waits_for_its_answer(void **state)
{
    struct stage *s = *state;
    static const char told[] = "SELECT count(*) FROM notices WHERE kind = 'poke'";
    struct actor form = s->potato;
    struct poke to_minitel = poke_of(&s->potato, "MINITEL"), to_potato = poke_of(&s->minitel, "potato");
    form.key = "once";
    assert_null(poke_send(&form, &to_minitel));
    assert_null(poke_send(&form, &to_minitel)); /* the same form */
    assert_fault(poke_send(&s->potato, &to_minitel), FAULT_TAKEN, NULL);
    assert_int_equal(stage_number(s, told), 1);
    assert_true(poke_of(&s->potato, "minitel").waits);
    assert_true(poke_of(&s->minitel, "potato").is_poked);
    assert_null(poke_send(&s->minitel, &to_potato)); /* back */
    assert_false(poke_of(&s->potato, "minitel").waits);
    assert_true(poke_of(&s->potato, "minitel").is_poked);
    assert_int_equal(stage_number(s, told), 1);
    assert_null(poke_let_be(&s->potato, &to_minitel));
    assert_fault(poke_let_be(&s->potato, &to_minitel), FAULT_NOT_FOUND, NULL);
    assert_int_equal(stage_number(s, told), 0);
    assert_fault(poke_find(&s->potato, "potato", &to_potato), FAULT_WORDS, "name");
    assert_null(poke_send(&s->potato, &to_minitel));
    assert_null(reach_save(&s->minitel, &(struct reach_typed){.takes_pokes = "0"}));
    assert_int_equal(stage_number(s, "SELECT count(*) FROM pokes"), 0);
    to_minitel = poke_of(&s->potato, "minitel");
    assert_fault(poke_send(&s->potato, &to_minitel), FAULT_NOT_ALLOWED, NULL);
    assert_null(reach_save(&s->minitel, &(struct reach_typed){.takes_pokes = "1"}));
    to_minitel = poke_of(&s->potato, "minitel");
    assert_null(poke_send(&s->potato, &to_minitel));
    assert_null(shun_set(&s->minitel, s->potato.account, "block", 0));
    assert_int_equal(stage_number(s, "SELECT count(*) FROM pokes"), 0);
    assert_fault(poke_find(&s->potato, "minitel", &to_minitel), FAULT_NOT_FOUND, NULL);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(who_may_write_and_what_waits, stage_setup, stage_teardown),
        cmocka_unit_test_setup_teardown(words_are_bounded_and_needed, stage_setup, stage_teardown),
        cmocka_unit_test_setup_teardown(a_picture_counts_to_whoever_wrote, stage_setup, stage_teardown),
        cmocka_unit_test_setup_teardown(a_form_sent_twice_is_one_entry, stage_setup, stage_teardown),
        cmocka_unit_test_setup_teardown(few_of_one_person_wait, stage_setup, stage_teardown),
        cmocka_unit_test_setup_teardown(visitors_sign_where_they_may, stage_setup, stage_teardown),
        cmocka_unit_test_setup_teardown(a_network_is_forgotten, stage_setup, stage_teardown),
        cmocka_unit_test_setup_teardown(a_block_takes_both_off_the_walls, stage_setup, stage_teardown),
        cmocka_unit_test_setup_teardown(a_block_meanwhile_lets_nothing_through, stage_setup, stage_teardown),
        cmocka_unit_test_setup_teardown(the_owner_is_told_when_there_is_something_to_see, stage_setup, stage_teardown),
        cmocka_unit_test_setup_teardown(what_a_visitor_left_has_nobody_to_punish, stage_setup, stage_teardown),
        cmocka_unit_test_setup_teardown(a_poke_waits_for_its_answer, stage_setup, stage_teardown),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
