/*
 * Every statement that reads, as enum query: QUERY_PICTURES, … Their SQL lies in statements/…, where column names
 * are what templates and JSON twins show; statements.py makes the list of it. Timelines page by the id: ?1 is the
 * cursor ("before"), a row is older when its id is less. Who sees what: statements/parts.sql.
 */
#ifndef PICLOG_STORE_QUERIES_H
#define PICLOG_STORE_QUERIES_H

#include "store/statements.h"

enum query {
#define QUERY_NAME(name, sql) QUERY_##name,
    QUERIES(QUERY_NAME)
#undef QUERY_NAME
        QUERY_COUNT
};

#endif
