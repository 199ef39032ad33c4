/* Jobs on their way from the pool to its template and on to a worker: whole, with two descriptors, or refused. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "worker/protocol.h"

enum { STUCK_S = 60 }; /* then a call that never returns ends the test */

static int begin(void **state)
{
    static int sockets[2];
    *state = sockets;
    alarm(STUCK_S);
    return socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, sockets);
}

static int end(void **state)
{
    const int *sockets = *state;
    close(sockets[0]);
    close(sockets[1]);
    return 0;
}

static struct job_request some_job(void)
{
    struct job_request job;
    memset(&job, 0, sizeof job);
    job.id = 77;
    job.size_bytes = 5000;
    job.preset_count = 2;
    job.presets[1] = 3;
    job.clip.frames = 9;
    return job;
}

static void a_job_arrives_with_its_descriptors(void **state)
{
    const int *sockets = *state;
    const struct job_request job = some_job();
    struct job_request got;
    int pipes[2], fds[2] = {-1, -1};
    char letter = 0;
    assert_int_equal(pipe(pipes), 0);
    assert_int_equal(protocol_send_job(sockets[0], &job, pipes), 0);
    assert_int_equal(protocol_receive_job(sockets[1], &got, fds), 1);
    assert_memory_equal(&got, &job, sizeof job);
    /* others of the same pipe, in the same order; the sender keeps its own */
    assert_true(fds[0] != pipes[0] && fds[1] != pipes[1]);
    assert_int_equal(write(fds[1], "x", 1), 1);
    assert_int_equal(read(pipes[0], &letter, 1), 1);
    assert_int_equal(write(pipes[1], "y", 1), 1);
    assert_int_equal(read(fds[0], &letter, 1), 1);
    assert_int_equal(letter, 'y');
    for (int i = 0; i < 2; i++) {
        close(fds[i]);
        close(pipes[i]);
    }
}

static void who_is_gone_takes_no_job_and_brings_none(void **state)
{
    int *sockets = *state, fds[2];
    const struct job_request job = some_job();
    struct job_request got;
    close(sockets[1]);
    sockets[1] = -1;
    assert_int_equal(protocol_receive_job(sockets[0], &got, fds), 0);
    assert_int_equal(protocol_send_job(sockets[0], &job, (const int[]){STDIN_FILENO, STDOUT_FILENO}), -1);
}

/* A message of so many bytes of a job with so many descriptors. */
static void send_odd(int socket_fd, size_t bytes, int count)
{
    struct job_request job = some_job();
    const int fds[3] = {STDERR_FILENO, STDERR_FILENO, STDERR_FILENO};
    union {
        struct cmsghdr align;
        char bytes[CMSG_SPACE(sizeof fds)];
    } control;
    struct iovec part = {.iov_base = &job, .iov_len = bytes};
    struct msghdr message = {.msg_iov = &part, .msg_iovlen = 1};
    memset(&control, 0, sizeof control);
    if (count) {
        message.msg_control = control.bytes;
        message.msg_controllen = CMSG_SPACE((size_t)count * sizeof(int));
        struct cmsghdr *head = CMSG_FIRSTHDR(&message);
        head->cmsg_level = SOL_SOCKET;
        head->cmsg_type = SCM_RIGHTS;
        head->cmsg_len = CMSG_LEN((size_t)count * sizeof(int));
        memcpy(CMSG_DATA(head), fds, (size_t)count * sizeof(int));
    }
    assert_int_equal(sendmsg(socket_fd, &message, 0), bytes);
}

static void what_is_no_job_is_refused(void **state)
{
    const int *sockets = *state;
    static const struct {
        size_t bytes;
        int count;
    } odd[] = {
        {sizeof(struct job_request), 0}, {sizeof(struct job_request), 1}, {sizeof(struct job_request) - 1, 2}, {1, 2}};
    for (size_t i = 0; i < sizeof odd / sizeof odd[0]; i++) {
        struct job_request got;
        int fds[2] = {-7, -7};
        send_odd(sockets[0], odd[i].bytes, odd[i].count);
        assert_int_equal(protocol_receive_job(sockets[1], &got, fds), -1);
        assert_int_equal(fds[0], -7);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(a_job_arrives_with_its_descriptors, begin, end),
        cmocka_unit_test_setup_teardown(who_is_gone_takes_no_job_and_brings_none, begin, end),
        cmocka_unit_test_setup_teardown(what_is_no_job_is_refused, begin, end),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
