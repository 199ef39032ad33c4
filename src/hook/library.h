/*
 * libcurl, loaded when the first webhook is due, or at the start with --purge. Linked in, it and its dozen libraries
 * would cost every process 6 MB and 13 ms at the start, the caged decoders included, which then would also hold a TLS
 * library that they never need.
 */
#ifndef PICLOG_HOOK_LIBRARY_H
#define PICLOG_HOOK_LIBRARY_H

#define CURL_DISABLE_TYPECHECK /* its macros would hide the functions */
#include <curl/curl.h>

/* What is used of it, under the names it has there. */
#define LIBRARY_FUNCTIONS(F)                                                                                           \
    F(curl_global_init)                                                                                                \
    F(curl_easy_init)                                                                                                  \
    F(curl_easy_setopt)                                                                                                \
    F(curl_easy_perform)                                                                                               \
    F(curl_easy_getinfo)                                                                                               \
    F(curl_easy_strerror)                                                                                              \
    F(curl_easy_cleanup)                                                                                               \
    F(curl_slist_append)                                                                                               \
    F(curl_slist_free_all)                                                                                             \
    F(curl_multi_init)                                                                                                 \
    F(curl_multi_add_handle)                                                                                           \
    F(curl_multi_remove_handle)                                                                                        \
    F(curl_multi_perform)                                                                                              \
    F(curl_multi_poll)                                                                                                 \
    F(curl_multi_info_read)                                                                                            \
    F(curl_multi_cleanup)

struct library {
#define LIBRARY_MEMBER(name) __typeof__(&(name)) name;
    LIBRARY_FUNCTIONS(LIBRARY_MEMBER)
#undef LIBRARY_MEMBER
};

/* The library, loaded at the first call and never unloaded; NULL with a sentence when it is not there. One thread at a
 * time. */
const struct library *library_load(const char **ret_fault);

#endif
