/*
 * Fits the numbers of src/crush/encode/tables.c from pictures; tools/benchmarks/fit prepares those and says how to
 * call.
 *
 *     fit [-b BYTES,…] [-a] [-v] [NAME|NAME=VALUE]... -- FILE.png...
 *
 * It is linked with a tables.c of its own, in which numbers are variables that are found by name; everything else is
 * the library as it is. FILE.ppm has the same pixels as FILE.png. A picture is opened once, then encoded within each
 * budget and scored off the block grid (offgrid.h). The score of a set of numbers is the mean over pictures and
 * budgets.
 *
 * Climbing: each number goes up by a tenth, else down by a tenth, as long as that helps; when a round has moved none
 * the part is halved, until it is below a fortieth. What moves the mean by less than a hundredth of a point does not
 * count. A NAME with a VALUE begins there. -a: as with --shrink auto. -v: the score of each picture at the end.
 *
 * It refuses to write tables.c: whoever takes new numbers over first confirms them on pictures that were not used.
 */
#include "crush.h"
#include "offgrid.h"

#include <dlfcn.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { MAX_NUMBERS = 64, MAX_PICTURES = 512, MAX_BUDGETS = 8, MAX_THREADS = 16 };
#define FIRST_PART 0.1f
#define LEAST_PART 0.025f
#define COUNTS     0.01 /* points */

struct sample {
    const char *path;
    crush_picture *picture;
    struct offgrid *reference;
    double score; /* mean over the budgets */
};

struct number {
    char name[64];
    float *value, first;
};

static struct sample samples[MAX_PICTURES];
static struct number numbers[MAX_NUMBERS];
static size_t budgets[MAX_BUDGETS] = {6000, 12000};
static int sample_count, number_count, budget_count = 2, tries;
static crush_shrink shrink = CRUSH_SHRINK_NEVER;
static atomic_int next_sample;

static void fail(const char *name, const char *what)
{
    fprintf(stderr, "fit: %s: %s\n", name, what);
    exit(1);
}

/* ---- Scoring ----------------------------------------------------------------------------------- */

static void sample_open(const char *path, struct sample *ret_sample)
{
    crush_open_options options;
    crush_error error;
    struct sample sample = {.path = path};
    char ppm[4096];
    size_t bytes;
    const char *end = strrchr(path, '.');
    crush_open_options_init(&options);
    options.max_rewrite_bytes = 0;
    options.max_side_px = 16384; /* as it is */
    unsigned char *data = offgrid_read_file(path, &bytes);
    if (crush_open(data, bytes, &options, &sample.picture, &error) != CRUSH_OK)
        fail(path, error.message);
    free(data);
    snprintf(ppm, sizeof ppm, "%.*s.ppm", end ? (int)(end - path) : (int)strlen(path), path);
    data = offgrid_read_file(ppm, &bytes);
    struct offgrid_picture pixels = offgrid_decode(ppm, data, bytes);
    sample.reference = offgrid_prepare(ppm, &pixels, 0);
    free(pixels.rgb);
    free(data);
    *ret_sample = sample;
}

static void sample_score(struct sample *sample)
{
    crush_encode_options options;
    crush_result result;
    crush_error error;
    double sum = 0;
    crush_encode_options_init(&options);
    options.max_side_px = 0;
    options.shrink = shrink;
    options.cap_at_source = 0;
    for (int i = 0; i < budget_count; i++) {
        options.budget_bytes = budgets[i];
        if (crush_encode(sample->picture, &options, &result, &error) != CRUSH_OK)
            fail(sample->path, error.message);
        sum += offgrid_score(sample->reference, sample->path,
                             offgrid_decode(sample->path, result.data, result.size_bytes));
        crush_result_clear(&result);
    }
    sample->score = sum / budget_count;
}

static void *score_samples(void *unused)
{
    for (int i; (i = atomic_fetch_add(&next_sample, 1)) < sample_count;)
        sample_score(&samples[i]);
    return unused;
}

/* The mean over all pictures with the numbers as they are. */
static double score_all(void)
{
    pthread_t threads[MAX_THREADS];
    const long processors = sysconf(_SC_NPROCESSORS_ONLN);
    int count = 0;
    double sum = 0;
    atomic_store(&next_sample, 0);
    while (count < processors - 1 && count < MAX_THREADS &&
           pthread_create(&threads[count], NULL, score_samples, NULL) == 0)
        count++;
    score_samples(NULL);
    while (count > 0)
        pthread_join(threads[--count], NULL);
    for (int i = 0; i < sample_count; i++)
        sum += samples[i].score;
    tries++;
    return sum / sample_count;
}

/* ---- Climbing ---------------------------------------------------------------------------------- */

/* Moves a number by a factor, again and again while that helps. 1: it has moved. */
static int climb_by(struct number *number, float factor, double *best)
{
    int moved = 0;
    for (;;) {
        const float before = *number->value;
        *number->value = before ? before * factor : factor - 1; /* from zero by as much as from one */
        const double score = score_all();
        if (score < *best + COUNTS) {
            *number->value = before;
            return moved;
        }
        moved = 1;
        *best = score;
        printf("%8.3f  %s %g\n", score, number->name, (double)*number->value);
        fflush(stdout);
    }
}

static void climb(void)
{
    double best = score_all();
    const double first = best;
    printf("%8.3f  as it is, %d pictures\n", best, sample_count);
    fflush(stdout);
    for (float part = FIRST_PART; number_count && part >= LEAST_PART;) {
        int moved = 0;
        for (int i = 0; i < number_count; i++)
            moved += climb_by(&numbers[i], 1 + part, &best) || climb_by(&numbers[i], 1 / (1 + part), &best);
        if (!moved)
            part /= 2;
    }
    for (int i = 0; i < number_count; i++)
        printf("%-24s %g, before %g\n", numbers[i].name, (double)*numbers[i].value, (double)numbers[i].first);
    printf("%+.3f points after %d tries\n", best - first, tries);
}

/* ---- Arguments --------------------------------------------------------------------------------- */

static void add_number(const char *argument)
{
    struct number *number = &numbers[number_count];
    const char *equals = strchr(argument, '=');
    if (number_count == MAX_NUMBERS)
        fail(argument, "too many numbers");
    snprintf(number->name, sizeof number->name, "%.*s", equals ? (int)(equals - argument) : (int)strlen(argument),
             argument);
    number->value = dlsym(NULL, number->name);
    if (!number->value)
        fail(number->name, "is no NUMBER of tables.c");
    number->first = *number->value;
    if (equals)
        *number->value = strtof(equals + 1, NULL);
    else
        number_count++;
}

static void read_budgets(const char *list)
{
    char *end;
    for (budget_count = 0; budget_count < MAX_BUDGETS; list = end + 1) {
        budgets[budget_count++] = strtoul(list, &end, 10);
        if (*end != ',')
            return;
    }
}

int main(int argc, char **argv)
{
    int option, verbose = 0;
    while ((option = getopt(argc, argv, "+b:av")) != -1) {
        switch (option) {
        case 'b': read_budgets(optarg); break;
        case 'a': shrink = CRUSH_SHRINK_AUTO; break;
        case 'v': verbose = 1; break;
        default: return 2;
        }
    }
    if (optind > 1 && strcmp(argv[optind - 1], "--") == 0)
        optind--; /* no numbers: getopt took it */
    for (; optind < argc && strcmp(argv[optind], "--") != 0; optind++)
        add_number(argv[optind]);
    for (optind++; optind < argc && sample_count < MAX_PICTURES; optind++)
        sample_open(argv[optind], &samples[sample_count++]);
    if (!sample_count)
        fail("usage", "fit [-b BYTES,...] [-a] [-v] [NAME|NAME=VALUE]... -- FILE.png...");
    climb();
    if (verbose)
        (void)score_all(); /* the last try may have been turned down */
    for (int i = 0; i < sample_count; i++) {
        if (verbose)
            printf("%8.3f  %s\n", samples[i].score, samples[i].path);
        crush_close(samples[i].picture);
        offgrid_free(samples[i].reference);
    }
    return 0;
}
