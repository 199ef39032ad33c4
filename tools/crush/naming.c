/*
 * Names of outputs. The rule, in the order in which it is tried:
 * - NAME.crushed.jpg, NAME being the input's name without .jpg, .png and the like;
 * - where another file of the folder would get that name too (a.png beside a.jpg), both keep their ending:
 *   a.png.crushed.jpg, a.jpg.crushed.jpg. This looks at the folder, not at the run, so that it comes out
 *   the same in every run, order and number of jobs;
 * - where a name is taken all the same (x/a.jpg and y/a.jpg into one folder), the ending is kept; then it is refused.
 * Folders are kept below --output. It refuses to decide whether an existing file may be replaced: output.c does.
 */
#include "naming.h"
#include "siblings.h"

#include <assert.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/random.h>
#include <sys/stat.h>

static const char ending[] = ".crushed.jpg";

/* One name given away; both 0: free. */
struct claim {
    uint64_t output, input; /* keyed hashes of the paths */
};

struct naming {
    const struct options *options;
    bool into_folder;
    uint64_t key;
    struct siblings *siblings;
    struct claim *claims; /* open addressing, size a power of two, at most half full */
    size_t claim_size, claim_count;
};

struct naming *naming_open(const struct options *options)
{
    struct naming *naming = calloc(1, sizeof *naming);
    struct siblings *siblings = siblings_open();
    if (!naming || !siblings) {
        siblings_close(siblings);
        free(naming);
        return NULL;
    }
    naming->options = options;
    naming->siblings = siblings;
    /* Keyed, so that nobody can prepare names that collide; a missing key costs only that. */
    if (getrandom(&naming->key, sizeof naming->key, GRND_NONBLOCK) < 0)
        naming->key = 0x9e3779b97f4a7c15;
    if (options->output && strcmp(options->output, "-") != 0) {
        struct stat st;
        size_t bytes = strlen(options->output);
        naming->into_folder =
            options->operand_count != 1 || options->files0 || options->output[bytes - 1] == '/' ||
            (stat(options->output, &st) == 0 && S_ISDIR(st.st_mode)) ||
            (strcmp(options->operands[0], "-") != 0 && stat(options->operands[0], &st) == 0 && S_ISDIR(st.st_mode));
    }
    return naming;
}

bool naming_into_folder(const struct naming *naming)
{
    return naming->into_folder;
}

void naming_close(struct naming *naming)
{
    if (naming) {
        siblings_close(naming->siblings);
        free(naming->claims);
    }
    free(naming);
}

static uint64_t naming_hash(const struct naming *naming, const char *text)
{
    uint64_t hash = naming->key;
    for (; *text; text++) {
        hash = (hash ^ (unsigned char)*text) * 0xff51afd7ed558ccd;
        hash ^= hash >> 32;
    }
    return hash ? hash : 1;
}

static struct claim *naming_slot(struct claim *claims, size_t size, uint64_t output)
{
    assert(size && !(size & (size - 1)));
    size_t i = output & (size - 1);
    while (claims[i].output && claims[i].output != output)
        i = (i + 1) & (size - 1);
    return &claims[i];
}

/* Gives path to input, unless another input has it. The same input again gets its old name again. */
static enum naming_status naming_claim(struct naming *naming, const char *path, const char *input)
{
    if (naming->claim_count * 2 >= naming->claim_size) {
        size_t size = naming->claim_size ? naming->claim_size * 2 : 64;
        struct claim *claims = calloc(size, sizeof *claims);
        if (!claims)
            return NAMING_NOMEM;
        for (size_t i = 0; i < naming->claim_size; i++)
            if (naming->claims[i].output)
                *naming_slot(claims, size, naming->claims[i].output) = naming->claims[i];
        free(naming->claims);
        naming->claims = claims;
        naming->claim_size = size;
    }
    struct claim wanted = {naming_hash(naming, path), naming_hash(naming, input)};
    struct claim *slot = naming_slot(naming->claims, naming->claim_size, wanted.output);
    if (slot->output)
        return slot->input == wanted.input ? NAMING_OK : NAMING_TAKEN;
    *slot = wanted;
    naming->claim_count++;
    return NAMING_OK;
}

enum naming_status naming_target(struct naming *naming, const struct input *input, struct target *ret_target)
{
    const struct options *options = naming->options;
    struct target target = {0};
    if ((options->output && strcmp(options->output, "-") == 0) || (!options->output && input->is_stdin)) {
        target.path = strdup("-");
    } else if (options->output && !naming->into_folder) {
        target.path = strdup(options->output);
        target.named = true;
        const char *slash = strrchr(options->output, '/');
        target.trusted_bytes = slash ? (size_t)(slash - options->output) + 1 : 0;
    }
    if (target.path) {
        *ret_target = target;
        return NAMING_OK;
    }
    const char *path = input->is_stdin ? "stdin" : input->path;
    const char *relative = input->is_stdin ? "stdin" : input->path + input->relative_offset;
    const char *folder = options->output ? options->output : "", *between = "";
    if (options->output) {
        relative += strspn(relative, "/");
        target.trusted_bytes = inputs_trimmed_bytes(options->output);
        between = folder[strlen(folder) - 1] == '/' ? "" : "/";
    } else {
        relative = path;
        target.trusted_bytes = input->trusted_bytes;
    }
    const char *slash = strrchr(path, '/');
    size_t bytes = strlen(path), name_offset = slash ? (size_t)(slash - path) + 1 : 0;
    size_t stem_bytes = name_offset + siblings_stem_bytes(path + name_offset);
    if (stem_bytes < bytes && !input->is_stdin && siblings_any(naming->siblings, path, stem_bytes))
        stem_bytes = bytes;
    for (;;) {
        size_t relative_bytes = strlen(relative) - (bytes - stem_bytes);
        if (asprintf(&target.path, "%s%s%.*s%s", folder, between, (int)relative_bytes, relative, ending) < 0)
            return NAMING_NOMEM;
        enum naming_status status = naming_claim(naming, target.path, input->path);
        if (status == NAMING_OK) {
            *ret_target = target;
            return NAMING_OK;
        }
        free(target.path);
        if (status == NAMING_NOMEM || stem_bytes == bytes)
            return status;
        stem_bytes = bytes; /* taken: keep the extension, then try once more */
    }
}
