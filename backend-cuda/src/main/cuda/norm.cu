// RMS norm of each group of a row, with the residual addition before it and the quantization after:
//   s = a (+ b);   y = s / sqrt(mean(s^2) + eps) * gain
// A block takes one group; which thread adds what depends on the group's width alone.
#include "solebox.cuh"

/* a + b of element i; written to `sum` by the thread that will read it again. */
DEVICE float element(const float* a, const float* b, int i) { return b ? a[i] + b[i] : a[i]; }

KERNEL(1024, 1)
rmsnorm(float* out, u8* xq, u8* xs, float* sum, const float* a, const float* b, const float* gain,
        int width, int group, float eps) {
  SHARED float scratch[32];
  await_inputs();
  u64 at = (u64)BLOCK_X * width + (u64)BLOCK_Y * group;
  a += at;
  b = b ? b + at : b;
  float squares = 0;
  for (int i = THREAD; i < group; i += THREADS) {
    float s = element(a, b, i);
    squares = fma(s, s, squares);
  }
  float scale = 1 / __nvvm_sqrt_rn_f(block_sum(squares, scratch) / (float)group + eps);
  if (!xq) {
    for (int i = THREAD; i < group; i += THREADS) {
      float s = element(a, b, i);
      if (sum) { sum[at + i] = s; }
      out[at + i] = s * scale * gain[i];
    }
    return;
  }
  // Whole warps: a block of 32 is quantized by 8 lanes, 4 elements each.
  for (int i0 = 4 * (THREAD & ~31); i0 < group; i0 += 4 * THREADS) {
    int i = i0 + 4 * LANE;
    f32x4 y = {0, 0, 0, 0};
    if (i < group) {
      f32x4 s = load_floats(a + i);
      if (b) { s += load_floats(b + i); }
      if (sum) { store_floats(sum + at + i, s); }
      y = s * scale * __builtin_bit_cast(f32x4, load_constant(gain + i));
      if (out) { store_floats(out + at + i, y); }
    }
    u64 to = at + i;
    quantize_block(i < group, y, xq + to, xs + to / Q8 * 8);
  }
}
