/*
 * ARMv8 NEON, with the dot product or matrix product instructions where the compiler is told: four
 * registers for 16 rows.
 */
#include <arm_neon.h>

typedef struct {
  uint8x16_t v[4];
} rows4; /* u8: 4 weights of each row; rows 4i..4i+3 in v[i] */
typedef struct {
  float32x4_t v[4];
} reals; /* f32: a value of each row */
typedef struct {
  uint32x4_t v[4];
} words; /* u32: a word of each row, as the scales of K-quants are packed */

#define EACH _Pragma("GCC unroll 8") for (int i = 0; i < 4; i++)

static inline rows4 load_rows4(const void *p) {
  rows4 r;
  EACH r.v[i] = vld1q_u8((const uint8_t *)p + 16 * i);
  return r;
}
static inline rows4 low_nibbles(rows4 q) {
  EACH q.v[i] = vandq_u8(q.v[i], vdupq_n_u8(15));
  return q;
}
static inline rows4 high_nibbles(rows4 q) {
  EACH q.v[i] = vshrq_n_u8(q.v[i], 4);
  return q;
}

/* (bits from..from + width of each byte of h) << place */
static inline rows4 moved_bits(rows4 h, int from, int width, int place) {
  uint8x16_t mask = vdupq_n_u8((uint8_t)(((1 << width) - 1) << place));
  EACH h.v[i] = vandq_u8(vshlq_u8(h.v[i], vdupq_n_s8((int8_t)(place - from))), mask);
  return h;
}
/* q | the same */
static inline rows4 with_bits(rows4 q, rows4 h, int from, int width, int place) {
  rows4 bits = moved_bits(h, from, width, place);
  EACH q.v[i] = vorrq_u8(q.v[i], bits.v[i]);
  return q;
}
/* Bits n.. of each byte in its place of bits 0... */
static inline rows4 bits_from(rows4 v, int n) {
  EACH v.v[i] = vshlq_u8(v.v[i], vdupq_n_s8((int8_t)-n));
  return v;
}
/* Of each byte, below 16, what it stands for. */
static inline rows4 lookup(const uint8_t *table, rows4 codes) {
  uint8x16_t t = vld1q_u8(table);
  EACH codes.v[i] = vqtbl1q_u8(t, codes.v[i]);
  return codes;
}

#ifdef __ARM_FEATURE_MATMUL_INT8
#include "i8mm.h"
#else
#include "neon_dots.h"
#endif

static inline reals all(float x) {
  reals r;
  EACH r.v[i] = vdupq_n_f32(x);
  return r;
}
static inline reals reals_zero(void) { return all(0); }
static inline reals mul(reals a, reals b) {
  EACH a.v[i] = vmulq_f32(a.v[i], b.v[i]);
  return a;
}
static inline reals fma_(reals a, reals b, reals c) {
  EACH c.v[i] = vfmaq_f32(c.v[i], a.v[i], b.v[i]);
  return c;
}
/* c - a b */
static inline reals minus_product(reals a, reals b, reals c) {
  EACH c.v[i] = vfmsq_f32(c.v[i], a.v[i], b.v[i]);
  return c;
}
static inline reals add_reals(reals a, reals b) {
  EACH a.v[i] = vaddq_f32(a.v[i], b.v[i]);
  return a;
}
static inline reals load_halves(const void *p) {
  reals r;
  EACH r.v[i] = vcvt_f32_f16(vreinterpret_f16_u16(vld1_u16((const uint16_t *)p + 4 * i)));
  return r;
}
static inline reals load_reals(const float *p) {
  reals r;
  EACH r.v[i] = vld1q_f32(p + 4 * i);
  return r;
}
static inline void store_reals(float *p, reals v) { EACH vst1q_f32(p + 4 * i, v.v[i]); }

static inline words load_words(const void *p) {
  words w;
  EACH w.v[i] = vreinterpretq_u32_u8(vld1q_u8((const uint8_t *)p + 16 * i));
  return w;
}
static inline words and_words(words w, uint32_t mask) {
  EACH w.v[i] = vandq_u32(w.v[i], vdupq_n_u32(mask));
  return w;
}
static inline words or_words(words a, words b) {
  EACH a.v[i] = vorrq_u32(a.v[i], b.v[i]);
  return a;
}
static inline words shift_left(words w, int n) {
  EACH w.v[i] = vshlq_u32(w.v[i], vdupq_n_s32(n));
  return w;
}
static inline words shift_right(words w, int n) { return shift_left(w, -n); }
/* Byte i of each word. */
static inline reals unsigned_byte(words w, int byte) {
  reals r;
  words b = and_words(shift_right(w, 8 * byte), 255);
  EACH r.v[i] = vcvtq_f32_u32(b.v[i]);
  return r;
}
static inline words add_words(words w, int32_t n) {
  EACH w.v[i] = vaddq_u32(w.v[i], vdupq_n_u32((uint32_t)n));
  return w;
}
static inline words at_least(words w, uint32_t n) {
  EACH w.v[i] = vmaxq_u32(w.v[i], vdupq_n_u32(n));
  return w;
}
static inline words at_most(words w, uint32_t n) {
  EACH w.v[i] = vminq_u32(w.v[i], vdupq_n_u32(n));
  return w;
}
static inline words subtract_words(words a, words b) {
  EACH a.v[i] = vsubq_u32(a.v[i], b.v[i]);
  return a;
}
/* As signed numbers. */
static inline words shift_right_signed(words w, int n) {
  EACH w.v[i] = vreinterpretq_u32_s32(vshlq_s32(vreinterpretq_s32_u32(w.v[i]), vdupq_n_s32(-n)));
  return w;
}
static inline reals numbers(words w) {
  reals r;
  EACH r.v[i] = vcvtq_f32_s32(vreinterpretq_s32_u32(w.v[i]));
  return r;
}
static inline reals bits_as_reals(words w) {
  reals r;
  EACH r.v[i] = vreinterpretq_f32_u32(w.v[i]);
  return r;
}
/* A u16, or a byte, of each row. */
static inline words load_shorts(const void *p) {
  words w;
  EACH w.v[i] = vmovl_u16(vld1_u16((const uint16_t *)p + 4 * i));
  return w;
}
static inline words load_bytes(const void *p) {
  uint8x16_t bytes = vld1q_u8((const uint8_t *)p);
  uint16x8_t low = vmovl_u8(vget_low_u8(bytes)), high = vmovl_u8(vget_high_u8(bytes));
  return (words){{vmovl_u16(vget_low_u16(low)), vmovl_u16(vget_high_u16(low)), vmovl_u16(vget_low_u16(high)),
                  vmovl_u16(vget_high_u16(high))}};
}
