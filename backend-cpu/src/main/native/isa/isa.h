/* The primitives of the instruction set that this object is compiled for. */
#include <stdint.h>

#include "vector.h"

#if defined(__AVX512VNNI__)
#include "avx512.h"
#elif defined(__AVX2__)
#include "avx2.h"
#elif defined(__aarch64__)
#include "neon.h"
#else
#error "no primitives for this instruction set"
#endif

/*
 * Between the sub-blocks of a block, what is added up over all of them waits in memory: 16 registers
 * are just enough for the sums within one. Left alone, compilers keep the former and store the latter
 * after each word, which halved the speed of several tokens.
 */
#if defined(__AVX2__) && !defined(__AVX512F__)
#define WAIT_IN_MEMORY(v) __asm__("" : "+m"(v))
#else
#define WAIT_IN_MEMORY(v) ((void)(v))
#endif

#ifndef TOGETHER
/*
 * Each token has sums of its own, and a register holds word i of a block, weights 4i.., of all 16
 * rows. i8mm.h has another way, and takes the activations of the last token that shares a sum.
 */
#define TOGETHER(n) 1
#define start_sums(negative, last, shift) dots_start(negative, shift)
#define add_word(t, w, x, last, i) dot4(t, w, (x) + 4 * (i))
#define add_word_plus_128(t, w, x, last, i) dot4_plus_128(t, w, (x) + 4 * (i))
#define sum_of(t, which) to_reals(t)
/* The bit that word i has in the bytes of fifth bits. */
#define FIFTH_BIT(i) (i)
#endif
