/* What is searched for: tags and words as they are typed, and the texts that hold them. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <stdlib.h>
#include <string.h>

#include "base/needles.h"
#include "base/text.h"

static void test_parsing(void **state)
{
    static const struct {
        const char *typed, *words[4], *tags[4];
        int is_tag[4], are_words;
    } cases[] = {
        {"", {0}, {0}, {0}, 0},
        {" # @ ... ", {0}, {0}, {0}, 0},
        {"Katze", {"katze"}, {"katze"}, {0}, 1},
        {"#Été été", {"ete", "ete"}, {"été", "été"}, {1, 0}, 0},
        {"@ann, (bob)!", {"ann", "bob"}, {"ann", "bob"}, {0}, 1},
        {"##twice", {"twice"}, {"twice"}, {1}, 0},
        {"a.b c", {"a.b", "c"}, {"", "c"}, {0}, 1},
        {"#a.b", {"a.b"}, {""}, {0}, 1}, /* no tag can be called so: a word */
        {"ab", {"ab"}, {"ab"}, {0}, 0},
        {"猫", {"猫"}, {"猫"}, {0}, 1},
        {"Straße", {"strasse"}, {"straße"}, {0}, 1},
        {"​", {0}, {0}, {0}, 0},
    };
    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        struct needles needles;
        needles_parse(cases[i].typed, &needles);
        for (int n = 0; n < 4 && cases[i].words[n]; n++) {
            assert_true(n < needles.count);
            assert_string_equal(needles.items[n].word, cases[i].words[n]);
            assert_string_equal(needles.items[n].tag, cases[i].tags[n]);
            assert_int_equal(needles.items[n].is_tag, cases[i].is_tag[n]);
        }
        assert_true(needles.count == 4 || !cases[i].words[needles.count]);
        assert_int_equal(needles_are_words(&needles), cases[i].are_words);
        needles_free(&needles);
    }
}

static void test_most(void **state)
{
    struct needles needles;
    char lengthy[300];
    (void)state;
    needles_parse("a b c d e f g h i j", &needles);
    assert_int_equal(needles.count, NEEDLES_MAX);
    needles_free(&needles);
    memset(lengthy, 'x', sizeof lengthy);
    lengthy[0] = '#', lengthy[sizeof lengthy - 1] = '\0';
    needles_parse(lengthy, &needles); /* longer than any tag */
    assert_int_equal(needles.count, 1);
    assert_int_equal(needles.items[0].is_tag, 0);
    assert_string_equal(needles.items[0].tag, "");
    needles_free(&needles);
}

static void test_finding(void **state)
{
    static const struct {
        const char *typed, *text, *tags;
        int is_found;
    } cases[] = {
        {"schlüssel", "Haustürschlüssel", "", 1},
        {"SCHLUSSEL haus", "Haustürschlüssel", "", 1},
        {"schlüssel loch", "Haustürschlüssel", "", 0},
        {"będzie", "Tak bĘDZIE", "", 1},
        {"lodz", "w Łodzi i w Łódź", "", 1}, /* strokes and ligatures decompose into nothing */
        {"łódź", "Lodz", "", 1},
        {"smorrebrod", "Smørrebrød", "", 1},
        {"dura", "Đurađ", "", 1},
        {"coeur", "Sacré-Cœur", "", 1},
        {"Œuf", "un oeuf", "", 1},
        {"lodz", "łoś", "", 0},
        {"#cat", "a cat", " dog ", 0},
        {"#cat", "", " dog cat ", 1},
        {"#cat", "", " cats bobcat ", 0},
        {"cat", "", " cats ", 0},
        {"cat dog", "a dog", " cat ", 1},
        {"#cat bird", "a dog", " cat ", 0},
        {"", "anything", " a ", 0},
    };
    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        struct needles needles;
        needles_parse(cases[i].typed, &needles);
        assert_int_equal(needles_are_in(&needles, cases[i].text, cases[i].tags), cases[i].is_found);
        needles_free(&needles);
    }
}

/* The fast way for ASCII and the way for everything else agree. */
static void test_fold(void **state)
{
    (void)state;
    for (int c = 1; c < 0x80; c++) {
        const char text[] = {(char)c, '\0'};
        uint32_t letters[TEXT_FOLDED_MAX];
        const size_t count = text_fold_character((uint32_t)c, letters);
        char *folded = text_fold(text);
        if (c > ' ' && c < 0x7f) {
            assert_int_equal(count, 1);
            assert_int_equal(strlen(folded), 1);
            assert_int_equal((unsigned char)folded[0], letters[0]);
        }
        free(folded);
    }
    char *folded = text_fold("ÄŻＡ é­\nß");
    assert_string_equal(folded, "aza e ss");
    free(folded);
    folded = text_fold("ŁłĐđØøÆæŒœĦħŦŧıIİ");
    assert_string_equal(folded, "llddooaeaeoeoehhttiii");
    free(folded);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_parsing),
        cmocka_unit_test(test_most),
        cmocka_unit_test(test_finding),
        cmocka_unit_test(test_fold),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
