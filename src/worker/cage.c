/*
 * The cage: see cage.h. Layers that do not rely on each other: an unprivileged user, an empty network,
 * resource limits, and a system-call filter that leaves only reading, writing, memory and exit.
 */
#include "cage.h"

#include <errno.h>
#include <grp.h>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <sched.h>
#include <seccomp.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <unistd.h>

enum { NOBODY = 65534 };

int cage_template(void)
{
    struct rlimit none = {0, 0};
    if (setrlimit(RLIMIT_CORE, &none) != 0 || prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) != 0)
        return -1;
    if (geteuid() == 0) {
        /* Containers may forbid new namespaces; the filter forbids sockets in any case. */
        (void)!unshare(CLONE_NEWNET | CLONE_NEWIPC);
        if (setgroups(0, NULL) != 0 && errno != EPERM)
            return -1;
        if (setresgid(NOBODY, NOBODY, NOBODY) != 0 || setresuid(NOBODY, NOBODY, NOBODY) != 0)
            return -1;
    }
    return prctl(PR_SET_DUMPABLE, 0, 0, 0, 0);
}

/* mmap and mprotect are allowed unless they ask for execution. */
static int allow_unless_exec(scmp_filter_ctx ctx, int call)
{
    return seccomp_rule_add(ctx, SCMP_ACT_ALLOW, call, 1, SCMP_A2(SCMP_CMP_MASKED_EQ, PROT_EXEC, 0));
}

/* Memory by the call that libc makes: 32-bit processors have mmap2, and their mmap, where they have one, takes the
 * address of its arguments, which no filter can follow. s390x has only such a one: there a worker that was taken over
 * could map code, and still call nothing that this filter forbids. */
static int allow_memory(scmp_filter_ctx ctx)
{
#if defined(__s390x__)
    return seccomp_rule_add(ctx, SCMP_ACT_ALLOW, SCMP_SYS(mmap), 0);
#elif defined(SYS_mmap2)
    return allow_unless_exec(ctx, SCMP_SYS(mmap2));
#else
    return allow_unless_exec(ctx, SCMP_SYS(mmap));
#endif
}

int cage_filter_build(struct cage_filter *ret_filter)
{
    static const int allowed[] = {
        SCMP_SYS(read),          SCMP_SYS(write),           SCMP_SYS(brk),   SCMP_SYS(munmap),
        SCMP_SYS(mremap),        SCMP_SYS(madvise),         SCMP_SYS(futex), SCMP_SYS(getrandom),
        SCMP_SYS(rt_sigreturn),  SCMP_SYS(restart_syscall), SCMP_SYS(exit),  SCMP_SYS(exit_group),
        SCMP_SYS(clock_gettime), SCMP_SYS(gettimeofday),    SCMP_SYS(close),
#ifdef SYS_futex_time64 /* of 32-bit processors, whose time does not end in 2038 */
        SCMP_SYS(futex_time64),  SCMP_SYS(clock_gettime64),
#endif
    };
    scmp_filter_ctx ctx = seccomp_init(SCMP_ACT_KILL_PROCESS);
    int rc = -1, fd = -1;
    if (!ctx)
        return -1;
    /* a call by another architecture's numbers ends the process as well, not only its thread */
    if (seccomp_attr_set(ctx, SCMP_FLTATR_ACT_BADARCH, SCMP_ACT_KILL_PROCESS) != 0)
        goto out;
    for (size_t i = 0; i < sizeof allowed / sizeof allowed[0]; i++)
        if (seccomp_rule_add(ctx, SCMP_ACT_ALLOW, allowed[i], 0) != 0)
            goto out;
    if (SANITIZED && seccomp_rule_add(ctx, SCMP_ACT_ALLOW, SCMP_SYS(sigaltstack), 0) != 0)
        goto out; /* its runtime switches stacks before _exit */
    if (allow_memory(ctx) != 0 || allow_unless_exec(ctx, SCMP_SYS(mprotect)) != 0)
        goto out;

    fd = memfd_create("filter", MFD_CLOEXEC);
    if (fd < 0 || seccomp_export_bpf(ctx, fd) != 0)
        goto out;
    off_t size = lseek(fd, 0, SEEK_END);
    if (size <= 0 || (size_t)size / sizeof(struct sock_filter) > BPF_MAXINSNS)
        goto out;
    struct sock_filter *instructions = malloc((size_t)size);
    if (!instructions)
        goto out;
    if (pread(fd, instructions, (size_t)size, 0) != size) {
        free(instructions);
        goto out;
    }
    ret_filter->instructions = instructions;
    ret_filter->count = (unsigned short)((size_t)size / sizeof(struct sock_filter));
    rc = 0;
out:
    if (fd >= 0)
        close(fd);
    seccomp_release(ctx);
    return rc;
}

static int limit(int resource, rlim_t soft, rlim_t hard)
{
    struct rlimit value = {soft, hard};
    return setrlimit((__rlimit_resource_t)resource, &value);
}

int cage_worker(const struct cage_filter *filter, uint64_t memory_bytes, uint32_t deadline_ms)
{
    rlim_t cpu_s = deadline_ms / 1000 + 1;
    if ((!SANITIZED && limit(RLIMIT_AS, memory_bytes, memory_bytes) != 0) || limit(RLIMIT_CPU, cpu_s, cpu_s) != 0 ||
        limit(RLIMIT_FSIZE, 0, 0) != 0 || limit(RLIMIT_NOFILE, 0, 0) != 0 || limit(RLIMIT_NPROC, 0, 0) != 0 ||
        limit(RLIMIT_MEMLOCK, 0, 0) != 0)
        return -1;
    struct sock_fprog program = {.len = filter->count, .filter = filter->instructions};
    return (int)syscall(SYS_seccomp, SECCOMP_SET_MODE_FILTER, 0, &program);
}
