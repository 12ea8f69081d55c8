/*
 * Matrix products with F32, F16 and BF16 weights, in place in the layout of the file. Lane i of a
 * row's accumulator takes columns k with k mod LANES = i in ascending order; then the lanes are
 * summed in a fixed way. So a result is the same for any number of rows and tokens at once.
 *
 * With the BF16 dot product instruction, activations are rounded to bf16 and a lane takes two
 * neighbouring columns at a time, in every path.
 */
#include "isa/vector.h"
#include "solebox_cpu.h"

/* A register tile: rows and tokens. */
#define ROWS 4
#if LANES == 8
#define TOKENS 2
#else
#define TOKENS 4
#endif

/*
 * Bytes of a row between two looks ahead, when weights first pass. The rows of a tile are read side
 * by side, but the next ones are fetched in the order of their addresses, which memory is best at.
 */
#define CHUNK 128

/* One vector of weights and of activations at byte i, multiplied into an accumulator. */
typedef vfloat load_kernel(const uint8_t *p);
typedef vfloat multiply_kernel(vfloat w, vfloat x, vfloat acc);

typedef struct {
  const uint8_t *w; /* of the first row */
  int64_t row_bytes;
  const uint8_t *x; /* of the first token */
  int64_t token_bytes;
  int64_t k;
} operands;

INLINE vfloat load_f32(const uint8_t *p) { return v_load((const float *)p); }
INLINE vfloat load_f16(const uint8_t *p) { return v_halves((const uint16_t *)p); }
INLINE vfloat load_bf16(const uint8_t *p) {
  typedef uint16_t shorts __attribute__((vector_size(2 * LANES), aligned(1), may_alias));
  typedef uint32_t ints __attribute__((vector_size(4 * LANES)));
  return (vfloat)(__builtin_convertvector(*(const shorts *)p, ints) << 16);
}
INLINE vfloat multiply_floats(vfloat w, vfloat x, vfloat acc) { return v_fma(w, x, acc); }

#ifdef __AVX512BF16__
/* Pairs travel as they are. */
INLINE vfloat multiply_pairs(vfloat w, vfloat x, vfloat acc) {
  return _mm512_dpbf16_ps(acc, (__m512bh)w, (__m512bh)x);
}
#endif

/* How a format is read: bytes of an element of w and x, elements per vector. */
typedef struct {
  load_kernel *load_w;
  multiply_kernel *multiply;
  int w_bytes, x_bytes, step;
} format;

static const format F32 = {load_f32, multiply_floats, 4, 4, LANES};
static const format F16 = {load_f16, multiply_floats, 2, 4, LANES};
#ifdef __AVX512BF16__
static const format BF16 = {load_f32, multiply_pairs, 2, 2, 2 * LANES};
#else
static const format BF16 = {load_bf16, multiply_floats, 2, 4, LANES};
#endif

/* The last elements of a row, with zeros after them. */
INLINE vfloat load_tail(load_kernel *load, const uint8_t *p, int64_t bytes) {
  uint8_t padded[64] = {0};
  memcpy(padded, p, (size_t)bytes);
  return load(padded);
}

/* Columns from..to, a multiple of a vector. */
INLINE void multiply(format f, operands o, int rows, int n, int64_t from, int64_t to, vfloat acc[ROWS][TOKENS]) {
  for (int64_t i = from; i < to; i += f.step) {
    vfloat x[TOKENS];
    UNROLL for (int t = 0; t < n; t++) { x[t] = load_f32(o.x + t * o.token_bytes + i * f.x_bytes); }
    UNROLL for (int r = 0; r < rows; r++) {
      vfloat w = f.load_w(o.w + r * o.row_bytes + i * f.w_bytes);
      UNROLL for (int t = 0; t < n; t++) { acc[r][t] = f.multiply(w, x[t], acc[r][t]); }
    }
  }
}

/* While columns at byte `at` of these rows pass by, as much of the next rows, from their start on. */
INLINE void fetch_ahead(operands o, int rows, int64_t at) {
  const uint8_t *next = o.w + rows * (o.row_bytes + at);
  for (int i = 0; i < rows * CHUNK; i += 64) {
    __builtin_prefetch(next + i, 0, 2); /* into the second level: it may be long until then */
  }
}

INLINE void tile(format f, operands o, int rows, int n, int cold, float sums[ROWS][TOKENS]) {
  vfloat acc[ROWS][TOKENS];
  UNROLL for (int r = 0; r < rows; r++) {
    UNROLL for (int t = 0; t < n; t++) { acc[r][t] = v_zero(); }
  }
  int64_t whole = o.k - o.k % f.step, chunk = CHUNK / f.w_bytes;
  for (int64_t i = 0; i < whole; i += chunk) {
    if (cold) {
      fetch_ahead(o, rows, i * f.w_bytes);
    }
    multiply(f, o, rows, n, i, i + chunk < whole ? i + chunk : whole, acc);
  }
  int64_t left = o.k - whole;
  if (left > 0) {
    UNROLL for (int r = 0; r < rows; r++) {
      vfloat w = load_tail(f.load_w, o.w + r * o.row_bytes + whole * f.w_bytes, left * f.w_bytes);
      UNROLL for (int t = 0; t < n; t++) {
        vfloat x = load_tail(load_f32, o.x + t * o.token_bytes + whole * f.x_bytes, left * f.x_bytes);
        acc[r][t] = f.multiply(w, x, acc[r][t]);
      }
    }
  }
  UNROLL for (int r = 0; r < rows; r++) {
    UNROLL for (int t = 0; t < n; t++) { sums[r][t] = v_sum(acc[r][t]); }
  }
}

typedef struct {
  int64_t rows, row;
  const float *bias;
  float *out;
} target;

INLINE void tile_to(format f, operands o, int rows, int64_t token, int n, const target *to) {
  float sums[ROWS][TOKENS];
  o.x += token * o.token_bytes;
  tile(f, o, rows, n, token == 0, sums);
  for (int t = 0; t < n; t++) {
    for (int r = 0; r < rows; r++) {
      float bias = to->bias ? to->bias[to->row + r] : 0;
      to->out[(token + t) * to->rows + to->row + r] = sums[r][t] + bias;
    }
  }
}

INLINE void all_tokens(format f, operands o, int rows, int64_t from, int64_t to, const target *target) {
  int64_t t = from;
  for (; t + TOKENS <= to; t += TOKENS) {
    tile_to(f, o, rows, t, TOKENS, target);
  }
  if (TOKENS > 2 && t + 2 <= to) {
    tile_to(f, o, rows, t, 2, target);
    t += 2;
  }
  if (t < to) {
    tile_to(f, o, rows, t, 1, target);
  }
}

/* Bytes of activations that stay in the second-level cache while the rows of a range pass by. */
#define CACHE_BYTES (384 << 10)

INLINE void linear(format f, operands o, int64_t from, int64_t to, int64_t tokens, target target) {
  int64_t pass = CACHE_BYTES / o.token_bytes / TOKENS * TOKENS;
  pass = pass < TOKENS ? TOKENS : pass;
  const uint8_t *w = o.w;
  for (int64_t t = 0; t < tokens; t += pass) {
    int64_t end = t + pass < tokens ? t + pass : tokens;
    for (int64_t row = from; row < to;) {
      int rows = row + ROWS <= to ? ROWS : 1;
      o.w = w + row * o.row_bytes;
      target.row = row;
      if (rows == ROWS) {
        all_tokens(f, o, ROWS, t, end, &target);
      } else {
        all_tokens(f, o, 1, t, end, &target);
      }
      row += rows;
    }
  }
}

void ISA_NAME(linear_dense)(int32_t type, const void *w, int64_t rows, int64_t k, int64_t from, int64_t to,
                            const void *x, int64_t tokens, const float *bias, float *out) {
  target target = {rows, 0, bias, out};
#define MULTIPLY(name, id, bytes) \
  case TYPE_##name:               \
    linear(name, (operands){w, bytes * k, x, name.x_bytes * k, k}, from, to, tokens, target); \
    break;
  switch (type) { DENSE_FORMATS(MULTIPLY) }
}
