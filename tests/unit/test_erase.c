/* Deleting really deletes: nothing of a deleted word or picture is left in the file, its log or its index. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <ftw.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <sqlite3.h>

#include "store/account.h"
#include "store/erase.h"
#include "store/post.h"

struct fixture {
    char folder[64];
    struct store *store;
    struct db *db;
    int64_t potato;
};

static int remove_one(const char *path, const struct stat *info, int flag, struct FTW *walk)
{
    (void)info, (void)flag, (void)walk;
    return remove(path);
}

static int setup(void **state)
{
    struct fixture *f = calloc(1, sizeof *f);
    char message[256];
    /* in memory: thousands of commits, and no power cut to survive */
    snprintf(f->folder, sizeof f->folder, "%s/piclog-erase-XXXXXX",
             access("/dev/shm", W_OK) == 0 ? "/dev/shm" : "/tmp");
    if (!mkdtemp(f->folder) || store_open(f->folder, &f->store, message, sizeof message) != STORE_OK)
        return -1;
    f->db = store_acquire(f->store);
    *state = f;
    return account_add(f->db, "potato", "correct horse", 0, 0, &f->potato) == STORE_OK ? 0 : -1;
}

static int teardown(void **state)
{
    struct fixture *f = *state;
    store_release(f->store, f->db);
    store_close(f->store);
    nftw(f->folder, remove_one, 8, FTW_DEPTH | FTW_PHYS);
    free(f);
    return 0;
}

/* The three files of the database, one behind the other. */
static char *read_database(const struct fixture *f, size_t *ret_size)
{
    static const char *const endings[] = {"", "-wal", "-shm"};
    size_t size = 0;
    char *all = NULL;
    for (size_t i = 0; i < 3; i++) {
        char path[128];
        snprintf(path, sizeof path, "%s/piclog.db%s", f->folder, endings[i]);
        FILE *file = fopen(path, "rb");
        if (!file)
            continue;
        fseek(file, 0, SEEK_END);
        size_t length = (size_t)ftell(file);
        rewind(file);
        all = realloc(all, size + length + 1);
        assert_non_null(all);
        size += fread(all + size, 1, length, file);
        fclose(file);
    }
    *ret_size = size;
    return all;
}

static int is_there(const struct fixture *f, const void *bytes, size_t size)
{
    size_t length;
    char *all = read_database(f, &length);
    int found = memmem(all, length, bytes, size) != NULL;
    free(all);
    return found;
}

/* A word that no tokenizer changes, different for every number. */
static void make_word(unsigned number, char ret_word[16])
{
    uint64_t state = number * 0x9E3779B97F4A7C15u + 1;
    for (int i = 0; i < 12; i++) {
        state = state * 6364136223846793005u + 1442695040888963407u;
        ret_word[i] = (char)('a' + (state >> 33) % 26);
    }
    ret_word[12] = '\0';
}

/* Deletes and edits in between many others that stay, so that pages are split, balanced and merged. */
static void deleted_words_are_gone(void **state)
{
    struct fixture *f = *state;
    enum { POSTS = 3000 };
    static int64_t ids[POSTS];
    char word[16], text[512], filler[401];
    memset(filler, 'x', sizeof filler - 1);
    filler[sizeof filler - 1] = '\0';
    srand(5); /* with this one, a copy of a deleted word stays in the gap of a page unless it is scrubbed */
    for (unsigned i = 0; i < POSTS; i++) {
        make_word(i, word);
        snprintf(text, sizeof text, "%s %.*s", word, rand() % 400, filler);
        assert_int_equal(status_add(f->db, f->potato, "", text, NULL, 0, &ids[i]), STORE_OK);
        if (i > 10 && i % 3 == 0) { /* an older one goes, another one changes */
            unsigned victim = (unsigned)rand() % i;
            if (victim % 2 && ids[victim]) {
                assert_int_equal(status_delete(f->db, f->potato, ids[victim]), STORE_OK);
                ids[victim] = 0;
            } else if (ids[victim] > 0) {
                assert_int_equal(status_edit(f->db, f->potato, ids[victim], "", "changed", NULL, 0), STORE_OK);
                ids[victim] = -ids[victim]; /* its word is gone as well */
            }
        }
    }
    assert_int_equal(store_erase(f->store), STORE_OK);
    size_t length, gone = 0, stayed = 0;
    char *all = read_database(f, &length);
    for (unsigned i = 0; i < POSTS; i++) {
        make_word(i, word);
        int found = memmem(all, length, word, 12) != NULL;
        if (found != (ids[i] > 0))
            fail_msg("the word %u was %s and is %s", i, ids[i] > 0 ? "kept" : "deleted", found ? "there" : "gone");
        *(ids[i] > 0 ? &stayed : &gone) += 1;
    }
    free(all);
    assert_true(gone > 500 && stayed > 500);
}

static void the_database_is_whole_after_erasing(void **state)
{
    struct fixture *f = *state;
    deleted_words_are_gone(state);
    char path[128];
    sqlite3 *handle;
    sqlite3_stmt *check;
    snprintf(path, sizeof path, "%s/piclog.db", f->folder);
    assert_int_equal(sqlite3_open(path, &handle), SQLITE_OK);
    assert_int_equal(sqlite3_prepare_v2(handle, "PRAGMA integrity_check", -1, &check, NULL), SQLITE_OK);
    assert_int_equal(sqlite3_step(check), SQLITE_ROW);
    assert_string_equal((const char *)sqlite3_column_text(check, 0), "ok");
    sqlite3_finalize(check);
    assert_int_equal(
        sqlite3_exec(handle, "INSERT INTO statuses_text (statuses_text) VALUES ('integrity-check')", NULL, NULL, NULL),
        SQLITE_OK);
    sqlite3_close(handle);
}

/* ---- Gaps: read from the file as its format says, https://sqlite.org/fileformat2.html ---------------- */

enum { TYPES = 14 };

/* How many b-tree pages of each type have something in the gap between pointers and cells. */
static void count_gaps(const struct fixture *f, size_t ret_used[TYPES], size_t ret_dirty[TYPES])
{
    char path[128];
    snprintf(path, sizeof path, "%s/piclog.db", f->folder);
    FILE *file = fopen(path, "rb");
    assert_non_null(file);
    static unsigned char page[65536];
    unsigned char head[18];
    assert_int_equal(fread(head, 1, sizeof head, file), sizeof head);
    const size_t page_bytes = (size_t)head[16] << 8 | head[17];
    memset(ret_used, 0, TYPES * sizeof *ret_used);
    memset(ret_dirty, 0, TYPES * sizeof *ret_dirty);
    rewind(file);
    for (size_t number = 1; fread(page, 1, page_bytes, file) == page_bytes; number++) {
        const size_t header = number == 1 ? 100 : 0;
        const unsigned type = page[header];
        if (type != 2 && type != 5 && type != 10 && type != 13) /* overflow and free pages begin with 0 */
            continue;
        const size_t cells = (size_t)page[header + 3] << 8 | page[header + 4];
        const size_t content = (size_t)page[header + 5] << 8 | page[header + 6];
        int dirty = 0;
        for (size_t at = header + (type < 10 ? 12 : 8) + 2 * cells; at < content; at++)
            dirty |= page[at];
        ret_used[type] += cells > 0;
        ret_dirty[type] += dirty != 0;
    }
    fclose(file);
}

static void gaps_are_scrubbed_in_tables_and_indexes(void **state)
{
    struct fixture *f = *state;
    enum { POSTS = 1500 };
    static int64_t ids[POSTS];
    char word[16], text[300], path[128];
    size_t used[TYPES], dirty[TYPES];
    srand(1);
    for (unsigned i = 0; i < POSTS; i++) { /* tags are text in an index, and come in no order */
        make_word(i, word);
        const char *const tags[] = {word};
        snprintf(text, sizeof text, "%s %0*d", word, rand() % 250, 0);
        assert_int_equal(status_add(f->db, f->potato, "", text, tags, 1, &ids[i]), STORE_OK);
    }
    for (unsigned i = 0; i < POSTS; i++)
        if (i % 5)
            assert_int_equal(status_delete(f->db, f->potato, ids[i]), STORE_OK);
    sqlite3 *handle;
    snprintf(path, sizeof path, "%s/piclog.db", f->folder);
    assert_int_equal(sqlite3_open(path, &handle), SQLITE_OK);
    assert_int_equal(sqlite3_exec(handle, "PRAGMA wal_checkpoint(TRUNCATE)", NULL, NULL, NULL), SQLITE_OK);
    sqlite3_close(handle);
    count_gaps(f, used, dirty);
    assert_true(dirty[10] && dirty[13]); /* otherwise this would prove nothing */
    assert_int_equal(store_erase(f->store), STORE_OK);
    count_gaps(f, used, dirty);
    assert_true(used[5] && used[10] && used[13]);
    for (int type = 0; type < TYPES; type++)
        if (dirty[type])
            fail_msg("%zu pages of type %d have something in their gaps", dirty[type], type);
}

static void deleted_bytes_are_gone_with_their_last_use(void **state)
{
    struct fixture *f = *state;
    unsigned char bytes[12000], thumb[3000];
    int64_t first, second;
    for (size_t i = 0; i < sizeof bytes; i++)
        bytes[i] = (unsigned char)(i * i * 31 + i / 7);
    for (size_t i = 0; i < sizeof thumb; i++)
        thumb[i] = (unsigned char)(i * i * 17 + i / 3 + 1);
    struct picture_new picture = {.account = f->potato,
                                  .full = {bytes, sizeof bytes, 640, 480},
                                  .thumb = {thumb, sizeof thumb, 240, 180},
                                  .caption = "Xylographer",
                                  .alt = "Quagmirefoal",
                                  .note = "Zwitterionic",
                                  .preset = "crunchy",
                                  .source_format = "jpeg",
                                  .fingerprint = 7,
                                  .source_bytes = 4400,
                                  .source_width = 4000,
                                  .source_height = 2250};
    assert_int_equal(picture_add(f->store, f->db, &picture, &first), STORE_OK);
    assert_int_equal(picture_add(f->store, f->db, &picture, &second), STORE_OK);
    uint64_t before = store_erasures(f->store);
    assert_int_equal(picture_delete(f->db, f->potato, first), STORE_OK);
    assert_true(store_erasures(f->store) > before);
    assert_int_equal(store_erase(f->store), STORE_OK);
    assert_true(is_there(f, bytes + 100, 500)); /* somebody else has the same picture */
    assert_int_equal(picture_delete(f->db, f->potato, second), STORE_OK);
    assert_int_equal(store_erase(f->store), STORE_OK);
    for (size_t at = 0; at + 64 <= sizeof bytes; at += 512)
        assert_false(is_there(f, bytes + at, 64));
    for (size_t at = 0; at + 64 <= sizeof thumb; at += 512)
        assert_false(is_there(f, thumb + at, 64));
    static const char *const words[] = {"Xylographer", "xylographer", "Quagmirefoal", "quagmirefoal", "Zwitterionic"};
    for (size_t i = 0; i < sizeof words / sizeof words[0]; i++)
        assert_false(is_there(f, words[i], strlen(words[i])));
}

static void erasing_waits_for_nobody_for_long(void **state)
{
    struct fixture *f = *state;
    char path[128];
    sqlite3 *reader;
    int64_t id;
    snprintf(path, sizeof path, "%s/piclog.db", f->folder);
    assert_int_equal(status_add(f->db, f->potato, "", "Ephemeral", NULL, 0, &id), STORE_OK);
    assert_int_equal(sqlite3_open(path, &reader), SQLITE_OK);
    assert_int_equal(sqlite3_exec(reader, "BEGIN; SELECT count(*) FROM statuses", NULL, NULL, NULL), SQLITE_OK);
    assert_int_equal(status_delete(f->db, f->potato, id), STORE_OK);
    assert_true(store_erase(f->store) == STORE_BUSY); /* the reader still needs what was deleted */
    assert_int_equal(sqlite3_exec(reader, "COMMIT", NULL, NULL, NULL), SQLITE_OK);
    assert_int_equal(store_erase(f->store), STORE_OK);
    assert_false(is_there(f, "Ephemeral", 9));
    sqlite3_close(reader);
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)
    const struct CMUnitTest tests[] = {
        TEST(deleted_words_are_gone),
        TEST(the_database_is_whole_after_erasing),
        TEST(gaps_are_scrubbed_in_tables_and_indexes),
        TEST(deleted_bytes_are_gone_with_their_last_use),
        TEST(erasing_waits_for_nobody_for_long),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
