/*
 * Sums over runs of weights that share an integer, and what these integers are multiplied with: a
 * total over the runs of a block of 32. The totals are whole numbers and exact, so they do not depend
 * on the order. In three ways, as the instruction sets suit:
 *   AVX2: pairs of products are added in 16 bits while they fit, and one instruction multiplies those
 *     by the integer and adds them up; the offset of stored weights is taken off the total.
 *   x86-64 with dot products: sums are of 32 bits, totals are floats, which hold such numbers.
 *   ARM64: both are integers.
 */
typedef struct activation_block xblock;

/* The negated sum of activations of words from..from + count of a block. */
static inline int32_t negative_sum(const xblock *x, int from, int count) {
  return count == 8 ? x->negative_sum : from == 0 ? x->negative_low : x->negative_sum - x->negative_low;
}

#if defined(__AVX2__) && !UNSIGNED_DOTS
typedef rows4 part;    /* i16: sums of pairs of products */
typedef rows4 factors; /* i16: the integer of each row, twice */
typedef dots totals;

/* How many words a part holds, if weights are no larger. */
#define PART_WORDS(most) ((most) <= 15 ? 8 : (most) <= 31 ? 4 : (most) <= 63 ? 2 : 1)

static inline factors factors_of(words w) {
  return BOTH(factors, _mm256_blend_epi16(w.a, _mm256_slli_epi32(w.a, 16), 0xAA),
              _mm256_blend_epi16(w.b, _mm256_slli_epi32(w.b, 16), 0xAA));
}
static inline totals totals_zero(void) { return dots_zero(); }
/* The integers of two runs times the negated sums of their activations. */
static inline totals times_sums(factors low, factors high, const xblock *x, const xblock *last) {
  (void)last;
  int32_t sums = (negative_sum(x, 0, 4) & 0xFFFF) | (int32_t)((uint32_t)negative_sum(x, 4, 4) << 16);
  __m256i s = _mm256_set1_epi32(sums);
  return BOTH(totals, _mm256_madd_epi16(_mm256_blend_epi16(low.a, high.a, 0xAA), s),
              _mm256_madd_epi16(_mm256_blend_epi16(low.b, high.b, 0xAA), s));
}
/* What weights that are stored plus 2^zero_bit have too much in two runs, negated. */
static inline totals totals_start(factors low, factors high, int zero_bit, const xblock *x, const xblock *last) {
  totals t = times_sums(low, high, x, last);
  return BOTH(totals, _mm256_slli_epi32(t.a, zero_bit), _mm256_slli_epi32(t.b, zero_bit));
}
static inline part part_start(int zero_bit, int from, int count, const xblock *x, const xblock *last) {
  (void)zero_bit, (void)from, (void)count, (void)x, (void)last;
  return BOTH(part, _mm256_setzero_si256(), _mm256_setzero_si256());
}
static inline part add_part(part p, rows4 w, const int8_t *x, const int8_t *last, int word) {
  (void)last;
  __m256i v = four_activations(x + 4 * word);
  return BOTH(part, _mm256_add_epi16(p.a, _mm256_maddubs_epi16(w.a, v)), _mm256_add_epi16(p.b, _mm256_maddubs_epi16(w.b, v)));
}
/* The same for weights that are stored plus 128, of which a part holds one word. */
static inline __m256i signed_products(__m256i stored, __m256i x) {
  __m256i w = _mm256_xor_si256(stored, _mm256_set1_epi8((char)0x80));
  return _mm256_maddubs_epi16(_mm256_abs_epi8(w), _mm256_sign_epi8(x, w));
}
static inline part add_part_plus_128(part p, rows4 w, const int8_t *x, const int8_t *last, int word) {
  (void)last;
  __m256i v = four_activations(x + 4 * word);
  return BOTH(part, _mm256_add_epi16(p.a, signed_products(w.a, v)), _mm256_add_epi16(p.b, signed_products(w.b, v)));
}
static inline totals add_times(totals t, part p, factors s) {
  return BOTH(totals, _mm256_add_epi32(t.a, _mm256_madd_epi16(p.a, s.a)), _mm256_add_epi32(t.b, _mm256_madd_epi16(p.b, s.b)));
}
static inline reals total_of(totals t, int which) {
  (void)which;
  return to_reals(t);
}

#else
typedef dots part;
#define PART_WORDS(most) ((void)(most), 8)

static inline part part_start(int zero_bit, int from, int count, const xblock *x, const xblock *last) {
  if (zero_bit == 0) {
    return dots_zero();
  }
  int32_t first_sum = negative_sum(x, from, count), last_sum = negative_sum(last, from, count);
  (void)last_sum;
  return start_sums(&first_sum, &last_sum, zero_bit);
}
#define add_part add_word
#define add_part_plus_128 add_word_plus_128

#if defined(__aarch64__)
#define ROW_SUMS (int)(sizeof(dots) / sizeof(int32x4_t))
#define EACH_ROW_SUM _Pragma("GCC unroll 8") for (int i = 0; i < ROW_SUMS; i++)
typedef dots factors; /* as the sums lie */
typedef dots totals;

static inline factors factors_of(words w) {
  factors f;
  EACH_ROW_SUM {
    int32x4_t four = vreinterpretq_s32_u32(w.v[ROW_SUMS == 4 ? i : i / 2]);
    f.v[i] = ROW_SUMS == 4 ? four : i % 2 ? vzip2q_s32(four, four) : vzip1q_s32(four, four);
  }
  return f;
}
static inline totals totals_zero(void) { return dots_zero(); }
static inline totals add_times(totals t, part p, factors s) {
  EACH_ROW_SUM t.v[i] = vmlaq_s32(t.v[i], p.v[i], s.v[i]);
  return t;
}
static inline reals total_of(totals t, int which) {
  (void)which;
  return sum_of(t, which);
}
#else
typedef reals factors;
typedef reals totals;

static inline factors factors_of(words w) { return numbers(w); }
static inline totals totals_zero(void) { return reals_zero(); }
static inline totals add_times(totals t, part p, factors s) { return fma_(to_reals(p), s, t); }
static inline reals total_of(totals t, int which) {
  (void)which;
  return t;
}
#endif

static inline totals times_sums(factors low, factors high, const xblock *x, const xblock *last) {
  int32_t sums[2] = {negative_sum(x, 0, 4), negative_sum(last, 0, 4)};
  totals t = add_times(totals_zero(), start_sums(sums, sums + 1, 0), low);
  sums[0] = negative_sum(x, 4, 4), sums[1] = negative_sum(last, 4, 4);
  return add_times(t, start_sums(sums, sums + 1, 0), high);
}
/* Parts begin with what is too much. */
static inline totals totals_start(factors low, factors high, int zero_bit, const xblock *x, const xblock *last) {
  (void)low, (void)high, (void)zero_bit, (void)x, (void)last;
  return totals_zero();
}
#endif
