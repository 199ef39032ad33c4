/*
 * Times the library in process, with the options of the command line and by its own parser, so that it cannot measure
 * what that never does: crush_bench ROUNDS [OPTION]... FILE... For each file one line: open, encode (median CPU
 * milliseconds of the rounds), bytes, name. Reading and writing files does not count.
 */
#include "crush.h"
#include "crush/options.h"

#include <stdio.h>
#include <stdlib.h>
#include <time.h>

enum { MAX_ROUNDS = 101 };

static double cpu_ms(void)
{
    struct timespec t;
    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &t);
    return (double)t.tv_sec * 1e3 + (double)t.tv_nsec / 1e6;
}

static int compare(const void *a, const void *b)
{
    double x = *(const double *)a, y = *(const double *)b;
    return (x > y) - (x < y);
}

static double median(double *values, int count)
{
    qsort(values, (size_t)count, sizeof *values, compare);
    return values[count / 2];
}

static unsigned char *read_file(const char *path, size_t *ret_size)
{
    FILE *file = fopen(path, "rb");
    if (!file)
        return NULL;
    fseek(file, 0, SEEK_END);
    long size = ftell(file);
    rewind(file);
    unsigned char *data = size > 0 ? malloc((size_t)size) : NULL;
    if (data && fread(data, 1, (size_t)size, file) != (size_t)size) {
        free(data);
        data = NULL;
    }
    fclose(file);
    *ret_size = (size_t)size;
    return data;
}

/* False: it could not be crushed, and that was said. */
static int measure(const char *path, const struct options *options, int rounds)
{
    double opening[MAX_ROUNDS], encoding[MAX_ROUNDS];
    size_t size = 0, bytes = 0;
    unsigned char *data = read_file(path, &size);
    crush_error error = {.message = "cannot be read"};
    crush_status status = data ? CRUSH_OK : CRUSH_EINVAL;
    for (int round = 0; status == CRUSH_OK && round < rounds; round++) {
        crush_picture *picture = NULL;
        crush_result result = {0};
        const double start = cpu_ms();
        status = crush_open(data, size, &options->open, &picture, &error);
        const double opened = cpu_ms();
        if (status == CRUSH_OK)
            status = crush_encode(picture, &options->encode, &result, &error);
        crush_close(picture);
        opening[round] = opened - start;
        encoding[round] = cpu_ms() - opened;
        bytes = result.size_bytes;
        crush_result_clear(&result);
    }
    if (status == CRUSH_OK)
        printf("%.3f %.3f %zu %s\n", median(opening, rounds), median(encoding, rounds), bytes, path);
    else
        fprintf(stderr, "%s: %s\n", path, error.message);
    free(data);
    return status == CRUSH_OK;
}

int main(int argc, char **argv)
{
    struct options options;
    const int rounds = argc > 1 ? (int)strtol(argv[1], NULL, 10) : 0;
    int done = 1;
    if (rounds < 1 || rounds > MAX_ROUNDS || options_parse(argc - 1, argv + 1, &options) != OPTIONS_RUN) {
        fprintf(stderr, "usage: crush_bench ROUNDS [OPTION OF piclog-crush]... FILE...\n");
        return 2;
    }
    crush_arena *arena = NULL;
    if (crush_arena_open(NULL, 0, &arena, NULL) == CRUSH_OK) /* as the command line has one */
        crush_arena_use(arena);
    for (size_t i = 0; i < options.operand_count; i++)
        done &= measure(options.operands[i], &options, rounds);
    crush_arena_close(arena);
    return !done;
}
