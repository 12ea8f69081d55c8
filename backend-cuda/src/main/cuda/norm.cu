// RMS norm of each group of a row, with the residual addition before it and the quantization after:
//   s = a (+ b);   y = s / sqrt(mean(s^2) + eps) * gain
// and the layer norm of each group,
//   y = (a - mean(a)) / sqrt(variance(a) + eps) * gain (+ bias)
// A block takes one group; which thread adds what depends on the group's width alone.
#include "solebox.cuh"

enum { HELD = 3 };  // pieces of 4 elements that a thread keeps in registers from sum to result

/* One group: where it begins in each operand; `sum` and `b` may be null. */
struct Group {
  const float* a;
  const float* b;
  float* sum;
  const float* gain;
  float* out;
  u8* xq;
  u8* xs;
  int size;
};

DEVICE f32x4 load_sum(const Group& g, int i) {
  f32x4 s = load_floats(g.a + i);
  return g.b ? s + load_floats(g.b + i) : s;
}
DEVICE f32x4 load_gain(const Group& g, int i) {
  return __builtin_bit_cast(f32x4, load_constant(g.gain + i));
}
DEVICE float add_squares(f32x4 s, float squares) {
  UNROLL for (int j = 0; j < 4; j++) { squares = fma(s[j], s[j], squares); }
  return squares;
}

/* All lanes of a warp call, for they quantize together; elements from `i` on, if `inside`. */
DEVICE void finish(const Group& g, int i, bool inside, f32x4 s, f32x4 gain, float scale) {
  f32x4 y = s * scale * gain;
  if (inside && g.sum) { store_floats(g.sum + i, s); }
  if (inside && g.out) { store_floats(g.out + i, y); }
  if (g.xq) { quantize_block(inside, y, g.xq + i, g.xs + i / Q8 * 8); }
}

DEVICE float scale_of(float squares, int size, float eps, float* scratch) {
  return 1 / __nvvm_sqrt_rn_f(block_sum(squares, scratch) / (float)size + eps);
}

/* Groups whose parts of 4 are aligned. Gains are no kernel's result, so they may come early. */
DEVICE void norm(const Group& g, float eps, float* scratch) {
  f32x4 gain[HELD], s[HELD];
  UNROLL for (int j = 0; j < HELD; j++) {
    int i = 4 * (THREAD + j * THREADS);
    gain[j] = f32x4{0, 0, 0, 0};
    if (i < g.size) { gain[j] = load_gain(g, i); }
  }
  await_inputs();
  UNROLL for (int j = 0; j < HELD; j++) {
    int i = 4 * (THREAD + j * THREADS);
    s[j] = f32x4{0, 0, 0, 0};
    if (i < g.size) { s[j] = load_sum(g, i); }
  }
  int behind = 4 * HELD * THREADS;  // what no thread holds, in very wide groups
  float squares = 0;
  UNROLL for (int j = 0; j < HELD; j++) { squares = add_squares(s[j], squares); }
  for (int i = behind + 4 * THREAD; i < g.size; i += 4 * THREADS) {
    squares = add_squares(load_sum(g, i), squares);
  }
  float scale = scale_of(squares, g.size, eps, scratch);
  UNROLL for (int j = 0; j < HELD; j++) {
    int i = 4 * (THREAD + j * THREADS);
    if (i - 4 * LANE < g.size) { finish(g, i, i < g.size, s[j], gain[j], scale); }
  }
  for (int i0 = behind + 4 * (THREAD & ~31); i0 < g.size; i0 += 4 * THREADS) {
    int i = i0 + 4 * LANE;
    bool inside = i < g.size;
    f32x4 x = {0, 0, 0, 0}, w = x;
    if (inside) {
      x = load_sum(g, i);
      w = load_gain(g, i);
    }
    finish(g, i, inside, x, w, scale);
  }
}

/* Any group, element by element; such are never rounded to 8 bits. */
DEVICE void norm_elements(const Group& g, float eps, float* scratch) {
  await_inputs();
  float squares = 0;
  for (int i = THREAD; i < g.size; i += THREADS) {
    float s = g.b ? g.a[i] + g.b[i] : g.a[i];
    squares = fma(s, s, squares);
  }
  float scale = scale_of(squares, g.size, eps, scratch);
  for (int i = THREAD; i < g.size; i += THREADS) {
    float s = g.b ? g.a[i] + g.b[i] : g.a[i];
    if (g.sum) { g.sum[i] = s; }
    g.out[i] = s * scale * g.gain[i];
  }
}

KERNEL(1024, 1)
rmsnorm(float* out, u8* xq, u8* xs, float* sum, const float* a, const float* b, const float* gain,
        int width, int group, float eps) {
  SHARED float scratch[32];
  u64 at = (u64)BLOCK_X * width + (u64)BLOCK_Y * group;
  Group g = {a + at, b ? b + at : b, sum ? sum + at : sum, gain, out ? out + at : out,
             xq ? xq + at : xq, xs + at / Q8 * 8, group};
  if (width % 4 == 0 && group % 4 == 0) {
    norm(g, eps, scratch);
  } else {
    norm_elements(g, eps, scratch);
  }
}

/* Four elements of a row from `i` on, or zeros. */
DEVICE f32x4 load_some(const float* x, int i, int size, bool aligned) {
  if (aligned && i < size) { return load_floats(x + i); }
  f32x4 v = {0, 0, 0, 0};
  UNROLL for (int j = 0; j < 4; j++) {
    if (i + j < size) { v[j] = x[i + j]; }
  }
  return v;
}

/* The row is read three times, the second and third time from the first-level cache. */
KERNEL(1024, 1)
layernorm(float* out, u8* xq, u8* xs, const float* a, const float* gain, const float* bias, int width,
          int group, float eps) {
  SHARED float scratch[2][32];
  await_inputs();
  u64 at = (u64)BLOCK_X * width + (u64)BLOCK_Y * group;
  const float* x = a + at;
  bool aligned = width % 4 == 0 && group % 4 == 0;
  float sum = 0;
  for (int i = 4 * THREAD; i < group; i += 4 * THREADS) {
    f32x4 v = load_some(x, i, group, aligned);
    sum += (v.x + v.y) + (v.z + v.w);
  }
  float mean = block_sum(sum, scratch[0]) / (float)group;
  float squares = 0;
  for (int i = 4 * THREAD; i < group; i += 4 * THREADS) {
    f32x4 v = load_some(x, i, group, aligned);
    UNROLL for (int j = 0; j < 4; j++) {
      float d = i + j < group ? v[j] - mean : 0;
      squares = fma(d, d, squares);
    }
  }
  float scale = scale_of(squares, group, eps, scratch[1]);
  // Whole warps, for they quantize together.
  for (int i0 = 4 * (THREAD & ~31); i0 < group; i0 += 4 * THREADS) {
    int i = i0 + 4 * LANE;
    f32x4 v = load_some(x, i, group, aligned), y = {0, 0, 0, 0};
    UNROLL for (int j = 0; j < 4; j++) {
      if (i + j < group) {
        y[j] = (v[j] - mean) * scale * gain[i + j];
        if (bias) { y[j] += bias[i + j]; }
        if (out) { out[at + i + j] = y[j]; }
      }
    }
    if (xq) { quantize_block(i < group, y, xq + at + i, xs + (at + i) / Q8 * 8); }
  }
}
