// Attention of prefill: up to 64 neighbouring tokens of one sequence over its keys and values,
//   out[t][h] = sum over p of softmax_p(q[t][h] . k[p] * scale) v[p]
// A span is {first token, tokens, end of its sequence}.
// A block takes a span of tokens and a head; eight tokens at a time share each key and value that is
// loaded, over chunks of 256 positions with a running softmax.
#include "attention.cuh"

enum { ROWS = 8 };

/* A row's window and the state of its softmax. */
struct Row {
  int first;     // first position it sees
  int end;       // exclusive
  float max;     // of all scores so far
  float sum;     // of exp(score - max)
  float factor;  // what earlier sums are multiplied with
};

/* Scores to weights exp(score - running max), zero where a row does not see; a warp takes 2 rows. */
DEVICE void soften(float (*scores)[MAX_SPLIT], Row* rows, Range range, const Softmax& softmax,
                   float slope, int position) {
  for (int g = WARP; g < ROWS; g += WARPS) {
    int first = most(range.first, rows[g].first), end = least(range.end, rows[g].end);
    float before = rows[g].max, max = before;
    // A score is read and written by one lane alone: both loops begin at the same place.
    for (int p = range.first + LANE; p < end; p += 32) {
      float& score = scores[g][p - range.first];
      if (softmax.cap > 0) { score = Softmax::capped(softmax, score); }
      if (softmax.slopes) { score = Softmax::far(score, slope, p - position - g); }
      if (p >= first) { max = __builtin_fmaxf(max, score); }
    }
    max = warp_max(max);
    float sum = 0;
    for (int p = range.first + LANE; p < range.end; p += 32) {
      float score = scores[g][p - range.first];
      float weight = p >= first && p < end ? exp2_fast((score - max) * LOG2_E) : 0;
      scores[g][p - range.first] = weight;
      sum += weight;
    }
    sum = warp_sum(sum);
    // A row that has seen nothing yet keeps nothing; infinity minus itself would be NaN.
    float factor = before == as_float(0xff800000) ? 0 : exp2_fast((before - max) * LOG2_E);
    WARP_BARRIER();
    if (LANE == 0) {
      rows[g].max = max;
      rows[g].sum = fma(rows[g].sum, factor, sum);
      rows[g].factor = factor;
    }
  }
}

template <class Kv>
DEVICE void attend(float* out, const float* q, int q_stride, const i32* spans,
                   const i32* positions, const i32* sequence_of, const i32* tables, int max_blocks,
                   const u8* k_cache, const u8* v_cache, Shape s, Softmax softmax, Mask mask) {
  SHARED float scores[ROWS][MAX_SPLIT];
  SHARED float vectors[ROWS][MAX_HEAD_DIM];  // queries, then sums of the warps
  SHARED Row rows[ROWS];
  await_inputs();
  int head = BLOCK_Y, kv_head = head / (s.num_heads / s.num_kv_heads);
  int token = spans[3 * BLOCK_X], last = token + spans[3 * BLOCK_X + 1];
  int sequence_end = spans[3 * BLOCK_X + 2];
  int padded = padded_dim(s.value_dim), dim = RUN * LANE;
  BlockTable blocks = {tables + (u64)sequence_of[token] * max_blocks, s.num_kv_heads, kv_head};

  float slope = Softmax::slope(softmax, head);
  Lanes lanes = Lanes::of(s.head_dim), value_lanes = Lanes::of(s.value_dim);
  u64 key_bytes = Kv::tile_bytes(s.head_dim), value_bytes = Kv::tile_bytes(s.value_dim);

  for (; token < last; token += ROWS) {
    int count = least(ROWS, last - token), position = positions[token];
    u64 q_at = (u64)token * q_stride + (u64)head * s.head_dim;
    load_queries<ROWS>(vectors, q + q_at, count, q_stride, s.head_dim);
    if (THREAD < ROWS) {
      int at = position + THREAD, first = Mask::first(mask, at);
      int end = THREAD < count ? Mask::end(mask, at, sequence_end) : first;
      rows[THREAD] = {first, end, as_float(0xff800000), 0, 0};
    }
    float acc[ROWS][RUN];
    clear<ROWS>(acc);
    int first = Mask::first(mask, position);
    int end = Mask::end(mask, position + count - 1, sequence_end);
    for (int p = first; p < end; p += MAX_SPLIT) {
      Range range = {p, least(end, p + MAX_SPLIT)};
      Batch<Kv, ROWS> batch;
      i32 ids = Vectors::load_ids(blocks, range);
      Vectors keys = Vectors::of(blocks, ids, k_cache, range, s.head_dim, key_bytes);
      Vectors values = Vectors::of(blocks, ids, v_cache, range, s.value_dim, value_bytes);
      Batch<Kv, ROWS>::load(batch, keys, lanes, p);
      BARRIER();
      score<Kv, ROWS>(scores, vectors, batch, keys, lanes, p, s.scale);
      Batch<Kv, ROWS>::load(batch, values, value_lanes, p);
      BARRIER();
      soften(scores, rows, range, softmax, slope, position);
      BARRIER();
      UNROLL for (int g = 0; g < ROWS; g++) {
        float factor = rows[g].factor;
        UNROLL for (int i = 0; i < RUN; i++) { acc[g][i] *= factor; }
      }
      weigh<Kv, ROWS>(acc, scores, batch, values, value_lanes, p);
    }
    UNROLL for (int g = 0; g < ROWS; g++) {
      sum_positions(acc[g], value_lanes.vector);
      if (g > 0) { BARRIER(); }  // the sums of the row before are read; the queries were long ago
      if (dim < padded) {
        UNROLL for (int i = 0; i < RUN; i++) { vectors[WARP][dim + i] = acc[g][i]; }
      }
      BARRIER();
      u64 to = ((u64)(token + g) * s.num_heads + head) * s.value_dim;
      Share share = Share::of(rows[g].max, rows[g].sum, softmax, head);
      for (int d = THREAD; g < count && d < s.value_dim; d += 32 * WARPS) {
        float sum = vectors[0][d] + vectors[1][d] + vectors[2][d] + vectors[3][d];
        out[to + d] = sum * share.factor / share.sum;
      }
    }
    BARRIER();
  }
}

#define ENTRY(KV, NAME)                                                                            \
  KERNEL(128, 2)                                                                                   \
  prefill_attention_##NAME(float* out, const float* q, int q_stride, const i32* spans,             \
                           const i32* positions, const i32* sequence_of, const i32* tables,        \
                           int max_blocks, const u8* k_cache, const u8* v_cache, int num_heads,    \
                           int num_kv_heads, int head_dim, int value_dim, float scale, float cap,  \
                           const float* sinks, const float* slopes, int before, int after,         \
                           int chunk) {                                                            \
    attend<KV>(out, q, q_stride, spans, positions, sequence_of, tables, max_blocks, k_cache,       \
               v_cache, {num_heads, num_kv_heads, head_dim, value_dim, scale},                     \
               {cap, sinks, slopes}, {before, after, chunk});                                      \
  }
ENTRY(KvF32, f32)
ENTRY(KvF16, f16)
ENTRY(KvQ8, q8_0)
