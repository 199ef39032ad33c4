/* What all nouns share: fields are cleaned and measured, tags read, and every failure of the store has a sentence. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <stdio.h>
#include <string.h>

#include "domain/words.h"

static const struct words_field motto = {"motto", "The motto", TEXT_LINE, 5, 20};

static void a_field_is_cleaned(void **state)
{
    struct arena arena = {0};
    const char *text = NULL;
    (void)state;
    assert_null(words_clean(&arena, &motto, "  a\tb\n ", &text));
    assert_string_equal(text, "a b");
    assert_null(words_clean(&arena, &motto, NULL, &text));
    assert_string_equal(text, "");
    assert_null(words_clean(&arena, &motto, "e\xCC\x81t\xC3\xA9", &text)); /* composed: é is one character */
    assert_string_equal(text, "\xC3\xA9t\xC3\xA9");
    arena_free(&arena);
}

static void a_fault_names_field_and_limit(void **state)
{
    struct arena arena = {0};
    const char *text = "untouched";
    (void)state;
    assert_null(words_clean(&arena, &motto, "12345", &text));
    text = "untouched";
    const struct fault *fault = words_clean(&arena, &motto, "123456", &text);
    assert_non_null(fault);
    assert_int_equal(fault->kind, FAULT_WORDS);
    assert_string_equal(fault->field, "motto");
    assert_int_equal(fault->limit, 5);
    assert_string_equal(fault->sentence, "The motto is too long: at most 5 characters fit.");
    /* one character of 22 bytes */
    fault = words_clean(&arena, &motto, "👩🏽‍❤️‍💋‍👩🏽", &text);
    assert_non_null(fault);
    assert_int_equal(fault->limit, 5);
    fault = words_clean(&arena, &motto, "a\xFF", &text);
    assert_non_null(fault);
    assert_string_equal(fault->field, "motto");
    assert_int_equal(fault->limit, 0);
    assert_string_equal(fault->sentence, "The motto is not text in UTF-8.");
    assert_string_equal(text, "untouched");
    arena_free(&arena);
}

static void tags_come_once_and_folded(void **state)
{
    struct arena arena = {0};
    struct tags tags = {0};
    (void)state;
    tags_add_listed(&arena, &tags, "Blue, #blue green");
    tags_add_marked(&arena, &tags, "##Red# and #GREEN, # nothing");
    assert_int_equal(tags.count, 3);
    assert_string_equal(tags.names[0], "blue");
    assert_string_equal(tags.names[1], "green");
    assert_string_equal(tags.names[2], "red");
    assert_true(tags_hold(&tags, "red"));
    assert_false(tags_hold(&tags, "re"));
    arena_free(&arena);
}

static void so_many_tags_and_no_more(void **state)
{
    struct arena arena = {0};
    struct tags tags = {0};
    char list[200] = "";
    (void)state;
    for (int i = 0; i < TAGS_MAX + 2; i++)
        snprintf(list + strlen(list), sizeof list - strlen(list), "t%d ", i);
    tags_add_listed(&arena, &tags, list);
    tags_add_marked(&arena, &tags, "#more");
    assert_int_equal(tags.count, TAGS_MAX);
    assert_string_equal(tags.names[TAGS_MAX - 1], "t15");
    arena_free(&arena);
}

static void every_failure_of_the_store_is_said(void **state)
{
    static const enum fault_kind kinds[] = {
        [STORE_NOT_FOUND] = FAULT_NOT_FOUND, [STORE_TAKEN] = FAULT_TAKEN,     [STORE_ALIKE] = FAULT_TAKEN,
        [STORE_INVALID] = FAULT_WORDS,       [STORE_FULL] = FAULT_FULL,       [STORE_BUSY] = FAULT_BUSY,
        [STORE_REFUSED] = FAULT_REFUSED,     [STORE_BLOCKED] = FAULT_BLOCKED, [STORE_CROWDED] = FAULT_TAKEN,
    };
    struct arena arena = {0};
    const struct actor actor = {.arena = &arena};
    (void)state;
    assert_null(fault_of_store(&actor, STORE_OK, "hat"));
    for (int status = STORE_OK + 1; status < STORE_FAILED; status++) {
        const struct fault *fault = fault_of_store(&actor, (enum store_status)status, "hat");
        assert_non_null(fault);
        assert_int_equal(fault->kind, kinds[status]);
        assert_non_null(strchr(fault->sentence, '.'));
        assert_null(fault->cause);
    }
    arena_free(&arena);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_field_is_cleaned),
        cmocka_unit_test(a_fault_names_field_and_limit),
        cmocka_unit_test(tags_come_once_and_folded),
        cmocka_unit_test(so_many_tags_and_no_more),
        cmocka_unit_test(every_failure_of_the_store_is_said),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
