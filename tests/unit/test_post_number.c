/* Posts as numbers and back, and timelines of all kinds paged by them: without a server. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "app/programs/asks.h"
#include "app/programs/post_list.h"
#include "app/request/fields.h"
#include "domain/mood.h"
#include "domain/status.h"
#include "stage.h"

static int64_t say(struct stage *s, const char *words)
{
    int64_t id = 0;
    assert_null(status_publish(&s->potato, &(struct status_typed){.content = words, .face = "🙂"}, &id));
    return id;
}

static int64_t feel(struct stage *s, const char *mood)
{
    int64_t id = 0;
    assert_null(mood_publish(&s->minitel, &(struct mood_typed){.mood = mood, .face = "🥱"}, &id));
    return id;
}

static void set_time(struct stage *s, const char *table, int64_t id, long long time)
{
    char sql[200];
    snprintf(sql, sizeof sql, "UPDATE %s SET created_at = %lld WHERE id = %lld", table, time, (long long)id);
    stage_change(s, sql);
}

static void test_order(void **state)
{
    (void)state;
    const int64_t then = 1800000000;
    /* time first, then the kind, then the id; the last second that fits stays below 2^53 */
    assert_true(post_number_make(&post_picture, 9999, then) < post_number_make(&post_picture, 1, then + 1));
    assert_true(post_number_make(&post_mood, 9999, then) < post_number_make(&post_picture, 1, then + 1));
    assert_true(post_number_make(&post_status, 7, then) < post_number_make(&post_status, 8, then));
    assert_true(post_number_make(&post_mood, 524287, 0xffffffff) < (int64_t)1 << 53);
    assert_int_equal(post_number_make(&post_mood, 3, INT64_MAX), post_number_make(&post_mood, 3, 0xffffffff));
    assert_int_equal(post_number_make(&post_mood, 3, -5), post_number_make(&post_mood, 3, 0));
    assert_true(post_number_make(&post_picture, 524288, -5) > 0);
    for (int i = 0; i < POST_KINDS; i++)
        for (int j = 0; j < i; j++)
            assert_true(post_number_make(post_kinds[i], 7, then) != post_number_make(post_kinds[j], 7, then));
}

static void test_read(void **state)
{
    static const char *const bad[] = {"",    "0", "-1", "+5", "1a", " 1", "9007199254740992", "99999999999999999999",
                                      "0x10"};
    (void)state;
    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++)
        assert_int_equal(post_number_read(bad[i], -7), -7);
    assert_int_equal(post_number_read("9007199254740991", -7), 9007199254740991);
    assert_int_equal(post_number_read("12", -7), 12);
}

static void test_back(void **state)
{
    struct stage *s = *state;
    const int64_t status = say(s, "one"), mood = feel(s, "sleepy");
    int64_t id = 0;
    const int64_t number = post_number_of(s->db, &post_status, status);
    assert_true(number > 0);
    assert_ptr_equal(post_number_find(s->db, number, &id), &post_status);
    assert_int_equal(id, status);
    assert_ptr_equal(post_number_find(s->db, post_number_of(s->db, &post_mood, mood), &id), &post_mood);
    assert_int_equal(id, mood);
    assert_string_equal(post_number_name(&s->arena, s->db, post_number_text(&s->arena, number)), "statuses/1");
    /* another second, another kind, no kind, nothing: none of them is a post */
    assert_null(post_number_find(s->db, number + ((int64_t)1 << 21), &id));
    assert_null(post_number_find(s->db, number & ~((int64_t)3 << POST_NUMBER_ID_BITS), &id));
    assert_null(post_number_find(s->db, 0, &id));
    assert_null(post_number_find(s->db, INT64_MAX, &id));
    assert_null(post_number_find(s->db, -1, &id));
    assert_int_equal(post_number_of(s->db, &post_status, status + 1), 0);
    assert_null(post_number_name(&s->arena, s->db, "12"));
    /* gone is gone */
    assert_null(status_remove(&s->potato, status));
    assert_null(post_number_find(s->db, number, &id));
}

/* More posts than the bits tell apart: the second decides. */
static void test_wrap(void **state)
{
    struct stage *s = *state;
    const int64_t low = say(s, "low"), far = low + ((int64_t)1 << POST_NUMBER_ID_BITS);
    char sql[200];
    int64_t id = 0;
    snprintf(sql, sizeof sql,
             "INSERT INTO statuses (id, account_id, content, created_at) VALUES (%lld, %lld, 'far', 1900000000)",
             (long long)far, (long long)s->potato.account);
    stage_change(s, sql);
    assert_ptr_equal(post_number_find(s->db, post_number_of(s->db, &post_status, far), &id), &post_status);
    assert_int_equal(id, far);
    assert_ptr_equal(post_number_find(s->db, post_number_of(s->db, &post_status, low), &id), &post_status);
    assert_int_equal(id, low);
}

static void test_cursor(void **state)
{
    struct stage *s = *state;
    int64_t ids[20];
    assert_int_equal(post_number_cursor(s->db, &post_status, 12345), INT64_MAX); /* none there */
    for (int i = 0; i < 20; i++) {
        ids[i] = say(s, "words");
        set_time(s, "statuses", ids[i], 1000 + 10 * i);
    }
    for (int i = 5; i < 9; i++) /* holes */
        assert_null(status_remove(&s->potato, ids[i]));
    for (int second = 990; second < 1210; second++) { /* as numbers of moods that were felt then */
        const int64_t number = post_number_make(&post_mood, 1, second);
        const int64_t cursor = post_number_cursor(s->db, &post_status, number);
        for (int i = 0; i < 20; i++)
            if (i < 5 || i >= 9)
                assert_int_equal(ids[i] < cursor, 1000 + 10 * i <= second);
    }
    assert_int_equal(post_number_cursor(s->db, &post_status, post_number_of(s->db, &post_status, ids[3])), ids[3]);
    assert_int_equal(post_number_cursor(s->db, &post_status, INT64_MAX), INT64_MAX);
}

static struct request *request_of(struct stage *s, struct request *req, struct app *app)
{
    memset(app, 0, sizeof *app);
    memset(req, 0, sizeof *req);
    app->store = s->store;
    req->app = app;
    req->viewer.account = s->potato.account;
    return req;
}

/* Each post once, whatever the size of a page, and in order of time. */
static void test_pages(void **state)
{
    struct stage *s = *state;
    struct request req;
    struct app app;
    enum { POSTS = 12 };
    int64_t times[POSTS];
    for (int i = 0; i < POSTS; i++) {
        times[i] = 5000 + i / 2; /* two of different kinds in a second */
        if (i % 3)
            set_time(s, "statuses", say(s, "words"), (long long)times[i]);
        else
            set_time(s, "moods", feel(s, "fine"), (long long)times[i]);
    }
    for (int limit = 1; limit <= POSTS + 1; limit++) {
        int64_t below = 0, seen = 0, last = INT64_MAX;
        for (;;) {
            json_t *page = post_list(request_of(s, &req, &app), &(struct post_list){.below = below, .limit = limit});
            assert_non_null(page);
            const size_t count = json_array_size(page);
            for (size_t i = 0; i < count; i++, seen++) {
                below = json_integer_value(json_object_get(json_array_get(page, i), "number"));
                assert_true(below < last);
                last = below;
            }
            /* the page next above its last is the page itself */
            if (count) {
                json_t *again = post_list(&req, &(struct post_list){.above = last - 1, .limit = 1, .is_from_above = 1});
                assert_int_equal(json_integer_value(json_object_get(json_array_get(again, 0), "number")), last);
                json_decref(again);
            }
            json_decref(page);
            request_release_db(&req);
            arena_free(&req.arena);
            if (!count)
                break;
        }
        assert_int_equal(seen, POSTS);
    }
    json_t *statuses =
        post_list(request_of(s, &req, &app), &(struct post_list){.kinds = LIST_STATUSES, .limit = 50, .skip = 2});
    assert_int_equal(json_array_size(statuses), 6);
    assert_string_equal(row_text(json_array_get(statuses, 0), "kind"), "status");
    json_decref(statuses);
    request_release_db(&req);
    arena_free(&req.arena);
}

/* 1 when it is refused; the JSON of a body, or a form in which it is one field. */
static const struct fault *ask(struct request *req, const char *name, const char *value, const char *json,
                               int *ret_is_direct)
{
    arena_free(&req->arena);
    json_decref(req->json);
    memset(req, 0, sizeof *req);
    req->json = json ? json_loads(json, 0, NULL) : NULL;
    if (name)
        assert_int_equal(fields_add(&req->arena, &req->form, name, strlen(name), value, strlen(value)), FIELDS_OK);
    return program_check_asks(req, ret_is_direct);
}

static void test_asks(void **state)
{
    struct request req = {0};
    int is_direct = 7;
    (void)state;
    static const char *const fine[][2] = {
        {"visibility", "public"}, {"visibility", ""}, {"scheduled_at", ""}, {"media_ids[]", "1"}, {"pollen", "x"}};
    static const char *const refused[][2] = {{"visibility", "private"}, {"visibility", "unlisted"},
                                             {"visibility", "mutuals"}, {"scheduled_at", "2030-01-01"},
                                             {"poll[options][]", "a"},  {"poll", "x"}};
    for (size_t i = 0; i < sizeof fine / sizeof fine[0]; i++) {
        assert_null(ask(&req, fine[i][0], fine[i][1], NULL, &is_direct));
        assert_int_equal(is_direct, 0);
    }
    for (size_t i = 0; i < sizeof refused / sizeof refused[0]; i++) {
        is_direct = 7;
        assert_fault(ask(&req, refused[i][0], refused[i][1], NULL, &is_direct), FAULT_WORDS,
                     (i < 3    ? "visibility"
                      : i == 3 ? "scheduled_at"
                               : "poll"));
        assert_int_equal(is_direct, 7);
    }
    assert_null(ask(&req, "visibility", "direct", NULL, &is_direct));
    assert_int_equal(is_direct, 1);
    assert_null(ask(&req, NULL, NULL, "{\"poll\": null, \"scheduled_at\": null}", &is_direct));
    assert_fault(ask(&req, NULL, NULL, "{\"poll\": {\"options\": [\"a\"]}}", &is_direct), FAULT_WORDS, "poll");
    assert_fault(ask(&req, NULL, NULL, "{\"poll\": [\"a\"]}", &is_direct), FAULT_WORDS, "poll");
    assert_null(ask(&req, "media_ids", "1", NULL, &is_direct));
    assert_int_equal(fields_add(&req.arena, &req.form, "media_ids", 9, "2", 1), FIELDS_OK);
    assert_fault(program_check_asks(&req, &is_direct), FAULT_WORDS, "media_ids");
    arena_free(&req.arena);
    json_decref(req.json);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_order),
        cmocka_unit_test(test_read),
        cmocka_unit_test_setup_teardown(test_back, stage_setup, stage_teardown),
        cmocka_unit_test_setup_teardown(test_wrap, stage_setup, stage_teardown),
        cmocka_unit_test_setup_teardown(test_cursor, stage_setup, stage_teardown),
        cmocka_unit_test_setup_teardown(test_pages, stage_setup, stage_teardown),
        cmocka_unit_test(test_asks),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
