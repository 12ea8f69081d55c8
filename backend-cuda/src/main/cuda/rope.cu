// What stands between the q, k, v product and attention, in one launch: q/k norm, rotation, and the
// KV cache's new entries. Per head x of D elements:
//   y = gain ? x / sqrt(mean(x^2) + eps) * gain : x
//   pair (a, b) of y -> (a cos - b sin, a sin + b cos)
// A warp takes one head of one token; heads are counted through q, then k, then v, of which there are
// none where values are parts of the keys.
#include "kv.cuh"

struct Rotation {
  const float* table;  // {cos, sin} [positions, pairs], or null
  int pairs;
  int halves;
};

/* In shared memory, by one warp. */
DEVICE void normalize(float* x, int head_dim, const float* gain, float eps) {
  float squares = 0;
  for (int i = LANE; i < head_dim; i += 32) { squares = fma(x[i], x[i], squares); }
  float scale = 1 / __nvvm_sqrt_rn_f(warp_sum(squares) / (float)head_dim + eps);
  for (int i = LANE; i < head_dim; i += 32) { x[i] = x[i] * scale * gain[i]; }
  WARP_BARRIER();
}

DEVICE void rotate(float* x, Rotation r, int position) {
  const float* turn = r.table + 2 * (u64)position * r.pairs;
  for (int i = LANE; i < r.pairs; i += 32) {
    int a = r.halves ? i : 2 * i;
    int b = r.halves ? i + r.pairs : 2 * i + 1;
    float cos = turn[2 * i], sin = turn[2 * i + 1];
    float xa = x[a], xb = x[b];
    x[a] = fma(xa, cos, -(xb * sin));
    x[b] = fma(xa, sin, xb * cos);
  }
  WARP_BARRIER();
}

/* The cache's vector of a position, zeros from D to P. */
template <class Kv>
DEVICE void store_head(const float* x, u8* tile, int slot, int head_dim) {
  for (int first = 0; first < head_dim; first += RUN * 32) {
    int dim = first + RUN * LANE;
    bool inside = dim < padded_dim(head_dim);
    float v[RUN];
    UNROLL for (int i = 0; i < RUN; i++) { v[i] = inside && dim + i < head_dim ? x[dim + i] : 0; }
    if constexpr (Kv::QUANTIZED) {
      Kv::store(inside, tile, slot, dim, head_dim, v);
    } else if (inside) {
      Kv::store(tile, slot, dim, head_dim, v);
    }
  }
}

template <class Kv>
DEVICE void rope_kv(float* q_out, const float* q, const float* k, const float* v, int q_stride,
                    int k_stride, int v_stride, const float* q_gain, const float* k_gain, float eps,
                    Rotation rotation, int num_heads, int num_kv_heads, int head_dim, int value_dim,
                    const i32* positions, const i32* sequence_of, const i32* tables, int max_blocks,
                    u8* k_cache, u8* v_cache) {
  SHARED float heads[4][MAX_LATENT_DIM];
  await_inputs();
  int head = 4 * BLOCK_X + WARP, token = BLOCK_Y;
  if (head >= num_heads + (value_dim > 0 ? 2 : 1) * num_kv_heads) { return; }
  bool is_q = head < num_heads, is_v = head >= num_heads + num_kv_heads;
  int position = positions[token];
  if (position < 0 && !is_q) { return; }

  int kv_head = is_q ? 0 : is_v ? head - num_heads - num_kv_heads : head - num_heads;
  const float* from = is_q   ? q + (u64)token * q_stride + (u64)head * head_dim
                      : is_v ? v + (u64)token * v_stride + (u64)kv_head * value_dim
                             : k + (u64)token * k_stride + (u64)kv_head * head_dim;
  float* x = heads[WARP];
  int dim = is_v ? value_dim : head_dim;
  for (int i = LANE; i < dim; i += 32) { x[i] = from[i]; }
  WARP_BARRIER();
  if (!is_v) {
    const float* gain = is_q ? q_gain : k_gain;
    if (gain) { normalize(x, head_dim, gain, eps); }
    if (rotation.table) { rotate(x, rotation, most(position, 0)); }
  }
  if (is_q) {
    float* to = q_out + ((u64)token * num_heads + head) * head_dim;
    for (int i = LANE; i < head_dim; i += 32) { to[i] = x[i]; }
    return;
  }
  BlockTable blocks = {tables + (u64)sequence_of[token] * max_blocks, num_kv_heads, kv_head};
  u8* cache = is_v ? v_cache : k_cache;
  store_head<Kv>(x, cache + BlockTable::tile(blocks, position) * Kv::tile_bytes(dim),
                 position % TILE, dim);
}

#define ENTRY(KV, NAME)                                                                          \
  KERNEL(128, 1)                                                                                 \
  rope_kv_##NAME(float* q_out, const float* q, const float* k, const float* v, int q_stride,     \
                 int k_stride, int v_stride, const float* q_gain, const float* k_gain, float eps, \
                 const float* table, int pairs, int halves, int num_heads, int num_kv_heads,     \
                 int head_dim, int value_dim, const i32* positions, const i32* sequence_of,      \
                 const i32* tables, int max_blocks, u8* k_cache, u8* v_cache) {                  \
    rope_kv<KV>(q_out, q, k, v, q_stride, k_stride, v_stride, q_gain, k_gain, eps,               \
                {table, pairs, halves}, num_heads, num_kv_heads, head_dim, value_dim, positions, \
                sequence_of, tables, max_blocks, k_cache, v_cache);                              \
  }
ENTRY(KvF32, f32)
ENTRY(KvF16, f16)
ENTRY(KvQ8, q8_0)
