/*
 * The work of a worker: one picture in, one answer out. Runs inside the cage, so whatever a stranger's bytes manage to
 * do here, they can only spoil their own answer. Read next: answer.c.
 */
#include "template.h"

#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

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

/* In one piece, so that the reader is woken once. */
static void write_answer(int fd, const struct answer_head *head, const crush_result *results)
{
    size_t total = sizeof *head;
    for (uint32_t i = 0; i < head->picture_count; i++)
        total += sizeof(struct answer_picture) + results[i].size_bytes;
    unsigned char *answer = malloc(total), *at = answer;
    if (!answer)
        _exit(125);
    at = append(at, head, sizeof *head);
    for (uint32_t i = 0; i < head->picture_count; i++) {
        struct answer_picture picture = {.size_bytes = (uint32_t)results[i].size_bytes,
                                         .width_px = results[i].width_px,
                                         .height_px = results[i].height_px,
                                         .quality = results[i].quality};
        at = append(at, &picture, sizeof picture);
        at = append(at, results[i].data, results[i].size_bytes);
    }
    (void)!write_all(fd, answer, total);
    close(fd); /* the reader need not wait until all memory was given back */
}

static crush_status crush_all(const struct job_request *job, const void *data, crush_result *results,
                              struct answer_head *head)
{
    crush_open_options open_options;
    crush_encode_options encode_options[POOL_MAX_PICTURES];
    crush_picture *picture = NULL;
    crush_open_options_init(&open_options);
    open_options.max_side_px = 1;
    open_options.limits.max_pixels = job->max_pixels;
    open_options.limits.max_input_bytes = 0; /* counted by who took the picture in: http/body.c */
    for (uint32_t i = 0; i < job->preset_count; i++) {
        uint32_t side = crush_encode_options_preset(&encode_options[i], (crush_preset)job->presets[i]);
        if (side > open_options.max_side_px)
            open_options.max_side_px = side;
    }
    crush_status status = crush_open(data, job->size_bytes, &open_options, &picture, &head->error);
    if (status != CRUSH_OK)
        return status;
    head->source = *crush_picture_info(picture);
    head->fingerprint = crush_picture_fingerprint(picture);
    crush_picture_blurhash(picture, head->blurhash);
    for (uint32_t i = 0; i < job->preset_count && status == CRUSH_OK; i++)
        status = crush_encode(picture, &encode_options[i], &results[i], &head->error);
    crush_close(picture);
    return status;
}

void worker_crush(const struct job_request *job, int input_fd, int result_fd)
{
    crush_result results[POOL_MAX_PICTURES] = {0};
    struct answer_head head;
    memset(&head, 0, sizeof head); /* padding too: the whole struct is written */
    head.magic = ANSWER_MAGIC;
    void *data = NULL;
    if (job->size_bytes) {
        data = mmap(NULL, job->size_bytes, PROT_READ, MAP_PRIVATE | MAP_POPULATE, input_fd, 0);
        if (data == MAP_FAILED)
            _exit(125);
    }
    head.error.status = crush_all(job, data, results, &head);
    head.picture_count = head.error.status == CRUSH_OK ? job->preset_count : 0;
    write_answer(result_fd, &head, results);
}
