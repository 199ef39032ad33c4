/* What a worker answers is parsed as hostile: every number against what was asked, every picture marker by marker. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "worker/answer.h"
#include "worker/jpeg_check.h"

/* ---- A JPEG as libcrush writes it, as long as it is told ------------------------------------------- */

struct jpeg {
    unsigned char bytes[40000];
    size_t size;
};

static void put(struct jpeg *jpeg, const void *bytes, size_t size)
{
    memcpy(jpeg->bytes + jpeg->size, bytes, size);
    jpeg->size += size;
}
#define PUT(jpeg, ...) put(jpeg, (const unsigned char[]){__VA_ARGS__}, sizeof(const unsigned char[]){__VA_ARGS__})

static void put_header(struct jpeg *jpeg)
{
    PUT(jpeg, 0xFF, 0xD8, 0xFF, 0xE0, 0, 16, 'J', 'F', 'I', 'F', 0, 1, 1, 0, 0, 1, 0, 1, 0, 0);
}

static void put_gray_frame(struct jpeg *jpeg, unsigned char width, unsigned char height)
{
    PUT(jpeg, 0xFF, 0xC2, 0, 11, 8, 0, height, 0, width, 1, 1, 0x11, 0);
}

static void put_scan(struct jpeg *jpeg)
{
    PUT(jpeg, 0xFF, 0xDA, 0, 8, 1, 1, 0, 0, 63, 0, 0x3F, 0xFF, 0x00);
}

/* size 0: as short as it can be. */
static struct jpeg make_jpeg(unsigned char width, unsigned char height, size_t size)
{
    struct jpeg jpeg = {.size = 0};
    put_header(&jpeg);
    put_gray_frame(&jpeg, width, height);
    put_scan(&jpeg);
    while (jpeg.size + 2 < size)
        jpeg.bytes[jpeg.size++] = 0x55;
    PUT(&jpeg, 0xFF, 0xD9);
    return jpeg;
}

static const char *check(const struct jpeg *jpeg)
{
    uint32_t width_px = 0, height_px = 0;
    unsigned char *exact = malloc(jpeg->size + !jpeg->size); /* a sanitizer sees reads beyond */
    memcpy(exact, jpeg->bytes, jpeg->size);
    const char *fault = jpeg_check(exact, jpeg->size, &width_px, &height_px);
    free(exact);
    if (!fault)
        assert_true(width_px && height_px);
    return fault;
}

static void only_our_kind_of_jpeg_passes(void **state)
{
    const struct jpeg jpeg = make_jpeg(8, 9, 0);
    struct jpeg other;
    uint32_t width_px = 0, height_px = 0;
    (void)state;
    assert_null(jpeg_check(jpeg.bytes, jpeg.size, &width_px, &height_px));
    assert_int_equal(width_px, 8);
    assert_int_equal(height_px, 9);
    for (size_t cut = 0; cut < jpeg.size; cut++) {
        other = jpeg;
        other.size = cut;
        assert_non_null(check(&other));
    }
    for (int marker = 0xC0; marker <= 0xFF; marker++) { /* in place of the JFIF header */
        other = jpeg;
        other.bytes[3] = (unsigned char)marker;
        if (marker == 0xE0 || marker == 0xC4 || marker == 0xDB)
            assert_null(check(&other));
        else
            assert_non_null(check(&other));
    }
    for (size_t at = 6; at < 11; at++) { /* not JFIF */
        other = jpeg;
        other.bytes[at] ^= 1;
        assert_string_equal(check(&other), "application data");
    }
    for (size_t at = 18; at < 20; at++) { /* with a thumbnail */
        other = jpeg;
        other.bytes[at] = 1;
        assert_string_equal(check(&other), "application data");
    }
    other = jpeg;
    other.bytes[24] = 12;
    assert_string_equal(check(&other), "frame is not 8 bits deep");
    other = make_jpeg(0, 9, 0);
    assert_string_equal(check(&other), "frame without pixels");
    other = make_jpeg(8, 0, 0);
    assert_string_equal(check(&other), "frame without pixels");
    other = jpeg;
    PUT(&other, 0);
    assert_string_equal(check(&other), "bytes behind the end of image");
    static const unsigned char frames[] = {0xC0, 0xC1, 0xC2};
    for (size_t i = 0; i < sizeof frames; i++) {
        other = jpeg;
        other.bytes[21] = frames[i];
        assert_null(check(&other));
    }
}

static void frames_and_scans_come_in_their_order(void **state)
{
    struct jpeg jpeg = {.size = 0};
    (void)state;
    put_header(&jpeg);
    put_scan(&jpeg);
    PUT(&jpeg, 0xFF, 0xD9);
    assert_string_equal(check(&jpeg), "scan before frame");
    jpeg.size = 0;
    put_header(&jpeg);
    put_gray_frame(&jpeg, 8, 8);
    PUT(&jpeg, 0xFF, 0xD9);
    assert_string_equal(check(&jpeg), "no scan");
    jpeg.size = 0;
    put_header(&jpeg);
    put_gray_frame(&jpeg, 8, 8);
    put_gray_frame(&jpeg, 8, 8);
    put_scan(&jpeg);
    PUT(&jpeg, 0xFF, 0xD9);
    assert_string_equal(check(&jpeg), "second frame");
    jpeg.size = 0;
    put_header(&jpeg);
    put_gray_frame(&jpeg, 8, 8);
    put_scan(&jpeg);
    PUT(&jpeg, 0xFF, 0xD0, 0xFF, 0xD9); /* a restart marker */
    assert_non_null(check(&jpeg));
    jpeg.size = 0;
    put_header(&jpeg);
    put_gray_frame(&jpeg, 8, 8);
    PUT(&jpeg, 0xFF, 0xC4, 0, 1); /* shorter than its own length */
    put_scan(&jpeg);
    PUT(&jpeg, 0xFF, 0xD9);
    assert_string_equal(check(&jpeg), "segment length");
    jpeg.size = 0;
    put_header(&jpeg);
    put_gray_frame(&jpeg, 8, 8);
    put_scan(&jpeg);
    put_scan(&jpeg);
    PUT(&jpeg, 0xFF, 0xD9);
    assert_null(check(&jpeg));
}

/* Luma at one to four samples for each of chroma, as JPEGs come that are rewritten; nothing else. */
static void only_sampling_that_libcrush_writes_passes(void **state)
{
    static const unsigned char good[] = {0x11, 0x12, 0x14, 0x21, 0x22, 0x41};
    (void)state;
    for (int sampling = 0; sampling < 256; sampling++)
        for (int component = 0; component < 3; component++) {
            struct jpeg jpeg = {.size = 0};
            unsigned char samplings[3] = {0x11, 0x11, 0x11};
            samplings[component] = (unsigned char)sampling;
            put_header(&jpeg);
            PUT(&jpeg, 0xFF, 0xC2, 0, 17, 8, 0, 8, 0, 8, 3, 1, samplings[0], 0, 2, samplings[1], 1, 3, samplings[2], 1);
            put_scan(&jpeg);
            PUT(&jpeg, 0xFF, 0xD9);
            const int passes = sampling == 0x11 || (component == 0 && memchr(good, sampling, sizeof good));
            if (passes != !check(&jpeg))
                fail_msg("sampling %02x of component %d: %s", (unsigned)sampling, component,
                         passes ? "is refused" : "passes");
        }
    for (int sampling = 0; sampling < 256; sampling++) {
        struct jpeg jpeg = make_jpeg(8, 8, 0);
        jpeg.bytes[31] = (unsigned char)sampling;
        assert_int_equal(!check(&jpeg), sampling == 0x11);
    }
    static const unsigned char counts[] = {0, 2, 4};
    for (size_t i = 0; i < sizeof counts; i++) {
        struct jpeg jpeg = make_jpeg(8, 8, 0);
        jpeg.bytes[29] = counts[i];
        assert_string_equal(check(&jpeg), "frame components");
    }
}

/* ---- Answers ------------------------------------------------------------------------------------- */

struct text {
    unsigned char bytes[90000];
    size_t size;
};

static void append(struct text *text, const void *bytes, size_t size)
{
    memcpy(text->bytes + text->size, bytes, size);
    text->size += size;
}

static const struct job_request job = {
    .id = 1, .size_bytes = 5000, .preset_count = 2, .presets = {CRUSH_PRESET_CRUNCHY, CRUSH_PRESET_DUST}};

static struct answer_head honest_head(void)
{
    struct answer_head head;
    memset(&head, 0, sizeof head);
    head.magic = ANSWER_MAGIC;
    head.picture_count = 2;
    head.fingerprint = 77;
    memcpy(head.blurhash, "L00000fQfQfQfQfQfQfQfQfQfQfQ", sizeof head.blurhash);
    head.source.format = CRUSH_FORMAT_PNG;
    head.source.source_width_px = 65535;
    head.source.source_height_px = 1;
    head.source.truncated = 5;
    return head;
}

static void append_picture(struct text *text, const struct jpeg *jpeg, struct answer_picture head)
{
    head.size_bytes = (uint32_t)jpeg->size;
    append(text, &head, sizeof head);
    append(text, jpeg->bytes, jpeg->size);
}

static const struct answer_picture eight = {.width_px = 8, .height_px = 8, .quality = 10};

static struct text make_answer(struct answer_head head, size_t first_bytes, size_t second_bytes)
{
    struct text text = {.size = 0};
    const struct jpeg first = make_jpeg(8, 8, first_bytes), second = make_jpeg(8, 8, second_bytes);
    append(&text, &head, sizeof head);
    append_picture(&text, &first, eight);
    append_picture(&text, &second, eight);
    return text;
}

/* What is said of it; nothing may be left of what is refused. */
static const char *fault_as(const struct job_request *asked, const struct text *text)
{
    struct pool_outcome outcome;
    memset(&outcome, 0, sizeof outcome);
    unsigned char *exact = malloc(text->size + !text->size);
    memcpy(exact, text->bytes, text->size);
    const char *fault = answer_read(asked, exact, text->size, &outcome);
    free(exact);
    if (fault)
        for (int i = 0; i < POOL_MAX_PICTURES; i++)
            assert_null(outcome.pictures[i].data);
    outcome_clear(&outcome);
    return fault;
}

static const char *fault_of(const struct text *text)
{
    return fault_as(&job, text);
}

/* Strips: exactly the frames that are told, where they were asked for; beside them a thumbnail, which is none. */
static void strips_are_what_they_say(void **state)
{
    static const struct pool_clip four = {
        .frames = 4, .frame_width_px = 15, .frame_height_px = 9, .frame_ms = 80, .poster = 3, .flashes = 1};
    static const struct {
        struct pool_clip clip;
        const char *fault;
    } cases[] = {
        {{4, 15, 9, 80, 3, 1}, NULL},      {{4, 16, 16, 20, 0, 0}, NULL},           {{4, 15, 9, 1000, 0, 0}, NULL},
        {{5, 15, 9, 80, 3, 1}, "frames"},  {{3, 15, 9, 80, 0, 0}, "frames"},        {{0, 15, 9, 80, 0, 0}, "frames"},
        {{4, 17, 9, 80, 3, 1}, "frames"},  {{4, 0, 9, 80, 3, 1}, "frames"},         {{4, 15, 17, 80, 3, 1}, "frames"},
        {{4, 15, 0, 80, 3, 1}, "frames"},  {{4, 15, 9, 19, 3, 1}, "frames"},        {{4, 15, 9, 1001, 3, 1}, "frames"},
        {{4, 15, 9, 80, 4, 1}, "frames"},  {{4, 15, 9, 80, 3, 2}, "frames"},        {{4, 15, 9, 80, 3, -1}, "frames"},
        {{25, 15, 9, 80, 3, 1}, "frames"}, {{4, 0xFFFFFFFF, 9, 80, 3, 1}, "frames"}};
    struct job_request clips = job;
    struct pool_outcome outcome;
    const struct jpeg strip = make_jpeg(64, 16, 0), small = make_jpeg(8, 8, 0);
    (void)state;
    clips.motion = POOL_CLIP;
    clips.presets[1] = CRUSH_PRESET_THUMBNAIL;
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        struct text text = {.size = 0};
        struct answer_head head = honest_head();
        struct answer_picture first = {.width_px = 64, .height_px = 16, .quality = 10, .clip = cases[i].clip};
        head.source.frames = 9;
        append(&text, &head, sizeof head);
        append_picture(&text, &strip, first);
        append_picture(&text, &small, eight);
        const char *fault = fault_as(&clips, &text);
        if (cases[i].fault ? !fault || strcmp(fault, cases[i].fault) != 0 : fault != NULL)
            fail_msg("case %zu: %s", i, fault ? fault : "it is taken");
        if (!fault) {
            memset(&outcome, 0, sizeof outcome);
            assert_null(answer_read(&clips, text.bytes, text.size, &outcome));
            assert_int_equal(outcome.pictures[0].clip.frames, 4);
            assert_true(outcome.pictures[0].is_of_clip && outcome.pictures[1].is_of_clip);
            assert_int_equal(outcome.pictures[1].clip.frames, 0);
            outcome_clear(&outcome);
        }
        /* of a strip that was made before only the one that was asked for */
        struct job_request kept = clips;
        kept.motion = POOL_STRIP;
        kept.clip = four;
        fault = fault_as(&kept, &text);
        assert_true((fault == NULL) == (i == 0));
        /* which may turn out to flash, but not to be harmless */
        kept.clip.flashes = 0;
        assert_true((fault_as(&kept, &text) == NULL) == (i == 0));
        kept.clip = cases[0].clip;
        kept.clip.flashes = 1;
        if (i == 0) {
            struct text calm = text;
            memset(calm.bytes + sizeof head + offsetof(struct answer_picture, clip.flashes), 0, sizeof four.flashes);
            assert_string_equal(fault_as(&kept, &calm), "another strip");
        }
        /* and none where stills were */
        if (cases[i].clip.frames)
            assert_string_equal(fault_of(&text), "dimensions");
    }
    /* both: twice as many, or as many as ever with the reason why */
    struct job_request both = clips;
    both.motion = POOL_BOTH;
    for (int has_strips = 0; has_strips < 2; has_strips++) {
        struct text text = {.size = 0};
        struct answer_head head = honest_head();
        head.picture_count = has_strips ? 4 : 2;
        snprintf(head.no_clip, sizeof head.no_clip, "too\nmany");
        append(&text, &head, sizeof head);
        append_picture(&text, &small, eight);
        append_picture(&text, &small, eight);
        if (has_strips) {
            struct answer_picture first = {.width_px = 64, .height_px = 16, .quality = 10, .clip = four};
            append_picture(&text, &strip, first);
            append_picture(&text, &small, eight);
        }
        memset(&outcome, 0, sizeof outcome);
        assert_null(answer_read(&both, text.bytes, text.size, &outcome));
        assert_int_equal(outcome.picture_count, has_strips ? 4 : 2);
        assert_string_equal(outcome.no_clip, "too?many");
        assert_false(outcome.pictures[0].is_of_clip);
        outcome_clear(&outcome);
        assert_true(answer_max_bytes(&both) > answer_max_bytes(&clips));
        if (has_strips)
            assert_string_equal(fault_as(&clips, &text), "head");
    }
}

static void an_honest_answer_is_read(void **state)
{
    struct pool_outcome outcome;
    const struct text text = make_answer(honest_head(), 12000, 3000);
    (void)state;
    memset(&outcome, 0, sizeof outcome);
    assert_null(answer_read(&job, text.bytes, text.size, &outcome));
    assert_int_equal(outcome.status, POOL_OK);
    assert_int_equal(outcome.picture_count, 2);
    assert_int_equal(outcome.fingerprint, 77);
    assert_string_equal(outcome.blurhash, "L00000fQfQfQfQfQfQfQfQfQfQfQ");
    assert_int_equal(outcome.source.source_bytes, 5000);
    assert_int_equal(outcome.source.truncated, 1);
    assert_int_equal(outcome.pictures[0].preset, CRUSH_PRESET_CRUNCHY);
    assert_int_equal(outcome.pictures[0].size_bytes, 12000);
    assert_int_equal(outcome.pictures[1].preset, CRUSH_PRESET_DUST);
    assert_int_equal(outcome.pictures[1].size_bytes, 3000);
    assert_int_equal(outcome.pictures[1].quality, 10);
    assert_int_equal(outcome.pictures[1].width_px, 8);
    assert_int_equal(outcome.pictures[1].data[2999], 0xD9);
    outcome_clear(&outcome);
    assert_null(outcome.pictures[0].data);
    assert_int_equal(answer_max_bytes(&job), text.size); /* both as large as they may be */
}

/* One picture over its budget, also where another one leaves room for it. */
static void no_picture_is_over_its_budget(void **state)
{
    (void)state;
    struct text text = make_answer(honest_head(), 12001, 100);
    assert_string_equal(fault_of(&text), "over the budget");
    text = make_answer(honest_head(), 100, 3001);
    assert_string_equal(fault_of(&text), "over the budget");
    text = make_answer(honest_head(), 100, 3000);
    assert_null(fault_of(&text));
}

static void heads_are_checked(void **state)
{
    struct text text;
    struct answer_head head;
    (void)state;
    text = make_answer(honest_head(), 0, 0);
    for (size_t cut = 0; cut < text.size; cut++) {
        struct text shorter = text;
        shorter.size = cut;
        assert_non_null(fault_of(&shorter));
    }
    append(&text, "x", 1);
    assert_string_equal(fault_of(&text), "bytes behind the pictures");
#define HEAD(change)                                                                                                   \
    head = honest_head();                                                                                              \
    change;                                                                                                            \
    text = make_answer(head, 0, 0)
    HEAD(head.magic++);
    assert_string_equal(fault_of(&text), "magic");
    HEAD(head.picture_count = 1);
    assert_string_equal(fault_of(&text), "head");
    HEAD(head.picture_count = 3);
    assert_string_equal(fault_of(&text), "head");
    HEAD(memset(head.blurhash, 0, sizeof head.blurhash));
    assert_string_equal(fault_of(&text), "head");
    HEAD(head.blurhash[5] = '"');
    assert_string_equal(fault_of(&text), "head");
    HEAD(memset(head.blurhash, 'f', sizeof head.blurhash)); /* no end */
    assert_string_equal(fault_of(&text), "head");
    HEAD(head.source.format = CRUSH_FORMAT_UNKNOWN);
    assert_string_equal(fault_of(&text), "head");
    HEAD(head.source.format = CRUSH_FORMAT_AVIF);
    assert_null(fault_of(&text));
    HEAD(head.source.format = (crush_format)(CRUSH_FORMAT_AVIF + 1));
    assert_string_equal(fault_of(&text), "head");
    HEAD(head.source.source_width_px = 0);
    assert_string_equal(fault_of(&text), "head");
    HEAD(head.source.source_width_px = 65536);
    assert_string_equal(fault_of(&text), "head");
    HEAD(head.source.source_height_px = 0);
    assert_string_equal(fault_of(&text), "head");
    HEAD(head.source.source_height_px = 65536);
    assert_string_equal(fault_of(&text), "head");
#undef HEAD
}

static const char *fault_of_picture(unsigned char width, unsigned char height, struct answer_picture said)
{
    const struct answer_head head = honest_head();
    struct text text = {.size = 0};
    const struct jpeg first = make_jpeg(width, height, 0), second = make_jpeg(8, 8, 0);
    append(&text, &head, sizeof head);
    append_picture(&text, &first, said);
    append_picture(&text, &second, eight);
    return fault_of(&text);
}

static void pictures_are_what_their_heads_say(void **state)
{
    (void)state;
    assert_null(fault_of_picture(255, 9, (struct answer_picture){.width_px = 255, .height_px = 9, .quality = 1}));
    assert_null(fault_of_picture(8, 9, (struct answer_picture){.width_px = 8, .height_px = 9, .quality = 100}));
    assert_string_equal(fault_of_picture(8, 9, (struct answer_picture){.width_px = 9, .height_px = 9, .quality = 100}),
                        "dimensions");
    assert_string_equal(fault_of_picture(8, 9, (struct answer_picture){.width_px = 8, .height_px = 8, .quality = 100}),
                        "dimensions");
    assert_string_equal(fault_of_picture(8, 8, (struct answer_picture){.width_px = 8, .height_px = 8, .quality = 0}),
                        "quality");
    assert_string_equal(fault_of_picture(8, 8, (struct answer_picture){.width_px = 8, .height_px = 8, .quality = 101}),
                        "quality");
}

/* dust has at most 320 pixels at its longer side. */
static void no_picture_is_larger_than_its_preset(void **state)
{
    (void)state;
    for (int upright = 0; upright < 2; upright++)
        for (int over = 0; over < 2; over++) {
            const struct answer_head head = honest_head();
            struct text text = {.size = 0};
            const struct jpeg first = make_jpeg(8, 8, 0);
            struct jpeg second = first;
            struct answer_picture said = eight;
            const uint32_t side_px = 320 + (uint32_t)over;
            const size_t at = upright ? 25 : 27; /* of height or width in the frame header */
            second.bytes[at] = (unsigned char)(side_px >> 8);
            second.bytes[at + 1] = (unsigned char)side_px;
            *(upright ? &said.height_px : &said.width_px) = side_px;
            append(&text, &head, sizeof head);
            append_picture(&text, &first, eight);
            append_picture(&text, &second, said);
            if (over)
                assert_string_equal(fault_of(&text), "dimensions");
            else
                assert_null(fault_of(&text));
        }
}

static void refusals_are_checked_too(void **state)
{
    struct pool_outcome outcome;
    struct answer_head head = honest_head();
    struct text text = {.size = 0};
    (void)state;
    memset(&outcome, 0, sizeof outcome);
    head.picture_count = 0;
    head.error.status = CRUSH_ELIMIT;
    head.error.limit = CRUSH_LIMIT_DEADLINE;
    memset(head.error.message, 'm', sizeof head.error.message); /* without an end */
    head.error.message[0] = '\n';
    head.error.message[1] = '\x7f';
    head.error.message[2] = '~';
    head.error.message[3] = ' ';
    append(&text, &head, sizeof head);
    assert_null(answer_read(&job, text.bytes, text.size, &outcome));
    assert_int_equal(outcome.status, POOL_REFUSED);
    assert_int_equal(outcome.error.status, CRUSH_ELIMIT);
    assert_int_equal(strlen(outcome.error.message), sizeof head.error.message - 1);
    assert_memory_equal(outcome.error.message, "??~ m", 5);
    append(&text, "x", 1);
    assert_string_equal(fault_of(&text), "bytes behind a refusal");
#define REFUSAL(status_, limit_)                                                                                       \
    head.error.status = (crush_status)(status_);                                                                       \
    head.error.limit = (crush_limit)(limit_);                                                                          \
    text.size = 0;                                                                                                     \
    append(&text, &head, sizeof head)
    REFUSAL(CRUSH_EBUDGET, CRUSH_LIMIT_NONE);
    assert_null(fault_of(&text));
    REFUSAL(CRUSH_EBUDGET + 1, CRUSH_LIMIT_NONE);
    assert_string_equal(fault_of(&text), "error code");
    REFUSAL(CRUSH_OK - 1, CRUSH_LIMIT_NONE);
    assert_string_equal(fault_of(&text), "error code");
    REFUSAL(CRUSH_ELIMIT, CRUSH_LIMIT_FRAMES + 1);
    assert_string_equal(fault_of(&text), "error code");
    REFUSAL(CRUSH_ELIMIT, CRUSH_LIMIT_NONE - 1);
    assert_string_equal(fault_of(&text), "error code");
#undef REFUSAL
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(only_our_kind_of_jpeg_passes),
        cmocka_unit_test(strips_are_what_they_say),
        cmocka_unit_test(frames_and_scans_come_in_their_order),
        cmocka_unit_test(only_sampling_that_libcrush_writes_passes),
        cmocka_unit_test(an_honest_answer_is_read),
        cmocka_unit_test(no_picture_is_over_its_budget),
        cmocka_unit_test(heads_are_checked),
        cmocka_unit_test(pictures_are_what_their_heads_say),
        cmocka_unit_test(no_picture_is_larger_than_its_preset),
        cmocka_unit_test(refusals_are_checked_too),
    };
    return cmocka_run_group_tests_name("answer", tests, NULL, NULL);
}
