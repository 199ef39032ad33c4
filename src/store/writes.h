/* Every statement that writes, as enum write; only the nouns of the store use them. SQL: statements/…. */
#ifndef PICLOG_STORE_WRITES_H
#define PICLOG_STORE_WRITES_H

#include "store/statements.h"

enum write {
#define WRITE_NAME(name, sql) WRITE_##name,
    WRITES(WRITE_NAME)
#undef WRITE_NAME
        WRITE_COUNT
};

#endif
