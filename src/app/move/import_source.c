/*
 * Where an import reads from: see import_source.h. A zip is read by libarchive, which gets no other format and no
 * filter to choose from; each size is bounded before its bytes are kept. No name in an export ever becomes a path:
 * pictures are known by their number. Next: import.c, which makes posts of it.
 */
#include "app/move/import_source.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include <archive.h>
#include <archive_entry.h>

#include "base/buf.h"
#include "base/json_bound.h"
#include "base/lang.h"
#include "app/move/export.h"

/* A picture of a zip, in the spool. */
struct spooled {
    unsigned long number;
    off_t at;
    size_t size_bytes;
};

struct import_source {
    int folder; /* -1: a zip, and then: */
    FILE *spool;
    struct spooled *pictures;
    size_t picture_count, picture_capacity;
    json_t *words;
};

__attribute__((format(printf, 3, 4))) static int fail(char *message, size_t message_bytes, const char *format, ...)
{
    va_list args;
    va_start(args, format);
    vsnprintf(message, message_bytes, tr(format), args);
    va_end(args);
    return -1;
}

/* A person's own pictures are numbered behind all others. */
static const unsigned long avatar_number = ULONG_MAX, background_number = ULONG_MAX - 1;

/* The number in "pictures/NUMBER.jpg", or that of a person's own picture; -1 for every other name. */
static int picture_number(const char *name, unsigned long *ret_number)
{
    char canonical[64];
    unsigned long number;
    if (strcmp(name, "avatar.jpg") == 0 || strcmp(name, "background.jpg") == 0) {
        *ret_number = name[0] == 'a' ? avatar_number : background_number;
        return 0;
    }
    if (sscanf(name, "pictures/%lu.jpg", &number) != 1 || number >= background_number)
        return -1;
    snprintf(canonical, sizeof canonical, "pictures/%lu.jpg", number);
    if (strcmp(canonical, name) != 0)
        return -1;
    *ret_number = number;
    return 0;
}

/* ---- A zip --------------------------------------------------------------------------------------- */

/* The bytes of the present entry: at most so many. */
static int read_entry(struct archive *zip, const char *name, size_t most, struct buf *ret_bytes, char *message,
                      size_t message_bytes)
{
    char block[16384];
    for (;;) {
        la_ssize_t got = archive_read_data(zip, block, sizeof block);
        if (got == 0)
            return 0;
        if (got < 0)
            return fail(message, message_bytes, "%s: %s", name, archive_error_string(zip));
        if (ret_bytes->size_bytes + (size_t)got > most)
            return fail(message, message_bytes, "%s is larger than %zu bytes, which is the limit", name, most);
        buf_append(ret_bytes, block, (size_t)got);
    }
}

static int spool_picture(struct import_source *source, unsigned long number, const struct buf *bytes, char *message,
                         size_t message_bytes)
{
    if (source->picture_count == source->picture_capacity) {
        size_t capacity = source->picture_capacity ? 2 * source->picture_capacity : 256;
        struct spooled *grown = realloc(source->pictures, capacity * sizeof *grown);
        if (!grown)
            return fail(message, message_bytes, "no memory");
        source->pictures = grown;
        source->picture_capacity = capacity;
    }
    off_t at = ftello(source->spool);
    if (at < 0 || fwrite(bytes->data, 1, bytes->size_bytes, source->spool) != bytes->size_bytes)
        return fail(message, message_bytes, "a temporary file for the pictures: %s", strerror(errno));
    source->pictures[source->picture_count++] = (struct spooled){number, at, bytes->size_bytes};
    return 0;
}

static int by_number(const void *a, const void *b)
{
    unsigned long x = ((const struct spooled *)a)->number, y = ((const struct spooled *)b)->number;
    return x < y ? -1 : x > y;
}

static int read_zip(struct import_source *source, struct archive *zip, struct buf *words, char *message,
                    size_t message_bytes)
{
    struct archive_entry *entry;
    int rc;
    for (long entries = 0; (rc = archive_read_next_header(zip, &entry)) == ARCHIVE_OK || rc == ARCHIVE_WARN;
         entries++) {
        const char *name = archive_entry_pathname(entry);
        struct buf bytes = {0};
        unsigned long number;
        if (entries == IMPORT_ENTRIES_MAX)
            return fail(message, message_bytes, "more than %d entries", IMPORT_ENTRIES_MAX);
        if (!name || archive_entry_filetype(entry) != AE_IFREG)
            continue;
        rc = 0; /* a warning is no failure */
        if (strcmp(name, "piclog.json") == 0) {
            if (words->size_bytes)
                return fail(message, message_bytes, "piclog.json is in it twice");
            rc = read_entry(zip, name, IMPORT_WORDS_MAX_BYTES, words, message, message_bytes);
        } else if (picture_number(name, &number) == 0) {
            if (source->picture_count == IMPORT_PICTURES_MAX)
                return fail(message, message_bytes, "more than %d pictures", IMPORT_PICTURES_MAX);
            rc = read_entry(zip, name, IMPORT_PICTURE_MAX_BYTES, &bytes, message, message_bytes);
            if (rc == 0)
                rc = spool_picture(source, number, &bytes, message, message_bytes);
        }
        buf_free(&bytes);
        if (rc < 0)
            return -1;
    }
    if (rc != ARCHIVE_EOF)
        return fail(message, message_bytes, "no zip that can be read: %s", archive_error_string(zip));
    if (source->picture_count)
        qsort(source->pictures, source->picture_count, sizeof *source->pictures, by_number);
    return 0;
}

static int open_zip(struct import_source *source, int fd, struct buf *words, char *message, size_t message_bytes)
{
    struct archive *zip = archive_read_new();
    int rc = -1;
    source->spool = tmpfile();
    if (!zip || !source->spool)
        fail(message, message_bytes, "a temporary file for the pictures: %s", strerror(errno));
    else if (archive_read_support_format_zip_seekable(zip) != ARCHIVE_OK ||
             archive_read_open_fd(zip, fd, 16384) != ARCHIVE_OK)
        fail(message, message_bytes, "no zip: %s", archive_error_string(zip));
    else
        rc = read_zip(source, zip, words, message, message_bytes);
    archive_read_free(zip);
    return rc;
}

/* ---- A folder ------------------------------------------------------------------------------------ */

/* Opens a name of the folder. Links are not followed, be it the file or the folder "pictures": -1 with errno. */
static int open_inside(int folder, const char *name)
{
    const int flags = O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC;
    const char *slash = strchr(name, '/');
    if (!slash)
        return openat(folder, name, flags);
    int inner = openat(folder, "pictures", flags | O_DIRECTORY); /* picture_number() knows no other */
    if (inner < 0)
        return -1;
    int fd = openat(inner, slash + 1, flags), error = errno;
    close(inner);
    errno = error;
    return fd;
}

/* A regular file of the folder, whole; nothing outside of it is taken in. */
static int read_file(int folder, const char *name, size_t most, struct buf *ret_bytes, char *message,
                     size_t message_bytes)
{
    struct stat about;
    char block[16384];
    ssize_t got = 0;
    int fd = open_inside(folder, name), rc = -1;
    if (fd < 0)
        return fail(message, message_bytes, "%s: %s", name, strerror(errno));
    if (fstat(fd, &about) != 0 || !S_ISREG(about.st_mode)) {
        fail(message, message_bytes, "%s is no file", name);
    } else if (about.st_size > (off_t)most) {
        fail(message, message_bytes, "%s is larger than %zu bytes, which is the limit", name, most);
    } else {
        while (ret_bytes->size_bytes <= most && (got = read(fd, block, sizeof block)) > 0)
            buf_append(ret_bytes, block, (size_t)got);
        rc = got == 0 ? 0 : fail(message, message_bytes, "%s cannot be read", name);
    }
    close(fd);
    return rc;
}

/* ---- Both ---------------------------------------------------------------------------------------- */

static int read_words(struct import_source *source, const struct buf *bytes, char *message, size_t message_bytes)
{
    json_error_t error;
    if (!bytes->size_bytes)
        return fail(message, message_bytes, "no piclog.json at its top: it is no export of a piclog");
    switch (json_bound_check(bytes->data, bytes->size_bytes, IMPORT_TREE_MAX_BYTES)) {
    case JSON_BOUND_DEPTH:
        return fail(message, message_bytes, "piclog.json: lists lie deeper in each other than %d, which is the limit",
                    JSON_BOUND_DEPTH_MAX);
    case JSON_BOUND_TREE:
        return fail(message, message_bytes,
                    "piclog.json holds so many things that reading it would take more than %d MB, which is the limit",
                    IMPORT_TREE_MAX_BYTES / 1000000);
    case JSON_BOUND_OK: break;
    }
    source->words = json_loadb(bytes->data, bytes->size_bytes, JSON_REJECT_DUPLICATES, &error);
    if (!json_is_object(source->words))
        return fail(message, message_bytes, "piclog.json: line %d: %s", error.line, error.text);
    json_int_t version = json_integer_value(json_object_get(source->words, "piclog_export"));
    if (version < 1)
        return fail(message, message_bytes, "piclog.json says no piclog_export: it is no export of a piclog");
    if (version > EXPORT_VERSION)
        return fail(message, message_bytes, "the export has version %lld and this piclog knows up to %d: update it",
                    (long long)version, EXPORT_VERSION);
    return 0;
}

int import_source_open(const char *path, struct import_source **ret_source, char *message, size_t message_bytes)
{
    struct import_source *source = calloc(1, sizeof *source);
    struct buf words = {0};
    struct stat about;
    int rc = -1, fd = open(path, O_RDONLY | O_NONBLOCK | O_CLOEXEC);
    if (!source || fd < 0 || fstat(fd, &about) != 0) {
        fail(message, message_bytes, "%s", strerror(errno));
        goto out;
    }
    source->folder = S_ISDIR(about.st_mode) ? dup(fd) : -1;
    if (S_ISDIR(about.st_mode))
        rc = read_file(fd, "piclog.json", IMPORT_WORDS_MAX_BYTES, &words, message, message_bytes);
    else if (S_ISREG(about.st_mode))
        rc = open_zip(source, fd, &words, message, message_bytes);
    else
        fail(message, message_bytes, "neither a zip nor a folder");
    if (rc == 0)
        rc = read_words(source, &words, message, message_bytes);
out:
    if (fd >= 0)
        close(fd);
    buf_free(&words);
    if (rc == 0)
        *ret_source = source;
    else
        import_source_close(source);
    return rc;
}

void import_source_close(struct import_source *source)
{
    if (!source)
        return;
    if (source->folder > 0)
        close(source->folder);
    if (source->spool)
        fclose(source->spool);
    free(source->pictures);
    json_decref(source->words);
    free(source);
}

const json_t *import_source_words(const struct import_source *source)
{
    return source->words;
}

static int read_spooled(struct import_source *source, unsigned long number, struct buf *ret_bytes, char *message,
                        size_t message_bytes)
{
    char block[16384];
    const struct spooled *found = source->picture_count
                                      ? bsearch(&(struct spooled){.number = number}, source->pictures,
                                                source->picture_count, sizeof *source->pictures, by_number)
                                      : NULL;
    if (!found)
        return fail(message, message_bytes, "its picture is not in the export");
    if (fseeko(source->spool, found->at, SEEK_SET) != 0)
        return fail(message, message_bytes, "%s", strerror(errno));
    for (size_t left = found->size_bytes; left;) {
        size_t got = fread(block, 1, left < sizeof block ? left : sizeof block, source->spool);
        if (!got)
            return fail(message, message_bytes, "the temporary file ended early");
        buf_append(ret_bytes, block, got);
        left -= got;
    }
    return 0;
}

int import_source_picture(struct import_source *source, const char *name, int *ret_fd, size_t *ret_size_bytes,
                          char *message, size_t message_bytes)
{
    struct buf bytes = {0};
    unsigned long number;
    int fd = -1, rc = -1;
    if (picture_number(name, &number) != 0)
        return fail(message, message_bytes,
                    "its picture is not called pictures/NUMBER.jpg, avatar.jpg or background.jpg");
    if (source->folder >= 0)
        rc = read_file(source->folder, name, IMPORT_PICTURE_MAX_BYTES, &bytes, message, message_bytes);
    else
        rc = read_spooled(source, number, &bytes, message, message_bytes);
    if (rc == 0) {
        fd = memfd_create("import", MFD_CLOEXEC | MFD_ALLOW_SEALING);
        if (fd < 0 || write(fd, bytes.data, bytes.size_bytes) != (ssize_t)bytes.size_bytes)
            rc = fail(message, message_bytes, "no memory for a picture: %s", strerror(errno));
    }
    if (rc == 0) {
        *ret_fd = fd;
        *ret_size_bytes = bytes.size_bytes;
    } else if (fd >= 0) {
        close(fd);
    }
    buf_free(&bytes);
    return rc;
}
