/* AVX2 with FMA and F16C, and AVX-VNNI where the compiler is told: two registers for 16 rows. */
#include <immintrin.h>

typedef struct {
  __m256i a, b;
} rows4; /* u8: 4 weights of each row; rows 0..7 in a, 8..15 in b */
typedef struct {
  __m256i a, b;
} dots; /* i32: a sum of each row */
typedef struct {
  __m256 a, b;
} reals; /* f32: a value of each row */
typedef rows4 words; /* u32: a word of each row, as the scales of K-quants are packed */

/* Tokens whose sums stay in registers. */
#define TILE_TOKENS 4
/* Whether dot products of weights plus 128 take them as they are (see dots_start). */
#ifdef __AVXVNNI__
#define UNSIGNED_DOTS 1
#else
#define UNSIGNED_DOTS 0
#endif

#define BOTH(type, expression_a, expression_b) ((type){(expression_a), (expression_b)})

static inline rows4 load_rows4(const void *p) {
  return BOTH(rows4, _mm256_loadu_si256(p), _mm256_loadu_si256((const __m256i *)p + 1));
}
static inline rows4 and_bytes(rows4 v, int mask) {
  __m256i m = _mm256_set1_epi8((char)mask);
  return BOTH(rows4, _mm256_and_si256(v.a, m), _mm256_and_si256(v.b, m));
}
static inline rows4 low_nibbles(rows4 v) { return and_bytes(v, 15); }
static inline rows4 high_nibbles(rows4 v) {
  return and_bytes(BOTH(rows4, _mm256_srli_epi16(v.a, 4), _mm256_srli_epi16(v.b, 4)), 15);
}

/* (bits from..from + width of each byte of h) << place */
static inline rows4 moved_bits(rows4 h, int from, int width, int place) {
  rows4 shifted = from < place
                      ? BOTH(rows4, _mm256_slli_epi16(h.a, place - from), _mm256_slli_epi16(h.b, place - from))
                      : BOTH(rows4, _mm256_srli_epi16(h.a, from - place), _mm256_srli_epi16(h.b, from - place));
  return and_bytes(shifted, ((1 << width) - 1) << place);
}
/* q | the same */
static inline rows4 with_bits(rows4 q, rows4 h, int from, int width, int place) {
  rows4 bits = moved_bits(h, from, width, place);
  return BOTH(rows4, _mm256_or_si256(q.a, bits.a), _mm256_or_si256(q.b, bits.b));
}
/* Bits n.. of each byte in its place of bits 0..; what is above bit 7 - n is other bytes'. */
static inline rows4 bits_from(rows4 v, int n) {
  __m128i count = _mm_cvtsi32_si128(n);
  return BOTH(rows4, _mm256_srl_epi16(v.a, count), _mm256_srl_epi16(v.b, count));
}
/* Of each byte, below 16, what it stands for. */
static inline rows4 lookup(const uint8_t *table, rows4 codes) {
  __m256i t = _mm256_broadcastsi128_si256(_mm_loadu_si128((const __m128i *)table));
  return BOTH(rows4, _mm256_shuffle_epi8(t, codes.a), _mm256_shuffle_epi8(t, codes.b));
}

static inline dots all_dots(int32_t v) { return BOTH(dots, _mm256_set1_epi32(v), _mm256_set1_epi32(v)); }
static inline dots dots_zero(void) { return all_dots(0); }
static inline dots dots_start(const int32_t *negative_sum, int shift) { return all_dots(*negative_sum * (1 << shift)); }
static inline dots subtract_dots(dots a, dots b) {
  return BOTH(dots, _mm256_sub_epi32(a.a, b.a), _mm256_sub_epi32(a.b, b.b));
}

static inline __m256i four_activations(const int8_t *x) {
  int32_t four;
  __builtin_memcpy(&four, x, 4);
  return _mm256_set1_epi32(four);
}

#ifdef __AVXVNNI__
static inline __m256i dot_bytes(__m256i t, __m256i w, __m256i x) { return _mm256_dpbusd_avx_epi32(t, w, x); }
#else
/* Pairs are summed in 16 bits: 2 * 128 * 127 fits, so w must not be over 128. */
static inline __m256i dot_bytes(__m256i t, __m256i w, __m256i x) {
  return _mm256_add_epi32(t, _mm256_madd_epi16(_mm256_maddubs_epi16(w, x), _mm256_set1_epi16(1)));
}
#endif

/* t + w . x for 4 weights of each row; x: 4 activations */
static inline dots dot4(dots t, rows4 w, const int8_t *x) {
  __m256i v = four_activations(x);
  return BOTH(dots, dot_bytes(t.a, w.a, v), dot_bytes(t.b, w.b, v));
}

/* The same for weights that are stored plus 128. */
#ifdef __AVXVNNI__
static inline dots dot4_plus_128(dots t, rows4 w, const int8_t *x) { return dot4(t, w, x); }
#else
/* |w| times x with the sign of w */
static inline __m256i dot_signed(__m256i t, __m256i stored, __m256i x) {
  __m256i w = _mm256_xor_si256(stored, _mm256_set1_epi8((char)0x80));
  return dot_bytes(t, _mm256_abs_epi8(w), _mm256_sign_epi8(x, w));
}
static inline dots dot4_plus_128(dots t, rows4 w, const int8_t *x) {
  __m256i v = four_activations(x);
  return BOTH(dots, dot_signed(t.a, w.a, v), dot_signed(t.b, w.b, v));
}
#endif

static inline reals to_reals(dots t) { return BOTH(reals, _mm256_cvtepi32_ps(t.a), _mm256_cvtepi32_ps(t.b)); }
static inline reals all(float v) { return BOTH(reals, _mm256_set1_ps(v), _mm256_set1_ps(v)); }
static inline reals reals_zero(void) { return all(0); }
static inline reals mul(reals a, reals b) { return BOTH(reals, _mm256_mul_ps(a.a, b.a), _mm256_mul_ps(a.b, b.b)); }
static inline reals fma_(reals a, reals b, reals c) {
  return BOTH(reals, _mm256_fmadd_ps(a.a, b.a, c.a), _mm256_fmadd_ps(a.b, b.b, c.b));
}
/* c - a b */
static inline reals minus_product(reals a, reals b, reals c) {
  return BOTH(reals, _mm256_fnmadd_ps(a.a, b.a, c.a), _mm256_fnmadd_ps(a.b, b.b, c.b));
}
static inline reals add_reals(reals a, reals b) {
  return BOTH(reals, _mm256_add_ps(a.a, b.a), _mm256_add_ps(a.b, b.b));
}
static inline reals load_halves(const void *p) {
  return BOTH(reals, _mm256_cvtph_ps(_mm_loadu_si128(p)), _mm256_cvtph_ps(_mm_loadu_si128((const __m128i *)p + 1)));
}
static inline reals load_reals(const float *p) { return BOTH(reals, _mm256_loadu_ps(p), _mm256_loadu_ps(p + 8)); }
static inline void store_reals(float *p, reals v) {
  _mm256_storeu_ps(p, v.a);
  _mm256_storeu_ps(p + 8, v.b);
}

static inline words load_words(const void *p) { return load_rows4(p); }
static inline words and_words(words v, uint32_t mask) {
  __m256i m = _mm256_set1_epi32((int)mask);
  return BOTH(words, _mm256_and_si256(v.a, m), _mm256_and_si256(v.b, m));
}
static inline words or_words(words v, words w) {
  return BOTH(words, _mm256_or_si256(v.a, w.a), _mm256_or_si256(v.b, w.b));
}
static inline words shift_right(words v, int n) {
  return BOTH(words, _mm256_srli_epi32(v.a, n), _mm256_srli_epi32(v.b, n));
}
static inline words shift_left(words v, int n) {
  return BOTH(words, _mm256_slli_epi32(v.a, n), _mm256_slli_epi32(v.b, n));
}
/* Byte i of each word. */
static inline reals unsigned_byte(words v, int i) {
  words byte = and_words(shift_right(v, 8 * i), 255);
  return BOTH(reals, _mm256_cvtepi32_ps(byte.a), _mm256_cvtepi32_ps(byte.b));
}
static inline words add_words(words v, int32_t n) {
  __m256i a = _mm256_set1_epi32(n);
  return BOTH(words, _mm256_add_epi32(v.a, a), _mm256_add_epi32(v.b, a));
}
static inline words at_least(words v, uint32_t n) {
  __m256i a = _mm256_set1_epi32((int)n);
  return BOTH(words, _mm256_max_epu32(v.a, a), _mm256_max_epu32(v.b, a));
}
static inline words at_most(words v, uint32_t n) {
  __m256i a = _mm256_set1_epi32((int)n);
  return BOTH(words, _mm256_min_epu32(v.a, a), _mm256_min_epu32(v.b, a));
}
static inline words subtract_words(words v, words w) {
  return BOTH(words, _mm256_sub_epi32(v.a, w.a), _mm256_sub_epi32(v.b, w.b));
}
/* As signed numbers. */
static inline words shift_right_signed(words v, int n) {
  return BOTH(words, _mm256_srai_epi32(v.a, n), _mm256_srai_epi32(v.b, n));
}
static inline reals numbers(words v) { return BOTH(reals, _mm256_cvtepi32_ps(v.a), _mm256_cvtepi32_ps(v.b)); }
static inline reals bits_as_reals(words v) { return BOTH(reals, _mm256_castsi256_ps(v.a), _mm256_castsi256_ps(v.b)); }
/* A u16, or a byte, of each row. */
static inline words load_shorts(const void *p) {
  return BOTH(words, _mm256_cvtepu16_epi32(_mm_loadu_si128(p)), _mm256_cvtepu16_epi32(_mm_loadu_si128((const __m128i *)p + 1)));
}
static inline words load_bytes(const void *p) {
  return BOTH(words, _mm256_cvtepu8_epi32(_mm_loadl_epi64(p)),
              _mm256_cvtepu8_epi32(_mm_loadl_epi64((const void *)((const uint8_t *)p + 8))));
}
