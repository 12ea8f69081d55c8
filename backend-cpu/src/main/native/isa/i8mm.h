/*
 * Integer sums with the matrix product instructions of ARMv8.6: a register holds 8 weights of two
 * rows, another 8 activations of two tokens, and their product is 2 x 2 sums. The first four
 * registers of a pair of words (repack.c) have rows 0 to 7, the others rows 8 to 15. A token that is
 * alone is both. Part of neon.h.
 */
typedef struct {
  int32x4_t v[8]; /* rows 2i and 2i + 1: {first token, last token} each */
} dots;

#define TILE_TOKENS 4
#define TOGETHER(n) ((n) % 2 == 0 ? 2 : 1)
/* Dot products of weights plus 128 take them as they are (see start_sums). */
#define UNSIGNED_DOTS 1
/* Bytes of fifth bits: bits 0..3 are of rows 0 to 7, one for each pair of words, 4..7 of the others. */
#define FIFTH_BIT(i) ((i) % 2 * 4 + (i) / 2)

#define EACH_SUM _Pragma("GCC unroll 8") for (int i = 0; i < 8; i++)

/* The negated sums of the first and the last token, times 2^shift. */
static inline dots start_sums(const int32_t *first, const int32_t *last, int shift) {
  dots t;
  int32x2_t both = vset_lane_s32(*last, vdup_n_s32(*first), 1);
  EACH_SUM t.v[i] = vshlq_s32(vcombine_s32(both, both), vdupq_n_s32(shift));
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

/* t + w . x: w is register `word` of a block, first and last the 32 activations of its tokens. */
static inline dots add_word(dots t, rows4 w, const int8_t *first, const int8_t *last, int word) {
  int8x16_t x = vcombine_s8(vld1_s8(first + word / 2 * 8), vld1_s8(last + word / 2 * 8));
  int32x4_t *sums = t.v + word % 2 * 4;
  EACH sums[i] = vusmmlaq_s32(sums[i], w.v[i], x);
  return t;
}
static inline dots add_word_plus_128(dots t, rows4 w, const int8_t *first, const int8_t *last, int word) {
  return add_word(t, w, first, last, word);
}

/* The sums of the first token (0) or the last (1). */
static inline reals sum_of(dots t, int which) {
  reals r;
  EACH {
    int32x4_t a = t.v[2 * i], b = t.v[2 * i + 1];
    r.v[i] = vcvtq_f32_s32(which ? vuzp2q_s32(a, b) : vuzp1q_s32(a, b));
  }
  return r;
}
