// Multiplies and adds and does nothing else, to make a device as hot as it gets, and looks at every
// result: what is wrong is counted, and the first of it named.
//
// A warp has sums of 16 x 16 in registers, and a round adds the products of two tiles A with a tile
// B to each. Both are picked by the host so that sums stay exact however they are rounded on the way
// (f16), wrap (int8), or are rounded as IEEE 754 says (f32): it knows every bit of what must come.
#include "mma.cuh"

enum { WORDS = 8, TILE = 16 * WORDS };  // 16 rows of A or columns of B, so many words along k

/* What the host reads: how many elements were wrong, then where the first was and what. */
enum { COUNT, CHECK, UNIT, SUM, ROW, COLUMN, EXPECTED, FOUND };

DEVICE void note(u32* found, int check, int sum, int row, int column, u32 expected, u32 bits) {
  if (count_in(found + COUNT) > 0) { return; }
  found[CHECK] = (u32)check;
  found[UNIT] = (u32)__nvvm_read_ptx_sreg_smid();
  found[SUM] = (u32)sum;
  found[ROW] = (u32)row;
  found[COLUMN] = (u32)column;
  found[EXPECTED] = expected;
  found[FOUND] = bits;
}

/* f16 on tensor cores: 16 along k. */
struct Halves {
  enum { SUMS = 4 };
  struct A { FragmentA of; };
  struct B { FragmentB of; };
  struct Sum { float v[2][4]; };
  DEVICE void load(A& a, const u32* tile) { load_a(a.of, tile, WORDS, 0, 0); }
  DEVICE void load(B& b, const u32* tile) { load_b(b.of, tile, WORDS, 0, 0); }
  DEVICE void add(Sum& sum, const A& a, const B& b) { mma_half(sum.v[0], sum.v[1], a.of, b.of); }
  DEVICE u32 bits(float v) { return as_bits(v + 0.0f); }  // there is but one zero
};

/* What is not on tensor cores: a lane has the products of 2 rows and 4 columns. */
template <class Product> struct Lanes {
  enum { SUMS = 1 };
  struct A { u32 w[2][WORDS]; };
  struct B { u32 w[4][WORDS]; };
  struct Sum { typename Product::Value v[2][4]; };
  DEVICE void load(A& a, const u32* tile) {
    UNROLL for (int i = 0; i < 2; i++) {
      UNROLL for (int k = 0; k < WORDS; k++) { a.w[i][k] = tile[sum_row(2 * i) * WORDS + k]; }
    }
  }
  DEVICE void load(B& b, const u32* tile) {
    UNROLL for (int i = 0; i < 4; i++) {
      int column = sum_column(i & 1) + 8 * (i >> 1);
      UNROLL for (int k = 0; k < WORDS; k++) { b.w[i][k] = tile[column * WORDS + k]; }
    }
  }
  DEVICE void add(Sum& sum, const A& a, const B& b) {
    UNROLL for (int k = 0; k < WORDS; k++) {
      UNROLL for (int half = 0; half < 2; half++) {
        UNROLL for (int e = 0; e < 4; e++) {
          sum.v[half][e] = Product::of(a.w[e >> 1][k], b.w[2 * half + (e & 1)][k], sum.v[half][e]);
        }
      }
    }
  }
  DEVICE u32 bits(typename Product::Value v) { return __builtin_bit_cast(u32, v); }
};

/* 8 along k. */
struct Floats {
  using Value = float;
  DEVICE float of(u32 a, u32 b, float c) { return fma(as_float(a), as_float(b), c); }
};

#if VOLTA
/* Four bytes at a time: 32 along k. */
struct FourBytes {
  using Value = i32;
  DEVICE i32 of(u32 a, u32 b, i32 c) { return dp4a(a, b, c); }
};
using Bytes = Lanes<FourBytes>;
#else
/* int8 on tensor cores: 32 along k. */
struct Bytes {
  enum { SUMS = 4 };
  struct A { FragmentA of; };
  struct B { FragmentB of; };
  struct Sum { i32 v[2][4]; };
  DEVICE void load(A& a, const u32* tile) { load_a(a.of, tile, WORDS, 0, 0); }
  DEVICE void load(B& b, const u32* tile) { load_b(b.of, tile, WORDS, 0, 0); }
  DEVICE void add(Sum& sum, const A& a, const B& b) {
    UNROLL for (int half = 0; half < 2; half++) {
      i32(&c)[4] = sum.v[half];
      asm volatile("mma.sync.aligned.m16n8k32.row.col.s32.s8.s8.s32 {%0, %1, %2, %3}, "
                   "{%4, %5, %6, %7}, {%8, %9}, {%0, %1, %2, %3};"
                   : "+r"(c[0]), "+r"(c[1]), "+r"(c[2]), "+r"(c[3])
                   : "r"(a.of.w[0]), "r"(a.of.w[1]), "r"(a.of.w[2]), "r"(a.of.w[3]),
                     "r"(b.of.w[2 * half]), "r"(b.of.w[2 * half + 1]));
    }
  }
  DEVICE u32 bits(i32 v) { return (u32)v; }
};
#endif

/*
 * operands: 2 tiles A, then SUMS tiles B; expected [SUMS, 16, 16], after all rounds. Every warp does
 * the same.
 */
template <class Unit>
DEVICE void burn(u32* found, const u32* operands, const u32* expected, int rounds, int checks) {
  SHARED u32 tiles[(2 + Unit::SUMS) * TILE];
  for (int i = THREAD; i < (2 + Unit::SUMS) * TILE; i += THREADS) { tiles[i] = operands[i]; }
  BARRIER();
  typename Unit::A a[2];
  typename Unit::B b[Unit::SUMS];
  UNROLL for (int i = 0; i < 2; i++) { Unit::load(a[i], tiles + i * TILE); }
  UNROLL for (int s = 0; s < Unit::SUMS; s++) { Unit::load(b[s], tiles + (2 + s) * TILE); }
  for (int check = 0; check < checks; check++) {
    typename Unit::Sum sums[Unit::SUMS] = {};
    for (int round = 0; round < rounds; round++) {
      UNROLL for (int i = 0; i < 2; i++) {
        UNROLL for (int s = 0; s < Unit::SUMS; s++) { Unit::add(sums[s], a[i], b[s]); }
      }
    }
    UNROLL for (int s = 0; s < Unit::SUMS; s++) {
      UNROLL for (int half = 0; half < 2; half++) {
        UNROLL for (int e = 0; e < 4; e++) {
          int row = sum_row(e), column = sum_column(e) + 8 * half;
          u32 bits = Unit::bits(sums[s].v[half][e]), must = expected[(16 * s + row) * 16 + column];
          if (bits != must) { note(found, check, s, row, column, must, bits); }
        }
      }
    }
  }
}

KERNEL(256, 2) burn_f16(u32* found, const u32* operands, const u32* expected, int rounds, int checks) {
  burn<Halves>(found, operands, expected, rounds, checks);
}

KERNEL(256, 2) burn_int8(u32* found, const u32* operands, const u32* expected, int rounds, int checks) {
  burn<Bytes>(found, operands, expected, rounds, checks);
}

KERNEL(256, 2) burn_f32(u32* found, const u32* operands, const u32* expected, int rounds, int checks) {
  burn<Lanes<Floats>>(found, operands, expected, rounds, checks);
}
