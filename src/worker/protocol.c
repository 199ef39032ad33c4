/*
 * Jobs on their way: see protocol.h. Next: template.c.
 */
#include "protocol.h"

#include <errno.h>
#include <string.h>
#include <sys/socket.h>

/* Room for the two descriptors, aligned as the kernel wants it. */
union job_control {
    struct cmsghdr align;
    char bytes[CMSG_SPACE(2 * sizeof(int))];
};

int protocol_send_job(int socket_fd, const struct job_request *job, const int fds[2])
{
    union job_control control;
    memset(&control, 0, sizeof control);
    struct iovec part = {.iov_base = (void *)job, .iov_len = sizeof *job};
    struct msghdr message = {
        .msg_iov = &part, .msg_iovlen = 1, .msg_control = control.bytes, .msg_controllen = sizeof control.bytes};
    struct cmsghdr *head = CMSG_FIRSTHDR(&message);
    head->cmsg_level = SOL_SOCKET;
    head->cmsg_type = SCM_RIGHTS;
    head->cmsg_len = CMSG_LEN(2 * sizeof(int));
    memcpy(CMSG_DATA(head), fds, 2 * sizeof(int));
    ssize_t sent;
    do
        sent = sendmsg(socket_fd, &message, MSG_NOSIGNAL);
    while (sent < 0 && errno == EINTR);
    return sent == sizeof *job ? 0 : -1;
}

int protocol_receive_job(int socket_fd, struct job_request *ret_job, int ret_fds[2])
{
    union job_control control;
    struct iovec part = {.iov_base = ret_job, .iov_len = sizeof *ret_job};
    struct msghdr message = {
        .msg_iov = &part, .msg_iovlen = 1, .msg_control = &control, .msg_controllen = sizeof control};
    ssize_t got;
    do
        got = recvmsg(socket_fd, &message, MSG_CMSG_CLOEXEC);
    while (got < 0 && errno == EINTR);
    if (got == 0)
        return 0;
    struct cmsghdr *head = got > 0 ? CMSG_FIRSTHDR(&message) : NULL;
    if (got != sizeof *ret_job || !head || head->cmsg_type != SCM_RIGHTS || head->cmsg_len != CMSG_LEN(2 * sizeof(int)))
        return -1;
    memcpy(ret_fds, CMSG_DATA(head), 2 * sizeof(int));
    return 1;
}
