/*
 * piclog-crush: crushes pictures from the command line. A client of crush.h and nothing else.
 */
#include "crush.h"

#include <stdio.h>
#include <stdlib.h>

int main(int argc, char **argv)
{
    if (argc != 3) {
        fprintf(stderr, "usage: piclog-crush IN OUT\n");
        return 2;
    }
    FILE *in = fopen(argv[1], "rb");
    if (!in) {
        perror(argv[1]);
        return 1;
    }
    unsigned char *data = malloc(64000000);
    size_t size = data ? fread(data, 1, 64000000, in) : 0;
    fclose(in);
    crush_picture *picture = NULL;
    crush_result result = {0};
    crush_error error;
    int rc = 1;
    if (crush_open(data, size, NULL, &picture, &error) || crush_encode(picture, NULL, &result, &error)) {
        fprintf(stderr, "%s: %s\n", argv[1], error.message);
    } else {
        FILE *out = fopen(argv[2], "wb");
        if (out && fwrite(result.data, 1, result.size_bytes, out) == result.size_bytes && fclose(out) == 0)
            rc = 0;
    }
    crush_result_clear(&result);
    crush_close(picture);
    free(data);
    return rc;
}
