/* Reports, decisions, appeals, words, settings and mutes without a server: what each needs before it is done. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <stdio.h>
#include <string.h>

#include "base/clock.h"
#include "domain/appeal.h"
#include "domain/blocked_word.h"
#include "domain/decision.h"
#include "domain/report.h"
#include "domain/setting.h"
#include "domain/shun.h"
#include "stage.h"

static size_t rows(struct stage *s, json_t *list)
{
    size_t count = json_array_size(list);
    (void)s;
    json_decref(list);
    return count;
}

static void a_report_has_a_reason(void **state)
{
    struct stage *s = *state;
    static const unsigned char network[16] = {1};
    char note[COMPLAINT_MAX + 2] = "";
    const int64_t who = s->minitel.account;
    assert_fault(report_make(&s->potato, network, "person", who, &(struct report_typed){"", "x"}), FAULT_WORDS,
                 "reason");
    assert_fault(report_make(&s->potato, network, "person", who, &(struct report_typed){"boring", NULL}), FAULT_WORDS,
                 "reason");
    memset(note, 'a', COMPLAINT_MAX + 1);
    const struct fault *fault = report_make(&s->potato, network, "person", who, &(struct report_typed){"spam", note});
    assert_fault(fault, FAULT_WORDS, "note");
    assert_int_equal(fault->limit, COMPLAINT_MAX);
    note[COMPLAINT_MAX] = '\0';
    assert_fault(report_make(&s->potato, network, "person", 12345, &(struct report_typed){"spam", ""}), FAULT_NOT_FOUND,
                 NULL);
    assert_int_equal(db_number(s->db, QUERY_REPORT_COUNT, 0), 0);
    for (int i = 0; i < REPORT_REASONS; i++)
        assert_null(
            report_make(&s->potato, network, "person", who, &(struct report_typed){report_reasons[i].name, note}));
    assert_int_equal(db_number(s->db, QUERY_REPORT_COUNT, 0), 1);
}

static const struct fault *decide(struct stage *s, const char *action, const char *kind, const char *reason,
                                  const char *days)
{
    int is_again;
    return decision_take(&s->minitel, &(struct decision_typed){action, kind, s->potato.account, reason, days},
                         &is_again);
}

static int64_t suspended_until(struct stage *s)
{
    json_t *row = db_row(s->db, QUERY_STANDING_OF, s->potato.account);
    const int64_t until_s = json_integer_value(json_object_get(row, "suspended_until"));
    json_decref(row);
    return until_s;
}

static void a_harsh_decision_says_why(void **state)
{
    struct stage *s = *state;
    static const char *const harsh[] = {"warn", "mute", "suspend", "ban"};
    char reason[REASON_MAX + 2] = "";
    for (size_t i = 0; i < sizeof harsh / sizeof harsh[0]; i++)
        assert_fault(decide(s, harsh[i], "person", " ", ""), FAULT_WORDS, "reason");
    static const char *const harsh_on_posts[] = {"hide", "delete", "block"};
    for (size_t i = 0; i < sizeof harsh_on_posts / sizeof harsh_on_posts[0]; i++)
        assert_fault(decide(s, harsh_on_posts[i], "picture", " ", ""), FAULT_WORDS, "reason");
    assert_fault(decide(s, "eat", "person", "hungry", ""), FAULT_WORDS, "action");
    assert_fault(decide(s, "hide", "person", "no post", ""), FAULT_WORDS, "action");
    memset(reason, 'a', REASON_MAX + 1);
    assert_fault(decide(s, "warn", "person", reason, ""), FAULT_WORDS, "reason");
    reason[REASON_MAX] = '\0';
    assert_null(decide(s, "warn", "person", reason, ""));
    assert_null(decide(s, "trust", "person", "", NULL));
    assert_null(decide(s, "dismiss", "person", NULL, ""));
    const struct decision_typed on_admin = {"ban", "person", s->minitel.account, "me", ""};
    const struct decision_typed on_nobody = {"warn", "person", 12345, "x", ""};
    int is_again;
    assert_fault(decision_take(&s->minitel, &on_admin, &is_again), FAULT_WORDS, "action");
    assert_fault(decision_take(&s->minitel, &on_nobody, &is_again), FAULT_NOT_FOUND, NULL);
}

static void a_suspension_has_an_end(void **state)
{
    struct stage *s = *state;
    char days[16];
    const int64_t now_s = clock_now_s();
    const struct {
        const char *typed;
        int64_t days;
    } cases[] = {{"", 7}, {"nonsense", 7}, {"-3", 7}, {"0", 7}, {"1", 1}, {"3650", 3650}};
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        assert_null(decide(s, "suspend", "person", "x", cases[i].typed));
        const int64_t after_s = suspended_until(s) - now_s - cases[i].days * 86400;
        assert_true(after_s >= 0 && after_s < 3600);
    }
    snprintf(days, sizeof days, "%d", SUSPEND_MAX_DAYS + 1);
    const struct fault *fault = decide(s, "suspend", "person", "x", days);
    assert_fault(fault, FAULT_WORDS, "days");
    assert_int_equal(fault->limit, SUSPEND_MAX_DAYS);
}

static void a_branch_is_cut_with_open_eyes(void **state)
{
    struct stage *s = *state;
    int count = 0, is_again = 0;
    struct decision_typed cut = {"ban", "person", s->potato.account, "x", ""};
    assert_fault(decision_take_branch(&s->minitel, &cut, 0, &count, &is_again), FAULT_WORDS, "sure");
    cut.reason = "";
    assert_fault(decision_take_branch(&s->minitel, &cut, 1, &count, &is_again), FAULT_WORDS, "reason");
    cut.reason = "x", cut.action = "warn";
    assert_fault(decision_take_branch(&s->minitel, &cut, 1, &count, &is_again), FAULT_WORDS, "action");
    cut.action = "suspend", cut.days = "3651";
    assert_fault(decision_take_branch(&s->minitel, &cut, 1, &count, &is_again), FAULT_WORDS, "days");
    cut.action = "ban", cut.days = "";
    assert_null(decision_take_branch(&s->minitel, &cut, 1, &count, &is_again));
    assert_int_equal(count, 1);
    assert_false(is_again);
}

static size_t told(struct stage *s)
{
    const int64_t most = 99;
    return rows(s, db_rows(s->db, QUERY_DECISIONS_OF, s->potato.account, INT64_MAX, most));
}

static size_t logged(struct stage *s)
{
    const int64_t most = 99;
    return rows(s, db_rows(s->db, QUERY_AUDIT, INT64_MAX, most));
}

/* A double click, a reload, the way back: one line for the person, one in the log. */
static void what_is_sent_twice_is_decided_once(void **state)
{
    struct stage *s = *state;
    struct actor form = s->minitel;
    struct decision_typed typed = {"warn", "person", s->potato.account, "be kind", ""};
    int is_again = 1, count = 0;
    form.key = "a key";
    assert_null(decision_take(&form, &typed, &is_again));
    assert_false(is_again);
    assert_null(decision_take(&form, &typed, &is_again));
    assert_true(is_again);
    assert_int_equal(told(s), 1);
    assert_int_equal(logged(s), 1);
    /* other words from the same page are another decision, and so are the same ones from a new page */
    typed.reason = "be kinder";
    assert_null(decision_take(&form, &typed, &is_again));
    assert_false(is_again);
    form.key = "another key";
    assert_null(decision_take(&form, &typed, &is_again));
    assert_false(is_again);
    assert_int_equal(told(s), 3);
    typed.action = "suspend", typed.days = "3";
    assert_null(decision_take(&form, &typed, &is_again));
    typed.days = "4";
    assert_null(decision_take(&form, &typed, &is_again));
    assert_false(is_again);
    assert_int_equal(told(s), 5);
    typed.action = "ban", typed.days = "";
    for (int i = 0; i < 2; i++) {
        count = 0;
        assert_null(decision_take_branch(&form, &typed, 1, &count, &is_again));
        assert_int_equal(count, 1);
        assert_int_equal(is_again, i);
    }
    assert_int_equal(told(s), 6);
    assert_int_equal(logged(s), 6);
}

static void what_is_so_already_is_no_line_in_the_log(void **state)
{
    struct stage *s = *state;
    const struct actor *admin = &s->minitel;
    for (int i = 0; i < 2; i++) {
        assert_null(setting_new_accounts(admin, "quota", "500", ""));
        assert_int_equal(logged(s), 2);
    }
    assert_null(setting_new_accounts(admin, "review", "500", ""));
    assert_int_equal(logged(s), 3);
    for (int i = 0; i < 2; i++) {
        assert_null(setting_quota_of(admin, s->potato.account, "5"));
        assert_int_equal(logged(s), 4);
    }
    for (int i = 0; i < 2; i++) {
        assert_null(setting_quota_of(admin, s->potato.account, ""));
        assert_int_equal(logged(s), 5);
    }
    for (int i = 0; i < 2; i++) {
        assert_null(blocked_words_add(admin, "casino\nCASINO", "hold"));
        assert_int_equal(logged(s), 6);
    }
    assert_null(blocked_words_add(admin, "casino", "mask"));
    assert_int_equal(logged(s), 7);
}

static int has_open_appeal(struct stage *s, int64_t account)
{
    json_t *row = db_row(s->db, QUERY_STANDING_OF, account);
    const int has = json_is_true(json_object_get(row, "has_open_appeal"));
    json_decref(row);
    return has;
}

static void one_appeal_at_a_time(void **state)
{
    struct stage *s = *state;
    struct actor form = s->potato;
    char words[APPEAL_MAX + 2] = "";
    form.key = "a key";
    assert_null(decide(s, "warn", "person", "x", ""));
    assert_fault(appeal_make(&form, " \n"), FAULT_WORDS, "words");
    memset(words, 'a', APPEAL_MAX + 1);
    assert_fault(appeal_make(&form, words), FAULT_WORDS, "words");
    words[APPEAL_MAX] = '\0';
    assert_null(appeal_make(&form, words));
    assert_null(appeal_make(&form, words)); /* the same one, sent twice */
    assert_fault(appeal_make(&form, "and another thing"), FAULT_TAKEN, NULL);
    json_t *open = db_rows(s->db, QUERY_APPEALS, (int64_t)9);
    assert_int_equal(json_array_size(open), 1);
    assert_true(has_open_appeal(s, s->potato.account));
    assert_false(has_open_appeal(s, s->minitel.account));
    const int64_t id = json_integer_value(json_object_get(json_array_get(open, 0), "id"));
    json_decref(open);
    assert_fault(appeal_settle(&s->minitel, id, " ", 1), FAULT_WORDS, "answer");
    assert_fault(appeal_settle(&s->minitel, id + 1, "yes", 1), FAULT_NOT_FOUND, NULL);
    struct actor desk = s->minitel;
    desk.key = "a key";
    assert_null(appeal_settle(&desk, id, "yes", 1));
    assert_null(appeal_settle(&desk, id, "yes", 1)); /* the same one, sent twice */
    assert_fault(appeal_settle(&desk, id, "no", 1), FAULT_NOT_FOUND, NULL);
    assert_false(has_open_appeal(s, s->potato.account));
    assert_fault(appeal_settle(&s->minitel, id, "yes", 1), FAULT_NOT_FOUND, NULL);
    assert_null(appeal_make(&s->potato, "once more"));
}

static void words_come_together_or_not_at_all(void **state)
{
    struct stage *s = *state;
    const int64_t first = 0, most = 9;
    assert_fault(blocked_words_add(&s->minitel, "casino", "eat"), FAULT_WORDS, "action");
    assert_fault(blocked_words_add(&s->minitel, "\xFF", "mask"), FAULT_WORDS, "action");
    assert_fault(blocked_words_add(&s->minitel, "\r\n\n", "mask"), FAULT_WORDS, "words");
    assert_fault(blocked_words_add(&s->minitel, "casino\n***", "mask"), FAULT_WORDS, "words");
    assert_int_equal(rows(s, db_rows(s->db, QUERY_BLOCKED_WORDS, first, most)), 0);
    assert_null(blocked_words_add(&s->minitel, "casino\r\n\r\nhoc*", "hold"));
    json_t *list = db_rows(s->db, QUERY_BLOCKED_WORDS, first, most);
    assert_int_equal(json_array_size(list), 2);
    const int64_t id = json_integer_value(json_object_get(json_array_get(list, 0), "id"));
    json_decref(list);
    struct actor form = s->minitel;
    form.key = "a key";
    assert_null(blocked_word_remove(&form, id));
    assert_null(blocked_word_remove(&form, id)); /* the same one, sent twice */
    assert_fault(blocked_word_remove(&s->minitel, id), FAULT_NOT_FOUND, NULL);
    char many[2 * BLOCKED_WORDS_AT_ONCE + 4] = "";
    for (int i = 0; i <= BLOCKED_WORDS_AT_ONCE; i++)
        memcpy(many + 2 * i, "a\n", 3);
    assert_fault(blocked_words_add(&s->minitel, many, "mask"), FAULT_WORDS, "words");
    many[2 * BLOCKED_WORDS_AT_ONCE] = '\0';
    assert_null(blocked_words_add(&s->minitel, many, "mask"));
}

static void settings_are_numbers(void **state)
{
    struct stage *s = *state;
    const struct actor *admin = &s->minitel;
    static const char *const bad[] = {"", "0", "-1", "x", "1x", "1000001"};
    assert_fault(setting_new_accounts(admin, "paid", "500", ""), FAULT_WORDS, "new_accounts");
    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++)
        assert_fault(setting_new_accounts(admin, "quota", bad[i], ""), FAULT_WORDS, "new_quota_kb");
    for (size_t i = 2; i < sizeof bad / sizeof bad[0]; i++)
        assert_fault(setting_new_accounts(admin, "quota", "1", bad[i]), FAULT_WORDS, "name_rest_days");
    assert_true(json_is_null(db_row(s->db, QUERY_SETTING, "new_accounts")));
    assert_null(setting_new_accounts(admin, "quota", "1", ""));
    assert_int_equal(db_number(s->db, QUERY_NAME_REST_DAYS, -1, (int64_t)365), 365);
    assert_null(setting_new_accounts(admin, "review", "1000000", "0"));
    assert_int_equal(db_number(s->db, QUERY_NAME_REST_DAYS, -1, (int64_t)365), 0);
    json_t *row = db_row(s->db, QUERY_SETTING, "new_quota_bytes");
    assert_string_equal(json_string_value(json_object_get(row, "value")), "1000000000");
    json_decref(row);
    assert_null(setting_quota_of(admin, s->potato.account, "1"));
    assert_null(setting_quota_of(admin, s->potato.account, "100000"));
    assert_null(setting_quota_of(admin, s->potato.account, ""));
    assert_fault(setting_quota_of(admin, s->potato.account, "0"), FAULT_WORDS, "megabytes");
    assert_fault(setting_quota_of(admin, s->potato.account, "100001"), FAULT_WORDS, "megabytes");
    assert_fault(setting_quota_of(admin, 12345, "1"), FAULT_NOT_FOUND, NULL);
}

static void who_does_not_see_whom(void **state)
{
    struct stage *s = *state;
    int64_t other = 0;
    assert_fault(shun_find(&s->potato, "nobody", &other), FAULT_NOT_FOUND, NULL);
    assert_fault(shun_find(&s->potato, "potato", &other), FAULT_WORDS, "name");
    assert_null(shun_find(&s->potato, "minitel", &other));
    assert_int_equal(other, s->minitel.account);
    assert_fault(shun_set(&s->potato, other, "hate", 0), FAULT_WORDS, "kind");
    assert_null(shun_set(&s->potato, other, "mute", 1)); /* nothing to take back, and that is what was wanted */
    assert_null(shun_set(&s->potato, other, "block", 0));
    assert_null(shun_set(&s->potato, other, "block", 0));
    assert_null(shun_find(&s->potato, "minitel", &other)); /* who blocks finds the way back */
    assert_fault(shun_find(&s->minitel, "potato", &other), FAULT_NOT_FOUND, NULL);
    assert_null(shun_set(&s->potato, s->minitel.account, "block", 1));
    assert_null(shun_find(&s->minitel, "potato", &other));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(a_report_has_a_reason, stage_setup, stage_teardown),
        cmocka_unit_test_setup_teardown(a_harsh_decision_says_why, stage_setup, stage_teardown),
        cmocka_unit_test_setup_teardown(a_suspension_has_an_end, stage_setup, stage_teardown),
        cmocka_unit_test_setup_teardown(a_branch_is_cut_with_open_eyes, stage_setup, stage_teardown),
        cmocka_unit_test_setup_teardown(what_is_sent_twice_is_decided_once, stage_setup, stage_teardown),
        cmocka_unit_test_setup_teardown(what_is_so_already_is_no_line_in_the_log, stage_setup, stage_teardown),
        cmocka_unit_test_setup_teardown(one_appeal_at_a_time, stage_setup, stage_teardown),
        cmocka_unit_test_setup_teardown(words_come_together_or_not_at_all, stage_setup, stage_teardown),
        cmocka_unit_test_setup_teardown(settings_are_numbers, stage_setup, stage_teardown),
        cmocka_unit_test_setup_teardown(who_does_not_see_whom, stage_setup, stage_teardown),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
