/*
 * The register tiles of attention.c: scores and sums of values for one block of 32 positions and some
 * rows that share its keys and values. Everything is chosen by constants once inlined: the type of
 * the cache, how many rows, and whether it comes from memory (cold), so that later blocks are fetched
 * meanwhile.
 */
#include "isa/vector.h"
#include "kv_layout.h"

#define SPLIT 256
/* Floats from one row of scores to the next: not a power of two, so that rows spread over the cache. */
#define SCORE_STRIDE (SPLIT + 16)

/* Register tiles: scores of rows x vectors of positions, values of rows x vectors of dimensions. */
#if LANES == 16
#define SCORE_ROWS 8
#else
#define SCORE_ROWS 4
#endif
#define SCORE_VECTORS (LANES == 4 ? 4 : 2)
/* Dimensions of a query that lie together; also those that share a scale in Q8_0. */
#define CHUNK 32
#define VALUE_ROWS 4
#define VALUE_VECTORS (LANES == 8 ? 2 : 4)

#define MIN(a, b) ((a) < (b) ? (a) : (b))
#define MAX(a, b) ((a) > (b) ? (a) : (b))

/* Into the second level: it takes more requests at a time than the first, and that is soon enough. */
INLINE void fetch(const void *p) { __builtin_prefetch(p, 0, 2); }

/* ---- Scores ---- */

/* LANES keys from position p on, dimension d of keys [D, 32] as stored. */
INLINE vfloat load_keys(int type, const uint8_t *keys, int64_t d, int p, vfloat scale) {
  switch (type) {
    case TYPE_F32: return v_load((const float *)keys + d * KV_BLOCK + p);
    case TYPE_F16: return v_halves((const uint16_t *)keys + d * KV_BLOCK + p);
    default: {
      const uint8_t *group = keys + d / 32 * (KV_BLOCK * Q8_0_BYTES);
      return v_bytes((const int8_t *)group + 2 * KV_BLOCK + d % 32 * KV_BLOCK + p) * scale;
    }
  }
}

/* scores[r, p] = q[r] . key p for one block; ahead: what will be read next, fetched meanwhile where cold. */
INLINE void score(int type, int cold, int rows, const uint8_t *keys, int64_t dim, const float *q, const uint8_t *ahead,
                  float *scores) {
  const int64_t line = kv_bytes(type, 32);
  for (int p = 0; p < KV_BLOCK; p += SCORE_VECTORS * LANES) {
    vfloat sums[SCORE_ROWS][SCORE_VECTORS];
    UNROLL
    for (int r = 0; r < rows; r++) {
      UNROLL
      for (int v = 0; v < SCORE_VECTORS; v++) {
        sums[r][v] = v_zero();
      }
    }
    for (int64_t from = 0; from < dim; from += CHUNK) {
      const float *x = q + from * SCORE_ROWS;
      const int64_t to = MIN(dim, from + CHUNK);
      vfloat scales[SCORE_VECTORS];
      UNROLL
      for (int v = 0; v < SCORE_VECTORS; v++) {
        scales[v] = type == TYPE_Q8_0 ? v_halves((const uint16_t *)(keys + from * Q8_0_BYTES) + p + v * LANES) : v_zero();
      }
      for (int64_t d = from; d < to; d++, x++) {
        if (cold && p == 0) {
          UNROLL
          for (int at = 0; at < line; at += 64) {
            fetch(ahead + d * line + at);
          }
        }
        vfloat k[SCORE_VECTORS];
        UNROLL
        for (int v = 0; v < SCORE_VECTORS; v++) {
          k[v] = load_keys(type, keys, d, p + v * LANES, scales[v]);
        }
        UNROLL
        for (int r = 0; r < rows; r++) {
          vfloat scaled = v_all(x[r * CHUNK]);
          UNROLL
          for (int v = 0; v < SCORE_VECTORS; v++) {
            sums[r][v] = v_fma(k[v], scaled, sums[r][v]);
          }
        }
      }
    }
    UNROLL
    for (int r = 0; r < rows; r++) {
      UNROLL
      for (int v = 0; v < SCORE_VECTORS; v++) {
        v_store(scores + r * SCORE_STRIDE + p + v * LANES, sums[r][v]);
      }
    }
  }
}

#define SCORE(rows)                                        \
  case rows:                                               \
    score(type, cold, rows, keys, dim, q, ahead, scores); \
    break;
INLINE void score_rows(int type, int cold, int64_t rows, const uint8_t *keys, int64_t dim, const float *q, const uint8_t *ahead,
                       float *scores) {
  switch (rows) {
    SCORE(1)
    SCORE(2)
    SCORE(3)
#if SCORE_ROWS == 8
    SCORE(4)
    SCORE(5)
    SCORE(6)
    SCORE(7)
#endif
    default: score(type, cold, SCORE_ROWS, keys, dim, q, ahead, scores);
  }
}

/* ---- Values ---- */

/* LANES values as stored; byte: of the first within its block of 32, for TYPE_Q8_0. */
INLINE vfloat load_values(int type, const uint8_t *p, int64_t byte, vfloat scale) {
  switch (type) {
    case TYPE_F32: return v_load((const float *)p);
    case TYPE_F16: return v_halves((const uint16_t *)p);
    default: return v_bytes((const int8_t *)p + 2 + byte) * scale;
  }
}

INLINE vfloat block_scale(const uint8_t *block) {
  uint16_t scale;
  memcpy(&scale, block, sizeof scale);
  return v_all(half_to_float(scale));
}

/* out[r] += weights[r, p] * values[p] for p from..to, for some columns. */
INLINE void gather(int type, int cold, int rows, int vectors, const uint8_t *values, int64_t padded, int64_t column,
                   const float *weights, int64_t from, int64_t to, const uint8_t *ahead, float *out) {
  const int64_t bytes = kv_bytes(type, padded);
  const uint8_t *at[VALUE_VECTORS];
  vfloat sums[VALUE_ROWS][VALUE_VECTORS];
  UNROLL
  for (int v = 0; v < vectors; v++) {
    int64_t c = column + v * LANES;
    at[v] = values + (type == TYPE_Q8_0 ? kv_bytes(type, c) : c * kv_bytes(type, 32) / 32);
  }
  UNROLL
  for (int r = 0; r < rows; r++) {
    UNROLL
    for (int v = 0; v < vectors; v++) {
      sums[r][v] = v_load(out + r * padded + column + v * LANES);
    }
  }
  for (int64_t p = from; p < to; p++) {
    vfloat x[VALUE_VECTORS];
    vfloat scale = v_zero();
    UNROLL
    for (int v = 0; v < vectors; v++) {
      if (type == TYPE_Q8_0 && v * LANES % 32 == 0) {
        scale = block_scale(at[v] + p * bytes);
      }
      if (cold) {
        fetch(ahead + (at[v] - values) + p * bytes);
      }
      x[v] = load_values(type, at[v] + p * bytes, (column + v * LANES) % 32, scale);
    }
    UNROLL
    for (int r = 0; r < rows; r++) {
      vfloat weight = v_all(weights[r * SCORE_STRIDE + p]);
      UNROLL
      for (int v = 0; v < vectors; v++) {
        sums[r][v] = v_fma(x[v], weight, sums[r][v]);
      }
    }
  }
  UNROLL
  for (int r = 0; r < rows; r++) {
    UNROLL
    for (int v = 0; v < vectors; v++) {
      v_store(out + r * padded + column + v * LANES, sums[r][v]);
    }
  }
}

INLINE void gather_columns(int type, int cold, int rows, const uint8_t *values, int64_t padded, const float *weights,
                           int64_t from, int64_t to, const uint8_t *ahead, float *out) {
  int64_t column = 0;
  for (; column + VALUE_VECTORS * LANES <= padded; column += VALUE_VECTORS * LANES) {
    gather(type, cold, rows, VALUE_VECTORS, values, padded, column, weights, from, to, ahead, out);
  }
  /* Only vectors of 16 can be left over: D is padded to that. */
  for (; LANES == 16 && column < padded; column += LANES) {
    gather(type, cold, rows, 1, values, padded, column, weights, from, to, ahead, out);
  }
}

INLINE void gather_rows(int type, int cold, int64_t rows, const uint8_t *values, int64_t padded, const float *weights,
                        int64_t from, int64_t to, const uint8_t *ahead, float *out) {
  switch (rows) {
    case 1: gather_columns(type, cold, 1, values, padded, weights, from, to, ahead, out); break;
    case 2: gather_columns(type, cold, 2, values, padded, weights, from, to, ahead, out); break;
    case 3: gather_columns(type, cold, 3, values, padded, weights, from, to, ahead, out); break;
    default: gather_columns(type, cold, VALUE_ROWS, values, padded, weights, from, to, ahead, out);
  }
}

/* ---- For each type of cache ---- */

/* One function per type, so that what a type needs is known when it is compiled; and one for what is in the cache. */
#define KERNELS(name, type, cold)                                                                                     \
  static void score_##name(int64_t rows, const uint8_t *keys, int64_t dim, const float *q, const uint8_t *ahead, \
                           float *scores) {                                                                     \
    score_rows(type, cold, rows, keys, dim, q, ahead, scores);                                                        \
  }                                                                                                             \
  static void gather_##name(int64_t rows, const uint8_t *values, int64_t padded, const float *weights,          \
                            int64_t from, int64_t to, const uint8_t *ahead, float *out) {                       \
    gather_rows(type, cold, rows, values, padded, weights, from, to, ahead, out);                                     \
  }
KERNELS(f32, TYPE_F32, 1)
KERNELS(f16, TYPE_F16, 1)
KERNELS(q8_0, TYPE_Q8_0, 1)
KERNELS(unpacked, TYPE_F32, 0)

typedef void score_function(int64_t, const uint8_t *, int64_t, const float *, const uint8_t *, float *);
typedef void gather_function(int64_t, const uint8_t *, int64_t, const float *, int64_t, int64_t, const uint8_t *,
                             float *);
