/* What a picture needs is counted before it is decoded: where colours are converted too. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <lcms2.h>
#include <stdlib.h>

#include "crush.h"
#include "picture_bytes.h"

enum { WIDTH_PX = 800, HEIGHT_PX = 600 };

static struct bytes gray_profile(void)
{
    cmsToneCurve *curve = cmsBuildGamma(NULL, 3.0);
    cmsHPROFILE profile = cmsCreateGrayProfile(cmsD50_xyY(), curve);
    cmsUInt32Number size = 0;
    assert_true(cmsSaveProfileToMem(profile, NULL, &size));
    struct bytes out = {malloc(size), size};
    assert_true(cmsSaveProfileToMem(profile, out.data, &size));
    cmsCloseProfile(profile);
    cmsFreeToneCurve(curve);
    return out;
}

static crush_status opened_within(struct bytes file, int bytes_per_px)
{
    crush_open_options options;
    crush_picture *picture = NULL;
    crush_error error = {0};
    crush_open_options_init(&options);
    options.max_side_px = WIDTH_PX;
    options.limits.max_memory_bytes = (uint64_t)bytes_per_px * WIDTH_PX * HEIGHT_PX;
    const crush_status status = crush_open(file.data, file.size, &options, &picture, &error);
    assert_int_equal(error.limit, status == CRUSH_OK ? 0 : CRUSH_LIMIT_MEMORY);
    crush_close(picture);
    return status;
}

/* Three planes with both bytes of their samples stand at a time, and one while it is turned. */
static void memory_counts_what_profiles_need(void **state)
{
    (void)state;
    struct bytes profile = gray_profile();
    struct bytes with = picture_jpeg(
        WIDTH_PX, HEIGHT_PX, (struct jpeg_spec){.channels = 1, .profile = profile.data, .profile_bytes = profile.size});
    struct bytes without = picture_jpeg(WIDTH_PX, HEIGHT_PX, (struct jpeg_spec){.channels = 1});
    assert_int_equal(opened_within(with, 8), CRUSH_ELIMIT);
    assert_int_equal(opened_within(with, 13), CRUSH_OK);
    assert_int_equal(opened_within(without, 7), CRUSH_OK);
    free(with.data);
    free(without.data);
    free(profile.data);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(memory_counts_what_profiles_need)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
