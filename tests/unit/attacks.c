/*
 * What a worker does that a stranger's bytes have taken over: see attacks.h. After each forbidden call stands an honest
 * answer, so a job that succeeds means that the cage leaks.
 */
#include "attacks.h"

#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <linux/io_uring.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/ptrace.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <unistd.h>

/* A gray JPEG of 8×8 pixels with the markers that libcrush writes. */
const unsigned char tiny_jpeg[TINY_JPEG_BYTES] = {
    0xFF, 0xD8, 0xFF, 0xE0, 0, 16, 'J', 'F', 'I',  'F', 0,    1,    1, 0, 0, 1, 0, 1, 0,  0, 0xFF, 0xC0, 0,
    11,   8,    0,    8,    0, 8,  1,   1,   0x11, 0,   0xFF, 0xDA, 0, 8, 1, 1, 0, 0, 63, 0, 0x3F, 0xFF, 0xD9};

static void answer(int fd, uint32_t magic, uint32_t pictures, const unsigned char *jpeg, uint32_t size_bytes,
                   uint32_t width_px)
{
    struct answer_head head;
    memset(&head, 0, sizeof head);
    head.magic = magic;
    head.picture_count = pictures;
    head.source.format = CRUSH_FORMAT_PNG;
    head.source.source_width_px = head.source.source_height_px = 8;
    memset(head.blurhash, '0', sizeof head.blurhash - 1);
    struct answer_picture picture = {.size_bytes = size_bytes, .width_px = width_px, .height_px = 8, .quality = 10};
    if (write(fd, &head, sizeof head) < 0 || write(fd, &picture, sizeof picture) < 0 || write(fd, jpeg, size_bytes) < 0)
        _exit(9);
}

static void honest(int fd)
{
    answer(fd, ANSWER_MAGIC, 1, tiny_jpeg, sizeof tiny_jpeg, 8);
}

/* Descriptors that the cage should have closed: whatever is open there is used, and the answer says so. */
static void use_inherited(int fd)
{
    for (int other = 2; other < 1024; other++)
        if (write(other, "leak", 4) == 4 || (errno != EBADF && errno != EINVAL))
            honest(fd);
    _exit(6);
}

static void connect_out(int fd)
{
    struct sockaddr_in out = {.sin_family = AF_INET, .sin_port = htons(80), .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    (void)!connect(3, (struct sockaddr *)&out, sizeof out);
    honest(fd);
}

/* Another way into the kernel than the one that the filter was written for. */
static long getpid_as_i386(void)
{
    long result = -1;
#ifdef __x86_64__
    result = 20; /* getpid */
    __asm__ volatile("int $0x80" : "+a"(result) : : "memory", "r8", "r9", "r10", "r11");
#endif
    return result;
}

int attacks_run_i386(void)
{
    int status = 0;
    pid_t child = fork();
    if (child == 0) {
        signal(SIGSEGV, SIG_DFL); /* the sanitizer would report it */
        _exit(getpid_as_i386() == getpid() ? 0 : 1);
    }
    return child > 0 && waitpid(child, &status, 0) == child && WIFEXITED(status) && WEXITSTATUS(status) == 0;
}

void attacks_work(const struct job_request *job, int input_fd, int fd)
{
    static unsigned char forged[20000];
    static int marked; /* by another job, if one process did two */
    char text[48] = {0}, *name = text + 7;
    if (read(input_fd, text, sizeof text - 1) < 0)
        _exit(8);
    if (strncmp(text, "attack ", 7) != 0) {
        worker_crush(job, input_fd, fd);
        return;
    }
#define IS(text) (strcmp(name, text) == 0)
    if (IS("honest"))
        honest(fd);
    /* Each forbidden call is followed by an honest answer: a job that succeeds means the cage leaks. */
    else if (IS("open"))
        (void)!open("/etc/passwd", O_RDONLY), honest(fd);
    else if (IS("create"))
        (void)!open("/tmp/piclog-cage", O_RDWR | O_CREAT, 0600), honest(fd);
    else if (IS("socket"))
        (void)!socket(AF_INET, SOCK_STREAM, 0), honest(fd);
    else if (IS("fork"))
        (void)!fork(), honest(fd);
    else if (IS("exec"))
        execl("/bin/true", "true", (char *)NULL), honest(fd);
    else if (IS("kill"))
        kill(getppid(), SIGKILL), honest(fd);
    else if (IS("ptrace"))
        ptrace(PTRACE_ATTACH, getppid(), NULL, NULL), honest(fd);
    else if (IS("execute"))
        (void)!mmap(NULL, 4096, PROT_READ | PROT_WRITE | PROT_EXEC, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0), honest(fd);
    else if (IS("thread"))
        (void)!syscall(SYS_clone, 0x10f00, NULL, NULL, NULL, NULL), honest(fd);
    else if (IS("connect"))
        connect_out(fd);
    else if (IS("database"))
        (void)!open("piclog.db", O_RDONLY), honest(fd);
    else if (IS("memory of the parent"))
        (void)!syscall(SYS_process_vm_readv, getppid(), NULL, 0, NULL, 0, 0), honest(fd);
    else if (IS("io_uring"))
        (void)!syscall(SYS_io_uring_setup, 1, forged), honest(fd);
    else if (IS("i386"))
        (void)getpid_as_i386(), honest(fd);
    else if (IS("x32"))
        (void)!syscall(0x40000000 | 39), honest(fd);
    else if (IS("inherited"))
        use_inherited(fd);
    else if (IS("make executable")) {
        void *memory = mmap(NULL, 4096, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
        mprotect(memory, 4096, PROT_READ | PROT_EXEC), honest(fd);
    } else if (IS("limits"))
        (void)!syscall(SYS_prlimit64, 0, 9, NULL, forged), honest(fd);
    else if (IS("loosen"))
        (void)!syscall(SYS_seccomp, 1, 0, NULL), honest(fd);
    else if (IS("dup"))
        (void)!dup(fd), honest(fd);
    else if (IS("pass"))
        (void)!fcntl(3, F_GETFD), honest(fd);
    else if (IS("unlink"))
        unlink("/tmp/piclog-cage-target"), honest(fd);
    else if (IS("allocate")) {
        for (size_t total = 0; total < (size_t)1 << 30; total += 16 << 20) {
            volatile char *memory = malloc(16 << 20);
            if (!memory)
                _exit(7);
            memory[0] = 1;
        }
        honest(fd);
    } else if (IS("spin"))
        for (volatile unsigned i = 0;; i++)
            ;
    else if (IS("crash"))
        raise(SIGSEGV), abort();
    else if (IS("silent"))
        _exit(0);
    else if (IS("mark"))
        marked++ ? _exit(5) : honest(fd);
    else if (IS("linger")) { /* answers, closes, and does not end */
        honest(fd);
        close(fd);
        for (volatile unsigned i = 0;; i++)
            ;
    } else if (IS("hold")) { /* begins to answer, then keeps its descriptor */
        if (write(fd, forged, 8) < 0)
            _exit(9);
        char byte;
        for (;;)
            if (read(input_fd, &byte, 1) < 0)
                break;
    } else if (IS("endless"))
        for (;;) {
            if (write(fd, forged, sizeof forged) < 0)
                _exit(0);
        }
    else if (IS("magic"))
        answer(fd, 1, 1, tiny_jpeg, sizeof tiny_jpeg, 8);
    else if (IS("count"))
        answer(fd, ANSWER_MAGIC, 7, tiny_jpeg, sizeof tiny_jpeg, 8);
    else if (IS("dimensions"))
        answer(fd, ANSWER_MAGIC, 1, tiny_jpeg, sizeof tiny_jpeg, 9);
    else if (IS("oversized")) /* a valid picture, but over the budget of dust */
        memcpy(forged, tiny_jpeg, sizeof tiny_jpeg), answer(fd, ANSWER_MAGIC, 1, forged, 19000, 8);
    else if (IS("html")) {
        memcpy(forged, tiny_jpeg, sizeof tiny_jpeg);
        memcpy(forged + sizeof tiny_jpeg, "<script>", 8);
        answer(fd, ANSWER_MAGIC, 1, forged, sizeof tiny_jpeg + 8, 8);
    }
}
