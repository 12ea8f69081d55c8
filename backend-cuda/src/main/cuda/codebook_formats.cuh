// Formats whose codes stand for values that are not evenly spaced: IQ4_NL, IQ4_XS, MXFP4. Part of formats.cuh.
#pragma once
#include "formats.cuh"

/* Values of 16 codes, bytes in four words. */
struct Iq4 {
  static constexpr u32 VALUES[4] = {0xbfad9881u, 0xf6eaddcfu, 0x26190d01u, 0x71594535u};
};
/* Floats of 4 bits, doubled. */
struct E2m1 {
  static constexpr u32 VALUES[4] = {0x03020100u, 0x0c080604u, 0xfdfeff00u, 0xf4f8fafcu};
};

/* Bytes of a and b, the first of a lowest, by the lowest three bits of four nibbles. */
DEVICE u32 pick_bytes(u32 a, u32 b, u32 places) { return __nvvm_prmt(a, b, places); }

/* What the codes in the low and in the high halves of bytes stand for. */
struct Looked { u32x4 low, high; };
template <class BOOK> DEVICE Looked look_up(u32x4 q) {
  Looked out;
  UNROLL for (int i = 0; i < 4; i++) {
    u32 both[2];
    UNROLL for (int j = 0; j < 2; j++) {
      // Four codes: what the first and what the last 8 values have for their lower bits, and one of both.
      u32 codes = q[i] >> (16 * j), lower = codes & 0x7777;
      u32 first = pick_bytes(BOOK::VALUES[0], BOOK::VALUES[1], lower);
      u32 last = pick_bytes(BOOK::VALUES[2], BOOK::VALUES[3], lower);
      both[j] = pick_bytes(first, last, 0x3210 | (codes & 0x8888) >> 1);
    }
    out.low[i] = pick_bytes(both[0], both[1], 0x6420);
    out.high[i] = pick_bytes(both[0], both[1], 0x7531);
  }
  return out;
}

/* Blocks of 32 with a scale each. */
template <class BOOK, class SCALE> struct Coded : Nibbles {
  static constexpr bool HAS_MIN = false;
  static constexpr int BLOCKS = 5;
  struct Row { const u8* q; const u8* d; };
  struct Unit { u32x4 q; float d; };

  DEVICE Row row(Planes p, u64 row, int cols) {
    u64 block = row * (cols / 32);
    return {p.p0 + 16 * block, p.p1 + SCALE::BYTES * block};
  }
  DEVICE void prefetch(Row r, int cols) {
    prefetch_weights(r.q, cols / 2);
    prefetch_weights(r.d, SCALE::BYTES * (cols / 32));
  }
  DEVICE Unit load(Row r, int u) {
    return {load_weights(r.q + 16 * (u64)u), SCALE::load(r.d + SCALE::BYTES * (u64)u)};
  }
  DEVICE void dot(const Unit& u, const Acts& a, float& acc) {
    Looked w = look_up<BOOK>(u.q);
    acc = fma(u.d * a.scale.d, (float)(dot16(w.low, a.x0) + dot16(w.high, a.x1)), acc);
  }
  DEVICE u32x4 expand(Row r, int block, int half, float& d, float& m) {
    d = SCALE::load(r.d + SCALE::BYTES * (u64)block);
    m = 0;
    Looked w = look_up<BOOK>(load_constant(r.q + 16 * (u64)block));
    return half ? w.high : w.low;
  }
};

struct HalfScale {
  static constexpr int BYTES = 2;
  DEVICE float load(const u8* p) { return half_to_float(load_constant_u16(p)); }
};
/* A power of two for values that are twice what they should be; the two least are below the normal floats. */
struct PowerScale {
  static constexpr int BYTES = 1;
  DEVICE float load(const u8* p) {
    u32 e = load_constant_u8(p);
    return as_float(e < 2 ? 0x200000u << e : (e - 1) << 23);
  }
};
struct IQ4_NL : Coded<Iq4, HalfScale> {};
struct MXFP4 : Coded<E2m1, PowerScale> {};

/* Super-blocks of 256: f16 d, upper pairs of the scales of eight blocks, and their lower nibbles. */
struct IQ4_XS : Nibbles {
  static constexpr bool HAS_MIN = false;
  static constexpr int BLOCKS = 5;
  struct Row { const u8* q; const u8* header; };
  struct Unit { u32x4 q; u32x2 header; };

  DEVICE Row row(Planes p, u64 row, int cols) {
    u64 block = row * (cols / 256);
    return {p.p0 + 128 * block, p.p1 + 8 * block};
  }
  DEVICE void prefetch(Row r, int cols) {
    prefetch_weights(r.q, cols / 2);
    prefetch_weights(r.header, cols / 32);
  }
  DEVICE Unit load(Row r, int u) {
    return {load_weights(r.q + 16 * (u64)u), load_constant8(r.header + 8 * (u64)((u32)u / 8))};
  }
  DEVICE i32 scale(u32x2 header, int block) {
    return (i32)(((header.y >> (4 * block)) & 15) | ((header.x >> (16 + 2 * block)) & 3) << 4) - 32;
  }
  DEVICE void dot(const Unit& u, const Acts& a, float& acc) {
    Looked w = look_up<Iq4>(u.q);
    // Below 2^24, so exact as a float.
    i32 products = scale(u.header, LANE & 7) * (dot16(w.low, a.x0) + dot16(w.high, a.x1));
    acc = fma(half_to_float((u16)u.header.x) * a.scale.d, (float)products, acc);
  }
  DEVICE u32x4 expand(Row r, int block, int half, float& d, float& m) {
    u32x2 header = load_constant8(r.header + 8 * (u64)((u32)block / 8));
    d = half_to_float((u16)header.x) * (float)scale(header, block & 7);
    m = 0;
    Looked w = look_up<Iq4>(load_constant(r.q + 16 * (u64)block));
    return half ? w.high : w.low;
  }
};
