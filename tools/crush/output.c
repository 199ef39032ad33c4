/*
 * Writing. A target's folder is reached step by step: what the person named may be a link, anything behind it may
 * not, so that a folder full of tricks cannot lead a picture elsewhere. No fsync: a crushed picture can be
 * crushed again, and 10 000 of them should not wait for the disk one by one.
 * It refuses to decide names: naming.c does.
 */
#include "base/lang.h"
#include "output.h"
#include "stop.h"

#include <assert.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* Opens the first bytes of path as a folder; with make, makes it and its parents where missing. */
static int output_open_trusted(const char *path, size_t bytes, bool make)
{
    char folder[PATH_MAX];
    if (bytes == 0)
        return open(".", O_PATH | O_DIRECTORY | O_CLOEXEC);
    if (bytes >= sizeof folder) {
        errno = ENAMETOOLONG;
        return -1;
    }
    memcpy(folder, path, bytes);
    folder[bytes] = 0;
    int fd = open(folder, O_PATH | O_DIRECTORY | O_CLOEXEC);
    if (fd >= 0 || errno != ENOENT || !make)
        return fd;
    for (char *slash = strchr(folder + 1, '/'); slash; slash = strchr(slash + 1, '/')) {
        *slash = 0;
        if (mkdir(folder, 0777) != 0 && errno != EEXIST)
            return -1;
        *slash = '/';
    }
    if (mkdir(folder, 0777) != 0 && errno != EEXIST)
        return -1;
    return open(folder, O_PATH | O_DIRECTORY | O_CLOEXEC);
}

/* The folder of a target; -1 and errno. *ret_name is the last part of its path. */
static int output_open_folder(const struct target *target, bool make, const char **ret_name)
{
    const char *slash = strrchr(target->path, '/');
    const char *name = slash ? slash + 1 : target->path;
    assert(target->trusted_bytes <= (size_t)(name - target->path)); /* only folders are trusted */
    int fd = output_open_trusted(target->path, target->trusted_bytes, make);
    const char *part = target->path + target->trusted_bytes;
    while (fd >= 0) {
        part += strspn(part, "/");
        if (part >= name)
            break;
        char step[NAME_MAX + 1];
        size_t bytes = strcspn(part, "/");
        int next = -1;
        if (bytes >= sizeof step) {
            errno = ENAMETOOLONG;
        } else {
            memcpy(step, part, bytes);
            step[bytes] = 0;
            if (!make || mkdirat(fd, step, 0777) == 0 || errno == EEXIST)
                next = openat(fd, step, O_PATH | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
        }
        int fault = errno;
        close(fd);
        errno = fault;
        fd = next;
        part += bytes;
    }
    *ret_name = name;
    return fd;
}

int output_look(const struct target *target, struct stat *ret_stat)
{
    const char *name;
    struct stat st;
    int fd = output_open_folder(target, false, &name);
    if (fd < 0)
        return errno;
    int fault = fstatat(fd, name, &st, AT_SYMLINK_NOFOLLOW) == 0 ? 0 : errno;
    close(fd);
    if (!fault)
        *ret_stat = st;
    return fault;
}

const char *output_kind_text(const struct stat *st)
{
    switch (st->st_mode & S_IFMT) {
    case S_IFDIR: return tr("a folder");
    case S_IFLNK: return tr("a link");
    case S_IFIFO: return tr("a pipe");
    case S_IFCHR:
    case S_IFBLK: return tr("a device");
    case S_IFSOCK: return tr("a socket");
    default: return tr("a file");
    }
}

bool output_is_stream(const struct stat *st)
{
    return S_ISFIFO(st->st_mode) || S_ISCHR(st->st_mode);
}

int output_begin(const struct target *target, struct output *ret_output)
{
    static atomic_uint serial;
    struct output output = {.fd = -1};
    output.folder_fd = output_open_folder(target, true, &output.name);
    if (output.folder_fd < 0)
        return errno;
    /* A leftover of a killed process with our number may be in the way: take the next name. */
    for (int tries = 0; output.fd < 0 && tries < 100; tries++) {
        snprintf(output.temporary, sizeof output.temporary, ".piclog-crush-%ld-%u.tmp", (long)getpid(),
                 atomic_fetch_add(&serial, 1));
        output.fd =
            openat(output.folder_fd, output.temporary, O_RDWR | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0666);
        if (output.fd < 0 && errno != EEXIST)
            break;
    }
    if (output.fd < 0) {
        int fault = errno;
        close(output.folder_fd);
        return fault;
    }
    *ret_output = output;
    return 0;
}

int output_write(int fd, const void *data, size_t size_bytes)
{
    const char *at = data;
    while (size_bytes > 0) {
        ssize_t done = write(fd, at, size_bytes);
        if (done < 0 && errno == EINTR && !stop_requested())
            continue;
        if (done < 0)
            return errno;
        at += done;
        size_bytes -= (size_t)done;
    }
    return 0;
}

void output_discard(struct output *output)
{
    if (output->fd >= 0)
        close(output->fd);
    unlinkat(output->folder_fd, output->temporary, 0);
    close(output->folder_fd);
}

/* Renames without replacing. Not every file system knows how: then a hard link does it, which fails when the
 * name is taken; where there are no hard links either, look before renaming. */
static int output_rename_new(const struct output *output)
{
    struct stat st;
    int folder = output->folder_fd;
    if (renameat2(folder, output->temporary, folder, output->name, RENAME_NOREPLACE) == 0)
        return 0;
    if (errno != EINVAL && errno != ENOSYS)
        return errno;
    if (linkat(folder, output->temporary, folder, output->name, 0) == 0)
        return unlinkat(folder, output->temporary, 0) == 0 ? 0 : errno;
    if (errno != EPERM && errno != EOPNOTSUPP && errno != ENOSYS)
        return errno;
    if (fstatat(folder, output->name, &st, AT_SYMLINK_NOFOLLOW) == 0)
        return EEXIST;
    return renameat(folder, output->temporary, folder, output->name) == 0 ? 0 : errno;
}

int output_commit(struct output *output, bool replace)
{
    struct stat st;
    int folder = output->folder_fd;
    int fault = close(output->fd) == 0 ? 0 : errno; /* some file systems report a full disk only here */
    output->fd = -1;
    /* The name may be taken between the look and the rename, by another job with the same output: look again. */
    for (int tries = 0; !fault; tries++) {
        bool taken = replace && fstatat(folder, output->name, &st, AT_SYMLINK_NOFOLLOW) == 0;
        if (taken && !S_ISREG(st.st_mode))
            fault = EEXIST;
        else if (taken)
            fault = renameat(folder, output->temporary, folder, output->name) == 0 ? 0 : errno;
        else
            fault = output_rename_new(output);
        if (!replace || taken || fault != EEXIST || tries == 100)
            break;
        fault = 0;
    }
    if (fault)
        output_discard(output);
    else
        close(output->folder_fd);
    return fault;
}

int output_save(const struct target *target, const void *data, size_t size_bytes, const struct timespec *modified,
                bool replace)
{
    struct output output;
    int fault = output_begin(target, &output);
    if (fault)
        return fault;
    fault = output_write(output.fd, data, size_bytes);
    if (!fault && modified && futimens(output.fd, (struct timespec[2]){{.tv_nsec = UTIME_OMIT}, *modified}) != 0)
        fault = errno;
    if (fault) {
        output_discard(&output);
        return fault;
    }
    return output_commit(&output, replace);
}

int output_pour(const char *path, const void *data, size_t size_bytes)
{
    struct stat st;
    int fd;
    do /* neither made nor shortened: something else may stand there by now */
        fd = open(path, O_WRONLY | O_NOCTTY | O_CLOEXEC);
    while (fd < 0 && errno == EINTR && !stop_requested());
    if (fd < 0)
        return errno;
    int fault = fstat(fd, &st) != 0      ? errno
                : !output_is_stream(&st) ? EEXIST
                : isatty(fd)             ? ENOTTY
                                         : output_write(fd, data, size_bytes);
    if (close(fd) != 0 && !fault)
        fault = errno;
    return fault;
}
