/*
 * One split of attention.c: the scores of its positions, the weights that they become, and the sums
 * of values by these weights, for the rows of a tile.
 */
#include "attention_cache.h"

/* Rows up to here read the cache as it is stored; more share it unpacked. */
#define DIRECT_ROWS 8

/* What a row knows of a split, or of all splits so far. */
struct partial {
  float *max;  /* [rows] */
  float *sum;  /* [rows] */
  float *out;  /* [rows, padded D] */
};

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

/* Caps the scores of positions from..to of a split, whole vectors of them. cap: in powers of 2. */
static void limit(float *scores, int64_t from, int64_t to, float cap) {
  for (int64_t i = from; i < to; i += LANES) {
    v_store(scores + i, v_tanh(v_load(scores + i) / v_all(cap)) * v_all(cap));
  }
}

/* Takes slope off for each position between a score's own, counted from start, and the row's. */
static void lean(float *scores, int64_t from, int64_t to, int64_t start, int64_t position, float slope) {
  float steps[LANES];
  for (int i = 0; i < LANES; i++) {
    steps[i] = (float)i;
  }
  for (int64_t i = from; i < to; i += LANES) {
    vfloat distance = v_abs(v_load(steps) + v_all((float)(start + i - position)));
    v_store(scores + i, v_load(scores + i) - distance * v_all(slope));
  }
}

/* Turns the scores of a row that sees positions seen of a split, which begins at start, into weights. */
static void softmax(const struct tile *t, int64_t row, int64_t start, struct range seen, float *max, float *sum) {
  const struct attention *op = t->op;
  float *scores = t->scores + row * SCORE_STRIDE;
  int64_t from = seen.from / LANES * LANES;
  int64_t to = (seen.to + LANES - 1) / LANES * LANES;
  if (op->soft_cap > 0) {
    limit(scores, from, to, op->soft_cap * LOG2_E);
  }
  if (op->slopes != NULL) {
    lean(scores, from, to, start, t->position + row / op->heads_per_kv, op->slopes[head_of(t, row)] * LOG2_E);
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
      softmax(t, row, split * SPLIT, seen, &out.max[row], &out.sum[row]);
    }
  }
  memset(out.out, 0, (size_t)(t->rows * t->padded) * sizeof(float));
  for (int64_t b = blocks.from; b < blocks.to; b++) {
    const uint8_t *values = values_at(t, b);
    const uint8_t *ahead = read_later(t, blocks, b - blocks.from + blocks.to - blocks.from);
    gather_block(t, gather_type, b, direct ? values : (const uint8_t *)unpacked_values(t, values), ahead, out.out);
  }
}
