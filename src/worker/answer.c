/*
 * Reads what a worker wrote: see answer.h. The pictures are checked by jpeg_check.h.
 */
#include "answer.h"

#include <stdlib.h>
#include <string.h>

#include "jpeg_check.h"

enum { MAX_SOURCE_SIDE_PX = 65535 };

static size_t budget_of(uint8_t preset, uint32_t *ret_side_px)
{
    crush_encode_options options;
    *ret_side_px = crush_encode_options_preset(&options, (crush_preset)preset);
    return options.budget_bytes;
}

size_t answer_max_bytes(const struct job_request *job)
{
    size_t most = sizeof(struct answer_head);
    uint32_t side;
    for (uint32_t i = 0; i < job->preset_count; i++)
        most +=
            (sizeof(struct answer_picture) + budget_of(job->presets[i], &side)) * (job->motion == POOL_BOTH ? 2 : 1);
    return most;
}

/* What a worker says is shown to people. */
static void read_words(const char *said, size_t bytes, char *ret_words)
{
    memcpy(ret_words, said, bytes);
    ret_words[bytes - 1] = '\0';
    for (; *ret_words; ret_words++)
        if (*ret_words < ' ' || *ret_words > '~')
            *ret_words = '?';
}

static const char *read_refusal(const struct answer_head *head, struct pool_outcome *outcome)
{
    if (head->error.status < CRUSH_OK || head->error.status > CRUSH_EBUDGET || head->error.limit < CRUSH_LIMIT_NONE ||
        head->error.limit > CRUSH_LIMIT_FRAMES)
        return "error code";
    outcome->status = POOL_REFUSED;
    outcome->error = head->error;
    read_words(head->error.message, sizeof head->error.message, outcome->error.message);
    return NULL;
}

static int source_is_sane(const crush_info *source)
{
    return source->format > CRUSH_FORMAT_UNKNOWN && source->format <= CRUSH_FORMAT_AVIF &&
           source->source_width_px > 0 && source->source_width_px <= MAX_SOURCE_SIDE_PX &&
           source->source_height_px > 0 && source->source_height_px <= MAX_SOURCE_SIDE_PX;
}

/* What a blurhash is made of; a wrong one is only ugly. */
static int blurhash_is_sane(const char text[CRUSH_BLURHASH_BYTES])
{
    static const char alphabet[] =
        "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz#$%*+,-.:;=?@[]^_{|}~";
    for (int i = 0; i < CRUSH_BLURHASH_BYTES - 1; i++)
        if (!text[i] || !strchr(alphabet, text[i]))
            return 0;
    return text[CRUSH_BLURHASH_BYTES - 1] == '\0';
}

static uint32_t cell_px(uint32_t frame_px)
{
    return (frame_px + 15) / 16 * 16;
}

/* What a page may be made of: the strip holds exactly its frames, each as a preset allows. */
static int clip_is_sane(const struct pool_clip *clip, uint32_t side_px, uint32_t width_px, uint32_t height_px)
{
    return clip->frames >= CRUSH_CLIP_LEAST_FRAMES && clip->frames <= CRUSH_CLIP_MOST_FRAMES &&
           clip->frame_width_px > 0 && clip->frame_width_px <= side_px && clip->frame_height_px > 0 &&
           clip->frame_height_px <= side_px && width_px == clip->frames * cell_px(clip->frame_width_px) &&
           height_px == cell_px(clip->frame_height_px) && width_px <= CRUSH_CLIP_MAX_SIDE_PX &&
           height_px <= CRUSH_CLIP_MAX_SIDE_PX && clip->frame_ms >= CRUSH_CLIP_LEAST_MS &&
           clip->frame_ms <= CRUSH_CLIP_MOST_MS && clip->poster < clip->frames && clip->flashes >= 0 &&
           clip->flashes <= 1;
}

/* 1: it is told of as who brought it does, but that it may turn out to flash. */
static int is_the_same(const struct pool_clip *clip, struct pool_clip told)
{
    told.flashes |= clip->flashes;
    return memcmp(clip, &told, sizeof told) == 0;
}

/* A strip only where one was asked for, and no other than the one that came. */
static const char *check_shape(const struct job_request *job, int is_of_clip, uint8_t preset,
                               const struct answer_picture *head, uint32_t side_px)
{
    const struct pool_clip *clip = &head->clip;
    if (!is_of_clip || preset == CRUSH_PRESET_THUMBNAIL)
        return clip->frames || head->width_px > side_px || head->height_px > side_px ? "dimensions" : NULL;
    if (!clip_is_sane(clip, side_px, head->width_px, head->height_px))
        return "frames";
    if (job->motion == POOL_STRIP && !is_the_same(clip, job->clip))
        return "another strip";
    return NULL;
}

static const char *read_picture(const struct job_request *job, int is_of_clip, uint8_t preset, const unsigned char **at,
                                const unsigned char *end, struct pool_picture *ret_picture)
{
    struct answer_picture head;
    uint32_t side_px, width_px, height_px;
    size_t budget_bytes = budget_of(preset, &side_px);
    if ((size_t)(end - *at) < sizeof head)
        return "cut off";
    memcpy(&head, *at, sizeof head);
    *at += sizeof head;
    if (head.size_bytes > budget_bytes)
        return "over the budget";
    if (head.size_bytes > (size_t)(end - *at))
        return "cut off";
    const char *fault = jpeg_check(*at, head.size_bytes, &width_px, &height_px);
    if (fault)
        return fault;
    if (width_px != head.width_px || height_px != head.height_px)
        return "dimensions";
    fault = check_shape(job, is_of_clip, preset, &head, side_px);
    if (fault)
        return fault;
    if (head.quality < 1 || head.quality > 100)
        return "quality";
    unsigned char *data = malloc(head.size_bytes);
    if (!data)
        return "no memory to keep it";
    memcpy(data, *at, head.size_bytes);
    *at += head.size_bytes;
    *ret_picture = (struct pool_picture){.preset = (crush_preset)preset,
                                         .data = data,
                                         .size_bytes = head.size_bytes,
                                         .width_px = width_px,
                                         .height_px = height_px,
                                         .quality = head.quality,
                                         .is_of_clip = is_of_clip,
                                         .clip = head.clip};
    return NULL;
}

const char *answer_read(const struct job_request *job, const unsigned char *bytes, size_t size_bytes,
                        struct pool_outcome *outcome)
{
    struct answer_head head;
    if (size_bytes < sizeof head)
        return "cut off";
    memcpy(&head, bytes, sizeof head);
    if (head.magic != ANSWER_MAGIC)
        return "magic";
    const unsigned char *at = bytes + sizeof head, *end = bytes + size_bytes;
    if (head.error.status != CRUSH_OK)
        return at == end ? read_refusal(&head, outcome) : "bytes behind a refusal";
    const int has_strips = job->motion == POOL_BOTH && head.picture_count == 2 * job->preset_count;
    if ((head.picture_count != job->preset_count && !has_strips) || !source_is_sane(&head.source) ||
        !blurhash_is_sane(head.blurhash))
        return "head";
    for (uint32_t i = 0; i < head.picture_count; i++) {
        const int is_of_clip =
            i >= job->preset_count || job->motion == POOL_STRIP || (job->motion == POOL_CLIP && head.source.frames > 1);
        const char *fault =
            read_picture(job, is_of_clip, job->presets[i % job->preset_count], &at, end, &outcome->pictures[i]);
        if (fault) {
            outcome_clear(outcome);
            return fault;
        }
    }
    if (at != end) {
        outcome_clear(outcome);
        return "bytes behind the pictures";
    }
    outcome->status = POOL_OK;
    outcome->picture_count = (int)head.picture_count;
    read_words(head.no_clip, sizeof head.no_clip, outcome->no_clip);
    outcome->fingerprint = head.fingerprint;
    memcpy(outcome->blurhash, head.blurhash, sizeof outcome->blurhash);
    outcome->source = head.source;
    outcome->source.source_bytes = job->size_bytes;
    outcome->source.truncated = head.source.truncated != 0;
    return NULL;
}

void outcome_clear(struct pool_outcome *outcome)
{
    for (int i = 0; i < POOL_MAX_PICTURES; i++) {
        free(outcome->pictures[i].data);
        outcome->pictures[i].data = NULL;
    }
}
