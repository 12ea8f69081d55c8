/*
 * Stores keys and values in the cache, rounded as Java's KvLayout.store does. Neighbouring tokens
 * of one block go together: their keys share cache lines.
 */
#include "isa/vector.h"
#include "kv_layout.h"

static void store_floats(float *keys, float *values, int64_t dim, int64_t tokens, int64_t stride, const float *k,
                         const float *v) {
  for (int64_t d = 0; d < dim; d++) {
    for (int64_t t = 0; t < tokens; t++) {
      keys[d * KV_BLOCK + t] = k[t * stride + d];
    }
  }
  for (int64_t t = 0; t < tokens; t++) {
    memcpy(values + t * padded_dim(dim), v + t * stride, (size_t)dim * sizeof(float));
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
static void store_halves(uint16_t *keys, uint16_t *values, int64_t dim, int64_t tokens, int64_t stride, const float *k,
                         const float *v) {
  uint16_t rounded[KV_BLOCK][PIECE];
  for (int64_t from = 0; from < dim; from += PIECE) {
    int64_t count = dim - from < PIECE ? dim - from : PIECE;
    for (int64_t t = 0; t < tokens; t++) {
      to_halves(k + t * stride + from, count, rounded[t]);
    }
    for (int64_t d = 0; d < count; d++) {
      for (int64_t t = 0; t < tokens; t++) {
        keys[(from + d) * KV_BLOCK + t] = rounded[t][d];
      }
    }
  }
  for (int64_t t = 0; t < tokens; t++) {
    to_halves(v + t * stride, dim, values + t * padded_dim(dim));
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

static void store_bytes(uint8_t *keys, uint8_t *values, int64_t dim, int64_t slot, int64_t tokens, int64_t stride,
                        const float *k, const float *v) {
  for (int64_t t = 0; t < tokens; t++) {
    for (int64_t d = 0; d < dim; d += 32) {
      uint8_t *group = keys + d * Q8_0_BYTES;
      int64_t position = slot + t;
      store_q8(k + t * stride + d, (uint16_t *)group + position, (int8_t *)group + 2 * KV_BLOCK + position, KV_BLOCK);
      uint8_t *block = values + (position * dim + d) / 32 * Q8_0_BYTES;
      store_q8(v + t * stride + d, (uint16_t *)block, (int8_t *)block + 2, 1);
    }
  }
}

void ISA_NAME(store_kv)(int32_t type, void *block, int64_t kv_heads, int64_t dim, int64_t slot, int64_t tokens,
                        const float *k, const float *v) {
  int64_t stride = kv_heads * dim;
  for (int64_t head = 0; head < kv_heads; head++) {
    uint8_t *keys = (uint8_t *)block + head * kv_head_bytes(type, dim);
    uint8_t *values = keys + key_bytes(type, dim);
    const float *from_k = k + head * dim;
    const float *from_v = v + head * dim;
    int64_t skip = slot * padded_dim(dim);
    switch (type) {
      case TYPE_F32:
        store_floats((float *)keys + slot, (float *)values + skip, dim, tokens, stride, from_k, from_v);
        break;
      case TYPE_F16:
        store_halves((uint16_t *)keys + slot, (uint16_t *)values + skip, dim, tokens, stride, from_k, from_v);
        break;
      default:
        store_bytes(keys, values, dim, slot, tokens, stride, from_k, from_v);
    }
  }
}
