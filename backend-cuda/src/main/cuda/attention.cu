// Attention of decode: one token over its sequence's keys and values,
//   out[h] = sum over p of softmax_p(q[h] . k[p] * scale) v[p]
// in splits of positions aligned to the sequence's start. A block takes a token, a group of G query
// heads that share a key/value head, and a split; attention_combine adds the splits. What a thread
// adds, and when, depends on positions alone: the same bits in any batch.
#include "attention.cuh"

/* The positions of a split that a token sees. */
DEVICE Range visible(Mask mask, int position, int sequence_end, int split, int split_tokens) {
  return {most(Mask::first(mask, position), split * split_tokens),
          least(Mask::end(mask, position, sequence_end), (split + 1) * split_tokens)};
}

/* The end of a token's sequence where masks reach that far: `ends` has the last position, or is null. */
DEVICE int sequence_end(const i32* ends, int token, int position) {
  return (ends ? ends[token] : position) + 1;
}

/* Some neighbouring heads of a token. */
struct Heads {
  int position, first, last;
};

/* Turns scores into weights exp(score - max); a warp takes heads WARP, WARP + 4. Max and sum. */
template <int G>
DEVICE void soften(float (*scores)[MAX_SPLIT], float (*stats)[2], Range range, int base,
                   const Softmax& softmax, Heads heads) {
  for (int g = WARP; g < G; g += WARPS) {
    float slope = Softmax::slope(softmax, least(heads.first + g, heads.last));
    float max = as_float(0xff800000);
    for (int p = range.first + LANE; p < range.end; p += 32) {
      if (softmax.cap > 0) { scores[g][p - base] = Softmax::capped(softmax, scores[g][p - base]); }
      if (softmax.slopes) {
        scores[g][p - base] = Softmax::far(scores[g][p - base], slope, p - heads.position);
      }
      max = __builtin_fmaxf(max, scores[g][p - base]);
    }
    max = warp_max(max);
    float sum = 0;
    for (int p = range.first + LANE; p < range.end; p += 32) {
      float weight = exp2_fast((scores[g][p - base] - max) * LOG2_E);
      scores[g][p - base] = weight;
      sum += weight;
    }
    sum = warp_sum(sum);
    if (LANE == 0) {
      stats[g][0] = max;
      stats[g][1] = sum;
    }
  }
}

template <class Kv, int G>
DEVICE void attend(float* partial, float* stats_out, const float* q, int q_stride,
                   const i32* positions, const i32* ends, const i32* sequence_of,
                   const i32* tables, int max_blocks, const u8* k_cache, const u8* v_cache, Shape s,
                   Softmax softmax, Mask mask, int split_tokens, int max_splits) {
  SHARED float scores[G][MAX_SPLIT];
  SHARED float vectors[G > WARPS ? G : WARPS][MAX_HEAD_DIM];  // queries, then sums of the warps
  SHARED float stats[G][2];
  await_inputs();
  int token = BLOCK_Z, split = BLOCK_X;
  int position = positions[token];
  int all = sequence_end(ends, token, position);
  Range range = visible(mask, position, all, split, split_tokens);
  if (range.first >= range.end) { return; }  // padding rows too

  int group = s.num_heads / s.num_kv_heads, chunks = ceil_div(group, G);
  int kv_head = BLOCK_Y / chunks, chunk = BLOCK_Y % chunks;
  int heads = least(G, group - chunk * G), first_head = kv_head * group + chunk * G;
  int padded = padded_dim(s.value_dim), base = split * split_tokens;
  BlockTable blocks = {tables + (u64)sequence_of[token] * max_blocks, s.num_kv_heads, kv_head};

  Lanes lanes = Lanes::of(s.head_dim), value_lanes = Lanes::of(s.value_dim);
  Batch<Kv, G> batch;
  i32 ids = Vectors::load_ids(blocks, range);
  Vectors keys = Vectors::of(blocks, ids, k_cache, range, s.head_dim, Kv::tile_bytes(s.head_dim));
  Vectors values =
      Vectors::of(blocks, ids, v_cache, range, s.value_dim, Kv::tile_bytes(s.value_dim));
  Batch<Kv, G>::load(batch, keys, lanes, range.first);
  const float* from = q + (u64)token * q_stride + (u64)first_head * s.head_dim;
  load_queries<G>(vectors, from, heads, s.head_dim, s.head_dim);
  BARRIER();
  score<Kv, G>(scores, vectors, batch, keys, lanes, base, s.scale);
  // Values are on their way while the softmax is computed.
  Batch<Kv, G>::load(batch, values, value_lanes, range.first);
  BARRIER();
  soften<G>(scores, stats, range, base, softmax, {position, first_head, s.num_heads - 1});
  BARRIER();
  float acc[G][RUN];
  clear<G>(acc);
  weigh<Kv, G>(acc, scores, batch, values, value_lanes, base);

  int dim = RUN * LANE;
  UNROLL for (int g = 0; g < G; g++) {
    sum_positions(acc[g], value_lanes.vector);
    if (g > 0) { BARRIER(); }  // the sums of the head before are read; the queries were long ago
    if (dim < padded) {  // the first lanes of a warp hold its sum
      UNROLL for (int i = 0; i < RUN; i++) { vectors[WARP][dim + i] = acc[g][i]; }
    }
    BARRIER();
    u64 at = ((u64)token * s.num_heads + first_head + g) * max_splits + split;
    if (g < heads) {
      for (int d = THREAD; d < padded; d += 128) {
        partial[at * padded + d] = vectors[0][d] + vectors[1][d] + vectors[2][d] + vectors[3][d];
      }
      if (THREAD < 2) { stats_out[2 * at + THREAD] = stats[g][THREAD]; }
    }
  }
}

/* Greatest over a block of 4 warps, in every thread; `scratch` holds 4 floats. */
DEVICE float block_max(float v, float* scratch) {
  v = warp_max(v);
  if (LANE == 0) { scratch[WARP] = v; }
  BARRIER();
  UNROLL for (int w = 0; w < WARPS; w++) { v = __builtin_fmaxf(v, scratch[w]); }
  return v;
}

/* Splits of one head of a token: [splits] of max and sum, [splits, padded] of sums over positions. */
struct Splits {
  const float* stats;
  const float* partial;
  int first, end, padded;
  float max;

  /* What a split's sums are multiplied with. */
  DEVICE float factor(const Splits& s, int i) { return exp2_fast((s.stats[2 * i] - s.max) * LOG2_E); }

  /* acc += splits WARP, WARP + 4, ... in ascending order; four are loaded before one is used. */
  DEVICE void add(const Splits& s, f32x4& acc, int d) {
    int i = s.first + WARP;
    for (; i + 3 * WARPS < s.end; i += 4 * WARPS) {
      f32x4 v[4];
      UNROLL for (int j = 0; j < 4; j++) {
        v[j] = load_floats(s.partial + (u64)(i + j * WARPS) * s.padded + d);
      }
      UNROLL for (int j = 0; j < 4; j++) { add(acc, factor(s, i + j * WARPS), v[j]); }
    }
    for (; i < s.end; i += WARPS) {
      add(acc, factor(s, i), load_floats(s.partial + (u64)i * s.padded + d));
    }
  }
  DEVICE void add(f32x4& acc, float factor, f32x4 v) {
    UNROLL for (int j = 0; j < 4; j++) { acc[j] = fma(factor, v[j], acc[j]); }
  }
};

/*
 * The splits of one head of a token; then f32, 8-bit, or both. Each warp adds every fourth split in
 * ascending order, and the warps are added in ascending order.
 */
KERNEL(128, 1)
attention_combine(float* out, u8* xq, u8* xs, const float* partial, const float* stats,
                  const float* sinks, const i32* positions, const i32* ends, int num_heads,
                  int value_dim, int before, int after, int chunk, int split_tokens,
                  int max_splits) {
  SHARED float sums[WARPS][MAX_LATENT_DIM];
  SHARED float maxima[WARPS];
  SHARED float scratch[32];
  await_inputs();
  int head = BLOCK_X, token = BLOCK_Y;
  int position = positions[token];
  Mask mask = {before, after, chunk};
  int first = Mask::first(mask, position) / split_tokens;
  int last = Mask::end(mask, position, sequence_end(ends, token, position)) - 1;
  int end = position < 0 ? 0 : last / split_tokens + 1;
  u64 row = ((u64)token * num_heads + head) * max_splits;
  int padded = padded_dim(value_dim);
  Splits s = {stats + 2 * row, partial + row * padded, first, end, padded, as_float(0xff800000)};

  for (int i = first + THREAD; i < end; i += 128) { s.max = __builtin_fmaxf(s.max, s.stats[2 * i]); }
  s.max = block_max(s.max, maxima);
  if (sinks) { s.max = __builtin_fmaxf(s.max, sinks[head]); }
  float sum = 0;
  for (int i = first + THREAD; i < end; i += 128) {
    sum = fma(Splits::factor(s, i), s.stats[2 * i + 1], sum);
  }
  sum = block_sum(sum, scratch);
  if (sinks) { sum += exp2_fast((sinks[head] - s.max) * LOG2_E); }
  // 4 neighbouring dimensions a lane.
  for (int d = 4 * LANE; d < padded; d += 128) {
    f32x4 acc = {0, 0, 0, 0};
    Splits::add(s, acc, d);
    UNROLL for (int j = 0; j < 4; j++) { sums[WARP][d + j] = acc[j]; }
  }
  BARRIER();
  // Whole warps, for they quantize together.
  if (4 * (THREAD & ~31) >= value_dim) { return; }
  int d = 4 * THREAD;
  bool inside = d < value_dim;
  f32x4 y = {0, 0, 0, 0};
  if (inside && end > 0) {
    UNROLL for (int j = 0; j < 4; j++) {
      y[j] = (sums[0][d + j] + sums[1][d + j] + sums[2][d + j] + sums[3][d + j]) / sum;
    }
  }
  u64 to = ((u64)token * num_heads + head) * value_dim + d;
  if (out) {
    UNROLL for (int j = 0; j < 4; j++) {
      if (d + j < value_dim) { out[to + j] = y[j]; }
    }
  }
  if (xq) { quantize_block(inside, y, xq + to, xs + to / Q8 * 8); }
}

#define ENTRY(KV, NAME, G)                                                                       \
  KERNEL(128, 4)                                                                                 \
  attention_##NAME##_##G(float* partial, float* stats, const float* q, int q_stride,             \
                         const i32* positions, const i32* ends, const i32* sequence_of,          \
                         const i32* tables, int max_blocks, const u8* k_cache,                   \
                         const u8* v_cache, int num_heads, int num_kv_heads, int head_dim,       \
                         int value_dim, float scale, float cap, const float* slopes, int before, \
                         int after, int chunk, int split_tokens, int max_splits) {               \
    attend<KV, G>(partial, stats, q, q_stride, positions, ends, sequence_of, tables, max_blocks, \
                  k_cache, v_cache, {num_heads, num_kv_heads, head_dim, value_dim, scale},       \
                  {cap, nullptr, slopes}, {before, after, chunk}, split_tokens, max_splits);     \
  }
#define ENTRIES(KV, NAME) ENTRY(KV, NAME, 1) ENTRY(KV, NAME, 2) ENTRY(KV, NAME, 4) ENTRY(KV, NAME, 8)
ENTRIES(KvF32, f32)
ENTRIES(KvF16, f16)
ENTRIES(KvQ8, q8_0)
