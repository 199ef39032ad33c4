/* How much memory JSON from outside will take once it is a tree: asked before a parser makes one of it. */
#ifndef PICLOG_BASE_JSON_BOUND_H
#define PICLOG_BASE_JSON_BOUND_H

#include <stddef.h>

enum json_bound { JSON_BOUND_OK = 0, JSON_BOUND_DEPTH, JSON_BOUND_TREE };

enum { JSON_BOUND_DEPTH_MAX = 64 };

/*
 * Reads data once, keeping nothing, and adds up what a tree of it takes in jansson: objects and arrays, values, keys,
 * bytes of text, each rounded up, and room for tables that double. JSON_BOUND_DEPTH: values lie deeper in each other
 * than JSON_BOUND_DEPTH_MAX. JSON_BOUND_TREE: more than tree_max_bytes. What is no JSON may be either, or pass: the
 * parser that comes after will say so, and has made no more of it until then. Threads: any. Cost: one look at each
 * byte, fewer where it refuses.
 */
enum json_bound json_bound_check(const char *data, size_t size_bytes, size_t tree_max_bytes);

#endif
