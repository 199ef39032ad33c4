/*
 * piclog-crush: crushes pictures from the command line. A client of crush.h and nothing else.
 *
 * This file wires the parts together and sums up. Read on in the order of the work: crush/options.c (command line),
 * inputs.c (folders, lists), naming.c, siblings.c and names.c (output names), run.c (threads), job.c (one picture),
 * output.c (files), then what tells about it: json.c, progress.c, gallery.c, text.c. The contract is the man page,
 * piclog-crush.1.
 */
#include "base/lang.h"
#include "base/reason.h"
#include "crush/gallery.h"
#include "crush/inputs.h"
#include "crush/naming.h"
#include "crush/options.h"
#include "crush/progress.h"
#include "crush/run.h"
#include "crush/siblings.h"
#include "crush/stop.h"
#include "crush/text.h"

#include <errno.h>
#include <fcntl.h>
#include <locale.h>
#include <malloc.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

enum { EXIT_ALL_CRUSHED = 0, EXIT_SOME_FAILED = 1, EXIT_USAGE = 2 };
/* Of the heap, between pictures: blocks that are kept, how much of it free, and by how much it grows. */
enum { KEEP_BLOCK_BYTES = 16 << 20, KEEP_HEAP_BYTES = 32 << 20, KEEP_PAD_BYTES = 256 << 10 };

/* A file opened on descriptor 1 because the caller closed it would get our messages: plug the holes. */
static void main_plug_descriptors(void)
{
    int fd;
    do
        fd = open("/dev/null", O_RDWR);
    while (fd >= 0 && fd <= STDERR_FILENO);
    if (fd >= 0)
        close(fd);
}

static void main_fault(const char *path, const char *text)
{
    fputs("piclog-crush: ", stderr);
    text_print_name(stderr, path);
    fprintf(stderr, ": %s\n", tr(text));
}

/* One line: what was done. */
static void main_sum_up(const struct totals *totals, const struct inputs *inputs, const struct options *options,
                        bool stopped)
{
    char before[TEXT_SIZE], after[TEXT_SIZE], change[TEXT_SIZE];
    unsigned long long crushed = totals->crushed, left = inputs_folders_left(inputs);
    text_size(before, totals->source_bytes);
    text_size(after, totals->bytes);
    text_change(change, totals->source_bytes, totals->bytes);
    if (stopped)
        fputs(tr("stopped: "), stderr);
    fprintf(stderr,
            options->dry_run ? trn("%llu picture would be crushed", "%llu pictures would be crushed", (int64_t)crushed)
                             : trn("%llu picture crushed", "%llu pictures crushed", (int64_t)crushed),
            crushed);
    if (crushed)
        fprintf(stderr, ", %s -> %s, %s", before, after, change);
    if (totals->skipped)
        fprintf(stderr, trn("; %llu skipped", "; %llu skipped", (int64_t)totals->skipped),
                (unsigned long long)totals->skipped);
    if (totals->passed_over)
        fprintf(stderr, trn("; %llu passed over", "; %llu passed over", (int64_t)totals->passed_over),
                (unsigned long long)totals->passed_over);
    if (left)
        fprintf(stderr,
                trn("; %llu folder not entered (-r enters)", "; %llu folders not entered (-r enters)", (int64_t)left),
                left);
    if (totals->failed)
        fprintf(stderr, trn("; %llu failed", "; %llu failed", (int64_t)totals->failed),
                (unsigned long long)totals->failed);
    putc('\n', stderr);
}

/* Everything after the command line was understood; the exit status. */
static int main_run(const struct options *options)
{
    struct totals totals = {0};
    struct stat st;
    int status = EXIT_USAGE, fault;
    struct gallery *gallery = NULL;
    struct progress *progress = NULL;
    struct inputs *inputs = inputs_open(options);
    struct naming *naming = naming_open(options);
    if (!inputs || !naming) {
        main_fault(options->files0 ? options->files0 : tr("start"), strerror(errno));
        goto out;
    }
    if (naming_into_folder(naming)) {
        const char *named = options->output;
        const int missing = stat(named, &st) == 0 ? 0 : errno;
        if (!missing && !S_ISDIR(st.st_mode)) {
            main_fault(named, N_("is a file: several inputs, or a folder, need a folder for --output"));
            goto out;
        }
        if (missing == ENOENT && siblings_stem_bytes(named) < strlen(named)) {
            main_fault(named,
                       N_("is named like a picture, but several inputs, or a folder, need a folder for --output: "
                          "end it with '/' if it shall be one"));
            goto out;
        }
    }
    fault = gallery_open(options, &gallery);
    if (fault) {
        main_fault(options->gallery, fault == EEXIST    ? N_("exists and is no gallery (--force overwrites it)")
                                     : fault == ENOTSUP ? N_("is no regular file, and nothing else is replaced")
                                                        : strerror(fault));
        goto out;
    }
    progress = progress_open(options->progress);
    enum run_status run = run_all(options, inputs, naming, progress, gallery, &totals);
    progress_close(progress);
    if (run == RUN_ENOMEM) {
        main_fault(tr("start"), "no memory for workers");
        gallery_discard(gallery);
        status = EXIT_SOME_FAILED;
        goto out;
    }
    status = totals.failed || run != RUN_OK ? EXIT_SOME_FAILED : EXIT_ALL_CRUSHED;
    if (inputs_fault(inputs)) {
        main_fault(options->files0 ? options->files0 : tr("inputs"), inputs_fault(inputs));
        status = EXIT_SOME_FAILED;
    }
    if (run == RUN_STOPPED) {
        gallery_discard(gallery);
    } else {
        fault = gallery_finish(gallery, &totals);
        if (fault) {
            main_fault(options->gallery, strerror(fault));
            status = EXIT_SOME_FAILED;
        }
    }
    if (!options->quiet)
        main_sum_up(&totals, inputs, options, run == RUN_STOPPED);
out:
    naming_close(naming);
    inputs_close(inputs);
    return status;
}

/*
 * libcrush has its arena (run.c); this is for what libjpeg, libpng and libwebp take for themselves: what one picture
 * gave back is kept for the next. A picture of many megabytes still has mappings of its own, and gives them back.
 */
static void main_keep_heap(void)
{
#ifdef __GLIBC__
    mallopt(M_MMAP_THRESHOLD, KEEP_BLOCK_BYTES);
    mallopt(M_TRIM_THRESHOLD, KEEP_HEAP_BYTES);
    mallopt(M_TOP_PAD, KEEP_PAD_BYTES);
#endif
}

int main(int argc, char **argv)
{
    struct options options;
    main_plug_descriptors();
    setlocale(LC_CTYPE, "");
    lang_load(lang_crush, NULL);
    reason_load(lang_reasons);
    lang_use(lang_of_environment());
    switch (options_parse(argc, argv, &options)) {
    case OPTIONS_DONE: return fflush(stdout) == 0 ? EXIT_ALL_CRUSHED : EXIT_SOME_FAILED;
    case OPTIONS_USAGE: return EXIT_USAGE;
    case OPTIONS_RUN: break;
    }
    if (options.json)
        lang_use(LANG_ENGLISH); /* its sentences are data */
    options.language = lang_used();
    stop_install();
    main_keep_heap();
    int status = main_run(&options);
    stop_die_of_signal();
    return status;
}
