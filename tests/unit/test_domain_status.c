/* Statuses without a server: what may be said, by whom, and that what is sent twice is said once. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <string.h>

#include "domain/status.h"
#include "stage.h"

static int64_t say(const struct actor *actor, const char *content)
{
    int64_t id = 0;
    assert_null(status_publish(actor, &(struct status_typed){.content = content, .face = "🙂"}, &id));
    assert_true(id > 0);
    return id;
}

static void words_are_cleaned_and_kept(void **state)
{
    struct stage *s = *state;
    int64_t id = 0;
    assert_null(status_publish(
        &s->potato, &(struct status_typed){.content = " hello\r\n#World ", .face = "🙂", .own_face = " 🥔"}, &id));
    assert_string_equal(stage_text(s, QUERY_STATUS, id, "content"), "hello\n#World");
    assert_string_equal(stage_text(s, QUERY_STATUS, id, "face"), "🥔");
    assert_string_equal(stage_text(s, QUERY_STATUS, say(&s->potato, "x"), "face"), "🙂");
    json_t *tagged = db_rows(s->db, QUERY_STATUSES_TAGGED, INT64_MAX, (int64_t)9, "world", (int64_t)0);
    assert_int_equal(json_array_size(tagged), 1);
    json_decref(tagged);
}

static void a_first_word_without_letters_is_a_face(void **state)
{
    static const struct {
        const char *text;
        size_t span;
    } cases[] = {{"🥱 sleepy", 4}, {"🥱", 0},       {"🥱sleepy", 0}, {"sleepy 🥱", 0}, {"", 0},
                 {":-) well", 0},    {"привет мир", 0}, {"☕☕ more", 6},    {" 🥱 x", 0}};
    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++)
        assert_int_equal(status_face_span(cases[i].text), cases[i].span);
}

static void limits_are_named(void **state)
{
    struct stage *s = *state;
    char exact[STATUS_MAX + 2];
    int64_t id = 7;
    memset(exact, 'a', sizeof exact);
    exact[STATUS_MAX] = '\0';
    say(&s->potato, exact);
    exact[STATUS_MAX] = 'a', exact[STATUS_MAX + 1] = '\0';
    const struct fault *fault = status_publish(&s->potato, &(struct status_typed){.content = exact}, &id);
    assert_fault(fault, FAULT_WORDS, "content");
    assert_int_equal(fault->limit, STATUS_MAX);
    assert_fault(status_publish(&s->potato, &(struct status_typed){.content = " \xE2\x80\x8B\n"}, &id), FAULT_WORDS,
                 "content");
    assert_fault(status_publish(&s->potato, &(struct status_typed){0}, &id), FAULT_WORDS, "content");
    assert_fault(status_publish(&s->potato, &(struct status_typed){.content = "x", .face = "abcde"}, &id), FAULT_WORDS,
                 "face");
    assert_fault(status_publish(&s->potato, &(struct status_typed){.content = "x", .own_face = "\xFF"}, &id),
                 FAULT_WORDS, "face");
    assert_int_equal(id, 7);
    assert_int_equal(stage_count(s, QUERY_STATUSES_OF, s->potato.account), 1);
}

static void only_ones_own(void **state)
{
    struct stage *s = *state;
    const int64_t id = say(&s->potato, "mine");
    const struct status_typed other = {.content = "stolen"};
    assert_fault(status_change(&s->minitel, id, &other), FAULT_NOT_FOUND, NULL);
    assert_fault(status_remove(&s->minitel, id), FAULT_NOT_FOUND, NULL);
    assert_string_equal(stage_text(s, QUERY_STATUS, id, "content"), "mine");
    assert_fault(status_change(&s->potato, id, &(struct status_typed){.content = ""}), FAULT_WORDS, "content");
    assert_null(status_change(&s->potato, id, &other));
    assert_string_equal(stage_text(s, QUERY_STATUS, id, "content"), "stolen");
    assert_null(status_remove(&s->potato, id));
    assert_fault(status_remove(&s->potato, id), FAULT_NOT_FOUND, NULL);
}

static void a_form_sent_twice_is_said_once(void **state)
{
    struct stage *s = *state;
    struct actor form = s->potato, other = s->minitel;
    form.key = other.key = "a key";
    const int64_t id = say(&form, "hello");
    assert_int_equal(say(&form, "hello"), id);
    assert_int_equal(say(&form, " hello "), id); /* the same words when they are clean */
    assert_true(say(&form, "something else") != id);
    assert_true(say(&other, "hello") != id); /* somebody else's key */
    form.key = "another key";
    assert_true(say(&form, "hello") != id);
    form.key = "";
    assert_true(say(&form, "hello") != say(&form, "hello")); /* without a key */
    assert_int_equal(stage_count(s, QUERY_STATUSES_OF, s->potato.account), 5);
}

static void what_was_deleted_does_not_come_back(void **state)
{
    struct stage *s = *state;
    struct actor form = s->potato;
    form.key = "a key";
    const int64_t id = say(&form, "regretted");
    assert_null(status_remove(&form, id));
    assert_int_equal(say(&form, "regretted"), id);
    assert_int_equal(stage_count(s, QUERY_STATUSES_OF, s->potato.account), 0);
}

static void a_program_may_not_say_something_else_under_a_key(void **state)
{
    struct stage *s = *state;
    struct actor program = s->potato;
    int64_t id = 0;
    program.key = "\"8e03978e\"", program.is_program = 1;
    assert_int_equal(say(&program, "hello"), say(&program, "hello"));
    assert_fault(status_publish(&program, &(struct status_typed){.content = "other"}, &id), FAULT_WORDS,
                 "Idempotency-Key");
    assert_int_equal(stage_count(s, QUERY_STATUSES_OF, s->potato.account), 1);
    say(&s->potato, "the connection is usable after that");
}

static void what_fails_is_not_remembered(void **state)
{
    struct stage *s = *state;
    struct actor form = s->potato;
    int64_t id = 0;
    form.key = "a key", form.account = 12345; /* nobody */
    assert_non_null(status_publish(&form, &(struct status_typed){.content = "x"}, &id));
    form.account = s->potato.account;
    assert_true(say(&form, "x") > 0);
}

static void from_elsewhere_with_its_time(void **state)
{
    struct stage *s = *state;
    const struct status_typed old = {.content = "old", .face = "🧵"};
    const struct post_times times = {.created_s = 1000, .edited_s = 2000};
    assert_null(status_bring(&s->potato, &old, times));
    assert_fault(status_bring(&s->potato, &old, times), FAULT_TAKEN, NULL);
    assert_null(status_bring(&s->potato, &old, (struct post_times){.created_s = 1001}));
    assert_fault(status_bring(&s->potato, &(struct status_typed){.content = " "}, times), FAULT_WORDS, "content");
    assert_int_equal(stage_count(s, QUERY_STATUSES_OF, s->potato.account), 2);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(words_are_cleaned_and_kept, stage_setup, stage_teardown),
        cmocka_unit_test(a_first_word_without_letters_is_a_face),
        cmocka_unit_test_setup_teardown(limits_are_named, stage_setup, stage_teardown),
        cmocka_unit_test_setup_teardown(only_ones_own, stage_setup, stage_teardown),
        cmocka_unit_test_setup_teardown(a_form_sent_twice_is_said_once, stage_setup, stage_teardown),
        cmocka_unit_test_setup_teardown(what_was_deleted_does_not_come_back, stage_setup, stage_teardown),
        cmocka_unit_test_setup_teardown(a_program_may_not_say_something_else_under_a_key, stage_setup, stage_teardown),
        cmocka_unit_test_setup_teardown(what_fails_is_not_remembered, stage_setup, stage_teardown),
        cmocka_unit_test_setup_teardown(from_elsewhere_with_its_time, stage_setup, stage_teardown),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
