// The KV cache as it lies on the device: per layer and side, [blocks][kv heads] of tiles, a tile
// being 32 positions of one head (docs/cuda-backend.md). A lane takes 8 neighbouring dimensions:
// load() brings them as they lie there, a Raw, and expand() makes floats of them, so that many loads
// can be under way before the first is used. BATCH is how many, by what registers hold.
#pragma once
#include "activation.cuh"

// Heads of latent attention are longer, and have a kernel of their own.
enum { TILE = 32, MAX_HEAD_DIM = 256, MAX_LATENT_DIM = 576, RUN = 8 };

DEVICE int padded_dim(int head_dim) { return (head_dim + RUN - 1) / RUN * RUN; }

/*
 * Which positions a token sees: `before` before it, but no further back than its chunk of `chunk` where
 * that is not 0, and `after` behind it.
 */
struct Mask {
  int before, after, chunk;
  DEVICE int first(const Mask& m, int position) {
    int first = most(0, position - m.before);
    return m.chunk ? most(first, position - position % m.chunk) : first;
  }
  /* Exclusive, as is that of the sequence; neither is behind the end of padding, which is 0. */
  DEVICE int end(const Mask& m, int position, int sequence_end) {
    return least(sequence_end, position + m.after + 1);
  }
};

/* What softmax does with scores beside scaling them: `cap` 0 and nulls for nothing. */
struct Softmax {
  float cap;
  const float* sinks;   // per head a score that is no position's
  const float* slopes;  // per head what a score loses per position of distance, once it is capped
  /* cap * tanh(score / cap); in units of 1 / `unit` where scores are. */
  DEVICE float capped(const Softmax& s, float score, float unit = 1) {
    float cap = s.cap * unit;
    return s.cap > 0 ? cap * tanh_precise(score / cap) : score;
  }
  DEVICE float slope(const Softmax& s, int head) { return s.slopes ? s.slopes[head] : 0; }
  /* What is left of a score at so many positions of distance, in either direction. */
  DEVICE float far(float score, float slope, int distance) {
    return fma(-slope, __builtin_fabsf((float)distance), score);
  }
};

/* What a row's sum of weighted values is multiplied with, and divided by, once all positions are in. */
struct Share {
  float factor, sum;
  DEVICE Share of(float max, float sum, const Softmax& s, int head) {
    if (!s.sinks) { return {1, sum}; }
    float sink = s.sinks[head], all = __builtin_fmaxf(max, sink);
    float factor = exp2_fast((max - all) * LOG2_E);
    return {factor, fma(sum, factor, exp2_fast((sink - all) * LOG2_E))};
  }
};

/* Block ids of one sequence. */
struct BlockTable {
  const i32* ids;
  int kv_heads;
  int head;
  /* Number of the tile of this head that holds `position`. */
  DEVICE u64 tile(const BlockTable& t, int position) {
    return (u64)t.ids[position / TILE] * t.kv_heads + t.head;
  }
};

struct KvF32 {
  static constexpr bool QUANTIZED = false;
  static constexpr int BATCH = 4;
  struct Raw { f32x4 a, b; };
  DEVICE u64 tile_bytes(int head_dim) { return (u64)TILE * 4 * padded_dim(head_dim); }
  /* 8 dimensions from `dim` on (a multiple of 8) of a position's vector. */
  DEVICE Raw load(const u8* tile, int slot, int dim, int head_dim) {
    const float* p = (const float*)tile + slot * padded_dim(head_dim) + dim;
    return {load_floats(p), load_floats(p + 4)};
  }
  DEVICE void expand(const Raw& raw, float (&v)[RUN]) {
    UNROLL for (int i = 0; i < 4; i++) {
      v[i] = raw.a[i];
      v[4 + i] = raw.b[i];
    }
  }
  DEVICE void store(u8* tile, int slot, int dim, int head_dim, const float (&v)[RUN]) {
    float* p = (float*)tile + slot * padded_dim(head_dim) + dim;
    store_floats(p, f32x4{v[0], v[1], v[2], v[3]});
    store_floats(p + 4, f32x4{v[4], v[5], v[6], v[7]});
  }
};

struct KvF16 {
  static constexpr bool QUANTIZED = false;
  static constexpr int BATCH = 8;
  typedef u32x4 Raw;
  DEVICE u64 tile_bytes(int head_dim) { return (u64)TILE * 2 * padded_dim(head_dim); }
  DEVICE Raw load(const u8* tile, int slot, int dim, int head_dim) {
    return load_halves(tile, slot, dim, head_dim);
  }
  DEVICE void expand(const Raw& raw, float (&v)[RUN]) {
    UNROLL for (int i = 0; i < RUN; i++) {
      v[i] = half_to_float((u16)(raw[i / 2] >> (16 * (i & 1))));
    }
  }
  /* The same as f16. */
  DEVICE u32x4 load_halves(const u8* tile, int slot, int dim, int head_dim) {
    return load16(tile + 2 * (slot * padded_dim(head_dim) + dim));
  }
  DEVICE void store(u8* tile, int slot, int dim, int head_dim, const float (&v)[RUN]) {
    u32x4 a;
    UNROLL for (int i = 0; i < 4; i++) {
      a[i] = float_to_half(v[2 * i]) | (u32)float_to_half(v[2 * i + 1]) << 16;
    }
    store16(tile + 2 * (slot * padded_dim(head_dim) + dim), a);
  }
};

/* Signed bytes [32, D], then f16 scales [32, D / 32]. */
struct KvQ8 {
  static constexpr bool QUANTIZED = true;
  static constexpr int BATCH = 8;
  struct Raw { u32x2 q; u16 d; };
  DEVICE u64 tile_bytes(int head_dim) { return (u64)34 * head_dim; }
  DEVICE u16* scale(const u8* tile, int slot, int dim, int head_dim) {
    return (u16*)(tile + TILE * head_dim) + slot * (head_dim / Q8) + dim / Q8;
  }
  DEVICE Raw load(const u8* tile, int slot, int dim, int head_dim) {
    return {load8(tile + slot * head_dim + dim), *scale(tile, slot, dim, head_dim)};
  }
  DEVICE void expand(const Raw& raw, float (&v)[RUN]) {
    float d = half_to_float(raw.d);
    UNROLL for (int i = 0; i < RUN; i++) { v[i] = d * (float)(i8)(raw.q[i / 4] >> (8 * (i & 3))); }
  }
  /* The same, each rounded to f16. */
  DEVICE u32x4 load_halves(const u8* tile, int slot, int dim, int head_dim) {
    u32x2 q = load8(tile + slot * head_dim + dim) ^ 0x80808080u;
    u32 d = *scale(tile, slot, dim, head_dim) * 0x00010001u;
    // A byte under 0x64 is 1024 + the byte in f16; 1152 takes that and the 128 away.
    return u32x4{scaled(__nvvm_prmt(q.x, 0x64646464u, 0x4140), d),
                 scaled(__nvvm_prmt(q.x, 0x64646464u, 0x4342), d),
                 scaled(__nvvm_prmt(q.y, 0x64646464u, 0x4140), d),
                 scaled(__nvvm_prmt(q.y, 0x64646464u, 0x4342), d)};
  }
  DEVICE u32 scaled(u32 pair, u32 d) {
    asm("sub.f16x2 %0, %0, %1;" : "+r"(pair) : "r"(0x64806480u));
    asm("mul.f16x2 %0, %0, %1;" : "+r"(pair) : "r"(d));
    return pair;
  }
  /*
   * All lanes of a warp call; `inside` says whose values count. Lanes of a group of 4 share a scale,
   * max|x| / 127 as in the weight format Q8_0, which every value of a group with a NaN takes over.
   */
  DEVICE void store(bool inside, u8* tile, int slot, int dim, int head_dim, const float (&v)[RUN]) {
    u32 bits = 0;
    UNROLL for (int i = 0; i < RUN; i++) {
      u32 b = as_bits(v[i]) & 0x7fffffff;
      bits = b > bits ? b : bits;
    }
    UNROLL for (int mask = 2; mask > 0; mask /= 2) {
      u32 other = shuffle_xor(bits, mask);
      bits = other > bits ? other : bits;
    }
    if (!inside) { return; }
    float d = as_float(bits) / 127;
    float inverse = d > 0 ? 1 / d : 0;
    u32x2 q = {0, 0};
    UNROLL for (int i = 0; i < RUN; i++) {
      i32 n = most(-127, least(127, __nvvm_f2i_rn(v[i] * inverse)));
      q[i / 4] |= (u32)(n & 0xff) << (8 * (i & 3));
    }
    *(u32x2*)(tile + slot * head_dim + dim) = q;
    if (dim % Q8 == 0) { *scale(tile, slot, dim, head_dim) = float_to_half(d); }
  }
};
