/*
 * See siblings.h. One question costs a look for every extension; the first few of a folder are answered so, that one
 * file of a large folder costs no more. Then the folder is read, and of each stem is kept how many names have it. A
 * stem is kept as names.h does it: should two be alike, a name is longer than it had to be, and nothing worse. It
 * refuses to keep more than one folder, or one with too many names.
 */
#include "siblings.h"
#include "names.h"

#include <dirent.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/stat.h>

static const char *const extensions[] = {".jpg",  ".JPG",  ".jpeg", ".JPEG", ".png",  ".PNG",  ".webp", ".WEBP",
                                         ".gif",  ".GIF",  ".jpe",  ".JPE",  ".jfif", ".JFIF", ".apng", ".APNG",
                                         ".heic", ".HEIC", ".heif", ".HEIF", ".hif",  ".HIF",  ".avif", ".AVIF"};
enum { EXTENSION_COUNT = sizeof extensions / sizeof extensions[0] };
enum { LOOKS = 8, STEMS_MOST = 1 << 20 };

struct siblings {
    char *folder; /* the one asked for last, with its slash; "" is the one we are in */
    unsigned asked;
    struct names *stems; /* how many names have each; NULL: not read */
};

struct siblings *siblings_open(void)
{
    return calloc(1, sizeof(struct siblings));
}

static void folder_forget(struct siblings *s)
{
    free(s->folder);
    names_close(s->stems);
    *s = (struct siblings){0};
}

void siblings_close(struct siblings *siblings)
{
    if (siblings)
        folder_forget(siblings);
    free(siblings);
}

static size_t stem_bytes_by(const char *name, int (*compare)(const char *, const char *))
{
    const size_t bytes = strlen(name);
    for (size_t i = 0; i < EXTENSION_COUNT; i++) {
        const size_t extension = strlen(extensions[i]);
        if (bytes > extension && compare(name + bytes - extension, extensions[i]) == 0)
            return bytes - extension;
    }
    return bytes;
}

size_t siblings_stem_bytes(const char *name)
{
    return stem_bytes_by(name, strcasecmp);
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

static bool stem_count(struct names *stems, const char *text, size_t bytes)
{
    uint64_t *names = names_count(stems) < STEMS_MOST ? names_value(stems, text, bytes) : NULL;
    if (names)
        ++*names;
    return names;
}

/* Length of the stem that a name stands for beside others: its ending is one of ours to the letter. */
static size_t exact_stem_bytes(const char *name)
{
    return stem_bytes_by(name, strcmp);
}

/* Every name counts for itself and for what it is without its extension. Nothing is kept where it cannot be read to its
 * end. */
static void folder_read(struct siblings *s)
{
    DIR *dir = opendir(*s->folder ? s->folder : ".");
    const struct dirent *entry;
    s->stems = names_open();
    bool fine = dir && s->stems;
    errno = 0;
    while (fine && (entry = readdir(dir))) {
        const size_t bytes = strlen(entry->d_name), stem_bytes = exact_stem_bytes(entry->d_name);
        if (entry->d_type == DT_DIR)
            continue;
        fine = entry->d_type != DT_UNKNOWN && stem_count(s->stems, entry->d_name, bytes) &&
               (stem_bytes == bytes || stem_count(s->stems, entry->d_name, stem_bytes));
        errno = 0;
    }
    fine = fine && errno == 0;
    if (dir)
        closedir(dir);
    if (!fine) {
        names_close(s->stems);
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
    return names_find(s->stems, name, bytes) > (exact_stem_bytes(name) == bytes); /* itself does not count */
}
