/*
 * Export: see export.h. Used by GET /settings/export, which packs into a memory file beside the server's threads, and
 * by "piclog export". The zip is written by libarchive; pictures are stored, words are deflated. Refuses to leave
 * anything out: an export is whole or fails. Read next: import.c.
 */
#include "app/move/export.h"

#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include <archive.h>
#include <archive_entry.h>

#include "app/request/app.h"
#include "base/clock.h"
#include "app/move/handlers.h"
#include "store/profile.h"
#include "store/message.h"
#include "store/wall.h"

enum { PAGE_ROWS = 200 };

/* All rows of one of the account's timelines, newest first. NULL without memory or database. */
static json_t *all_rows(struct db *db, enum query query, int64_t account)
{
    json_t *all = json_array();
    int64_t before = INT64_MAX, one = 1; /* with what is hidden */
    for (;;) {
        json_t *page = db_rows(db, query, before, (int64_t)PAGE_ROWS, account, one);
        size_t count = json_array_size(page);
        if (!page || json_array_extend(all, page) != 0) {
            json_decref(page);
            json_decref(all);
            return NULL;
        }
        if (count)
            before = json_integer_value(json_object_get(json_array_get(page, count - 1), "id"));
        json_decref(page);
        if (count < PAGE_ROWS)
            return all;
    }
}

static int put_file(struct archive *zip, const char *name, int64_t time_s, const void *bytes, size_t size_bytes)
{
    struct archive_entry *entry = archive_entry_new();
    if (!entry)
        return -1;
    archive_entry_set_pathname(entry, name);
    archive_entry_set_filetype(entry, AE_IFREG);
    archive_entry_set_perm(entry, 0644);
    archive_entry_set_mtime(entry, time_s, 0);
    archive_entry_set_size(entry, (la_int64_t)size_bytes);
    int rc = archive_write_header(zip, entry) == ARCHIVE_OK &&
                     archive_write_data(zip, bytes, size_bytes) == (la_ssize_t)size_bytes
                 ? 0
                 : -1;
    archive_entry_free(entry);
    return rc;
}

/* A person's own pictures become files beside the words: "avatar_url" becomes "avatar_file", null if there is none. */
static int put_portraits(struct db *db, struct archive *zip, json_t *person, int64_t now_s)
{
    static const struct {
        enum profile_image which;
        const char *url, *key, *name;
    } portraits[] = {{PROFILE_AVATAR, "avatar_url", "avatar_file", "avatar.jpg"},
                     {PROFILE_BACKGROUND, "background_url", "background_file", "background.jpg"}};
    const int64_t account = json_integer_value(json_object_get(person, "id"));
    for (size_t i = 0; i < sizeof portraits / sizeof portraits[0]; i++) {
        const int has_one = json_is_string(json_object_get(person, portraits[i].url));
        void *data = NULL;
        size_t size = 0;
        if (has_one && profile_image_find(db, account, portraits[i].which, &data, &size) != STORE_OK)
            return -1;
        int rc = has_one ? put_file(zip, portraits[i].name, now_s, data, size) : 0;
        free(data);
        if (rc != 0)
            return -1;
        json_object_set_new(person, portraits[i].key, has_one ? json_string(portraits[i].name) : json_null());
        json_object_del(person, portraits[i].url);
    }
    return 0;
}

/* Adds the bytes of every picture, and to each object the name of its file. Thumbnails are made anew wherever it goes.
 */
static int put_pictures(struct db *db, struct archive *zip, json_t *pictures)
{
    static const char *const derived[] = {"thumb_url", "thumb_bytes", "thumb_width", "thumb_height"};
    size_t i;
    json_t *picture;
    json_array_foreach(pictures, i, picture)
    {
        char name[48];
        void *data = NULL;
        size_t size = 0;
        snprintf(name, sizeof name, "pictures/%lld.jpg", (long long)json_integer_value(json_object_get(picture, "id")));
        if (image_find_of(db, json_integer_value(json_object_get(picture, "id")), 0, &data, &size) != STORE_OK)
            return -1;
        int rc = put_file(zip, name, json_integer_value(json_object_get(picture, "created_at")), data, size);
        free(data);
        if (rc != 0)
            return -1;
        json_object_set_new(picture, "file", json_string(name));
        for (size_t k = 0; k < sizeof derived / sizeof derived[0]; k++)
            json_object_del(picture, derived[k]);
    }
    return 0;
}

static enum store_status find_wall_image(struct db *db, int64_t id, void **ret_data, size_t *ret_size_bytes)
{
    return wall_image_find(db, id, 0, ret_data, ret_size_bytes);
}

/* Things of which not each has a picture: where the bytes lie, and the folder that they get. */
struct entry_kind {
    const char *folder;
    enum store_status (*find)(struct db *db, int64_t id, void **ret_data, size_t *ret_size_bytes);
};
static const struct entry_kind on_walls = {"walls", find_wall_image}, in_messages = {"messages", message_image_find};

/* The same of those. */
static int put_entry_pictures(struct db *db, struct archive *zip, json_t *entries, const struct entry_kind *kind)
{
    static const char *const left_out[] = {"thumb_url",    "thumb_bytes", "thumb_width",
                                           "thumb_height", "account_id",  "avatar_url"};
    size_t i;
    json_t *entry;
    json_array_foreach(entries, i, entry)
    {
        const int64_t id = json_integer_value(json_object_get(entry, "id"));
        int has_one = json_is_string(json_object_get(entry, "image_url"));
        char name[48];
        void *data = NULL;
        size_t size = 0;
        snprintf(name, sizeof name, "%s/%lld.jpg", kind->folder, (long long)id);
        enum store_status found = has_one ? kind->find(db, id, &data, &size) : STORE_OK;
        has_one = has_one && found != STORE_NOT_FOUND; /* somebody else may have deleted it meanwhile */
        if (has_one && found != STORE_OK)
            return -1;
        int rc =
            has_one ? put_file(zip, name, json_integer_value(json_object_get(entry, "created_at")), data, size) : 0;
        free(data);
        if (rc != 0)
            return -1;
        json_object_set_new(entry, "file", has_one ? json_string(name) : json_null());
        for (size_t k = 0; k < sizeof left_out / sizeof left_out[0]; k++)
            json_object_del(entry, left_out[k]);
    }
    return 0;
}

/* Messages, both sides, in a file of their own: nothing of it is imported anywhere, since half of the words are
 * others'. */
static int put_messages(struct db *db, struct archive *zip, int64_t account, int64_t now_s)
{
    json_t *messages = json_pack("{s:o, s:o}", "written", all_rows(db, QUERY_MESSAGES_WRITTEN, account), "received",
                                 all_rows(db, QUERY_MESSAGES_TO, account));
    int rc = -1;
    if (messages && put_entry_pictures(db, zip, json_object_get(messages, "written"), &in_messages) == 0 &&
        put_entry_pictures(db, zip, json_object_get(messages, "received"), &in_messages) == 0 &&
        archive_write_zip_set_compression_deflate(zip) == ARCHIVE_OK) {
        char *text = json_dumps(messages, JSON_INDENT(1) | JSON_PRESERVE_ORDER);
        rc = text ? put_file(zip, "messages.json", now_s, text, strlen(text)) : -1;
        free(text);
    }
    json_decref(messages);
    return rc;
}

/* The stylesheet, which finds its ornaments beside it. */
static int put_style(struct archive *zip, const struct view_asset *style, int64_t now_s)
{
    static const char folder[] = "/static/";
    const char *at = (const char *)style->data, *end = at + style->size_bytes;
    struct buf css = {0};
    for (const char *found; (found = memmem(at, (size_t)(end - at), folder, strlen(folder)));
         at = found + strlen(folder))
        buf_append(&css, at, (size_t)(found - at));
    buf_append(&css, at, (size_t)(end - at));
    int rc = put_file(zip, "style.css", now_s, css.data, css.size_bytes);
    buf_free(&css);
    return rc;
}

static int put_words(struct archive *zip, const struct view *view, const char *url, json_t *page, int64_t now_s)
{
    struct buf html = {0};
    struct view_asset style, tile;
    struct view_error error;
    int rc = -1;
    char *text = json_dumps(page, JSON_INDENT(1) | JSON_PRESERVE_ORDER);
    json_t *context = json_pack("{s:{s:s, s:s}, s:n, s:n, s:O, s:s}", "site", "url", url, "name", "piclog", "viewer",
                                "notice", "page", page, "csrf", "");
    if (text && context && view_render(view, "export_index", context, &html, &error) == VIEW_OK &&
        view_asset_find(view, "style.css", NULL, &style) == VIEW_OK &&
        view_asset_find(view, "tile.jpg", NULL, &tile) == VIEW_OK)
        rc = put_file(zip, "piclog.json", now_s, text, strlen(text)) ||
             put_file(zip, "index.html", now_s, html.data, html.size_bytes) || put_style(zip, &style, now_s) ||
             put_file(zip, "tile.jpg", now_s, tile.data, tile.size_bytes);
    json_decref(context);
    free(text);
    buf_free(&html);
    return rc;
}

/* The top eight, by name. NULL without memory or database. */
static json_t *all_top(struct db *db, int64_t account)
{
    json_t *rows = db_rows(db, QUERY_TOP_OF, account, account), *row;
    size_t i;
    json_array_foreach(rows, i, row)
    {
        json_object_del(row, "position");
        json_object_del(row, "avatar_url");
    }
    return rows;
}

/* Whom the account follows, by name. NULL as above. */
static json_t *all_follows(struct db *db, int64_t account)
{
    json_t *rows = all_rows(db, QUERY_FOLLOWS_OF, account), *names = json_array(), *row;
    size_t i;
    json_array_foreach(rows, i, row)
        json_array_append_new(names, json_pack("{s:O, s:O}", "name", json_object_get(row, "name"), "created_at",
                                               json_object_get(row, "created_at")));
    if (!rows) {
        json_decref(names);
        names = NULL;
    }
    json_decref(rows);
    return names;
}

/* What the account kept: what it is called here, and where it is. NULL as above. */
static json_t *all_kept(struct db *db, const char *url, int64_t account)
{
    json_t *rows = all_rows(db, QUERY_KEPT_ALL, account), *row;
    size_t i;
    json_array_foreach(rows, i, row)
    {
        static const char *const kinds[][3] = {
            {"picture", "pictures/", "/p/"}, {"status", "statuses/", "/statuses/"}, {"mood", "moods/", "/moods/"}};
        const char *kind = json_string_value(json_object_get(row, "kind"));
        const long long id = json_integer_value(json_object_get(row, "post_id"));
        for (size_t k = 0; kind && k < sizeof kinds / sizeof kinds[0]; k++) {
            if (strcmp(kind, kinds[k][0]) != 0)
                continue;
            json_object_set_new(row, "post", json_sprintf("%s%lld", kinds[k][1], id));
            json_object_set_new(row, "url", json_sprintf("%s%s%lld", url, kinds[k][2], id));
        }
        json_object_del(row, "kind");
        json_object_del(row, "post_id");
    }
    return rows;
}

int export_write(struct db *db, const struct view *view, const char *url, int64_t account, int fd, char *message,
                 size_t message_bytes)
{
    const int64_t now_s = clock_now_s();
    json_t *person = db_row(db, QUERY_PERSON_BY_ID, account), *page = NULL;
    struct archive *zip = archive_write_new();
    int rc = -1;
    snprintf(message, message_bytes, tr("the export could not be written"));
    json_object_del(person, "storage_bytes");
    json_object_del(person, "state");
    json_object_set_new(person, "links", db_rows(db, QUERY_LINKS_OF, account));
    page = json_pack("{s:i, s:I, s:s, s:o, s:o, s:o, s:o, s:o, s:o, s:o, s:o, s:o, s:o, s:o}", "piclog_export",
                     EXPORT_VERSION, "exported_at", (json_int_t)now_s, "site", url, "person", person, "pictures",
                     all_rows(db, QUERY_PICTURES_OF, account), "statuses", all_rows(db, QUERY_STATUSES_OF, account),
                     "moods", all_rows(db, QUERY_MOODS_OF, account), "wall", all_rows(db, QUERY_WALL_RECEIVED, account),
                     "written_on_walls", all_rows(db, QUERY_WALL_WRITTEN, account), "follows", all_follows(db, account),
                     "top", all_top(db, account), "bulletins", all_rows(db, QUERY_BULLETINS_OF, account), "layouts",
                     all_rows(db, QUERY_LAYOUTS_OF, account), "kept", all_kept(db, url, account));
    if (!zip || !page || archive_write_set_format_zip(zip) != ARCHIVE_OK ||
        archive_write_open_fd(zip, fd) != ARCHIVE_OK)
        goto out;
    archive_write_zip_set_compression_store(zip); /* JPEGs do not get smaller */
    if (put_portraits(db, zip, json_object_get(page, "person"), now_s) != 0 ||
        put_pictures(db, zip, json_object_get(page, "pictures")) != 0 ||
        put_entry_pictures(db, zip, json_object_get(page, "wall"), &on_walls) != 0 ||
        put_entry_pictures(db, zip, json_object_get(page, "written_on_walls"), &on_walls) != 0 ||
        put_messages(db, zip, account, now_s) != 0) /* the last with pictures: words are deflated from there on */
        goto out;
    if (put_words(zip, view, url, page, now_s) == 0 && archive_write_close(zip) == ARCHIVE_OK)
        rc = 0;
out:
    if (rc != 0 && zip && archive_error_string(zip))
        snprintf(message, message_bytes, tr("the export: %s"), archive_error_string(zip));
    archive_write_free(zip);
    json_decref(page);
    return rc;
}

void settings_export(struct request *req, struct response *res)
{
    char message[200];
    req->holds_export = 1; /* app_end gives it back */
    if (atomic_fetch_add(&req->app->metrics.exports_in_flight, 1) >= EXPORTS_IN_FLIGHT_MAX) {
        respond_header(req, res, "Retry-After", "30");
        respond_error(req, res, 503, "Several exports are being packed or fetched. Try again in a minute.");
        return;
    }
    int fd = memfd_create("export", MFD_CLOEXEC);
    if (fd < 0 || export_write(request_db(req), req->app->view, req->app->origin, req->viewer.account, fd, message,
                               sizeof message) != 0) {
        if (fd >= 0)
            close(fd);
        respond_error(req, res, 500, "Your export could not be packed. Try again in a moment.");
        return;
    }
    res->body_fd = fd;
    res->body_fd_bytes = (size_t)lseek(fd, 0, SEEK_END);
    res->cache = CACHE_NEVER;
    res->policy = POLICY_NONE;
    respond_header(req, res, "Content-Disposition",
                   arena_printf(&req->arena, "attachment; filename=\"piclog-%s.zip\"", req->viewer.name));
    respond_bytes(req, res, "application/zip");
}
