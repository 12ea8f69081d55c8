// Tensor cores: mma.m16n8k on sm_80 and up (f16, bf16, bytes), mma.m8n8k4 on sm_70 (f16).
//
// Both are shown as products of 16 rows by 16 columns, A [16, k] times B [k, 16]. A lane's sums lie
// in two arrays of four, of columns 0..7 and 8..15, where element e stands at sum_row(e) and
// sum_column(e). Operands come as words of shared memory, two f16 or four bytes each; fragments are
// 8 words along k. On Volta the warp's four groups of 8 lanes multiply 8 x 8 each, and we deal rows
// and columns out in fours, 0..3 and 8..11 to one group, 4..7 and 12..15 to the next, so that the
// first 8 lanes of a load touch 8 neighbouring rows: no two of them in one bank.
#pragma once
#include "solebox.cuh"

#if __CUDA_ARCH__ < 800
#define VOLTA true
#else
#define VOLTA false
#endif

#if VOLTA

/* What is left to say of 8 lanes that multiply together: bit 2 picks their rows, bit 3 columns. */
DEVICE int sum_row(int e) { return (LANE & 5) + 8 * (LANE >> 4) + (e & 2); }
DEVICE int sum_column(int e) { return (LANE & 2) + 4 * ((LANE >> 3) & 1) + (e & 1); }
/* Lanes that differ in these bits hold other columns of the same rows. */
enum { ACROSS_1 = 2, ACROSS_2 = 8 };

/* A row of A, a column of B: 16 elements of k. */
struct FragmentA { u32 w[8]; };
struct FragmentB { u32 w[8]; };
/* Four neighbouring columns of B at k = LANE % 4, + 4, + 8, + 12. */
struct FragmentBRows { u32 w[8]; };

/* Where the two elements of word i of a FragmentA stand. */
DEVICE int a_row(int) { return (LANE & 7) + 8 * (LANE >> 4); }
DEVICE int a_k(int i) { return 2 * i; }

DEVICE void load_line(u32 (&w)[8], const u32* line) {
  u32x4 low = *(const u32x4*)line, high = *(const u32x4*)(line + 4);
  UNROLL for (int i = 0; i < 4; i++) {
    w[i] = low[i];
    w[4 + i] = high[i];
  }
}
/* 16 rows of `stride` words, from word `at` on. */
DEVICE void load_a(FragmentA& a, const u32* tile, int stride, int row, int at) {
  load_line(a.w, tile + (row + a_row(0)) * stride + at);
}
/* 16 columns of `stride` words. */
DEVICE void load_b(FragmentB& b, const u32* tile, int stride, int column, int at) {
  int mine = (LANE & 3) + 4 * ((LANE >> 3) & 1) + 8 * (LANE >> 4);
  load_line(b.w, tile + (column + mine) * stride + at);
}
/* 16 elements of k, each a line of `stride` words along the columns; from word `at` on. */
DEVICE void load_b(FragmentBRows& b, const u32* tile, int stride, int k, int at) {
  const u32* p = tile + (k + (LANE & 3)) * stride + at + 2 * ((LANE >> 3) & 1) + 4 * (LANE >> 4);
  UNROLL for (int i = 0; i < 4; i++) {
    u32x2 v = *(const u32x2*)(p + 4 * i * stride);
    b.w[2 * i] = v.x;
    b.w[2 * i + 1] = v.y;
  }
}

#define MMA_884(LAYOUT, STEP)                                                                    \
  asm volatile("mma.sync.aligned.m8n8k4.row." LAYOUT ".f32.f16.f16.f32 "                         \
               "{%0, %1, %2, %3, %4, %5, %6, %7}, {%8, %9}, {%10, %11}, "                        \
               "{%0, %1, %2, %3, %4, %5, %6, %7};"                                               \
               : "+f"(left[0]), "+f"(left[1]), "+f"(left[2]), "+f"(left[3]), "+f"(right[0]),     \
                 "+f"(right[1]), "+f"(right[2]), "+f"(right[3])                                  \
               : "r"(a.w[2 * STEP]), "r"(a.w[2 * STEP + 1]), "r"(b.w[2 * STEP]),                 \
                 "r"(b.w[2 * STEP + 1]))

/* Adds 16 products of f16 to each sum. */
DEVICE void mma_half(float (&left)[4], float (&right)[4], const FragmentA& a, const FragmentB& b) {
  UNROLL for (int step = 0; step < 4; step++) { MMA_884("col", step); }
}
DEVICE void mma_half(float (&left)[4], float (&right)[4], const FragmentA& a,
                     const FragmentBRows& b) {
  UNROLL for (int step = 0; step < 4; step++) { MMA_884("row", step); }
}

#else

DEVICE int sum_row(int e) { return LANE / 4 + 8 * (e >> 1); }
DEVICE int sum_column(int e) { return 2 * (LANE % 4) + (e & 1); }
enum { ACROSS_1 = 1, ACROSS_2 = 2 };

struct FragmentA { u32 w[4]; };
/* Words 0 and 1 are of columns 0..7. */
struct FragmentB { u32 w[4]; };
struct FragmentBRows { u32 w[4]; };

DEVICE int a_row(int i) { return LANE / 4 + 8 * (i & 1); }
DEVICE int a_k(int i) { return 2 * (LANE % 4) + 8 * (i >> 1); }

/* Four matrices of 8 rows of 16 bytes; lane l gives the address of row l % 8 of matrix l / 8. */
#define LOAD_MATRICES(WAY, w, line)                                                              \
  asm volatile("ldmatrix.sync.aligned.m8n8.x4" WAY ".shared.b16 {%0, %1, %2, %3}, [%4];"         \
               : "=r"(w[0]), "=r"(w[1]), "=r"(w[2]), "=r"(w[3])                                  \
               : "r"((u32)(u64)(__attribute__((address_space(3))) const void*)(line))            \
               : "memory")

DEVICE void load_a(FragmentA& a, const u32* tile, int stride, int row, int at) {
  LOAD_MATRICES("", a.w, tile + (row + LANE % 16) * stride + at + 4 * (LANE / 16));
}
DEVICE void load_b(FragmentB& b, const u32* tile, int stride, int column, int at) {
  int mine = LANE % 8 + 8 * (LANE / 16);
  LOAD_MATRICES("", b.w, tile + (column + mine) * stride + at + 4 * (LANE / 8 % 2));
}
DEVICE void load_b(FragmentBRows& b, const u32* tile, int stride, int k, int at) {
  LOAD_MATRICES(".trans", b.w, tile + (k + LANE % 16) * stride + at + 4 * (LANE / 16));
}

#define MMA_16816(TYPE, c, b0, b1)                                                               \
  asm volatile("mma.sync.aligned.m16n8k16.row.col.f32." TYPE "." TYPE                            \
               ".f32 {%0, %1, %2, %3}, {%4, %5, %6, %7}, {%8, %9}, {%0, %1, %2, %3};"            \
               : "+f"(c[0]), "+f"(c[1]), "+f"(c[2]), "+f"(c[3])                                  \
               : "r"(a.w[0]), "r"(a.w[1]), "r"(a.w[2]), "r"(a.w[3]), "r"(b0), "r"(b1))

template <class B>
DEVICE void mma_half(float (&left)[4], float (&right)[4], const FragmentA& a, const B& b) {
  MMA_16816("f16", left, b.w[0], b.w[1]);
  MMA_16816("f16", right, b.w[2], b.w[3]);
}
DEVICE void mma_bf16(float (&left)[4], float (&right)[4], const FragmentA& a, const FragmentB& b) {
  MMA_16816("bf16", left, b.w[0], b.w[1]);
  MMA_16816("bf16", right, b.w[2], b.w[3]);
}

/* 32 products of bytes for 8 columns: those of words 2 half and 2 half + 1 of b. */
DEVICE void mma_bytes32(i32 (&c)[4], const FragmentA& a, const FragmentB& b, int half) {
  asm volatile("mma.sync.aligned.m16n8k32.row.col.s32.s8.s8.s32 {%0, %1, %2, %3}, "
               "{%4, %5, %6, %7}, {%8, %9}, {%10, %10, %10, %10};"
               : "=r"(c[0]), "=r"(c[1]), "=r"(c[2]), "=r"(c[3])
               : "r"(a.w[0]), "r"(a.w[1]), "r"(a.w[2]), "r"(a.w[3]), "r"(b.w[2 * half]),
                 "r"(b.w[2 * half + 1]), "r"(0));
}
/* 16 products: words `a0` and `a1` of A, one of B. */
DEVICE void mma_bytes16(i32 (&c)[4], u32 a0, u32 a1, u32 b) {
  asm volatile("mma.sync.aligned.m16n8k16.row.col.s32.s8.s8.s32 {%0, %1, %2, %3}, {%4, %5}, {%6}, "
               "{%7, %7, %7, %7};"
               : "=r"(c[0]), "=r"(c[1]), "=r"(c[2]), "=r"(c[3]) : "r"(a0), "r"(a1), "r"(b), "r"(0));
}
#endif

/* Over the columns of a row of sums; every lane of the row gets it. */
DEVICE float row_sum(float v) {
  v += shuffle_xor(v, ACROSS_1);
  return v + shuffle_xor(v, ACROSS_2);
}
DEVICE float row_max(float v) {
  v = __builtin_fmaxf(v, shuffle_xor(v, ACROSS_1));
  return __builtin_fmaxf(v, shuffle_xor(v, ACROSS_2));
}
