/*
 * libcrush with every single allocation failing in turn: an error, nothing leaks, and the next picture works. The error
 * is CRUSH_ENOMEM; libpng, libwebp and giflib do not always tell a lack of memory from a damaged file: CRUSH_ECORRUPT
 * there. lcms2 2.14 and libwebp 1.2.4 themselves crash in places when an allocation fails, which in the service costs a
 * worker and its upload: pictures that need those are tried in a process each, and such ends are counted.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include "crush.h"
#include "failing_malloc.h"

struct file {
    char *data;
    size_t size_bytes;
};

static struct file read_fixture(const char *name)
{
    char path[512];
    struct file file = {0};
    snprintf(path, sizeof path, "%s/%s", FIXTURES, name);
    FILE *in = fopen(path, "rb");
    assert_non_null(in);
    file.data = malloc(1 << 20);
    file.size_bytes = fread(file.data, 1, 1 << 20, in);
    fclose(in);
    return file;
}

/* A picture and its thumbnail, as a worker makes them. */
static crush_status crush(const struct file *file, crush_preset preset)
{
    crush_picture *picture = NULL;
    crush_error error;
    crush_open_options open_options;
    crush_open_options_init(&open_options);
    crush_encode_options full, thumb;
    crush_result results[2] = {{0}, {0}};
    open_options.max_side_px = crush_encode_options_preset(&full, preset);
    crush_encode_options_preset(&thumb, CRUSH_PRESET_THUMBNAIL);
    crush_status status = crush_open(file->data, file->size_bytes, &open_options, &picture, &error);
    if (status != CRUSH_OK)
        return status;
    status = crush_encode(picture, &full, &results[0], &error);
    if (status == CRUSH_OK)
        status = crush_encode(picture, &thumb, &results[1], &error);
    crush_result_clear(&results[0]);
    crush_result_clear(&results[1]);
    crush_close(picture);
    return status;
}

enum oracle {
    EXACT,        /* our own decoder: CRUSH_ENOMEM and nothing else */
    CODEC,        /* or CRUSH_ECORRUPT */
    CODEC_CRASHES /* or a crash inside of lcms2 or libwebp */
};

enum { LEAKED = 100 };

static int attempt(const struct file *file, crush_preset preset, long nth, int all_after)
{
    int failed;
    long before = malloc_live();
    malloc_fail_at(nth, all_after);
    crush_status status = crush(file, preset);
    malloc_recover(&failed);
    assert_true(failed);
    return malloc_live() == before ? (int)status : LEAKED;
}

/* The same in a process of its own; -1: it crashed. */
static int attempt_apart(const struct file *file, crush_preset preset, long nth, int all_after)
{
    int ended;
    pid_t child = fork();
    if (child == 0) {
        signal(SIGSEGV, SIG_DFL);
        (void)!setrlimit(RLIMIT_CORE, &(struct rlimit){0, 0});
        _exit(attempt(file, preset, nth, all_after));
    }
    assert_int_equal(waitpid(child, &ended, 0), child);
    return WIFEXITED(ended) ? WEXITSTATUS(ended) : -1;
}

static void fail_each(const char *name, crush_preset preset, enum oracle oracle)
{
    struct file file = read_fixture(name);
    int crashes = 0;
    assert_int_equal(crush(&file, preset), CRUSH_OK); /* what libraries keep for good is there now */
    malloc_fail_at(0, 0);
    crush_status status = crush(&file, preset);
    long total = malloc_recover(NULL);
    assert_int_equal(status, CRUSH_OK);
    assert_true(total > 0);
    for (int all_after = 0; all_after < 2; all_after++) {
        for (long nth = 1; nth <= total; nth++) {
            int result = oracle == CODEC_CRASHES ? attempt_apart(&file, preset, nth, all_after)
                                                 : attempt(&file, preset, nth, all_after);
            crashes += result == -1;
            if (result == LEAKED)
                fail_msg("%s: allocation %ld of %ld leaks", name, nth, total);
            if (result != CRUSH_ENOMEM && result != CRUSH_OK /* done without it */ &&
                !(oracle != EXACT && result == CRUSH_ECORRUPT) && !(oracle == CODEC_CRASHES && result == -1))
                fail_msg("%s: allocation %ld of %ld: status %d", name, nth, total, result);
        }
    }
    assert_int_equal(crush(&file, preset), CRUSH_OK);
    print_message("# %s: each of %ld allocations failed alone and with all behind it; %d crashes of a codec\n", name,
                  total, crashes);
    free(file.data);
}

#define TRY(label, file, preset, oracle)                                                                               \
    static void label(void **state)                                                                                    \
    {                                                                                                                  \
        (void)state;                                                                                                   \
        fail_each(file, preset, oracle);                                                                               \
    }
TRY(jpeg, "formats/wuffs__peacock.q30.jpeg", CRUSH_PRESET_DUST, EXACT)
TRY(progressive_jpeg, "formats/wuffs__peacock.progressive.jpeg", CRUSH_PRESET_CRUNCHY, EXACT)
TRY(jpeg_that_fits, "formats/spices_q5.jpg", CRUSH_PRESET_CRISPY, EXACT)
TRY(jpeg_with_private_words, "exif/private_strings_orient3.jpg", CRUSH_PRESET_DUST, EXACT)
TRY(fried_jpeg, "formats/wuffs__peacock.s2x1-422.jpeg", CRUSH_PRESET_FRIED, EXACT)
TRY(png, "formats/wuffs__hippopotamus.masked-with-muybridge.png", CRUSH_PRESET_DUST, CODEC)
TRY(interlaced_png, "formats/wuffs__hippopotamus.interlaced.png", CRUSH_PRESET_DUST, CODEC)
TRY(sixteen_bit_png, "formats/pngsuite__basi6a16.png", CRUSH_PRESET_DUST, CODEC_CRASHES)
TRY(webp, "formats/wuffs__bricks-gray.lossy.webp", CRUSH_PRESET_DUST, CODEC)
TRY(lossless_webp, "formats/wuffs__bricks-dither.lossless.webp", CRUSH_PRESET_DUST, CODEC_CRASHES)
TRY(animated_webp, "formats/sharp__rotating-squares.webp", CRUSH_PRESET_DUST, CODEC_CRASHES)
TRY(gif, "formats/wuffs__hippopotamus.interlaced.gif", CRUSH_PRESET_DUST, CODEC)

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(jpeg),           cmocka_unit_test(progressive_jpeg),
        cmocka_unit_test(jpeg_that_fits), cmocka_unit_test(jpeg_with_private_words),
        cmocka_unit_test(fried_jpeg),     cmocka_unit_test(png),
        cmocka_unit_test(interlaced_png), cmocka_unit_test(sixteen_bit_png),
        cmocka_unit_test(webp),           cmocka_unit_test(lossless_webp),
        cmocka_unit_test(animated_webp),  cmocka_unit_test(gif),
    };
    return cmocka_run_group_tests_name("malloc crush", tests, NULL, NULL);
}
