// Matrix times many columns, the product of prefill:
//   out[c][r] = sum over k of x[c][k] * w[r][k] (+ bias[r]) (+ residual[c][r])
// A block computes 64 rows times 64 columns in steps of 32 along k. The next step's operands are on
// their way to registers while this step's are multiplied from shared memory, which holds two stages.
//
// Tensor cores where the target has mma.m16n8k: signed bytes for quantized weights, against the same
// 8-bit activations as decode, with the sum of every 32 products scaled in f32; f16 and bf16 for
// weights of that type. Otherwise dp4a and f32 multiplications.
//
// Compiled once per format: FORMAT is a type of formats.cuh, NAME its name in the entry.
#include "formats.cuh"
#include "mma.cuh"

enum { TILE = 64, STEP = 32, MMA_ROWS = 2, MMA_COLUMNS = 4 };

/* Sums of a thread: [i][j] is a tile of 16 x 8 in mma's order, or, without, row i, column j. */
struct Sums {
  float v[MMA_ROWS][MMA_COLUMNS][4];
};

// ---------------------------------------------------------------- quantized weights

/* A format whose 16s within a block of 32 have scales of their own. */
template <class F> constexpr bool SPLIT = __is_same(F, Q6_K);

template <class F> struct Bytes {
  // 12 words from row to row: 8 rows' words of equal index then lie in different banks.
  static constexpr int STRIDE = 12;
  struct Stage {
    u32 w[TILE * STRIDE];
    u32 x[TILE * STRIDE];
    float d[2][TILE];  // of both halves of a row's block
    float m[TILE];
    float xd[TILE];
    float xsum[TILE];
  };
  /* What a thread carries from global to shared memory: half a block of a row and of a column. */
  struct Carry {
    u32x4 w, x;
    float d, m;
    BlockScale scale;
  };

  DEVICE Carry fetch(typename F::Row row, Column column, int, int k) {
    Carry c;
    int half = THREAD & 1, block = k / STEP;
    c.w = F::expand(row, block, half, c.d, c.m);
    c.x = load16(column.x0 + (u64)k + 16 * half);
    c.scale = block_scale(column, block);
    return c;
  }
  DEVICE void put(Stage& s, const Carry& c) {
    int line = THREAD / 2, half = THREAD & 1;
    *(u32x4*)(s.w + line * STRIDE + 4 * half) = c.w;
    *(u32x4*)(s.x + line * STRIDE + 4 * half) = c.x;
    s.d[half][line] = c.d;
    if (half == 0) {
      s.m[line] = c.m;
      s.xd[line] = c.scale.d;
      s.xsum[line] = c.scale.d * (float)(c.scale.lower + c.scale.upper);
    }
  }

  /* One element: the products of both halves (the second is 0 unless SPLIT), scaled. */
  DEVICE void add(float& sum, const Stage& s, int row, int column, i32 first, i32 second) {
    float xd = s.xd[column];
    sum = fma(s.d[0][row] * xd, (float)first, sum);
    if (SPLIT<F>) { sum = fma(s.d[1][row] * xd, (float)second, sum); }
    if (F::HAS_MIN) { sum = fma(s.m[row], s.xsum[column], sum); }
  }

#if TENSOR_CORES
  DEVICE void multiply(Sums& sums, const Stage& s) {
    int row0 = 32 * (WARP >> 1), column0 = 32 * (WARP & 1);
    u32 b[MMA_COLUMNS][2];
    UNROLL for (int j = 0; j < MMA_COLUMNS; j++) { load_b(b[j], s.x, STRIDE, column0 + 8 * j, 0); }
    UNROLL for (int i = 0; i < MMA_ROWS; i++) {
      u32 a[4];
      load_a(a, s.w, STRIDE, row0 + 16 * i, 0);
      UNROLL for (int j = 0; j < MMA_COLUMNS; j++) {
        i32 first[4], second[4] = {0, 0, 0, 0};
        if constexpr (SPLIT<F>) {
          mma_bytes16(first, a[0], a[1], b[j][0]);
          mma_bytes16(second, a[2], a[3], b[j][1]);
        } else {
          mma_bytes32(first, a, b[j]);
        }
        UNROLL for (int e = 0; e < 4; e++) {
          int row = row0 + 16 * i + LANE / 4 + 8 * (e >> 1);
          int column = column0 + 8 * j + 2 * (LANE % 4) + (e & 1);
          add(sums.v[i][j][e], s, row, column, first[e], second[e]);
        }
      }
    }
  }
#else
  DEVICE void multiply(Sums& sums, const Stage& s) {
    UNROLL for (int i = 0; i < 4; i++) {
      int row = 4 * (THREAD / 8) + i;
      const u32x4* w = (const u32x4*)(s.w + row * STRIDE);
      UNROLL for (int j = 0; j < 8; j++) {
        int column = THREAD % 8 + 8 * j;
        const u32x4* x = (const u32x4*)(s.x + column * STRIDE);
        i32 first = dot16(w[0], x[0]), second = dot16(w[1], x[1]);
        if (!SPLIT<F>) { first += second; }
        add(sums.v[i / 2][j / 2][2 * (i & 1) + (j & 1)], s, row, column, first, second);
      }
    }
  }
#endif
};

// ---------------------------------------------------------------- dense weights

/* f32 x of a column from k on, zeros beyond the end. */
template <class = void> DEVICE void load_columns(float (&x)[8], const float* column, int k, int cols) {
  if (cols % 4 == 0) {
    UNROLL for (int i = 0; i < 8; i += 4) {
      f32x4 v = {0, 0, 0, 0};
      if (k + i < cols) { v = load_floats(column + k + i); }
      UNROLL for (int e = 0; e < 4; e++) { x[i + e] = v[e]; }
    }
  } else {
    UNROLL for (int i = 0; i < 8; i++) { x[i] = k + i < cols ? column[k + i] : 0; }
  }
}

/* Weights k to k + 7 of a row, as f32. */
template <class F> DEVICE void load_row(float (&w)[8], typename F::Row row, int k, int cols) {
  UNROLL for (int u = 0; u < 8 / F::UNIT; u++) {
    u32x4 v = {0, 0, 0, 0};
    if (k + u * F::UNIT < cols) { v = load_constant(row.w + (u64)(k / F::UNIT + u) * 16); }
    UNROLL for (int i = 0; i < F::UNIT; i++) { w[u * F::UNIT + i] = F::value(v, i); }
  }
}

/* In f32, k by k. */
template <class F> struct Floats {
  static constexpr int STRIDE = TILE + 4;
  struct Stage {
    float w[STEP][STRIDE];
    float x[STEP][STRIDE];
  };
  /* Runs of 8 along k: two of a row and two of a column. */
  struct Carry { float w[2][8], x[2][8]; };

  DEVICE Carry fetch(typename F::Row row, Column column, int cols, int k) {
    Carry c;
    int from = k + 16 * (THREAD & 1);
    UNROLL for (int i = 0; i < 2; i++) {
      load_row<F>(c.w[i], row, from + 8 * i, cols);
      load_columns(c.x[i], (const float*)column.x0, from + 8 * i, cols);
    }
    return c;
  }
  DEVICE void put(Stage& s, const Carry& c) {
    int line = THREAD / 2, from = 16 * (THREAD & 1);
    UNROLL for (int i = 0; i < 16; i++) {
      s.w[from + i][line] = c.w[i / 8][i % 8];
      s.x[from + i][line] = c.x[i / 8][i % 8];
    }
  }
  DEVICE void multiply(Sums& sums, const Stage& s) {
    for (int k = 0; k < STEP; k++) {
      f32x4 w = *(const f32x4*)&s.w[k][4 * (THREAD / 8)];
      UNROLL for (int j = 0; j < 8; j++) {
        float x = s.x[k][THREAD % 8 + 8 * j];
        UNROLL for (int i = 0; i < 4; i++) {
          float& sum = sums.v[i / 2][j / 2][2 * (i & 1) + (j & 1)];
          sum = fma(w[i], x, sum);
        }
      }
    }
  }
};

#if TENSOR_CORES
/* f16 or bf16, two elements to a word; x is rounded to that type. */
template <class F> struct Halves {
  static constexpr int STRIDE = 20;
  struct Stage {
    u32 w[TILE * STRIDE];
    u32 x[TILE * STRIDE];
  };
  struct Carry { u32x4 w[2], x[2]; };

  DEVICE void multiply_tile(float (&c)[4], const u32 (&a)[4], const u32 (&b)[2]) {
    if constexpr (__is_same(F, BF16)) {
      mma_bf16(c, a, b);
    } else {
      mma_half(c, a, b);
    }
  }
  DEVICE u32 round(float value) {
    if (__is_same(F, BF16)) {
      // To nearest even; infinities stay, and a NaN keeps its upper bits.
      u32 bits = as_bits(value);
      return value == value ? (bits + 0x7fff + ((bits >> 16) & 1)) >> 16 : (bits | 0x400000) >> 16;
    }
    // A value beyond f16 is cut off; infinity times a zero weight would be NaN.
    return float_to_half(__builtin_fminf(65504.0f, __builtin_fmaxf(-65504.0f, value)));
  }
  DEVICE Carry fetch(F16::Row row, Column column, int cols, int k) {
    Carry c;
    int from = k + 16 * (THREAD & 1);
    UNROLL for (int i = 0; i < 2; i++) {
      c.w[i] = u32x4{0, 0, 0, 0};
      int at = from + 8 * i;
      if (at < cols) { c.w[i] = load_constant(row.w + 2 * (u64)at); }
      float x[8];
      load_columns(x, (const float*)column.x0, at, cols);
      UNROLL for (int e = 0; e < 4; e++) {
        c.x[i][e] = round(x[2 * e]) | round(x[2 * e + 1]) << 16;
      }
    }
    return c;
  }
  DEVICE void put(Stage& s, const Carry& c) {
    int at = (THREAD / 2) * STRIDE + 8 * (THREAD & 1);
    UNROLL for (int i = 0; i < 2; i++) {
      *(u32x4*)(s.w + at + 4 * i) = c.w[i];
      *(u32x4*)(s.x + at + 4 * i) = c.x[i];
    }
  }
  DEVICE void multiply(Sums& sums, const Stage& s) {
    int row0 = 32 * (WARP >> 1), column0 = 32 * (WARP & 1);
    UNROLL for (int at = 0; at < 16; at += 8) {
      u32 b[MMA_COLUMNS][2];
      UNROLL for (int j = 0; j < MMA_COLUMNS; j++) {
        load_b(b[j], s.x, STRIDE, column0 + 8 * j, at);
      }
      UNROLL for (int i = 0; i < MMA_ROWS; i++) {
        u32 a[4];
        load_a(a, s.w, STRIDE, row0 + 16 * i, at);
        UNROLL for (int j = 0; j < MMA_COLUMNS; j++) { multiply_tile(sums.v[i][j], a, b[j]); }
      }
    }
  }
};
#endif

// ---------------------------------------------------------------- the product

template <class F, bool = F::QUANTIZED> struct KindOf { typedef Bytes<F> Kind; };
template <class F> struct KindOf<F, false> { typedef Floats<F> Kind; };
#if TENSOR_CORES
template <> struct KindOf<F16, false> { typedef Halves<F16> Kind; };
template <> struct KindOf<BF16, false> { typedef Halves<BF16> Kind; };
#endif

/* Whether sums lie as mma leaves them. */
template <class F> constexpr bool FRAGMENTS = TENSOR_CORES && !__is_same(F, F32);

/* Row and column in the block's tile of element e of sums [i][j]. */
struct Place { int row, column; };
template <class F> DEVICE Place place(int i, int j, int e) {
  if (FRAGMENTS<F>) {
    return {32 * (WARP >> 1) + 16 * i + LANE / 4 + 8 * (e >> 1),
            32 * (WARP & 1) + 8 * j + 2 * (LANE % 4) + (e & 1)};
  }
  return {4 * (THREAD / 8) + 2 * i + (e >> 1), THREAD % 8 + 8 * (2 * j + (e & 1))};
}

template <class F>
DEVICE void matmul(float* out, const void* x0, const void* x1, Planes w, const float* bias,
                   const float* residual, int rows, int cols, int columns) {
  typedef typename KindOf<F>::Kind Kind;
  SHARED typename Kind::Stage stages[2];
  await_inputs();
  int row0 = TILE * BLOCK_X, column0 = TILE * BLOCK_Y;
  // Beyond the last row and column the last is computed again and not stored.
  typename F::Row row = F::row(w, least(row0 + THREAD / 2, rows - 1), cols);
  Column column = F::column(x0, x1, least(column0 + THREAD / 2, columns - 1), cols);

  Sums sums;
  UNROLL for (int i = 0; i < MMA_ROWS; i++)
    UNROLL for (int j = 0; j < MMA_COLUMNS; j++)
      UNROLL for (int e = 0; e < 4; e++) { sums.v[i][j][e] = 0; }
  Kind::put(stages[0], Kind::fetch(row, column, cols, 0));
  BARRIER();
  int stage = 0;
  for (int k = 0; k < cols; k += STEP) {
    if (k + STEP < cols) {
      typename Kind::Carry next = Kind::fetch(row, column, cols, k + STEP);
      Kind::multiply(sums, stages[stage]);
      Kind::put(stages[stage ^ 1], next);
    } else {
      Kind::multiply(sums, stages[stage]);
    }
    stage ^= 1;
    BARRIER();
  }

  UNROLL for (int i = 0; i < MMA_ROWS; i++)
    UNROLL for (int j = 0; j < MMA_COLUMNS; j++)
      UNROLL for (int e = 0; e < 4; e++) {
        Place at = place<F>(i, j, e);
        int r = row0 + at.row, c = column0 + at.column;
        if (r < rows && c < columns) {
          float y = sums.v[i][j][e];
          if (bias) { y += bias[r]; }
          u64 to = (u64)c * rows + r;
          if (residual) { y += residual[to]; }
          out[to] = y;
        }
      }
}

#define JOIN2(a, b) a##_##b
#define JOIN(a, b) JOIN2(a, b)
KERNEL(128, 2)
JOIN(matmul, NAME)(float* out, const void* x0, const void* x1, const u8* p0, const u8* p1,
                   const u8* p2, const u8* p3, const float* bias, const float* residual, int rows,
                   int cols, int columns) {
  matmul<FORMAT>(out, x0, x1, {p0, p1, p2, p3}, bias, residual, rows, cols, columns);
}
