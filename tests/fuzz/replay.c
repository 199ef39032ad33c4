/* Runs a fuzz target over files and folders; prints how many. See fuzz.h. */
#include "fuzz.h"

#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

static int replay_file(const char *path)
{
    FILE *file = fopen(path, "rb");
    if (!file)
        return 0;
    size_t size = 0, room = 1 << 20;
    uint8_t *data = malloc(room);
    size_t got;
    while (data && (got = fread(data + size, 1, room - size, file)) > 0)
        if ((size += got) == room) {
            uint8_t *more = realloc(data, room *= 2);
            if (!more)
                break;
            data = more;
        }
    fclose(file);
    if (!data)
        return 0;
    /* A copy of the exact length, so that reading past the end is seen. */
    uint8_t *exact = malloc(size ? size : 1);
    if (exact) {
        memcpy(exact, data, size);
        LLVMFuzzerTestOneInput(exact, size);
    }
    free(exact);
    free(data);
    return 1;
}

static int replay(const char *path)
{
    struct stat info;
    if (stat(path, &info) != 0)
        return 0;
    if (!S_ISDIR(info.st_mode))
        return replay_file(path);
    int count = 0;
    DIR *folder = opendir(path);
    for (struct dirent *entry; folder && (entry = readdir(folder));) {
        char inside[4096];
        if (entry->d_name[0] == '.')
            continue;
        if (snprintf(inside, sizeof inside, "%s/%s", path, entry->d_name) < (int)sizeof inside)
            count += replay(inside);
    }
    if (folder)
        closedir(folder);
    return count;
}

/* Targets that need something before their first input define it, as libFuzzer has it. */
__attribute__((weak)) int LLVMFuzzerInitialize(int *argc, char ***argv);

int main(int argc, char **argv)
{
    int count = 0;
    if (LLVMFuzzerInitialize)
        LLVMFuzzerInitialize(&argc, &argv);
    for (int i = 1; i < argc; i++)
        count += replay(argv[i]);
    printf("1..1\n%s 1 - replayed %d inputs\n", count ? "ok" : "not ok", count);
    return count ? 0 : 1;
}
