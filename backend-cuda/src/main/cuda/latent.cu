// Attention whose values are the first elements of its keys, of one key/value head (DeepSeek's latents):
//   out[h] = sum over p of softmax_p(q[h] . k[p] * scale) k[p][0 .. value_dim)
// A block takes a token, eight query heads, and a split of positions or all of them. It reads each
// latent once: eight positions at a time pass through shared memory, the next ones on their way
// meanwhile. Sums are those of attention.cu where `out` is null, and else the result. What a thread adds,
// and when, depends on positions and splits alone.
#include "kv.cuh"

static constexpr int HEADS = 8, AT_ONCE = 8, BLOCK = 128;
static constexpr int MAX_DIM = MAX_LATENT_DIM, MAX_VALUE = 512, DIMS = MAX_VALUE / BLOCK;
static constexpr int CARRIED = (AT_ONCE * (MAX_DIM / (int)RUN) + BLOCK - 1) / BLOCK;

/* Of a query head. */
struct State {
  float max, sum;
  float factor;  // what earlier sums are multiplied with
};

struct Latents {
  BlockTable blocks;
  const u8* cache;
  int dim, end;
};

/* Eight positions from `first` on: zeros behind the end, where the cache may hold anything. */
template <class Kv> struct Carry {
  typename Kv::Raw raw[CARRIED];
  DEVICE void load(Carry& c, const Latents& l, int first) {
    int runs = padded_dim(l.dim) / RUN;
    UNROLL for (int i = 0; i < CARRIED; i++) {
      int at = THREAD + i * BLOCK, p = first + at / runs;
      if (at < AT_ONCE * runs && p < l.end) {
        const u8* tile = l.cache + BlockTable::tile(l.blocks, p) * Kv::tile_bytes(l.dim);
        c.raw[i] = Kv::load(tile, p % TILE, at % runs * RUN, l.dim);
      }
    }
  }
  DEVICE void put(const Carry& c, const Latents& l, int first, float (*rows)[MAX_DIM]) {
    int runs = padded_dim(l.dim) / RUN;
    UNROLL for (int i = 0; i < CARRIED; i++) {
      int at = THREAD + i * BLOCK, row = at / runs;
      if (at < AT_ONCE * runs) {
        float v[RUN] = {0, 0, 0, 0, 0, 0, 0, 0};
        if (first + row < l.end) { Kv::expand(c.raw[i], v); }
        UNROLL for (int e = 0; e < RUN; e++) { rows[row][at % runs * RUN + e] = v[e]; }
      }
    }
  }
};

/*
 * scores[h][p] of the two positions of a warp; minus infinity behind the end. The first of the rows is
 * `distance` positions from the token, negative before it. `slopes` has those of the block's heads.
 */
DEVICE void score(float (*scores)[AT_ONCE], const float (*q)[MAX_DIM],
                  const float (*rows)[MAX_DIM], int dim, int visible, float scale,
                  const Softmax& softmax, const float* slopes, int distance) {
  UNROLL for (int i = 0; i < AT_ONCE / 4; i++) {
    int p = AT_ONCE / 4 * WARP + i;
    float dot[HEADS] = {0, 0, 0, 0, 0, 0, 0, 0};
    for (int d = LANE; d < dim; d += 32) {
      float k = rows[p][d];
      UNROLL for (int h = 0; h < HEADS; h++) { dot[h] = fma(q[h][d], k, dot[h]); }
    }
    WARP_BARRIER();
    UNROLL for (int h = 0; h < HEADS; h++) {
      float s = Softmax::capped(softmax, warp_sum(dot[h]) * scale);
      if (softmax.slopes) { s = Softmax::far(s, slopes[h], distance + p); }
      if (LANE == 0) { scores[h][p] = p < visible ? s : as_float(0xff800000); }
    }
  }
}

/* Scores to weights; eight lanes a head, of the first two warps. There is a visible position. */
DEVICE void soften(float (*scores)[AT_ONCE], State* states) {
  if (THREAD >= HEADS * AT_ONCE) { return; }
  int h = THREAD / AT_ONCE, p = THREAD % AT_ONCE;
  float score = scores[h][p], max = score, before = states[h].max, sum = states[h].sum;
  UNROLL for (int mask = AT_ONCE / 2; mask > 0; mask /= 2) {
    max = __builtin_fmaxf(max, shuffle_xor(max, mask));
  }
  max = __builtin_fmaxf(max, before);
  float weight = exp2_fast((score - max) * LOG2_E);
  float factor = before == as_float(0xff800000) ? 0 : exp2_fast((before - max) * LOG2_E);
  float weights = warp_sum<AT_ONCE>(weight);
  scores[h][p] = weight;
  WARP_BARRIER();
  if (p == 0) { states[h] = {max, fma(sum, factor, weights), factor}; }
}

template <class Kv>
DEVICE void attend(float* out, float* partial, float* stats, const float* q, int q_stride,
                   const i32* positions, const i32* sequence_of, const i32* tables, int max_blocks,
                   const u8* cache, int num_heads, int key_dim, int value_dim, float scale,
                   Softmax softmax, Mask mask, int split_tokens, int max_splits) {
  SHARED float queries[HEADS][MAX_DIM];
  SHARED float rows[AT_ONCE][MAX_DIM];
  SHARED float scores[HEADS][AT_ONCE];
  SHARED State states[HEADS];
  SHARED float slopes[HEADS];
  await_inputs();
  int split = BLOCK_X, first_head = HEADS * BLOCK_Y, token = BLOCK_Z;
  int position = positions[token], base = split * split_tokens;
  int first = most(Mask::first(mask, position), base);
  int end = Mask::end(mask, position, position + 1);
  if (!out) { end = least(end, base + split_tokens); }
  if (first >= end) { return; }  // padding rows too

  int heads = least(HEADS, num_heads - first_head);
  Latents l = {{tables + (u64)sequence_of[token] * max_blocks, 1, 0}, cache, key_dim, end};
  Carry<Kv> next;
  Carry<Kv>::load(next, l, first);
  const float* from = q + (u64)token * q_stride + (u64)first_head * key_dim;
  for (int i = THREAD; i < HEADS * MAX_DIM; i += BLOCK) {
    int h = i / MAX_DIM, d = i % MAX_DIM;
    queries[h][d] = h < heads && d < key_dim ? from[(u64)h * key_dim + d] : 0;
  }
  if (THREAD < HEADS) {
    states[THREAD] = {as_float(0xff800000), 0, 0};
    slopes[THREAD] = Softmax::slope(softmax, least(first_head + THREAD, num_heads - 1));
  }
  float acc[HEADS][DIMS];
  UNROLL for (int h = 0; h < HEADS; h++)
    UNROLL for (int j = 0; j < DIMS; j++) { acc[h][j] = 0; }

  for (int p = first; p < end; p += AT_ONCE) {
    BARRIER();  // the rows before are read
    Carry<Kv>::put(next, l, p, rows);
    BARRIER();
    if (p + AT_ONCE < end) { Carry<Kv>::load(next, l, p + AT_ONCE); }
    score(scores, queries, rows, padded_dim(key_dim), end - p, scale, softmax, slopes,
          p - position);
    BARRIER();
    soften(scores, states);
    BARRIER();
    UNROLL for (int h = 0; h < HEADS; h++) {
      float factor = states[h].factor;
      UNROLL for (int j = 0; j < DIMS; j++) { acc[h][j] *= factor; }
    }
    UNROLL for (int i = 0; i < AT_ONCE; i++)
      UNROLL for (int j = 0; j < DIMS; j++) {
        // Behind the last value there may be no row to read, and nobody reads what comes of it.
        float v = rows[i][least(THREAD + j * BLOCK, MAX_DIM - 1)];
        UNROLL for (int h = 0; h < HEADS; h++) { acc[h][j] = fma(scores[h][i], v, acc[h][j]); }
      }
  }

  int padded = padded_dim(value_dim);
  UNROLL for (int h = 0; h < HEADS; h++) {
    if (h >= heads) { continue; }
    u64 row = (u64)token * num_heads + first_head + h;
    State s = states[h];
    Share share = Share::of(s.max, s.sum, softmax, first_head + h);
    UNROLL for (int j = 0; j < DIMS; j++) {
      int d = THREAD + j * BLOCK;
      if (out && d < value_dim) { out[row * value_dim + d] = acc[h][j] * share.factor / share.sum; }
      if (!out && d < padded) { partial[(row * max_splits + split) * padded + d] = acc[h][j]; }
    }
    if (!out && THREAD < 2) { stats[2 * (row * max_splits + split) + THREAD] = THREAD ? s.sum : s.max; }
  }
}

#define ENTRY(KV, NAME)                                                                           \
  KERNEL(128, 3)                                                                                  \
  latent_##NAME(float* out, float* partial, float* stats, const float* q, int q_stride,           \
                const i32* positions, const i32* sequence_of, const i32* tables, int max_blocks,  \
                const u8* cache, int num_heads, int key_dim, int value_dim, float scale,          \
                float cap, const float* sinks, const float* slopes, int before, int after,        \
                int chunk, int split_tokens, int max_splits) {                                    \
    attend<KV>(out, partial, stats, q, q_stride, positions, sequence_of, tables, max_blocks,      \
               cache, num_heads, key_dim, value_dim, scale, {cap, sinks, slopes},                 \
               {before, after, chunk}, split_tokens, max_splits);                                 \
  }
ENTRY(KvF32, f32)
ENTRY(KvF16, f16)
ENTRY(KvQ8, q8_0)
