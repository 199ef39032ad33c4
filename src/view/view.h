/*
 * The view: all templates and static files of a piclog, compiled into the executable, each replaceable from a folder.
 *
 * A handler builds one JSON value and names a template; the view turns both into HTML. Root keys of every page:
 *   site    {"name", "url" (no trailing slash), "signup": "open"|"invite"|"closed", "joinable": bool,
 *           "motto", "contact" (an address, "mailto:" or of a page): null when there is none}
 *   viewer  null, or {"name", "admin": bool, "unread": how many decisions about them they have not seen}
 *   csrf    the token for hidden form fields
 *   once    null, or a key for another one: the same form sent twice does its work once
 *   has_clip  whether a picture of the page moves (it has "frames"): then the page loads clips.css
 *   notice  null, or one sentence about what was just done
 *   page    what the handler found; templates/README.md lists the fields of every page
 * Templates come in the language of the thread (base/lang.h), as far as they are translated. The view adds lang.code
 * and lang.dir of it, asset.style_css, asset.piclog_js, … : addresses of static files with their content hash, or a
 * data: URL of a tiny picture.
 *
 * Plain values have members that put them into words, so that pages stay raw data and JSON twins need no second form:
 *   integers  .ago  .date  .datetime  .rfc3339 (of seconds since 1970)   .bytes ("11.8 kB")   .modem (at 56 kbit/s)
 *             .number ("12345", grouped as the language does)   .form0 .form1 … (the one that is true is the plural
 *             form that goes with the number)   .s and .es (the ending of a noun behind the number: nothing for one)
 *             .pace (ms of a frame, as a class of clips.css)   .inner (a side in px less one)
 *   strings   .html (escaped, newlines and links made)   .markdown (CommonMark without HTML)
 *             .bare (an address without its scheme)   .url (percent-encoded for one path segment)
 *             .short (one line of at most 40 characters, for titles)
 *             .said (a value of templates/po/values.txt or of a table of C)   .felt (a mood)   .reason (what libcrush
 * says of a picture): in the language
 *
 *   arrays    .length
 */
#ifndef PICLOG_VIEW_VIEW_H
#define PICLOG_VIEW_VIEW_H

#include <stddef.h>
#include <jansson.h>

#include "base/buf.h"

struct view;

enum view_status {
    VIEW_OK = 0,
    VIEW_UNKNOWN, /* no such template or static file */
    VIEW_SYNTAX,  /* a template does not compile */
    VIEW_MISSING, /* strict only: a template asks for a key that the context lacks */
    VIEW_LIMIT,   /* nested too deep, or the page grew beyond 8 MB */
    VIEW_IO       /* the folder or a file in it cannot be read */
};

struct view_error {
    char message[240]; /* one line: template, line, what is wrong */
};

/*
 * Compiles all templates. folder: where replacements lie (NAME.mustache for all languages, fr/NAME.mustache for one,
 * static/NAME), or NULL; files there that
 * replace nothing are an error that names them. strict: missing keys are errors (tests) instead of empty text.
 * On success the caller owns *ret_view; on failure it is untouched. error may be NULL.
 */
enum view_status view_open(const char *folder, int strict, struct view **ret_view, struct view_error *error)
    __attribute__((warn_unused_result));

/* Reads the folder again (SIGHUP). On failure the old templates stay in use. Safe while other threads render. */
enum view_status view_reload(struct view *view, struct view_error *error) __attribute__((warn_unused_result));

/* No thread may use the view any more. NULL is fine. */
void view_close(struct view *view);

/*
 * Appends the page to ret_out; on failure ret_out is as before. context is borrowed and only read. name is the file
 * name without ".mustache". Thread-safe. Costs about as much as copying the page.
 */
enum view_status view_render(const struct view *view, const char *name, const json_t *context, struct buf *ret_out,
                             struct view_error *error) __attribute__((warn_unused_result));

/* A static file. The fields stay valid until view_close, also across reloads. */
struct view_asset {
    const char *type; /* media type with charset */
    const char *hash; /* 16 hex digits of its bytes: ETag, and ?v= in addresses */
    const unsigned char *data;
    size_t size_bytes;
};

/*
 * name as in /static/NAME; hash tells its languages apart, NULL: the English one. Thread-safe. With ?v=HASH it may be
 * cached for good, without for an hour.
 */
enum view_status view_asset_find(const struct view *view, const char *name, const char *hash,
                                 struct view_asset *ret_asset) __attribute__((warn_unused_result));

/* The lines of templates/moods.tsv: {"moods": [{"mood", "face"}, …]}, and the 64 faces: ["🙂", …]. Borrowed. */
const json_t *view_moods(const struct view *view);
const json_t *view_faces(const struct view *view);

#endif
