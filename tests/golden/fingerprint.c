/* The fingerprint of each picture named on the command line, as the service sees it: "hex path", or "- path" for what
   is no picture. For fingerprints.test.mjs. */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>

#include "crush.h"

enum { MAX_BYTES = 64 << 20, SIDE_PX = 800 };

static int read_file(const char *path, unsigned char *data, size_t *ret_size_bytes)
{
    FILE *file = fopen(path, "rb");
    if (!file)
        return -1;
    *ret_size_bytes = fread(data, 1, MAX_BYTES, file);
    return fclose(file);
}

int main(int argc, char **argv)
{
    unsigned char *data = malloc(MAX_BYTES);
    for (int i = 1; data && i < argc; i++) {
        crush_open_options options;
        crush_picture *picture = NULL;
        crush_error error;
        size_t size_bytes;
        crush_open_options_init(&options);
        options.max_side_px = SIDE_PX;
        if (read_file(argv[i], data, &size_bytes) == 0 &&
            crush_open(data, size_bytes, &options, &picture, &error) == CRUSH_OK)
            printf("%016" PRIx64 " %s\n", crush_picture_fingerprint(picture), argv[i]);
        else
            printf("- %s\n", argv[i]);
        crush_close(picture);
    }
    free(data);
    return 0;
}
