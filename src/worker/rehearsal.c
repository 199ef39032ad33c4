/*
 * See rehearsal.h. The picture is drawn as a GIF whose codes are all literal, which needs no codec here, and crushed
 * once to the JPEG that is rehearsed with: larger than it is asked for, so that it is scaled as photographs are.
 * Next: worker.c.
 */
#include "rehearsal.h"

#include <string.h>

#include "crush.h"

enum {
    SIDE_PX = 112,
    RUN = 112, /* literals between two codes that clear, so that codes stay 8 bits long */
    GRAYS = 128,
    CLEAR = 128,
    END = 129,
    SAMPLE_MAX_BYTES = 8192,
    GIF_BYTES = 13 + 3 * GRAYS + 11 + SIDE_PX * (RUN + 2) + 3
};

static unsigned char sample[SAMPLE_MAX_BYTES]; /* not on the heap, which stays untouched for the workers */
static size_t sample_bytes;

/* A block of a row: its length, a code that clears, one literal for each pixel. */
static unsigned char *row(unsigned char *at, int y)
{
    *at++ = RUN + 1;
    *at++ = CLEAR;
    for (int x = 0; x < SIDE_PX; x++)
        *at++ = (unsigned char)((x * 5 / 4 + y / 2 + (x ^ y) % 32 + (x * x + y * y) / 80) % GRAYS);
    return at;
}

static void draw(unsigned char gif[GIF_BYTES])
{
    static const unsigned char screen[13] = {'G', 'I', 'F', '8', '9', 'a', SIDE_PX, 0, SIDE_PX, 0, 0xF6, 0, 0},
                               picture[11] = {',', 0, 0, 0, 0, SIDE_PX, 0, SIDE_PX, 0, 0, 7};
    unsigned char *at = gif;
    memcpy(at, screen, sizeof screen);
    at += sizeof screen;
    for (int i = 0; i < GRAYS; i++) { /* a little colour, so that chroma is there too */
        *at++ = (unsigned char)(2 * i);
        *at++ = (unsigned char)(i + 64);
        *at++ = (unsigned char)(255 - i);
    }
    memcpy(at, picture, sizeof picture);
    at += sizeof picture;
    for (int y = 0; y < SIDE_PX; y++)
        at = row(at, y);
    *at++ = 1;
    *at++ = END;
    *at++ = 0;
}

void rehearsal_prepare(void)
{
    static unsigned char gif[GIF_BYTES];
    crush_open_options open;
    crush_encode_options encode;
    crush_picture *picture = NULL;
    crush_result result = {0};
    draw(gif);
    crush_open_options_init(&open);
    open.chroma = CRUSH_CHROMA_420;
    crush_encode_options_init(&encode);
    encode.budget_bytes = sizeof sample;
    if (crush_open(gif, sizeof gif, &open, &picture, NULL) != CRUSH_OK)
        return;
    if (crush_encode(picture, &encode, &result, NULL) == CRUSH_OK && result.size_bytes <= sizeof sample) {
        memcpy(sample, result.data, result.size_bytes);
        sample_bytes = result.size_bytes;
    }
    crush_result_clear(&result);
    crush_close(picture);
}

void rehearse(void)
{
    crush_open_options open;
    crush_encode_options encode;
    crush_picture *picture = NULL;
    crush_result result = {0};
    char blurhash[CRUSH_BLURHASH_BYTES];
    crush_open_options_init(&open);
    open.max_side_px = SIDE_PX * 2 / 3;
    crush_encode_options_preset(&encode, CRUSH_PRESET_CRUNCHY);
    encode.budget_bytes = sample_bytes / 2;
    if (!sample_bytes || crush_open(sample, sample_bytes, &open, &picture, NULL) != CRUSH_OK)
        return;
    (void)!crush_picture_fingerprint(picture);
    crush_picture_blurhash(picture, blurhash);
    if (crush_encode(picture, &encode, &result, NULL) == CRUSH_OK)
        crush_result_clear(&result);
    crush_close(picture);
}
