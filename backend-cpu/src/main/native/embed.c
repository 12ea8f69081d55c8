/*
 * One row of a matrix in file layout as f32: embedding rows. Formats: ggml-org/ggml,
 * src/ggml-common.h (blocks) and src/ggml-quants.c (dequantize_row_*). Every value equals the
 * scalar truth of the engine to the bit.
 */
#include "solebox_cpu.h"

static float bits_to_float(uint32_t bits) {
  float f;
  __builtin_memcpy(&f, &bits, 4);
  return f;
}

/* The f16 at p. */
static float half(const uint8_t *p) {
  uint32_t h = (uint32_t)p[0] | (uint32_t)p[1] << 8;
  uint32_t sign = (h & 0x8000) << 16, exponent = h >> 10 & 31, fraction = h & 1023;
  if (exponent == 0) {
    float tiny = (float)fraction * 0x1p-24f;
    return sign ? -tiny : tiny;
  }
  if (exponent == 31) {
    return bits_to_float(sign | 0x7F800000 | fraction << 13);
  }
  return bits_to_float(sign | (exponent + 112) << 23 | fraction << 13);
}

static void halves(const uint8_t *p, int64_t k, float *out) {
  for (int64_t i = 0; i < k; i++) {
    out[i] = half(p + 2 * i);
  }
}

static void bfloats(const uint8_t *p, int64_t k, float *out) {
  for (int64_t i = 0; i < k; i++) {
    out[i] = bits_to_float((uint32_t)p[2 * i] << 16 | (uint32_t)p[2 * i + 1] << 24);
  }
}

static void q8_0(const uint8_t *p, float *out) {
  float d = half(p);
  for (int i = 0; i < 32; i++) {
    out[i] = d * (float)(int8_t)p[2 + i];
  }
}

/* What added to anything leaves it as it is; 0 would take the sign from a zero. */
#define NONE (-0.0f)

/* 32 weights of 4 bits, or 5 where h is the place of the fifth bits: d (q - z) + m. */
static void low_bits(float d, float m, int z, const uint8_t *h, const uint8_t *q, float *out) {
  for (int i = 0; i < 32; i++) {
    int v = i < 16 ? q[i] & 15 : q[i - 16] >> 4;
    v |= h ? (h[i / 8] >> i % 8 & 1) << 4 : 0;
    out[i] = d * (float)(v - z) + m;
  }
}

/* Scale and minimum of sub-block s. */
static void k_scale(const uint8_t *p, int s, int *scale, int *min) {
  if (s < 4) {
    *scale = p[s] & 63;
    *min = p[s + 4] & 63;
  } else {
    *scale = (p[s + 4] & 15) | p[s - 4] >> 6 << 4;
    *min = p[s + 4] >> 4 | p[s] >> 6 << 4;
  }
}

/* 256 weights; h: fifth bits of Q5_K, or NULL. */
static void k_quant(const uint8_t *p, const uint8_t *h, const uint8_t *q, float *out) {
  for (int s = 0; s < 8; s++) {
    int scale, min;
    k_scale(p + 4, s, &scale, &min);
    float d = half(p) * (float)scale, m = half(p + 2) * (float)min;
    for (int i = 0; i < 32; i++) {
      int v = s % 2 ? q[32 * (s / 2) + i] >> 4 : q[32 * (s / 2) + i] & 15;
      v |= h ? (h[i] >> s & 1) << 4 : 0;
      out[32 * s + i] = d * (float)v - m;
    }
  }
}

static void q6_k(const uint8_t *p, float *out) {
  float d = half(p + 208);
  for (int i = 0; i < 256; i++) {
    int half_block = i / 128, s = i % 128 / 32, at = i % 32;
    int nibbles = p[64 * half_block + 32 * (s % 2) + at];
    int low = s < 2 ? nibbles & 15 : nibbles >> 4;
    int high = p[128 + 32 * half_block + at] >> 2 * s & 3;
    out[i] = d * (float)(int8_t)p[192 + i / 16] * (float)((low | high << 4) - 32);
  }
}

void embed(int32_t type, const void *row, int64_t k, float *out) {
  const uint8_t *p = row;
  switch ((enum weight_type)type) {
    case TYPE_F32: __builtin_memcpy(out, p, (uint64_t)k * 4); break;
    case TYPE_F16: halves(p, k, out); break;
    case TYPE_BF16: bfloats(p, k, out); break;
    case TYPE_Q4_0:
      for (int64_t b = 0; b < k / 32; b++, p += 18) low_bits(half(p), NONE, 8, 0, p + 2, out + 32 * b);
      break;
    case TYPE_Q4_1:
      for (int64_t b = 0; b < k / 32; b++, p += 20) low_bits(half(p), half(p + 2), 0, 0, p + 4, out + 32 * b);
      break;
    case TYPE_Q5_0:
      for (int64_t b = 0; b < k / 32; b++, p += 22) low_bits(half(p), NONE, 16, p + 2, p + 6, out + 32 * b);
      break;
    case TYPE_Q5_1:
      for (int64_t b = 0; b < k / 32; b++, p += 24) low_bits(half(p), half(p + 2), 0, p + 4, p + 8, out + 32 * b);
      break;
    case TYPE_Q8_0:
      for (int64_t b = 0; b < k / 32; b++, p += 34) q8_0(p, out + 32 * b);
      break;
    case TYPE_Q4_K:
      for (int64_t b = 0; b < k / 256; b++, p += 144) k_quant(p, 0, p + 16, out + 256 * b);
      break;
    case TYPE_Q5_K:
      for (int64_t b = 0; b < k / 256; b++, p += 176) k_quant(p, p + 16, p + 48, out + 256 * b);
      break;
    case TYPE_Q6_K:
      for (int64_t b = 0; b < k / 256; b++, p += 210) q6_k(p, out + 256 * b);
      break;
  }
}
