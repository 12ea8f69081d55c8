// Matrix times many columns, the product of prefill:
//   out[c][r] = sum over k of x[c][k] * w[r][k] (+ bias[r]) (+ residual[c][r])
// A block computes 64 rows times 64 columns in steps of 32 along k, or 128 times 128 where both operands
// are of 16 bits: with less, the second-level cache is slower than the tensor cores. The next step's
// operands are on their way to registers while this step's are multiplied from shared memory, which
// holds two stages.
//
// f16 weights are multiplied on tensor cores; so are, from sm_80 on, bf16 weights and quantized ones,
// these as signed bytes against the same 8-bit activations as decode, with the sum of every 32
// products scaled in f32. Otherwise dp4a and f32 multiplications: Volta's tensor cores know f16
// alone, whose range bf16 exceeds.
//
// Compiled once per format: FORMAT is a type of formats.cuh, NAME its name in the entry; HALVES_FROM the
// architecture whose tensor cores multiply it as it is.
#include "formats.cuh"
#include "mma.cuh"

#if defined(HALVES_FROM) && __CUDA_ARCH__ >= HALVES_FROM
#define HALVES true
#else
#define HALVES false
#endif

enum { TILE = 64, STEP = 32, MMA_COLUMNS = 4 };

/*
 * Sums of a thread in a block of LINES rows and columns: [i][j] is a tile of 16 x 8 in mma's order, or,
 * without, row i, column j. A warp has 32 columns, and half of the rows.
 */
template <int LINES> struct Sums {
  static constexpr int MMA_ROWS = LINES / 32;
  float v[MMA_ROWS][MMA_COLUMNS][4];
};
template <int LINES> DEVICE int warp_row() { return LINES / 2 * (WARP / (LINES / 32)); }
template <int LINES> DEVICE int warp_column() { return 32 * (WARP % (LINES / 32)); }

// ---------------------------------------------------------------- quantized weights

template <class F> struct Bytes {
  static constexpr int LINES = TILE;
  /* Minimums of a row's block, and sums of a column's. */
  static constexpr int MINS = F::HAS_MIN && F::SPLIT ? 2 : 1;
  // 12 words from row to row: 8 rows' words of equal index then lie in different banks.
  static constexpr int STRIDE = 12;
  struct Stage {
    u32 w[TILE * STRIDE];
    u32 x[TILE * STRIDE];
    float d[2][TILE];  // of both halves of a row's block
    float m[MINS][TILE];
    float xd[TILE];
    float xsum[MINS][TILE];
  };
  /* What a thread carries from global to shared memory: half a block of a row and of a column. */
  struct Carry {
    u32x4 w, x;
    float d, m;
    BlockScale scale;
  };

  DEVICE Column column(const void* x0, const void* x1, u64 column, int cols) {
    return F::column(x0, x1, column, cols);
  }
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
    if constexpr (MINS == 2) {
      s.m[half][line] = c.m;
      s.xsum[half][line] = c.scale.d * (float)(half ? c.scale.upper : c.scale.lower);
      if (half == 0) { s.xd[line] = c.scale.d; }
    } else if (half == 0) {
      s.m[0][line] = c.m;
      s.xd[line] = c.scale.d;
      s.xsum[0][line] = c.scale.d * (float)(c.scale.lower + c.scale.upper);
    }
  }

  /* One element: the products of both halves (the second is 0 unless F::SPLIT), scaled. */
  DEVICE void add(float& sum, const Stage& s, int row, int column, i32 first, i32 second) {
    float xd = s.xd[column];
    sum = fma(s.d[0][row] * xd, (float)first, sum);
    if (F::SPLIT) { sum = fma(s.d[1][row] * xd, (float)second, sum); }
    if (F::HAS_MIN) {
      UNROLL for (int i = 0; i < MINS; i++) { sum = fma(s.m[i][row], s.xsum[i][column], sum); }
    }
  }

#if !VOLTA
  DEVICE void multiply(Sums<TILE>& sums, const Stage& s) {
    int row0 = warp_row<TILE>(), column0 = warp_column<TILE>();
    FragmentB b[MMA_COLUMNS / 2];
    UNROLL for (int t = 0; t < MMA_COLUMNS / 2; t++) {
      load_b(b[t], s.x, STRIDE, column0 + 16 * t, 0);
    }
    UNROLL for (int i = 0; i < Sums<TILE>::MMA_ROWS; i++) {
      FragmentA a;
      load_a(a, s.w, STRIDE, row0 + 16 * i, 0);
      UNROLL for (int j = 0; j < MMA_COLUMNS; j++) {
        i32 first[4], second[4] = {0, 0, 0, 0};
        if constexpr (F::SPLIT) {
          mma_bytes16(first, a.w[0], a.w[1], b[j / 2].w[2 * (j & 1)]);
          mma_bytes16(second, a.w[2], a.w[3], b[j / 2].w[2 * (j & 1) + 1]);
        } else {
          mma_bytes32(first, a, b[j / 2], j & 1);
        }
        UNROLL for (int e = 0; e < 4; e++) {
          int row = row0 + 16 * i + sum_row(e), column = column0 + 8 * j + sum_column(e);
          add(sums.v[i][j][e], s, row, column, first[e], second[e]);
        }
      }
    }
  }
#else
  DEVICE void multiply(Sums<TILE>& sums, const Stage& s) {
    UNROLL for (int i = 0; i < 4; i++) {
      int row = 4 * (THREAD / 8) + i;
      const u32x4* w = (const u32x4*)(s.w + row * STRIDE);
      UNROLL for (int j = 0; j < 8; j++) {
        int column = THREAD % 8 + 8 * j;
        const u32x4* x = (const u32x4*)(s.x + column * STRIDE);
        i32 first = dot16(w[0], x[0]), second = dot16(w[1], x[1]);
        if (!F::SPLIT) { first += second; }
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
    if (k + u * F::UNIT < cols) { v = load_constant(row.q + (u64)(k / F::UNIT + u) * 16); }
    UNROLL for (int i = 0; i < F::UNIT; i++) { w[u * F::UNIT + i] = F::value(v, i); }
  }
}

/* In f32, k by k. */
template <class F> struct Floats {
  static constexpr int LINES = TILE;
  static constexpr int STRIDE = TILE + 4;
  struct Stage {
    float w[STEP][STRIDE];
    float x[STEP][STRIDE];
  };
  /* Runs of 8 along k: two of a row and two of a column. */
  struct Carry { float w[2][8], x[2][8]; };

  DEVICE Column column(const void* x0, const void* x1, u64 column, int cols) {
    return F::column(x0, x1, column, cols);
  }
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
  DEVICE void multiply(Sums<TILE>& sums, const Stage& s) {
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

/* f16 or bf16, two elements to a word; x is of that type too, its columns padded as rows are. */
template <class F, int SIZE> struct Halves {
  static constexpr int LINES = SIZE;
  static constexpr int STRIDE = 20;
  struct Stage {
    u32 w[LINES * STRIDE];
    u32 x[LINES * STRIDE];
  };
  struct Carry { u32x4 w[2], x[2]; };

  DEVICE void multiply_tile(float (&left)[4], float (&right)[4], const FragmentA& a,
                            const FragmentB& b) {
#if !VOLTA
    if constexpr (__is_same(F, BF16)) {
      mma_bf16(left, right, a, b);
      return;
    }
#endif
    mma_half(left, right, a, b);
  }
  DEVICE Column column(const void* x0, const void*, u64 column, int cols) {
    return {(const u8*)x0 + column * (u64)(ceil_div(cols, 8) * 16), nullptr};
  }
  DEVICE Carry fetch(F16::Row row, Column column, int cols, int k) {
    Carry c;
    int from = k + 16 * (THREAD & 1);
    UNROLL for (int i = 0; i < 2; i++) {
      c.w[i] = c.x[i] = u32x4{0, 0, 0, 0};
      int at = from + 8 * i;
      if (at < cols) {
        c.w[i] = load_constant(row.q + 2 * (u64)at);
        c.x[i] = load16(column.x0 + 2 * (u64)at);
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
  DEVICE void multiply(Sums<LINES>& sums, const Stage& s) {
    int row0 = warp_row<LINES>(), column0 = warp_column<LINES>();
    UNROLL for (int at = 0; at < 16; at += 8) {
      FragmentB b[MMA_COLUMNS / 2];
      UNROLL for (int t = 0; t < MMA_COLUMNS / 2; t++) {
        load_b(b[t], s.x, STRIDE, column0 + 16 * t, at);
      }
      UNROLL for (int i = 0; i < Sums<LINES>::MMA_ROWS; i++) {
        FragmentA a;
        load_a(a, s.w, STRIDE, row0 + 16 * i, at);
        UNROLL for (int t = 0; t < MMA_COLUMNS / 2; t++) {
          multiply_tile(sums.v[i][2 * t], sums.v[i][2 * t + 1], a, b[t]);
        }
      }
    }
  }
};

// ---------------------------------------------------------------- the product

template <class F, bool = F::QUANTIZED> struct KindOf { typedef Bytes<F> Kind; };
#if HALVES
template <class F> struct KindOf<F, false> { typedef Halves<F, TILE> Kind; };
#else
template <class F> struct KindOf<F, false> { typedef Floats<F> Kind; };
#endif

/* Whether sums lie as mma leaves them. */
template <class F> constexpr bool FRAGMENTS = HALVES || (F::QUANTIZED && !VOLTA);

/* Row and column in the block's tile of element e of sums [i][j]. */
struct Place { int row, column; };
template <class F, int LINES> DEVICE Place place(int i, int j, int e) {
  if (FRAGMENTS<F>) {
    return {warp_row<LINES>() + 16 * i + sum_row(e), warp_column<LINES>() + 8 * j + sum_column(e)};
  }
  return {4 * (THREAD / 8) + 2 * i + (e >> 1), THREAD % 8 + 8 * (2 * j + (e & 1))};
}

/* The sums of a block, from a line of both operands for every two threads. */
template <class F, class Kind>
DEVICE void multiply(Sums<Kind::LINES>& sums, typename Kind::Stage (&stages)[2],
                     typename F::Row row, Column column, int cols) {
  constexpr int MMA_ROWS = Sums<Kind::LINES>::MMA_ROWS;
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
}

template <class F, class Kind>
DEVICE void matmul(float* out, const void* x0, const void* x1, Planes w, const float* bias,
                   const float* residual, int rows, int cols, int columns) {
  constexpr int LINES = Kind::LINES, MMA_ROWS = Sums<LINES>::MMA_ROWS;
  SHARED typename Kind::Stage stages[2];
  await_inputs();
  int row0 = LINES * BLOCK_X, column0 = LINES * BLOCK_Y;
  // Beyond the last row and column the last is computed again and not stored.
  typename F::Row row = F::row(w, least(row0 + THREAD / 2, rows - 1), cols);
  Column column = Kind::column(x0, x1, least(column0 + THREAD / 2, columns - 1), cols);
  Sums<LINES> sums;
  multiply<F, Kind>(sums, stages, row, column, cols);

  UNROLL for (int i = 0; i < MMA_ROWS; i++)
    UNROLL for (int j = 0; j < MMA_COLUMNS; j++)
      UNROLL for (int e = 0; e < 4; e++) {
        Place at = place<F, LINES>(i, j, e);
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

/* Slots whose columns meet one matrix: neighbours in a list, or every `step`-th of all. */
struct Slots {
  const i32* list;
  int first, step, count;
  DEVICE int at(const Slots& s, int i) {
    int index = s.first + least(i, s.count - 1) * s.step;
    return s.list ? s.list[index] : index;
  }
};

/*
 * out[s][r] = x[s / shared] . w[first row of s's matrix + r] (+ bias of that row), for up to 64 slots s
 * of one matrix. Which, stands in tile BLOCK_Y of `tiles` {group, first in `order`, count}; without,
 * slots take `groups` matrices by turns.
 */
template <class F, class Kind>
DEVICE void grouped(float* out, const void* x0, const void* x1, Planes w, const float* bias,
                    const float* routing, int shares, const i32* order, const i32* tiles, int groups,
                    int step, int from, int rows, int cols, int columns, int shared) {
  constexpr int MMA_ROWS = Sums<TILE>::MMA_ROWS;
  SHARED typename Kind::Stage stages[2];
  await_inputs();
  int each = ceil_div(columns, TILE), row0 = TILE * BLOCK_X;
  int group = BLOCK_Y / each, column0 = TILE * (BLOCK_Y % each);
  Slots slots = {nullptr, column0 * groups + group, groups, least(TILE, columns - column0)};
  if (tiles) {
    const i32* tile = tiles + 3 * BLOCK_Y;
    group = tile[0];
    slots = {order, tile[1], 1, tile[2]};
  }
  if (slots.count == 0) { return; }
  int first = group * step + from;
  typename F::Row row = F::row(w, first + least(row0 + THREAD / 2, rows - 1), cols);
  Column column = Kind::column(x0, x1, Slots::at(slots, THREAD / 2) / shared, cols);
  Sums<TILE> sums;
  multiply<F, Kind>(sums, stages, row, column, cols);

  UNROLL for (int i = 0; i < MMA_ROWS; i++)
    UNROLL for (int j = 0; j < MMA_COLUMNS; j++)
      UNROLL for (int e = 0; e < 4; e++) {
        Place at = place<F, TILE>(i, j, e);
        int r = row0 + at.row;
        if (r < rows && at.column < slots.count) {
          int slot = Slots::at(slots, at.column);
          float y = sums.v[i][j][e];
          if (shares) { y *= routing[2 * slot + 1]; }
          if (bias) { y += bias[first + r]; }
          out[(u64)slot * rows + r] = y;
        }
      }
}

#define JOIN2(a, b, c) a##b##c
#define JOIN(a, b, c) JOIN2(a, b, c)
#define ENTRY(SUFFIX, THREADS, KIND)                                                               \
  KERNEL(THREADS, 2)                                                                               \
  JOIN(matmul_, NAME, SUFFIX)(float* out, const void* x0, const void* x1, const u8* p0,            \
                              const u8* p1, const u8* p2, const u8* p3, const float* bias,         \
                              const float* residual, int rows, int cols, int columns) {            \
    matmul<FORMAT, KIND>(out, x0, x1, {p0, p1, p2, p3}, bias, residual, rows, cols, columns);      \
  }
ENTRY(, 128, KindOf<FORMAT>::Kind)
#if HALVES
#define WIDE Halves<FORMAT, 128>
ENTRY(_128, 256, WIDE)
#endif

KERNEL(128, 2)
JOIN(grouped_, NAME, )(float* out, const void* x0, const void* x1, const u8* p0, const u8* p1,
                       const u8* p2, const u8* p3, const float* bias, const float* routing, int shares,
                       const i32* order, const i32* tiles, int groups, int step, int from, int rows,
                       int cols, int columns, int shared) {
  grouped<FORMAT, KindOf<FORMAT>::Kind>(out, x0, x1, {p0, p1, p2, p3}, bias, routing, shares, order,
                                        tiles, groups, step, from, rows, cols, columns, shared);
}
