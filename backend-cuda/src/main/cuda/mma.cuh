// Tensor cores, where the target has mma.m16n8k: sm_80 and up.
//
// In a fragment lane l stands at row (or column) l / 4; a row's words are k, two f16 or four bytes
// each. Of the 16 x 8 sums, element e of a lane is row l / 4 + 8 (e / 2), column 2 (l % 4) + e % 2.
#pragma once
#include "solebox.cuh"

#if defined(__CUDA_ARCH__) && __CUDA_ARCH__ >= 800
#define TENSOR_CORES true
#else
#define TENSOR_CORES false
#endif

#if TENSOR_CORES
/* The words of a fragment: 16 rows (or 8 columns) of `stride` words, from word `at` on. */
DEVICE void load_a(u32 (&a)[4], const u32* tile, int stride, int row, int at) {
  const u32* p = tile + (row + LANE / 4) * stride + at + LANE % 4;
  a[0] = p[0];
  a[1] = p[8 * stride];
  a[2] = p[4];
  a[3] = p[8 * stride + 4];
}
DEVICE void load_b(u32 (&b)[2], const u32* tile, int stride, int column, int at) {
  const u32* p = tile + (column + LANE / 4) * stride + at + LANE % 4;
  b[0] = p[0];
  b[1] = p[4];
}

#define MMA_FLOAT(TYPE)                                                                          \
  asm volatile("mma.sync.aligned.m16n8k16.row.col.f32." TYPE "." TYPE                            \
               ".f32 {%0, %1, %2, %3}, {%4, %5, %6, %7}, {%8, %9}, {%0, %1, %2, %3};"            \
               : "+f"(c[0]), "+f"(c[1]), "+f"(c[2]), "+f"(c[3])                                  \
               : "r"(a[0]), "r"(a[1]), "r"(a[2]), "r"(a[3]), "r"(b[0]), "r"(b[1]))

DEVICE void mma_half(float (&c)[4], const u32 (&a)[4], const u32 (&b)[2]) { MMA_FLOAT("f16"); }
DEVICE void mma_bf16(float (&c)[4], const u32 (&a)[4], const u32 (&b)[2]) { MMA_FLOAT("bf16"); }

/* 32 products of bytes for each of 16 x 8. */
DEVICE void mma_bytes32(i32 (&c)[4], const u32 (&a)[4], const u32 (&b)[2]) {
  asm volatile("mma.sync.aligned.m16n8k32.row.col.s32.s8.s8.s32 {%0, %1, %2, %3}, "
               "{%4, %5, %6, %7}, {%8, %9}, {%10, %10, %10, %10};"
               : "=r"(c[0]), "=r"(c[1]), "=r"(c[2]), "=r"(c[3])
               : "r"(a[0]), "r"(a[1]), "r"(a[2]), "r"(a[3]), "r"(b[0]), "r"(b[1]), "r"(0));
}
/* 16 products. */
DEVICE void mma_bytes16(i32 (&c)[4], u32 a0, u32 a1, u32 b) {
  asm volatile("mma.sync.aligned.m16n8k16.row.col.s32.s8.s8.s32 {%0, %1, %2, %3}, {%4, %5}, {%6}, "
               "{%7, %7, %7, %7};"
               : "=r"(c[0]), "=r"(c[1]), "=r"(c[2]), "=r"(c[3]) : "r"(a0), "r"(a1), "r"(b), "r"(0));
}
#endif
