/* Reasons of libcrush in another language: formats found again by finished sentences, from tables of its own and ours.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
#include <stdio.h>
#include <string.h>

#include "base/reason.h"
#include "crush.h"

enum { FRENCH = 1, FORMAT_MAX = 256 };

static const struct lang_message messages_fr[] = {
    {"%s has %zu of %d", {"de %3$d, %1$s a %2$zu"}},
    {"PNG: %s", {"PNG, %s"}},
    {"PNG: a fault", {"PNG, la faute"}},
    {"a word", {"un mot"}},
    {"all of it (100%%) is %<PRIu64>", {"tout (100 %%) est %<PRIu64>"}},
    {"no value", {"rien, mais %s"}},
};
static const struct lang_catalogue own[] = {{"fr", messages_fr, sizeof messages_fr / sizeof messages_fr[0], NULL}, {0}};

static int use(void **state)
{
    reason_load(*state ? *state : (void *)own);
    lang_use(FRENCH);
    return 0;
}

static void test_formats_are_found_again(void **state)
{
    (void)state;
    static const char *const cases[][2] = {
        {"a word", "un mot"},
        {"a word has 12 of 7", "de 7, un mot a 12"}, /* what a value says is said as well; places may change */
        {"ada has 1 has 12 of 7", "de 7, ada has 1 a 12"},
        {"PNG: a fault", "PNG, la faute"}, /* the format that says more */
        {"PNG: a word", "PNG, un mot"},
        {"PNG: %s %n", "PNG, %s %n"},                       /* a value is no format */
        {"PNG: PNG: PNG: a word", "PNG, PNG, PNG, a word"}, /* so deep and no deeper */
        {"all of it (100%) is 18446744073709551615", "tout (100 %) est 18446744073709551615"},
        {"all of it (100%) is many", NULL}, /* no number */
        {"a word more", NULL},
        {"a wor", NULL},
        {"no value", NULL}, /* the translation asks for one that is not there */
        {"", NULL},
    };
    char text[REASON_MAX];
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++)
        assert_string_equal(reason_say(cases[i][0], text), cases[i][1] ? cases[i][1] : cases[i][0]);
    lang_use(LANG_ENGLISH);
    assert_string_equal(reason_say("a word", text), "a word");
    lang_use_data(FRENCH);
    assert_string_equal(reason_say("a word", text), "un mot"); /* a fault, though what is made is data */
}

static void test_long_ones_stay(void **state)
{
    (void)state;
    char text[REASON_MAX], said[300];
    memset(said, 'x', sizeof said);
    memcpy(said, "PNG: ", 5);
    said[255] = '\0';
    assert_memory_equal(reason_say(said, text), "PNG, x", 6);
    said[255] = 'x';
    said[256] = '\0';
    assert_ptr_equal(reason_say(said, text), said);
}

/* A format with values: numbers count upwards, words are what no catalogue has. */
static void fill(const char *format, char out[FORMAT_MAX])
{
    int value = 1;
    size_t length = 0;
    for (; *format; format++) {
        assert_true(length < FORMAT_MAX - 8);
        if (*format == '%' && *++format != '%') {
            format += *format == '<' ? strcspn(format, ">") : strcspn(format, "sdufx");
            length += (size_t)snprintf(out + length, 8, *format == 's' ? "zz%d" : "%d", value++);
        } else {
            out[length++] = *format;
        }
    }
    out[length] = '\0';
}

static void test_every_reason_is_said(void **state)
{
    (void)state;
    char english[FORMAT_MAX], french[FORMAT_MAX], text[REASON_MAX];
    assert_true(lang_reasons[0].message_count > 100);
    for (size_t i = 0; i < lang_reasons[0].message_count; i++) {
        const struct lang_message *message = &lang_reasons[0].messages[i];
        fill(message->key, english);
        fill(message->said[0], french);
        assert_string_equal(reason_say(english, text), french);
    }
}

static void test_libcrush_is_understood(void **state)
{
    (void)state;
    crush_open_options options;
    crush_picture *picture;
    crush_error error;
    char text[REASON_MAX];
    crush_open_options_init(&options);
    assert_int_equal(crush_open("", 0, &options, &picture, &error), CRUSH_EFORMAT);
    assert_string_equal(reason_say(error.message, text), "le fichier est vide");
    assert_int_equal(crush_open("II*\0\x08\0\0\0\0\0", 10, &options, &picture, &error), CRUSH_EUNSUPPORTED);
    assert_string_equal(reason_say(error.message, text),
                        "c’est un TIFF\u202f; enregistre-le d’abord en JPEG ou en PNG");
    options.limits.max_input_bytes = 8;
    assert_int_equal(crush_open("nothing known", 13, &options, &picture, &error), CRUSH_ELIMIT);
    assert_string_equal(reason_say(error.message, text), "le fichier fait 13 octets, plus que les 8 permis");
    for (int limit = CRUSH_LIMIT_SIDE; limit <= CRUSH_LIMIT_FRAMES; limit++)
        assert_string_not_equal(reason_say(crush_limit_text((crush_limit)limit), text),
                                crush_limit_text((crush_limit)limit));
    assert_non_null(strstr(reason_say(crush_formats_text(), text), " et "));
}

int main(void)
{
    void *ours = (void *)lang_reasons;
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup(test_formats_are_found_again, use),
        cmocka_unit_test_setup(test_long_ones_stay, use),
        cmocka_unit_test_prestate_setup_teardown(test_every_reason_is_said, use, NULL, ours),
        cmocka_unit_test_prestate_setup_teardown(test_libcrush_is_understood, use, NULL, ours),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
