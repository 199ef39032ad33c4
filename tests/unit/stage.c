/* See stage.h. */
#include "stage.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <ftw.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <sqlite3.h>

#include "store/account.h"

static int remove_one(const char *path, const struct stat *info, int flag, struct FTW *walk)
{
    (void)info, (void)flag, (void)walk;
    return remove(path);
}

int stage_setup(void **state)
{
    struct stage *stage = calloc(1, sizeof *stage);
    char message[256];
    snprintf(stage->folder, sizeof stage->folder, "/tmp/piclog-stage-XXXXXX");
    if (!mkdtemp(stage->folder) || store_open(stage->folder, &stage->store, message, sizeof message) != STORE_OK) {
        print_error("%s\n", message);
        return -1;
    }
    stage->db = store_acquire(stage->store);
    stage->potato = (struct actor){.store = stage->store, .db = stage->db, .arena = &stage->arena};
    stage->minitel = stage->potato;
    *state = stage;
    return account_add(stage->db, "potato", "correct horse", 0, 0, &stage->potato.account) == STORE_OK &&
                   account_add(stage->db, "minitel", "correct horse", 1, 0, &stage->minitel.account) == STORE_OK
               ? 0
               : -1;
}

int stage_teardown(void **state)
{
    struct stage *stage = *state;
    arena_free(&stage->arena);
    store_release(stage->store, stage->db);
    store_close(stage->store);
    nftw(stage->folder, remove_one, 8, FTW_DEPTH | FTW_PHYS);
    free(stage);
    return 0;
}

void stage_assert_fault(const struct fault *fault, enum fault_kind kind, const char *field, int line)
{
    if (!fault || fault->kind != kind || !fault->field != !field || (field && strcmp(fault->field, field) != 0))
        fail_msg("line %d: %s", line, fault ? fault->sentence : "no fault");
    if (!strchr(".!?", fault->sentence[strlen(fault->sentence) - 1]))
        fail_msg("line %d: not finished: %s", line, fault->sentence);
}

size_t stage_count(const struct stage *stage, enum query query, int64_t account)
{
    json_t *rows = db_rows(stage->db, query, INT64_MAX, (int64_t)1000, account, (int64_t)1);
    size_t count = json_array_size(rows);
    json_decref(rows);
    return count;
}

const char *stage_text(struct stage *stage, enum query query, int64_t id, const char *key)
{
    json_t *row = db_row(stage->db, query, id, (int64_t)0, (int64_t)1);
    const char *text = arena_copy(&stage->arena, json_string_value(json_object_get(row, key)));
    json_decref(row);
    return text;
}

static sqlite3 *open_beside(const struct stage *stage)
{
    char path[128];
    sqlite3 *handle;
    snprintf(path, sizeof path, "%s/piclog.db", stage->folder);
    assert_int_equal(sqlite3_open(path, &handle), SQLITE_OK);
    return handle;
}

int64_t stage_number(const struct stage *stage, const char *sql)
{
    sqlite3 *handle = open_beside(stage);
    sqlite3_stmt *row;
    assert_int_equal(sqlite3_prepare_v2(handle, sql, -1, &row, NULL), SQLITE_OK);
    assert_int_equal(sqlite3_step(row), SQLITE_ROW);
    const int64_t value = sqlite3_column_int64(row, 0);
    sqlite3_finalize(row);
    sqlite3_close(handle);
    return value;
}

void stage_change(const struct stage *stage, const char *sql)
{
    sqlite3 *handle = open_beside(stage);
    char *message = NULL;
    if (sqlite3_exec(handle, sql, NULL, NULL, &message) != SQLITE_OK)
        fail_msg("%s: %s", sql, message);
    sqlite3_close(handle);
}

int stage_is_on_disk(const struct stage *stage, const char *text)
{
    static const char *const endings[] = {"", "-wal", "-shm"};
    int found = 0;
    for (size_t i = 0; i < 3; i++) {
        char path[128];
        snprintf(path, sizeof path, "%s/piclog.db%s", stage->folder, endings[i]);
        FILE *file = fopen(path, "rb");
        if (!file)
            continue;
        fseek(file, 0, SEEK_END);
        size_t size = (size_t)ftell(file);
        rewind(file);
        char *bytes = malloc(size + 1);
        assert_non_null(bytes);
        found |= fread(bytes, 1, size, file) == size && memmem(bytes, size, text, strlen(text)) != NULL;
        free(bytes);
        fclose(file);
    }
    return found;
}
