/*
 * Walks operands, lists and folders, one input at a time. Symbolic links to folders inside a folder are not
 * followed, so there are no loops; links to files are read like files (naming.c and output.c see to it that nothing
 * is ever written through a link). It refuses to open a picture: job.c does.
 */
#include "base/lang.h"
#include "inputs.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/stat.h>
#include <unistd.h>

/* A folder being walked: its names, each behind a letter ('0' file, '1' folder), so that sorted the files come first.
 */
struct folder {
    struct folder *above;
    size_t path_bytes; /* length of the folder's path in inputs.path */
    char *names;       /* one after the other, each with its letter and its terminating 0 */
    char **sorted;
    size_t count, next;
};

struct inputs {
    const struct options *options;
    FILE *list;
    char *list_name;
    size_t list_size;
    size_t next_operand;
    struct folder *folder; /* the innermost, NULL outside of folders */
    char *path;            /* of the entry at hand in that folder */
    size_t path_size;
    size_t trusted_bytes, relative_offset; /* of the folder operand being walked */
    uint64_t passed_over, folders_left;
    bool lost; /* no memory for an input */
};

size_t inputs_trimmed_bytes(const char *path)
{
    size_t bytes = strlen(path);
    while (bytes > 1 && path[bytes - 1] == '/')
        bytes--;
    return bytes;
}

struct inputs *inputs_open(const struct options *options)
{
    struct inputs *inputs = calloc(1, sizeof *inputs);
    if (!inputs)
        return NULL;
    inputs->options = options;
    if (options->files0) {
        inputs->list = strcmp(options->files0, "-") == 0 ? stdin : fopen(options->files0, "rbe");
        if (!inputs->list) {
            int fault = errno;
            free(inputs);
            errno = fault;
            return NULL;
        }
    }
    return inputs;
}

static void inputs_leave_folder(struct inputs *inputs)
{
    struct folder *folder = inputs->folder;
    inputs->folder = folder->above;
    free(folder->names);
    free(folder->sorted);
    free(folder);
}

void inputs_close(struct inputs *inputs)
{
    if (!inputs)
        return;
    while (inputs->folder)
        inputs_leave_folder(inputs);
    if (inputs->list && inputs->list != stdin)
        fclose(inputs->list);
    free(inputs->list_name);
    free(inputs->path);
    free(inputs);
}

uint64_t inputs_passed_over(const struct inputs *inputs)
{
    return inputs->passed_over;
}

uint64_t inputs_folders_left(const struct inputs *inputs)
{
    return inputs->folders_left;
}

const char *inputs_fault(const struct inputs *inputs)
{
    if (inputs->list && ferror(inputs->list))
        return tr("the list cannot be read to its end");
    return inputs->lost ? tr("no memory for all names: some inputs were left out") : NULL;
}

bool inputs_countable(const struct options *options)
{
    struct stat st;
    return !options->files0 ||
           (strcmp(options->files0, "-") != 0 && stat(options->files0, &st) == 0 && S_ISREG(st.st_mode));
}

/* Makes inputs.path the first path_bytes of what it is, a slash, and name. */
static bool inputs_set_path(struct inputs *inputs, size_t path_bytes, const char *name)
{
    size_t needed = path_bytes + strlen(name) + 2;
    if (needed > inputs->path_size) {
        char *grown = realloc(inputs->path, needed * 2);
        if (!grown)
            return false;
        inputs->path = grown;
        inputs->path_size = needed * 2;
    }
    if (path_bytes > 0 && inputs->path[path_bytes - 1] != '/')
        inputs->path[path_bytes++] = '/';
    memcpy(inputs->path + path_bytes, name, strlen(name) + 1);
    return true;
}

static int folder_compare(const void *a, const void *b)
{
    return strcmp(*(char *const *)a, *(char *const *)b);
}

/* What a name in a folder is: '0' worth a look, '1' a folder, 'x' neither. */
static char folder_letter(int folder_fd, const struct dirent *entry)
{
    static const char crushed[] = ".crushed.jpg", temporary[] = ".piclog-crush-";
    struct stat st;
    unsigned char type = entry->d_type;
    if (type == DT_UNKNOWN && fstatat(folder_fd, entry->d_name, &st, AT_SYMLINK_NOFOLLOW) == 0)
        type = IFTODT(st.st_mode);
    if (type == DT_DIR)
        return '1';
    if (type == DT_LNK && fstatat(folder_fd, entry->d_name, &st, 0) == 0 && S_ISREG(st.st_mode))
        type = DT_REG;
    size_t bytes = strlen(entry->d_name);
    if (type != DT_REG || strncmp(entry->d_name, temporary, sizeof temporary - 1) == 0 ||
        (bytes >= sizeof crushed - 1 && strcasecmp(entry->d_name + bytes - (sizeof crushed - 1), crushed) == 0))
        return 'x';
    return '0';
}

/* Reads the names of the folder at inputs.path and makes it the innermost one; 0 or an errno. */
static int inputs_enter_folder(struct inputs *inputs, bool named)
{
    int fault = 0;
    size_t size = 0;
    FILE *names = NULL;
    struct folder *folder = calloc(1, sizeof *folder);
    int fd = open(inputs->path, O_RDONLY | O_DIRECTORY | O_CLOEXEC | (named ? 0 : O_NOFOLLOW));
    DIR *dir = fd >= 0 ? fdopendir(fd) : NULL;
    if (!folder || !dir) {
        fault = errno;
        if (fd >= 0 && !dir)
            close(fd);
        goto out;
    }
    names = open_memstream(&folder->names, &size);
    if (!names) {
        fault = errno;
        goto out;
    }
    const struct dirent *entry;
    for (errno = 0; (entry = readdir(dir)); errno = 0) {
        if (strcmp(entry->d_name, ".") == 0 || strcmp(entry->d_name, "..") == 0)
            continue;
        char letter = folder_letter(dirfd(dir), entry);
        if (letter == '1' && !inputs->options->recursive) {
            inputs->folders_left++;
        } else if (letter == 'x') {
            inputs->passed_over++;
        } else {
            putc(letter, names);
            fwrite(entry->d_name, 1, strlen(entry->d_name) + 1, names);
            folder->count++;
        }
    }
    fault = errno;
    if (fclose(names) != 0)
        fault = ENOMEM;
    names = NULL;
    if (fault)
        goto out;
    folder->sorted = malloc((folder->count + 1) * sizeof *folder->sorted);
    if (!folder->sorted) {
        fault = ENOMEM;
        goto out;
    }
    char *name = folder->names;
    for (size_t i = 0; i < folder->count; i++, name += strlen(name) + 1)
        folder->sorted[i] = name;
    qsort(folder->sorted, folder->count, sizeof *folder->sorted, folder_compare);
    folder->path_bytes = strlen(inputs->path);
    folder->above = inputs->folder;
    inputs->folder = folder;
    folder = NULL;
out:
    if (names)
        fclose(names);
    if (dir)
        closedir(dir);
    if (folder)
        free(folder->names);
    free(folder);
    return fault;
}

/* The next file of the folders being walked; false when they are through. */
static bool inputs_next_found(struct inputs *inputs, struct input *ret_input)
{
    while (inputs->folder) {
        struct folder *folder = inputs->folder;
        if (folder->next == folder->count) {
            inputs_leave_folder(inputs);
            continue;
        }
        const char *name = folder->sorted[folder->next++];
        struct input input = {.found = true};
        if (!inputs_set_path(inputs, folder->path_bytes, name + 1)) {
            inputs->lost = true;
            continue;
        }
        if (*name == '1') {
            input.fault = inputs_enter_folder(inputs, false);
            if (!input.fault)
                continue;
        }
        input.path = strdup(inputs->path);
        input.trusted_bytes = inputs->trusted_bytes;
        input.relative_offset = inputs->relative_offset;
        if (!input.path) {
            inputs->lost = true;
            continue;
        }
        *ret_input = input;
        return true;
    }
    return false;
}

/* Where the last part of a path starts, which has no trailing slashes within the first bytes. */
static size_t inputs_base_offset(const char *path, size_t bytes)
{
    while (bytes > 0 && path[bytes - 1] != '/')
        bytes--;
    return bytes;
}

/* Has a path a ".." among its parts? */
static bool inputs_goes_up(const char *path)
{
    for (const char *part = path; part; part = strchr(part, '/')) {
        part += *part == '/';
        if (strncmp(part, "..", 2) == 0 && (part[2] == '/' || part[2] == 0))
            return true;
    }
    return false;
}

/* Starts on one named input. True: *ret_input is it; false: it is a folder whose files come next. */
static bool inputs_start(struct inputs *inputs, const char *name, bool from_list, struct input *ret_input)
{
    struct stat st;
    struct input input = {.is_stdin = !from_list && strcmp(name, "-") == 0};
    size_t bytes = inputs_trimmed_bytes(name), base = inputs_base_offset(name, bytes);
    if (!*name) {
        input.fault = ENOENT;
    } else if (!input.is_stdin && stat(name, &st) == 0 && S_ISDIR(st.st_mode)) {
        bool alone = inputs->options->operand_count == 1 && !inputs->options->files0;
        bool nameless = name[bytes - 1] == '/' || (bytes - base == 1 && name[base] == '.') ||
                        (bytes - base == 2 && name[base] == '.' && name[base + 1] == '.');
        inputs->trusted_bytes = bytes;
        inputs->relative_offset = alone || nameless ? bytes : base;
        if (!inputs_set_path(inputs, 0, name))
            input.fault = ENOMEM;
        else {
            inputs->path[bytes] = 0;
            input.fault = inputs_enter_folder(inputs, true);
        }
        if (!input.fault)
            return false;
    }
    /* A list comes from a walk over folders: their structure is kept where it can be. */
    bool keep = from_list && *name != '/' && !inputs_goes_up(name);
    size_t here = strncmp(name, "./", 2) == 0 ? 2 : 0;
    input.path = strdup(name);
    input.trusted_bytes = base;
    input.relative_offset = keep ? here : base;
    if (!input.path) {
        inputs->lost = true;
        return false;
    }
    *ret_input = input;
    return true;
}

bool inputs_next(struct inputs *inputs, struct input *ret_input)
{
    for (;;) {
        if (inputs_next_found(inputs, ret_input))
            return true;
        if (inputs->next_operand < inputs->options->operand_count) {
            if (inputs_start(inputs, inputs->options->operands[inputs->next_operand++], false, ret_input))
                return true;
        } else if (inputs->list && getdelim(&inputs->list_name, &inputs->list_size, 0, inputs->list) > 0) {
            if (inputs_start(inputs, inputs->list_name, true, ret_input))
                return true;
        } else {
            return false;
        }
    }
}
