/*
 * Matrix products with quantized weights: 16 rows across the lanes, so nothing is summed across a
 * register; activations as blocks of 32 signed bytes.
 *
 * For each row r and token t:
 *   out[t, r] = bias[r] + sum over blocks, in ascending order, of
 *       d_w d_x (sum of (w - z) x, exact in integers)  [- or + m_w (sum of x)]
 * The integer part does not depend on its order; the float part is one fixed sequence of
 * operations. So a result is the same for any number of tokens.
 *
 * Layout of a group of 16 rows (repack.c): block by block; of a block first its f16 fields, one
 * after the other, [16] each, then its remaining 32-bit words, [16] each, in the order of the file.
 * Formats with a single field take two blocks together, first the fields of both, so that every word
 * begins at a cache line, and those with a field of one byte four; the last blocks may be fewer.
 * With i8mm, two neighbouring words of weights make [8] rows of 8 weights, and then [8] more.
 */
#include "isa/isa.h"
#include "solebox_cpu.h"

typedef struct activation_block xblock;

/*
 * How far ahead to fetch weights the first time that they pass: enough to cover the latency of the
 * memory at its full rate. A little at a time, since only so many fetches can be under way; and past
 * the first-level cache where the activations of several tokens fill that.
 */
#define AHEAD 6144

INLINE void fetch_ahead(int cold, const uint8_t *from, int64_t bytes, int n) {
  if (cold) {
    for (int64_t i = 0; i < bytes; i += 64) {
      if (n < 4) {
        __builtin_prefetch(from + i, 0, 3);
      } else {
        __builtin_prefetch(from + i, 0, 2);
      }
    }
  }
}

/* A block of 16 rows: its fields, its words, and what to fetch meanwhile, as many bytes as it has. */
typedef struct {
  const uint8_t *fields, *words, *ahead;
} block;

/* A family's way through a block of one of its formats; n tokens, `stride` apart. Once inlined, both are constants. */
#define TOKENS(j) _Pragma("GCC unroll 16") for (int j = 0; j < n; j++)
#define X(j) (x + (j)*stride)
/* The integer sums of the tokens j to j + TOGETHER(n) - 1 share t[j]. */
#define SUMS_OF(j) _Pragma("GCC unroll 16") for (int j = 0; j < n; j += TOGETHER(n))
#define LAST(j) X((j) + TOGETHER(n) - 1)
#define SUM(t, j) sum_of(t[(j) / TOGETHER(n) * TOGETHER(n)], (j) % TOGETHER(n))

/*
 * Blocks of 256 go by halves, whose code is the same. It stays a loop where the compiler cannot count:
 * gcc writes out one that it knows to end after two, whatever it is told, which is twice the code.
 */
INLINE int next_half(int half) {
  half++;
  __asm__("" : "+r"(half));
  return half;
}
#define EACH_HALF for (int half = 0; half < 2; half = next_half(half))
#define EACH_QUARTER _Pragma("GCC unroll 4") for (int quarter = 0; quarter < 4; quarter++)

/* Of few tokens all is in registers. */
INLINE void wait_in_memory(reals *acc, int n) {
  if (n > 2) {
    TOKENS(j) { WAIT_IN_MEMORY(acc[j]); }
  }
}

/* acc += d_w d_x t */
INLINE void scale(reals *acc, const dots *t, reals d, const xblock *x, int64_t stride, int n) {
  TOKENS(j) { acc[j] = fma_(mul(SUM(t, j), d), all(X(j)->d), acc[j]); }
}

/* Sums that start at -z (sum of x) for weights stored with the offset z = 2^zero_bit, or at 0. */
INLINE void start(dots *t, int zero_bit, const xblock *x, int64_t stride, int n) {
  SUMS_OF(j) {
    t[j] = zero_bit == 0 ? dots_zero() : start_sums(&X(j)->negative_sum, &LAST(j)->negative_sum, zero_bit);
  }
}

/* Adds the products of word i, of 0..7, of the block: weights 4i.. of each row. */
INLINE void dot(dots *t, rows4 w, int i, const xblock *x, int64_t stride, int n) {
  SUMS_OF(j) { t[j] = add_word(t[j], w, X(j)->q, LAST(j)->q, i); }
}

/* 32 weights in nibbles: register i holds weights 4i.. in its low ones, 16 + 4i.. in the high ones. */
INLINE void dot_nibbles(dots *t, const uint8_t *q, const xblock *x, int64_t stride, int n) {
#pragma GCC unroll 8
  for (int i = 0; i < 4; i++) {
    rows4 packed = load_rows4(q + 64 * i);
    rows4 low = low_nibbles(packed), high = high_nibbles(packed);
    dot(t, low, i, x, stride, n);
    dot(t, high, i + 4, x, stride, n);
  }
}

/* The same with a fifth bit; bit FIFTH_BIT(i) of the bytes of h belongs to weights 4i... */
INLINE void dot_five_bits(dots *t, const uint8_t *h, const uint8_t *q, const xblock *x, int64_t stride, int n) {
  rows4 bits = load_rows4(h);
#pragma GCC unroll 8
  for (int i = 0; i < 4; i++) {
    rows4 packed = load_rows4(q + 64 * i);
    rows4 low = with_bits(low_nibbles(packed), bits, FIFTH_BIT(i), 1, 4);
    rows4 high = with_bits(high_nibbles(packed), bits, FIFTH_BIT(i + 4), 1, 4);
    dot(t, low, i, x, stride, n);
    dot(t, high, i + 4, x, stride, n);
  }
}

/* Blocks of 32: Q4_0, Q4_1, Q5_0, Q5_1. */
INLINE void small(reals *acc, block_format f, block w, const xblock *x, int64_t stride, int n, int cold) {
  fetch_ahead(cold, w.ahead, GROUP_ROWS * f.bytes, n);
  dots t[TILE_TOKENS];
  start(t, f.zero_bit, x, stride, n);
  if (f.fifth_bits) {
    dot_five_bits(t, w.words, w.words + 64, x, stride, n);
  } else {
    dot_nibbles(t, w.words, x, stride, n);
  }
  scale(acc, t, load_halves(w.fields), x, stride, n);
  if (f.fields == 2) {
    reals m = load_halves(w.fields + 32);
    TOKENS(j) { acc[j] = fma_(m, all(X(j)->sum), acc[j]); }
  }
}

/* Q8_0. */
INLINE void bytes(reals *acc, block_format f, block w, const xblock *x, int64_t stride, int n, int cold) {
  fetch_ahead(cold, w.ahead, GROUP_ROWS * f.bytes, n);
  dots t[TILE_TOKENS];
  start(t, UNSIGNED_DOTS ? f.zero_bit : 0, x, stride, n);
#pragma GCC unroll 8
  for (int i = 0; i < 8; i++) {
    rows4 q = load_rows4(w.words + 64 * i);
    SUMS_OF(j) { t[j] = add_word_plus_128(t[j], q, X(j)->q, LAST(j)->q, i); }
  }
  scale(acc, t, load_halves(w.fields), x, stride, n);
}

/* Scales and minimums of Q4_K and Q5_K, 6 bits each, of 8 sub-blocks (ggml-org/ggml:
 * src/ggml-quants.c, get_scale_min_k4): byte s % 4 of word s / 4. */
typedef struct {
  words scale[2], min[2];
} k_scales;

INLINE k_scales load_k_scales(const uint8_t *p) {
  words a = load_words(p), b = load_words(p + 64), c = load_words(p + 128);
  words a_top = shift_left(and_words(shift_right(a, 6), 0x03030303), 4);
  words b_top = shift_left(and_words(shift_right(b, 6), 0x03030303), 4);
  return (k_scales){{and_words(a, 0x3f3f3f3f), or_words(and_words(c, 0x0f0f0f0f), a_top)},
                    {and_words(b, 0x3f3f3f3f), or_words(and_words(shift_right(c, 4), 0x0f0f0f0f), b_top)}};
}

/* Sub-block s of four of 32; h: the upper bits, or NULL, of which those of the four begin at bit `first`. */
INLINE void k_sub_block(reals *acc, int s, const uint8_t *q, const uint8_t *h, int first, reals d, reals dmin,
                        words scales, words mins, const xblock *x, int64_t stride, int n) {
  dots t[TILE_TOKENS];
  start(t, 0, x, stride, n);
#pragma GCC unroll 8
  for (int i = 0; i < 8; i++) {
    rows4 packed = load_rows4(q + 512 * (s / 2) + 64 * i);
    rows4 weights = s % 2 ? high_nibbles(packed) : low_nibbles(packed);
    if (h) {
      weights = with_bits(weights, bits_from(load_rows4(h + 64 * i), first), s, 1, 4);
    }
    dot(t, weights, i, x, stride, n);
  }
  scale(acc, t, mul(d, unsigned_byte(scales, s)), x, stride, n);
  reals m = mul(dmin, unsigned_byte(mins, s));
  TOKENS(j) { acc[j] = minus_product(m, all(X(j)->sum), acc[j]); }
  wait_in_memory(acc, n);
}

/* Q4_K, Q5_K: the last 32 words are nibbles. */
INLINE void nested(reals *acc, block_format f, block w, const xblock *x, int64_t stride, int n, int cold) {
  const int piece = GROUP_ROWS * f.bytes / 8;
  const uint8_t *nibbles = w.words + 64 * (f.codes_end - 32);
  const uint8_t *fifth_bits = f.codes_end - f.codes > 32 ? w.words + 64 * f.codes : 0;
  reals d = load_halves(w.fields), dmin = load_halves(w.fields + 32);
  k_scales k = load_k_scales(w.words);
  EACH_HALF {
    EACH_QUARTER {
      const int s = 4 * half + quarter;
      fetch_ahead(cold, w.ahead + piece * s, piece, n);
      k_sub_block(acc, quarter, nibbles + 1024 * half, fifth_bits, 4 * half, d, dmin, k.scale[half], k.min[half], x + s,
                  stride, n);
    }
  }
}

#include "runs.h"

/* Where results go: rows of the group from `row`; fewer than 16 in the last group. */
typedef struct {
  int64_t rows, k, row;
  const float *bias;
  float *out;
} target;

INLINE void store(const target *to, int64_t token, reals v) {
  float *out = to->out + token * to->rows + to->row;
  int64_t left = to->rows - to->row;
  if (left >= GROUP_ROWS) {
    store_reals(out, to->bias ? add_reals(v, load_reals(to->bias + to->row)) : v);
    return;
  }
  float values[GROUP_ROWS];
  store_reals(values, v);
  for (int64_t r = 0; r < left; r++) {
    out[r] = to->bias ? values[r] + to->bias[to->row + r] : values[r];
  }
}

typedef void block_kernel(reals *acc, block_format f, block w, const xblock *x, int64_t stride, int n, int cold);

/* Block b of a group; the layout is at the top. */
INLINE block block_at(block_format f, const uint8_t *group, int64_t b, int64_t blocks) {
  const int64_t bytes = GROUP_ROWS * packed_bytes(f), fields = GROUP_ROWS * field_bytes(f);
  const uint8_t *ahead = group + b * bytes + AHEAD;
  if (together(f) == 1) {
    const uint8_t *at = group + b * bytes;
    return (block){at, at + fields, ahead};
  }
  int64_t own = b % together(f), first = b - own;
  int64_t sharing = blocks - first < together(f) ? blocks - first : together(f);
  const uint8_t *at = group + first * bytes;
  return (block){at + own * fields, at + sharing * fields + own * (bytes - fields), ahead};
}

/* One group and n tokens over all of K. */
INLINE void tile(block_kernel *kernel, block_format f, const uint8_t *group, const xblock *x, int64_t token, int n, const target *to) {
  int64_t stride = to->k / 32, blocks = to->k / f.weights;
  const xblock *from = x + token * stride;
  reals acc[TILE_TOKENS];
  TOKENS(j) { acc[j] = reals_zero(); }
  for (int64_t b = 0; b < blocks; b++) {
    kernel(acc, f, block_at(f, group, b, blocks), from, stride, n, token == 0);
    from += f.weights / 32;
  }
  TOKENS(j) { store(to, token + j, acc[j]); }
}

/*
 * For each format tiles of 1, 2 and more tokens up to TILE_TOKENS, as functions of their own: then the
 * registers that the compiler finds for one do not depend on the others. All in one function were 2
 * to 25 % slower (AVX2), with a third more spills (AVX-512).
 */
typedef void tile_of(const uint8_t *group, const xblock *x, int64_t token, const target *to);

#if TILE_TOKENS == 8
#define EACH_TILE(DO, ...) DO(1, __VA_ARGS__) DO(2, __VA_ARGS__) DO(4, __VA_ARGS__) DO(8, __VA_ARGS__)
#elif TILE_TOKENS == 4
#define EACH_TILE(DO, ...) DO(1, __VA_ARGS__) DO(2, __VA_ARGS__) DO(4, __VA_ARGS__)
#else
#define EACH_TILE(DO, ...) DO(1, __VA_ARGS__) DO(2, __VA_ARGS__)
#endif
#define TILE(n, name, family, ...)                                                                       \
  static __attribute__((noinline)) void name##_##n(const uint8_t *group, const xblock *x, int64_t token, \
                                                   const target *to) {                                   \
    tile(family, (block_format)__VA_ARGS__, group, x, token, n, to);                                     \
  }
#define ALL_TILES(name, id, family, ...) EACH_TILE(TILE, name, family, __VA_ARGS__)
FAMILY_FORMATS(ALL_TILES)

/* A format and its tiles, of 2^i tokens each. */
typedef struct {
  block_format format;
  tile_of *tiles[4];
} kernels;
#define NAME_OF_TILE(n, name) name##_##n,
#define TILES(name) {EACH_TILE(NAME_OF_TILE, name)}

static void all_tokens(const kernels *f, const uint8_t *group, const xblock *x, int64_t from, int64_t end,
                       const target *to) {
  int64_t t = from;
  for (int n = TILE_TOKENS; n > 0; n /= 2) {
    for (; t + n <= end; t += n) {
      f->tiles[__builtin_ctz(n)](group, x, t, to);
    }
  }
}

/* Activations that stay in the second-level cache while the groups of a range pass by, in blocks. */
#define CACHE_BLOCKS 8192

static void linear(const kernels *f, const uint8_t *w, int64_t from, int64_t to, const xblock *x, int64_t tokens,
                   target target) {
  int64_t group_bytes = target.k / f->format.weights * (GROUP_ROWS * packed_bytes(f->format));
  int64_t pass = CACHE_BLOCKS / (target.k / 32) / TILE_TOKENS * TILE_TOKENS;
  pass = pass < TILE_TOKENS ? TILE_TOKENS : pass;
  for (int64_t t = 0; t < tokens; t += pass) {
    int64_t end = t + pass < tokens ? t + pass : tokens;
    for (int64_t g = from; g < to; g++) {
      target.row = g * GROUP_ROWS;
      all_tokens(f, w + g * group_bytes, x, t, end, &target);
    }
  }
}

void ISA_NAME(linear_quantized)(int32_t type, const void *w, int64_t rows, int64_t k, int64_t from, int64_t to,
                                const struct activation_block *x, int64_t tokens, const float *bias, float *out) {
  target target = {rows, k, 0, bias, out};
#define MULTIPLY_AS(name, id, other, ...) \
  case TYPE_##name: linear(&(kernels){__VA_ARGS__, TILES(other)}, w, from, to, x, tokens, target); break;
#define MULTIPLY(name, id, family, ...) MULTIPLY_AS(name, id, name, __VA_ARGS__)
  switch (type) { FAMILY_FORMATS(MULTIPLY) TWIN_FORMATS(MULTIPLY_AS) }
}
