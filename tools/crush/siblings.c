/*
 * See siblings.h. One question costs a look for every extension; the first few of a folder are answered so, that one
 * file of a large folder costs no more. Then the folder is read, and of each stem is kept how many names have it. A
 * stem is kept as a keyed hash: should two be alike, a name is longer than it had to be, and nothing worse. It refuses
 * to keep more than one folder, or one with too many names.
 */
#include "siblings.h"

#include <dirent.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/random.h>
#include <sys/stat.h>

static const char *const extensions[] = {".jpg",  ".JPG",  ".jpeg", ".JPEG", ".png",  ".PNG",  ".webp", ".WEBP",
                                         ".gif",  ".GIF",  ".jpe",  ".JPE",  ".jfif", ".JFIF", ".apng", ".APNG",
                                         ".heic", ".HEIC", ".heif", ".HEIF", ".hif",  ".HIF",  ".avif", ".AVIF"};
enum { EXTENSION_COUNT = sizeof extensions / sizeof extensions[0] };
enum { LOOKS = 8, STEMS_MOST = 1 << 20 };

struct stem {
    uint64_t hash; /* 0: free */
    uint32_t names;
};

struct siblings {
    uint64_t key;
    char *folder; /* the one asked for last, with its slash; "" is the one we are in */
    unsigned asked;
    struct stem *stems; /* open addressing, size a power of two, at most half full; NULL: not read */
    size_t size, count;
};

struct siblings *siblings_open(void)
{
    struct siblings *siblings = calloc(1, sizeof *siblings);
    if (siblings && getrandom(&siblings->key, sizeof siblings->key, GRND_NONBLOCK) < 0)
        siblings->key = 0x9e3779b97f4a7c15;
    return siblings;
}

static void folder_forget(struct siblings *s)
{
    free(s->folder);
    free(s->stems);
    *s = (struct siblings){.key = s->key};
}

void siblings_close(struct siblings *siblings)
{
    if (siblings)
        folder_forget(siblings);
    free(siblings);
}

size_t siblings_stem_bytes(const char *name)
{
    size_t bytes = strlen(name);
    for (size_t i = 0; i < EXTENSION_COUNT; i++) {
        size_t extension = strlen(extensions[i]);
        if (bytes > extension && strcasecmp(name + bytes - extension, extensions[i]) == 0)
            return bytes - extension;
    }
    return bytes;
}

/* ---- One question -------------------------------------------------------------------------------------- */

static bool look_beside(const char *path, size_t stem_bytes)
{
    char *other = malloc(stem_bytes + 8);
    bool found = false;
    if (!other)
        return true; /* the longer name is the safe one */
    memcpy(other, path, stem_bytes);
    for (size_t i = 0; i <= EXTENSION_COUNT && !found; i++) {
        struct stat st;
        snprintf(other + stem_bytes, 8, "%s", i < EXTENSION_COUNT ? extensions[i] : "");
        found = strcmp(other, path) != 0 && lstat(other, &st) == 0 && !S_ISDIR(st.st_mode);
    }
    free(other);
    return found;
}

/* ---- A whole folder ------------------------------------------------------------------------------------ */

static uint64_t stem_hash(const struct siblings *s, const char *text, size_t bytes)
{
    uint64_t hash = s->key;
    for (size_t i = 0; i < bytes; i++) {
        hash = (hash ^ (unsigned char)text[i]) * 0xff51afd7ed558ccd;
        hash ^= hash >> 32;
    }
    return hash ? hash : 1;
}

static struct stem *stem_slot(struct stem *stems, size_t size, uint64_t hash)
{
    size_t i = hash & (size - 1);
    while (stems[i].hash && stems[i].hash != hash)
        i = (i + 1) & (size - 1);
    return &stems[i];
}

static bool stem_count(struct siblings *s, const char *text, size_t bytes)
{
    if (2 * s->count >= s->size) {
        const size_t size = 2 * s->size;
        struct stem *stems = s->count < STEMS_MOST ? calloc(size, sizeof *stems) : NULL;
        if (!stems)
            return false;
        for (size_t i = 0; i < s->size; i++)
            if (s->stems[i].hash)
                *stem_slot(stems, size, s->stems[i].hash) = s->stems[i];
        free(s->stems);
        s->stems = stems;
        s->size = size;
    }
    struct stem *stem = stem_slot(s->stems, s->size, stem_hash(s, text, bytes));
    s->count += !stem->hash;
    stem->hash = stem_hash(s, text, bytes);
    stem->names++;
    return true;
}

/* Length of the stem that a name stands for beside others: its ending is one of ours to the letter. */
static size_t exact_stem_bytes(const char *name)
{
    const size_t bytes = strlen(name);
    for (size_t i = 0; i < EXTENSION_COUNT; i++) {
        const size_t extension = strlen(extensions[i]);
        if (bytes >= extension && strcmp(name + bytes - extension, extensions[i]) == 0)
            return bytes - extension;
    }
    return bytes;
}

/* Every name counts for itself and for what it is without its extension. Nothing is kept where it cannot be read to its
 * end. */
static void folder_read(struct siblings *s)
{
    DIR *dir = opendir(*s->folder ? s->folder : ".");
    const struct dirent *entry;
    bool fine = dir != NULL;
    s->size = 1024;
    s->stems = calloc(s->size, sizeof *s->stems);
    fine = fine && s->stems;
    while (fine && (entry = readdir(dir))) {
        const size_t bytes = strlen(entry->d_name), stem_bytes = exact_stem_bytes(entry->d_name);
        if (entry->d_type == DT_DIR)
            continue;
        fine = entry->d_type != DT_UNKNOWN && stem_count(s, entry->d_name, bytes) &&
               (stem_bytes == bytes || stem_count(s, entry->d_name, stem_bytes));
    }
    if (dir)
        closedir(dir);
    if (!fine) {
        free(s->stems);
        s->stems = NULL;
    }
}

bool siblings_any(struct siblings *s, const char *path, size_t stem_bytes)
{
    const char *slash = strrchr(path, '/'), *name = slash ? slash + 1 : path;
    const size_t folder_bytes = (size_t)(name - path);
    if (!s->folder || strlen(s->folder) != folder_bytes || memcmp(s->folder, path, folder_bytes) != 0) {
        folder_forget(s);
        s->folder = strndup(path, folder_bytes);
    }
    if (s->folder && !s->stems && s->asked++ == LOOKS)
        folder_read(s);
    if (!s->stems)
        return look_beside(path, stem_bytes);
    const size_t bytes = stem_bytes - folder_bytes;
    const struct stem *stem = stem_slot(s->stems, s->size, stem_hash(s, name, bytes));
    return stem->names > (exact_stem_bytes(name) == bytes); /* itself does not count */
}
