/* The table of routes, how paths find their line in it, and rate limits: app/routes.c, route.c, rate.c. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <stdio.h>
#include <string.h>

#include <sodium.h>

#include "app/posts/handlers.h"
#include "app/request/rate.h"
#include "app/routes.h"
#include "domain/name.h"

static void test_table(void **state)
{
    (void)state;
    for (int i = 0; i < route_count; i++) {
        const struct route *route = &routes[i];
        int is_read = route->methods == METHOD_GET || route->methods == METHOD_OTHER; /* OPTIONS */
        assert_non_null(route->handle);
        assert_int_equal(route->pattern[0], '/');
        assert_true(is_read || !(route->methods & (METHOD_GET | METHOD_OTHER)));
        assert_int_equal((route->flags & WRITES) != 0, !is_read);
        if (is_read) /* no body, nothing crushed */
            assert_true(!route->body_bytes && !(route->flags & CRUSHES));
        else /* limited by its own class, and kept by no cache */
            assert_true(route->rate != RATE_NONE && route->rate != RATE_READ && !(route->flags & CACHEABLE));
        assert_true(route->body_bytes <= 1000000);
        if (route->flags & (NO_SESSION | EMBEDDABLE)) /* nothing personal where nobody is known */
            assert_true(is_read && !(route->flags & (NEEDS_SIGN_IN | NEEDS_ADMIN | HAS_FORM)));
        if (route->flags & CACHEABLE)
            assert_true(!(route->flags & (NEEDS_SIGN_IN | NEEDS_ADMIN | HAS_FORM | SECRET_PATH | LOOPBACK)));
        assert_true(!(route->flags & SLOW) || !(route->flags & CRUSHES));
        if (route->flags & SHARED) /* the one form without a token leaves candidates, and publishes nothing */
            assert_true(route->handle == share_target_post && (route->flags & NEEDS_SIGN_IN));
        for (int j = 0; j < i; j++) /* no line hides another */
            assert_true(!(routes[j].methods & route->methods) || strcmp(routes[j].pattern, route->pattern));
    }
}

/* Nobody is called like the beginning of an address: of "/feed.atom" that is "feed". */
static void test_names(void **state)
{
    int words = 0;
    (void)state;
    for (int i = 0; i < route_count; i++) {
        char first[64], name[NAME_MAX_BYTES + 1];
        const char *segment = routes[i].pattern + 1;
        snprintf(first, sizeof first, "%.*s", (int)strcspn(segment, "/."), segment);
        if (account_name_fold(first, name) != 0) /* "/", "/~:name", "/.well-known": nobody can be called so */
            continue;
        words++;
        if (!name_is_reserved(name, "a site"))
            fail_msg("%s: domain/name.c has to reserve %s", routes[i].pattern, name);
    }
    assert_true(words > 100);
}

static struct app app;

static const struct route *find(struct request *req, enum method method, const char *path, unsigned *ret_allowed)
{
    arena_free(&req->arena);
    memset(req, 0, sizeof *req);
    app.routes = routes, app.route_count = route_count;
    req->app = &app;
    req->method = method;
    return route_find(req, path, ret_allowed);
}

/* A pattern with more names than there is room for is a mistake of ours, and must not write beyond. */
static void test_too_many_names(void **state)
{
    char pattern[100] = "", path[100] = "";
    struct request req = {0};
    unsigned allowed = 0;
    (void)state;
    for (int i = 0; i <= CAPTURES_MAX; i++) {
        snprintf(pattern + strlen(pattern), 10, "/:a%d", i);
        snprintf(path + strlen(path), 10, "/v%d", i);
        const struct route route = {.methods = METHOD_GET, .pattern = pattern};
        arena_free(&req.arena);
        memset(&req, 0, sizeof req);
        app.routes = &route, app.route_count = 1;
        req.app = &app;
        req.method = METHOD_GET;
        assert_ptr_equal(route_find(&req, path, &allowed), i < CAPTURES_MAX ? &route : NULL);
        assert_int_equal(req.capture_count, i < CAPTURES_MAX ? i + 1 : CAPTURES_MAX);
    }
    arena_free(&req.arena);
}

static void test_finding(void **state)
{
    struct request req = {0};
    unsigned allowed;
    const struct {
        const char *path, *pattern, *capture, *value;
        int wants_json;
    } cases[] = {
        {"/", "/", "", "", 0},
        {"/index.json", "/", "", "", 1},
        {"/p/12", "/p/:id", "id", "12", 0},
        {"/p/12.json", "/p/:id", "id", "12", 1},
        {"/~Bob", "/~:name", "name", "bob", 0},
        {"/~bob.json", "/~:name", "name", "bob", 1},
        {"/~bob/feed.json", "/~:name/feed.json", "name", "bob", 0},
        {"/~bob/style.css", "/~:name/style.css", "name", "bob", 0},
        {"/feed.json", "/feed.json", "", "", 0},
        {"/i/00ff.jpg", "/i/:hash.jpg", "hash", "00ff", 0},
        {"/tag/%C3%A4", "/tag/:tag", "tag", "\xc3\xa4", 0},
        {"/tag/a%2Fb", "/tag/:tag", "tag", "a/b", 0},
        {"/users/Bob/status.json", "/users/:name/status.json", "name", "bob", 0},
        {"/users/bob.atom", "/users/:name.atom", "name", "bob", 0},
        {"/p/x", NULL, "", "", 0},
        {"/p/", NULL, "", "", 0},
        {"/p/1234567890123456789", NULL, "", "", 0},
        {"/p/1/x", NULL, "", "", 0},
        {"/~bob%00", NULL, "", "", 0},
        {"/~toolongforanicknamehere", NULL, "", "", 0},
        {"/i/00FF.jpg", NULL, "", "", 0},
        {"/i/.jpg", NULL, "", "", 0},
        {"/tag/%0a", NULL, "", "", 0},
        {"/tag/%c3", NULL, "", "", 0},
        {"/../etc/passwd", NULL, "", "", 0},
        {"//", NULL, "", "", 0},
        {"", NULL, "", "", 0},
        {"p/1", NULL, "", "", 0},
    };
    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        const struct route *route = find(&req, METHOD_GET, cases[i].path, &allowed);
        if (!cases[i].pattern) {
            assert_null(route);
            continue;
        }
        assert_non_null(route);
        assert_string_equal(route->pattern, cases[i].pattern);
        assert_string_equal(request_capture(&req, cases[i].capture), cases[i].value);
        assert_int_equal(req.wants_json, cases[i].wants_json);
    }
    assert_null(find(&req, METHOD_DELETE, "/gallery", &allowed));
    assert_int_equal(allowed, METHOD_GET);
    assert_null(find(&req, METHOD_GET, "/nowhere", &allowed));
    assert_int_equal(allowed, 0);
    arena_free(&req.arena);
}

static struct config config; /* with the defaults */

static void test_rates(void **state)
{
    struct rates *rates = rates_open(config.rates);
    const struct rate_limit *limit = &config.rates[RATE_WRITE];
    unsigned char one[16] = {1}, two[16] = {2};
    int64_t now_ms = 1000000;
    (void)state;
    assert_non_null(rates);
    for (int i = 0; i < limit->burst; i++)
        assert_int_equal(rates_take(rates, RATE_WRITE, one, 0, now_ms), 0);
    int wait_s = rates_take(rates, RATE_WRITE, one, 0, now_ms);
    assert_int_equal(wait_s, (limit->refill_ms + 999) / 1000);
    assert_int_equal(rates_take(rates, RATE_WRITE, two, 0, now_ms), 0);
    assert_int_equal(rates_take(rates, RATE_SEARCH, one, 0, now_ms), 0);
    assert_int_equal(rates_take(rates, RATE_WRITE, one, 0, now_ms + limit->refill_ms), 0);
    assert_int_not_equal(rates_take(rates, RATE_WRITE, one, 0, now_ms + limit->refill_ms), 0);
    assert_int_equal(rates_take(rates, RATE_NONE, one, 0, now_ms), 0);
    rates_close(rates);
}

/* An account is limited across networks, and a refused request costs its network nothing. */
static void test_rates_of_accounts(void **state)
{
    struct rates *rates = rates_open(config.rates);
    const struct rate_limit *limit = &config.rates[RATE_WRITE];
    unsigned char network[16] = {0};
    int passed = 0;
    (void)state;
    for (int i = 0; i < 2 * limit->burst; i++) {
        network[0] = (unsigned char)i;
        passed += !rates_take(rates, RATE_WRITE, network, 7, 5000);
    }
    assert_int_equal(passed, limit->burst);
    network[0] = (unsigned char)(2 * limit->burst - 1);
    for (int i = 0; i < limit->burst; i++)
        assert_int_equal(rates_take(rates, RATE_WRITE, network, 8, 5000), 0);
    rates_close(rates);
}

/* However many strangers come, who has just been limited stays limited, and the table stays as large as it is. */
static void test_rates_are_bounded(void **state)
{
    struct rates *rates = rates_open(config.rates);
    unsigned char loud[16] = {9, 9, 9}, network[16] = {0};
    (void)state;
    for (int i = 0; i < config.rates[RATE_SIGN_IN].burst; i++)
        assert_int_equal(rates_take(rates, RATE_SIGN_IN, loud, 0, 5000), 0);
    for (int i = 0; i < 100000; i++) {
        memcpy(network, &i, sizeof i);
        network[8] = 1;
        (void)rates_take(rates, RATE_SIGN_IN, network, 0, 5000);
    }
    assert_int_not_equal(rates_take(rates, RATE_SIGN_IN, loud, 0, 5000), 0);
    rates_close(rates);
}

/* Guessing at a name is limited wherever it comes from; a browser that knows the name is not concerned by it. */
static void test_rates_of_guesses(void **state)
{
    struct rates *rates = rates_open(config.rates);
    unsigned char known[16] = {1}, other[16] = {2};
    (void)state;
    for (int i = 0; i < config.rates[RATE_GUESS].burst; i++)
        assert_int_equal(rates_take_guess(rates, "anna", NULL, 5000), 0);
    assert_int_not_equal(rates_take_guess(rates, "anna", NULL, 5000), 0);
    assert_int_equal(rates_take_guess(rates, "bert", NULL, 5000), 0);
    for (int i = 0; i < config.rates[RATE_GUESS].burst; i++)
        assert_int_equal(rates_take_guess(rates, "anna", known, 5000), 0);
    assert_int_not_equal(rates_take_guess(rates, "anna", known, 5000), 0);
    assert_int_equal(rates_take_guess(rates, "anna", other, 5000), 0);
    rates_close(rates);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_table),
        cmocka_unit_test(test_names),
        cmocka_unit_test(test_finding),
        cmocka_unit_test(test_too_many_names),
        cmocka_unit_test(test_rates),
        cmocka_unit_test(test_rates_of_accounts),
        cmocka_unit_test(test_rates_are_bounded),
        cmocka_unit_test(test_rates_of_guesses),
    };
    if (sodium_init() < 0)
        return 1;
    config_init(&config);
    return cmocka_run_group_tests_name("routes", tests, NULL, NULL);
}
