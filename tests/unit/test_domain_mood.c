/* Moods without a server: the face in front, the face of a known mood, and that what is sent twice is felt once. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "domain/mood.h"
#include "stage.h"

static int64_t feel(const struct actor *actor, const char *mood, const char *face, const char *note)
{
    int64_t id = 0;
    assert_null(mood_publish(actor, &(struct mood_typed){.mood = mood, .face = face, .note = note}, &id));
    assert_true(id > 0);
    return id;
}

static void check(struct stage *s, const struct actor *actor, const char *typed, const char *mood, const char *face)
{
    const int64_t id = feel(actor, typed, NULL, NULL);
    assert_string_equal(stage_text(s, QUERY_MOOD, id, "mood"), mood);
    assert_string_equal(stage_text(s, QUERY_MOOD, id, "face"), face);
}

static void faces_are_found(void **state)
{
    struct stage *s = *state;
    struct actor actor = s->potato;
    json_t *known =
        json_pack("[{s:s, s:s}, {s:s, s:s}]", "mood", "sleepy", "face", "🥱", "mood", "awake", "face", "👀");
    actor.moods = known;
    check(s, &actor, "sleepy", "sleepy", "🥱");
    check(s, &actor, "🌵 sleepy", "sleepy", "🌵");
    check(s, &actor, "sleepy head", "sleepy head", "");
    check(s, &actor, ":) sleepy", ":) sleepy", "");   /* ASCII may be part of the words */
    check(s, &actor, "été indien", "été indien", ""); /* letters are no face */
    check(s, &actor, "🥔", "🥔", "");
    check(s, &s->potato, "sleepy", "sleepy", ""); /* nothing is known */
    const int64_t id = feel(&actor, "🌵 awake", "🙂", "a note");
    assert_string_equal(stage_text(s, QUERY_MOOD, id, "mood"), "🌵 awake"); /* it has a face already */
    assert_string_equal(stage_text(s, QUERY_MOOD, id, "face"), "🙂");
    assert_string_equal(stage_text(s, QUERY_MOOD, id, "note"), "a note");
    json_decref(known);
}

static void limits_are_named(void **state)
{
    struct stage *s = *state;
    int64_t id = 7;
    const struct fault *fault =
        mood_publish(&s->potato, &(struct mood_typed){.mood = "12345678901234567890123456789012345678901"}, &id);
    assert_fault(fault, FAULT_WORDS, "mood");
    assert_int_equal(fault->limit, MOOD_MAX);
    feel(&s->potato, "1234567890123456789012345678901234567890", NULL, NULL);
    assert_fault(mood_publish(&s->potato, &(struct mood_typed){.mood = " "}, &id), FAULT_WORDS, "mood");
    assert_fault(mood_publish(&s->potato, &(struct mood_typed){.mood = "x", .note = "\xC3"}, &id), FAULT_WORDS, "note");
    assert_fault(mood_publish(&s->potato, &(struct mood_typed){.mood = "x", .face = "12345"}, &id), FAULT_WORDS,
                 "face");
    assert_int_equal(id, 7);
    assert_int_equal(stage_count(s, QUERY_MOODS_OF, s->potato.account), 1);
}

static void only_ones_own(void **state)
{
    struct stage *s = *state;
    const int64_t id = feel(&s->potato, "mine", NULL, NULL);
    const struct mood_typed other = {.mood = "🥔 changed"};
    assert_fault(mood_change(&s->minitel, id, &other), FAULT_NOT_FOUND, NULL);
    assert_fault(mood_remove(&s->minitel, id), FAULT_NOT_FOUND, NULL);
    assert_null(mood_change(&s->potato, id, &other));
    assert_string_equal(stage_text(s, QUERY_MOOD, id, "mood"), "changed");
    assert_string_equal(stage_text(s, QUERY_MOOD, id, "face"), "🥔");
    assert_fault(mood_change(&s->potato, id, &(struct mood_typed){.mood = ""}), FAULT_WORDS, "mood");
    assert_null(mood_remove(&s->potato, id));
    assert_fault(mood_remove(&s->potato, id), FAULT_NOT_FOUND, NULL);
}

static void a_form_sent_twice_is_felt_once(void **state)
{
    struct stage *s = *state;
    struct actor form = s->potato;
    form.key = "a key";
    const int64_t id = feel(&form, "tired", NULL, "of it");
    assert_int_equal(feel(&form, "tired", NULL, "of it"), id);
    assert_true(feel(&form, "tired", NULL, "of that") != id);
    assert_true(feel(&form, "tired", "🥱", "of it") != id);
    assert_int_equal(stage_count(s, QUERY_MOODS_OF, s->potato.account), 3);
}

static void from_elsewhere_as_it_was(void **state)
{
    struct stage *s = *state;
    struct actor actor = s->potato;
    json_t *known = json_pack("[{s:s, s:s}]", "mood", "sleepy", "face", "🥱"), *rows;
    const struct mood_typed old = {.mood = "sleepy"};
    actor.moods = known;
    assert_null(mood_bring(&actor, &old, (struct post_times){.created_s = 1000}));
    assert_fault(mood_bring(&actor, &old, (struct post_times){.created_s = 1000}), FAULT_TAKEN, NULL);
    assert_fault(mood_bring(&actor, &(struct mood_typed){.mood = ""}, (struct post_times){.created_s = 1}), FAULT_WORDS,
                 "mood");
    rows = db_rows(s->db, QUERY_MOODS_OF, INT64_MAX, (int64_t)9, actor.account, (int64_t)1);
    assert_int_equal(json_array_size(rows), 1);
    assert_string_equal(json_string_value(json_object_get(json_array_get(rows, 0), "face")), ""); /* it had none */
    assert_int_equal(json_integer_value(json_object_get(json_array_get(rows, 0), "created_at")), 1000);
    json_decref(rows);
    json_decref(known);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(faces_are_found, stage_setup, stage_teardown),
        cmocka_unit_test_setup_teardown(limits_are_named, stage_setup, stage_teardown),
        cmocka_unit_test_setup_teardown(only_ones_own, stage_setup, stage_teardown),
        cmocka_unit_test_setup_teardown(a_form_sent_twice_is_felt_once, stage_setup, stage_teardown),
        cmocka_unit_test_setup_teardown(from_elsewhere_as_it_was, stage_setup, stage_teardown),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
