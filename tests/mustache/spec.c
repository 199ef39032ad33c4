/*
 * Runs the Mustache specification's own cases: spec FILE.json... One TAP line per case. They come from npm (see run).
 */
#include <stdio.h>
#include <string.h>

#include <jansson.h>

#include "view/mustache.h"

struct partials {
    const char *names[32];
    struct mustache *templates[32];
    size_t count;
};

static const struct mustache *find_partial(void *data, const char *name)
{
    const struct partials *partials = data;
    for (size_t i = 0; i < partials->count; i++)
        if (strcmp(partials->names[i], name) == 0)
            return partials->templates[i];
    return NULL;
}

static int run_case(const json_t *test)
{
    struct partials partials = {0};
    struct mustache *template = NULL;
    struct mustache_error error = {""};
    struct buf out = {0};
    buf_puts(&out, "");
    int ok = 0;
    const json_t *source = json_object_get(test, "template");
    const char *key;
    json_t *value;
    json_object_foreach(json_object_get(test, "partials"), key, value)
    {
        partials.names[partials.count] = key;
        if (mustache_compile(key, json_string_value(value), json_string_length(value),
                             &partials.templates[partials.count++], &error))
            goto out;
    }
    if (mustache_compile("case", json_string_value(source), json_string_length(source), &template, &error))
        goto out;
    struct mustache_host host = {.find_partial = find_partial, .data = &partials};
    if (mustache_render(template, &host, NULL, json_object_get(test, "data"), &out, &error))
        goto out;
    ok = strcmp(out.data, json_string_value(json_object_get(test, "expected"))) == 0;
out:
    if (!ok)
        printf("# template: %s\n# expected: %s\n# got: %s\n# error: %s\n", json_string_value(source),
               json_string_value(json_object_get(test, "expected")), out.data, error.message);
    mustache_free(template);
    for (size_t i = 0; i < partials.count; i++)
        mustache_free(partials.templates[i]);
    buf_free(&out);
    return ok;
}

int main(int argc, char **argv)
{
    size_t count = 0, failed = 0;
    for (int i = 1; i < argc; i++) {
        json_error_t error;
        json_t *spec = json_load_file(argv[i], 0, &error);
        if (!spec) {
            fprintf(stderr, "%s: %s\n", argv[i], error.text);
            return 1;
        }
        size_t n;
        json_t *test;
        json_array_foreach(json_object_get(spec, "tests"), n, test)
        {
            int ok = run_case(test);
            failed += !ok;
            printf("%sok %zu - %s: %s\n", ok ? "" : "not ", ++count, strrchr(argv[i], '/') + 1,
                   json_string_value(json_object_get(test, "name")));
        }
        json_decref(spec);
    }
    printf("1..%zu\n", count);
    return failed || count == 0;
}
