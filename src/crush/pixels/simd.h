/*
 * Wider vectors where the processor has them, and instructions that compilers do not find. SIMD_AVX2 marks a function
 * that is compiled for AVX2 (and BMI2, its shifts and its deposit) and called only after simd_has_avx2(); where it is
 * not defined (other processors, or CRUSH_PORTABLE, with which the tests compile a file a second time to compare), the
 * portable code does everything. SIMD_NEON is defined on arm64, where every processor has it. All give the same bits.
 */
#ifndef PICLOG_CRUSH_PIXELS_SIMD_H
#define PICLOG_CRUSH_PIXELS_SIMD_H

#if defined(__x86_64__) && !defined(CRUSH_PORTABLE)
#include <immintrin.h>
#define SIMD_AVX2 __attribute__((target("avx2,bmi,bmi2")))

static inline int simd_has_avx2(void)
{
    return __builtin_cpu_supports("avx2") && __builtin_cpu_supports("bmi2");
}

/* Zen and Zen 2 deposit bits one by one in microcode, in up to some 300 cycles; others take about three. */
static inline int simd_deposits_slowly(void)
{
#if defined(CRUSH_SLOW_DEPOSIT)
    return 1; /* for the tests */
#else
    return __builtin_cpu_is("amdfam17h");
#endif
}
#endif

#if defined(__aarch64__) && __BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__ && !defined(CRUSH_PORTABLE)
#include <arm_neon.h>
#define SIMD_NEON
#endif

#endif
