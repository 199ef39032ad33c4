/* An export as it came: a zip or a folder. Hostile until proven otherwise; nothing of it is ever unpacked by name. */
#ifndef PICLOG_APP_MOVE_IMPORT_SOURCE_H
#define PICLOG_APP_MOVE_IMPORT_SOURCE_H

#include <stddef.h>

#include <jansson.h>

enum {
    IMPORT_WORDS_MAX_BYTES = 24 * 1000 * 1000, /* piclog.json */
    IMPORT_TREE_MAX_BYTES = 64 * 1000 * 1000,  /* of what it says, once it is read: some 30 000 statuses */
    IMPORT_PICTURE_MAX_BYTES = 1000 * 1000,    /* pictures in an export are crushed: far smaller */
    IMPORT_PICTURES_MAX = 100 * 1000,
    IMPORT_ENTRIES_MAX = 300 * 1000 /* of a zip, whatever they are called */
};

struct import_source;

/*
 * Opens a zip or a folder that "piclog export" or the settings page made. Of a zip, piclog.json, pictures/NUMBER.jpg,
 * avatar.jpg and background.jpg are read once, in whatever order they come, into memory and into a nameless temporary
 * file; everything else is passed over. On success *ret_source belongs to the caller. Otherwise -1, and message says
 * what is wrong with it.
 */
int import_source_open(const char *path, struct import_source **ret_source, char *message, size_t message_bytes)
    __attribute__((warn_unused_result));
void import_source_close(struct import_source *source);

/* piclog.json, borrowed: an object with the version that is understood. */
const json_t *import_source_words(const struct import_source *source);

/*
 * The bytes of a picture by its name in piclog.json, as a memfd for a worker, read from its start; the caller closes
 * it. -1 with message when it is not there, too large, or called by no name that an export has.
 */
int import_source_picture(struct import_source *source, const char *name, int *ret_fd, size_t *ret_size_bytes,
                          char *message, size_t message_bytes) __attribute__((warn_unused_result));

#endif
