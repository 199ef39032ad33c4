/*
 * Times the library in process: crush_bench [-b BUDGET | -q QUALITY] [-n ROUNDS] [-s SIDE] FILE...
 * For each file one line: open, encode (median CPU milliseconds of the rounds), bytes, name. Reading the file does not
 * count.
 */
#include "crush.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

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

int main(int argc, char **argv)
{
    crush_open_options open_options;
    crush_encode_options encode_options;
    int rounds = 5, option;
    crush_open_options_init(&open_options);
    crush_encode_options_init(&encode_options);
    open_options.max_rewrite_bytes = 0;
    encode_options.shrink = CRUSH_SHRINK_NEVER;
    while ((option = getopt(argc, argv, "b:q:n:s:fl")) != -1) {
        switch (option) {
        case 'b': encode_options.budget_bytes = strtoul(optarg, NULL, 10); break;
        case 'q':
            encode_options.budget_bytes = 0;
            encode_options.quality = (int)strtol(optarg, NULL, 10);
            break;
        case 'n': rounds = (int)strtol(optarg, NULL, 10); break;
        case 's': open_options.max_side_px = encode_options.max_side_px = (uint32_t)strtoul(optarg, NULL, 10); break;
        case 'f': encode_options.fast = 1; break;
        case 'l': open_options.decoder = CRUSH_DECODER_LIBRARY; break;
        default: return 2;
        }
    }
    if (rounds < 1 || rounds > MAX_ROUNDS)
        return 2;
    for (int i = optind; i < argc; i++) {
        double opening[MAX_ROUNDS], encoding[MAX_ROUNDS];
        size_t size = 0, bytes = 0;
        unsigned char *data = read_file(argv[i], &size);
        for (int round = 0; data && round < rounds; round++) {
            crush_picture *picture = NULL;
            crush_result result = {0};
            crush_error error;
            double start = cpu_ms();
            if (crush_open(data, size, &open_options, &picture, &error) != CRUSH_OK) {
                fprintf(stderr, "%s: %s\n", argv[i], error.message);
                return 1;
            }
            double opened = cpu_ms();
            if (crush_encode(picture, &encode_options, &result, &error) != CRUSH_OK) {
                fprintf(stderr, "%s: %s\n", argv[i], error.message);
                return 1;
            }
            crush_close(picture);
            opening[round] = opened - start;
            encoding[round] = cpu_ms() - opened;
            bytes = result.size_bytes;
            crush_result_clear(&result);
        }
        if (data)
            printf("%.3f %.3f %zu %s\n", median(opening, rounds), median(encoding, rounds), bytes, argv[i]);
        free(data);
    }
    return 0;
}
