/*
 * Stores keys and values in the cache, rounded as Java's KvLayout.store does. Neighbouring tokens
 * of one block go together: their keys share cache lines.
 */
#include "isa/vector.h"
#include "kv_layout.h"

/* Some tokens of one head: where they come from, and how many floats lie from one to the next. */
struct rows {
  const float *at;
  int64_t dim;
  int64_t stride;
};

static void store_keys_f32(float *keys, int64_t tokens, struct rows k) {
  for (int64_t d = 0; d < k.dim; d++) {
    for (int64_t t = 0; t < tokens; t++) {
      keys[d * KV_BLOCK + t] = k.at[t * k.stride + d];
    }
  }
}

static void store_values_f32(float *values, int64_t tokens, struct rows v) {
  for (int64_t t = 0; t < tokens; t++) {
    memcpy(values + t * padded_dim(v.dim), v.at + t * v.stride, (size_t)v.dim * sizeof(float));
  }
}

#define HALF_MAX 65504.0f

/*
 * count floats to halves, round to nearest even. What is beyond the range of halves becomes the last
 * of them, for infinity times zero would be NaN; a NaN stays one, as the second operand does on x86.
 */
static void to_halves(const float *x, int64_t count, uint16_t *out) {
  int64_t i = 0;
  for (; i + LANES <= count; i += LANES) {
    v_store_halves(out + i, v_max(v_all(-HALF_MAX), v_min(v_all(HALF_MAX), v_load(x + i))));
  }
  for (; i < count; i++) {
    out[i] = float_to_half(x[i] > HALF_MAX ? HALF_MAX : x[i] < -HALF_MAX ? -HALF_MAX : x[i]);
  }
}

#define PIECE 64
static void store_keys_f16(uint16_t *keys, int64_t tokens, struct rows k) {
  uint16_t rounded[KV_BLOCK][PIECE];
  for (int64_t from = 0; from < k.dim; from += PIECE) {
    int64_t count = k.dim - from < PIECE ? k.dim - from : PIECE;
    for (int64_t t = 0; t < tokens; t++) {
      to_halves(k.at + t * k.stride + from, count, rounded[t]);
    }
    for (int64_t d = 0; d < count; d++) {
      for (int64_t t = 0; t < tokens; t++) {
        keys[(from + d) * KV_BLOCK + t] = rounded[t][d];
      }
    }
  }
}

static void store_values_f16(uint16_t *values, int64_t tokens, struct rows v) {
  for (int64_t t = 0; t < tokens; t++) {
    to_halves(v.at + t * v.stride, v.dim, values + t * padded_dim(v.dim));
  }
}

/* The nearest integer, of two the higher: floor(x + 1/2) without rounding the sum. */
INLINE int32_t nearest(float x) {
  int32_t below = (int32_t)x;
  below -= (float)below > x;
  return below + (x - (float)below >= 0.5f);
}

/* 32 elements: d = max |x| / 127 as f16, q = x / d, q at every stride-th byte. A NaN makes d one. */
static void store_q8(const float *x, uint16_t *scale, int8_t *bytes, int64_t stride) {
  float max = 0;
  for (int i = 0; i < 32; i++) {
    float size = __builtin_fabsf(x[i]);
    max = size > max || size != size ? size : max;
  }
  float d = max / 127;
  float inverse = d == 0 ? 0 : 1 / d;
  uint16_t rounded = float_to_half(d);
  memcpy(scale, &rounded, sizeof rounded);
  for (int i = 0; i < 32; i++) {
    bytes[i * stride] = (int8_t)nearest(x[i] * inverse);
  }
}

static void store_keys_q8_0(uint8_t *keys, int64_t slot, int64_t tokens, struct rows k) {
  for (int64_t t = 0; t < tokens; t++) {
    for (int64_t d = 0; d < k.dim; d += 32) {
      uint8_t *group = keys + d * Q8_0_BYTES;
      int64_t position = slot + t;
      store_q8(k.at + t * k.stride + d, (uint16_t *)group + position, (int8_t *)group + 2 * KV_BLOCK + position,
               KV_BLOCK);
    }
  }
}

static void store_values_q8_0(uint8_t *values, int64_t slot, int64_t tokens, struct rows v) {
  for (int64_t t = 0; t < tokens; t++) {
    for (int64_t d = 0; d < v.dim; d += 32) {
      uint8_t *block = values + ((slot + t) * v.dim + d) / 32 * Q8_0_BYTES;
      store_q8(v.at + t * v.stride + d, (uint16_t *)block, (int8_t *)block + 2, 1);
    }
  }
}

static void store_keys(int32_t type, uint8_t *keys, int64_t slot, int64_t tokens, struct rows k) {
  switch (type) {
    case TYPE_F32: store_keys_f32((float *)keys + slot, tokens, k); break;
    case TYPE_F16: store_keys_f16((uint16_t *)keys + slot, tokens, k); break;
    default: store_keys_q8_0(keys, slot, tokens, k);
  }
}

static void store_values(int32_t type, uint8_t *values, int64_t slot, int64_t tokens, struct rows v) {
  int64_t skip = slot * padded_dim(v.dim);
  switch (type) {
    case TYPE_F32: store_values_f32((float *)values + skip, tokens, v); break;
    case TYPE_F16: store_values_f16((uint16_t *)values + skip, tokens, v); break;
    default: store_values_q8_0(values, slot, tokens, v);
  }
}

void ISA_NAME(store_kv)(const struct attention *op, void *block, int64_t slot, int64_t tokens, const float *k,
                        const float *v) {
  int64_t heads = op->num_kv_heads;
  for (int64_t head = 0; head < heads; head++) {
    uint8_t *keys = (uint8_t *)block + head * kv_head_bytes(op);
    struct rows from_k = {k + head * op->key_dim, op->key_dim, heads * op->key_dim};
    store_keys(op->kv_type, keys, slot, tokens, from_k);
    if (!op->latent) {
      struct rows from_v = {v + head * op->value_dim, op->value_dim, heads * op->value_dim};
      store_values(op->kv_type, keys + key_bytes(op), slot, tokens, from_v);
    }
  }
}
