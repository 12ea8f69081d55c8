// What attention of decode and of prefill share: scores and weighted sums of G query vectors over the
// positions of one key/value head, by a block of 4 warps.
//
// In a warp, lanes stand side by side along a position's vector, 8 dimensions each, so that a warp
// reads 2 or 4 whole vectors at a time.
#pragma once
#include "kv.cuh"

enum { MAX_SPLIT = 256, WARPS = 4 };

/*
 * How lanes stand along the vectors of positions. A block takes a range of positions in rounds, in
 * which each vector has `vector` lanes, a power of two, of which those behind its end idle.
 */
struct Lanes {
  int vector;
  int lane;      // in its vector
  int position;  // in a round
  int round;     // positions of a round

  DEVICE Lanes of(int head_dim) {
    int vector = 1;
    while (vector * RUN < head_dim) { vector *= 2; }
    int together = 32 / vector;
    return {vector, LANE & (vector - 1), WARP * together + LANE / vector, WARPS * together};
  }
};

/* The sum over the lanes of a vector, in each of them. */
DEVICE float vector_sum(float v, int lanes) {
  UNROLL for (int mask = 16; mask > 0; mask /= 2) {
    float other = shuffle_xor(v, mask);
    v = mask < lanes ? v + other : v;
  }
  return v;
}

struct Range {
  int first;
  int end;  // exclusive
};
struct Shape {
  int num_heads, num_kv_heads, head_dim, value_dim;
  float scale;
};

/* The vectors of a range of at most MAX_SPLIT positions of one key/value head, in one of the caches. */
struct Vectors {
  const u8* of_head;  // the head's tile of block 0
  u32 block_bytes;
  i32 ids;  // lane i has that of the range's block i
  int first_block;
  Range range;
  int head_dim;

  /* All lanes of a warp call, here and below. Loads the ids once for all positions. */
  DEVICE i32 load_ids(const BlockTable& blocks, Range range) {
    int at = range.first / TILE + LANE;
    return at <= (range.end - 1) / TILE ? blocks.ids[at] : 0;
  }
  DEVICE Vectors of(const BlockTable& blocks, i32 ids, const u8* cache, Range range, int head_dim,
                    u64 tile_bytes) {
    return {cache + blocks.head * tile_bytes, blocks.kv_heads * (u32)tile_bytes, ids,
            range.first / TILE, range, head_dim};
  }
  DEVICE const u8* tile(const Vectors& v, int position) {
    u32 id = (u32)shuffle_from(v.ids, position / TILE - v.first_block);
    return v.of_head + (u64)id * v.block_bytes;
  }
};

/* This lane's part of the vectors of several rounds; all loads are sent before the first is used. */
template <class Kv, int G> struct Batch {
  static constexpr int ROUNDS = G < 8 ? Kv::BATCH : Kv::BATCH / 2;
  typename Kv::Raw raw[ROUNDS];

  /* Rounds from position `p0` on, as far as they begin before the range's end. */
  DEVICE void load(Batch& batch, const Vectors& v, const Lanes& lanes, int p0) {
    int dim = RUN * lanes.lane < padded_dim(v.head_dim) ? RUN * lanes.lane : 0;
    UNROLL for (int r = 0; r < ROUNDS; r++) {
      if (p0 + r * lanes.round < v.range.end) {
        // Lanes behind the end load what the last position has, and nobody uses that.
        int p = least(v.range.end - 1, p0 + r * lanes.round + lanes.position);
        batch.raw[r] = Kv::load(Vectors::tile(v, p), p % TILE, dim, v.head_dim);
      }
    }
  }
};

/* scores[g][p - base] = q[g] . k[p] * scale; `batch` holds the first keys. */
template <class Kv, int G>
DEVICE void score(float (*scores)[MAX_SPLIT], const float (*q)[MAX_HEAD_DIM], Batch<Kv, G>& batch,
                  const Vectors& keys, const Lanes& lanes, int base, float scale) {
  typedef Batch<Kv, G> B;
  Range range = keys.range;
  int dim = RUN * lanes.lane;
  bool inside = dim < padded_dim(keys.head_dim);
  float mine[G][RUN];
  UNROLL for (int g = 0; g < G; g++)
    UNROLL for (int i = 0; i < RUN; i++) { mine[g][i] = q[g][dim + i] * scale; }

  for (int p0 = range.first; p0 < range.end; p0 += B::ROUNDS * lanes.round) {
    if (p0 > range.first) { B::load(batch, keys, lanes, p0); }
    UNROLL for (int r = 0; r < B::ROUNDS; r++) {
      if (p0 + r * lanes.round >= range.end) { continue; }
      int p = p0 + r * lanes.round + lanes.position;
      float k[RUN];
      Kv::expand(batch.raw[r], k);
      UNROLL for (int g = 0; g < G; g++) {
        float dot = 0;
        UNROLL for (int i = 0; i < RUN; i++) { dot = fma(mine[g][i], k[i], dot); }
        dot = vector_sum(inside ? dot : 0, lanes.vector);
        if (lanes.lane == 0 && p < range.end) { scores[g][p - base] = dot; }
      }
    }
  }
}

/* acc[g] += weights times values, of this lane's positions and dimensions; `batch` as above. */
template <class Kv, int G>
DEVICE void weigh(float (*acc)[RUN], const float (*scores)[MAX_SPLIT], Batch<Kv, G>& batch,
                  const Vectors& values, const Lanes& lanes, int base) {
  typedef Batch<Kv, G> B;
  Range range = values.range;
  for (int p0 = range.first; p0 < range.end; p0 += B::ROUNDS * lanes.round) {
    if (p0 > range.first) { B::load(batch, values, lanes, p0); }
    UNROLL for (int r = 0; r < B::ROUNDS; r++) {
      int p = p0 + r * lanes.round + lanes.position;
      if (p >= range.end) { continue; }
      float v[RUN];
      Kv::expand(batch.raw[r], v);
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
DEVICE void sum_positions(float (&acc)[RUN], int lanes) {
  UNROLL for (int i = 0; i < RUN; i++) {
    UNROLL for (int mask = 16; mask > 0; mask /= 2) {
      float other = shuffle_xor(acc[i], mask);
      acc[i] = mask >= lanes ? acc[i] + other : acc[i];
    }
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
