/* Messages and nudges without a server: who may, what waits, what has its limit, what is deleted, what a report keeps.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <stdio.h>
#include <string.h>

#include "domain/message.h"
#include "domain/reach.h"
#include "domain/report.h"
#include "stage.h"
#include "store/account.h"
#include "store/blocklist.h"
#include "store/erase.h"
#include "store/moderation.h"

static struct conversation with(const struct actor *actor, const char *name)
{
    struct conversation conversation;
    assert_null(conversation_find(actor, name, &conversation));
    return conversation;
}

static const struct fault *try_to_send(const struct actor *actor, const char *name, const char *content,
                                       const struct message_picture *picture, int64_t *ret_id)
{
    const struct conversation conversation = with(actor, name);
    struct message_words words;
    const struct fault *fault =
        message_clean(actor->arena, &(struct message_typed){.content = content, .alt = "alt"}, picture != NULL, &words);
    return fault ? fault : message_send(actor, &conversation, &words, picture, ret_id);
}

static int64_t say(const struct actor *actor, const char *name, const char *content)
{
    int64_t id = 0;
    assert_null(try_to_send(actor, name, content, NULL, &id));
    assert_true(id > 0);
    return id;
}

/* How many lines the actor sees of it. */
static size_t seen(const struct stage *s, const struct actor *actor, int64_t other)
{
    json_t *rows = db_rows(s->db, QUERY_MESSAGES, INT64_MAX, (int64_t)1000, other, actor->account);
    const size_t count = json_array_size(rows);
    json_decref(rows);
    return count;
}

static int has_new(const struct stage *s, const struct actor *actor)
{
    return (int)db_number(s->db, QUERY_HAS_MESSAGE, 0, actor->account);
}

static struct message_picture picture(const char *bytes)
{
    return (struct message_picture){{bytes, strlen(bytes), 640, 480}, 0x5555555555555555u};
}

static void strangers_ask_and_wait(void **state)
{
    struct stage *s = *state;
    const int64_t potato = s->potato.account, minitel = s->minitel.account;
    int64_t id = 7;
    for (int i = 0; i < MESSAGE_WAITING_MAX; i++)
        say(&s->minitel, "Potato", "may I?");
    assert_fault(try_to_send(&s->minitel, "potato", "and?", NULL, &id), FAULT_TAKEN, NULL);
    assert_int_equal(id, 7);
    assert_int_equal(seen(s, &s->potato, minitel), 0);
    assert_int_equal(seen(s, &s->minitel, potato), MESSAGE_WAITING_MAX);
    struct conversation asked = with(&s->potato, "minitel");
    assert_true(asked.is_request);
    assert_false(asked.has_lines);
    assert_fault(conversation_remove(&s->potato, &asked), FAULT_NOT_FOUND, NULL);
    assert_null(conversation_let_in(&s->potato, &asked));
    assert_int_equal(seen(s, &s->potato, minitel), MESSAGE_WAITING_MAX);
    const struct conversation open = with(&s->potato, "minitel");
    assert_null(conversation_let_in(&s->potato, &open));
    assert_fault(conversation_turn_away(&s->potato, &open), FAULT_NOT_FOUND, NULL);
    say(&s->minitel, "potato", "thank you");
    /* all of it goes, and asking begins anew */
    assert_null(conversation_remove(&s->potato, &open));
    assert_int_equal(stage_number(s, "SELECT count(*) FROM messages"), 0);
    say(&s->minitel, "potato", "hello?");
    asked = with(&s->potato, "minitel");
    assert_true(asked.is_request);
    assert_null(conversation_turn_away(&s->potato, &asked));
    assert_int_equal(seen(s, &s->minitel, potato), 0);
    assert_fault(try_to_send(&s->minitel, "potato", "hello??", NULL, &id), FAULT_NOT_ALLOWED, NULL);
    /* who writes has changed their mind */
    say(&s->potato, "minitel", "well then");
    say(&s->minitel, "potato", "at last");
    assert_int_equal(seen(s, &s->potato, minitel), 2);
    assert_fault(conversation_find(&s->potato, "potato", &asked), FAULT_WORDS, "to");
    assert_fault(conversation_find(&s->potato, "nobody-here", &asked), FAULT_NOT_FOUND, NULL);
}

static void a_yes_is_for_one_person(void **state)
{
    struct stage *s = *state;
    stage_change(
        s, "INSERT INTO accounts (id, name, password_hash, created_at, seen_at) VALUES (100, 'toaster', '', 1, 1)");
    struct actor toaster = s->minitel;
    toaster.account = 100;
    say(&s->minitel, "potato", "may I?");
    say(&toaster, "potato", "me too?");
    say(&toaster, "minitel", "and you?");
    const struct conversation asked = with(&s->potato, "minitel");
    assert_null(conversation_let_in(&s->potato, &asked));
    assert_false(with(&s->potato, "minitel").is_request);
    assert_true(with(&s->potato, "toaster").is_request);
    assert_true(with(&s->minitel, "toaster").is_request);
}

static void whom_one_follows_need_not_ask(void **state)
{
    struct stage *s = *state;
    say(&s->minitel, "potato", "one");
    assert_int_equal(seen(s, &s->potato, s->minitel.account), 0);
    stage_change(
        s, "INSERT INTO follows SELECT p.id, m.id, 1 FROM accounts p, accounts m WHERE p.name = 'potato' AND m.name "
           "= 'minitel'");
    assert_int_equal(seen(s, &s->potato, s->minitel.account), 1);
    assert_null(conversation_remove(&s->potato, &(struct conversation){.other = s->minitel.account, .has_lines = 1}));
    say(&s->minitel, "potato", "two");
    assert_int_equal(seen(s, &s->potato, s->minitel.account), 1);
    assert_true(with(&s->minitel, "potato").takes_mine);
    assert_false(with(&s->potato, "minitel").is_request);
}

static void reading_is_for_oneself(void **state)
{
    struct stage *s = *state;
    say(&s->potato, "minitel", "come in");
    const int64_t first = say(&s->minitel, "potato", "one"), second = say(&s->minitel, "potato", "two");
    char until[24];
    snprintf(until, sizeof until, "%lld", (long long)first);
    assert_true(has_new(s, &s->potato));
    struct conversation conversation = with(&s->potato, "minitel");
    assert_null(conversation_read(&s->potato, &conversation, until));
    assert_true(has_new(s, &s->potato));
    assert_null(conversation_read(&s->potato, &conversation, NULL));
    assert_false(has_new(s, &s->potato));
    assert_null(conversation_read(&s->potato, &conversation, until)); /* never less than before */
    assert_false(has_new(s, &s->potato));
    assert_null(conversation_read(&s->potato, &conversation, "999999999")); /* nor more than there is */
    const int64_t third = say(&s->minitel, "potato", "three");
    assert_true(has_new(s, &s->potato));
    assert_null(message_remove(&s->minitel, third));
    assert_false(has_new(s, &s->potato));
    assert_null(message_remove(&s->potato, second));
    assert_int_equal(with(&s->potato, "minitel").came, first);
    assert_fault(message_remove(&s->potato, second), FAULT_NOT_FOUND, NULL);
}

static void words_are_bounded_and_needed(void **state)
{
    struct stage *s = *state;
    char words[MESSAGE_MAX + 2];
    int64_t id = 7;
    memset(words, 'x', sizeof words);
    words[MESSAGE_MAX + 1] = '\0';
    assert_fault(try_to_send(&s->minitel, "potato", words, NULL, &id), FAULT_WORDS, "content");
    words[MESSAGE_MAX] = '\0';
    say(&s->minitel, "potato", words);
    assert_fault(try_to_send(&s->minitel, "potato", " \n", NULL, &id), FAULT_WORDS, "content");
    assert_fault(try_to_send(&s->minitel, "potato", "\xff", NULL, &id), FAULT_WORDS, "content");
    assert_int_equal(blocklist_add_words(s->db, 0, (const char *const[]){"parsnip"}, 1, "hold"), STORE_OK);
    assert_fault(try_to_send(&s->minitel, "potato", "a parsnip", NULL, &id), FAULT_REFUSED, NULL);
    assert_int_equal(id, 7);
}

static void pictures_fill_the_room_of_who_sent_them(void **state)
{
    struct stage *s = *state;
    const struct message_picture one = picture("the bytes of one");
    int64_t id = 0;
    s->minitel.quota_bytes = 20;
    assert_null(try_to_send(&s->minitel, "potato", "", &one, &id));
    assert_int_equal(stage_number(s, "SELECT storage_bytes FROM accounts WHERE name = 'minitel'"), 16);
    assert_int_equal(stage_number(s, "SELECT count(*) FROM images"), 0); /* shared with nothing */
    int64_t more = 7;
    assert_fault(try_to_send(&s->minitel, "potato", "again", &one, &more), FAULT_FULL, NULL);
    assert_int_equal(more, 7);
    assert_int_equal(stage_number(s, "SELECT count(*) FROM messages"), 1);
    const uint64_t before = store_erasures(s->store);
    assert_null(message_remove(&s->minitel, id));
    assert_true(store_erasures(s->store) >= before + 2); /* the words and the bytes */
    assert_int_equal(stage_number(s, "SELECT count(*) FROM message_images"), 0);
    assert_int_equal(stage_number(s, "SELECT storage_bytes FROM accounts WHERE name = 'minitel'"), 0);
}

static void a_nudge_a_minute(void **state)
{
    struct stage *s = *state;
    int64_t id = 0;
    struct conversation conversation = with(&s->minitel, "potato");
    assert_fault(message_nudge(&s->minitel, &conversation, &id), FAULT_NOT_ALLOWED, NULL);
    say(&s->potato, "minitel", "hello");
    assert_null(message_nudge(&s->minitel, &conversation, &id));
    assert_fault(message_nudge(&s->minitel, &conversation, &id), FAULT_TAKEN, NULL);
    assert_null(message_remove(&s->minitel, id));
    assert_fault(message_nudge(&s->minitel, &conversation, &id), FAULT_TAKEN, NULL);
    stage_change(s, "UPDATE conversations SET nudged_at = nudged_at - 60");
    assert_null(message_nudge(&s->minitel, &conversation, &id));
    /* a clock that was put back does not hold it up */
    stage_change(s, "UPDATE conversations SET nudged_at = nudged_at + 100000 WHERE nudged_at > 0");
    assert_null(message_nudge(&s->minitel, &conversation, &id));
    assert_null(reach_save(&s->potato, &(struct reach_typed){.takes_nudges = ""}));
    conversation = with(&s->minitel, "potato");
    assert_fault(message_nudge(&s->minitel, &conversation, &id), FAULT_NOT_ALLOWED, NULL);
}

static void a_block_ends_it(void **state)
{
    struct stage *s = *state;
    say(&s->potato, "minitel", "hello");
    struct conversation conversation = with(&s->minitel, "potato");
    struct message_words words;
    int64_t id = 0;
    assert_null(message_clean(s->minitel.arena, &(struct message_typed){.content = "too late"}, 0, &words));
    assert_int_equal(unseen_add(s->db, s->potato.account, s->minitel.account, "block"), STORE_OK);
    assert_non_null(message_send(&s->minitel, &conversation, &words, NULL, &id)); /* as while a picture is crushed */
    assert_int_equal(stage_number(s, "SELECT count(*) FROM messages"), 1);
    assert_fault(conversation_find(&s->potato, "minitel", &conversation), FAULT_NOT_FOUND, NULL);
    assert_fault(conversation_find(&s->minitel, "potato", &conversation), FAULT_NOT_FOUND, NULL);
    assert_int_equal(seen(s, &s->potato, s->minitel.account), 0);
    assert_int_equal(seen(s, &s->minitel, s->potato.account), 0);
    assert_false(has_new(s, &s->minitel));
}

static const struct fault *report(const struct actor *actor, int64_t message)
{
    static const unsigned char network[16];
    return report_make(actor, network, "message", message, &(struct report_typed){"hate", "see"});
}

static void a_report_keeps_six_lines_until_it_is_decided(void **state)
{
    struct stage *s = *state;
    int64_t last = 0;
    say(&s->potato, "minitel", "come in");
    for (int i = 0; i < 8; i++)
        last = say(&s->minitel, "potato", i < 3 ? "before" : "within");
    assert_fault(report(&s->minitel, last), FAULT_NOT_FOUND, NULL); /* one's own */
    struct actor nobody = s->potato;
    nobody.account = 0;
    assert_fault(report(&nobody, last), FAULT_NOT_FOUND, NULL);
    assert_int_equal(stage_number(s, "SELECT count(*) FROM reported_messages"), 0);
    assert_null(report(&s->potato, last));
    assert_null(report(&s->potato, last));
    say(&s->minitel, "potato", "after");
    assert_int_equal(stage_number(s, "SELECT count(*) FROM reported_messages"), 6);
    assert_int_equal(stage_number(s, "SELECT count(*) FROM reported_messages WHERE content = 'within'"), 5);
    struct conversation conversation = with(&s->minitel, "potato");
    assert_null(conversation_remove(&s->minitel, &conversation));
    assert_int_equal(stage_number(s, "SELECT count(*) FROM reported_messages"), 6);
    struct decision decision = {.action = "hide", .kind = "message", .subject = last, .reason = "why"};
    assert_int_equal(decision_make(s->db, &decision), STORE_INVALID);
    decision.action = "warn";
    const uint64_t before = store_erasures(s->store);
    assert_int_equal(decision_make(s->db, &decision), STORE_OK);
    assert_int_equal(stage_number(s, "SELECT count(*) FROM reported_messages"), 0);
    assert_true(store_erasures(s->store) >= before + 6);
    assert_int_equal(decision_make(s->db, &decision), STORE_NOT_FOUND);
}

static void closing_takes_all_of_it_along(void **state)
{
    struct stage *s = *state;
    const struct message_picture one = picture("the bytes of one");
    int64_t id = 0;
    say(&s->potato, "minitel", "hello");
    assert_null(try_to_send(&s->minitel, "potato", "look", &one, &id));
    assert_null(report(&s->potato, id));
    assert_int_equal(account_delete(s->db, s->minitel.account, 0), STORE_OK);
    static const char *const tables[] = {"messages", "message_images", "conversations"};
    for (size_t i = 0; i < sizeof tables / sizeof tables[0]; i++) {
        char sql[80];
        snprintf(sql, sizeof sql, "SELECT count(*) FROM %s", tables[i]);
        assert_int_equal(stage_number(s, sql), 0);
    }
    assert_int_equal(stage_number(s, "SELECT count(*) FROM reported_messages"), 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(strangers_ask_and_wait, stage_setup, stage_teardown),
        cmocka_unit_test_setup_teardown(a_yes_is_for_one_person, stage_setup, stage_teardown),
        cmocka_unit_test_setup_teardown(whom_one_follows_need_not_ask, stage_setup, stage_teardown),
        cmocka_unit_test_setup_teardown(reading_is_for_oneself, stage_setup, stage_teardown),
        cmocka_unit_test_setup_teardown(words_are_bounded_and_needed, stage_setup, stage_teardown),
        cmocka_unit_test_setup_teardown(pictures_fill_the_room_of_who_sent_them, stage_setup, stage_teardown),
        cmocka_unit_test_setup_teardown(a_nudge_a_minute, stage_setup, stage_teardown),
        cmocka_unit_test_setup_teardown(a_block_ends_it, stage_setup, stage_teardown),
        cmocka_unit_test_setup_teardown(a_report_keeps_six_lines_until_it_is_decided, stage_setup, stage_teardown),
        cmocka_unit_test_setup_teardown(closing_takes_all_of_it_along, stage_setup, stage_teardown),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
