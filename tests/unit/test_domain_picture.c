/* Pictures without a server and without a worker: their words, publishing once, candidates and what becomes of them. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <string.h>

#include "domain/picture.h"
#include "stage.h"
#include "store/blocklist.h"

/* Bytes that only have to be different: the store does not look into them. */
static const struct picture_source source = {
    .format = "jpeg", .bytes = 4000000, .width_px = 4000, .height_px = 3000, .fingerprint = 0x0123456789abcdef};
static const struct candidate_image images[] = {{"crispy", {"crispy bytes", 12, 800, 600}, 60, {0}},
                                                {"dust", {"dust", 4, 320, 240}, 9, {0}},
                                                {"thumbnail", {"thumb", 5, 240, 180}, 30, {0}}};
enum { IMAGES = sizeof images / sizeof images[0] };

static struct picture_words clean(struct stage *s, const char *caption, const char *tags)
{
    struct picture_words words;
    assert_null(picture_clean(&s->arena, &(struct picture_typed){.caption = caption, .tags = tags}, &words));
    return words;
}

static int64_t publish(struct stage *s, const struct actor *actor, const char *caption, int place)
{
    const struct picture_words words = clean(s, caption, "market");
    int64_t id = 0;
    assert_null(picture_publish(actor, &words, &source, &images[0], &images[2].image, place, &id));
    assert_true(id > 0);
    return id;
}

static int64_t offer(struct stage *s, const struct actor *actor, const char *caption)
{
    const struct picture_words words = clean(s, caption, NULL);
    int64_t id = 0;
    assert_null(picture_offer(actor, &words, &source, images, IMAGES, 0, &id));
    assert_true(id > 0);
    return id;
}

/* Of what moves there is each preset twice: what is chosen is kept with its frames, and of a still none are. */
static void clips_are_chosen_by_their_name(void **state)
{
    static const struct candidate_image strip = {.preset = "clip_dust",
                                                 .image = {"strip", 5, 640, 96},
                                                 .quality = 20,
                                                 .clip = {8, 75, 90, 120, 2, 1}},
                                        frame = {.preset = "clip_thumbnail", .image = {"frame", 5, 75, 90}};
    struct stage *s = *state;
    struct candidate_image moving[IMAGES + 2];
    const struct picture_words words = clean(s, "moves", NULL);
    static const char *const chosen[] = {"clip_dust", "dust", "clip_crispy"};
    memcpy(moving, images, sizeof images);
    moving[IMAGES] = strip;
    moving[IMAGES + 1] = frame;
    for (size_t i = 0; i < sizeof chosen / sizeof chosen[0]; i++) {
        int64_t candidate = 0, id = 0;
        assert_null(picture_offer(&s->potato, &words, &source, moving, IMAGES + 2, (int)i + 20, &candidate));
        assert_null(picture_choose(&s->potato, candidate, chosen[i], &(struct picture_typed){.caption = "moves"}, &id));
        json_t *row = db_row(s->potato.db, QUERY_PICTURE, id, s->potato.account, (int64_t)0);
        assert_string_equal(json_string_value(json_object_get(row, "preset")), i == 2 ? "crispy" : "dust");
        assert_int_equal(json_integer_value(json_object_get(row, "frames")), i ? 0 : 8);
        assert_int_equal(json_integer_value(json_object_get(row, "frame_ms")), i ? 0 : 120);
        assert_int_equal(json_integer_value(json_object_get(row, "poster")), i ? 0 : 2);
        assert_int_equal(json_is_true(json_object_get(row, "flashes")), !i);
        if (!i)
            assert_int_equal(json_integer_value(json_object_get(row, "thumb_width")), 75);
        json_decref(row);
    }
    int64_t candidate = 0, id = 0;
    assert_null(picture_offer(&s->potato, &words, &source, moving, IMAGES + 2, 30, &candidate));
    assert_fault(picture_choose(&s->potato, candidate, "clip_thumbnail", &(struct picture_typed){.caption = "m"}, &id),
                 FAULT_WORDS, "preset");
}

static void words_and_tags(void **state)
{
    struct stage *s = *state;
    char caption[CAPTION_MAX + 2], alt[ALT_MAX + 2];
    struct picture_words words = clean(s, " A #Potato\r\n", "market, #blue potato");
    assert_string_equal(words.caption, "A #Potato");
    assert_string_equal(words.alt, "");
    assert_int_equal(words.tags.count, 3);
    assert_string_equal(words.tags.names[0], "market");
    memset(caption, 'c', sizeof caption), caption[CAPTION_MAX + 1] = '\0';
    memset(alt, 'a', sizeof alt), alt[ALT_MAX + 1] = '\0';
    const struct fault *fault = picture_clean(&s->arena, &(struct picture_typed){.caption = caption}, &words);
    assert_fault(fault, FAULT_WORDS, "caption");
    assert_int_equal(fault->limit, CAPTION_MAX);
    assert_fault(picture_clean(&s->arena, &(struct picture_typed){.alt = alt}, &words), FAULT_WORDS, "alt");
    assert_fault(picture_clean(&s->arena, &(struct picture_typed){.note = caption}, &words), FAULT_WORDS, "note");
    assert_fault(picture_clean(&s->arena, &(struct picture_typed){.tags = "\xFF"}, &words), FAULT_WORDS, "tags");
    caption[CAPTION_MAX] = alt[ALT_MAX] = '\0';
    assert_null(picture_clean(&s->arena, &(struct picture_typed){.caption = caption, .alt = alt}, &words));
}

static void a_picture_is_published_once_for_a_key(void **state)
{
    struct stage *s = *state;
    struct actor form = s->potato;
    form.key = "a key";
    const int64_t id = publish(s, &form, "lunch", 0);
    assert_int_equal(publish(s, &form, "lunch", 0), id);
    assert_true(publish(s, &form, "lunch", 1) != id); /* the same file twice in one form is meant */
    assert_true(publish(s, &form, "dinner", 0) != id);
    assert_true(publish(s, &s->potato, "lunch", 0) != publish(s, &s->potato, "lunch", 0));
    assert_int_equal(stage_count(s, QUERY_PICTURES_OF, s->potato.account), 5);
    assert_string_equal(stage_text(s, QUERY_PICTURE, id, "preset"), "crispy");
}

static void a_full_room_is_said_and_nothing_is_kept(void **state)
{
    struct stage *s = *state;
    struct actor poor = s->potato;
    const struct picture_words words = clean(s, "", "");
    int64_t id = 0;
    poor.quota_bytes = 16; /* one byte less than the two pictures */
    poor.key = "a key";
    assert_fault(picture_publish(&poor, &words, &source, &images[0], &images[2].image, 0, &id), FAULT_FULL, NULL);
    poor.quota_bytes = 17;
    assert_null(picture_publish(&poor, &words, &source, &images[0], &images[2].image, 0, &id));
}

static void a_candidate_becomes_one_picture(void **state)
{
    struct stage *s = *state;
    int64_t id = 0, again = 0;
    const struct picture_typed typed = {.caption = "chosen"};
    const int64_t candidate = offer(s, &s->potato, "first words");
    assert_int_equal(picture_chosen(&s->potato, candidate), 0);
    assert_fault(picture_choose(&s->potato, candidate, "thumbnail", &typed, &id), FAULT_WORDS, "preset");
    assert_fault(picture_choose(&s->potato, candidate, "fried", &typed, &id), FAULT_WORDS, "preset");
    assert_fault(picture_choose(&s->potato, candidate, "dust", &(struct picture_typed){.caption = "\xFF"}, &id),
                 FAULT_WORDS, "caption");
    assert_fault(picture_choose(&s->minitel, candidate, "dust", &typed, &id), FAULT_NOT_FOUND, NULL);
    assert_null(picture_choose(&s->potato, candidate, "dust", &typed, &id));
    assert_string_equal(stage_text(s, QUERY_PICTURE, id, "preset"), "dust");
    assert_string_equal(stage_text(s, QUERY_PICTURE, id, "caption"), "chosen");
    assert_int_equal(picture_chosen(&s->potato, candidate), id);
    assert_int_equal(picture_chosen(&s->minitel, candidate), 0);
    assert_null(picture_choose(&s->potato, candidate, "dust", &typed, &again));
    assert_int_equal(again, id);
    again = 0; /* somebody went back and chose another one: it is published already */
    assert_null(picture_choose(&s->potato, candidate, "crispy", &(struct picture_typed){.caption = "no"}, &again));
    assert_int_equal(again, id);
    assert_int_equal(stage_count(s, QUERY_PICTURES_OF, s->potato.account), 1);
    assert_null(picture_remove(&s->potato, id));
    assert_null(picture_choose(&s->potato, candidate, "dust", &typed, &again));
    assert_int_equal(stage_count(s, QUERY_PICTURES_OF, s->potato.account), 0); /* deleted is deleted */
}

static void what_is_thrown_away_is_gone(void **state)
{
    struct stage *s = *state;
    int64_t id = 0;
    int was_there = -1;
    const struct picture_typed typed = {.caption = "late"};
    const int64_t candidate = offer(s, &s->potato, "first words");
    assert_null(picture_discard(&s->minitel, candidate, &was_there));
    assert_int_equal(was_there, 0); /* somebody else's */
    assert_null(picture_discard(&s->potato, candidate, &was_there));
    assert_int_equal(was_there, 1);
    assert_null(picture_discard(&s->potato, candidate, &was_there));
    assert_int_equal(was_there, 0);
    assert_fault(picture_choose(&s->potato, candidate, "dust", &typed, &id), FAULT_NOT_FOUND, NULL);
    const int64_t other = offer(s, &s->potato, "other words");
    assert_null(picture_choose(&s->potato, other, "dust", &typed, &id));
    assert_null(picture_discard(&s->potato, other, &was_there));
    assert_int_equal(was_there, 0); /* published is published */
    assert_int_equal(stage_count(s, QUERY_PICTURES_OF, s->potato.account), 1);
}

static void a_program_does_not_say_other_words_about_a_published_one(void **state)
{
    struct stage *s = *state;
    struct actor program = s->potato;
    int64_t id = 0, again = 0;
    const struct picture_typed typed = {.caption = "chosen"};
    program.is_program = 1;
    const int64_t candidate = offer(s, &program, "");
    assert_null(picture_choose(&program, candidate, "dust", &typed, &id));
    assert_null(picture_choose(&program, candidate, "dust", &typed, &again));
    assert_int_equal(again, id);
    assert_fault(picture_choose(&program, candidate, "dust", &(struct picture_typed){.caption = "other"}, &again),
                 FAULT_NOT_FOUND, NULL);
}

static void an_upload_sent_twice_is_one_candidate(void **state)
{
    struct stage *s = *state;
    struct actor form = s->potato;
    form.key = "a key";
    const int64_t candidate = offer(s, &form, "words");
    assert_int_equal(offer(s, &form, "words"), candidate);
    assert_true(offer(s, &form, "other words") != candidate);
}

static void blocked_pictures_stay_out_and_are_counted(void **state)
{
    struct stage *s = *state;
    struct actor form = s->potato;
    int64_t id = 0;
    form.key = "a key";
    const int64_t candidate = offer(s, &form, ""), published = publish(s, &form, "", 0);
    const struct picture_words words = clean(s, "again", "");
    assert_int_equal(blocklist_take_picture(s->db, published, "spam"), STORE_OK);
    blocklist_changed(s->store);
    assert_fault(picture_publish(&form, &words, &source, &images[0], &images[2].image, 0, &id), FAULT_BLOCKED, NULL);
    assert_fault(picture_offer(&form, &words, &source, images, IMAGES, 0, &id), FAULT_BLOCKED, NULL);
    assert_fault(picture_choose(&form, candidate, "dust", &(struct picture_typed){0}, &id), FAULT_BLOCKED, NULL);
    json_t *blocked = db_rows(s->db, QUERY_BLOCKED_PICTURES, INT64_MAX, (int64_t)9);
    assert_int_equal(json_integer_value(json_object_get(json_array_get(blocked, 0), "hits")), 3);
    json_decref(blocked);
}

static void a_note_that_was_not_typed_stays(void **state)
{
    struct stage *s = *state;
    const int64_t id = publish(s, &s->potato, "", 0);
    assert_null(picture_change(&s->potato, id, &(struct picture_typed){.caption = "a", .note = "a spider"}));
    assert_null(picture_change(&s->potato, id, &(struct picture_typed){.caption = "b"}));
    assert_string_equal(stage_text(s, QUERY_PICTURE, id, "note"), "a spider");
    assert_string_equal(stage_text(s, QUERY_PICTURE, id, "caption"), "b");
    assert_null(picture_change(&s->potato, id, &(struct picture_typed){.note = ""}));
    assert_string_equal(stage_text(s, QUERY_PICTURE, id, "note"), "");
    assert_fault(picture_change(&s->minitel, id, &(struct picture_typed){.caption = "c"}), FAULT_NOT_FOUND, NULL);
    assert_fault(picture_remove(&s->minitel, id), FAULT_NOT_FOUND, NULL);
    assert_null(picture_remove(&s->potato, id));
}

static void from_elsewhere_with_its_time(void **state)
{
    struct stage *s = *state;
    const struct picture_words words = clean(s, "old", "");
    const struct post_times times = {.created_s = 1000};
    assert_null(picture_bring(&s->potato, &words, &source, &images[0], &images[2].image, times));
    assert_fault(picture_bring(&s->potato, &words, &source, &images[0], &images[2].image, times), FAULT_TAKEN, NULL);
    assert_null(picture_bring(&s->potato, &words, &source, &images[1], &images[2].image, times)); /* other bytes */
    assert_int_equal(stage_count(s, QUERY_PICTURES_OF, s->potato.account), 2);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(words_and_tags, stage_setup, stage_teardown),
        cmocka_unit_test_setup_teardown(clips_are_chosen_by_their_name, stage_setup, stage_teardown),
        cmocka_unit_test_setup_teardown(a_picture_is_published_once_for_a_key, stage_setup, stage_teardown),
        cmocka_unit_test_setup_teardown(a_full_room_is_said_and_nothing_is_kept, stage_setup, stage_teardown),
        cmocka_unit_test_setup_teardown(a_candidate_becomes_one_picture, stage_setup, stage_teardown),
        cmocka_unit_test_setup_teardown(what_is_thrown_away_is_gone, stage_setup, stage_teardown),
        cmocka_unit_test_setup_teardown(a_program_does_not_say_other_words_about_a_published_one, stage_setup,
                                        stage_teardown),
        cmocka_unit_test_setup_teardown(an_upload_sent_twice_is_one_candidate, stage_setup, stage_teardown),
        cmocka_unit_test_setup_teardown(blocked_pictures_stay_out_and_are_counted, stage_setup, stage_teardown),
        cmocka_unit_test_setup_teardown(a_note_that_was_not_typed_stays, stage_setup, stage_teardown),
        cmocka_unit_test_setup_teardown(from_elsewhere_with_its_time, stage_setup, stage_teardown),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
