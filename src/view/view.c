/*
 * Holds the templates and static files of this piclog: the embedded ones, overlaid with those of a folder.
 * Refuses files that replace nothing, so that a typing mistake in a name is noticed. The engine is mustache.c, what
 * ".ago" and its like mean stands in members.c, the templates lie in templates/.
 */
#include "view.h"

#include <assert.h>
#include <dirent.h>
#include <errno.h>
#include <pthread.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/lang.h"
#include "members.h"
#include "mustache.h"

struct embedded_file {
    const char *key; /* "index.mustache", "static/style.css", "moods.tsv" */
    const unsigned char *data;
    size_t size_bytes;
};

#include "templates.inc"

enum {
    FILE_COUNT = sizeof embedded_files / sizeof *embedded_files,
    MAX_FILE_BYTES = 1024 * 1024,
    INLINE_MAX_BYTES = 400,
    LANGS_MAX = 16
};

/* One generation of everything; replaced as a whole by a reload. */
struct set {
    struct mustache *templates[FILE_COUNT]; /* beside embedded_files; NULL for other files */
    struct view_asset assets[FILE_COUNT];
    char hashes[FILE_COUNT][17];
    unsigned char *own[FILE_COUNT]; /* bytes read from the folder */
    json_t *globals[LANGS_MAX];     /* for each language */
    json_t *moods, *faces;
    struct set *older; /* kept for responses that still point into their assets */
};

struct view {
    pthread_rwlock_t lock; /* guards "set": renderers read, view_reload writes */
    struct set *set;
    char *folder;
    int strict;
};

static enum view_status fail(struct view_error *error, enum view_status status, const char *format, ...)
    __attribute__((format(printf, 3, 4)));

static enum view_status fail(struct view_error *error, enum view_status status, const char *format, ...)
{
    if (error) {
        va_list list;
        va_start(list, format);
        vsnprintf(error->message, sizeof error->message, format, list);
        va_end(list);
    }
    return status;
}

static void *must(void *memory)
{
    if (!memory) {
        fputs("piclog: out of memory\n", stderr);
        abort();
    }
    return memory;
}

static int find_file(const char *key)
{
    for (int i = 0; i < FILE_COUNT; i++)
        if (strcmp(embedded_files[i].key, key) == 0)
            return i;
    return -1;
}

static const char *behind(const char *text, const char *prefix)
{
    size_t n = strlen(prefix);
    return strncmp(text, prefix, n) == 0 ? text + n : NULL;
}

static int ends_with(const char *text, const char *suffix)
{
    size_t n = strlen(text), m = strlen(suffix);
    return n >= m && strcmp(text + n - m, suffix) == 0;
}

static const char *media_type(const char *key)
{
    static const char *const types[][2] = {{".css", "text/css; charset=utf-8"},
                                           {".js", "text/javascript; charset=utf-8"},
                                           {".jpg", "image/jpeg"},
                                           {".png", "image/png"},
                                           {".gif", "image/gif"},
                                           {".ico", "image/x-icon"},
                                           {".svg", "image/svg+xml"},
                                           {".txt", "text/plain; charset=utf-8"},
                                           {".webmanifest", "application/manifest+json"}};
    for (size_t i = 0; i < sizeof types / sizeof *types; i++)
        if (ends_with(key, types[i][0]))
            return types[i][1];
    return "application/octet-stream";
}

/* FNV-1a: names a version for caches; nothing relies on it being hard to forge. */
static void hash_bytes(const unsigned char *data, size_t size_bytes, char ret_hash[17])
{
    uint64_t hash = 0xCBF29CE484222325u;
    for (size_t i = 0; i < size_bytes; i++)
        hash = (hash ^ data[i]) * 0x100000001B3u;
    snprintf(ret_hash, 17, "%016llx", (unsigned long long)hash);
}

static void free_set(struct set *set)
{
    while (set) {
        struct set *older = set->older;
        for (int i = 0; i < FILE_COUNT; i++) {
            mustache_free(set->templates[i]);
            free(set->own[i]);
        }
        for (int i = 0; i < LANGS_MAX; i++)
            json_decref(set->globals[i]);
        json_decref(set->moods);
        json_decref(set->faces);
        free(set);
        set = older;
    }
}

static enum view_status read_file(const char *path, struct buf *ret_data, struct view_error *error)
{
    FILE *file = fopen(path, "rb");
    if (!file)
        return fail(error, VIEW_IO, "%.180s: %s", path, strerror(errno));
    char chunk[4096];
    size_t n;
    while ((n = fread(chunk, 1, sizeof chunk, file)) > 0 && ret_data->size_bytes <= MAX_FILE_BYTES)
        buf_append(ret_data, chunk, n);
    int failed = ferror(file);
    fclose(file);
    if (failed)
        return fail(error, VIEW_IO, "%.180s: cannot be read", path);
    if (ret_data->size_bytes > MAX_FILE_BYTES)
        return fail(error, VIEW_LIMIT, "%.180s: longer than %d bytes", path, MAX_FILE_BYTES);
    return VIEW_OK;
}

/* The files of one folder take the place of embedded ones whose keys begin with prefix. */
static enum view_status read_folder(struct set *set, const char *folder, const char *prefix, struct view_error *error)
{
    char path[4096], key[300];
    snprintf(path, sizeof path, "%s/%s", folder, prefix);
    DIR *directory = opendir(path);
    if (!directory && errno == ENOENT && *prefix)
        return VIEW_OK;
    if (!directory)
        return fail(error, VIEW_IO, "%.180s: %s", path, strerror(errno));
    enum view_status status = VIEW_OK;
    for (struct dirent *entry; !status && (entry = readdir(directory));) {
        int is_backup = entry->d_name[0] == '.' || ends_with(entry->d_name, "~");
        if (is_backup || (!*prefix && (strcmp(entry->d_name, "static") == 0 || lang_find(entry->d_name) > 0)))
            continue;
        snprintf(key, sizeof key, "%s%s", prefix, entry->d_name);
        int at = find_file(key);
        if (at < 0) {
            status = fail(error, VIEW_UNKNOWN,
                          "%.150s/%.60s replaces nothing: there is no template or file of that name", folder, key);
            break;
        }
        snprintf(path, sizeof path, "%s/%s", folder, key);
        struct buf data = {0};
        buf_append(&data, "", 0);
        status = read_file(path, &data, error);
        if (status) {
            buf_free(&data);
        } else {
            size_t size_bytes;
            set->own[at] = (unsigned char *)buf_take(&data, &size_bytes);
            set->assets[at].size_bytes = size_bytes;
        }
    }
    closedir(directory);
    return status;
}

static const unsigned char *file_data(const struct set *set, int at, size_t *ret_size_bytes)
{
    *ret_size_bytes = set->own[at] ? set->assets[at].size_bytes : embedded_files[at].size_bytes;
    return set->own[at] ? set->own[at] : embedded_files[at].data;
}

/* "face TAB mood" lines to [{"face", "mood"}, …]; lines without a tab to ["face", …]. "%" begins a comment. */
static json_t *parse_lines(const struct set *set, const char *key)
{
    json_t *list = must(json_array());
    int at = find_file(key);
    if (at < 0)
        return list;
    size_t size_bytes;
    const char *text = (const char *)file_data(set, at, &size_bytes);
    char *copy = must(strndup(text, size_bytes)), *rest = copy;
    for (char *line; (line = strsep(&rest, "\n"));) {
        char *tab = strchr(line, '\t');
        if (!*line || *line == '%')
            continue;
        if (tab)
            *tab = '\0';
        json_t *item = tab ? json_pack("{s:s, s:s}", "face", line, "mood", tab + 1) : json_string(line);
        if (item) /* NULL: not UTF-8 */
            json_array_append_new(list, item);
    }
    free(copy);
    return list;
}

/* The address of a static file. Tiny pictures (wordmark, icon) stand in the address itself, and cost no request. */
static void address_asset(const char *file, const char *hash, const struct view_asset *asset, char *ret_text,
                          size_t capacity)
{
    static const char digits[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/"; /* RFC 4648 */
    if (strncmp(asset->type, "image/", 6) != 0 || asset->size_bytes > INLINE_MAX_BYTES) {
        snprintf(ret_text, capacity, "/static/%.80s?v=%s", file, hash);
        return;
    }
    char *out = ret_text + snprintf(ret_text, capacity, "data:%s;base64,", asset->type);
    for (size_t i = 0; i < asset->size_bytes; i += 3) {
        size_t rest = asset->size_bytes - i;
        unsigned bits = (unsigned)asset->data[i] << 16 | (rest > 1 ? (unsigned)asset->data[i + 1] << 8 : 0) |
                        (rest > 2 ? asset->data[i + 2] : 0);
        *out++ = digits[bits >> 18];
        *out++ = digits[bits >> 12 & 63];
        *out++ = rest > 1 ? digits[bits >> 6 & 63] : '=';
        *out++ = rest > 2 ? digits[bits & 63] : '=';
    }
    *out = '\0';
}

/* A file in a language, where there is one; but a file of the folder is newer than its translation. */
static int find_said(const struct set *set, int at, int lang)
{
    char key[128];
    if (lang == LANG_ENGLISH || (at >= 0 && set->own[at]))
        return at;
    snprintf(key, sizeof key, "%s/%.100s", lang_get(lang)->code, embedded_files[at].key);
    const int said = find_file(key);
    return said < 0 ? at : said;
}

/* "asset": {"style_css": "/static/style.css?v=HASH", "icon_png": "data:image/png;base64,…", …} A script in another
   language has the same address but for its hash, so that policies name one. */
static json_t *name_assets(const struct set *set, int lang)
{
    json_t *names = must(json_object());
    for (int i = 0; i < FILE_COUNT; i++) {
        const char *file = behind(embedded_files[i].key, "static/");
        if (!file)
            continue;
        const int said = find_said(set, i, lang);
        char name[64], address[INLINE_MAX_BYTES * 2];
        snprintf(name, sizeof name, "%s", file);
        for (char *c = name; *c; c++)
            if (*c == '.' || *c == '-')
                *c = '_';
        address_asset(file, set->hashes[said], &set->assets[said], address, sizeof address);
        json_object_set_new(names, name, must(json_string(address)));
    }
    return names;
}

static enum view_status load_set(const char *folder, struct set **ret_set, struct view_error *error)
{
    struct set *set = must(calloc(1, sizeof *set));
    enum view_status status = VIEW_OK;
    if (folder)
        status = read_folder(set, folder, "", error);
    if (folder && !status)
        status = read_folder(set, folder, "static/", error);
    for (int i = LANG_ENGLISH + 1; folder && !status && i < lang_count(); i++) {
        char prefix[LANG_CODE_MAX + 2];
        snprintf(prefix, sizeof prefix, "%s/", lang_get(i)->code);
        status = read_folder(set, folder, prefix, error);
    }
    for (int i = 0; i < FILE_COUNT && !status; i++) {
        const char *key = embedded_files[i].key;
        size_t size_bytes;
        const unsigned char *data = file_data(set, i, &size_bytes);
        struct mustache_error why;
        if (ends_with(key, ".mustache")) {
            enum mustache_status compiled =
                mustache_compile(key, (const char *)data, size_bytes, &set->templates[i], &why);
            if (compiled)
                status = fail(error, compiled == MUSTACHE_LIMIT ? VIEW_LIMIT : VIEW_SYNTAX, "%s", why.message);
        }
        hash_bytes(data, size_bytes, set->hashes[i]);
        set->assets[i] = (struct view_asset){media_type(key), set->hashes[i], data, size_bytes};
    }
    if (status) {
        free_set(set);
        return status;
    }
    assert(lang_count() <= LANGS_MAX);
    for (int i = 0; i < lang_count(); i++)
        set->globals[i] = must(json_pack("{s:o, s:{s:s, s:s}}", "asset", name_assets(set, i), "lang", "code",
                                         lang_get(i)->code, "dir", lang_get(i)->dir));
    set->moods = parse_lines(set, "moods.tsv");
    set->faces = parse_lines(set, "faces.txt");
    *ret_set = set;
    return VIEW_OK;
}

enum view_status view_open(const char *folder, int strict, struct view **ret_view, struct view_error *error)
{
    struct set *set;
    enum view_status status = load_set(folder, &set, error);
    if (status)
        return status;
    struct view *view = must(calloc(1, sizeof *view));
    pthread_rwlock_init(&view->lock, NULL);
    view->set = set;
    view->folder = folder ? must(strdup(folder)) : NULL;
    view->strict = strict;
    *ret_view = view;
    return VIEW_OK;
}

enum view_status view_reload(struct view *view, struct view_error *error)
{
    struct set *set;
    enum view_status status = load_set(view->folder, &set, error);
    if (status)
        return status;
    pthread_rwlock_wrlock(&view->lock);
    set->older = view->set;
    view->set = set;
    pthread_rwlock_unlock(&view->lock);
    return VIEW_OK;
}

void view_close(struct view *view)
{
    if (!view)
        return;
    pthread_rwlock_destroy(&view->lock);
    free_set(view->set);
    free(view->folder);
    free(view);
}

/* An older set lives until view_close, so the lock is held only for taking the pointer. */
static struct set *current_set(const struct view *view)
{
    pthread_rwlock_t *lock = (pthread_rwlock_t *)&view->lock; /* a lock changes in a view that does not */
    pthread_rwlock_rdlock(lock);
    struct set *set = view->set;
    pthread_rwlock_unlock(lock);
    return set;
}

/* In the language of the thread, if there is one; but a template of the folder is newer than its translation. */
static const struct mustache *find_partial(void *data, const char *name)
{
    const struct members_context *context = data;
    const struct set *set = context->templates;
    char key[80];
    snprintf(key, sizeof key, "%.60s.mustache", name);
    const int at = find_file(key);
    if (lang_used() != LANG_ENGLISH) {
        snprintf(key, sizeof key, "%s/%.60s.mustache", lang_get(lang_used())->code, name);
        const int said = find_file(key);
        if (said >= 0 && (set->own[said] || at < 0 || !set->own[at]))
            return set->templates[said];
    }
    return at < 0 ? NULL : set->templates[at];
}

enum view_status view_render(const struct view *view, const char *name, const json_t *context, struct buf *ret_out,
                             struct view_error *error)
{
    const struct set *set = current_set(view);
    struct members_context members = {.templates = set, .now_s = clock_now_s()};
    const struct mustache *template = find_partial(&members, name);
    if (!template)
        return fail(error, VIEW_UNKNOWN, "there is no template %.60s", name);
    struct mustache_host host = {find_partial, members_find, &members, view->strict};
    struct mustache_error why;
    switch (mustache_render(template, &host, set->globals[lang_used()], context, ret_out, &why)) {
    case MUSTACHE_OK: return VIEW_OK;
    case MUSTACHE_SYNTAX: return fail(error, VIEW_SYNTAX, "%s", why.message);
    case MUSTACHE_MISSING: return fail(error, VIEW_MISSING, "%s", why.message);
    case MUSTACHE_LIMIT: break;
    }
    return fail(error, VIEW_LIMIT, "%s", why.message);
}

enum view_status view_asset_find(const struct view *view, const char *name, const char *hash,
                                 struct view_asset *ret_asset)
{
    const struct set *set = current_set(view);
    char key[128];
    if ((size_t)snprintf(key, sizeof key, "static/%s", name) >= sizeof key)
        return VIEW_UNKNOWN;
    const int at = find_file(key);
    for (int lang = LANG_ENGLISH; at >= 0 && lang < lang_count(); lang++) {
        const int said = find_said(set, at, lang);
        if (!hash || strcmp(set->hashes[said], hash) == 0) {
            *ret_asset = set->assets[said];
            return VIEW_OK;
        }
    }
    return VIEW_UNKNOWN;
}

const json_t *view_moods(const struct view *view)
{
    return current_set(view)->moods;
}

const json_t *view_faces(const struct view *view)
{
    return current_set(view)->faces;
}
