/* Profiles without a server: what may be said, what stays as it is, and that all of it is saved or nothing. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <stdio.h>
#include <string.h>

#include "domain/profile.h"
#include "domain/web_address.h"
#include "stage.h"
#include "store/blocklist.h"

static const char *mine(struct stage *s, const char *key)
{
    json_t *row = db_row(s->db, QUERY_PERSON_BY_ID, s->potato.account);
    const char *text = json_string_value(json_object_get(row, key));
    text = arena_copy(&s->arena, text ? text : "");
    json_decref(row);
    return text;
}

static const struct fault *save(struct stage *s, struct profile_typed typed)
{
    return profile_save(&s->potato, &typed);
}

static void addresses_of_the_web(void **state)
{
    static const char *const good[][2] = {{"you.example", "https://you.example"},
                                          {"you.example/~me?a=1#b", "https://you.example/~me?a=1#b"},
                                          {"http://you.example", "http://you.example"},
                                          {"https://b\xC3\xBC"
                                           "cher.example",
                                           "https://b\xC3\xBC"
                                           "cher.example"}};
    static const char *const bad[] = {"",
                                      "you",
                                      "javascript:alert(1)",
                                      "javascript://you.example",
                                      "https://",
                                      ".example",
                                      "https://.example",
                                      "https://a/b.example",
                                      "a.b\"c",
                                      "a.b c",
                                      "a.b\x7f",
                                      "ftp://a.example",
                                      "a.b<c",
                                      "https://a?.b",
                                      "a\n.example",
                                      "https://you"};
    struct stage *s = *state;
    char long_one[WEB_ADDRESS_MAX_BYTES + 2];
    for (size_t i = 0; i < sizeof good / sizeof good[0]; i++)
        assert_string_equal(web_address_complete(&s->arena, good[i][0]), good[i][1]);
    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++)
        if (web_address_complete(&s->arena, bad[i]))
            fail_msg("%s is taken", bad[i]);
    memset(long_one, 'a', sizeof long_one);
    memcpy(long_one, "https://a.", 10);
    long_one[WEB_ADDRESS_MAX_BYTES] = '\0';
    assert_non_null(web_address_complete(&s->arena, long_one));
    long_one[WEB_ADDRESS_MAX_BYTES] = 'a', long_one[WEB_ADDRESS_MAX_BYTES + 1] = '\0';
    assert_null(web_address_complete(&s->arena, long_one));
}

static void what_was_not_typed_stays(void **state)
{
    struct stage *s = *state;
    assert_null(save(s, (struct profile_typed){.display_name = " Potato\t1 ",
                                               .homepage = "potato.example",
                                               .about = "I am\r\nbaked. ",
                                               .css = "p{color:red}\r\n",
                                               .links = "b.example My page"}));
    assert_string_equal(mine(s, "display_name"), "Potato 1");
    assert_string_equal(mine(s, "homepage"), "https://potato.example");
    assert_string_equal(mine(s, "about"), "I am\nbaked.");
    assert_string_equal(mine(s, "css"), "p{color:red}\n");
    assert_null(save(s, (struct profile_typed){.about = "fried"}));
    assert_string_equal(mine(s, "display_name"), "Potato 1");
    assert_string_equal(mine(s, "homepage"), "https://potato.example");
    assert_string_equal(mine(s, "about"), "fried");
    assert_string_equal(mine(s, "css"), "p{color:red}\n");
    assert_string_equal(profile_links_text(&s->potato), "https://b.example My page\n");
    assert_null(save(s, (struct profile_typed){.homepage = "", .links = ""}));
    assert_string_equal(mine(s, "homepage"), "");
    assert_string_equal(profile_links_text(&s->potato), "");
    assert_string_equal(mine(s, "about"), "fried");
}

/* repeat + 1 times the text is too much, repeat times is not. */
static void assert_limit(struct stage *s, const char *field, const char *text, size_t repeat, size_t limit)
{
    for (size_t more = 0; more < 2; more++) {
        struct profile_typed typed = {0};
        char *typed_text = arena_alloc(&s->arena, (repeat + more) * strlen(text) + 1);
        for (size_t i = 0; i < repeat + more; i++)
            memcpy(typed_text + i * strlen(text), text, strlen(text) + 1);
        *(strcmp(field, "display_name") == 0 ? &typed.display_name
          : strcmp(field, "about") == 0      ? &typed.about
          : strcmp(field, "css") == 0        ? &typed.css
                                             : &typed.links) = typed_text;
        const struct fault *fault = save(s, typed);
        if (!more) {
            assert_null(fault);
            continue;
        }
        assert_fault(fault, FAULT_WORDS, field);
        assert_int_equal(fault->limit, limit);
    }
}

static void limits_are_named(void **state)
{
    struct stage *s = *state;
    assert_limit(s, "display_name", "\xC3\xA9", DISPLAY_NAME_MAX, DISPLAY_NAME_MAX);
    assert_limit(s, "about", "a", ABOUT_MAX, ABOUT_MAX);
    assert_limit(s, "css", "a", PROFILE_CSS_MAX_BYTES, PROFILE_CSS_MAX_BYTES);
    assert_limit(s, "links", "a.example x\n", PROFILE_LINKS_MAX, PROFILE_LINKS_MAX);
    assert_fault(save(s, (struct profile_typed){.css = "\xFF"}), FAULT_WORDS, "css");
    assert_fault(save(s, (struct profile_typed){.homepage = "nowhere"}), FAULT_WORDS, "homepage");
    assert_fault(save(s, (struct profile_typed){.links = "just words"}), FAULT_WORDS, "links");
    char label[16 + LINK_LABEL_MAX + 2];
    snprintf(label, sizeof label, "a.example %0*d", LINK_LABEL_MAX, 0);
    assert_null(save(s, (struct profile_typed){.links = label}));
    snprintf(label, sizeof label, "a.example %0*d", LINK_LABEL_MAX + 1, 0);
    const struct fault *fault = save(s, (struct profile_typed){.links = label});
    assert_fault(fault, FAULT_WORDS, "links");
    assert_int_equal(fault->limit, LINK_LABEL_MAX);
}

static void links_in_either_order(void **state)
{
    struct stage *s = *state;
    assert_null(
        save(s, (struct profile_typed){.links = "  a.example   \n\nMy old page http://b.example/x\nc.example C"}));
    assert_string_equal(profile_links_text(&s->potato),
                        "https://a.example\nhttp://b.example/x My old page\nhttps://c.example C\n");
}

static void all_or_nothing(void **state)
{
    struct stage *s = *state;
    static const char *const words[] = {"casino"};
    assert_null(save(s, (struct profile_typed){.display_name = "Before", .links = "a.example A"}));
    assert_int_equal(blocklist_add_words(s->db, s->minitel.account, words, 1, "refuse"), STORE_OK);
    /* the third link is refused by the store, after the words were written */
    assert_fault(
        save(s, (struct profile_typed){.display_name = "After", .links = "b.example B\nc.example C\nd.example casino"}),
        FAULT_REFUSED, NULL);
    assert_string_equal(mine(s, "display_name"), "Before");
    assert_string_equal(profile_links_text(&s->potato), "https://a.example A\n");
    assert_fault(save(s, (struct profile_typed){.homepage = "casino.example"}), FAULT_REFUSED, NULL);
    assert_fault(save(s, (struct profile_typed){.about = "a casino"}), FAULT_REFUSED, NULL);
    assert_string_equal(mine(s, "about"), "");
    struct actor nobody = s->potato;
    nobody.account = 12345;
    assert_fault(profile_save(&nobody, &(struct profile_typed){.about = "x"}), FAULT_NOT_FOUND, NULL);
}

static void a_style_is_tried_before_it_is_saved(void **state)
{
    struct stage *s = *state;
    assert_null(profile_try_style(&s->potato, "p{}\r"));
    json_t *draft = db_row(s->db, QUERY_CSS_DRAFT_OF, s->potato.account);
    assert_string_equal(json_string_value(json_object_get(draft, "css_draft")), "p{}\n");
    json_decref(draft);
    assert_string_equal(mine(s, "css"), "");
    assert_null(profile_save_style(&s->potato, "b{}"));
    assert_string_equal(mine(s, "css"), "b{}");
    draft = db_row(s->db, QUERY_CSS_DRAFT_OF, s->potato.account);
    assert_true(json_is_null(draft));
    assert_fault(profile_save_style(&s->potato, "\xC3"), FAULT_WORDS, "css");
    assert_fault(profile_try_style(&s->potato, "\xC3"), FAULT_WORDS, "css");
}

static void a_portrait_is_worn_and_taken_off(void **state)
{
    struct stage *s = *state;
    const struct image image = {"bytes", 5, 240, 180};
    assert_null(profile_wear(&s->potato, PROFILE_AVATAR, &image, 0));
    assert_true(*mine(s, "avatar_url"));
    assert_null(profile_wear(&s->potato, PROFILE_AVATAR, NULL, 0));
    struct actor poor = s->potato;
    poor.quota_bytes = 4;
    assert_fault(profile_wear(&poor, PROFILE_BACKGROUND, &image, 0), FAULT_FULL, NULL);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(addresses_of_the_web, stage_setup, stage_teardown),
        cmocka_unit_test_setup_teardown(what_was_not_typed_stays, stage_setup, stage_teardown),
        cmocka_unit_test_setup_teardown(limits_are_named, stage_setup, stage_teardown),
        cmocka_unit_test_setup_teardown(links_in_either_order, stage_setup, stage_teardown),
        cmocka_unit_test_setup_teardown(all_or_nothing, stage_setup, stage_teardown),
        cmocka_unit_test_setup_teardown(a_style_is_tried_before_it_is_saved, stage_setup, stage_teardown),
        cmocka_unit_test_setup_teardown(a_portrait_is_worn_and_taken_off, stage_setup, stage_teardown),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
