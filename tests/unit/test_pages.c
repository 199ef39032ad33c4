/*
 * Pages without a network: every GET route is rendered by strict templates, as HTML and as its JSON twin, empty and
 * with content, signed in and out. Then statuses, moods, feeds, drop-in endpoints.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <unistd.h>
#include "app/service.h"
#include "app/request/route.h"
#include "base/clock.h"
#include "store/account.h"
#include "store/bulletin.h"
#include "store/layout.h"
#include "store/post.h"
#include "store/profile.h"
#include "store/top.h"
#include "worker/template.h"

static struct config config;
static struct app app;
static char folder[] = "/tmp/piclog-test-pages-XXXXXX";
static char secret[SECRET_TEXT_BYTES];
static int64_t potato, fax;

static const char *header_signed_in(void *http, const char *name)
{
    static char value[SECRET_TEXT_BYTES + 16];
    (void)http;
    snprintf(value, sizeof value, "Bearer %s", secret);
    return strcasecmp(name, "Authorization") == 0 ? value : NULL;
}

static const char *header_anonymous(void *http, const char *name)
{
    (void)http;
    (void)name;
    return NULL;
}

struct answer {
    int status;
    char *body;
    char type[64];
    char location[200];
};

/* form: name, value, …, NULL; or NULL. */
static struct answer ask(enum method method, const char *target, int signed_in, const char *const *form)
{
    struct request req = {.app = &app,
                          .method = method,
                          .address = "127.0.0.1",
                          .http = &app,
                          .header = signed_in ? header_signed_in : header_anonymous,
                          .now_s = clock_now_s()};
    struct response res;
    struct answer answer = {0};
    response_init(&res);
    if (!app_begin(&req, target, &res)) {
        for (; form && *form; form += 2)
            req.form.items[req.form.count++] = (struct field){form[0], form[1], strlen(form[1])};
        app_finish(&req, &res);
    }
    answer.status = res.status;
    answer.body = strndup(res.body.data ? res.body.data : "", res.body.size_bytes);
    snprintf(answer.type, sizeof answer.type, "%s", res.type ? res.type : "");
    for (int i = 0; i < res.header_count; i++)
        if (strcmp(res.headers[i].name, "Location") == 0)
            snprintf(answer.location, sizeof answer.location, "%s", res.headers[i].value);
    app_end(&req, &res);
    return answer;
}

static char *get(const char *target, int signed_in, int status)
{
    struct answer answer = ask(METHOD_GET, target, signed_in, NULL);
    if (answer.status != status)
        fail_msg("GET %s: %d instead of %d\n%.600s", target, answer.status, status, answer.body);
    return answer.body;
}

static json_t *get_json(const char *target, int signed_in)
{
    char *body = get(target, signed_in, 200);
    json_t *value = json_loads(body, 0, NULL);
    if (!value)
        fail_msg("GET %s is no JSON: %.200s", target, body);
    free(body);
    return value;
}

static void post(const char *target, const char *const *form, int status)
{
    struct answer answer = ask(METHOD_POST, target, 1, form);
    if (answer.status != status)
        fail_msg("POST %s: %d instead of %d\n%.600s", target, answer.status, status, answer.body);
    free(answer.body);
}

static void expect_in(const char *target, int signed_in, const char *needle)
{
    char *body = get(target, signed_in, 200);
    assert_non_null(body);
    if (!strstr(body, needle))
        fail_msg("GET %s lacks \"%s\":\n%.3000s", target, needle, body);
    free(body);
}

static int setup(void **state)
{
    char message[300];
    (void)state;
    if (!mkdtemp(folder))
        return -1;
    config_init(&config);
    config.data_folder = folder;
    config.public_url = "http://127.0.0.1:8080";
    config.signup = SIGNUP_OPEN, config.is_signup_given = 1;
    config.rate_limits = 0;
    config.workers = 1;
    if (service_open(&config, &app, message, sizeof message)) {
        fprintf(stderr, "%s\n", message);
        return -1;
    }
    view_close(app.view);
    if (view_open(NULL, 1, &app.view, NULL))
        return -1;
    struct db *db = store_acquire(app.store);
    int failed = account_add(db, "potato", "correct horse", 1, 0, &potato) ||
                 account_add(db, "fax", "correct horse", 0, 0, &fax) ||
                 token_add(app.store, db, potato, "test", SCOPE_ALL, secret);
    store_release(app.store, db);
    return failed;
}

static int teardown(void **state)
{
    (void)state;
    service_close(&app);
    static const char *const names[] = {"piclog.db", "piclog.db-wal", "piclog.db-shm", "piclog.reserve"};
    for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
        char path[200];
        snprintf(path, sizeof path, "%s/%s", folder, names[i]);
        unlink(path);
    }
    return rmdir(folder);
}

static void add_content(void)
{
    static const char *const tags[] = {"bird", "日本語"};
    struct db *db = store_acquire(app.store);
    int64_t id;
    for (int i = 0; i < 3; i++) {
        struct picture_new picture = {.account = i == 2 ? fax : potato,
                                      .full = {"not really a JPEG", 17, 640, 360},
                                      .thumb = {"small", 5, 240, 135},
                                      .caption = "Nuthatches <walk>\ndown & out",
                                      .alt = i ? "a \"bird\"" : "",
                                      .preset = "crunchy",
                                      .source_format = "jpeg",
                                      .tags = tags,
                                      .tag_count = 2,
                                      .quality = 31,
                                      .fingerprint = 7,
                                      .source_bytes = 4400,
                                      .source_width = 4000,
                                      .source_height = 2250};
        assert_int_equal(picture_add(app.store, db, &picture, &id), STORE_OK);
    }
    const struct profile_link link = {"https://potato.example/links", "My <links>"};
    const struct profile_new profile = {.display_name = "Potato",
                                        .homepage = "https://potato.example",
                                        .about = "baked\nand <b>bold</b>",
                                        .css = "body { color: red }",
                                        .links = &link,
                                        .link_count = 1};
    assert_int_equal(profile_edit(db, potato, &profile), STORE_OK);
    assert_int_equal(top_set(db, potato, &fax, 1), STORE_OK);
    assert_int_equal(layout_add(db, fax, &(struct layout_new){"Plaid", "squares", "p{}"}, &id), STORE_OK);
    const struct bulletin_new bulletin = {potato, "Soup", "*ready*", clock_now_s(), clock_now_s() + 86400};
    assert_int_equal(bulletin_add(db, &bulletin, &id), STORE_OK);
    store_release(app.store, db);
    post("/status",
         (const char *const[]){"face", "🥔", "content", "baked #bird @fax https://a.example/?a=1&b=2", NULL}, 303);
    post("/mood", (const char *const[]){"mood", "🥱 sleepy", "note", "too many tabs", NULL}, 303);
    post("/mood", (const char *const[]){"mood", "fondue", "note", "", NULL}, 303);
}

/* Every page that a GET reaches, with ids and names that exist. */
static const struct {
    const char *path;
    int needs_content, needs_sign_in; /* needs_sign_in -1: only for people who are not */
    const char *keys;                 /* of the JSON twin, as collect_keys() writes them; NULL: not compared */
} pages[] = {
#define PICTURE(p)                                                                                                     \
    p "[].alt " p "[].author " p "[].blurhash " p "[].bytes " p "[].caption " p "[].claimed_bytes " p                  \
      "[].claimed_height " p "[].claimed_width " p "[].created_at " p "[].display_name " p "[].edited_at " p           \
      "[].flashes " p "[].frame_height " p "[].frame_ms " p "[].frame_width " p "[].frames " p "[].height " p          \
      "[].id " p "[].image_url " p "[].is_held " p "[].is_hidden " p "[].note " p "[].poster " p "[].preset " p        \
      "[].quality " p "[].replies " p "[].reply_author " p "[].reply_to " p "[].reply_url " p "[].source_bytes " p     \
      "[].source_format " p "[].source_height " p "[].source_width " p "[].tags[] " p "[].thumb_bytes " p              \
      "[].thumb_height " p "[].thumb_url " p "[].thumb_width " p "[].truncated " p "[].url " p "[].width"
#define STATUS(p)                                                                                                      \
    p "[].author " p "[].content " p "[].created_at " p "[].display_name " p "[].edited_at " p "[].face " p "[].id " p \
      "[].is_held " p "[].is_hidden " p "[].replies " p "[].reply_author " p "[].reply_to " p "[].reply_url " p        \
      "[].url"
#define MOOD(p)                                                                                                        \
    p "[].author " p "[].created_at " p "[].display_name " p "[].edited_at " p "[].face " p "[].id " p "[].is_held " p \
      "[].is_hidden " p "[].mood " p "[].note " p "[].replies " p "[].reply_to " p "[].url"
#define TODAY                                                                                                          \
    "today.cells[] today.first.count today.first.face today.first.mood today.first.total today.label today.rest "      \
    "today.second.count today.second.face today.second.mood today.second.total"
#define TOTALS "totals.bytes totals.count totals.source_bytes totals.thumb_bytes"
    {"/", 0, 0, MOOD("moods") " newest_url older_url " PICTURE("pictures") " " STATUS("statuses") " " TODAY " " TOTALS},
    {"/gallery", 0, 0, PICTURE("crushed") " newest_url older_url " PICTURE("pictures") " " TOTALS},
    {"/statuses", 0, 0, "by newest_url older_url " STATUS("statuses") " " TODAY " with_answers"},
    {"/statuses?answers=1", 0, 0, "by newest_url older_url " STATUS("statuses") " " TODAY " with_answers"},
    {"/statuses?by=potato", 0, 0, "by newest_url older_url " STATUS("statuses") " " TODAY " with_answers"},
    {"/moods", 0, 0,
     "by calendar counts[].count counts[].face counts[].mood felt mood_count " MOOD(
         "moods") " newest_url older_url over_time.blocks[].height over_time.blocks[].kind over_time.blocks[].title "
                  "over_time.blocks[].x over_time.blocks[].y over_time.days[].date over_time.days[].words "
                  "over_time.height over_time.label over_time.legend[].count over_time.legend[].face "
                  "over_time.legend[].kind over_time.legend[].mood over_time.width same " TODAY},
    {"/moods?by=potato", 0, 0,
     "by calendar.count calendar.days[].face calendar.days[].title calendar.days[].x calendar.days[].y calendar.height "
     "calendar.label calendar.months[].name calendar.months[].x calendar.width counts[].count counts[].face "
     "counts[].mood felt mood_count " MOOD("moods") " newest_url older_url over_time same " TODAY},
    {"/moods?mood=fondue", 1, 0,
     "by calendar counts[].count counts[].face counts[].mood felt mood_count " MOOD(
         "moods") " newest_url older_url over_time same[].author same[].created_at same[].display_name same[].face "
                  "same[].is_still same[].url " TODAY},
    {"/people", 0, 0,
     "newest_url older_url people[].created_at people[].display_name people[].homepage people[].id people[].mood_count "
     "people[].name people[].picture_count people[].status_count"},
    {"/~potato", 0, 0,
     "follow is_framed is_own is_preview mood.author mood.created_at mood.display_name mood.edited_at mood.face "
     "mood.id "
     "mood.is_held "
     "mood.is_hidden "
     "mood.mood mood.note mood.replies mood.reply_to mood.url " MOOD(
         "moods") " newest_url older_url person.about person.avatar_url person.background_url "
                  "person.created_at person.display_name person.has_guestbook person.has_style person.homepage "
                  "person.links[].label person.links[].url person.mood_count person.name "
                  "person.picture_count person.shows_follows person.status_count "
                  "person.top[].avatar_url person.top[].display_name person.top[].name " PICTURE(
                      "pictures") " room_url status.author status.content status.created_at status.display_name "
                                  "status.edited_at status.face status.id status.is_held status.is_hidden "
                                  "status.replies status.reply_author status.reply_to status.reply_url "
                                  "status.url " STATUS("statuses") " style_url"},
    {"/~potato?style=off", 0, 0, NULL},
    {"/tag/bird", 0, 0, "newest_url older_url " PICTURE("pictures") " " STATUS("statuses") " tag"},
    {"/search", 0, 0, "newest_url older_url people pictures q statuses tags"},
    {"/search?q=baked", 0, 0, "newest_url older_url people pictures q " STATUS("statuses") " tags"},
    {"/search?q=nuthatch", 1, 0, "newest_url older_url people " PICTURE("pictures") " q statuses tags"},
    {"/search?q=%23bird", 1, 0,
     "newest_url older_url people " PICTURE("pictures") " q " STATUS("statuses") " tags[].name tags[].url"},
    {"/search?q=@potato", 0, 0, "newest_url older_url people[].display_name people[].name pictures q statuses tags"},
    {"/tags", 1, 0, "first_url next_url tags[].name tags[].url"},
    {"/about", 0, 0,
     "has_guestbook stats.accounts stats.image_bytes stats.moods stats.pictures stats.source_bytes stats.statuses"},
    {"/rules", 0, 0, "rules"},
    {"/help", 0, 0, ""},
    {"/help/style", 0, 0, ""},
    {"/help/programs", 0, 0, ""},
    {"/themes", 0, 0,
     "themes[].bytes themes[].css_url themes[].image_url themes[].name themes[].preview_url themes[].title "
     "themes[].words"},
    {"/layouts", 0, 0,
     "layouts[].author layouts[].bytes layouts[].created_at layouts[].display_name layouts[].edited_at layouts[].id "
     "layouts[].is_held layouts[].is_hidden layouts[].line layouts[].name layouts[].url newest_url older_url"},
    {"/layouts/1", 1, 0,
     "layout.author layout.bytes layout.created_at layout.css layout.display_name layout.edited_at layout.id "
     "layout.is_held layout.is_hidden layout.is_own layout.line layout.name layout.url"},
    {"/statuses/1", 1, 0,
     "first_url later_url replies reply.closed reply.is_kept reply.is_own reply.modes reply.post reply.url "
     "status.author status.content status.created_at status.display_name status.edited_at status.face status.id "
     "status.is_held status.is_hidden status.is_own status.replies status.reply_author status.reply_to "
     "status.reply_url status.url"},
    {"/moods/1", 1, 0,
     "first_url later_url mood.author mood.created_at mood.display_name mood.edited_at mood.face mood.id mood.is_held "
     "mood.is_hidden "
     "mood.is_own mood.mood mood.note mood.replies mood.reply_to mood.url replies reply.closed reply.is_kept "
     "reply.is_own reply.modes reply.post reply.url same"},
    {"/p/1", 1, 0,
     "first_url later_url newer.alt newer.author newer.blurhash newer.bytes newer.caption newer.claimed_bytes "
     "newer.claimed_height newer.claimed_width newer.created_at newer.display_name newer.edited_at newer.flashes "
     "newer.frame_height newer.frame_ms newer.frame_width newer.frames newer.height newer.id newer.image_url "
     "newer.is_held newer.is_hidden newer.note newer.poster newer.preset newer.quality newer.replies "
     "newer.reply_author newer.reply_to newer.reply_url newer.source_bytes newer.source_format newer.source_height "
     "newer.source_width newer.tags[] newer.thumb_bytes newer.thumb_height newer.thumb_url newer.thumb_width "
     "newer.truncated newer.url newer.width older picture.alt picture.author picture.blurhash picture.bytes "
     "picture.caption picture.claimed_bytes picture.claimed_height picture.claimed_width picture.created_at "
     "picture.display_name picture.edited_at picture.flashes picture.frame_height picture.frame_ms "
     "picture.frame_width picture.frames picture.height picture.id picture.image_url picture.is_held "
     "picture.is_hidden picture.is_own picture.note picture.poster picture.preset picture.quality picture.replies "
     "picture.reply_author picture.reply_to picture.reply_url picture.source_bytes picture.source_format "
     "picture.source_height picture.source_width picture.tags[] picture.thumb_bytes picture.thumb_height "
     "picture.thumb_url picture.thumb_width picture.truncated picture.url picture.width replies reply.closed "
     "reply.is_kept reply.is_own reply.modes reply.post reply.url waffle.height waffle.path waffle.times waffle.width"},
    {"/p/3", 1, 0, NULL},
    {"/login", 0, -1, "error name next was_sent"},
    {"/join", 0, -1, "action can_join error is_admin is_unclaimed name"},
    {"/recover", 0, -1, "error name"},
    {"/status", 0, 1, NULL},
    {"/mood", 0, 1, NULL},
    {"/settings", 0, 1, NULL},
    {"/settings/profile", 0, 1, NULL},
    {"/settings/pictures", 0, 1, NULL},
    {"/settings/password", 0, 1, NULL},
    {"/settings/tokens", 0, 1, NULL},
    {"/settings/invites", 0, 1, NULL},
    {"/settings/leave", 0, 1, NULL},
    {"/settings/style", 0, 1, NULL},
    {"/settings/style?layout=1", 1, 1, NULL},
    {"/settings/style/preview?layout=1", 1, 1, NULL},
    {"/settings/layouts", 0, 1, NULL},
    {"/settings/top", 0, 1, NULL},
    {"/bulletins", 0, 1, NULL},
    {"/bulletins/1", 1, 1, NULL},
    {"/settings/style?theme=minitel", 0, 1, NULL},
    {"/settings/style/preview", 0, 1, NULL},
    {"/settings/style/preview?theme=minitel", 0, 1, NULL},
    {"/upload", 0, 1, NULL},
    {"/notices", 0, 1, NULL},
    {"/kept", 0, 1, NULL},
    {"/settings/answers", 0, 1, NULL},
    {"/status?reply_to=pictures/1", 0, 1, NULL},
    {"/upload?reply_to=statuses/1", 0, 1, NULL},
    {"/statuses/1/edit", 1, 1, NULL},
    {"/moods/1/edit", 1, 1, NULL},
    {"/p/1/edit", 1, 1, NULL},
};
enum { PAGES = sizeof pages / sizeof *pages };

static void collect_keys(const json_t *value, const char *prefix, struct buf *out)
{
    if (json_is_object(value)) {
        /* jansson sorts when it dumps with JSON_SORT_KEYS only, so the names are sorted here */
        const char *names[64], *name;
        size_t count = 0;
        json_t *member;
        json_object_foreach((json_t *)value, name, member)
        {
            assert_true(count < 64);
            size_t at = count++;
            for (; at > 0 && strcmp(names[at - 1], name) > 0; at--)
                names[at] = names[at - 1];
            names[at] = name;
        }
        for (size_t i = 0; i < count; i++) {
            char path[300];
            snprintf(path, sizeof path, "%s%s%s", prefix, *prefix ? "." : "", names[i]);
            collect_keys(json_object_get(value, names[i]), path, out);
        }
    } else if (json_array_size(value)) {
        char path[300];
        snprintf(path, sizeof path, "%s[]", prefix);
        collect_keys(json_array_get(value, 0), path, out);
    } else {
        buf_printf(out, "%s%s", out->size_bytes ? " " : "", prefix);
    }
}

static void expect_keys(size_t i)
{
    char target[200];
    size_t path_bytes = strcspn(pages[i].path, "?");
    snprintf(target, sizeof target, "%.*s.json%s", (int)path_bytes, path_bytes == 1 ? "/index" : pages[i].path,
             pages[i].path + path_bytes);
    if (path_bytes == 1)
        snprintf(target, sizeof target, "/index.json");
    json_t *value = get_json(target, 0);
    struct buf keys = {0};
    buf_puts(&keys, "");
    collect_keys(value, "", &keys);
    if (pages[i].keys && strcmp(keys.data, pages[i].keys) != 0)
        fail_msg("%s shows\n  %s\ninstead of\n  %s", target, keys.data, pages[i].keys);
    assert_null(strstr(keys.data, "account_id"));
    assert_null(strstr(keys.data, "password"));
    buf_free(&keys);
    json_decref(value);
}

static void render_all(int has_content)
{
    for (size_t i = 0; i < PAGES; i++) {
        if (pages[i].needs_content && !has_content)
            continue;
        for (int signed_in = pages[i].needs_sign_in > 0; signed_in <= (pages[i].needs_sign_in >= 0); signed_in++) {
            char *body = get(pages[i].path, signed_in, 200);
            if (strncmp(body, "<!DOCTYPE html>", 15) != 0 || !strstr(body, "</html>"))
                fail_msg("%s is no page: %.300s", pages[i].path, body);
            free(body);
        }
    }
}

static void test_empty(void **state)
{
    (void)state;
    render_all(0);
    free(get("/statuses/1", 0, 404));
    free(get("/~nobody", 0, 404));
    free(get("/tag/%23", 0, 404));
    free(get("/statuses?by=nobody", 0, 404));
}

static void test_content(void **state)
{
    (void)state;
    add_content();
    render_all(1);
    for (size_t i = 0; i < PAGES; i++)
        if (pages[i].needs_sign_in <= 0)
            expect_keys(i);
    expect_in("/", 0, "Nuthatches &lt;walk&gt;<br>");
    expect_in("/", 0, "alt=\"a &quot;bird&quot;\"");
    expect_in("/", 0, "<a href=\"/tag/bird\" rel=\"tag\">#bird</a> <a href=\"/~fax\">@fax</a>");
    expect_in("/", 0, "<span class=\"face\">🥱</span> <b class=\"p-name\" dir=\"auto\">sleepy</b>");
    expect_in("/p/2", 0, "259 times smaller");
    expect_in("/tag/%E6%97%A5%E6%9C%AC%E8%AA%9E", 0, "#日本語");
    expect_in("/~POTATO", 0, "src=\"/~potato/room\"");
    expect_in("/~potato/style.css", 0, "color: red");
    char *none = get("/~fax/style.css", 0, 200);
    assert_string_equal(none, "");
    free(none);
}

static void test_statuses(void **state)
{
    (void)state;
    char lengthy[142 * 4] = "";
    for (int i = 0; i < 141; i++)
        strncat(lengthy, "é", sizeof lengthy - strlen(lengthy) - 1);
    post("/status", (const char *const[]){"content", lengthy, NULL}, 422);
    post("/status", (const char *const[]){"content", " \u200B ", NULL}, 422);
    post("/status", (const char *const[]){"content", "\xFF", NULL}, 422);
    lengthy[280] = '\0';
    struct answer made = ask(METHOD_POST, "/api/statuses", 1, (const char *const[]){"content", lengthy, NULL});
    assert_int_equal(made.status, 201);
    json_t *object = json_loads(made.body, 0, NULL);
    assert_string_equal(json_string_value(json_object_get(object, "content")), lengthy);
    assert_string_equal(json_string_value(json_object_get(object, "url")), made.location);
    json_decref(object);
    free(made.body);
    const char *id = strrchr(made.location, '/') + 1;
    char target[100];
    snprintf(target, sizeof target, "/api/statuses/%s", id);
    struct answer edited =
        ask(METHOD_PUT, target, 1, (const char *const[]){"content", "shorter", "face", "🙂", NULL});
    assert_int_equal(edited.status, 200);
    assert_non_null(strstr(edited.body, "\"shorter\""));
    free(edited.body);
    struct answer gone = ask(METHOD_DELETE, target, 1, NULL);
    assert_int_equal(gone.status, 204);
    free(gone.body);
    free(get(target, 0, 404));
}

static void test_others_are_out_of_reach(void **state)
{
    (void)state;
    struct db *db = store_acquire(app.store);
    int64_t status, mood;
    char target[100];
    assert_int_equal(status_add(db, fax, "📠", "beep", NULL, 0, &status), STORE_OK);
    assert_int_equal(mood_add(db, fax, "haunted", "👻", "", &mood), STORE_OK);
    store_release(app.store, db);
    const char *const form[] = {"content", "hacked", "mood", "hacked", NULL};
    snprintf(target, sizeof target, "/statuses/%lld/edit", (long long)status);
    free(get(target, 1, 403));
    post(target, form, 403);
    snprintf(target, sizeof target, "/statuses/%lld/delete", (long long)status);
    post(target, form, 404);
    snprintf(target, sizeof target, "/moods/%lld/edit", (long long)mood);
    post(target, form, 403);
    snprintf(target, sizeof target, "/moods/%lld/delete", (long long)mood);
    post(target, form, 404);
    expect_in("/statuses", 0, "beep");
    expect_in("/moods", 0, "haunted");
}

static void test_cursor(void **state)
{
    (void)state;
    struct db *db = store_acquire(app.store);
    int64_t id;
    char text[40];
    for (int i = 0; i < 45; i++) {
        snprintf(text, sizeof text, "count %d", i);
        assert_int_equal(status_add(db, fax, "", text, NULL, 0, &id), STORE_OK);
    }
    store_release(app.store, db);
    char target[200] = "/statuses.json?by=fax";
    size_t seen = 0, turns = 0;
    json_int_t last = INT64_MAX;
    while (*target && turns++ < 10) {
        json_t *page = get_json(target, 0);
        json_t *rows = json_object_get(page, "statuses"), *row;
        size_t i;
        json_array_foreach(rows, i, row)
        {
            json_int_t row_id = json_integer_value(json_object_get(row, "id"));
            assert_true(row_id < last);
            last = row_id;
            seen++;
        }
        const char *older = json_string_value(json_object_get(page, "older_url"));
        snprintf(target, sizeof target, "%s%s", older ? "/statuses.json" : "", older ? strchr(older, '?') : "");
        json_decref(page);
    }
    assert_int_equal(seen, 46);
    assert_int_equal(turns, 3);
}

static void test_feeds(void **state)
{
    (void)state;
    expect_in("/feed.atom", 0, "<feed xmlns=\"http://www.w3.org/2005/Atom\" xmlns:thr=");
    expect_in("/~potato/feed.atom", 0, "&lt;img src=&quot;http://127.0.0.1:8080/i/");
    expect_in("/~potato/feed.atom", 0, "alt=&quot;a &amp;quot;bird&amp;quot;&quot;");
    expect_in("/users/Potato.atom", 0, "<published>");
    expect_in("/users/potato.atom", 0, "<summary>🥔 baked #bird");
    expect_in("/~potato/feed.atom", 0, "<link rel=\"enclosure\" type=\"image/jpeg\" length=\"");
    json_t *feed = get_json("/~potato/feed.json", 0);
    assert_string_equal(json_string_value(json_object_get(feed, "version")), "https://jsonfeed.org/version/1.1");
    assert_int_equal(json_array_size(json_object_get(feed, "items")), 5);
    json_decref(feed);
    free(get("/~nobody/feed.json", 0, 404));
}

static void test_dropin(void **state)
{
    (void)state;
    struct db *db = store_acquire(app.store);
    int64_t quiet, id;
    assert_int_equal(account_add(db, "quiet", "correct horse", 0, 0, &quiet), STORE_OK);
    assert_int_equal(status_add(db, potato, "🥔", "<b>&\"'</script>", NULL, 0, &id), STORE_OK);
    store_release(app.store, db);
    json_t *status = get_json("/users/Potato/status.json?t=123", 0);
    assert_string_equal(json_string_value(json_object_get(status, "author")), "potato");
    assert_string_equal(json_string_value(json_object_get(status, "content")),
                        "&lt;b&gt;&amp;&quot;&#39;&lt;/script&gt;");
    assert_string_equal(json_string_value(json_object_get(status, "contentText")), "<b>&\"'</script>");
    assert_string_equal(json_string_value(json_object_get(status, "face")), "🥔");
    assert_string_equal(json_string_value(json_object_get(status, "timeAgo")), "just now");
    assert_int_equal(json_object_size(status), 5);
    json_decref(status);
    status = get_json("/users/quiet/status.json", 0);
    assert_string_equal(json_string_value(json_object_get(status, "content")), "");
    json_decref(status);
    char *nobody = get("/users/nobody/status.json", 0, 404);
    assert_string_equal(nobody, "{}\n");
    free(nobody);
    char *script = get("/current-status.js?name=Potato", 0, 200);
    assert_null(strstr(script, "</script"));
    assert_non_null(strstr(script, "\\u003c/script>"));
    free(script);
    expect_in("/current-status.js?name=potato&callback=my.show", 0, "typeof my.show==='function'&&my.show({");
    free(get("/current-status.js?name=potato&callback=alert(1)", 0, 400));
    free(get("/current-status.js?name=potato&callback=a.", 0, 400));
    script = get("/current-status.js?name=nobody", 0, 404);
    assert_non_null(strstr(script, "/* nobody"));
    free(script);
}

static void no_work(const struct job_request *job, int input_fd, int result_fd)
{
    (void)job;
    (void)input_fd;
    (void)result_fd;
}

/* The pool runs this program again for its template process; nothing is crushed here. */
int main(int argc, char **argv)
{
    if (argc == 2 && strcmp(argv[1], "worker-template") == 0)
        _exit(worker_template_main(3, no_work, WORKER_SPARE_MS));
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_empty),
        cmocka_unit_test(test_content),
        cmocka_unit_test(test_statuses),
        cmocka_unit_test(test_feeds),
        cmocka_unit_test(test_others_are_out_of_reach),
        cmocka_unit_test(test_cursor),
        cmocka_unit_test(test_dropin),
    };
    return cmocka_run_group_tests(tests, setup, teardown);
}
