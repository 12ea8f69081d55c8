// Matrix times 1 to 8 columns, the product of decode:
//   out[c][r] = sum over k of x[c][k] * w[r][k] (+ bias[r]) (+ residual[c][r])
// and gate, up and SwiGLU in one: out[c][f] = silu(x[c] . g[f]) * (x[c] . u[f]), or another gate of that
// kind, rounded to 8 bits too where asked for; and columns of which each has a matrix of its own, as heads and experts have.
//
// A warp takes two rows, so that activations are loaded once for both, and two units of each at a
// time where registers allow, so that every thread has four 16-byte loads in flight. A lane's units
// are lane, lane + 32, ... in ascending order whatever the number of columns, and nothing is
// contracted behind our back: the bits of a column depend on nothing but the column.
//
// Where a matrix has too few rows to fill the card, 2 or 4 warps of a block share two rows: each takes
// every second or fourth round of units, and their sums are added in ascending order.
//
// Compiled once per format: FORMAT is a type of formats.cuh, NAME its name in entries.
#include "activation.cuh"
#include "formats.cuh"

enum { ROWS = 2, WARPS = 4 };

template <class F, int N> struct Product {
  // Formats of two 16-byte pieces a unit have four loads in flight with one unit of each row, and the
  // activations of two large units are too many for more than one column.
  static constexpr bool TWO_UNITS = N * (F::UNIT > 32 ? 4 : 1) < 8 && !F::TWO_PIECES;
  float acc[ROWS][N];

  DEVICE void step(Product& p, const typename F::Unit& a, const typename F::Unit& b,
                   Column x, const u32 (&start)[N], int u, int cols) {
    UNROLL for (int c = 0; c < N; c++) {
      typename F::Acts acts = F::acts(x, start[c], u, cols);
      F::dot(a, acts, p.acc[0][c]);
      F::dot(b, acts, p.acc[1][c]);
    }
  }

  /*
   * Leaves the sums over k in every lane: over rounds `part`, part + 2^split, ... of 32 units, of
   * columns from `first` on.
   */
  DEVICE void run(Product& p, typename F::Row a, typename F::Row b, const void* x0, const void* x1,
                  int cols, int first, int columns, int part, int split) {
    UNROLL for (int c = 0; c < N; c++) { p.acc[0][c] = p.acc[1][c] = 0; }
    Column x = F::column(x0, x1, 0, cols);
    // Columns beyond the last are computed as the last and never stored.
    u32 start[N];
    UNROLL for (int c = 0; c < N; c++) { start[c] = F::start(first + least(c, columns - 1), cols); }
    int units = F::units(cols);
    int u = LANE + 32 * part, stride = 32 << split;
    for (; TWO_UNITS && u + stride < units; u += 2 * stride) {
      typename F::Unit a0 = F::load(a, u), b0 = F::load(b, u);
      typename F::Unit a1 = F::load(a, u + stride), b1 = F::load(b, u + stride);
      step(p, a0, b0, x, start, u, cols);
      step(p, a1, b1, x, start, u + stride, cols);
    }
    for (; u < units; u += stride) { step(p, F::load(a, u), F::load(b, u), x, start, u, cols); }
    // All lanes meet here again before they shuffle.
    WARP_BARRIER();
    UNROLL for (int c = 0; c < N; c++) {
      p.acc[0][c] = warp_sum(p.acc[0][c]);
      p.acc[1][c] = warp_sum(p.acc[1][c]);
    }
  }
};

/* Both rows of a warp, before it waits for its columns. */
template <class F> DEVICE void prefetch(typename F::Row a, typename F::Row b, int cols) {
  F::prefetch(a, cols);
  F::prefetch(b, cols);
}

template <class F, int N>
DEVICE void linear(float* out, const void* x0, const void* x1, Planes w, const float* bias,
                   const float* residual, int rows, int cols, int columns, int split) {
  SHARED float sums[WARPS][ROWS * N];
  int row = ROWS * ((WARPS * BLOCK_X + WARP) >> split), part = WARP & ((1 << split) - 1);
  // Warps behind the last row compute it as well: all of a block meet below.
  typename F::Row a = F::row(w, least(row, rows - 1), cols);
  typename F::Row b = F::row(w, least(row + 1, rows - 1), cols);
  prefetch<F>(a, b, cols);
  await_inputs();
  Product<F, N> p;
  Product<F, N>::run(p, a, b, x0, x1, cols, 0, columns, part, split);
  float y = 0;  // in lane i the sum of row i / N and column i % N
  UNROLL for (int i = 0; i < ROWS * N; i++) { y = LANE == i ? p.acc[i / N][i % N] : y; }
  if (split > 0) {
    if (LANE < ROWS * N) { sums[WARP][LANE] = y; }
    BARRIER();
    if (part > 0) { return; }
    for (int i = 1; i < 1 << split && LANE < ROWS * N; i++) { y += sums[WARP + i][LANE]; }
  }
  int r = row + LANE / N, c = LANE % N;
  if (LANE < ROWS * N && r < rows && c < columns) {
    u64 at = (u64)c * rows + r;
    if (bias) { y += bias[r]; }
    if (residual) { y += residual[at]; }
    out[at] = y;
  }
}

/* An 8-bit activation to write, and per 32 of its elements a counter that is zero between launches. */
struct Rounded {
  u8* xq;
  u8* xs;
  u32* arrivals;
};

/*
 * Called by the warp of each row when it has written its results. The last of 32 neighbouring rows,
 * in whatever block it is, rounds what all of them wrote.
 */
DEVICE void round_if_last(const float* out, Rounded to, int row, int rows, int columns) {
  WARP_BARRIER();  // lane 0, who counts, does so for what all lanes have written
  u32* arrivals = to.arrivals + row / Q8;
  u32 before = 0;
  if (LANE == 0) { before = count_in(arrivals); }
  if (shuffle_first(before) != Q8 - 1) { return; }
  fence();  // of lane 0, who saw the others' counts, before any lane reads what they wrote
  WARP_BARRIER();
  if (LANE == 0) { *arrivals = 0; }
  for (int c0 = 0; c0 < columns; c0 += 4) {  // eight lanes a column
    int c = c0 + LANE / 8;
    u64 at = (u64)c * rows + row / Q8 * Q8 + 4 * (LANE & 7);
    f32x4 y = {0, 0, 0, 0};
    if (c < columns) { y = __builtin_bit_cast(f32x4, load_shared_by_blocks(out + at)); }
    quantize_block(c < columns, y, to.xq + at, to.xs + at / Q8 * 8);
  }
}

template <class F, int N>
DEVICE void swiglu(float* out, Rounded rounded, const void* x0, const void* x1, Planes gate,
                   Planes up, Gating by, int rows, int cols, int columns) {
  int row = WARPS * BLOCK_X + WARP;
  if (row >= rows) { return; }
  typename F::Row a = F::row(gate, row, cols), b = F::row(up, row, cols);
  prefetch<F>(a, b, cols);
  await_inputs();
  Product<F, N> p;
  Product<F, N>::run(p, a, b, x0, x1, cols, 0, columns, 0, 0);
  float g = 0, u = 0;  // in lane c those of column c
  UNROLL for (int c = 0; c < N; c++) {
    g = LANE == c ? p.acc[0][c] : g;
    u = LANE == c ? p.acc[1][c] : u;
  }
  if (LANE < N && LANE < columns) { out[(u64)LANE * rows + row] = gated(by, g, u); }
  if (rounded.xq) { round_if_last(out, rounded, row, rows, columns); }
}

/*
 * out[s][r] = x[s / shared] . w[first row of s's matrix + r] (+ bias of that row), for slots s. Whose
 * matrix that is says `routing`, or, without, the slot's place among `groups` neighbours.
 */
template <class F>
DEVICE void each(float* out, const void* x0, const void* x1, Planes w, const float* bias,
                 const float* routing, int shares, int groups, int step, int from, int rows, int cols,
                 int shared) {
  await_inputs();
  int slot = BLOCK_Y, row = ROWS * (WARPS * BLOCK_X + WARP);
  if (row >= rows) { return; }
  int group = routing ? (int)routing[2 * slot] : slot % groups;
  int first = group * step + from;
  typename F::Row a = F::row(w, first + row, cols);
  typename F::Row b = F::row(w, first + least(row + 1, rows - 1), cols);
  Product<F, 1> p;
  Product<F, 1>::run(p, a, b, x0, x1, cols, slot / shared, 1, 0, 0);
  int r = row + LANE;
  if (LANE < ROWS && r < rows) {
    float y = LANE == 0 ? p.acc[0][0] : p.acc[1][0];
    if (shares) { y *= routing[2 * slot + 1]; }
    if (bias) { y += bias[first + r]; }
    out[(u64)slot * rows + r] = y;
  }
}

/* Of a stack of experts' matrices: rows from one to the next, and where an expert's own begin. */
struct Stack {
  Planes planes;
  const float* bias;
  int step, from;
  DEVICE int first(const Stack& s, int expert) { return expert * s.step + s.from; }
};

/*
 * out[s][f] = gate and up of slot s's expert through the gate, f a row of both. The slot's column is
 * s / shared; `shares` says whether products are multiplied by the slot's share.
 */
template <class F>
DEVICE void each_gated(float* out, Rounded rounded, const void* x0, const void* x1, Stack gate,
                       Stack up, const float* routing, int shares, Gating by, int rows, int cols,
                       int shared) {
  await_inputs();
  int slot = BLOCK_Y, row = WARPS * BLOCK_X + WARP;
  if (row >= rows) { return; }
  int expert = (int)routing[2 * slot];
  int g = Stack::first(gate, expert) + row, u = Stack::first(up, expert) + row;
  Product<F, 1> p;
  Product<F, 1>::run(p, F::row(gate.planes, g, cols), F::row(up.planes, u, cols), x0, x1, cols,
                     slot / shared, 1, 0, 0);
  float share = shares ? routing[2 * slot + 1] : 1;
  float a = p.acc[0][0] * share, b = p.acc[1][0] * share;
  if (gate.bias) { a += gate.bias[g]; }
  if (up.bias) { b += up.bias[u]; }
  float* to = out + (u64)slot * rows;
  float y = gated(by, a, b);
  if (LANE == 0) { to[row] = y; }
  if (rounded.xq) {
    u64 at = (u64)slot * rows;
    Rounded of_slot = {rounded.xq + at, rounded.xs + at / Q8 * 8, rounded.arrivals + at / Q8};
    round_if_last(to, of_slot, row, rows, 1);
  }
}

#define JOIN2(a, b, c) a##_##b##_##c
#define JOIN(a, b, c) JOIN2(a, b, c)
#define ENTRIES(N, BLOCKS)                                                                        \
  KERNEL(128, BLOCKS)                                                                             \
  JOIN(linear, NAME, N)(float* out, const void* x0, const void* x1, const u8* p0, const u8* p1,   \
                        const u8* p2, const u8* p3, const float* bias, const float* residual,     \
                        int rows, int cols, int columns, int split) {                             \
    linear<FORMAT, N>(out, x0, x1, {p0, p1, p2, p3}, bias, residual, rows, cols, columns, split); \
  }                                                                                               \
  KERNEL(128, BLOCKS)                                                                             \
  JOIN(swiglu, NAME, N)(float* out, u8* xq, u8* xs, u32* arrivals, const void* x0,                \
                        const void* x1, const u8* g0, const u8* g1, const u8* g2, const u8* g3,   \
                        const u8* u0, const u8* u1, const u8* u2, const u8* u3, int activation,   \
                        float alpha, float limit, int rows, int cols, int columns) {              \
    swiglu<FORMAT, N>(out, {xq, xs, arrivals}, x0, x1, {g0, g1, g2, g3}, {u0, u1, u2, u3},        \
                      {activation, alpha, limit}, rows, cols, columns);                           \
  }
ENTRIES(1, FORMAT::BLOCKS)
ENTRIES(2, FORMAT::BLOCKS_2)
ENTRIES(4, 3)
ENTRIES(8, FORMAT::BLOCKS_8)

#define JOIN_TWO2(a, b) a##_##b
#define JOIN_TWO(a, b) JOIN_TWO2(a, b)
KERNEL(128, FORMAT::BLOCKS)
JOIN_TWO(each, NAME)(float* out, const void* x0, const void* x1, const u8* p0, const u8* p1,
                     const u8* p2, const u8* p3, const float* bias, const float* routing, int shares,
                     int groups, int step, int from, int rows, int cols, int shared) {
  each<FORMAT>(out, x0, x1, {p0, p1, p2, p3}, bias, routing, shares, groups, step, from, rows, cols,
               shared);
}
KERNEL(128, FORMAT::BLOCKS)
JOIN_TWO(each_gated, NAME)(float* out, u8* xq, u8* xs, u32* arrivals, const void* x0, const void* x1,
                           const u8* g0, const u8* g1, const u8* g2, const u8* g3, const u8* u0,
                           const u8* u1, const u8* u2, const u8* u3, const float* gate_bias,
                           const float* up_bias, const float* routing, int shares, int gate_step,
                           int gate_from, int up_step, int up_from, int activation, float alpha,
                           float limit, int rows, int cols, int shared) {
  Stack gate = {{g0, g1, g2, g3}, gate_bias, gate_step, gate_from};
  Stack up = {{u0, u1, u2, u3}, up_bias, up_step, up_from};
  each_gated<FORMAT>(out, {xq, xs, arrivals}, x0, x1, gate, up, routing, shares,
                     {activation, alpha, limit}, rows, cols, shared);
}
