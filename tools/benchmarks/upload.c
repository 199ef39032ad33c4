/*
 * Uploads photographs for some seconds and prints how many were taken a second, how many failed, and the median of the
 * milliseconds from the last byte of one to its answer. Usage: upload PORT SECONDS CLIENTS FILE... with the API token
 * in TOKEN.
 *
 * Each client keeps one connection to 127.0.0.1, sends the files in turns as raw bodies, and waits for each answer,
 * which has to be a 201. It shares the processors with the service, so it does as little as it can: the kernel sends
 * the files from its own memory (sendfile).
 */
#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/sendfile.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

enum { MAX_CLIENTS = 64, MAX_FILES = 1024, TIMEOUT_S = 20, MAX_WAITS = 1 << 16 };

static struct {
    int fd;
    size_t size_bytes;
} files[MAX_FILES];
static int file_count, port;
static const char *token;
static double end_s;
static atomic_int turn, taken, failed;
static double waits_ms[MAX_WAITS]; /* of those that were taken, the first so many */

static double now_s(void)
{
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (double)now.tv_sec + (double)now.tv_nsec / 1e9;
}

static int connect_to_service(void)
{
    struct sockaddr_in address = {.sin_family = AF_INET, .sin_port = htons((uint16_t)port)};
    struct timeval timeout = {.tv_sec = TIMEOUT_S};
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    int fd = socket(AF_INET, SOCK_STREAM, 0);
    if (fd < 0 || connect(fd, (struct sockaddr *)&address, sizeof address) != 0 ||
        setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &timeout, sizeof timeout) != 0 ||
        setsockopt(fd, SOL_SOCKET, SO_SNDTIMEO, &timeout, sizeof timeout) != 0)
        return -1;
    return fd;
}

static int send_file(int socket_fd, int file)
{
    char head[1024];
    int length = snprintf(head, sizeof head,
                          "POST /api/pictures HTTP/1.1\r\nHost: 127.0.0.1:%d\r\nAuthorization: Bearer %s\r\n"
                          "Content-Type: image/jpeg\r\nContent-Length: %zu\r\n\r\n",
                          port, token, files[file].size_bytes);
    off_t at = 0;
    if (send(socket_fd, head, (size_t)length, MSG_MORE | MSG_NOSIGNAL) != length)
        return -1;
    while ((size_t)at < files[file].size_bytes)
        if (sendfile(socket_fd, files[file].fd, &at, files[file].size_bytes - (size_t)at) <= 0)
            return -1;
    return 0;
}

/* Reads one whole answer; 0 when it is a 201. */
static int read_answer(int socket_fd)
{
    char answer[16384];
    size_t have = 0;
    const char *body = NULL, *length;
    while (have < sizeof answer - 1) {
        ssize_t got = recv(socket_fd, answer + have, sizeof answer - 1 - have, 0);
        if (got <= 0)
            return -1;
        have += (size_t)got;
        answer[have] = '\0';
        if (!body && (body = strstr(answer, "\r\n\r\n")))
            body += 4;
        if (body && (length = strcasestr(answer, "\r\nContent-Length:")) &&
            have >= (size_t)(body - answer) + strtoul(length + 17, NULL, 10))
            return strncmp(answer, "HTTP/1.1 201 ", 13) == 0 ? 0 : -1;
    }
    return -1;
}

static void *run_client(void *context)
{
    int socket_fd = connect_to_service();
    (void)context;
    while (socket_fd >= 0 && now_s() < end_s) {
        const int is_sent = send_file(socket_fd, atomic_fetch_add(&turn, 1) % file_count) == 0;
        const double sent_s = now_s();
        if (!is_sent || read_answer(socket_fd) != 0) {
            atomic_fetch_add(&failed, 1);
            close(socket_fd);
            socket_fd = connect_to_service();
        } else if (now_s() < end_s) {
            const int number = atomic_fetch_add(&taken, 1);
            if (number < MAX_WAITS)
                waits_ms[number] = (now_s() - sent_s) * 1e3;
        }
    }
    if (socket_fd < 0)
        atomic_fetch_add(&failed, 1);
    else
        close(socket_fd);
    return NULL;
}

static int compare(const void *a, const void *b)
{
    const double x = *(const double *)a, y = *(const double *)b;
    return (x > y) - (x < y);
}

int main(int argc, char **argv)
{
    pthread_t threads[MAX_CLIENTS];
    token = getenv("TOKEN");
    if (argc < 5 || argc - 4 > MAX_FILES || !token) {
        fprintf(stderr, "usage: TOKEN=... upload PORT SECONDS CLIENTS FILE...\n");
        return 2;
    }
    port = (int)strtol(argv[1], NULL, 10);
    double seconds = strtod(argv[2], NULL);
    int clients = (int)strtol(argv[3], NULL, 10);
    if (clients < 1 || clients > MAX_CLIENTS)
        clients = 1;
    for (int i = 4; i < argc; i++) {
        struct stat st;
        files[file_count].fd = open(argv[i], O_RDONLY);
        if (files[file_count].fd < 0 || fstat(files[file_count].fd, &st) != 0) {
            fprintf(stderr, "upload: %s: %s\n", argv[i], strerror(errno));
            return 1;
        }
        files[file_count++].size_bytes = (size_t)st.st_size;
    }
    end_s = now_s() + seconds;
    for (int i = 0; i < clients; i++)
        if (pthread_create(&threads[i], NULL, run_client, NULL) != 0)
            return 1;
    for (int i = 0; i < clients; i++)
        pthread_join(threads[i], NULL);
    const int waits = taken < MAX_WAITS ? taken : MAX_WAITS;
    qsort(waits_ms, (size_t)waits, sizeof *waits_ms, compare);
    printf("uploads %.3f errors %d median %.2f ms\n", taken / seconds, failed, waits ? waits_ms[waits / 2] : 0.0);
    return 0;
}
