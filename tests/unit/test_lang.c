/* Languages: which one is chosen, what messages are called, plural forms, dates and numbers; by tables of its own. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "base/lang.h"
#include "view/words.h"

enum { FRENCH = 1 };

static int form_fr(unsigned long n)
{
    return n > 1;
}

/* Sorted by key, as catalogue.py sorts. */
static const struct lang_message messages_fr[] = {
    {"%lld byte", {"%lld octet", "%lld octets"}},
    {"%lld hour ago", {"il y a %lld heure", "il y a %lld heures"}},
    {"August", {"août"}},
    {"MB", {"Mo"}},
    {"May", {"mai"}},
    {"kB", {"ko"}},
    {"yesterday", {"hier"}},
};
static const struct lang_message moods_fr[] = {{"happy", {"aux anges"}}, {"sad", {"le cœur gros"}}};
enum { MESSAGES = sizeof messages_fr / sizeof messages_fr[0], MOODS = sizeof moods_fr / sizeof moods_fr[0] };
static const struct lang_catalogue catalogues[] = {{"fr", messages_fr, MESSAGES, form_fr}, {0}},
                                   moods[] = {{"fr", moods_fr, MOODS, form_fr}, {0}};

static int load(void **state)
{
    (void)state;
    lang_load(catalogues, moods);
    return 0;
}

static int speak_english(void **state)
{
    (void)state;
    lang_use(LANG_ENGLISH);
    return 0;
}

static void test_accept_language(void **state)
{
    (void)state;
    static const struct {
        const char *header;
        int lang;
    } cases[] = {
        {NULL, LANG_ENGLISH},
        {"", LANG_ENGLISH},
        {"fr", FRENCH},
        {"FR", FRENCH},
        {"fr-CA", FRENCH},
        {"fr-FR,fr;q=0.9,en;q=0.8", FRENCH},
        {"en-US,en;q=0.9,fr;q=0.8", LANG_ENGLISH},
        {"en;q=0.5, fr;q=0.7", FRENCH},
        {"en;q=0.5,fr;q=0.50", LANG_ENGLISH}, /* the first of equals */
        {"fr;q=0", LANG_ENGLISH},             /* anything but that */
        {"fr;q=0.000, en", LANG_ENGLISH},
        {"de-CH, de, fr;q=0.1", FRENCH}, /* of what is spoken here */
        {"de, *;q=0.5", LANG_ENGLISH},
        {"*", LANG_ENGLISH},
        {"fr;q=2", LANG_ENGLISH}, /* malformed counts as absent */
        {"fr;q=0.5x, en;q=0.1", LANG_ENGLISH},
        {"fr;level=1", LANG_ENGLISH},
        {"fr ; q=1.000", FRENCH},
        {" \t,, fr", FRENCH},
        {"fra", LANG_ENGLISH},
        {"f", LANG_ENGLISH},
        {";q=1", LANG_ENGLISH},
        {"fr;q=0.0001", LANG_ENGLISH},
        {"fr;q=1.0000", LANG_ENGLISH}, /* one digit too many */
        {"fr;q=0x5", LANG_ENGLISH},
        {"fr;q=", LANG_ENGLISH},
        {"fr;q=x", LANG_ENGLISH},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
        if (lang_choose(cases[i].header, LANG_ENGLISH) != cases[i].lang)
            fail_msg("\"%s\" gave %d", cases[i].header ? cases[i].header : "(none)",
                     lang_choose(cases[i].header, LANG_ENGLISH));
    assert_int_equal(lang_choose("de", FRENCH), FRENCH); /* what the place speaks */
    assert_int_equal(lang_choose("*", FRENCH), FRENCH);
    assert_int_equal(lang_choose("en", FRENCH), LANG_ENGLISH);
    char many[4 * 33] = ""; /* the 33rd range is not read */
    for (int i = 0; i < 32; i++)
        memcpy(many + 3 * i, "de,", 4);
    memcpy(many + 3 * 32, "fr", 3);
    assert_int_equal(lang_choose(many, LANG_ENGLISH), LANG_ENGLISH);
    assert_int_equal(lang_choose(many + 3, LANG_ENGLISH), FRENCH);
}

static void test_locale(void **state)
{
    (void)state;
    static const struct {
        const char *all, *messages, *lang;
        int is;
    } cases[] = {
        {NULL, NULL, NULL, LANG_ENGLISH},
        {NULL, NULL, "fr_FR.UTF-8", FRENCH},
        {NULL, "fr_FR.utf8", "en_US.UTF-8", FRENCH},
        {"C", "fr_FR.UTF-8", "fr_FR.UTF-8", LANG_ENGLISH},
        {"", "fr", "C", FRENCH}, /* empty is not set */
        {NULL, NULL, "fr_CH@euro", FRENCH},
        {NULL, NULL, "fr_FR.ISO-8859-1", LANG_ENGLISH}, /* we write UTF-8 */
        {NULL, NULL, "de_DE.UTF-8", LANG_ENGLISH},
        {"C.UTF-8", NULL, "fr_FR.UTF-8", LANG_ENGLISH},
    };
    static const char *const names[] = {"LC_ALL", "LC_MESSAGES", "LANG"};
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        const char *const values[] = {cases[i].all, cases[i].messages, cases[i].lang};
        for (size_t v = 0; v < 3; v++)
            if (values[v])
                setenv(names[v], values[v], 1);
            else
                unsetenv(names[v]);
        if (lang_of_environment() != cases[i].is)
            fail_msg("case %zu gave %d", i, lang_of_environment());
    }
    for (size_t v = 0; v < 3; v++)
        unsetenv(names[v]);
}

static void test_messages(void **state)
{
    (void)state;
    const char *yesterday = "yesterday";
    assert_ptr_equal(tr(yesterday), yesterday);
    lang_use(FRENCH);
    assert_string_equal(tr("yesterday"), "hier");
    assert_string_equal(tr_fault("yesterday"), "hier");
    assert_string_equal(tr("kB"), "ko");
    assert_string_equal(tr("not said yet"), "not said yet");
    assert_string_equal(tr(""), "");
    lang_use_data(FRENCH); /* data is English, what went wrong is not */
    assert_string_equal(tr("yesterday"), "yesterday");
    assert_string_equal(tr_fault("yesterday"), "hier");
    assert_int_equal(lang_used(), LANG_ENGLISH);
    assert_int_equal(lang_faults(), FRENCH);
    lang_use(99);
    assert_int_equal(lang_used(), LANG_ENGLISH);
    lang_use(-1);
    assert_int_equal(lang_used(), LANG_ENGLISH);
}

static void test_plurals(void **state)
{
    (void)state;
    static const struct {
        int64_t n;
        const char *english, *french;
    } cases[] = {{0, "%lld hours ago", "il y a %lld heure"},
                 {1, "%lld hour ago", "il y a %lld heure"},
                 {2, "%lld hours ago", "il y a %lld heures"},
                 {-1, "%lld hours ago", "il y a %lld heure"},
                 {INT64_MIN, "%lld hours ago", "il y a %lld heures"}};
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        lang_use(LANG_ENGLISH);
        assert_string_equal(trn("%lld hour ago", "%lld hours ago", cases[i].n), cases[i].english);
        lang_use(FRENCH);
        assert_string_equal(trn("%lld hour ago", "%lld hours ago", cases[i].n), cases[i].french);
    }
    assert_string_equal(trn("one thing", "many things", 0), "many things"); /* English, by its own rule */
    assert_string_equal(trn("one thing", "many things", 1), "one thing");
}

static void test_moods(void **state)
{
    (void)state;
    assert_string_equal(lang_mood("happy"), "happy");
    assert_string_equal(lang_mood_key("aux anges"), "aux anges");
    lang_use(FRENCH);
    assert_string_equal(lang_mood("happy"), "aux anges");
    assert_string_equal(lang_mood("one of my own"), "one of my own");
    assert_string_equal(lang_mood_key("Aux anges"), "happy");
    assert_string_equal(lang_mood_key("happy"), "happy");
    assert_string_equal(lang_mood_key("one of my own"), "one of my own");
}

static void expect(struct buf *out, const char *expected)
{
    assert_string_equal(out->data ? out->data : "", expected);
    buf_clear(out);
}

#define NBSP   "\xc2\xa0"
#define NARROW "\xe2\x80\xaf"

static void test_numbers(void **state)
{
    (void)state;
    struct buf out = {0};
    words_number(1234567, &out);
    expect(&out, "1234567");
    words_bytes(11800, &out);
    expect(&out, "11.8 kB");
    lang_use(FRENCH);
    static const struct {
        int64_t n;
        const char *words;
    } numbers[] = {{0, "0"},
                   {999, "999"},
                   {1234, "1" NARROW "234"},
                   {1234567, "1" NARROW "234" NARROW "567"},
                   {-1234, "-1" NARROW "234"},
                   {-999, "-999"}},
      sizes[] = {{0, "0 octet"},
                 {1, "1 octet"},
                 {2, "2 octets"},
                 {11800, "11,8" NBSP "ko"},
                 {4100000, "4,1" NBSP "Mo"},
                 {999499, "999" NBSP "ko"}};
    for (size_t i = 0; i < sizeof numbers / sizeof *numbers; i++) {
        words_number(numbers[i].n, &out);
        expect(&out, numbers[i].words);
    }
    for (size_t i = 0; i < sizeof sizes / sizeof *sizes; i++) {
        words_bytes(sizes[i].n, &out);
        expect(&out, sizes[i].words);
    }
    words_modem(11900, &out);
    expect(&out, "1,7" NBSP "s");
    buf_free(&out);
}

static void test_dates(void **state)
{
    (void)state;
    struct buf out = {0};
    lang_use(FRENCH);
    words_date(1778544000, &out);
    expect(&out, "12 mai 2026");
    words_date(1785542400, &out);
    expect(&out, "1er août 2026");
    words_month(1785542400, &out);
    expect(&out, "août");
    words_ago(0, 7200, &out);
    expect(&out, "il y a 2 heures");
    words_ago(0, 3600, &out);
    expect(&out, "il y a 1 heure");
    words_ago(0, 86400, &out);
    expect(&out, "hier");
    words_rfc3339(1778544000, &out); /* programs read these */
    expect(&out, "2026-05-12T00:00:00Z");
    words_rfc5322(1778544000, &out);
    expect(&out, "Tue, 12 May 2026 00:00:00 +0000");
    words_ago_counted(0, 7200, &out);
    expect(&out, "2 hours ago");
    buf_free(&out);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup(test_accept_language, speak_english),
        cmocka_unit_test_setup(test_locale, speak_english),
        cmocka_unit_test_setup(test_messages, speak_english),
        cmocka_unit_test_setup(test_plurals, speak_english),
        cmocka_unit_test_setup(test_moods, speak_english),
        cmocka_unit_test_setup(test_numbers, speak_english),
        cmocka_unit_test_setup(test_dates, speak_english),
    };
    return cmocka_run_group_tests_name("lang", tests, load, NULL);
}
