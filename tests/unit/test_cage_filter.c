/*
 * The worker's system calls on any processor, also one that is emulated without seccomp: the filter's instructions are
 * run here, as the kernel would, for every call there is. What a real kernel does with them: test_cage.c.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <linux/filter.h>
#include <linux/seccomp.h>
#include <seccomp.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/syscall.h>

#include "worker/cage.h"

enum { MOST_CALLS = 1024 };

/* Classic BPF as far as filters of system calls go (linux/Documentation/userspace-api/seccomp_filter.rst). */
static uint32_t filter_run(const struct cage_filter *filter, const struct seccomp_data *call)
{
    uint32_t a = 0;
    for (size_t at = 0; at < filter->count; at++) {
        const struct sock_filter *i = &filter->instructions[at];
        int taken = 0;
        switch (i->code) {
        case BPF_LD | BPF_W | BPF_ABS:
            assert_true(i->k % 4 == 0 && i->k + 4 <= sizeof *call);
            memcpy(&a, (const char *)call + i->k, sizeof a);
            continue;
        case BPF_ALU | BPF_AND | BPF_K: a &= i->k; continue;
        case BPF_JMP | BPF_JA: at += i->k; continue;
        case BPF_JMP | BPF_JEQ | BPF_K: taken = a == i->k; break;
        case BPF_JMP | BPF_JGT | BPF_K: taken = a > i->k; break;
        case BPF_JMP | BPF_JGE | BPF_K: taken = a >= i->k; break;
        case BPF_JMP | BPF_JSET | BPF_K: taken = (a & i->k) != 0; break;
        case BPF_RET | BPF_K: return i->k;
        default: fail_msg("an instruction that this test does not know: %x", i->code);
        }
        at += taken ? i->jt : i->jf;
    }
    fail_msg("the filter ends without a word");
    return 0;
}

static int build(void **state)
{
    static struct cage_filter filter;
    *state = &filter;
    if (seccomp_api_set(3) != 0) /* else it asks the kernel, and an emulated one ends no process */
        return -1;
    return cage_filter_build(&filter);
}

static int release(void **state)
{
    free(((struct cage_filter *)*state)->instructions);
    return 0;
}

static uint32_t judge(const struct cage_filter *filter, int number, uint64_t protection)
{
    struct seccomp_data call = {.nr = number, .arch = seccomp_arch_native(), .args = {0, 4096, protection}};
    return filter_run(filter, &call);
}

/* What libc calls for these on this processor: some have a second number for 64-bit times or offsets. */
static const int needed[] = {
    SYS_read,
    SYS_write,
    SYS_brk,
    SYS_munmap,
    SYS_mremap,
    SYS_madvise,
    SYS_getrandom,
    SYS_rt_sigreturn,
    SYS_exit_group,
    SYS_close,
    SYS_exit,
    SYS_restart_syscall,
    SYS_futex,
    SYS_clock_gettime,
    SYS_gettimeofday,
#ifdef SYS_futex_time64
    SYS_futex_time64,
#endif
#ifdef SYS_clock_gettime64
    SYS_clock_gettime64,
#endif
};

#ifdef SYS_mmap2
static const int map = SYS_mmap2;
#else
static const int map = SYS_mmap;
#endif

static int is_needed(int number)
{
    for (size_t i = 0; i < sizeof needed / sizeof needed[0]; i++)
        if (needed[i] == number)
            return 1;
    return 0;
}

static void reading_writing_and_ending_are_allowed(void **state)
{
    for (size_t i = 0; i < sizeof needed / sizeof needed[0]; i++)
        if (judge(*state, needed[i], 0) != SECCOMP_RET_ALLOW)
            fail_msg("call %d is forbidden", needed[i]);
}

static void memory_is_allowed_unless_it_could_be_executed(void **state)
{
    static const int fine[] = {PROT_NONE, PROT_READ, PROT_READ | PROT_WRITE};
    for (size_t i = 0; i < sizeof fine / sizeof fine[0]; i++) {
        assert_int_equal(judge(*state, map, (uint64_t)fine[i]), SECCOMP_RET_ALLOW);
        assert_int_equal(judge(*state, SYS_mprotect, (uint64_t)fine[i]), SECCOMP_RET_ALLOW);
    }
    assert_int_equal(judge(*state, SYS_mprotect, PROT_READ | PROT_EXEC), SECCOMP_RET_KILL_PROCESS);
#ifdef __s390x__ /* its arguments lie in memory, where no filter sees them: what is in the registers says nothing */
    assert_int_equal(judge(*state, map, UINT64_MAX), SECCOMP_RET_ALLOW);
#else
    assert_int_equal(judge(*state, map, PROT_READ | PROT_EXEC), SECCOMP_RET_KILL_PROCESS);
    assert_int_equal(judge(*state, map, PROT_READ | PROT_WRITE | PROT_EXEC), SECCOMP_RET_KILL_PROCESS);
#endif
}

static void every_other_call_ends_the_process(void **state)
{
    for (int number = 0; number < MOST_CALLS; number++)
        if (!is_needed(number) && number != map && number != SYS_mprotect &&
            !(SANITIZED && number == SYS_sigaltstack) && judge(*state, number, 0) != SECCOMP_RET_KILL_PROCESS)
            fail_msg("call %d is allowed", number);
    assert_int_equal(judge(*state, -1, 0), SECCOMP_RET_KILL_PROCESS);
}

static void numbers_of_another_processor_end_the_process(void **state)
{
    static const uint32_t others[] = {SCMP_ARCH_X86, SCMP_ARCH_X86_64, SCMP_ARCH_ARM, SCMP_ARCH_AARCH64,
                                      SCMP_ARCH_S390X};
    for (size_t i = 0; i < sizeof others / sizeof others[0]; i++)
        for (int number = 0; others[i] != seccomp_arch_native() && number < MOST_CALLS; number++) {
            struct seccomp_data call = {.nr = number, .arch = others[i]};
            assert_int_equal(filter_run(*state, &call), SECCOMP_RET_KILL_PROCESS);
        }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(reading_writing_and_ending_are_allowed),
        cmocka_unit_test(memory_is_allowed_unless_it_could_be_executed),
        cmocka_unit_test(every_other_call_ends_the_process),
        cmocka_unit_test(numbers_of_another_processor_end_the_process),
    };
    return cmocka_run_group_tests_name("cage_filter", tests, build, release);
}
