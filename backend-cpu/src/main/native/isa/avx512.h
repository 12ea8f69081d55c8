/* AVX-512 with VNNI: a register holds 4 weights of each of 16 rows. */
#include <immintrin.h>

typedef __m512i rows4; /* u8: 4 weights of each row */
typedef __m512i dots;  /* i32: a sum of each row */
typedef __m512 reals;  /* f32: a value of each row */

/* Tokens whose sums stay in registers. */
#define TILE_TOKENS 8
/* Dot products of weights plus 128 take them as they are (see dots_start). */
#define UNSIGNED_DOTS 1

static inline rows4 load_rows4(const void *p) { return _mm512_loadu_si512(p); }
static inline rows4 low_nibbles(rows4 v) { return _mm512_and_si512(v, _mm512_set1_epi8(15)); }
static inline rows4 high_nibbles(rows4 v) { return low_nibbles(_mm512_srli_epi16(v, 4)); }

/* (bits from..from + width of each byte of h) << place */
static inline rows4 moved_bits(rows4 h, int from, int width, int place) {
  __m512i mask = _mm512_set1_epi8((char)(((1 << width) - 1) << place));
  __m512i shifted = from < place ? _mm512_slli_epi16(h, (unsigned)(place - from))
                                 : _mm512_srli_epi16(h, (unsigned)(from - place));
  return _mm512_and_si512(shifted, mask);
}
/* q | the same */
static inline rows4 with_bits(rows4 q, rows4 h, int from, int width, int place) {
  __m512i mask = _mm512_set1_epi8((char)(((1 << width) - 1) << place));
  __m512i shifted = from < place ? _mm512_slli_epi16(h, (unsigned)(place - from))
                                 : _mm512_srli_epi16(h, (unsigned)(from - place));
  return _mm512_ternarylogic_epi32(q, shifted, mask, 0xF8);
}
/* Bits n.. of each byte in its place of bits 0..; what is above bit 7 - n is other bytes'. */
static inline rows4 bits_from(rows4 v, int n) { return _mm512_srl_epi16(v, _mm_cvtsi32_si128(n)); }
/* Of each byte, below 16, what it stands for. */
static inline rows4 lookup(const uint8_t *table, rows4 codes) {
  return _mm512_shuffle_epi8(_mm512_broadcast_i32x4(_mm_loadu_si128((const __m128i *)table)), codes);
}

static inline dots dots_zero(void) { return _mm512_setzero_si512(); }
/* A negated sum of activations, times 2^shift. */
static inline dots dots_start(const int32_t *negative_sum, int shift) {
  return _mm512_slli_epi32(_mm512_set1_epi32(*negative_sum), (unsigned)shift);
}
/* t + w . x for 4 weights of each row; x: 4 activations */
static inline dots dot4(dots t, rows4 w, const int8_t *x) {
  int32_t four;
  __builtin_memcpy(&four, x, 4);
  return _mm512_dpbusd_epi32(t, w, _mm512_set1_epi32(four));
}
/* The same for weights that are stored plus 128. */
static inline dots dot4_plus_128(dots t, rows4 w, const int8_t *x) { return dot4(t, w, x); }
static inline dots subtract_dots(dots a, dots b) { return _mm512_sub_epi32(a, b); }
static inline reals to_reals(dots t) { return _mm512_cvtepi32_ps(t); }

static inline reals reals_zero(void) { return _mm512_setzero_ps(); }
static inline reals all(float v) { return _mm512_set1_ps(v); }
static inline reals mul(reals a, reals b) { return _mm512_mul_ps(a, b); }
static inline reals fma_(reals a, reals b, reals c) { return _mm512_fmadd_ps(a, b, c); }
/* c - a b */
static inline reals minus_product(reals a, reals b, reals c) { return _mm512_fnmadd_ps(a, b, c); }
static inline reals add_reals(reals a, reals b) { return _mm512_add_ps(a, b); }
static inline reals load_halves(const void *p) { return _mm512_cvtph_ps(_mm256_loadu_si256(p)); }
static inline reals load_reals(const float *p) { return _mm512_loadu_ps(p); }
static inline void store_reals(float *p, reals v) { _mm512_storeu_ps(p, v); }

typedef __m512i words; /* u32: a word of each row, as the scales of K-quants are packed */
static inline words load_words(const void *p) { return _mm512_loadu_si512(p); }
static inline words and_words(words a, uint32_t mask) { return _mm512_and_si512(a, _mm512_set1_epi32((int)mask)); }
static inline words or_words(words a, words b) { return _mm512_or_si512(a, b); }
static inline words shift_right(words a, int n) { return _mm512_srli_epi32(a, (unsigned)n); }
static inline words shift_left(words a, int n) { return _mm512_slli_epi32(a, (unsigned)n); }
/* Byte i of each word. */
static inline reals unsigned_byte(words a, int i) { return _mm512_cvtepi32_ps(and_words(shift_right(a, 8 * i), 255)); }
static inline words add_words(words a, int32_t b) { return _mm512_add_epi32(a, _mm512_set1_epi32(b)); }
static inline words at_least(words a, uint32_t b) { return _mm512_max_epu32(a, _mm512_set1_epi32((int)b)); }
static inline words at_most(words a, uint32_t b) { return _mm512_min_epu32(a, _mm512_set1_epi32((int)b)); }
static inline words subtract_words(words a, words b) { return _mm512_sub_epi32(a, b); }
/* As signed numbers. */
static inline words shift_right_signed(words a, int n) { return _mm512_srai_epi32(a, (unsigned)n); }
static inline reals numbers(words a) { return _mm512_cvtepi32_ps(a); }
static inline reals bits_as_reals(words a) { return _mm512_castsi512_ps(a); }
/* A u16, or a byte, of each row. */
static inline words load_shorts(const void *p) { return _mm512_cvtepu16_epi32(_mm256_loadu_si256(p)); }
static inline words load_bytes(const void *p) { return _mm512_cvtepu8_epi32(_mm_loadu_si128(p)); }
