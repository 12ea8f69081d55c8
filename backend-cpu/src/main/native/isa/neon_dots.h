/* Integer sums of one token: with the dot product instruction, or without. Part of neon.h. */
#ifdef __ARM_FEATURE_DOTPROD
#define TILE_TOKENS 4
#define SUMS 4 /* a sum of each row */
#else
#define TILE_TOKENS 2
#define SUMS 8 /* two halves of each row's sum, side by side */
#endif
typedef struct {
  int32x4_t v[SUMS];
} dots;
/* Weights up to 63 are used as they are; those stored plus 128 become signed bytes. */
#define UNSIGNED_DOTS 0

#define EACH_SUM _Pragma("GCC unroll 8") for (int i = 0; i < SUMS; i++)

/* A start for each row; where a row has two halves, the first takes it. */
static inline dots dots_start(const int32_t *negative_sum, int shift) {
  dots t;
  int32_t start = *negative_sum * (1 << shift);
#ifdef __ARM_FEATURE_DOTPROD
  EACH_SUM t.v[i] = vdupq_n_s32(start);
#else
  EACH_SUM t.v[i] = vreinterpretq_s32_s64(vdupq_n_s64((int64_t)(uint32_t)start));
#endif
  return t;
}
static inline dots dots_zero(void) {
  dots t;
  EACH_SUM t.v[i] = vdupq_n_s32(0);
  return t;
}
static inline dots subtract_dots(dots a, dots b) {
  EACH_SUM a.v[i] = vsubq_s32(a.v[i], b.v[i]);
  return a;
}

static inline dots dot_signed(dots t, const int8x16_t *w, const int8_t *x) {
  int32_t four;
  __builtin_memcpy(&four, x, 4);
#ifdef __ARM_FEATURE_DOTPROD
  int8x16_t v = vreinterpretq_s8_s32(vdupq_n_s32(four));
  EACH t.v[i] = vdotq_s32(t.v[i], w[i], v);
#else
  int8x8_t v = vreinterpret_s8_s32(vdup_n_s32(four));
  EACH {
    t.v[2 * i] = vpadalq_s16(t.v[2 * i], vmull_s8(vget_low_s8(w[i]), v));
    t.v[2 * i + 1] = vpadalq_s16(t.v[2 * i + 1], vmull_s8(vget_high_s8(w[i]), v));
  }
#endif
  return t;
}

/* t + w . x for 4 weights of each row; x: 4 activations */
static inline dots dot4(dots t, rows4 w, const int8_t *x) {
  int8x16_t s[4];
  EACH s[i] = vreinterpretq_s8_u8(w.v[i]);
  return dot_signed(t, s, x);
}
/* The same for weights that are stored plus 128. */
static inline dots dot4_plus_128(dots t, rows4 w, const int8_t *x) {
  EACH w.v[i] = veorq_u8(w.v[i], vdupq_n_u8(0x80));
  return dot4(t, w, x);
}

static inline reals to_reals(dots t) {
  reals r;
#ifdef __ARM_FEATURE_DOTPROD
  EACH r.v[i] = vcvtq_f32_s32(t.v[i]);
#else
  EACH r.v[i] = vcvtq_f32_s32(vpaddq_s32(t.v[2 * i], t.v[2 * i + 1]));
#endif
  return r;
}
