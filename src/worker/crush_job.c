/*
 * The work of a worker: one picture in, one answer out. Runs inside the cage, so whatever a stranger's bytes manage to
 * do here, they can only spoil their own answer. Read next: answer.c.
 */
#include "template.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/lang.h"
#include "worker.h"

static int write_all(int fd, const void *bytes, size_t size_bytes)
{
    const char *at = bytes;
    while (size_bytes) {
        ssize_t wrote = write(fd, at, size_bytes);
        if (wrote <= 0)
            return -1;
        at += wrote;
        size_bytes -= (size_t)wrote;
    }
    return 0;
}

static unsigned char *append(unsigned char *at, const void *bytes, size_t size_bytes)
{
    memcpy(at, bytes, size_bytes);
    return at + size_bytes;
}

/* One result with what it shows, if it is a strip. */
struct made {
    crush_result jpeg;
    struct pool_clip clip;
};

/* In one piece, so that the reader is woken once. */
static void write_answer(int fd, const struct answer_head *head, const struct made *made)
{
    size_t total = sizeof *head;
    for (uint32_t i = 0; i < head->picture_count; i++)
        total += sizeof(struct answer_picture) + made[i].jpeg.size_bytes;
    unsigned char *answer = malloc(total), *at = answer;
    if (!answer)
        _exit(WORKER_NO_MEMORY);
    at = append(at, head, sizeof *head);
    for (uint32_t i = 0; i < head->picture_count; i++) {
        const crush_result *jpeg = &made[i].jpeg;
        struct answer_picture picture = {.size_bytes = (uint32_t)jpeg->size_bytes,
                                         .width_px = jpeg->width_px,
                                         .height_px = jpeg->height_px,
                                         .quality = jpeg->quality,
                                         .clip = made[i].clip};
        at = append(at, &picture, sizeof picture);
        at = append(at, jpeg->data, jpeg->size_bytes);
    }
    (void)!write_all(fd, answer, total);
    close(fd); /* the reader need not wait until all memory was given back */
}

/* A picture that came in, and how long its strips may take. */
struct job {
    const struct job_request *request;
    const void *data;
    crush_open_options open;
    int64_t strips_end_ms;
    int is_damaged; /* 1: a frame of it could not be decoded */
};

static int strips_are_late(void *context)
{
    return clock_monotonic_ms() > ((const struct job *)context)->strips_end_ms;
}

/* ---- Pictures ----------------------------------------------------------------------------------- */

/* Each preset of the whole picture, or of the first frame of what moves. */
static crush_status make_stills(const struct job *job, const crush_picture *picture, struct made *made,
                                crush_error *error)
{
    crush_status status = CRUSH_OK;
    for (uint32_t i = 0; i < job->request->preset_count && status == CRUSH_OK; i++) {
        crush_encode_options options;
        crush_encode_options_preset(&options, (crush_preset)job->request->presets[i]);
        status = crush_encode(picture, &options, &made[i].jpeg, error);
    }
    return status;
}

/* ---- Strips ------------------------------------------------------------------------------------- */

static crush_status make_thumbnail(const struct job *job, const struct made *strip, struct made *made,
                                   crush_error *error)
{
    const crush_strip shape = {.frames = strip->clip.frames,
                               .frame_width_px = strip->clip.frame_width_px,
                               .frame_height_px = strip->clip.frame_height_px};
    crush_encode_options options;
    crush_picture *frame = NULL;
    crush_encode_options_preset(&options, CRUSH_PRESET_THUMBNAIL);
    crush_status status = crush_strip_frame(strip->jpeg.data, strip->jpeg.size_bytes, &job->open, &shape,
                                            strip->clip.poster, &frame, error);
    if (status == CRUSH_OK)
        status = crush_encode(frame, &options, &made->jpeg, error);
    crush_close(frame);
    return status;
}

static crush_status make_strip(struct job *job, crush_preset preset, struct made *made, crush_error *error)
{
    crush_open_options open = job->open;
    crush_encode_options options;
    crush_strip strip = {0};
    open.max_side_px = crush_encode_options_preset(&options, preset);
    if (job->request->motion == POOL_BOTH) {
        open.limits.should_stop = options.should_stop = strips_are_late;
        open.limits.should_stop_context = options.should_stop_context = job;
    }
    const crush_status status = crush_clip(job->data, job->request->size_bytes, &open, &options, 0, &strip, error);
    job->is_damaged |= status == CRUSH_OK && strip.truncated;
    if (status == CRUSH_OK)
        *made = (struct made){
            strip.jpeg,
            {strip.frames, strip.frame_width_px, strip.frame_height_px, strip.frame_ms, strip.poster, strip.flashes}};
    return status;
}

/* The thumbnail is a frame of the strip with the largest ones, so it comes last. */
static crush_status make_strips(struct job *job, struct made *made, crush_error *error)
{
    crush_status status = CRUSH_OK;
    const struct made *largest = made;
    for (uint32_t i = 0; i < job->request->preset_count && status == CRUSH_OK; i++) {
        const crush_preset preset = (crush_preset)job->request->presets[i];
        status = i && preset == CRUSH_PRESET_THUMBNAIL ? make_thumbnail(job, largest, &made[i], error)
                                                       : make_strip(job, preset, &made[i], error);
        if (made[i].clip.frame_width_px > largest->clip.frame_width_px)
            largest = &made[i];
    }
    return status;
}

/* What is told of flashes is believed where it warns; else the picture is asked, at the speed at which it is shown. */
static crush_status look_for_flashes(const crush_picture *picture, struct pool_clip *clip, crush_error *error)
{
    const crush_strip shape = {.frames = clip->frames,
                               .frame_width_px = clip->frame_width_px,
                               .frame_height_px = clip->frame_height_px,
                               .frame_ms = clip->frame_ms};
    return clip->flashes ? CRUSH_OK : crush_strip_flashes(picture, &shape, &clip->flashes, error);
}

/* A strip that was made before, as it is where it fits its budget, and the thumbnail of its poster. */
static crush_status keep_strip(struct job *job, const crush_picture *picture, struct made *made, crush_error *error)
{
    struct pool_clip clip = job->request->clip;
    crush_status status = look_for_flashes(picture, &clip, error);
    for (uint32_t i = 0; i < job->request->preset_count && status == CRUSH_OK; i++) {
        const crush_preset preset = (crush_preset)job->request->presets[i];
        crush_encode_options options;
        const uint32_t side_px = crush_encode_options_preset(&options, preset);
        if (preset != CRUSH_PRESET_THUMBNAIL && (clip.frame_width_px > side_px || clip.frame_height_px > side_px)) {
            snprintf(error->message, sizeof error->message, N_("frames of a clip are at most %u px"), side_px);
            return CRUSH_EUNSUPPORTED;
        }
        options.max_side_px = 0;
        options.shrink = CRUSH_SHRINK_NEVER;
        if (i && preset == CRUSH_PRESET_THUMBNAIL)
            status = make_thumbnail(job, &made[0], &made[i], error);
        else
            status = crush_encode(picture, &options, &made[i].jpeg, error);
        if (preset != CRUSH_PRESET_THUMBNAIL)
            made[i].clip = clip;
    }
    return status;
}

/* ---- All of it ---------------------------------------------------------------------------------- */

static uint32_t side_of(const struct job_request *request)
{
    crush_encode_options options;
    uint32_t most = request->motion == POOL_STRIP ? CRUSH_CLIP_MAX_SIDE_PX : 1;
    for (uint32_t i = 0; i < request->preset_count; i++) {
        const uint32_t side = crush_encode_options_preset(&options, (crush_preset)request->presets[i]);
        most = side > most ? side : most;
    }
    return most;
}

/* The longest JPEG data that one of the presets can use as they are. */
static size_t rewrite_bytes_of(const struct job_request *request)
{
    size_t most = 0;
    for (uint32_t i = 0; i < request->preset_count; i++) {
        crush_encode_options options;
        crush_encode_options_preset(&options, (crush_preset)request->presets[i]);
        const size_t bytes = options.allow_rewrite ? CRUSH_REWRITE_BUDGETS * options.budget_bytes : 0;
        most = bytes > most ? bytes : most;
    }
    return most;
}

static crush_status crush_all(struct job *job, struct made *made, struct answer_head *head)
{
    const struct job_request *request = job->request;
    crush_picture *picture = NULL;
    crush_error why = {0};
    crush_open_options_init(&job->open);
    job->open.max_side_px = side_of(request);
    job->open.max_rewrite_bytes = rewrite_bytes_of(request);
    job->open.limits.max_pixels = request->max_pixels;
    job->open.limits.max_input_bytes = 0; /* counted by who took the picture in: http/body.c */
    job->strips_end_ms = clock_monotonic_ms() + request->deadline_ms * 3 / 4;
    crush_status status = crush_open(job->data, request->size_bytes, &job->open, &picture, &head->error);
    if (status != CRUSH_OK)
        return status;
    head->source = *crush_picture_info(picture);
    head->fingerprint = crush_picture_fingerprint(picture);
    crush_picture_blurhash(picture, head->blurhash);
    const int moves = head->source.frames > 1;
    if (request->motion == POOL_STRIP)
        status = keep_strip(job, picture, made, &head->error);
    else if (request->motion == POOL_CLIP && moves)
        status = make_strips(job, made, &head->error);
    else
        status = make_stills(job, picture, made, &head->error);
    head->picture_count = request->preset_count;
    crush_close(picture);
    if (status == CRUSH_OK && request->motion == POOL_BOTH && moves) {
        if (make_strips(job, made + request->preset_count, &why) == CRUSH_OK)
            head->picture_count *= 2;
        else
            memcpy(head->no_clip, why.message, sizeof head->no_clip);
    }
    head->source.truncated |= job->is_damaged;
    return status;
}

void worker_crush(const struct job_request *request, int input_fd, int result_fd)
{
    static struct made made[POOL_MAX_PICTURES];
    struct job job = {.request = request};
    struct answer_head head;
    memset(&head, 0, sizeof head); /* padding too: the whole struct is written */
    head.magic = ANSWER_MAGIC;
    void *data = NULL;
    if (request->size_bytes) {
        data = mmap(NULL, request->size_bytes, PROT_READ, MAP_PRIVATE | MAP_POPULATE, input_fd, 0);
        if (data == MAP_FAILED)
            _exit(WORKER_NO_MEMORY);
    }
    job.data = data;
    head.error.status = crush_all(&job, made, &head);
    if (head.error.status != CRUSH_OK)
        head.picture_count = 0;
    write_answer(result_fd, &head, made);
}
