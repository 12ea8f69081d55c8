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
#include "attention_tiles.h"

/* Rows up to here read the cache as it is stored; more share it unpacked. */
#define DIRECT_ROWS 8

#define LOG2_E 0x1.715476p0f

/* What a row knows of a split, or of all splits so far. */
struct partial {
  float *max;  /* [rows] */
  float *sum;  /* [rows] */
  float *out;  /* [rows, padded D] */
};

struct tile {
  const struct attention *op;
  const uint8_t *cache;
  const int32_t *block_table;
  int64_t kv_head;
  int64_t rows;
  int64_t dim;
  int64_t padded;  /* Dv, rounded up to 16 */
  int32_t *first;  /* [rows]: the first position that the row sees */
  int32_t *last;   /* [rows]: the last one, mostly that of its own token */
  float *queries;  /* [rows / SCORE_ROWS, D / CHUNK, SCORE_ROWS, CHUNK], scaled for powers of 2 */
  float *scores;   /* [rows, SCORE_STRIDE] */
  float *unpacked_keys;   /* [D, 32] */
  float *unpacked_values; /* [32, padded Dv] */
};

/* Rounded up to whole chunks: all arrays begin on cache lines. */
static int64_t whole(int64_t n) { return (n + CHUNK - 1) / CHUNK * CHUNK; }

static int64_t first_visible(const struct tile *t, int64_t row) { return t->first[row]; }

/* ---- The cache ---- */

static const uint8_t *keys_at(const struct tile *t, int64_t block) {
  return t->cache + (t->block_table[block] * (int64_t)t->op->num_kv_heads + t->kv_head) * kv_head_bytes(t->op);
}

static const uint8_t *values_at(const struct tile *t, int64_t block) {
  return keys_at(t, block) + (t->op->latent ? 0 : key_bytes(t->op));
}

static void unpack_halves(const uint16_t *from, int64_t count, float *out) {
  for (int64_t i = 0; i < count; i += LANES) {
    v_store(out + i, v_halves(from + i));
  }
}

static void unpack_keys_q8_0(const uint8_t *keys, int64_t dim, float *out) {
  for (int64_t from = 0; from < dim; from += 32) {
    for (int p = 0; p < KV_BLOCK; p += LANES) {
      vfloat scale = v_halves((const uint16_t *)(keys + from * Q8_0_BYTES) + p);
      for (int64_t d = from; d < from + 32; d++) {
        v_store(out + d * KV_BLOCK + p, load_keys(TYPE_Q8_0, keys, d, p, scale));
      }
    }
  }
}

static void unpack_values_q8_0(const uint8_t *values, int64_t count, float *out) {
  for (int64_t i = 0; i < count; i += LANES) {
    const uint8_t *block = values + kv_bytes(TYPE_Q8_0, i);
    v_store(out + i, load_values(TYPE_Q8_0, block, i % 32, block_scale(block)));
  }
}

/* Keys of one block as f32, where rows share them. */
static const float *unpacked_keys(const struct tile *t, const uint8_t *keys) {
  switch (t->op->kv_type) {
    case TYPE_F32: return (const float *)keys;
    case TYPE_F16: unpack_halves((const uint16_t *)keys, KV_BLOCK * t->dim, t->unpacked_keys); break;
    default: unpack_keys_q8_0(keys, t->dim, t->unpacked_keys);
  }
  return t->unpacked_keys;
}

/* Keys [D, 32] to values [32, padded Dv]; what pads them stays as it is, and nobody reads it. */
static void turn_keys(const float *keys, int64_t dim, int64_t padded, float *values) {
  for (int64_t d = 0; d < dim; d++) {
    for (int64_t p = 0; p < KV_BLOCK; p++) {
      values[p * padded + d] = keys[d * KV_BLOCK + p];
    }
  }
}

static const float *unpacked_values(const struct tile *t, const uint8_t *values) {
  if (t->op->latent) {
    turn_keys(unpacked_keys(t, values), t->op->value_dim, t->padded, t->unpacked_values);
    return t->unpacked_values;
  }
  switch (t->op->kv_type) {
    case TYPE_F32: return (const float *)values;
    case TYPE_F16: unpack_halves((const uint16_t *)values, KV_BLOCK * t->padded, t->unpacked_values); break;
    default: unpack_values_q8_0(values, KV_BLOCK * t->padded, t->unpacked_values);
  }
  return t->unpacked_values;
}

/* ---- One split ---- */

/* The blocks of a split that a tile sees. */
struct range {
  int64_t from;
  int64_t to; /* exclusive */
};

static struct range blocks_of(const struct tile *t, int64_t split) {
  int64_t first = MAX(first_visible(t, 0), split * SPLIT);
  int64_t last = MIN(t->last[t->rows - 1], split * SPLIT + SPLIT - 1);
  return (struct range){first / KV_BLOCK, last / KV_BLOCK + 1};
}

/* Blocks of keys or values that are fetched ahead. */
#define BLOCKS_AHEAD 2

/*
 * What is read some blocks after the i-th of a split, whose keys are read first and then its values.
 * After them come the keys of the next split, or nothing.
 */
static const uint8_t *read_later(const struct tile *t, struct range blocks, int64_t i) {
  int64_t count = blocks.to - blocks.from;
  int64_t later = i + BLOCKS_AHEAD;
  if (later < count) {
    return keys_at(t, blocks.from + later);
  }
  if (later < 2 * count) {
    return values_at(t, blocks.from + later - count);
  }
  int64_t next = blocks.to + later - 2 * count;
  return next * KV_BLOCK <= t->last[t->rows - 1] ? keys_at(t, next) : values_at(t, blocks.to - 1);
}

/* The positions of size elements from start on that a row sees, relative to start. */
static struct range visible(const struct tile *t, int64_t row, int64_t start, int64_t size) {
  return (struct range){MAX(0, first_visible(t, row) - start), MIN(size, t->last[row] + 1 - start)};
}

static void score_block(const struct tile *t, score_function *f, int64_t block, const uint8_t *keys,
                        const uint8_t *ahead) {
  for (int64_t row = 0; row < t->rows; row += SCORE_ROWS) {
    int64_t rows = MIN(SCORE_ROWS, t->rows - row);
    int64_t start = block * KV_BLOCK;
    if (t->last[row + rows - 1] >= start && first_visible(t, row) < start + KV_BLOCK) {
      f(rows, keys, t->dim, t->queries + row * whole(t->dim), ahead, t->scores + row * SCORE_STRIDE + start % SPLIT);
    }
  }
}

/*
 * Turns the scores of a row that sees positions seen of the split into weights. cap: of the scores, 0
 * for none.
 */
static void softmax(float *scores, struct range seen, float cap, float *max, float *sum) {
  int64_t from = seen.from / LANES * LANES;
  int64_t to = (seen.to + LANES - 1) / LANES * LANES;
  for (int64_t i = from; cap > 0 && i < to; i += LANES) {
    v_store(scores + i, v_tanh(v_load(scores + i) / v_all(cap)) * v_all(cap));
  }
  for (int64_t i = from; i < seen.from; i++) {
    scores[i] = -__builtin_inff();
  }
  for (int64_t i = seen.to; i < to; i++) {
    scores[i] = -__builtin_inff();
  }
  vfloat highest = v_load(scores + from);
  for (int64_t i = from + LANES; i < to; i += LANES) {
    highest = v_max(highest, v_load(scores + i));
  }
  *max = v_highest(highest);
  vfloat sums = v_zero();
  for (int64_t i = from; i < to; i += LANES) {
    vfloat weight = v_exp2(v_load(scores + i) - v_all(*max));
    v_store(scores + i, weight);
    sums += weight;
  }
  *sum = v_sum(sums);
}

/*
 * Adds the block's values to rows row..row+rows: together where all of them see a position, one by
 * one before and after, so that none touches what it does not see.
 */
static void gather_group(const struct tile *t, gather_function *f, int64_t row, int64_t rows, int64_t block,
                         const uint8_t *values, const uint8_t *ahead, float *out) {
  const int64_t start = block * KV_BLOCK;
  const float *weights = t->scores + row * SCORE_STRIDE + start % SPLIT;
  struct range shared = {visible(t, row + rows - 1, start, KV_BLOCK).from, visible(t, row, start, KV_BLOCK).to};
  if (shared.from >= shared.to) {
    shared = (struct range){KV_BLOCK, KV_BLOCK};
  }
  for (int64_t r = 0; r < rows; r++) {
    struct range seen = visible(t, row + r, start, KV_BLOCK);
    int64_t to = MIN(seen.to, shared.from);
    if (seen.from < to) {
      f(1, values, t->padded, weights + r * SCORE_STRIDE, seen.from, to, ahead, out + r * t->padded);
    }
  }
  if (shared.from < shared.to) {
    f(rows, values, t->padded, weights, shared.from, shared.to, ahead, out);
  }
  for (int64_t r = 0; r < rows; r++) {
    struct range seen = visible(t, row + r, start, KV_BLOCK);
    if (shared.to < seen.to) {
      f(1, values, t->padded, weights + r * SCORE_STRIDE, shared.to, seen.to, ahead, out + r * t->padded);
    }
  }
}

static void gather_block(const struct tile *t, gather_function *f, int64_t block, const uint8_t *values,
                         const uint8_t *ahead, float *out) {
  const int64_t start = block * KV_BLOCK;
  const int whole = start >= first_visible(t, t->rows - 1) && start + KV_BLOCK - 1 <= t->last[0];
  for (int64_t row = 0; row < t->rows; row += VALUE_ROWS) {
    int64_t rows = MIN(VALUE_ROWS, t->rows - row);
    if (whole) {
      const float *weights = t->scores + row * SCORE_STRIDE + start % SPLIT;
      f(rows, values, t->padded, weights, 0, KV_BLOCK, ahead, out + row * t->padded);
    } else {
      gather_group(t, f, row, rows, block, values, ahead, out + row * t->padded);
    }
  }
}

static score_function *score_of(int32_t type) {
  return type == TYPE_F32 ? score_f32 : type == TYPE_F16 ? score_f16 : score_q8_0;
}

static gather_function *gather_of(int32_t type) {
  return type == TYPE_F32 ? gather_f32 : type == TYPE_F16 ? gather_f16 : gather_q8_0;
}

static void attend_split(const struct tile *t, int64_t split, struct partial out) {
  const int direct = t->rows <= DIRECT_ROWS && !t->op->latent;
  score_function *score_type = direct ? score_of(t->op->kv_type) : score_unpacked;
  gather_function *gather_type = direct ? gather_of(t->op->kv_type) : gather_unpacked;
  const struct range blocks = blocks_of(t, split);
  for (int64_t b = blocks.from; b < blocks.to; b++) {
    const uint8_t *keys = keys_at(t, b);
    const uint8_t *ahead = read_later(t, blocks, b - blocks.from);
    score_block(t, score_type, b, direct ? keys : (const uint8_t *)unpacked_keys(t, keys), ahead);
  }
  for (int64_t row = 0; row < t->rows; row++) {
    struct range seen = visible(t, row, split * SPLIT, SPLIT);
    if (seen.from < seen.to) {
      float cap = t->op->soft_cap * LOG2_E;
      softmax(t->scores + row * SCORE_STRIDE, seen, cap, &out.max[row], &out.sum[row]);
    }
  }
  memset(out.out, 0, (size_t)(t->rows * t->padded) * sizeof(float));
  for (int64_t b = blocks.from; b < blocks.to; b++) {
    const uint8_t *values = values_at(t, b);
    const uint8_t *ahead = read_later(t, blocks, b - blocks.from + blocks.to - blocks.from);
    gather_block(t, gather_type, b, direct ? values : (const uint8_t *)unpacked_values(t, values), ahead, out.out);
  }
}

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

/* The query head of a row. */
static int64_t head_of(const struct tile *t, int64_t row) {
  return t->kv_head * t->op->heads_per_kv + row % t->op->heads_per_kv;
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
static void look(struct tile *t, int64_t position, int64_t end) {
  const struct attention *op = t->op;
  for (int64_t row = 0; row < t->rows; row++) {
    int64_t at = position + row / op->heads_per_kv;
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
  look(&t, position, end);
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
