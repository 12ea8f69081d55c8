// Formats whose blocks refer to vectors of weights by number: IQ2_XXS, IQ2_XS, IQ2_S, IQ3_XXS, IQ3_S. Part of
// formats.cuh.
//
// A vector is loaded as levels, four bits each, and these are what prmt picks bytes by: a table of 0.5 to 4 KiB
// stays in the first-level cache, of which lanes read at places of their own.
#pragma once
#include "formats.cuh"
#include "grids.cuh"

/* Of a table of vectors. */
DEVICE u32 vector_at(const u32* table, u32 number) {
  u32 v;
  asm("ld.global.nc.u32 %0, [%1];" : "=r"(v) : "l"(table + number));
  return v;
}
DEVICE u32 vector_at(const u16* table, u32 number) {
  u16 v;
  asm("ld.global.nc.u16 %0, [%1];" : "=h"(v) : "l"(table + number));
  return v;
}

/* The bytes of v, 1 to 127 each, with the signs of the lowest four bits. */
DEVICE u32 with_signs(u32 v, u32 signs) {
  u32 ones = ((signs & 15) * 0x00204081u) & 0x01010101u;
  return (v ^ (ones * 255)) + ones;
}

/* Seven signs, and an eighth such that an even number is set. */
DEVICE u32 even_signs(u32 signs) {
  signs &= 127;
  return signs | ((u32)__builtin_popcount(signs) & 1) << 7;
}

/* 16 weights of two vectors of eight. */
DEVICE u32x4 iq2(u32 first, u32 second, u32 first_signs, u32 second_signs) {
  constexpr u32 LEVELS = 0x002b1908u;
  return u32x4{with_signs(pick_bytes(LEVELS, 0, first & 0xffff), first_signs),
               with_signs(pick_bytes(LEVELS, 0, first >> 16), first_signs >> 4),
               with_signs(pick_bytes(LEVELS, 0, second & 0xffff), second_signs),
               with_signs(pick_bytes(LEVELS, 0, second >> 16), second_signs >> 4)};
}

/*
 * Units of 64 neighbours, in four runs of 16. A format says what sixteen(unit, run) weights there are, by
 * which scale(unit, run) of odd integers they are multiplied, and by which factor(unit).
 */
template <class F> struct Vectors : Quantized {
  static constexpr int UNIT = 64;
  static constexpr bool HAS_MIN = false;
  static constexpr int BLOCKS = 4, BLOCKS_2 = 4;
  struct Acts { u32x4 x[4]; float d[2]; };

  DEVICE int units(int cols) { return cols / 64; }
  DEVICE u32 start(int column, int cols) { return (u32)column * (u32)units(cols); }
  DEVICE Acts acts(Column c, u32 start, int u, int) {
    u32 at = start + (u32)u;
    const u8* x = c.x0 + 64 * (u64)at;
    u32x4 scales = load16(c.x1 + 16 * (u64)at);
    return {{load16(x), load16(x + 16), load16(x + 32), load16(x + 48)},
            {as_float(scales.x), as_float(scales.z)}};
  }
  template <class Unit> DEVICE void dot(const Unit& u, const Acts& a, float& acc) {
    float d = F::factor(u);
    UNROLL for (int i = 0; i < 2; i++) {
      int run = 2 * i;
      i32 first = dot16(F::sixteen(u, run), a.x[run]);
      i32 second = dot16(F::sixteen(u, run + 1), a.x[run + 1]);
      // Below 2^24, so exact as a float.
      i32 products = F::SPLIT ? F::scale(u, run) * first + F::scale(u, run + 1) * second
                              : F::scale(u, run) * (first + second);
      acc = fma(d * a.d[i], (float)products, acc);
    }
  }
};
DEVICE i32 odd(u32 nibble) { return (i32)(2 * (nibble & 15) + 1); }

/* For each 32 weights the numbers of four vectors, and a word with seven signs of each and the scale. */
struct IQ2_XXS : Vectors<IQ2_XXS> {
  struct Row { const u8* q; const u8* d; };
  struct Unit { u32x4 q; u16 d; };

  DEVICE Row row(Planes p, u64 row, int cols) {
    u64 block = row * (cols / 256);
    return {p.p0 + 64 * block, p.p1 + 2 * block};
  }
  DEVICE void prefetch(Row r, int cols) {
    prefetch_weights(r.q, cols / 4);
    prefetch_weights(r.d, cols / 128);
  }
  DEVICE Unit load(Row r, int u) {
    return {load_weights(r.q + 16 * (u64)u), load_constant_u16(r.d + 2 * (u64)((u32)u / 4))};
  }
  DEVICE float factor(const Unit& u) { return half_to_float(u.d) * 0.125f; }
  DEVICE i32 scale(const Unit& u, int run) { return odd(u.q[run | 1] >> 28); }
  DEVICE u32x4 sixteen(const Unit& u, int run) {
    return weights(u.q[run & 2] >> (16 * (run & 1)), u.q[run | 1] >> (14 * (run & 1)));
  }
  DEVICE u32x4 weights(u32 numbers, u32 signs) {
    return iq2(vector_at(IQ2_XXS_VECTORS, numbers & 255), vector_at(IQ2_XXS_VECTORS, (numbers >> 8) & 255),
               even_signs(signs), even_signs(signs >> 7));
  }
  DEVICE u32x4 expand(Row r, int block, int half, float& d, float& m) {
    u32x2 both = load_constant8(r.q + 8 * (u64)block);
    d = half_to_float(load_constant_u16(r.d + 2 * (u64)((u32)block / 8))) * 0.125f;
    d *= (float)odd(both.y >> 28);
    m = 0;
    return weights(both.x >> (16 * half), both.y >> (14 * half));
  }
};

/* Vectors of nine bits with seven of signs; a scale for each 16 weights. */
struct IQ2_XS : Vectors<IQ2_XS> {
  static constexpr bool SPLIT = true;
  struct Row { const u8* q; const u8* scales; const u8* d; };
  struct Unit { u32x4 q; u16 scales, d; };

  DEVICE Row row(Planes p, u64 row, int cols) {
    u64 block = row * (cols / 256);
    return {p.p0 + 64 * block, p.p1 + 8 * block, p.p2 + 2 * block};
  }
  DEVICE void prefetch(Row r, int cols) {
    prefetch_weights(r.q, cols / 4);
    prefetch_weights(r.scales, cols / 32);
    prefetch_weights(r.d, cols / 128);
  }
  DEVICE Unit load(Row r, int u) {
    return {load_weights(r.q + 16 * (u64)u), load_constant_u16(r.scales + 2 * (u64)u),
            load_constant_u16(r.d + 2 * (u64)((u32)u / 4))};
  }
  DEVICE float factor(const Unit& u) { return half_to_float(u.d) * 0.125f; }
  DEVICE i32 scale(const Unit& u, int run) { return odd((u32)u.scales >> (4 * run)); }
  DEVICE u32x4 sixteen(const Unit& u, int run) { return weights(u.q[run]); }
  DEVICE u32x4 weights(u32 two) {
    return iq2(vector_at(IQ2_XS_VECTORS, two & 511), vector_at(IQ2_XS_VECTORS, (two >> 16) & 511),
               even_signs(two >> 9), even_signs(two >> 25));
  }
  DEVICE u32x4 expand(Row r, int block, int half, float& d, float& m) {
    u32 scales = load_constant_u8(r.scales + (u64)block);
    d = half_to_float(load_constant_u16(r.d + 2 * (u64)((u32)block / 8))) * 0.125f;
    d *= (float)odd(scales >> (4 * half));
    m = 0;
    return weights(load_constant_u32(r.q + 8 * (u64)block + 4 * half));
  }
};

/* A unit is eight bytes of numbers and eight of signs; behind are upper bits of numbers, and scales. */
struct IQ2_S : Vectors<IQ2_S> {
  static constexpr bool SPLIT = true;
  struct Row { const u8* q; const u8* more; const u8* d; };
  struct Unit { u32x4 q; u16 upper, scales, d; };

  DEVICE Row row(Planes p, u64 row, int cols) {
    u64 block = row * (cols / 256);
    return {p.p0 + 64 * block, p.p1 + 16 * block, p.p2 + 2 * block};
  }
  DEVICE void prefetch(Row r, int cols) {
    prefetch_weights(r.q, cols / 4);
    prefetch_weights(r.more, cols / 16);
    prefetch_weights(r.d, cols / 128);
  }
  DEVICE Unit load(Row r, int u) {
    u32 block = (u32)u / 4;
    const u8* more = r.more + 16 * (u64)block + 2 * (u & 3);
    return {load_weights(r.q + 16 * (u64)u), load_constant_u16(more), load_constant_u16(more + 8),
            load_constant_u16(r.d + 2 * (u64)block)};
  }
  DEVICE float factor(const Unit& u) { return half_to_float(u.d) * 0.125f; }
  DEVICE i32 scale(const Unit& u, int run) { return odd((u32)u.scales >> (4 * run)); }
  DEVICE u32x4 sixteen(const Unit& u, int run) {
    int shift = 16 * (run & 1);
    return weights(u.q[run / 2] >> shift, (u32)u.upper >> (4 * run), u.q[2 + run / 2] >> shift);
  }
  DEVICE u32x4 weights(u32 numbers, u32 upper, u32 signs) {
    return iq2(vector_at(IQ2_S_VECTORS, (numbers & 255) | (upper & 3) << 8),
               vector_at(IQ2_S_VECTORS, ((numbers >> 8) & 255) | (upper & 12) << 6), signs, signs >> 8);
  }
  DEVICE u32x4 expand(Row r, int block, int half, float& d, float& m) {
    u32 super = (u32)block / 8;
    const u8* more = r.more + 16 * (u64)super + (block & 7);
    const u8* q = r.q + 16 * (u64)((u32)block / 2) + 4 * (block & 1) + 2 * half;
    d = half_to_float(load_constant_u16(r.d + 2 * (u64)super)) * 0.125f;
    d *= (float)odd((u32)load_constant_u8(more + 8) >> (4 * half));
    m = 0;
    return weights(load_constant_u16(q), (u32)load_constant_u8(more) >> (4 * half),
                   load_constant_u16(q + 8));
  }
};

/* Vectors of four: which of them by four numbers, as bytes with a ninth bit each. */
template <class TABLE_OF> DEVICE u32x4 iq3(u32 numbers, u32 ninth, u32 first_signs, u32 second_signs) {
  u32x4 out;
  UNROLL for (int i = 0; i < 4; i++) {
    u32 places = TABLE_OF::vector(((numbers >> (8 * i)) & 255) | ((ninth >> i) & 1) << 8);
    u32 signs = (i < 2 ? first_signs : second_signs) >> (4 * (i & 1));
    out[i] = with_signs(pick_bytes(TABLE_OF::LOW, TABLE_OF::HIGH, places), signs);
  }
  return out;
}

/* For each 32 weights eight numbers, and a word of signs and scale as in IQ2_XXS. */
struct IQ3_XXS : Vectors<IQ3_XXS> {
  static constexpr u32 LOW = 0x1c140c04u, HIGH = 0x3e342c24u;
  struct Row { const u8* q; const u8* d; const u8* signs; };
  struct Unit { u32x4 q; u32x2 signs; u16 d; };

  DEVICE u32 vector(u32 number) { return vector_at(IQ3_XXS_VECTORS, number); }
  DEVICE Row row(Planes p, u64 row, int cols) {
    u64 block = row * (cols / 256);
    return {p.p0 + 64 * block, p.p1 + 2 * block, p.p2 + 32 * block};
  }
  DEVICE void prefetch(Row r, int cols) {
    prefetch_weights(r.q, cols / 4);
    prefetch_weights(r.d, cols / 128);
    prefetch_weights(r.signs, cols / 8);
  }
  DEVICE Unit load(Row r, int u) {
    return {load_weights(r.q + 16 * (u64)u), load_constant8(r.signs + 8 * (u64)u),
            load_constant_u16(r.d + 2 * (u64)((u32)u / 4))};
  }
  DEVICE float factor(const Unit& u) { return half_to_float(u.d) * 0.25f; }
  DEVICE i32 scale(const Unit& u, int run) { return odd(u.signs[run / 2] >> 28); }
  DEVICE u32x4 sixteen(const Unit& u, int run) {
    return weights(u.q[run], u.signs[run / 2] >> (14 * (run & 1)));
  }
  DEVICE u32x4 weights(u32 numbers, u32 signs) {
    return iq3<IQ3_XXS>(numbers, 0, even_signs(signs), even_signs(signs >> 7));
  }
  DEVICE u32x4 expand(Row r, int block, int half, float& d, float& m) {
    u32 signs = load_constant_u32(r.signs + 4 * (u64)block);
    d = half_to_float(load_constant_u16(r.d + 2 * (u64)((u32)block / 8))) * 0.25f;
    d *= (float)odd(signs >> 28);
    m = 0;
    return weights(load_constant_u32(r.q + 8 * (u64)block + 4 * half), signs >> (14 * half));
  }
};

/* Eight bytes of ninth bits and 32 of signs of each super-block stand together. */
struct IQ3_S : Vectors<IQ3_S> {
  static constexpr u32 LOW = 0x07050301u, HIGH = 0x0f0d0b09u;
  struct Row { const u8* q; const u8* more; const u8* scales; const u8* d; };
  struct Unit { u32x4 q; u32x2 signs; u16 ninth, d; u8 scales; };

  DEVICE u32 vector(u32 number) { return vector_at(IQ3_S_VECTORS, number); }
  DEVICE Row row(Planes p, u64 row, int cols) {
    u64 block = row * (cols / 256);
    return {p.p0 + 64 * block, p.p1 + 40 * block, p.p2 + 4 * block, p.p3 + 2 * block};
  }
  DEVICE void prefetch(Row r, int cols) {
    prefetch_weights(r.q, cols / 4);
    prefetch_weights(r.more, cols / 256 * 40);
    prefetch_weights(r.scales, cols / 64);
    prefetch_weights(r.d, cols / 128);
  }
  DEVICE Unit load(Row r, int u) {
    u32 block = (u32)u / 4;
    const u8* more = r.more + 40 * (u64)block;
    return {load_weights(r.q + 16 * (u64)u), load_constant8(more + 8 + 8 * (u & 3)),
            load_constant_u16(more + 2 * (u & 3)), load_constant_u16(r.d + 2 * (u64)block),
            load_constant_u8(r.scales + (u64)u)};
  }
  DEVICE float factor(const Unit& u) { return half_to_float(u.d); }
  DEVICE i32 scale(const Unit& u, int run) { return odd((u32)u.scales >> (4 * (run / 2))); }
  DEVICE u32x4 sixteen(const Unit& u, int run) {
    u32 signs = u.signs[run / 2] >> (16 * (run & 1));
    return iq3<IQ3_S>(u.q[run], (u32)u.ninth >> (4 * run), signs, signs >> 8);
  }
  DEVICE u32x4 expand(Row r, int block, int half, float& d, float& m) {
    u32 super = (u32)block / 8;
    const u8* more = r.more + 40 * (u64)super;
    u32 ninth = load_constant_u8(more + (block & 7));
    u32 signs = load_constant_u16(more + 8 + 4 * (block & 7) + 2 * half);
    d = half_to_float(load_constant_u16(r.d + 2 * (u64)super));
    d *= (float)odd((u32)load_constant_u8(r.scales + (u64)((u32)block / 2)) >> (4 * (block & 1)));
    m = 0;
    u32 numbers = load_constant_u32(r.q + 8 * (u64)block + 4 * half);
    return iq3<IQ3_S>(numbers, ninth >> (4 * half), signs, signs >> 8);
  }
};
