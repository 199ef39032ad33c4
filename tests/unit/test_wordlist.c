/* Lists of words: how they are found, and how not. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <stdlib.h>
#include <string.h>

#include "base/wordlist.h"

static void words_are_folded(void **state)
{
    (void)state;
    static const struct {
        const char *typed, *folded;
    } cases[] = {
        {"Word", "word"},
        {"  two   words ", "two words"},
        {"ÉTÉ", "ete"},
        {"Straße", "strasse"},
        {"ﬁsh", "fish"},
        {"*Part*", "*part*"},
        {"ab*", "ab*"},
        {"a\xc2\xad"
         "b",
         "ab"},
        {"\xe2\x80\x8bz", "z"},
        {"ΣΊΣΥΦΟΣ", "σισυφοσ"},
        {"日本語", "日本語"},
    };
    static const char *const nothing[] = {"", "   ", "*", "***", "\xe2\x80\x8b"};
    char word[WORD_MAX_BYTES];
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        assert_int_equal(wordlist_fold(cases[i].typed, word), 0);
        assert_string_equal(word, cases[i].folded);
    }
    for (size_t i = 0; i < sizeof nothing / sizeof nothing[0]; i++)
        assert_int_equal(wordlist_fold(nothing[i], word), -1);
    char long_word[WORD_MAX_BYTES + 2];
    memset(long_word, 'a', sizeof long_word - 1);
    long_word[sizeof long_word - 1] = '\0';
    assert_int_equal(wordlist_fold(long_word, word), -1);
}

static void words_are_found_whole(void **state)
{
    (void)state;
    static const struct {
        const char *word, *text, *masked; /* NULL: not found */
    } cases[] = {
        {"ass", "ass", "***"},
        {"ass", "an ass!", "an ***!"},
        {"ass", "ASS.Ass", "***.***"},
        {"ass", "classic assess", NULL},
        {"ass*", "assess a class", "***ess a class"},
        {"*ass", "a class assess", "a cl*** assess"},
        {"*ass*", "classic", "cl***ic"},
        {"ass", "áss", "***"},
        {"ass", "a\xcc\x81ss", "****"}, /* the mark on its own, too */
        {"ass", "a\xe2\x80\x8bss", "****"},
        {"ass", "a s s", NULL},
        {"two words", "Two  words, two\nwords", "**********, *********"},
        {"σισυφος", "ΣΊΣΥΦΟΣ", "*******"},
        {"strasse", "STRAẞE", "******"},
        {"日本", "日本 日本語", "** 日本語"},
        {"ass", "", NULL},
        {"ass", "ass", "***"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        struct wordlist *list = wordlist_new();
        char *masked;
        wordlist_add(list, cases[i].word, WORD_MASK);
        enum word_action action = wordlist_check(list, cases[i].text, &masked);
        if (!cases[i].masked) {
            assert_int_equal(action, WORD_NONE);
            assert_null(masked);
        } else {
            assert_int_equal(action, WORD_MASK);
            assert_string_equal(masked, cases[i].masked);
        }
        free(masked);
        wordlist_free(list);
    }
}

static void the_strictest_action_counts(void **state)
{
    (void)state;
    struct wordlist *list = wordlist_new();
    char *masked;
    assert_int_equal(wordlist_check(list, "anything", &masked), WORD_NONE);
    assert_int_equal(wordlist_check(NULL, "anything", &masked), WORD_NONE);
    wordlist_add(list, "mild", WORD_MASK);
    wordlist_add(list, "odd", WORD_HOLD);
    wordlist_add(list, "awful", WORD_REFUSE);
    wordlist_add(list, "", WORD_REFUSE);
    assert_int_equal(wordlist_check(list, "mild and odd", &masked), WORD_HOLD);
    assert_string_equal(masked, "**** and odd");
    free(masked);
    assert_int_equal(wordlist_check(list, "odd, awful, mild", &masked), WORD_REFUSE);
    free(masked);
    assert_int_equal(wordlist_check(list, "fine", &masked), WORD_NONE);
    assert_null(masked);
    wordlist_free(list);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(words_are_folded),
        cmocka_unit_test(words_are_found_whole),
        cmocka_unit_test(the_strictest_action_counts),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
