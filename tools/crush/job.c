/*
 * The life of one input: open, look at the output's place, read, crush, write. Bytes are read into one buffer
 * per worker rather than mapped: a file that shrinks under a mapping kills the process, and once the buffer is warm
 * both cost the same (4 MB: 0.4 ms).
 * It refuses to print anything: run.c tells what happened, in the order of the inputs.
 */
#include "base/lang.h"
#include "base/reason.h"
#include "job.h"
#include "output.h"
#include "stop.h"

#include <assert.h>
#include <errno.h>
#include <fcntl.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

enum { SNIFF_BYTES = 256, HEAD_BYTES = 4096, KEEP_BUFFER_BYTES = 16 << 20, HUGE_PAGE_BYTES = 2 << 20 };

void outcome_fail(struct outcome *outcome, const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(outcome->error, sizeof outcome->error, tr(format), arguments);
    va_end(arguments);
    outcome->kind = OUTCOME_FAILED;
}

void outcome_clear(struct outcome *outcome)
{
    free(outcome->input);
    free(outcome->output);
    free(outcome->embed);
    *outcome = (struct outcome){0};
}

static void outcome_fail_errno(struct outcome *outcome, const char *doing, int fault)
{
    char text[128];
    outcome_fail(outcome, "%s: %s", tr(doing), tr(strerror_r(fault, text, sizeof text)));
}

/* Reads until wanted bytes are there or the end came; the number of bytes, or -1 and errno. */
static ssize_t job_read(int fd, unsigned char *data, size_t wanted)
{
    size_t have = 0;
    while (have < wanted) {
        ssize_t got = read(fd, data + have, wanted - have);
        if (got < 0 && errno == EINTR && !stop_requested())
            continue;
        if (got < 0)
            return -1;
        if (got == 0)
            break;
        have += (size_t)got;
    }
    return (ssize_t)have;
}

/* In whole huge pages as far as they go, where the system has them: a photograph of 20 MB is 5 000 others. */
static unsigned char *job_alloc(size_t size_bytes)
{
    void *data = NULL;
    if (size_bytes < HUGE_PAGE_BYTES)
        return malloc(size_bytes);
    if (posix_memalign(&data, HUGE_PAGE_BYTES, size_bytes) != 0)
        return NULL;
#ifdef MADV_HUGEPAGE
    (void)!madvise(data, size_bytes - size_bytes % HUGE_PAGE_BYTES, MADV_HUGEPAGE);
#endif
    return data;
}

static bool job_reserve(struct job_buffer *buffer, size_t size_bytes)
{
    if (size_bytes <= buffer->size_bytes)
        return true;
    free(buffer->data); /* nothing in it is worth a copy: callers reserve before they read */
    buffer->data = job_alloc(size_bytes);
    buffer->size_bytes = buffer->data ? size_bytes : 0;
    return buffer->data != NULL;
}

/*
 * The whole input into the buffer, whose first bytes are there already. expected_bytes is what the file system
 * says; pipes say 0, and growing files lie. False: the outcome says why.
 */
static bool job_read_rest(int fd, size_t expected_bytes, size_t limit, struct job_buffer *buffer, size_t *size_bytes,
                          struct outcome *outcome)
{
    unsigned char first[SNIFF_BYTES];
    size_t have = *size_bytes, room = expected_bytes < limit ? expected_bytes + 1 : limit + 1;
    if (room < 65536)
        room = 65536;
    if (have < SNIFF_BYTES) /* the end has been seen */
        return true;
    memcpy(first, buffer->data, have);
    if (!job_reserve(buffer, room)) {
        outcome_fail(outcome, "no memory to read it");
        return false;
    }
    memcpy(buffer->data, first, have);
    for (;;) {
        ssize_t got = job_read(fd, buffer->data + have, buffer->size_bytes - have);
        if (got < 0) {
            outcome_fail_errno(outcome, "cannot be read", errno);
            return false;
        }
        have += (size_t)got;
        if (have > limit) {
            outcome_fail(outcome, "more than %zu bytes, the limit for an input", limit);
            return false;
        }
        if (have < buffer->size_bytes)
            break;
        unsigned char *grown = realloc(buffer->data, buffer->size_bytes * 2);
        if (!grown) {
            outcome_fail(outcome, "no memory to read it");
            return false;
        }
        buffer->data = grown;
        buffer->size_bytes *= 2;
    }
    *size_bytes = have;
    return true;
}

/* For the gallery: an output that is already there. What cannot be read is left out. */
static void job_embed_existing(const struct target *target, struct job_buffer *buffer, struct outcome *outcome)
{
    crush_info info;
    struct stat st;
    int fd = open(target->path, O_RDONLY | O_NONBLOCK | O_NOFOLLOW | O_CLOEXEC);
    ssize_t got = -1;
    if (fd >= 0 && fstat(fd, &st) == 0 && S_ISREG(st.st_mode) && job_reserve(buffer, JOB_EMBED_BYTES + 1))
        got = job_read(fd, buffer->data, JOB_EMBED_BYTES + 1);
    if (fd >= 0)
        close(fd);
    if (got <= 0 || got > JOB_EMBED_BYTES || crush_probe(buffer->data, (size_t)got, NULL, &info, NULL) != CRUSH_OK ||
        info.format != CRUSH_FORMAT_JPEG)
        return;
    outcome->embed = malloc((size_t)got);
    if (!outcome->embed)
        return;
    memcpy(outcome->embed, buffer->data, (size_t)got);
    outcome->embed_bytes = outcome->bytes = (size_t)got;
    outcome->width_px = info.source_width_px;
    outcome->height_px = info.source_height_px;
    outcome->has_picture = true;
}

/*
 * Is an existing output what a run left that a power failure ended? A name is given to whole files only (output.c), but
 * no file is synced, so that after one a file may be empty, or end in what was never written. Another file is left
 * alone, and so is what the person named.
 */
static bool job_is_cut_off(const struct target *target, const struct stat *st)
{
    static const unsigned char nothing[20] = {0}, jpeg_of_ours[20] = {0xFF, 0xD8, 0xFF, 0xE0, 0, 16, 'J', 'F', 'I', 'F',
                                                                      0,    1,    1,    0,    0, 1,  0,   1,   0,   0};
    unsigned char first[20] = {0}, last[2] = {0};
    if (!S_ISREG(st->st_mode) || target->named)
        return false;
    if (st->st_size == 0)
        return true;
    const int fd = open(target->path, O_RDONLY | O_NONBLOCK | O_NOFOLLOW | O_CLOEXEC);
    const bool was_read =
        fd >= 0 && pread(fd, first, sizeof first, 0) == sizeof first && pread(fd, last, 2, st->st_size - 2) == 2;
    if (fd >= 0)
        close(fd);
    const bool is_empty = memcmp(first, nothing, sizeof first) == 0;
    const bool is_ours = memcmp(first, jpeg_of_ours, sizeof first) == 0;
    return was_read && (is_empty || (is_ours && !(last[0] == 0xFF && last[1] == 0xD9)));
}

/*
 * Looks at the place where the output will go. True: go on, and *ret_pour says whether its bytes go into a pipe or a
 * device that the person named. The input itself is never overwritten, not even with --force, and what is no regular
 * file is never replaced.
 */
static bool job_check_target(const struct options *options, const struct target *target, const struct stat *source,
                             struct job_buffer *buffer, bool *ret_pour, bool *ret_replace, struct outcome *outcome)
{
    struct stat st, followed;
    char text[128];
    *ret_pour = false;
    *ret_replace = options->force;
    int fault = output_look(target, &st);
    if (fault == ENOENT)
        return true;
    if (fault) {
        outcome_fail(outcome, "cannot write to %s: %s", target->path,
                     fault == ELOOP || fault == ENOTDIR ? tr("a link or a file stands where a folder should be")
                                                        : tr(strerror_r(fault, text, sizeof text)));
        return false;
    }
    /* A link is followed for two questions only: /dev/stdout is one. */
    if (!S_ISLNK(st.st_mode) || stat(target->path, &followed) != 0)
        followed = st;
    if (followed.st_dev == source->st_dev && followed.st_ino == source->st_ino) {
        outcome_fail(outcome, "the output %s is the input itself", target->path);
    } else if (S_ISDIR(st.st_mode)) {
        outcome_fail(outcome, "the output %s is a folder", target->path);
    } else if (target->named && output_is_stream(&followed)) {
        *ret_pour = true;
        return true;
    } else if (options->resume && job_is_cut_off(target, &st)) {
        *ret_replace = true;
        return true;
    } else if (!options->force) {
        outcome->kind = OUTCOME_SKIPPED;
        if (S_ISREG(st.st_mode))
            snprintf(outcome->error, sizeof outcome->error, tr("skipped, %s exists (--force overwrites it)"),
                     target->path);
        else
            snprintf(outcome->error, sizeof outcome->error, tr("skipped, %s exists and is %s"), target->path,
                     output_kind_text(&st));
        outcome->output = strdup(target->path);
        outcome->source_bytes = (uint64_t)source->st_size;
        outcome->has_size = S_ISREG(source->st_mode);
        if (options->gallery)
            job_embed_existing(target, buffer, outcome);
    } else if (!S_ISREG(st.st_mode)) {
        outcome_fail(outcome, "the output %s is %s, and only regular files are overwritten", target->path,
                     output_kind_text(&st));
    } else {
        return true;
    }
    return false;
}

/* Keeps a JPEG for the gallery. Not the library's block itself: it may be larger than what it holds. */
static void job_embed(const crush_result *jpeg, struct outcome *outcome)
{
    outcome->embed = malloc(jpeg->size_bytes);
    if (!outcome->embed)
        return;
    memcpy(outcome->embed, jpeg->data, jpeg->size_bytes);
    outcome->embed_bytes = jpeg->size_bytes;
}

/* Of a result that is too large for the gallery a thumbnail is kept. */
static void job_embed_picture(const crush_picture *picture, const crush_result *result, struct outcome *outcome)
{
    crush_encode_options thumbnail;
    crush_result small = {0};
    if (result->size_bytes <= JOB_EMBED_BYTES) {
        job_embed(result, outcome);
        return;
    }
    crush_encode_options_preset(&thumbnail, CRUSH_PRESET_THUMBNAIL);
    thumbnail.should_stop = stop_callback;
    if (crush_encode(picture, &thumbnail, &small, NULL) == CRUSH_OK)
        job_embed(&small, outcome);
    crush_result_clear(&small);
}

static struct strip_shape shape_of(const crush_strip *strip)
{
    return (struct strip_shape){.frames = strip->frames,
                                .frame_width_px = strip->frame_width_px,
                                .frame_height_px = strip->frame_height_px,
                                .frame_ms = strip->frame_ms,
                                .cell_width_px = strip->jpeg.width_px / strip->frames,
                                .cell_height_px = strip->jpeg.height_px,
                                .flashes = strip->flashes};
}

static void job_embed_strip(const struct options *options, const struct job_buffer *buffer, size_t size_bytes,
                            const crush_strip *strip, struct outcome *outcome)
{
    crush_encode_options thumbnail;
    crush_strip small = {0};
    outcome->embed_shape = outcome->shape;
    if (strip->jpeg.size_bytes <= JOB_EMBED_BYTES) {
        job_embed(&strip->jpeg, outcome);
        return;
    }
    crush_encode_options_preset(&thumbnail, CRUSH_PRESET_THUMBNAIL);
    thumbnail.should_stop = stop_callback;
    if (crush_clip(buffer->data, size_bytes, &options->open, &thumbnail, 0, &small, NULL) == CRUSH_OK) {
        job_embed(&small.jpeg, outcome);
        outcome->embed_shape = shape_of(&small);
    }
    crush_strip_clear(&small);
}

/* How the result leaves, decided before the picture is read. */
struct way_out {
    struct target *target;
    bool pour;                       /* the target is a pipe or a device */
    bool replace;                    /* what is there */
    const struct timespec *modified; /* for --keep-date, or NULL */
};

static void job_write(const struct options *options, const struct way_out *way, const crush_result *result,
                      struct outcome *outcome)
{
    struct target *target = way->target;
    bool to_stdout = strcmp(target->path, "-") == 0;
    int fault = 0;
    if (options->dry_run)
        fault = 0;
    else if (to_stdout)
        fault = output_write(STDOUT_FILENO, result->data, result->size_bytes);
    else if (way->pour)
        fault = output_pour(target->path, result->data, result->size_bytes);
    else
        fault = output_save(target, result->data, result->size_bytes, way->modified, way->replace);
    if (fault == EEXIST && !options->force) { /* another job, or another worker of a farm, had the same one */
        outcome->kind = OUTCOME_SKIPPED;
        snprintf(outcome->error, sizeof outcome->error,
                 options->resume ? tr("skipped, %s was made meanwhile")
                                 : tr("skipped, %s exists (--force overwrites it)"),
                 target->path);
        outcome->output = target->path;
        target->path = NULL;
        return;
    }
    if (fault) {
        char text[128];
        outcome_fail(outcome, "cannot write %s: %s", to_stdout ? tr("to standard output") : target->path,
                     fault == ENOTTY ? tr("a terminal is no place for a picture")
                                     : tr(strerror_r(fault, text, sizeof text)));
        return;
    }
    outcome->kind = OUTCOME_CRUSHED;
    outcome->output = target->path;
    target->path = NULL;
    outcome->has_picture = true;
    outcome->bytes = result->size_bytes;
    outcome->width_px = result->width_px;
    outcome->height_px = result->height_px;
    outcome->quality = result->quality;
}

/* Ends a crush: whatever failed is named, what came out is written. True: it lies where it should. */
static bool job_end(const struct options *options, const struct way_out *way, crush_status status,
                    const crush_error *error, const crush_result *result, struct outcome *outcome)
{
    char why[REASON_MAX];
    if (stop_requested())
        outcome->kind = OUTCOME_STOPPED; /* what was finished in the last moment is not worth a race */
    else if (status != CRUSH_OK)
        outcome_fail(outcome, "%s", reason_say(error->message, why));
    else
        job_write(options, way, result, outcome);
    return outcome->kind == OUTCOME_CRUSHED && options->gallery && !options->dry_run;
}

static void job_note_source(const crush_info *info, struct outcome *outcome)
{
    outcome->source_width_px = info->source_width_px;
    outcome->source_height_px = info->source_height_px;
    outcome->truncated = info->truncated;
    outcome->was_probed = true;
}

/* An animation to a strip of frames. */
static void job_crush_clip(const struct options *options, const struct way_out *way, const struct job_buffer *buffer,
                           size_t size_bytes, struct outcome *outcome)
{
    crush_strip strip = {0};
    crush_error error = {0};
    const crush_status status =
        crush_clip(buffer->data, size_bytes, &options->open, &options->encode, options->clip_frames, &strip, &error);
    outcome->truncated = strip.truncated;
    if (status == CRUSH_OK)
        outcome->shape = shape_of(&strip);
    if (job_end(options, way, status, &error, &strip.jpeg, outcome))
        job_embed_strip(options, buffer, size_bytes, &strip, outcome);
    crush_strip_clear(&strip);
}

/* Crushes the bytes and writes what comes out. */
static void job_crush(const struct options *options, const struct way_out *way, const struct job_buffer *buffer,
                      size_t size_bytes, struct outcome *outcome)
{
    crush_picture *picture = NULL;
    crush_result result = {0};
    crush_error error = {0};
    crush_info probed;
    if (options->clip && crush_probe(buffer->data, size_bytes, &options->open.limits, &probed, NULL) == CRUSH_OK &&
        probed.frames > 1) {
        job_note_source(&probed, outcome);
        job_crush_clip(options, way, buffer, size_bytes, outcome);
        return;
    }
    crush_status status = crush_open(buffer->data, size_bytes, &options->open, &picture, &error);
    if (status == CRUSH_OK) {
        job_note_source(crush_picture_info(picture), outcome);
        status = crush_encode(picture, &options->encode, &result, &error);
    } else if (crush_probe(buffer->data, size_bytes, &options->open.limits, &probed, NULL) == CRUSH_OK) {
        job_note_source(&probed, outcome);
    }
    if (job_end(options, way, status, &error, &result, outcome))
        job_embed_picture(picture, &result, outcome);
    crush_result_clear(&result);
    crush_close(picture);
}

void job_run(const struct options *options, const struct input *input, struct target *target, struct job_buffer *buffer,
             struct outcome *ret_outcome)
{
    struct outcome outcome = {.kind = OUTCOME_STOPPED};
    struct way_out way = {.target = target};
    struct stat st = {0};
    size_t limit = options->open.limits.max_input_bytes;
    assert(!input->fault && target->path); /* run.c tells of the others itself */
    /* A pipe that took a file's place since the folder was read must not make us wait. */
    int fd = input->is_stdin ? STDIN_FILENO
                             : open(input->path, O_RDONLY | O_CLOEXEC | O_NOCTTY | (input->found ? O_NONBLOCK : 0));
    if (fd < 0 || fstat(fd, &st) != 0) {
        if (stop_requested())
            goto out;
        outcome_fail_errno(&outcome, "cannot be opened", errno);
        goto out;
    }
    if (S_ISDIR(st.st_mode)) {
        outcome_fail(&outcome, "is a folder");
        goto out;
    }
    if (input->found && !S_ISREG(st.st_mode)) {
        outcome.kind = OUTCOME_PASSED_OVER;
        goto out;
    }
    if (!job_reserve(buffer, HEAD_BYTES)) {
        outcome_fail(&outcome, "no memory to read it");
        goto out;
    }
    ssize_t got = job_read(fd, buffer->data, SNIFF_BYTES);
    if (got < 0) {
        if (!stop_requested())
            outcome_fail_errno(&outcome, "cannot be read", errno);
        goto out;
    }
    size_t size_bytes = (size_t)got;
    outcome.format = crush_sniff(buffer->data, size_bytes);
    outcome.was_read = true;
    if (input->found && outcome.format == CRUSH_FORMAT_UNKNOWN) {
        outcome.kind = OUTCOME_PASSED_OVER;
        goto out;
    }
    if (S_ISREG(st.st_mode)) {
        outcome.source_bytes = (uint64_t)st.st_size;
        outcome.has_size = true;
    }
    unsigned char first[SNIFF_BYTES];
    memcpy(first, buffer->data, size_bytes);
    if (strcmp(target->path, "-") != 0 &&
        !job_check_target(options, target, &st, buffer, &way.pour, &way.replace, &outcome))
        goto out;
    memcpy(buffer->data, first, size_bytes); /* the look at an existing output may have used the buffer */
    if (outcome.format == CRUSH_FORMAT_UNKNOWN) {
        /* Not more of it than the library needs to say what it is: the rest may be endless. */
        got = job_read(fd, buffer->data + size_bytes, HEAD_BYTES - size_bytes);
        job_crush(options, &way, buffer, size_bytes + (size_t)(got > 0 ? got : 0), &outcome);
        goto out;
    }
    if (S_ISREG(st.st_mode) && (uint64_t)st.st_size > limit) {
        outcome_fail(&outcome, "%llu bytes are more than %zu, the limit for an input", (unsigned long long)st.st_size,
                     limit);
        goto out;
    }
    if (!job_read_rest(fd, (size_t)st.st_size, limit, buffer, &size_bytes, &outcome))
        goto out;
    outcome.source_bytes = size_bytes;
    outcome.has_size = true;
    if (options->keep_date && S_ISREG(st.st_mode))
        way.modified = &st.st_mtim;
    if (!stop_requested())
        job_crush(options, &way, buffer, size_bytes, &outcome);
out:
    if (outcome.kind == OUTCOME_FAILED && stop_requested())
        outcome.kind = OUTCOME_STOPPED;
    if (fd > STDIN_FILENO)
        close(fd);
    if (buffer->size_bytes > KEEP_BUFFER_BYTES) {
        free(buffer->data);
        *buffer = (struct job_buffer){0};
    }
    free(target->path);
    target->path = NULL;
    *ret_outcome = outcome;
}
