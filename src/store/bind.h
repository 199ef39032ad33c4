/*
 * Parameters of statements, checked by the compiler: DB_VALUES(a, b, …) is an array of values that ends in DB_END, each
 * made by the type of what stands there. Integers of any width, text (const char *, NULL: null), bytes (const struct
 * blob *) and NULL itself fit; anything else does not compile. Text and bytes are borrowed until the statement has run.
 */
#ifndef PICLOG_STORE_BIND_H
#define PICLOG_STORE_BIND_H

#include <stddef.h>
#include <stdint.h>

struct blob {
    const void *data;
    size_t size_bytes;
};

struct db_value {
    enum { DB_END = 0, DB_NULL, DB_INTEGER, DB_TEXT, DB_BLOB } type;
    union {
        int64_t integer;
        const char *text;
        const struct blob *blob;
    };
};

static inline struct db_value db_integer(int64_t integer)
{
    return (struct db_value){.type = DB_INTEGER, .integer = integer};
}

static inline struct db_value db_text(const char *text)
{
    return (struct db_value){.type = text ? DB_TEXT : DB_NULL, .text = text};
}

static inline struct db_value db_bytes(const struct blob *blob)
{
    return (struct db_value){.type = DB_BLOB, .blob = blob};
}

static inline struct db_value db_null(const void *nothing)
{
    (void)nothing;
    return (struct db_value){.type = DB_NULL};
}

/* clang-format off */
#define DB_VALUE(x) _Generic((x),                                                                                      \
    _Bool: db_integer,                                                                                                 \
    char: db_integer,                                                                                                  \
    int: db_integer,                                                                                                   \
    unsigned: db_integer,                                                                                              \
    long: db_integer,                                                                                                  \
    unsigned long: db_integer,                                                                                         \
    long long: db_integer,                                                                                             \
    unsigned long long: db_integer,                                                                                    \
    char *: db_text,                                                                                                   \
    const char *: db_text,                                                                                             \
    struct blob *: db_bytes,                                                                                           \
    const struct blob *: db_bytes,                                                                                     \
    void *: db_null)(x)
/* clang-format on */

/* One DB_VALUE for each of up to 24 arguments, none included. */
#define DB_VALUES(...)     ((const struct db_value[]){__VA_OPT__(DB_EACH_1(__VA_ARGS__)){.type = DB_END}})
#define DB_EACH_1(x, ...)  DB_VALUE(x), __VA_OPT__(DB_EACH_2(__VA_ARGS__))
#define DB_EACH_2(x, ...)  DB_VALUE(x), __VA_OPT__(DB_EACH_3(__VA_ARGS__))
#define DB_EACH_3(x, ...)  DB_VALUE(x), __VA_OPT__(DB_EACH_4(__VA_ARGS__))
#define DB_EACH_4(x, ...)  DB_VALUE(x), __VA_OPT__(DB_EACH_5(__VA_ARGS__))
#define DB_EACH_5(x, ...)  DB_VALUE(x), __VA_OPT__(DB_EACH_6(__VA_ARGS__))
#define DB_EACH_6(x, ...)  DB_VALUE(x), __VA_OPT__(DB_EACH_7(__VA_ARGS__))
#define DB_EACH_7(x, ...)  DB_VALUE(x), __VA_OPT__(DB_EACH_8(__VA_ARGS__))
#define DB_EACH_8(x, ...)  DB_VALUE(x), __VA_OPT__(DB_EACH_9(__VA_ARGS__))
#define DB_EACH_9(x, ...)  DB_VALUE(x), __VA_OPT__(DB_EACH_10(__VA_ARGS__))
#define DB_EACH_10(x, ...) DB_VALUE(x), __VA_OPT__(DB_EACH_11(__VA_ARGS__))
#define DB_EACH_11(x, ...) DB_VALUE(x), __VA_OPT__(DB_EACH_12(__VA_ARGS__))
#define DB_EACH_12(x, ...) DB_VALUE(x), __VA_OPT__(DB_EACH_13(__VA_ARGS__))
#define DB_EACH_13(x, ...) DB_VALUE(x), __VA_OPT__(DB_EACH_14(__VA_ARGS__))
#define DB_EACH_14(x, ...) DB_VALUE(x), __VA_OPT__(DB_EACH_15(__VA_ARGS__))
#define DB_EACH_15(x, ...) DB_VALUE(x), __VA_OPT__(DB_EACH_16(__VA_ARGS__))
#define DB_EACH_16(x, ...) DB_VALUE(x), __VA_OPT__(DB_EACH_17(__VA_ARGS__))
#define DB_EACH_17(x, ...) DB_VALUE(x), __VA_OPT__(DB_EACH_18(__VA_ARGS__))
#define DB_EACH_18(x, ...) DB_VALUE(x), __VA_OPT__(DB_EACH_19(__VA_ARGS__))
#define DB_EACH_19(x, ...) DB_VALUE(x), __VA_OPT__(DB_EACH_20(__VA_ARGS__))
#define DB_EACH_20(x, ...) DB_VALUE(x), __VA_OPT__(DB_EACH_21(__VA_ARGS__))
#define DB_EACH_21(x, ...) DB_VALUE(x), __VA_OPT__(DB_EACH_22(__VA_ARGS__))
#define DB_EACH_22(x, ...) DB_VALUE(x), __VA_OPT__(DB_EACH_23(__VA_ARGS__))
#define DB_EACH_23(x, ...) DB_VALUE(x), __VA_OPT__(DB_EACH_24(__VA_ARGS__))
#define DB_EACH_24(x)      DB_VALUE(x),

#endif
