/* What matrix products take, and what they make of their input first. */
#include "isa/isa.h"
#include "solebox_cpu.h"

int32_t ISA_NAME(operand)(int32_t type) {
#ifdef __AVX512BF16__
  if (type == TYPE_BF16) {
    return OPERAND_BF16; /* dense.c multiplies pairs */
  }
#endif
#define DENSE(name, id, bytes) case TYPE_##name: return OPERAND_F32;
#define QUANTIZED(name, id, family, ...) case TYPE_##name: return OPERAND_INT8;
  switch (type) {
    DENSE_FORMATS(DENSE)
    QUANTIZED_FORMATS(QUANTIZED)
    default: return OPERAND_NONE;
  }
}

/* Round to nearest, ties to even; for |x| < 2^22. Adding 1.5 * 2^23 leaves the integer in the low bits. */
static inline int32_t nearest(float x) {
  union {
    float f;
    int32_t i;
  } u = {x + 12582912.0f};
  return u.i - 0x4B400000;
}

static void quantize_block(const float *x, struct activation_block *out) {
  /* Without their sign, floats are ordered as their bits are; a NaN wins, and spreads. */
  int32_t highest = 0;
  for (int i = 0; i < 32; i++) {
    int32_t bits;
    __builtin_memcpy(&bits, x + i, 4);
    bits &= 0x7FFFFFFF;
    highest = bits > highest ? bits : highest;
  }
  float max;
  __builtin_memcpy(&max, &highest, 4);
  float inverse = max > 0 ? 127 / max : 0;
  int32_t q[32], low = 0, high = 0;
  for (int i = 0; i < 32; i++) {
    q[i] = nearest(x[i] * inverse);
    out->q[i] = (int8_t)q[i];
  }
  for (int i = 0; i < 16; i++) {
    low += q[i];
    high += q[i + 16];
  }
  out->d = max / 127;
  out->sum = out->d * (float)(low + high);
  out->negative_sum = -(low + high);
  out->negative_low = -low;
}

void ISA_NAME(quantize)(const float *x, int64_t count, struct activation_block *out) {
  for (int64_t b = 0; b < count / 32; b++) {
    quantize_block(x + 32 * b, out + b);
  }
}

void ISA_NAME(to_bf16)(const float *x, int64_t count, uint16_t *out) {
  for (int64_t i = 0; i < count; i++) {
    uint32_t bits;
    __builtin_memcpy(&bits, x + i, 4);
    int nan = (bits & 0x7FFFFFFF) > 0x7F800000;
    out[i] = nan ? (uint16_t)(bits >> 16 | 64) : (uint16_t)((bits + 0x7FFF + (bits >> 16 & 1)) >> 16);
  }
}
