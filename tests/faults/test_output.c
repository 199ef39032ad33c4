/* Giving an output its name on file systems that cannot rename without replacing, or have no hard links either. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "output.h"
#include "stop.h"

static int rename_fault, link_fault; /* errno of what the file system cannot do; 0: it can */
static const char *taken_meanwhile;  /* a path that another job writes just before the next renameat2 */

/* In place of the C library's. */
int renameat2(int from_fd, const char *from, int to_fd, const char *to, unsigned flags)
{
    if (taken_meanwhile) {
        close(open(taken_meanwhile, O_WRONLY | O_CREAT | O_EXCL, 0600));
        taken_meanwhile = NULL;
    }
    errno = rename_fault;
    return rename_fault ? -1 : (int)syscall(SYS_renameat2, from_fd, from, to_fd, to, flags);
}

int linkat(int from_fd, const char *from, int to_fd, const char *to, int flags)
{
    errno = link_fault;
    return link_fault ? -1 : (int)syscall(SYS_linkat, from_fd, from, to_fd, to, flags);
}

/* In place of stop.c. */
bool stop_requested(void)
{
    return false;
}

/* Writes text under path; what output_commit says. */
static int put(const char *path, const char *text, bool replace)
{
    const struct target target = {.path = (char *)path, .trusted_bytes = strrchr(path, '/') - path};
    struct output output;
    assert_int_equal(output_begin(&target, &output), 0);
    assert_int_equal(output_write(output.fd, text, strlen(text)), 0);
    return output_commit(&output, replace);
}

static void expect_text(const char *path, const char *text)
{
    char got[20] = "";
    int fd = open(path, O_RDONLY);
    assert_true(fd >= 0);
    assert_int_equal(read(fd, got, sizeof got - 1), strlen(text));
    close(fd);
    assert_string_equal(got, text);
}

static void a_new_name_on_any_file_system(void **state)
{
    static const int faults[][2] = {{0, 0},           {EINVAL, 0},   {ENOSYS, 0},          {EINVAL, EPERM},
                                    {ENOSYS, ENOSYS}, {EINVAL, EIO}, {EINVAL, EOPNOTSUPP}, {EACCES, 0}};
    (void)state;
    for (size_t i = 0; i < sizeof faults / sizeof faults[0]; i++) {
        char folder[] = "/tmp/piclog-output-XXXXXX", path[60];
        assert_non_null(mkdtemp(folder));
        snprintf(path, sizeof path, "%s/new.jpg", folder);
        rename_fault = faults[i][0];
        link_fault = faults[i][1];
        const int fault = put(path, "first", false);
        const int expected = rename_fault == EACCES ? EACCES : link_fault == EIO ? EIO : 0;
        if (fault != expected)
            fail_msg("rename %d, link %d: %d instead of %d", rename_fault, link_fault, fault, expected);
        if (!fault) {
            expect_text(path, "first");
            assert_int_equal(put(path, "second", false), EEXIST); /* taken, whichever way */
            expect_text(path, "first");
            assert_int_equal(put(path, "third", true), 0);
            expect_text(path, "third");
            assert_int_equal(unlink(path), 0);
        }
        assert_int_equal(rmdir(folder), 0); /* nothing temporary is left */
    }
}

static void two_jobs_with_one_output(void **state)
{
    (void)state;
    for (int replace = 0; replace < 2; replace++) {
        char folder[] = "/tmp/piclog-output-XXXXXX", path[60];
        assert_non_null(mkdtemp(folder));
        snprintf(path, sizeof path, "%s/new.jpg", folder);
        rename_fault = link_fault = 0;
        taken_meanwhile = path;
        assert_int_equal(put(path, "ours", replace), replace ? 0 : EEXIST);
        expect_text(path, replace ? "ours" : "");
        assert_int_equal(unlink(path), 0);
        assert_int_equal(rmdir(folder), 0);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(a_new_name_on_any_file_system),
                                       cmocka_unit_test(two_jobs_with_one_output)};
    return cmocka_run_group_tests_name("output", tests, NULL, NULL);
}
