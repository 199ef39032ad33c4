/* Loads libcurl: see library.h. Refuses a library that lacks any function that is used. */
#include "library.h"

#include <dlfcn.h>
#include <stddef.h>

const struct library *library_load(const char **ret_fault)
{
    static struct library library;
    static int is_loaded;
    if (is_loaded)
        return &library;
    void *handle = dlopen("libcurl.so.4", RTLD_NOW | RTLD_LOCAL);
    if (!handle) {
        *ret_fault = "libcurl is not installed here";
        return NULL;
    }
#define LIBRARY_FIND(name)                                                                                             \
    if (!(*(void **)&library.name = dlsym(handle, #name))) {                                                           \
        *ret_fault = "libcurl lacks " #name;                                                                           \
        return NULL;                                                                                                   \
    }
    LIBRARY_FUNCTIONS(LIBRARY_FIND)
#undef LIBRARY_FIND
    if (library.curl_global_init(CURL_GLOBAL_DEFAULT)) {
        *ret_fault = "libcurl cannot be started";
        return NULL;
    }
    is_loaded = 1;
    return &library;
}
