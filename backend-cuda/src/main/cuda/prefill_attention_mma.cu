// Attention of prefill on tensor cores, for the head dims 64 and 128 and caches of F16 and Q8_0:
//   out[t][h] = sum over p of softmax_p(q[t][h] . k[p] * scale) v[p]
// A block takes up to 64 neighbouring tokens of one sequence and a head, a warp 16 of the tokens. Keys
// and values pass through shared memory as f16, a tile of the cache at a time; q and the weights of
// the softmax are rounded to f16, sums and the softmax's state are f32 and never leave registers.
//
// prefill_attention.cu is the same for any shape in f32.
#include "kv.cuh"
#include "mma.cuh"

enum { WARPS = 4, ROWS = 16 };

/* `half_in_range` of both in a word. */
DEVICE u32 pack(float a, float b) { return half_in_range(a) | (u32)half_in_range(b) << 16; }

/* Keys and values of a tile as f16; lines 16 bytes longer than D, to spread over the banks. */
template <int D> struct Tiles {
  static constexpr int STRIDE = D / 2 + 4;                      // words
  static constexpr int RUNS = TILE * D / RUN / (32 * WARPS);    // of each side that a thread carries
  u32 k[TILE * STRIDE];
  u32 v[TILE * STRIDE];
  /* On its way from global to shared memory. */
  struct Carry { u32x4 k[RUNS], v[RUNS]; };

  /* Positions from `end` on become zeros: what the cache holds there may be anything. */
  template <class Kv>
  DEVICE Carry fetch(const BlockTable& blocks, const u8* keys, const u8* values, int first, int end) {
    Carry c;
    u64 at = BlockTable::tile(blocks, first) * Kv::tile_bytes(D);
    UNROLL for (int r = 0; r < RUNS; r++) {
      int run = THREAD + 32 * WARPS * r, slot = run / (D / RUN), dim = run % (D / RUN) * RUN;
      c.k[r] = c.v[r] = u32x4{0, 0, 0, 0};
      if (first + slot < end) {
        c.k[r] = Kv::load_halves(keys + at, slot, dim, D);
        c.v[r] = Kv::load_halves(values + at, slot, dim, D);
      }
    }
    return c;
  }
  DEVICE void put(Tiles& t, const Carry& c) {
    UNROLL for (int r = 0; r < RUNS; r++) {
      int run = THREAD + 32 * WARPS * r;
      int at = run / (D / RUN) * STRIDE + run % (D / RUN) * (RUN / 2);
      *(u32x4*)(t.k + at) = c.k[r];
      *(u32x4*)(t.v + at) = c.v[r];
    }
  }
};

/* Where the block's tokens stand; read again where it is asked for, since registers are scarce. */
struct Span {
  const i32* spans;
  const i32* positions;
  /* Of the first token. */
  DEVICE int position(const Span& s) { return s.positions[s.spans[3 * BLOCK_X]]; }
};

/* Of the two rows whose sums a lane holds, elements 0, 1 and 2, 3: */
struct Pair {
  int first[2];  // first position it sees
  int last[2];
  float max[2];  // of its scores so far, in powers of two
  float sum[2];  // of its weights, of this lane's columns alone
};

/* Scores of a tile to weights; what earlier sums are to be multiplied with in `factor`. */
DEVICE void soften(float (&s)[4][4], Pair& rows, int tile, const Softmax& softmax,
                   const Span& span, float (&factor)[2]) {
  if (softmax.cap > 0) {
    UNROLL for (int j = 0; j < 4; j++)
      UNROLL for (int e = 0; e < 4; e++) { s[j][e] = Softmax::capped(softmax, s[j][e], LOG2_E); }
  }
  if (softmax.slopes) {
    float slope = softmax.slopes[BLOCK_Y] * LOG2_E;
    int from = tile - Span::position(span) - ROWS * WARP;
    UNROLL for (int j = 0; j < 4; j++)
      UNROLL for (int e = 0; e < 4; e++) {
        int distance = from + 8 * j + sum_column(e) - sum_row(e & 2);
        s[j][e] = Softmax::far(s[j][e], slope, distance);
      }
  }
  UNROLL for (int half = 0; half < 2; half++) {
    float max = rows.max[half];
    UNROLL for (int j = 0; j < 4; j++)
      UNROLL for (int e = 2 * half; e < 2 * half + 2; e++) {
        int p = tile + 8 * j + sum_column(e);
        bool seen = p >= rows.first[half] && p <= rows.last[half];
        s[j][e] = seen ? s[j][e] : as_float(0xff800000);
        max = __builtin_fmaxf(max, s[j][e]);
      }
    max = row_max(max);
    // A row that has seen nothing yet keeps nothing; infinity minus itself would be NaN.
    float base = max == as_float(0xff800000) ? 0 : max;
    factor[half] = exp2_fast(rows.max[half] - base);
    float sum = 0;
    UNROLL for (int j = 0; j < 4; j++)
      UNROLL for (int e = 2 * half; e < 2 * half + 2; e++) {
        s[j][e] = exp2_fast(s[j][e] - base);
        sum += s[j][e];
      }
    rows.sum[half] = fma(rows.sum[half], factor[half], sum);
    rows.max[half] = max;
  }
}

#if VOLTA
/* Sums and operands lie differently in the lanes: weights pass through shared memory. */
struct Weights {
  static constexpr int STRIDE = TILE / 2 + 4;  // words
  u32 w[WARPS][ROWS * STRIDE];
};
DEVICE void as_operands(FragmentA (&a)[2], const float (&s)[4][4], Weights& weights) {
  u32* mine = weights.w[WARP];
  UNROLL for (int j = 0; j < 4; j++)
    UNROLL for (int e = 0; e < 4; e += 2) {
      mine[sum_row(e) * Weights::STRIDE + 4 * j + sum_column(e) / 2] = pack(s[j][e], s[j][e + 1]);
    }
  WARP_BARRIER();
  UNROLL for (int t = 0; t < 2; t++) { load_a(a[t], mine, Weights::STRIDE, 0, 8 * t); }
}
#else
struct Weights {};
DEVICE void as_operands(FragmentA (&a)[2], const float (&s)[4][4], Weights&) {
  UNROLL for (int t = 0; t < 2; t++)
    UNROLL for (int i = 0; i < 4; i++) {
      const float (&eight)[4] = s[2 * t + (i >> 1)];
      a[t].w[i] = pack(eight[2 * (i & 1)], eight[2 * (i & 1) + 1]);
    }
}
#endif

/* 16 rows of q times `scale`; rows from `count` on are zeros. */
template <int D>
DEVICE void load_q(FragmentA (&a)[D / 16], const float* q, u64 stride, int row, int count, float scale) {
  UNROLL for (int k = 0; k < D / 16; k++)
    UNROLL for (int i = 0; i < (int)(sizeof(FragmentA) / 4); i++) {
      int r = row + a_row(i);
      a[k].w[i] = 0;
      if (r < count) {
        u32x2 v = load8(q + r * stride + 16 * k + a_k(i));
        a[k].w[i] = pack(as_float(v.x) * scale, as_float(v.y) * scale);
      }
    }
}

/* One tile for a warp: scores, their softmax, and the weighted values added to `acc`. */
template <int D>
DEVICE void attend_tile(float (&acc)[D / 8][4], Pair& rows, const FragmentA (&q)[D / 16],
                        const Tiles<D>& t, Weights& weights, int tile, const Softmax& softmax,
                        const Span& span) {
  constexpr int STRIDE = Tiles<D>::STRIDE;
  float scores[4][4];
  UNROLL for (int j = 0; j < 4; j++)
    UNROLL for (int e = 0; e < 4; e++) { scores[j][e] = 0; }
  UNROLL for (int k = 0; k < D / 16; k++)
    UNROLL for (int j = 0; j < 4; j += 2) {
      FragmentB b;
      load_b(b, t.k, STRIDE, 8 * j, 8 * k);
      mma_half(scores[j], scores[j + 1], q[k], b);
    }
  float factor[2];
  soften(scores, rows, tile, softmax, span, factor);
  UNROLL for (int n = 0; n < D / 8; n++)
    UNROLL for (int e = 0; e < 4; e++) { acc[n][e] *= factor[e >> 1]; }
  FragmentA w[2];
  as_operands(w, scores, weights);
  UNROLL for (int half = 0; half < 2; half++)
    UNROLL for (int n = 0; n < D / 8; n += 2) {
      FragmentBRows b;
      load_b(b, t.v, STRIDE, 16 * half, 4 * n);
      mma_half(acc[n], acc[n + 1], w[half], b);
    }
}

template <class Kv, int D>
DEVICE void attend(float* out, const float* q, int q_stride, const i32* spans, const i32* positions,
                   const i32* sequence_of, const i32* tables, int max_blocks, const u8* k_cache,
                   const u8* v_cache, int num_heads, int num_kv_heads, float scale, Softmax softmax,
                   Mask mask) {
  SHARED Tiles<D> tiles;
  SHARED Weights weights;
  await_inputs();
  int head = BLOCK_Y, token = spans[3 * BLOCK_X], count = spans[3 * BLOCK_X + 1];
  int sequence_end = spans[3 * BLOCK_X + 2];
  int position = positions[token], row = ROWS * WARP;
  BlockTable blocks = {tables + (u64)sequence_of[token] * max_blocks, num_kv_heads,
                       head / (num_heads / num_kv_heads)};
  FragmentA a[D / 16];
  load_q<D>(a, q + (u64)token * q_stride + (u64)head * D, q_stride, row, count, scale * LOG2_E);
  Pair rows;
  UNROLL for (int i = 0; i < 2; i++) {
    int at = position + row + sum_row(2 * i);
    rows.first[i] = Mask::first(mask, at);
    rows.last[i] = Mask::end(mask, at, sequence_end) - 1;
    rows.max[i] = as_float(0xff800000);
    rows.sum[i] = 0;
  }
  float acc[D / 8][4];
  UNROLL for (int n = 0; n < D / 8; n++)
    UNROLL for (int e = 0; e < 4; e++) { acc[n][e] = 0; }

  // What any row of the warp sees; empty where its rows are beyond the span.
  int warp_first = Mask::first(mask, position + row), warp_end = 0;
  if (row < count) {
    warp_end = Mask::end(mask, position + least(row + ROWS, count) - 1, sequence_end);
  }
  int first = Mask::first(mask, position);
  int end = Mask::end(mask, position + count - 1, sequence_end);
  first -= first % TILE;
  typename Tiles<D>::Carry next =
      Tiles<D>::template fetch<Kv>(blocks, k_cache, v_cache, first, end);
  for (int tile = first; tile < end; tile += TILE) {
    BARRIER();  // the tile before is read
    Tiles<D>::put(tiles, next);
    BARRIER();
    if (tile + TILE < end) {
      next = Tiles<D>::template fetch<Kv>(blocks, k_cache, v_cache, tile + TILE, end);
    }
    if (tile < warp_end && tile + TILE > warp_first) {
      attend_tile<D>(acc, rows, a, tiles, weights, tile, softmax, {spans, positions});
    }
  }
  UNROLL for (int half = 0; half < 2; half++) {
    float sum = row_sum(rows.sum[half]);
    int r = row + sum_row(2 * half);
    if (r < count) {
      // Scores were powers of two.
      Share share = Share::of(rows.max[half] / LOG2_E, sum, softmax, head);
      float* to = out + ((u64)(token + r) * num_heads + head) * D + sum_column(0);
      UNROLL for (int n = 0; n < D / 8; n++) {
        float x = acc[n][2 * half] * share.factor / share.sum;
        float y = acc[n][2 * half + 1] * share.factor / share.sum;
        *(u32x2*)(to + 8 * n) = u32x2{as_bits(x), as_bits(y)};
      }
    }
  }
}

#define ENTRY(KV, NAME, D, BLOCKS)                                                                 \
  KERNEL(128, BLOCKS)                                                                              \
  prefill_attention_##NAME##_##D(float* out, const float* q, int q_stride, const i32* spans,       \
                                 const i32* positions, const i32* sequence_of, const i32* tables,  \
                                 int max_blocks, const u8* k_cache, const u8* v_cache,             \
                                 int num_heads, int num_kv_heads, int, int, float scale,           \
                                 float cap, const float* sinks, const float* slopes, int before,   \
                                 int after, int chunk) {                                           \
    attend<KV, D>(out, q, q_stride, spans, positions, sequence_of, tables, max_blocks, k_cache,    \
                  v_cache, num_heads, num_kv_heads, scale, {cap, sinks, slopes},                   \
                  {before, after, chunk});                                                         \
  }
ENTRY(KvF16, f16, 64, 3)
ENTRY(KvF16, f16, 128, 2)
ENTRY(KvQ8, q8_0, 64, 3)
ENTRY(KvQ8, q8_0, 128, 2)
