/*
 * Families of formats whose blocks have runs of weights with an integer each, and of formats whose
 * codes stand for the values of a table: a byte shuffle. Part of quantized.c, where their formulas stand.
 */
#include "isa/parts.h"

/* Values of codes, plus 2^zero_bit (the engine's TensorType has them as they are). */
#define IQ4_VALUES 1, 24, 45, 63, 79, 93, 106, 118, 129, 141, 153, 166, 181, 197, 217, 241
#define E2M1_VALUES 16, 17, 18, 19, 20, 22, 24, 28, 16, 15, 14, 13, 12, 10, 8, 4
#define IQ3_XXS_VALUES 68, 76, 84, 92, 100, 108, 116, 126, 60, 52, 44, 36, 28, 20, 12, 2
#define IQ3_S_VALUES 17, 19, 21, 23, 25, 27, 29, 31, 15, 13, 11, 9, 7, 5, 3, 1
#define IQ2_VALUES 72, 89, 107, 107, 56, 39, 21, 21, 72, 89, 107, 107, 56, 39, 21, 21

INLINE const uint8_t *table_of(block_format f) {
  static const uint8_t iq4[] = {IQ4_VALUES}, e2m1[] = {E2M1_VALUES}, iq3_xxs[] = {IQ3_XXS_VALUES};
  static const uint8_t iq3_s[] = {IQ3_S_VALUES}, iq2[] = {IQ2_VALUES};
  switch (f.table) {
    case IQ4_TABLE: return iq4;
    case E2M1_TABLE: return e2m1;
    case IQ3_XXS_TABLE: return iq3_xxs;
    case IQ3_S_TABLE: return iq3_s;
    case IQ2_TABLE: return iq2;
    case NO_TABLE: break;
  }
  return 0;
}

#define LARGER(a, b) ((a) > (b) ? (a) : (b))
#define LARGEST_OF_4(a, b, c, d) LARGER(LARGER(a, b), LARGER(c, d))
#define LARGEST_OF_16(a, b, c, d, e, f, g, h, i, j, k, l, m, n, o, p)                                         \
  LARGEST_OF_4(LARGEST_OF_4(a, b, c, d), LARGEST_OF_4(e, f, g, h), LARGEST_OF_4(i, j, k, l), LARGEST_OF_4(m, n, o, p))
/* Of the values of a table, a constant. */
#define LARGEST(values) LARGEST_OF_16(values)

/* The largest weight, as it is stored or looked up. */
INLINE int largest_weight(block_format f) {
  switch (f.table) {
    case IQ4_TABLE: return LARGEST(IQ4_VALUES);
    case E2M1_TABLE: return LARGEST(E2M1_VALUES);
    case IQ3_XXS_TABLE: return LARGEST(IQ3_XXS_VALUES);
    case IQ3_S_TABLE: return LARGEST(IQ3_S_VALUES);
    case IQ2_TABLE: return LARGEST(IQ2_VALUES);
    case NO_TABLE: break;
  }
  return (1 << (f.codes_end - f.codes) * 32 / f.weights) - 1; /* all bits of a code */
}
/* How many words a part holds of such weights; of those that are signed once looked up, one. */
INLINE int part_words(block_format f) { return PART_WORDS(f.zero_bit == 7 ? 255 : largest_weight(f)); }

/* The scale of a block. Values and odd integers of the IQ formats are 8 or 4 times what they should be. */
INLINE reals block_scale(block_format f, const uint8_t *fields) {
  reals d = load_halves(fields);
  return f.table == IQ2_TABLE ? mul(d, all(0.125f)) : f.table == IQ3_XXS_TABLE ? mul(d, all(0.25f)) : d;
}

/* Weights that need an offset: all but those that are signed once looked up. */
INLINE int offset_bit(block_format f) { return f.zero_bit == 7 && !UNSIGNED_DOTS ? 0 : f.zero_bit; }

/* Weights 4i.. of a sub-block, as they are stored or looked up. */
typedef rows4 weights_of(block_format f, const uint8_t *words, int half, int quarter, int i);

/* A word has weights 4i.. in its low and 16 + 4i.. in its high nibbles. */
INLINE rows4 nibble_weights(block_format f, const uint8_t *words, int half, int quarter, int i) {
  rows4 packed = load_rows4(words + 64 * (f.codes + 16 * half + 4 * quarter + i % 4));
  return lookup(table_of(f), i < 4 ? low_nibbles(packed) : high_nibbles(packed));
}

/* 8 words of third bits, a bit for each sub-block, and 8 for each half of two bits for each of four sub-blocks. */
INLINE rows4 three_bit_weights(block_format f, const uint8_t *words, int half, int quarter, int i) {
  rows4 q = moved_bits(load_rows4(words + 64 * (8 + 8 * half + i)), 2 * quarter, 2, 0);
  rows4 codes = with_bits(q, bits_from(load_rows4(words + 64 * i), 4 * half), quarter, 1, 2);
  return f.table == NO_TABLE ? codes : lookup(table_of(f), codes);
}

/* Of the latter only. */
INLINE rows4 two_bit_weights(block_format f, const uint8_t *words, int half, int quarter, int i) {
  return moved_bits(load_rows4(words + 64 * (f.codes + 8 * half + i)), 2 * quarter, 2, 0);
}

/* Totals of the two runs of a sub-block, which may have the same integers. */
INLINE void begin_totals(totals *t, block_format f, factors low, factors high, const xblock *x, int64_t stride, int n) {
  SUMS_OF(j) {
    t[j] = offset_bit(f) == 0 ? totals_zero() : totals_start(low, high, offset_bit(f), X(j), LAST(j));
  }
}

/* Adds word i of a block to a part. */
INLINE part add_weights(part p, block_format f, rows4 w, int i, const xblock *x, const xblock *last) {
  (void)last;
  return f.zero_bit == 7 ? add_part_plus_128(p, w, x->q, last->q, i) : add_part(p, w, x->q, last->q, i);
}

/*
 * Adds a run of words from..from + count, times its integers. Where parts hold one or two words, they
 * end before the next token begins; else there is a part for each token, and the totals wait.
 */
INLINE void add_run(totals *t, weights_of *of, block_format f, const uint8_t *words, int half, int quarter, int from,
                    int count, factors integers, const xblock *x, int64_t stride, int n) {
  const int together = part_words(f);
#pragma GCC unroll 8
  for (int first = from; first < from + count; first += together) {
    const int end = first + together < from + count ? first + together : from + count;
    const int zero_bit = first == from ? offset_bit(f) : 0;
    if (together <= 2) {
      rows4 a = of(f, words, half, quarter, first), b = of(f, words, half, quarter, end - 1);
      SUMS_OF(j) {
        part p = add_weights(part_start(zero_bit, from, count, X(j), LAST(j)), f, a, first, X(j), LAST(j));
        t[j] = add_times(t[j], together == 2 ? add_weights(p, f, b, end - 1, X(j), LAST(j)) : p, integers);
      }
      continue;
    }
    part p[TILE_TOKENS];
    SUMS_OF(j) {
      if (n > 2) {
        WAIT_IN_MEMORY(t[j]);
      }
      p[j] = part_start(zero_bit, from, count, X(j), LAST(j));
    }
#pragma GCC unroll 8
    for (int i = first; i < end; i++) {
      rows4 w = of(f, words, half, quarter, i);
      SUMS_OF(j) { p[j] = add_weights(p[j], f, w, i, X(j), LAST(j)); }
    }
    SUMS_OF(j) { t[j] = add_times(t[j], p[j], integers); }
  }
}

#define TOTAL(t, j) total_of(t[(j) / TOGETHER(n) * TOGETHER(n)], (j) % TOGETHER(n))

/* acc += d_w d_x t */
INLINE void scale_totals(reals *acc, const totals *t, reals d, const xblock *x, int64_t stride, int n) {
  TOKENS(j) { acc[j] = fma_(mul(TOTAL(t, j), d), all(X(j)->d), acc[j]); }
  wait_in_memory(acc, n);
}

/* Bits from..from + width of each word, width up to 8. */
INLINE words bits_of(words w, int from, int width) { return and_words(shift_right(w, from), (1u << width) - 1); }
/* 2 n + 1 */
INLINE words odd(words n) { return add_words(shift_left(n, 1), 1); }

/* The integers of the eight runs of IQ4_XS, stored plus 32 in two pieces, or of IQ3. */
INLINE factors run_of_32(block_format f, block w, int s) {
  words low = bits_of(load_words(w.words), 4 * s, 4);
  if (f.fields == 2) {
    return factors_of(add_words(or_words(low, shift_left(bits_of(load_shorts(w.fields + 32), 2 * s, 2), 4)), -32));
  }
  return factors_of(odd(low));
}

/* Runs of 32 nibbles: IQ4_XS, IQ3_XXS, IQ3_S. */
INLINE void table_runs(reals *acc, block_format f, block w, const xblock *x, int64_t stride, int n, int cold) {
  const int piece = GROUP_ROWS * packed_bytes(f) / 8;
  reals d = block_scale(f, w.fields);
  factors integers[8];
#pragma GCC unroll 8
  for (int s = 0; s < 8; s++) {
    integers[s] = run_of_32(f, w, s);
  }
  EACH_HALF {
    EACH_QUARTER {
      const int s = 4 * half + quarter;
      fetch_ahead(cold, w.ahead + piece * s, piece, n);
      totals t[TILE_TOKENS];
      begin_totals(t, f, integers[s], integers[s], x + s, stride, n);
      add_run(t, nibble_weights, f, w.words, half, quarter, 0, 8, integers[s], x + s, stride, n);
      scale_totals(acc, t, d, x + s, stride, n);
    }
  }
}

/* The integers of run r of 16 of Q3_K, stored plus 32 (ggml-org/ggml: src/ggml-quants.c,
 * dequantize_row_q3_K): four lower bits and two upper ones; or of IQ2. */
INLINE factors run_of_16(block_format f, const uint8_t *words_at, int r) {
  const uint8_t *scales = words_at + 64 * 24;
  if (f.table == IQ2_TABLE) {
    int at = f.words == 25 ? r / 2 : r; /* IQ2_XXS has one for two */
    return factors_of(odd(bits_of(load_words(scales + 64 * (at / 8)), 4 * (at % 8), 4)));
  }
  words low = bits_of(load_words(scales + 64 * (r / 4 % 2)), 8 * (r % 4) + r / 8 * 4, 4);
  words high = bits_of(load_words(scales + 128), 8 * (r % 4) + r / 4 * 2, 2);
  return factors_of(add_words(or_words(low, shift_left(high, 4)), -32));
}

/* Runs of 16 codes of 3 bits: Q3_K, IQ2_XXS, IQ2_XS, IQ2_S. */
INLINE void three_bits(reals *acc, block_format f, block w, const xblock *x, int64_t stride, int n, int cold) {
  const int piece = GROUP_ROWS * packed_bytes(f) / 8;
  reals d = block_scale(f, w.fields);
  factors integers[16];
#pragma GCC unroll 16
  for (int run = 0; run < 16; run++) {
    integers[run] = run_of_16(f, w.words, run);
  }
  EACH_HALF {
    EACH_QUARTER {
      const int s = 4 * half + quarter;
      fetch_ahead(cold, w.ahead + piece * s, piece, n);
      factors low = integers[2 * s], high = integers[2 * s + 1];
      totals t[TILE_TOKENS];
      begin_totals(t, f, low, high, x + s, stride, n);
      if (f.words == 25) {
        add_run(t, three_bit_weights, f, w.words, half, quarter, 0, 8, low, x + s, stride, n);
      } else {
        add_run(t, three_bit_weights, f, w.words, half, quarter, 0, 4, low, x + s, stride, n);
        add_run(t, three_bit_weights, f, w.words, half, quarter, 4, 4, high, x + s, stride, n);
      }
      scale_totals(acc, t, d, x + s, stride, n);
    }
  }
}

/* Q2_K: of each byte of the scales the low half is for the codes of a run, the high one for its minimum. */
INLINE void two_bits(reals *acc, block_format f, block w, const xblock *x, int64_t stride, int n, int cold) {
  const int piece = GROUP_ROWS * packed_bytes(f) / 8;
  reals d = load_halves(w.fields), dmin = load_halves(w.fields + 32);
  EACH_HALF {
    EACH_QUARTER {
      const int s = 4 * half + quarter, at = 16 * (quarter % 2);
      fetch_ahead(cold, w.ahead + piece * s, piece, n);
      words scales = load_words(w.words + 64 * (2 * half + quarter / 2));
      factors low = factors_of(bits_of(scales, at, 4)), high = factors_of(bits_of(scales, at + 8, 4));
      totals t[TILE_TOKENS];
      begin_totals(t, f, low, high, x + s, stride, n);
      add_run(t, two_bit_weights, f, w.words, half, quarter, 0, 4, low, x + s, stride, n);
      add_run(t, two_bit_weights, f, w.words, half, quarter, 4, 4, high, x + s, stride, n);
      scale_totals(acc, t, d, x + s, stride, n);
      low = factors_of(bits_of(scales, at + 4, 4)), high = factors_of(bits_of(scales, at + 12, 4));
      SUMS_OF(j) { t[j] = times_sums(low, high, X(j) + s, LAST(j) + s); }
      scale_totals(acc, t, dmin, x + s, stride, n);
    }
  }
}

/* Q6_K in the order of the file (ggml-org/ggml: src/ggml-quants.c, dequantize_row_q6_K): a half has 16
 * registers of nibbles and 8 of high bits. */
INLINE rows4 six_bit_weights(block_format f, const uint8_t *words, int half, int quarter, int i) {
  (void)f;
  rows4 packed = load_rows4(words + 1024 * half + 512 * (quarter % 2) + 64 * i);
  rows4 q = quarter < 2 ? low_nibbles(packed) : high_nibbles(packed);
  return with_bits(q, load_rows4(words + 2048 + 512 * half + 64 * i), 2 * quarter, 2, 4);
}

/* The integers of run r of a half of Q6_K, signed bytes. */
INLINE factors six_bit_run(const uint8_t *words_at, int half, int r) {
  words scales = load_words(words_at + 64 * 48 + 64 * (2 * half + r / 4));
  return factors_of(shift_right_signed(shift_left(scales, 24 - 8 * (r % 4)), 24));
}

/* Adds word i of a sub-block of Q6_K to its part, and the part to its total where it is full. */
INLINE void six_bit_word(totals *t, part *p, block_format f, int i, rows4 w, factors integers, const xblock *x,
                         int64_t stride, int n) {
  const int together = part_words(f) < 4 ? part_words(f) : 4;
  SUMS_OF(j) {
    if (i % together == 0) {
      p[j] = part_start(i % 4 == 0 ? f.zero_bit : 0, i / 4 * 4, 4, X(j), LAST(j));
    }
    p[j] = add_part(p[j], w, X(j)->q, LAST(j)->q, i);
    if (i % together == together - 1) {
      t[j] = add_times(t[j], p[j], integers);
    }
  }
}

/*
 * Half of a block of Q6_K for one or two tokens: its four sub-blocks side by side, so that each
 * register passes once. With several passes the fetches ahead lag behind, and memory gives 80 % of
 * its rate. The same totals as below, so the same bits.
 */
INLINE void six_bit_half(reals *acc, block_format f, int half, block w, reals d, const xblock *x, int64_t stride, int n,
                         int cold) {
  const uint8_t *nibbles = w.words + 1024 * half, *bits = w.words + 2048 + 512 * half;
  totals t[4][TILE_TOKENS];
  part p[4][TILE_TOKENS];
  factors integers[4][2];
#pragma GCC unroll 4
  for (int s = 0; s < 4; s++) {
    integers[s][0] = six_bit_run(w.words, half, 2 * s);
    integers[s][1] = six_bit_run(w.words, half, 2 * s + 1);
    begin_totals(t[s], f, integers[s][0], integers[s][1], x + s, stride, n);
  }
#pragma GCC unroll 8
  for (int i = 0; i < 8; i++) {
    fetch_ahead(cold, w.ahead + 1680 * half + 210 * i, 210, n);
    rows4 a = load_rows4(nibbles + 64 * i), b = load_rows4(nibbles + 512 + 64 * i), h = load_rows4(bits + 64 * i);
    rows4 q[4] = {with_bits(low_nibbles(a), h, 0, 2, 4), with_bits(low_nibbles(b), h, 2, 2, 4),
                  with_bits(high_nibbles(a), h, 4, 2, 4), with_bits(high_nibbles(b), h, 6, 2, 4)};
#pragma GCC unroll 4
    for (int s = 0; s < 4; s++) {
      six_bit_word(t[s], p[s], f, i, q[s], integers[s][i / 4], x + s, stride, n);
    }
  }
#pragma GCC unroll 4
  for (int s = 0; s < 4; s++) {
    scale_totals(acc, t[s], d, x + s, stride, n);
  }
}

/* Q6_K. */
INLINE void six_bits(reals *acc, block_format f, block w, const xblock *x, int64_t stride, int n, int cold) {
  reals d = load_halves(w.fields);
  if (n <= 2) {
    EACH_HALF { six_bit_half(acc, f, half, w, d, x + 4 * half, stride, n, cold); }
    return;
  }
  EACH_HALF {
    EACH_QUARTER {
      const int s = 4 * half + quarter, piece = GROUP_ROWS * f.bytes / 8;
      fetch_ahead(cold, w.ahead + piece * s, piece, n);
      factors low = six_bit_run(w.words, half, 2 * quarter), high = six_bit_run(w.words, half, 2 * quarter + 1);
      totals t[TILE_TOKENS];
      begin_totals(t, f, low, high, x + s, stride, n);
      add_run(t, six_bit_weights, f, w.words, half, quarter, 0, 4, low, x + s, stride, n);
      add_run(t, six_bit_weights, f, w.words, half, quarter, 4, 4, high, x + s, stride, n);
      scale_totals(acc, t, d, x + s, stride, n);
    }
  }
}

/*
 * 2^(e - 128) of a byte e of each row. Twice that would be infinite for 255, so its bits are halved: the
 * exponent is one less, or, below the normal numbers, half of the bits are left.
 */
INLINE reals powers(const uint8_t *p) {
  words twice = at_least(shift_left(load_bytes(p), 23), 0x400000);
  return bits_as_reals(subtract_words(twice, at_most(shift_right(twice, 1), 0x800000)));
}

/* Blocks of 32 codes of a table: IQ4_NL, MXFP4. */
INLINE void table_blocks(reals *acc, block_format f, block w, const xblock *x, int64_t stride, int n, int cold) {
  fetch_ahead(cold, w.ahead, GROUP_ROWS * f.bytes, n);
  dots t[TILE_TOKENS];
  start(t, offset_bit(f), x, stride, n);
#pragma GCC unroll 8
  for (int i = 0; i < 8; i++) {
    rows4 q = nibble_weights(f, w.words, 0, 0, i);
    SUMS_OF(j) {
      t[j] = f.zero_bit == 7 ? add_word_plus_128(t[j], q, X(j)->q, LAST(j)->q, i)
                             : add_word(t[j], q, X(j)->q, LAST(j)->q, i);
    }
  }
  scale(acc, t, f.field_bytes == 1 ? powers(w.fields) : load_halves(w.fields), x, stride, n);
}

/* Byte i of each word as UE4M3, halved: moved to where an f32 has such bits, all that is left is a power. */
INLINE reals minifloat(words w, int i) {
  return mul(bits_as_reals(shift_left(bits_of(w, 8 * i, 7), 20)), all(0x1p119f));
}

/* NVFP4: 8 bytes of nibbles for each run of 16. */
INLINE rows4 pair_weights(block_format f, const uint8_t *words, int s, int i) {
  rows4 packed = load_rows4(words + 64 * (f.codes + 4 * s + i / 4 * 2 + i % 2));
  return lookup(table_of(f), i % 4 < 2 ? low_nibbles(packed) : high_nibbles(packed));
}

/* Weights are stored plus 2^zero_bit, with a scale for each 16: the sums of both halves begin. */
INLINE void start_halves(dots *low, dots *high, int zero_bit, const xblock *x, int64_t stride, int n) {
  start(high, zero_bit, x, stride, n);
  SUMS_OF(j) {
    low[j] = start_sums(&X(j)->negative_low, &LAST(j)->negative_low, zero_bit);
    high[j] = subtract_dots(high[j], low[j]);
  }
}

/* Adds the sums of two runs of 16, each with its scale. */
INLINE void scale_halves(reals *acc, const dots *low, const dots *high, reals d_low, reals d_high, const xblock *x,
                         int64_t stride, int n) {
  TOKENS(j) {
    reals both = fma_(SUM(high, j), d_high, mul(SUM(low, j), d_low));
    acc[j] = fma_(both, all(X(j)->d), acc[j]);
  }
}

/* Runs of 16 with a scale of their own: NVFP4. */
INLINE void table_pairs(reals *acc, block_format f, block w, const xblock *x, int64_t stride, int n, int cold) {
  const int piece = GROUP_ROWS * f.bytes / 2;
  words scales = load_words(w.words);
#pragma GCC unroll 2
  for (int s = 0; s < 2; s++) {
    fetch_ahead(cold, w.ahead + piece * s, piece, n);
    dots low[TILE_TOKENS], high[TILE_TOKENS];
    start_halves(low, high, f.zero_bit, x + s, stride, n);
#pragma GCC unroll 8
    for (int i = 0; i < 4; i++) {
      dot(low, pair_weights(f, w.words, s, i), i, x + s, stride, n);
      dot(high, pair_weights(f, w.words, s, i + 4), i + 4, x + s, stride, n);
    }
    scale_halves(acc, low, high, minifloat(scales, 2 * s), minifloat(scales, 2 * s + 1), x + s, stride, n);
  }
}
