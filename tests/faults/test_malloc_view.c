/*
 * Badges, buttons and cards with every single allocation failing in turn, each in a process of its own: a failure that
 * is said, or the end by abort() that a buffer without memory is meant to have (base/buf.c); never a crash, never a
 * picture that is said to be drawn and is none.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include "failing_malloc.h"
#include "view/badge.h"

/* More than a card has lines for. */
#define WORDS_100 "a second thing, and a third that takes more than a line, and a fourth, and so on until nobody reads "
#define WORDS     WORDS_100 WORDS_100 WORDS_100 WORDS_100 WORDS_100 WORDS_100

/* Draws into gif; what the function said. */
typedef int action(struct buf *gif);

static int draw_badge(struct buf *gif)
{
    const struct badge_colours colours = {.fg_rgb = 0x1A1825, .bg_rgb = 0xFFFFFF};
    return badge_draw("sleepy", &colours, gif);
}

static int draw_button(struct buf *gif)
{
    return button_draw("potato", "sleepy", "a status in more than one picture of a button", BUTTON_CANDY, gif);
}

static int draw_card(struct buf *gif)
{
    const struct card_item items[] = {{"potato", "now", "hello"}, {"", "", WORDS}};
    const struct card_look look = {.fg_rgb = 0x1A1825, .bg_rgb = 0xFFFFFF, .link_rgb = 0x4A28F0, .scale = 1};
    return card_draw(items, 2, &look, gif);
}

static int is_picture(const struct buf *gif)
{
    return gif->size_bytes > 14 && memcmp(gif->data, "GIF89a", 6) == 0 && gif->data[gif->size_bytes - 1] == ';';
}

enum { SAID, DRAWN, WRONG };

static int attempt(action *act, long nth, int all_after)
{
    struct buf gif = {0};
    malloc_fail_at(nth, all_after);
    int rc = act(&gif);
    malloc_recover(NULL);
    return rc != 0 ? SAID : is_picture(&gif) ? DRAWN : WRONG;
}

static void fail_each(const char *name, action *act)
{
    struct buf gif = {0};
    malloc_fail_at(0, 0);
    assert_int_equal(act(&gif), 0);
    const long total = malloc_recover(NULL);
    assert_true(total > 0 && is_picture(&gif));
    int said = 0;
    for (int all_after = 0; all_after < 2; all_after++)
        for (long nth = 1; nth <= total; nth++) {
            int ended;
            pid_t child = fork();
            if (child == 0) {
                (void)!setrlimit(RLIMIT_CORE, &(struct rlimit){0, 0});
                close(STDERR_FILENO); /* it would say so, a hundred times */
                signal(SIGABRT, SIG_DFL);
                signal(SIGSEGV, SIG_DFL);
                _exit(attempt(act, nth, all_after));
            }
            assert_int_equal(waitpid(child, &ended, 0), child);
            const int is_abort = WIFSIGNALED(ended) && WTERMSIG(ended) == SIGABRT;
            if (!is_abort && (!WIFEXITED(ended) || WEXITSTATUS(ended) == WRONG))
                fail_msg("%s: allocation %ld of %ld: ended with %x", name, nth, total, (unsigned)ended);
            said += WIFEXITED(ended) && WEXITSTATUS(ended) == SAID;
        }
    assert_true(said > 0);
    assert_int_equal(act(&gif), 0);
    buf_free(&gif);
}

static void badge(void **state)
{
    (void)state;
    fail_each("badge", draw_badge);
}

static void button(void **state)
{
    (void)state;
    fail_each("button", draw_button);
}

static void card(void **state)
{
    (void)state;
    fail_each("card", draw_card);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(badge), cmocka_unit_test(button), cmocka_unit_test(card)};
    return cmocka_run_group_tests_name("malloc view", tests, NULL, NULL);
}
