/*
 * What attention.c works on: a tile of neighbouring tokens of one sequence with one key/value head,
 * and the keys and values of its blocks, as they are stored or unpacked.
 */
#include "attention_tiles.h"

#define LOG2_E 0x1.715476p0f

struct tile {
  const struct attention *op;
  const uint8_t *cache;
  const int32_t *block_table;
  int64_t kv_head;
  int64_t position; /* of its first token */
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

/* The query head of a row. */
static int64_t head_of(const struct tile *t, int64_t row) {
  return t->kv_head * t->op->heads_per_kv + row % t->op->heads_per_kv;
}

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
