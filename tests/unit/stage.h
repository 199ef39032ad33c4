/*
 * A stage for tests of src/domain: a store in a folder of its own with two people, and an actor for each. No server.
 * As cmocka's setup and teardown; *state is the stage.
 */
#ifndef PICLOG_TESTS_UNIT_STAGE_H
#define PICLOG_TESTS_UNIT_STAGE_H

#include "domain/actor.h"
#include "domain/fault.h"

struct stage {
    char folder[64];
    struct store *store;
    struct db *db;
    struct arena arena;
    struct actor potato, minitel;
};

int stage_setup(void **state);
int stage_teardown(void **state);

/* The fault is of this kind, about this field (NULL: none), and its sentence is finished. */
#define assert_fault(fault, expected_kind, expected_field)                                                             \
    stage_assert_fault(fault, expected_kind, expected_field, __LINE__)
void stage_assert_fault(const struct fault *fault, enum fault_kind kind, const char *field, int line);

/* How many rows a query finds for an account: QUERY_PICTURES_OF, QUERY_STATUSES_OF, QUERY_MOODS_OF. */
size_t stage_count(const struct stage *stage, enum query query, int64_t account);
/* A text of the row that QUERY_STATUS, QUERY_MOOD or QUERY_PICTURE finds; "" without one. In the stage's arena. */
const char *stage_text(struct stage *stage, enum query query, int64_t id, const char *key);

/* The database asked or changed by the side, through a connection of its own: the first number of the first row; and
   statements that have to work. */
int64_t stage_number(const struct stage *stage, const char *sql);
void stage_change(const struct stage *stage, const char *sql);
/* 1 when the database, its log or its shared memory holds the text. */
int stage_is_on_disk(const struct stage *stage, const char *text);

#endif
