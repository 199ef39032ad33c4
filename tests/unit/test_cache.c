/* The cache of finished replies: when an entry counts, when it goes, and who holds a reference meanwhile. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <stdio.h>
#include <string.h>

#include "http/cache.h"
#include "http/reply.h"

/* Replies that only count: these stand in for those of reply.c. */
struct reply {
    int uses;
    size_t bytes;
};

void reply_keep(struct reply *reply)
{
    reply->uses++;
}

void reply_drop(struct reply *reply)
{
    reply->uses--;
}

size_t reply_bytes(const struct reply *reply)
{
    return reply->bytes;
}

static int is_kept(struct cache *cache, const char *key, uint64_t version, int64_t now_ms)
{
    struct reply *reply = cache_find(cache, key, version, now_ms);
    if (reply)
        reply_drop(reply);
    return reply != NULL;
}

static void an_entry_ends_with_its_time(void **state)
{
    struct cache *cache = cache_open(100000);
    struct reply page = {0, 10}, picture = {0, 10};
    (void)state;
    assert_non_null(cache);
    cache_add(cache, "page", 1, 1000, 500, &page);
    cache_add(cache, "picture", 1, 1000, 0, &picture);
    assert_ptr_equal(cache_find(cache, "page", 1, 1499), &page);
    assert_int_equal(page.uses, 2); /* the cache and the caller */
    assert_false(is_kept(cache, "page", 1, 1500));
    assert_int_equal(page.uses, 1);
    assert_false(is_kept(cache, "page", 1, 1499)); /* gone, not only hidden */
    assert_true(is_kept(cache, "picture", 1, INT64_MAX));
    assert_int_equal(picture.uses, 1);
    cache_close(cache);
    assert_int_equal(picture.uses, 0);
}

static void an_entry_ends_with_its_version(void **state)
{
    struct cache *cache = cache_open(100000);
    struct reply page = {0, 10}, newer = {0, 10};
    (void)state;
    cache_add(cache, "page", 7, 0, 500, &page);
    assert_true(is_kept(cache, "page", 7, 0));
    assert_false(is_kept(cache, "page", 8, 0));
    assert_false(is_kept(cache, "page", 7, 0));
    assert_int_equal(page.uses, 0);
    cache_add(cache, "page", 8, 0, 500, &page);
    cache_add(cache, "page", 9, 0, 500, &newer); /* replaces it */
    assert_int_equal(page.uses, 0);
    assert_ptr_equal(cache_find(cache, "page", 9, 0), &newer);
    cache_clear(cache);
    assert_int_equal(newer.uses, 1);
    assert_false(is_kept(cache, "page", 9, 0));
    cache_close(cache);
}

static void the_least_recently_used_goes_first(void **state)
{
    enum { ROOM = 80000, ENTRIES = 20 };
    struct cache *cache = cache_open(ROOM);
    struct reply replies[ENTRIES];
    char key[16];
    size_t kept = 0, kept_bytes = 0;
    (void)state;
    for (int i = 0; i < ENTRIES; i++) {
        replies[i] = (struct reply){0, 7500};
        snprintf(key, sizeof key, "%d", i);
        cache_add(cache, key, 1, 0, 0, &replies[i]);
        assert_true(is_kept(cache, "0", 1, 0)); /* used all the time, and so never the oldest */
        assert_true(is_kept(cache, key, 1, 0));
    }
    for (int i = 0; i < ENTRIES; i++) {
        kept += replies[i].uses == 1;
        kept_bytes += replies[i].uses == 1 ? replies[i].bytes : 0;
        assert_int_equal(replies[i].uses, i == 0 || i > ENTRIES - (int)10);
    }
    assert_int_equal(kept, 10); /* eleven would be over */
    assert_true(kept_bytes <= ROOM);
    struct reply large = {0, ROOM / 8 + 1};
    cache_add(cache, "large", 1, 0, 0, &large);
    assert_int_equal(large.uses, 0);
    cache_close(cache);
    for (int i = 0; i < ENTRIES; i++)
        assert_int_equal(replies[i].uses, 0);
}

static void long_keys_and_no_room_keep_nothing(void **state)
{
    struct cache *cache = cache_open(1000000), *none = cache_open(0);
    struct reply reply = {0, 10};
    char key[1100];
    (void)state;
    memset(key, 'k', sizeof key);
    key[1001] = 0;
    cache_add(cache, key, 1, 0, 0, &reply);
    assert_int_equal(reply.uses, 0);
    key[1000] = 0;
    cache_add(cache, key, 1, 0, 0, &reply);
    assert_true(is_kept(cache, key, 1, 0));
    cache_add(none, "key", 1, 0, 0, &reply);
    assert_false(is_kept(none, "key", 1, 0));
    cache_close(cache);
    cache_close(none);
    assert_int_equal(reply.uses, 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(an_entry_ends_with_its_time),
        cmocka_unit_test(an_entry_ends_with_its_version),
        cmocka_unit_test(the_least_recently_used_goes_first),
        cmocka_unit_test(long_keys_and_no_room_keep_nothing),
    };
    return cmocka_run_group_tests_name("cache", tests, NULL, NULL);
}
