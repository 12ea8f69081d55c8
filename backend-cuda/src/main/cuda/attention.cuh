// What attention of decode and of prefill share: scores and weighted sums of G query vectors over the
// positions of one key/value head, by a block of 4 warps.
//
// In a warp, lanes stand side by side along a position's vector, 8 dimensions each, so that a warp
// reads 2 or 4 whole vectors at a time.
#pragma once
#include "kv.cuh"

enum { MAX_SPLIT = 256, WARPS = 4 };

/* How many lanes a vector takes: a power of two. */
DEVICE int lanes_of(int head_dim) {
  int lanes = 1;
  while (lanes * RUN < head_dim) { lanes *= 2; }
  return lanes;
}

struct Range {
  int first;
  int end;  // exclusive
};
struct Shape {
  int num_heads, num_kv_heads, head_dim;
  float scale;
};

/* scores[g][p - base] = q[g] . k[p] * scale */
template <class Kv, int G>
DEVICE void score(float (*scores)[MAX_SPLIT], const float (*q)[MAX_HEAD_DIM], const BlockTable& blocks,
                  const u8* cache, Range range, int base, const Shape& s) {
  int lanes = lanes_of(s.head_dim), lane = LANE & (lanes - 1), dim = RUN * lane;
  int together = 32 / lanes;
  bool inside = dim < padded_dim(s.head_dim);
  float mine[G][RUN];
  UNROLL for (int g = 0; g < G; g++)
    UNROLL for (int i = 0; i < RUN; i++) { mine[g][i] = q[g][dim + i] * s.scale; }

  u64 tile_bytes = Kv::tile_bytes(s.head_dim);
  for (int p0 = range.first + WARP * together; p0 < range.end; p0 += WARPS * together) {
    int p = p0 + LANE / lanes;
    float dot[G];
    UNROLL for (int g = 0; g < G; g++) { dot[g] = 0; }
    if (inside && p < range.end) {
      float k[RUN];
      Kv::load(cache + BlockTable::tile(blocks, p) * tile_bytes, p % TILE, dim, s.head_dim, k);
      UNROLL for (int g = 0; g < G; g++)
        UNROLL for (int i = 0; i < RUN; i++) { dot[g] = fma(mine[g][i], k[i], dot[g]); }
    }
    UNROLL for (int g = 0; g < G; g++) {
      for (int mask = lanes / 2; mask > 0; mask /= 2) { dot[g] += shuffle_xor(dot[g], mask); }
      if (lane == 0 && p < range.end) { scores[g][p - base] = dot[g]; }
    }
  }
}

/* acc[g] += weights times values, of this lane's positions and dimensions. */
template <class Kv, int G>
DEVICE void weigh(float (*acc)[RUN], const float (*scores)[MAX_SPLIT], const BlockTable& blocks,
                  const u8* cache, Range range, int base, const Shape& s) {
  int lanes = lanes_of(s.head_dim), lane = LANE & (lanes - 1), dim = RUN * lane;
  int together = 32 / lanes;
  u64 tile_bytes = Kv::tile_bytes(s.head_dim);
  if (dim < padded_dim(s.head_dim)) {
    for (int p = range.first + WARP * together + LANE / lanes; p < range.end;
         p += WARPS * together) {
      float v[RUN];
      Kv::load(cache + BlockTable::tile(blocks, p) * tile_bytes, p % TILE, dim, s.head_dim, v);
      UNROLL for (int g = 0; g < G; g++) {
        float weight = scores[g][p - base];
        UNROLL for (int i = 0; i < RUN; i++) { acc[g][i] = fma(weight, v[i], acc[g][i]); }
      }
    }
  }
  WARP_BARRIER();
}

template <int G> DEVICE void clear(float (*acc)[RUN]) {
  UNROLL for (int g = 0; g < G; g++)
    UNROLL for (int i = 0; i < RUN; i++) { acc[g][i] = 0; }
}

/* The warp's sum of one row of acc, in the lanes of one vector. */
DEVICE void sum_positions(float (&acc)[RUN], int head_dim) {
  int lanes = lanes_of(head_dim);
  UNROLL for (int i = 0; i < RUN; i++) {
    for (int mask = 16; mask >= lanes; mask /= 2) { acc[i] += shuffle_xor(acc[i], mask); }
  }
}

/*
 * Query vectors of G rows, zeros beyond `rows` and beyond D; `stride` elements from one to the next.
 */
template <int G>
DEVICE void load_queries(float (*vectors)[MAX_HEAD_DIM], const float* q, int rows, u64 stride,
                         int head_dim) {
  for (int i = THREAD; i < G * MAX_HEAD_DIM; i += 32 * WARPS) {
    int g = i / MAX_HEAD_DIM, d = i % MAX_HEAD_DIM;
    vectors[g][d] = g < rows && d < head_dim ? q[g * stride + d] : 0;
  }
}
