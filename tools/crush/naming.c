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
#include "names.h"
#include "siblings.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

static const char ending[] = ".crushed.jpg";

struct naming {
    const struct options *options;
    bool into_folder;
    struct siblings *siblings;
    struct names *claims; /* names given away: the keyed hash of the input that has it */
};

struct naming *naming_open(const struct options *options)
{
    struct naming *naming = calloc(1, sizeof *naming);
    if (!naming)
        return NULL;
    naming->options = options;
    naming->siblings = siblings_open();
    naming->claims = names_open();
    if (!naming->siblings || !naming->claims) {
        naming_close(naming);
        return NULL;
    }
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
        names_close(naming->claims);
    }
    free(naming);
}

/* Gives path to input, unless another input has it. The same input again gets its old name again. */
static enum naming_status naming_claim(struct naming *naming, const char *path, const char *input)
{
    const uint64_t wanted = names_hash(naming->claims, input, strlen(input));
    uint64_t *owner = names_value(naming->claims, path, strlen(path));
    if (!owner)
        return NAMING_NOMEM;
    if (!*owner)
        *owner = wanted;
    return *owner == wanted ? NAMING_OK : NAMING_TAKEN;
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
