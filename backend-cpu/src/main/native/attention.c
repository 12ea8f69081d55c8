/*
 * Attention over the paged KV cache with a running softmax (Milakov and Gimelshein,
 * arXiv:1805.02867): one key/value head and a tile of neighbouring tokens of one sequence at a time.
 * A row is a query head of a token of the tile; rows share the unpacked keys and values.
 *
 * Bits: the positions of a sequence are cut into splits of 256, aligned to its start. Each split is
 * computed by itself (highest score, sum of weights, weighted sum of values), and splits are merged
 * in ascending order. Within a split a row touches only what it sees: a score is one chain over the
 * dimensions, sums of weights run per lane, a value's sum is one chain over positions. None of this
 * depends on the tile, so decode may hand the splits of a row to several threads, and prefill may
 * take any tile.
 */
#include "attention_split.h"

/* ---- Splits together ---- */

/* Adds a split to the splits before it, row by row; a row's first split is taken as it is. */
static void merge(const struct tile *t, int64_t split, struct partial from, struct partial all) {
  for (int64_t row = 0; row < t->rows; row++) {
    const float *add = from.out + row * t->padded;
    float *out = all.out + row * t->padded;
    int64_t first = first_visible(t, row) / SPLIT;
    if (split < first || split > t->last[row] / SPLIT) {
      continue;
    }
    if (split == first) {
      all.max[row] = from.max[row];
      all.sum[row] = from.sum[row];
      memcpy(out, add, (size_t)t->padded * sizeof(float));
      continue;
    }
    float max = MAX(all.max[row], from.max[row]);
    float factor = exp2_of(all.max[row] - max);
    float weight = exp2_of(from.max[row] - max);
    all.max[row] = max;
    all.sum[row] = __builtin_fmaf(from.sum[row], weight, all.sum[row] * factor);
    for (int64_t i = 0; i < t->padded; i += LANES) {
      v_store(out + i, v_fma(v_load(add + i), v_all(weight), v_load(out + i) * v_all(factor)));
    }
  }
}

/* Where it lies in [tokens, H, dim]. */
static int64_t row_at(const struct tile *t, int64_t row, int64_t dim) {
  int64_t heads = t->op->heads_per_kv * (int64_t)t->op->num_kv_heads;
  return (row / t->op->heads_per_kv * heads + head_of(t, row)) * dim;
}

/* What divides the weighted values; a sink takes part in it, and so may be the highest score. */
static float divisor(const struct tile *t, int64_t row, float max, float sum) {
  if (t->op->sinks == NULL) {
    return sum;
  }
  float sink = t->op->sinks[head_of(t, row)] * LOG2_E;
  float highest = MAX(max, sink);
  return (sum * exp2_of(max - highest) + exp2_of(sink - highest)) / exp2_of(max - highest);
}

static void store_result(const struct tile *t, struct partial all, float *out) {
  const int64_t dim = t->op->value_dim;
  for (int64_t row = 0; row < t->rows; row++) {
    const vfloat by = v_all(divisor(t, row, all.max[row], all.sum[row]));
    const float *from = all.out + row * t->padded;
    float *to = out + row_at(t, row, dim);
    int64_t i = 0;
    for (; i + LANES <= dim; i += LANES) {
      v_store(to + i, v_load(from + i) / by);
    }
    if (i < dim) {
      v_store_some(to + i, dim - i, v_load(from + i) / by);
    }
  }
}

/* Tokens whose queries are fetched ahead: they lie a whole row of all heads apart. */
#define TOKENS_AHEAD 4

/* Times log2(e), so that weights are powers of 2. */
static void load_queries(const struct tile *t, const float *q) {
  const float scale = t->op->scale * LOG2_E;
  const int64_t ahead = TOKENS_AHEAD * t->op->heads_per_kv * t->op->num_kv_heads * t->dim;
  for (int64_t row = 0; row < t->rows; row++) {
    const float *from = q + row_at(t, row, t->dim);
    float *to = t->queries + row / SCORE_ROWS * SCORE_ROWS * whole(t->dim) + row % SCORE_ROWS * CHUNK;
    for (int64_t i = 0; i < t->dim; i += CHUNK) {
      __builtin_prefetch(from + ahead + i);
      __builtin_prefetch(from + ahead + i + CHUNK / 2);
      int64_t count = MIN(CHUNK, t->dim - i);
      for (int64_t j = 0; j < count; j++) {
        to[i * SCORE_ROWS + j] = from[i + j] * scale;
      }
    }
  }
}

/* ---- What Java calls ---- */

static int64_t partial_floats(int64_t rows, int64_t padded) { return rows * (2 + padded); }

static struct partial partial_at(float *p, int64_t rows) { return (struct partial){p, p + rows, p + 2 * rows}; }

int64_t ISA_NAME(attention_scratch)(int64_t rows, int64_t key_dim, int64_t value_dim) {
  int64_t n = whole(rows);
  int64_t padded = padded_dim(value_dim);
  int64_t unpacked = KV_BLOCK * whole(key_dim) + KV_BLOCK * whole(padded);
  return 2 * n + n * whole(key_dim) + n * SCORE_STRIDE + unpacked + 2 * partial_floats(n, padded);
}

/* The positions that each row sees. */
static void look(struct tile *t, int64_t end) {
  const struct attention *op = t->op;
  for (int64_t row = 0; row < t->rows; row++) {
    int64_t at = t->position + row / op->heads_per_kv;
    t->first[row] = (int32_t)MAX(at - at % op->chunk, at - op->before);
    t->first[row] = MAX(0, t->first[row]);
    t->last[row] = (int32_t)MIN(MAX(at, end), at + op->after);
  }
}

static struct tile tile_of(const struct attention *op, const void *cache, const int32_t *block_table, int64_t position,
                           int64_t tokens, int64_t end, int64_t kv_head, float *scratch) {
  int64_t rows = tokens * op->heads_per_kv;
  int64_t n = whole(rows);
  float *queries = scratch + 2 * n;
  float *scores = queries + n * whole(op->key_dim);
  float *keys = scores + n * SCORE_STRIDE;
  struct tile t = {
      .op = op,
      .cache = cache,
      .block_table = block_table,
      .kv_head = kv_head,
      .position = position,
      .rows = rows,
      .dim = op->key_dim,
      .padded = padded_dim(op->value_dim),
      .first = (int32_t *)scratch,
      .last = (int32_t *)scratch + n,
      .queries = queries,
      .scores = scores,
      .unpacked_keys = keys,
      .unpacked_values = keys + KV_BLOCK * whole(op->key_dim),
  };
  look(&t, end);
  return t;
}

/* The two partial results after the tile's own arrays. */
static struct partial scratch_partial(const struct tile *t, int which) {
  int64_t rows = whole(t->rows);
  float *after = t->unpacked_values + KV_BLOCK * whole(t->padded);
  return partial_at(after + which * partial_floats(rows, t->padded), rows);
}

void ISA_NAME(attend)(const struct attention *op, const void *cache, const int32_t *block_table, int64_t position,
                      int64_t tokens, int64_t end, int64_t kv_head, const float *q, float *out, float *scratch) {
  struct tile t = tile_of(op, cache, block_table, position, tokens, end, kv_head, scratch);
  struct partial one = scratch_partial(&t, 0);
  struct partial all = scratch_partial(&t, 1);
  load_queries(&t, q);
  for (int64_t split = first_visible(&t, 0) / SPLIT; split <= t.last[t.rows - 1] / SPLIT; split++) {
    attend_split(&t, split, one);
    merge(&t, split, one, all);
  }
  store_result(&t, all, out);
}

void ISA_NAME(attend_splits)(const struct attention *op, const void *cache, const int32_t *block_table,
                             int64_t position, int64_t tokens, int64_t end, int64_t kv_head, const float *q,
                             int64_t from, int64_t to, float *partials, float *scratch) {
  struct tile t = tile_of(op, cache, block_table, position, tokens, end, kv_head, scratch);
  load_queries(&t, q);
  for (int64_t split = from; split < to; split++) {
    attend_split(&t, split, partial_at(partials + (split - from) * partial_floats(t.rows, t.padded), t.rows));
  }
}

void ISA_NAME(merge_splits)(const struct attention *op, int64_t position, int64_t tokens, int64_t end, int64_t kv_head,
                            float *partials, float *out, float *scratch) {
  struct tile t = tile_of(op, NULL, NULL, position, tokens, end, kv_head, scratch);
  struct partial all = scratch_partial(&t, 1);
  int64_t first = first_visible(&t, 0) / SPLIT;
  for (int64_t split = first; split <= t.last[t.rows - 1] / SPLIT; split++) {
    merge(&t, split, partial_at(partials + (split - first) * partial_floats(t.rows, t.padded), t.rows), all);
  }
  store_result(&t, all, out);
}
