/* Arenas: the same bytes with and without, from picture to picture and from thread to thread, and what lies where. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <pthread.h>
#include <stdlib.h>
#include <string.h>

#include "crush.h"
#include "crush/pixels/scratch.h"
#include "picture_bytes.h"

enum { PICTURES = 10, SMALL_BYTES = 100000, LARGE_BYTES = 8 << 20 };

/* Pictures of many sizes and formats, among them one that is cut off, one damaged beyond use, and none at all. */
static void pictures_make(struct bytes pictures[PICTURES])
{
    static const struct png_spec rgb = {.colour_type = 2, .depth = 8},
                                 interlaced = {.colour_type = 6, .depth = 8, .interlaced = 1};
    pictures[0] = picture_jpeg(500, 300, (struct jpeg_spec){.channels = 3, .h = 2, .v = 2});
    pictures[1] = picture_jpeg(40, 30, (struct jpeg_spec){.channels = 3, .h = 2, .v = 2, .orientation = 6});
    pictures[2] = picture_jpeg(400, 300, (struct jpeg_spec){.channels = 3, .h = 1, .v = 1, .progressive = 1});
    pictures[3] = picture_png(200, 150, rgb);
    pictures[4] = picture_jpeg(500, 300, (struct jpeg_spec){.channels = 3, .h = 2, .v = 2});
    pictures[4].size /= 2;
    pictures[5] = picture_png(120, 90, interlaced);
    pictures[6] = picture_webp(150, 100, 0, 1);
    pictures[7] = picture_gif(200, 150, 0, 0, 200, 150, 1);
    pictures[8] = picture_jpeg(64, 64, (struct jpeg_spec){.channels = 1, .h = 1, .v = 1});
    pictures[8].size = 150;
    pictures[9] = picture_jpeg(700, 500, (struct jpeg_spec){.channels = 4, .h = 1, .v = 1});
}

static void pictures_free(struct bytes pictures[PICTURES])
{
    for (int i = 0; i < PICTURES; i++)
        free(pictures[i].data);
}

/* Within a budget or at a quality; a picture that cannot be opened gives no bytes. */
static crush_result crushed(const struct bytes *picture, int with_budget)
{
    crush_picture *opened = NULL;
    crush_result result = {0};
    crush_encode_options options;
    crush_encode_options_init(&options);
    if (!with_budget) {
        options.budget_bytes = 0;
        options.quality = 20;
        options.allow_rewrite = 0;
    }
    if (crush_open(picture->data, picture->size, NULL, &opened, NULL) != CRUSH_OK)
        return result;
    if (crush_encode(opened, &options, &result, NULL) != CRUSH_OK)
        memset(&result, 0, sizeof result);
    crush_close(opened);
    return result;
}

struct expected {
    struct bytes pictures[PICTURES];
    crush_result results[PICTURES][2];
};

static void expected_make(struct expected *expected)
{
    pictures_make(expected->pictures);
    for (int i = 0; i < PICTURES; i++)
        for (int budget = 0; budget < 2; budget++)
            expected->results[i][budget] = crushed(&expected->pictures[i], budget);
    assert_non_null(expected->results[0][0].data);
    assert_non_null(expected->results[4][1].data); /* what is cut off is crushed as far as it goes */
    assert_null(expected->results[8][0].data);
}

static void expected_free(struct expected *expected)
{
    for (int i = 0; i < PICTURES; i++)
        for (int budget = 0; budget < 2; budget++)
            crush_result_clear(&expected->results[i][budget]);
    pictures_free(expected->pictures);
}

/* Crushes all of them in the thread's arena, in an order of its own; the number that came out otherwise. */
static int differing(const struct expected *expected, int first)
{
    int differ = 0;
    for (int n = 0; n < 2 * PICTURES; n++) {
        const int i = (first + 3 * n) % PICTURES, budget = n / PICTURES;
        const crush_result *want = &expected->results[i][budget];
        crush_result found = crushed(&expected->pictures[i], budget);
        differ += found.size_bytes != want->size_bytes ||
                  (want->data && memcmp(found.data, want->data, want->size_bytes) != 0);
        crush_result_clear(&found);
    }
    return differ;
}

static void results_are_the_same_bytes(void **state)
{
    (void)state;
    static const size_t sizes[] = {0, SMALL_BYTES, 1 << 20};
    struct expected expected;
    expected_make(&expected);
    for (size_t s = 0; s < sizeof sizes / sizeof *sizes; s++) {
        crush_arena *arena = NULL;
        assert_int_equal(crush_arena_open(NULL, sizes[s], &arena, NULL), CRUSH_OK);
        crush_arena_use(arena);
        for (int round = 0; round < 2; round++)
            assert_int_equal(differing(&expected, round), 0);
        crush_arena_close(arena);
        assert_int_equal(differing(&expected, 5), 0); /* and without it again */
    }
    expected_free(&expected);
}

/* The last byte of memory that is not as it was filled, and one; 0: nothing was touched. */
static size_t touched_bytes(const uint8_t *memory, size_t size)
{
    while (size && memory[size - 1] == 0xA5)
        size--;
    return size;
}

static void a_second_round_touches_no_more_memory(void **state)
{
    (void)state;
    struct expected expected;
    crush_arena *arena = NULL;
    uint8_t *memory = malloc(LARGE_BYTES + 2), *inner = memory + 1;
    assert_non_null(memory);
    expected_make(&expected);
    memset(memory, 0xA5, LARGE_BYTES + 2);
    assert_int_equal(crush_arena_open(inner, LARGE_BYTES, &arena, NULL), CRUSH_OK);
    assert_int_equal(differing(&expected, 0), 0);
    crush_arena_close(arena); /* until then what is not in use is hidden from readers, where the sanitizer is */
    assert_int_equal(touched_bytes(memory, LARGE_BYTES + 2), 0);
    assert_int_equal(crush_arena_open(inner, LARGE_BYTES, &arena, NULL), CRUSH_OK);
    crush_arena_use(arena);
    assert_int_equal(differing(&expected, 0), 0);
    crush_arena_use(NULL);
    crush_arena_close(arena);
    const size_t once = touched_bytes(memory, LARGE_BYTES + 2);
    assert_in_range(once, 1 << 18, LARGE_BYTES + 1);
    memset(memory, 0xA5, LARGE_BYTES + 2);
    assert_int_equal(crush_arena_open(inner, LARGE_BYTES, &arena, NULL), CRUSH_OK);
    crush_arena_use(arena);
    for (int round = 0; round < 2; round++)
        assert_int_equal(differing(&expected, 0), 0);
    crush_arena_close(arena);
    assert_in_range(touched_bytes(memory, LARGE_BYTES + 2), 1 << 18, once + once / 8);
    assert_int_equal(memory[0], 0xA5);
    free(memory);
    expected_free(&expected);
}

/* ---- Lives --------------------------------------------------------------------------------------- */

static void *closes(void *picture)
{
    crush_close(picture);
    return NULL;
}

static void pictures_outlive_an_arena(void **state)
{
    (void)state;
    struct expected expected;
    crush_arena *arena = NULL;
    crush_picture *picture = NULL, *other = NULL;
    crush_result result = {0};
    crush_encode_options options;
    pthread_t thread;
    expected_make(&expected);
    crush_encode_options_init(&options);
    assert_int_equal(crush_arena_open(NULL, 0, &arena, NULL), CRUSH_OK);
    crush_arena_use(arena);
    assert_int_equal(crush_open(expected.pictures[0].data, expected.pictures[0].size, NULL, &picture, NULL), CRUSH_OK);
    assert_int_equal(crush_open(expected.pictures[3].data, expected.pictures[3].size, NULL, &other, NULL), CRUSH_OK);
    crush_arena_close(arena);
    assert_int_equal(crush_encode(picture, &options, &result, NULL), CRUSH_OK);
    assert_int_equal(result.size_bytes, expected.results[0][1].size_bytes);
    assert_memory_equal(result.data, expected.results[0][1].data, result.size_bytes);
    assert_int_equal(pthread_create(&thread, NULL, closes, picture), 0);
    assert_int_equal(pthread_join(thread, NULL), 0);
    crush_close(other);
    crush_result_clear(&result);
    expected_free(&expected);
}

struct worker {
    const struct expected *expected;
    crush_arena *arena;
    int first, differ;
};

static void *works(void *context)
{
    struct worker *worker = context;
    crush_arena_use(worker->arena);
    worker->differ = differing(worker->expected, worker->first);
    return NULL;
}

static void two_threads(const struct expected *expected, crush_arena *one, crush_arena *two)
{
    struct worker workers[2] = {{expected, one, 0, 0}, {expected, two, 4, 0}};
    pthread_t threads[2];
    for (int i = 0; i < 2; i++)
        assert_int_equal(pthread_create(&threads[i], NULL, works, &workers[i]), 0);
    for (int i = 0; i < 2; i++)
        assert_int_equal(pthread_join(threads[i], NULL), 0);
    assert_int_equal(workers[0].differ + workers[1].differ, 0);
}

static void threads_have_one_each_or_one_together(void **state)
{
    (void)state;
    struct expected expected;
    crush_arena *one = NULL, *two = NULL;
    expected_make(&expected);
    assert_int_equal(crush_arena_open(NULL, 0, &one, NULL), CRUSH_OK);
    assert_int_equal(crush_arena_open(NULL, 1 << 20, &two, NULL), CRUSH_OK);
    two_threads(&expected, one, two);
    two_threads(&expected, two, two);
    crush_arena_close(one);
    crush_arena_close(two);
    expected_free(&expected);
}

static void what_is_no_arena_is_refused(void **state)
{
    (void)state;
    crush_arena *arena = NULL;
    crush_error error = {0};
    char memory[32];
    assert_int_equal(crush_arena_open(memory, sizeof memory, &arena, &error), CRUSH_EINVAL);
    assert_int_equal(error.status, CRUSH_EINVAL);
    assert_null(arena);
    assert_int_equal(crush_arena_open(NULL, SIZE_MAX / 2, &arena, &error), CRUSH_ENOMEM);
    assert_int_equal(crush_arena_open(memory, 0, &arena, NULL), CRUSH_EINVAL);
    assert_null(arena);
    crush_arena_close(NULL);
    crush_arena_use(NULL);
}

/* ---- Blocks -------------------------------------------------------------------------------------- */

static void blocks_lie_apart_and_keep_what_they_hold(void **state)
{
    (void)state;
    enum { BLOCKS = 40, STEPS = 4000 };
    struct {
        uint8_t *at;
        size_t size;
        uint8_t fill;
    } blocks[BLOCKS] = {0};
    crush_arena *arena = NULL;
    uint32_t random = 12345;
    assert_int_equal(crush_arena_open(NULL, 1 << 20, &arena, NULL), CRUSH_OK);
    crush_arena_use(arena);
    for (int step = 0; step < STEPS; step++) {
        random = random * 1664525 + 1013904223;
        const int i = (int)(random >> 8) % BLOCKS, zeroed = random >> 30 & 1;
        for (size_t b = 0; b < blocks[i].size; b++)
            if (blocks[i].at[b] != blocks[i].fill)
                fail_msg("step %d: a block of %zu bytes was changed at %zu", step, blocks[i].size, b);
        scratch_free(blocks[i].at);
        random = random * 1664525 + 1013904223;
        blocks[i].size = (random >> 8) % (step % 7 ? 3000 : 120000);
        blocks[i].fill = (uint8_t)(random >> 24);
        blocks[i].at = zeroed ? scratch_alloc_zeroed(blocks[i].size) : scratch_alloc(blocks[i].size);
        assert_non_null(blocks[i].at);
        assert_int_equal((uintptr_t)blocks[i].at % 64, 0);
        for (size_t b = 0; zeroed && b < blocks[i].size; b++)
            if (blocks[i].at[b])
                fail_msg("step %d: byte %zu of %zu is not zero", step, b, blocks[i].size);
        memset(blocks[i].at, blocks[i].fill, blocks[i].size);
    }
    for (int i = 0; i < BLOCKS; i++)
        scratch_free(blocks[i].at);
    crush_arena_close(arena);
}

static void holes_are_joined_and_used_again(void **state)
{
    (void)state;
    crush_arena *arena = NULL;
    assert_int_equal(crush_arena_open(NULL, 1 << 20, &arena, NULL), CRUSH_OK);
    crush_arena_use(arena);
    uint8_t *a = scratch_alloc(1000), *b = scratch_alloc(1000), *c = scratch_alloc(1000), *last = scratch_alloc(1000);
    assert_true(a < b && b < c && c < last);
    scratch_free(b);
    scratch_free(a);
    scratch_free(c);
    uint8_t *joined = scratch_alloc(3000);
    assert_ptr_equal(joined, a);
    scratch_free(joined);
    uint8_t *part = scratch_alloc(1000), *rest = scratch_alloc(1900);
    assert_ptr_equal(part, a);
    assert_ptr_equal(rest, b);
    scratch_free(last);
    uint8_t *large = scratch_alloc(900000); /* the hole in front of `last` reaches to the end now */
    assert_true(large > rest && large <= last);
    scratch_free(large);
    scratch_free(rest);
    scratch_free(part);
    uint8_t *whole = scratch_alloc((1 << 20) - 64), *beside = scratch_alloc(1);
    assert_ptr_equal(whole, a);
    assert_true(beside < whole || beside >= whole + (1 << 20)); /* there is no room, so it is malloc's */
    scratch_free(beside);
    scratch_free(whole);
    crush_arena_close(arena);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(results_are_the_same_bytes),      cmocka_unit_test(a_second_round_touches_no_more_memory),
        cmocka_unit_test(pictures_outlive_an_arena),       cmocka_unit_test(threads_have_one_each_or_one_together),
        cmocka_unit_test(what_is_no_arena_is_refused),     cmocka_unit_test(blocks_lie_apart_and_keep_what_they_hold),
        cmocka_unit_test(holes_are_joined_and_used_again),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
