// Multiplies f16 on the tensor cores and does nothing else, from registers: what mma.sync gives on
// this card, for shares of it in prefill.
#include "solebox.cuh"

enum { SUMS = 8, REPEATS = 4 };  // independent chains of a warp, and how often a round extends each

/* Small, different in every lane, and never denormal: what the cores do must not be zeros. */
DEVICE u32 halves(int i) { return 0x2c002c00 + (u32)((LANE + 32 * i) & 255) * 0x00010001; }

#if defined(__CUDA_ARCH__) && __CUDA_ARCH__ >= 800
enum { WORDS_A = 4, WORDS_B = 2, ELEMENTS = 4 };
/* One product of 16 x 16 by 16 x 8. */
DEVICE void multiply(float (&c)[ELEMENTS], const u32 (&a)[WORDS_A], const u32 (&b)[WORDS_B]) {
  asm volatile("mma.sync.aligned.m16n8k16.row.col.f32.f16.f16.f32 {%0, %1, %2, %3}, "
               "{%4, %5, %6, %7}, {%8, %9}, {%0, %1, %2, %3};"
               : "+f"(c[0]), "+f"(c[1]), "+f"(c[2]), "+f"(c[3])
               : "r"(a[0]), "r"(a[1]), "r"(a[2]), "r"(a[3]), "r"(b[0]), "r"(b[1]));
}
#else
/* Four products of 8 x 4 by 4 x 8. */
enum { WORDS_A = 2, WORDS_B = 2, ELEMENTS = 8 };
DEVICE void multiply(float (&c)[ELEMENTS], const u32 (&a)[WORDS_A], const u32 (&b)[WORDS_B]) {
  asm volatile("mma.sync.aligned.m8n8k4.row.col.f32.f16.f16.f32 {%0, %1, %2, %3, %4, %5, %6, %7}, "
               "{%8, %9}, {%10, %11}, {%0, %1, %2, %3, %4, %5, %6, %7};"
               : "+f"(c[0]), "+f"(c[1]), "+f"(c[2]), "+f"(c[3]), "+f"(c[4]), "+f"(c[5]), "+f"(c[6]),
                 "+f"(c[7])
               : "r"(a[0]), "r"(a[1]), "r"(b[0]), "r"(b[1]));
}
#endif

KERNEL(256, 2) matrix_rate(float* out, int rounds) {
  float c[SUMS][ELEMENTS] = {};
  u32 a[WORDS_A], b[WORDS_B];
  UNROLL for (int i = 0; i < WORDS_A; i++) { a[i] = halves(i); }
  UNROLL for (int i = 0; i < WORDS_B; i++) { b[i] = halves(WORDS_A + i); }
  for (int round = 0; round < rounds; round++) {
    UNROLL for (int repeat = 0; repeat < REPEATS; repeat++) {
      UNROLL for (int s = 0; s < SUMS; s++) { multiply(c[s], a, b); }
    }
  }
  float sum = 0;
  UNROLL for (int s = 0; s < SUMS; s++) {
    UNROLL for (int e = 0; e < ELEMENTS; e++) { sum += c[s][e]; }
  }
  out[(u64)BLOCK_X * 256 + THREAD] = sum;
}
