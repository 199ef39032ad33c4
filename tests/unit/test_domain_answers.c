/* Answers, what is told, and kept posts, without a server. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <stdio.h>
#include <string.h>

#include "base/links.h"
#include "domain/answers.h"
#include "domain/kept.h"
#include "domain/mood.h"
#include "domain/notice.h"
#include "domain/shun.h"
#include "domain/status.h"
#include "stage.h"

static int64_t say(const struct actor *actor, const char *content, const char *reply_to)
{
    int64_t id = 0;
    assert_null(status_publish(actor, &(struct status_typed){.content = content, .reply_to = reply_to}, &id));
    return id;
}

static const char *status_named(struct stage *s, int64_t id)
{
    return answers_name(&s->arena, (struct post_ref){"status", id});
}

static const struct fault *try_to_say(const struct actor *actor, const char *reply_to)
{
    int64_t id = -1;
    const struct fault *fault =
        status_publish(actor, &(struct status_typed){.content = "well", .reply_to = reply_to}, &id);
    assert_int_equal(id, fault ? -1 : id);
    return fault;
}

static size_t told(const struct stage *s, const struct actor *actor)
{
    json_t *rows = db_rows(s->db, QUERY_NOTICES, INT64_MAX, (int64_t)1000, actor->account);
    const size_t count = json_array_size(rows);
    assert_non_null(rows);
    json_decref(rows);
    return count;
}

static size_t thread_of(const struct stage *s, int64_t status, const struct actor *viewer, int is_own)
{
    json_t *rows = db_rows(s->db, QUERY_STATUS_ANSWERS, "status", status, (int64_t)-1, (int64_t)0, (int64_t)100,
                           viewer->account, (int64_t)is_own);
    const size_t count = json_array_size(rows);
    assert_non_null(rows);
    json_decref(rows);
    return count;
}

static void names_of_posts_are_read_and_written(void **state)
{
    struct stage *s = *state;
    static const char *const good[] = {"pictures/12", "statuses/3", "moods/4", "statuses/999999999999999999"};
    static const char *const bad[] = {"pictures/",   "pictures/0",   "picture/1",
                                      "/pictures/1", "pictures/1/",  "pictures/1x",
                                      "moods/-4",    " statuses/3 ", "statuses/9999999999999999999",
                                      "12"};
    struct post_ref post;
    for (size_t i = 0; i < sizeof good / sizeof *good; i++) {
        assert_null(answers_read(&s->arena, "reply_to", good[i], &post));
        assert_string_equal(answers_name(&s->arena, post), good[i]);
    }
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++)
        assert_fault(answers_read(&s->arena, "reply_to", bad[i], &post), FAULT_WORDS, "reply_to");
    assert_null(answers_read(&s->arena, "reply_to", NULL, &post));
    assert_int_equal(post.id, 0);
    assert_string_equal(answers_name(&s->arena, post), "");
}

static void an_answer_needs_something_that_takes_it(void **state)
{
    struct stage *s = *state;
    const int64_t open = say(&s->potato, "hello", NULL);
    const struct post_ref post = {"status", open};
    assert_int_equal(thread_of(s, open, &s->minitel, 0), 0);
    say(&s->minitel, "hello back", status_named(s, open));
    assert_int_equal(thread_of(s, open, &s->minitel, 0), 1);
    assert_fault(try_to_say(&s->minitel, "statuses/999"), FAULT_WORDS, "reply_to");
    assert_null(manners_save(&s->potato, &(struct manners_typed){.answers = "nobody"}));
    assert_fault(try_to_say(&s->minitel, status_named(s, open)), FAULT_NOT_ALLOWED, NULL);
    say(&s->potato, "to myself", status_named(s, open));
    assert_null(answers_open(&s->potato, post, "everybody"));
    assert_null(try_to_say(&s->minitel, status_named(s, open)));
    assert_null(answers_open(&s->potato, post, ""));
    assert_fault(try_to_say(&s->minitel, status_named(s, open)), FAULT_NOT_ALLOWED, NULL);
    assert_fault(answers_open(&s->potato, post, "cats"), FAULT_WORDS, "answers");
    assert_fault(answers_open(&s->minitel, post, "nobody"), FAULT_NOT_FOUND, NULL);
    assert_fault(manners_save(&s->potato, &(struct manners_typed){.answers = "cats"}), FAULT_WORDS, "answers");
    assert_fault(manners_save(&s->potato, &(struct manners_typed){.answers = ""}), FAULT_WORDS, "answers");
}

static void only_whose_post_it_is_takes_an_answer_off(void **state)
{
    struct stage *s = *state;
    const int64_t mine = say(&s->potato, "my house", NULL), theirs = say(&s->minitel, "yours", status_named(s, mine));
    const struct post_ref answer = {"status", theirs};
    assert_fault(answers_take_off(&s->minitel, answer, 0), FAULT_NOT_FOUND, NULL);
    assert_fault(answers_take_off(&s->potato, (struct post_ref){"status", mine}, 0), FAULT_NOT_FOUND, NULL);
    assert_fault(answers_take_off(&s->potato, (struct post_ref){"mood", 1}, 0), FAULT_NOT_FOUND, NULL);
    for (int i = 0; i < 2; i++)
        assert_null(answers_take_off(&s->potato, answer, 0));
    assert_int_equal(thread_of(s, mine, &s->minitel, 0), 0);
    assert_int_equal(thread_of(s, mine, &s->potato, 1), 1);
    assert_int_equal(stage_count(s, QUERY_STATUSES_OF, s->minitel.account), 1);
    assert_null(answers_take_off(&s->potato, answer, 1));
    assert_int_equal(thread_of(s, mine, &s->minitel, 0), 1);
    assert_null(status_remove(&s->potato, mine));
    assert_string_equal(stage_text(s, QUERY_STATUS, theirs, "reply_to"), status_named(s, mine));
    assert_string_equal(stage_text(s, QUERY_STATUS, theirs, "reply_author"), "");
}

static void everybody_is_told_once_and_in_time(void **state)
{
    struct stage *s = *state;
    const int64_t mine = say(&s->potato, "hello", NULL);
    say(&s->minitel, "@potato hello @potato, @Potato", status_named(s, mine));
    assert_int_equal(told(s, &s->potato), 1); /* that it answers: not also that it names */
    const int64_t named = say(&s->minitel, "who?", NULL);
    const struct status_typed edited = {.content = "who? @potato! (@minitel)"};
    for (int i = 0; i < 2; i++)
        assert_null(status_change(&s->minitel, named, &edited));
    assert_int_equal(told(s, &s->potato), 2);
    assert_int_equal(told(s, &s->minitel), 0);
    assert_int_equal(db_number(s->db, QUERY_HAS_NEWS, -1, s->potato.account), 1);
    assert_fault(notice_read(&s->potato, "soon"), FAULT_WORDS, "until");
    assert_null(notice_read(&s->potato, NULL));
    assert_int_equal(db_number(s->db, QUERY_HAS_NEWS, -1, s->potato.account), 0);
    assert_null(manners_save(&s->potato, &(struct manners_typed){.notices = "answers, wall"}));
    say(&s->minitel, "@potato?", NULL);
    assert_int_equal(told(s, &s->potato), 2);
    say(&s->minitel, "yes?", status_named(s, mine));
    assert_int_equal(told(s, &s->potato), 3);
    assert_fault(manners_save(&s->potato, &(struct manners_typed){.notices = "answer"}), FAULT_WORDS, "notices");
    assert_null(manners_save(&s->potato, &(struct manners_typed){.notices = ""}));
    say(&s->minitel, "no?", status_named(s, mine));
    assert_int_equal(told(s, &s->potato), 3);
    assert_null(shun_set(&s->potato, s->minitel.account, "mute", 0));
    assert_int_equal(told(s, &s->potato), 0);
}

static void one_post_tells_ten_people(void **state)
{
    struct stage *s = *state;
    char words[200] = "";
    int64_t id = 0;
    for (int i = 0; i < MENTIONS_MAX; i++) {
        char insert[200];
        snprintf(insert, sizeof insert,
                 "INSERT INTO accounts (name, password_hash, created_at, seen_at) VALUES ('p%d', '', 1, 1)", i);
        stage_change(s, insert);
        snprintf(words + strlen(words), sizeof words - strlen(words), "@p%d ", i);
    }
    id = say(&s->minitel, words, NULL);
    assert_int_equal(stage_number(s, "SELECT count(*) FROM notices"), MENTIONS_MAX);
    /* others, when the words are changed: whoever was told stays told */
    assert_null(status_change(&s->minitel, id, &(struct status_typed){.content = "@potato"}));
    assert_int_equal(stage_number(s, "SELECT count(*) FROM notices"), MENTIONS_MAX);
}

static void a_mood_names_people_too(void **state)
{
    struct stage *s = *state;
    int64_t id = 0;
    assert_null(mood_publish(&s->minitel, &(struct mood_typed){.mood = "hungry", .note = "for @potato"}, &id));
    assert_int_equal(told(s, &s->potato), 1);
}

static void what_is_kept_is_found_again(void **state)
{
    struct stage *s = *state;
    const int64_t theirs = say(&s->minitel, "keep me", NULL);
    int64_t first = 0, second = 0;
    assert_null(kept_keep(&s->potato, status_named(s, theirs), &first));
    assert_null(kept_keep(&s->potato, status_named(s, theirs), &second));
    assert_int_equal(first, second);
    assert_int_equal(told(s, &s->minitel), 0);
    assert_fault(kept_keep(&s->potato, "statuses/999", &first), FAULT_WORDS, "post");
    assert_fault(kept_keep(&s->potato, "", &first), FAULT_WORDS, "post");
    assert_null(kept_let_go(&s->potato, status_named(s, theirs)));
    assert_null(kept_let_go(&s->potato, status_named(s, theirs)));
    assert_null(shun_set(&s->minitel, s->potato.account, "block", 0));
    assert_fault(kept_keep(&s->potato, status_named(s, theirs), &first), FAULT_WORDS, "post");
}

/* What pages show as links is what people are told of. */
static void links_begin_where_no_word_goes_on(void **state)
{
    static const char text[] =
        "@a b@c #d e#f (@G-) https://x.example/@h,@i http:// é@j &@k /@l @ http://1.example http://-x http://.x";
    static const char *const found[] = {"@a", "#d", "@G", "https://x.example/@h,@i", "http://1.example"};
    struct links links = {.at = text};
    struct link link;
    (void)state;
    for (size_t i = 0; i < sizeof found / sizeof *found; i++) {
        assert_true(links_next(&links, &link));
        assert_int_equal(link.size_bytes, strlen(found[i]));
        assert_memory_equal(link.at, found[i], link.size_bytes);
    }
    assert_false(links_next(&links, &link));
    assert_int_equal(*links.at, '\0');
    links = (struct links){.at = "a \xFF @b"};
    assert_false(links_next(&links, &link));
    assert_int_equal(*links.at, '\xFF');
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, stage_setup, stage_teardown)
    const struct CMUnitTest tests[] = {
        TEST(names_of_posts_are_read_and_written),
        TEST(an_answer_needs_something_that_takes_it),
        TEST(only_whose_post_it_is_takes_an_answer_off),
        TEST(everybody_is_told_once_and_in_time),
        TEST(one_post_tells_ten_people),
        TEST(a_mood_names_people_too),
        TEST(what_is_kept_is_found_again),
        cmocka_unit_test(links_begin_where_no_word_goes_on),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
