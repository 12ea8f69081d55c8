/*
 * Vectors of f32 for the kernels that do plain f32 arithmetic: attention, pointwise, answers.
 * LANES floats to a vector, as wide as the instruction set has them; + - * / are the compiler's own
 * operators on vectors. What rounds differently when fused is spelled out: v_fma.
 */
#ifndef SOLEBOX_VECTOR_H
#define SOLEBOX_VECTOR_H

#include <stdint.h>
#include <string.h>

#define INLINE static inline __attribute__((always_inline))
/* Before a loop over registers: arrays of vectors only become registers where it is unrolled. */
#ifdef __clang__
#define UNROLL _Pragma("clang loop unroll(full)")
#else
#define UNROLL _Pragma("GCC unroll 16")
#endif

#if defined(__AVX512F__)
#include <immintrin.h>
#define LANES 16
typedef __m512 vfloat;

INLINE vfloat v_load(const float *p) { return _mm512_loadu_ps(p); }
INLINE void v_store(float *p, vfloat v) { _mm512_storeu_ps(p, v); }
INLINE vfloat v_all(float x) { return _mm512_set1_ps(x); }
INLINE vfloat v_fma(vfloat a, vfloat b, vfloat c) { return _mm512_fmadd_ps(a, b, c); }
INLINE vfloat v_max(vfloat a, vfloat b) { return _mm512_max_ps(a, b); }
INLINE vfloat v_min(vfloat a, vfloat b) { return _mm512_min_ps(a, b); }
INLINE vfloat v_halves(const uint16_t *p) { return _mm512_cvtph_ps(_mm256_loadu_si256((const __m256i *)p)); }
INLINE void v_store_halves(uint16_t *p, vfloat v) { _mm256_storeu_si256((__m256i *)p, _mm512_cvtps_ph(v, 0)); }
INLINE vfloat v_bytes(const int8_t *p) {
  return _mm512_cvtepi32_ps(_mm512_cvtepi8_epi32(_mm_loadu_si128((const __m128i *)p)));
}
INLINE int v_any_above(vfloat v, float limit) { return _mm512_cmp_ps_mask(v, v_all(limit), _CMP_GT_OQ) != 0; }
INLINE vfloat v_abs(vfloat v) { return _mm512_abs_ps(v); }
/* a where x is below limit, else b */
INLINE vfloat v_below(vfloat x, float limit, vfloat a, vfloat b) {
  return _mm512_mask_blend_ps(_mm512_cmp_ps_mask(x, v_all(limit), _CMP_LT_OQ), b, a);
}
/* v * 2^n where x is at least limit, else 0; shifted: n + 1.5 * 2^23, whose low bits are n. No overflow. */
INLINE vfloat v_times_power(vfloat v, vfloat shifted, vfloat x, float limit) {
  __m512i exponent = _mm512_slli_epi32(_mm512_castps_si512(shifted), 23);
  __mmask16 kept = _mm512_cmp_ps_mask(x, v_all(limit), _CMP_GE_OQ);
  return _mm512_castsi512_ps(_mm512_maskz_add_epi32(kept, _mm512_castps_si512(v), exponent));
}

#elif defined(__AVX2__)
#include <immintrin.h>
#define LANES 8
typedef __m256 vfloat;

INLINE vfloat v_load(const float *p) { return _mm256_loadu_ps(p); }
INLINE void v_store(float *p, vfloat v) { _mm256_storeu_ps(p, v); }
INLINE vfloat v_all(float x) { return _mm256_set1_ps(x); }
INLINE vfloat v_fma(vfloat a, vfloat b, vfloat c) { return _mm256_fmadd_ps(a, b, c); }
INLINE vfloat v_max(vfloat a, vfloat b) { return _mm256_max_ps(a, b); }
INLINE vfloat v_min(vfloat a, vfloat b) { return _mm256_min_ps(a, b); }
INLINE vfloat v_halves(const uint16_t *p) { return _mm256_cvtph_ps(_mm_loadu_si128((const __m128i *)p)); }
INLINE void v_store_halves(uint16_t *p, vfloat v) { _mm_storeu_si128((__m128i *)p, _mm256_cvtps_ph(v, 0)); }
INLINE vfloat v_bytes(const int8_t *p) {
  return _mm256_cvtepi32_ps(_mm256_cvtepi8_epi32(_mm_loadl_epi64((const __m128i *)p)));
}
INLINE int v_any_above(vfloat v, float limit) {
  return _mm256_movemask_ps(_mm256_cmp_ps(v, v_all(limit), _CMP_GT_OQ)) != 0;
}
INLINE vfloat v_abs(vfloat v) { return _mm256_andnot_ps(v_all(-0.0f), v); }
INLINE vfloat v_below(vfloat x, float limit, vfloat a, vfloat b) {
  return _mm256_blendv_ps(b, a, _mm256_cmp_ps(x, v_all(limit), _CMP_LT_OQ));
}
INLINE vfloat v_times_power(vfloat v, vfloat shifted, vfloat x, float limit) {
  __m256i exponent = _mm256_slli_epi32(_mm256_castps_si256(shifted), 23);
  __m256 sum = _mm256_castsi256_ps(_mm256_add_epi32(_mm256_castps_si256(v), exponent));
  return _mm256_and_ps(_mm256_cmp_ps(x, v_all(limit), _CMP_GE_OQ), sum);
}

#elif defined(__aarch64__)
#include <arm_neon.h>
#define LANES 4
typedef float32x4_t vfloat;

INLINE vfloat v_load(const float *p) { return vld1q_f32(p); }
INLINE void v_store(float *p, vfloat v) { vst1q_f32(p, v); }
INLINE vfloat v_all(float x) { return vdupq_n_f32(x); }
INLINE vfloat v_fma(vfloat a, vfloat b, vfloat c) { return vfmaq_f32(c, a, b); }
INLINE vfloat v_max(vfloat a, vfloat b) { return vmaxq_f32(a, b); }
INLINE vfloat v_min(vfloat a, vfloat b) { return vminq_f32(a, b); }
INLINE vfloat v_halves(const uint16_t *p) { return vcvt_f32_f16(vreinterpret_f16_u16(vld1_u16(p))); }
INLINE void v_store_halves(uint16_t *p, vfloat v) { vst1_u16(p, vreinterpret_u16_f16(vcvt_f16_f32(v))); }
INLINE vfloat v_bytes(const int8_t *p) {
  uint32_t four;
  memcpy(&four, p, 4);
  return vcvtq_f32_s32(vmovl_s16(vget_low_s16(vmovl_s8(vreinterpret_s8_u32(vdup_n_u32(four))))));
}
INLINE int v_any_above(vfloat v, float limit) { return vmaxvq_u32(vcgtq_f32(v, v_all(limit))) != 0; }
INLINE vfloat v_abs(vfloat v) { return vabsq_f32(v); }
INLINE vfloat v_below(vfloat x, float limit, vfloat a, vfloat b) { return vbslq_f32(vcltq_f32(x, v_all(limit)), a, b); }
INLINE vfloat v_times_power(vfloat v, vfloat shifted, vfloat x, float limit) {
  int32x4_t exponent = vshlq_n_s32(vreinterpretq_s32_f32(shifted), 23);
  int32x4_t sum = vaddq_s32(vreinterpretq_s32_f32(v), exponent);
  return vreinterpretq_f32_s32(vandq_s32(vreinterpretq_s32_u32(vcgeq_f32(x, v_all(limit))), sum));
}

#else
#error "no vectors for this instruction set"
#endif

INLINE vfloat v_zero(void) { return v_all(0); }

/* Sum and maximum over all lanes: lane i with i + LANES/2, then i + LANES/4, and so on. */
#if LANES == 4
INLINE float v_sum(vfloat v) {
  float32x2_t two = vadd_f32(vget_low_f32(v), vget_high_f32(v));
  return vget_lane_f32(two, 0) + vget_lane_f32(two, 1);
}
INLINE float v_highest(vfloat v) { return vmaxvq_f32(v); }
#else
INLINE float sum_8(__m256 v) {
  __m128 four = _mm256_castps256_ps128(v) + _mm256_extractf128_ps(v, 1);
  __m128 two = four + _mm_movehl_ps(four, four);
  return two[0] + two[1];
}
INLINE float highest_8(__m256 v) {
  __m128 four = _mm_max_ps(_mm256_castps256_ps128(v), _mm256_extractf128_ps(v, 1));
  __m128 two = _mm_max_ps(four, _mm_movehl_ps(four, four));
  return _mm_cvtss_f32(_mm_max_ss(two, _mm_movehdup_ps(two)));
}
#if LANES == 16
INLINE float v_sum(vfloat v) { return sum_8(_mm512_castps512_ps256(v) + _mm512_extractf32x8_ps(v, 1)); }
INLINE float v_highest(vfloat v) {
  return highest_8(_mm256_max_ps(_mm512_castps512_ps256(v), _mm512_extractf32x8_ps(v, 1)));
}
#else
INLINE float v_sum(vfloat v) { return sum_8(v); }
INLINE float v_highest(vfloat v) { return highest_8(v); }
#endif
#endif

/* The first count of LANES elements; the others are fill, or stay as they are. */
INLINE vfloat v_load_some(const float *p, int64_t count, float fill) {
  float lanes[LANES];
  for (int i = 0; i < LANES; i++) {
    lanes[i] = i < count ? p[i] : fill;
  }
  return v_load(lanes);
}
INLINE void v_store_some(float *p, int64_t count, vfloat v) {
  float lanes[LANES];
  v_store(lanes, v);
  memcpy(p, lanes, (size_t)count * sizeof(float));
}

/* One half as float, the same as a lane of v_halves. */
INLINE float half_to_float(uint16_t h) {
#if defined(__F16C__)
  return _cvtsh_ss(h);
#else
  __fp16 half;
  memcpy(&half, &h, sizeof half);
  return half;
#endif
}
INLINE uint16_t float_to_half(float x) {
#if defined(__F16C__)
  return _cvtss_sh(x, 0);
#else
  __fp16 half = (__fp16)x;
  uint16_t h;
  memcpy(&h, &half, sizeof h);
  return h;
#endif
}

/* Adding it rounds to an integer, which is then in the low bits. */
#define ROUND 0x1.8p23f

/* 2^r for |r| <= 1/2, to 2e-9 before rounding: the polynomial of degree 6 with the least largest relative error. */
INLINE vfloat v_small_power(vfloat r) {
  vfloat p = v_fma(v_all(0x1.41d334p-13f), r, v_all(0x1.5f456ap-10f));
  p = v_fma(p, r, v_all(0x1.3b2dbcp-7f));
  p = v_fma(p, r, v_all(0x1.c6aed4p-5f));
  p = v_fma(p, r, v_all(0x1.ebfbdap-3f));
  p = v_fma(p, r, v_all(0x1.62e430p-1f));
  return v_fma(p, r, v_all(1));
}

/* 2^x to about 1e-7 relative, for x up to 127; 0 below -125, which -Infinity is. */
INLINE vfloat v_exp2(vfloat x) {
  vfloat clamped = v_max(x, v_all(-125));
  vfloat shifted = clamped + v_all(ROUND);
  vfloat r = clamped - (shifted - v_all(ROUND));
  return v_times_power(v_small_power(r), shifted, x, -125);
}

/*
 * e^x to about 2e-7 relative, for x up to 88; 0 below -87, which -Infinity is. What is left after
 * taking out a multiple of ln 2, in two parts, is a power of 2 with |r| <= 1/2.
 */
INLINE vfloat v_exp(vfloat x) {
  const float log2_e = 0x1.715476p0f;
  vfloat clamped = v_min(v_max(x, v_all(-87)), v_all(88));
  vfloat shifted = v_fma(clamped, v_all(log2_e), v_all(ROUND));
  vfloat n = shifted - v_all(ROUND);
  vfloat r = v_fma(n, v_all(-0x1.63p-1f), clamped);
  r = v_fma(n, v_all(0x1.bd0106p-13f), r);
  return v_times_power(v_small_power(r * v_all(log2_e)), shifted, x, -87);
}
/* The same bits for one number. */
INLINE float exp2_of(float x) { return v_exp2(v_all(x))[0]; }

INLINE float exp_of(float x) { return v_exp(v_all(x))[0]; }

/* tanh x to about 2e-7 relative: its Taylor polynomial near 0, where the other form would cancel. */
INLINE vfloat v_tanh(vfloat x) {
  vfloat e = v_exp(v_abs(x) * v_all(-2));
  vfloat size = (v_all(1) - e) / (v_all(1) + e);
  vfloat far = v_below(x, 0, -size, size);
  vfloat s = x * x;
  vfloat p = v_fma(s, v_all(62.0f / 2835), v_all(-17.0f / 315));
  p = v_fma(p, s, v_all(2.0f / 15));
  p = v_fma(p, s, v_all(-1.0f / 3));
  p = v_fma(p, s, v_all(1));
  return v_below(v_abs(x), 0.25f, p * x, far);
}

#endif
