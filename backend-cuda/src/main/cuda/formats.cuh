// Weight formats as they lie on the device: planes of whole pieces of the file's blocks
// (docs/cuda-backend.md). For each format:
//
//   UNIT          weights that a thread multiplies from one 16-byte load of quants
//   Row           the planes' addresses of one row; `q` has 16 bytes a unit
//   prefetch()    asks the second-level cache for the start of each of a row's planes
//   start()       where a column's activations begin, of many columns behind each other
//   Acts, acts()  the activations that face a unit of such a column, in registers
//   Unit, load()  a unit of weights, in registers: unit LANE of a row, or a multiple of 32 later, so
//                 that a lane's units all stand at the same place in their super-blocks
//   dot()         acc + unit . acts
//   TWO_PIECES    whether a unit is two 16-byte loads
//   BLOCKS        of 128 threads that a multiprocessor shall hold of a product with one column: the
//                 registers that this leaves decide how many loads the compiler sends ahead;
//                 BLOCKS_2 and BLOCKS_8 are those with two and eight columns
//
// and for quantized formats also
//   expand()      16 weights as signed bytes, w = d * q + m (m = 0 unless HAS_MIN)
//   SPLIT         whether the 16s within a block of 32 have scales of their own
#pragma once
#include "solebox.cuh"

struct Planes {
  const u8* p0;
  const u8* p1;
  const u8* p2;
  const u8* p3;
};

/* A column of activations: f32, or signed bytes with a scale per 32. */
struct Column {
  const u8* x0;
  const u8* x1;
};

// ---------------------------------------------------------------- dense formats

/* SIZE bytes an element; UNIT elements of 16 bytes. Rows are padded with zeros to 16 bytes. */
template <int SIZE> struct Dense {
  static constexpr int UNIT = 16 / SIZE;
  static constexpr bool QUANTIZED = false;
  static constexpr bool TWO_PIECES = false;
  static constexpr int BLOCKS = 6, BLOCKS_2 = 5, BLOCKS_8 = 3;
  struct Row { const u8* q; };
  struct Unit { u32x4 w; };
  struct Acts { float x[UNIT]; };

  DEVICE Row row(Planes p, u64 row, int cols) {
    return {p.p0 + row * (u64)(ceil_div(cols, UNIT) * 16)};
  }
  DEVICE Column column(const void* x0, const void*, u64 column, int cols) {
    return {(const u8*)x0 + 4 * column * cols, nullptr};
  }
  DEVICE int units(int cols) { return ceil_div(cols, UNIT); }
  DEVICE void prefetch(Row r, int cols) { prefetch_weights(r.q, 16 * units(cols)); }
  DEVICE Unit load(Row r, int u) { return {load_weights(r.q + 16 * (u64)u)}; }

  DEVICE u32 start(int column, int cols) { return (u32)column * (u32)cols; }
  DEVICE Acts acts(Column c, u32 start, int u, int cols) {
    Acts a;
    const float* x = (const float*)c.x0 + (u64)(start + (u32)u * UNIT);
    if (cols % UNIT == 0) {
      UNROLL for (int i = 0; i < UNIT; i += 4) {
        f32x4 v = load_floats(x + i);
        a.x[i] = v.x;
        a.x[i + 1] = v.y;
        a.x[i + 2] = v.z;
        a.x[i + 3] = v.w;
      }
    } else {  // rows of x are not aligned, and the last unit is not whole
      UNROLL for (int i = 0; i < UNIT; i++) { a.x[i] = u * UNIT + i < cols ? x[i] : 0; }
    }
    return a;
  }
};

struct F32 : Dense<4> {
  DEVICE float value(u32x4 w, int i) { return as_float(w[i]); }
  DEVICE float at(Row r, int k) { return ((const float*)r.q)[k]; }
  DEVICE void dot(const Unit& u, const Acts& a, float& acc) {
    UNROLL for (int i = 0; i < UNIT; i++) { acc = fma(value(u.w, i), a.x[i], acc); }
  }
};

struct F16 : Dense<2> {
  DEVICE float value(u32x4 w, int i) { return half_to_float((u16)(w[i / 2] >> (16 * (i & 1)))); }
  DEVICE float at(Row r, int k) { return half_to_float(((const u16*)r.q)[k]); }
  DEVICE void dot(const Unit& u, const Acts& a, float& acc) {
    UNROLL for (int i = 0; i < UNIT; i++) { acc = fma(value(u.w, i), a.x[i], acc); }
  }
};

struct BF16 : Dense<2> {
  DEVICE float value(u32x4 w, int i) {
    return as_float(i & 1 ? w[i / 2] & 0xffff0000u : w[i / 2] << 16);
  }
  DEVICE float at(Row r, int k) { return bf16_to_float(((const u16*)r.q)[k]); }
  DEVICE void dot(const Unit& u, const Acts& a, float& acc) {
    UNROLL for (int i = 0; i < UNIT; i++) { acc = fma(value(u.w, i), a.x[i], acc); }
  }
};

// ---------------------------------------------------------------- quantized formats: shared parts

/* Scale and half sums of an 8-bit activation block. */
struct BlockScale {
  float d;
  i32 lower;
  i32 upper;
};
DEVICE BlockScale block_scale(Column c, u32 block) {
  u32x2 s = load8(c.x1 + 8 * (u64)block);
  return {as_float(s.x), (i32)(i16)(s.y & 0xffff), (i32)s.y >> 16};
}

DEVICE u32x4 low_nibbles(u32x4 q) { return q & 0x0f0f0f0fu; }
DEVICE u32x4 high_nibbles(u32x4 q) { return (q >> 4) & 0x0f0f0f0fu; }

/* Each byte minus `zero`, for bytes below 0x80 and zero up to 0x80. */
DEVICE u32x4 minus_each(u32x4 q, u32 zero) {
  return ((q | 0x80808080u) - zero * 0x01010101u) ^ 0x80808080u;
}

/* Bits 0..3 of `bits` as bit 4 of four bytes. */
DEVICE u32 spread_fifth(u32 bits) { return ((bits & 15) * 0x02040810u) & 0x10101010u; }
DEVICE u32x4 spread_fifths(u32 bits) {
  return u32x4{spread_fifth(bits), spread_fifth(bits >> 4), spread_fifth(bits >> 8),
               spread_fifth(bits >> 12)};
}

struct Quantized {
  static constexpr bool QUANTIZED = true;
  static constexpr bool SPLIT = false;
  static constexpr bool TWO_PIECES = false;
  static constexpr int BLOCKS = 6, BLOCKS_2 = 5, BLOCKS_8 = 3;
  DEVICE Column column(const void* x0, const void* x1, u64 column, int cols) {
    return {(const u8*)x0 + column * cols, (const u8*)x1 + column * (cols / Q8) * 8};
  }
};

// ---------------------------------------------------------------- Q8_0

struct Q8_0 : Quantized {
  static constexpr int UNIT = 16;
  static constexpr bool HAS_MIN = false;
  struct Row { const u8* q; const u8* d; };
  struct Unit { u32x4 q; u16 d; };
  struct Acts { u32x4 x; float d; };

  DEVICE Row row(Planes p, u64 row, int cols) { return {p.p0 + row * cols, p.p1 + row * (cols / 16)}; }
  DEVICE int units(int cols) { return cols / 16; }
  DEVICE void prefetch(Row r, int cols) {
    prefetch_weights(r.q, cols);
    prefetch_weights(r.d, cols / 16);
  }
  DEVICE Unit load(Row r, int u) {
    return {load_weights(r.q + 16 * (u64)u), load_constant_u16(r.d + 2 * (u64)((u32)u >> 1))};
  }
  DEVICE u32 start(int column, int cols) { return (u32)column * (u32)units(cols); }
  DEVICE Acts acts(Column c, u32 start, int u, int) {
    u32 at = start + (u32)u;
    return {load16(c.x0 + 16 * (u64)at), block_scale(c, at >> 1).d};
  }
  DEVICE void dot(const Unit& u, const Acts& a, float& acc) {
    acc = fma(half_to_float(u.d) * a.d, (float)dot16(u.q, a.x), acc);
  }
  DEVICE u32x4 expand(Row r, int block, int half, float& d, float& m) {
    d = half_to_float(load_constant_u16(r.d + 2 * (u64)block));
    m = 0;
    return load_constant(r.q + 32 * (u64)block + 16 * half);
  }
};

// ---------------------------------------------------------------- Q4_0, Q4_1, Q5_0, Q5_1

/* 16 bytes are a block of 32: byte j holds weight j in its low and weight j + 16 in its high half. */
struct Nibbles : Quantized {
  static constexpr int UNIT = 32;
  struct Acts { u32x4 x0, x1; BlockScale scale; };
  DEVICE int units(int cols) { return cols / 32; }
  DEVICE u32 start(int column, int cols) { return (u32)column * (u32)units(cols); }
  DEVICE Acts acts(Column c, u32 start, int u, int) {
    u32 at = start + (u32)u;
    const u8* x = c.x0 + 32 * (u64)at;
    return {load16(x), load16(x + 16), block_scale(c, at)};
  }
};

/* The nibbles, with fifth bits or not, less a zero or with a minimum. */
template <bool FIFTH, bool MIN> struct Small : Nibbles {
  static constexpr bool HAS_MIN = MIN;
  static constexpr int BLOCKS = FIFTH ? 5 : 6;
  static constexpr int ZERO = MIN ? 0 : FIFTH ? 16 : 8;
  static constexpr int SCALE_BYTES = MIN ? 4 : 2;
  struct Row { const u8* q; const u8* d; const u8* fifth; };
  struct Unit { u32x4 q; u32 d; u32 fifth; };

  DEVICE Row row(Planes p, u64 row, int cols) {
    u64 block = row * (cols / 32);
    return {p.p0 + 16 * block, p.p1 + SCALE_BYTES * block, p.p2 + 4 * block};
  }
  DEVICE void prefetch(Row r, int cols) {
    prefetch_weights(r.q, cols / 2);
    prefetch_weights(r.d, SCALE_BYTES * (cols / 32));
    if (FIFTH) { prefetch_weights(r.fifth, cols / 8); }
  }
  DEVICE u32 load_scale(Row r, u64 block) {
    return MIN ? load_constant_u32(r.d + 4 * block) : load_constant_u16(r.d + 2 * block);
  }
  DEVICE Unit load(Row r, int u) {
    return {load_weights(r.q + 16 * (u64)u), load_scale(r, u),
            FIFTH ? load_constant_u32(r.fifth + 4 * (u64)u) : 0};
  }
  DEVICE void dot(const Unit& u, const Acts& a, float& acc) {
    u32x4 low = low_nibbles(u.q), high = high_nibbles(u.q);
    if (FIFTH) {
      low |= spread_fifths(u.fifth);
      high |= spread_fifths(u.fifth >> 16);
    }
    i32 products = dot16(low, a.x0) + dot16(high, a.x1);
    i32 sum = a.scale.lower + a.scale.upper;
    float d = half_to_float((u16)u.d) * a.scale.d;
    if (MIN) {
      acc = fma(d, (float)products, acc);
      acc = fma(half_to_float((u16)(u.d >> 16)) * a.scale.d, (float)sum, acc);
    } else {
      acc = fma(d, (float)(products - ZERO * sum), acc);
    }
  }
  DEVICE u32x4 expand(Row r, int block, int half, float& d, float& m) {
    u32 scale = load_scale(r, block);
    d = half_to_float((u16)scale);
    m = MIN ? half_to_float((u16)(scale >> 16)) : 0;
    u32x4 q = (load_constant(r.q + 16 * (u64)block) >> (4 * half)) & 0x0f0f0f0fu;
    if (FIFTH) { q |= spread_fifths(load_constant_u32(r.fifth + 4 * (u64)block) >> (16 * half)); }
    return MIN ? q : minus_each(q, ZERO);
  }
};
struct Q4_0 : Small<false, false> {};
struct Q4_1 : Small<false, true> {};
struct Q5_0 : Small<true, false> {};
struct Q5_1 : Small<true, true> {};

// ---------------------------------------------------------------- Q4_K, Q5_K, Q6_K

/*
 * Super-blocks of 256. A unit is 16 bytes of low halves: 16 weights of one block of 32 in the low
 * halves, and 16 of a later block in the high ones.
 */
struct KQuant : Quantized {
  static constexpr int UNIT = 32;
  struct Acts { u32x4 x0, x1; float d0, d1; i32 sum0, sum1; };
  DEVICE int units(int cols) { return cols / 32; }
  DEVICE u32 start(int column, int cols) { return (u32)column * (u32)units(cols); }

  /* Both 16 activations stand at `half` of blocks `first` and `first + distance`. */
  DEVICE Acts acts_of(Column c, u32 first, int distance, u32 half) {
    const u8* x = c.x0 + 32 * (u64)first + 16 * half;
    BlockScale s0 = block_scale(c, first), s1 = block_scale(c, first + distance);
    return {load16(x), load16(x + 32 * distance), s0.d, s1.d, half ? s0.upper : s0.lower,
            half ? s1.upper : s1.lower};
  }
};

/* Two neighbouring 6-bit scales and minimums of a header, in the low bytes of 16-bit halves. */
struct KScales { u32 scales, mins; };
DEVICE KScales k_scales(u32x4 header, int pair) {
  int shift = 16 * (pair & 1);
  u32 a = header.y >> shift, b = header.z >> shift, c = header.w >> shift;
  if (pair < 2) { return {a & 0x3f3f, b & 0x3f3f}; }
  return {(c & 0x0f0f) | ((a >> 2) & 0x3030), ((c >> 4) & 0x0f0f) | ((b >> 2) & 0x3030)};
}

/* Q4_K, and with fifth bits Q5_K. */
template <bool FIFTH> struct KMin : KQuant {
  static constexpr bool HAS_MIN = true;
  static constexpr bool TWO_PIECES = FIFTH;
  static constexpr int BLOCKS = 4;
  struct Row { const u8* q; const u8* header; const u8* fifth; };
  struct Unit { u32x4 q, header, fifth; };

  DEVICE Row row(Planes p, u64 row, int cols) {
    u64 block = row * (cols / 256);
    return {p.p0 + 128 * block, p.p1 + 16 * block, p.p2 + 32 * block};
  }
  DEVICE void prefetch(Row r, int cols) {
    prefetch_weights(r.q, cols / 2);
    prefetch_weights(r.header, cols / 16);
    if (FIFTH) { prefetch_weights(r.fifth, cols / 8); }
  }
  DEVICE Unit load(Row r, int u) {
    u32 block = (u32)u / 8;
    Unit unit;
    unit.q = load_weights(r.q + 16 * (u64)u);
    unit.header = load_constant(r.header + 16 * block);
    if (FIFTH) { unit.fifth = load_constant(r.fifth + 32 * block + 16 * (u & 1)); }
    return unit;
  }
  DEVICE Acts acts(Column c, u32 start, int u, int) {
    u32 at = start + (u32)u;
    return acts_of(c, at - (LANE & 1), 1, LANE & 1);
  }

  DEVICE void dot(const Unit& u, const Acts& a, float& acc) {
    u32x4 low = low_nibbles(u.q), high = high_nibbles(u.q);
    int pair = (LANE >> 1) & 3;
    if (FIFTH) {
      low |= ((u.fifth >> (2 * pair)) & 0x01010101u) << 4;
      high |= ((u.fifth >> (2 * pair + 1)) & 0x01010101u) << 4;
    }
    KScales s = k_scales(u.header, pair);
    float d = half_to_float((u16)u.header.x), dmin = half_to_float((u16)(u.header.x >> 16));
    // Scales and minimums are multiplied as integers: below 2^24, so exact as floats.
    i32 products0 = (i32)(s.scales & 0xff) * dot16(low, a.x0);
    i32 products1 = (i32)(s.scales >> 8) * dot16(high, a.x1);
    i32 mins0 = (i32)(s.mins & 0xff) * a.sum0, mins1 = (i32)(s.mins >> 8) * a.sum1;
    acc = fma(a.d0, fma(d, (float)products0, -(dmin * (float)mins0)), acc);
    acc = fma(a.d1, fma(d, (float)products1, -(dmin * (float)mins1)), acc);
  }
  DEVICE u32x4 expand(Row r, int block, int half, float& d, float& m) {
    u32 super = (u32)block / 8;
    int sub = block & 7, shift = 8 * (sub & 1);
    u32x4 header = load_constant(r.header + 16 * super);
    KScales s = k_scales(header, sub >> 1);
    d = half_to_float((u16)header.x) * (float)((s.scales >> shift) & 0xff);
    m = -(half_to_float((u16)(header.x >> 16)) * (float)((s.mins >> shift) & 0xff));
    const u8* at = r.q + 128 * super + 32 * (sub >> 1) + 16 * half;
    u32x4 q = (load_constant(at) >> (4 * (sub & 1))) & 0x0f0f0f0fu;
    if (FIFTH) {
      q |= ((load_constant(r.fifth + 32 * super + 16 * half) >> sub) & 0x01010101u) << 4;
    }
    return q;
  }
};
struct Q4_K : KMin<false> {};
struct Q5_K : KMin<true> {};

struct Q6_K : KQuant {
  static constexpr bool HAS_MIN = false;
  static constexpr bool SPLIT = true;
  static constexpr bool TWO_PIECES = true;
  struct Row { const u8* q; const u8* scales; const u8* high; const u8* d; };
  struct Unit { u32x4 low, high; i32 scale0, scale1; u16 d; int shift; };

  DEVICE Row row(Planes p, u64 row, int cols) {
    u64 block = row * (cols / 256);
    return {p.p0 + 128 * block, p.p1 + 16 * block, p.p2 + 64 * block, p.p3 + 2 * block};
  }
  DEVICE void prefetch(Row r, int cols) {
    prefetch_weights(r.q, cols / 2);
    prefetch_weights(r.scales, cols / 16);
    prefetch_weights(r.high, cols / 4);
    prefetch_weights(r.d, cols / 128);
  }
  /* Unit r of 8 in a super-block: half of 128 weights, block of 32 in it, half of that. */
  DEVICE Unit load(Row row, int u) {
    u32 block = (u32)u / 8;
    int half128 = (u >> 2) & 1, of32 = (u >> 1) & 1, half = u & 1;
    Unit unit;
    unit.low = load_weights(row.q + 16 * (u64)u);
    unit.high = load_constant(row.high + 64 * block + 32 * half128 + 16 * half);
    const u8* scales = row.scales + 16 * block + 8 * half128 + 2 * of32 + half;
    unit.scale0 = load_constant_i8(scales);
    unit.scale1 = load_constant_i8(scales + 4);
    unit.d = load_constant_u16(row.d + 2 * block);
    unit.shift = 2 * of32;
    return unit;
  }
  DEVICE Acts acts(Column c, u32 start, int u, int) {
    u32 at = start + (u32)u;
    return acts_of(c, 4 * (at >> 2) + ((LANE >> 1) & 1), 2, LANE & 1);
  }
  DEVICE void dot(const Unit& u, const Acts& a, float& acc) {
    u32x4 low = low_nibbles(u.low) | ((u.high >> u.shift) & 0x03030303u) << 4;
    u32x4 high = high_nibbles(u.low) | ((u.high >> (u.shift + 4)) & 0x03030303u) << 4;
    float d = half_to_float(u.d);
    // Below 2^24, so exact as floats.
    i32 products0 = u.scale0 * (dot16(low, a.x0) - 32 * a.sum0);
    i32 products1 = u.scale1 * (dot16(high, a.x1) - 32 * a.sum1);
    acc = fma(d * a.d0, (float)products0, acc);
    acc = fma(d * a.d1, (float)products1, acc);
  }
  DEVICE u32x4 expand(Row r, int block, int half, float& d, float& m) {
    u32 super = (u32)block / 8;
    int half128 = (block >> 2) & 1, quarter = block & 3;
    d = half_to_float(load_constant_u16(r.d + 2 * super)) *
        (float)load_constant_i8(r.scales + 16 * super + 2 * (block & 7) + half);
    m = 0;
    const u8* low = r.q + 128 * super + 64 * half128 + 32 * (quarter & 1) + 16 * half;
    const u8* high = r.high + 64 * super + 32 * half128 + 16 * half;
    u32x4 q = (load_constant(low) >> (4 * (quarter >> 1))) & 0x0f0f0f0fu;
    q |= ((load_constant(high) >> (2 * quarter)) & 0x03030303u) << 4;
    return minus_each(q, 32);
  }
};

// ---------------------------------------------------------------- Q2_K, Q3_K

/*
 * Super-blocks of 256, units of 64: 16 bytes hold 16 weights of each of four blocks of 32 behind each
 * other, those of the first in their lowest pairs of bits. Each 16 have a scale of their own.
 */
struct Pairs : Quantized {
  static constexpr int UNIT = 64;
  static constexpr int BLOCKS_2 = 4;
  static constexpr bool SPLIT = true;
  struct Acts { u32x4 x[4]; float d[4]; i32 sum[4]; };

  DEVICE int units(int cols) { return cols / 64; }
  DEVICE u32 start(int column, int cols) { return (u32)column * (u32)units(cols); }
  DEVICE Acts acts(Column c, u32 start, int u, int) {
    u32 first = 4 * ((start + (u32)u) >> 1), half = LANE & 1;
    const u8* x = c.x0 + 32 * (u64)first + 16 * half;
    Acts a;
    UNROLL for (int j = 0; j < 4; j += 2) {
      u32x4 scales = load16(c.x1 + 8 * (u64)(first + j));
      UNROLL for (int i = 0; i < 2; i++) {
        i32 sums = (i32)scales[2 * i + 1];
        a.x[j + i] = load16(x + 32 * (j + i));
        a.d[j + i] = as_float(scales[2 * i]);
        a.sum[j + i] = half ? sums >> 16 : (i32)(i16)sums;
      }
    }
    return a;
  }
  DEVICE u32x4 codes(u32x4 q, int j) { return (q >> (2 * j)) & 0x03030303u; }
};

struct Q2_K : Pairs {
  static constexpr bool HAS_MIN = true;
  static constexpr int BLOCKS = 4, BLOCKS_8 = 2;
  struct Row { const u8* q; const u8* scales; const u8* d; };
  /* Scales in the low, minimums in the high halves of bytes 0 and 2 of two words. */
  struct Unit { u32x4 q; u32x2 scales; u32 d; };

  DEVICE Row row(Planes p, u64 row, int cols) {
    u64 block = row * (cols / 256);
    return {p.p0 + 64 * block, p.p1 + 16 * block, p.p2 + 4 * block};
  }
  DEVICE void prefetch(Row r, int cols) {
    prefetch_weights(r.q, cols / 4);
    prefetch_weights(r.scales, cols / 16);
    prefetch_weights(r.d, cols / 64);
  }
  DEVICE Unit load(Row r, int u) {
    u32 block = (u32)u / 4;
    Unit unit;
    unit.q = load_weights(r.q + 16 * (u64)u);
    unit.scales = load_constant8(r.scales + 16 * block + 8 * ((u >> 1) & 1));
    unit.d = load_constant_u32(r.d + 4 * block);
    return unit;
  }
  DEVICE void dot(const Unit& u, const Acts& a, float& acc) {
    float d = half_to_float((u16)u.d), dmin = half_to_float((u16)(u.d >> 16));
    UNROLL for (int j = 0; j < 4; j++) {
      u32 both = u.scales[j / 2] >> (8 * (LANE & 1) + 16 * (j & 1));
      // Below 2^24, so exact as floats.
      i32 products = (i32)(both & 15) * dot16(codes(u.q, j), a.x[j]);
      i32 mins = (i32)((both >> 4) & 15) * a.sum[j];
      acc = fma(a.d[j], fma(d, (float)products, -(dmin * (float)mins)), acc);
    }
  }
  DEVICE u32x4 expand(Row r, int block, int half, float& d, float& m) {
    u32 super = (u32)block / 8, scale = load_constant_u8(r.scales + 2 * block + half);
    u32 both = load_constant_u32(r.d + 4 * super);
    d = half_to_float((u16)both) * (float)(scale & 15);
    m = -(half_to_float((u16)(both >> 16)) * (float)(scale >> 4));
    return codes(load_constant(r.q + 32 * (u64)((u32)block / 4) + 16 * half), block & 3);
  }
};

struct Q3_K : Pairs {
  static constexpr bool HAS_MIN = false;
  static constexpr bool TWO_PIECES = true;
  struct Row { const u8* q; const u8* scales; const u8* high; const u8* d; };
  /* Of the scales the lower four bits of two words, and their upper two, each from its lane's place on. */
  struct Unit { u32x4 low, high; u32 scales[2]; u32 upper; u16 d; };

  DEVICE Row row(Planes p, u64 row, int cols) {
    u64 block = row * (cols / 256);
    return {p.p0 + 64 * block, p.p1 + 12 * block, p.p2 + 32 * block, p.p3 + 2 * block};
  }
  DEVICE void prefetch(Row r, int cols) {
    prefetch_weights(r.q, cols / 4);
    prefetch_weights(r.scales, cols / 256 * 12);
    prefetch_weights(r.high, cols / 8);
    prefetch_weights(r.d, cols / 128);
  }
  /* Unit u of 4 in a super-block: half of 128 weights, and half of each block of 32 in it. */
  DEVICE Unit load(Row r, int u) {
    u32 block = (u32)u / 4;
    int half128 = (u >> 1) & 1, half = u & 1, shift = 8 * half + 4 * half128;
    Unit unit;
    unit.low = load_weights(r.q + 16 * (u64)u);
    unit.high = load_constant(r.high + 32 * block + 16 * half) >> (4 * half128);
    UNROLL for (int i = 0; i < 2; i++) {
      unit.scales[i] = load_constant_u32(r.scales + 12 * block + 4 * i) >> shift;
    }
    unit.upper = load_constant_u32(r.scales + 12 * block + 8) >> shift;
    unit.d = load_constant_u16(r.d + 2 * block);
    return unit;
  }
  DEVICE void dot(const Unit& u, const Acts& a, float& acc) {
    float d = half_to_float(u.d);
    UNROLL for (int j = 0; j < 4; j++) {
      u32x4 q = codes(u.low, j) | ((u.high >> j) & 0x01010101u) << 2;
      int at = 16 * (j & 1);
      i32 scale = (i32)(((u.scales[j / 2] >> at) & 15) | ((u.upper >> (at + 2 * (j / 2))) & 3) << 4);
      // Below 2^24, so exact as floats.
      i32 products = (scale - 32) * (dot16(q, a.x[j]) - 4 * a.sum[j]);
      acc = fma(d * a.d[j], (float)products, acc);
    }
  }
  DEVICE u32x4 expand(Row r, int block, int half, float& d, float& m) {
    u32 super = (u32)block / 8;
    int run = 2 * (block & 7) + half;
    const u8* scales = r.scales + 12 * super;
    u32 low = load_constant_u8(scales + (run & 7)) >> (4 * (run >> 3));
    u32 upper = load_constant_u8(scales + 8 + (run & 3)) >> (2 * (run >> 2));
    i32 scale = (i32)((low & 15) | (upper & 3) << 4) - 32;
    d = half_to_float(load_constant_u16(r.d + 2 * super)) * (float)scale;
    m = 0;
    u32x4 q = codes(load_constant(r.q + 32 * (u64)((u32)block / 4) + 16 * half), block & 3);
    q |= ((load_constant(r.high + 32 * super + 16 * half) >> (block & 7)) & 0x01010101u) << 2;
    return minus_each(q, 4);
  }
};

#include "codebook_formats.cuh"
#include "grid_formats.cuh"
