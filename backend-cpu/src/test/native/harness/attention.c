/* The cache of keys and values, and attention over it. */
#include "harness.h"

/* The whole cache of a sequence, its blocks in falling order. */
static uint8_t *fill_cache(const struct attention *op, int64_t positions, const float *k, const float *v,
                           int32_t *table) {
  int64_t blocks = (positions + KV_BLOCK - 1) / KV_BLOCK;
  int64_t keys = op->num_kv_heads * (int64_t)op->key_dim, values = op->num_kv_heads * (int64_t)op->value_dim;
  int64_t block_bytes = op->num_kv_heads * kv_head_bytes(op);
  uint8_t *cache = guarded((size_t)(blocks * block_bytes), 64);
  memset(cache, 0, (size_t)(blocks * block_bytes));
  for (int64_t b = 0; b < blocks; b++) {
    table[b] = (int32_t)(blocks - 1 - b);
    /* A few tokens, then the others of the block. */
    for (int64_t slot = 0; slot < KV_BLOCK && b * KV_BLOCK + slot < positions;) {
      int64_t left = positions - b * KV_BLOCK - slot, wanted = slot == 0 ? 3 : KV_BLOCK - slot;
      int64_t tokens = left < wanted ? left : wanted, from = b * KV_BLOCK + slot;
      const float *stored = op->latent ? NULL : v + from * values;
      KERNEL(store_kv)(op, cache + table[b] * block_bytes, slot, tokens, k + from * keys, stored);
      slot += tokens;
    }
  }
  return cache;
}

/* What is the same for all calls of one case. */
struct run {
  struct attention op;
  const uint8_t *cache;
  const int32_t *table;
  int64_t first; /* position of the first token */
  int64_t tokens;
  int64_t end;
  const float *q;
  int64_t key_width, value_width; /* of a token's queries and results */
  float *scratch;
};

/* Tokens from..from+count, all key/value heads. */
static void attend(const struct run *r, int64_t from, int64_t count, float *out) {
  for (int64_t head = 0; head < r->op.num_kv_heads; head++) {
    KERNEL(attend)(&r->op, r->cache, r->table, r->first + from, count, r->end, head, r->q + from * r->key_width,
                   out + from * r->value_width, r->scratch);
  }
}

/* The first position that a token sees. */
static int64_t first_seen(const struct attention *op, int64_t position) {
  int64_t before = position - op->before, chunk = position - position % op->chunk;
  int64_t first = before > chunk ? before : chunk;
  return first > 0 ? first : 0;
}

/* All tokens, split by split, the last first. */
static void attend_in_splits(const struct run *r, int64_t head, float *out) {
  int64_t rows = r->tokens * r->op.heads_per_kv, first = first_seen(&r->op, r->first) / 256;
  int64_t seen = r->first + r->tokens - 1 + r->op.after;
  int64_t last = (seen < r->end ? seen : r->end) / 256, floats = rows * (2 + padded_dim(r->op.value_dim));
  float *partials = guarded((size_t)((last - first + 1) * floats) * 4, 4);
  for (int64_t split = last; split >= first; split--) {
    KERNEL(attend_splits)(&r->op, r->cache, r->table, r->first, r->tokens, r->end, head, r->q, split, split + 1,
                          partials + (split - first) * floats, r->scratch);
  }
  KERNEL(merge_splits)(&r->op, r->first, r->tokens, r->end, head, partials, out, r->scratch);
}

/* Any tokens together and any order of the splits give the bits that each token has alone. */
static void invariant(const struct run *r, const float *alone) {
  const size_t bytes = (size_t)(r->tokens * r->value_width) * 4;
  float *out = guarded(bytes, 4);
  for (int i = 0; i < TOGETHER_COUNT; i++) {
    int64_t together = TOGETHER[i] < r->tokens ? TOGETHER[i] : r->tokens;
    char what[64];
    snprintf(what, sizeof what, "%d tokens together", (int)together);
    memset(out, 0xA5, bytes);
    for (int64_t t = 0; t < r->tokens; t += together) {
      attend(r, t, r->tokens - t < together ? r->tokens - t : together, out);
    }
    same(what, alone, out, r->tokens * r->value_width);
  }
  memset(out, 0xA5, bytes);
  for (int64_t head = 0; head < r->op.num_kv_heads; head++) {
    attend_in_splits(r, head, out);
  }
  same("in splits", alone, out, r->tokens * r->value_width);
}

static struct attention op_of(struct vector *v) {
  return (struct attention){.kv_type = (int32_t)v->p[0],
                            .num_kv_heads = (int32_t)v->p[1],
                            .heads_per_kv = (int32_t)v->p[2],
                            .key_dim = (int32_t)v->p[3],
                            .value_dim = (int32_t)v->p[4],
                            .latent = (int32_t)v->p[5],
                            .before = (int32_t)v->p[6],
                            .after = (int32_t)v->p[7],
                            .chunk = (int32_t)v->p[8],
                            .scale = 1 / sqrtf((float)v->p[3]),
                            .soft_cap = real(v, 9),
                            .sinks = aligned_if_any(v, 4),
                            .slopes = aligned_if_any(v, 5)};
}

void attention(struct vector *v) {
  struct run r = {.op = op_of(v), .tokens = v->p[11], .end = v->p[10] - 1, .q = aligned(v, 0)};
  const int64_t positions = v->p[10], dim = r.op.value_dim;
  const int64_t heads = r.op.num_kv_heads * (int64_t)r.op.heads_per_kv;
  snprintf(place, sizeof place,
           "attention, cache type %d, %d heads of %d and %d%s, %d for each, sees %d, %d, %d, cap %g%s%s, %d positions",
           r.op.kv_type, r.op.num_kv_heads, r.op.key_dim, r.op.value_dim, r.op.latent ? " latent" : "",
           r.op.heads_per_kv, r.op.before, r.op.after, r.op.chunk, r.op.soft_cap, r.op.sinks ? ", sinks" : "",
           r.op.slopes ? ", slopes" : "", (int)positions);
  const double *expected = aligned(v, 3);
  int32_t *table = guarded((size_t)(positions + KV_BLOCK - 1) / KV_BLOCK * 4, 4);
  r.cache = fill_cache(&r.op, positions, aligned(v, 1), aligned_if_any(v, 2), table);
  r.table = table;
  r.first = positions - r.tokens;
  r.key_width = heads * r.op.key_dim;
  r.value_width = heads * dim;
  int64_t floats = KERNEL(attention_scratch)(r.tokens * r.op.heads_per_kv, r.op.key_dim, r.op.value_dim);
  r.scratch = guarded((size_t)floats * 4, 64);

  float *alone = guarded((size_t)(r.tokens * r.value_width) * 4, 4);
  for (int64_t t = 0; t < r.tokens; t++) {
    attend(&r, t, 1, alone);
    for (int64_t h = 0; h < heads; h++) {
      const double *truth = expected + t * r.value_width + h * dim;
      double scale = fmax(norm(truth, dim), 0.1 * sqrt((double)dim));
      near("head", truth, alone + t * r.value_width + h * dim, dim, scale, 1e-5);
    }
  }
  invariant(&r, alone);
}
